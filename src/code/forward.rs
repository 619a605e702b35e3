//! Functions that call what their callers say: `call(action, params)` with `client[action](params)` in it, a method that is
//! handed over, a factory of clients by name. What they do is done where they are called, once for each call.

use super::facts::Collector;
use super::library::{self, Fact, Site};
use super::program::{Method, Program};
use super::unit::{Expr, ExprId, FunctionId, Unit};
use super::value::{UnitId, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// How many functions that pass on what they are given call each other.
const MAX_WITHIN: usize = 3;
/// How many calls of such functions one file's are asked about.
const MAX_ASKED: usize = 4_000;

/// Finds them: first those that call what a parameter says, then those that hand such a function a parameter of theirs.
pub(super) fn forwards(program: &Program) -> HashMap<Method, Vec<ExprId>> {
    let mut found: BTreeSet<Method> = BTreeSet::new();
    let untyped = (0..program.members.len()).filter(|unit| !program.is_typed(*unit));
    for unit in untyped {
        let here = program.unit(unit);
        for expr in &here.exprs {
            let asked = match expr {
                Expr::Index(_, key) => named_by(here, *key),
                Expr::Call { callee, args, .. } => match here.expr(*callee) {
                    Expr::Name(name, _) if &**here.name(*name) == "getattr" => {
                        args.get(1).and_then(|name| named_by(here, name.value))
                    }
                    Expr::Name(name, scope) => here.parameter(*name, *scope).map(|(function, _)| function),
                    Expr::Member(_, name) if names_its_call(here.name(*name)) => {
                        args.first().and_then(|name| named_by(here, name.value))
                    }
                    _ => None,
                },
                _ => None,
            };
            found.extend(asked.map(|function| (unit, function)));
        }
    }
    found.retain(|method| program.sites.get(method).is_some_and(|sites| !sites.is_empty()));
    let mut new: Vec<Method> = found.iter().copied().collect();
    for _ in 0..MAX_WITHIN {
        let mut next = Vec::new();
        for (unit, call) in new.iter().filter_map(|method| program.sites.get(method)).flatten() {
            let here = program.unit(*unit);
            let Expr::Call { args, .. } = here.expr(*call) else { continue };
            let passed = args.iter().filter_map(|arg| named_by(here, arg.value));
            next.extend(passed.map(|function| (*unit, function)).filter(|method| found.insert(*method)));
        }
        new = next;
    }
    let mut forwards: HashMap<Method, Vec<ExprId>> = found.iter().map(|method| (*method, Vec::new())).collect();
    let units: BTreeSet<UnitId> = found.iter().map(|(unit, _)| *unit).collect();
    for unit in units {
        let here = program.unit(unit);
        for call in &here.calls {
            for function in around(here, *call) {
                if let Some(calls) = forwards.get_mut(&(unit, function)) {
                    calls.push(*call);
                }
            }
        }
    }
    forwards
}

/// Methods that are handed the name of what they do or make.
fn names_its_call(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "client",
        "resource",
        "create_client",
        "get_paginator",
        "get_waiter",
        "generate_presigned_url",
        "getSignedUrl",
        "getSignedUrlPromise",
    ];
    NAMES.contains(&name)
}

/// The function whose parameter an expression is, is a member of, or is put together from.
fn named_by(here: &Unit, expr: ExprId) -> Option<FunctionId> {
    match here.expr(expr) {
        Expr::Name(name, scope) => here.parameter(*name, *scope).map(|(function, _)| function),
        Expr::Member(object, _) if matches!(here.expr(*object), Expr::Name(..)) => named_by(here, *object),
        Expr::Join(parts) => parts.iter().find_map(|part| named_by(here, *part)),
        _ => None,
    }
}

