//! Questions about functions that may change, or invoke, functions that run with more rights.

use super::escalation::Spoken;
use super::listed::{LISTED, some};
use super::principals::{Gain, May, Request, World};
use super::types::TWO_HOPS;
use crate::iam::evaluate::Context;
use crate::model::{Entity, Presence, Project, Question, Read, Remark, Resource, Verb};
use crate::source::Span;
use crate::syntax::{Unknown, UnknownKind};
use std::collections::BTreeMap;

/// The actions that change what a function runs.
const UPDATES: [&str; 2] = ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"];

/// The action that has it run.
const INVOKE: &str = "lambda:InvokeFunction";

/// Functions of one role that another role may change or invoke.
#[derive(Default)]
struct Hop<'a> {
    may: May,
    actions: Vec<&'static str>,
    functions: Vec<&'a Resource>,
}

/// The questions about the roles of a project's functions, one for each pair of roles and way.
pub(super) fn questions(project: &Project, world: &World<'_>, spoken: &Spoken) -> Vec<Question> {
    let mut questions = Vec::new();
    for (who, principal) in world.principals.iter().enumerate() {
        if principal.functions.is_empty() || principal.wide {
            continue;
        }
        let mut hops: BTreeMap<(usize, &'static str), Hop<'_>> = BTreeMap::new();
        for (other, target) in world.principals.iter().enumerate().filter(|(other, _)| *other != who) {
            // What a function does with what it is given is its own affair, unless it may do everything.
            let sovereign = target.wide || spoken.sovereign.contains(&other);
            for function in &target.functions {
                let mut updates =
                    UPDATES.iter().filter_map(|action| Some((*action, world.may_on(who, action, function)?)));
                let (by, found): (_, Vec<_>) = match updates.next() {
                    Some(first) => ("update", std::iter::once(first).chain(updates).collect()),
                    None if sovereign => {
                        ("invoke", world.may_on(who, INVOKE, function).map(|may| (INVOKE, may)).into_iter().collect())
                    }
                    None => continue,
                };
                if !found.is_empty() {
                    hops.entry((other, by)).or_default().add(function, found);
                }
            }
        }
        let asked = hops.into_iter().filter_map(|((other, by), hop)| question(project, world, (who, other), by, &hop));
        questions.extend(asked);
    }
    questions
}

impl World<'_> {
    /// Whether a principal may do an action on a function.
    fn may_on(&self, who: usize, action: &str, function: &Resource) -> Option<May> {
        if !self.principals.get(who)?.may_name(action) {
            return None;
        }
        self.may(who, Request { action, on: &self.arn(function)?, context: &Context::default(), resource: None })
    }
}

impl<'a> Hop<'a> {
    fn add(&mut self, function: &'a Resource, found: Vec<(&'static str, May)>) {
        for (action, may) in found {
            let first = self.functions.is_empty();
            // What is certain is said by itself.
            match (may.is_certain(), self.may.is_certain()) {
                (false, true) if !first => continue,
                (true, false) if !first => *self = Self { may, ..Self::default() },
                _ if first => self.may = may,
                _ => self.may = std::mem::take(&mut self.may).and(may),
            }
            if !self.actions.contains(&action) {
                self.actions.push(action);
            }
            if self.functions.last().is_none_or(|last| last.id != function.id) {
                self.functions.push(function);
            }
        }
    }
}

fn question(
    project: &Project,
    world: &World<'_>,
    (who, other): (usize, usize),
    by: &'static str,
    hop: &Hop<'_>,
) -> Option<Question> {
    let (principal, target) = (&world.principals[who], &world.principals[other]);
    let gain = world.gain(other, who);
    let mut entity = Entity::new(&TWO_HOPS, principal.title.clone());
    entity.put("holder", Read::default(principal.title.clone()));
    entity.put("functions", Read::default(names(&principal.functions)));
    entity.put("targets", Read::default(names(&hop.functions)));
    entity.put("role", Read::default(target.title.clone()));
    entity.put("by", Read::default(by));
    entity.put("actions", Read::default(hop.actions.join(", ")));
    let at = hop.may.sites.first().map_or(principal.resource.span, |(span, _)| *span);
    let (stronger, gained): (Read<bool>, Option<(String, Span)>) = match gain {
        Gain::None => return None,
        Gain::Perhaps(reason) => (Read::unknown(Unknown::new(UnknownKind::Other, reason), Some(at)), None),
        Gain::Some(action, span) => (Read::at(true, at), Some((action, span))),
    };
    entity.put("gains", Read::default(gained.as_ref().map(|(action, _)| action.clone()).unwrap_or_default()));
    entity.put("stronger", stronger);
    let behind = match (&hop.may.doubt, by) {
        (Some(reason), _) => Presence::Possible(reason.as_str().into()),
        (None, "invoke") => Presence::Possible("what it does with what it is given is not judged".into()),
        _ => Presence::Always,
    };
    let blank = super::deploy::blank(project, principal.resource);
    let detail =
        format!("{}:two-hops:{by}:{}", project.local_id(principal.resource), project.local_id(target.resource));
    Some(Question {
        verb: Verb::Grant,
        alternatives: vec![entity],
        span: at,
        presence: blank.presence.and(&target.resource.presence).and(&behind),
        detail,
        flow: flow(principal.functions.first().copied(), hop, (&target.title, target.resource.span), gained),
        ..blank
    })
}

/// From the function over its role's statement to the other function and what its role allows.
fn flow(
    function: Option<&Resource>,
    hop: &Hop<'_>,
    (role, span): (&str, Span),
    gained: Option<(String, Span)>,
) -> Vec<Remark> {
    let step = |span: Span, text: String| Remark { span, text };
    let own = function.map(|function| step(function.span, format!("function {}", function.name)));
    let allows = hop.may.sites.iter().map(|(span, said)| step(*span, format!("its role allows {said}")));
    let targets = hop.functions.iter().take(LISTED).map(|other| step(other.span, format!("function {}", other.name)));
    let more = gained.map(|(action, span)| step(span, format!("which allows {action}")));
    own.into_iter().chain(allows).chain(targets).chain([step(span, role.to_owned())]).chain(more).collect()
}

fn names(functions: &[&Resource]) -> String {
    some(&functions.iter().map(|function| function.name.to_string()).collect::<Vec<_>>())
}
