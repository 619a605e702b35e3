//! Which resources name which others: roles and policies, functions and what their environment names, event sources,
//! log groups, keys, alarms; by reference, by name, or by ARN.

use super::{Project, Resource};
use crate::source::Span;
use crate::syntax::{Node, Part, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One resource names another.
#[derive(Debug, Clone)]
pub struct Link<'a> {
    /// Where it is named.
    pub from: &'a Resource,
    /// Dotted path of the property that names it, without the indices of lists.
    pub path: String,
    /// What is named.
    pub to: Target<'a>,
    /// The place of the value.
    pub span: Span,
}

/// The end of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target<'a> {
    /// A resource of the project.
    Resource(&'a Arc<str>),
    /// A managed policy of AWS, by its ARN.
    Managed(Arc<str>),
}

/// Below these every text may be the name of a resource.
const ENVIRONMENT: &str = "Environment.Variables.";

/// Keys that hold names, ARNs or addresses end in one of these.
const NAMING: [&str; 20] = [
    "arn", "name", "id", "url", "uri", "role", "roles", "users", "group", "groups", "bucket", "queue", "queues",
    "topic", "topics", "table", "resource", "value", "function", "endpoint",
];

/// Keys that name resources of one type, as properties and as dimensions of CloudWatch's metrics, and the property that
/// holds the name there (Amazon CloudWatch User Guide, services that publish metrics, 2026-12).
const NAMED: [(&str, &str, &str); 18] = [
    ("ApiName", "AWS::ApiGateway::RestApi", "Name"),
    ("Bucket", "AWS::S3::Bucket", "BucketName"),
    ("BucketName", "AWS::S3::Bucket", "BucketName"),
    ("ClusterName", "AWS::ECS::Cluster", "ClusterName"),
    ("DBClusterIdentifier", "AWS::RDS::DBCluster", "DBClusterIdentifier"),
    ("DBInstanceIdentifier", "AWS::RDS::DBInstance", "DBInstanceIdentifier"),
    ("DeliveryStreamName", "AWS::KinesisFirehose::DeliveryStream", "DeliveryStreamName"),
    ("EventBusName", "AWS::Events::EventBus", "Name"),
    ("FunctionName", "AWS::Lambda::Function", "FunctionName"),
    ("GraphQLAPIId", "AWS::AppSync::GraphQLApi", "ApiId"),
    ("LogGroup", "AWS::Logs::LogGroup", "LogGroupName"),
    ("LogGroupName", "AWS::Logs::LogGroup", "LogGroupName"),
    ("QueueName", "AWS::SQS::Queue", "QueueName"),
    ("RuleName", "AWS::Events::Rule", "Name"),
    ("StreamName", "AWS::Kinesis::Stream", "Name"),
    ("TableName", "AWS::DynamoDB::GlobalTable", "TableName"),
    ("TableName", "AWS::DynamoDB::Table", "TableName"),
    ("TopicName", "AWS::SNS::Topic", "TopicName"),
];

/// The services of ARNs whose names in types are not the same word.
const SERVICES: [(&str, &str); 6] = [
    ("elasticloadbalancing", "elasticloadbalancingv2"),
    ("es", "elasticsearch"),
    ("firehose", "kinesisfirehose"),
    ("states", "stepfunctions"),
    ("execute-api", "apigateway"),
    ("aoss", "opensearchserverless"),
];

/// The links of a project in the order of its resources and their properties; each path and target once a resource.
pub fn links(project: &Project) -> Vec<Link<'_>> {
    let mut found = Vec::new();
    for resource in &project.resources {
        let mut walk = Walk { project, from: resource, seen: BTreeSet::new(), found: &mut found };
        walk.node("", &resource.properties);
    }
    found
}

struct Walk<'a, 'b> {
    project: &'a Project,
    from: &'a Resource,
    seen: BTreeSet<(String, Arc<str>)>,
    found: &'b mut Vec<Link<'a>>,
}