/// The functions around an expression, the innermost first.
fn around(here: &Unit, expr: ExprId) -> Vec<FunctionId> {
    let mut found = Vec::new();
    let mut function = here.owners.get(expr as usize).copied().unwrap_or_default();
    while function != 0 && found.len() < 32 {
        found.push(function);
        function = here.functions.get(function as usize).map_or(0, |function| function.parent);
    }
    found
}

/// What one call of a function that passes on does.
#[derive(Default)]
struct Done {
    facts: Vec<Fact>,
    opaque: Option<Arc<str>>,
    /// How many of the things that it may call do something.
    acting: usize,
}

impl Done {
    /// Adds what calling one of the values does.
    fn add(&mut self, outcome: library::Outcome) {
        let before = self.facts.len();
        self.facts.extend(outcome.facts.into_iter().filter(Fact::is_call));
        self.acting += usize::from(self.facts.len() > before);
        self.opaque = self.opaque.take().or(outcome.opaque);
    }

    fn is_known(&self) -> bool {
        Fact::tell_one(self.acting, &self.facts)
    }
}

impl Collector<'_> {
    /// Whether a call stands in a function that does what its callers say.
    pub(super) fn is_forwarded(&self, call: ExprId) -> bool {
        let program = self.of.program;
        !program.forwards.is_empty()
            && around(program.unit(self.unit), call).iter().any(|function| {
                let method = (self.unit, *function);
                program.forwards.contains_key(&method) && program.sites.contains_key(&method)
            })
    }

    /// What a call of such a function makes it do.
    pub(super) fn forwarded(&mut self, call: ExprId, callees: &[Value], written: &Arc<str>) -> bool {
        let program = self.of.program;
        let is_passed_on = self.is_forwarded(call);
        let mut is_any = false;
        for callee in callees {
            let Value::Function(unit, function) = callee else { continue };
            if !program.forwards.contains_key(&(*unit, *function)) || self.asked > MAX_ASKED {
                continue;
            }
            let mut done = Vec::new();
            self.done_within(&[((*unit, *function), (self.unit, call))], &mut done);
            for one in done {
                // Whoever calls this one says it.
                if is_passed_on && !one.is_known() {
                    continue;
                }
                is_any |= !one.facts.is_empty();
                for fact in one.facts {
                    let span = self.span(call);
                    self.push(fact.kind, written.clone(), span, call);
                }
                if let Some(reason) = one.opaque {
                    self.hide(reason, call);
                }
            }
        }
        is_any
    }

    /// What the calls in the last of some functions do where each is called by one call only.
    fn done_within(&mut self, within: &[(Method, (UnitId, ExprId))], done: &mut Vec<Done>) {
        let program = self.of.program;
        let Some((of, _)) = within.last().copied() else { return };
        let here = program.unit(of.0);
        for call in program.forwards.get(&of).into_iter().flatten() {
            let Expr::Call { callee, args, .. } = here.expr(*call) else { continue };
            self.asked += 1;
            if self.asked > MAX_ASKED {
                return;
            }
            let site = Site { unit: of.0, call: *call, args };
            // What is the same for every caller is done there.
            let mut always = Done::default();
            for value in self.of.eval(of.0, *callee).iter() {
                always.add(library::apply(&mut self.of, &site, value));
            }
            if always.is_known() {
                continue;
            }
            let mut inside = self.of.asked_by(of, within[within.len() - 1].1);
            inside.within = within.to_vec();
            let mut one = Done::default();
            for value in inside.eval(of.0, *callee).iter() {
                match value {
                    Value::Function(unit, function) => {
                        let next = (*unit, *function);
                        let is_new = within.iter().all(|(known, _)| *known != next);
                        if program.forwards.contains_key(&next) && is_new && within.len() < MAX_WITHIN {
                            let mut within = within.to_vec();
                            within.push((next, (of.0, *call)));
                            self.done_within(&within, done);
                        }
                    }
                    value => one.add(library::apply(&mut inside, &site, value)),
                }
            }
            if !one.facts.is_empty() || one.opaque.is_some() {
                done.push(one);
            }
        }
    }
}
