//! CloudFormation and SAM templates: each that no other nests is a project, with all that it nests.

mod assets;
mod deployment;
mod document;
mod nested;
pub mod parameters;
mod recognise;
mod stacks;

use super::Context;
use super::cloudformation::Inputs;
use crate::model::{Project, Resource};
use crate::source::{Problem, ProblemKind, SourceFile};
use crate::syntax::Node;
use recognise::parse;
use stacks::Stacks;
use std::sync::Arc;

pub use assets::{Assets, Constructs};
pub use recognise::roots;

/// Reads a template and those that it nests from the repository; `None` where it cannot be parsed.
pub fn read(context: &Context<'_>, root: &str) -> (Option<Project>, Vec<Problem>) {
    let (inputs, mut problems) = deployment::inputs(context, root);
    let (opened, met) = open(context, root);
    problems.extend(met);
    let Some((file, node)) = opened else { return (None, problems) };
    let constructs = Constructs::default();
    let mut stacks = Stacks::new(context, None);
    let (format, region) = stacks.add(&file, &node, &inputs, &constructs);
    let (resources, met) = stacks.finish();
    problems.extend(met);
    (Some(Project::new(root.into(), format, resources, region)), problems)
}

/// One stack of a cloud assembly.
#[derive(Debug)]
pub struct Stack {
    /// Its template.
    pub path: String,
    /// What it is given.
    pub inputs: Inputs,
    /// Which construct made which resource.
    pub constructs: Constructs,
}

/// Reads the stacks of a cloud assembly as one project; no resources where no template could be read.
pub fn assemble(context: &Context<'_>, of: &[Stack], assets: &Assets) -> (Option<Vec<Resource>>, Vec<Problem>) {
    let mut stacks = Stacks::new(context, Some(assets));
    let mut problems = Vec::new();
    let mut is_read = false;
    for stack in of {
        let (opened, met) = open(context, &stack.path);
        problems.extend(met);
        if let Some((file, node)) = opened {
            is_read = true;
            stacks.add(&file, &node, &stack.inputs, &stack.constructs);
        }
    }
    let (resources, met) = stacks.finish();
    problems.extend(met);
    (is_read.then_some(resources), problems)
}

/// A template's file and what stands in it; `None` where it is no template.
fn open(context: &Context<'_>, path: &str) -> (Option<(Arc<SourceFile>, Node)>, Vec<Problem>) {
    let file = match context.sources.open(path) {
        Ok(file) => file,
        Err(error) => return (None, vec![Problem::of_file(ProblemKind::Io, &path.into(), error.to_string())]),
    };
    let (node, mut problems) = parse(&file);
    let Some(node) = node else { return (None, problems) };
    if node.entries().is_empty() {
        let message = "a template is a map with `Resources`; this file holds something else";
        problems.push(Problem::of_file(ProblemKind::Parse, &file.path, message));
        return (None, problems);
    }
    (Some((file, node)), problems)
}

#[cfg(test)]
mod tests;
