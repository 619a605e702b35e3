//! Nested stacks: where their templates lie, and what their outputs come to in the parent.

use crate::infra::cloudformation::{beside, placed};
use crate::model::Resource;
use crate::source::Span;
use crate::syntax::{Entry, Node, Part, UnknownKind, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How often an output may name another stack's output in turn.
const MAX_CHAIN: usize = 16;

/// How many values outputs may bring into one project.
const MAX_BROUGHT: usize = 1_000_000;

/// The file that the cloud development kit leaves in a nested stack's metadata.
pub(super) fn asset(attributes: &Node) -> Option<&Node> {
    attributes.get("Metadata")?.get("aws:asset:path")
}

/// The template in the repository that a resource nests; `None` where it nests none, or one that lies elsewhere.
pub(super) fn path(template: &str, resource: &Resource, asset: Option<&Node>) -> Option<String> {
    let property = property(&resource.kind)?;
    let location = asset.or_else(|| resource.property(property))?;
    beside(template, location.as_text()?)
}

/// The relative path of a nested template that leads above the repository's root.
pub(super) fn climbs_out<'a>(template: &str, resource: &'a Resource) -> Option<&'a str> {
    let text = resource.property(property(&resource.kind)?)?.as_text()?;
    let relative = text.starts_with("../") || text.starts_with("./");
    (relative && !text.contains("${") && beside(template, text).is_none()).then_some(text)
}

/// Where a resource says that its nested template lies elsewhere, and what to do about it.
pub(super) fn elsewhere(resource: &Resource) -> Option<(Span, String)> {
    let name = &resource.name;
    let Some(location) = resource.property(property(&resource.kind)?) else {
        let body = resource.property("TemplateBody")?;
        let message = format!("the template that `{name}` holds as text is not read: put it in a file of its own");
        return Some((body.span, message));
    };
    let application = location.get("ApplicationId").filter(|_| matches!(location.value, Value::Map(_)));
    let message = match (application, location.as_text()) {
        (Some(id), _) => format!("the application {id} that `{name}` deploys lies in a catalogue and is not read"),
        (None, Some(text)) => format!(
            "the template {text} that `{name}` nests does not lie in the repository and is not read: name its file, as \
             before `aws cloudformation package`, or scan it by itself"
        ),
        (None, None) => format!(
            "where the template that `{name}` nests lies is not known ({location}), and it is not read: give the value \
             with --parameter, or scan it by itself"
        ),
    };
    Some((location.span, message))
}

/// The property that names the nested template, for the types that nest one.
pub(super) fn property(kind: &str) -> Option<&'static str> {
    match kind {
        "AWS::CloudFormation::Stack" | STACK_SET => Some("TemplateURL"),
        "AWS::Serverless::Application" => Some("Location"),
        _ => None,
    }
}

/// A template that is deployed once for each account and region of its groups.
pub(super) const STACK_SET: &str = "AWS::CloudFormation::StackSet";

/// The most regions that a set's template is read for; AWS has fewer in a partition.
const MAX_REGIONS: usize = 64;

/// The regions that a stack set is deployed to, each once; one that is not known where the template does not say.
pub(super) fn regions(set: &Resource) -> Vec<Node> {
    let groups = set.property("StackInstancesGroup").map(Node::items).unwrap_or_default();
    let mut regions: Vec<Node> = Vec::new();
    for region in groups.iter().filter_map(|group| group.get("Regions")).flat_map(Node::items_or_self) {
        let is_new = !regions.iter().any(|known| known.value == region.value);
        if is_new && regions.len() < MAX_REGIONS {
            regions.push(region.clone());
        }
    }
    if regions.is_empty() {
        regions.push(Node::unknown(UnknownKind::Parameter, "the region of the stack set", set.span));
    }
    regions
}

