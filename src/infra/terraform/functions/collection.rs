//! Functions over lists and maps.

use super::super::operator::{deep_reason, equal};
use super::super::typed::unified;
use super::super::value::{Kind, Map, MapEntry, Value};
use super::given::{Found, Given};
use crate::syntax::Unknown;
use std::sync::Arc;

/// The largest list that a function makes.
const MAX_ITEMS: usize = 10_000;

pub(super) fn call(name: &str, given: &Given<'_>) -> Option<Found> {
    let value = match name {
        "length" => length(given),
        "element" => element(given),
        "index" => index(given),
        "concat" => Some(concat(given)),
        "flatten" => flatten(given),
        "compact" => compact(given),
        "slice" => slice(given),
        "reverse" => given.items(0).map(|items| given.list(items.iter().rev().cloned().collect())),
        "sort" => sorted(given),
        "chunklist" => chunks(given),
        "contains" => contains(given),
        "keys" => known_map(given, 0).map(|map| {
            given.list(map.sorted().iter().map(|entry| Value::string(entry.key.clone(), entry.span)).collect())
        }),
        "values" => {
            known_map(given, 0).map(|map| given.list(map.sorted().iter().map(|entry| entry.value.clone()).collect()))
        }
        "lookup" => lookup(given),
        "merge" => Some(merge(given)),
        "zipmap" => zipmap(given),
        "transpose" => transpose(given),
        "matchkeys" => matchkeys(given),
        "one" => one(given),
        "coalesce" => coalesce(given),
        "coalescelist" => coalescelist(given),
        "alltrue" => decided(given, true),
        "anytrue" => decided(given, false),
        "tolist" | "list" => given.at(0).map(|value| match value.items() {
            Some(items) => given.list(unified(items.to_vec())),
            None => value.clone(),
        }),
        "tomap" | "map" => given.at(0).map(|value| match value.as_map() {
            Some(map) => to_map(map, given),
            None => value.clone(),
        }),
        "nonsensitive" | "sensitive" | "issensitive" | "ephemeralasnull" => given.at(0).cloned(),
        _ => return None,
    };
    Some(value.into())
}

fn to_map(map: &Map, given: &Given<'_>) -> Value {
    let values = unified(map.entries.iter().map(|entry| entry.value.clone()).collect());
    let entry = |(entry, value): (&MapEntry, Value)| MapEntry { value, ..entry.clone() };
    Value::map(map.entries.iter().zip(values).map(entry).collect(), map.rest.clone(), given.span)
}

fn known_map<'a>(given: &Given<'a>, index: usize) -> Option<&'a Map> {
    given.at(index)?.as_map().filter(|map| map.rest.is_none())
}

fn length(given: &Given<'_>) -> Option<Value> {
    let value = given.at(0)?;
    let may_miss = |item: &Value| matches!(item.kind, Kind::Either(_) | Kind::Unknown(_));
    let length = match &value.kind {
        Kind::List(items) if !items.iter().any(may_miss) => items.len(),
        Kind::List(items) => {
            return Some(Value::new(Kind::Unknown(deep_reason(items.iter().find(|item| may_miss(item))?)), given.span));
        }
        Kind::Map(map) if map.rest.is_none() => map.entries.len(),
        Kind::Null => return Some(given.invalid("length of null")),
        Kind::Bool(_) | Kind::Number(_) => return Some(given.invalid("length of a number")),
        _ => value.text().map(|text| text.chars().count())?,
    };
    Some(Value::count(length, given.span))
}

fn element(given: &Given<'_>) -> Option<Value> {
    let items = given.items(0)?;
    let index = given.at(1)?.as_index()?;
    match items.len() {
        0 => Some(given.invalid("element of an empty list")),
        length => items.get(index % length).cloned(),
    }
}

fn index(given: &Given<'_>) -> Option<Value> {
    let wanted = given.at(1)?;
    for (at, item) in given.items(0)?.iter().enumerate() {
        if equal(item, wanted)? {
            return Some(Value::count(at, given.span));
        }
    }
    Some(given.invalid("not in the list"))
}

/// The lists one after the other; a list that is not known is one unknown item.
fn concat(given: &Given<'_>) -> Value {
    let mut all = Vec::new();
    for value in given.values {
        match &value.kind {
            Kind::List(items) => all.extend(items.iter().cloned()),
            Kind::Null => return given.invalid("concat of null"),
            _ => all.push(Value::new(Kind::Unknown(value.why()), value.span)),
        }
    }
    bounded(all, given)
}

fn bounded(items: Vec<Value>, given: &Given<'_>) -> Value {
    if items.len() > MAX_ITEMS {
        return Value::unknown(crate::syntax::UnknownKind::Limit, "a list of more than 10,000 items", given.span);
    }
    given.list(items)
}

fn flatten(given: &Given<'_>) -> Option<Value> {
    let mut flat = Vec::new();
    flatten_into(given.items(0)?, &mut flat, 0);
    Some(bounded(flat, given))
}

fn flatten_into(items: &[Value], flat: &mut Vec<Value>, depth: usize) {
    for item in items {
        match &item.kind {
            Kind::List(inner) if depth < 64 => flatten_into(inner, flat, depth + 1),
            _ => flat.push(item.clone()),
        }
    }
}

fn compact(given: &Given<'_>) -> Option<Value> {
    let empty = |item: &Value| item.is_null() || item.text().is_some_and(|text| text.is_empty());
    Some(given.list(given.items(0)?.iter().filter(|item| !empty(item)).cloned().collect()))
}

fn slice(given: &Given<'_>) -> Option<Value> {
    let items = given.items(0)?;
    let range = given.at(1)?.as_index()?..given.at(2)?.as_index()?;
    Some(items.get(range).map_or_else(|| given.invalid("slice out of range"), |part| given.list(part.to_vec())))
}

