//! What the provider publishes of a resource, for the rules that read it: the resource's own properties, and the records
//! of its lists and maps, one by one.

use crate::model::attributes::{self, Record};
use crate::model::registry::{self, Carried, Record as Published, Schema};
use crate::model::{Entity, Format, Project, Provided, Read, Resource, Settings, Wanted, judge};
use crate::source::Span;
use crate::syntax::{Node, Unknown, UnknownKind, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Records of one resource that are asked about at most.
const MAX_RECORDS: usize = 10_000;

/// Gives the resource's own record what the provider publishes of it, and adds the records in it that are wanted.
pub(super) fn add(
    project: &Project,
    resource: &Resource,
    settings: &Settings,
    wanted: &Wanted,
    records: &mut Vec<Record>,
) {
    if let Some(name) = resource.kind.strip_prefix("aws_") {
        let fits = wanted.records.keys().filter(|kind| is_called(kind, name));
        return fits.for_each(|kind| add_unmapped(project, resource, settings, wanted, kind, records));
    }
    let Some(names) = wanted.records.get(&resource.kind) else { return };
    let Some((schema, whole)) = published(&resource.kind) else { return };
    let doubt = doubt(project, resource, schema, whole);
    let provided = Provided {
        schema,
        record: whole,
        properties: Arc::new(resource.properties.clone()),
        doubt: doubt.clone(),
        uncertain: None,
    };
    let own = records.iter_mut().find(|record| record.entity.kind == whole.entity);
    let entity = match own {
        Some(record) => {
            record.entity.provided = Some(provided);
            record.entity.clone()
        }
        None => {
            let mut entity = attributes::plain(project, resource, settings, &whole.entity);
            entity.provided = Some(provided);
            if names.contains("") {
                records.push(Record::of(entity.clone(), String::new(), resource.span));
            }
            entity
        }
    };
    let mut search = Search { schema, names, owner: Arc::new(entity), doubt: doubt.as_ref(), found: Vec::new() };
    search.record(whole, &resource.properties, "");
    records.append(&mut search.found);
}

fn published(kind: &str) -> Option<(&'static Schema, &'static Published)> {
    registry::schema(kind).and_then(|schema| Some((schema, schema.record("")?)))
}

/// Whether a Terraform type is called as a published one: `db_instance` as `AWS::RDS::DBInstance`, `ecs_service` as
/// `AWS::ECS::Service`.
fn is_called(kind: &str, name: &str) -> bool {
    let plain = |name: &str| name.replace(['_', ':'], "").to_ascii_lowercase();
    let name = plain(name);
    let full = kind.strip_prefix("AWS::").unwrap_or(kind);
    plain(full) == name || full.rsplit("::").next().is_some_and(|last| plain(last) == name)
}

/// A resource of a Terraform type without a table that is called as a wanted one: nothing is known of it.
fn add_unmapped(
    project: &Project,
    resource: &Resource,
    settings: &Settings,
    wanted: &Wanted,
    kind: &str,
    records: &mut Vec<Record>,
) {
    let (Some((schema, whole)), Some(names)) = (published(kind), wanted.records.get(kind)) else { return };
    let reason = Unknown::new(UnknownKind::NotMapped, resource.kind.clone());
    let mut entity = attributes::plain(project, resource, settings, &whole.entity);
    entity.provided = Some(Provided {
        schema,
        record: whole,
        properties: Arc::new(Node::new(Value::Unknown(reason.clone()), resource.span)),
        doubt: None,
        uncertain: Some(reason.clone()),
    });
    if names.contains("") {
        records.push(Record::of(entity.clone(), kind.to_owned(), resource.span));
    }
    let mut search = Search { schema, names, owner: Arc::new(entity), doubt: None, found: Vec::new() };
    search.uncertain(whole, &reason, resource.span);
    records.append(&mut search.found);
}

/// Why a property that is not there may be given all the same.
fn doubt(project: &Project, resource: &Resource, schema: &Schema, whole: &Published) -> Option<Unknown> {
    if project.format == Format::Account {
        return Some(Unknown::new(UnknownKind::Other, "the account's export does not hold all properties"));
    }
    if resource.properties.get("__Derived").is_some() {
        return Some(Unknown::new(UnknownKind::Other, "it is read from another resource's document"));
    }
    unmapped(&resource.properties, schema, Some(whole))
}

/// The first thing that is written and has no property: any property that is not there may be what it stands for.
fn unmapped(node: &Node, schema: &Schema, record: Option<&Published>) -> Option<Unknown> {
    match &node.value {
        Value::List(items) => items.iter().find_map(|item| unmapped(item, schema, record)),
        Value::Map(entries) => entries.iter().find_map(|entry| {
            let property = record.and_then(|record| record.property(&entry.key));
            match (&entry.value.value, property) {
                (Value::Unknown(reason), None) if reason.kind == UnknownKind::NotMapped => Some(reason.clone()),
                (_, Some(property)) => unmapped(
                    &entry.value,
                    schema,
                    schema.record(property.shape.record().filter(|name| !name.is_empty())?),
                ),
                _ => None,
            }
        }),
        Value::Either { then, otherwise, .. } => {
            unmapped(then, schema, record).or_else(|| unmapped(otherwise, schema, record))
        }
        _ => None,
    }
}

struct Search<'a> {
    schema: &'static Schema,
    names: &'a BTreeSet<Arc<str>>,
    owner: Arc<Entity>,
    doubt: Option<&'a Unknown>,
    found: Vec<Record>,
}

