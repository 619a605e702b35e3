//! `http` events, one route's side: resources of the path, the method, its authorizer and permissions.

use super::super::naming;
use super::super::output::Output;
use super::super::service::{Event, Function};
use super::super::template::{Shape, arn, reference};
use super::queue::as_list;
use super::websocket::invocation;
use crate::source::{ProblemKind, Span};
use crate::syntax::{Node, UnknownKind, Value};
use std::collections::BTreeMap;

/// The id of the REST API.
pub(super) const API: &str = "ApiGatewayRestApi";

/// A route: its method in capitals and its path without slashes at the ends.
struct Route {
    method: String,
    path: String,
}

/// Lowers one `http` event.
pub(super) fn lower(out: &mut Output<'_>, function: &Function, event: &Event, api: &Node) {
    let span = event.span;
    let config = &event.config;
    let Some(route) = route(config) else {
        let message = format!("an http event of function {} has no method and path", function.key);
        return out.problem(span, ProblemKind::Parse, message);
    };
    let resource = resource(out, function, &route.path, api, span);
    let owner = function.owner(span);
    let private = config.get("private").cloned().unwrap_or_else(|| Node::bool(false, span));
    let mut shape = Shape::at(span)
        .text("HttpMethod", &route.method)
        .with("ResourceId", resource)
        .with("RestApiId", api.clone())
        .copy("OperationName", config, "operationId")
        .with("ApiKeyRequired", private)
        .with("Integration", integration(function, config, &route, span));
    shape = match config.get("authorizer").filter(|node| !node.is_absent()) {
        None => shape.text("AuthorizationType", "NONE"),
        Some(given) => authorized(out, function, given, api, shape),
    };
    let (parameters, validated) = request(config);
    shape = shape.maybe("RequestParameters", parameters);
    if validated {
        shape = shape.with("RequestValidatorId", validator(out, api, span));
    }
    let id = naming::method(&naming::path(&route.path), &route.method);
    out.template.make("AWS::ApiGateway::Method", id, &owner, shape.done());
    let id = format!("{}LambdaPermissionApiGateway", function.normalized());
    out.permit(id, function, "apigateway.amazonaws.com", Some(execute(api, span)), span);
}

/// `GET path`, or a map with both.
fn route(config: &Node) -> Option<Route> {
    let (method, path) = match &config.value {
        Value::Map(_) => (config.get("method")?.to_string(), config.get("path")?.to_string()),
        Value::String(_) | Value::Template(_) => {
            let text = config.to_string();
            let (method, path) = text.split_once(' ')?;
            (method.to_owned(), path.trim().to_owned())
        }
        _ => return None,
    };
    Some(Route { method: method.to_uppercase(), path: path.trim_matches('/').to_owned() })
}

/// The resource of a path, with those that it stands below; made once.
fn resource(out: &mut Output<'_>, function: &Function, path: &str, api: &Node, span: Span) -> Node {
    let service = out.service;
    let mut parent = match service.provider("apiGateway.restApiRootResourceId") {
        Some(root) => root.clone(),
        None if service.provider("apiGateway.restApiId").is_some() => {
            Node::unknown(UnknownKind::Lookup, "the root resource of the API", span)
        }
        None => {
            let attribute = vec![Node::string(API, span), Node::string("RootResourceId", span)];
            Node::map([("Fn::GetAtt", Node::list(attribute, span))], span)
        }
    };
    let mut above = String::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if !above.is_empty() {
            above.push('/');
        }
        above.push_str(part);
        let given = service.provider("apiGateway.restApiResources");
        if let Some(existing) = given.and_then(|all| all.get(&above).or_else(|| all.get(&format!("/{above}")))) {
            parent = existing.clone();
            continue;
        }
        let id = format!("ApiGatewayResource{}", naming::path(&above));
        if !out.template.contains(&id) {
            let properties =
                Shape::at(span).with("ParentId", parent).text("PathPart", part).with("RestApiId", api.clone()).done();
            out.template.make("AWS::ApiGateway::Resource", id.clone(), &function.owner(span), properties);
        }
        parent = reference(&id, span);
    }
    parent
}

fn integration(function: &Function, config: &Node, route: &Route, span: Span) -> Node {
    let said = config.get("integration").map(|kind| kind.to_string().to_uppercase().replace('-', "_"));
    let waits = config.get("async").and_then(Node::as_bool) == Some(true);
    let kind = match said.as_deref() {
        Some("LAMBDA") => "AWS",
        Some("LAMBDA_PROXY") => "AWS_PROXY",
        Some(other) => other,
        None if waits => "AWS",
        None => "AWS_PROXY",
    };
    let shape = Shape::at(span).text("Type", kind);
    match kind {
        "AWS" | "AWS_PROXY" => {
            shape.text("IntegrationHttpMethod", "POST").with("Uri", invocation(function.target(span), span)).done()
        }
        "HTTP" | "HTTP_PROXY" => {
            let method =
                config.at("request.method").map_or(route.method.clone(), |method| method.to_string().to_uppercase());
            shape
                .text("IntegrationHttpMethod", &method)
                .maybe("Uri", config.at("request.uri").cloned())
                .copy("ConnectionType", config, "connectionType")
                .copy("ConnectionId", config, "connectionId")
                .done()
        }
        _ => shape.done(),
    }
}

