//! What every format prints: findings, problems, counts and the texts of the rules.

use crate::finding::{Doubt, Finding};
use crate::rule::Severity;
use crate::source::Problem;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that a format prints.
#[derive(Debug, Default)]
pub struct Report {
    /// Findings in their order, those of status unknown only where they were asked for.
    pub findings: Vec<Finding>,
    /// What could not be read, parsed or decided, in order.
    pub problems: Vec<Problem>,
    /// The functions of which it is not known for certain what their code needs.
    pub doubts: Vec<Doubt>,
    /// The counts.
    pub summary: Summary,
    /// The rules that were asked, for formats that describe them.
    pub rules: Vec<RuleText>,
    /// The directory that all paths are relative to, as the caller names it; where it is empty, the sources' root.
    pub paths_base: String,
    /// Files and folders among the paths that do not lie in the repository: accounts' exports kept elsewhere.
    pub outside: Vec<Arc<str>>,
    /// Whether nothing of what was given could be read: the run failed, whatever else it says.
    pub failed: bool,
}

impl Report {
    /// Whether a path is one that lies outside the repository.
    pub fn is_outside(&self, path: &str) -> bool {
        self.outside.iter().any(|base| match path.strip_prefix(&**base) {
            Some(rest) => rest.is_empty() || rest.starts_with('/') || base.ends_with('/'),
            None => false,
        })
    }
}

/// The counts at the end of every report.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    /// Resources that were judged.
    pub resources: usize,
    /// Functions among them.
    pub functions: usize,
    /// Functions whose code is understood in part only.
    pub understood_partly: usize,
    /// Functions whose code was not found or could not be read.
    pub not_understood: usize,
    /// Folders and files left out by name (node_modules …).
    pub skipped: usize,
    /// Violations by severity.
    pub by_severity: BTreeMap<Severity, usize>,
    /// Findings that a person has to judge.
    pub review: usize,
    /// How often each rule needed what is not known.
    pub unknown: BTreeMap<Arc<str>, usize>,
    /// Number of problems.
    pub problems: usize,
}

/// What a rule says of itself.
#[derive(Debug, Clone)]
pub struct RuleText {
    /// `EN006`.
    pub id: Arc<str>,
    /// `topic-without-kms`.
    pub name: Arc<str>,
    /// One line.
    pub title: Arc<str>,
    /// The severities that its forbids have, the highest first.
    pub severities: Vec<Severity>,
    /// Whether one of its forbids asks for review.
    pub review: bool,
    /// The text of rule.md: what, why it matters, what to write instead, what it cannot see, references.
    pub page: Arc<str>,
    /// Its category, the folder's name: `encryption`.
    pub category: Arc<str>,
}

#[cfg(test)]
mod tests {
    use super::Report;

    #[test]
    fn outside_is_a_path_or_a_folder_and_never_half_a_name() {
        let report = Report { outside: vec!["iam".into(), "a/b.json".into()], ..Report::default() };
        assert!(report.is_outside("iam/authorization-details.json"));
        assert!(report.is_outside("a/b.json"));
        assert!(!report.is_outside("iamx/authorization-details.json"));
        assert!(!report.is_outside("a/b.jsonl"));
    }
}
