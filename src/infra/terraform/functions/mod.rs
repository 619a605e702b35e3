//! Terraform's functions over values that may be unknown in part.

mod collection;
mod encode;
mod file;
mod number;
pub(super) mod path;
mod set;
mod text;

pub(super) use file::read_file;

use super::instance::Scope;
use super::operator::unknown_of;
use super::value::{Kind, Value};
use crate::source::Span;
use crate::syntax::UnknownKind;

/// The value of a function call; the values hang on no condition. A function that is not known here is unknown.
pub(super) fn call(name: &str, values: &[Value], span: Span, scope: &Scope<'_>) -> Value {
    let name = name.strip_prefix("core::").unwrap_or(name);
    if let Some(invalid) = values.iter().find(|value| matches!(value.kind, Kind::Invalid(_))) {
        return invalid.clone();
    }
    let given = Given { values, span, scope };
    let result = collection::call(name, &given)
        .or_else(|| set::call(name, &given))
        .or_else(|| text::call(name, &given))
        .or_else(|| number::call(name, &given))
        .or_else(|| encode::call(name, &given))
        .or_else(|| file::call(name, &given));
    match result {
        Some(Found::Value(value)) => value,
        Some(Found::Unknown) => unknown_of(values, span),
        None => Value::unknown(UnknownKind::Expression, format!("{name}()"), span),
    }
}

/// What a function is given.
struct Given<'a> {
    values: &'a [Value],
    span: Span,
    scope: &'a Scope<'a>,
}

/// What a function gives.
enum Found {
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
    fn at(&self, index: usize) -> Option<&'a Value> {
        self.values.get(index)
    }

    fn text(&self, index: usize) -> Option<std::sync::Arc<str>> {
        self.at(index)?.text()
    }

    fn number(&self, index: usize) -> Option<f64> {
        self.at(index)?.as_number()
    }

    fn items(&self, index: usize) -> Option<&'a [Value]> {
        self.at(index)?.items()
    }

    fn string(&self, text: impl Into<std::sync::Arc<str>>) -> Value {
        Value::string(text, self.span)
    }

    fn list(&self, items: Vec<Value>) -> Value {
        Value::list(items, self.span)
    }

    fn bool(&self, value: bool) -> Value {
        Value::bool(value, self.span)
    }

    fn invalid(&self, what: &str) -> Value {
        Value::invalid(what, self.span)
    }
}
