//! `httpApi` events: an HTTP API with its stage, routes, integrations and authorizers.

use super::super::naming;
use super::super::output::{Output, api_of};
use super::super::service::{Event, Function, text};
use super::super::template::{Shape, arn, arn_of, join, reference};
use super::queue::as_list;
use super::websocket::invocation;
use crate::source::{ProblemKind, Span};
use crate::syntax::{Node, UnknownKind, Value};
use std::collections::BTreeSet;

const API: &str = "HttpApi";
const LOG_GROUP: &str = "HttpApiLogGroup";

/// Lowers every `httpApi` event.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    let Some((_, first)) = service.events("httpApi").next() else {
        return;
    };
    let existing = service.provider("httpApi.id");
    if existing.is_none() {
        api(out, first.span);
        stage(out, first.span);
    }
    for entry in service.provider("httpApi.authorizers").map(Node::entries).unwrap_or_default() {
        authorizer(out, &entry.key, &entry.value, entry.key_span);
    }
    for (function, event) in service.events("httpApi") {
        let span = event.span;
        let api = api_of(existing, API, span);
        let id = format!("{}LambdaPermissionHttpApi", function.normalized());
        if !out.template.contains(&id) {
            out.permit(id, function, "apigateway.amazonaws.com", Some(execute(&api, span)), span);
            integration(out, function, &api, span);
        }
        route(out, function, event, api);
    }
}

fn api(out: &mut Output<'_>, span: Span) {
    let service = out.service;
    let first = service.provider("httpApi.shouldStartNameWithService").and_then(Node::as_bool) == Some(true);
    let (one, two) = if first { (&service.name, &service.stage) } else { (&service.stage, &service.name) };
    let name = service.provider("httpApi.name").cloned();
    let http = service.provider("httpApi").cloned().unwrap_or_else(|| Node::new(Value::Map(Vec::new()), span));
    let properties = Shape::at(span)
        .with("Name", name.unwrap_or_else(|| text(&[one, &Node::string("-", span), two], span)))
        .text("ProtocolType", "HTTP")
        .copy("DisableExecuteApiEndpoint", &http, "disableDefaultEndpoint")
        .copy("Tags", &service.provider, "tags")
        .maybe("CorsConfiguration", http.get("cors").and_then(|cors| cross_origin(out, cors)));
    let owner = service.owner("provider.httpApi", span);
    out.template.make("AWS::ApiGatewayV2::Api", API, &owner, properties.done());
}

/// Cross-origin settings: `true` allows every origin and the methods of the routes.
fn cross_origin(out: &Output<'_>, cors: &Node) -> Option<Node> {
    if cors.is_absent() || cors.as_bool() == Some(false) {
        return None;
    }
    if cors.as_unknown().is_some() {
        return Some(cors.clone());
    }
    let span = cors.span;
    let list = |items: &[&str]| Node::list(items.iter().map(|item| Node::string(*item, span)).collect(), span);
    let given = |key: &str, default: &[&str]| cors.get(key).map_or_else(|| list(default), as_list);
    let headers = [
        "Content-Type",
        "X-Amz-Date",
        "Authorization",
        "X-Api-Key",
        "X-Amz-Security-Token",
        "X-Amz-User-Agent",
        "X-Amzn-Trace-Id",
    ];
    let mut methods: BTreeSet<String> = ["OPTIONS".to_owned()].into();
    for (_, event) in out.service.events("httpApi") {
        match method_and_path(&event.config) {
            (Some(method), _) if method != "ANY" => {
                methods.insert(method);
            }
            _ => methods.extend(["GET", "POST", "PUT", "PATCH", "HEAD", "DELETE"].map(str::to_owned)),
        }
    }
    let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
    let shape = Shape::at(span)
        .copy("AllowCredentials", cors, "allowCredentials")
        .with("AllowHeaders", given("allowedHeaders", &headers))
        .with("AllowMethods", given("allowedMethods", &methods))
        .with("AllowOrigins", given("allowedOrigins", &["*"]))
        .maybe("ExposeHeaders", cors.get("exposedResponseHeaders").map(as_list))
        .copy("MaxAge", cors, "maxAge");
    Some(shape.done())
}

