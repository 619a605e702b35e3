//! What one statement of an identity policy gives, as rules ask for it.
//!
//! Every answer is for certain, or an [`Unknown`] says what stands in the way. Whether the statement itself is there
//! for certain (`Statement::possible`) is left to who asks.

use super::action::{self, Action, ActionSet};
use super::arn;
use super::condition::{Condition, OperatorKind};
use super::glob;
use super::pattern::{self, TooLarge};
use super::scope::{all_fixed, is_bound_to_resource, is_every_action, names_resource, names_resource_of};
use super::statement::{Effect, Statement};
use super::text::{Answer, Text};
use crate::syntax::{Unknown, UnknownKind};
use std::sync::Arc;

/// Whether it allows every action: `*`, or a `NotAction` that leaves nothing out.
pub fn allows_all_actions(statement: &Statement) -> Answer {
    if !may_allow(statement)? {
        return Ok(false);
    }
    if statement.not_action {
        let bounds = statement.actions();
        let all = ActionSet::all();
        return decide(bounds.lower == all, bounds.upper == all, &statement.actions);
    }
    any(&statement.actions, is_every_action)
}

/// The services of which it allows every action by a wildcard (`s3:*`), by prefix, sorted.
///
/// `*` is none of them ([`allows_all_actions`]), nor is what a `NotAction` leaves. A list of names that happens to
/// be complete is none either: who wrote it meant the names.
pub fn whole_services(statement: &Statement) -> Result<Vec<Arc<str>>, Unknown> {
    if !may_allow(statement)? || statement.not_action {
        return Ok(Vec::new());
    }
    let mut services: Vec<Arc<str>> = Vec::new();
    let mut unknown = None;
    for text in &statement.actions {
        if let Some(pattern) = text.lower() {
            services.extend(whole(&pattern));
        } else if is_every_action(&text.shape()) || !whole(&text.shape()).is_empty() {
            unknown = unknown.or_else(|| text.unknown());
        }
    }
    services.sort_unstable();
    services.dedup();
    match unknown {
        Some(reason) if services.is_empty() => Err(reason),
        _ => Ok(services),
    }
}

/// Whether it is about every resource: `*` or a pattern that is as wide (`arn:aws:s3:::*`).
///
/// What a `NotResource` leaves is not every resource.
pub fn allows_all_resources(statement: &Statement) -> Answer {
    if !may_allow(statement)? || statement.not_resource {
        return Ok(false);
    }
    any(&statement.resources, arn::is_effectively_all)
}

/// The actions that it allows on every resource though their rights can be limited to one, sorted; empty where a
/// condition names the resources ([`names_resource`]).
///
/// An action named by a wildcard counts where most of what the wildcard names can be limited, so that `ec2:Describe*`
/// is not reported for the few that can. What a `NotAction` leaves is judged as a whole in the same way.
pub fn scopable_actions_on_star(statement: &Statement) -> Result<ActionSet, Unknown> {
    if !allows_all_resources(statement)? {
        return Ok(ActionSet::empty());
    }
    if let Some(reason) = &statement.unknown_conditions {
        return Err(reason.clone());
    }
    let mut unknown = None;
    for condition in &statement.conditions {
        match names_resource(condition) {
            Ok(true) => return Ok(ActionSet::empty()),
            Ok(false) => {}
            Err(reason) => unknown = Some(reason),
        }
    }
    let mut found = ActionSet::empty();
    if statement.not_action {
        found.add(&mostly_scopable(&statement.actions().lower));
    } else {
        for text in &statement.actions {
            match text.lower() {
                Some(pattern) if glob::has_wildcard(&pattern) => found.add(&mostly_scopable(&action::expand(&pattern))),
                Some(name) => found.extend(action::named(&name).filter(|action| is_bound_to_resource(*action))),
                None => unknown = unknown.or_else(|| text.unknown()),
            }
        }
    }
    let mut left = ActionSet::empty();
    for action in found.iter() {
        match named_for(statement, action) {
            Ok(true) => {}
            Ok(false) => left.insert(action),
            Err(reason) => unknown = Some(reason),
        }
    }
    let found = left;
    match unknown {
        Some(reason) if found.is_empty() || !statement.conditions.is_empty() => Err(reason),
        _ => Ok(found),
    }
}

/// Whether a condition that others leave aside, for it holds without its key, names the resources of an action that
/// always has the key.
pub(super) fn named_for(statement: &Statement, action: Action) -> Answer {
    let mut answer = Ok(false);
    for condition in statement.conditions.iter().filter(|condition| condition.operator.holds_without_key()) {
        match names_resource_of(condition, action) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(reason) => answer = Err(reason),
        }
    }
    answer
}

/// What a statement says of `iam:PassRole`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassRole {
    /// Whether it allows it.
    pub granted: Answer,
    /// Whether its resources name roles: not `*`, not every role.
    pub role_bounded: Answer,
    /// Whether a condition on `iam:PassedToService` names services.
    pub service_bounded: Answer,
}

