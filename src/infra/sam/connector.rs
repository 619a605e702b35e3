//! `AWS::Serverless::Connector`, on its own or embedded in a resource: the policy or permission it stands for.

use super::output::{Origin, Output, Source};
use super::shape::{Object, fill, json, present, text};
use crate::model::Resource;
use crate::source::Span;
use crate::syntax::{Node, Value};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// What each pair of types is given; source and date stand in the file.
const DATA: &str = include_str!("../../../data/sam/connectors.json");

#[derive(Deserialize, Default)]
struct Data {
    profiles: BTreeMap<String, Profile>,
    types: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Profile {
    r#type: String,
    properties: ProfileProperties,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ProfileProperties {
    source_policy: bool,
    access_categories: BTreeMap<String, Json>,
}

/// One end of a connector.
struct End {
    kind: Arc<str>,
    values: BTreeMap<String, Node>,
}

/// The connectors that stand in a resource beside its properties.
pub(super) fn embedded(origin: &Origin, beside: Option<&Node>) -> Vec<Source> {
    let connectors = beside.and_then(|beside| beside.get("Connectors")).map(Node::entries).unwrap_or_default();
    let one = |entry: &crate::syntax::Entry| {
        let given = entry.value.get("Properties").cloned().unwrap_or_else(|| Object::new(entry.key_span).node());
        let mut end = Object::new(entry.key_span).text("Id", &origin.name).node();
        for more in given.get("SourceReference").map(Node::entries).unwrap_or_default() {
            end.set(more.key.clone(), more.key_span, more.value.clone());
        }
        let mut properties = Object::new(given.span).copy(&given, &["Destination", "Permissions"]).node();
        properties.set("Source", entry.key_span, end);
        let id: Arc<str> = format!("{}{}", origin.id, entry.key).into();
        let name: Arc<str> = format!("{}{}", origin.name, entry.key).into();
        let mut resource = Resource::new("AWS::Serverless::Connector", id.clone(), properties, entry.key_span);
        resource.name = name.clone();
        resource.presence = origin.presence.clone();
        Source { origin: Origin { id, name, ..origin.at(entry.key_span) }, resource }
    };
    connectors.iter().map(one).collect()
}

/// Adds what a connector becomes, one for each destination.
pub(super) fn lower(out: &mut Output<'_>, source: &Source) {
    let Some((from, to)) = source.get("Source").zip(source.get("Destination")) else {
        out.refuse(source.origin.span, format!("{} names no source or no destination", source.origin.name));
        return;
    };
    let several = matches!(to.value, Value::List(_));
    for (index, destination) in to.items_or_self().iter().enumerate() {
        let ends = end(out, from, destination).zip(end(out, destination, from));
        let profile = ends.as_ref().and_then(|(from, to)| data().profiles.get(&format!("{} {}", from.kind, to.kind)));
        let (Some((from, to)), Some(profile)) = (ends, profile) else {
            let message =
                format!("{} connects what SAM has no connector for, or names no resource", source.origin.name);
            out.refuse(destination.span, message);
            continue;
        };
        let suffix = if several { format!("Destination{index}") } else { String::new() };
        grant(out, source, profile, &from, &to, &suffix);
    }
}

/// Adds the policy or the permissions of one destination.
fn grant(out: &mut Output<'_>, source: &Source, profile: &Profile, from: &End, to: &End, suffix: &str) {
    let permissions = source.get("Permissions");
    let span = permissions.map_or(source.origin.span, |permissions| permissions.span);
    let origin = source.origin.at(span);
    let wanted: Vec<&str> =
        permissions.map(Node::items_or_self).unwrap_or_default().iter().filter_map(Node::as_text).collect();
    let value = |name: &str| match name.split_once('.') {
        Some(("Source", part)) => from.values.get(part).cloned(),
        Some(("Destination", part)) => to.values.get(part).cloned(),
        _ => None,
    };
    let categories = profile.properties.access_categories.iter().filter(|(name, _)| wanted.contains(&name.as_str()));
    let holder = if profile.properties.source_policy { from } else { to };
    let id = &origin.id;
    let named = |key: &str| holder.values.get(key).cloned();
    if profile.r#type == "AWS_LAMBDA_PERMISSION" {
        for (name, permission) in categories {
            let mut properties = filled(permission, span, &value);
            properties.set("FunctionName", span, named("Arn").unwrap_or_else(|| Node::new(Value::Absent, span)));
            out.generate(&origin, "AWS::Lambda::Permission", format!("{id}{name}LambdaPermission{suffix}"), properties);
        }
        return;
    }
    let statements = categories.flat_map(|(_, category)| {
        category.get("Statement").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default().iter()
    });
    let statements: Vec<Node> = statements.map(|statement| filled(statement, span, &value)).collect();
    let document = Object::new(span).text("Version", "2012-10-17").put("Statement", Node::list(statements, span));
    let (kind, name, key, held) = match profile.r#type.as_str() {
        "AWS_SQS_QUEUE_POLICY" => ("AWS::SQS::QueuePolicy", "QueuePolicy", "Queues", named("Url")),
        "AWS_SNS_TOPIC_POLICY" => ("AWS::SNS::TopicPolicy", "TopicPolicy", "Topics", named("Arn")),
        _ => ("AWS::IAM::ManagedPolicy", "Policy", "Roles", named("RoleName")),
    };
    let held = Node::list(held.into_iter().collect(), span);
    let properties = Object::new(span).put("PolicyDocument", document.node()).put(key, held).node();
    out.generate(&origin, kind, format!("{id}{name}{suffix}"), properties);
}

