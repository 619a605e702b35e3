//! The files of an assembly: its manifest, the list of assets, the metadata of constructs.

use crate::infra::Context;
use crate::infra::template::{Assets, Constructs};
use crate::source::{FileId, Problem, ProblemKind, Span, normalize};
use crate::syntax::{Node, json};
use memchr::memmem;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a manifest says.
#[derive(Debug)]
pub(super) struct Manifest {
    /// The file.
    pub(super) file: FileId,
    /// The stacks, in the order of the manifest.
    pub(super) stacks: Vec<StackArtifact>,
    /// Paths of the lists of assets.
    pub(super) assets: Vec<String>,
    /// Paths of the manifests of nested assemblies.
    pub(super) nested: Vec<String>,
}

/// One stack of an assembly.
#[derive(Debug)]
pub(super) struct StackArtifact {
    /// The name it is deployed under.
    pub(super) name: String,
    /// Its template, relative to the repository's root.
    pub(super) template: String,
    /// The account, where the environment says.
    pub(super) account: Option<String>,
    /// The region, where the environment says.
    pub(super) region: Option<String>,
    /// Values of parameters.
    pub(super) parameters: BTreeMap<Arc<str>, Node>,
    /// What is said of its constructs.
    pub(super) metadata: Vec<Metadata>,
    /// Where the manifest names it.
    pub(super) span: Span,
}

/// Metadata of constructs by path, in the manifest or in a file beside it.
#[derive(Debug)]
pub(super) enum Metadata {
    /// In the manifest.
    Here(Node),
    /// In this file.
    In(String),
}

/// Reads a manifest; `None` where the file is none of an assembly.
pub(super) fn read(context: &Context<'_>, path: &str) -> Option<(Manifest, Vec<Problem>)> {
    let file = context.sources.open(path).ok()?;
    let has = |needle: &str| memmem::find(file.text.as_bytes(), needle.as_bytes()).is_some();
    if !has("\"artifacts\"") || !(has(STACK) || has(ASSEMBLY)) {
        return None;
    }
    let (node, problems) = json::parse(&file);
    let node = node?;
    let folder = path.rfind('/').map_or("", |slash| &path[..=slash]);
    let inside = |name: &Node| normalize(&format!("{folder}{}", name.as_text()?));
    let mut manifest = Manifest { file: file.id, stacks: Vec::new(), assets: Vec::new(), nested: Vec::new() };
    for artifact in node.get("artifacts")?.entries() {
        let property = |key: &str| artifact.value.get("properties")?.get(key);
        match artifact.value.get("type").and_then(Node::as_text) {
            Some(STACK) => {
                let Some(template) = property("templateFile").and_then(inside) else { continue };
                let (account, region) = environment(artifact.value.get("environment"));
                let named = property("stackName").and_then(Node::as_text).unwrap_or(&artifact.key);
                let parameters = property("parameters").map(Node::entries).unwrap_or_default();
                let here = artifact.value.get("metadata").cloned().map(Metadata::Here);
                let beside = artifact.value.get("additionalMetadataFile").and_then(inside).map(Metadata::In);
                manifest.stacks.push(StackArtifact {
                    name: named.to_owned(),
                    template,
                    account,
                    region,
                    parameters: parameters.iter().map(|one| (one.key.clone(), one.value.clone())).collect(),
                    metadata: here.into_iter().chain(beside).collect(),
                    span: artifact.key_span,
                });
            }
            Some(ASSETS) => manifest.assets.extend(property("file").and_then(inside)),
            Some(ASSEMBLY) => {
                let nested = property("directoryName").and_then(inside);
                manifest.nested.extend(nested.map(|nested| format!("{nested}/manifest.json")));
            }
            _ => {}
        }
    }
    Some((manifest, problems))
}

const STACK: &str = "aws:cloudformation:stack";
const ASSETS: &str = "cdk:asset-manifest";
const ASSEMBLY: &str = "cdk:cloud-assembly";

/// Adds the files and folders of a list of assets, by the key under which they are put into a bucket.
pub(super) fn add_assets(context: &Context<'_>, folder: &str, path: &str, assets: &mut Assets) -> Vec<Problem> {
    let (node, problems) = match parsed(context, path) {
        Ok(parsed) => parsed,
        Err(problem) => return vec![problem],
    };
    for file in node.get("files").map(Node::entries).unwrap_or_default() {
        let Some(source) = file.value.at("source.path").and_then(Node::as_text) else { continue };
        let Some(source) = normalize(&format!("{folder}{source}")) else { continue };
        for destination in file.value.get("destinations").map(Node::entries).unwrap_or_default() {
            if let Some(key) = destination.value.get("objectKey").and_then(Node::as_text) {
                assets.add(key, &source);
            }
        }
    }
    problems
}

/// Adds the paths of constructs by the logical id of the resource that each of them made.
pub(super) fn add_constructs(context: &Context<'_>, metadata: &Metadata, constructs: &mut Constructs) -> Vec<Problem> {
    let (node, problems) = match metadata {
        Metadata::Here(node) => (node.clone(), Vec::new()),
        Metadata::In(path) => match parsed(context, path) {
            Ok(parsed) => parsed,
            Err(problem) => return vec![problem],
        },
    };
    for construct in node.entries() {
        for entry in construct.value.items() {
            if entry.get("type").and_then(Node::as_text) == Some("aws:cdk:logicalId")
                && let Some(id) = entry.get("data").and_then(Node::as_text)
            {
                constructs.add(id, construct.key.trim_start_matches('/'));
            }
        }
    }
    problems
}

fn parsed(context: &Context<'_>, path: &str) -> Result<(Node, Vec<Problem>), Problem> {
    let problem = |what: String| Problem::of_file(ProblemKind::Io, &path.into(), what);
    let file = context.sources.open(path).map_err(|error| problem(error.to_string()))?;
    let (node, problems) = json::parse(&file);
    let unread = || problems.first().cloned().unwrap_or_else(|| problem("cannot be read as JSON".to_owned()));
    let node = node.ok_or_else(unread)?;
    Ok((node, problems))
}

/// Account and region of `aws://account/region`, where they are known.
fn environment(node: Option<&Node>) -> (Option<String>, Option<String>) {
    let known = |text: &str| (!text.is_empty() && !text.starts_with("unknown-")).then(|| text.to_owned());
    let place = node.and_then(Node::as_text).and_then(|text| text.strip_prefix("aws://")?.split_once('/'));
    place.map_or((None, None), |(account, region)| (known(account), known(region)))
}
