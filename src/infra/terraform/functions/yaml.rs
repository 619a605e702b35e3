//! YAML and CSV, to and from values.

use super::super::document;
use super::super::value::{Document, Kind, MapEntry, Value};
use super::encode::{from_node, quoted};
use super::given::{Found, Given};
use crate::syntax::Part;
use std::sync::Arc;

/// How deep values may stand in each other.
const MAX_DEPTH: usize = 128;

pub(super) fn call(name: &str, given: &Given<'_>) -> Option<Found> {
    let value = match name {
        "yamldecode" => decoded(given),
        "yamlencode" => given.at(0).and_then(|value| encoded(value, given)),
        "csvdecode" => given.text(0).and_then(|text| table(&text, given)),
        _ => return None,
    };
    Some(value.into())
}

fn decoded(given: &Given<'_>) -> Option<Value> {
    let value = given.at(0)?;
    if let Kind::Document(document) = &value.kind {
        return Some(from_node(&document.tree));
    }
    let text = value.text()?;
    let tree = document::parse_yaml(&text, given.span, given.scope.world.context.sources);
    Some(tree.map_or_else(|| given.invalid("not YAML"), |tree| from_node(&tree)))
}

/// A document: its tree for those who read it, its text for those who join it to other text.
fn encoded(value: &Value, given: &Given<'_>) -> Option<Value> {
    let mut lines = Lines { parts: Vec::new() };
    lines.value(value, 0, false, 0)?;
    lines.put("\n");
    let text = Value::template(lines.parts, given.span);
    Some(match &value.kind {
        Kind::List(_) | Kind::Map(_) => {
            let (tree, text) = (value.to_node(), text.parts());
            Value::new(Kind::Document(Arc::new(Document { tree, text })), given.span)
        }
        _ => text,
    })
}

/// YAML as Terraform writes it: keys and strings in quotes, strings of several lines as blocks.
struct Lines {
    parts: Vec<Part>,
}

impl Lines {
    fn put(&mut self, text: impl Into<Arc<str>>) {
        self.parts.push(Part::Literal(text.into()));
    }

    /// Writes a value at the end of a line, or its items on lines of their own; `inline` is behind a dash.
    fn value(&mut self, value: &Value, indent: usize, inline: bool, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match &value.kind {
            Kind::Null => self.put("null"),
            Kind::Bool(_) | Kind::Number(_) => self.put(value.text()?),
            Kind::String(text) if text.contains('\n') => {
                self.put(if text.ends_with('\n') { "|" } else { "|-" });
                let inner = " ".repeat(indent + if depth == 0 { 2 } else { 0 });
                for line in text.trim_end_matches('\n').split('\n') {
                    self.put(format!("\n{inner}{line}"));
                }
            }
            Kind::String(text) => self.put(quoted(text)),
            Kind::List(items) if items.is_empty() => self.put("[]"),
            Kind::Map(map) if map.entries.is_empty() && map.rest.is_none() => self.put("{}"),
            Kind::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.line(indent, inline && at == 0, at == 0 && depth == 0);
                    self.put("- ");
                    self.value(item, indent + 2, true, depth + 1)?;
                }
            }
            Kind::Map(map) => {
                for (at, entry) in map.sorted().into_iter().enumerate() {
                    self.line(indent, inline && at == 0, at == 0 && depth == 0);
                    self.put(format!("{}:", quoted(&entry.key)));
                    let below = match &entry.value.kind {
                        Kind::List(items) => !items.is_empty(),
                        Kind::Map(map) => !map.entries.is_empty() || map.rest.is_some(),
                        _ => false,
                    };
                    if !below {
                        self.put(" ");
                    }
                    let deeper = if matches!(entry.value.kind, Kind::List(_)) { indent } else { indent + 2 };
                    self.value(&entry.value, deeper, false, depth + 1)?;
                }
                self.parts.extend(map.rest.clone().map(Part::Unknown));
            }
            Kind::Unknown(_) | Kind::Invalid(_) | Kind::Either(_) => self.parts.push(Part::Unknown(value.why())),
            Kind::Template(_) | Kind::Document(_) | Kind::Resource(_) => {
                self.put("\"");
                self.parts.extend(value.parts().into_iter().map(|part| match part {
                    Part::Literal(text) => {
                        let escaped = quoted(&text);
                        Part::Literal(escaped.get(1..escaped.len() - 1).unwrap_or_default().into())
                    }
                    other => other,
                }));
                self.put("\"");
            }
        }
        Some(())
    }

    fn line(&mut self, indent: usize, inline: bool, first: bool) {
        if !inline && !first {
            self.put(format!("\n{}", " ".repeat(indent)));
        }
    }
}

/// The rows as objects whose keys are the cells of the first row (RFC 4180).
fn table(text: &str, given: &Given<'_>) -> Option<Value> {
    let mut rows = rows(text)?.into_iter();
    let names: Vec<Arc<str>> = rows.next()?.into_iter().map(Arc::from).collect();
    let mut made = Vec::new();
    for row in rows {
        if row.len() != names.len() {
            return Some(given.invalid("a row of another length"));
        }
        let entry = |(key, cell): (&Arc<str>, String)| MapEntry {
            key: key.clone(),
            span: given.span,
            value: given.string(cell),
        };
        made.push(Value::map(names.iter().zip(row).map(entry).collect(), None, given.span));
    }
    Some(given.list(made))
}

fn rows(text: &str) -> Option<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut cell = String::new();
    let mut letters = text.chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' if quoted || cell.is_empty() => quoted = !quoted,
            _ if quoted => cell.push(letter),
            ',' => row.push(std::mem::take(&mut cell)),
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' => {
                row.push(std::mem::take(&mut cell));
                // A line with nothing on it is no row.
                if row != [""] {
                    rows.push(std::mem::take(&mut row));
                }
                row.clear();
            }
            _ => cell.push(letter),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    (!quoted).then_some(rows)
}
