//! One planned resource: its values, with what the plan does not know marked as such.

use super::super::functions::from_node;
use super::super::policy_document;
use super::configuration::{Configuration, Level};
use crate::source::Span;
use crate::syntax::{Entry, Node, UnknownKind, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// How deep blocks may stand in each other.
const MAX_DEPTH: usize = 64;

/// A resource of `planned_values`.
pub(super) struct Planned<'a> {
    pub(super) kind: Arc<str>,
    pub(super) address: Arc<str>,
    /// Where the plan names it.
    pub(super) span: Span,
    /// The region of its provider.
    pub(super) region: Option<Node>,
    /// The tags that its provider gives it.
    pub(super) tags: Option<Node>,
    /// The calls that led to it, as far as the plan shows them.
    pub(super) calls: Vec<(Span, String)>,
    /// Not there where nothing of it is known.
    values: Option<&'a Node>,
    unknown: Option<&'a Node>,
    sensitive: Option<&'a Node>,
    /// The arguments that are written, and what they refer to.
    expressions: Option<&'a Node>,
    level: Level<'a>,
    configuration: &'a Configuration<'a>,
    alone: bool,
    changes: &'a HashMap<&'a str, &'a Node>,
    data: &'a HashMap<&'a str, &'a Node>,
}

impl<'a> Planned<'a> {
    /// The resource of a node; `None` where it names no type and address.
    pub(super) fn of(
        node: &'a Node,
        changes: &'a HashMap<&'a str, &'a Node>,
        data: &'a HashMap<&'a str, &'a Node>,
        configuration: &'a Configuration<'a>,
    ) -> Option<Self> {
        let text = |key: &str| node.get(key).and_then(Node::as_text);
        let (kind, name, address) = (text("type")?, text("name")?, node.get("address")?);
        let change = changes.get(address.as_text()?).copied();
        let level = configuration.level(address.as_text()?);
        let declared = level.resource(kind, name);
        let provider = declared.and_then(|declared| declared.get("provider_config_key")?.as_text());
        Some(Self {
            kind: kind.into(),
            address: address.as_text()?.into(),
            span: address.span,
            region: provider.and_then(|provider| configuration.region(provider)),
            tags: provider.and_then(|provider| configuration.tags(provider)),
            calls: level.calls(),
            values: node.get("values"),
            unknown: change.and_then(|change| change.get("after_unknown")),
            sensitive: node.get("sensitive_values"),
            expressions: declared.and_then(|declared| declared.get("expressions")),
            level,
            configuration,
            alone: true,
            changes,
            data,
        })
    }

    /// The block that the values stand for: what is null or empty was not written. What an argument that is not known
    /// refers to is told by the plan only where the configuration is not there, which tells it better.
    pub(super) fn body(&mut self, alone: bool) -> Node {
        self.alone = alone;
        let none = Node::new(Value::Map(Vec::new()), self.span);
        self.block(self.values.unwrap_or(&none), self.unknown, self.sensitive, self.expressions, 0)
    }

    fn block(
        &self,
        values: &Node,
        unknown: Option<&Node>,
        sensitive: Option<&Node>,
        expressions: Option<&Node>,
        depth: usize,
    ) -> Node {
        let mut made = Vec::new();
        for entry in values.entries() {
            let (unknown, sensitive) = (inside(unknown, &entry.key), inside(sensitive, &entry.key));
            let written = inside(expressions, &entry.key);
            let value = self.value(&entry.value, unknown, sensitive, written, depth + 1);
            if !is_empty(&value) {
                made.push(Entry { value, ..entry.clone() });
            }
        }
        // What is not known has no value: it counts where it is written and is not left to the provider.
        for entry in unknown.map(Node::entries).unwrap_or_default() {
            if made.iter().any(|known| known.key == entry.key) || entry.value.as_bool() != Some(true) {
                continue;
            }
            // The configuration in a plan leaves out what stands in dynamic blocks.
            let written = inside(expressions, &entry.key);
            if written.is_some() || depth > 0 {
                let value = self.unknown(&entry.key, written);
                made.push(Entry { key: entry.key.clone(), key_span: self.span, value });
            }
        }
        Node::new(Value::Map(made), values.span)
    }

    fn value(
        &self,
        value: &Node,
        unknown: Option<&Node>,
        sensitive: Option<&Node>,
        written: Option<&Node>,
        depth: usize,
    ) -> Node {
        if sensitive.and_then(Node::as_bool) == Some(true) && !value.is_absent() {
            return Node::unknown(UnknownKind::Parameter, "a sensitive value", value.span);
        }
        if depth > MAX_DEPTH {
            return Node::unknown(UnknownKind::Limit, "a plan's value", value.span);
        }
        match &value.value {
            Value::Map(_) => self.block(value, unknown, sensitive, written, depth),
            Value::List(items) => {
                let at = |node: Option<&'_ Node>, index: usize| node.and_then(|node| node.items().get(index)).cloned();
                let items = items.iter().enumerate().map(|(index, item)| {
                    let (unknown, sensitive) = (at(unknown, index), at(sensitive, index));
                    let written = at(written, index);
                    match unknown.as_ref().and_then(Node::as_bool) {
                        Some(true) => Node::unknown(UnknownKind::Computed, &*self.address, item.span),
                        _ => self.value(item, unknown.as_ref(), sensitive.as_ref(), written.as_ref(), depth + 1),
                    }
                });
                Node::list(items.collect(), value.span)
            }
            _ => value.clone(),
        }
    }

    /// What an argument that is known only after the plan refers to.
    fn unknown(&self, key: &str, written: Option<&Node>) -> Node {
        let written = written.filter(|_| self.alone);
        let found = written.and_then(|written| {
            let resolved = self.configuration.resolve(written, &self.level, &self.address, self.span, 0);
            resolved.or_else(|| self.document(written))
        });
        let computed = || Node::unknown(UnknownKind::Computed, format!("{}.{key}", self.address), self.span);
        found.unwrap_or_else(computed)
    }
}

impl<'a> Planned<'a> {
    /// The policy of a data source that is read only after the plan, of which the plan knows the statements.
    fn document(&self, written: &Node) -> Option<Node> {
        let names = written.get("references")?.items().iter().filter_map(Node::as_text);
        let mut documents = names.filter(|name| name.starts_with("data.aws_iam_policy_document."));
        let name = documents.next()?;
        let name = name.strip_suffix(".json").or_else(|| name.strip_suffix(".minified_json")).unwrap_or(name);
        let node = self.data.get(&*format!("{}{name}", self.level.prefix()))?;
        let mut source = Planned::of(node, self.changes, self.data, self.configuration)?;
        let body = from_node(&source.body(true));
        Some(policy_document::document(&body, self.span))
    }
}

fn inside<'n>(node: Option<&'n Node>, key: &str) -> Option<&'n Node> {
    node.and_then(|node| node.get(key))
}

/// Whether the provider takes a value for one that is not written.
fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null | Value::Absent => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        _ => false,
    }
}