impl Search<'_> {
    /// Looks through the properties of a record; `path` is its own.
    fn record(&mut self, record: &'static Published, node: &Node, path: &str) {
        if let Some((reason, span)) = undecided(node) {
            return self.uncertain(record, &reason, span);
        }
        for property in record.properties.iter().filter(|property| !property.read_only) {
            let (inner, one_by_one) = match self.schema.carried(&property.shape) {
                Carried::Elements(inner) => (inner, true),
                Carried::Record(inner) | Carried::Entity(inner) => (inner, false),
                _ => continue,
            };
            let path = if path.is_empty() { property.name.clone() } else { format!("{path}.{}", property.name) };
            match node.get(&property.name).filter(|value| !value.is_absent()) {
                Some(value) if one_by_one => {
                    let keyed = matches!(property.shape, registry::Shape::Map(_));
                    self.items(inner, value, &path, keyed);
                }
                Some(value) => self.record(inner, value, &path),
                None => {
                    if let Some(reason) = self.doubt.cloned() {
                        self.missing(inner, &reason, &path, node.span, one_by_one);
                    }
                }
            }
        }
    }

    /// The records of a list or map.
    fn items(&mut self, record: &'static Published, node: &Node, path: &str, keyed: bool) {
        if let Some((reason, span)) = undecided(node) {
            return self.missing(record, &reason, path, span, true);
        }
        if keyed {
            for entry in node.entries() {
                self.item(record, &entry.value, path, &entry.key);
            }
            return;
        }
        for item in node.items_or_self() {
            self.item(record, item, path, "");
        }
    }

    fn item(&mut self, record: &'static Published, node: &Node, path: &str, key: &str) {
        if self.found.len() > MAX_RECORDS {
            return;
        }
        if self.found.len() == MAX_RECORDS {
            let reason = Unknown::new(UnknownKind::Limit, format!("the number of records in {path}"));
            return self.missing(record, &reason, path, node.span, true);
        }
        if let Some((reason, span)) = undecided(node) {
            return self.missing(record, &reason, path, span, true);
        }
        if self.names.contains(record.name.as_str()) {
            self.push(record, node.clone(), Read::default(path), Read::default(key), None);
        }
        self.record(record, node, path);
    }

    /// A list, or a record, of which nothing is known, not even whether it is there.
    fn missing(&mut self, record: &'static Published, reason: &Unknown, path: &str, span: Span, one_by_one: bool) {
        if one_by_one && self.names.contains(record.name.as_str()) {
            let node = Node::new(Value::Unknown(reason.clone()), span);
            let key = Read::unknown(reason.clone(), None);
            self.push(record, node, Read::default(path), key, Some(reason.clone()));
        }
        self.uncertain(record, reason, span);
    }

    /// The wanted records that may stand in a record of which nothing is known, once each.
    fn uncertain(&mut self, record: &'static Published, reason: &Unknown, span: Span) {
        let mut met: Vec<&str> = vec![&record.name];
        let mut open = vec![record];
        while let Some(next) = open.pop() {
            for property in next.properties.iter().filter(|property| !property.read_only) {
                let (inner, one_by_one) = match self.schema.carried(&property.shape) {
                    Carried::Elements(inner) => (inner, true),
                    Carried::Record(inner) | Carried::Entity(inner) => (inner, false),
                    _ => continue,
                };
                if met.contains(&inner.name.as_str()) {
                    continue;
                }
                met.push(&inner.name);
                open.push(inner);
                if one_by_one && self.names.contains(inner.name.as_str()) {
                    let node = Node::new(Value::Unknown(reason.clone()), span);
                    let unknown = || Read::unknown(reason.clone(), None);
                    self.push(inner, node, unknown(), unknown(), Some(reason.clone()));
                }
            }
        }
    }

    fn push(
        &mut self,
        record: &'static Published,
        node: Node,
        path: Read<&str>,
        key: Read<&str>,
        uncertain: Option<Unknown>,
    ) {
        let mut entity = Entity {
            kind: &record.entity,
            name: self.owner.name.clone(),
            attributes: Vec::new(),
            provided: None,
            of: Some(self.owner.clone()),
        };
        let inherited = ["name", "label", "labelled", "sensitive"];
        let given = self.owner.attributes.iter().filter(|attribute| inherited.contains(&attribute.path));
        entity.attributes.extend(given.cloned());
        let said = |read: &Read<&str>| read.value.clone().unwrap_or_default().to_owned();
        let written = if uncertain.is_some() { String::new() } else { identity("", &node, 0) };
        let detail = format!("{}:{}:{written}", said(&path), said(&key));
        entity.put("property", path);
        entity.put("key", key);
        let span = node.span;
        let doubt = self.doubt.cloned();
        let properties = Arc::new(node);
        entity.provided = Some(Provided { schema: self.schema, record, properties, doubt, uncertain });
        self.found.push(Record::of(entity, detail, span));
    }
}

/// The reason, and where, if a value is not known or hangs on a condition.
fn undecided(node: &Node) -> Option<(Unknown, Span)> {
    match &node.value {
        Value::Unknown(reason) => Some((reason.clone(), node.span)),
        Value::Either { condition, .. } => Some((Unknown::new(UnknownKind::Condition, condition.clone()), node.span)),
        _ => None,
    }
}

/// What tells a record from its neighbours: its values as they are written, secrets left out.
fn identity(name: &str, node: &Node, depth: usize) -> String {
    const DEPTH: usize = 4;
    match &node.value {
        _ if depth > DEPTH => String::new(),
        Value::Map(entries) => {
            let member = |entry: &crate::syntax::Entry| {
                format!("{}={}", entry.key, identity(&entry.key, &entry.value, depth + 1))
            };
            format!("{{{}}}", entries.iter().map(member).collect::<Vec<_>>().join(","))
        }
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| identity(name, item, depth + 1)).collect::<Vec<_>>().join(","))
        }
        _ => {
            let text = node.to_string();
            if judge(name, &text).is_some() { String::new() } else { text }
        }
    }
}
