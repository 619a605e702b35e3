//! `iam can`: one request under the policies that hold for it.

use super::super::Exit;
use super::super::word::{ListView, pair};
use super::policy::{self, Kind};
use super::print;
use crate::iam::document::Document;
use crate::iam::evaluate::{self, Caller, Context, Deciding, Decision, Layer, Outcome, Request, Truth};
use clap::Args;
use serde_json::json;
use std::fmt::Write;

#[derive(Debug, Args)]
pub(super) struct Can {
    /// Identity policies of the principal: files, or ARNs of policies that AWS manages.
    #[arg(long = "policy", value_name = "FILE", num_args = 1.., required_unless_present = "resource_policy")]
    policies: Vec<String>,
    /// Its permissions boundary.
    #[arg(long, value_name = "FILE")]
    boundary: Option<String>,
    /// The policies of its session.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    session: Vec<String>,
    /// Service control policies, one a level of the organisation: each must allow.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    scp: Vec<String>,
    /// The resource's own policy; of a role, its trust policy.
    #[arg(long, value_name = "FILE")]
    resource_policy: Option<String>,
    /// Who asks: the ARN of a user, a role, a session; an account; a service; * for anyone.
    #[arg(long, value_name = "ARN")]
    principal: String,
    /// For what: s3:GetObject.
    #[arg(long, value_name = "ACTION", value_parser = action)]
    action: String,
    /// On what: an ARN, or * for an action that is on no resource.
    #[arg(long, value_name = "ARN")]
    resource: String,
    /// A context key and one value; given more than once, the key is multi-valued. Other keys are unknown.
    #[arg(long, value_name = "KEY=VALUE", num_args = 1.., value_parser = pair)]
    context: Vec<(String, String)>,
    /// How it is printed: text or json.
    #[arg(short, long = "output", value_name = "FORMAT", default_value = "text")]
    output: ListView,
}

/// Prints the decision.
pub(super) fn run(line: &Can) -> Result<Exit, String> {
    let files = policy::Policies::none();
    let read_all = |paths: &[String]| -> Result<Vec<Document>, String> {
        paths.iter().map(|path| files.read(path, Kind::OfPrincipal)).collect()
    };
    let identity = read_all(&line.policies)?;
    let boundary = line.boundary.as_deref().map(|path| files.read(path, Kind::OfPrincipal)).transpose()?;
    let session = read_all(&line.session)?;
    let scp = read_all(&line.scp)?;
    let resource = line.resource_policy.as_deref().map(|path| files.read(path, Kind::OfResource)).transpose()?;
    let policies = evaluate::Policies {
        identity: identity.iter().collect(),
        boundary: boundary.as_ref(),
        session: session.iter().collect(),
        scp: scp.iter().collect(),
        resource: resource.as_ref(),
    };
    let mut context = Context::default();
    line.context.iter().for_each(|(key, value)| context.add(key, value.as_str()));
    let request = Request::within(Caller::parse(&line.principal)?, &line.action, &line.resource, context);
    let decision = evaluate::decide(&policies, &request);
    print(line.output, &text(&decision, &files), &json(&decision, line, &files))?;
    Ok(if decision.outcome == Outcome::Allowed { Exit::Clean } else { Exit::Found })
}

fn text(decision: &Decision<'_>, files: &policy::Policies) -> String {
    let mut text = word(decision.outcome).to_owned();
    let unknown = || decision.unknown.iter().map(ToString::to_string).collect::<Vec<String>>().join("; ");
    match decision.outcome {
        Outcome::Allowed => {}
        Outcome::Denied if decision.explicit => text += " explicitly",
        Outcome::Denied if !decision.statements.is_empty() => text += " whatever is not given",
        Outcome::Denied => text += &format!(" because {}", no_allowance(decision)),
        Outcome::Conditional => text += &format!(" on {}", decision.keys.join(", ")),
        Outcome::Unknown => text += &format!(" because {}", unknown()),
    }
    text.push('\n');
    if decision.outcome == Outcome::Conditional && !decision.unknown.is_empty() {
        let _ = writeln!(text, "  not known: {}", unknown());
    }
    for one in &decision.statements {
        let place = files.location(one.statement);
        let perhaps = if one.applies.is_yes() { "" } else { ", perhaps" };
        let sid = one.statement.sid.as_ref().map_or(String::new(), |sid| format!(" {sid}"));
        let (layer, effect) = (one.layer, &one.statement.effect);
        let _ = writeln!(text, "  {effect}{sid} of the {layer}{perhaps} ({}:{})", place.path, place.start_line);
    }
    text
}

/// Which policies would have to allow it.
fn no_allowance(decision: &Decision<'_>) -> String {
    let layers: Vec<String> = decision.lacking.iter().map(ToString::to_string).collect();
    match layers.as_slice() {
        [] => "no statement allows it".to_owned(),
        layers => format!("no statement of the {} allows it", layers.join(", nor of the ")),
    }
}

fn json(decision: &Decision<'_>, line: &Can, files: &policy::Policies) -> serde_json::Value {
    let statement = |one: &Deciding<'_>| {
        let place = files.location(one.statement);
        json!({
            "policy": name(one.layer),
            "path": place.path,
            "line": place.start_line,
            "sid": one.statement.sid,
            "effect": one.statement.effect.to_string(),
            "applies": if one.applies == Truth::Yes { "yes" } else { "perhaps" },
        })
    };
    json!({
        "version": 1,
        "outcome": word(decision.outcome),
        "principal": line.principal,
        "action": line.action,
        "resource": line.resource,
        "explicit": decision.explicit,
        "keys": decision.keys,
        "unknown": decision.unknown.iter().map(ToString::to_string).collect::<Vec<String>>(),
        "lacking": decision.lacking.iter().map(|layer| name(*layer)).collect::<Vec<&str>>(),
        "statements": decision.statements.iter().map(statement).collect::<Vec<_>>(),
    })
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed => "allowed",
        Outcome::Denied => "denied",
        Outcome::Conditional => "conditional",
        Outcome::Unknown => "unknown",
    }
}

/// The option by which the policy was given.
fn name(layer: Layer) -> &'static str {
    match layer {
        Layer::Identity => "policy",
        Layer::Boundary => "boundary",
        Layer::Session => "session",
        Layer::ServiceControl(_) => "scp",
        Layer::Resource => "resource-policy",
    }
}

/// One action, with the service's prefix and without wildcards.
fn action(name: &str) -> Result<String, String> {
    match name.split_once(':') {
        Some((service, action)) if !service.is_empty() && !action.is_empty() && !name.contains(['*', '?']) => {
            Ok(name.to_owned())
        }
        _ => Err("one action is expected, as s3:GetObject".to_owned()),
    }
}
