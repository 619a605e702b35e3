//! One deployable root: a template that no other nests, a Terraform root module, a serverless.yml, an account.

use super::Resource;
use crate::syntax::{Node, Part, UnknownKind, Value};
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
    by_name: HashMap<Arc<str>, usize>,
    by_kind_and_name: HashMap<(Arc<str>, String), usize>,
}

/// The properties that hold a resource's own name, across types.
const NAMES: [&str; 12] = [
    "BucketName",
    "TableName",
    "QueueName",
    "TopicName",
    "FunctionName",
    "RoleName",
    "UserName",
    "GroupName",
    "ManagedPolicyName",
    "LogGroupName",
    "StateMachineName",
    "Name",
];

impl Project {
    /// A project; of resources with the same id the first one is found by it.
    pub fn new(path: Arc<str>, format: Format, resources: Vec<Resource>, region: Node) -> Self {
        let mut by_id = HashMap::with_capacity(resources.len());
        let mut by_name = HashMap::new();
        let mut by_kind_and_name = HashMap::new();
        for (index, resource) in resources.iter().enumerate() {
            by_id.entry(resource.id.clone()).or_insert(index);
            // A permission's FunctionName is not its own name.
            let own = |key: &&&str| own_name(&resource.kind, key);
            for name in NAMES.iter().filter(own).filter_map(|key| resource.property(key)) {
                if let Some(text) = name.as_text() {
                    by_name.entry(text.into()).or_insert(index);
                }
                if is_same_everywhere(name) {
                    by_kind_and_name.entry((resource.kind.clone(), name.to_string())).or_insert(index);
                }
            }
        }
        Self { path, format, resources, region, by_id, by_name, by_kind_and_name }
    }

    /// The resource of an id.
    pub fn resource(&self, id: &str) -> Option<&Resource> {
        self.by_id.get(id).map(|index| &self.resources[*index])
    }

    /// The resource that a value names: by reference, by its literal name, or by an ARN or URL that ends in it.
    pub fn named(&self, node: &Node) -> Option<&Resource> {
        if let Value::Template(parts) = &node.value {
            let mut references = parts.iter().filter_map(|part| match part {
                Part::Reference(reference) => self.resource(&reference.resource),
                _ => None,
            });
            return match (references.next(), references.next()) {
                (Some(one), None) => Some(one),
                (None, _) => match parts.last() {
                    Some(Part::Literal(text)) => self.by_tail(text),
                    _ => None,
                },
                _ => None,
            };
        }
        let text = node.as_text()?;
        self.by_id
            .get(text)
            .or_else(|| self.by_name.get(text))
            .map(|index| &self.resources[*index])
            .or_else(|| text.starts_with("arn:").then(|| self.by_tail(text)).flatten())
    }

    /// The resource of a type that a value names: as [`Self::named`], also where a resource of another type has the
    /// same name, and where both names hang on the same parameters and are known in this alone.
    pub fn named_as(&self, kind: &Arc<str>, node: &Node) -> Option<&Resource> {
        let named = self.named(node).filter(|resource| resource.kind == *kind);
        named.or_else(|| {
            let key = is_same_everywhere(node).then(|| (kind.clone(), node.to_string()))?;
            self.by_kind_and_name.get(&key).map(|index| &self.resources[*index])
        })
    }

    /// The function that a value names, also by one of its aliases or versions.
    pub fn function(&self, node: &Node) -> Option<&Resource> {
        let mut target = self.named(node)?;
        // A version of an alias of a function is as long as such a chain gets.
        for _ in 0..3 {
            match &*target.kind {
                "AWS::Lambda::Alias" | "AWS::Lambda::Version" => {
                    target = self.named(target.property("FunctionName")?)?;
                }
                _ => break,
            }
        }
        Some(target).filter(|target| &*target.kind == "AWS::Lambda::Function")
    }

    fn by_tail(&self, text: &str) -> Option<&Resource> {
        let tail = text.rsplit([':', '/']).next().filter(|tail| !tail.is_empty())?;
        self.by_name.get(tail).map(|index| &self.resources[*index])
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

/// Whether two values of a project that are written alike are the same: nothing in them is made anew at each place.
fn is_same_everywhere(node: &Node) -> bool {
    let stable = |part: &Part| match part {
        Part::Literal(_) | Part::Reference(_) => true,
        Part::Unknown(reason) => matches!(
            reason.kind,
            UnknownKind::Parameter | UnknownKind::Pseudo | UnknownKind::Import | UnknownKind::Dynamic
        ),
    };
    node.parts().is_some_and(|parts| parts.iter().all(stable))
}

/// Whether a name property of a type is the name of the resource itself.
fn own_name(kind: &str, key: &str) -> bool {
    match key {
        "FunctionName" => kind == "AWS::Lambda::Function",
        "TableName" => kind.starts_with("AWS::DynamoDB::"),
        "BucketName" => kind == "AWS::S3::Bucket",
        "RoleName" => kind == "AWS::IAM::Role",
        "UserName" => kind == "AWS::IAM::User",
        "GroupName" => kind == "AWS::IAM::Group",
        "LogGroupName" => kind == "AWS::Logs::LogGroup",
        "QueueName" => kind == "AWS::SQS::Queue",
        "TopicName" => kind == "AWS::SNS::Topic",
        "Name" => kind.starts_with("AWS::SecretsManager::") || kind.starts_with("AWS::Events::"),
        _ => true,
    }
}
