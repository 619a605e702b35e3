//! What an expression is worth, as far as it is known.

use crate::source::Span;
use crate::syntax::{Entry, Node, Part, Reference, Unknown, UnknownKind, Value as Tree};
use std::sync::Arc;

/// Key of the entry, and stand-in for the items, that a partly known map or list has besides the known ones.
pub(super) const REST: &str = "…";

/// The longest text that is put together, in bytes.
const MAX_TEXT: usize = 1_000_000;

/// The number of values that one value may hold, written out.
const MAX_SIZE: usize = 100_000;

/// A value and where the text that decides it was written.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

/// The forms of a value.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Number(f64),
    String(Arc<str>),
    /// A string of several parts, at least one of which is a reference or unknown.
    Template(Arc<Vec<Part>>),
    /// A list, tuple or set.
    List(List),
    /// A map or object.
    Map(Arc<Map>),
    /// One of two, behind a condition that cannot be decided.
    Either(Arc<Either>),
    /// Text that is a JSON document whose tree is known.
    Document(Arc<Document>),
    /// A resource as a whole.
    Resource(Arc<Handle>),
    Unknown(Unknown),
    /// Terraform would refuse the expression: what `try` passes over.
    Invalid(Arc<str>),
}

/// The items of a list or tuple, or of a set: in order and each once.
#[derive(Debug, Clone)]
pub(super) struct List {
    items: Arc<Vec<Value>>,
    /// Whether it is a set, whose items are their own keys.
    pub(super) set: bool,
}

impl std::ops::Deref for List {
    type Target = Vec<Value>;

    fn deref(&self) -> &Vec<Value> {
        &self.items
    }
}

/// The entries of a map in the order of the source, and whether there may be more.
#[derive(Debug, Clone, Default)]
pub(super) struct Map {
    pub(super) entries: Vec<MapEntry>,
    pub(super) rest: Option<Unknown>,
}

/// One entry.
#[derive(Debug, Clone)]
pub(super) struct MapEntry {
    pub(super) key: Arc<str>,
    pub(super) span: Span,
    pub(super) value: Value,
}

/// Two values and the condition between them.
#[derive(Debug, Clone)]
pub(super) struct Either {
    pub(super) condition: Arc<str>,
    pub(super) then: Value,
    pub(super) otherwise: Value,
}

/// A document and its text.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) tree: Node,
    pub(super) text: Vec<Part>,
}

/// A resource or data source of the configuration, before an attribute of it is read.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    /// The Terraform type.
    pub(super) kind: Arc<str>,
    /// The full address of the instance.
    pub(super) address: Arc<str>,
}

impl Value {
    pub(super) fn new(kind: Kind, span: Span) -> Self {
        Self { span, kind }
    }

    pub(super) fn null(span: Span) -> Self {
        Self::new(Kind::Null, span)
    }

    pub(super) fn bool(value: bool, span: Span) -> Self {
        Self::new(Kind::Bool(value), span)
    }

    pub(super) fn number(value: f64, span: Span) -> Self {
        Self::new(Kind::Number(value), span)
    }

    /// A count as a number.
    pub(super) fn count(value: usize, span: Span) -> Self {
        Self::number(u32::try_from(value).unwrap_or(u32::MAX).into(), span)
    }

    pub(super) fn string(text: impl Into<Arc<str>>, span: Span) -> Self {
        Self::new(Kind::String(text.into()), span)
    }

    pub(super) fn list(items: Vec<Self>, span: Span) -> Self {
        Self::new(Kind::List(List { items: Arc::new(items), set: false }), span)
    }

    /// A set, of items that are in order and stand once.
    pub(super) fn set(items: Vec<Self>, span: Span) -> Self {
        Self::new(Kind::List(List { items: Arc::new(items), set: true }), span)
    }

    pub(super) fn map(entries: Vec<MapEntry>, rest: Option<Unknown>, span: Span) -> Self {
        Self::new(Kind::Map(Arc::new(Map { entries, rest })), span)
    }

