//! The stacks of one project, put together: templates, those that they nest, and what they hand to each other.

use super::assets::{Assets, Constructs};
use super::document;
use super::nested::{self, Outputs};
use super::recognise::parse;
use crate::infra::cloudformation::{Inputs, Template, evaluate_with};
use crate::infra::{Context, openapi, sam};
use crate::model::{Format, Resource};
use crate::source::{Problem, ProblemKind, SourceFile, Span};
use crate::syntax::{Node, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many nested templates one project may bring in.
const MAX_NESTED: usize = 200;

/// How deep templates may nest each other.
const MAX_NESTING: usize = 12;

/// The project that is being put together.
pub(super) struct Stacks<'a> {
    context: &'a Context<'a>,
    assets: Option<&'a Assets>,
    nested: usize,
    /// What the templates so far have used of the budget that they share.
    spent: usize,
    /// Paths of the templates that nest each other down to here.
    open: Vec<Arc<str>>,
    resources: Vec<Resource>,
    problems: Vec<Problem>,
    outputs: Outputs,
}

/// What holds for a stack and all that it nests.
struct Deployed<'a> {
    constructs: &'a Constructs,
    /// Account and region are the same in every nested stack.
    pseudo: BTreeMap<Arc<str>, Node>,
    region: Node,
    /// Whether a stack set deploys it, to a region of its own.
    is_set: bool,
}

impl<'a> Stacks<'a> {
    /// No stack yet; the assets are those of a cloud assembly.
    pub(super) fn new(context: &'a Context<'a>, assets: Option<&'a Assets>) -> Self {
        Self {
            context,
            assets,
            nested: 0,
            spent: 0,
            open: Vec::new(),
            resources: Vec::new(),
            problems: Vec::new(),
            outputs: Outputs::default(),
        }
    }

    /// Adds a template that is deployed by itself, with what it nests; its format and region.
    pub(super) fn add(
        &mut self,
        file: &SourceFile,
        node: &Node,
        inputs: &Inputs,
        constructs: &Constructs,
    ) -> (Format, Node) {
        let inputs = Inputs { spent: self.spent, ..inputs.clone() };
        let template = evaluate_with(self.context, file, node, &inputs);
        self.spent = template.spent;
        let format = if template.is_sam() { Format::Sam } else { Format::CloudFormation };
        let region = template.region.clone();
        self.outputs.add_exports(&template.outputs);
        let mut pseudo = inputs.pseudo;
        pseudo.retain(|name, _| &**name != "AWS::StackName");
        self.take(template, None, &Deployed { constructs, pseudo, region: region.clone(), is_set: false });
        (format, region)
    }

    /// The resources of all stacks, and what was met.
    pub(super) fn finish(mut self) -> (Vec<Resource>, Vec<Problem>) {
        // A template that is nested twice says twice what is wrong with it.
        self.problems.sort();
        self.problems.dedup();
        (self.outputs.put_in(self.resources), self.problems)
    }

    /// Adds a template's resources and then those of the templates that it nests; `parent` is what nests it.
    fn take(&mut self, mut template: Template, parent: Option<&Resource>, deployed: &Deployed<'_>) {
        self.open.push(template.path.clone());
        self.problems.append(&mut template.problems);
        self.complete(&mut template, parent, deployed);
        let nested: Vec<(Resource, String)> = template
            .resources
            .iter()
            .filter_map(|resource| Some((resource.clone(), self.nested_path(&template, resource)?)))
            .collect();
        for resource in &template.resources {
            if let Some(text) = nested::climbs_out(&template.path, resource) {
                let place = self.context.sources.location(resource.span);
                let message = format!("{text} lies outside the repository and is not read");
                self.problems.push(Problem::at(ProblemKind::Io, &place, message));
            } else if let Some((span, message)) = self.unread(&template, resource) {
                let place = self.context.sources.location(span);
                self.problems.push(Problem::at(ProblemKind::Coverage, &place, message));
            }
        }
        let lowered = self.lowered(&mut template);
        self.resources.extend(lowered);
        for (resource, path) in nested {
            self.nest(&resource, &path, deployed);
        }
        self.open.pop();
    }

    /// Puts in what a template's resources do not say themselves: what nests them, the construct that made them, the
    /// place of their code, the region where not all stacks share one.
    fn complete(&self, template: &mut Template, parent: Option<&Resource>, deployed: &Deployed<'_>) {
        for resource in &mut template.resources {
            if let Some(parent) = parent {
                resource.presence = parent.presence.and(&resource.presence);
                resource.calls = parent.calls.clone();
                resource.calls.push((parent.span, format!("nested by `{}`", parent.name)));
            }
            let attributes = template.attributes.get(&resource.id);
            resource.attributes = attributes.map(kept);
            if self.assets.is_some() || deployed.is_set {
                resource.region = Some(deployed.region.clone());
            }
            let Some(assets) = self.assets else { continue };
            let above = parent.and_then(|parent| parent.construct.as_deref());
            resource.construct = deployed.constructs.of(&resource.name, attributes, above);
            if let Some(code) = assets.code(resource) {
                resource.code = code;
            }
        }
    }

