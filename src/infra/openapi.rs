//! The routes of an OpenAPI 2 or 3 document as API Gateway imports it, each with how its callers are told apart.

use crate::model::{Presence, Resource};
use crate::source::Span;
use crate::syntax::{Entry, Node, Unknown, UnknownKind, Value};
use std::collections::HashSet;
use std::sync::Arc;

/// The key of the properties that marks a record which is derived for the rules and was never a resource.
pub const DERIVED: &str = "__Derived";
/// The key under which the record of a REST method holds its path.
pub const PATH: &str = "__Path";

/// Conditions within conditions beyond which a document is not followed.
const MAX_DEPTH: usize = 16;

/// API Gateway's name of the method that stands for every method.
const ANY: &str = "x-amazon-apigateway-any-method";

/// The two kinds of API that import such documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApiKind {
    /// A REST API: its routes are methods.
    Rest,
    /// An HTTP API.
    Http,
}

/// One route of a document.
#[derive(Debug, Clone)]
pub struct Route {
    /// In upper case; `ANY` for every method.
    pub method: Arc<str>,
    /// As it is written, `/pets/{id}`, or `$default`.
    pub path: Arc<str>,
    /// `NONE`, `AWS_IAM`, `COGNITO_USER_POOLS`, `CUSTOM` or `JWT`, or unknown.
    pub authorization: Node,
    /// Whether a key of a usage plan is required; `None` where the document does not say it.
    pub api_key: Option<Node>,
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
        branches(&path.value, &Presence::Always, 0, &mut |item, presence| {
            for entry in item.entries() {
                let Some(method) = method(&entry.key) else { continue };
                branches(&entry.value, presence, 0, &mut |operation, presence| {
                    let (authorization, api_key) = access(body, operation, entry);
                    let (path, method) = (path.key.clone(), method.clone());
                    let presence = presence.clone();
                    found.push(Route { method, path, authorization, api_key, span: entry.key_span, presence });
                });
            }
        });
    }
    found
}

/// Adds after each API with a document of its own (`Body`) a record of each of its routes, for rules to judge like
/// methods and routes; an API whose records are there already gets none.
pub fn add_routes(resources: &mut Vec<Resource>) {
    let known: HashSet<Arc<str>> = resources
        .iter()
        .filter(|resource| resource.properties.get(DERIVED).is_some())
        .filter_map(|resource| resource.property("RestApiId").or_else(|| resource.property("ApiId")))
        .filter_map(|api| api.as_reference().map(|reference| reference.resource.clone()))
        .collect();
    let mut all = Vec::with_capacity(resources.len());
    for resource in resources.drain(..) {
        let kind = match &*resource.kind {
            "AWS::ApiGateway::RestApi" => Some(ApiKind::Rest),
            "AWS::ApiGatewayV2::Api" => Some(ApiKind::Http),
            _ => None,
        };
        let body = resource.property("Body").filter(|_| !known.contains(&resource.id));
        let records: Vec<Resource> = match (kind, body) {
            (Some(kind), Some(body)) => routes(body).iter().map(|route| record(route, kind, &resource)).collect(),
            _ => Vec::new(),
        };
        all.push(resource);
        all.extend(records);
    }
    *resources = all;
}

/// The record of one route.
pub fn record(route: &Route, kind: ApiKind, api: &Resource) -> Resource {
    let span = route.span;
    let id = format!("{}/{}/{}", api.id, route.method, route.path);
    let path = Node::string(route.path.clone(), span);
    let text = |text: &str| Node::string(text, span);
    let api_id = Node::reference(api.id.clone(), "", span);
    let mut properties = Node::map([("AuthorizationType", route.authorization.clone())], span);
    let kind = match kind {
        ApiKind::Rest => {
            properties.set("RestApiId", span, api_id);
            properties.set("HttpMethod", span, text(&route.method));
            properties.set("ApiKeyRequired", span, route.api_key.clone().unwrap_or_else(|| Node::bool(false, span)));
            properties.set(PATH, span, path);
            "AWS::ApiGateway::Method"
        }
        ApiKind::Http => {
            properties.set("ApiId", span, api_id);
            let key = match (&*route.method, &*route.path) {
                ("ANY", "$default" | "/$default") => "$default".to_owned(),
                (method, path) => format!("{method} {path}"),
            };
            properties.set("RouteKey", span, text(&key));
            "AWS::ApiGatewayV2::Route"
        }
    };
    properties.set(DERIVED, span, Node::bool(true, span));
    let mut record = Resource::new(kind, id, properties, span);
    record.generated_from = Some(api.name.clone());
    record.presence = api.presence.and(&route.presence);
    record.region = api.region.clone();
    record.calls = api.calls.clone();
    record
}

