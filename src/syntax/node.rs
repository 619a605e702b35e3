//! A value with the span it came from: parsed, evaluated, or unknown with a reason.

use crate::source::Span;
use std::fmt;
use std::sync::Arc;

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where the user wrote it; it survives every transform.
    pub span: Span,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Null, or nothing after a key.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number, as it was written.
    Number(Arc<str>),
    /// A string that is known in full.
    String(Arc<str>),
    /// A string of several parts, at least one of which is a reference or unknown.
    Template(Vec<Part>),
    /// A list.
    List(Vec<Node>),
    /// A map in the order of the source; a key stands once.
    Map(Vec<Entry>),
    /// One of two values, behind a condition that cannot be decided.
    Either {
        /// Name of the condition.
        condition: Arc<str>,
        /// The value where it holds.
        then: Box<Node>,
        /// The value where it does not.
        otherwise: Box<Node>,
    },
    /// The property is taken away (`AWS::NoValue`, Terraform's `null` argument).
    Absent,
    /// Not known, and why.
    Unknown(Unknown),
}

/// One key of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Arc<str>,
    /// Where the key was written.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

/// One piece of a [`Value::Template`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// Known text.
    Literal(Arc<str>),
    /// The value of another resource of the same project.
    Reference(Reference),
    /// Not known, and why.
    Unknown(Unknown),
}

/// What `Ref` or `Fn::GetAtt` names: a resource of the same project and one of its attributes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The resource's id in the project.
    pub resource: Arc<str>,
    /// CloudFormation's attribute name (`Arn`); empty for `Ref`, the resource's own identifier.
    pub attribute: Arc<str>,
}

/// Why a value is not known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unknown {
    /// The class of reason.
    pub kind: UnknownKind,
    /// What could not be resolved: a name, an expression, a path.
    pub what: Arc<str>,
}

/// The classes of reason that a value is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnknownKind {
    /// A parameter or variable without a default.
    Parameter,
    /// A pseudo parameter, `AWS::AccountId`.
    Pseudo,
    /// An import from, or an output of, another stack or module.
    Import,
    /// A dynamic reference, resolved at deployment.
    Dynamic,
    /// Looked up by the provider: a data source, a mapping with an unknown key.
    Lookup,
    /// Known only after deployment.
    Computed,
    /// A function or expression that is not evaluated.
    Expression,
    /// A property for which there is no row in the mapping table.
    NotMapped,
    /// A file that is not there or is not read.
    File,
    /// It hangs on a condition that cannot be decided.
    Condition,
    /// It depends on itself.
    Cycle,
    /// A bound was reached.
    Limit,
    /// A value that must not be shown.
    Withheld,
    /// A value that must not be shown, and is a credential that stands in the clear.
    Credential,
    /// The reason is said in full.
    Other,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = &self.what;
        match self.kind {
            UnknownKind::Parameter => write!(f, "{what} has no default"),
            UnknownKind::Pseudo => write!(f, "{what} is known only in an account"),
            UnknownKind::Import => write!(f, "{what} comes from another stack or module"),
            UnknownKind::Dynamic => write!(f, "{what} is resolved at deployment"),
            UnknownKind::Lookup => write!(f, "{what} is looked up by the provider"),
            UnknownKind::Computed => write!(f, "{what} is known only after deployment"),
            UnknownKind::Expression => write!(f, "{what} is not evaluated"),
            UnknownKind::NotMapped => write!(f, "{what} is not mapped"),
            UnknownKind::File => write!(f, "{what} is not there or is not read"),
            UnknownKind::Condition => write!(f, "it hangs on {what}"),
            UnknownKind::Cycle => write!(f, "{what} depends on itself"),
            UnknownKind::Withheld | UnknownKind::Credential => write!(f, "{what} is not to be shown"),
            UnknownKind::Limit => write!(f, "{what} is beyond a bound"),
            UnknownKind::Other => f.write_str(what),
        }
    }
}

impl Unknown {
    /// A reason.
    pub fn new(kind: UnknownKind, what: impl Into<Arc<str>>) -> Self {
        Self { kind, what: what.into() }
    }
}

impl Node {
    /// A node.
    pub fn new(value: Value, span: Span) -> Self {
        Self { value, span }
    }

    /// A known string.
    pub fn string(text: impl Into<Arc<str>>, span: Span) -> Self {
        Self::new(Value::String(text.into()), span)
    }

    /// A truth value.
    pub fn bool(value: bool, span: Span) -> Self {
        Self::new(Value::Bool(value), span)
    }

    /// A list.
    pub fn list(items: Vec<Self>, span: Span) -> Self {
        Self::new(Value::List(items), span)
    }

