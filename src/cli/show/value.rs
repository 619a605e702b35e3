//! Values as the views print them: secrets redacted, keys of our own left out.

use crate::model::judge_node;
use crate::syntax::{Entry, Node, Value};

/// What stands for a value that is a credential; `key` is the name it is given to.
pub(super) fn redacted(key: &str, node: &Node) -> Option<String> {
    judge_node(key, node).map(|secret| format!("({})", secret.redacted))
}

/// A value in one line of text, redacted where it is a credential.
pub(super) fn shown(key: &str, node: &Node) -> String {
    match &node.value {
        Value::Either { then, otherwise, .. } => format!("{} or {}", shown(key, then), shown(key, otherwise)),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| shown(key, item)).collect();
            format!("[{}]", items.join(", "))
        }
        _ => redacted(key, node).unwrap_or_else(|| node.to_string()),
    }
}

/// The entries that a provider knows; ours begin with two underscores.
pub(super) fn entries(node: &Node) -> impl Iterator<Item = &Entry> {
    node.entries().iter().filter(|entry| !entry.key.starts_with("__"))
}

/// Whether a resource was made for a rule only and is no resource of the provider's.
pub(super) fn is_derived(properties: &Node) -> bool {
    properties.get("__Derived").is_some()
}
