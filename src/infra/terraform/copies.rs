//! `count` and `for_each`: the copies of a block and how they are addressed.

use super::instance::{Copies, Copy, Frame, Scope, Shape, iterator, single, symbolic_iterator};
use super::module::attribute;
use super::value::{Kind, Value};
use crate::model::Presence;
use crate::source::{Problem, ProblemKind};
use crate::syntax::hcl::{Block, Expr};
use std::rc::Rc;
use std::sync::Arc;

/// The number of copies that are told apart; more are one that stands for all.
const MAX_COPIES: usize = 10_000;

/// The copies of a resource, data source or module call of this instance, computed once.
pub(super) fn copies(name: &str, block: &Block, scope: &Scope<'_>) -> Rc<Copies> {
    if let Some(known) = scope.instance.copies.borrow().get(name) {
        return known.clone();
    }
    // While they are being computed, a block that counts itself sees one copy.
    scope.instance.copies.borrow_mut().insert(name.to_owned(), Rc::new(Copies::single()));
    let scope = scope.inside(scope.instance.clone(), Frame::default());
    let copies = Rc::new(match (attribute(block, "count"), attribute(block, "for_each")) {
        (Some(count), _) => by_count(count, &scope),
        (None, Some(each)) => by_key(each, &scope),
        (None, None) => Copies::single(),
    });
    scope.instance.copies.borrow_mut().insert(name.to_owned(), copies.clone());
    copies
}

fn by_count(expr: &Expr, scope: &Scope<'_>) -> Copies {
    let value = scope.eval(expr);
    let Some((least, most, condition)) = bounds(&value) else {
        let index = Value::new(Kind::Unknown(value.why()), expr.span);
        return symbolic(expr, "count", single("index", index, expr.span), &value, scope);
    };
    if most > MAX_COPIES {
        too_many(expr, scope);
        let index = Value::new(Kind::Unknown(value.why()), expr.span);
        return symbolic(expr, "count", single("index", index, expr.span), &value, scope);
    }
    let copy = |index: usize| Copy {
        suffix: format!("[{index}]"),
        key: "".into(),
        binding: Some(("count".into(), single("index", Value::count(index, expr.span), expr.span))),
        presence: match &condition {
            Some(condition) if index >= least => Presence::Possible(condition.clone()),
            _ => Presence::Always,
        },
    };
    Copies { shape: Shape::Count, items: (0..most).map(copy).collect() }
}

/// The least and the greatest number, and the condition between them.
fn bounds(value: &Value) -> Option<(usize, usize, Option<Arc<str>>)> {
    match &value.kind {
        Kind::Either(either) => {
            let (least, most, _) = bounds(&either.then)?;
            let (other_least, other_most, _) = bounds(&either.otherwise)?;
            Some((least.min(other_least), most.max(other_most), Some(either.condition.clone())))
        }
        Kind::Null => Some((1, 1, None)),
        _ => value.as_index().map(|number| (number, number, None)),
    }
}

/// Says that one copy stands for all.
fn too_many(expr: &Expr, scope: &Scope<'_>) -> bool {
    let message = format!("more than {MAX_COPIES} instances; one was judged for all of them");
    scope.world.problem(Problem::at(ProblemKind::Limit, &scope.world.context.sources.location(expr.span), message));
    false
}

fn by_key(expr: &Expr, scope: &Scope<'_>) -> Copies {
    let value = scope.eval(expr);
    let keys = keys(&value);
    let Some(keys) = keys.filter(|keys| keys.len() <= MAX_COPIES || too_many(expr, scope)) else {
        let each = symbolic_iterator(&value);
        return symbolic(expr, "each", each, &value, scope);
    };
    let copy = |(key, item, presence): (Arc<str>, Value, Presence)| Copy {
        suffix: format!("[\"{key}\"]"),
        binding: Some(("each".into(), iterator(Value::string(key.clone(), item.span), item, expr.span))),
        key,
        presence,
    };
    Copies { shape: Shape::Each, items: keys.into_iter().map(copy).collect() }
}

/// The keys and values in order; `None` where one of the keys is not known.
fn keys(value: &Value) -> Option<Vec<(Arc<str>, Value, Presence)>> {
    let mut found = match &value.kind {
        Kind::Map(map) if map.rest.is_none() => {
            map.entries.iter().map(|entry| (entry.key.clone(), entry.value.clone(), Presence::Always)).collect()
        }
        Kind::List(items) => {
            let mut found: Vec<(Arc<str>, Value, Presence)> = Vec::new();
            for item in items.iter() {
                let key = item.text()?;
                if !found.iter().any(|(known, ..)| *known == key) {
                    found.push((key, item.clone(), Presence::Always));
                }
            }
            found
        }
        Kind::Either(either) => {
            let possible = || Presence::Possible(either.condition.clone());
            let then = keys(&either.then)?;
            let otherwise = keys(&either.otherwise)?;
            let both = |key: &Arc<str>| {
                then.iter().any(|(known, ..)| known == key) && otherwise.iter().any(|(known, ..)| known == key)
            };
            let mut found: Vec<(Arc<str>, Value, Presence)> = Vec::new();
            for (key, item, presence) in then.iter().chain(&otherwise).cloned() {
                if !found.iter().any(|(known, ..)| *known == key) {
                    let presence = if both(&key) { presence } else { possible() };
                    found.push((key, item, presence));
                }
            }
            found
        }
        Kind::Null => Vec::new(),
        _ => return None,
    };
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Some(found)
}

/// One copy that stands for all; there for certain where the collection is not empty for certain.
fn symbolic(expr: &Expr, name: &str, binding: Value, value: &Value, scope: &Scope<'_>) -> Copies {
    let certain = match &value.kind {
        Kind::List(items) => items.iter().any(|item| !matches!(item.kind, Kind::Either(_) | Kind::Unknown(_))),
        Kind::Map(map) => !map.entries.is_empty(),
        Kind::Number(_) => true,
        _ => false,
    };
    let presence = if certain { Presence::Always } else { Presence::Possible(scope.world.excerpt(expr.span)) };
    let copy = Copy { suffix: String::new(), key: "".into(), binding: Some((name.into(), binding)), presence };
    Copies { shape: Shape::Symbolic, items: vec![copy] }
}