    pub(super) fn unknown(kind: UnknownKind, what: impl Into<Arc<str>>, span: Span) -> Self {
        Self::new(Kind::Unknown(Unknown::new(kind, what)), span)
    }

    pub(super) fn invalid(what: impl Into<Arc<str>>, span: Span) -> Self {
        Self::new(Kind::Invalid(what.into()), span)
    }

    pub(super) fn either(condition: Arc<str>, then: Self, otherwise: Self, span: Span) -> Self {
        if then.same(&otherwise) {
            return then.at(span);
        }
        Self::new(Kind::Either(Arc::new(Either { condition, then, otherwise })), span)
    }

    /// A string from parts; plain where all of them are literal.
    pub(super) fn template(parts: Vec<Part>, span: Span) -> Self {
        let Some(parts) = joined(parts) else {
            return Self::unknown(UnknownKind::Limit, "a text of more than 1 MB", span);
        };
        match Node::template(parts, span).value {
            Tree::String(text) => Self::string(text, span),
            Tree::Unknown(unknown) => Self::new(Kind::Unknown(unknown), span),
            Tree::Template(parts) => Self::new(Kind::Template(Arc::new(parts)), span),
            _ => Self::null(span),
        }
    }

    /// A reference to an attribute of a resource.
    pub(super) fn reference(resource: Arc<str>, attribute: Arc<str>, span: Span) -> Self {
        let part = Part::Reference(Reference { resource, attribute });
        Self::new(Kind::Template(Arc::new(vec![part])), span)
    }

    /// The same value, written at `span`; what lies inside it keeps its own place.
    #[must_use]
    pub(super) fn at(mut self, span: Span) -> Self {
        self.span = span;
        self
    }

