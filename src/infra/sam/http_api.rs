//! `AWS::Serverless::HttpApi`: the HTTP API with its document, stage, domain and authorizers.

use super::api::{Api, tags};
use super::auth;
use super::domain;
use super::function::s3_location;
use super::id;
use super::output::{Output, Source};
use super::shape::{Object, append, change};
use crate::infra::openapi::ApiKind;
use crate::syntax::{Node, Value};

/// The properties of the stage that keep their name and shape.
const STAGE: &[&str] = &["StageVariables", "AccessLogSettings", "DefaultRouteSettings", "RouteSettings"];

/// Adds everything that an HTTP API becomes, and finishes its document.
pub(super) fn lower(out: &mut Output<'_>, api: &mut Api) {
    let source = &api.source;
    let span = source.origin.span;
    if let Some(document) = &mut api.body {
        finish(document, source);
    }
    let location = source.get("DefinitionUri").map(|uri| s3_location(uri, ["Bucket", "Key", "Version"]));
    let properties = Object::new(source.properties().span)
        .maybe("Body", api.body.clone())
        .maybe("BodyS3Location", location)
        .copy(source.properties(), &["FailOnWarnings"])
        .node();
    out.lower(source, "AWS::ApiGatewayV2::Api", properties);
    auth::permit(out, source, ApiKind::Http);
    domain::http(out, source);
    stage(out, source, span);
}

fn stage(out: &mut Output<'_>, source: &Source, span: crate::source::Span) {
    let id = &source.origin.id;
    let default = Node::string("$default", span);
    let name = source.get("StageName");
    let stage_id = match name.map(|name| name.as_text().filter(|_| out.is_written(name))) {
        None | Some(Some("$default")) => format!("{id}ApiGatewayDefaultStage"),
        Some(Some(name)) if name.chars().all(char::is_alphanumeric) => format!("{id}{name}Stage"),
        Some(Some(name)) => id::hashed(&format!("{id}Stage"), name),
        Some(None) => format!("{id}Stage"),
    };
    let mut tags = tags(source).cloned().unwrap_or_else(|| Object::new(span).node());
    tags.set("httpapi:createdBy", span, Node::string("SAM", span));
    let stage = Object::new(span)
        .put("ApiId", Node::reference(id.clone(), "", span))
        .put("StageName", name.cloned().unwrap_or(default))
        .copy(source.properties(), STAGE)
        .put("AutoDeploy", Node::bool(true, span))
        .put("Tags", tags)
        .node();
    out.generate(&source.origin, "AWS::ApiGatewayV2::Stage", stage_id.clone(), stage);
    out.names.insert(format!("{id}.Stage"), stage_id.into());
}

/// Writes into the document what the API's properties say of all its operations.
fn finish(document: &mut Node, source: &Source) {
    if !matches!(document.value, Value::Map(_)) {
        return;
    }
    let span = source.origin.span;
    if let Some(cors) = source.get("CorsConfiguration") {
        document.set("x-amazon-apigateway-cors", cors.span, origins(cors));
    }
    let none = Object::new(span).node();
    auth::of_api(document, source.get("Auth").unwrap_or(&none), ApiKind::Http);
    if let Some(disable) = source.get("DisableExecuteApiEndpoint") {
        let endpoint = Object::new(disable.span).put("disableExecuteApiEndpoint", disable.clone()).node();
        let server = Object::new(disable.span).put("x-amazon-apigateway-endpoint-configuration", endpoint).node();
        append(document, "servers", server);
    }
    change(document, "info", Object::new(span).node(), |info| {
        for (property, key) in [("Name", "title"), ("Description", "description")] {
            if let Some(value) = source.get(property) {
                info.set(key, value.span, value.clone());
            }
        }
    });
}

/// The sharing rules under the names that OpenAPI has; `true` allows every origin.
fn origins(cors: &Node) -> Node {
    let any = || Node::list(vec![Node::string("*", cors.span)], cors.span);
    match &cors.value {
        Value::Map(entries) => {
            let lower =
                |key: &str| key.chars().take(1).flat_map(char::to_lowercase).chain(key.chars().skip(1)).collect();
            let pairs = entries.iter().map(|entry| {
                let key: String = lower(&entry.key);
                (key, entry.value.clone())
            });
            Node::map(pairs, cors.span)
        }
        _ if cors.as_bool() == Some(true) => Object::new(cors.span).put("allowOrigins", any()).node(),
        _ => Object::new(cors.span).put("allowOrigins", cors.clone()).node(),
    }
}
