//! What a cloud assembly knows of its templates: where published files come from, and which construct made a resource.

use crate::model::{CodeSource, Resource};
use crate::syntax::{Node, Part, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files and folders of the repository by the key that they are published under.
#[derive(Debug, Default)]
pub struct Assets {
    by_key: BTreeMap<String, Arc<str>>,
}

/// Paths of a stack's constructs by the logical id of the resource that each made.
#[derive(Debug, Default)]
pub struct Constructs {
    by_id: BTreeMap<String, Vec<Arc<str>>>,
}

impl Assets {
    /// Adds a file or folder of the repository that is published under a key.
    pub fn add(&mut self, key: &str, path: &str) {
        self.by_key.insert(key.to_owned(), path.into());
    }

    /// The file or folder that a key, or an address that ends in one, stands for.
    pub(super) fn path(&self, node: &Node) -> Option<&Arc<str>> {
        let text = match &node.value {
            Value::Template(parts) => match parts.last()? {
                Part::Literal(text) => text,
                _ => return None,
            },
            _ => node.as_text()?,
        };
        self.by_key.get(text).or_else(|| self.by_key.get(text.rsplit('/').next()?))
    }

    /// The folder or file of a function's code that is taken out of a bucket.
    pub(super) fn code(&self, resource: &Resource) -> Option<CodeSource> {
        let key = resource.property("Code.S3Key").filter(|_| matches!(resource.code, CodeSource::Elsewhere(_)))?;
        Some(CodeSource::Local { path: self.path(key)?.clone(), span: key.span })
    }
}

impl Constructs {
    /// Adds the path of the construct that made the resource of a logical id.
    pub fn add(&mut self, id: &str, path: &str) {
        let paths = self.by_id.entry(id.to_owned()).or_default();
        if !paths.iter().any(|known| &**known == path) {
            paths.push(path.into());
        }
    }

    /// The construct that made a resource. Templates that one stack nests may use an id each; `above` is the construct
    /// of the resource that nests this one's template.
    pub(super) fn of(&self, id: &str, attributes: Option<&Node>, above: Option<&str>) -> Option<Arc<str>> {
        if let Some(written) = attributes.and_then(|node| node.get("Metadata")?.get("aws:cdk:path")?.as_text()) {
            return Some(written.into());
        }
        let paths = self.by_id.get(id)?;
        let below = |path: &&Arc<str>| match above {
            // A nested stack `Shop/Notes` is made by `Shop/Notes.NestedStack/Notes.NestedStackResource`.
            Some(above) => {
                let stack = above.split_once(".NestedStack/").map_or(above, |(stack, _)| stack);
                path.strip_prefix(stack).is_some_and(|rest| rest.starts_with('/'))
            }
            None => true,
        };
        paths.iter().find(below).or_else(|| paths.first()).cloned()
    }
}
