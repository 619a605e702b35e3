//! Any value of a template, evaluated.

use super::evaluator::{Evaluator, NODE};
use super::text::Joined;
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};

impl Evaluator<'_> {
    /// The value of a node: functions applied, conditions decided where they can be.
    pub(super) fn value(&mut self, node: &Node) -> Node {
        if !self.enter() {
            return Self::beyond(node.span);
        }
        let value = match &node.value {
            Value::String(text) if text.contains("{{resolve:") => {
                let mut joined = Joined::default();
                joined.text(text);
                joined.finish(node.span)
            }
            Value::List(items) => self.list(items, node.span),
            Value::Map(entries) => match entries.as_slice() {
                [entry] if is_function(entry) => self.function(entry, node.span),
                _ => self.map(entries, node.span),
            },
            _ => node.clone(),
        };
        self.leave();
        value
    }

    /// A list without the items that are taken away for certain.
    fn list(&mut self, items: &[Node], span: Span) -> Node {
        if !self.spend(items.len().saturating_mul(NODE), span) {
            return Self::beyond(span);
        }
        let values = items.iter().map(|item| self.value(item));
        Node::list(values.filter(|item| !matches!(item.value, Value::Absent)).collect(), span)
    }

    fn map(&mut self, entries: &[Entry], span: Span) -> Node {
        if !self.spend(entries.len().saturating_mul(NODE), span) {
            return Self::beyond(span);
        }
        let is_expanded = |entry: &Entry| &*entry.key == "Fn::Transform" || entry.key.starts_with("Fn::ForEach::");
        let expanded = entries.iter().any(is_expanded).then(|| self.expanded_entries(entries));
        let mut values = Vec::with_capacity(entries.len());
        for Entry { key, key_span, value } in expanded.as_deref().unwrap_or(entries) {
            values.push(Entry { key: key.clone(), key_span: *key_span, value: self.value(value) });
        }
        Node::new(Value::Map(values), span)
    }
}

/// Whether an entry that stands alone in its map is an intrinsic function.
fn is_function(entry: &Entry) -> bool {
    match &*entry.key {
        "Ref" => true,
        key => key.strip_prefix("Fn::").is_some_and(|name| !name.starts_with("ForEach::")),
    }
}