/// What it says of `iam:PassRole`.
pub fn pass_role(statement: &Statement) -> PassRole {
    let granted = may_allow(statement).and_then(|allows| {
        let pass = action::named("iam:PassRole");
        let bounds = statement.actions();
        let in_set = |set: &ActionSet| allows && pass.is_some_and(|pass| set.contains(pass));
        decide(in_set(&bounds.lower), in_set(&bounds.upper), &statement.actions)
    });
    let is_every = |text: &str| is_every_role(text) == Ok(true);
    let given_up = || statement.resources.iter().any(|text| is_every_role(&text.shape()).is_err());
    let unbounded = match statement.not_resource {
        true => Ok(true),
        false => any(&statement.resources, is_every).and_then(|unbounded| match unbounded || !given_up() {
            true => Ok(unbounded),
            false => Err(Unknown::new(UnknownKind::Limit, "the comparison of resources")),
        }),
    };
    PassRole { granted, role_bounded: unbounded.map(|unbounded| !unbounded), service_bounded: passed_to(statement) }
}

/// Whether a resource's text stands for every role, of one account at least.
pub fn is_every_role(text: &str) -> Result<bool, TooLarge> {
    match arn::Arn::parse(text) {
        Some(arn) if !glob::matches(arn.service, "iam") || !glob::matches(arn.region, "") => Ok(false),
        Some(arn) => pattern::includes(&[arn.resource], &["role/*"]),
        None => pattern::includes(&[text], &["arn:aws:iam::000000000000:role/*"]),
    }
}

/// Whether the text names actions of IAM only.
pub fn is_of_iam(text: &str) -> bool {
    text.split_once(':').is_some_and(|(service, _)| service.eq_ignore_ascii_case("iam"))
}

/// Whether an action's text allows an action that is named.
pub fn is_within(text: &str, name: &str) -> bool {
    action::named(name).is_some_and(|action| action::expand(text).contains(action))
}

/// Whether an action's text covers one of some services whole.
pub fn is_whole_of(text: &str, services: &[Arc<str>]) -> bool {
    whole(text).iter().any(|service| services.contains(service))
}

/// Whether an action of a service works on a resource whose ARN names a service, wildcards in it or not.
///
/// An action without resource types works on `*` only, and so on no ARN.
pub fn reaches(service: &str, arn_service: &str) -> bool {
    let actions = action::of_service(service);
    // What the catalogue does not know may work on anything.
    actions.is_empty()
        || glob::has_wildcard(arn_service)
        || actions.iter().any(|action| {
            let types = action.resource_types();
            types.iter().any(|(kind, _)| {
                kind.arn.split(':').nth(2).is_none_or(|of_type| of_type == arn_service || of_type.contains("${"))
            })
        })
}

fn passed_to(statement: &Statement) -> Answer {
    let mut answer = statement.unknown_conditions.clone().map_or(Ok(false), Err);
    for condition in statement.conditions.iter().filter(|condition| condition.is_on("iam:PassedToService")) {
        match names_service(condition) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(reason) => answer = Err(reason),
        }
    }
    answer
}

/// `IfExists` counts as well: a request to pass a role always has the key.
fn names_service(condition: &Condition) -> Answer {
    let operator = &condition.operator;
    let text = operator.compares_text() && operator.kind != OperatorKind::Arn;
    if !text || operator.negated {
        return Ok(false);
    }
    all_fixed(&condition.values, |value| operator.takes_patterns() && value.starts_with(['*', '?']))
}

/// Whether it may allow something; an effect that is not known is an answer that cannot be told.
pub(super) fn may_allow(statement: &Statement) -> Answer {
    match &statement.effect {
        Effect::Allow => Ok(true),
        Effect::Deny => Ok(false),
        Effect::Unknown(reason) => Err(reason.clone()),
    }
}

/// Whether one of the texts is of a kind for certain; where one only may be, why that is not known.
fn any(texts: &[Text], is: impl Fn(&str) -> bool) -> Answer {
    // The partition or the account of an ARN, known or not, makes it no narrower.
    let certain = |text: &Text| text.lower().is_some_and(|pattern| is(&pattern));
    if texts.iter().any(|text| certain(text) || text.has_known_shape() && is(&text.shape())) {
        return Ok(true);
    }
    let doubtful = texts.iter().find(|text| text.lower().is_none() && text.unknown().is_some() && is(&text.shape()));
    doubtful.and_then(Text::unknown).map_or(Ok(false), Err)
}

fn decide(certain: bool, possible: bool, texts: &[Text]) -> Answer {
    match (certain, possible) {
        (true, _) => Ok(true),
        (_, false) => Ok(false),
        _ => {
            Err(texts.iter().find_map(Text::unknown).unwrap_or_else(|| Unknown::new(UnknownKind::Expression, "Action")))
        }
    }
}

/// The services that a pattern with a wildcard covers whole, where it is not every service.
pub(super) fn whole(pattern: &str) -> Vec<Arc<str>> {
    let Some((service, name)) = pattern.split_once(':') else {
        return Vec::new();
    };
    if !glob::has_wildcard(name) || is_every_action(pattern) {
        return Vec::new();
    }
    if !glob::has_wildcard(service) && glob::is_all(name) {
        return vec![service.to_ascii_lowercase().into()];
    }
    let granted = action::expand(pattern);
    let covered = |service: &&str| {
        let actions = action::of_service(service);
        !actions.is_empty() && actions.is_subset(&granted)
    };
    let candidates = action::services().filter(|known| glob::matches_ignoring_case(service, known));
    candidates.filter(covered).map(Arc::from).collect()
}

fn mostly_scopable(set: &ActionSet) -> ActionSet {
    let named = set.iter().filter(|action| !action.is_stand_in());
    let bound: ActionSet = named.filter(|action| is_bound_to_resource(*action)).collect();
    if bound.len() * 2 > set.len() { bound } else { ActionSet::empty() }
}

#[cfg(test)]
mod tests;
