//! What every format's reader is given.

use crate::source::Sources;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the command line and leastwise.toml say of the deployment.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The region of stacks whose template does not say.
    pub region: Option<Arc<str>>,
    /// The stage (serverless.yml).
    pub stage: Option<Arc<str>>,
    /// Values of parameters and variables.
    pub parameters: BTreeMap<Arc<str>, Arc<str>>,
}

/// What every format's reader is given.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// The deployment.
    pub options: &'a Options,
}
