//! What the rules say of one entity: fired, silent, or unable to tell.

use super::entities::{Asked, asked};
use super::open::Ask;
use super::slices::Slices;
use crate::model::{Entity, Known, Question};
use cedar_policy::{AuthorizationError, Authorizer, EvaluationError, PolicyId, PolicySet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a rule says of an entity; a rule that is silent has no answer.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// This forbid fires.
    Fired(PolicyId),
    /// It needed what is not known: the reason.
    Unknown(String),
}

/// The answers of one entity.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// By rule.
    pub(super) by_rule: BTreeMap<Arc<str>, Answer>,
    /// Errors that are a rule's own fault.
    pub(super) faults: Vec<(Arc<str>, String)>,
}

/// At most this many unknown truth values are tried both ways.
const MAX_TRIED: usize = 3;

/// Asks every rule of the entity's type.
pub(super) fn answers(
    rules: &Slices<'_>,
    question: &Question,
    entity: &Entity,
    areas: bool,
) -> Result<Answers, String> {
    let mut answers = Answers::default();
    if rules.slice(entity.kind).is_none() && rules.open_policies(entity.kind).is_empty() {
        return Ok(answers);
    }
    let said = ask(rules, question, entity, areas, &BTreeMap::new())?;
    answers.faults.clone_from(&said.faults);
    let mut open: BTreeSet<Arc<str>> = BTreeSet::new();
    for id in &said.unable {
        if let Some(forbid) = rules.forbid(id) {
            open.insert(forbid.rule.clone());
        }
    }
    for id in &said.fired {
        note(rules, &mut answers.by_rule, id.clone());
    }
    open.retain(|rule| !answers.by_rule.contains_key(rule));
    if !open.is_empty() {
        settle(rules, question, entity, areas, &open, &said, &mut answers)?;
    }
    // Of a record that may not be there nothing is certain but that it is right.
    if let Some(reason) = entity.provided.as_ref().and_then(|provided| provided.uncertain.as_ref()) {
        answers.by_rule.values_mut().for_each(|answer| *answer = Answer::Unknown(reason.to_string()));
    }
    Ok(answers)
}

/// What Cedar said at once.
#[derive(Default)]
struct Said {
    fired: Vec<PolicyId>,
    unable: Vec<PolicyId>,
    /// What these needed of the provider's own attributes, by rule.
    reasons: BTreeMap<Arc<str>, String>,
    faults: Vec<(Arc<str>, String)>,
}

fn ask(
    rules: &Slices<'_>,
    question: &Question,
    entity: &Entity,
    areas: bool,
    tried: &BTreeMap<&str, bool>,
) -> Result<Said, String> {
    let known = |path: &str| match tried.get(path) {
        Some(value) => Some(Known::Bool(*value)),
        None => entity.attribute(path).and_then(|attribute| attribute.value.clone().ok()),
    };
    let read = rules.projection(entity.kind);
    let asked = asked(question.verb, &question.principal, entity, areas, &known, read)?;
    let mut said = Said::default();
    if let Some(slice) = rules.slice(entity.kind) {
        authorize(rules, &asked, slice, &mut said);
    }
    for policy in rules.open_policies(entity.kind) {
        let reason = match policy.ask(entity) {
            Ask::Plain(set) => {
                authorize(rules, &asked, set, &mut said);
                continue;
            }
            Ask::Bounded(bounds, reason) => {
                let (mut lower, mut upper) = (Said::default(), Said::default());
                authorize(rules, &asked, &bounds.lower, &mut lower);
                authorize(rules, &asked, &bounds.upper, &mut upper);
                said.faults.extend(lower.faults);
                if !lower.fired.is_empty() {
                    said.fired.extend(lower.fired);
                    continue;
                }
                if upper.fired.is_empty() && upper.unable.is_empty() && lower.unable.is_empty() {
                    continue;
                }
                reason
            }
            Ask::Never(reason) => reason,
        };
        said.unable.push(policy.id().clone());
        if let Some(forbid) = rules.forbid(policy.id()) {
            said.reasons.entry(forbid.rule.clone()).or_insert_with(|| reason.to_string());
        }
    }
    said.fired.sort();
    // `in` is silently false where the label, and with it the ancestry, is not known.
    if known("label").is_none() && entity.attribute("label").is_some() {
        let asked_of = |id: &PolicyId| {
            rules.slice(entity.kind).is_some_and(|slice| slice.policy(id).is_some())
                || rules.open_policies(entity.kind).iter().any(|policy| policy.id() == id)
        };
        let is_silent = |id: &&PolicyId| asked_of(id) && !said.fired.contains(id) && !said.unable.contains(id);
        let silent: Vec<PolicyId> = rules.ancestry.iter().filter(is_silent).cloned().collect();
        said.unable.extend(silent);
    }
    said.unable.sort();
    Ok(said)
}

