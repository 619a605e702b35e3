//! Loads rules: sliced by entity type, and those of the user type-checked against the schema.

use super::schema::{attributes, schema};
use crate::model::{AttributeKind, EntityType};
use crate::rule::set::{Forbid, RuleSet, at_label};
use crate::rule::{RuleError, RuleSource};
use cedar_policy::{Policy, PolicyId, PolicySet, ValidationMode, Validator};
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

/// Rules, ready to be asked.
#[derive(Debug, Default)]
pub struct Rules {
    /// The set.
    pub set: RuleSet,
    /// For each entity type the policies that may fire on it, as one Cedar set.
    slices: HashMap<Arc<str>, PolicySet>,
    /// Where each policy's forbid stands in the set.
    index: HashMap<PolicyId, usize>,
    /// Policies that ask `in`: silently false where the ancestry is not known.
    pub(super) ancestry: Vec<PolicyId>,
    /// The text of each forbid without blanks, to know which attributes it reads.
    reads: Vec<String>,
    /// The truth values among the attributes of each entity type.
    bools: HashMap<&'static str, Vec<&'static str>>,
}

/// Reads rules; those from `unchecked` on are validated strictly, warnings counted as errors.
///
/// The built-in ones before it are validated by the tests, which keeps the start short.
pub fn load(sources: &[RuleSource], unchecked: usize, types: &[&'static EntityType]) -> Result<Rules, Vec<RuleError>> {
    let set = RuleSet::parse(sources)?;
    let mut errors = Vec::new();
    let user: Vec<&Forbid> = set.forbids.iter().filter(|forbid| forbid.source >= unchecked).collect();
    if !user.is_empty() {
        let schema = schema(types).map_err(|message| vec![sources[0].error(0, message)])?;
        let validator = Validator::new(schema);
        for forbid in user {
            validate(&validator, &sources[forbid.source], forbid, types, &mut errors);
        }
    }
    if errors.is_empty() { Ok(Rules::new(set, types)) } else { Err(errors) }
}

impl Rules {
    fn new(set: RuleSet, types: &[&'static EntityType]) -> Self {
        let mut rules = Self::default();
        for kind in types {
            let bools = attributes(kind).filter(|declared| declared.kind == AttributeKind::Bool);
            rules.bools.insert(kind.name, bools.map(|declared| declared.path).collect());
        }
        for (index, forbid) in set.forbids.iter().enumerate() {
            rules.index.insert(forbid.policy.id().clone(), index);
            let text = forbid.policy.to_string();
            if asks_ancestry(&text) {
                rules.ancestry.push(forbid.policy.id().clone());
            }
            let messages = forbid.message.expressions().chain(forbid.help.expressions()).collect::<Vec<_>>().join(" ");
            let read = format!("{text} {messages} {}", forbid.at.join(" "));
            rules.reads.push(read.chars().filter(|char| !char.is_whitespace()).collect());
            // A rule without a type in its scope is asked of every type.
            let kinds: Vec<Arc<str>> = match &forbid.kind {
                Some(kind) => vec![kind.clone()],
                None => types.iter().map(|kind| kind.name.into()).collect(),
            };
            for kind in kinds {
                let slice = rules.slices.entry(kind).or_insert_with(PolicySet::new);
                // Ids are made unique by the set, so that adding cannot fail.
                let _ = slice.add(forbid.policy.clone());
            }
        }
        rules.set = set;
        rules
    }

    /// The policies that may fire on an entity type.
    pub(super) fn slice(&self, kind: &str) -> Option<&PolicySet> {
        self.slices.get(kind)
    }

    /// The forbid of a policy of ours.
    pub(super) fn forbid(&self, id: &PolicyId) -> Option<&Forbid> {
        self.index.get(id).map(|index| &self.set.forbids[*index])
    }

    /// Whether an attribute of an entity type is a truth value.
    pub(super) fn is_bool(&self, kind: &str, path: &str) -> bool {
        self.bools.get(kind).is_some_and(|paths| paths.contains(&path))
    }

    /// Whether the text of a policy, its messages or its place mentions an attribute's first name.
    pub(super) fn reads(&self, id: &PolicyId, path: &str) -> bool {
        let head = path.split('.').next().unwrap_or(path);
        let Some(text) = self.index.get(id).and_then(|index| self.reads.get(*index)) else { return true };
        text.contains(head)
    }
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
    if conditions_use_has(&forbid.policy) {
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

fn conditions_use_has(policy: &Policy) -> bool {
    mentions(&condition_text(&policy.to_string()), "has")
}

fn asks_ancestry(text: &str) -> bool {
    // In the scope `action in` and `resource is T in` stand before the conditions.
    let scope_asks = text
        .split('{')
        .next()
        .is_some_and(|scope| scope.split(',').next_back().is_some_and(|resource| mentions(resource, "in")));
    scope_asks || mentions(&condition_text(text), "in")
}

/// The conditions of a policy with string literals blanked out.
fn condition_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    let mut escaped = false;
    for char in text.chars() {
        match char {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if !quoted => out.push(char),
            _ => {}
        }
    }
    out.find(" when ")
        .or_else(|| out.find(" unless "))
        .or_else(|| out.find('{'))
        .map_or(String::new(), |at| out[at..].to_owned())
}

fn mentions(text: &str, word: &str) -> bool {
    text.split(|char: char| !char.is_alphanumeric() && char != '_').any(|token| token == word)
}
