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
const NAMING: [&str; 17] = [
    "arn", "name", "id", "url", "uri", "role", "roles", "users", "groups", "bucket", "queue", "queues", "topic",
    "topics", "table", "resource", "value",
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
        if !referred && is_naming(path) {
            self.by_name(path, node);
        }
    }

    fn text(&mut self, path: &str, node: &Node, text: &str) {
        if text.starts_with("arn:") && text.contains(":iam::aws:policy/") {
            self.put(path, node, Target::Managed(text.into()));
        } else if is_naming(path) {
            match text.strip_prefix("/aws/lambda/") {
                Some(function) => self.by_name(path, &Node::string(function, node.span)),
                None => self.by_name(path, node),
            }
        }
    }

    fn by_name(&mut self, path: &str, node: &Node) {
        if let Some(target) = self.project.named(node) {
            self.put(path, node, Target::Resource(&target.id));
        }
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

fn is_naming(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path).to_ascii_lowercase();
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
