//! Templates to strings, and strings that are JSON to documents whose values know their lines.

use super::document::{self, Fragment};
use super::functions::path;
use super::instance::{Frame, Scope};
use super::operator::distribute;
use super::value::{Document, Kind, Value};
use crate::source::{Problem, ProblemKind, Span};
use crate::syntax::hcl::{self, Piece};
use crate::syntax::{Part, UnknownKind};
use std::sync::Arc;

/// The value of a string or heredoc. One interpolation alone keeps its type.
pub(super) fn string(pieces: &[Piece], span: Span, scope: &Scope<'_>) -> Value {
    if let [Piece::Value(only)] = pieces {
        return scope.eval(only);
    }
    let mut values = Vec::new();
    if let Some(invalid) = collect(pieces, scope, &mut values) {
        return invalid;
    }
    distribute(&values, span, &|values| join(values, span, scope))
}

/// The text of a template in a file of its own, with the names that it is given.
pub(super) fn file(name: &str, names: &Value, span: Span, scope: &Scope<'_>) -> Value {
    let Some(file) = path::open(name, span, scope.world) else {
        return Value::unknown(UnknownKind::File, name, span);
    };
    match hcl::parse_template(&file) {
        Ok(pieces) => filled(&pieces, names, span, scope),
        Err((line, message)) => {
            let message = format!("not understood as a template: {message}");
            let problem = Problem { line: Some(line), ..Problem::of_file(ProblemKind::Parse, &file.path, message) };
            scope.world.problem(problem);
            Value::unknown(UnknownKind::File, name, span)
        }
    }
}

/// A template that is a string itself, with the names that it is given.
pub(super) fn text(template: &Value, names: &Value, span: Span, scope: &Scope<'_>) -> Value {
    let Some(text) = template.text() else {
        return Value::new(Kind::Unknown(template.why()), span);
    };
    match hcl::parse_template_within(&text, template.span) {
        Some(pieces) => filled(&pieces, names, span, scope),
        None => Value::invalid("not a template", span),
    }
}

fn filled(pieces: &[Piece], names: &Value, span: Span, scope: &Scope<'_>) -> Value {
    let Kind::Map(map) = &names.kind else {
        return Value::new(Kind::Unknown(names.why()), span);
    };
    let mut frame = Frame::default();
    for entry in &map.entries {
        frame = frame.with(entry.key.clone(), entry.value.clone());
    }
    string(pieces, span, &scope.in_template(frame))
}

/// The pieces' values in order, directives resolved; a refused one ends it.
fn collect(pieces: &[Piece], scope: &Scope<'_>, values: &mut Vec<Value>) -> Option<Value> {
    for piece in pieces {
        match piece {
            Piece::Literal(text, span) => values.push(Value::string(text.clone(), *span)),
            Piece::Value(expr) => {
                let value = scope.eval(expr);
                if matches!(value.kind, Kind::Invalid(_)) || value.is_null() {
                    return Some(Value::invalid("null in a string", expr.span));
                }
                values.push(value);
            }
            Piece::If(condition, then, otherwise) => {
                let decided = scope.eval(condition);
                let chosen = match decided.as_bool() {
                    Some(true) => then,
                    Some(false) => otherwise,
                    None => {
                        values.push(Value::new(Kind::Unknown(decided.why()), condition.span));
                        continue;
                    }
                };
                if let Some(invalid) = collect(chosen, scope, values) {
                    return Some(invalid);
                }
            }
            Piece::For { key_name, value_name, collection, pieces } => {
                let walked = scope.eval(collection);
                let Some(items) = pairs(&walked) else {
                    values.push(Value::new(Kind::Unknown(walked.why()), collection.span));
                    continue;
                };
                for (key, value) in items {
                    let mut inner = scope.with(value_name.clone(), value);
                    if let Some(name) = key_name {
                        inner = inner.with(name.clone(), key);
                    }
                    if let Some(invalid) = collect(pieces, &inner, values) {
                        return Some(invalid);
                    }
                }
            }
        }
    }
    None
}

fn pairs(collection: &Value) -> Option<Vec<(Value, Value)>> {
    match &collection.kind {
        Kind::List(items) => {
            let key = |at: usize, item: &Value| if items.set { item.clone() } else { Value::count(at, item.span) };
            Some(items.iter().enumerate().map(|(at, item)| (key(at, item), item.clone())).collect())
        }
        Kind::Map(map) if map.rest.is_none() => {
            let pair =
                |entry: &super::value::MapEntry| (Value::string(entry.key.clone(), entry.span), entry.value.clone());
            Some(map.sorted().into_iter().map(pair).collect())
        }
        _ => None,
    }
}

/// The values joined to one string; a document where it is JSON.
fn join(values: &[Value], span: Span, scope: &Scope<'_>) -> Value {
    let mut fragments = Vec::with_capacity(values.len());
    for value in values {
        fragments.extend(value.parts().into_iter().map(|part| Fragment { part, span: value.span }));
    }
    let parts = || fragments.iter().map(|fragment| fragment.part.clone()).collect::<Vec<Part>>();
    match document::parse(&fragments, scope.world.context.sources) {
        Some(tree) => Value::new(Kind::Document(Arc::new(Document { tree, text: parts() })), span),
        None => Value::template(parts(), span),
    }
}