impl<'a> Walk<'a, '_> {
    fn node(&mut self, path: &str, node: &'a Node) {
        match &node.value {
            Value::Map(entries) => {
                if last_key(path) == "Dimensions" && self.dimension(path, node) {
                    return;
                }
                for entry in entries.iter().filter(|entry| !entry.key.starts_with("__")) {
                    let below = if path.is_empty() { entry.key.to_string() } else { format!("{path}.{}", entry.key) };
                    self.node(&below, &entry.value);
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.node(path, item)),
            Value::Either { then, otherwise, .. } => {
                self.node(path, then);
                self.node(path, otherwise);
            }
            Value::Template(parts) => self.template(path, node, parts),
            Value::String(text) => self.text(path, node, text),
            _ => {}
        }
    }

    fn template(&mut self, path: &str, node: &Node, parts: &'a [Part]) {
        let mut referred = false;
        for part in parts {
            if let Part::Reference(reference) = part
                && let Some(target) = self.project.resource(&reference.resource)
            {
                referred = true;
                self.put(path, node, Target::Resource(&target.id));
            }
        }
        if !referred && self.is_naming(path) {
            self.by_name(path, node);
        }
    }

    fn text(&mut self, path: &str, node: &Node, text: &str) {
        if text.starts_with("arn:") && text.contains(":iam::aws:policy/") {
            self.put(path, node, Target::Managed(text.into()));
        } else if let Some(function) = text.strip_prefix("/aws/lambda/").filter(|_| is_naming(path)) {
            self.by_name(path, &Node::string(function, node.span));
        } else if self.is_naming(path) {
            self.by_name(path, node);
        }
    }

    /// Whether a property may name another resource: its own name does not.
    fn is_naming(&self, path: &str) -> bool {
        let own = self.from.kind.rsplit("::").next().unwrap_or_default();
        is_naming(path) && path != "Name" && path.strip_suffix("Name") != Some(own)
    }

    /// A dimension of a metric by the name that it has; false where it names nothing that is known.
    fn dimension(&mut self, path: &str, dimension: &Node) -> bool {
        let name = dimension.get("Name").and_then(Node::as_text);
        let (Some(name), Some(value)) = (name, dimension.get("Value")) else { return false };
        let Some(target) = self.of_key(name, value) else { return false };
        self.put(&format!("{path}.Value"), value, Target::Resource(&target.id));
        true
    }

    fn by_name(&mut self, path: &str, node: &Node) {
        let found = self.of_key(last_key(path), node).or_else(|| match service(node) {
            // What an ARN or an address names is of the service that it speaks of, whatever else has the same name.
            Some(service) => self.project.named_of(node, |kind| is_of(kind, &service)).or_else(|| self.queue(node)),
            None => self.project.named(node),
        });
        if let Some(target) = found {
            self.put(path, node, Target::Resource(&target.id));
        }
    }

    /// The resource that a key names by its type.
    fn of_key(&self, key: &str, node: &Node) -> Option<&'a Resource> {
        let text = node.as_text()?;
        let rows = NAMED.iter().filter(|(named, _, _)| *named == key);
        rows.flat_map(|(_, kind, own)| self.project.of_kind(kind).map(move |resource| (resource, own)))
            .find(|(resource, own)| resource.property(own).and_then(Node::as_text) == Some(text))
            .map(|(resource, _)| resource)
    }

    /// The queue that an address ends in.
    fn queue(&self, node: &Node) -> Option<&'a Resource> {
        let name = node.as_text()?.rsplit('/').next()?;
        self.of_key("QueueName", &Node::string(name, node.span))
    }

    fn put(&mut self, path: &str, node: &Node, to: Target<'a>) {
        let id = match &to {
            Target::Resource(id) => Arc::clone(id),
            Target::Managed(arn) => arn.clone(),
        };
        if id != self.from.id && self.seen.insert((path.to_owned(), id)) {
            self.found.push(Link { from: self.from, path: path.to_owned(), to, span: node.span });
        }
    }
}

fn last_key(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The service that an ARN or the address of a queue speaks of, in small letters as in types; `None` for plain names.
fn service(node: &Node) -> Option<String> {
    let text = node.as_text()?;
    if text.starts_with("https://sqs.") {
        return Some("sqs".into());
    }
    let of_arn = text.strip_prefix("arn:")?.split(':').nth(1)?;
    let other = SERVICES.iter().find(|(arn, _)| *arn == of_arn);
    Some(other.map_or(of_arn, |(_, kind)| kind).to_owned())
}

/// Whether a type is of a service.
fn is_of(kind: &str, service: &str) -> bool {
    kind.split("::").nth(1).is_some_and(|of| of.eq_ignore_ascii_case(service))
}

fn is_naming(path: &str) -> bool {
    let last = last_key(path).to_ascii_lowercase();
    path.starts_with(ENVIRONMENT) || NAMING.iter().any(|end| last.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::{Target, links};
    use crate::model::{Format, Project, Resource};
    use crate::source::{FileId, Span};
    use crate::syntax::Node;

    fn resource(kind: &str, id: &str, properties: &[(&str, Node)]) -> Resource {
        let span = Span::start_of(FileId(0));
        Resource::new(kind, id, Node::map(properties.iter().cloned(), span), span)
    }

    #[test]
    fn resources_are_linked_by_reference_name_and_arn() {
        let span = Span::start_of(FileId(0));
        let text = |text: &str| Node::string(text, span);
        let map = |key: &'static str, node: Node| Node::map([(key, node)], span);
        let resources = vec![
            resource(
                "AWS::IAM::Role",
                "Role",
                &[("ManagedPolicyArns", Node::list(vec![text("arn:aws:iam::aws:policy/ReadOnlyAccess")], span))],
            ),
            resource("AWS::DynamoDB::Table", "Table", &[("TableName", text("orders"))]),
            resource(
                "AWS::Lambda::Function",
                "Function",
                &[
                    ("FunctionName", text("place")),
                    ("Role", Node::reference("Role", "Arn", span)),
                    ("Environment", map("Variables", map("TABLE", text("orders")))),
                    ("Description", text("orders")),
                ],
            ),
            resource("AWS::Logs::LogGroup", "Logs", &[("LogGroupName", text("/aws/lambda/place"))]),
            resource(
                "AWS::Lambda::EventSourceMapping",
                "Source",
                &[
                    ("FunctionName", text("place")),
                    ("EventSourceArn", text("arn:aws:dynamodb:eu-west-1:111122223333:table/orders")),
                ],
            ),
        ];
        let project = Project::new("template.yaml".into(), Format::CloudFormation, resources, text("eu-west-1"));
        let shown: Vec<String> = links(&project)
            .iter()
            .map(|link| match &link.to {
                Target::Resource(id) => format!("{} {} {id}", link.from.id, link.path),
                Target::Managed(arn) => format!("{} {} {arn}", link.from.id, link.path),
            })
            .collect();
        assert_eq!(
            shown,
            [
                "Role ManagedPolicyArns arn:aws:iam::aws:policy/ReadOnlyAccess",
                "Function Role Role",
                "Function Environment.Variables.TABLE Table",
                "Logs LogGroupName Function",
                "Source FunctionName Function",
                "Source EventSourceArn Table",
            ]
        );
    }
}
