//! Checks what a rule asks `has` of: Cedar's validator lets a name that is nowhere pass.

use super::published::owner;
use super::reads::{Has, Path, Reads, Step};
use super::schema::attributes;
use crate::model::EntityType;
use crate::model::registry::{self, Carried, Record, Schema};
use crate::rule::set::Forbid;
use crate::rule::{RuleError, RuleSource};

/// What is wrong with the presence tests of a forbid.
pub(super) fn check(source: &RuleSource, forbid: &Forbid, reads: &Reads, types: &[&EntityType]) -> Vec<RuleError> {
    let kinds: Vec<&str> = match &forbid.kind {
        Some(kind) => vec![kind],
        None if reads.kinds.is_empty() => types.iter().map(|kind| kind.name).collect(),
        None => reads.kinds.iter().map(String::as_str).collect(),
    };
    let mut errors = Vec::new();
    for (number, has) in reads.has.iter().enumerate() {
        // It is right where one of the types has it.
        let faults: Option<Vec<Fault>> = kinds.iter().map(|kind| fault(kind, has, types)).collect();
        if let Some(fault) = faults.and_then(|faults| faults.into_iter().next()) {
            let earlier = reads.has.iter().take(number).filter(|other| other.attributes == has.attributes).count();
            let offset = forbid.offset + place(&forbid.text, has, fault.index, earlier).unwrap_or(0);
            errors.push(RuleError { help: fault.help, ..source.error(offset, fault.message) });
        }
    }
    errors
}

struct Fault {
    /// Which of the attributes.
    index: usize,
    message: String,
    help: Option<String>,
}

/// Where a path stands.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// At an entity: its type.
    Entity(&'a str),
    /// At a record in a type.
    Record(&'static Schema, &'static Record),
    /// At an attribute of ours, or below one.
    Own,
    /// At a value that has no attributes.
    Value,
}

fn fault(kind: &str, has: &Has, types: &[&EntityType]) -> Option<Fault> {
    let Some(path) = &has.of else {
        let message = "`has` is asked of a computed value".to_owned();
        let help = Some("ask it of a path that begins with `resource`".to_owned());
        return Some(Fault { index: 0, message, help });
    };
    // A step before the `has` that is wrong is the validator's to tell.
    let mut at = follow(Place::Entity(kind), path, types)?;
    for (index, name) in has.attributes.iter().enumerate() {
        let next = step(at, name, types);
        match next {
            Some(Place::Own) => {
                let message = format!("`has` cannot be asked of `{name}`, an attribute that is always there");
                let help = "where its value is not known the answer is *cannot tell*".to_owned();
                return Some(Fault { index, message, help: Some(help) });
            }
            Some(next) => at = next,
            None => {
                let message = format!("attribute `{name}` for {} not found", describe(at));
                let help = nearest(at, name, types).map(|name| format!("did you mean `{name}`?"));
                return Some(Fault { index, message, help });
            }
        }
    }
    None
}

fn follow<'a>(start: Place<'a>, path: &Path, types: &[&EntityType]) -> Option<Place<'a>> {
    path.iter().try_fold(start, |at, next| match next {
        Step::Attribute(name) => step(at, name, types),
        Step::Tag(_) | Step::AnyTag | Step::Item(_) => Some(Place::Value),
    })
}

fn step<'a>(at: Place<'a>, name: &str, types: &[&EntityType]) -> Option<Place<'a>> {
    let (schema, record) = match at {
        Place::Entity(kind) => {
            let own = types.iter().find(|known| known.name == kind);
            if own.is_some_and(|own| attributes(own).any(|declared| declared.path.split('.').next() == Some(name))) {
                return Some(Place::Own);
            }
            let (schema, record) = registry::entity(kind)?;
            match name {
                "of" if !record.name.is_empty() => return Some(Place::Entity(owner(schema))),
                "property" | "key" if !record.name.is_empty() => return Some(Place::Own),
                "name" | "label" | "labelled" | "sensitive" => return Some(Place::Own),
                _ => (schema, record),
            }
        }
        Place::Record(schema, record) => (schema, record),
        Place::Own => return Some(Place::Own),
        Place::Value => return None,
    };
    let property = record.property(name)?;
    Some(match schema.carried(&property.shape) {
        Carried::Record(record) | Carried::Entity(record) => Place::Record(schema, record),
        _ => Place::Value,
    })
}

fn describe(at: Place<'_>) -> String {
    match at {
        Place::Entity(kind) => format!("entity type `{kind}`"),
        Place::Record(schema, record) => format!("`{}` in `{}`", record.name, schema.kind),
        Place::Own | Place::Value => "a value without attributes".to_owned(),
    }
}

fn nearest(at: Place<'_>, name: &str, types: &[&EntityType]) -> Option<String> {
    let record = match at {
        Place::Entity(kind) => registry::entity(kind).map(|(_, record)| record),
        Place::Record(_, record) => Some(record),
        Place::Own | Place::Value => None,
    };
    let published = record.into_iter().flat_map(|record| &record.properties).map(|property| property.name.as_str());
    let own = types.iter().filter(|known| matches!(at, Place::Entity(kind) if kind == known.name));
    let own = own.flat_map(|known| attributes(known)).map(|declared| declared.path);
    let near = |other: &&str| strsim::jaro_winkler(other, name);
    published.chain(own).filter(|other| near(other) > 0.7).max_by(|a, b| near(a).total_cmp(&near(b))).map(str::to_owned)
}

/// The offset in a forbid's text of one of the attributes behind the `has` that names them, skipping earlier ones.
fn place(text: &str, has: &Has, index: usize, earlier: usize) -> Option<usize> {
    let is_name = |char: char| char.is_alphanumeric() || char == '_';
    let found = text.match_indices("has").filter_map(|(at, word)| {
        let before = text.get(..at)?.chars().next_back();
        let rest = text.get(at + word.len()..)?;
        if before.is_some_and(is_name) || rest.starts_with(is_name) {
            return None;
        }
        let mut offset = at + word.len();
        let mut places = Vec::new();
        for name in &has.attributes {
            let rest = text.get(offset..)?;
            let skipped = rest.find(|char: char| is_name(char) || !(char.is_whitespace() || ".\"".contains(char)))?;
            rest.get(skipped..)?.strip_prefix(name.as_str()).filter(|after| !after.starts_with(is_name))?;
            places.push(offset + skipped);
            offset += skipped + name.len();
        }
        places.get(index).copied()
    });
    found.into_iter().nth(earlier)
}
