//! `cloudwatchLog` events: subscriptions of a function to log groups.

use super::super::output::Output;
use super::super::template::{Shape, arn, join, reference};
use crate::syntax::Node;

/// Lowers every `cloudwatchLog` event; one permission serves all groups of a function.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    for function in &service.functions {
        let mut groups: Vec<Node> = Vec::new();
        let events = function.events.iter().filter(|event| &*event.kind == "cloudwatchLog");
        for (number, event) in (1..).zip(events) {
            let span = event.span;
            let group = event.config.get("logGroup").unwrap_or(&event.config).clone();
            let filter = event.config.get("filter").cloned().unwrap_or_else(|| Node::string("", span));
            let properties = Shape::at(span)
                .with("LogGroupName", group.clone())
                .with("FilterPattern", filter)
                .with("DestinationArn", function.target(span));
            let id = format!("{}LogsSubscriptionFilterCloudWatchLog{number}", function.normalized());
            out.template.make("AWS::Logs::SubscriptionFilter", id, &function.owner(span), properties.done());
            groups.push(group);
            let covered = Node::string(covering(&groups), span);
            let covered = if groups.len() == 1 { groups[0].clone() } else { covered };
            let host =
                [Node::string("logs.", span), reference("AWS::Region", span), Node::string(".amazonaws.com", span)];
            let source = arn("arn:AWS::Partition:logs:AWS::Region:AWS::AccountId:log-group:{}:*", &[covered], span);
            let properties = Shape::at(span)
                .with("FunctionName", function.target(span))
                .text("Action", "lambda:InvokeFunction")
                .with("Principal", join("", host.to_vec(), span))
                .with("SourceArn", source);
            let id = format!("{}LambdaPermissionLogsSubscriptionFilterCloudWatchLog", function.normalized());
            out.template.make("AWS::Lambda::Permission", id, &function.owner(span), properties.done());
        }
    }
}

/// What all names begin with, and a wildcard.
fn covering(groups: &[Node]) -> String {
    let names: Vec<String> = groups.iter().map(Node::to_string).collect();
    let first: Vec<char> = names.first().map(|name| name.chars().collect()).unwrap_or_default();
    let shared = names.iter().map(|name| first.iter().zip(name.chars()).take_while(|(a, b)| **a == *b).count()).min();
    let mut prefix: String = first.iter().take(shared.unwrap_or(0)).collect();
    if !prefix.ends_with('*') {
        prefix.push('*');
    }
    prefix
}
