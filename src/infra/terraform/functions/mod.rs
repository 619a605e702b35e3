//! Terraform's functions over values that may be unknown in part.

mod aws;
mod collection;
mod encode;
mod file;
mod format;
mod given;
mod network;
mod number;
pub(super) mod path;
mod set;
mod text;
mod time;
mod yaml;

pub(super) use encode::from_node;
pub(super) use file::read_file;

use super::instance::Scope;
use super::operator::unknown_of;
use super::value::{Kind, Value};
use crate::source::Span;
use crate::syntax::UnknownKind;
use given::{Found, Given};

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
        .or_else(|| format::call(name, &given))
        .or_else(|| number::call(name, &given))
        .or_else(|| network::call(name, &given))
        .or_else(|| encode::call(name, &given))
        .or_else(|| yaml::call(name, &given))
        .or_else(|| time::call(name, &given))
        .or_else(|| aws::call(name, &given))
        .or_else(|| file::call(name, &given));
    match result {
        Some(Found::Value(value)) => value,
        Some(Found::Unknown) => unknown_of(values, span),
        None => Value::unknown(UnknownKind::Expression, format!("{name}()"), span),
    }
}
