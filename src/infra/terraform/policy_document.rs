//! `data.aws_iam_policy_document`: the policy that its blocks stand for.

use super::value::{Kind, Map, Value};
use crate::source::Span;
use crate::syntax::{Entry, Node, Value as Tree};
use std::sync::Arc;

/// The document of a data source's evaluated block.
///
/// Statements of source documents come first and are replaced by later ones with the same Sid; override documents
/// replace in the same way (provider documentation of `aws_iam_policy_document`, read 2026-11-21).
pub(super) fn document(body: &Value, span: Span) -> Node {
    let mut statements: Vec<Node> = Vec::new();
    for name in ["source_json", "source_policy_documents"] {
        included(body, name).into_iter().for_each(|statement| put(&mut statements, statement));
    }
    for block in blocks(body, "statement") {
        put(&mut statements, statement(block));
    }
    for name in ["override_json", "override_policy_documents"] {
        included(body, name).into_iter().for_each(|statement| put(&mut statements, statement));
    }
    let version = body.as_map().and_then(|map| map.get("version")).map(Value::to_node);
    let mut document = vec![("Version", version.unwrap_or_else(|| Node::string("2012-10-17", span)))];
    if let Some(id) = body.as_map().and_then(|map| map.get("policy_id")).filter(|id| !id.is_null()) {
        document.push(("Id", id.to_node()));
    }
    document.push(("Statement", Node::list(statements, span)));
    Node::map(document, span)
}

/// Adds a statement, or replaces the one with its Sid.
fn put(statements: &mut Vec<Node>, statement: Node) {
    let sid = |node: &Node| node.get("Sid").and_then(Node::as_text).filter(|sid| !sid.is_empty()).map(str::to_owned);
    let same =
        sid(&statement).and_then(|wanted| statements.iter().position(|known| sid(known).as_ref() == Some(&wanted)));
    match same.and_then(|at| statements.get_mut(at)) {
        Some(known) => *known = statement,
        None => statements.push(statement),
    }
}

/// The statements of the documents that an attribute lists; one unknown statement for one that is not known.
fn included(body: &Value, name: &str) -> Vec<Node> {
    let Some(value) = body.as_map().and_then(|map| map.get(name)) else {
        return Vec::new();
    };
    let listed = match &value.kind {
        Kind::Null => Vec::new(),
        Kind::List(items) => items.to_vec(),
        _ => vec![value.clone()],
    };
    let mut statements = Vec::new();
    for item in listed {
        match &item.kind {
            Kind::Document(document) => match document.tree.get("Statement") {
                Some(found) => statements.extend(found.items_or_self().iter().cloned()),
                None => statements.push(document.tree.clone()),
            },
            Kind::Null => {}
            Kind::String(text) if text.is_empty() => {}
            _ => statements.push(Node::new(Tree::Unknown(item.why()), item.span)),
        }
    }
    statements
}

fn blocks<'a>(body: &'a Value, name: &str) -> &'a [Value] {
    body.as_map().and_then(|map| map.get(name)).and_then(Value::items).unwrap_or_default()
}

fn statement(block: &Value) -> Node {
    match &block.kind {
        Kind::Map(map) => written(map, block, block.span),
        Kind::Either(either) => {
            let side = |value: &Value| {
                Box::new(if value.is_null() { Node::new(Tree::Absent, value.span) } else { statement(value) })
            };
            let condition = either.condition.clone();
            Node::new(
                Tree::Either { condition, then: side(&either.then), otherwise: side(&either.otherwise) },
                block.span,
            )
        }
        _ => Node::new(Tree::Unknown(block.why()), block.span),
    }
}

fn written(map: &Map, block: &Value, span: Span) -> Node {
    let mut entries: Vec<Entry> = Vec::new();
    let mut copy = |from: &str, to: &str| {
        if let Some(entry) = map.entries.iter().find(|entry| &*entry.key == from && !entry.value.is_null()) {
            entries.push(Entry { key: to.into(), key_span: entry.span, value: entry.value.to_node() });
        }
    };
    copy("sid", "Sid");
    copy("effect", "Effect");
    copy("actions", "Action");
    copy("not_actions", "NotAction");
    copy("resources", "Resource");
    copy("not_resources", "NotResource");
    let mut node = Node::new(Tree::Map(entries), span);
    if node.get("Effect").is_none() {
        node.set("Effect", span, Node::string("Allow", span));
    }
    for (name, key) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        if let Some(principal) = principal(blocks(block, name)) {
            node.set(key, principal.span, principal);
        }
    }
    let conditions = blocks(block, "condition");
    if let Some(first) = conditions.first() {
        node.set("Condition", first.span, condition(conditions, first.span));
    }
    node
}

/// `"*"` for everyone, else a map from type to identifiers.
fn principal(blocks: &[Value]) -> Option<Node> {
    let first = blocks.first()?;
    let mut made = Node::new(Tree::Map(Vec::new()), first.span);
    for block in blocks {
        let Some(map) = block.as_map() else {
            return Some(Node::new(Tree::Unknown(block.why()), block.span));
        };
        let kind = map.get("type").and_then(Value::text);
        let (Some(kind), Some(identifiers)) = (kind, map.get("identifiers")) else {
            let why = map.get("type").unwrap_or(block).why();
            return Some(Node::new(Tree::Unknown(why), block.span));
        };
        let identifiers = identifiers.to_node();
        let everyone = identifiers.items_or_self().iter().any(|item| item.as_text() == Some("*"));
        if &*kind == "*" && everyone {
            return Some(Node::string("*", identifiers.span));
        }
        add(&mut made, &kind, identifiers, block.span);
    }
    Some(made)
}

/// `{ test: { variable: values } }`
fn condition(blocks: &[Value], span: Span) -> Node {
    let mut made = Node::new(Tree::Map(Vec::new()), span);
    for block in blocks {
        let Some(map) = block.as_map() else {
            return Node::new(Tree::Unknown(block.why()), block.span);
        };
        let text = |name: &str| map.get(name).and_then(Value::text);
        let (Some(test), Some(variable), Some(values)) = (text("test"), text("variable"), map.get("values")) else {
            return Node::new(Tree::Unknown(block.why()), block.span);
        };
        let mut inner = made.get(&test).cloned().unwrap_or_else(|| Node::new(Tree::Map(Vec::new()), block.span));
        add(&mut inner, &variable, values.to_node(), block.span);
        made.set(test, block.span, inner);
    }
    made
}

/// Sets a key, or adds to the list that it has.
fn add(map: &mut Node, key: &Arc<str>, values: Node, span: Span) {
    let values = match map.get(key) {
        Some(known) if values.as_unknown().is_none() => {
            let items = known.items_or_self().iter().chain(values.items_or_self()).cloned().collect();
            Node::list(items, known.span)
        }
        _ => values,
    };
    map.set(key.clone(), span, values);
}