    /// A map from keys that share the span of their value.
    pub fn map<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Self)>, span: Span) -> Self {
        let entry = |(key, value): (K, Self)| Entry { key: key.into(), key_span: value.span, value };
        Self::new(Value::Map(entries.into_iter().map(entry).collect()), span)
    }

    /// An unknown value.
    pub fn unknown(kind: UnknownKind, what: impl Into<Arc<str>>, span: Span) -> Self {
        Self::new(Value::Unknown(Unknown::new(kind, what)), span)
    }

    /// A reference to another resource of the project.
    pub fn reference(resource: impl Into<Arc<str>>, attribute: impl Into<Arc<str>>, span: Span) -> Self {
        let reference = Reference { resource: resource.into(), attribute: attribute.into() };
        Self::new(Value::Template(vec![Part::Reference(reference)]), span)
    }

    /// A string from parts: neighbouring literals are joined, and a string without other parts is a plain one.
    pub fn template(parts: Vec<Part>, span: Span) -> Self {
        let mut joined: Vec<Part> = Vec::with_capacity(parts.len());
        let mut parts =
            parts.into_iter().filter(|part| !matches!(part, Part::Literal(text) if text.is_empty())).peekable();
        while let Some(part) = parts.next() {
            let is_literal = |part: &Part| matches!(part, Part::Literal(_));
            match part {
                Part::Literal(first) if parts.peek().is_some_and(is_literal) => {
                    let mut whole = first.to_string();
                    while let Some(Part::Literal(text)) = parts.next_if(is_literal) {
                        whole.push_str(&text);
                    }
                    joined.push(Part::Literal(whole.into()));
                }
                part => joined.push(part),
            }
        }
        match joined.as_slice() {
            [] => Self::string("", span),
            [Part::Literal(text)] => Self::string(text.clone(), span),
            [Part::Unknown(unknown)] => Self::new(Value::Unknown(unknown.clone()), span),
            _ => Self::new(Value::Template(joined), span),
        }
    }

    /// The value of a key of a map; `None` for every other kind of value.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key of a map.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| &*entry.key == key)
    }

    /// The value under a dotted path of keys, `VersioningConfiguration.Status`.
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a map, or none.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list, or none.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The items of a list, or the value itself as the only one (`Action: "s3:*"`); none where it is absent.
    pub fn items_or_self(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Absent | Value::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// A string that is known in full, as text; numbers and truth values as they are written.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) | Value::Number(text) => Some(text),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// A truth value; the strings `true` and `false` count, without regard to case, as CloudFormation takes them.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(value) => Some(*value),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// A whole number, also one written as a string.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.value {
            Value::Number(text) | Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The resource that this value names, where it is nothing but one reference.
    pub fn as_reference(&self) -> Option<&Reference> {
        match &self.value {
            Value::Template(parts) => match parts.as_slice() {
                [Part::Reference(reference)] => Some(reference),
                _ => None,
            },
            _ => None,
        }
    }

    /// Every reference in this value, nested ones too, in order.
    pub fn references(&self) -> Vec<&Reference> {
        let mut found = Vec::new();
        self.visit(&mut |node| {
            if let Value::Template(parts) = &node.value {
                found.extend(parts.iter().filter_map(|part| match part {
                    Part::Reference(reference) => Some(reference),
                    _ => None,
                }));
            }
        });
        found
    }

    /// The value as parts of a string; `None` where it is no string.
    pub fn parts(&self) -> Option<Vec<Part>> {
        match &self.value {
            Value::Template(parts) => Some(parts.clone()),
            Value::Unknown(unknown) => Some(vec![Part::Unknown(unknown.clone())]),
            _ => self.as_text().map(|text| vec![Part::Literal(text.into())]),
        }
    }

    /// The reason, where the value as a whole is not known.
    pub fn as_unknown(&self) -> Option<&Unknown> {
        match &self.value {
            Value::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// Whether the property is not there: null or taken away.
    pub fn is_absent(&self) -> bool {
        matches!(self.value, Value::Null | Value::Absent)
    }

    /// Calls `visit` with this node and everything below it, in the order of the source.
    pub fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        match &self.value {
            Value::List(items) => items.iter().for_each(|item| item.visit(visit)),
            Value::Map(entries) => entries.iter().for_each(|entry| entry.value.visit(visit)),
            Value::Either { then, otherwise, .. } => {
                then.visit(visit);
                otherwise.visit(visit);
            }
            _ => {}
        }
    }

    /// Sets a key of a map in place or adds it at the end; a node that is no map stays as it is.
    pub fn set(&mut self, key: impl Into<Arc<str>>, key_span: Span, value: Self) {
        let key = key.into();
        if let Value::Map(entries) = &mut self.value {
            match entries.iter_mut().find(|entry| entry.key == key) {
                Some(entry) => *entry = Entry { key, key_span, value },
                None => entries.push(Entry { key, key_span, value }),
            }
        }
    }
}

/// The text with `${…}` where a part is not literal, for messages.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Null | Value::Absent => f.write_str("null"),
            Value::Template(parts) => parts.iter().try_for_each(|part| write!(f, "{part}")),
            Value::Unknown(unknown) => write!(f, "${{{}}}", unknown.what),
            Value::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{item}")?;
                }
                f.write_str("]")
            }
            Value::Map(_) => f.write_str("{…}"),
            Value::Either { then, otherwise, .. } => write!(f, "{then} or {otherwise}"),
            _ => f.write_str(self.as_text().unwrap_or_default()),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) => f.write_str(text),
            Self::Reference(reference) => write!(f, "${{{reference}}}"),
            Self::Unknown(unknown) => write!(f, "${{{}}}", unknown.what),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.resource)?;
        if self.attribute.is_empty() { Ok(()) } else { write!(f, ".{}", self.attribute) }
    }
}
