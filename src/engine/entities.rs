//! Questions as Cedar requests: entities with the attributes that are known.

use super::carry::{Made, Projection, uid};
use crate::finding::Subject;
use crate::model::{Entity, Known, Verb};
use cedar_policy::{Context, Entities, EntityUid, Request, RestrictedExpression};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A request and its entities.
pub(super) struct Asked {
    pub(super) request: Request,
    pub(super) entities: Entities,
}

/// The request for one alternative of a question; attributes that are not known, or that `known` refuses, are left out,
/// and of the provider's own all but what `read` says.
pub(super) fn asked(
    verb: Verb,
    principal: &Subject,
    entity: &Entity,
    areas: bool,
    known: &dyn Fn(&str) -> Option<Known>,
    read: Option<&Projection>,
) -> Result<Asked, String> {
    let error = |error: &dyn std::fmt::Display| error.to_string();
    let mut made = Made::default();
    let resource = uid(entity.kind, &entity.name)?;
    let mut attributes = described(entity, known, read, &mut made)?;
    let mut parents = classes(entity, known)?;
    if let Some(owner) = &entity.of {
        let owner_uid = uid(owner.kind, &owner.name)?;
        attributes.insert("of".to_owned(), RestrictedExpression::new_entity_uid(owner_uid.clone()));
        parents.insert(owner_uid.clone());
        let known = |path: &str| owner.attribute(path).and_then(|attribute| attribute.value.clone().ok());
        let below = read.and_then(|read| read.below("of"));
        let described = described(owner, &known, below, &mut made)?;
        let owner = cedar_policy::Entity::new(owner_uid, described, classes(owner, &known)?).map_err(|e| error(&e))?;
        made.entities.push(owner);
    }
    made.entities.push(cedar_policy::Entity::new(resource.clone(), attributes, parents).map_err(|e| error(&e))?);
    let who = uid("Leastwise::Principal", &principal.name)?;
    let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
    let described =
        HashMap::from([("name".to_owned(), text(&principal.name)), ("type".to_owned(), text(&principal.kind))]);
    made.entities.push(cedar_policy::Entity::new(who.clone(), described, HashSet::new()).map_err(|e| error(&e))?);
    let entities = Entities::from_entities(made.entities, None).map_err(|e| error(&e))?;
    let context =
        Context::from_pairs([("areas".to_owned(), RestrictedExpression::new_bool(areas))]).map_err(|e| error(&e))?;
    let request = Request::new(who, uid("Action", verb.as_str())?, resource, context, None).map_err(|e| error(&e))?;
    Ok(Asked { request, entities })
}

/// The attributes of an entity: ours that are known, and what is read of the provider's own.
fn described(
    entity: &Entity,
    known: &dyn Fn(&str) -> Option<Known>,
    read: Option<&Projection>,
    made: &mut Made,
) -> Result<HashMap<String, RestrictedExpression>, String> {
    let error = |error: &dyn std::fmt::Display| error.to_string();
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
    if let Some(read) = read {
        attributes.extend(made.attributes(entity, read)?);
    }
    Ok(attributes)
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
