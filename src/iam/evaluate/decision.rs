//! The answer to one request, with the statements that made it.

use super::applies;
use super::context::Given;
use super::layers::{self, Answers, Layer, Policies, Request, Standing};
use super::render::variables_of;
use super::sample::{self, Asked, Sample};
use super::truth::{Reason, Truth};
use crate::iam::condition::Condition;
use crate::iam::document::Document;
use crate::iam::pattern::Glob;
use crate::iam::statement::{Effect, Statement};
use crate::iam::text::Text;
use crate::syntax::Unknown;
use std::sync::Arc;

/// How many combinations of values are tried for keys that are not given.
const MAX_TRIED: usize = 4_096;

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision<'a> {
    /// What comes out.
    pub outcome: Outcome,
    /// Whether a statement denies it for certain.
    pub explicit: bool,
    /// The context keys that decide, in lower case, sorted: where the outcome is conditional.
    pub keys: Vec<Arc<str>>,
    /// What else is not known and decides.
    pub unknown: Vec<Unknown>,
    /// The statements that decided: those that deny; else those that allow, or may allow or deny.
    pub statements: Vec<Deciding<'a>>,
    /// Where nothing denies: the layers that do not allow it.
    pub lacking: Vec<Layer>,
}

/// What comes out of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is allowed, whatever is not known.
    Allowed,
    /// It is denied, whatever is not known.
    Denied,
    /// It hangs on context keys that are not given.
    Conditional,
    /// It hangs on something else that is not known.
    Unknown,
}

/// A statement that decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Deciding<'a> {
    /// The kind of policy it stands in.
    pub layer: Layer,
    /// The policy.
    pub document: &'a Document,
    /// The statement.
    pub statement: &'a Statement,
    /// Its number in the policy, from 0.
    pub number: usize,
    /// Whether it applies to the request.
    pub applies: Truth,
}

/// Decides a request under the policies. Where a path of a session's role would decide otherwise than the usual one, it is
/// conditional on the role's ARN.
pub fn decide<'a>(policies: &Policies<'a>, request: &Request<'_>) -> Decision<'a> {
    let known = request.context.get(PRINCIPAL_ARN) != Given::Unknown;
    let arns = if known { Vec::new() } else { request.caller.role_arns(&principals(policies)) };
    let mut decisions = arns.into_iter().map(|arn| {
        let mut context = request.context.clone();
        context.set(PRINCIPAL_ARN, vec![arn]);
        decide_as_known(policies, &Request { context, ..request.clone() })
    });
    match decisions.next() {
        Some(first) if decisions.all(|other| other.outcome == first.outcome) => first,
        _ => decide_as_known(policies, request),
    }
}

/// The key of who asks: of a session its role.
const PRINCIPAL_ARN: &str = "aws:PrincipalArn";

/// What the policies compare who asks with.
fn principals(policies: &Policies<'_>) -> Vec<Glob> {
    let statements = policies.all().flat_map(|(_, document)| &document.statements);
    let conditions = statements.flat_map(|statement| &statement.conditions);
    let on = conditions.filter(|condition| condition.is_on(PRINCIPAL_ARN));
    let pattern = |condition: &Condition, text: &Text| match condition.operator.takes_patterns() {
        true => Glob::pattern(&text.upper()),
        false => Glob::text(&text.upper()),
    };
    on.flat_map(|condition| condition.values.iter().map(move |text| pattern(condition, text))).collect()
}

