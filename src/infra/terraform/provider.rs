//! Provider blocks: the region and the tags that a resource inherits.

use super::body::body;
use super::instance::{Frame, Instance, Scope};
use super::module::{attribute, plain};
use super::value::Value;
use crate::syntax::Node;
use crate::syntax::hcl::{Block, Expr, ExprKind, Step};
use std::rc::Rc;
use std::sync::Arc;

/// What a provider gives to its resources.
#[derive(Debug, Default, Clone)]
pub(super) struct Provider {
    /// `region`, where it is written.
    pub(super) region: Option<Node>,
    /// `default_tags`, as a map.
    pub(super) tags: Option<Node>,
}

/// The provider that a resource block names, or its module's default one.
pub(super) fn of(block: &Block, scope: &Scope<'_>) -> Provider {
    let name = attribute(block, "provider").and_then(|expr| name_of(expr)).unwrap_or_else(|| "aws".into());
    configured(&name, scope, 0)
}

/// The default AWS provider of an instance.
pub(super) fn default(scope: &Scope<'_>) -> Provider {
    configured("aws", scope, 0)
}

/// Whether a block names a provider other than the default one.
pub(super) fn is_named(block: &Block) -> bool {
    attribute(block, "provider").and_then(|expr| name_of(expr)).is_some_and(|name| name != "aws")
}

fn configured(name: &str, scope: &Scope<'_>, depth: usize) -> Provider {
    let instance = &scope.instance;
    let alias = name.split_once('.').map(|(_, alias)| alias);
    let matches = |block: &&Arc<Block>| {
        block.labels.first().is_some_and(|kind| &**kind == "aws") && plain(block, "alias") == alias
    };
    if let Some(block) = instance.module.providers.iter().find(matches) {
        return read(block, &scope.inside(instance.clone(), Frame::default()));
    }
    let Some(caller) = instance.caller.as_ref().filter(|_| depth < 16) else {
        return Provider::default();
    };
    let passed = attribute(&caller.block, "providers").and_then(|expr| given(expr, name));
    let outer: Rc<Instance> = caller.instance.clone();
    let inner = scope.inside(outer, Frame::default());
    match (passed, alias) {
        (Some(name), _) => configured(&name, &inner, depth + 1),
        (None, None) => configured("aws", &inner, depth + 1),
        (None, Some(_)) => Provider::default(),
    }
}

/// The outer name in `providers = { inner = outer }`.
fn given(expr: &Expr, name: &str) -> Option<String> {
    let ExprKind::Object(entries) = &expr.kind else {
        return None;
    };
    entries.iter().find(|(key, _)| name_of(key).as_deref() == Some(name)).and_then(|(_, value)| name_of(value))
}

/// `aws` or `aws.alias`.
fn name_of(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Variable(name) => Some(name.to_string()),
        ExprKind::String(name) => Some(name.to_string()),
        ExprKind::Traversal(base, steps) => match (&base.kind, steps.as_slice()) {
            (ExprKind::Variable(base), [Step::Attribute(alias)]) => Some(format!("{base}.{alias}")),
            _ => None,
        },
        _ => None,
    }
}

fn read(block: &Block, scope: &Scope<'_>) -> Provider {
    let value = body(block, scope);
    let map = value.as_map();
    let region = map.and_then(|map| map.get("region")).filter(|region| !region.is_null()).map(Value::to_node);
    let blocks = map.and_then(|map| map.get("default_tags")).and_then(Value::items);
    let tags = blocks.and_then(|blocks| blocks.first()).and_then(|block| block.as_map()?.get("tags").cloned());
    Provider { region, tags: tags.map(|tags| tags.to_node()) }
}