fn stage(out: &mut Output<'_>, span: Span) {
    let service = out.service;
    let logs = service.provider("logs.httpApi").filter(|logs| logs.as_bool() != Some(false));
    let metrics = service.provider("httpApi.metrics").cloned().unwrap_or_else(|| Node::bool(false, span));
    let mut shape = Shape::at(span)
        .with("ApiId", reference(API, span))
        .text("StageName", "$default")
        .with("AutoDeploy", Node::bool(true, span))
        .with("DefaultRouteSettings", Node::map([("DetailedMetricsEnabled", metrics)], span))
        .copy("Tags", &service.provider, "tags");
    if let Some(logs) = logs {
        let name = text(&[&Node::string("/aws/http-api/", span), &service.prefixed("", span)], span);
        out.api_log_group(LOG_GROUP, name, "provider.logs", logs.span);
        let settings =
            Shape::at(logs.span).with("DestinationArn", arn_of(LOG_GROUP, logs.span)).copy("Format", logs, "format");
        shape = shape.with("AccessLogSettings", settings.done());
    }
    let owner = service.owner("provider.httpApi", span);
    out.template.make("AWS::ApiGatewayV2::Stage", "HttpApiStage", &owner, shape.done());
}

fn authorizer(out: &mut Output<'_>, key: &str, config: &Node, span: Span) {
    let service = out.service;
    let owner = service.owner("provider.httpApi", span);
    let name = config.get("name").map_or_else(|| key.to_owned(), Node::to_string);
    let api = reference(API, span);
    let mut shape = Shape::at(span)
        .with("ApiId", api.clone())
        .text("Name", &name)
        .maybe("IdentitySource", config.get("identitySource").map(as_list));
    if config.get("type").and_then(Node::as_text) == Some("request") {
        let by_key = config.get("functionName").and_then(Node::as_text).and_then(|key| service.function(key));
        let target = by_key.map(|function| function.target(span)).or_else(|| config.get("functionArn").cloned());
        let target = target.unwrap_or_else(|| Node::unknown(UnknownKind::Parameter, "the authorizer's function", span));
        let version = config.get("payloadVersion").cloned().unwrap_or_else(|| Node::string("2.0", span));
        shape = shape
            .text("AuthorizerType", "REQUEST")
            .copy("EnableSimpleResponses", config, "enableSimpleResponses")
            .copy("AuthorizerResultTtlInSeconds", config, "resultTtlInSeconds")
            .with("AuthorizerPayloadFormatVersion", version)
            .with("AuthorizerUri", invocation(target.clone(), span));
        if config.get("managedExternally").and_then(Node::as_bool) != Some(true) {
            let permission = Shape::at(span)
                .with("FunctionName", target)
                .text("Action", "lambda:InvokeFunction")
                .text("Principal", "apigateway.amazonaws.com")
                .with("SourceArn", execute(&api, span));
            let id = format!("{}LambdaAuthorizerPermissionHttpApi", naming::normalized(&name));
            out.template.make("AWS::Lambda::Permission", id, &owner, permission.done());
        }
    } else {
        let token = Shape::at(config.span).maybe("Audience", config.get("audience").map(as_list)).copy(
            "Issuer",
            config,
            "issuerUrl",
        );
        shape = shape.text("AuthorizerType", "JWT").with("JwtConfiguration", token.done());
    }
    out.template.make("AWS::ApiGatewayV2::Authorizer", authorizer_id(&name), &owner, shape.done());
}

fn authorizer_id(name: &str) -> String {
    format!("HttpApiAuthorizer{}", naming::normalized(name))
}

