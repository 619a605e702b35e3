//! The provider's own attributes of an entity as Cedar sees them: only those that rules read.

use super::reads::{Path, State, Step};
use crate::model::provided::{Document, decimal};
use crate::model::registry::{Carried, Record, Scalar};
use crate::model::{Entity, Given, Provided};
use crate::syntax::{Node, Unknown};
use cedar_policy::{EntityId, EntityTypeName, EntityUid, RestrictedExpression};
use std::collections::BTreeMap;
use std::str::FromStr;

/// The entity type of maps and documents.
pub(super) const DOCUMENT: &str = "Leastwise::Document";

/// The paths that rules read, as a tree.
#[derive(Debug, Default)]
pub(super) struct Projection {
    /// Whether everything below is read.
    whole: bool,
    next: BTreeMap<Step, Projection>,
}

static WHOLE: Projection = Projection { whole: true, next: BTreeMap::new() };

impl Projection {
    /// Adds a path, and all that lies below it where its value is used.
    pub(super) fn add(&mut self, path: &[Step], whole: bool) {
        match path.split_first() {
            None => self.whole |= whole,
            Some((first, rest)) => self.next.entry(first.clone()).or_default().add(rest, whole),
        }
    }

    /// What is read below an attribute.
    pub(super) fn below(&self, name: &str) -> Option<&Self> {
        if self.whole { Some(&WHOLE) } else { self.next.get(&Step::Attribute(name.into())) }
    }
}

/// What is known of a path of an entity, and why that is not all.
pub(super) fn state(entity: &Entity, path: &Path, whole: bool) -> (State, Option<Unknown>) {
    below(entity, path, whole)
}

fn below(entity: &Entity, path: &[Step], whole: bool) -> (State, Option<Unknown>) {
    let Some(Step::Attribute(first)) = path.first() else { return (State::Known, None) };
    if let Some(of) = entity.of.as_deref().filter(|_| first == "of") {
        return below(of, path.get(1..).unwrap_or_default(), whole);
    }
    let Some(provided) = entity.provided.as_ref().filter(|_| !is_own(entity, first)) else {
        return (State::Known, None);
    };
    let mut names: Vec<&str> = Vec::with_capacity(path.len());
    let mut tag = None;
    for step in path {
        match step {
            Step::Attribute(name) => names.push(name),
            other => tag = Some(other),
        }
    }
    if let Some(Step::Item(item)) = tag {
        return contained(provided, &names, item);
    }
    match (provided.given(&names), tag) {
        (Given::Absent, _) => (State::Known, None),
        (Given::Value(reason), None) => (State::Value, Some(reason)),
        (Given::Value(reason) | Given::Presence(reason), _) => (State::Presence, Some(reason)),
        (Given::Known(node, _), Some(tag)) => tagged(&document(provided, &names, node), tag),
        (Given::Known(_, Carried::Record(record)), None) if whole => all(entity, path, record),
        (Given::Known(..), None) => (State::Known, None),
    }
}

/// Whether an item is in a set: where it is among those that are known, the others do not matter.
fn contained(provided: &Provided, names: &[&str], item: &str) -> (State, Option<Unknown>) {
    match provided.given(names) {
        Given::Absent | Given::Known(..) => (State::Known, None),
        Given::Presence(reason) => (State::Presence, Some(reason)),
        Given::Value(reason) => {
            let items = provided.written(names).map(Node::items).unwrap_or_default();
            let state =
                if items.iter().any(|known| known.as_text() == Some(item)) { State::Value } else { State::Presence };
            (state, Some(reason))
        }
    }
}

/// The first thing in a record that is not known.
fn all(entity: &Entity, path: &[Step], record: &Record) -> (State, Option<Unknown>) {
    for property in &record.properties {
        let mut longer = path.to_vec();
        longer.push(Step::Attribute(property.name.as_str().into()));
        if let (State::Value | State::Presence, reason) = below(entity, &longer, true) {
            return (State::Value, reason);
        }
    }
    (State::Known, None)
}

fn tagged(document: &Document, tag: &Step) -> (State, Option<Unknown>) {
    let open = document.open.clone();
    match tag {
        Step::Tag(name) => match document.entries.get(name.as_str()) {
            Some(Ok(_)) => (State::Known, None),
            Some(Err(reason)) => (State::Value, Some(reason.clone())),
            None if open.is_some() => (State::Presence, open),
            None => (State::Known, None),
        },
        _ => {
            let reason = open.or_else(|| document.entries.values().find_map(|value| value.as_ref().err().cloned()));
            if reason.is_some() { (State::Presence, reason) } else { (State::Known, None) }
        }
    }
}

