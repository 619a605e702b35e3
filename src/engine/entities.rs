//! Questions as Cedar requests: entities with the attributes that are known.

use crate::finding::Subject;
use crate::model::{Entity, Known, Verb};
use cedar_policy::{Context, Entities, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::str::FromStr;

/// A request and its entities.
pub(super) struct Asked {
    pub(super) request: Request,
    pub(super) entities: Entities,
}

/// The request for one alternative of a question; attributes that are not known, or that `keep` refuses, are left out.
pub(super) fn asked(
    verb: Verb,
    principal: &Subject,
    entity: &Entity,
    areas: bool,
    known: &dyn Fn(&str) -> Option<Known>,
) -> Result<Asked, String> {
    let error = |error: &dyn std::fmt::Display| error.to_string();
    let kind = EntityTypeName::from_str(entity.kind).map_err(|e| error(&e))?;
    let resource = EntityUid::from_type_name_and_id(kind, EntityId::new(&*entity.name));
    let mut grouped: BTreeMap<&str, Vec<(&str, Known)>> = BTreeMap::new();
    for attribute in &entity.attributes {
        if let Some(value) = known(attribute.path) {
            let (head, rest) = attribute.path.split_once('.').unwrap_or((attribute.path, ""));
            grouped.entry(head).or_default().push((rest, value));
        }
    }
    let mut attributes = HashMap::with_capacity(grouped.len());
    for (head, members) in grouped {
        let value = match members.as_slice() {
            [("", value)] => expression(value),
            _ => {
                let members = members.iter().map(|(rest, value)| ((*rest).to_owned(), expression(value)));
                RestrictedExpression::new_record(members).map_err(|e| error(&e))?
            }
        };
        attributes.insert(head.to_owned(), value);
    }
    // A record of which nothing is known must still be there: reading its member is what says "not known".
    for attribute in &entity.attributes {
        if let Some((head, _)) = attribute.path.split_once('.')
            && !attributes.contains_key(head)
        {
            let empty = RestrictedExpression::new_record([]).map_err(|e| error(&e))?;
            attributes.insert(head.to_owned(), empty);
        }
    }
    let resource_entity =
        cedar_policy::Entity::new(resource.clone(), attributes, classes(entity, known)?).map_err(|e| error(&e))?;
    let who = uid("Leastwise::Principal", &principal.name)?;
    let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
    let described =
        HashMap::from([("name".to_owned(), text(&principal.name)), ("type".to_owned(), text(&principal.kind))]);
    let principal_entity = cedar_policy::Entity::new(who.clone(), described, HashSet::new()).map_err(|e| error(&e))?;
    let entities = Entities::from_entities([principal_entity, resource_entity], None).map_err(|e| error(&e))?;
    let context =
        Context::from_pairs([("areas".to_owned(), RestrictedExpression::new_bool(areas))]).map_err(|e| error(&e))?;
    let request = Request::new(who, uid("Action", verb.as_str())?, resource, context, None).map_err(|e| error(&e))?;
    Ok(Asked { request, entities })
}

/// The data classes that a labelled resource is in.
fn classes(entity: &Entity, known: &dyn Fn(&str) -> Option<Known>) -> Result<HashSet<EntityUid>, String> {
    let mut classes = HashSet::new();
    if entity.kind.starts_with("AWS::") {
        if let Some(Known::String(label)) = known("label") {
            classes.insert(uid("Leastwise::DataClass", &label)?);
        }
        if let Some(Known::Bool(true)) = known("sensitive") {
            classes.insert(uid("Leastwise::DataClass", "sensitive")?);
        }
    }
    Ok(classes)
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    let kind = EntityTypeName::from_str(kind).map_err(|error| error.to_string())?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

fn expression(value: &Known) -> RestrictedExpression {
    match value {
        Known::Bool(value) => RestrictedExpression::new_bool(*value),
        Known::Long(value) => RestrictedExpression::new_long(*value),
        Known::String(value) => RestrictedExpression::new_string(value.to_string()),
        Known::Strings(values) => RestrictedExpression::new_set(
            values.iter().map(|value| RestrictedExpression::new_string(value.to_string())),
        ),
    }
}
