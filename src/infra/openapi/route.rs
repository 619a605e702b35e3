//! The routes of a document, each with how its callers are told apart.

use super::authorizer::scheme_type;
use super::shape::branches;
use crate::model::Presence;
use crate::source::Span;
use crate::syntax::{Entry, Node, Unknown, UnknownKind, Value};
use std::sync::Arc;

/// API Gateway's name of the method that stands for every method.
const ANY: &str = "x-amazon-apigateway-any-method";

/// One route of a document.
#[derive(Debug, Clone)]
pub struct Route {
    /// In upper case; `ANY` for every method.
    pub method: Arc<str>,
    /// As it is written, `/pets/{id}`, or `$default`.
    pub path: Arc<str>,
    /// `NONE`, `AWS_IAM`, `COGNITO_USER_POOLS`, `CUSTOM` or `JWT`, or unknown.
    pub authorization: Node,
    /// The security scheme that says so, and the scopes that it asks for.
    pub scheme: Option<(Arc<str>, Node)>,
    /// Whether a key of a usage plan is required; `None` where the document does not say it.
    pub api_key: Option<Node>,
    /// What is written of it.
    pub operation: Node,
    /// Where the method's key stands.
    pub span: Span,
    /// Whether it is there for certain.
    pub presence: Presence,
}

/// The routes of a document in its order; none where it is not known.
pub fn routes(body: &Node) -> Vec<Route> {
    let mut found = Vec::new();
    let Some(paths) = body.get("paths") else { return found };
    for path in paths.entries().iter().filter(|entry| !entry.key.starts_with("x-")) {
        branches(&path.value, &mut |item, outer| {
            for entry in item.entries() {
                let Some(method) = method(&entry.key) else { continue };
                branches(&entry.value, &mut |operation, inner| {
                    let Access { authorization, scheme, api_key } = access(body, operation, entry);
                    let (path, method, operation) = (path.key.clone(), method.clone(), operation.clone());
                    let condition = outer.or(inner).cloned();
                    let presence = condition.map_or(Presence::Always, Presence::Possible);
                    let span = entry.key_span;
                    found.push(Route { method, path, authorization, scheme, api_key, operation, span, presence });
                });
            }
        });
    }
    found
}

/// The key of an operation as a method in upper case, `ANY` for every method; `None` for other keys of a path.
pub fn method(key: &str) -> Option<Arc<str>> {
    if key.eq_ignore_ascii_case(ANY) || key.eq_ignore_ascii_case("any") {
        return Some("ANY".into());
    }
    let known = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"];
    known.into_iter().find(|name| key.eq_ignore_ascii_case(name)).map(Arc::from)
}

/// Who is let in.
struct Access {
    authorization: Node,
    scheme: Option<(Arc<str>, Node)>,
    api_key: Option<Node>,
}

/// How an operation tells its callers apart, and whether it requires a key: its own `security` and
/// `x-amazon-apigateway-auth`. Whether API Gateway heeds `security` at the document's root is not documented well
/// enough to rely on (2026-11): an operation that has nothing else is then unknown.
fn access(body: &Node, operation: &Node, entry: &Entry) -> Access {
    let security = operation.get("security").filter(|security| !security.is_absent());
    let root = body.get("security").filter(|security| security.as_unknown().is_some() || !security.items().is_empty());
    if let (None, Some(root)) = (security, root.filter(|_| operation.get("x-amazon-apigateway-auth").is_none())) {
        let unknown = Node::unknown(UnknownKind::Lookup, "security at the root of the document", root.span);
        return Access { authorization: unknown, scheme: None, api_key: None };
    }
    let mut authorization = None;
    let mut known_by = None;
    let mut api_key = None;
    for requirement in security.map(Node::items_or_self).unwrap_or_default() {
        if !matches!(requirement.value, Value::Map(_)) {
            authorization.get_or_insert_with(|| unclear(requirement));
        }
        for scheme in requirement.entries() {
            match scheme_type(body, &scheme.key) {
                Some("API_KEY") => api_key = Some(Node::bool(true, scheme.key_span)),
                Some("OFF") => {}
                Some(kind) => {
                    authorization.get_or_insert_with(|| Node::string(kind, scheme.key_span));
                    known_by.get_or_insert_with(|| (scheme.key.clone(), scheme.value.clone()));
                }
                None => {
                    let unknown = Node::unknown(UnknownKind::Lookup, scheme.key.clone(), scheme.key_span);
                    authorization.get_or_insert(unknown);
                }
            }
        }
    }
    let extension = operation.get("x-amazon-apigateway-auth").and_then(|auth| auth.get("type"));
    if let Some(declared) = extension {
        let written = declared.as_text().map(|text| text.to_ascii_uppercase());
        authorization = match written {
            Some(text) => Some(Node::string(text, declared.span)),
            None => Some(unclear(declared)),
        };
        known_by = None;
    }
    if operation.as_unknown().is_some() {
        authorization = Some(unclear(operation));
    }
    let authorization = authorization.unwrap_or_else(|| Node::string("NONE", entry.key_span));
    Access { authorization, scheme: known_by, api_key }
}

/// An unknown value in place of one that is not understood, with its own reason where it has one.
fn unclear(node: &Node) -> Node {
    let reason = || Unknown::new(UnknownKind::Expression, node.to_string());
    Node::new(Value::Unknown(node.as_unknown().cloned().unwrap_or_else(reason)), node.span)
}
