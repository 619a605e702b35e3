//! What a document says of the API itself: API Gateway sets it on import.

use super::shape::{ApiKind, IMPORTED, each, renamed};
use crate::model::Resource;
use crate::source::Span;
use crate::syntax::{Node, Unknown, UnknownKind, Value};

/// The key of where an API is reached, on the document (OpenAPI 2) or on a server (OpenAPI 3).
const ENDPOINT: &str = "x-amazon-apigateway-endpoint-configuration";

/// Gives an API the properties that its document sets and its template does not
/// (API Gateway Developer Guide, OpenAPI extensions, 2026-11), with a list of their names under [`IMPORTED`].
///
/// Of a document that is not known it is not known whether it sets them.
pub(super) fn import(api: &mut Resource, kind: ApiKind, body: &Node) {
    let mut set = Vec::new();
    let mut give = |property: &'static str, key_span: Span, value: Node| {
        if api.property(property).is_none() {
            api.properties.set(property, key_span, value);
            set.push(Node::string(property, key_span));
        }
    };
    let own = match kind {
        ApiKind::Rest => &["Policy", "EndpointConfiguration", "DisableExecuteApiEndpoint", "BinaryMediaTypes"][..],
        ApiKind::Http => &["CorsConfiguration", "DisableExecuteApiEndpoint"],
    };
    match &body.value {
        Value::Map(_) => said(body, kind, &mut give),
        Value::Absent | Value::Null => {}
        _ => {
            let reason = || Unknown::new(UnknownKind::Other, "the API's document is not known");
            let reason = body.as_unknown().cloned().unwrap_or_else(reason);
            for property in own {
                give(property, body.span, Node::new(Value::Unknown(reason.clone()), body.span));
            }
        }
    }
    if !set.is_empty() {
        let span = api.span;
        api.properties.set(IMPORTED, span, Node::list(set, span));
    }
}

fn said(body: &Node, kind: ApiKind, give: &mut dyn FnMut(&'static str, Span, Node)) {
    let mut take = |from: &Node, key: &str, property: &'static str| {
        if let Some(entry) = from.entry(key).filter(|entry| !entry.value.is_absent()) {
            give(property, entry.key_span, entry.value.clone());
        }
    };
    if let Some(info) = body.get("info") {
        take(info, "title", "Name");
        take(info, "description", "Description");
    }
    let mut endpoints: Vec<&Node> = body.get(ENDPOINT).into_iter().collect();
    endpoints
        .extend(body.get("servers").map(Node::items).unwrap_or_default().iter().filter_map(|one| one.get(ENDPOINT)));
    for endpoint in &endpoints {
        take(endpoint, "disableExecuteApiEndpoint", "DisableExecuteApiEndpoint");
    }
    match kind {
        ApiKind::Rest => {
            take(body, "x-amazon-apigateway-policy", "Policy");
            take(body, "x-amazon-apigateway-binary-media-types", "BinaryMediaTypes");
            take(body, "x-amazon-apigateway-minimum-compression-size", "MinimumCompressionSize");
            take(body, "x-amazon-apigateway-api-key-source", "ApiKeySourceType");
            let names = [("types", "Types"), ("vpcEndpointIds", "VpcEndpointIds"), ("ipAddressType", "IpAddressType")];
            for endpoint in endpoints {
                let made = renamed(endpoint, &names);
                if !made.entries().is_empty() {
                    give("EndpointConfiguration", endpoint.span, made);
                }
            }
        }
        ApiKind::Http => {
            let names = [
                ("allowOrigins", "AllowOrigins"),
                ("allowCredentials", "AllowCredentials"),
                ("allowHeaders", "AllowHeaders"),
                ("allowMethods", "AllowMethods"),
                ("exposeHeaders", "ExposeHeaders"),
                ("maxAge", "MaxAge"),
            ];
            if let Some(cors) = body.entry("x-amazon-apigateway-cors").filter(|entry| !entry.value.is_absent()) {
                let made = each(&cors.value, &mut |cors| renamed(cors, &names));
                give("CorsConfiguration", cors.key_span, made);
            }
            let span = body.span;
            give("ProtocolType", span, Node::string("HTTP", span));
        }
    }
}
