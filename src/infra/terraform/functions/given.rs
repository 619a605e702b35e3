//! What a function is given, and what it gives.

use super::super::instance::Scope;
use super::super::value::Value;
use crate::source::Span;
use std::sync::Arc;

/// What a function is given.
pub(super) struct Given<'a> {
    pub(super) values: &'a [Value],
    pub(super) span: Span,
    pub(super) scope: &'a Scope<'a>,
}

/// What a function gives.
pub(super) enum Found {
    Value(Value),
    /// Something that it needs is not known, or of the wrong type.
    Unknown,
}

impl From<Option<Value>> for Found {
    fn from(value: Option<Value>) -> Self {
        value.map_or(Self::Unknown, Self::Value)
    }
}

impl<'a> Given<'a> {
    pub(super) fn at(&self, index: usize) -> Option<&'a Value> {
        self.values.get(index)
    }

    pub(super) fn text(&self, index: usize) -> Option<Arc<str>> {
        self.at(index)?.text()
    }

    pub(super) fn number(&self, index: usize) -> Option<f64> {
        self.at(index)?.as_number()
    }

    pub(super) fn items(&self, index: usize) -> Option<&'a [Value]> {
        self.at(index)?.items()
    }

    pub(super) fn string(&self, text: impl Into<Arc<str>>) -> Value {
        Value::string(text, self.span)
    }

    pub(super) fn list(&self, items: Vec<Value>) -> Value {
        Value::list(items, self.span)
    }

    pub(super) fn bool(&self, value: bool) -> Value {
        Value::bool(value, self.span)
    }

    pub(super) fn invalid(&self, what: &str) -> Value {
        Value::invalid(what, self.span)
    }
}
