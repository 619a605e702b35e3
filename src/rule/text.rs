//! The texts that rules are read from, and what can be wrong with them.

use std::fmt;
use std::sync::Arc;

/// The text of one rule file.
#[derive(Debug, Clone)]
pub struct RuleSource {
    /// The file, as messages name it.
    pub path: Arc<str>,
    /// The category: name of the folder above the rule's own.
    pub category: Arc<str>,
    /// Cedar.
    pub cedar: Arc<str>,
    /// The page beside it, or empty.
    pub page: Arc<str>,
}

/// Why a rule cannot be used: it points into the user's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// The file.
    pub path: Arc<str>,
    /// Line and column, from 1.
    pub position: (u32, u32),
    /// What is wrong.
    pub message: String,
    /// What to write instead, where Cedar or we know.
    pub help: Option<String>,
}

/// The rules that the binary carries.
pub fn built_in() -> Vec<RuleSource> {
    const RULES: &[(&str, &str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.in"));
    let source = |(path, category, cedar, page): &(&str, &str, &str, &str)| RuleSource {
        path: format!("{path}/rule.cedar").into(),
        category: (*category).into(),
        cedar: (*cedar).into(),
        page: (*page).into(),
    };
    RULES.iter().map(source).collect()
}

impl RuleSource {
    /// An error at a byte offset of this text.
    pub fn error(&self, offset: usize, message: impl Into<String>) -> RuleError {
        let before = self.cedar.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let position = (narrow(line), narrow(column));
        RuleError { path: self.path.clone(), position, message: message.into(), help: None }
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.position;
        write!(f, "{}:{line}:{column}: {}", self.path, self.message)?;
        self.help.iter().try_for_each(|help| write!(f, "\n  help: {help}"))
    }
}
