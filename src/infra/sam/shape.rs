//! Words for building CloudFormation values: maps, texts with references, ARNs; each with the span that caused it.

use crate::source::Span;
use crate::syntax::{Entry, Node, Part, Reference, Unknown, UnknownKind, Value};
use serde_json::Value as Json;
use std::sync::Arc;

/// A map under construction.
pub(super) struct Object {
    entries: Vec<Entry>,
    span: Span,
}

impl Object {
    /// An empty map.
    pub(super) fn new(span: Span) -> Self {
        Self { entries: Vec::new(), span }
    }

    /// Adds a value, which stands where it was written.
    pub(super) fn put(mut self, key: impl Into<Arc<str>>, value: Node) -> Self {
        self.entries.push(Entry { key: key.into(), key_span: value.span, value });
        self
    }

    /// Adds a known text.
    pub(super) fn text(self, key: &str, text: &str) -> Self {
        let value = Node::string(text, self.span);
        self.put(key, value)
    }

    /// Adds a value where there is one.
    pub(super) fn maybe(self, key: &str, value: Option<Node>) -> Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    /// Takes over the keys that `from` has, in this order.
    pub(super) fn copy(mut self, from: &Node, keys: &[&str]) -> Self {
        for key in keys {
            let entry = from.entry(key).filter(|entry| !entry.value.is_absent());
            self.entries.extend(entry.cloned());
        }
        self
    }

    /// The finished map.
    pub(super) fn node(self) -> Node {
        Node::new(Value::Map(self.entries), self.span)
    }
}

/// A value as JSON has it, all of it at one span.
pub(super) fn json(value: &Json, span: Span) -> Node {
    let value = match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Number(number.to_string().into()),
        Json::String(text) => Value::String(text.as_str().into()),
        Json::Array(items) => Value::List(items.iter().map(|item| json(item, span)).collect()),
        Json::Object(entries) => {
            return Node::map(entries.iter().map(|(key, value)| (key.as_str(), json(value, span))), span);
        }
    };
    Node::new(value, span)
}

/// The value of a key, unless it is null or taken away.
pub(super) fn present<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    node.get(key).filter(|value| !value.is_absent())
}

/// A known text under a key.
pub(super) fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Node::as_text)
}

/// Changes the value of a key, which is put there first where it is missing or null; a node that is no map becomes one.
pub(super) fn change(node: &mut Node, key: &str, default: Node, change: impl FnOnce(&mut Node)) {
    if !matches!(node.value, Value::Map(_)) {
        node.value = Value::Map(Vec::new());
    }
    let Value::Map(entries) = &mut node.value else { return };
    match entries.iter_mut().find(|entry| &*entry.key == key) {
        Some(entry) => {
            if entry.value.is_absent() {
                entry.value = default;
            }
            change(&mut entry.value);
        }
        None => {
            let mut value = default;
            change(&mut value);
            entries.push(Entry { key: key.into(), key_span: value.span, value });
        }
    }
}

/// Adds an item to the list under a key, which is made where it is missing.
pub(super) fn append(node: &mut Node, key: &str, item: Node) {
    let empty = Node::list(Vec::new(), item.span);
    change(node, key, empty.clone(), |list| match &mut list.value {
        Value::List(items) => items.push(item),
        _ => {
            let first = std::mem::replace(list, empty);
            list.value = Value::List(vec![first, item]);
        }
    });
}

/// Whether two values say the same, wherever they stand and in whatever order their keys are.
pub(super) fn equal(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Map(entries), Value::Map(others)) => {
            let same = |entry: &Entry| other.get(&entry.key).is_some_and(|value| equal(&entry.value, value));
            entries.len() == others.len() && entries.iter().all(same)
        }
        (one, other) => one == other,
    }
}

/// A reference to an attribute of a resource, `""` for the resource's own identifier.
pub(super) fn reference(resource: &str, attribute: &str) -> Part {
    Part::Reference(Reference { resource: resource.into(), attribute: attribute.into() })
}

