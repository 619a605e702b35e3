//! Rules and schedules that invoke a function or start a state machine.

use super::event::Event;
use super::invoke::rule_queue;
use super::output::Output;
use super::shape::{Object, allow, assume, inline_policy, json};
use crate::syntax::Node;
use serde_json::json;

/// A `Schedule` event of a function: a rule with a schedule, and the permission.
pub(super) fn timer(out: &mut Output<'_>, event: &Event<'_>) {
    rule(out, event, &["Description"], None);
    permit(out, event);
}

/// An `EventBridgeRule` event of a function: a rule with a pattern, and the permission.
pub(super) fn pattern(out: &mut Output<'_>, event: &Event<'_>) {
    rule(out, event, &["EventBusName"], None);
    permit(out, event);
}

/// A `Schedule` or `EventBridgeRule` event of a state machine: a rule, and the role that starts it.
pub(super) fn start(out: &mut Output<'_>, event: &Event<'_>, boundary: Option<&Node>) {
    let role = match event.get("RoleArn") {
        Some(role) => role.clone(),
        None => {
            let id = format!("{}Role", event.id);
            starter(out, event, &id, "events.amazonaws.com", boundary);
            Node::reference(id, "Arn", event.span())
        }
    };
    rule(out, event, &["EventBusName", "Description"], Some(role));
}

/// Adds the role that lets a service start a state machine.
pub(super) fn starter(out: &mut Output<'_>, event: &Event<'_>, id: &str, service: &str, boundary: Option<&Node>) {
    let span = event.span();
    let policy =
        inline_policy(&format!("{id}StartExecutionPolicy"), allow(json!("states:StartExecution"), event.arn(), span));
    let role = Object::new(span)
        .put("AssumeRolePolicyDocument", assume(service, span))
        .put("Policies", Node::list(vec![policy], span))
        .maybe("PermissionsBoundary", boundary.cloned())
        .node();
    out.generate(&event.origin, "AWS::IAM::Role", id.to_owned(), role);
}

/// A `ScheduleV2` event: a schedule of EventBridge Scheduler, with its role.
pub(super) fn scheduler(out: &mut Output<'_>, event: &Event<'_>) {
    let span = event.span();
    let machine = event.target.machine;
    let queue =
        event.get("DeadLetterConfig").and_then(|config| rule_queue(out, &event.origin, config, &event.id, false));
    let role = match event.get("RoleArn") {
        Some(role) => role.clone(),
        None => {
            let (suffix, action) = if machine {
                ("StartExecutionPolicy", "states:StartExecution")
            } else {
                ("LambdaPolicy", "lambda:InvokeFunction")
            };
            let mut policies =
                vec![inline_policy(&format!("{}{suffix}", event.id), allow(json!(action), event.arn(), span))];
            if let Some(queue) = &queue {
                let document = allow(json!("sqs:SendMessage"), queue.clone(), queue.span);
                policies.push(inline_policy(&format!("{}SQSPolicy", event.id), document));
            }
            let role = Object::new(span)
                .put("AssumeRolePolicyDocument", assume("scheduler.amazonaws.com", span))
                .put("Policies", Node::list(policies, span))
                .maybe("PermissionsBoundary", event.get("PermissionsBoundary").cloned())
                .node();
            let id = format!("{}Role", event.id);
            out.generate(&event.origin, "AWS::IAM::Role", id.clone(), role);
            Node::reference(id, "Arn", span)
        }
    };
    let target = Object::new(span)
        .put("Arn", event.arn())
        .put("RoleArn", role)
        .copy(event.properties, &["Input"])
        .maybe("DeadLetterConfig", queue.map(|arn| Object::new(arn.span).put("Arn", arn).node()))
        .copy(event.properties, &["RetryPolicy"])
        .node();
    let named = event.get("OmitName").and_then(Node::as_bool) != Some(true);
    let name = event.get("Name").cloned().unwrap_or_else(|| Node::string(event.id.as_str(), span));
    let window = event.get("FlexibleTimeWindow").cloned().unwrap_or_else(|| json(&json!({"Mode": "OFF"}), span));
    let schedule = Object::new(span)
        .copy(event.properties, &["ScheduleExpression", "State"])
        .maybe("Name", named.then_some(name))
        .copy(event.properties, &["Description"])
        .put("FlexibleTimeWindow", window)
        .copy(event.properties, &["StartDate", "EndDate", "ScheduleExpressionTimezone", "GroupName", "KmsKeyArn"])
        .put("Target", target)
        .node();
    out.generate(&event.origin, "AWS::Scheduler::Schedule", event.id.clone(), schedule);
}

/// The longest id of a rule's target (Amazon EventBridge API Reference, Target, read 2026-11).
const TARGET_ID: usize = 64;

/// Adds the rule of an event, with its dead-letter queue.
fn rule(out: &mut Output<'_>, event: &Event<'_>, kept: &[&str], role: Option<Node>) {
    let span = event.span();
    let queue =
        event.get("DeadLetterConfig").and_then(|config| rule_queue(out, &event.origin, config, &event.id, true));
    let suffix = if role.is_some() { "StepFunctionsTarget" } else { "LambdaTarget" };
    let kept_of_id: String = event.id.chars().take(TARGET_ID - suffix.len()).collect();
    let target_id = event.get("Target").and_then(|target| target.get("Id")).cloned();
    let target = Object::new(span)
        .put("Arn", event.arn())
        .put("Id", target_id.unwrap_or_else(|| Node::string(format!("{kept_of_id}{suffix}"), span)))
        .maybe("RoleArn", role)
        .copy(event.properties, &["Input", "InputPath"])
        .maybe("DeadLetterConfig", queue.map(|arn| Object::new(arn.span).put("Arn", arn).node()))
        .copy(event.properties, &["RetryPolicy", "InputTransformer"])
        .node();
    let state = event.get("State").cloned().or_else(|| {
        let enabled = event.get("Enabled")?;
        match enabled.as_bool() {
            Some(value) => Some(Node::string(if value { "ENABLED" } else { "DISABLED" }, enabled.span)),
            None => Some(enabled.clone()),
        }
    });
    let name = if event.get("Schedule").is_some() { "Name" } else { "RuleName" };
    let rule = Object::new(span)
        .maybe("ScheduleExpression", event.get("Schedule").cloned())
        .maybe("EventPattern", event.get("Pattern").cloned())
        .copy(event.properties, kept)
        .maybe("Name", event.get(name).cloned())
        .maybe("State", state)
        .put("Targets", Node::list(vec![target], span))
        .node();
    out.generate(&event.origin, "AWS::Events::Rule", event.id.clone(), rule);
}

/// Lets the rule invoke the function.
fn permit(out: &mut Output<'_>, event: &Event<'_>) {
    let rule = Node::reference(event.id.as_str(), "Arn", event.span());
    let conditions = Object::new(event.span()).put("SourceArn", rule);
    out.permit(&event.origin, event.permission("events.amazonaws.com", conditions));
}