fn decide_as_known<'a>(policies: &Policies<'a>, request: &Request<'_>) -> Decision<'a> {
    let (answers, statements) = ask(policies, request);
    let standing = Standing::of(&request.caller, request.action, request.resource, &request.context);
    let allowed = answers.allowed(standing);
    let tried = if matches!(allowed, Truth::Open(_)) { try_all(policies, request, &statements) } else { None };
    let explicit = answers.denied.is_yes();
    let (mut keys, mut unknown) = (Vec::new(), Vec::new());
    let outcome = match tried.unwrap_or(allowed) {
        Truth::Yes => Outcome::Allowed,
        Truth::No => Outcome::Denied,
        Truth::Open(reasons) => {
            for reason in reasons {
                match reason {
                    Reason::Key(key) => keys.push(key),
                    Reason::Unknown(reason) => unknown.push(reason),
                }
            }
            keys.sort_unstable();
            if keys.is_empty() { Outcome::Unknown } else { Outcome::Conditional }
        }
    };
    let relevant = |one: &Deciding<'_>| match outcome {
        Outcome::Denied if explicit => one.statement.denies() && one.applies.is_yes(),
        Outcome::Denied => matches!(answers.denied, Truth::Open(_)),
        Outcome::Allowed => !one.statement.denies(),
        Outcome::Conditional | Outcome::Unknown => true,
    };
    let lacking =
        if explicit || outcome == Outcome::Allowed { Vec::new() } else { lacking(policies, &answers, standing) };
    let statements = statements.into_iter().filter(relevant).collect();
    Decision { outcome, explicit, keys, unknown, statements, lacking }
}

/// The answer, where every value that the open keys can have is tried; keys that change nothing are no reason.
///
/// `None` where that cannot be done: there is nothing to try, or too much.
fn try_all(policies: &Policies<'_>, request: &Request<'_>, statements: &[Deciding<'_>]) -> Option<Truth> {
    let open = statements.iter().filter(|one| !one.applies.is_yes());
    let conditions: Vec<Asked<'_>> = open
        .flat_map(|one| one.statement.conditions.iter().map(|condition| (condition, one.document.version)))
        .collect();
    let variables = variables(statements);
    let samples: Vec<Sample> = sample::samples(&conditions, &request.context, false)
        .into_iter()
        .flatten()
        .filter(|sample| !variables.iter().any(|key| key.eq_ignore_ascii_case(&sample.key)))
        .collect();
    if samples.is_empty() {
        return None;
    }
    let contexts = sample::combinations(&samples, &request.context, MAX_TRIED)?;
    let answers: Vec<Truth> = contexts
        .into_iter()
        .map(|context| {
            let standing = Standing::of(&request.caller, request.action, request.resource, &context);
            ask(policies, &Request { context, ..request.clone() }).0.allowed(standing)
        })
        .collect();
    let first = answers.first()?;
    if answers.iter().all(|answer| answer == first) {
        return Some(first.clone());
    }
    // Combinations are in the order of the keys, the last key's choices fastest.
    let mut reasons: Vec<Reason> = Vec::new();
    let mut stride = answers.len();
    for sample in &samples {
        let block = stride;
        stride /= sample.choices.len();
        let differs = answers.iter().enumerate().any(|(index, answer)| {
            let start = index - index % block + index % stride;
            answers.get(start).is_some_and(|other| other != answer)
        });
        if differs {
            reasons.push(Reason::Key(sample.key.clone()));
        }
    }
    for answer in answers {
        if let Truth::Open(more) = answer {
            reasons.extend(more.into_iter().filter(|reason| !reasons.contains(reason)).collect::<Vec<_>>());
        }
    }
    Some(Truth::Open(reasons))
}

/// The keys whose values variables of the statements are replaced by.
fn variables<'s>(statements: &'s [Deciding<'_>]) -> Vec<&'s str> {
    let texts = statements.iter().flat_map(|one| {
        let of_conditions = one.statement.conditions.iter().flat_map(|condition| &condition.values);
        one.statement.resources.iter().chain(of_conditions).map(move |text| (text, one.document.version))
    });
    texts.flat_map(|(text, version)| variables_of(text, version)).collect()
}

/// What each layer answers, and the statements that apply or may.
fn ask<'a>(policies: &Policies<'a>, request: &Request<'_>) -> (Answers, Vec<Deciding<'a>>) {
    let standing = Standing::of(&request.caller, request.action, request.resource, &request.context);
    let mut answers = Answers::none(policies, request, standing);
    let mut statements = Vec::new();
    let mut levels = vec![Truth::No; policies.scp.len()];
    let mut ask_all = |layer: Layer, document: &'a Document| {
        if !layer.holds_for(&request.caller) {
            return;
        }
        for (number, statement) in document.statements.iter().enumerate() {
            let applies = add(&mut answers, &mut levels, layer, document, statement, policies, request);
            if !applies.is_no() {
                statements.push(Deciding { layer, document, statement, number, applies });
            }
        }
        // What is not known of a policy may allow as well as deny.
        if let Some(unknown) = layers::unknown_in(document) {
            let open = Truth::unknown(unknown);
            answers.denied = answers.denied.clone().or(open.clone());
            *slot(&mut answers, &mut levels, layer) = slot(&mut answers, &mut levels, layer).clone().or(open);
        }
    };
    policies.identity.iter().for_each(|document| ask_all(Layer::Identity, document));
    policies.boundary.iter().for_each(|document| ask_all(Layer::Boundary, document));
    policies.session.iter().for_each(|document| ask_all(Layer::Session, document));
    policies.scp.iter().enumerate().for_each(|(level, document)| ask_all(Layer::ServiceControl(level), document));
    policies.resource.iter().for_each(|document| ask_all(Layer::Resource, document));
    if request.caller.is_under_service_control() {
        answers.scp = Truth::all(levels);
    }
    (answers, statements)
}

