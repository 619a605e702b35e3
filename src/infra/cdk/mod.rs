//! Cloud assemblies, which the cloud development kit writes: the stacks that a manifest names are one project.
//!
//! The manifest says where each stack is deployed and which template it has; the list of its assets says from which
//! folder or file what a template takes out of a bucket was published; metadata says by which construct a resource was
//! made (`aws-cdk-lib/cloud-assembly-schema`, 55.0.0, read 2026-11).

mod manifest;

use super::Context;
use super::cloudformation::Inputs;
use super::template::{Assets, Constructs, Stack, assemble};
use crate::model::{Format, Project};
use crate::source::{Problem, ProblemKind, Span};
use crate::syntax::{Node, UnknownKind};
use manifest::Manifest;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The manifests among the walked files that name stacks, in order; those of nested assemblies too, since a stage is
/// deployed by itself.
pub fn roots(context: &Context<'_>) -> Vec<String> {
    let all = assemblies(context);
    all.into_iter().filter(|(_, manifest)| !manifest.stacks.is_empty()).map(|(path, _)| path).collect()
}

/// The folders of all assemblies, each with a `/` at its end: what lies in them is theirs and no project of its own.
pub fn folders(context: &Context<'_>) -> BTreeSet<String> {
    assemblies(context).into_keys().map(|path| folder_of(&path).to_owned()).collect()
}

/// Whether a path lies in one of the folders.
pub fn holds(folders: &BTreeSet<String>, path: &str) -> bool {
    folders.contains("") || path.match_indices('/').any(|(slash, _)| folders.contains(&path[..=slash]))
}

/// Reads the stacks of an assembly; `None` where none of them can be read.
pub fn read(context: &Context<'_>, root: &str) -> (Option<Project>, Vec<Problem>) {
    let Some((manifest, mut problems)) = manifest::read(context, root) else {
        let message = "the manifest of the assembly cannot be read";
        return (None, vec![Problem::of_file(ProblemKind::Parse, &root.into(), message)]);
    };
    let mut assets = Assets::default();
    for list in &manifest.assets {
        problems.extend(manifest::add_assets(context, folder_of(root), list, &mut assets));
    }
    let is_single = manifest.stacks.len() == 1;
    let stacks = manifest.stacks.iter().map(|stack| {
        let mut constructs = Constructs::default();
        for metadata in &stack.metadata {
            problems.extend(manifest::add_constructs(context, metadata, &mut constructs));
        }
        let span = stack.span;
        let known = |text: &Option<String>| text.as_deref().map(|text| Node::string(text, span));
        let pseudo = [
            ("AWS::AccountId", known(&stack.account)),
            ("AWS::Region", known(&stack.region)),
            ("AWS::StackName", known(&Some(stack.name.clone()))),
        ];
        let pseudo = pseudo.into_iter().filter_map(|(name, value)| Some((name.into(), value?)));
        Stack {
            path: stack.template.clone(),
            inputs: Inputs {
                prefix: if is_single { "".into() } else { format!("{}/", stack.name).into() },
                parameters: stack.parameters.clone(),
                pseudo: pseudo.collect(),
                ..Inputs::default()
            },
            constructs,
        }
    });
    let stacks: Vec<Stack> = stacks.collect();
    let (resources, met) = assemble(context, &stacks, &assets);
    problems.extend(met);
    problems.sort();
    problems.dedup();
    let Some(resources) = resources else { return (None, problems) };
    let region = region(context, &manifest);
    (Some(Project::new(root.into(), Format::CloudFormation, resources, region)), problems)
}

/// The region that all stacks share; each resource has its own stack's.
fn region(context: &Context<'_>, manifest: &Manifest) -> Node {
    let span = manifest.stacks.first().map_or_else(|| Span::start_of(manifest.file), |stack| stack.span);
    let regions: BTreeSet<Option<&String>> = manifest.stacks.iter().map(|stack| stack.region.as_ref()).collect();
    match (regions.into_iter().collect::<Vec<_>>().as_slice(), &context.options.region) {
        ([Some(only)], _) => Node::string(only.as_str(), span),
        (_, Some(region)) => Node::string(region.clone(), span),
        _ => Node::unknown(UnknownKind::Parameter, "the region of the stacks", span),
    }
}

/// Every assembly among the walked files by its manifest's path. One that lies in another's folder counts only where
/// the other names it: what an asset holds is no assembly of this project.
fn assemblies(context: &Context<'_>) -> BTreeMap<String, Manifest> {
    let walked = context.sources.walked_under("");
    let is_manifest = |path: &str| path == "manifest.json" || path.ends_with("/manifest.json");
    let mut found: BTreeMap<String, Manifest> = walked
        .par_iter()
        .filter(|(path, _)| is_manifest(path))
        .filter_map(|(path, _)| Some((path.to_string(), manifest::read(context, path)?.0)))
        .collect();
    let named: BTreeSet<String> = found.values().flat_map(|manifest| manifest.nested.iter().cloned()).collect();
    let folders: Vec<String> = found.keys().map(|path| folder_of(path).to_owned()).collect();
    found.retain(|path, _| {
        let own = folder_of(path);
        named.contains(path) || !folders.iter().any(|folder| folder != own && own.starts_with(folder.as_str()))
    });
    found
}

/// The folder of a file with a `/` at its end; empty for the root.
fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

#[cfg(test)]
mod tests;
