//! What puts entries into a map: `Fn::ForEach` of the language extensions, and `Fn::Transform` with `AWS::Include`.

use super::code::beside;
use super::evaluator::Evaluator;
use crate::source::ProblemKind;
use crate::syntax::{Entry, Node, Unknown, UnknownKind, Value, json, yaml};
use std::sync::Arc;

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
                match self.include(&entry.value) {
                    Ok(included) => out.extend(self.expanded_entries(included.entries())),
                    Err(unknown) => {
                        let message = format!("{}: {unknown}; what it adds was not judged", entry.key);
                        self.report(ProblemKind::Coverage, entry.key_span, message);
                    }
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
        let size = weight(body);
        for value in known {
            if !self.spend(size, entry.key_span) {
                return;
            }
            let body = substitute(body, variable, value);
            let entries = self.expanded_entries(body.entries());
            out.extend(entries);
        }
    }

    /// What `Fn::Transform` stands for: the content of a file of the repository.
    pub(super) fn include(&mut self, transform: &Node) -> Result<Node, Unknown> {
        let name = transform.get("Name").and_then(Node::as_text).unwrap_or_default();
        if name != "AWS::Include" {
            return Err(Unknown::new(UnknownKind::Expression, format!("the macro {name}")));
        }
        let location = transform.at("Parameters.Location").map(|node| self.value(node));
        let shown = location.as_ref().map(Node::to_string).unwrap_or_default();
        let unknown = || Unknown::new(UnknownKind::File, shown.clone());
        let path = location.as_ref().and_then(Node::as_text).and_then(|text| beside(&self.file().path, text));
        let file = path.and_then(|path| self.context.sources.open(&path).ok()).ok_or_else(unknown)?;
        if !self.spend(file.text.len(), transform.span) {
            return Err(Unknown::new(UnknownKind::Limit, shown));
        }
        let is_json = file.text.trim_start().starts_with('{');
        let (node, problems) = if is_json { json::parse(&file) } else { yaml::parse(&file) };
        self.report_all(problems);
        node.ok_or_else(unknown)
    }
}

/// The size of a tree: its nodes and the bytes of its strings.
fn weight(node: &Node) -> usize {
    let mut weight = 0;
    node.visit(&mut |node| weight += 1 + node.as_text().map_or(0, str::len));
    weight
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
