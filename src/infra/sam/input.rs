//! What the transform is given.

use crate::infra::Context;
use crate::model::Resource;
use crate::syntax::Node;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An evaluated template, as the transform takes it.
#[derive(Debug)]
pub struct Input<'a> {
    /// Files and options.
    pub context: &'a Context<'a>,
    /// The template's folder, relative to the repository's root; `""` for the root.
    pub folder: &'a str,
    /// What stands before every id, for nested templates; empty for a root.
    pub prefix: &'a str,
    /// The stack's region, or unknown.
    pub region: &'a Node,
    /// The resources under their raw types.
    pub resources: Vec<Resource>,
    /// What stands in a resource beside its properties (`Connectors`, `IgnoreGlobals` …), by id.
    pub attributes: &'a BTreeMap<Arc<str>, Node>,
    /// The template's `Globals`.
    pub globals: Option<&'a Node>,
}