/// The parameters of a request, and whether a validator looks at them or at the body.
fn request(config: &Node) -> (Option<Node>, bool) {
    let mut all = Shape::at(config.span);
    let mut required = false;
    let mut any = false;
    for (plural, singular) in [("querystrings", "querystring"), ("paths", "path"), ("headers", "header")] {
        let given = config.at("request.parameters").and_then(|parameters| parameters.get(plural));
        for entry in given.map(Node::entries).unwrap_or_default() {
            any = true;
            let value = entry.value.get("required").unwrap_or(&entry.value);
            required |= value.as_bool() != Some(false);
            all = all.with(&format!("method.request.{singular}.{}", entry.key), value.clone());
        }
    }
    let schemas = config.at("request.schemas").or(config.at("request.schema")).is_some();
    (any.then(|| all.done()), required || schemas)
}

fn validator(out: &mut Output<'_>, api: &Node, span: Span) -> Node {
    let service = out.service;
    let id = format!("ApiGateway{}RequestValidator", naming::alphanumeric(&service.name.to_string()));
    if !out.template.contains(&id) {
        let properties = Shape::at(span)
            .with("RestApiId", api.clone())
            .with("ValidateRequestBody", Node::bool(true, span))
            .with("ValidateRequestParameters", Node::bool(true, span));
        let owner = service.owner("provider.apiGateway", span);
        out.template.make("AWS::ApiGateway::RequestValidator", id.clone(), &owner, properties.done());
    }
    reference(&id, span)
}

/// The authorization of a method: IAM, one that exists by id, a user pool, or a function by its key or ARN.
fn authorized(out: &mut Output<'_>, function: &Function, given: &Node, api: &Node, shape: Shape) -> Shape {
    let span = given.span;
    let kind = given.get("type").and_then(Node::as_text).map(str::to_uppercase);
    let is_iam = given.as_text().is_some_and(|text| text.eq_ignore_ascii_case("aws_iam"));
    if let Some(unknown) = given.as_unknown() {
        return shape.with("AuthorizationType", Node::new(Value::Unknown(unknown.clone()), span));
    }
    if is_iam || kind.as_deref() == Some("AWS_IAM") {
        return shape.with("AuthorizationType", Node::string("AWS_IAM", span));
    }
    if let (Some(kind), Some(id)) = (&kind, given.get("authorizerId")) {
        let kind = if matches!(kind.as_str(), "TOKEN" | "REQUEST") { "CUSTOM" } else { kind };
        return shape
            .with("AuthorizationType", Node::string(kind, span))
            .with("AuthorizerId", id.clone())
            .maybe("AuthorizationScopes", given.get("scopes").map(as_list));
    }
    let (name, target) = named(out, given);
    let text = target.as_text().unwrap_or_default();
    let pool =
        kind.as_deref() == Some("COGNITO_USER_POOLS") || (text.starts_with("arn:") && text.contains(":cognito-idp:"));
    let id = format!("{}ApiGatewayAuthorizer", naming::normalized(&name));
    authorizer(out, function, given, api, &Made { id: &id, name: &name, target, kind: kind.as_deref(), pool });
    shape
        .with("AuthorizationType", Node::string(if pool { "COGNITO_USER_POOLS" } else { "CUSTOM" }, span))
        .with("AuthorizerId", reference(&id, span))
        .maybe("AuthorizationScopes", given.get("scopes").filter(|_| pool).map(as_list))
}

/// The name of an authorizer and what it is: a function of the service, or an ARN.
fn named(out: &Output<'_>, given: &Node) -> (String, Node) {
    let span = given.span;
    let from_arn = |arn: &Node| {
        let text = arn.to_string();
        let last = text.rsplit(':').next().unwrap_or_default();
        last.rsplit('-').next().unwrap_or_default().to_owned()
    };
    let local = |name: &Node| match name.as_text().and_then(|name| out.service.function(name)) {
        Some(function) => function.target(span),
        None => Node::unknown(UnknownKind::Parameter, format!("function {name}"), span),
    };
    match (&given.value, given.get("arn"), given.get("name")) {
        (Value::Map(_), Some(arn), Some(name)) => (name.to_string(), arn.clone()),
        (Value::Map(_), Some(arn), None) => (from_arn(arn), arn.clone()),
        (Value::Map(_), None, Some(name)) => (name.to_string(), local(name)),
        (Value::Map(_), None, None) => ("".to_owned(), Node::unknown(UnknownKind::Parameter, "the authorizer", span)),
        _ if given.to_string().contains(':') => (from_arn(given), given.clone()),
        _ => (given.to_string(), local(given)),
    }
}

/// An authorizer to be made.
struct Made<'a> {
    id: &'a str,
    name: &'a str,
    target: Node,
    kind: Option<&'a str>,
    pool: bool,
}