/// Adds what Cedar says of a request.
fn authorize(rules: &Slices<'_>, asked: &Asked, policies: &PolicySet, said: &mut Said) {
    let response = Authorizer::new().is_authorized(&asked.request, policies, &asked.entities);
    said.fired.extend(response.diagnostics().reason().cloned());
    for error in response.diagnostics().errors() {
        let AuthorizationError::PolicyEvaluationError(error) = error;
        match error.inner() {
            EvaluationError::EntityAttrDoesNotExist(_)
            | EvaluationError::RecordAttrDoesNotExist(_)
            | EvaluationError::EntityDoesNotExist(_) => said.unable.push(error.policy_id().clone()),
            other => {
                let rule = rules.forbid(error.policy_id()).map(|forbid| forbid.rule.clone());
                said.faults.push((rule.unwrap_or_default(), other.to_string()));
            }
        }
    }
}

/// Tries the unknown truth values both ways: where every case fires, or none does, the known part decides.
fn settle(
    rules: &Slices<'_>,
    question: &Question,
    entity: &Entity,
    areas: bool,
    open: &BTreeSet<Arc<str>>,
    first: &Said,
    answers: &mut Answers,
) -> Result<(), String> {
    let read = |path: &str| first.unable.iter().any(|id| rules.reads(id, path));
    let missing: Vec<_> =
        entity.attributes.iter().filter(|attribute| attribute.value.is_err() && read(attribute.path)).collect();
    let reason = missing.first().and_then(|attribute| attribute.value.as_ref().err()).map(ToString::to_string);
    let reason = reason.unwrap_or_else(|| "something that it needs is not known".to_owned());
    let unknown = |rule: &Arc<str>| Answer::Unknown(first.reasons.get(rule).unwrap_or(&reason).clone());
    let tried: Vec<&'static str> =
        missing.iter().filter(|a| rules.is_bool(entity.kind, a.path)).map(|a| a.path).collect();
    if tried.is_empty() || tried.len() > MAX_TRIED {
        for rule in open {
            answers.by_rule.insert(rule.clone(), unknown(rule));
        }
        return Ok(());
    }
    let cases = 1_usize << tried.len();
    let mut fired: BTreeMap<Arc<str>, Vec<PolicyId>> = BTreeMap::new();
    let mut stuck: BTreeSet<Arc<str>> = BTreeSet::new();
    for case in 0..cases {
        let values = tried.iter().enumerate().map(|(bit, path)| (*path, case >> bit & 1 == 1)).collect();
        let said = ask(rules, question, entity, areas, &values)?;
        let mut once: BTreeMap<Arc<str>, Answer> = BTreeMap::new();
        for id in said.fired {
            note(rules, &mut once, id);
        }
        for (rule, answer) in once {
            if let Answer::Fired(id) = answer {
                fired.entry(rule).or_default().push(id);
            }
        }
        stuck.extend(said.unable.iter().filter_map(|id| rules.forbid(id)).map(|forbid| forbid.rule.clone()));
    }
    for rule in open {
        let ids = fired.get(rule).map_or(&[][..], Vec::as_slice);
        if ids.len() == cases {
            // It fires whatever the unknown is: the mildest of its forbids is what is certain.
            if let Some(mildest) = ids.iter().max_by_key(|id| rules.forbid(id).map(|forbid| forbid.severity)) {
                answers.by_rule.insert(rule.clone(), Answer::Fired(mildest.clone()));
            }
        } else if !ids.is_empty() || stuck.contains(rule) {
            answers.by_rule.insert(rule.clone(), unknown(rule));
        }
    }
    Ok(())
}

/// Keeps the worst of the forbids of one rule that fire; a violation outweighs a review.
fn note(rules: &Slices<'_>, by_rule: &mut BTreeMap<Arc<str>, Answer>, id: PolicyId) {
    let Some(forbid) = rules.forbid(&id) else { return };
    let rank = |id: &PolicyId| rules.forbid(id).map(|forbid| (forbid.review, forbid.severity));
    match by_rule.get(&forbid.rule) {
        Some(Answer::Fired(before)) if rank(before) <= rank(&id) => {}
        _ => drop(by_rule.insert(forbid.rule.clone(), Answer::Fired(id))),
    }
}
