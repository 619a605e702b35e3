//! Loads rules, those of the user type-checked against the schema.

use super::schema::schema;
use crate::model::EntityType;
use crate::rule::set::{Forbid, RuleSet, at_label};
use crate::rule::{RuleError, RuleSource};
use cedar_policy::{PolicySet, ValidationMode, Validator};
use std::str::FromStr;

/// Rules, ready to be asked.
#[derive(Debug, Default)]
pub struct Rules {
    /// The set.
    pub set: RuleSet,
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
        let schema = schema(types).map_err(|message| vec![own[0].error(0, message)])?;
        let validator = Validator::new(schema);
        for forbid in &set.forbids {
            validate(&validator, &own[forbid.source], forbid, types, &mut errors);
        }
    }
    if errors.is_empty() { Ok(Rules { set, types: types.to_vec() }) } else { Err(errors) }
}

fn validate(
    validator: &Validator,
    source: &RuleSource,
    forbid: &Forbid,
    types: &[&EntityType],
    errors: &mut Vec<RuleError>,
) {
    if let Some(kind) = &forbid.kind
        && !types.iter().any(|known| known.name == &**kind)
    {
        let nearest = types
            .iter()
            .map(|known| known.name)
            .max_by(|a, b| strsim::jaro_winkler(a, kind).total_cmp(&strsim::jaro_winkler(b, kind)));
        let error = source.error(forbid.offset, format!("`{kind}` is not an entity type that rules are asked about"));
        errors.push(RuleError { help: nearest.map(|name| format!("did you mean `{name}`?")), ..error });
        return;
    }
    if forbid.asks_presence {
        let help = "an attribute is always there; where its value is not known the answer is *cannot tell*".to_owned();
        let error = source.error(forbid.offset, "`has` cannot be asked of these attributes".to_owned());
        errors.push(RuleError { help: Some(help), ..error });
    }
    let mut one = PolicySet::new();
    if one.add(forbid.policy.clone()).is_err() {
        return;
    }
    let before = errors.len();
    let result = validator.validate(&one, ValidationMode::Strict);
    errors.extend(result.validation_errors().map(|error| at_label(source, error, forbid.offset)));
    errors.extend(result.validation_warnings().map(|warning| at_label(source, warning, forbid.offset)));
    if errors.len() > before {
        return;
    }
    check_messages(validator, source, forbid, types, errors);
}

/// Type-checks the expressions of a forbid's messages, by validating a policy that has them as its condition.
fn check_messages(
    validator: &Validator,
    source: &RuleSource,
    forbid: &Forbid,
    types: &[&EntityType],
    errors: &mut Vec<RuleError>,
) {
    let kind = forbid.kind.as_deref().and_then(|kind| types.iter().find(|known| known.name == kind));
    for expression in forbid.message.expressions().chain(forbid.help.expressions()) {
        let scope = match kind {
            Some(kind) => format!("action == Action::\"{}\", resource is {}", kind.verb.as_str(), kind.name),
            None => "action, resource".to_owned(),
        };
        let text = format!("forbid (principal, {scope}) when {{ [{expression}] == [{expression}] }};");
        let Ok(policies) = PolicySet::from_str(&text) else { continue };
        let result = validator.validate(&policies, ValidationMode::Strict);
        if let Some(error) = result.validation_errors().next() {
            let inner = at_label(source, error, 0);
            let message = format!("`{{{expression}}}` in a message: {error}");
            errors.push(RuleError { help: inner.help, ..source.error(forbid.offset, message) });
        }
    }
}
