//! Questions for the rules: an action on an entity with typed attributes, each known or unknown with a reason.

use super::Presence;
use crate::finding::Subject;
use crate::source::Span;
use crate::syntax::Unknown;
use std::sync::Arc;

/// The Cedar actions that rules are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    /// A stack or account holds a resource, or a record of it.
    Deploy,
    /// A policy statement gives rights.
    Grant,
    /// Code does something.
    Call,
    /// Data is copied or written elsewhere.
    Move,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Deploy, Self::Grant, Self::Call, Self::Move];

    /// The id of the Cedar action.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Grant => "grant",
            Self::Call => "call",
            Self::Move => "move",
        }
    }
}

/// An entity type as rules see it; the Cedar schema is made from these declarations.
#[derive(Debug, Clone, Copy)]
pub struct EntityType {
    /// Cedar entity type, `AWS::S3::Bucket` or `Leastwise::Grant`.
    pub name: &'static str,
    /// The action that its questions are asked for.
    pub verb: Verb,
    /// One sentence for the documentation of the schema.
    pub about: &'static str,
    /// Its attributes beside the common ones.
    pub attributes: &'static [Declared],
}

/// A declared attribute.
#[derive(Debug, Clone, Copy)]
pub struct Declared {
    /// Dotted path in lower camel case, `encryption.manager`.
    pub path: &'static str,
    /// Its type.
    pub kind: AttributeKind,
    /// What it says, with the provider's default, its date and source where one is filled in.
    pub about: &'static str,
}

/// The types of attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    /// Cedar's Bool.
    Bool,
    /// Cedar's Long.
    Long,
    /// Cedar's String.
    String,
    /// Cedar's Set<String>.
    Strings,
}

/// A value that an attribute is known to have.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Known {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Long(i64),
    /// A string.
    String(Arc<str>),
    /// A set of strings.
    Strings(Vec<Arc<str>>),
}

/// An attribute of one entity.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// The declared path.
    pub path: &'static str,
    /// The value, or why it is not known.
    pub value: Result<Known, Unknown>,
    /// Where it was written; `None` where the provider's default holds.
    pub span: Option<Span>,
}

/// A thing that rules judge.
#[derive(Debug, Clone)]
pub struct Entity {
    /// Its type's declaration name.
    pub kind: &'static str,
    /// What the user calls it.
    pub name: Arc<str>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
}

/// A place with a remark.
#[derive(Debug, Clone)]
pub struct Remark {
    /// Where.
    pub span: Span,
    /// What to say of it.
    pub text: String,
}

/// One question to the rules.
#[derive(Debug, Clone)]
pub struct Question {
    /// What is done.
    pub verb: Verb,
    /// Who does it: the stack, the holder of a grant, the function, the store.
    pub principal: Subject,
    /// What it is done to; more than one where it hangs on conditions that cannot be decided, one for each case.
    pub alternatives: Vec<Entity>,
    /// What a finding says it is about.
    pub subject: Subject,
    /// Where a finding points when the rule names no attribute that was written.
    pub span: Span,
    /// Whether the thing is there for certain.
    pub presence: Presence,
    /// What tells this question from others about the same subject, for the fingerprint; never a path or a line.
    pub detail: String,
    /// Other places that belong to it.
    pub related: Vec<Remark>,
    /// The path from cause to effect.
    pub flow: Vec<Remark>,
}
