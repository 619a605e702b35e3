//! The events that are routes of an API: of a function, and of a state machine.

use super::api::{Added, Api, Apis, IMPLICIT_HTTP, IMPLICIT_REST, named_id};
use super::auth::{self, invocation, wildcards};
use super::body;
use super::event::{Event, conditional};
use super::id;
use super::output::{Output, Source};
use super::schedule;
use super::shape::{Object, arn, change, fill, literal, parts_of, present, text};
use crate::infra::openapi::ApiKind;
use crate::syntax::Node;
use std::sync::Arc;

/// An `Api` event of a function.
pub(super) fn rest(out: &mut Output<'_>, apis: &mut Apis, event: &Event<'_>) {
    let span = event.span();
    let reference = event.get("RestApiId");
    let (path, method) = (written(event, "Path"), written(event, "Method"));
    let streamed = text(event.properties, "ResponseTransferMode") == Some("RESPONSE_STREAM");
    if let Some(api) = apis.named(ApiKind::Rest, reference, &event.origin) {
        let merges = api.source.get("MergeDefinitions").and_then(Node::as_bool) == Some(true);
        if api.managed || merges {
            let extra: &[_] = if streamed { &[("responseTransferMode", "STREAM")] } else { &[] };
            let operation = body::proxy(invocation(&event.arn()), ApiKind::Rest, extra);
            add(out, api, event, &path, &method, operation);
        }
        if api.managed || merges || overrides(event) {
            protect(api, event, &path, &method);
        }
    }
    let suffix = match reference.map(named_id) {
        None => apis.stage_name(&out.own_id(IMPLICIT_REST)).and_then(Node::as_text).unwrap_or("Prod").to_owned(),
        Some(None) => "AllStages".to_owned(),
        Some(Some(id)) => {
            let stage = apis.stage_name(&id).filter(|stage| out.is_written(stage)).and_then(Node::as_text);
            stage.unwrap_or("Stage").to_owned()
        }
    };
    let verb = if method == "any" { "*".to_owned() } else { method.to_uppercase() };
    let resource = format!("/*/{verb}{}", wildcards(trimmed(&path)));
    let source = source_arn(event, reference, &out.own_id(IMPLICIT_REST), &resource);
    let mut permission = event.permission("apigateway.amazonaws.com", Object::new(span).put("SourceArn", source));
    permission.id = id::with_suffix(&format!("{}Permission", event.id), &suffix);
    out.permit(&event.origin, permission);
}

/// An `HttpApi` event of a function.
pub(super) fn http(out: &mut Output<'_>, apis: &mut Apis, event: &Event<'_>, source: &Source) {
    let span = event.span();
    let reference = event.get("ApiId");
    let (path, method) = match (event.get("Path"), event.get("Method")) {
        (None, None) => ("$default".to_owned(), body::ANY.to_owned()),
        _ => (written(event, "Path"), written(event, "Method")),
    };
    if let Some(api) = apis.named(ApiKind::Http, reference, &event.origin) {
        let mut operation = body::proxy(invocation(&event.arn()), ApiKind::Http, &[]);
        if let Some(version) = event.get("PayloadFormatVersion") {
            let key = "x-amazon-apigateway-integration";
            if let Some(mut integration) = operation.get(key).cloned() {
                integration.set("payloadFormatVersion", version.span, version.clone());
                operation.set(key, span, integration);
            }
        }
        if api.body.is_some() {
            add(out, api, event, &path, &method, operation);
            protect(api, event, &path, &method);
        }
        route_settings(api, event, &path, &method);
    }
    if path != "$default" && has_default(source, reference) {
        // The permission of the function's default route holds for its other routes as well.
        return;
    }
    let verb = if method == "any" || method == body::ANY { "*".to_owned() } else { method.to_uppercase() };
    let resource = match path.as_str() {
        "$default" => format!("/*/{verb}"),
        "/$default" if method == "any" => "/*/$default".to_owned(),
        _ => format!("/*/{verb}{}", wildcards(trimmed(&path))),
    };
    let source = source_arn(event, reference, &out.own_id(IMPLICIT_HTTP), &resource);
    out.permit(&event.origin, event.permission("apigateway.amazonaws.com", Object::new(span).put("SourceArn", source)));
}

