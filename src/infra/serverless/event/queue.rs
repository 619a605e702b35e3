//! `sqs` events: mappings of queues to functions.

use super::super::naming::alphanumeric;
use super::super::output::Output;
use super::super::template::Shape;
use crate::syntax::{Node, Part, Value};

/// Lowers every `sqs` event.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    for (function, event) in service.events("sqs") {
        let span = event.span;
        let source = event.config.get("arn").unwrap_or(&event.config).clone();
        let id = format!("{}EventSourceMappingSQS{}", function.normalized(), alphanumeric(&source_name(&source, ':')));
        let concurrency = event.config.get("maximumConcurrency");
        let properties = Shape::at(span)
            .with("BatchSize", or_number(event.config.get("batchSize"), "10", &event.config))
            .copy("MaximumBatchingWindowInSeconds", &event.config, "maximumBatchingWindow")
            .with("EventSourceArn", source.clone())
            .with("FunctionName", function.target(span))
            .with("Enabled", event.config.get("enabled").cloned().unwrap_or_else(|| Node::bool(true, span)))
            .maybe("FunctionResponseTypes", event.config.get("functionResponseType").map(as_list))
            .maybe("FilterCriteria", filters(&event.config))
            .maybe(
                "ScalingConfig",
                concurrency.map(|value| Node::map([("MaximumConcurrency", value.clone())], value.span)),
            );
        out.template.make("AWS::Lambda::EventSourceMapping", id, &function.owner(span), properties.done());
        let actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
        out.allow(&actions, vec![source], span);
    }
}

/// The name in an event source's ARN that ids are made of: what follows the last `separator`, or the resource or
/// export that an intrinsic function names.
pub(super) fn source_name(source: &Node, separator: char) -> String {
    let last = |text: &str| text.rsplit(separator).next().unwrap_or_default().to_owned();
    for function in ["Fn::GetAtt", "Fn::ImportValue", "Ref", "Fn::Join", "Fn::Sub"] {
        let Some(argument) = source.get(function) else {
            continue;
        };
        let text = match (&argument.value, function) {
            (Value::List(items), "Fn::Join") => {
                let joined = items.get(1).and_then(|parts| parts.items().last()).map(Node::to_string);
                return last(&joined.unwrap_or_default()).trim_start_matches('/').to_owned();
            }
            (Value::List(items), _) => items.first().map(Node::to_string).unwrap_or_default(),
            _ => argument.to_string(),
        };
        return match function {
            "Fn::GetAtt" => text.split('.').next().unwrap_or_default().to_owned(),
            "Fn::Sub" => last(&text),
            _ => text,
        };
    }
    match &source.value {
        Value::Template(parts) => {
            let text: String = parts
                .iter()
                .map(|part| match part {
                    Part::Literal(text) => text.to_string(),
                    other => format!("{other}"),
                })
                .collect();
            last(&text)
        }
        _ => last(&source.to_string()),
    }
}

/// A value or the framework's default number.
pub(super) fn or_number(value: Option<&Node>, default: &str, place: &Node) -> Node {
    value.cloned().unwrap_or_else(|| Node::new(Value::Number(default.into()), place.span))
}

/// One value as a list of one.
pub(super) fn as_list(value: &Node) -> Node {
    match &value.value {
        Value::List(_) => value.clone(),
        _ => Node::list(vec![value.clone()], value.span),
    }
}

/// The filter criteria of a mapping; the patterns stay trees.
pub(super) fn filters(config: &Node) -> Option<Node> {
    let patterns = config.get("filterPatterns")?;
    let filter = |pattern: &Node| Node::map([("Pattern", pattern.clone())], pattern.span);
    let filters = patterns.items().iter().map(filter).collect();
    Some(Node::map([("Filters", Node::list(filters, patterns.span))], patterns.span))
}
