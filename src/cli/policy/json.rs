//! The policy as IAM takes it: literal ARNs, and `${…}` where a part is not known.

use super::Asked;
use super::statement::Statement;
use crate::fact::{composed_arn, own_name};
use crate::model::{Format, Project, Resource};
use crate::syntax::{Node, Part, Reference, UnknownKind, Value as Held};
use serde_json::{Map, Value, json};

/// The policy document.
pub(super) fn print(asked: &Asked<'_>) -> Value {
    document(asked.statements, &|node| json!(literal(asked.project, node)))
}

/// A policy document whose values are written by `word`.
pub(super) fn document(statements: &[Statement], word: &dyn Fn(&Node) -> Value) -> Value {
    let statements: Vec<Value> = statements.iter().map(|one| statement(one, word)).collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// One statement whose values are written by `word`; a single resource stands alone.
pub(super) fn statement(statement: &Statement, word: &dyn Fn(&Node) -> Value) -> Value {
    let actions: Vec<String> = statement.actions.iter().map(ToString::to_string).collect();
    let mut resources: Vec<Value> = statement.resources.iter().map(word).collect();
    resources.dedup();
    let mut entries = Map::new();
    entries.insert("Sid".to_owned(), json!(statement.sid));
    entries.insert("Effect".to_owned(), json!("Allow"));
    entries.insert("Action".to_owned(), json!(actions));
    let alone = if resources.len() == 1 { resources.pop() } else { None };
    entries.insert("Resource".to_owned(), alone.unwrap_or(Value::Array(resources)));
    if let Some(condition) = &statement.condition {
        entries.insert("Condition".to_owned(), value(condition, word));
    }
    Value::Object(entries)
}

/// A value of a condition.
fn value(node: &Node, word: &dyn Fn(&Node) -> Value) -> Value {
    match &node.value {
        Held::Map(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.to_string(), value(&entry.value, word))).collect())
        }
        Held::List(items) => Value::Array(items.iter().map(|item| value(item, word)).collect()),
        _ => word(node),
    }
}

/// The text of a value: what an account says alone is `${AWS::…}`, the name of a resource `${LogicalId}`.
pub(super) fn literal(project: &Project, node: &Node) -> String {
    let Some(parts) = node.parts() else { return node.to_string() };
    parts.iter().map(|part| text(project, part, 0)).collect()
}

fn text(project: &Project, part: &Part, depth: u32) -> String {
    match part {
        Part::Literal(text) => text.to_string(),
        Part::Unknown(reason) => match (reason.kind, &*reason.what) {
            (UnknownKind::Pseudo, "AWS::Partition") => partition(project).to_owned(),
            (UnknownKind::Pseudo, "AWS::Region") => match project.region.as_text() {
                Some(region) => region.to_owned(),
                None => "${AWS::Region}".to_owned(),
            },
            (UnknownKind::Pseudo | UnknownKind::Parameter, what) => format!("${{{what}}}"),
            _ => "*".to_owned(),
        },
        Part::Reference(reference) => named(project, reference, depth),
    }
}

fn named(project: &Project, reference: &Reference, depth: u32) -> String {
    let resource = project.resource(&reference.resource);
    let id = resource.map_or(&*reference.resource, |resource| local_id(project, resource));
    let composed = resource.and_then(composed_arn).filter(|_| depth == 0);
    let whole = |parts: &[Part]| parts.iter().map(|part| text(project, part, depth + 1)).collect::<String>();
    match (&*reference.attribute, composed) {
        ("Arn", Some(parts)) => whole(&parts),
        ("StreamArn", Some(parts)) => whole(&parts) + "/stream/*",
        // What composes an ARN is a name.
        ("", _) if depth > 0 && resource.and_then(own_name).is_some() => {
            resource.and_then(own_name).unwrap_or_default().to_owned()
        }
        ("", _) => format!("${{{id}}}"),
        (attribute, _) => format!("${{{id}.{attribute}}}"),
    }
}

/// The id of a resource in its own template: without the stacks that nest it, or the stack of an assembly.
pub(super) fn local_id<'r>(project: &Project, resource: &'r Resource) -> &'r str {
    match project.format {
        Format::Terraform | Format::Account => &resource.id,
        _ => resource.id.rsplit('/').next().unwrap_or(&resource.id),
    }
}

/// The partition of the project's region; AWS's own where it is not known.
pub(super) fn partition(project: &Project) -> &'static str {
    const OTHERS: [(&str, &str); 3] = [("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")];
    let region = project.region.as_text().unwrap_or_default();
    OTHERS.iter().find(|(start, _)| region.starts_with(start)).map_or("aws", |(_, partition)| partition)
}