/// The key of an operation as a method in upper case, `ANY` for every method; `None` for other keys of a path.
pub fn method(key: &str) -> Option<Arc<str>> {
    if key.eq_ignore_ascii_case(ANY) || key.eq_ignore_ascii_case("any") {
        return Some("ANY".into());
    }
    let known = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"];
    known.into_iter().find(|name| key.eq_ignore_ascii_case(name)).map(Arc::from)
}

/// Calls `visit` with every value that this one may be, and whether it is there for certain.
fn branches(node: &Node, presence: &Presence, depth: usize, visit: &mut dyn FnMut(&Node, &Presence)) {
    match &node.value {
        Value::Either { condition, then, otherwise } if depth < MAX_DEPTH => {
            let possible = presence.and(&Presence::Possible(condition.clone()));
            branches(then, &possible, depth + 1, visit);
            branches(otherwise, &possible, depth + 1, visit);
        }
        Value::Absent => {}
        _ => visit(node, presence),
    }
}

/// How an operation tells its callers apart, and whether it requires a key: its own `security` and
/// `x-amazon-apigateway-auth`. Whether API Gateway heeds `security` at the document's root is not documented well
/// enough to rely on (2026-11): an operation that has nothing else is then unknown.
fn access(body: &Node, operation: &Node, entry: &Entry) -> (Node, Option<Node>) {
    let security = operation.get("security").filter(|security| !security.is_absent());
    let root = body.get("security").filter(|security| security.as_unknown().is_some() || !security.items().is_empty());
    if let (None, Some(root)) = (security, root.filter(|_| operation.get("x-amazon-apigateway-auth").is_none())) {
        let unknown = Node::unknown(UnknownKind::Lookup, "security at the root of the document", root.span);
        return (unknown, None);
    }
    let mut authorization = None;
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
    }
    if operation.as_unknown().is_some() {
        authorization = Some(unclear(operation));
    }
    (authorization.unwrap_or_else(|| Node::string("NONE", entry.key_span)), api_key)
}

/// An unknown value in place of one that is not understood, with its own reason where it has one.
fn unclear(node: &Node) -> Node {
    let reason = || Unknown::new(UnknownKind::Expression, node.to_string());
    Node::new(Value::Unknown(node.as_unknown().cloned().unwrap_or_else(reason)), node.span)
}

/// What a security scheme of the document is to API Gateway; `None` where it is not defined there.
fn scheme_type(body: &Node, name: &str) -> Option<&'static str> {
    if name == "NONE" || name == "api_key_false" {
        return Some("OFF");
    }
    let defined = body.get("securityDefinitions").and_then(|all| all.get(name));
    let scheme = defined.or_else(|| body.at("components.securitySchemes").and_then(|all| all.get(name)))?;
    let authorizer = scheme.get("x-amazon-apigateway-authorizer");
    let text = |node: Option<&Node>, key: &str| {
        node.and_then(|node| node.get(key)).and_then(Node::as_text).map(str::to_ascii_lowercase)
    };
    let auth_type = text(Some(scheme), "x-amazon-apigateway-authtype");
    match (auth_type.as_deref(), text(authorizer, "type").as_deref()) {
        (Some("awssigv4"), _) => Some("AWS_IAM"),
        (_, Some("cognito_user_pools")) | (Some("cognito_user_pools"), _) => Some("COGNITO_USER_POOLS"),
        (_, Some("jwt")) => Some("JWT"),
        (_, Some("request" | "token")) | (Some("custom"), _) => Some("CUSTOM"),
        (None, None) => match text(Some(scheme), "type").as_deref() {
            Some("apikey") if text(Some(scheme), "name").as_deref() == Some("x-api-key") => Some("API_KEY"),
            // A scheme that names no authorizer is documentation only: API Gateway lets everybody in.
            Some(_) if authorizer.is_none() => Some("OFF"),
            _ => None,
        },
        _ => None,
    }
}
