//! Whom a resource policy or a trust policy lets in: anyone, or any customer of a service.
//!
//! What counts as a limit follows the Amazon S3 User Guide, "The meaning of 'public'", and the IAM Access Analyzer
//! guide, "Access Analyzer filter keys" (both 2026-11): a condition whose values are fixed, on a key that the caller
//! cannot set himself.

use super::arn::Arn;
use super::condition::{Condition, OperatorKind, Quantifier};
use super::document::Document;
use super::pattern;
use super::scope::all_fixed;
use super::statement::{Effect, PrincipalKind, Principals, Statement};
use super::text::{Answer, Text};
use crate::syntax::Part;
use std::net::IpAddr;

/// Keys whose value is one name, open as soon as it holds a wildcard.
const NAMES: [&str; 13] = [
    "aws:SourceAccount",
    "aws:SourceOwner",
    "aws:PrincipalAccount",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "kms:CallerAccount",
    "s3:DataAccessPointAccount",
    "lambda:EventSourceToken",
    "aws:FederatedProvider",
];

/// Keys of organisations, `o-a1b2` or `o-a1b2/r-c3/*`.
pub(super) const ORGANISATIONS: [&str; 5] =
    ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:VpceOrgPaths"];

/// Keys of ARNs and of ids that begin with a role's unique id.
const ARNS: [&str; 4] = ["aws:SourceArn", "aws:PrincipalArn", "s3:DataAccessPointArn", "aws:userid"];

/// Keys that say for which of its customers' resources a service asks.
const SOURCES: [&str; 5] =
    ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner"];

/// Whether a statement lets in anyone, given the other statements of its policy, whose denials may close it again.
pub fn lets_in_anyone(statement: &Statement, document: &Document) -> Answer {
    let open = names_anyone(statement);
    if open == Ok(false) {
        return open;
    }
    let mut unknown = statement.unknown_conditions.clone();
    for condition in &statement.conditions {
        match limits_caller(condition) {
            Ok(true) => return Ok(false),
            Ok(false) => {}
            Err(reason) => unknown = Some(reason),
        }
    }
    if document.statements.iter().any(|other| shuts_out_strangers(other, statement)) {
        return Ok(false);
    }
    unknown.map_or(open, Err)
}

/// Whether the statement allows and names everyone, its conditions left aside: `*`, or everyone but some.
pub fn names_anyone(statement: &Statement) -> Answer {
    let Some(principals) = &statement.principals else {
        return Ok(false);
    };
    let everyone = if statement.not_principal { Ok(true) } else { names_all(principals) };
    match &statement.effect {
        Effect::Deny => Ok(false),
        Effect::Unknown(reason) if everyone == Ok(true) => Err(reason.clone()),
        _ => everyone,
    }
}

/// Whether the condition lets through only callers from accounts, networks or resources that it names.
///
/// It must compare positively and not hold for a request without the key; `sts:ExternalId` is not among the keys,
/// because who may be anyone can send any.
pub fn limits_caller(condition: &Condition) -> Answer {
    let operator = &condition.operator;
    if operator.negated || operator.holds_without_key() {
        return Ok(false);
    }
    if condition.is_on("aws:PrincipalIsAWSService") {
        return Ok(operator.kind == OperatorKind::Bool && is_always(condition, "true"));
    }
    names_caller(condition)
}

/// Whether a statement for services says for which resources or accounts they may ask (the confused deputy).
pub fn limits_source(statement: &Statement) -> Answer {
    let mut answer = statement.unknown_conditions.clone().map_or(Ok(false), Err);
    for condition in &statement.conditions {
        if !SOURCES.iter().any(|key| condition.is_on(key)) {
            continue;
        }
        match limits_caller(condition) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(reason) => answer = Err(reason),
        }
    }
    answer
}

/// The services that the statement names, as written: `lambda.amazonaws.com`.
pub fn services(statement: &Statement) -> impl Iterator<Item = &Text> {
    statement.principals.iter().flat_map(|principals| principals.of(&PrincipalKind::Service))
}

/// Whether a principal is a service, by its name or that of a region or a partition: `states.amazonaws.com`,
/// `states.eu-west-1.amazonaws.com`, `states.${AWS::Region}.${AWS::URLSuffix}`.
pub fn is_service(principal: &Text, name: &str) -> bool {
    let below = |text: &str| text.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')).map(str::to_owned);
    match principal.parts.as_slice() {
        [Part::Literal(text)] => below(text).is_some_and(|rest| {
            let domain = rest.strip_suffix(".cn").unwrap_or(&rest);
            // `events.workmail.amazonaws.com` is a service of its own.
            let region = domain.strip_suffix(".amazonaws.com");
            domain == "amazonaws.com" || region.is_some_and(|region| region.contains('-') && !region.contains('.'))
        }),
        [Part::Literal(text), ..] => below(text).is_some(),
        _ => false,
    }
}

/// Everyone by `*`; a name that is not known at all may be.
fn names_all(principals: &Principals) -> Answer {
    let doubtful = |text: &Text| text.unknown().filter(|_| super::glob::is_all(&text.shape()));
    if let Some(any) = &principals.any {
        return any.unknown().map_or(Ok(true), Err);
    }
    principals.of(&PrincipalKind::Aws).find_map(doubtful).map_or(Ok(false), Err)
}

