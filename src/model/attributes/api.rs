//! APIs: REST methods and HTTP or WebSocket routes.

use super::reader::{Found, Reader, not_literal};
use super::{Record, ResourceType};
use crate::iam::{document, public};
use crate::model::entity::{Read, bool, string};
use crate::model::{Entity, EntityType, Verb};
use crate::syntax::{Node, Unknown, UnknownKind};
use std::sync::Arc;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] =
    &[ResourceType::read_by(&[&METHOD], method), ResourceType::read_by(&[&ROUTE], route)];

/// `AWS::ApiGateway::Method`.
pub const METHOD: EntityType = EntityType {
    name: "AWS::ApiGateway::Method",
    verb: Verb::Deploy,
    about: "A method of a REST API.",
    attributes: &[
        string("route", "Method and path, `GET /orders`."),
        string("authorization", "`NONE`, `AWS_IAM`, `CUSTOM` or `COGNITO_USER_POOLS`."),
        bool("preflight", "Whether it is the OPTIONS method that answers a browser's preflight request."),
        bool("apiKeyRequired", "Whether it asks for an API key."),
        bool(
            "api.private",
            "Whether the API can only be reached inside a VPC, or a resource policy keeps strangers out.",
        ),
    ],
};

/// `AWS::ApiGatewayV2::Route`.
pub const ROUTE: EntityType = EntityType {
    name: "AWS::ApiGatewayV2::Route",
    verb: Verb::Deploy,
    about: "A route of an HTTP or WebSocket API.",
    attributes: &[
        string("route", "The route key, `GET /orders` or `$connect`."),
        string("authorization", "`NONE`, `AWS_IAM`, `JWT` or `CUSTOM`."),
        bool("preflight", "Whether it only answers a browser's preflight request."),
        bool("authorizable", "Whether an authorizer can be put on it: of a WebSocket API only `$connect` takes one."),
    ],
};

/// A method.
pub fn method(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = Entity::new(&METHOD, reader.resource.name.clone());
    let verb = reader.text("HttpMethod").map(|verb| verb.unwrap_or_else(|| "ANY".into()));
    let route = match (&verb.value, path(reader)) {
        (Ok(verb), Some(path)) => format!("{} {path}", verb.to_uppercase()),
        (Ok(verb), None) => verb.to_uppercase(),
        (Err(reason), _) => format!("${{{}}}", reason.what),
    };
    entity.put("route", Read::default(route.clone()));
    entity.put("authorization", authorization(reader));
    entity.put("preflight", verb.map(|verb| verb.eq_ignore_ascii_case("OPTIONS")));
    entity.put("apiKeyRequired", reader.flag("ApiKeyRequired", false));
    entity.put("api.private", private(reader));
    let mut record = Record::new(reader, entity);
    record.detail = route;
    vec![record]
}

/// A route.
pub fn route(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = Entity::new(&ROUTE, reader.resource.name.clone());
    let key = reader.text("RouteKey").map(Option::unwrap_or_default);
    let route = key.value.clone().unwrap_or_else(|reason| format!("${{{}}}", reason.what).into());
    entity.put("route", Read::default(route.clone()));
    entity.put("authorization", authorization(reader));
    entity.put("preflight", key.clone().map(|key| key.starts_with("OPTIONS ")));
    let websocket = reader
        .target("ApiId", "AWS::ApiGatewayV2::Api")
        .map(|api| Reader { resource: api, ..*reader }.text("ProtocolType"));
    let authorizable = match websocket {
        Some(protocol) => match (protocol.value, key.value) {
            (Ok(protocol), Ok(key)) => Read::default(protocol.as_deref() != Some("WEBSOCKET") || &*key == "$connect"),
            (Err(reason), _) | (_, Err(reason)) => Read::unknown(reason, None),
        },
        // Without the API in sight its protocol shows in the key: HTTP keys are `METHOD /path` or `$default`.
        None => key.map(|key| key.contains(' ') || &*key == "$default" || &*key == "$connect"),
    };
    entity.put("authorizable", authorizable);
    let mut record = Record::new(reader, entity);
    record.detail = route.to_string();
    vec![record]
}

fn authorization(reader: &Reader<'_>) -> Read<Arc<str>> {
    reader.text("AuthorizationType").map(|kind| kind.map_or_else(|| "NONE".into(), |kind| kind.to_uppercase().into()))
}

/// The path of a method, from the reader's format or up the chain of resources.
fn path(reader: &Reader<'_>) -> Option<String> {
    if let Some(path) = reader.resource.property("__Path").and_then(Node::as_text) {
        return Some(path.to_owned());
    }
    let mut parts: Vec<String> = Vec::new();
    let Found::Written(node) = reader.find("ResourceId") else { return None };
    let level = |kind: &str| matches!(kind, "AWS::ApiGateway::Resource" | "AWS::ApiGateway::RestApi");
    let mut at = reader.project.named_of(node, level)?;
    // A chain that loops ends here: API Gateway allows far fewer levels.
    for _ in 0..64 {
        if &*at.kind != "AWS::ApiGateway::Resource" {
            break;
        }
        parts.push(at.property("PathPart")?.to_string());
        at = reader.project.named_of(at.property("ParentId")?, level)?;
    }
    parts.reverse();
    Some(format!("/{}", parts.join("/")))
}

/// Whether the API of a method is private, or has a resource policy that keeps strangers out.
fn private(reader: &Reader<'_>) -> Read<bool> {
    let api = match reader.find("RestApiId") {
        Found::Absent => return Read::default(false),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => match reader.project.named_of(node, |kind| kind == "AWS::ApiGateway::RestApi") {
            Some(api) => api,
            None => {
                let reason = Unknown::new(UnknownKind::Other, format!("the API {node} is not in the project"));
                return Read::unknown(reason, Some(node.span));
            }
        },
    };
    let api = Reader { resource: api, ..*reader };
    let policy = narrowed(&api);
    if matches!(policy.value, Ok(true)) {
        return policy;
    }
    match api.find("EndpointConfiguration.Types") {
        Found::Written(types) => {
            let kinds = || types.items_or_self().iter();
            let open = kinds().find(|kind| kind.as_text().is_none());
            match (kinds().any(|kind| kind.as_text() == Some("PRIVATE")), open) {
                (false, Some(open)) => Read::unknown(not_literal(open), Some(open.span)),
                (private, _) => Read::at(private, types.span),
            }
        }
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Absent => policy,
    }
}

/// Whether a resource policy lets in nobody but callers that it names or limits.
fn narrowed(api: &Reader<'_>) -> Read<bool> {
    let (policy, span) = match api.find("Policy") {
        Found::Written(node) => (document::read(node).0, node.span),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Absent => return Read::default(false),
    };
    let mut unknown = policy.unknown.first().map(|(reason, _)| reason.clone());
    for statement in &policy.statements {
        match public::lets_in_anyone(statement, &policy) {
            Ok(true) => return Read::at(false, span),
            Ok(false) => {}
            Err(reason) => unknown = Some(reason),
        }
    }
    unknown.map_or(Read::at(true, span), |reason| Read::unknown(reason, Some(span)))
}
