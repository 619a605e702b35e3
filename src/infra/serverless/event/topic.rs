//! `sns` events: topics, subscriptions, and the policy of a subscription's dead-letter queue.

use super::super::naming::alphanumeric;
use super::super::output::Output;
use super::super::service::{Event, Function};
use super::super::template::{Owner, Shape, arn, arn_of, join, reference};
use crate::source::Span;
use crate::syntax::{Node, Value};

/// Lowers every `sns` event.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    for (function, event) in service.events("sns") {
        lower_one(out, function, event);
    }
}

fn lower_one(out: &mut Output<'_>, function: &Function, event: &Event) {
    let span = event.span;
    let config = &event.config;
    let given = match &config.value {
        Value::Map(_) => config.get("arn").cloned(),
        _ if config.to_string().starts_with("arn:") => Some(config.clone()),
        _ => None,
    };
    let said = match &config.value {
        Value::Map(_) => config.get("topicName").cloned(),
        _ if given.is_none() => Some(config.clone()),
        _ => None,
    };
    let name = said.clone().or_else(|| given.as_ref().map(last_field)).unwrap_or_else(|| config.clone());
    let stem = alphanumeric(&name.to_string());
    let existing = given.is_some();
    let source = given.unwrap_or_else(|| {
        arn("arn:AWS::Partition:sns:AWS::Region:AWS::AccountId:{}", std::slice::from_ref(&name), span)
    });
    let redrive = redrive_policy(out, function, event, &stem, &source);
    let topic = format!("SNSTopic{stem}");
    let subscription = Shape::at(span).with("Endpoint", function.target(span)).text("Protocol", "lambda");
    let details = |shape: Shape, topic: Node| {
        shape
            .with("TopicArn", topic)
            .copy("FilterPolicy", config, "filterPolicy")
            .copy("FilterPolicyScope", config, "filterPolicyScope")
            .maybe("RedrivePolicy", redrive.clone())
            .done()
    };
    let id = format!("{}SnsSubscription{stem}", function.normalized());
    let owner = function.owner(span);
    if existing {
        out.template.make("AWS::SNS::Subscription", id, &owner, details(subscription, source.clone()));
    } else {
        make_topic(out, function, event, &topic, &name);
        if config.get("filterPolicy").is_some() || redrive.is_some() {
            out.template.make("AWS::SNS::Subscription", id, &owner, details(subscription, reference(&topic, span)));
        } else if let Some(draft) = out.template.get_mut(&topic) {
            let mut all = draft.properties.get("Subscription").map(|list| list.items().to_vec()).unwrap_or_default();
            all.push(subscription.done());
            draft.properties.set("Subscription", span, Node::list(all, span));
        }
    }
    let id = format!("{}LambdaPermission{stem}SNS", function.normalized());
    out.permit(id, function, "sns.amazonaws.com", Some(source), span);
}

/// The topic that an event names and does not give an ARN for: the framework makes it, once.
fn make_topic(out: &mut Output<'_>, function: &Function, event: &Event, id: &str, name: &Node) {
    if out.template.contains(id) {
        return;
    }
    let properties =
        Shape::at(event.span).with("TopicName", name.clone()).copy("DisplayName", &event.config, "displayName");
    // The topic has a name of its own, which the user wrote in the event.
    let owner = Owner { name: name.to_string().into(), ..function.owner(event.span) };
    out.template.make("AWS::SNS::Topic", id, &owner, properties.done());
}

fn redrive_policy(out: &mut Output<'_>, function: &Function, event: &Event, stem: &str, topic: &Node) -> Option<Node> {
    let policy = event.config.get("redrivePolicy")?;
    let span = policy.span;
    let (target, queue) = if let Some(target) = policy.get("deadLetterTargetArn") {
        (target.clone(), queue_url(target))
    } else if let Some(id) = policy.get("deadLetterTargetRef").and_then(Node::as_text) {
        (arn_of(id, span), reference(id, span))
    } else {
        let import = |key: &str| {
            let name = policy.get("deadLetterTargetImport").and_then(|import| import.get(key)).cloned();
            Node::map([("Fn::ImportValue", name.unwrap_or_else(|| policy.clone()))], span)
        };
        (import("arn"), import("url"))
    };
    let id = format!("{stem}To{}DLQPolicy", function.normalized());
    let statement = Shape::at(span)
        .text("Effect", "Allow")
        .with("Principal", Node::map([("Service", Node::string("sns.amazonaws.com", span))], span))
        .text("Action", "sqs:SendMessage")
        .with("Resource", target.clone())
        .with("Condition", Node::map([("ArnEquals", Node::map([("aws:SourceArn", topic.clone())], span))], span))
        .done();
    let document = Shape::at(span)
        .text("Version", "2012-10-17")
        .text("Id", &id)
        .with("Statement", Node::list(vec![statement], span))
        .done();
    let properties =
        Shape::at(span).with("PolicyDocument", document).with("Queues", Node::list(vec![queue], span)).done();
    out.template.make("AWS::SQS::QueuePolicy", id, &function.owner(span), properties);
    Some(Node::map([("deadLetterTargetArn", target)], span))
}

fn queue_url(arn: &Node) -> Node {
    let text = arn.to_string();
    let fields: Vec<&str> = text.rsplitn(4, ':').collect();
    let [name, account, region, ..] = fields.as_slice() else {
        return arn.clone();
    };
    let parts = [format!("https://sqs.{region}."), format!("/{account}/{name}")];
    let [host, path] = parts.map(|part| Node::string(part, arn.span));
    join("", vec![host, reference("AWS::URLSuffix", arn.span), path], arn.span)
}

/// What follows the last colon of an ARN; for an intrinsic function the resource that it names.
fn last_field(arn: &Node) -> Node {
    let span: Span = arn.span;
    match arn.as_text() {
        Some(text) => Node::string(text.rsplit(':').next().unwrap_or_default(), span),
        None => Node::string(super::queue::source_name(arn, ':'), span),
    }
}
