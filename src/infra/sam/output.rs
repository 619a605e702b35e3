//! What the transform has made so far: resources in the order of the template, APIs under construction, renamed ids.

use super::input::Input;
use super::shape::{Object, present};
use crate::infra::Context;
use crate::model::{Presence, Resource};
use crate::source::{Problem, ProblemKind, Span};
use crate::syntax::{Node, Part, Reference, Unknown, UnknownKind, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// The construct of the template that resources are generated from.
#[derive(Clone)]
pub(super) struct Origin {
    /// Its place among the template's resources.
    pub(super) position: usize,
    /// Its id in the project.
    pub(super) id: Arc<str>,
    /// What the user calls it: its logical id.
    pub(super) name: Arc<str>,
    /// The line that causes what is generated.
    pub(super) span: Span,
    /// Whether it is there for certain.
    pub(super) presence: Presence,
}

impl Origin {
    /// The same construct, with the line that causes the next resource.
    pub(super) fn at(&self, span: Span) -> Self {
        Self { span, ..self.clone() }
    }
}

/// What of a SAM resource is lowered: its properties with the Globals merged in.
pub(super) struct Source {
    /// The construct.
    pub(super) origin: Origin,
    /// The resource as it was written, with merged properties.
    pub(super) resource: Resource,
}

impl Source {
    /// The properties.
    pub(super) fn properties(&self) -> &Node {
        &self.resource.properties
    }

    /// A property that is there.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        present(self.properties(), key)
    }
}

/// What is invoked by an event: a function, or its alias where it publishes one.
#[derive(Clone)]
pub(super) struct Target {
    /// Logical id.
    pub(super) id: Arc<str>,
    /// The attribute that is its ARN: `Arn`, or `""` where `Ref` gives it.
    pub(super) arn: &'static str,
    /// Whether it is a state machine.
    pub(super) machine: bool,
}

impl Target {
    /// The ARN.
    pub(super) fn arn(&self, span: Span) -> Node {
        Node::reference(self.id.clone(), self.arn, span)
    }

    /// What `Ref` gives: the function's name, the alias's ARN.
    pub(super) fn name(&self, span: Span) -> Node {
        Node::reference(self.id.clone(), "", span)
    }
}

/// A permission to be added to a function.
pub(super) struct Permission<'a> {
    /// Logical id.
    pub(super) id: String,
    /// Who may invoke.
    pub(super) principal: &'a str,
    /// What is invoked.
    pub(super) target: &'a Target,
    /// From where, and other conditions.
    pub(super) conditions: Object,
}

/// What the transform has made so far.
pub(super) struct Output<'a> {
    /// Files and options.
    pub(super) context: &'a Context<'a>,
    /// The folder of the template.
    pub(super) folder: &'a str,
    /// What stands before every id.
    pub(super) prefix: &'a str,
    region: Option<&'a str>,
    /// What a part of a construct is called, `Function.Alias`, and the resource that stands for it.
    pub(super) names: HashMap<String, Arc<str>>,
    /// Ids that changed.
    pub(super) renamed: HashMap<Arc<str>, Arc<str>>,
    /// What went wrong.
    pub(super) problems: Vec<Problem>,
    resources: Vec<(usize, Resource)>,
    index: HashMap<Arc<str>, usize>,
}

impl<'a> Output<'a> {
    /// Nothing yet.
    pub(super) fn new(input: &Input<'a>) -> Self {
        Self {
            context: input.context,
            folder: input.folder,
            prefix: input.prefix,
            region: input.region.as_text(),
            names: HashMap::new(),
            renamed: HashMap::new(),
            problems: Vec::new(),
            resources: Vec::new(),
            index: HashMap::new(),
        }
    }

    /// An id that SAM gives by itself, in this template.
    pub(super) fn own_id(&self, id: &str) -> String {
        format!("{}{id}", self.prefix)
    }

    /// Adds a finished resource at a place; a resource that has its id already gives way, as in CloudFormation's map.
    pub(super) fn add(&mut self, position: usize, resource: Resource) {
        match self.index.get(&resource.id) {
            Some(at) if self.resources[*at].1.kind == resource.kind => self.resources[*at].1 = resource,
            Some(_) => self.resources.push((position, resource)),
            None => {
                self.index.insert(resource.id.clone(), self.resources.len());
                self.resources.push((position, resource));
            }
        }
    }

    /// Adds a resource that the construct is turned into, under its own id.
    pub(super) fn lower(&mut self, source: &Source, kind: &str, properties: Node) {
        let mut resource = source.resource.clone();
        resource.kind = kind.into();
        resource.properties = properties;
        self.add(source.origin.position, resource);
    }

