//! Parameters of a template: what they are given, what they default to, and what they may be.

use super::inputs::Inputs;
use crate::infra::Context;
use crate::model::judge;
use crate::syntax::{Entry, Node, Unknown, UnknownKind, Value};
use std::sync::Arc;

/// The longest text that is taken apart to a list: far above the 4,096 bytes that the provider takes.
const MAX_LIST: usize = 100_000;

/// One declared parameter.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    /// What it is given, its default, or unknown; of a `NoEcho` parameter too, for conditions alone.
    pub(super) value: Node,
    /// `AllowedValues` as text; empty where every value is allowed.
    pub(super) allowed: Vec<Arc<str>>,
    /// `NoEcho`: what stands for the value everywhere but in conditions, so that it is printed nowhere.
    pub(super) withheld: Option<Unknown>,
}

impl Parameter {
    /// Reads a parameter's declaration with what the template is given from outside.
    pub(super) fn read(context: &Context<'_>, inputs: &Inputs, entry: &Entry) -> Self {
        let declared = &entry.value;
        let value = value(context, inputs, entry);
        let allowed = declared.get("AllowedValues").map(Node::items).unwrap_or_default();
        let is_secret = declared.get("NoEcho").and_then(Node::as_bool) == Some(true);
        let withheld = (is_secret && value.as_unknown().is_none()).then(|| {
            let kind = match value.as_text().and_then(|text| judge(&entry.key, text)) {
                Some(_) => UnknownKind::Credential,
                None => UnknownKind::Withheld,
            };
            Unknown::new(kind, inputs.named(&entry.key))
        });
        Self { value, allowed: allowed.iter().filter_map(Node::as_text).map(Arc::from).collect(), withheld }
    }

    /// The value as it may be shown.
    pub(super) fn shown(&self) -> Node {
        match &self.withheld {
            Some(unknown) => Node::new(Value::Unknown(unknown.clone()), self.value.span),
            None => self.value.clone(),
        }
    }
}

/// A parameter's value: what it is given, its default, or unknown.
fn value(context: &Context<'_>, inputs: &Inputs, entry: &Entry) -> Node {
    let declared = &entry.value;
    let kind = declared.get("Type").and_then(Node::as_text).unwrap_or("String");
    // The command line speaks of the stack that is deployed, not of those that it nests.
    let named = context.options.parameters.get(&entry.key).filter(|_| !inputs.nested);
    let given = match named {
        Some(text) => Some(Node::string(text.clone(), entry.key_span)),
        None => inputs.parameters.get(&entry.key).filter(|node| !node.is_absent()).cloned(),
    };
    let given = given.or_else(|| declared.get("Default").filter(|node| !node.is_absent()).cloned());
    let Some(given) = given else {
        return Node::unknown(UnknownKind::Parameter, inputs.named(&entry.key), entry.key_span);
    };
    let Some(text) = given.as_text() else { return given };
    let span = given.span;
    if kind.starts_with("AWS::SSM::Parameter::Value") {
        return Node::new(Value::Unknown(Unknown::new(UnknownKind::Dynamic, format!("SSM parameter {text}"))), span);
    }
    if kind == "CommaDelimitedList" || kind.starts_with("List<") {
        if text.len() > MAX_LIST {
            return Node::unknown(UnknownKind::Limit, inputs.named(&entry.key), span);
        }
        let items = text.split(',').map(|item| Node::string(item.trim(), span));
        return Node::list(if text.is_empty() { Vec::new() } else { items.collect() }, span);
    }
    match kind {
        "Number" => Node::new(Value::Number(text.into()), span),
        _ => Node::string(text, span),
    }
}
