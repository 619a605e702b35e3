//! Puts every question to the rules and turns the answers into findings.

use super::answer::{Answer, Answers, answers};
use super::carry::state;
use super::check::Rules;
use super::entities::{Asked, asked};
use super::reads::{Reads, State, Step};
use super::slices::Slices;
use crate::finding::{Confidence, Finding, Related, Status, fingerprint};
use crate::model::{Entity, Known, Presence, Question, Remark};
use crate::rule::set::{Forbid, Message, Piece};
use crate::rule::{RuleError, Severity};
use crate::source::{Problem, ProblemKind, Sources, Span};
use cedar_policy::{EvalResult, eval_expression};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What asks where some settings hold: profiles, rules, and what fails the run.
#[derive(Debug, Clone, Default)]
pub struct Asking {
    /// Whether a profile or leastwise.toml says where data may lie.
    pub areas: bool,
    /// The active profiles and the rules that they name.
    pub profiles: Vec<(Arc<str>, BTreeSet<Arc<str>>)>,
    /// Rules of other settings than these, by id: they are not asked.
    pub left_out: BTreeSet<Arc<str>>,
    /// The mildest severity that fails the run; `None`: nothing does.
    pub fail_on: Option<Severity>,
}

/// The outcome of all questions.
#[derive(Debug, Default)]
pub struct Judged {
    /// Findings of every status, in the order of the report.
    pub findings: Vec<Finding>,
    /// Whether a violation is as severe as its settings say that the run fails.
    pub fails: bool,
    /// Rules that could not be evaluated as they are written.
    pub problems: Vec<Problem>,
}

/// Puts the questions to the rules, in parallel; `asking` is what asks by the scope of a question.
pub fn evaluate(rules: &Rules, questions: &[Question], asking: &[Asking], sources: &Sources) -> Judged {
    let nobody = Asking::default();
    let asking = |question: &Question| asking.get(question.scope).unwrap_or(&nobody);
    let kinds = questions.iter().flat_map(|question| &question.alternatives).map(|entity| entity.kind).collect();
    let rules = match Slices::of(rules, &kinds) {
        Ok(slices) => slices,
        Err(errors) => {
            let problem = |error: RuleError| Problem::new(ProblemKind::Rule, error.to_string());
            return Judged { problems: errors.into_iter().map(problem).collect(), ..Judged::default() };
        }
    };
    let answered: Vec<(Vec<Finding>, Vec<Problem>)> =
        questions.par_iter().map(|question| judge(&rules, question, asking(question), sources)).collect();
    let mut judged = Judged::default();
    for ((findings, problems), question) in answered.into_iter().zip(questions) {
        let threshold = asking(question).fail_on;
        let fails = |finding: &Finding| threshold.is_some_and(|threshold| finding.severity <= threshold);
        judged.fails |= findings.iter().any(|finding| finding.status == Status::Violated && fails(finding));
        judged.findings.extend(findings);
        judged.problems.extend(problems);
    }
    judged.findings.sort();
    judged.findings.dedup_by(is_again);
    judged.problems.sort();
    judged.problems.dedup();
    judged
}

/// Whether a finding is the one before it once more, met on another way: a template that is nested twice has one
/// weakness, which names both of its parents.
fn is_again(next: &mut Finding, kept: &mut Finding) -> bool {
    let related = std::mem::take(&mut next.related);
    let mut all = std::mem::take(&mut kept.related);
    let is_same = next == kept;
    if is_same {
        let new: Vec<Related> = related.into_iter().filter(|place| !all.contains(place)).collect();
        all.extend(new);
    } else {
        next.related = related;
    }
    kept.related = all;
    is_same
}

