//! A planned value with the lines of the one that is written, and with what it refers to.

use super::address::instance;
use crate::source::Span;
use crate::syntax::{Entry, Node, Part, Value, json};
use std::collections::BTreeSet;

/// Arguments that name files: the configuration's own paths start at the repository's root.
const PATHS: &[&str] = &["filename", "source"];

/// The planned value where it is known, else the written one; everything with the places of what is written.
pub(super) fn graft(planned: &Node, written: &Node) -> Node {
    match (&planned.value, &written.value) {
        (Value::Unknown(_), Value::Null | Value::Absent) => placed(planned, written.span),
        (Value::Unknown(_), _) => written.clone(),
        (Value::Map(entries), Value::Map(_)) => {
            let entries = entries.iter().map(|entry| entry_of(entry, written)).collect();
            Node::new(Value::Map(entries), written.span)
        }
        (Value::List(items), Value::List(known)) => {
            let mut left: Vec<&Node> = known.iter().collect();
            let items = items.iter().map(|item| match nearest(item, &mut left) {
                Some(written) => graft(item, written),
                None => placed(item, written.span),
            });
            Node::list(items.collect(), written.span)
        }
        (Value::String(text), Value::Map(_) | Value::List(_)) => match json::parse_within(text, written.span).0 {
            Some(tree) => graft(&tree, written),
            None => placed(planned, written.span),
        },
        (_, Value::Either { then, otherwise, .. }) => {
            let side = if similarity(planned, otherwise) > similarity(planned, then) { otherwise } else { then };
            graft(planned, side)
        }
        _ => placed(planned, written.span),
    }
}

fn entry_of(entry: &Entry, written: &Node) -> Entry {
    match written.entry(&entry.key) {
        Some(own) if PATHS.contains(&&*entry.key) && own.value.as_text().is_some() => own.clone(),
        Some(own) => Entry { key: entry.key.clone(), key_span: own.key_span, value: graft(&entry.value, &own.value) },
        None => Entry { key: entry.key.clone(), key_span: written.span, value: placed(&entry.value, written.span) },
    }
}

/// Takes the item out of a list that a planned one is most like; of equal ones the first.
fn nearest<'a>(planned: &Node, left: &mut Vec<&'a Node>) -> Option<&'a Node> {
    let best = (0..left.len()).rev().max_by_key(|at| left.get(*at).map_or(0, |node| similarity(planned, node)))?;
    Some(left.remove(best))
}

/// The number of plain values that two trees share at the same keys.
fn similarity(a: &Node, b: &Node) -> usize {
    match (&a.value, &b.value) {
        (Value::Map(entries), Value::Map(_)) => {
            entries.iter().filter_map(|entry| Some(1 + similarity(&entry.value, b.get(&entry.key)?))).sum()
        }
        (Value::List(a), Value::List(b)) => a.iter().zip(b).map(|(a, b)| similarity(a, b)).sum(),
        _ => usize::from(a.as_text().is_some() && a.as_text() == b.as_text()) * 2,
    }
}

/// The value with one place for all of it.
fn placed(node: &Node, span: Span) -> Node {
    let mut node = node.clone();
    place(&mut node, span);
    node
}

fn place(node: &mut Node, span: Span) {
    node.span = span;
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| place(item, span)),
        Value::Map(entries) => entries.iter_mut().for_each(|entry| {
            entry.key_span = span;
            place(&mut entry.value, span);
        }),
        _ => {}
    }
}

/// Gives references to a resource without its key the instance that is planned: the only one, or the one with the same
/// key as the resource that refers to it.
pub(super) fn settle(node: &mut Node, own: &str, addresses: &BTreeSet<&str>) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| settle(item, own, addresses)),
        Value::Map(entries) => entries.iter_mut().for_each(|entry| settle(&mut entry.value, own, addresses)),
        Value::Either { then, otherwise, .. } => {
            settle(then, own, addresses);
            settle(otherwise, own, addresses);
        }
        Value::Template(parts) => {
            for part in parts {
                if let Part::Reference(reference) = part
                    && !addresses.contains(&*reference.resource)
                    && let Some(found) = instance(&reference.resource, own, addresses)
                {
                    reference.resource = found.into();
                }
            }
        }
        _ => {}
    }
}
