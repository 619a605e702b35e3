//! Operators, and functions over values that hang on a condition.

use super::value::{Kind, Value};
use crate::source::Span;
use crate::syntax::hcl::{BinaryOperator, UnaryOperator};
use crate::syntax::{Unknown, UnknownKind};

/// The number of branches that one result may have.
const MAX_BRANCHES: usize = 8;

/// `operator inner`
pub(super) fn unary(operator: UnaryOperator, inner: &Value, span: Span) -> Value {
    distribute(std::slice::from_ref(inner), span, &|values| {
        let [inner] = values else {
            return Value::null(span);
        };
        match operator {
            UnaryOperator::Not => inner.as_bool().map(|value| Value::bool(!value, span)),
            UnaryOperator::Neg => inner.as_number().map(|value| Value::number(-value, span)),
        }
        .unwrap_or_else(|| unknown_of(values, span))
    })
}

/// `left operator right`
pub(super) fn binary(operator: BinaryOperator, left: &Value, right: &Value, span: Span) -> Value {
    distribute(&[left.clone(), right.clone()], span, &|values| {
        let [left, right] = values else {
            return Value::null(span);
        };
        plain(operator, left, right, span).unwrap_or_else(|| unknown_of(values, span))
    })
}

/// Applies a function to each way that the conditions in its arguments can turn out; the same condition turns out
/// the same in every argument.
pub(super) fn distribute(values: &[Value], span: Span, apply: &dyn Fn(&[Value]) -> Value) -> Value {
    let Some(either) = values.iter().find_map(|value| match &value.kind {
        Kind::Either(either) => Some(either.clone()),
        _ => None,
    }) else {
        return apply(values);
    };
    if values.iter().map(branches).product::<usize>() > MAX_BRANCHES {
        return Value::new(Kind::Unknown(Unknown::new(UnknownKind::Condition, either.condition.clone())), span);
    }
    let side = |holds: bool| {
        let assumed: Vec<Value> = values.iter().map(|value| assume(value, &either.condition, holds)).collect();
        distribute(&assumed, span, apply)
    };
    Value::either(either.condition.clone(), side(true), side(false), span)
}

fn assume(value: &Value, condition: &str, holds: bool) -> Value {
    match &value.kind {
        Kind::Either(either) if &*either.condition == condition => {
            let branch = if holds { &either.then } else { &either.otherwise };
            assume(branch, condition, holds)
        }
        _ => value.clone(),
    }
}

fn branches(value: &Value) -> usize {
    match &value.kind {
        Kind::Either(either) => branches(&either.then) + branches(&either.otherwise),
        _ => 1,
    }
}

/// Unknown for the first reason among the values; invalid where one of them is.
pub(super) fn unknown_of(values: &[Value], span: Span) -> Value {
    if let Some(invalid) = values.iter().find(|value| matches!(value.kind, Kind::Invalid(_))) {
        return invalid.clone().at(span);
    }
    match values.iter().find(|value| !value.is_whole()) {
        Some(value) => Value::new(Kind::Unknown(deep_reason(value)), span),
        None => Value::invalid("an operand of the wrong type", span),
    }
}

/// Why a value is not whole.
pub(super) fn deep_reason(value: &Value) -> Unknown {
    let inside = match &value.kind {
        Kind::List(items) => items.iter().find(|item| !item.is_whole()),
        Kind::Map(map) => match &map.rest {
            Some(rest) => return rest.clone(),
            None => map.entries.iter().map(|entry| &entry.value).find(|value| !value.is_whole()),
        },
        _ => None,
    };
    inside.map_or_else(|| value.why(), deep_reason)
}

fn plain(operator: BinaryOperator, left: &Value, right: &Value, span: Span) -> Option<Value> {
    let compare = |test: fn(&f64, &f64) -> bool| Some(Value::bool(test(&left.as_number()?, &right.as_number()?), span));
    let compute =
        |result: fn(f64, f64) -> f64| Some(Value::number(result(left.as_number()?, right.as_number()?), span));
    match operator {
        BinaryOperator::And => logic(left, right, false, span),
        BinaryOperator::Or => logic(left, right, true, span),
        BinaryOperator::Eq => equal(left, right).map(|equal| Value::bool(equal, span)),
        BinaryOperator::NotEq => equal(left, right).map(|equal| Value::bool(!equal, span)),
        BinaryOperator::Less => compare(f64::lt),
        BinaryOperator::LessEq => compare(f64::le),
        BinaryOperator::Greater => compare(f64::gt),
        BinaryOperator::GreaterEq => compare(f64::ge),
        BinaryOperator::Plus => compute(|a, b| a + b),
        BinaryOperator::Minus => compute(|a, b| a - b),
        BinaryOperator::Mul => compute(|a, b| a * b),
        BinaryOperator::Div if right.as_number() == Some(0.0) => Some(Value::invalid("division by zero", span)),
        BinaryOperator::Div => compute(|a, b| a / b),
        BinaryOperator::Mod => compute(|a, b| a % b),
    }
}

/// `&&` (decided by false) or `||` (decided by true): one deciding side is enough.
fn logic(left: &Value, right: &Value, decides: bool, span: Span) -> Option<Value> {
    match (left.as_bool(), right.as_bool()) {
        (Some(side), _) | (_, Some(side)) if side == decides => Some(Value::bool(decides, span)),
        (Some(_), Some(_)) => Some(Value::bool(!decides, span)),
        _ => None,
    }
}

/// Whether no number or truth value stands against the text that is written like it; of values that are the same.
fn same_types(left: &Value, right: &Value) -> bool {
    match (&left.kind, &right.kind) {
        (Kind::List(a), Kind::List(b)) => a.iter().zip(b.iter()).all(|(a, b)| same_types(a, b)),
        (Kind::Map(a), Kind::Map(b)) => {
            a.entries.iter().all(|entry| b.get(&entry.key).is_none_or(|value| same_types(&entry.value, value)))
        }
        _ => {
            let text = |value: &Value| matches!(value.kind, Kind::String(_) | Kind::Document(_));
            text(left) == text(right)
        }
    }
}

/// Whether two values are equal; `None` where it cannot be told. A reference is never null.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    if left.as_unknown().is_some() || right.as_unknown().is_some() {
        return None;
    }
    if left.is_null() || right.is_null() {
        return Some(left.is_null() && right.is_null());
    }
    if left.is_whole() && right.is_whole() {
        return Some(left.same(right) && same_types(left, right));
    }
    match (&left.kind, &right.kind) {
        (Kind::Template(a), Kind::Template(b)) if a == b => Some(true),
        (Kind::Resource(a), Kind::Resource(b)) => Some(a.address == b.address),
        (Kind::List(a), Kind::List(b)) if a.len() != b.len() => Some(false),
        _ => None,
    }
}
