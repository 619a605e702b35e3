//! Whether the policy of a resource, or the trust policy of a role, is public as a whole, with a principal it lets in.

use super::document::Document;
use super::federation::{self, Runs};
use super::public;
use super::scope::all_fixed;
use super::statement::{PrincipalKind, Statement};
use crate::syntax::Unknown;

/// What a policy lets in.
#[derive(Debug, Clone, PartialEq)]
pub enum Exposure<'a> {
    /// Nobody whom it does not name, or limit by a condition.
    None,
    /// Anyone.
    Public {
        /// The statement.
        statement: &'a Statement,
        /// One whom it lets in.
        principal: String,
        /// How.
        why: &'static str,
    },
    /// It cannot be told.
    Unknown(Unknown),
}

/// The type under which a trust policy is checked, as IAM Access Analyzer names it (CheckNoPublicAccess, 2026-11).
pub const TRUST: &str = "AWS::IAM::AssumeRolePolicyDocument";

/// Identity providers that anyone can have an identity of, and the claims that say for whose application it is (IAM
/// User Guide, "Available keys for AWS web identity federation", 2026-11).
const SHARED_PROVIDERS: [&str; 4] =
    ["cognito-identity.amazonaws.com", "accounts.google.com", "graph.facebook.com", "www.amazon.com"];
const CLAIMS: [&str; 5] = ["aud", "oaud", "azp", "app_id", "sub"];

/// Whether the policy is public. The type says whether it is a trust policy; without one its actions do.
pub fn of<'a>(document: &'a Document, kind: Option<&str>) -> Exposure<'a> {
    let mut unknown = document.unknown.first().map(|(reason, _)| reason.clone());
    for statement in document.statements.iter().filter(|statement| !statement.denies()) {
        let trust = kind.map_or_else(|| assumes(statement), |kind| kind == TRUST);
        let checks = [
            (
                public::lets_in_anyone(statement, document),
                "*".to_owned(),
                "it names everyone, and no condition limits them",
            ),
            (
                if trust { lets_in_any_repository(statement) } else { Ok(false) },
                provider(statement),
                "its conditions name no repository or project of the build service, which anyone can use",
            ),
            (
                if trust { lets_in_any_application(statement) } else { Ok(false) },
                shared_provider(statement).unwrap_or_default().to_owned(),
                "its conditions name no application of the identity provider, which anyone can use",
            ),
        ];
        for (answer, principal, why) in checks {
            match answer {
                Ok(true) => return Exposure::Public { statement, principal, why },
                Ok(false) => {}
                Err(reason) => unknown = Some(reason),
            }
        }
    }
    unknown.map_or(Exposure::None, Exposure::Unknown)
}

fn assumes(statement: &Statement) -> bool {
    let named = |text: String| text.to_ascii_lowercase().starts_with("sts:") || text.contains('*');
    statement.resources.is_empty() && statement.actions.iter().any(|action| named(action.upper()))
}

fn lets_in_any_repository(statement: &Statement) -> super::text::Answer {
    federation::of(statement, &[]).map_or(Ok(false), |found| found.runs.map(|runs| runs == Runs::Anyone))
}

/// The identity provider that a statement trusts, as written.
fn provider(statement: &Statement) -> String {
    let principals = statement.principals.iter().flat_map(|principals| principals.of(&PrincipalKind::Federated));
    principals.map(ToString::to_string).next().unwrap_or_default()
}

fn shared_provider(statement: &Statement) -> Option<&'static str> {
    let principals = statement.principals.as_ref()?;
    let names: Vec<String> = principals.of(&PrincipalKind::Federated).map(ToString::to_string).collect();
    SHARED_PROVIDERS.iter().find(|host| names.iter().any(|name| name.ends_with(**host))).copied()
}

fn lets_in_any_application(statement: &Statement) -> super::text::Answer {
    let Some(host) = shared_provider(statement).filter(|_| statement.allows()) else {
        return Ok(false);
    };
    let mut answer = statement.unknown_conditions.clone().map_or(Ok(true), Err);
    for condition in &statement.conditions {
        let claim = CLAIMS.iter().any(|claim| condition.is_on(&format!("{host}:{claim}")));
        let operator = &condition.operator;
        if !claim || operator.negated || operator.holds_without_key() || !operator.compares_text() {
            continue;
        }
        let patterns = operator.takes_patterns();
        match all_fixed(&condition.values, |value| patterns && value.starts_with(['*', '?'])) {
            Ok(true) => return Ok(false),
            Ok(false) => {}
            Err(reason) => answer = Err(reason),
        }
    }
    answer
}

#[cfg(test)]
mod tests;
