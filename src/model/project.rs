//! One deployable root: a template that no other nests, a Terraform root module, a serverless.yml, an account.

use super::Resource;
use crate::syntax::Node;
use std::collections::HashMap;
use std::sync::Arc;

/// The format that a project is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// A CloudFormation template.
    CloudFormation,
    /// A CloudFormation template with the SAM transform.
    Sam,
    /// A serverless.yml.
    Serverless,
    /// A Terraform root module.
    Terraform,
    /// An account's export.
    Account,
}

/// A project and its resources.
#[derive(Debug, Clone)]
pub struct Project {
    /// The template, the root module's folder or the export, relative to the repository's root.
    pub path: Arc<str>,
    /// Its format.
    pub format: Format,
    /// Its resources, in the order of the source.
    pub resources: Vec<Resource>,
    /// The region that the project is deployed to, or unknown.
    pub region: Node,
    by_id: HashMap<Arc<str>, usize>,
}

impl Project {
    /// A project; of resources with the same id the first one is found by it.
    pub fn new(path: Arc<str>, format: Format, resources: Vec<Resource>, region: Node) -> Self {
        let mut by_id = HashMap::with_capacity(resources.len());
        for (index, resource) in resources.iter().enumerate() {
            by_id.entry(resource.id.clone()).or_insert(index);
        }
        Self { path, format, resources, region, by_id }
    }

    /// The resource of an id.
    pub fn resource(&self, id: &str) -> Option<&Resource> {
        self.by_id.get(id).map(|index| &self.resources[*index])
    }

    /// All resources of a type.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Resource> {
        self.resources.iter().filter(move |resource| &*resource.kind == kind)
    }

    /// The folder that the project lies in, `""` for the root.
    pub fn folder(&self) -> &str {
        match self.format {
            Format::Terraform => &self.path,
            _ => self.path.rfind('/').map_or("", |slash| &self.path[..slash]),
        }
    }
}