fn judge(rules: &Slices<'_>, question: &Question, asking: &Asking, sources: &Sources) -> (Vec<Finding>, Vec<Problem>) {
    let mut cases: Vec<(&Entity, Answers)> = Vec::with_capacity(question.alternatives.len());
    let mut problems = Vec::new();
    for entity in &question.alternatives {
        match answers(rules, question, entity, asking.areas) {
            Ok(answers) => {
                problems.extend(answers.faults.iter().map(|(rule, fault)| {
                    Problem::new(ProblemKind::Rule, format!("{rule} cannot be evaluated on {}: {fault}", entity.kind))
                }));
                cases.push((entity, answers));
            }
            Err(fault) => problems.push(Problem::new(ProblemKind::Rule, format!("{}: {fault}", entity.kind))),
        }
    }
    let ids: BTreeSet<&Arc<str>> = cases.iter().flat_map(|(_, answers)| answers.by_rule.keys()).collect();
    let asked = ids.into_iter().filter(|rule| !asking.left_out.contains(*rule));
    let findings = asked.filter_map(|rule| combine(rules, question, asking, sources, rule, &cases));
    (findings.collect(), problems)
}

/// One rule over all cases of a question: certain where it fires in each, else it cannot tell.
fn combine(
    rules: &Slices<'_>,
    question: &Question,
    asking: &Asking,
    sources: &Sources,
    rule: &Arc<str>,
    cases: &[(&Entity, Answers)],
) -> Option<Finding> {
    let said: Vec<(&Entity, Option<&Answer>)> =
        cases.iter().map(|(entity, answers)| (*entity, answers.by_rule.get(rule))).collect();
    let everywhere = said.iter().all(|(_, answer)| matches!(answer, Some(Answer::Fired(_))));
    let fired = said.iter().filter_map(|(entity, answer)| match answer {
        Some(Answer::Fired(id)) => rules.forbid(id).map(|forbid| (*entity, forbid)),
        _ => None,
    });
    // Where the cases differ in severity, the mildest is what is certain.
    let mildest = fired.max_by_key(|(_, forbid)| forbid.severity);
    match (mildest, everywhere) {
        (Some((entity, forbid)), true) => Some(match &question.doubt {
            None => found(rules, question, asking, sources, entity, forbid),
            Some(doubt) => unknown(rules, question, asking, sources, entity, &forbid.rule, doubt),
        }),
        (Some((entity, forbid)), false) => {
            let reason = said.iter().find_map(|(_, answer)| match answer {
                Some(Answer::Unknown(reason)) => Some(reason.clone()),
                _ => None,
            });
            let reason = reason.unwrap_or_else(|| "it hangs on a condition that cannot be decided".to_owned());
            Some(unknown(rules, question, asking, sources, entity, &forbid.rule, &reason))
        }
        (None, _) => said.iter().find_map(|(entity, answer)| match answer {
            Some(Answer::Unknown(reason)) => Some(unknown(rules, question, asking, sources, entity, rule, reason)),
            _ => None,
        }),
    }
}

/// Where the first of the attributes that the rule points at was written; a rule that names none points at the one of
/// the provider's own that it reads last.
fn place(rules: &Slices<'_>, entity: &Entity, forbid: &Forbid) -> Option<Span> {
    let written = |names: &[&str]| entity.provided.as_ref()?.written(names).map(|node| node.span);
    let named = |path: &String| match entity.attribute(path) {
        Some(attribute) => attribute.span,
        None => written(&path.split('.').collect::<Vec<&str>>()),
    };
    if !forbid.at.is_empty() {
        return forbid.at.iter().find_map(named);
    }
    let last = &rules.reads_of(entity.kind, forbid.policy.id())?.last;
    let names: Vec<&str> = last.iter().map_while(Step::name).collect();
    if names.is_empty() { None } else { written(&names) }
}

fn found(
    rules: &Slices<'_>,
    question: &Question,
    asking: &Asking,
    sources: &Sources,
    entity: &Entity,
    forbid: &Forbid,
) -> Finding {
    let place = place(rules, entity, forbid);
    let mut message = render(rules, question, asking, entity, &forbid.message);
    let confidence = match &question.presence {
        Presence::Always => Confidence::Definite,
        Presence::Possible(reason) => {
            message.push_str(&format!(" (possible: {reason})"));
            Confidence::Possible
        }
    };
    Finding {
        location: sources.location(place.unwrap_or(question.span)),
        severity: forbid.severity,
        status: if forbid.review { Status::Review } else { Status::Violated },
        confidence,
        message,
        help: render(rules, question, asking, entity, &forbid.help),
        name: name(forbid),
        ..blank(question, asking, sources, entity, &forbid.rule)
    }
}

