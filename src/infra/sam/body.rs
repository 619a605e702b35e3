//! The OpenAPI document that SAM writes for an API: paths, integrations, security, preflight requests.

use super::shape::{Object, change, json, present};
use crate::infra::openapi::ApiKind;
use crate::source::Span;
use crate::syntax::{Node, Part, Unknown, UnknownKind, Value};
use serde_json::json;

/// API Gateway's name of the method that stands for every method.
pub(super) const ANY: &str = "x-amazon-apigateway-any-method";
/// What marks an operation as one that API Gateway serves.
const INTEGRATION: &str = "x-amazon-apigateway-integration";
/// Conditions within conditions beyond which a document is not followed.
const MAX_DEPTH: usize = 16;

/// A document without paths.
pub(super) fn skeleton(kind: ApiKind, span: Span) -> Node {
    let title = Part::Unknown(Unknown::new(UnknownKind::Pseudo, "AWS::StackName"));
    let info = Object::new(span).text("version", "1.0").put("title", Node::template(vec![title], span)).node();
    let document = match kind {
        ApiKind::Rest => Object::new(span).text("swagger", "2.0"),
        ApiKind::Http => Object::new(span).text("openapi", "3.0.1"),
    };
    document.put("info", info).put("paths", Object::new(span).node()).node()
}

/// The name of a method in a document.
pub(super) fn method_name(method: &str) -> String {
    let lower = method.to_lowercase();
    if lower == "any" { ANY.to_owned() } else { lower }
}

/// Adds an operation where there is none with an integration; false where there is one.
pub(super) fn add(body: &mut Node, path: &str, method: &str, span: Span, operation: Node) -> bool {
    let empty = || Object::new(span).node();
    let mut added = true;
    let insert = |item: &mut Node| {
        if item.get(method).is_some_and(|known| known.get(INTEGRATION).is_some() || known.as_unknown().is_some()) {
            added = false;
            return;
        }
        let mut merged = item.get(method).filter(|known| !known.is_absent()).cloned().unwrap_or_else(empty);
        match operation.value {
            Value::Map(entries) => entries.into_iter().for_each(|one| merged.set(one.key, one.key_span, one.value)),
            value => merged = Node::new(value, operation.span),
        }
        item.set(method, span, merged);
    };
    change(body, "paths", empty(), |paths| change(paths, path, empty(), insert));
    added
}

/// An integration that calls a function.
pub(super) fn proxy(uri: Node, kind: ApiKind, extra: &[(&str, &str)]) -> Node {
    let mut integration = Object::new(uri.span).text("type", "aws_proxy").text("httpMethod", "POST");
    if kind == ApiKind::Http {
        integration = integration.text("payloadFormatVersion", "2.0");
    }
    let span = uri.span;
    let integration = integration.put("uri", uri);
    let mut integration = integration.node();
    for (key, value) in extra {
        integration.set(*key, span, Node::string(*value, span));
    }
    Object::new(span).put(INTEGRATION, integration).put("responses", Object::new(span).node()).node()
}

/// Calls `visit` with every operation that API Gateway serves: its path, its method and itself.
pub(super) fn each_operation(body: &mut Node, visit: &mut dyn FnMut(&str, &str, &mut Node)) {
    let Some(paths) = entries_mut(body).and_then(|all| all.iter_mut().find(|entry| &*entry.key == "paths")) else {
        return;
    };
    for path in entries_mut(&mut paths.value).into_iter().flatten() {
        let name = path.key.clone();
        branches(&mut path.value, 0, &mut |item| {
            for entry in entries_mut(item).into_iter().flatten() {
                let method = entry.key.clone();
                branches(&mut entry.value, 0, &mut |operation| {
                    if operation.get(INTEGRATION).is_some() {
                        visit(&name, &method, operation);
                    }
                });
            }
        });
    }
}

/// Calls `visit` with the operations of one path and method.
pub(super) fn operation(body: &mut Node, path: &str, method: &str, visit: &mut dyn FnMut(&mut Node)) {
    each_operation(body, &mut |known, name, operation| {
        if known == path && name == method {
            visit(operation);
        }
    });
}

/// Adds one requirement to the `security` of an operation.
pub(super) fn require(operation: &mut Node, scheme: &str, scopes: Option<&Node>, span: Span) {
    let scopes = scopes.cloned().unwrap_or_else(|| Node::list(Vec::new(), span));
    let requirement = Object::new(span).put(scheme, Node::new(scopes.value, span)).node();
    super::shape::append(operation, "security", requirement);
}