fn authorizer(out: &mut Output<'_>, function: &Function, given: &Node, api: &Node, made: &Made<'_>) {
    let span = given.span;
    let is_map = matches!(given.value, Value::Map(_));
    let lifetime = given.get("resultTtlInSeconds").cloned();
    let lifetime = lifetime.or_else(|| is_map.then(|| Node::new(Value::Number("300".into()), span)));
    let header = || Node::string("method.request.header.Authorization", span);
    let shape = Shape::at(span)
        .text("Name", made.name)
        .with("RestApiId", api.clone())
        .maybe("AuthorizerResultTtlInSeconds", lifetime)
        .with("IdentitySource", given.get("identitySource").cloned().unwrap_or_else(header))
        .copy("IdentityValidationExpression", given, "identityValidationExpression");
    let owner = function.owner(span);
    let target = made.target.clone();
    let properties = if made.pool {
        shape.text("Type", "COGNITO_USER_POOLS").with("ProviderARNs", Node::list(vec![target], span))
    } else {
        shape.text("Type", made.kind.unwrap_or("TOKEN")).with("AuthorizerUri", invocation(target.clone(), span))
    };
    out.template.make("AWS::ApiGateway::Authorizer", made.id, &owner, properties.done());
    let outside = given.get("managedExternally").and_then(Node::as_bool) == Some(true);
    let id = format!("{}LambdaPermissionApiGateway", naming::normalized(made.name));
    if !made.pool && !outside && !out.template.contains(&id) {
        let properties = Shape::at(span)
            .with("FunctionName", made.target.clone())
            .text("Action", "lambda:InvokeFunction")
            .text("Principal", "apigateway.amazonaws.com")
            .with("SourceArn", execute(api, span));
        out.template.make("AWS::Lambda::Permission", id, &owner, properties.done());
    }
}

/// The `OPTIONS` methods of paths whose events say `cors`; several events of a path share one.
pub(super) fn cross_origin(out: &mut Output<'_>, api: &Node) {
    let service = out.service;
    let mut paths: BTreeMap<String, (&Function, Span, Vec<String>, &Node)> = BTreeMap::new();
    for (function, event) in service.events("http") {
        let cors = event.config.get("cors").filter(|cors| !cors.is_absent() && cors.as_bool() != Some(false));
        if let (Some(cors), Some(route)) = (cors, route(&event.config)) {
            let known = paths.entry(route.path).or_insert((function, cors.span, vec!["OPTIONS".into()], cors));
            known.2.push(route.method);
            known.3 = cors;
        }
    }
    for (path, (function, span, methods, cors)) in paths {
        let resource = resource(out, function, &path, api, span);
        let id = naming::method(&naming::path(&path), "OPTIONS");
        let properties = Shape::at(span)
            .text("AuthorizationType", "NONE")
            .text("HttpMethod", "OPTIONS")
            .with("ResourceId", resource)
            .with("RestApiId", api.clone())
            .with("Integration", preflight(cors, &methods, span));
        out.template.make("AWS::ApiGateway::Method", id, &function.owner(span), properties.done());
    }
}

/// The answer to a browser's question before the request: which origins, headers and methods are let in.
fn preflight(cors: &Node, methods: &[String], span: Span) -> Node {
    let quoted = |text: &str, span: Span| Node::string(format!("'{text}'"), span);
    let joined = |node: &Node| node.items_or_self().iter().map(Node::to_string).collect::<Vec<_>>().join(",");
    let origin = match cors.get("origins").or(cors.get("origin")) {
        Some(origins) => {
            let first = joined(origins).split(',').next().unwrap_or_default().trim().to_owned();
            quoted(&first, origins.span)
        }
        None if cors.as_unknown().is_some() => cors.clone(),
        None => quoted("*", span),
    };
    let default =
        "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent,X-Amzn-Trace-Id";
    let headers = cors.get("headers").map_or_else(|| default.to_owned(), joined);
    let methods = cors.get("methods").map_or_else(|| methods.join(","), joined);
    let all = "DELETE,GET,HEAD,PATCH,POST,PUT";
    let name = |header: &str| format!("method.response.header.Access-Control-Allow-{header}");
    let mut parameters = Shape::at(span)
        .with(&name("Origin"), origin)
        .with(&name("Headers"), quoted(&headers, span))
        .with(&name("Methods"), quoted(&methods.replace("ANY", all), span));
    if let Some(credentials) = cors.get("allowCredentials").filter(|allow| allow.as_bool() != Some(false)) {
        parameters = parameters.with(&name("Credentials"), quoted(&credentials.to_string(), credentials.span));
    }
    let response = Shape::at(span).text("StatusCode", "200").with("ResponseParameters", parameters.done()).done();
    Shape::at(span).text("Type", "MOCK").with("IntegrationResponses", Node::list(vec![response], span)).done()
}

fn execute(api: &Node, span: Span) -> Node {
    let pattern = "arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:{}/*/*";
    arn(pattern, std::slice::from_ref(api), span)
}
