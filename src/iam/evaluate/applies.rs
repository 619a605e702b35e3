//! Whether a statement applies to a request: its actions, its resources, its conditions.

use super::compare;
use super::context::Context;
use super::render::{Reading, Wildcards, render};
use super::truth::Truth;
use crate::iam::document::Version;
use crate::iam::glob;
use crate::iam::pattern::Glob;
use crate::iam::statement::Statement;
use crate::iam::text::Text;
use crate::syntax::{Unknown, UnknownKind};

/// Whether its `Action` or `NotAction` covers the action.
pub(super) fn covers_action(statement: &Statement, action: &str) -> Truth {
    let covered = Truth::any(statement.actions.iter().map(|text| names_action(text, action)));
    if statement.not_action { covered.negated() } else { covered }
}

/// Whether its `Resource` or `NotResource` covers the resource; a statement that says nothing of resources is about
/// the one that it belongs to.
pub(super) fn covers_resource(statement: &Statement, resource: &str, version: Version, context: &Context) -> Truth {
    if statement.resources.is_empty() && !statement.not_resource {
        return Truth::Yes;
    }
    let reading = Reading { version, wildcards: Wildcards::Yes, context, symbolic: false };
    let covered = Truth::any(statement.resources.iter().map(|text| render(text, reading).matches(resource)));
    if statement.not_resource { covered.negated() } else { covered }
}

/// Whether all its conditions hold.
pub(super) fn conditions_hold(statement: &Statement, version: Version, context: &Context) -> Truth {
    let known = Truth::all(statement.conditions.iter().map(|one| compare::holds(one, version, context, false)));
    let possible = statement.possible.clone().map(|condition| Unknown::new(UnknownKind::Condition, condition));
    let unknown = statement.unknown_conditions.clone().into_iter().chain(possible).map(Truth::unknown);
    known.and(Truth::all(unknown))
}

/// The patterns of resources; policy variables whose keys are unknown are tokens that compare with themselves.
pub(in crate::iam) fn globs_of(texts: &[Text], version: Version, context: &Context) -> Vec<Glob> {
    let reading = Reading { version, wildcards: Wildcards::Yes, context, symbolic: true };
    texts.iter().filter_map(|text| render(text, reading).glob).collect()
}

/// Actions are compared without regard to case, the service's prefix and the name each for itself.
pub(in crate::iam) fn names_action(text: &Text, action: &str) -> Truth {
    let pattern = text.upper();
    let matched = glob::is_all(&pattern)
        || pattern.split_once(':').zip(action.split_once(':')).is_some_and(|(pattern, action)| {
            glob::matches_ignoring_case(pattern.0, action.0) && glob::matches_ignoring_case(pattern.1, action.1)
        })
        // What is not known may hold the colon.
        || text.as_literal().is_none() && glob::matches_ignoring_case(&pattern, action);
    if !matched {
        return Truth::No;
    }
    match text.unknown() {
        Some(unknown) => Truth::unknown(unknown),
        None if text.as_literal().is_some() => Truth::Yes,
        None => Truth::unknown(Unknown::new(UnknownKind::Computed, text.to_string())),
    }
}
