//! `#{AWS::AccountId}` of the plugin serverless-pseudo-parameters: another way to write `Fn::Sub`.

use super::template::Template;
use crate::syntax::{Entry, Node, Value};

/// The plugin's name.
pub(super) const PLUGIN: &str = "serverless-pseudo-parameters";

/// Values within values beyond which nothing is replaced.
const MAX_DEPTH: usize = 64;

/// Puts `Fn::Sub` wherever the plugin does: in every text of the template that holds `#{…}`.
pub(super) fn apply(template: &mut Template) {
    for draft in &mut template.drafts {
        replace(&mut draft.properties, false, 0);
    }
}

fn replace(node: &mut Node, substituted: bool, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let span = node.span;
    match &mut node.value {
        Value::String(text) if text.contains("#{") => {
            let text = Node::string(text.replace("#{", "${"), span);
            *node = if substituted { text } else { Node::map([("Fn::Sub", text)], span) };
        }
        Value::List(items) => items.iter_mut().for_each(|item| replace(item, substituted, depth + 1)),
        Value::Map(entries) => {
            let inside = |entry: &Entry| substituted || &*entry.key == "Fn::Sub";
            entries.iter_mut().for_each(|entry| {
                let substituted = inside(entry);
                replace(&mut entry.value, substituted, depth + 1);
            });
        }
        _ => {}
    }
}
