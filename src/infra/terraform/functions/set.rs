//! Functions over sets, kept as sorted lists without repetition.

use super::super::typed::{set_of, unified};
use super::super::value::Value;
use super::given::{Found, Given};
use std::collections::HashSet;

/// The largest product that is written out.
const MAX_PRODUCT: usize = 10_000;

pub(super) fn call(name: &str, given: &Given<'_>) -> Option<Found> {
    let value = match name {
        "toset" | "set" => given.items(0).map(|items| set_of(items.to_vec(), given.span)),
        "distinct" => given.items(0).map(|items| given.list(unique(&unified(items.to_vec())))),
        "setunion" => all(given).map(|sets| set_of(sets.concat(), given.span)),
        "setintersection" => combined(given, |item, rest| rest.iter().all(|set| holds(set, item))),
        "setsubtract" => combined(given, |item, rest| !rest.iter().any(|set| holds(set, item))),
        "setproduct" => product(given),
        _ => return None,
    };
    Some(value.into())
}

fn all<'a>(given: &Given<'a>) -> Option<Vec<&'a [Value]>> {
    given.values.iter().map(Value::items).collect()
}

fn holds(set: &[Value], item: &Value) -> bool {
    set.iter().any(|known| known.same(item))
}

fn unique(items: &[Value]) -> Vec<Value> {
    let mut unique: Vec<Value> = Vec::new();
    let mut seen = HashSet::new();
    for item in items {
        let new = match item.text() {
            Some(text) => seen.insert(text),
            None => !holds(&unique, item),
        };
        if new {
            unique.push(item.clone());
        }
    }
    unique
}

fn combined(given: &Given<'_>, keep: impl Fn(&Value, &[&[Value]]) -> bool) -> Option<Value> {
    let sets = all(given)?;
    let (first, rest) = sets.split_first()?;
    if !given.values.iter().all(Value::is_whole) {
        return None;
    }
    Some(set_of(first.iter().filter(|item| keep(item, rest)).cloned().collect(), given.span))
}

fn product(given: &Given<'_>) -> Option<Value> {
    let sets = all(given)?;
    let size = sets.iter().try_fold(1_usize, |size, set| size.checked_mul(set.len()))?;
    if size > MAX_PRODUCT {
        return Some(Value::unknown(
            crate::syntax::UnknownKind::Limit,
            "a product of more than 10,000 items",
            given.span,
        ));
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for set in sets {
        let extended = |row: &Vec<Value>| {
            set.iter().map(|item| row.iter().cloned().chain([item.clone()]).collect()).collect::<Vec<Vec<Value>>>()
        };
        rows = rows.iter().flat_map(extended).collect();
    }
    Some(given.list(rows.into_iter().map(|row| given.list(row)).collect()))
}