/// Whether the values of a condition, whatever its sign, are fixed names of callers.
fn names_caller(condition: &Condition) -> Answer {
    let operator = &condition.operator;
    if condition.is_on("aws:SourceIp") {
        let ip = operator.kind == OperatorKind::IpAddress;
        return if ip { all_fixed(&condition.values, is_wide_range) } else { Ok(false) };
    }
    if !operator.compares_text() {
        return Ok(false);
    }
    let open: fn(&str) -> bool = if NAMES.iter().any(|key| condition.is_on(key)) {
        |value| value.contains(['*', '?'])
    } else if ORGANISATIONS.iter().any(|key| condition.is_on(key)) {
        |value| value.split(['*', '?']).next().is_none_or(|fixed| fixed.len() <= "o-".len())
    } else if ARNS.iter().any(|key| condition.is_on(key)) {
        is_open_arn
    } else {
        return Ok(false);
    };
    if operator.takes_patterns() {
        return all_fixed(&condition.values, open);
    }
    // What is written out is itself, a star too.
    let (written, other): (Vec<Text>, Vec<Text>) =
        condition.values.iter().cloned().partition(|value| value.possible.is_none() && value.as_literal().is_some());
    match written.iter().any(|value| value.as_literal() == Some("")) {
        true => Ok(false),
        false if other.is_empty() => Ok(!written.is_empty()),
        false => all_fixed(&other, is_only_unknown),
    }
}

/// A value of an operator without patterns is open only where nothing of it is known.
fn is_only_unknown(value: &str) -> bool {
    super::glob::is_all(value)
}

/// Whether the ARN fits resources of any account: its account is a wildcard, or it has none and its resource is.
fn is_open_arn(value: &str) -> bool {
    match Arn::parse(value) {
        Some(arn) if arn.account.is_empty() => arn.resource.starts_with(['*', '?']),
        Some(arn) => arn.account.contains(['*', '?']),
        None => {
            value.split(['*', '?']).next().is_none_or(|fixed| fixed.len() < 5 || fixed.starts_with("arn:"))
                && value.contains(['*', '?'])
        }
    }
}

/// Whether a range holds so many addresses that it names nobody: wider than /8, or /32 for IPv6, unless it is private
/// (Amazon S3 User Guide, "The meaning of 'public'").
fn is_wide_range(value: &str) -> bool {
    let (address, bits) = value.split_once('/').unwrap_or((value, "128"));
    let Ok(bits) = bits.parse::<u8>() else {
        return value.contains('*');
    };
    match address.parse() {
        Ok(IpAddr::V4(_)) => bits < 8,
        Ok(IpAddr::V6(_)) => bits < 32,
        Err(_) => value.contains('*'),
    }
}

/// Whether a denial keeps out everyone whom its conditions do not name, for all that the other statement allows.
fn shuts_out_strangers(deny: &Statement, allow: &Statement) -> bool {
    let everyone = deny.principals.as_ref().is_some_and(|principals| names_all(principals) == Ok(true));
    if !deny.denies() || !everyone || deny.not_principal || deny.possible.is_some() || deny.unknown_conditions.is_some()
    {
        return false;
    }
    let unnamed = |condition: &Condition| {
        let operator = &condition.operator;
        if condition.is_on("aws:PrincipalIsAWSService") || condition.is_on("aws:ViaAWSService") {
            return operator.kind == OperatorKind::Bool && operator.if_exists && is_always(condition, "false");
        }
        operator.negated && operator.quantifier == Quantifier::None && names_caller(condition) == Ok(true)
    };
    deny.conditions.iter().all(unnamed)
        && allow.actions().upper.is_subset(&deny.actions().lower)
        && covers_resources(deny, allow)
}

fn covers_resources(deny: &Statement, allow: &Statement) -> bool {
    if deny.not_resource {
        // It must leave out nothing of what is allowed.
        let upper = |texts: &[Text]| texts.iter().map(Text::upper).collect::<Vec<String>>();
        let (left_out, allowed) = (upper(&deny.resources), upper(&allow.resources));
        let left_out: Vec<&str> = left_out.iter().map(String::as_str).collect();
        let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
        let all = ["*"];
        let allowed = if allow.not_resource || allowed.is_empty() { &all } else { allowed.as_slice() };
        return pattern::intersects(&left_out, allowed) == Ok(false);
    }
    if allow.not_resource {
        let is_all = |text: &Text| text.possible.is_none() && text.as_literal().is_some_and(super::glob::is_all);
        return deny.resources.iter().any(is_all);
    }
    let certain = |text: &&Text| text.possible.is_none();
    let outer: Vec<String> = deny.resources.iter().filter(certain).map(Text::opaque).collect();
    let inner: Vec<String> = allow.resources.iter().map(Text::opaque).collect();
    let outer: Vec<&str> = outer.iter().map(String::as_str).collect();
    let inner: Vec<&str> = inner.iter().map(String::as_str).collect();
    allow.resources.is_empty() || pattern::includes(&outer, &inner) == Ok(true)
}

fn is_always(condition: &Condition, word: &str) -> bool {
    let is = |value: &Text| value.as_literal().is_some_and(|text| text.eq_ignore_ascii_case(word));
    !condition.values.is_empty() && condition.values.iter().all(is)
}

#[cfg(test)]
pub(super) mod tests;
