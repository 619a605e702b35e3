//! `AWS::Serverless::WebSocketApi`: the API, its routes and integrations, its authorizer, stage and domain.

use super::auth::{invocation, permit_authorizer};
use super::domain;
use super::output::{Output, Permission, Source, Target};
use super::shape::{Object, arn, literal, parts_of, present, reference, text};
use crate::syntax::{Entry, Node};

/// The properties that keep their name and shape.
const KEPT: &[&str] = &[
    "ApiKeySelectionExpression",
    "Description",
    "DisableExecuteApiEndpoint",
    "DisableSchemaValidation",
    "IpAddressType",
    "RouteSelectionExpression",
];

/// The settings of a route that keep their name and shape.
const ROUTE: &[&str] = &[
    "ApiKeyRequired",
    "ModelSelectionExpression",
    "OperationName",
    "RequestModels",
    "RequestParameters",
    "RouteResponseSelectionExpression",
];

/// Adds everything that a WebSocket API becomes.
pub(super) fn lower(out: &mut Output<'_>, source: &Source) {
    let span = source.origin.span;
    let id = &source.origin.id;
    let mut tags = source.get("Tags").cloned().unwrap_or_else(|| Object::new(span).node());
    tags.set("websocketapi:createdBy", span, Node::string("SAM", span));
    let name = source.get("Name").cloned().unwrap_or_else(|| Node::string(source.origin.name.clone(), span));
    let api = Object::new(source.properties().span)
        .copy(source.properties(), KEPT)
        .put("Name", name)
        .text("ProtocolType", "WEBSOCKET")
        .put("Tags", tags)
        .node();
    out.lower(source, "AWS::ApiGatewayV2::Api", api);
    let stage = source.get("StageName").cloned().unwrap_or_else(|| Node::string("default", span));
    for entry in source.get("Routes").map(Node::entries).unwrap_or_default() {
        route(out, source, entry, &stage);
    }
    domain::http(out, source);
    let stage_id = match stage.as_text().filter(|_| source.get("StageName").is_none_or(|name| out.is_written(name))) {
        Some("default") => format!("{id}DefaultStage"),
        Some(name) => format!("{id}{name}Stage"),
        None => format!("{id}Stage"),
    };
    let properties = Object::new(span)
        .put("ApiId", Node::reference(id.clone(), "", span))
        .put("StageName", stage)
        .copy(source.properties(), &["StageVariables", "AccessLogSettings", "DefaultRouteSettings", "RouteSettings"])
        .put("AutoDeploy", Node::bool(true, span))
        .node();
    out.generate(&source.origin, "AWS::ApiGatewayV2::Stage", stage_id.clone(), properties);
    out.names.insert(format!("{id}.Stage"), stage_id.into());
    authorizer(out, source);
}

/// One route: the route itself, its integration, and the permission to call the function.
fn route(out: &mut Output<'_>, source: &Source, entry: &Entry, stage: &Node) {
    let span = entry.key_span;
    let origin = source.origin.at(span);
    let id = &origin.id;
    let plain = entry.key.trim_start_matches('$').to_lowercase();
    let mut letters = plain.chars();
    let readable: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let base = format!("{id}{readable}");
    let integration = format!("{base}Integration");
    let target = Node::template(vec![literal("integrations/"), reference(&integration, "")], span);
    let auth = source.get("Auth").filter(|_| &*entry.key == "$connect");
    let kind = auth.and_then(|auth| present(auth, "AuthType"));
    let custom = kind.and_then(Node::as_text) == Some("CUSTOM");
    let authorizer = custom.then(|| Node::reference(format!("{id}ConnectAuthorizer"), "", span));
    let properties = Object::new(span)
        .put("RouteKey", Node::string(entry.key.clone(), span))
        .put("ApiId", Node::reference(id.clone(), "", span))
        .copy(&entry.value, ROUTE)
        .maybe("AuthorizationType", kind.cloned())
        .maybe("AuthorizerId", authorizer)
        .put("Target", target)
        .node();
    out.generate(&origin, "AWS::ApiGatewayV2::Route", format!("{base}Route"), properties);
    let Some(function) = present(&entry.value, "FunctionArn") else {
        out.refuse(span, format!("the route {} of {} names no function", entry.key, origin.name));
        return;
    };
    let properties = Object::new(span)
        .put("ApiId", Node::reference(id.clone(), "", span))
        .text("IntegrationType", "AWS_PROXY")
        .put("IntegrationUri", invocation(function))
        .maybe("TimeoutInMillis", present(&entry.value, "IntegrationTimeout").cloned())
        .node();
    out.generate(&origin, "AWS::ApiGatewayV2::Integration", integration, properties);
    let mut resource = vec![reference(id, "ApiId"), literal("/")];
    resource.extend(parts_of(stage));
    resource.push(literal(&format!("/{}", entry.key)));
    let conditions =
        Object::new(span).put("FunctionName", function.clone()).put("SourceArn", arn("execute-api", resource, span));
    let target = Target { id: id.clone(), arn: "", machine: false };
    let (id, principal) = (format!("{base}Permission"), "apigateway.amazonaws.com");
    out.permit(&origin, Permission { id, principal, target: &target, conditions });
}

/// The authorizer of `$connect`, where the API has its own, and the permission to call it.
fn authorizer(out: &mut Output<'_>, source: &Source) {
    let Some(auth) = source.get("Auth").filter(|auth| text(auth, "AuthType") == Some("CUSTOM")) else { return };
    let Some(function) = present(auth, "AuthArn") else { return };
    let origin = source.origin.at(auth.span);
    let id = format!("{}ConnectAuthorizer", origin.id);
    let name = present(auth, "Name").cloned().unwrap_or_else(|| Node::string(id.as_str(), auth.span));
    let properties = Object::new(auth.span)
        .put("ApiId", Node::reference(origin.id.clone(), "", auth.span))
        .maybe("AuthorizerCredentialsArn", present(auth, "InvokeRole").cloned())
        .text("AuthorizerType", "REQUEST")
        .put("AuthorizerUri", invocation(function))
        .copy(auth, &["IdentitySource"])
        .put("Name", name)
        .node();
    out.generate(&origin, "AWS::ApiGatewayV2::Authorizer", id, properties);
    if present(auth, "InvokeRole").is_none() {
        permit_authorizer(out, source, format!("{}AuthorizerPermission", origin.id), function, auth.span);
    }
}
