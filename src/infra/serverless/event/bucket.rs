//! `s3` events: buckets that the framework makes with their notifications, and notifications of buckets that exist.

use super::super::naming::{alphanumeric, upper_first};
use super::super::output::Output;
use super::super::service::{Event, Function};
use super::super::template::{Owner, Shape, arn, reference};
use crate::source::ProblemKind;
use crate::syntax::{Entry, Node, Value};

/// Lowers every `s3` event.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    for (function, event) in service.events("s3") {
        let config = &event.config;
        if config.get("existing").and_then(Node::as_bool) == Some(true) {
            existing(out, function, event);
        } else {
            lower_new(out, function, event);
        }
    }
}

/// A bucket of the stack, made by its first event; `provider.s3` may say more of it.
fn lower_new(out: &mut Output<'_>, function: &Function, event: &Event) {
    let service = out.service;
    let span = event.span;
    let bucket = event.config.get("bucket").unwrap_or(&event.config);
    if bucket.parts().is_none() {
        let message = format!("the bucket of an s3 event of function {} is not a name", function.key);
        return out.problem(span, ProblemKind::Parse, message);
    }
    let stem = alphanumeric(&bucket.to_string());
    let id = format!("S3Bucket{stem}");
    let settings = service.provider("s3").and_then(|all| all.get(&bucket.to_string()));
    let name = settings.and_then(|settings| settings.get("name")).unwrap_or(bucket).clone();
    if !out.template.contains(&id) {
        let mut properties = Shape::at(span).with("BucketName", name.clone()).done();
        for entry in settings.map(Node::entries).unwrap_or_default().iter().filter(|entry| &*entry.key != "name") {
            properties.set(upper_first(&entry.key), entry.key_span, entry.value.clone());
        }
        // The bucket has a name of its own, which the user wrote in the event.
        let owner = Owner { name: bucket.to_string().into(), ..function.owner(span) };
        out.template.make("AWS::S3::Bucket", id.clone(), &owner, properties);
    }
    let notification = notification(function, event);
    if let Some(draft) = out.template.get_mut(&id) {
        let given = draft.properties.get("NotificationConfiguration").cloned();
        let mut all = given.unwrap_or_else(|| Node::new(Value::Map(Vec::new()), span));
        let mut list = all.get("LambdaConfigurations").map(|list| list.items().to_vec()).unwrap_or_default();
        list.push(notification);
        all.set("LambdaConfigurations", span, Node::list(list, span));
        draft.properties.set("NotificationConfiguration", span, all);
    }
    let id = format!("{}LambdaPermission{stem}S3", function.normalized());
    let properties = Shape::at(span)
        .with("FunctionName", function.target(span))
        .text("Action", "lambda:InvokeFunction")
        .text("Principal", "s3.amazonaws.com")
        .with("SourceArn", arn("arn:AWS::Partition:s3:::{}", &[name], span))
        .with("SourceAccount", reference("AWS::AccountId", span));
    out.template.make("AWS::Lambda::Permission", id, &function.owner(span), properties.done());
}

fn notification(function: &Function, event: &Event) -> Node {
    let span = event.span;
    let config = &event.config;
    let rules = config.get("rules").map(|rules| {
        let rule = |entry: &Entry| {
            let name = Node::string(entry.key.clone(), entry.key_span);
            Shape::at(entry.key_span).with("Name", name).with("Value", entry.value.clone()).done()
        };
        let list = rules.items().iter().flat_map(Node::entries).map(rule).collect();
        Node::map([("S3Key", Node::map([("Rules", Node::list(list, rules.span))], rules.span))], rules.span)
    });
    Shape::at(span)
        .with("Event", config.get("event").cloned().unwrap_or_else(|| Node::string("s3:ObjectCreated:*", span)))
        .with("Function", function.target(span))
        .maybe("Filter", rules)
        .done()
}

/// A bucket outside the stack: the framework sets its notification with a custom resource at deployment.
fn existing(out: &mut Output<'_>, function: &Function, event: &Event) {
    let span = event.span;
    let id = format!("{}CustomS31", function.normalized());
    let kind = event.config.get("event").cloned().unwrap_or_else(|| Node::string("s3:ObjectCreated:*", span));
    let config = Shape::at(span).with("Event", kind).copy("Rules", &event.config, "rules").done();
    if let Some(draft) = out.template.get_mut(&id) {
        let mut all = draft.properties.get("BucketConfigs").map(|list| list.items().to_vec()).unwrap_or_default();
        all.push(config);
        draft.properties.set("BucketConfigs", span, Node::list(all, span));
        return;
    }
    let properties = Shape::at(span)
        .with("FunctionName", function.name.clone())
        .copy("BucketName", &event.config, "bucket")
        .with("BucketConfigs", Node::list(vec![config], span));
    out.template.make("Custom::S3", id, &function.owner(span), properties.done());
}