fn integration(out: &mut Output<'_>, function: &Function, api: &Node, span: Span) {
    let payload = function.get("httpApi.payload").or_else(|| out.service.provider("httpApi.payload")).cloned();
    let properties = Shape::at(span)
        .with("ApiId", api.clone())
        .text("IntegrationType", "AWS_PROXY")
        .with("IntegrationUri", function.target(span))
        .with("PayloadFormatVersion", payload.unwrap_or_else(|| Node::string("2.0", span)))
        .with("TimeoutInMillis", Node::new(Value::Number("30000".into()), span));
    let id = format!("HttpApiIntegration{}", function.normalized());
    out.template.make("AWS::ApiGatewayV2::Integration", id, &function.owner(span), properties.done());
}

fn route(out: &mut Output<'_>, function: &Function, event: &Event, api: Node) {
    let span = event.span;
    let (method, path) = method_and_path(&event.config);
    let (key, id) = match (method, path.as_str()) {
        (_, "*") => ("$default".to_owned(), "HttpApiRouteDefault".to_owned()),
        (Some(method), path) => {
            let key = format!("{method} {path}");
            let id = format!("HttpApiRoute{}", naming::path(&key));
            (key, id)
        }
        (None, _) => {
            let message = format!("an httpApi event of function {} has no method and path", function.key);
            return out.problem(span, ProblemKind::Parse, message);
        }
    };
    let integration = format!("HttpApiIntegration{}", function.normalized());
    let target = join("/", vec![Node::string("integrations", span), reference(&integration, span)], span);
    let shape = Shape::at(span).with("ApiId", api).text("RouteKey", &key).with("Target", target);
    let shape = match event.config.get("authorizer").filter(|node| !node.is_absent()) {
        None => shape,
        Some(given) => authorized(out, given, shape),
    };
    out.template.make("AWS::ApiGatewayV2::Route", id, &function.owner(span), shape.done());
}

/// The authorizer of a route: one of `provider.httpApi.authorizers` by name, one that exists by id, or IAM.
fn authorized(out: &Output<'_>, given: &Node, shape: Shape) -> Shape {
    let kind = given.get("type").and_then(Node::as_text);
    if let Some(unknown) = given.as_unknown() {
        return shape.with("AuthorizationType", Node::new(Value::Unknown(unknown.clone()), given.span));
    }
    if kind == Some("aws_iam") {
        return shape.with("AuthorizationType", Node::string("AWS_IAM", given.span));
    }
    let name = given.get("name").unwrap_or(given);
    let declared =
        out.service.provider("httpApi.authorizers").zip(name.as_text()).and_then(|(all, name)| all.get(name));
    let said = declared.and_then(|authorizer| authorizer.get("type")).and_then(Node::as_text).or(kind);
    let id = given.get("id").cloned().unwrap_or_else(|| {
        let name = declared.and_then(|authorizer| authorizer.get("name")).unwrap_or(name);
        reference(&authorizer_id(&name.to_string()), given.span)
    });
    shape
        .with("AuthorizationType", Node::string(if said == Some("request") { "CUSTOM" } else { "JWT" }, given.span))
        .with("AuthorizerId", id)
        .maybe("AuthorizationScopes", given.get("scopes").map(as_list))
}

/// `GET /path`, `*`, or a map with both; the method in capitals, `*` as `ANY`.
fn method_and_path(config: &Node) -> (Option<String>, String) {
    let (method, path) = match &config.value {
        Value::Map(_) => {
            let path = config.get("path").map(Node::to_string).unwrap_or_default();
            (config.get("method").map(Node::to_string), path)
        }
        _ => match config.to_string().split_once(' ') {
            Some((method, path)) => (Some(method.to_owned()), path.trim().to_owned()),
            None => (None, config.to_string()),
        },
    };
    let method = method.map(|method| if method == "*" { "ANY".to_owned() } else { method.to_uppercase() });
    (method, path)
}

/// The ARN of everything that an API may invoke a function for.
pub(super) fn execute(api: &Node, span: Span) -> Node {
    arn("arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:{}/*", std::slice::from_ref(api), span)
}