/// What a resource hands to the template that it nests: a map, or a stack set's list of keys and values.
pub(super) fn given(resource: &Resource) -> BTreeMap<Arc<str>, Node> {
    let Some(parameters) = resource.property("Parameters") else { return BTreeMap::new() };
    let of_list = parameters.items().iter().filter_map(|item| {
        Some((Arc::from(item.get("ParameterKey")?.as_text()?), item.get("ParameterValue")?.clone()))
    });
    let of_map = parameters.entries().iter().map(|entry| (entry.key.clone(), entry.value.clone()));
    of_map.chain(of_list).collect()
}

/// The outputs of all nested stacks of a project, and what its stacks export.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    by_stack: HashMap<Arc<str>, HashMap<Arc<str>, Node>>,
    exports: HashMap<Arc<str>, Node>,
    brought: usize,
}

impl Outputs {
    /// Adds a stack's outputs as its template evaluates them.
    pub(super) fn add(&mut self, stack: &Arc<str>, outputs: &Node) {
        let value = |entry: &Entry| Some((entry.key.clone(), entry.value.get("Value")?.clone()));
        self.by_stack.insert(stack.clone(), outputs.entries().iter().filter_map(value).collect());
    }

    /// Adds what a stack's outputs export, for the other stacks of the project.
    pub(super) fn add_exports(&mut self, outputs: &Node) {
        for output in outputs.entries() {
            let name = output.value.at("Export.Name").and_then(Node::as_text);
            if let (Some(name), Some(value)) = (name, output.value.get("Value")) {
                self.exports.insert(name.into(), value.clone());
            }
        }
    }

    /// The resources with outputs in the place of the references to them.
    pub(super) fn put_in(mut self, mut resources: Vec<Resource>) -> Vec<Resource> {
        if !self.by_stack.is_empty() || !self.exports.is_empty() {
            for resource in &mut resources {
                self.replace(&mut resource.properties, 0);
            }
        }
        resources
    }

    fn replace(&mut self, node: &mut Node, chain: usize) {
        match &mut node.value {
            Value::List(items) => items.iter_mut().for_each(|item| self.replace(item, chain)),
            Value::Map(entries) => entries.iter_mut().for_each(|entry| self.replace(&mut entry.value, chain)),
            Value::Either { then, otherwise, .. } => {
                self.replace(then, chain);
                self.replace(otherwise, chain);
            }
            Value::Unknown(unknown) if unknown.kind == UnknownKind::Import => {
                if let Some(value) = self.exports.get(&unknown.what) {
                    let mut value = placed(value, node.span);
                    self.follow(&mut value, chain);
                    *node = value;
                }
            }
            Value::Template(parts) => {
                if let [part] = parts.as_slice() {
                    if let Some(mut value) = self.output(part) {
                        value = placed(&value, node.span);
                        self.follow(&mut value, chain);
                        *node = value;
                    }
                } else if parts.iter().any(|part| self.output(part).is_some()) {
                    let parts = std::mem::take(parts);
                    let brought = parts.into_iter().flat_map(|part| match self.output(&part) {
                        None => vec![part],
                        Some(value) => {
                            let mut value = placed(&value, node.span);
                            self.follow(&mut value, chain);
                            value.parts().unwrap_or_else(|| vec![part])
                        }
                    });
                    *node = Node::template(brought.collect(), node.span);
                }
            }
            _ => {}
        }
    }

    /// Goes on in a value that was brought in, within bounds.
    fn follow(&mut self, value: &mut Node, chain: usize) {
        value.visit(&mut |_| self.brought += 1);
        if chain >= MAX_CHAIN || self.brought > MAX_BROUGHT {
            *value = Node::unknown(UnknownKind::Limit, "an output of a nested stack", value.span);
        } else {
            self.replace(value, chain + 1);
        }
    }

    fn output(&self, part: &Part) -> Option<Node> {
        let reference = match part {
            Part::Reference(reference) => reference,
            Part::Unknown(unknown) if unknown.kind == UnknownKind::Import => {
                return self.exports.get(&unknown.what).cloned();
            }
            _ => return None,
        };
        let name = reference.attribute.strip_prefix("Outputs.")?;
        self.by_stack.get(&reference.resource)?.get(name).cloned()
    }
}