/// What an end of a connector names; `other` is the other end. `None` where it is nothing of this template.
fn end(out: &Output<'_>, given: &Node, other: &Node) -> Option<End> {
    let mut values = BTreeMap::from([("Qualifier".to_owned(), Node::string("*", given.span))]);
    let kind: Arc<str> = match text(given, "Id") {
        None => plain_type(text(given, "Type")?).into(),
        Some(id) => {
            let id = out.own_id(id);
            let resource = out.find(&id)?;
            for (name, attribute) in data().types.get(&*resource.kind).into_iter().flatten() {
                if name != "Role" {
                    values.insert(name.clone(), Node::reference(id.as_str(), attribute.as_str(), given.span));
                }
            }
            if let Some(id) = values.remove("Id") {
                values.insert("ResourceId".into(), id);
            }
            if let Some(role) = role(resource, other, out) {
                values.insert("RoleName".into(), role);
            }
            resource.kind.clone()
        }
    };
    for (key, name) in [
        ("Arn", "Arn"),
        ("RoleName", "RoleName"),
        ("QueueUrl", "Url"),
        ("ResourceId", "ResourceId"),
        ("Name", "Name"),
        ("Qualifier", "Qualifier"),
    ] {
        if let Some(value) = present(given, key) {
            values.insert(name.into(), value.clone());
        }
    }
    Some(End { kind, values })
}

/// The role of a resource, by name.
fn role(resource: &Resource, other: &Node, out: &Output<'_>) -> Option<Node> {
    let property = match &*resource.kind {
        "AWS::Events::Rule" => {
            let wanted = text(other, "Id").map(|id| out.own_id(id));
            let arn = present(other, "Arn");
            let targets = resource.property("Targets").map(Node::items).unwrap_or_default();
            let target = targets.iter().find(|target| {
                let Some(given) = target.get("Arn") else { return false };
                let id = given.as_reference().map(|reference| reference.resource.to_string());
                (id.is_some() && id == wanted) || arn.is_some_and(|arn| arn.value == given.value)
            })?;
            target.get("RoleArn")?
        }
        kind => resource.property(data().types.get(kind)?.get("Role")?)?,
    };
    Some(Node::reference(property.as_reference()?.resource.clone(), "", property.span))
}

fn plain_type(kind: &str) -> &str {
    match kind {
        "AWS::Serverless::Function" => "AWS::Lambda::Function",
        "AWS::Serverless::StateMachine" => "AWS::StepFunctions::StateMachine",
        "AWS::Serverless::Api" => "AWS::ApiGateway::RestApi",
        "AWS::Serverless::HttpApi" => "AWS::ApiGatewayV2::Api",
        "AWS::Serverless::SimpleTable" => "AWS::DynamoDB::Table",
        other => other,
    }
}

fn filled(value: &Json, span: Span, known: &dyn Fn(&str) -> Option<Node>) -> Node {
    match value {
        Json::String(text) => fill(text, span, known),
        Json::Array(items) => Node::list(items.iter().map(|item| filled(item, span, known)).collect(), span),
        Json::Object(entries) => {
            Node::map(entries.iter().map(|(key, value)| (key.as_str(), filled(value, span, known))), span)
        }
        other => json(other, span),
    }
}

fn data() -> &'static Data {
    static PROFILES: OnceLock<Data> = OnceLock::new();
    PROFILES.get_or_init(|| serde_json::from_str(DATA).unwrap_or_default())
}
