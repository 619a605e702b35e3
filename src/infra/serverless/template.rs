//! The template being made: resources under their logical ids, with who wrote them and where.

use crate::model::CodeSource;
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// The construct that a resource comes from.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    /// What the user calls it: the function's key, a section of the file, the name of a bucket in an event.
    pub(super) name: Arc<str>,
    /// Whether the resource is the construct itself, as a function is, or was made from it.
    pub(super) itself: bool,
    /// The line that the user wrote.
    pub(super) span: Span,
}

/// One resource before its intrinsic functions are evaluated.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// The logical id.
    pub(super) id: Arc<str>,
    /// CloudFormation's type; a string unless it could not be read.
    pub(super) kind: Node,
    /// The properties, with intrinsic functions as maps.
    pub(super) properties: Node,
    /// The condition that it hangs on.
    pub(super) condition: Option<Node>,
    /// Where it comes from; `None` for a resource of the user's own `resources`.
    pub(super) owner: Option<Owner>,
    /// The line that declares it.
    pub(super) span: Span,
    /// Where its code lies.
    pub(super) code: CodeSource,
}

/// All resources, in the order in which they were made.
#[derive(Debug, Default)]
pub(super) struct Template {
    pub(super) drafts: Vec<Draft>,
    by_id: HashMap<Arc<str>, usize>,
}

impl Template {
    /// Adds a resource; one with the same id is replaced.
    pub(super) fn put(&mut self, draft: Draft) {
        match self.by_id.get(&draft.id) {
            Some(index) => self.drafts[*index] = draft,
            None => {
                self.by_id.insert(draft.id.clone(), self.drafts.len());
                self.drafts.push(draft);
            }
        }
    }

    /// Adds a resource that the framework makes.
    pub(super) fn make(&mut self, kind: &str, id: impl Into<Arc<str>>, owner: &Owner, properties: Node) {
        self.put(Draft {
            id: id.into(),
            kind: Node::string(kind, owner.span),
            properties,
            condition: None,
            span: owner.span,
            owner: Some(owner.clone()),
            code: CodeSource::None,
        });
    }

    /// The resource of an id.
    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Draft> {
        self.by_id.get(id).and_then(|index| self.drafts.get_mut(*index))
    }

    /// Whether there is a resource of an id.
    pub(super) fn contains(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }
}

/// Properties being put together at one place; what is absent is left out.
#[derive(Debug)]
pub(super) struct Shape {
    span: Span,
    entries: Vec<Entry>,
}

impl Shape {
    /// An empty map at a place.
    pub(super) fn at(span: Span) -> Self {
        Self { span, entries: Vec::new() }
    }

    /// Adds a value.
    pub(super) fn with(mut self, key: &str, value: Node) -> Self {
        self.entries.push(Entry { key: key.into(), key_span: value.span, value });
        self
    }

    /// Adds a text.
    pub(super) fn text(self, key: &str, text: &str) -> Self {
        let value = Node::string(text, self.span);
        self.with(key, value)
    }

    /// Adds a value where there is one.
    pub(super) fn maybe(self, key: &str, value: Option<Node>) -> Self {
        match value {
            Some(value) if !value.is_absent() => self.with(key, value),
            _ => self,
        }
    }

    /// Adds the value that a map of the user's has under another key, with the key's own place.
    pub(super) fn copy(mut self, key: &str, from: &Node, theirs: &str) -> Self {
        if let Some(entry) = from.entry(theirs).filter(|entry| !entry.value.is_absent()) {
            self.entries.push(Entry { key: key.into(), ..entry.clone() });
        }
        self
    }

    /// The map.
    pub(super) fn done(self) -> Node {
        Node::new(Value::Map(self.entries), self.span)
    }
}

/// `Ref`.
pub(super) fn reference(id: &str, span: Span) -> Node {
    Node::map([("Ref", Node::string(id, span))], span)
}

/// `Fn::GetAtt` of an ARN.
pub(super) fn arn_of(id: &str, span: Span) -> Node {
    let parts = vec![Node::string(id, span), Node::string("Arn", span)];
    Node::map([("Fn::GetAtt", Node::list(parts, span))], span)
}

/// `Fn::Join` of texts and values.
pub(super) fn join(separator: &str, parts: Vec<Node>, span: Span) -> Node {
    Node::map([("Fn::Join", Node::list(vec![Node::string(separator, span), Node::list(parts, span)], span))], span)
}

/// An ARN from a text with `{}` for each of `values`, and `AWS::` names for what the stack knows:
/// `arn:AWS::Partition:logs:AWS::Region:AWS::AccountId:log-group:{}`.
pub(super) fn arn(pattern: &str, values: &[Node], span: Span) -> Node {
    let mut parts = Vec::new();
    let mut values = values.iter();
    let mut rest = pattern;
    while !rest.is_empty() {
        let pseudo = ["AWS::Partition", "AWS::Region", "AWS::AccountId"];
        if let Some(name) = pseudo.iter().find(|name| rest.starts_with(**name)) {
            parts.push(reference(name, span));
            rest = &rest[name.len()..];
        } else if let Some(after) = rest.strip_prefix("{}") {
            parts.extend(values.next().cloned());
            rest = after;
        } else {
            let end = [rest.find("AWS::"), rest.find("{}")].into_iter().flatten().min().unwrap_or(rest.len());
            let (text, after) = rest.split_at(end.max(1));
            parts.push(Node::string(text, span));
            rest = after;
        }
    }
    join("", parts, span)
}

/// A tag list from a map of the user's.
pub(super) fn tag_list(tags: &Node) -> Node {
    let tag = |entry: &Entry| {
        let place = entry.key_span.to(entry.value.span);
        Shape::at(place)
            .with("Key", Node::string(entry.key.clone(), entry.key_span))
            .with("Value", entry.value.clone())
            .done()
    };
    Node::list(tags.entries().iter().map(tag).collect(), tags.span)
}

/// Entries of two maps; those of the second win. Where one is no map, it is taken as a whole if the other is absent.
pub(super) fn merged(first: Option<&Node>, second: Option<&Node>) -> Option<Node> {
    match (first.filter(|node| !node.is_absent()), second.filter(|node| !node.is_absent())) {
        (None, None) => None,
        (Some(only), None) | (None, Some(only)) => Some(only.clone()),
        (Some(first), Some(second)) => {
            if !matches!(first.value, Value::Map(_)) || !matches!(second.value, Value::Map(_)) {
                return Some(second.clone());
            }
            let mut both = first.clone();
            for entry in second.entries() {
                both.set(entry.key.clone(), entry.key_span, entry.value.clone());
            }
            both.span = second.span;
            Some(both)
        }
    }
}
