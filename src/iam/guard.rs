//! Conditions that cannot do what they were written for: those that never hold, and those that always do.
//!
//! Only what is certain is told: a value that is not written out, or holds a policy variable, may be anything.

mod ranges;

use super::action::{Action, ActionSet};
use super::condition::{Condition, OperatorKind, Quantifier};
use super::evaluate::value::{Number, date};
use super::keys::{self, ValueKind};
use super::statement::{Effect, Statement};
use super::text::Text;
use crate::source::Span;
use std::net::IpAddr;
use std::sync::Arc;

/// A condition with a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The key as written.
    pub key: Arc<str>,
    /// What is wrong with it.
    pub what: String,
    /// Whether the statement then allows more, or denies less, than it says.
    pub opens: bool,
    /// The line of the key.
    pub span: Span,
}

/// Keys whose values may hold a star that is meant.
const WITH_STARS: &[&str] =
    &["dynamodb:LeadingKeys", "dynamodb:Attributes", "aws:UserAgent", "aws:referer", "s3:delimiter"];

/// Keys that every request carries, so that it does not matter what holds without them.
const ALWAYS_THERE: &[&str] = &[
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalType",
    "aws:RequestedRegion",
    "aws:SecureTransport",
    "aws:UserAgent",
    "aws:userid",
    "iam:PassedToService",
];

/// Keys with several values that tell strangers apart by being absent from their requests.
const ABSENT_FOR_STRANGERS: &[&str] =
    &["aws:CalledVia", "aws:PrincipalOrgPaths", "aws:ResourceOrgPaths", "aws:SourceOrgPaths"];

/// Keys of services that requests to other services carry, with the role's credentials or a session
/// (IAM User Guide, "AWS global condition context keys", cross-service keys, read 2026-11).
const CROSS_SERVICE: &[&str] = &[
    "codebuild:BuildArn",
    "codebuild:ProjectArn",
    "ec2:RoleDelivery",
    "ec2:SourceInstanceARN",
    "glue:CredentialIssuingService",
    "glue:RoleAssumedBy",
    "identitystore:UserId",
    "lambda:SourceFunctionArn",
    "ssm:SourceInstanceARN",
];

/// Services of which the catalogue knows for every action which keys its requests carry: AWS's own policies have no
/// condition that says otherwise.
const WHOLLY_KNOWN: &[&str] = &["dynamodb", "iam", "kms", "lambda", "s3", "secretsmanager", "sns", "sqs"];

/// What a condition comes to, whatever the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Never,
    Always,
    /// It holds for requests that it was written to keep out.
    Leaks,
}

/// The faults of a statement's conditions.
pub fn faults(statement: &Statement) -> Vec<Fault> {
    let allows = match &statement.effect {
        Effect::Allow => true,
        Effect::Deny => false,
        Effect::Unknown(_) => return Vec::new(),
    };
    let mut found = Vec::new();
    for condition in &statement.conditions {
        let Some((what, outcome)) = fault(statement, condition, allows) else { continue };
        let (then, opens) = match (outcome, allows) {
            (Outcome::Never, true) => (", so that the statement allows nothing", false),
            (Outcome::Never, false) => (", so that the statement denies nothing", true),
            (Outcome::Always, true) => (", so that it limits nothing", true),
            (Outcome::Always, false) => (", so that everything is denied", false),
            (Outcome::Leaks, _) => ("", true),
        };
        found.push(Fault { key: condition.key.clone(), what: format!("{what}{then}"), opens, span: condition.span });
    }
    found
}

fn fault(statement: &Statement, condition: &Condition, allows: bool) -> Option<(String, Outcome)> {
    let operator = &condition.operator;
    if let OperatorKind::Unknown(name) = &operator.kind {
        return Some((format!("has an operator {name} that does not exist"), Outcome::Never));
    }
    if let Some(found) = second_factor(condition, allows) {
        return Some(found);
    }
    if let Some(what) = value_fault(condition) {
        // What compares unequal to every value is equal to none, whichever way the operator is turned.
        let outcome = if operator.negated { Outcome::Always } else { Outcome::Never };
        let lenient = operator.if_exists || operator.quantifier == Quantifier::All;
        return (!lenient || operator.negated).then_some((what, outcome));
    }
    if let Some(what) = ranges::contradicted(statement, condition) {
        return Some((what, Outcome::Never));
    }
    if let Some(what) = key_fault(statement, condition) {
        let outcome = if operator.holds_without_key() { Outcome::Always } else { Outcome::Never };
        return Some((what, outcome));
    }
    if allows && leaks(statement, condition) {
        let what = "holds for a request without the key, because ForAllValues does; a Null check would close that";
        return Some((what.to_owned(), Outcome::Leaks));
    }
    None
}

/// Long-term keys carry nothing about a second factor: a denial for `false` does not meet them, and an allowance that
/// asks for `true` only where the key is there lets them in.
fn second_factor(condition: &Condition, allows: bool) -> Option<(String, Outcome)> {
    let operator = &condition.operator;
    let all = |word: &str| {
        let is = |value: &Text| value.as_literal().is_some_and(|text| text.eq_ignore_ascii_case(word));
        !condition.values.is_empty() && condition.values.iter().all(is)
    };
    if !condition.is_on("aws:MultiFactorAuthPresent") || operator.kind != OperatorKind::Bool {
        return None;
    }
    match (allows, operator.if_exists) {
        (false, false) if all("false") => {
            Some(("does not meet access keys, which carry no such key; BoolIfExists does".to_owned(), Outcome::Leaks))
        }
        (true, true) if all("true") => {
            Some(("lets in access keys, which carry no such key; Bool does not".to_owned(), Outcome::Leaks))
        }
        _ => None,
    }
}

