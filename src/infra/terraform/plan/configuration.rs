//! The configuration inside a plan: providers, module calls, and what each argument refers to.

use super::super::table;
use super::address::{bare, instance, segments};
use crate::source::Span;
use crate::syntax::hcl::{self, Expr};
use crate::syntax::{Node, UnknownKind};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The number of references that are followed one after the other.
const MAX_DEPTH: usize = 32;

/// The values that the plan was made with.
pub(super) fn variables(tree: &Node) -> HashMap<Arc<str>, Arc<Expr>> {
    let all = tree.get("variables").map(Node::entries).unwrap_or_default().iter();
    all.filter_map(|entry| Some((entry.key.clone(), Arc::new(hcl::literal(entry.value.get("value")?))))).collect()
}

/// The configuration of a plan.
pub(super) struct Configuration<'a> {
    tree: &'a Node,
    root: Option<&'a Node>,
    /// The addresses of the planned resources.
    addresses: &'a BTreeSet<&'a str>,
}

/// A module of the configuration, and how it is reached.
#[derive(Clone)]
pub(super) struct Level<'a> {
    /// Its `resources`, `module_calls` and `outputs`; `None` where the configuration does not have it.
    module: Option<&'a Node>,
    /// What stands before the addresses in it.
    prefix: String,
    /// The calls from the root to here, each with the module that it stands in.
    calls: Vec<Call<'a>>,
}

#[derive(Clone)]
struct Call<'a> {
    outer: Option<&'a Node>,
    outer_prefix: String,
    call: &'a Node,
    span: Span,
}

impl<'a> Level<'a> {
    /// The configuration of a resource of this module.
    pub(super) fn resource(&self, kind: &str, name: &str) -> Option<&'a Node> {
        let resources = self.module?.get("resources").map(Node::items).unwrap_or_default();
        let address = format!("{kind}.{name}");
        resources.iter().find(|resource| resource.get("address").and_then(Node::as_text) == Some(&*address))
    }

    /// The places of the calls, outermost first, with what to say of each.
    pub(super) fn calls(&self) -> Vec<(Span, String)> {
        let prefixes = self.calls.iter().skip(1).map(|call| call.outer_prefix.as_str()).chain([self.prefix.as_str()]);
        let said =
            |(call, prefix): (&Call<'_>, &str)| (call.span, format!("called as {}", prefix.trim_end_matches('.')));
        self.calls.iter().zip(prefixes).map(said).collect()
    }

    /// What stands before the addresses in it.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    fn inner(&self, name: &str, key: &str) -> Option<Self> {
        let entry = self.module?.get("module_calls")?.entry(name)?;
        let mut calls = self.calls.clone();
        let (outer, outer_prefix) = (self.module, self.prefix.clone());
        calls.push(Call { outer, outer_prefix, call: &entry.value, span: entry.key_span });
        let prefix = format!("{}module.{name}{key}.", self.prefix);
        Some(Self { module: entry.value.get("module"), prefix, calls })
    }

    fn outer(&self) -> Option<(Self, &'a Node)> {
        let mut calls = self.calls.clone();
        let last = calls.pop()?;
        Some((Self { module: last.outer, prefix: last.outer_prefix, calls }, last.call))
    }
}

impl<'a> Configuration<'a> {
    pub(super) fn new(tree: &'a Node, addresses: &'a BTreeSet<&'a str>) -> Self {
        Self { tree, root: tree.at("configuration.root_module"), addresses }
    }

    /// The module that a resource's address lies in.
    pub(super) fn level(&self, address: &str) -> Level<'a> {
        let mut level = Level { module: self.root, prefix: String::new(), calls: Vec::new() };
        let mut rest = segments(address);
        while let ["module", name, after @ ..] = rest.as_slice() {
            let (name, key) = name.split_at(name.find('[').unwrap_or(name.len()));
            let Some(inner) = level.inner(name, key) else {
                return Level { module: None, ..level };
            };
            level = inner;
            rest = after.to_vec();
        }
        level
    }

    fn provider(&self, key: &str) -> Option<&'a Node> {
        self.tree.at("configuration.provider_config")?.get(key)?.get("expressions")
    }

    /// The region of a provider, where it is known.
    pub(super) fn region(&self, provider: &str) -> Option<Node> {
        self.constant(self.provider(provider)?.get("region")?)
    }

    /// The tags that a provider gives to all resources, where they are known.
    pub(super) fn tags(&self, provider: &str) -> Option<Node> {
        let blocks = self.provider(provider)?.get("default_tags")?;
        self.constant(blocks.items_or_self().first()?.get("tags")?)
    }

    /// The value of an expression of the root module that is a constant or a variable.
    fn constant(&self, expression: &Node) -> Option<Node> {
        if let Some(value) = expression.get("constant_value") {
            return Some(value.clone());
        }
        match expression.get("references").map(Node::items) {
            Some([only]) => {
                self.tree.get("variables")?.get(only.as_text()?.strip_prefix("var.")?)?.get("value").cloned()
            }
            _ => None,
        }
    }

    /// What an expression whose value is not known refers to, where that is one thing; `own` is the resource's address.
    pub(super) fn resolve(
        &self,
        expression: &Node,
        level: &Level<'a>,
        own: &str,
        span: Span,
        depth: usize,
    ) -> Option<Node> {
        if let Some(value) = expression.get("constant_value") {
            return Some(value.clone());
        }
        let names = expression.get("references")?.items();
        let mut found: Option<Node> = None;
        for name in names.iter().filter_map(Node::as_text) {
            let next = self.follow(name, level, own, span, depth);
            let resource = |node: &Node| node.as_reference().map(|reference| reference.resource.clone());
            match (&found, next) {
                (None, next) => found = Some(next?),
                // The resource as a whole stands behind each of its attributes in the list.
                (Some(found), Some(next)) if resource(found).is_some() && resource(found) == resource(&next) => {}
                _ => return None,
            }
        }
        found
    }

    fn follow(&self, name: &str, level: &Level<'a>, own: &str, span: Span, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        let parts = segments(name);
        match parts.as_slice() {
            ["var", name, ..] => match level.outer() {
                Some((outer, call)) => {
                    let given = call.get("expressions")?.get(name)?;
                    self.resolve(given, &outer, own, span, depth + 1)
                }
                None => {
                    let value = self.tree.get("variables").and_then(|all| all.get(name)?.get("value")).cloned();
                    let missing = || Node::unknown(UnknownKind::Parameter, format!("var.{name}"), span);
                    Some(value.unwrap_or_else(missing))
                }
            },
            ["module", call, output, ..] => {
                let (call, key) = call.split_at(call.find('[').unwrap_or(call.len()));
                let inner = level.inner(call, key)?;
                let expression = inner.module?.get("outputs")?.get(bare(output))?.get("expression")?;
                self.resolve(expression, &inner, own, span, depth + 1)
            }
            ["each" | "local" | "count" | "path" | "self" | "data" | "terraform" | "module", ..] => None,
            [kind, name, attributes @ ..] if kind.starts_with("aws_") => {
                let address = format!("{}{kind}.{name}", level.prefix);
                let known = self.addresses.contains(&*address).then_some(&*address);
                let found = known.or_else(|| instance(&address, own, self.addresses))?;
                let attributes: Vec<&str> = attributes.iter().map(|name| bare(name)).collect();
                Some(table::reference(kind, &found.into(), &attributes, span).to_node())
            }
            _ => None,
        }
    }
}
