//! CloudFormation and SAM templates: each that no other nests is a project, with all that it nests.

mod deployment;
mod nested;
mod recognise;

use super::Context;
use super::cloudformation::{Inputs, Template, evaluate_with};
use super::{openapi, sam};
use crate::model::{Format, Project, Resource};
use crate::source::{Problem, ProblemKind};
use crate::syntax::Node;
use nested::Outputs;
use recognise::parse;
use std::sync::Arc;

pub use recognise::roots;

/// How many templates one root may bring in, itself included.
const MAX_TEMPLATES: usize = 200;

/// How deep templates may nest each other.
const MAX_NESTING: usize = 12;

/// Reads a template and those that it nests from the repository; `None` where it cannot be parsed.
pub fn read(context: &Context<'_>, root: &str) -> (Option<Project>, Vec<Problem>) {
    let path: Arc<str> = root.into();
    let file = match context.sources.open(root) {
        Ok(file) => file,
        Err(error) => return (None, vec![Problem::of_file(ProblemKind::Io, &path, error.to_string())]),
    };
    let (inputs, mut problems) = deployment::inputs(context, root);
    let (node, met) = parse(&file);
    problems.extend(met);
    let Some(node) = node else { return (None, problems) };
    if node.entries().is_empty() {
        let message = "a template is a map with `Resources`; this file holds something else";
        problems.push(Problem::of_file(ProblemKind::Parse, &path, message));
        return (None, problems);
    }
    let mut assembly = Assembly {
        context,
        templates: 0,
        spent: 0,
        open: Vec::new(),
        resources: Vec::new(),
        problems,
        outputs: Outputs::default(),
    };
    let template = evaluate_with(context, &file, &node, &inputs);
    let format = if template.is_sam() { Format::Sam } else { Format::CloudFormation };
    let region = template.region.clone();
    assembly.spent = template.spent;
    assembly.take(template, None);
    let resources = assembly.outputs.put_in(assembly.resources);
    // A template that is nested twice says twice what is wrong with it.
    assembly.problems.sort();
    assembly.problems.dedup();
    (Some(Project::new(path, format, resources, region)), assembly.problems)
}

/// The project that is being put together.
struct Assembly<'a> {
    context: &'a Context<'a>,
    templates: usize,
    /// What the templates so far have used of the budget that they share.
    spent: usize,
    /// Paths of the templates that nest each other down to here.
    open: Vec<Arc<str>>,
    resources: Vec<Resource>,
    problems: Vec<Problem>,
    outputs: Outputs,
}

impl Assembly<'_> {
    /// Adds a template's resources and then those of the templates that it nests; `parent` is what nests it.
    fn take(&mut self, mut template: Template, parent: Option<&Resource>) {
        self.templates += 1;
        self.open.push(template.path.clone());
        self.problems.append(&mut template.problems);
        for resource in template.resources.iter_mut() {
            if let Some(parent) = parent {
                resource.presence = parent.presence.and(&resource.presence);
                resource.calls = parent.calls.clone();
                resource.calls.push((parent.span, format!("nested by `{}`", parent.name)));
            }
        }
        let nested: Vec<(Resource, String)> = template
            .resources
            .iter()
            .filter_map(|resource| {
                let asset = template.attributes.get(&resource.id).and_then(nested::asset);
                Some((resource.clone(), nested::path(&template.path, resource, asset)?))
            })
            .collect();
        for resource in &template.resources {
            if let Some(text) = nested::climbs_out(&template.path, resource) {
                let place = self.context.sources.location(resource.span);
                let message = format!("{text} lies outside the repository and is not read");
                self.problems.push(Problem::at(ProblemKind::Io, &place, message));
            }
        }
        let lowered = self.lowered(&mut template);
        self.resources.extend(lowered);
        for (resource, path) in nested {
            self.nest(&resource, &path, &template.region);
        }
        self.open.pop();
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
        openapi::add_routes(&mut resources);
        resources
    }

    /// Reads the template that a resource nests.
    fn nest(&mut self, resource: &Resource, path: &str, region: &Node) {
        let sources = self.context.sources;
        let at = |kind, message: String| Problem::at(kind, &sources.location(resource.span), message);
        if self.open.iter().any(|open| &**open == path) {
            self.problems.push(at(ProblemKind::Parse, format!("the nested template {path} nests this one in turn")));
            return;
        }
        if self.templates >= MAX_TEMPLATES || self.open.len() >= MAX_NESTING {
            let message = format!(
                "{path} was not read: more than {MAX_TEMPLATES} templates, or nested deeper than {MAX_NESTING}"
            );
            self.problems.push(at(ProblemKind::Limit, message));
            return;
        }
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
        let given = resource.property("Parameters").map(Node::entries).unwrap_or_default();
        let inputs = Inputs {
            prefix: format!("{}/", resource.id).into(),
            parameters: given.iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect(),
            region: Some(region.clone()),
            spent: self.spent,
            ..Inputs::default()
        };
        let template = evaluate_with(self.context, &file, &node, &inputs);
        self.spent = template.spent;
        self.outputs.add(&resource.id, &template.outputs);
        self.take(template, Some(resource));
    }
}

#[cfg(test)]
mod tests;
