//! The content of a block: its attributes' values, and its nested blocks as lists of maps, `dynamic` ones unfolded.

use super::instance::{Scope, iterator, symbolic_iterator};
use super::module::attribute;
use super::value::{Kind, Map, MapEntry, Value};
use crate::source::Span;
use crate::syntax::hcl::Block;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The number of blocks that one `dynamic` block becomes.
const MAX_BLOCKS: usize = 1_000;

/// The block as a map; a nested block is an entry whose value is the list of all blocks of its kind.
pub(super) fn body(block: &Block, scope: &Scope<'_>) -> Value {
    let mut map = Map::default();
    for attribute in &block.body.attributes {
        let value = scope.eval(&attribute.value);
        map.set(MapEntry { key: attribute.name.clone(), span: attribute.name_span, value });
    }
    let mut nested: BTreeMap<Arc<str>, (Span, Vec<Value>)> = BTreeMap::new();
    for inner in &block.body.blocks {
        let dynamic = &*inner.kind == "dynamic";
        let name = if dynamic { inner.labels.first().cloned() } else { Some(inner.kind.clone()) };
        let Some(name) = name else {
            continue;
        };
        let (_, blocks) = nested.entry(name).or_insert_with(|| (inner.header, Vec::new()));
        if dynamic {
            unfold(inner, scope, blocks);
        } else {
            blocks.push(body(inner, scope));
        }
    }
    // A dynamic block over nothing is not there.
    nested.retain(|_, (_, blocks)| !blocks.is_empty());
    for (key, (span, blocks)) in nested {
        map.set(MapEntry { key, span, value: Value::list(blocks, span) });
    }
    Value::new(Kind::Map(Arc::new(map)), block.header)
}

/// The blocks that a `dynamic` block stands for; where its collection is not known, one that may be there.
fn unfold(block: &Block, scope: &Scope<'_>, blocks: &mut Vec<Value>) {
    let (Some(each), Some(content)) =
        (attribute(block, "for_each"), block.body.blocks.iter().find(|inner| &*inner.kind == "content"))
    else {
        return;
    };
    let name = match attribute(block, "iterator").map(|expr| &expr.kind) {
        Some(crate::syntax::hcl::ExprKind::Variable(name)) => name.clone(),
        _ => block.labels.first().cloned().unwrap_or_default(),
    };
    let collection = scope.eval(each);
    let excerpt = || scope.world.excerpt(each.span);
    let make = |iterator: Value| body(content, &scope.with(name.clone(), iterator)).at(block.header);
    walk(&collection, &make, &excerpt, blocks);
}

fn walk(collection: &Value, make: &dyn Fn(Value) -> Value, reason: &dyn Fn() -> Arc<str>, blocks: &mut Vec<Value>) {
    let span = collection.span;
    match &collection.kind {
        Kind::List(items) if items.len() <= MAX_BLOCKS => {
            for item in items.iter() {
                if let Kind::Either(either) = &item.kind {
                    branch(item, either.condition.clone(), make, blocks);
                } else {
                    blocks.push(make(iterator(item.clone(), item.clone(), span)));
                }
            }
        }
        Kind::Map(map) if map.entries.len() <= MAX_BLOCKS => {
            for entry in map.sorted() {
                let key = Value::string(entry.key.clone(), entry.span);
                blocks.push(make(iterator(key, entry.value.clone(), span)));
            }
            if map.rest.is_some() {
                possible(collection, reason(), make, blocks);
            }
        }
        Kind::Either(either) => {
            let mut sides = [Vec::new(), Vec::new()];
            walk(&either.then, make, reason, &mut sides[0]);
            walk(&either.otherwise, make, reason, &mut sides[1]);
            let [then, otherwise] = sides;
            let none = || Value::null(span);
            let condition = || either.condition.clone();
            blocks.extend(then.into_iter().map(|block| Value::either(condition(), block, none(), span)));
            blocks.extend(otherwise.into_iter().map(|block| Value::either(condition(), none(), block, span)));
        }
        Kind::Null => {}
        _ => possible(collection, reason(), make, blocks),
    }
}

/// A block for an item that is there on a condition only.
fn branch(item: &Value, condition: Arc<str>, make: &dyn Fn(Value) -> Value, blocks: &mut Vec<Value>) {
    let Kind::Either(either) = &item.kind else {
        return;
    };
    let side = |value: &Value| {
        if value.is_null() { Value::null(item.span) } else { make(iterator(value.clone(), value.clone(), item.span)) }
    };
    blocks.push(Value::either(condition, side(&either.then), side(&either.otherwise), item.span));
}

fn possible(collection: &Value, reason: Arc<str>, make: &dyn Fn(Value) -> Value, blocks: &mut Vec<Value>) {
    let block = make(symbolic_iterator(collection));
    let span = block.span;
    blocks.push(Value::either(reason, block, Value::null(span), span));
}
