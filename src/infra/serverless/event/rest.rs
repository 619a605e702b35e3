//! `http` events, the API's side: the REST API, its stage, logs, keys and usage plan.
//!
//! At deployment the framework sets logging, tracing and tags of the stage through the API, outside the template it
//! packages; here they stand in an `AWS::ApiGateway::Stage`, so that rules see what will be in force.

use super::super::output::{Output, api_of};
use super::super::service::text;
use super::super::template::{Shape, arn_of, merged, reference, tag_list};
use super::rest_route;
use crate::source::Span;
use crate::syntax::{Node, Value};

const LOG_GROUP: &str = "ApiGatewayLogGroup";
const DEPLOYMENT: &str = "ApiGatewayDeployment";

/// Lowers every `http` event.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    let Some((_, first)) = service.events("http").next() else {
        return;
    };
    let span = first.span;
    let existing = service.provider("apiGateway.restApiId");
    let api = api_of(existing, rest_route::API, span);
    if existing.is_none() {
        rest_api(out, span);
    }
    for (function, event) in service.events("http") {
        rest_route::lower(out, function, event, &api);
    }
    rest_route::cross_origin(out, &api);
    if existing.is_none() {
        deployment(out, &api, span);
        keys(out, &api, span);
    }
}

fn rest_api(out: &mut Output<'_>, span: Span) {
    let service = out.service;
    let none = Node::new(Value::Map(Vec::new()), span);
    let gateway = service.provider("apiGateway").unwrap_or(&none);
    let first = gateway.get("shouldStartNameWithService").and_then(Node::as_bool) == Some(true);
    let (one, two) = if first { (&service.name, &service.stage) } else { (&service.stage, &service.name) };
    let name = service.provider("apiName").cloned();
    let kind = service.provider("endpointType").map(|kind| match kind.as_text() {
        Some(text) => Node::string(text.to_uppercase(), kind.span),
        None => kind.clone(),
    });
    let kind = kind.unwrap_or_else(|| Node::string("EDGE", span));
    let place = kind.span;
    let endpoints = service.provider("vpcEndpointIds").cloned();
    let configuration =
        Shape::at(place).with("Types", Node::list(vec![kind], place)).maybe("VpcEndpointIds", endpoints).done();
    let policy = gateway.get("resourcePolicy").filter(|policy| !policy.is_absent()).map(|statements| {
        Shape::at(statements.span).text("Version", "2012-10-17").with("Statement", statements.clone()).done()
    });
    let properties = Shape::at(span)
        .with("Name", name.unwrap_or_else(|| text(&[one, &Node::string("-", span), two], span)))
        .with("EndpointConfiguration", configuration)
        .copy("BinaryMediaTypes", gateway, "binaryMediaTypes")
        .copy("DisableExecuteApiEndpoint", gateway, "disableDefaultEndpoint")
        .copy("ApiKeySourceType", gateway, "apiKeySourceType")
        .copy("MinimumCompressionSize", gateway, "minimumCompressionSize")
        .copy("Description", gateway, "description")
        .maybe("Policy", policy);
    let owner = service.owner("provider.apiGateway", span);
    out.template.make("AWS::ApiGateway::RestApi", rest_route::API, &owner, properties.done());
}

fn deployment(out: &mut Output<'_>, api: &Node, span: Span) {
    let service = out.service;
    let owner = service.owner("provider.apiGateway", span);
    let deployment = Shape::at(span).with("RestApiId", api.clone()).done();
    out.template.make("AWS::ApiGateway::Deployment", DEPLOYMENT, &owner, deployment);
    let name = service.provider("apiGateway.stage").unwrap_or(&service.stage).clone();
    let tracing = service.provider("tracing.apiGateway").cloned().unwrap_or_else(|| Node::bool(false, span));
    let tags = merged(service.provider("stackTags"), service.provider("tags"));
    let mut shape = Shape::at(span)
        .with("RestApiId", api.clone())
        .with("DeploymentId", reference(DEPLOYMENT, span))
        .with("StageName", name)
        .with("TracingEnabled", tracing)
        .maybe("Tags", tags.as_ref().map(tag_list));
    if let Some(logs) = service.provider("logs.restApi").filter(|logs| logs.as_bool() != Some(false)) {
        let off = |key: &str| logs.get(key).and_then(Node::as_bool) == Some(false);
        if !off("accessLogging") {
            let name = text(&[&Node::string("/aws/api-gateway/", span), &service.prefixed("", span)], span);
            out.api_log_group(LOG_GROUP, name, "provider.logs", logs.span);
            let settings = Shape::at(logs.span)
                .with("DestinationArn", arn_of(LOG_GROUP, logs.span))
                .copy("Format", logs, "format");
            shape = shape.with("AccessLogSetting", settings.done());
        }
        let level = match (off("executionLogging"), logs.get("level")) {
            (true, _) => Node::string("OFF", logs.span),
            (_, Some(level)) => level.clone(),
            _ => Node::string("INFO", logs.span),
        };
        let full = logs.get("fullExecutionData").cloned().unwrap_or_else(|| Node::bool(true, logs.span));
        let settings = Shape::at(logs.span)
            .with("DataTraceEnabled", full)
            .text("HttpMethod", "*")
            .text("ResourcePath", "/*")
            .with("LoggingLevel", level);
        shape = shape.with("MethodSettings", Node::list(vec![settings.done()], logs.span));
    }
    out.template.make("AWS::ApiGateway::Stage", "ApiGatewayStage", &owner, shape.done());
}

