//! `alb` events: target groups and listener rules of a load balancer that exists.

use super::super::output::Output;
use super::super::service::{Event, Function, Service};
use super::super::template::{Shape, reference};
use super::queue::as_list;
use crate::syntax::{Entry, Node};

/// Lowers every `alb` event.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    for (function, event) in service.events("alb") {
        lower_one(out, function, event);
    }
}

fn lower_one(out: &mut Output<'_>, function: &Function, event: &Event) {
    let span = event.span;
    let config = &event.config;
    let owner = function.owner(span);
    let many = config.get("multiValueHeaders").and_then(Node::as_bool) == Some(true);
    let balancer = config.get("listenerArn").map(balancer).unwrap_or_default();
    let group = format!("{}Alb{}TargetGroup{balancer}", function.normalized(), if many { "MultiValue" } else { "" });
    let target = Node::map([("Id", function.target(span))], span);
    let attribute =
        Shape::at(span).text("Key", "lambda.multi_value_headers.enabled").with("Value", Node::bool(many, span));
    let properties = Shape::at(span)
        .text("TargetType", "lambda")
        .with("Targets", Node::list(vec![target], span))
        .copy("Name", config, "targetGroupName")
        .with("TargetGroupAttributes", Node::list(vec![attribute.done()], span))
        .with("HealthCheckEnabled", Node::bool(config.get("healthCheck").is_some(), span));
    out.template.make("AWS::ElasticLoadBalancingV2::TargetGroup", group.clone(), &owner, properties.done());
    let mut actions = Vec::new();
    for name in config.get("authorizer").map(Node::items_or_self).unwrap_or_default() {
        actions.push(authenticate(out.service, name));
    }
    actions.push(Shape::at(span).text("Type", "forward").with("TargetGroupArn", reference(&group, span)).done());
    let conditions = config.get("conditions").map(conditions).unwrap_or_default();
    let properties = Shape::at(span)
        .with("Actions", Node::list(actions, span))
        .with("Conditions", Node::list(conditions, span))
        .copy("ListenerArn", config, "listenerArn")
        .copy("Priority", config, "priority");
    let priority = config.get("priority").map(Node::to_string).unwrap_or_default();
    let id = format!("{}AlbListenerRule{priority}", function.normalized());
    out.template.make("AWS::ElasticLoadBalancingV2::ListenerRule", id, &owner, properties.done());
    let principal = "elasticloadbalancing.amazonaws.com";
    let invoke = format!("{}LambdaPermissionAlb", function.normalized());
    out.permit(invoke, function, principal, Some(reference(&group, span)), span);
    let register = format!("{}LambdaPermissionRegisterTarget", function.normalized());
    out.permit(register, function, principal, None, span);
}

/// The load balancer's id in a listener's ARN, or the listener's logical id.
fn balancer(listener: &Node) -> String {
    match listener.get("Ref") {
        Some(id) => id.to_string(),
        None => listener.to_string().rsplit('/').nth(1).unwrap_or_default().to_owned(),
    }
}

/// An action that signs a caller in, as `provider.alb.authorizers` says.
fn authenticate(service: &Service, name: &Node) -> Node {
    let authorizer = service.provider("alb.authorizers").zip(name.as_text()).and_then(|(all, name)| all.get(name));
    let Some(authorizer) = authorizer else {
        return Shape::at(name.span).text("Type", "authenticate-oidc").done();
    };
    let cognito = authorizer.get("type").and_then(Node::as_text) == Some("cognito");
    let (kind, key) = match cognito {
        true => ("authenticate-cognito", "AuthenticateCognitoConfig"),
        false => ("authenticate-oidc", "AuthenticateOidcConfig"),
    };
    let denied = authorizer.get("onUnauthenticatedRequest").cloned();
    let config = Shape::at(authorizer.span)
        .copy("UserPoolArn", authorizer, "userPoolArn")
        .copy("UserPoolClientId", authorizer, "userPoolClientId")
        .copy("UserPoolDomain", authorizer, "userPoolDomain")
        .copy("AuthorizationEndpoint", authorizer, "authorizationEndpoint")
        .copy("ClientId", authorizer, "clientId")
        .copy("ClientSecret", authorizer, "clientSecret")
        .copy("Issuer", authorizer, "issuer")
        .copy("TokenEndpoint", authorizer, "tokenEndpoint")
        .copy("UserInfoEndpoint", authorizer, "userInfoEndpoint")
        .with("OnUnauthenticatedRequest", denied.unwrap_or_else(|| Node::string("deny", authorizer.span)));
    Shape::at(name.span).text("Type", kind).with(key, config.done()).done()
}

fn conditions(given: &Node) -> Vec<Node> {
    let values = |entry: &Entry| Node::map([("Values", as_list(&entry.value))], entry.value.span);
    let condition = |entry: &Entry| {
        let (field, key, config) = match &*entry.key {
            "path" => ("path-pattern", "Values", as_list(&entry.value)),
            "host" => ("host-header", "HostHeaderConfig", values(entry)),
            "method" => ("http-request-method", "HttpRequestMethodConfig", values(entry)),
            "ip" => ("source-ip", "SourceIpConfig", values(entry)),
            "query" => ("query-string", "QueryStringConfig", values(entry)),
            _ => ("http-header", "HttpHeaderConfig", entry.value.clone()),
        };
        Shape::at(entry.key_span).text("Field", field).with(key, config).done()
    };
    given.entries().iter().map(condition).collect()
}
