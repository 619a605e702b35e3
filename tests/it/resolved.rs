//! Values of templates against moto's CloudFormation: our own templates on every run, published ones where
//! LEASTWISE_CLOUDFORMATION_TEMPLATES names a checkout of aws-cloudformation/aws-cloudformation-templates (what differs
//! there, or cannot be read, stands in tests/cloudformation-templates.tsv with the reason; state of 2025-10-08, 142ce6f).

use crate::files::{entries, root};
use crate::tools;
use leastwise::infra::cloudformation::{Inputs, evaluate_with};
use leastwise::infra::{self, Context, Options};
use leastwise::source::{ProblemKind, SourceFile, Sources, collect};
use leastwise::syntax::{Node, Part, Value, json, yaml};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// How many published templates are compared.
const COMPARED: usize = 200;

/// The first of them by the hash of this and their paths are compared.
const SEED: &str = "leastwise 2026-11";

#[test]
fn own_templates_come_to_what_moto_makes_of_them() {
    let Some(python) = tools::python() else { return };
    let folder = root().join("tests/cloudformation");
    let paths: Vec<String> = entries(&folder).iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let sources = Sources::new(&folder);
    let compared = compare(&python, &sources, &folder, &paths);
    assert_eq!(compared.differences, Vec::<String>::new());
    assert!(compared.templates == paths.len() && compared.values > 30, "{} values", compared.values);
}

#[test]
fn published_templates_are_read_and_come_to_what_moto_makes_of_them() {
    let Some(checkout) = std::env::var_os("LEASTWISE_CLOUDFORMATION_TEMPLATES") else {
        eprintln!("LEASTWISE_CLOUDFORMATION_TEMPLATES names no checkout: not compared");
        return;
    };
    let Some(python) = tools::python() else { return };
    let folder = Path::new(&checkout).canonicalize().unwrap();
    let (collected, _) = collect(&folder, std::slice::from_ref(&folder), &[]);
    let sources = collected.sources;
    let (projects, problems) = infra::read(&sources, &Options::default());
    let mut said: BTreeSet<String> = problems
        .iter()
        .filter(|problem| matches!(problem.kind, ProblemKind::Parse | ProblemKind::Io | ProblemKind::Limit))
        .map(|problem| format!("{}: {}", problem.path.as_deref().unwrap_or_default(), problem.message))
        .collect();
    let mut paths: Vec<String> = projects.iter().map(|project| project.path.to_string()).collect();
    assert!(paths.len() > 200, "only {} templates", paths.len());
    paths.sort_by_key(|path| Sha256::digest(format!("{SEED}{path}")).to_vec());
    let paths: Vec<String> =
        paths.iter().take(COMPARED).map(|path| folder.join(path).to_string_lossy().into_owned()).collect();
    let compared = compare(&python, &sources, &folder, &paths);
    said.extend(compared.differences);
    eprintln!("{} templates, {} values, {} without a value", compared.templates, compared.values, compared.open);
    let known = std::fs::read_to_string(root().join("tests/cloudformation-templates.tsv")).unwrap();
    let known: Vec<&str> = known.lines().filter_map(|line| line.split_once('\t')).map(|(what, _)| what).collect();
    let new: Vec<&String> = said.iter().filter(|line| !known.iter().any(|known| line.starts_with(known))).collect();
    assert!(new.is_empty(), "{} not listed:\n{new:#?}", new.len());
    let gone: Vec<&&str> = known.iter().filter(|known| !said.iter().any(|line| line.starts_with(**known))).collect();
    assert!(gone.is_empty(), "listed, and no difference any more: {gone:#?}");
}

/// What a comparison brought.
#[derive(Default)]
struct Compared {
    templates: usize,
    /// Scalars that are known on both sides.
    values: usize,
    /// Values that we or moto cannot know.
    open: usize,
    differences: Vec<String>,
}

fn compare(python: &Path, sources: &Sources, folder: &Path, paths: &[String]) -> Compared {
    let mut compared = Compared::default();
    let mut given: BTreeMap<&String, BTreeMap<String, String>> = BTreeMap::new();
    let mut parsed: BTreeMap<&String, (std::sync::Arc<SourceFile>, Node)> = BTreeMap::new();
    for path in paths {
        let relative = Path::new(path).strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        let file = sources.open(&relative).unwrap();
        let is_json = file.text.trim_start().starts_with('{');
        let (node, _) = if is_json { json::parse(&file) } else { yaml::parse(&file) };
        let Some(node) = node else { continue };
        given.insert(path, values_of(&node));
        parsed.insert(path, (file, node));
    }
    let output = Command::new(python)
        .arg(root().join("tests/tools/resolve.py"))
        .args(parsed.keys())
        .env("LEASTWISE_GIVEN", serde_json::to_string(&given).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs: BTreeMap<String, Json> = serde_json::from_slice(&output.stdout).unwrap();
    for (path, (file, node)) in &parsed {
        let name = file.path.to_string();
        let other = &theirs[*path];
        if let Some(error) = other["error"].as_str() {
            compared.differences.push(format!("{name}: moto: {error}"));
            continue;
        }
        compared.templates += 1;
        let ours = resolved(sources, file, node, &given[path]);
        let others = other["resources"].as_object().unwrap();
        for (id, resource) in &ours {
            match others.get(id) {
                Some(other) => {
                    differ(&mut compared, &format!("{name}: {id}"), resource, &other["Properties"]);
                }
                None => compared.differences.push(format!("{name}: {id} is not there for moto")),
            }
        }
        for id in others.keys().filter(|id| !ours.contains_key(*id)) {
            compared.differences.push(format!("{name}: {id} is there for moto only"));
        }
    }
    compared
}

/// A value for each parameter that has no default, so that every condition is decided on both sides.
fn values_of(template: &Node) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for parameter in template.get("Parameters").map(Node::entries).unwrap_or_default() {
        if parameter.value.get("Default").is_some_and(|default| default.as_text().is_some()) {
            continue;
        }
        let allowed = parameter.value.get("AllowedValues").and_then(|values| values.items().first());
        let kind = parameter.value.get("Type").and_then(Node::as_text).unwrap_or("String");
        let value = match allowed.and_then(Node::as_text) {
            Some(allowed) => allowed.to_owned(),
            None if kind.contains("Number") => "7".to_owned(),
            None if kind.contains("List") => "first,second".to_owned(),
            None => format!("given-{}", parameter.key),
        };
        values.insert(parameter.key.to_string(), value);
    }
    values
}

