//! Values as the views print them: secrets redacted, keys of our own left out.

use crate::model::judge;
use crate::syntax::{Entry, Node};

/// The text of a known scalar, redacted where it is a credential; `key` is the name it is given to.
pub(super) fn scalar(key: &str, node: &Node) -> Option<String> {
    let text = node.as_text()?;
    Some(judge(key, text).map_or_else(|| text.to_owned(), |secret| format!("({})", secret.redacted)))
}

/// The entries that a provider knows; ours begin with two underscores.
pub(super) fn entries(node: &Node) -> impl Iterator<Item = &Entry> {
    node.entries().iter().filter(|entry| !entry.key.starts_with("__"))
}

/// Whether a resource was made for a rule only and is no resource of the provider's.
pub(super) fn is_derived(properties: &Node) -> bool {
    properties.get("__Derived").is_some()
}
