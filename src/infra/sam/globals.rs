//! The `Globals` section: lists are joined, maps merged, everything else gives way to the resource's own value.

use crate::model::Resource;
use crate::syntax::{Node, Value};

/// Nesting beyond which maps are no longer merged: the resource's own value holds.
const MAX_DEPTH: usize = 64;

/// The properties of a SAM resource with its type's part of the Globals merged in, but for what `IgnoreGlobals`
/// beside them names: `"*"`, or a list of properties.
pub(super) fn merged(resource: &Resource, globals: Option<&Node>, beside: Option<&Node>) -> Node {
    let own = &resource.properties;
    let section = resource.kind.strip_prefix("AWS::Serverless::");
    let global = section.and_then(|section| globals.and_then(|globals| globals.get(section)));
    let Some(mut global) = global.cloned() else {
        return own.clone();
    };
    let ignored = beside.and_then(|beside| beside.get("IgnoreGlobals")).map(Node::items_or_self).unwrap_or_default();
    if let Value::Map(entries) = &mut global.value {
        entries.retain(|entry| {
            !ignored.iter().any(|one| matches!(one.as_text(), Some(key) if key == "*" || key == &*entry.key))
        });
    }
    match (&global.value, &own.value) {
        (Value::Map(_), Value::Null | Value::Absent) => Node::new(global.value, own.span),
        (Value::Map(_), Value::Map(_)) => merge(&global, own, 0),
        _ => own.clone(),
    }
}

fn merge(global: &Node, own: &Node, depth: usize) -> Node {
    let value = match (&global.value, &own.value) {
        (Value::Map(global), Value::Map(own)) if depth < MAX_DEPTH => {
            let mut entries = global.clone();
            for entry in own {
                match entries.iter_mut().find(|known| known.key == entry.key) {
                    Some(known) => {
                        let value = merge(&known.value, &entry.value, depth + 1);
                        known.key_span = entry.key_span;
                        known.value = value;
                    }
                    None => entries.push(entry.clone()),
                }
            }
            Value::Map(entries)
        }
        (Value::List(global), Value::List(own)) => Value::List(global.iter().chain(own).cloned().collect()),
        _ => own.value.clone(),
    };
    Node::new(value, own.span)
}
