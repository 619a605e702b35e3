//! The `Events` of a function: what may invoke it, and what has to be made for that.

use super::api::Apis;
use super::api_event;
use super::event::{Event, conditional, event};
use super::id;
use super::invoke::{arn_equals, queue_policy};
use super::output::{Output, Permission, Source, Target};
use super::pull::{self, Mapping};
use super::schedule;
use super::shape::{Object, append, arn, change, equal, json, literal, parts_of, present, pseudo, text};
use crate::syntax::{Node, Value};
use serde_json::json;

/// The function whose events are lowered.
pub(super) struct Events<'a> {
    /// The function.
    pub(super) source: &'a Source,
    /// What is invoked: the function, or its alias.
    pub(super) target: &'a Target,
    /// The role that SAM makes, to which an event adds what reading its source needs.
    pub(super) role: Option<&'a mut Node>,
}

/// Adds everything that the events of a function become.
pub(super) fn lower(out: &mut Output<'_>, apis: &mut Apis, events: Events<'_>) {
    let Events { source, target, mut role } = events;
    for entry in source.get("Events").map(Node::entries).unwrap_or_default() {
        let Some(kind) = text(&entry.value, "Type") else {
            out.refuse(entry.key_span, format!("the event {} of {} has no Type", entry.key, source.origin.name));
            continue;
        };
        let empty = Node::map(Vec::<(&str, Node)>::new(), entry.key_span);
        let event = event(source, entry, target, present(&entry.value, "Properties").unwrap_or(&empty));
        match kind {
            "Api" => api_event::rest(out, apis, &event),
            "HttpApi" => api_event::http(out, apis, &event, source),
            "S3" => bucket(out, &event),
            "SNS" => topic(out, &event, role.as_deref_mut()),
            "Schedule" => schedule::timer(out, &event),
            "ScheduleV2" => schedule::scheduler(out, &event),
            "CloudWatchEvent" | "EventBridgeRule" => schedule::pattern(out, &event),
            "CloudWatchLogs" => logs(out, &event),
            "IoTRule" => iot(out, &event),
            "AlexaSkill" => {
                let token = event.get("SkillId").cloned();
                let conditions = Object::new(event.span()).maybe("EventSourceToken", token);
                out.permit(&event.origin, event.permission("alexa-appkit.amazon.com", conditions));
            }
            "Cognito" => user_pool(out, &event),
            _ => {
                if !pull::lower(out, &Mapping::new(kind, &event), role.as_deref_mut()) {
                    let message =
                        format!("the event {} of {} has an unknown Type {kind}", entry.key, source.origin.name);
                    out.refuse(entry.key_span, message);
                }
            }
        }
    }
}

/// A bucket of this template notifies the function.
fn bucket(out: &mut Output<'_>, event: &Event<'_>) {
    let span = event.span();
    let account = Node::template(vec![pseudo("AWS::AccountId")], span);
    let conditions = Object::new(span).put("SourceAccount", account);
    out.permit(&event.origin, event.permission("s3.amazonaws.com", conditions));
    let bucket = event.get("Bucket").and_then(Node::as_reference).map(|one| one.resource.clone());
    let Some(bucket) = bucket.and_then(|id| out.find_mut(&id)) else {
        out.refuse(span, format!("the event {} names no bucket of this template", event.name));
        return;
    };
    for kind in event.get("Events").map(Node::items_or_self).unwrap_or_default() {
        let notification = Object::new(span)
            .put("Event", kind.clone())
            .maybe("Filter", present(event.properties, "Filter").cloned())
            .put("Function", event.target.arn(span))
            .node();
        let empty = Object::new(span).node();
        let notification = conditional(notification, &event.origin.presence);
        change(&mut bucket.properties, "NotificationConfiguration", empty, |configuration| {
            let written = configuration.get("LambdaConfigurations").map(Node::items).unwrap_or_default();
            if !written.iter().any(|one| equal(one, &notification)) {
                append(configuration, "LambdaConfigurations", notification);
            }
        });
    }
}

