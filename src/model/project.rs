//! One deployable root: a template that no other nests, a Terraform root module, a serverless.yml, an account.

use super::Resource;
use crate::syntax::{Node, Part, UnknownKind, Value};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

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
    /// An OpenAPI document for API Gateway that no template takes in.
    OpenApi,
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
    pointers: OnceLock<Pointers>,
}

/// What resources point at by the property that says whom they are for.
#[derive(Debug, Clone, Default)]
struct Pointers {
    /// Those that point at a resource, by its id, in the order of the source.
    at: HashMap<Arc<str>, Vec<usize>>,
    /// The last one of each type of which it is not known what it points at.
    adrift: HashMap<Arc<str>, usize>,
    /// Log groups by their names as they are printed.
    groups: HashMap<String, Vec<usize>>,
}

/// The properties that hold a resource's own name, across types.
const NAMES: [&str; 13] = [
    "AliasName",
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
        Self { path, format, resources, region, by_id, by_kind, by_name, pointers: OnceLock::new() }
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
        let is_invoked = |kind: &str| INVOKED.contains(&kind);
        let mut target = self.named_of(node, is_invoked)?;
        // A version of an alias of a function is as long as such a chain gets.
        for _ in 0..3 {
            match &*target.kind {
                "AWS::Lambda::Alias" | "AWS::Lambda::Version" => {
                    target = self.named_of(target.property("FunctionName")?, is_invoked)?;
                }
                _ => break,
            }
        }
        Some(target).filter(|target| &*target.kind == "AWS::Lambda::Function")
    }

    /// The id that a resource has in its own template: without the stacks that nest it, which say no more of what is
    /// wrong in it.
    pub fn local_id<'r>(&self, resource: &'r Resource) -> &'r str {
        match self.format {
            Format::CloudFormation | Format::Sam => {
                resource.id.splitn(resource.calls.len() + 1, '/').last().unwrap_or(&resource.id)
            }
            _ => &resource.id,
        }
    }

    /// All resources of a type.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Resource> {
        self.by_kind.get(kind).into_iter().flatten().map(|index| &self.resources[*index])
    }

    /// The resources that point at one by the property that says whom they are for: permissions, event sources and
    /// invoke settings at their function, rules and schedules at the functions that they invoke, functions at the log
    /// group that they name, log groups at the function whose name is theirs, bucket policies at their bucket.
    pub fn pointing_at(&self, id: &str) -> impl Iterator<Item = &Resource> {
        self.pointers().at.get(id).into_iter().flatten().map(|index| &self.resources[*index])
    }

    /// The last resource of a type that points at something that is not known: it may be anything.
    pub fn adrift(&self, kind: &str) -> Option<&Resource> {
        self.pointers().adrift.get(kind).map(|index| &self.resources[*index])
    }

    /// The log groups of a name as it is printed; equal ones may still differ in what is not known of them.
    pub fn log_groups_called(&self, name: &str) -> impl Iterator<Item = &Resource> {
        self.pointers().groups.get(name).into_iter().flatten().map(|index| &self.resources[*index])
    }

    /// Found at first use: most projects ask it of every function, and without it each would look at every resource.
    fn pointers(&self) -> &Pointers {
        self.pointers.get_or_init(|| {
            let mut pointers = Pointers::default();
            for (index, resource) in self.resources.iter().enumerate() {
                for target in self.pointed_at(resource, index, &mut pointers) {
                    let from = pointers.at.entry(target.id.clone()).or_default();
                    if from.last() != Some(&index) {
                        from.push(index);
                    }
                }
            }
            pointers
        })
    }

    /// What a resource points at; that it is not known is noted.
    fn pointed_at(&self, resource: &Resource, index: usize, pointers: &mut Pointers) -> Vec<&Resource> {
        let function = |path| resource.property(path).and_then(|node| self.function(node)).into_iter().collect();
        match &*resource.kind {
            "AWS::Lambda::Permission" | "AWS::Lambda::EventSourceMapping" | "AWS::Lambda::EventInvokeConfig" => {
                function("FunctionName")
            }
            "AWS::Scheduler::Schedule" => function("Target.Arn"),
            "AWS::Events::Rule" => {
                let targets = resource.property("Targets").map(Node::items).unwrap_or_default();
                targets.iter().filter_map(|target| self.function(target.get("Arn")?)).collect()
            }
            "AWS::Lambda::Function" => {
                let group = resource.property("LoggingConfig.LogGroup");
                group.and_then(|node| self.named_of(node, |kind| kind == "AWS::Logs::LogGroup")).into_iter().collect()
            }
            "AWS::S3::BucketPolicy" => {
                let Some(bucket) = resource.property("Bucket") else { return Vec::new() };
                let found = self.named_of(bucket, |kind| kind == "AWS::S3::Bucket");
                if found.is_none() && !is_whole(bucket) {
                    pointers.adrift.insert(resource.kind.clone(), index);
                }
                found.into_iter().collect()
            }
            "AWS::Logs::LogGroup" => {
                let Some(name) = resource.property("LogGroupName") else { return Vec::new() };
                pointers.groups.entry(name.to_string()).or_default().push(index);
                match name.parts().as_deref() {
                    Some([Part::Literal(before), Part::Reference(reference)]) if &**before == FUNCTIONS_LOGS => {
                        return self.resource(&reference.resource).into_iter().collect();
                    }
                    None | Some([Part::Literal(_)]) => {}
                    Some([Part::Literal(before), ..])
                        if !before.starts_with(FUNCTIONS_LOGS) && !FUNCTIONS_LOGS.starts_with(&**before) => {}
                    Some(_) => {
                        pointers.adrift.insert(resource.kind.clone(), index);
                    }
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// The folder that the project lies in, `""` for the root.
    pub fn folder(&self) -> &str {
        match self.format {
            Format::Terraform => &self.path,
            _ => self.path.rfind('/').map_or("", |slash| &self.path[..slash]),
        }
    }
}

/// What the names of functions' log groups begin with.
pub const FUNCTIONS_LOGS: &str = "/aws/lambda/";

/// Whether nothing of a name is open: a literal, or a reference to what is not in the project.
fn is_whole(name: &Node) -> bool {
    name.parts().is_some_and(|parts| parts.iter().all(|part| !matches!(part, Part::Unknown(_))))
}

/// The types that an invocation may name.
const INVOKED: [&str; 3] = ["AWS::Lambda::Function", "AWS::Lambda::Alias", "AWS::Lambda::Version"];

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
        "AliasName" => kind == "AWS::KMS::Alias",
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
