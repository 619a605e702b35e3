//! The SAM transform: `AWS::Serverless::…` resources become what CloudFormation would get.
//!
//! The input is evaluated: intrinsic functions are values, references or unknown. Every value keeps the span of what
//! the user wrote; what SAM adds by itself stands at the line that caused it. Beside the resources that SAM makes
//! there is a record of each route of an API, marked with [`crate::infra::openapi::DERIVED`], for rules to judge.

mod api;
mod api_event;
mod auth;
mod body;
mod connector;
mod domain;
mod event;
mod function;
mod gateway;
mod globals;
mod graphql;
mod http_api;
mod id;
mod input;
mod invoke;
mod machine;
mod output;
mod policies;
mod pull;
mod push;
mod rest_api;
mod schedule;
mod shape;
mod single;
mod template;
#[cfg(test)]
mod tests;
mod websocket;

use super::openapi::ApiKind;
use crate::model::Resource;
use crate::source::Problem;
use api::Apis;
use output::{Origin, Output, Source};
use std::collections::BTreeMap;

pub use input::Input;

/// The key of an inline policy that SAM made from a policy template: the template's name.
pub const POLICY_TEMPLATE: &str = template::ORIGIN;

/// The resources that CloudFormation would get, in the template's order, and what SAM would refuse. The routes of plain
/// APIs are not among them: see [`super::openapi::add_records`].
pub fn transform(input: Input<'_>) -> (Vec<Resource>, Vec<Problem>) {
    let mut out = Output::new(&input);
    let calls = input.resources.first().map(|resource| resource.calls.clone()).unwrap_or_default();
    let mut apis = Apis::new(input.globals, input.prefix);
    let mut sources: BTreeMap<Phase, Vec<Source>> = BTreeMap::new();
    for (position, mut resource) in input.resources.into_iter().enumerate() {
        let beside = input.attributes.get(&resource.id);
        let origin = Origin {
            position,
            id: resource.id.clone(),
            name: resource.name.clone(),
            span: resource.span,
            presence: resource.presence.clone(),
        };
        let connectors = connector::embedded(&origin, beside);
        sources.entry(Phase::Connector).or_default().extend(connectors);
        let Some(phase) = Phase::of(&resource.kind) else {
            out.add(position, resource);
            continue;
        };
        resource.properties = globals::merged(&resource, input.globals, beside);
        let source = Source { origin, resource };
        match phase {
            Phase::Api(kind) => apis.add(kind, source),
            _ => sources.entry(phase).or_default().push(source),
        }
    }
    for (phase, sources) in sources {
        if phase >= Phase::Other {
            let ready = std::mem::replace(&mut apis, Apis::new(None, ""));
            gateway::lower(&mut out, ready);
        }
        sources.iter().for_each(|source| lower(&mut out, &mut apis, phase, source));
    }
    gateway::lower(&mut out, apis);
    out.finish(&calls)
}

/// In which order the types are lowered: what adds to others comes first, what reads others' roles last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Function,
    Machine,
    Api(ApiKind),
    Other,
    Connector,
}

impl Phase {
    /// The phase of a SAM type; `None` for every other type.
    fn of(kind: &str) -> Option<Self> {
        match kind.strip_prefix("AWS::Serverless::")? {
            "Function" => Some(Self::Function),
            "StateMachine" => Some(Self::Machine),
            "Api" => Some(Self::Api(ApiKind::Rest)),
            "HttpApi" => Some(Self::Api(ApiKind::Http)),
            "Connector" => Some(Self::Connector),
            _ => Some(Self::Other),
        }
    }
}

fn lower(out: &mut Output<'_>, apis: &mut Apis, phase: Phase, source: &Source) {
    match phase {
        Phase::Function => function::lower(out, apis, source),
        Phase::Machine => machine::lower(out, apis, source),
        Phase::Connector => connector::lower(out, source),
        Phase::Api(_) => {}
        Phase::Other => match &*source.resource.kind {
            "AWS::Serverless::WebSocketApi" => websocket::lower(out, source),
            "AWS::Serverless::SimpleTable" => single::table(out, source),
            "AWS::Serverless::LayerVersion" => single::layer(out, source),
            "AWS::Serverless::Application" => single::application(out, source),
            "AWS::Serverless::CapacityProvider" => single::capacity_provider(out, source),
            "AWS::Serverless::GraphQLApi" => graphql::lower(out, source),
            _ => single::unknown(out, source),
        },
    }
}
