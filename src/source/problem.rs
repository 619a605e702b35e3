//! What could not be read, parsed or decided: shown and counted, never skipped in silence.

use super::Location;
use serde::Serialize;
use std::sync::Arc;

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProblemKind {
    /// A file is not what its format says.
    Parse,
    /// A file could not be read.
    Io,
    /// A bound was reached (size, depth, budget); what lies beyond was not judged.
    Limit,
    /// A part of an account or a project is not covered; `action` names the missing permission.
    Coverage,
    /// A rule could not be evaluated as it is written.
    Rule,
    /// A setting or label that is not understood.
    Config,
}

impl ProblemKind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Parse, Self::Io, Self::Limit, Self::Coverage, Self::Rule, Self::Config];

    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Io => "io",
            Self::Limit => "limit",
            Self::Coverage => "coverage",
            Self::Rule => "rule",
            Self::Config => "config",
        }
    }
}

/// One thing that the reader of a report must know was not judged as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Problem {
    /// What kind of thing went wrong.
    pub kind: ProblemKind,
    /// The file, relative to the repository's root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<Arc<str>>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The API action whose permission is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<Arc<str>>,
    /// What happened, what was expected, what to do.
    pub message: String,
}

/// The word of those known that is most like another, for messages that ask what was meant; case does not count.
pub fn likest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for other in known {
        let likeness = strsim::normalized_damerau_levenshtein(&other.to_lowercase(), &word);
        // Of equal ones the first.
        if best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, other));
        }
    }
    best.map(|(_, word)| word)
}

impl Problem {
    /// A problem without a place.
    pub fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { kind, path: None, line: None, action: None, message: message.into() }
    }

    /// A problem of a whole file.
    pub fn of_file(kind: ProblemKind, path: &Arc<str>, message: impl Into<String>) -> Self {
        Self { path: Some(path.clone()), ..Self::new(kind, message) }
    }

    /// A problem at a line.
    pub fn at(kind: ProblemKind, location: &Location, message: impl Into<String>) -> Self {
        Self { path: Some(location.path.clone()), line: Some(location.start_line), ..Self::new(kind, message) }
    }
}
