//! Type constraints of variables: the defaults of optional attributes, and strings that stand for other types.

use super::instance::Scope;
use super::value::{Kind, Map, MapEntry, Value};
use crate::syntax::hcl::{Expr, ExprKind};
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
            ("list" | "set", Some(inner), Kind::List(items)) => {
                Value::list(items.iter().map(|item| convert(item.clone(), inner, scope)).collect(), span)
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
