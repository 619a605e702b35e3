//! `websocket` events: a WebSocket API with its routes, integrations and authorizers.

use super::super::naming::{normalized, websocket_route};
use super::super::output::{Output, api_of};
use super::super::service::{Event, Function, text};
use super::super::template::{Shape, arn, join, reference};
use crate::source::Span;
use crate::syntax::{Node, Value};

const API: &str = "WebsocketsApi";
const LOG_GROUP: &str = "WebsocketsLogGroup";

/// Lowers every `websocket` event.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    let Some((_, first)) = service.events("websocket").next() else {
        return;
    };
    let existing = service.provider("apiGateway.websocketApiId");
    let span = first.span;
    if existing.is_none() {
        api(out, span);
    }
    for (function, event) in service.events("websocket") {
        route(out, function, event, &api_of(existing, API, event.span));
    }
}

fn api(out: &mut Output<'_>, span: Span) {
    let service = out.service;
    let owner = service.owner("provider.websocketsApiName", span);
    let default =
        text(&[&service.stage, &Node::string("-", span), &service.name, &Node::string("-websockets", span)], span);
    let selection = service.provider("websocketsApiRouteSelectionExpression").cloned();
    let tagged = service.provider("websocket.useProviderTags").and_then(Node::as_bool) == Some(true);
    let properties = Shape::at(span)
        .with("Name", service.provider("websocketsApiName").cloned().unwrap_or(default))
        .with("RouteSelectionExpression", selection.unwrap_or_else(|| Node::string("$request.body.action", span)))
        .text("ProtocolType", "WEBSOCKET")
        .maybe("Tags", service.provider("tags").filter(|_| tagged).cloned());
    out.template.make("AWS::ApiGatewayV2::Api", API, &owner, properties.done());
    let connections = arn("arn:AWS::Partition:execute-api:*:*:*/@connections/*", &[], span);
    out.allow(&["execute-api:ManageConnections"], vec![connections], span);
    let stage = Shape::at(span).with("ApiId", reference(API, span)).with("StageName", service.stage.clone());
    let stage = logging(out, stage, span).done();
    out.template.make("AWS::ApiGatewayV2::Stage", "WebsocketsDeploymentStage", &owner, stage);
}

/// Access and execution logs, as `provider.logs.websocket` asks for them.
fn logging(out: &mut Output<'_>, stage: Shape, span: Span) -> Shape {
    let service = out.service;
    let Some(logs) = service.provider("logs.websocket").filter(|logs| logs.as_bool() != Some(false)) else {
        return stage;
    };
    let off = |key: &str| logs.get(key).and_then(Node::as_bool) == Some(false);
    let level = match (off("executionLogging"), logs.get("level")) {
        (true, _) => Node::string("OFF", logs.span),
        (_, Some(level)) => level.clone(),
        _ => Node::string("INFO", logs.span),
    };
    let full = Node::bool(!off("fullExecutionData"), logs.span);
    let routes = Shape::at(logs.span).with("DataTraceEnabled", full).with("LoggingLevel", level).done();
    let name = text(&[&Node::string("/aws/websocket/", span), &service.prefixed("", span)], span);
    out.api_log_group(LOG_GROUP, name, "provider.logs", logs.span);
    let stage = stage.with("DefaultRouteSettings", routes);
    if off("accessLogging") {
        return stage;
    }
    let group =
        arn("arn:AWS::Partition:logs:AWS::Region:AWS::AccountId:log-group:{}", &[reference(LOG_GROUP, span)], span);
    let settings = Shape::at(logs.span).with("DestinationArn", group).copy("Format", logs, "format").done();
    stage.with("AccessLogSettings", settings)
}

fn route(out: &mut Output<'_>, function: &Function, event: &Event, api: &Node) {
    let span = event.span;
    let owner = function.owner(span);
    let key = event.config.get("route").unwrap_or(&event.config).clone();
    let integration = format!("{}WebsocketsIntegration", function.normalized());
    let properties = Shape::at(span)
        .with("ApiId", api.clone())
        .text("IntegrationType", "AWS_PROXY")
        .with("IntegrationUri", invocation(function.target(span), span));
    out.template.make("AWS::ApiGatewayV2::Integration", integration.clone(), &owner, properties.done());
    let authorizer = event.config.get("authorizer").map(|given| authorizer(out, function, given, api));
    let target = join("/", vec![Node::string("integrations", span), reference(&integration, span)], span);
    let kind = event.config.get("authorizer").map_or(span, |given| given.span);
    let properties = Shape::at(span)
        .with("ApiId", api.clone())
        .with("RouteKey", key.clone())
        .with("AuthorizationType", Node::string(if authorizer.is_some() { "CUSTOM" } else { "NONE" }, kind))
        .maybe("AuthorizerId", authorizer.map(|id| reference(&id, span)))
        .with("Target", target);
    out.template.make("AWS::ApiGatewayV2::Route", websocket_route(&key.to_string()), &owner, properties.done());
    let id = format!("{}LambdaPermissionWebsockets", function.normalized());
    out.permit(id, function, "apigateway.amazonaws.com", None, span);
}

/// Makes the authorizer of a route and gives its id: a function of the service by its key, or another by its ARN.
fn authorizer(out: &mut Output<'_>, function: &Function, given: &Node, api: &Node) -> String {
    let service = out.service;
    let span = given.span;
    let (said, arn_given) = match &given.value {
        Value::Map(_) => (given.get("name"), given.get("arn")),
        _ if given.to_string().contains(':') => (None, Some(given)),
        _ => (Some(given), None),
    };
    let last = |arn: &Node| arn.to_string().rsplit(':').next().unwrap_or_default().to_owned();
    let name = match (arn_given.filter(|arn| arn.as_text().is_some()), said) {
        (Some(arn), _) => last(arn),
        (None, Some(name)) => name.to_string(),
        (None, None) => String::new(),
    };
    let id = format!("{}WebsocketsAuthorizer", normalized(&name));
    let local = service.function(&name);
    let target = match (arn_given, local) {
        (Some(arn), _) => arn.clone(),
        (None, Some(function)) => function.target(span),
        (None, None) => given.clone(),
    };
    let header = Node::list(vec![Node::string("route.request.header.Auth", span)], span);
    let properties = Shape::at(span)
        .with("ApiId", api.clone())
        .text("Name", &name)
        .text("AuthorizerType", "REQUEST")
        .with("AuthorizerUri", invocation(target.clone(), span))
        .with("IdentitySource", given.get("identitySource").cloned().unwrap_or(header));
    let owner = function.owner(span);
    out.template.make("AWS::ApiGatewayV2::Authorizer", id.clone(), &owner, properties.done());
    let properties = Shape::at(span)
        .with("FunctionName", target)
        .text("Action", "lambda:InvokeFunction")
        .text("Principal", "apigateway.amazonaws.com");
    let permission = format!("{}LambdaPermissionWebsockets", normalized(&name));
    out.template.make("AWS::Lambda::Permission", permission, &owner, properties.done());
    id
}

/// The URI under which API Gateway invokes a function.
pub(super) fn invocation(target: Node, span: Span) -> Node {
    let pattern = "arn:AWS::Partition:apigateway:AWS::Region:lambda:path/2015-03-31/functions/{}/invocations";
    arn(pattern, &[target], span)
}
