//! For which function words are, and what resources are called in its template.

use crate::iam::arn;
use crate::model::{Format, Project, Resource};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How values are written for a function's role.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The project.
    pub project: &'a Project,
    /// The function, whose template or module the words are for.
    pub function: &'a Resource,
    /// The resources that depend on the function: the role cannot refer to them, and they are named by their names.
    pub behind: &'a BTreeSet<Arc<str>>,
}

/// The id of a resource in its own template: without the stacks that nest it, or the stack of an assembly.
pub fn local_id<'r>(project: &Project, resource: &'r Resource) -> &'r str {
    match project.format {
        Format::Terraform | Format::Account => &resource.id,
        _ => resource.id.rsplit('/').next().unwrap_or(&resource.id),
    }
}

/// The partition of the project's region; AWS's own where it is not known.
pub fn partition(project: &Project) -> &'static str {
    arn::partition_of(project.region.as_text().unwrap_or_default())
}
