//! `schedule` events: rules of EventBridge, or schedules of EventBridge Scheduler where the event asks for them.

use super::super::output::Output;
use super::super::service::{Event, Function};
use super::super::template::{Shape, arn, arn_of};
use crate::syntax::Node;

/// Lowers every `schedule` event; an event with several rates makes several rules.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    for function in &service.functions {
        let mut number = 0;
        for event in function.events.iter().filter(|event| &*event.kind == "schedule") {
            let rates = event.config.get("rate").unwrap_or(&event.config);
            for rate in rates.items_or_self() {
                number += 1;
                if event.config.get("method").and_then(Node::as_text) == Some("scheduler") {
                    scheduler(out, function, event, rate, number);
                } else {
                    rule(out, function, event, rate, number);
                }
            }
        }
    }
}

/// `ENABLED` unless the event says otherwise.
pub(super) fn state(config: &Node) -> Node {
    match config.get("enabled") {
        Some(enabled) if enabled.as_bool() == Some(false) => Node::string("DISABLED", enabled.span),
        Some(enabled) if enabled.as_unknown().is_some() => enabled.clone(),
        _ => Node::string("ENABLED", config.span),
    }
}

fn rule(out: &mut Output<'_>, function: &Function, event: &Event, rate: &Node, number: usize) {
    let span = event.span;
    let config = &event.config;
    let id = format!("{}EventsRuleSchedule{number}", function.normalized());
    let target = Shape::at(span)
        .copy("Input", config, "input")
        .copy("InputPath", config, "inputPath")
        .with("Arn", function.target(span))
        .text("Id", &format!("{}Schedule", function.key))
        .done();
    let properties = Shape::at(span)
        .with("ScheduleExpression", rate.clone())
        .with("State", state(config))
        .copy("Name", config, "name")
        .copy("Description", config, "description")
        .with("Targets", Node::list(vec![target], span));
    out.template.make("AWS::Events::Rule", id.clone(), &function.owner(span), properties.done());
    let permission = format!("{}LambdaPermissionEventsRuleSchedule{number}", function.normalized());
    out.permit(permission, function, "events.amazonaws.com", Some(arn_of(&id, span)), span);
}

/// A schedule runs under the function's own role, which Scheduler must then be trusted with.
fn scheduler(out: &mut Output<'_>, function: &Function, event: &Event, rate: &Node, number: usize) {
    let span = event.span;
    let config = &event.config;
    let role = out.template.get_mut(&function.id()).and_then(|draft| draft.properties.get("Role").cloned());
    let target =
        Shape::at(span).with("Arn", function.target(span)).maybe("RoleArn", role).copy("Input", config, "input").done();
    let properties = Shape::at(span)
        .with("ScheduleExpression", rate.clone())
        .with("State", state(config))
        .with("Target", target)
        .with("FlexibleTimeWindow", Node::map([("Mode", Node::string("OFF", span))], span))
        .copy("Name", config, "name")
        .copy("Description", config, "description")
        .copy("ScheduleExpressionTimezone", config, "timezone");
    let id = format!("{}SchedulerSchedule{number}", function.normalized());
    out.template.make("AWS::Scheduler::Schedule", id, &function.owner(span), properties.done());
    let name = std::slice::from_ref(&function.name);
    let own = |tail: &str| {
        let pattern = format!("arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:function:{{}}{tail}");
        arn(&pattern, name, function.span)
    };
    out.allow(&["lambda:InvokeFunction"], vec![own(""), own(":*")], function.span);
    if let Some(role) = &mut out.role {
        let service = Node::string("scheduler.amazonaws.com", span);
        if role.trusted.iter().all(|known| known.as_text() != service.as_text()) {
            role.trusted.push(service);
        }
    }
}
