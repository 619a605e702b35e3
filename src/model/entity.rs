//! Questions for the rules: an action on an entity with typed attributes, each known or unknown with a reason.

use super::{Presence, Provided};
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
    /// The properties that say it; `None` where code of its own reads it.
    pub from: Option<Origin>,
}

/// How an attribute follows from properties in CloudFormation's shape; paths are as
/// [`super::attributes::reader::find`] takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Bool: what one property says.
    Check(&'static str, Test),
    /// Bool: whether the test holds for a property of any item of a list; the empty path is the item itself.
    Any(&'static str, &'static str, Test),
    /// Bool: whether it holds for every item; so it does for a list that is empty or not given.
    All(&'static str, &'static str, Test),
    /// String: a word, and the provider's default.
    Word(&'static str, &'static str),
    /// Long: a number, and the provider's default.
    Number(&'static str, i64),
    /// Long: how many items a list has.
    Count(&'static str),
    /// String: `customer`, `aws`, or the word for a key that is not given.
    Key(&'static str, &'static str),
    /// String: `none` where the switch (off by default) is off, else as [`Origin::Key`].
    KeyBehind(&'static str, &'static str, &'static str),
    /// Strings: the texts of a list.
    Words(&'static str),
    /// Strings: the text of a property of each item of a list.
    Each(&'static str, &'static str),
    /// String: the lowest version of TLS that a policy or version's name allows, `1.0` to `1.3` or `ssl`, and the
    /// version where none is given.
    Tls(&'static str, &'static str),
}

/// The default of a word or TLS policy that the provider does not publish, or that depends on the region, the account
/// or the day: where nothing is written, nothing is known.
pub const DEPENDS: &str = "?";

/// The same of a number.
pub const DEPENDS_NUMBER: i64 = i64::MIN;

/// A question to one property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// Whether it is true, with the provider's default.
    On(bool),
    /// Whether it is true; where nothing is written nothing is known, as with [`DEPENDS`].
    Stated,
    /// Whether it is one of some words (without regard to case, separated by `|`), with the answer for an absent one.
    Is(&'static str, bool),
    /// Whether it begins with one of some texts (without regard to case, separated by `|`); an absent one does not.
    Begins(&'static str),
    /// Whether its text is written out: no parameter, reference or secret that is looked up.
    Written,
    /// Whether it is given at all.
    Given,
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
    /// What it carries of the provider's own, where a loaded rule reads it.
    pub provided: Option<Provided>,
    /// The resource that it stands in, where it is a record of one.
    pub of: Option<Arc<Entity>>,
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
    /// Why it cannot be told whether it is anything of the project's at all; what a rule finds is then unknown.
    pub doubt: Option<Arc<str>>,
    /// What tells this question from others about the same subject, for the fingerprint; never a path or a line.
    pub detail: String,
    /// Other places that belong to it.
    pub related: Vec<Remark>,
    /// The path from cause to effect.
    pub flow: Vec<Remark>,
    /// The index of the settings that hold where it arises.
    pub scope: usize,
}

impl From<bool> for Known {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Known {
    fn from(value: i64) -> Self {
        Self::Long(value)
    }
}

impl From<&str> for Known {
    fn from(value: &str) -> Self {
        Self::String(value.into())
    }
}

impl From<Arc<str>> for Known {
    fn from(value: Arc<str>) -> Self {
        Self::String(value)
    }
}

impl From<String> for Known {
    fn from(value: String) -> Self {
        Self::String(value.into())
    }
}

/// A value read for an attribute: known or not, and where it was written.
#[derive(Debug, Clone)]
pub struct Read<T> {
    /// The value, or why it is not known.
    pub value: Result<T, Unknown>,
    /// Where it was written; `None` where the provider's default holds.
    pub span: Option<Span>,
}

impl<T> Read<T> {
    /// A value that was written at a place.
    pub fn at(value: T, span: Span) -> Self {
        Self { value: Ok(value), span: Some(span) }
    }

    /// The provider's default, or a value derived from no single place.
    pub fn default(value: T) -> Self {
        Self { value: Ok(value), span: None }
    }

    /// An answer that was read at a place, or why there is none.
    pub fn of(answer: Result<T, Unknown>, span: Span) -> Self {
        Self { value: answer, span: Some(span) }
    }

    /// A value that is not known.
    pub fn unknown(reason: Unknown, span: Option<Span>) -> Self {
        Self { value: Err(reason), span }
    }

    /// Changes a known value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Read<U> {
        Read { value: self.value.map(change), span: self.span }
    }
}

impl Entity {
    /// An entity without attributes.
    pub fn new(kind: &'static EntityType, name: impl Into<Arc<str>>) -> Self {
        let name = name.into();
        let attributes = Vec::with_capacity(kind.attributes.len() + 1);
        let mut entity = Self { kind: kind.name, name: name.clone(), attributes, provided: None, of: None };
        entity.put("name", Read::default(name));
        entity
    }

    /// Adds an attribute.
    pub fn put<T: Into<Known>>(&mut self, path: &'static str, read: Read<T>) {
        self.attributes.push(Attribute { path, value: read.value.map(Into::into), span: read.span });
    }

    /// The attribute at a declared path.
    pub fn attribute(&self, path: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.path == path)
    }
}

/// Declares a Bool attribute.
pub const fn bool(path: &'static str, about: &'static str) -> Declared {
    Declared { path, kind: AttributeKind::Bool, about, from: None }
}

/// Declares a Long attribute.
pub const fn long(path: &'static str, about: &'static str) -> Declared {
    Declared { path, kind: AttributeKind::Long, about, from: None }
}

/// Declares a String attribute.
pub const fn string(path: &'static str, about: &'static str) -> Declared {
    Declared { path, kind: AttributeKind::String, about, from: None }
}

/// Declares an attribute that is read from properties; its type follows from how.
pub const fn read(path: &'static str, from: Origin, about: &'static str) -> Declared {
    let kind = match from {
        Origin::Check(..) | Origin::Any(..) | Origin::All(..) => AttributeKind::Bool,
        Origin::Number(..) | Origin::Count(_) => AttributeKind::Long,
        Origin::Word(..) | Origin::Key(..) | Origin::KeyBehind(..) | Origin::Tls(..) => AttributeKind::String,
        Origin::Words(_) | Origin::Each(..) => AttributeKind::Strings,
    };
    Declared { path, kind, about, from: Some(from) }
}