    /// Adds a resource that the user did not write.
    pub(super) fn generate(&mut self, origin: &Origin, kind: &str, id: impl Into<Arc<str>>, properties: Node) {
        let mut resource = Resource::new(kind, id, properties, origin.span);
        resource.name = origin.name.clone();
        resource.generated_from = Some(origin.name.clone());
        resource.presence = origin.presence.clone();
        self.add(origin.position, resource);
    }

    /// Adds a permission for an event source or the like.
    pub(super) fn permit(&mut self, origin: &Origin, permission: Permission<'_>) {
        let Permission { id, principal, target, conditions } = permission;
        let mut properties = Object::new(origin.span)
            .text("Action", "lambda:InvokeFunction")
            .put("FunctionName", target.name(origin.span))
            .text("Principal", principal)
            .node();
        for entry in conditions.node().entries() {
            properties.set(entry.key.clone(), entry.key_span, entry.value.clone());
        }
        self.generate(origin, "AWS::Lambda::Permission", id, properties);
    }

    /// The resource of an id, for changing it.
    pub(super) fn find_mut(&mut self, id: &str) -> Option<&mut Resource> {
        self.index.get(id).and_then(|at| self.resources.get_mut(*at)).map(|(_, resource)| resource)
    }

    /// The resource of an id.
    pub(super) fn find(&self, id: &str) -> Option<&Resource> {
        self.index.get(id).and_then(|at| self.resources.get(*at)).map(|(_, resource)| resource)
    }

    /// Notes that a template says what SAM does not accept.
    pub(super) fn refuse(&mut self, span: Span, message: impl Into<String>) {
        let location = self.context.sources.location(span);
        self.problems.push(Problem::at(ProblemKind::Parse, &location, message));
    }

    /// Whether a text stands literally where it is used: SAM takes a reference for no part of an id.
    pub(super) fn is_written(&self, node: &Node) -> bool {
        let Some(text) = node.as_text() else { return false };
        let file = self.context.sources.get(node.span.file);
        match file.text.get(node.span.range()) {
            Some(written) if !written.is_empty() => written.trim().trim_matches(['"', '\'']) == text,
            _ => true,
        }
    }

    /// The resources in the order of the template, references to renamed ids set right; and the problems. `calls` led
    /// to this template.
    pub(super) fn finish(mut self, calls: &[(Span, String)]) -> (Vec<Resource>, Vec<Problem>) {
        self.resources.sort_by_key(|(position, _)| *position);
        let mut resources: Vec<Resource> = self.resources.into_iter().map(|(_, resource)| resource).collect();
        for resource in &mut resources {
            resource.calls = calls.to_vec();
            settle(
                &mut resource.properties,
                &Known { names: &self.names, renamed: &self.renamed, region: self.region },
            );
        }
        (resources, self.problems)
    }
}

/// What references and pseudo parameters come to.
struct Known<'a> {
    names: &'a HashMap<String, Arc<str>>,
    renamed: &'a HashMap<Arc<str>, Arc<str>>,
    region: Option<&'a str>,
}

/// Rewrites references such as `Function.Alias` to the resources that stand for them, and the region where it is known.
fn settle(node: &mut Node, known: &Known<'_>) {
    let span = node.span;
    match &mut node.value {
        Value::Template(parts) => {
            let mut changed = false;
            for part in parts.iter_mut() {
                match part {
                    Part::Reference(reference) => resolve(reference, known),
                    Part::Unknown(Unknown { kind: UnknownKind::Pseudo, what }) if &**what == "AWS::Region" => {
                        if let Some(region) = known.region {
                            *part = Part::Literal(region.into());
                            changed = true;
                        }
                    }
                    _ => {}
                }
            }
            if changed {
                *node = Node::template(std::mem::take(parts), span);
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| settle(item, known)),
        Value::Map(entries) => entries.iter_mut().for_each(|entry| settle(&mut entry.value, known)),
        Value::Either { then, otherwise, .. } => {
            settle(then, known);
            settle(otherwise, known);
        }
        _ => {}
    }
}

fn resolve(reference: &mut Reference, known: &Known<'_>) {
    if let Some(id) = known.renamed.get(&reference.resource).or_else(|| known.names.get(&*reference.resource)) {
        reference.resource = id.clone();
        return;
    }
    let (part, rest) = reference.attribute.split_once('.').unwrap_or((&reference.attribute, ""));
    if let Some(id) = known.names.get(&format!("{}.{part}", reference.resource)) {
        let rest = rest.into();
        reference.resource = id.clone();
        reference.attribute = rest;
    }
}
