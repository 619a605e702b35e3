//! The lowered template, as JSON that CloudFormation would read but for what is not known.

use super::value::{entries, is_derived, redacted};
use crate::infra::openapi::IMPORTED;
use crate::model::Project;
use crate::syntax::{Node, Part, Reference, Value as Held};
use serde_json::{Map, Value, json};

/// One template a project; a single project is printed alone, several as a map by path.
pub(super) fn print(projects: &[Project]) -> Value {
    match projects {
        [only] => template(only),
        _ => Value::Object(projects.iter().map(|project| (project.path.to_string(), template(project))).collect()),
    }
}

fn template(project: &Project) -> Value {
    let mut resources = Map::new();
    for resource in project.resources.iter().filter(|resource| !is_derived(&resource.properties)) {
        let mut entry = Map::new();
        entry.insert("Type".to_owned(), json!(resource.kind));
        let mut properties = value("", &resource.properties);
        // What the API has from its document is said there.
        let imported = resource.property(IMPORTED).map(Node::items).unwrap_or_default();
        for name in imported.iter().filter_map(Node::as_text) {
            properties.as_object_mut().map(|held| held.remove(name));
        }
        entry.insert("Properties".to_owned(), properties);
        for attribute in resource.attributes.iter().flat_map(entries) {
            entry.insert(attribute.key.to_string(), value(&attribute.key, &attribute.value));
        }
        resources.insert(resource.id.to_string(), Value::Object(entry));
    }
    json!({ "Resources": resources })
}

/// A value in CloudFormation's own words; what is not known is said under `Leastwise::Unknown`.
pub(super) fn value(key: &str, node: &Node) -> Value {
    if let Some(redacted) = redacted(key, node) {
        return json!(redacted);
    }
    match &node.value {
        Held::Null | Held::Absent => json!({ "Ref": "AWS::NoValue" }),
        Held::Bool(held) => json!(held),
        Held::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        Held::String(text) => json!(text),
        Held::Template(parts) => template_value(parts),
        Held::List(items) => Value::Array(items.iter().map(|item| value(key, item)).collect()),
        Held::Map(_) => {
            Value::Object(entries(node).map(|entry| (entry.key.to_string(), value(&entry.key, &entry.value))).collect())
        }
        Held::Either { condition, then, otherwise } => {
            json!({ "Fn::If": [condition, value(key, then), value(key, otherwise)] })
        }
        Held::Unknown(reason) => match reason.kind {
            crate::syntax::UnknownKind::Pseudo => json!({ "Ref": reason.what }),
            _ => json!({ "Leastwise::Unknown": reason.to_string() }),
        },
    }
}

fn template_value(parts: &[Part]) -> Value {
    if let [Part::Reference(reference)] = parts {
        return reference_value(reference);
    }
    let text: String = parts
        .iter()
        .map(|part| match part {
            Part::Literal(text) => text.replace("${", "${!"),
            other => other.to_string(),
        })
        .collect();
    json!({ "Fn::Sub": text })
}

fn reference_value(reference: &Reference) -> Value {
    if reference.attribute.is_empty() {
        json!({ "Ref": reference.resource })
    } else {
        json!({ "Fn::GetAtt": [reference.resource, reference.attribute] })
    }
}