/// Whether an attribute is one of ours.
fn is_own(entity: &Entity, name: &str) -> bool {
    entity.attributes.iter().any(|own| own.path.split('.').next() == Some(name))
}

fn document(provided: &Provided, names: &[&str], node: &Node) -> Document {
    Document::of(node, provided.is_pairs(names))
}

/// Attributes, and the entities that they refer to.
#[derive(Default)]
pub(super) struct Made {
    pub(super) entities: Vec<cedar_policy::Entity>,
}

impl Made {
    /// The attributes of the provider's own that are read and known.
    pub(super) fn attributes(
        &mut self,
        entity: &Entity,
        read: &Projection,
    ) -> Result<Vec<(String, RestrictedExpression)>, String> {
        match &entity.provided {
            Some(provided) => {
                let mut own = self.record(provided, &mut Vec::new(), provided.record, read)?;
                own.retain(|(name, _)| !is_own(entity, name));
                Ok(own)
            }
            None => Ok(Vec::new()),
        }
    }

    fn record<'a>(
        &mut self,
        provided: &Provided,
        names: &mut Vec<&'a str>,
        record: &'a Record,
        read: &Projection,
    ) -> Result<Vec<(String, RestrictedExpression)>, String> {
        let mut attributes = Vec::new();
        for property in &record.properties {
            let Some(below) = read.below(&property.name) else { continue };
            names.push(&property.name);
            if let Given::Known(node, carried) = provided.given(names) {
                attributes.push((property.name.clone(), self.value(provided, names, node, carried, below)?));
            }
            names.pop();
        }
        Ok(attributes)
    }

    fn value(
        &mut self,
        provided: &Provided,
        names: &mut Vec<&str>,
        node: &Node,
        carried: Carried<'static>,
        read: &Projection,
    ) -> Result<RestrictedExpression, String> {
        // The record is part of the name: an element and its owner may have a property of one name.
        let place = |index: &str| format!("{} {}{index}", provided.record.entity, names.join("."));
        match carried {
            Carried::Scalar(scalar) => Ok(scalar_value(node, scalar)),
            Carried::Set(scalar) => {
                let items = node.items_or_self().iter().map(|item| scalar_value(item, scalar));
                Ok(RestrictedExpression::new_set(items))
            }
            Carried::Elements(record) => {
                let kind = &record.entity;
                let count = node.items().len().max(node.entries().len());
                let items = (0..count).map(|index| uid(kind, &place(&format!("[{index}]"))));
                let items = items.collect::<Result<Vec<EntityUid>, String>>()?;
                Ok(RestrictedExpression::new_set(items.into_iter().map(RestrictedExpression::new_entity_uid)))
            }
            Carried::Record(record) => {
                let members = self.record(provided, names, record, read)?;
                RestrictedExpression::new_record(members).map_err(|error| error.to_string())
            }
            Carried::Entity(record) => {
                let uid = uid(&record.entity, &place(""))?;
                let members = self.record(provided, names, record, read)?;
                let made = cedar_policy::Entity::new(uid.clone(), members.into_iter().collect(), [].into());
                self.entities.push(made.map_err(|error| error.to_string())?);
                Ok(RestrictedExpression::new_entity_uid(uid))
            }
            Carried::Document => {
                let uid = uid(DOCUMENT, &place(""))?;
                let known = document(provided, names, node).entries.into_iter();
                let tags = known.filter_map(|(key, value)| Some((key, RestrictedExpression::new_string(value.ok()?))));
                let made = cedar_policy::Entity::new_with_tags(uid.clone(), [], [], tags);
                self.entities.push(made.map_err(|error| error.to_string())?);
                Ok(RestrictedExpression::new_entity_uid(uid))
            }
        }
    }
}

/// A value that is known to be of its type.
fn scalar_value(node: &Node, scalar: Scalar) -> RestrictedExpression {
    let text = node.as_text().unwrap_or_default();
    match scalar {
        Scalar::String => RestrictedExpression::new_string(text.to_owned()),
        Scalar::Long => RestrictedExpression::new_long(node.as_i64().unwrap_or_default()),
        Scalar::Bool => RestrictedExpression::new_bool(node.as_bool().unwrap_or_default()),
        Scalar::Decimal => RestrictedExpression::new_decimal(decimal(text).unwrap_or_default()),
    }
}

pub(super) fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    let kind = EntityTypeName::from_str(kind).map_err(|error| error.to_string())?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}
