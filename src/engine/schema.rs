//! The Cedar schema, made from the declarations of entity types, so that it cannot drift from the code.

use super::carry::DOCUMENT;
use super::published::Namespaces;
use crate::model::entity::{AttributeKind, Declared, EntityType, Verb, bool, string};
use crate::model::registry::{self, Schema as Published};
use cedar_policy::{Schema, SchemaFragment};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The attributes that every entity of a provider's type has.
const COMMON: &[Declared] = &[
    string("label", "`personal`, `phi`, `pci`, `internal`, `none`, or `unlabelled`; from tags."),
    bool("labelled", "Whether a tag says what data it holds."),
    bool("sensitive", "Whether the label is personal, phi or pci."),
];

/// The attribute that every entity has.
const NAME: Declared = string("name", "What the user calls it.");

/// The attributes of a type, in the order of their declaration.
pub(super) fn attributes(kind: &EntityType) -> impl Iterator<Item = &Declared> {
    let common = if kind.name.starts_with("AWS::") { COMMON } else { &[] };
    std::iter::once(&NAME).chain(common).chain(kind.attributes)
}

/// The schema in Cedar's JSON form, with all that the provider publishes of some types.
pub(super) fn schema_json(types: &[&EntityType], published: &[&Published]) -> Value {
    let mut namespaces = Namespaces::default();
    let common = members(std::iter::once(&NAME).chain(COMMON).map(|declared| (declared.path, declared.kind)));
    let mut deployed: BTreeSet<&str> = BTreeSet::new();
    for schema in published {
        let declared = types.iter().find(|kind| kind.name == schema.kind);
        let own = declared.map(|kind| members(attributes(kind).map(|declared| (declared.path, declared.kind))));
        namespaces.add_published(schema, own.unwrap_or_else(|| common.clone()), &common);
        let is_asked = |name: &String| name.is_empty() || schema.uses().elements.contains(name);
        let asked = schema.records().iter().filter(|record| is_asked(&record.name));
        deployed.extend(asked.map(|record| record.entity.as_str()));
    }
    for kind in types.iter().filter(|kind| !published.iter().any(|schema| schema.kind == kind.name)) {
        let parents = if kind.name.starts_with("AWS") { json!(["Leastwise::DataClass"]) } else { json!([]) };
        let shape = record(attributes(kind).map(|declared| (declared.path, declared.kind)));
        namespaces.add_entity(kind.name, json!({ "memberOfTypes": parents, "shape": shape }));
    }
    namespaces.add_entity("Leastwise::DataClass", json!({}));
    namespaces.add_entity(DOCUMENT, json!({ "tags": { "type": "String" } }));
    let principal = [("name", AttributeKind::String), ("type", AttributeKind::String)];
    namespaces.add_entity("Leastwise::Principal", json!({ "shape": record(principal.into_iter()) }));
    let context = record([("areas", AttributeKind::Bool)].into_iter());
    let action = |verb: Verb| {
        let mut resources: BTreeSet<&str> =
            types.iter().filter(|kind| kind.verb == verb).map(|kind| kind.name).collect();
        if verb == Verb::Deploy {
            resources.extend(&deployed);
        }
        let applies = json!({
            "principalTypes": ["Leastwise::Principal"], "resourceTypes": resources, "context": context.clone(),
        });
        (verb.as_str().to_owned(), json!({ "appliesTo": applies }))
    };
    namespaces.finish(&Verb::ALL.into_iter().map(action).collect())
}

/// The schema as Cedar reads it.
pub(super) fn schema(types: &[&EntityType], published: &[&Published]) -> Result<Schema, String> {
    Schema::from_json_value(schema_json(types, published)).map_err(|error| error.to_string())
}

/// What rules can read of one resource type of the provider's, ours and its own, in Cedar's text form; `None` where AWS
/// publishes no such type.
pub fn published_text(kind: &str, types: &[&EntityType]) -> Option<String> {
    let (schema, _) = registry::entity(kind)?;
    let own = types.iter().find(|known| known.name == schema.kind);
    let common = members(std::iter::once(&NAME).chain(COMMON).map(|declared| (declared.path, declared.kind)));
    let own = own.map(|kind| members(attributes(kind).map(|declared| (declared.path, declared.kind))));
    let mut namespaces = Namespaces::default();
    namespaces.add_published(schema, own.unwrap_or_else(|| common.clone()), &common);
    let fragment = SchemaFragment::from_json_value(namespaces.finish(&Map::new())).ok()?;
    // The built-in types cannot be meant otherwise, as no record of the provider's is called so.
    fragment.to_cedarschema().ok().map(|text| text.replace("__cedar::", ""))
}

