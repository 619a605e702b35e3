//! Our own attributes of resources, one file a service: read from CloudFormation's shape in exactly one place a type.
//!
//! A new type is a declaration, a function that reads it, and a row in [`TYPES`].

pub mod api;
mod keys;
pub mod lambda;
pub mod reader;
mod runtime;
pub mod stores;

use super::{Entity, EntityType, Project, Remark, Resource, Settings};
use crate::source::Span;
use reader::Reader;

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
    /// CloudFormation type.
    pub kind: &'static str,
    /// The entity types that its records have.
    pub entities: &'static [&'static EntityType],
    read: fn(&Reader<'_>) -> Vec<Record>,
}

/// The types with attributes of our own.
pub const TYPES: &[ResourceType] = &[
    ResourceType { kind: "AWS::ApiGateway::Method", entities: &[&api::METHOD], read: api::method },
    ResourceType { kind: "AWS::ApiGatewayV2::Route", entities: &[&api::ROUTE], read: api::route },
    ResourceType { kind: "AWS::DynamoDB::GlobalTable", entities: &[&stores::GLOBAL_TABLE], read: stores::global_table },
    ResourceType { kind: "AWS::DynamoDB::Table", entities: &[&stores::TABLE], read: stores::table },
    ResourceType { kind: "AWS::KMS::Key", entities: &[&stores::KEY], read: stores::key },
    ResourceType {
        kind: "AWS::Lambda::Function",
        entities: &[&lambda::FUNCTION, &lambda::VARIABLE],
        read: lambda::function,
    },
    ResourceType { kind: "AWS::Lambda::Permission", entities: &[&lambda::PERMISSION], read: lambda::permission },
    ResourceType { kind: "AWS::Lambda::Url", entities: &[&lambda::URL], read: lambda::url },
    ResourceType { kind: "AWS::Logs::LogGroup", entities: &[&stores::LOG_GROUP], read: stores::log_group },
    ResourceType { kind: "AWS::S3::Bucket", entities: &[&stores::BUCKET], read: stores::bucket },
    ResourceType { kind: "AWS::SNS::Topic", entities: &[&stores::TOPIC], read: stores::topic },
    ResourceType { kind: "AWS::SQS::Queue", entities: &[&stores::QUEUE], read: stores::queue },
];

/// The records of a resource; none for a type without attributes of our own.
pub fn read(project: &Project, resource: &Resource, settings: &Settings) -> Vec<Record> {
    let Ok(index) = TYPES.binary_search_by(|row| row.kind.cmp(&resource.kind)) else { return Vec::new() };
    let reader = Reader { project, resource, settings };
    let mut records = (TYPES[index].read)(&reader);
    for record in &mut records {
        put_label(&reader, &mut record.entity);
    }
    records
}

impl Record {
    /// The record of the resource itself.
    pub fn new(reader: &Reader<'_>, entity: Entity) -> Self {
        Self { entity, detail: String::new(), span: reader.resource.span, related: Vec::new() }
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
    use super::TYPES;

    #[test]
    fn the_table_is_sorted() {
        assert!(TYPES.is_sorted_by_key(|row| row.kind));
    }
}
