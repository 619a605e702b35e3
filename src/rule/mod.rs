//! Rules: what one says of itself ([`Rule`]), and how a set of them is read from Cedar ([`set`]).

pub mod set;
mod severity;
mod statement;
mod text;

pub use severity::Severity;
pub use text::{RuleError, RuleSource, built_in};

use std::sync::Arc;

/// A rule: one id, one or more forbids.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `EN006`.
    pub id: Arc<str>,
    /// `topic-without-kms`, so that "allow topic-without-kms" reads as English.
    pub name: Arc<str>,
    /// One line: the first heading of rule.md, or the name.
    pub title: Arc<str>,
    /// The severities of its forbids, the worst first, each once.
    pub severities: Vec<Severity>,
    /// Whether one of its forbids asks a person to judge.
    pub review: bool,
    /// The text of rule.md; empty for a rule without one.
    pub page: Arc<str>,
    /// The folder that the rule's own folder lies in: `encryption`.
    pub category: Arc<str>,
    /// The file that it was read from.
    pub path: Arc<str>,
}