/// Adds what one statement says; whether it applies.
fn add(
    answers: &mut Answers,
    levels: &mut [Truth],
    layer: Layer,
    document: &Document,
    statement: &Statement,
    policies: &Policies<'_>,
    request: &Request<'_>,
) -> Truth {
    let Request { caller, action, resource, context } = request;
    let covered = layers::applies_to(statement, document, action, context).and(applies::covers_resource(
        statement,
        resource,
        document.version,
        context,
    ));
    if covered.is_no() {
        return Truth::No;
    }
    let (allows, denies) = (layers::is_effect(statement, &Effect::Allow), layers::is_effect(statement, &Effect::Deny));
    if layer != Layer::Resource {
        let slot = slot(answers, levels, layer);
        *slot = slot.clone().or(covered.clone().and(allows));
        answers.denied = answers.denied.clone().or(covered.clone().and(denies));
        return covered;
    }
    let named = caller.named_by(statement, policies.boundary.is_some());
    for (slot, by) in
        [(&mut answers.direct, &named.direct), (&mut answers.role, &named.role), (&mut answers.account, &named.account)]
    {
        *slot = slot.clone().or(covered.clone().and(allows.clone()).and(by.clone()));
    }
    let applies = covered.and(Truth::any([named.direct, named.role, named.account]));
    answers.denied = answers.denied.clone().or(applies.clone().and(denies));
    applies
}

fn slot<'s>(answers: &'s mut Answers, levels: &'s mut [Truth], layer: Layer) -> &'s mut Truth {
    match layer {
        Layer::Identity => &mut answers.identity,
        Layer::Boundary => &mut answers.boundary,
        Layer::Session => &mut answers.session,
        Layer::ServiceControl(level) => match levels.get_mut(level) {
            Some(own) => own,
            None => &mut answers.scp,
        },
        Layer::Resource => &mut answers.account,
    }
}

/// The layers that would have to allow it and do not for certain.
fn lacking(policies: &Policies<'_>, answers: &Answers, standing: Standing) -> Vec<Layer> {
    let mut lacking = Vec::new();
    let mut add = |layer: Layer, lacks: bool| {
        if lacks {
            lacking.push(layer);
        }
    };
    let resource = Truth::any([answers.direct.clone(), answers.role.clone(), answers.account.clone()]);
    let inside = standing != Standing::Stranger;
    add(Layer::Identity, inside && answers.identity.is_no());
    add(Layer::Boundary, inside && answers.boundary.is_no());
    add(Layer::Session, inside && answers.session.is_no());
    add(Layer::ServiceControl(policies.scp.len().saturating_sub(1)), answers.scp.is_no());
    add(Layer::Resource, standing != Standing::Inside && resource.is_no());
    lacking
}
