//! Our own attributes of resources, one file a service: read from CloudFormation's shape in exactly one place a type.
//!
//! A new type is a declaration and a row in the table of its service. What one property says is read as declared
//! ([`super::entity::Origin`]); what takes several has a function of its own.

mod access;
pub mod api;
mod audit;
mod backup;
mod balancing;
mod caches;
mod compute;
mod containers;
mod databases;
mod declared;
mod delivery;
mod edge;
mod events;
mod firewall;
mod gateway;
mod generative;
mod graphql;
mod identity;
mod kafka;
mod keys;
pub mod lambda;
mod mail;
mod management;
mod monitoring;
mod naming;
mod network;
mod organization;
mod parameters;
mod policy;
mod purpose_built;
pub mod reader;
mod regions;
mod resource_policies;
mod runtime;
mod search;
mod secrets;
mod security_groups;
pub mod stores;
mod streams;
mod tls;
mod user_pools;
mod variables;
mod versions;
mod warehouse;
mod workflow;

use super::{Entity, EntityType, Project, Read, Remark, Resource, Settings};
use crate::source::Span;
use reader::Reader;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One thing to ask the rules about, read from one resource.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its attributes.
    pub entity: Entity,
    /// What tells it from others of the same resource; empty for the resource itself.
    pub detail: String,
    /// Where it is written.
    pub span: Span,
    /// Other places that belong to it.
    pub related: Vec<Remark>,
}

/// A resource type that is judged.
pub struct ResourceType {
    /// The entity types that its records have, the resource's own first.
    pub entities: &'static [&'static EntityType],
    read: Option<fn(&Reader<'_>) -> Vec<Record>>,
}

/// The types of each service.
const SERVICES: &[&[ResourceType]] = &[
    access::TYPES,
    api::TYPES,
    audit::TYPES,
    backup::TYPES,
    balancing::TYPES,
    caches::TYPES,
    compute::TYPES,
    containers::TYPES,
    databases::TYPES,
    delivery::TYPES,
    edge::TYPES,
    events::TYPES,
    firewall::TYPES,
    gateway::TYPES,
    generative::TYPES,
    graphql::TYPES,
    identity::TYPES,
    kafka::TYPES,
    lambda::TYPES,
    mail::TYPES,
    management::TYPES,
    monitoring::TYPES,
    naming::TYPES,
    network::TYPES,
    organization::TYPES,
    parameters::TYPES,
    purpose_built::TYPES,
    resource_policies::TYPES,
    search::TYPES,
    secrets::TYPES,
    security_groups::TYPES,
    stores::TYPES,
    streams::TYPES,
    user_pools::TYPES,
    versions::TYPES,
    warehouse::TYPES,
    workflow::TYPES,
];

/// The types with attributes of our own, by name.
static TYPES: LazyLock<BTreeMap<&'static str, &'static ResourceType>> =
    LazyLock::new(|| SERVICES.iter().copied().flatten().map(|row| (row.entities[0].name, row)).collect());

/// The types with attributes of our own, in the order of their names.
pub fn types() -> impl Iterator<Item = &'static ResourceType> {
    TYPES.values().copied()
}

/// The entity types of the records of a resource type; none for one without attributes of our own.
pub fn entities(kind: &str) -> &'static [&'static EntityType] {
    TYPES.get(kind).map_or(&[], |row| row.entities)
}

/// The records of a resource; none for a type without attributes of our own.
pub fn read(project: &Project, resource: &Resource, settings: &Settings) -> Vec<Record> {
    let Some(row) = TYPES.get(&*resource.kind) else { return Vec::new() };
    let reader = Reader { project, resource, settings };
    let mut records = row.read.map_or_else(|| declared::record(&reader, row.entities[0]), |read| read(&reader));
    for record in &mut records {
        put_label(&reader, &mut record.entity);
    }
    records
}

impl ResourceType {
    /// A type whose attributes are all read as they are declared.
    pub const fn declared(entities: &'static [&'static EntityType]) -> Self {
        Self { entities, read: None }
    }

    /// A type that a function reads.
    pub const fn read_by(entities: &'static [&'static EntityType], read: fn(&Reader<'_>) -> Vec<Record>) -> Self {
        Self { entities, read: Some(read) }
    }
}

/// An entity of a type that has no attributes of ours beside those that every resource has.
pub fn plain(project: &Project, resource: &Resource, settings: &Settings, kind: &'static str) -> Entity {
    let reader = Reader { project, resource, settings };
    let name = Read::default(resource.name.clone());
    let mut entity = Entity { kind, name: resource.name.clone(), attributes: Vec::new(), provided: None, of: None };
    entity.put("name", name);
    put_label(&reader, &mut entity);
    entity
}

impl Record {
    /// The record of the resource itself.
    pub fn new(reader: &Reader<'_>, entity: Entity) -> Self {
        Self::of(entity, String::new(), reader.resource.span)
    }

    /// A record that is written at a place.
    pub fn of(entity: Entity, detail: String, span: Span) -> Self {
        Self { entity, detail, span, related: Vec::new() }
    }
}

/// The attributes that every resource has beside its own: the label of its data.
fn put_label(reader: &Reader<'_>, entity: &mut Entity) {
    let label = reader.label();
    entity.put("labelled", label.clone().map(|label| label.is_some()));
    entity.put("sensitive", label.clone().map(|label| label.is_some_and(super::Label::is_sensitive)));
    entity.put("label", label.map(|label| label.map_or("unlabelled", super::Label::as_str)));
}

#[cfg(test)]
mod tests {
    use super::{SERVICES, TYPES};

    #[test]
    fn no_type_stands_in_two_services() {
        assert_eq!(SERVICES.iter().map(|service| service.len()).sum::<usize>(), TYPES.len());
    }
}