/// The schema in Cedar's text form, with what each attribute says: for those who write rules.
pub fn schema_text(types: &[&EntityType]) -> String {
    let mut namespaces: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for kind in types {
        let (namespace, name) = kind.name.rsplit_once("::").unwrap_or(("", kind.name));
        let parent = if namespace.starts_with("AWS") { " in [Leastwise::DataClass]" } else { "" };
        let mut text = format!("  // {}\n  entity {name}{parent} = {{\n", kind.about);
        let mut grouped: BTreeMap<&str, Vec<(&str, &Declared)>> = BTreeMap::new();
        for declared in attributes(kind) {
            let (head, rest) = declared.path.split_once('.').unwrap_or((declared.path, ""));
            grouped.entry(head).or_default().push((rest, declared));
        }
        for (head, members) in grouped {
            match members.as_slice() {
                [("", declared)] => {
                    text += &format!("    // {}\n    {head}: {},\n", declared.about, cedar_type(declared.kind));
                }
                members => {
                    text += &format!("    {head}: {{\n");
                    for (rest, declared) in members {
                        let line = format!("{rest}: {}", cedar_type(declared.kind));
                        text += &format!("      // {}\n      {line},\n", declared.about);
                    }
                    text += "    },\n";
                }
            }
        }
        text += "  };\n";
        namespaces.entry(namespace).or_default().push(text);
    }
    let own = namespaces.entry("Leastwise").or_default();
    own.push("  // A class of data: personal, phi, pci, internal, none, and sensitive for the first three.\n  entity DataClass;\n".into());
    own.push("  // A map, or a document of any shape: its keys are tags.\n  entity Document tags String;\n".into());
    own.push("  // Who does it: the stack, the holder of a grant, the function or file, the store.\n  entity Principal = { name: String, type: String };\n".into());
    let mut text =
        String::from("// Written from the declarations in src/model and src/fact; a test holds the two together.\n\n");
    for (namespace, entities) in namespaces {
        text += &format!("namespace {namespace} {{\n{}}}\n\n", entities.join("\n"));
    }
    for verb in Verb::ALL {
        let resources: Vec<&str> = types.iter().filter(|kind| kind.verb == verb).map(|kind| kind.name).collect();
        text += &format!(
            "action {} appliesTo {{\n  principal: [Leastwise::Principal],\n  resource: [{}],\n  // Whether a profile or leastwise.toml says where data may lie.\n  context: {{ areas: Bool }},\n}};\n",
            verb.as_str(),
            resources.join(", ")
        );
    }
    text
}

fn record<'a>(attributes: impl Iterator<Item = (&'a str, AttributeKind)>) -> Value {
    json!({ "type": "Record", "attributes": members(attributes) })
}

fn members<'a>(attributes: impl Iterator<Item = (&'a str, AttributeKind)>) -> Map<String, Value> {
    let mut members: Map<String, Value> = Map::new();
    for (path, kind) in attributes {
        match path.split_once('.') {
            None => drop(members.insert(path.to_owned(), type_json(kind))),
            Some((head, rest)) => {
                let inner = members.entry(head).or_insert_with(|| json!({ "type": "Record", "attributes": {} }));
                if let Some(inner) = inner.get_mut("attributes").and_then(Value::as_object_mut) {
                    inner.insert(rest.to_owned(), type_json(kind));
                }
            }
        }
    }
    members
}

fn type_json(kind: AttributeKind) -> Value {
    match kind {
        AttributeKind::Bool => json!({ "type": "Boolean" }),
        AttributeKind::Long => json!({ "type": "Long" }),
        AttributeKind::String => json!({ "type": "String" }),
        AttributeKind::Strings => json!({ "type": "Set", "element": { "type": "String" } }),
    }
}

fn cedar_type(kind: AttributeKind) -> &'static str {
    match kind {
        AttributeKind::Bool => "Bool",
        AttributeKind::Long => "Long",
        AttributeKind::String => "String",
        AttributeKind::Strings => "Set<String>",
    }
}
