//! Type constraints of variables: the defaults of optional attributes, and strings that stand for other types.

use super::instance::Scope;
use super::value::{Kind, Map, MapEntry, Value};
use crate::source::Span;
use crate::syntax::hcl::{Expr, ExprKind};
use std::collections::HashSet;
use std::sync::Arc;

/// The value as the type makes it. What the type does not say stays as it is.
pub(super) fn convert(value: Value, wanted: &Expr, scope: &Scope<'_>) -> Value {
    let span = value.span;
    match &wanted.kind {
        ExprKind::Variable(name) => scalar(value, name),
        ExprKind::Call { name, arguments, .. } => match (&**name, arguments.first(), &value.kind) {
            (_, _, Kind::Either(either)) => {
                let then = convert(either.then.clone(), wanted, scope);
                let otherwise = convert(either.otherwise.clone(), wanted, scope);
                Value::either(either.condition.clone(), then, otherwise, span)
            }
            ("optional", Some(inner), _) => convert(value, inner, scope),
            ("list", Some(inner), Kind::List(items)) => {
                Value::list(items.iter().map(|item| convert(item.clone(), inner, scope)).collect(), span)
            }
            ("set", Some(inner), Kind::List(items)) => {
                set_of(items.iter().map(|item| convert(item.clone(), inner, scope)).collect(), span)
            }
            ("map", Some(inner), Kind::Map(map)) => {
                let entry =
                    |entry: &MapEntry| MapEntry { value: convert(entry.value.clone(), inner, scope), ..entry.clone() };
                Value::map(map.entries.iter().map(entry).collect(), map.rest.clone(), span)
            }
            ("object", Some(Expr { kind: ExprKind::Object(fields), .. }), Kind::Map(map)) => {
                Value::new(Kind::Map(Arc::new(object(map, fields, scope))), span)
            }
            _ => value,
        },
        _ => value,
    }
}

fn object(map: &Map, fields: &[(Expr, Expr)], scope: &Scope<'_>) -> Map {
    let mut made = Map { entries: Vec::new(), rest: map.rest.clone() };
    for (name, wanted) in fields {
        let ExprKind::String(name) = &name.kind else {
            continue;
        };
        let given = map.entries.iter().find(|entry| entry.key == *name);
        let entry = match (given, &wanted.kind) {
            (Some(entry), _) if !entry.value.is_null() => {
                MapEntry { value: convert(entry.value.clone(), wanted, scope), ..entry.clone() }
            }
            (_, ExprKind::Call { name: call, arguments, .. }) if &**call == "optional" && map.rest.is_none() => {
                let value = match arguments.as_slice() {
                    [inner, default, ..] => convert(scope.eval(default), inner, scope),
                    _ => Value::null(wanted.span),
                };
                MapEntry { key: name.clone(), span: wanted.span, value }
            }
            (Some(entry), _) => entry.clone(),
            (None, _) => continue,
        };
        made.entries.push(entry);
    }
    made
}

/// The items as a set: in the order that Terraform gives them, each once.
pub(super) fn set_of(items: Vec<Value>, span: Span) -> Value {
    let mut items = unified(items);
    match items.iter().all(|item| matches!(item.kind, Kind::Number(_))) {
        true => items.sort_by(|a, b| a.as_number().unwrap_or(0.0).total_cmp(&b.as_number().unwrap_or(0.0))),
        // Sets of other things than text and numbers keep the order of the source.
        false if items.iter().all(|item| item.text().is_some()) => items.sort_by_cached_key(Value::text),
        false => {}
    }
    let mut once: Vec<Value> = Vec::with_capacity(items.len());
    let mut seen = HashSet::new();
    for item in items {
        let new = match item.text() {
            Some(text) => seen.insert(text),
            None => !once.iter().any(|known| known.same(&item)),
        };
        if new {
            once.push(item);
        }
    }
    Value::set(once, span)
}

/// The items as of one type: numbers and truth values become text where one of the items is text.
pub(super) fn unified(items: Vec<Value>) -> Vec<Value> {
    let mut kinds = [false; 3];
    for item in &items {
        match item.kind {
            Kind::Bool(_) => kinds[0] = true,
            Kind::Number(_) => kinds[1] = true,
            Kind::String(_) | Kind::Template(_) | Kind::Document(_) => kinds[2] = true,
            _ => {}
        }
    }
    if kinds.iter().filter(|there| **there).count() < 2 {
        return items;
    }
    items.into_iter().map(|item| scalar(item, "string")).collect()
}

fn scalar(value: Value, name: &str) -> Value {
    let span = value.span;
    let converted = match (name, &value.kind) {
        ("bool", Kind::String(_)) => value.as_bool().map(|value| Value::bool(value, span)),
        ("number", Kind::String(_)) => value.as_number().map(|value| Value::number(value, span)),
        ("string", Kind::Bool(_) | Kind::Number(_)) => value.text().map(|text| Value::string(text, span)),
        _ => None,
    };
    converted.unwrap_or(value)
}