/// An `Api` event of a state machine: the role that starts it, and the route.
pub(super) fn machine(out: &mut Output<'_>, apis: &mut Apis, event: &Event<'_>, boundary: Option<&Node>) {
    let span = event.span();
    let role = format!("{}Role", event.id);
    schedule::starter(out, event, &role, "apigateway.amazonaws.com", boundary);
    let (path, method) = (written(event, "Path"), written(event, "Method"));
    let Some(api) = apis.named(ApiKind::Rest, event.get("RestApiId"), &event.origin) else { return };
    if !api.managed {
        return;
    }
    let uri = "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution";
    let integration = Object::new(span)
        .text("type", "aws")
        .text("httpMethod", "POST")
        .put("uri", fill(uri, span, &|_| None))
        .put("credentials", Node::reference(role, "Arn", span))
        .node();
    let operation = Object::new(span).put("x-amazon-apigateway-integration", integration).node();
    add(out, api, event, &path, &method, operation);
    protect(api, event, &path, &method);
}

/// A text of the event: in lower case where it is a method.
fn written(event: &Event<'_>, key: &str) -> String {
    let text = event.get(key).map(Node::to_string).unwrap_or_default();
    if key == "Method" { text.to_lowercase() } else { text }
}

fn trimmed(path: &str) -> &str {
    if path.len() > 1 { path.strip_suffix('/').unwrap_or(path) } else { path }
}

fn overrides(event: &Event<'_>) -> bool {
    event.get("Auth").and_then(|auth| auth.get("OverrideApiAuth")).and_then(Node::as_bool) == Some(true)
}

/// Adds the route to the API's document, and notes which event it is of.
fn add(out: &mut Output<'_>, api: &mut Api, event: &Event<'_>, path: &str, method: &str, operation: Node) {
    let span = event.span();
    let method = body::method_name(method);
    let Some(document) = &mut api.body else { return };
    let added = body::add(document, path, &method, span, conditional(operation, &event.origin.presence));
    if !added {
        if api.managed {
            let api = &api.source.origin.id;
            out.refuse(span, format!("{method} {path} of {api} is defined by more than one event"));
        }
        return;
    }
    let construct: Arc<str> = format!("{}.{}", event.origin.name, event.name).into();
    let presence = event.origin.presence.clone();
    api.routes.push(Added { path: path.to_owned(), method, span, construct, presence });
}

/// Writes what the event says of its callers into its operation.
fn protect(api: &mut Api, event: &Event<'_>, path: &str, method: &str) {
    let Some(own) = event.get("Auth") else { return };
    let Some(document) = &mut api.body else { return };
    let (kind, general) = (api.kind, present(api.source.properties(), "Auth"));
    body::operation(document, path, &body::method_name(method), &mut |operation| {
        auth::of_event(operation, own, general, kind);
    });
    if let Some(policy) = present(own, "ResourcePolicy").filter(|_| kind == ApiKind::Rest) {
        let stage = api.source.get("StageName").cloned().unwrap_or_else(|| Node::string("*", policy.span));
        auth::resource_policy(document, policy, &stage);
    }
}

/// Adds the event's settings to those of the API's stage.
fn route_settings(api: &mut Api, event: &Event<'_>, path: &str, method: &str) {
    let Some(settings) = event.get("RouteSettings") else { return };
    let route = if method == body::ANY { path.to_owned() } else { format!("{} {path}", method.to_uppercase()) };
    let empty = Object::new(settings.span).node();
    change(&mut api.source.resource.properties, "RouteSettings", empty.clone(), |all| {
        change(all, &route, empty, |one| {
            for entry in settings.entries() {
                one.set(entry.key.clone(), entry.key_span, entry.value.clone());
            }
        });
    });
}

/// Whether another event of the function takes every request of the same API that no route takes.
fn has_default(source: &Source, api: Option<&Node>) -> bool {
    let same = |properties: &Node| match (present(properties, "ApiId"), api) {
        (Some(one), Some(other)) => named_id(one) == named_id(other),
        (None, None) => true,
        _ => false,
    };
    source.get("Events").map(Node::entries).unwrap_or_default().iter().any(|entry| {
        let Some(properties) = present(&entry.value, "Properties") else {
            return api.is_none() && text(&entry.value, "Type") == Some("HttpApi");
        };
        let open = present(properties, "Path").is_none() && present(properties, "Method").is_none();
        let named = text(properties, "Path") == Some("$default");
        text(&entry.value, "Type") == Some("HttpApi") && (open || named) && same(properties)
    })
}

/// The ARN of the requests that may invoke the function.
fn source_arn(event: &Event<'_>, api: Option<&Node>, implicit: &str, resource: &str) -> Node {
    let mut parts = match api {
        Some(api) => parts_of(api),
        None => vec![super::shape::reference(implicit, "")],
    };
    parts.push(literal(resource));
    arn("execute-api", parts, event.span())
}
