//! What every function may hold: its logs, its traces, its network interfaces.

use super::action::{Action, ActionSet};
use super::text::Text;

/// What stands in the names of the EC2 actions by which a function is put into a network.
const NETWORK: &[&str] =
    &["networkinterface", "privateipaddresses", "describesecuritygroups", "describesubnets", "describevpcs"];

/// The actions on log groups that only write them and set them up.
const WRITING_LOGS: &[&str] = &[
    "CreateLogGroup",
    "CreateLogStream",
    "DeleteRetentionPolicy",
    "DescribeLogGroups",
    "DescribeLogStreams",
    "PutLogEvents",
    "PutRetentionPolicy",
    "TagLogGroup",
    "TagResource",
];

/// The actions that API Gateway's role for its logs has beside creating them, and refuses to be without
/// (AWS managed policy AmazonAPIGatewayPushToCloudWatchLogs, read 2026-11).
const GATEWAYS_LOGS: &[&str] = &["DescribeLogStreams", "PutLogEvents", "GetLogEvents", "FilterLogEvents"];

/// Whether an action, as written, is one of logs, traces and network interfaces, reading them too.
pub fn is_plumbing(action: &str) -> bool {
    action.to_ascii_lowercase().starts_with("logs:") || is_trace_or_network(action)
}

/// Whether the action writes logs or traces, or puts a function into its network.
pub(super) fn is_of_every_function(action: Action) -> bool {
    match action.service() {
        "logs" => WRITING_LOGS.contains(&action.name()),
        "xray" | "cloudwatch" | "ec2" => is_trace_or_network(&action.to_string()),
        _ => false,
    }
}

/// Whether the actions are no more than that, or than what API Gateway has for its logs.
pub(super) fn is_all(set: &ActionSet) -> bool {
    let logs = |name: &str| set.iter().any(|action| action.service() == "logs" && action.name() == name);
    let gateway = GATEWAYS_LOGS.iter().all(|name| logs(name));
    let within = |action: Action| {
        is_of_every_function(action) || gateway && action.service() == "logs" && GATEWAYS_LOGS.contains(&action.name())
    };
    set.iter().all(within)
}

/// Whether a statement's actions hold those of API Gateway's role for its logs.
pub(super) fn is_gateways(actions: &[Text]) -> bool {
    let written = |name: &str| {
        let is = |text: &Text| {
            text.as_literal().and_then(|text| text.split_once(':')).is_some_and(|(service, action)| {
                service.eq_ignore_ascii_case("logs") && action.eq_ignore_ascii_case(name)
            })
        };
        actions.iter().any(is)
    };
    GATEWAYS_LOGS.iter().all(|name| written(name))
}

fn is_trace_or_network(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    action.starts_with("xray:")
        || action.starts_with("cloudwatch:putmetricdata")
        || action.starts_with("ec2:") && NETWORK.iter().any(|word| action.contains(word))
}
