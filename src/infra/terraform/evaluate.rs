//! Expressions to values: known, partly known, or unknown with the reason.

use super::functions;
use super::instance::Scope;
use super::operator;
use super::reference;
use super::render;
use super::value::{Kind, MapEntry, Value};
use crate::source::{Problem, ProblemKind, Span};
use crate::syntax::hcl::{Expr, ExprKind, For};
use crate::syntax::{Unknown, UnknownKind};
use std::sync::Arc;

/// The number of items that one `for` walks.
const MAX_ITEMS: usize = 10_000;

/// The value of an expression; its span is the expression's.
pub(super) fn evaluate(expr: &Expr, scope: &Scope<'_>) -> Value {
    let span = expr.span;
    let value = match &expr.kind {
        ExprKind::Null => Value::null(span),
        ExprKind::Bool(value) => Value::bool(*value, span),
        ExprKind::Number(value) => Value::number(*value, span),
        ExprKind::String(text) => Value::string(text.clone(), span),
        ExprKind::Template(pieces) => render::string(pieces, span, scope),
        ExprKind::List(items) => list(items, span, scope),
        ExprKind::Object(entries) => object(entries, span, scope),
        ExprKind::Variable(name) => scope.frame.get(name).cloned().unwrap_or_else(|| Value::string(name.clone(), span)),
        ExprKind::Conditional(parts) => conditional(parts, span, scope),
        ExprKind::Call { name, arguments, spread } => call(name, arguments, *spread, span, scope),
        ExprKind::Traversal(base, steps) => reference::traversal(base, steps, span, scope),
        ExprKind::Unary(operator, inner) => operator::unary(*operator, &scope.eval(inner), span),
        ExprKind::Binary(operator, sides) => {
            operator::binary(*operator, &scope.eval(&sides[0]), &scope.eval(&sides[1]), span)
        }
        ExprKind::For(each) => {
            let collection = scope.eval(&each.collection);
            for_each(each, &collection, span, scope)
        }
    };
    if matches!(value.kind, Kind::List(_) | Kind::Map(_) | Kind::Either(_)) && value.is_too_large() {
        return Value::unknown(UnknownKind::Limit, scope.world.excerpt(span), span);
    }
    value.at(span)
}

/// What Terraform refuses in a part, it refuses as a whole.
fn list(items: &[Expr], span: Span, scope: &Scope<'_>) -> Value {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        let value = scope.eval(item);
        if matches!(value.kind, Kind::Invalid(_)) {
            return value;
        }
        values.push(value);
    }
    Value::list(values, span)
}

fn object(entries: &[(Expr, Expr)], span: Span, scope: &Scope<'_>) -> Value {
    let mut map = super::value::Map::default();
    for (key, value) in entries {
        let name = scope.eval(key);
        let value = scope.eval(value);
        if matches!(value.kind, Kind::Invalid(_)) {
            return value;
        }
        match name.text() {
            Some(text) => map.set(MapEntry { key: text, span: key.span, value }),
            None => map.rest = Some(name.why()),
        }
    }
    Value::new(Kind::Map(Arc::new(map)), span)
}

fn conditional(parts: &[Expr; 3], span: Span, scope: &Scope<'_>) -> Value {
    let [condition, then, otherwise] = parts;
    let decided = scope.eval(condition);
    match decided.as_bool() {
        Some(true) => scope.eval(then),
        Some(false) => scope.eval(otherwise),
        None if matches!(decided.kind, Kind::Invalid(_)) => decided,
        None if decided.is_null() => Value::invalid("a condition that is null", span),
        None => {
            let name = match &decided.kind {
                Kind::Either(either)
                    if either.then.as_bool() == Some(true) && either.otherwise.as_bool() == Some(false) =>
                {
                    either.condition.clone()
                }
                _ => scope.world.excerpt(condition.span),
            };
            Value::either(name, scope.eval(then), scope.eval(otherwise), span)
        }
    }
}

fn call(name: &str, arguments: &[Expr], spread: bool, span: Span, scope: &Scope<'_>) -> Value {
    match name {
        "try" => return first_valid(arguments, span, scope),
        "can" => {
            let value = arguments.first().map_or_else(|| Value::null(span), |argument| scope.eval(argument));
            return match value.kind {
                Kind::Invalid(_) => Value::bool(false, span),
                Kind::Unknown(unknown) => Value::new(Kind::Unknown(unknown), span),
                _ => Value::bool(true, span),
            };
        }
        "templatefile" | "templatestring" => return template(name, arguments, span, scope),
        _ => {}
    }
    let mut values: Vec<Value> = arguments.iter().map(|argument| scope.eval(argument)).collect();
    if spread && let Some(last) = values.pop() {
        match &last.kind {
            Kind::List(items) => values.extend(items.iter().cloned()),
            Kind::Invalid(_) => return last,
            _ => return Value::new(Kind::Unknown(last.why()), span),
        }
    }
    operator::distribute(&values, span, &|values| functions::call(name, values, span, scope))
}