fn unknown(
    rules: &Slices<'_>,
    question: &Question,
    asking: &Asking,
    sources: &Sources,
    entity: &Entity,
    rule: &Arc<str>,
    reason: &str,
) -> Finding {
    let described = rules.rule(rule);
    let title = described.map_or("", |rule| &rule.title);
    Finding {
        name: described.map_or_else(|| rule.clone(), |rule| rule.name.clone()),
        severity: described.and_then(|rule| rule.severities.first().copied()).unwrap_or(Severity::Info),
        message: format!("cannot tell for {} whether: {title} ({reason})", question.subject.name),
        ..blank(question, asking, sources, entity, rule)
    }
}

/// The parts of a finding that do not hang on its status.
fn blank(question: &Question, asking: &Asking, sources: &Sources, entity: &Entity, rule: &Arc<str>) -> Finding {
    Finding {
        location: sources.location(question.span),
        rule: rule.clone(),
        name: rule.clone(),
        severity: Severity::Info,
        status: Status::Unknown,
        confidence: Confidence::Possible,
        message: String::new(),
        help: String::new(),
        profiles: profiles(asking, entity, rule),
        resource: question.subject.clone(),
        related: remarks(sources, &question.related),
        flow: remarks(sources, &question.flow),
        fingerprint: fingerprint(rule, &question.subject, &question.detail),
    }
}

fn name(forbid: &Forbid) -> Arc<str> {
    forbid.policy.annotation("name").unwrap_or_default().into()
}

/// The profiles that ask for a rule; a question that a profile's area raised is that profile's alone.
fn profiles(asking: &Asking, entity: &Entity, rule: &Arc<str>) -> Vec<Arc<str>> {
    let area = match entity.attribute("area").map(|attribute| &attribute.value) {
        Some(Ok(Known::String(area))) => Some(area.clone()),
        _ => None,
    };
    let asks = |(name, rules): &&(Arc<str>, BTreeSet<Arc<str>>)| match &area {
        Some(area) => name == area,
        None => rules.contains(rule),
    };
    asking.profiles.iter().filter(asks).map(|(name, _)| name.clone()).collect()
}

fn remarks(sources: &Sources, remarks: &[Remark]) -> Vec<Related> {
    remarks
        .iter()
        .map(|remark| Related { location: sources.location(remark.span), text: remark.text.clone() })
        .collect()
}

/// The message with its expressions evaluated; what is not known is said to be so.
fn render(rules: &Slices<'_>, question: &Question, asking: &Asking, entity: &Entity, message: &Message) -> String {
    let known = |path: &str| entity.attribute(path).and_then(|attribute| attribute.value.clone().ok());
    let read = rules.projection(entity.kind);
    let asked = asked(question.verb, &question.principal, entity, asking.areas, &known, read);
    let is_known = |expression: &str| {
        let paths = rules.expression(expression).into_iter().flat_map(Reads::paths);
        paths.into_iter().all(|(path, whole)| state(entity, path, whole).0 == State::Known)
    };
    let mut text = String::new();
    for piece in &message.pieces {
        match (piece, &asked) {
            (Piece::Text(plain), _) => text.push_str(plain),
            (Piece::Expression(source, expression), Ok(Asked { request, entities })) if is_known(source) => {
                match eval_expression(request, entities, expression) {
                    Ok(value) => text.push_str(&show(&value)),
                    Err(_) => text.push_str("(not known)"),
                }
            }
            (Piece::Expression(..), _) => text.push_str("(not known)"),
        }
    }
    text
}

fn show(value: &EvalResult) -> String {
    match value {
        EvalResult::String(text) => text.clone(),
        EvalResult::Bool(value) => value.to_string(),
        EvalResult::Long(value) => value.to_string(),
        EvalResult::Set(items) => {
            items.iter().map(show).collect::<BTreeSet<String>>().into_iter().collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
