//! The Cedar schema of what the provider publishes of a resource type.

use super::carry::DOCUMENT;
use crate::model::registry::{Carried, Record, Scalar, Schema};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The namespaces of a Cedar schema: entity types and common types by name.
#[derive(Debug, Default)]
pub(super) struct Namespaces(BTreeMap<String, Namespace>);

#[derive(Debug, Default)]
struct Namespace {
    entities: Map<String, Value>,
    commons: Map<String, Value>,
}

impl Namespaces {
    /// Adds an entity type.
    pub(super) fn add_entity(&mut self, name: &str, entity: Value) {
        let (namespace, name) = name.rsplit_once("::").unwrap_or(("", name));
        self.0.entry(namespace.to_owned()).or_default().entities.insert(name.to_owned(), entity);
    }

    /// Adds what a resource type publishes: its own attributes, where it has some, stand before the provider's.
    pub(super) fn add_published(&mut self, schema: &Schema, own: Map<String, Value>, common: &Map<String, Value>) {
        let uses = schema.uses();
        for record in schema.records() {
            let mut attributes = self.attributes(schema, record);
            if record.name.is_empty() {
                attributes.extend(own.clone());
                let shape = json!({ "type": "Record", "attributes": attributes });
                self.add_entity(&record.entity, json!({ "memberOfTypes": ["Leastwise::DataClass"], "shape": shape }));
                continue;
            }
            if uses.records.contains(&record.name) {
                let shape = json!({ "type": "Record", "attributes": attributes.clone() });
                let namespace = self.0.entry(schema.kind.to_owned()).or_default();
                namespace.commons.insert(common_name(record), shape);
            }
            if !uses.elements.contains(&record.name) && !uses.recursive.contains(&record.name) {
                continue;
            }
            attributes.extend(common.clone());
            attributes.insert("of".to_owned(), json!({ "type": "Entity", "name": owner(schema) }));
            attributes.insert("property".to_owned(), json!({ "type": "String" }));
            attributes.insert("key".to_owned(), json!({ "type": "String" }));
            let shape = json!({ "type": "Record", "attributes": attributes });
            let members = json!(["Leastwise::DataClass", owner(schema)]);
            self.add_entity(&record.entity, json!({ "memberOfTypes": members, "shape": shape }));
        }
    }

    /// The schema, with the actions of the empty namespace.
    pub(super) fn finish(mut self, actions: &Map<String, Value>) -> Value {
        self.0.entry(String::new()).or_default();
        let mut schema = Map::new();
        for (name, namespace) in self.0 {
            let actions = if name.is_empty() { json!(actions) } else { json!({}) };
            let Namespace { entities, commons } = namespace;
            schema.insert(name, json!({ "entityTypes": entities, "commonTypes": commons, "actions": actions }));
        }
        Value::Object(schema)
    }

    fn attributes(&self, schema: &Schema, record: &Record) -> Map<String, Value> {
        let attribute = |property: &crate::model::registry::Property| {
            let mut kind = type_of(schema, schema.carried(&property.shape));
            kind.insert("required".to_owned(), json!(property.required));
            (property.name.clone(), Value::Object(kind))
        };
        record.properties.iter().map(attribute).collect()
    }
}

/// The entity type of the resource itself.
pub(super) fn owner(schema: &Schema) -> &str {
    schema.record("").map_or(schema.kind, |record| record.entity.as_str())
}

fn type_of(schema: &Schema, carried: Carried<'_>) -> Map<String, Value> {
    let kind = match carried {
        Carried::Scalar(scalar) => scalar_type(scalar),
        Carried::Set(scalar) => json!({ "type": "Set", "element": scalar_type(scalar) }),
        Carried::Record(record) => json!({ "type": format!("{}::{}", schema.kind, common_name(record)) }),
        Carried::Entity(record) => json!({ "type": "Entity", "name": record.entity }),
        Carried::Elements(record) => {
            json!({ "type": "Set", "element": { "type": "Entity", "name": record.entity } })
        }
        Carried::Document => json!({ "type": "Entity", "name": DOCUMENT }),
    };
    match kind {
        Value::Object(kind) => kind,
        _ => Map::new(),
    }
}

fn scalar_type(scalar: Scalar) -> Value {
    match scalar {
        Scalar::String => json!({ "type": "String" }),
        Scalar::Long => json!({ "type": "Long" }),
        Scalar::Bool => json!({ "type": "Boolean" }),
        Scalar::Decimal => json!({ "type": "Extension", "name": "decimal" }),
    }
}

/// The common type of a record; an entity type of the record's name stands beside it.
fn common_name(record: &Record) -> String {
    format!("{}Record", record.name)
}
