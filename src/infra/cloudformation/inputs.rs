//! What a template is given from outside.

use crate::syntax::Node;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a template is given from outside.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Put before every id and condition name, for nested templates: `Network/`; empty for a root.
    pub prefix: Arc<str>,
    /// Whether another template nests this one: what the command line says is for the stack that is deployed.
    pub nested: bool,
    /// Values of parameters, which win over their defaults: what a parent passes, or samconfig.toml.
    /// `Options::parameters` win over these where the template is a root.
    pub parameters: BTreeMap<Arc<str>, Node>,
    /// The stack's region, where `Options::region` does not say.
    pub region: Option<Node>,
    /// Pseudo parameters that are known beside those of the region: `AWS::AccountId`, `AWS::StackName`.
    pub pseudo: BTreeMap<Arc<str>, Node>,
    /// What the templates before this one have used of the budget that all of a project share.
    pub spent: usize,
    /// Whether names may be referenced that the template does not declare, because something adds to it.
    pub open: bool,
}

impl Inputs {
    /// A name of the template as it is called in the project.
    pub(super) fn named(&self, name: &str) -> Arc<str> {
        if self.prefix.is_empty() { name.into() } else { format!("{}{name}", self.prefix).into() }
    }
}
