//! What puts entries into a map: `Fn::ForEach` of the language extensions, and `Fn::Transform` with `AWS::Include`.

use super::code::beside;
use super::evaluator::{Evaluator, LOOPED, NODE, weight};
use crate::source::{FileId, ProblemKind};
use crate::syntax::{Entry, Node, Unknown, UnknownKind, Value, json, yaml};
use std::collections::HashSet;
use std::sync::Arc;

/// The transform that brings a file in.
const INCLUDE: &str = "AWS::Include";

impl Evaluator<'_> {
    /// The entries of a section with loops and includes written out, not evaluated yet.
    pub(super) fn expanded(&mut self, section: &Node) -> Vec<Entry> {
        self.expanded_entries(section.entries())
    }

    /// Entries with loops and includes written out, not evaluated yet.
    pub(super) fn expanded_entries(&mut self, entries: &[Entry]) -> Vec<Entry> {
        let mut out = Vec::with_capacity(entries.len());
        if !self.enter() {
            return out;
        }
        for entry in entries {
            if entry.key.starts_with("Fn::ForEach::") {
                self.for_each(entry, &mut out);
            } else if &*entry.key == "Fn::Transform" {
                if let Ok(included) = self.include(&entry.value) {
                    out.extend(self.expanded_entries(included.entries()));
                }
            } else {
                out.push(entry.clone());
            }
        }
        self.leave();
        out
    }

    /// Writes out a loop: a name, a list of values, and entries in which `${Name}` stands for each value in turn.
    fn for_each(&mut self, entry: &Entry, out: &mut Vec<Entry>) {
        let [variable, values, body] = entry.value.items() else {
            let message = "a loop takes three things: the variable's name, the list of its values, and one entry";
            self.report(ProblemKind::Parse, entry.key_span, message);
            return;
        };
        let Some(variable) = variable.as_text() else { return };
        let values = self.value(values);
        let known: Option<Vec<&str>> = match &values.value {
            Value::List(items) => items.iter().map(Node::as_text).collect(),
            _ => None,
        };
        let Some(known) = known else {
            // The values cannot be known: one round stands for all.
            self.loops.insert(variable.into());
            let entries = self.expanded_entries(body.entries());
            out.extend(entries);
            return;
        };
        let size = weight(body) + body.entries().len() * LOOPED;
        for value in known {
            if !self.spend(size, entry.key_span) {
                return;
            }
            let body = substitute(body, variable, value);
            let entries = self.expanded_entries(body.entries());
            out.extend(entries);
        }
    }

    /// What `Fn::Transform` stands for: the content of a file of the repository. What is not read is a problem.
    pub(super) fn include(&mut self, transform: &Node) -> Result<Node, Unknown> {
        let included = self.content(transform);
        if let Err(unknown) = &included {
            let message = format!("Fn::Transform: {unknown}; what it adds was not judged");
            self.report(ProblemKind::Coverage, transform.span, message);
        }
        included
    }

    fn content(&mut self, transform: &Node) -> Result<Node, Unknown> {
        let name = transform.get("Name").and_then(Node::as_text).unwrap_or_default();
        if name != INCLUDE {
            return Err(Unknown::new(UnknownKind::Expression, format!("the macro {name}")));
        }
        let location = transform.at("Parameters.Location").map(|node| self.value(node));
        let shown = location.as_ref().map(Node::to_string).unwrap_or_default();
        let path = location.as_ref().and_then(Node::as_text).and_then(|text| beside(&self.file().path, text));
        let opened = path.map(|path| self.context.sources.open(&path));
        let file = match opened {
            Some(Ok(file)) => file,
            Some(Err(error)) => return Err(Unknown::new(UnknownKind::Other, format!("{shown} {error}"))),
            None => return Err(Unknown::new(UnknownKind::File, shown)),
        };
        if self.brings_in(file.id, transform.span.file) {
            return Err(Unknown::new(UnknownKind::Cycle, shown));
        }
        self.includes.insert((transform.span.file, file.id));
        if !self.spend(file.text.len().saturating_mul(NODE), transform.span) {
            return Err(Unknown::new(UnknownKind::Limit, shown));
        }
        let is_json = file.text.trim_start().starts_with('{');
        let (node, problems) = if is_json { json::parse(&file) } else { yaml::parse(&file) };
        self.report_all(problems);
        node.ok_or_else(|| Unknown::new(UnknownKind::File, shown))
    }

    /// Whether a file brings in another one, itself or by what it includes.
    fn brings_in(&self, file: FileId, other: FileId) -> bool {
        let (mut open, mut seen) = (vec![file], HashSet::new());
        while let Some(at) = open.pop() {
            if at == other {
                return true;
            }
            if seen.insert(at) {
                open.extend(self.includes.iter().filter(|(from, _)| *from == at).map(|(_, to)| *to));
            }
        }
        false
    }

    /// The template with what `Transform` at its top includes: sections that it lacks, and entries that its own lack.
    pub(super) fn with_top_includes(&mut self, template: &Node) -> Option<Node> {
        let transforms = template.get("Transform")?.items_or_self().iter();
        let includes: Vec<&Node> =
            transforms.filter(|one| one.get("Name").and_then(Node::as_text) == Some(INCLUDE)).collect();
        if includes.is_empty() {
            return None;
        }
        let mut merged = template.clone();
        for include in includes {
            let Ok(included) = self.include(include) else { continue };
            for section in included.entries() {
                let Some(mut own) = merged.get(&section.key).cloned() else {
                    merged.set(section.key.clone(), section.key_span, section.value.clone());
                    continue;
                };
                for entry in section
                    .value
                    .entries()
                    .iter()
                    .filter(|entry| own.get(&entry.key).is_none())
                    .cloned()
                    .collect::<Vec<_>>()
                {
                    own.set(entry.key, entry.key_span, entry.value);
                }
                merged.set(section.key.clone(), section.key_span, own);
            }
        }
        Some(merged)
    }
}

/// The tree with a value in the place of `${Name}`, `&{Name}` and `Ref: Name`.
fn substitute(node: &Node, variable: &str, value: &str) -> Node {
    let filled = match &node.value {
        Value::String(text) => Value::String(filled(text, variable, value)),
        Value::List(items) => Value::List(items.iter().map(|item| substitute(item, variable, value)).collect()),
        Value::Map(entries) => match entries.as_slice() {
            [entry] if &*entry.key == "Ref" && entry.value.as_text() == Some(variable) => Value::String(value.into()),
            _ => Value::Map(
                entries
                    .iter()
                    .map(|entry| Entry {
                        key: filled(&entry.key, variable, value),
                        key_span: entry.key_span,
                        value: substitute(&entry.value, variable, value),
                    })
                    .collect(),
            ),
        },
        other => other.clone(),
    };
    Node::new(filled, node.span)
}

fn filled(text: &Arc<str>, variable: &str, value: &str) -> Arc<str> {
    if !text.contains(variable) {
        return text.clone();
    }
    let plain: String = value.chars().filter(|character| character.is_alphanumeric()).collect();
    text.replace(&format!("${{{variable}}}"), value).replace(&format!("&{{{variable}}}"), &plain).into()
}
