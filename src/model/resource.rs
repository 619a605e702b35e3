//! A resource as every input is lowered to it: CloudFormation's type, an id, and a property tree with spans.

use crate::source::Span;
use crate::syntax::Node;
use std::sync::Arc;

/// One resource of one project.
#[derive(Debug, Clone)]
pub struct Resource {
    /// CloudFormation type, `AWS::S3::Bucket`.
    pub kind: Arc<str>,
    /// Key of the resource in its project: logical id, Terraform address, ARN. References name it.
    pub id: Arc<str>,
    /// What the user wrote, for reports: the logical id or address, or the construct that generated this resource.
    pub name: Arc<str>,
    /// The properties in CloudFormation's shape; a map, or unknown as a whole.
    pub properties: Node,
    /// The line that declares it: its key, its block's header.
    pub span: Span,
    /// Whether it is there for certain.
    pub presence: Presence,
    /// The region it is placed in where its own format says so; else the project's holds.
    pub region: Option<Node>,
    /// The construct that this resource was generated from, where the user did not write it himself.
    pub generated_from: Option<Arc<str>>,
    /// The path of the construct that made it, `Shop/Orders/Table/Resource`, where a development kit did.
    pub construct: Option<Arc<str>>,
    /// What stands beside its properties in a template: `DeletionPolicy`, `DependsOn`, `Metadata` and their like.
    pub attributes: Option<Node>,
    /// The module calls that led here, outermost first, with what to say of each.
    pub calls: Vec<(Span, String)>,
    /// Where a function's code lies.
    pub code: CodeSource,
}

/// Whether a resource or statement is there for certain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Presence {
    /// It is.
    #[default]
    Always,
    /// It hangs on something that cannot be decided, which is named.
    Possible(Arc<str>),
}

impl Presence {
    /// Possible where it hangs on a condition of the template, which is named.
    pub fn under(condition: Option<&Arc<str>>) -> Self {
        condition.map_or(Self::Always, |condition| Self::Possible(format!("it hangs on {condition}").into()))
    }

    /// Possible where either is.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        match self {
            Self::Always => other.clone(),
            Self::Possible(_) => self.clone(),
        }
    }
}

/// Where the code of a function lies.
#[derive(Debug, Clone, Default)]
pub enum CodeSource {
    /// It is no function, or says nothing of code.
    #[default]
    None,
    /// A folder or file in the repository, relative to its root.
    Local {
        /// The path.
        path: Arc<str>,
        /// Where it was written.
        span: Span,
    },
    /// The code itself, in the template.
    Inline(Node),
    /// Not in the repository, and why: a bucket, an image, an archive that is not built.
    Elsewhere(Arc<str>),
    /// What says where is not known, and why: it may be any code below the template.
    Unknown(Arc<str>),
}

impl CodeSource {
    /// Whether the archive of a function with this runtime is built from sources that lie beside it: what it runs is
    /// then found in them, also where the archive itself is not there.
    pub fn is_built(runtime: Option<&str>) -> bool {
        runtime.is_some_and(|name| ["java", "go", "provided"].iter().any(|language| name.starts_with(language)))
    }
}

impl Resource {
    /// A resource that is there for certain and was written by the user.
    pub fn new(kind: impl Into<Arc<str>>, id: impl Into<Arc<str>>, properties: Node, span: Span) -> Self {
        let id = id.into();
        Self {
            kind: kind.into(),
            name: id.clone(),
            id,
            properties,
            span,
            presence: Presence::Always,
            region: None,
            generated_from: None,
            construct: None,
            attributes: None,
            calls: Vec::new(),
            code: CodeSource::None,
        }
    }

    /// The value under a dotted path of the properties; `None` also where it is null or taken away.
    pub fn property(&self, path: &str) -> Option<&Node> {
        self.properties.at(path).filter(|node| !node.is_absent())
    }
}
