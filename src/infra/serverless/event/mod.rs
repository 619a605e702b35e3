//! What events make: routes, permissions, mappings, rules, topics and buckets, one file a family.

mod alb;
mod bucket;
mod edge;
mod http_api;
mod log;
mod pool;
mod queue;
mod rest;
mod rest_route;
mod rule;
mod schedule;
mod stream;
mod topic;
mod websocket;

use super::output::Output;
use crate::source::ProblemKind;

/// Lowers all events of one kind.
type Lower = fn(&mut Output<'_>);

/// The kinds of event that are read, in the order in which they are lowered.
const KINDS: &[(&str, Lower)] = &[
    ("http", rest::lower),
    ("httpApi", http_api::lower),
    ("websocket", websocket::lower),
    ("sqs", queue::lower),
    ("stream", stream::lower),
    ("kafka", stream::lower_kafka),
    ("msk", stream::lower_msk),
    ("activemq", stream::lower_activemq),
    ("rabbitmq", stream::lower_rabbitmq),
    ("sns", topic::lower),
    ("s3", bucket::lower),
    ("schedule", schedule::lower),
    ("eventBridge", rule::lower),
    ("cloudwatchEvent", rule::lower_cloudwatch),
    ("cloudwatchLog", log::lower),
    ("iot", rule::lower_iot),
    ("cognitoUserPool", pool::lower),
    ("alexaSkill", pool::lower_alexa_skill),
    ("alexaSmartHome", pool::lower_alexa_home),
    ("alb", alb::lower),
    ("cloudFront", edge::lower),
    ("iotFleetProvisioning", rule::lower_iot_fleet),
];

/// Lowers every event; kinds that are not known are problems.
pub(super) fn lower(out: &mut Output<'_>) {
    for (_, lower) in KINDS {
        lower(out);
    }
    let service = out.service;
    for function in &service.functions {
        for event in &function.events {
            if !KINDS.iter().any(|(kind, _)| *kind == &*event.kind) {
                let message = format!("event {} of function {} is not read", event.kind, function.key);
                out.problem(event.span, ProblemKind::Limit, message);
            }
        }
    }
}
