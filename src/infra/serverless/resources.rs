//! The user's own `resources`: CloudFormation in one or several parts, laid over what the framework makes.

use super::output::Output;
use super::resolver::Resolver;
use super::template::Draft;
use crate::model::CodeSource;
use crate::source::ProblemKind;
use crate::syntax::{Entry, Node, Value};

/// Sections of a template that evaluation needs beside the resources.
#[derive(Debug, Default)]
pub(super) struct Sections {
    /// `Parameters`, `Mappings`, `Conditions`, `Transform`, as they are written.
    pub(super) entries: Vec<Entry>,
    /// What stands in the user's resources beside type, properties and condition, by logical id.
    pub(super) beside: Vec<(String, Vec<Entry>)>,
}

/// Lays `resources` over the template; its extensions are applied last.
pub(super) fn merge(out: &mut Output<'_>, resolver: &mut Resolver<'_>) -> Sections {
    let mut sections = Sections::default();
    let mut extensions = Vec::new();
    let Some(resources) = resolver.at("resources") else {
        return sections;
    };
    for part in resources.items_or_self() {
        if let Some(unknown) = part.as_unknown() {
            let message = format!("resources of this service were not read: {unknown}");
            resolver.complain(part.span, ProblemKind::Parse, message);
        }
        for entry in part.entries() {
            match &*entry.key {
                "Resources" => own_resources(out, resolver, &entry.value, &mut sections),
                "extensions" => extensions.extend(entry.value.entries().iter().cloned()),
                "Outputs" | "Description" => {}
                _ => section(&mut sections, entry),
            }
        }
    }
    for extension in extensions {
        extend(out, &extension);
    }
    sections
}

fn section(sections: &mut Sections, entry: &Entry) {
    match sections.entries.iter_mut().find(|known| known.key == entry.key) {
        Some(known) => known.value = deep_merged(&known.value, &entry.value, 0),
        None => sections.entries.push(entry.clone()),
    }
}

fn own_resources(out: &mut Output<'_>, resolver: &mut Resolver<'_>, resources: &Node, sections: &mut Sections) {
    // A list of maps is what `- ${file(…)}` under `Resources` gives; the framework merges their keys alike.
    for map in resources.items_or_self() {
        if let Some(unknown) = map.as_unknown() {
            let message = format!("resources of this service were not read: {unknown}");
            resolver.complain(map.span, ProblemKind::Parse, message);
        }
        for entry in map.entries() {
            if entry.value.is_absent() {
                continue;
            }
            if let Some(unknown) = entry.value.as_unknown() {
                let message = format!("resource {} was not read: {unknown}", entry.key);
                resolver.complain(entry.key_span, ProblemKind::Parse, message);
                continue;
            }
            lay(out, entry);
            let known = |entry: &&Entry| !matches!(&*entry.key, "Type" | "Properties" | "Condition");
            let rest: Vec<Entry> = entry.value.entries().iter().filter(known).cloned().collect();
            if !rest.is_empty() {
                sections.beside.push((entry.key.to_string(), rest));
            }
        }
    }
}

/// Adds a resource, or lays it over the one that the framework makes under the same id.
fn lay(out: &mut Output<'_>, entry: &Entry) {
    let empty = || Node::new(Value::Map(Vec::new()), entry.key_span);
    let properties = entry.value.get("Properties").filter(|node| !node.is_absent()).cloned();
    let kind = entry.value.get("Type").cloned();
    match out.template.get_mut(&entry.key) {
        Some(draft) => {
            if let Some(properties) = properties {
                draft.properties = deep_merged(&draft.properties, &properties, 0);
            }
            draft.kind = kind.unwrap_or_else(|| draft.kind.clone());
            draft.condition = entry.value.get("Condition").cloned().or(draft.condition.take());
        }
        None => out.template.put(Draft {
            id: entry.key.clone(),
            kind: kind.unwrap_or_else(|| Node::new(Value::Null, entry.key_span)),
            properties: properties.unwrap_or_else(empty),
            condition: entry.value.get("Condition").cloned(),
            owner: None,
            span: entry.key_span,
            code: CodeSource::None,
        }),
    }
}

/// An extension sets whole properties of a resource, where a resource under the same id would be merged into it.
fn extend(out: &mut Output<'_>, extension: &Entry) {
    let Some(draft) = out.template.get_mut(&extension.key) else {
        let message = format!("resources.extensions names {}, which this service does not make", extension.key);
        return out.problem(extension.key_span, ProblemKind::Parse, message);
    };
    for entry in extension.value.get("Properties").map(Node::entries).unwrap_or_default() {
        draft.properties.set(entry.key.clone(), entry.key_span, entry.value.clone());
    }
    if let Some(condition) = extension.value.get("Condition") {
        draft.condition = Some(condition.clone());
    }
}

/// Maps merged key by key and lists item by item, the second over the first, as the framework does.
fn deep_merged(first: &Node, second: &Node, depth: usize) -> Node {
    if depth > 64 {
        return second.clone();
    }
    match (&first.value, &second.value) {
        (Value::Map(_), Value::Map(entries)) if !is_function(second) => {
            let mut merged = first.clone();
            for entry in entries {
                let value = match first.get(&entry.key) {
                    Some(known) => deep_merged(known, &entry.value, depth + 1),
                    None => entry.value.clone(),
                };
                merged.set(entry.key.clone(), entry.key_span, value);
            }
            merged
        }
        (Value::List(known), Value::List(items)) => {
            let longer = known.len().max(items.len());
            let item = |index: usize| match (known.get(index), items.get(index)) {
                (Some(known), Some(item)) => Some(deep_merged(known, item, depth + 1)),
                (known, item) => item.or(known).cloned(),
            };
            Node::list((0..longer).filter_map(item).collect(), second.span)
        }
        _ => second.clone(),
    }
}

fn is_function(node: &Node) -> bool {
    matches!(node.entries(), [entry] if &*entry.key == "Ref" || entry.key.starts_with("Fn::"))
}