/// The properties of each resource that is there.
fn resolved(
    sources: &Sources,
    file: &SourceFile,
    node: &Node,
    given: &BTreeMap<String, String>,
) -> BTreeMap<String, Json> {
    let text = |text: &str| Node::string(text, node.span);
    let pseudo = [
        ("AWS::AccountId", "123456789012"),
        ("AWS::Region", "eu-west-1"),
        ("AWS::StackName", "stack"),
        ("AWS::StackId", "<<stack>>"),
    ];
    let inputs = Inputs {
        parameters: given.iter().map(|(key, value)| (key.as_str().into(), text(value))).collect(),
        pseudo: pseudo.map(|(name, value)| (name.into(), text(value))).into_iter().collect(),
        ..Inputs::default()
    };
    let options = Options::default();
    let template = evaluate_with(&Context { sources, options: &options }, file, node, &inputs);
    template.resources.iter().map(|resource| (resource.id.to_string(), shown(&resource.properties))).collect()
}

/// What is not known is `null`, since moto has none.
fn shown(node: &Node) -> Json {
    match &node.value {
        Value::Map(entries) => {
            let there = entries.iter().filter(|entry| !entry.value.is_absent());
            Json::Object(there.map(|entry| (entry.key.to_string(), shown(&entry.value))).collect())
        }
        Value::List(items) => items.iter().filter(|item| !item.is_absent()).map(shown).collect(),
        Value::Template(parts) => {
            let part = |part: &Part| match part {
                Part::Literal(text) => Some(text.to_string()),
                Part::Reference(reference) => Some(format!("<<{reference}>>")),
                Part::Unknown(_) => None,
            };
            parts.iter().map(part).collect::<Option<String>>().map_or(Json::Null, Json::String)
        }
        _ => node.as_text().map_or(Json::Null, |text| json!(text)),
    }
}

fn differ(compared: &mut Compared, path: &str, ours: &Json, theirs: &Json) {
    match (ours, theirs) {
        (Json::Null, _) => compared.open += 1,
        // A function that moto does not know stays as it is written.
        (_, Json::Object(map)) if map.keys().any(|key| key.starts_with("Fn::") || key == "<<error>>") => {
            compared.open += 1;
        }
        (_, Json::String(text)) if text.contains("<<ssm>>") => compared.open += 1,
        (Json::Object(own), Json::Object(others)) => {
            let keys: BTreeSet<&String> = own.keys().chain(others.keys()).collect();
            for key in keys {
                let at = format!("{path}.{key}");
                match (own.get(key), others.get(key)) {
                    (Some(own), Some(other)) => differ(compared, &at, own, other),
                    (Some(Json::Null), None) | (None, Some(Json::Null)) => {}
                    (Some(own), None) => compared.differences.push(format!("{at}: {own}, nothing for moto")),
                    (None, Some(other)) => compared.differences.push(format!("{at}: nothing, {other} for moto")),
                    (None, None) => {}
                }
            }
        }
        (Json::Array(own), Json::Array(others)) => {
            let others: Vec<&Json> = others.iter().filter(|other| !other.is_null()).collect();
            if own.len() != others.len() {
                let message = format!("{path}: {} items, {} for moto", own.len(), others.len());
                compared.differences.push(message);
                return;
            }
            for (index, (own, other)) in own.iter().zip(others).enumerate() {
                differ(compared, &format!("{path}.{index}"), own, other);
            }
        }
        _ if scalar(ours) == scalar(theirs) && scalar(ours).is_some() => compared.values += 1,
        _ => compared.differences.push(format!("{path}: {ours}, {theirs} for moto")),
    }
}

/// A scalar as the provider takes it: text, truth values without regard to case.
fn scalar(value: &Json) -> Option<String> {
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Bool(value) => value.to_string(),
        _ => return None,
    };
    // Text that is JSON is compared as such: moto writes it with spaces.
    if text.starts_with(['{', '['])
        && let Ok(inner) = serde_json::from_str::<Json>(&text)
    {
        return Some(inner.to_string());
    }
    let lower = text.to_ascii_lowercase();
    Some(if lower == "true" || lower == "false" { lower } else { text })
}
