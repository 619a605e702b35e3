//! What a rule found: the record that every output format prints.

use crate::rule::Severity;
use crate::source::Location;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The rule is broken.
    Violated,
    /// A person has to judge.
    Review,
    /// The rule needed what is not known.
    Unknown,
}

/// Whether what is known decides, or something unresolved lies in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The known part decides.
    Definite,
    /// It hangs on a condition, a count or code that is not fully understood.
    Possible,
}

/// The resource, principal or file that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Subject {
    /// CloudFormation type, or the type of a thing of ours.
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    /// What the user wrote: logical id, full Terraform address, key under `functions`, ARN, or file.
    pub name: Arc<str>,
    /// The path of the construct that made it, where a development kit did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub construct: Option<Arc<str>>,
}

impl Subject {
    /// The type of a code file as a subject; its name is its path.
    pub const FILE: &str = "Leastwise::File";

    /// A thing by its type and name.
    pub fn new(kind: impl Into<Arc<str>>, name: impl Into<Arc<str>>) -> Self {
        Self { kind: kind.into(), name: name.into(), construct: None }
    }
}

/// A place with a remark, as part of the evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Related {
    /// Where.
    pub location: Location,
    /// Why it matters, in the user's words.
    pub text: String,
}

/// A function of which it is not known for certain what its code needs: what is said of its rights holds only so far.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Doubt {
    /// The function.
    pub function: Subject,
    /// How much of its code is understood.
    pub understood: Understood,
    /// Why not all of it, each reason once.
    pub reasons: Vec<String>,
    /// Where the function stands in its template.
    pub location: Location,
    /// The places in the code, the first ones.
    pub places: Vec<Related>,
}

impl Doubt {
    /// Whether it is about the function of a name at a place.
    pub fn is_about(&self, kind: &str, name: &str, at: &Location) -> bool {
        &*self.function.kind == kind && &*self.function.name == name && self.location == *at
    }
}

/// How much of a function's code is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Understood {
    /// Some of it.
    Partly,
    /// Nothing: it was not found or could not be read.
    Not,
}

/// One finding. Ordering is the order of the report: path, line, rule, then the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// Where the wrong thing stands.
    pub location: Location,
    /// Rule id, `EN006`.
    pub rule: Arc<str>,
    /// Rule name, `topic-without-kms`.
    pub name: Arc<str>,
    /// How bad it is.
    pub severity: Severity,
    /// Violated, to be reviewed, or unknown.
    pub status: Status,
    /// Definite or possible.
    pub confidence: Confidence,
    /// One sentence.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// The profiles that asked for the rule, by name.
    pub profiles: Vec<Arc<str>>,
    /// What it is about.
    pub resource: Subject,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// The path from cause to effect, for findings that have one.
    pub flow: Vec<Related>,
    /// `leastwise/v1`: the same for the same weakness wherever its lines move.
    pub fingerprint: Arc<str>,
}

/// The `leastwise/v1` fingerprint: hash of rule, resource type, resource name and detail.
///
/// `detail` is the statement's Sid or normalised form, the property path, or function + callee + argument shape;
/// never a path, a line, a message, an ordinal or a secret's value: a file's name, which is its path, is left out.
pub fn fingerprint(rule: &str, subject: &Subject, detail: &str) -> Arc<str> {
    let mut hash = Sha256::new();
    let name = if &*subject.kind == Subject::FILE { "" } else { &*subject.name };
    for part in [rule, &subject.kind, name, detail] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>().into()
}