/// A topic invokes the function, or fills a queue that it reads.
fn topic(out: &mut Output<'_>, event: &Event<'_>, role: Option<&mut Node>) {
    let span = event.span();
    let topic = event.get("Topic").cloned().unwrap_or_else(|| Node::new(Value::Absent, span));
    let queue = event.get("SqsSubscription").filter(|queue| queue.as_bool() != Some(false));
    let subscription = |protocol: &str, endpoint: Node| {
        Object::new(span)
            .text("Protocol", protocol)
            .put("Endpoint", endpoint)
            .put("TopicArn", topic.clone())
            .copy(event.properties, &["Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"])
            .node()
    };
    let Some(queue) = queue else {
        let conditions = Object::new(span).put("SourceArn", topic.clone());
        out.permit(&event.origin, event.permission("sns.amazonaws.com", conditions));
        let subscription = subscription("lambda", event.arn());
        out.generate(&event.origin, "AWS::SNS::Subscription", event.id.clone(), subscription);
        return;
    };
    let (arn, address, policy) = if matches!(queue.value, Value::Map(_)) {
        let value = |key| present(queue, key).cloned().unwrap_or_else(|| Node::new(Value::Absent, span));
        let policy = text(queue, "QueuePolicyLogicalId").map(str::to_owned);
        (value("QueueArn"), value("QueueUrl"), policy)
    } else {
        let id = format!("{}Queue", event.id);
        out.generate(&event.origin, "AWS::SQS::Queue", id.clone(), Object::new(span).node());
        (Node::reference(id.clone(), "Arn", span), Node::reference(id, "", span), None)
    };
    let statement = Object::new(span)
        .text("Action", "sqs:SendMessage")
        .text("Effect", "Allow")
        .text("Principal", "*")
        .put("Resource", arn.clone())
        .put("Condition", arn_equals(topic.clone()))
        .node();
    let policy = policy.unwrap_or_else(|| format!("{}QueuePolicy", event.id));
    queue_policy(out, &event.origin, &policy, statement, address);
    out.generate(&event.origin, "AWS::SNS::Subscription", event.id.clone(), subscription("sqs", arn.clone()));
    let batch = present(queue, "BatchSize").cloned().unwrap_or_else(|| json(&json!(10), span));
    let properties = Object::new(span).put("Queue", arn).put("BatchSize", batch).put("Enabled", Node::bool(true, span));
    let properties = properties.node();
    let mapping = event.with(format!("{}EventSourceMapping", event.id), &properties);
    pull::lower(out, &Mapping::new("SQS", &mapping), role);
}

/// A log group's lines are sent to the function.
fn logs(out: &mut Output<'_>, event: &Event<'_>) {
    let span = event.span();
    let group = event.get("LogGroupName").cloned().unwrap_or_else(|| Node::new(Value::Absent, span));
    let mut resource = vec![literal("log-group:")];
    resource.extend(parts_of(&group));
    resource.push(literal(":*"));
    let conditions = Object::new(span).put("SourceArn", arn("logs", resource, span));
    out.permit(&event.origin, event.permission("logs.amazonaws.com", conditions));
    let filter = Object::new(span)
        .put("LogGroupName", group)
        .copy(event.properties, &["FilterPattern"])
        .put("DestinationArn", event.arn())
        .node();
    out.generate(&event.origin, "AWS::Logs::SubscriptionFilter", event.id.clone(), filter);
}

/// A rule of IoT invokes the function.
fn iot(out: &mut Output<'_>, event: &Event<'_>) {
    let span = event.span();
    let resource = vec![literal("rule/"), super::shape::reference(&event.id, "")];
    let conditions = Object::new(span)
        .put("SourceArn", arn("iot", resource, span))
        .put("SourceAccount", Node::template(vec![pseudo("AWS::AccountId")], span));
    out.permit(&event.origin, event.permission("iot.amazonaws.com", conditions));
    let action = Object::new(span).put("Lambda", Object::new(span).put("FunctionArn", event.arn()).node()).node();
    let payload = Object::new(span)
        .copy(event.properties, &["Sql"])
        .put("RuleDisabled", Node::bool(false, span))
        .put("Actions", Node::list(vec![action], span))
        .copy(event.properties, &["AwsIotSqlVersion"])
        .node();
    let rule = Object::new(span).put("TopicRulePayload", payload).node();
    out.generate(&event.origin, "AWS::IoT::TopicRule", event.id.clone(), rule);
}

/// A user pool of this template calls the function.
fn user_pool(out: &mut Output<'_>, event: &Event<'_>) {
    let span = event.span();
    let pool = event.get("UserPool").and_then(Node::as_reference).map(|one| one.resource.clone());
    let Some(id) = pool.filter(|id| out.find(id).is_some()) else {
        out.refuse(span, format!("the event {} names no user pool of this template", event.name));
        return;
    };
    let permission = Permission {
        id: id::hashed(&format!("{}CognitoPermission", event.target.id), ""),
        principal: "cognito-idp.amazonaws.com",
        target: event.target,
        conditions: Object::new(span).put("SourceArn", Node::reference(id.clone(), "Arn", span)),
    };
    out.permit(&event.origin, permission);
    let arn = event.arn();
    if let Some(pool) = out.find_mut(&id) {
        let wanted = event.get("Trigger").map(Node::items_or_self).unwrap_or_default();
        change(&mut pool.properties, "LambdaConfig", Object::new(span).node(), |triggers| {
            for name in wanted.iter().filter_map(Node::as_text) {
                triggers.set(name, span, arn.clone());
            }
        });
    }
}