    /// The template in the repository that a resource nests.
    fn nested_path(&self, template: &Template, resource: &Resource) -> Option<String> {
        let written = template.attributes.get(&resource.id).and_then(nested::asset);
        let path = nested::path(&template.path, resource, written);
        let location = || resource.property(nested::property(&resource.kind)?);
        path.or_else(|| Some(self.assets?.path(location()?)?.to_string()))
    }

    /// The place and the words for a nested template that does not lie in the repository.
    fn unread(&self, template: &Template, resource: &Resource) -> Option<(Span, String)> {
        if self.nested_path(template, resource).is_some() {
            return None;
        }
        nested::elsewhere(resource)
    }

    /// The template's resources as CloudFormation would get them, with the routes of its APIs.
    fn lowered(&mut self, template: &mut Template) -> Vec<Resource> {
        let mut resources = std::mem::take(&mut template.resources);
        if template.is_sam() || resources.iter().any(|resource| resource.kind.starts_with("AWS::Serverless::")) {
            let input = sam::Input {
                context: self.context,
                folder: template.path.rfind('/').map_or("", |slash| &template.path[..slash]),
                prefix: &template.prefix,
                region: &template.region,
                resources,
                attributes: &template.attributes,
                globals: template.globals.as_ref(),
            };
            let (lowered, mut problems) = sam::transform(input);
            self.problems.append(&mut problems);
            resources = lowered;
        }
        self.problems.append(&mut document::read(self.context, &template.path, &mut resources));
        self.problems.append(&mut openapi::add_records(self.context, &mut resources));
        resources
    }

    /// Reads the template that a resource nests.
    fn nest(&mut self, resource: &Resource, path: &str, deployed: &Deployed<'_>) {
        let sources = self.context.sources;
        let at = |kind, message: String| Problem::at(kind, &sources.location(resource.span), message);
        if self.open.iter().any(|open| &**open == path) {
            self.problems.push(at(ProblemKind::Parse, format!("the nested template {path} nests this one in turn")));
            return;
        }
        if self.nested >= MAX_NESTED || self.open.len() >= MAX_NESTING {
            let message =
                format!("{path} was not read: more than {MAX_NESTED} templates, or nested deeper than {MAX_NESTING}");
            self.problems.push(at(ProblemKind::Limit, message));
            return;
        }
        self.nested += 1;
        let file = match sources.open(path) {
            Ok(file) => file,
            Err(error) => {
                self.problems.push(at(ProblemKind::Io, format!("the nested template {path} {error}")));
                return;
            }
        };
        let (node, met) = parse(&file);
        self.problems.extend(met);
        let Some(node) = node else { return };
        if &*resource.kind != nested::STACK_SET {
            self.nest_once(resource, (&file, &node), format!("{}/", resource.id), deployed);
            return;
        }
        let regions = nested::regions(resource);
        let is_single = regions.len() == 1;
        for region in regions {
            let prefix = if is_single { format!("{}/", resource.id) } else { format!("{}/{region}/", resource.id) };
            let mut pseudo = deployed.pseudo.clone();
            pseudo.remove("AWS::AccountId");
            pseudo.insert("AWS::Region".into(), region.clone());
            let of_set = Deployed { constructs: deployed.constructs, pseudo, region, is_set: true };
            self.nest_once(resource, (&file, &node), prefix, &of_set);
        }
    }

    /// Adds one deployment of a nested template.
    fn nest_once(
        &mut self,
        resource: &Resource,
        (file, node): (&SourceFile, &Node),
        prefix: String,
        deployed: &Deployed<'_>,
    ) {
        let inputs = Inputs {
            prefix: prefix.into(),
            nested: true,
            parameters: nested::given(resource),
            region: Some(deployed.region.clone()),
            pseudo: deployed.pseudo.clone(),
            spent: self.spent,
            ..Inputs::default()
        };
        let template = evaluate_with(self.context, file, node, &inputs);
        self.spent = template.spent;
        self.outputs.add(&resource.id, &template.outputs);
        self.outputs.add_exports(&template.outputs);
        self.take(template, Some(resource), deployed);
    }
}

/// What of a resource's own attributes the provider keeps to: what becomes of it, what it waits for, what is noted of it.
fn kept(attributes: &Node) -> Node {
    const KEPT: &[&str] =
        &["CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "UpdatePolicy", "UpdateReplacePolicy"];
    let entries = attributes.entries().iter().filter(|entry| KEPT.contains(&&*entry.key)).cloned();
    Node::new(Value::Map(entries.collect()), attributes.span)
}