/// Why no value can equal what a request carries; `None` where one may.
fn value_fault(condition: &Condition) -> Option<String> {
    let operator = &condition.operator;
    let values: Option<Vec<&str>> =
        condition.values.iter().map(|value| value.as_literal().filter(|text| !text.contains("${"))).collect();
    let values = values.filter(|values| !values.is_empty() && condition.values.iter().all(|v| v.possible.is_none()))?;
    let all = |is: &dyn Fn(&str) -> bool| values.iter().all(|value| is(value));
    let kind = keys::kind(&condition.key);
    let of = |value: ValueKind| kind.is_some_and(|kind| kind.value == value);
    let equals = matches!(operator.kind, OperatorKind::StringEquals | OperatorKind::StringEqualsIgnoreCase);
    let stars = WITH_STARS.iter().any(|key| condition.is_on(key)) || keys::is_free_text(&condition.key);
    if equals && !stars && all(&|value| value.contains('*')) {
        return Some("takes * literally, as only StringLike does not".to_owned());
    }
    if (equals || operator.kind == OperatorKind::StringLike) && of(ValueKind::Ip) && all(&|value| value.contains('/')) {
        return Some("compares an address with the text of a range; IpAddress does not".to_owned());
    }
    match operator.kind {
        OperatorKind::Arn if all(&|value| !value.contains(['*', '?']) && !value.starts_with("arn:")) => {
            Some("compares with what is no ARN".to_owned())
        }
        OperatorKind::Bool | OperatorKind::Null if all(&|value| !is_truth(value)) => {
            Some("compares with neither true nor false".to_owned())
        }
        OperatorKind::IpAddress if all(&|value| network(value).is_none()) => {
            Some("compares with what is no address".to_owned())
        }
        OperatorKind::IpAddress if condition.is_on("aws:SourceIp") && all(&is_private) => {
            Some("names private addresses, which aws:SourceIp never holds; aws:VpcSourceIp does".to_owned())
        }
        OperatorKind::IpAddress if of(ValueKind::Arn) || of(ValueKind::Bool) => {
            Some("compares an address with what is none".to_owned())
        }
        OperatorKind::Numeric(_) if all(&|value| Number::parse(value).is_none()) => {
            Some("compares with what is no number".to_owned())
        }
        OperatorKind::Date(_) if all(&|value| date(value).is_none()) => {
            Some("compares with what is no date".to_owned())
        }
        OperatorKind::Numeric(_) | OperatorKind::Date(_)
            if [ValueKind::Arn, ValueKind::Bool, ValueKind::Ip].into_iter().any(of) =>
        {
            Some("compares what is neither a number nor a date".to_owned())
        }
        _ => None,
    }
}

/// Why no request that the statement is about carries the key; `None` where one may.
fn key_fault(statement: &Statement, condition: &Condition) -> Option<String> {
    let key = &*condition.key;
    if condition.operator.kind == OperatorKind::Null || key.contains("${") {
        return None;
    }
    if let Some(meant) = keys::meant(key) {
        return Some(format!("is on a key that does not exist; {meant} does"));
    }
    if keys::is_unknown_to_its_service(key) {
        return Some("is on a key that its service does not have".to_owned());
    }
    let (service, _) = key.split_once(':')?;
    let service = service.to_ascii_lowercase();
    let elsewhere = ["aws", "sts", "saml"].contains(&service.as_str()) || !super::action::has_service(&service);
    if elsewhere || CROSS_SERVICE.iter().any(|other| condition.is_on(other)) || statement.not_action {
        return None;
    }
    let unknown = statement.actions.iter().any(|text| text.lower().is_none());
    let actions: ActionSet = statement.actions().upper;
    // Of other services the catalogue does not know the keys of every action.
    let complete = WHOLLY_KNOWN.contains(&service.as_str());
    let may_fill = |action: Action| {
        action.is_stand_in() || !complete && action.service() == service || keys::is_filled_by(action, key)
    };
    if unknown || actions.is_empty() || actions.iter().any(may_fill) {
        return None;
    }
    Some("is on a key that none of the actions fills".to_owned())
}

/// `ForAllValues` holds where the key is absent, which a key with one value, or one that tells strangers apart, may be.
fn leaks(statement: &Statement, condition: &Condition) -> bool {
    let operator = &condition.operator;
    let global = condition.key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    let single = global && keys::kind(&condition.key).is_some_and(|kind| !kind.several);
    let apart = ABSENT_FOR_STRANGERS.iter().any(|key| condition.is_on(key));
    let there = ALWAYS_THERE.iter().any(|key| condition.is_on(key));
    let checked = statement.conditions.iter().any(|other| {
        other.operator.kind == OperatorKind::Null
            && other.is_on(&condition.key)
            && other
                .values
                .iter()
                .all(|value| value.as_literal().is_some_and(|text| text.eq_ignore_ascii_case("false")))
    });
    operator.quantifier == Quantifier::All && !operator.negated && (single || apart) && !there && !checked
}

fn is_truth(value: &str) -> bool {
    value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false")
}

fn network(value: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = value.split_once('/').map_or((value, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |bits| bits.parse().ok())?;
    (bits <= most).then_some((address, bits))
}

/// Whether all addresses of the range are private (RFC 1918).
fn is_private(value: &str) -> bool {
    match network(value) {
        Some((IpAddr::V4(address), bits)) => {
            let smallest = match address.octets() {
                [10, ..] => 8,
                [172, ..] => 12,
                _ => 16,
            };
            address.is_private() && bits >= smallest
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
