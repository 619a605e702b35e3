//! `eventBridge`, `cloudwatchEvent` and `iot` events: rules that invoke a function.

use super::super::naming::{alphanumeric, normalized, upper_first};
use super::super::output::Output;
use super::super::service::{Event, Function, text};
use super::super::template::{Shape, arn, arn_of, reference};
use super::schedule::state;
use crate::syntax::{Node, Value};

/// Lowers every `eventBridge` event, and the buses that they name.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    for (function, event) in service.events("eventBridge") {
        lower_one(out, function, event);
    }
}

fn lower_one(out: &mut Output<'_>, function: &Function, event: &Event) {
    let span = event.span;
    let config = &event.config;
    let number = event.index + 1;
    let owner = function.owner(span);
    let stem = text(&[&function.name, &Node::string(format!("-rule-{number}"), span)], span);
    let name = config.get("name").cloned().unwrap_or_else(|| stem.clone());
    let bus = bus(out, function, event);
    let target = Shape::at(span)
        .with("Arn", function.target(span))
        .with("Id", text(&[&name, &Node::string("-target", span)], span))
        .copy("Input", config, "input")
        .copy("InputPath", config, "inputPath")
        .maybe("InputTransformer", config.get("inputTransformer").map(upper_keys))
        .maybe(
            "RetryPolicy",
            config.get("retryPolicy").map(|policy| {
                Shape::at(policy.span)
                    .copy("MaximumEventAgeInSeconds", policy, "maximumEventAge")
                    .copy("MaximumRetryAttempts", policy, "maximumRetryAttempts")
                    .done()
            }),
        )
        .maybe(
            "DeadLetterConfig",
            config.get("deadLetterQueueArn").map(|arn| Node::map([("Arn", arn.clone())], arn.span)),
        )
        .done();
    let properties = Shape::at(span)
        .copy("Description", config, "description")
        .maybe("EventBusName", bus.clone().filter(|bus| bus.as_text() != Some("default")))
        .copy("EventPattern", config, "pattern")
        .with("Name", name.clone())
        .copy("ScheduleExpression", config, "schedule")
        .with("State", state(config))
        .with("Targets", Node::list(vec![target], span));
    let id = format!("{}EventBridgeRule", alphanumeric(&stem.to_string()));
    out.template.make("AWS::Events::Rule", id, &owner, properties.done());
    let place = match bus {
        Some(bus) => text(&[&bus, &Node::string("/", span), &name], span),
        None => name,
    };
    let source = arn("arn:AWS::Partition:events:AWS::Region:AWS::AccountId:rule/{}", &[place], span);
    let id = format!("{}EventBridgeLambdaPermission{number}", function.normalized());
    out.permit(id, function, "events.amazonaws.com", Some(source), span);
}

/// The bus: one that exists, by its ARN or an intrinsic function, or one that the framework makes.
fn bus(out: &mut Output<'_>, function: &Function, event: &Event) -> Option<Node> {
    let bus = event.config.get("eventBus")?;
    let Some(name) = bus.as_text() else {
        return Some(bus.clone());
    };
    if name.starts_with("arn") {
        return Some(Node::string(name.split_once('/').map_or(name, |(_, name)| name), bus.span));
    }
    let id = format!("{}EventBridgeEventBus", normalized(name));
    if name != "default" && !out.template.contains(&id) {
        let properties = Shape::at(event.span).with("Name", bus.clone()).done();
        out.template.make("AWS::Events::EventBus", id, &function.owner(event.span), properties);
    }
    Some(bus.clone())
}

/// Lowers every `cloudwatchEvent` event.
pub(super) fn lower_cloudwatch(out: &mut Output<'_>) {
    let service = out.service;
    for function in &service.functions {
        let events = function.events.iter().filter(|event| &*event.kind == "cloudwatchEvent");
        for (number, event) in (1..).zip(events) {
            let span = event.span;
            let config = &event.config;
            let id = format!("{}EventsRuleCloudWatchEvent{number}", function.normalized());
            let target = Shape::at(span)
                .copy("Input", config, "input")
                .copy("InputPath", config, "inputPath")
                .maybe("InputTransformer", config.get("inputTransformer").map(upper_keys))
                .with("Arn", function.target(span))
                .text("Id", &format!("{}CloudWatchEvent", function.key));
            let properties = Shape::at(span)
                .copy("EventPattern", config, "event")
                .with("State", state(config))
                .copy("Description", config, "description")
                .copy("Name", config, "name")
                .with("Targets", Node::list(vec![target.done()], span));
            out.template.make("AWS::Events::Rule", id.clone(), &function.owner(span), properties.done());
            let permission = format!("{}LambdaPermissionEventsRuleCloudWatchEvent{number}", function.normalized());
            out.permit(permission, function, "events.amazonaws.com", Some(arn_of(&id, span)), span);
        }
    }
}

/// Lowers every `iot` event.
pub(super) fn lower_iot(out: &mut Output<'_>) {
    let service = out.service;
    for function in &service.functions {
        let events = function.events.iter().filter(|event| &*event.kind == "iot");
        for (number, event) in (1..).zip(events) {
            let span = event.span;
            let config = &event.config;
            let id = format!("{}IotTopicRule{number}", function.normalized());
            let lambda = Node::map([("FunctionArn", function.target(span))], span);
            let off = config.get("enabled").and_then(Node::as_bool) == Some(false);
            let payload = Shape::at(span)
                .with("RuleDisabled", Node::bool(off, span))
                .copy("Sql", config, "sql")
                .with("Actions", Node::list(vec![Node::map([("Lambda", lambda)], span)], span))
                .copy("Description", config, "description")
                .copy("AwsIotSqlVersion", config, "sqlVersion");
            let properties = Shape::at(span).with("TopicRulePayload", payload.done()).copy("RuleName", config, "name");
            out.template.make("AWS::IoT::TopicRule", id.clone(), &function.owner(span), properties.done());
            let rule = [reference(&id, span)];
            let source = arn("arn:AWS::Partition:iot:AWS::Region:AWS::AccountId:rule/{}", &rule, span);
            let permission = format!("{}LambdaPermissionIotTopicRule{number}", function.normalized());
            out.permit(permission, function, "iot.amazonaws.com", Some(source), span);
        }
    }
}

/// Lowers every `iotFleetProvisioning` event: a template for new devices that asks the function first.
pub(super) fn lower_iot_fleet(out: &mut Output<'_>) {
    let service = out.service;
    for (function, event) in service.events("iotFleetProvisioning") {
        let span = event.span;
        let config = &event.config;
        let hook = Node::map([("TargetArn", function.target(span))], span);
        let enabled = config.get("enabled").cloned().unwrap_or_else(|| Node::bool(true, span));
        let properties = Shape::at(span)
            .with("Enabled", enabled)
            .with("PreProvisioningHook", hook)
            .copy("ProvisioningRoleArn", config, "provisioningRoleArn")
            .copy("TemplateBody", config, "templateBody")
            .copy("TemplateName", config, "templateName");
        let id = format!("{}IotProvisioningTemplate", function.normalized());
        out.template.make("AWS::IoT::ProvisioningTemplate", id, &function.owner(span), properties.done());
        let permission = format!("{}LambdaPermissionIotProvisioningTemplate", function.normalized());
        out.permit(permission, function, "iot.amazonaws.com", None, span);
    }
}

/// A map with the first letter of its keys large.
fn upper_keys(node: &Node) -> Node {
    let mut copy = node.clone();
    if let Value::Map(entries) = &mut copy.value {
        entries.iter_mut().for_each(|entry| entry.key = upper_first(&entry.key).into());
    }
    copy
}