/// Literal text of a template.
pub(super) fn literal(text: &str) -> Part {
    Part::Literal(text.into())
}

/// Fills a text in which `${Name}` stands for what `value` gives, and `${AWS::Name}` for a pseudo parameter.
///
/// A text that is nothing but one name becomes that value, whatever its kind.
pub(super) fn fill(text: &str, span: Span, value: &dyn Fn(&str) -> Option<Node>) -> Node {
    let whole = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).filter(|name| !name.contains('$'));
    if let Some(found) = whole.and_then(value) {
        return found;
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        let name = &rest[start + 2..start + length];
        parts.push(literal(&rest[..start]));
        match value(name) {
            Some(found) => parts.extend(parts_of(&found)),
            None if name.starts_with("AWS::") => parts.push(pseudo(name)),
            None => parts.push(Part::Unknown(Unknown::new(UnknownKind::Parameter, name))),
        }
        rest = &rest[start + length + 1..];
    }
    parts.push(literal(rest));
    Node::template(parts, span)
}

/// A value as parts of a text; one part that says so where it is no text.
pub(super) fn parts_of(node: &Node) -> Vec<Part> {
    node.parts().unwrap_or_else(|| {
        let kind = match &node.value {
            Value::Either { .. } => UnknownKind::Condition,
            _ => UnknownKind::Expression,
        };
        vec![Part::Unknown(Unknown::new(kind, node.to_string()))]
    })
}

/// A pseudo parameter as part of a text. The transform runs where the partition is known to be `aws`.
pub(super) fn pseudo(name: &str) -> Part {
    match name {
        "AWS::Partition" => literal("aws"),
        _ => Part::Unknown(Unknown::new(UnknownKind::Pseudo, name)),
    }
}

/// `arn:aws:SERVICE:REGION:ACCOUNT:` and then `resource`.
pub(super) fn arn(service: &str, resource: Vec<Part>, span: Span) -> Node {
    let mut parts = vec![literal(&format!("arn:aws:{service}:")), pseudo("AWS::Region"), literal(":")];
    parts.extend([pseudo("AWS::AccountId"), literal(":")]);
    parts.extend(resource);
    Node::template(parts, span)
}

/// A policy document of one statement that allows `action` on `resource`.
pub(super) fn allow(action: Json, resource: Node, span: Span) -> Node {
    let statement =
        Object::new(span).put("Action", json(&action, span)).text("Effect", "Allow").put("Resource", resource);
    Object::new(span).put("Statement", Node::list(vec![statement.node()], span)).node()
}

/// An inline policy of a role.
pub(super) fn inline_policy(name: &str, document: Node) -> Node {
    Object::new(document.span).text("PolicyName", name).put("PolicyDocument", document).node()
}

/// A trust policy for one service.
pub(super) fn assume(service: &str, span: Span) -> Node {
    let statement = serde_json::json!({
        "Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": {"Service": [service]}
    });
    json(&serde_json::json!({"Version": "2012-10-17", "Statement": [statement]}), span)
}

/// Tags as a list of keys and values, from a map; a value of another kind stays as it is.
pub(super) fn tag_list(tags: Option<&Node>, first: Option<(&str, &str)>, span: Span) -> Option<Node> {
    let pair = |key: &str, value: Node| Object::new(value.span).text("Key", key).put("Value", value).node();
    let mut items: Vec<Node> = first.map(|(key, value)| pair(key, Node::string(value, span))).into_iter().collect();
    match tags {
        Some(Node { value: Value::Map(entries), .. }) => {
            items.extend(entries.iter().map(|entry| pair(&entry.key, entry.value.clone())));
        }
        Some(other) => return Some(other.clone()),
        None => {}
    }
    (!items.is_empty()).then(|| Node::list(items, tags.map_or(span, |tags| tags.span)))
}
