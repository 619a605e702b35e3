//! Which calls go to which functions.

use super::evaluate::Evaluator;
use super::library::OUTSIDE;
use super::program::{CallSites, Method, Program};
use super::unit::{Expr, ExprId, FunctionId, index};
use super::value::{UnitId, Value};
use crate::model::Language;

/// A function and a call of it.
type SiteOf = ((UnitId, FunctionId), (UnitId, ExprId));

/// Which calls of a unit go to which functions of the program.
pub(super) fn call_sites(program: &Program, unit: UnitId) -> Vec<SiteOf> {
    let mut evaluator = Evaluator::new(program, &OUTSIDE);
    let here = program.unit(unit);
    let mut found = Vec::new();
    for call in &here.calls {
        let Expr::Call { callee, args, .. } = here.expr(*call) else { continue };
        if args.is_empty() {
            continue;
        }
        let (callees, _) = evaluator.called(unit, *callee, args);
        for value in callees.iter() {
            match value {
                Value::Function(target, function) if !takes(program, (*target, *function), args.len()) => {}
                Value::Function(target, function) => found.push(((*target, *function), (unit, *call))),
                Value::Class(target, class) => {
                    let made = evaluator.constructors_of((*target, *class)).into_iter();
                    let fits = made.filter(|function| takes(program, *function, args.len()));
                    found.extend(fits.map(|function| (function, (unit, *call))));
                }
                Value::Instance(target, class) if !program.is_typed(*target) => {
                    let called = evaluator.class_member(*target, *class, &"__call__".into());
                    let called = called.iter().filter_map(|value| match value {
                        Value::Function(unit, function) => Some((*unit, *function)),
                        _ => None,
                    });
                    let mut called: Vec<Method> = called.collect();
                    if called.is_empty() {
                        called = evaluator.constructors_of((*target, *class));
                    }
                    found.extend(called.into_iter().map(|function| (function, (unit, *call))));
                }
                _ => {}
            }
        }
    }
    for (at, function) in here.functions.iter().enumerate().filter(|_| here.language == Language::Python) {
        for decorator in &function.decorators {
            let calls = evaluator.calls_of_decorated(unit, *decorator).into_iter();
            found.extend(calls.map(|call| ((unit, index(at)), call)));
        }
    }
    found
}

/// Whether a function can be called with so many arguments, where a language tells functions of one name apart by that.
pub(super) fn takes(program: &Program, (unit, function): (UnitId, FunctionId), count: usize) -> bool {
    let there = program.unit(unit);
    let Some(function) = there.functions.get(function as usize) else { return true };
    there.language != Language::Java
        || function.params.len() == count
        || function.params.last().is_some_and(|param| param.rest)
}

/// Puts call sites in order under their functions.
pub(super) fn merge(all: Vec<Vec<SiteOf>>) -> CallSites {
    merge_into(CallSites::new(), all)
}

/// Adds call sites to others.
pub(super) fn merge_into(mut sites: CallSites, all: Vec<Vec<SiteOf>>) -> CallSites {
    for (function, site) in all.into_iter().flatten() {
        let calls = sites.entry(function).or_default();
        // A function with thousands of callers is no wrapper whose parameters tell anything.
        if calls.len() < 1024 && !calls.contains(&site) {
            calls.push(site);
        }
    }
    sites
}
