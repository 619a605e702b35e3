//! Reads properties of one resource, three-valued: written, left to the provider's default, or not known.

use crate::model::entity::Read;
use crate::model::{Label, Labelled, Project, Resource, Settings};
use crate::syntax::{Node, Reference, Unknown, UnknownKind, Value};
use std::sync::Arc;

/// A resource in its project.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The project.
    pub project: &'a Project,
    /// The resource.
    pub resource: &'a Resource,
    /// The settings of the scan.
    pub settings: &'a Settings,
}

/// What a property path leads to.
#[derive(Debug, Clone)]
pub enum Found<'a> {
    /// A value that is written, known or partly known.
    Written(&'a Node),
    /// Nothing: the provider's default holds.
    Absent,
    /// The value, or something above it, is not known.
    Unknown(Unknown, Option<crate::source::Span>),
}

impl<'a> Reader<'a> {
    /// What a dotted path of properties leads to.
    pub fn find(&self, path: &str) -> Found<'a> {
        find(&self.resource.properties, path)
    }

    /// A truth value with the provider's default.
    pub fn flag(&self, path: &str, default: bool) -> Read<bool> {
        flag(self.find(path), default)
    }

    /// A string, `None` where it is absent.
    pub fn text(&self, path: &str) -> Read<Option<Arc<str>>> {
        text(self.find(path))
    }

    /// Whether a property is given at all, whatever its value; a variable that may be empty is not known.
    pub fn given(&self, path: &str) -> Read<bool> {
        given(self.find(path))
    }

    /// The resource of a type that a property names by reference, literal name or ARN's last part.
    pub fn target(&self, path: &str, kind: &str) -> Option<&'a Resource> {
        match self.find(path) {
            Found::Written(node) => self.project.named_of(node, |known| known == kind),
            _ => None,
        }
    }

    /// The label, as rules see it: a word, and `unlabelled` where there is none.
    pub fn label(&self) -> Read<Option<Label>> {
        match self.settings.labels.of(self.resource) {
            Labelled::As(label, span) => Read { value: Ok(Some(label)), span },
            Labelled::Unlisted(_, span) => Read::at(Some(Label::Internal), span),
            Labelled::Not => Read::default(None),
            Labelled::Unknown(reason) => Read::unknown(reason, None),
        }
    }
}

impl<'a> Found<'a> {
    /// What a node says by itself.
    pub fn of(node: &'a Node) -> Self {
        stopped(node).unwrap_or(Self::Written(node))
    }
}

/// A truth value with the provider's default.
pub fn flag(found: Found<'_>, default: bool) -> Read<bool> {
    match found {
        Found::Absent => Read::default(default),
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Written(node) => match node.as_bool() {
            Some(value) => Read::at(value, node.span),
            None => Read::unknown(not_literal(node), Some(node.span)),
        },
    }
}

/// A string, `None` where it is absent.
pub fn text(found: Found<'_>) -> Read<Option<Arc<str>>> {
    match found {
        Found::Absent => Read::default(None),
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Written(node) => match node.as_text() {
            Some(text) => Read::at(Some(text.into()), node.span),
            None => Read::unknown(not_literal(node), Some(node.span)),
        },
    }
}

/// Whether a property is given at all, whatever its value; a variable that may be empty is not known.
pub fn given(found: Found<'_>) -> Read<bool> {
    match found {
        Found::Absent => Read::default(false),
        Found::Unknown(reason, span) => match reason.kind {
            UnknownKind::Import | UnknownKind::Computed | UnknownKind::Dynamic | UnknownKind::Lookup => {
                Read { value: Ok(true), span }
            }
            _ => Read::unknown(reason, span),
        },
        Found::Written(node) => match node.as_text() {
            Some("") => Read::at(false, node.span),
            _ => Read::at(true, node.span),
        },
    }
}

