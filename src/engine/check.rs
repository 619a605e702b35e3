//! Loads rules, those of the user type-checked against the schema.

use super::presence;
use super::reads::Reads;
use super::schema::schema;
use crate::model::registry::{self, Schema};
use crate::model::{EntityType, Wanted};
use crate::rule::set::{Forbid, RuleSet, at_label};
use crate::rule::{RuleError, RuleSource};
use cedar_policy::{PolicySet, ValidationMode, Validator};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

/// Rules, ready to be asked.
#[derive(Debug, Default)]
pub struct Rules {
    /// The set.
    pub set: RuleSet,
    /// What they judge of the provider's own attributes.
    pub wanted: Wanted,
    /// The entity types that they are asked about.
    pub(super) types: Vec<&'static EntityType>,
}

/// Reads rules; those from `unchecked` on are validated strictly, warnings counted as errors.
///
/// The built-in ones before it are validated by the tests and parsed only when their types are asked about, which keeps
/// the start short.
pub fn load(sources: &[RuleSource], unchecked: usize, types: &[&'static EntityType]) -> Result<Rules, Vec<RuleError>> {
    let (known, own) = sources.split_at(unchecked.min(sources.len()));
    let mut set = RuleSet::outline(known)?;
    let mut errors = Vec::new();
    if !own.is_empty() {
        set.add(own)?;
        let read: Vec<Reads> = set.forbids.iter().map(|forbid| Reads::of(&forbid.policy)).collect();
        let published: Vec<&Schema> = published(&set.forbids, &read).into_values().collect();
        let schema = schema(types, &published).map_err(|message| vec![own[0].error(0, message)])?;
        let check = Check { validator: Validator::new(schema), types };
        for (forbid, reads) in set.forbids.iter().zip(&read) {
            check.forbid(&own[forbid.source], forbid, reads, &mut errors);
        }
    }
    let wanted = wanted(&set, types);
    if errors.is_empty() { Ok(Rules { set, wanted, types: types.to_vec() }) } else { Err(errors) }
}

/// The types of the provider's that forbids name in their scope or with `is`, by name.
fn published(forbids: &[Forbid], read: &[Reads]) -> BTreeMap<&'static str, &'static Schema> {
    let named = forbids.iter().filter_map(|forbid| forbid.kind.as_deref());
    let named = named.chain(read.iter().flat_map(|reads| &reads.kinds).map(String::as_str));
    named.filter_map(registry::entity).map(|(schema, _)| (schema.kind, schema)).collect()
}

/// The records that forbids are asked of beside what carries our own attributes only, and the types that they name.
fn wanted(set: &RuleSet, types: &[&EntityType]) -> Wanted {
    let mut wanted = Wanted::default();
    let mut want = |kind: &str| {
        if let Some((schema, record)) = registry::entity(kind) {
            wanted.records.entry(schema.kind.into()).or_default().insert(record.name.as_str().into());
        }
    };
    for (kind, names_properties) in set.scopes() {
        // Types of our own are asked anyway, with our attributes.
        if let Some(kind) = kind.filter(|kind| names_properties || types.iter().all(|known| known.name != *kind)) {
            want(kind);
        }
    }
    for forbid in set.forbids.iter().filter(|forbid| forbid.kind.is_none()) {
        Reads::of(&forbid.policy).kinds.iter().for_each(|kind| want(kind));
    }
    wanted.named = set.scopes().map(|(kind, _)| kind.map(Arc::from)).collect();
    wanted
}

struct Check<'a> {
    validator: Validator,
    types: &'a [&'static EntityType],
}

impl Check<'_> {
    fn forbid(&self, source: &RuleSource, forbid: &Forbid, reads: &Reads, errors: &mut Vec<RuleError>) {
        for kind in forbid.kind.as_deref().into_iter().chain(reads.kinds.iter().map(String::as_str)) {
            if !self.types.iter().any(|known| known.name == kind) && registry::entity(kind).is_none() {
                let message = format!("`{kind}` is not an entity type that rules are asked about");
                let help = if kind.starts_with("AWS::Serverless::") {
                    Some("name the type that the transform makes of it, such as `AWS::Lambda::Function`".to_owned())
                } else {
                    nearest(kind, self.types).map(|name| format!("did you mean `{name}`?"))
                };
                let offset = forbid.offset + forbid.text.find(kind).unwrap_or(0);
                errors.push(RuleError { help, ..source.error(offset, message) });
                return;
            }
        }
        let before = errors.len();
        errors.extend(presence::check(source, forbid, reads, self.types));
        let mut one = PolicySet::new();
        if errors.len() > before || one.add(forbid.policy.clone()).is_err() {
            return;
        }
        let result = self.validator.validate(&one, ValidationMode::Strict);
        errors.extend(result.validation_errors().map(|error| at_label(source, error, forbid.offset)));
        errors.extend(result.validation_warnings().map(|warning| at_label(source, warning, forbid.offset)));
        if errors.len() == before {
            self.messages(source, forbid, errors);
        }
    }

    /// Type-checks the expressions of a forbid's messages, by validating a policy that has them as its condition.
    fn messages(&self, source: &RuleSource, forbid: &Forbid, errors: &mut Vec<RuleError>) {
        let kind = forbid.kind.as_deref();
        let declared = kind.and_then(|kind| self.types.iter().find(|known| known.name == kind));
        for expression in forbid.message.expressions().chain(forbid.help.expressions()) {
            let scope = match (kind, declared) {
                (Some(kind), declared) => {
                    // A type that only the provider declares is asked about when it is deployed.
                    let verb = declared.map_or("deploy", |declared| declared.verb.as_str());
                    format!("action == Action::\"{verb}\", resource is {kind}")
                }
                (None, _) => "action, resource".to_owned(),
            };
            let text = format!("forbid (principal, {scope}) when {{ [{expression}] == [{expression}] }};");
            let Ok(policies) = PolicySet::from_str(&text) else { continue };
            let result = self.validator.validate(&policies, ValidationMode::Strict);
            if let Some(error) = result.validation_errors().next() {
                let inner = at_label(source, error, 0);
                let message = format!("`{{{expression}}}` in a message: {}", inner.message);
                let offset = forbid.offset + forbid.text.find(expression).unwrap_or(0);
                errors.push(RuleError { help: inner.help, ..source.error(offset, message) });
            }
        }
    }
}

/// The entity type whose name is nearest: of ours, of the provider's, and of the records of a type that is named right.
fn nearest(kind: &str, types: &[&EntityType]) -> Option<&'static str> {
    let holder = kind.rsplit_once("::").and_then(|(holder, _)| registry::schema(holder));
    let records = holder.map(Schema::records).unwrap_or_default().iter().map(|record| record.entity.as_str());
    let records = records.filter(|record| registry::entity(record).is_some());
    let all = types.iter().map(|known| known.name).chain(registry::kinds()).chain(records);
    all.max_by(|a, b| strsim::jaro_winkler(a, kind).total_cmp(&strsim::jaro_winkler(b, kind)))
}
