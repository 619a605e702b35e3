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
    by_kind: HashMap<Arc<str>, Vec<usize>>,
    /// Resources of different types may have the same name.
    by_name: HashMap<String, Vec<usize>>,
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
        let mut by_kind: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, resource) in resources.iter().enumerate() {
            by_id.entry(resource.id.clone()).or_insert(index);
            by_kind.entry(resource.kind.clone()).or_default().push(index);
            // A permission's FunctionName is not its own name.
            let own = |key: &&&str| own_name(&resource.kind, key);
            for name in NAMES.iter().filter(own).filter_map(|key| resource.property(key)).filter_map(name_of) {
                by_name.entry(name).or_default().push(index);
            }
        }
        Self { path, format, resources, region, by_id, by_kind, by_name }
    }

    /// The resource of an id.
    pub fn resource(&self, id: &str) -> Option<&Resource> {
        self.by_id.get(id).map(|index| &self.resources[*index])
    }

    /// The resource that a value names: by reference, by its name, or by an ARN or URL that ends in it.
    pub fn named(&self, node: &Node) -> Option<&Resource> {
        self.named_of(node, |_| true)
    }

    /// The same among the resources of some types: those of others may have the same name.
    pub fn named_of(&self, node: &Node, fits: impl Fn(&str) -> bool) -> Option<&Resource> {
        let fits = |resource: &&Resource| fits(&resource.kind);
        let by_name =
            |name: &str| self.by_name.get(name).into_iter().flatten().map(|index| &self.resources[*index]).find(fits);
        let by_tail = |text: &str| by_name(text.rsplit([':', '/']).next().filter(|tail| !tail.is_empty())?);
        if let Value::Template(parts) = &node.value {
            let mut references = parts.iter().filter_map(|part| match part {
                Part::Reference(reference) => self.resource(&reference.resource),
                _ => None,
            });
            return match (references.next(), references.next()) {
                (Some(one), None) => Some(one).filter(fits),
                (None, _) => name_of(node).and_then(|name| by_name(&name)).or_else(|| match parts.last() {
                    Some(Part::Literal(text)) => by_tail(text),
                    _ => None,
                }),
                _ => None,
            };
        }
        let Some(text) = node.as_text() else { return name_of(node).and_then(|name| by_name(&name)) };
        self.resource(text)
            .filter(fits)
            .or_else(|| by_name(text))
            .or_else(|| text.starts_with("arn:").then(|| by_tail(text)).flatten())
    }

    /// The function that a value names, also by one of its aliases or versions.
    pub fn function(&self, node: &Node) -> Option<&Resource> {
        let mut target = self.named_of(node, |kind| kind.starts_with("AWS::Lambda::"))?;
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

    /// All resources of a type.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Resource> {
        self.by_kind.get(kind).into_iter().flatten().map(|index| &self.resources[*index])
    }

    /// The folder that the project lies in, `""` for the root.
    pub fn folder(&self) -> &str {
        match self.format {
            Format::Terraform => &self.path,
            _ => self.path.rfind('/').map_or("", |slash| &self.path[..slash]),
        }
    }
}

/// What a name is called by: its text, or its parts where nothing in them is made anew at each place.
fn name_of(node: &Node) -> Option<String> {
    let stable = |part: &Part| match part {
        Part::Literal(_) | Part::Reference(_) => true,
        Part::Unknown(reason) => matches!(
            reason.kind,
            UnknownKind::Parameter | UnknownKind::Pseudo | UnknownKind::Import | UnknownKind::Dynamic
        ),
    };
    node.parts().is_some_and(|parts| parts.iter().all(stable)).then(|| node.to_string())
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