/// Whether a text is written out: a parameter, a reference or a secret that is looked up is not, whatever it holds.
pub fn written(found: Found<'_>) -> Read<bool> {
    match found {
        Found::Absent => Read::default(false),
        Found::Unknown(reason, span) if reason.kind == UnknownKind::Condition => Read::unknown(reason, span),
        Found::Unknown(_, span) => Read { value: Ok(false), span },
        Found::Written(node) => Read::at(node.as_text().is_some_and(|text| !text.is_empty()), node.span),
    }
}

/// Whether a text begins with one of some others, separated by `|`; its first literal part decides where it is enough.
pub fn begins(found: Found<'_>, beginnings: &str) -> Read<bool> {
    let node = match found {
        Found::Absent => return Read::default(false),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    let parts = node.parts().unwrap_or_default();
    let (literal, whole) = match parts.as_slice() {
        [crate::syntax::Part::Literal(text)] => (text.to_ascii_lowercase(), true),
        [crate::syntax::Part::Literal(text), ..] => (text.to_ascii_lowercase(), false),
        // A document that is written as such: its text begins so.
        _ if matches!(node.value, Value::Map(_)) => ("{".to_owned(), true),
        _ => return Read::unknown(not_literal(node), Some(node.span)),
    };
    let mut beginnings = beginnings.split('|');
    if beginnings.clone().any(|one| literal.starts_with(one)) {
        return Read::at(true, node.span);
    }
    match !whole && beginnings.any(|one| one.starts_with(&literal)) {
        true => Read::unknown(not_literal(node), Some(node.span)),
        false => Read::at(false, node.span),
    }
}

/// What a dotted path leads to from a node. A step that is a number is the index of a list's item, and one like
/// `Attributes[Key=idle.timeout]` the item of a list whose `Key` is that text.
pub fn find<'a>(from: &'a Node, path: &str) -> Found<'a> {
    let mut node = from;
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(stop) = stopped(node) {
            return stop;
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (step, mut behind) = rest.split_at(end);
        let next = step.parse::<usize>().map_or_else(|_| node.get(step), |index| node.items().get(index));
        let Some(next) = next else { return Found::Absent };
        node = next;
        if let Some((choice, after)) = behind.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            match chosen(node, choice) {
                Found::Written(item) => node = item,
                other => return other,
            }
            behind = after;
        }
        rest = behind.strip_prefix('.').unwrap_or(behind);
    }
    Found::of(node)
}

/// The item of a list that has a text under a key, `Key=text`; not known where an item that may be it is not.
fn chosen<'a>(list: &'a Node, choice: &str) -> Found<'a> {
    if let Some(stop) = stopped(list) {
        return stop;
    }
    let (key, wanted) = choice.split_once('=').unwrap_or((choice, ""));
    let mut unknown = None;
    for item in list.items_or_self() {
        match text(find(item, key)) {
            Read { value: Ok(Some(text)), .. } if &*text == wanted => return Found::Written(item),
            Read { value: Ok(_), .. } => {}
            Read { value: Err(reason), span } => unknown = Some(Found::Unknown(reason, span)),
        }
    }
    unknown.unwrap_or(Found::Absent)
}

fn stopped<'a>(node: &Node) -> Option<Found<'a>> {
    match &node.value {
        Value::Unknown(reason) => Some(Found::Unknown(reason.clone(), Some(node.span))),
        Value::Either { condition, .. } => {
            Some(Found::Unknown(Unknown::new(UnknownKind::Condition, condition.clone()), Some(node.span)))
        }
        Value::Null | Value::Absent => Some(Found::Absent),
        _ => None,
    }
}

/// Why a value that should be a literal is not known.
pub fn not_literal(node: &Node) -> Unknown {
    let reason = node.parts().into_iter().flatten().find_map(|part| match part {
        crate::syntax::Part::Unknown(reason) => Some(reason),
        crate::syntax::Part::Reference(Reference { .. }) => Some(Unknown::new(UnknownKind::Computed, node.to_string())),
        crate::syntax::Part::Literal(_) => None,
    });
    reason.unwrap_or_else(|| Unknown::new(UnknownKind::Expression, "a value of another type"))
}
