//! Which files are templates, by their content, and which of them no other nests.

use super::nested;
use crate::infra::Context;
use crate::infra::cloudformation::beside;
use crate::source::{OpenError, Problem, SourceFile};
use crate::syntax::{Node, json, yaml};
use memchr::memmem;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Files above this size are no templates: the provider takes one megabyte (CloudFormation quotas).
const MAX_BYTES: u64 = 16_000_000;

/// A file that is a template, and the templates that it nests.
struct Candidate {
    path: String,
    nests: Vec<String>,
}

/// The templates among the walked files that no other nests, in order.
pub fn roots(context: &Context<'_>) -> Vec<String> {
    let walked = context.sources.walked_under("");
    let candidates: Vec<Candidate> = walked
        .par_iter()
        .filter(|(path, size)| *size <= MAX_BYTES && has_extension(path))
        .filter_map(|(path, _)| candidate(context, path))
        .collect();
    let nests: BTreeMap<&str, &[String]> =
        candidates.iter().map(|candidate| (candidate.path.as_str(), candidate.nests.as_slice())).collect();
    let nested: BTreeSet<&str> = nests.iter().flat_map(|(path, nests)| others(path, nests)).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut roots = Vec::new();
    let first = nests.keys().filter(|path| !nested.contains(**path));
    // Templates that nest each other in a circle have no root of their own; the first of them is taken for one.
    for path in first.chain(nests.keys()) {
        if seen.insert(path) {
            roots.push((*path).to_owned());
            let mut open: Vec<&str> = vec![path];
            while let Some(path) = open.pop() {
                let below = nests.get(path).map(|nests| others(path, nests)).into_iter().flatten();
                open.extend(below.filter(|path| seen.insert(path)));
            }
        }
    }
    roots.sort();
    roots
}

fn others<'a>(path: &'a str, nests: &'a [String]) -> impl Iterator<Item = &'a str> {
    nests.iter().map(String::as_str).filter(move |nested| *nested != path)
}

fn has_extension(path: &str) -> bool {
    matches!(path.rsplit_once('.'), Some((_, "yaml" | "yml" | "json" | "template")))
}

fn candidate(context: &Context<'_>, path: &str) -> Option<Candidate> {
    let file = match context.sources.open(path) {
        Ok(file) => file,
        // A template that cannot be decoded has to be said, and hardly anything else is written in UTF-16; other files
        // are not ours to judge.
        Err(OpenError::Text(reason)) if path.contains("template") || reason.contains("UTF-16") => {
            return Some(Candidate { path: path.to_owned(), nests: Vec::new() });
        }
        Err(_) => return None,
    };
    if !is_template(&file.text) || is_part_of_serverless(&file.text) {
        return None;
    }
    let text = file.text.as_bytes();
    let is_nesting = memmem::find(text, b"AWS::CloudFormation::Stack").is_some()
        || memmem::find(text, b"AWS::Serverless::Application").is_some()
        || memmem::find(text, b"AWS::CloudFormation::StackSet").is_some()
        || memmem::find(text, b"AWS::Include").is_some();
    let nests = if is_nesting { parse(&file).0.map(|node| nests(path, &node)).unwrap_or_default() } else { Vec::new() };
    Some(Candidate { path: path.to_owned(), nests })
}

/// Parses a template, JSON or YAML by its content; CloudFormation does not look at the name.
pub(super) fn parse(file: &SourceFile) -> (Option<Node>, Vec<Problem>) {
    if !file.text.trim_start().starts_with('{') {
        return yaml::parse(file);
    }
    let (node, problems) = json::parse(file);
    if node.is_none() && !file.path.ends_with(".json") {
        // A map in braces is YAML as well, with its remarks and bare words.
        let (node, problems) = yaml::parse(file);
        if node.is_some() {
            return (node, problems);
        }
    }
    (node, problems)
}

/// The templates of the repository that a template nests or includes, by literal paths.
fn nests(path: &str, template: &Node) -> Vec<String> {
    let resources = template.get("Resources").map(Node::entries).unwrap_or_default();
    let nested = |resource: &Node| {
        let property = nested::property(resource.get("Type")?.as_text()?)?;
        let location = nested::asset(resource).or_else(|| resource.get("Properties")?.get(property))?;
        beside(path, location.as_text()?)
    };
    let mut nests: Vec<String> = resources.iter().filter_map(|entry| nested(&entry.value)).collect();
    template.visit(&mut |node| {
        if node.get("Name").and_then(Node::as_text) == Some("AWS::Include") {
            nests.extend(node.at("Parameters.Location").and_then(Node::as_text).and_then(|text| beside(path, text)));
        }
    });
    nests
}

/// Whether a text is a CloudFormation template: `Resources` or the format's version at the top, and a resource type.
fn is_template(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has = |needle: &[u8]| memmem::find(bytes, needle).is_some();
    let has_version = has(b"AWSTemplateFormatVersion");
    if !has_version && !(has(b"Resources") && (has(b"AWS::") || has(b"Alexa::") || has(b"Custom::"))) {
        return false;
    }
    let is_top: fn(&str, &str) -> bool = if text.trim_start().starts_with('{') { is_json_key } else { is_yaml_key };
    is_top(text, "Resources") || (has_version && is_top(text, "AWSTemplateFormatVersion"))
}

/// Whether a key stands at the top of a YAML text, by its indentation.
fn is_yaml_key(text: &str, key: &str) -> bool {
    let is_content = |line: &&str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with(['#', '%']) && !line.starts_with("---")
    };
    let Some(first) = text.lines().find(is_content) else { return false };
    let indent = &first[..first.len() - first.trim_start_matches(' ').len()];
    memmem::find_iter(text.as_bytes(), key).any(|at| {
        let line = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let before = text[line..at].strip_prefix(indent);
        let after = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start_matches(' ');
        before.is_some_and(|before| matches!(before, "" | "\"" | "'")) && after.starts_with(':')
    })
}

/// Whether a key stands at the top of a JSON text; strings and nesting are skipped, nothing is built.
fn is_json_key(text: &str, key: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let start = at;
                while let Some(found) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
                    at += found + 1;
                    if bytes.get(at - 1) == Some(&b'"') {
                        break;
                    }
                    at += 1;
                }
                let end = at.saturating_sub(1).max(start);
                if depth == 1 && bytes.get(start..end) == Some(key.as_bytes()) {
                    let rest = text.get(at..).unwrap_or_default().trim_start();
                    if rest.starts_with(':') {
                        return true;
                    }
                }
            }
            _ => {}
        }
    }
    false
}

/// Whether a file without the format's version is a piece of a service of the Serverless Framework, by the variables in
/// it; a piece without any is known by the service that takes it in.
fn is_part_of_serverless(text: &str) -> bool {
    let has = |needle: &str| memmem::find(text.as_bytes(), needle.as_bytes()).is_some();
    !has("AWSTemplateFormatVersion") && ["${self:", "${opt:", "${sls:", "${file(", "${param:"].into_iter().any(has)
}