/// Keys, and the usage plan that holds them.
fn keys(out: &mut Output<'_>, api: &Node, span: Span) {
    let service = out.service;
    // Before version 3 the lists stood directly under the provider.
    let keys = service.provider("apiGateway.apiKeys").or_else(|| service.provider("apiKeys"));
    let plan = service.provider("apiGateway.usagePlan").or_else(|| service.provider("usagePlan"));
    let mut number = 0;
    for key in keys.map(Node::items).unwrap_or_default() {
        match key.entries() {
            [group] if matches!(group.value.value, Value::List(_)) => {
                for (place, key) in (1..).zip(group.value.items()) {
                    let id = format!("ApiGatewayApiKey{}{place}", super::super::naming::upper_first(&group.key));
                    api_key(out, id, key, api);
                }
            }
            _ => {
                number += 1;
                api_key(out, format!("ApiGatewayApiKey{number}"), key, api);
            }
        }
    }
    if keys.is_none() && plan.is_none() {
        return;
    }
    let plans: Vec<(String, Option<&Node>)> = match plan.map(Node::items) {
        Some(items) if !items.is_empty() => {
            let named = items.iter().flat_map(Node::entries);
            named.map(|entry| (super::super::naming::upper_first(&entry.key), Some(&entry.value))).collect()
        }
        _ => vec![(String::new(), plan)],
    };
    let owner = service.owner("provider.apiGateway", plan.or(keys).map_or(span, |node| node.span));
    for (name, plan) in plans {
        let stage = Shape::at(owner.span).with("ApiId", api.clone()).with("Stage", service.stage.clone()).done();
        let limit = |key: &str, names: [(&str, &str); 3]| {
            plan.and_then(|plan| plan.get(key)).map(|given| {
                let shape = Shape::at(given.span);
                names.iter().fold(shape, |shape, (ours, theirs)| shape.copy(ours, given, theirs)).done()
            })
        };
        let quota = limit("quota", [("Limit", "limit"), ("Offset", "offset"), ("Period", "period")]);
        let throttle = limit("throttle", [("BurstLimit", "burstLimit"), ("RateLimit", "rateLimit"), ("", "")]);
        let properties = Shape::at(owner.span)
            .with("ApiStages", Node::list(vec![stage], owner.span))
            .maybe("Quota", quota)
            .maybe("Throttle", throttle);
        let id = format!("ApiGatewayUsagePlan{name}");
        out.template.make("AWS::ApiGateway::UsagePlan", id, &owner, properties.done());
    }
}

fn api_key(out: &mut Output<'_>, id: String, key: &Node, api: &Node) {
    let span = key.span;
    let service = out.service;
    let stage = Shape::at(span).with("RestApiId", api.clone()).with("StageName", service.stage.clone()).done();
    let name = match &key.value {
        Value::Map(_) => key.get("name").cloned(),
        _ => Some(key.clone()),
    };
    let properties = Shape::at(span)
        .with("Enabled", key.get("enabled").cloned().unwrap_or_else(|| Node::bool(true, span)))
        .maybe("Name", name)
        .copy("Value", key, "value")
        .copy("Description", key, "description")
        .copy("CustomerId", key, "customerId")
        .with("StageKeys", Node::list(vec![stage], span));
    let owner = service.owner("provider.apiGateway", span);
    out.template.make("AWS::ApiGateway::ApiKey", id, &owner, properties.done());
}
