//! The words that the readers of a document share: keys of our own, kinds of API, branches of values.

use crate::model::Resource;
use crate::syntax::{Node, Value};
use std::sync::Arc;

/// The key of the properties that marks a record which is derived for the rules and was never a resource.
pub const DERIVED: &str = "__Derived";
/// The key under which the record of a REST method holds its path.
pub const PATH: &str = "__Path";
/// The key under which an API lists the properties that it has from its document and not from its template.
pub const IMPORTED: &str = "__Imported";

/// The key of what an operation is served by (API Gateway Developer Guide, x-amazon-apigateway-integration, 2026-11).
pub(super) const INTEGRATION: &str = "x-amazon-apigateway-integration";

/// Conditions within conditions beyond which a document is not followed.
const MAX_DEPTH: usize = 16;

/// The two kinds of API that import such documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApiKind {
    /// A REST API: its routes are methods.
    Rest,
    /// An HTTP API.
    Http,
}

impl ApiKind {
    /// The kind of API that a resource is.
    pub fn of(resource: &Resource) -> Option<Self> {
        match &*resource.kind {
            "AWS::ApiGateway::RestApi" => Some(Self::Rest),
            "AWS::ApiGatewayV2::Api" => Some(Self::Http),
            _ => None,
        }
    }
}

/// Calls `visit` with every value that this one may be, and the conditions on the way.
pub(super) fn branches(node: &Node, visit: &mut dyn FnMut(&Node, Option<&Arc<str>>)) {
    fn walk<'a>(
        node: &'a Node,
        outer: Option<&'a Arc<str>>,
        depth: usize,
        visit: &mut dyn FnMut(&Node, Option<&Arc<str>>),
    ) {
        match &node.value {
            Value::Either { condition, then, otherwise } if depth < MAX_DEPTH => {
                let outer = outer.or(Some(condition));
                walk(then, outer, depth + 1, visit);
                walk(otherwise, outer, depth + 1, visit);
            }
            Value::Absent => {}
            _ => visit(node, outer),
        }
    }
    walk(node, None, 0, visit);
}

/// The value with each of its branches changed.
pub(super) fn each(node: &Node, change: &mut dyn FnMut(&Node) -> Node) -> Node {
    match &node.value {
        Value::Either { condition, then, otherwise } => {
            let (then, otherwise) = (Box::new(each(then, change)), Box::new(each(otherwise, change)));
            Node::new(Value::Either { condition: condition.clone(), then, otherwise }, node.span)
        }
        Value::Absent | Value::Unknown(_) => node.clone(),
        _ => change(node),
    }
}

/// Takes values over under other names; what is not there stays away.
pub(super) fn renamed(from: &Node, names: &[(&str, &str)]) -> Node {
    let mut made = Node::new(Value::Map(Vec::new()), from.span);
    for (old, new) in names {
        if let Some(entry) = from.entry(old).filter(|entry| !entry.value.is_absent()) {
            made.set(*new, entry.key_span, entry.value.clone());
        }
    }
    made
}

/// A known text in capital letters: the documents write `aws_proxy` where the API has `AWS_PROXY`.
pub(super) fn upper(node: &Node) -> Node {
    each(node, &mut |node| match node.as_text() {
        Some(text) => Node::string(text.to_ascii_uppercase(), node.span),
        None => node.clone(),
    })
}
