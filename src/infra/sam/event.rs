//! One event of a function or state machine, and what all of them have in common.

use super::output::{Origin, Permission, Source, Target};
use super::shape::{Object, present};
use crate::model::Presence;
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};
use std::sync::Arc;

/// One event.
pub(super) struct Event<'a> {
    /// What the user calls it.
    pub(super) name: Arc<str>,
    /// The function's id and the name.
    pub(super) id: String,
    /// Its `Properties`.
    pub(super) properties: &'a Node,
    /// The function, at the event's line.
    pub(super) origin: Origin,
    /// What is invoked.
    pub(super) target: &'a Target,
}

impl Event<'_> {
    /// A property that is there.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        present(self.properties, key)
    }

    /// The event's line.
    pub(super) fn span(&self) -> Span {
        self.origin.span
    }

    /// The ARN of what is invoked.
    pub(super) fn arn(&self) -> Node {
        self.target.arn(self.span())
    }

    /// The same event under another id, with other properties.
    pub(super) fn with<'b>(&'b self, id: String, properties: &'b Node) -> Event<'b> {
        Event { name: self.name.clone(), id, properties, origin: self.origin.clone(), target: self.target }
    }

    /// A permission for this event's source.
    pub(super) fn permission<'p>(&'p self, principal: &'p str, conditions: Object) -> Permission<'p> {
        Permission { id: format!("{}Permission", self.id), principal, target: self.target, conditions }
    }
}

/// An event of a construct that invokes `target`.
pub(super) fn event<'a>(source: &Source, entry: &Entry, target: &'a Target, properties: &'a Node) -> Event<'a> {
    Event {
        name: entry.key.clone(),
        id: format!("{}{}", source.origin.id, entry.key),
        properties,
        origin: source.origin.at(entry.key_span),
        target,
    }
}

/// The value behind the presence of its construct, as SAM puts it into what others own.
pub(super) fn conditional(value: Node, presence: &Presence) -> Node {
    match presence {
        Presence::Always => value,
        Presence::Possible(condition) => {
            let span = value.span;
            let otherwise = Box::new(Node::new(Value::Absent, span));
            let either = Value::Either { condition: condition.clone(), then: Box::new(value), otherwise };
            Node::new(either, span)
        }
    }
}