    /// Why the value as a whole is not known.
    pub(super) fn as_unknown(&self) -> Option<Unknown> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown.clone()),
            Kind::Invalid(what) => Some(Unknown::new(UnknownKind::Expression, what.clone())),
            _ => None,
        }
    }

    /// Why a value that must be known in full is not.
    pub(super) fn why(&self) -> Unknown {
        match &self.kind {
            Kind::Either(either) => Unknown::new(UnknownKind::Condition, either.condition.clone()),
            Kind::Template(parts) => part_reason(parts),
            Kind::Document(document) => part_reason(&document.text),
            Kind::Resource(handle) => Unknown::new(UnknownKind::Computed, handle.address.clone()),
            _ => self
                .as_unknown()
                .unwrap_or_else(|| Unknown::new(UnknownKind::Expression, "a value of another type than expected")),
        }
    }

    /// Text that is known in full; numbers and truth values as Terraform writes them.
    pub(super) fn text(&self) -> Option<Arc<str>> {
        match &self.kind {
            Kind::String(text) => Some(text.clone()),
            Kind::Number(number) => Some(number_text(*number)),
            Kind::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
            Kind::Document(document) => match document.text.as_slice() {
                [Part::Literal(text)] => Some(text.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// A truth value, also one written as a string.
    pub(super) fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            Kind::Bool(value) => Some(*value),
            Kind::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A number, also one written as a string.
    pub(super) fn as_number(&self) -> Option<f64> {
        match &self.kind {
            Kind::Number(value) => Some(*value),
            Kind::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A whole number from 0, also one written as a string.
    pub(super) fn as_index(&self) -> Option<usize> {
        self.as_number().and_then(|number| number_text(number).parse().ok())
    }

    pub(super) fn items(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn as_map(&self) -> Option<&Map> {
        match &self.kind {
            Kind::Map(map) => Some(map),
            _ => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The value as parts of a string; a value that is none is one unknown part.
    pub(super) fn parts(&self) -> Vec<Part> {
        match &self.kind {
            Kind::Template(parts) => parts.to_vec(),
            Kind::Document(document) => document.text.clone(),
            Kind::Resource(handle) => {
                vec![Part::Reference(Reference { resource: handle.address.clone(), attribute: "".into() })]
            }
            _ => match self.text() {
                Some(text) => vec![Part::Literal(text)],
                None => vec![Part::Unknown(self.why())],
            },
        }
    }

    /// Whether two values are equal as far as can be told; unknown ones are equal where their reasons are.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Null, Kind::Null) => true,
            (Kind::List(a), Kind::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.same(b)),
            (Kind::Map(a), Kind::Map(b)) => {
                let found = |entry: &MapEntry| b.get(&entry.key).is_some_and(|value| entry.value.same(value));
                a.entries.len() == b.entries.len() && a.rest == b.rest && a.entries.iter().all(found)
            }
            (Kind::Template(a), Kind::Template(b)) => a == b,
            (Kind::Unknown(a), Kind::Unknown(b)) => a == b,
            (Kind::Resource(a), Kind::Resource(b)) => a.address == b.address,
            (Kind::Document(a), Kind::Document(b)) => a.text == b.text,
            (Kind::Either(a), Kind::Either(b)) => {
                a.condition == b.condition && a.then.same(&b.then) && a.otherwise.same(&b.otherwise)
            }
            (Kind::Bool(a), Kind::Bool(b)) => a == b,
            (Kind::Number(a), Kind::Number(b)) => number_text(*a) == number_text(*b),
            (Kind::Bool(_), Kind::Number(_)) | (Kind::Number(_), Kind::Bool(_)) => false,
            _ => self.text().is_some_and(|text| Some(text) == other.text()),
        }
    }

    /// Whether nothing in it is unknown or a reference.
    pub(super) fn is_whole(&self) -> bool {
        match &self.kind {
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => true,
            Kind::List(items) => items.iter().all(Self::is_whole),
            Kind::Map(map) => map.rest.is_none() && map.entries.iter().all(|entry| entry.value.is_whole()),
            Kind::Document(_) => self.text().is_some(),
            _ => false,
        }
    }

    /// Whether it would hold too many values, written out: parts of it may be shared.
    pub(super) fn is_too_large(&self) -> bool {
        let mut left = MAX_SIZE;
        !self.fits(&mut left)
    }

    fn fits(&self, left: &mut usize) -> bool {
        if *left == 0 {
            return false;
        }
        *left -= 1;
        match &self.kind {
            Kind::List(items) => items.iter().all(|item| item.fits(left)),
            Kind::Map(map) => map.entries.iter().all(|entry| entry.value.fits(left)),
            Kind::Either(either) => either.then.fits(left) && either.otherwise.fits(left),
            _ => true,
        }
    }

    /// `value.name`, where the value hangs on no condition.
    pub(super) fn member(&self, name: &str, span: Span) -> Self {
        match &self.kind {
            Kind::Map(map) => match (map.get(name), &map.rest) {
                (Some(value), _) => value.clone(),
                (None, Some(rest)) => Self::new(Kind::Unknown(rest.clone()), span),
                (None, None) => Self::invalid(format!("no attribute {name}"), span),
            },
            Kind::List(items) => match items.as_slice() {
                [only] if only.as_map().is_some() => only.member(name, span),
                _ => Self::invalid(format!("no attribute {name}"), span),
            },
            Kind::Template(_) => Self::new(Kind::Unknown(self.why()), span),
            _ => Self::invalid(format!("no attribute {name}"), span),
        }
    }

    /// `value[index]`, where neither hangs on a condition.
    pub(super) fn item(&self, index: &Self, span: Span) -> Self {
        match &self.kind {
            _ if self.as_unknown().is_some() => self.clone(),
            Kind::Map(_) => match index.text() {
                Some(key) => self.member(&key, span),
                None => Self::new(Kind::Unknown(index.why()), span),
            },
            Kind::List(items) => match index.as_index() {
                Some(at) => items.get(at).cloned().unwrap_or_else(|| Self::invalid("no such item", span)),
                None if index.is_whole() => Self::invalid("not an index", span),
                None => Self::new(Kind::Unknown(index.why()), span),
            },
            Kind::Template(_) => Self::new(Kind::Unknown(self.why()), span),
            _ => Self::invalid("not a collection", span),
        }
    }

    /// The value as a tree; a document becomes what it holds.
    pub(super) fn to_node(&self) -> Node {
        let tree = match &self.kind {
            Kind::Null => Tree::Null,
            Kind::Bool(value) => Tree::Bool(*value),
            Kind::Number(number) => Tree::Number(number_text(*number)),
            Kind::String(text) => Tree::String(text.clone()),
            Kind::Template(parts) => Tree::Template(parts.to_vec()),
            Kind::List(items) => Tree::List(items.iter().map(Self::to_node).collect()),
            Kind::Map(map) => Tree::Map(map.to_entries(self.span)),
            Kind::Either(either) => {
                let branch = |value: &Self| {
                    let node = value.to_node();
                    Box::new(if node.value == Tree::Null { Node::new(Tree::Absent, node.span) } else { node })
                };
                Tree::Either {
                    condition: either.condition.clone(),
                    then: branch(&either.then),
                    otherwise: branch(&either.otherwise),
                }
            }
            Kind::Document(document) => document.tree.value.clone(),
            Kind::Resource(_) => Tree::Template(self.parts()),
            Kind::Unknown(_) | Kind::Invalid(_) => Tree::Unknown(self.why()),
        };
        Node::new(tree, self.span)
    }
}

impl Map {
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|entry| &*entry.key == key).map(|entry| &entry.value)
    }

    /// The entries in the order of their keys, which is Terraform's.
    pub(super) fn sorted(&self) -> Vec<&MapEntry> {
        let mut sorted: Vec<&MapEntry> = self.entries.iter().collect();
        sorted.sort_by(|a, b| a.key.cmp(&b.key));
        sorted
    }

    /// Sets an entry in place or adds it at the end.
    pub(super) fn set(&mut self, entry: MapEntry) {
        match self.entries.iter_mut().find(|known| known.key == entry.key) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }

    fn to_entries(&self, span: Span) -> Vec<Entry> {
        let known = self.entries.iter().map(|entry| Entry {
            key: entry.key.clone(),
            key_span: entry.span,
            value: entry.value.to_node(),
        });
        let rest = self.rest.iter().map(|unknown| Entry {
            key: REST.into(),
            key_span: span,
            value: Node::new(Tree::Unknown(unknown.clone()), span),
        });
        known.chain(rest).collect()
    }
}

/// A number as Terraform writes it in a string.
pub(super) fn number_text(number: f64) -> Arc<str> {
    if number == 0.0 { "0".into() } else { number.to_string().into() }
}

/// The parts with neighbouring literals joined; `None` where the text would be too long.
fn joined(parts: Vec<Part>) -> Option<Vec<Part>> {
    let mut made = Vec::new();
    let mut text = String::new();
    let mut size = 0_usize;
    for part in parts {
        size += 1;
        if let Part::Literal(literal) = part {
            size += literal.len();
            text.push_str(&literal);
        } else {
            made.push(Part::Literal(std::mem::take(&mut text).into()));
            made.push(part);
        }
        if size > MAX_TEXT {
            return None;
        }
    }
    made.push(Part::Literal(text.into()));
    Some(made)
}

/// Why a string with these parts is not known in full.
pub(super) fn part_reason(parts: &[Part]) -> Unknown {
    let reason = parts.iter().find_map(|part| match part {
        Part::Unknown(unknown) => Some(unknown.clone()),
        Part::Reference(reference) => Some(Unknown::new(UnknownKind::Computed, reference.to_string())),
        Part::Literal(_) => None,
    });
    reason.unwrap_or_else(|| Unknown::new(UnknownKind::Expression, "a string"))
}