fn sorted(given: &Given<'_>) -> Option<Value> {
    let items = given.items(0)?;
    let mut keyed = items.iter().map(|item| Some((item.text()?, item.clone()))).collect::<Option<Vec<_>>>()?;
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    Some(given.list(keyed.into_iter().map(|(text, item)| Value::string(text, item.span)).collect()))
}

fn chunks(given: &Given<'_>) -> Option<Value> {
    let size = given.at(1)?.as_index().filter(|size| *size > 0)?;
    Some(given.list(given.items(0)?.chunks(size).map(|chunk| given.list(chunk.to_vec())).collect()))
}

fn contains(given: &Given<'_>) -> Option<Value> {
    let wanted = given.at(1)?;
    let mut certain = true;
    for item in given.items(0)? {
        match equal(item, wanted) {
            Some(true) => return Some(given.bool(true)),
            Some(false) => {}
            None => certain = false,
        }
    }
    certain.then(|| given.bool(false))
}

fn lookup(given: &Given<'_>) -> Option<Value> {
    let (map, key) = (given.at(0)?, given.at(1)?);
    let found = map.item(key, given.span);
    match (&found.kind, given.at(2)) {
        (Kind::Invalid(_), Some(default)) if map.as_map().is_some() => Some(default.clone()),
        (Kind::Invalid(_), None) => Some(found),
        (Kind::Invalid(_), _) => None,
        _ => Some(found),
    }
}

/// Later entries win; a map that is not known may hold anything that the ones before it do not settle after it.
fn merge(given: &Given<'_>) -> Value {
    let mut merged = Map::default();
    for value in given.values {
        match &value.kind {
            Kind::Map(map) => {
                map.entries.iter().for_each(|entry| merged.set(entry.clone()));
                merged.rest = map.rest.clone().or(merged.rest);
            }
            Kind::Null => {}
            _ => {
                let why = value.why();
                hide(&mut merged, &why);
                merged.rest = Some(why);
            }
        }
    }
    Value::new(Kind::Map(Arc::new(merged)), given.span)
}

/// An unknown map that comes later may replace what is known: a tag or setting keeps its key and loses its value.
fn hide(merged: &mut Map, why: &Unknown) {
    for entry in &mut merged.entries {
        let span = entry.value.span;
        let condition = why.what.clone();
        let unknown = Value::new(Kind::Unknown(why.clone()), span);
        entry.value = Value::either(condition, unknown, entry.value.clone(), span);
    }
}

fn zipmap(given: &Given<'_>) -> Option<Value> {
    let (keys, values) = (given.items(0)?, given.items(1)?);
    let mut map = Map::default();
    for (key, value) in keys.iter().zip(values) {
        map.set(MapEntry { key: key.text()?, span: key.span, value: value.clone() });
    }
    Some(Value::new(Kind::Map(Arc::new(map)), given.span))
}

fn transpose(given: &Given<'_>) -> Option<Value> {
    let mut map = Map::default();
    for entry in known_map(given, 0)?.sorted() {
        for item in entry.value.items()? {
            let key = item.text()?;
            let mut names = map.get(&key).and_then(Value::items).map(<[Value]>::to_vec).unwrap_or_default();
            names.push(Value::string(entry.key.clone(), entry.span));
            map.set(MapEntry { key, span: item.span, value: given.list(names) });
        }
    }
    Some(Value::new(Kind::Map(Arc::new(map)), given.span))
}

fn matchkeys(given: &Given<'_>) -> Option<Value> {
    let (values, keys, wanted) = (given.items(0)?, given.items(1)?, given.items(2)?);
    let mut chosen = Vec::new();
    for (value, key) in values.iter().zip(keys) {
        let mut found = false;
        for candidate in wanted {
            found |= equal(key, candidate)?;
        }
        if found {
            chosen.push(value.clone());
        }
    }
    Some(given.list(chosen))
}

fn one(given: &Given<'_>) -> Option<Value> {
    match (given.items(0), &given.at(0)?.kind) {
        (Some([]), _) | (None, Kind::Null) => Some(Value::null(given.span)),
        (Some([only]), _) => Some(only.clone()),
        (Some(_), _) => Some(given.invalid("one() of several items")),
        (None, Kind::Template(_) | Kind::Resource(_)) => given.at(0).cloned(),
        _ => None,
    }
}

/// The first that is neither null nor empty.
fn coalesce(given: &Given<'_>) -> Option<Value> {
    for value in given.values {
        match &value.kind {
            Kind::Null => {}
            Kind::String(text) if text.is_empty() => {}
            Kind::Unknown(_) => return None,
            _ => return Some(value.clone()),
        }
    }
    Some(given.invalid("coalesce() of nothing"))
}

fn coalescelist(given: &Given<'_>) -> Option<Value> {
    for value in given.values {
        match &value.kind {
            Kind::List(items) if items.is_empty() => {}
            Kind::Null => {}
            Kind::List(_) => return Some(value.clone()),
            _ => return None,
        }
    }
    Some(given.invalid("coalescelist() of nothing"))
}

/// `alltrue` (all must be true) and `anytrue` (one is enough).
fn decided(given: &Given<'_>, all: bool) -> Option<Value> {
    let mut certain = true;
    for item in given.items(0)? {
        match item.as_bool() {
            Some(value) if value != all => return Some(given.bool(!all)),
            Some(_) => {}
            None if item.is_null() => {
                if all {
                    return Some(given.bool(false));
                }
            }
            None => certain = false,
        }
    }
    certain.then(|| given.bool(all))
}