/// The first argument that Terraform would not refuse.
fn first_valid(arguments: &[Expr], span: Span, scope: &Scope<'_>) -> Value {
    let mut last = Value::invalid("try() without an argument that can be evaluated", span);
    for argument in arguments {
        let value = scope.eval(argument);
        match &value.kind {
            Kind::Invalid(_) => last = value,
            _ => return value,
        }
    }
    last
}

/// A template that fills another one is what Terraform refuses, as it may hold itself.
fn template(name: &str, arguments: &[Expr], span: Span, scope: &Scope<'_>) -> Value {
    let [first, names] = arguments else {
        return Value::invalid(format!("{name}() takes two arguments"), span);
    };
    if scope.template {
        let message = format!("{name}() is called inside a template, which Terraform refuses; not followed");
        scope.world.problem(Problem::at(ProblemKind::Parse, &scope.world.context.sources.location(span), message));
        return Value::invalid(format!("{name}() inside a template"), span);
    }
    let (first, names) = (scope.eval(first), scope.eval(names));
    if name == "templatestring" {
        return render::text(&first, &names, span, scope);
    }
    match first.text() {
        Some(path) => render::file(&path, &names, span, scope),
        None => Value::new(Kind::Unknown(first.why()), span),
    }
}

fn for_each(each: &For, collection: &Value, span: Span, scope: &Scope<'_>) -> Value {
    let mut results = Results { keyed: each.key.is_some(), ..Results::default() };
    match &collection.kind {
        Kind::Either(either) => {
            let then = for_each(each, &either.then, span, scope);
            let otherwise = for_each(each, &either.otherwise, span, scope);
            return Value::either(either.condition.clone(), then, otherwise, span);
        }
        Kind::List(items) if items.len() <= MAX_ITEMS => {
            for (index, item) in items.iter().enumerate() {
                let key = if items.set { item.clone() } else { Value::count(index, item.span) };
                results.add(each, key, item.clone(), scope);
            }
        }
        Kind::Map(map) if map.entries.len() <= MAX_ITEMS => {
            for entry in map.sorted() {
                results.add(each, Value::string(entry.key.clone(), entry.span), entry.value.clone(), scope);
            }
            results.rest = results.rest.or_else(|| map.rest.clone());
        }
        Kind::Resource(_) => {
            let key = Value::new(Kind::Unknown(collection.why()), span);
            results.add(each, key, collection.clone(), scope);
        }
        Kind::Null | Kind::Invalid(_) => return Value::invalid("for over null", span),
        Kind::List(_) | Kind::Map(_) => {
            return Value::unknown(UnknownKind::Limit, scope.world.excerpt(each.collection.span), span);
        }
        _ => return Value::new(Kind::Unknown(collection.why()), span),
    }
    results.finish(span)
}

/// What a `for` has brought so far.
#[derive(Default)]
struct Results {
    keyed: bool,
    items: Vec<Value>,
    map: super::value::Map,
    rest: Option<Unknown>,
    /// The first result that Terraform would refuse.
    refused: Option<Value>,
}

impl Results {
    fn add(&mut self, each: &For, key: Value, value: Value, scope: &Scope<'_>) {
        if !scope.world.step() {
            self.refused.get_or_insert_with(|| Value::unknown(UnknownKind::Limit, "for", each.value.span));
            return;
        }
        let mut inner = scope.clone();
        if let Some(name) = &each.key_name {
            inner = inner.with(name.clone(), key);
        }
        let inner = inner.with(each.value_name.clone(), value);
        let condition = each.condition.as_ref().map(|condition| (inner.eval(condition), condition.span));
        let doubt = match &condition {
            Some((decided, span)) => match decided.as_bool() {
                Some(true) => None,
                Some(false) => return,
                None => Some(scope.world.excerpt(*span)),
            },
            None => None,
        };
        let mut result = inner.eval(&each.value);
        if matches!(result.kind, Kind::Invalid(_)) {
            self.refused.get_or_insert(result);
            return;
        }
        if let Some(condition) = doubt {
            let span = result.span;
            result = Value::either(condition, result, Value::null(span), span);
        }
        match &each.key {
            None => self.items.push(result),
            Some(key) => {
                let name = inner.eval(key);
                match name.text() {
                    Some(text) if !each.grouping && self.map.get(&text).is_some() => {
                        self.refused.get_or_insert_with(|| Value::invalid("two equal keys", key.span));
                    }
                    Some(text) => self.insert(text, key.span, result, each.grouping),
                    None => self.rest = Some(name.why()),
                }
            }
        }
    }

    fn insert(&mut self, key: Arc<str>, span: Span, value: Value, grouping: bool) {
        let value = if grouping {
            let mut items = self.map.get(&key).and_then(Value::items).map(<[Value]>::to_vec).unwrap_or_default();
            let at = value.span;
            items.push(value);
            Value::list(items, at)
        } else {
            value
        };
        self.map.set(MapEntry { key, span, value });
    }

    fn finish(mut self, span: Span) -> Value {
        if let Some(refused) = self.refused {
            return refused;
        }
        if self.keyed {
            return Value::map(self.map.entries, self.rest, span);
        }
        self.items.extend(self.rest.map(|unknown| Value::new(Kind::Unknown(unknown), span)));
        Value::list(self.items, span)
    }
}