/// The names of the schemes that an operation requires.
pub(super) fn schemes(operation: &Node) -> Vec<String> {
    let requirements = operation.get("security").map(Node::items).unwrap_or_default();
    requirements.iter().flat_map(Node::entries).map(|entry| entry.key.to_string()).collect()
}

/// Takes a scheme out of the `security` of an operation; whether it was there.
pub(super) fn forgo(operation: &mut Node, scheme: &str) -> bool {
    let Some(entries) = entries_mut(operation) else { return false };
    let Some(security) = entries.iter_mut().find(|entry| &*entry.key == "security") else { return false };
    let Value::List(items) = &mut security.value.value else { return false };
    let before = items.len();
    items.retain(|item| item.get(scheme).is_none());
    let changed = items.len() != before;
    if items.is_empty() {
        entries.retain(|entry| &*entry.key != "security");
    }
    changed
}

/// Adds the answers to preflight requests (`Cors` of a REST API), one to each path without its own.
pub(super) fn preflight(body: &mut Node, cors: &Node) {
    let span = cors.span;
    let Some(paths) = entries_mut(body).and_then(|all| all.iter_mut().find(|entry| &*entry.key == "paths")) else {
        return;
    };
    let mut done: Vec<String> = Vec::new();
    for path in entries_mut(&mut paths.value).into_iter().flatten() {
        let plain = path.key.trim_end_matches('/').to_owned();
        if done.contains(&plain) {
            continue;
        }
        done.push(plain);
        branches(&mut path.value, 0, &mut |item| {
            if item.get("options").is_some() {
                return;
            }
            let methods = methods(item);
            let answer = answer(cors, &methods);
            item.set("options", span, answer);
        });
    }
}

/// The methods that a path answers, for the header that says so.
fn methods(item: &Node) -> String {
    let mut methods: Vec<String> = item.entries().iter().map(|entry| entry.key.to_uppercase()).collect();
    if item.get(ANY).is_some() {
        methods = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"].map(str::to_owned).to_vec();
    }
    methods.push("OPTIONS".into());
    methods.sort_unstable();
    methods.dedup();
    format!("'{}'", methods.join(","))
}

fn answer(cors: &Node, methods: &str) -> Node {
    let span = cors.span;
    let settings = matches!(cors.value, Value::Map(_));
    let setting = |key: &str| if settings { present(cors, key).cloned() } else { None };
    let origin = match settings {
        true => setting("AllowOrigin").unwrap_or_else(|| Node::string("'*'", span)),
        false => cors.clone(),
    };
    let header = |name: &str| format!("method.response.header.Access-Control-Allow-{name}");
    let credentials = setting("AllowCredentials").filter(|node| node.as_bool() == Some(true));
    let parameters = Object::new(span)
        .put(header("Origin"), origin)
        .maybe(&header("Headers"), setting("AllowHeaders"))
        .put(header("Methods"), setting("AllowMethods").unwrap_or_else(|| Node::string(methods, span)))
        .maybe("method.response.header.Access-Control-Max-Age", setting("MaxAge"))
        .maybe(&header("Credentials"), credentials.map(|node| Node::string("'true'", node.span)))
        .node();
    let response = Object::new(span).text("statusCode", "200").put("responseParameters", parameters).node();
    let integration = Object::new(span)
        .text("type", "mock")
        .put("requestTemplates", json(&json!({"application/json": "{\"statusCode\": 200}"}), span))
        .put("responses", Object::new(span).put("default", response).node());
    Object::new(span).put(INTEGRATION, integration.node()).put("responses", Object::new(span).node()).node()
}

fn entries_mut(node: &mut Node) -> Option<&mut Vec<crate::syntax::Entry>> {
    match &mut node.value {
        Value::Map(entries) => Some(entries),
        _ => None,
    }
}

/// Calls `visit` with every value that this one may be.
fn branches(node: &mut Node, depth: usize, visit: &mut dyn FnMut(&mut Node)) {
    match &mut node.value {
        Value::Either { then, otherwise, .. } if depth < MAX_DEPTH => {
            branches(then, depth + 1, visit);
            branches(otherwise, depth + 1, visit);
        }
        _ => visit(node),
    }
}
