//! What a handler reaches: the functions it leads to, through calls, references and imports.

use super::evaluate::Evaluator;
use super::facts::{BY_ITSELF, NOT_FOUND, UnitFacts};
use super::handler::Found;
use super::library::{OUTSIDE, Outsider, outsider, package};
use super::made::Made;
use super::path::folder_of;
use super::program::{ClassKey, Link, Program};
use super::search::Search;
use super::unit::{Binding, Expr, ExprId, FunctionId, index};
use super::value::{UnitId, Value};
use crate::model::{CodeState, FunctionCode, Language};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// A function that a handler's name stands for.
pub(super) type Entry = (Arc<str>, UnitId, FunctionId);

/// What the names of handlers stand for, by the handlers' path.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// The functions behind a handler's name.
    named: HashMap<Arc<str>, Vec<Entry>>,
    /// The functions that a wrapper is handed for one of the names that the file gives out.
    wrapped: HashMap<Arc<str>, Vec<Entry>>,
    /// The classes that handlers' names begin with (Java).
    classes: HashMap<(Arc<str>, Arc<str>), ClassKey>,
    /// Why the method that a handler names is not seen (Java).
    unseen: HashMap<(Arc<str>, Arc<str>), Arc<str>>,
}

impl Entries {
    /// The functions behind the name of a handler.
    fn of(&self, found: &Found) -> Vec<(UnitId, FunctionId)> {
        of_name(&self.named, found).map(|(_, unit, function)| (*unit, *function)).collect()
    }

    /// Functions that a wrapper is handed for other names of the handler's file: they do not run for this one.
    fn of_others(&self, found: &Found) -> BTreeSet<(UnitId, FunctionId)> {
        let own: BTreeSet<_> = of_name(&self.wrapped, found).map(|(_, unit, function)| (*unit, *function)).collect();
        let all = self.wrapped.get(&found.path).into_iter().flatten();
        let others: BTreeSet<_> = all.map(|(_, unit, function)| (*unit, *function)).collect();
        if own.is_empty() { BTreeSet::new() } else { others.difference(&own).copied().collect() }
    }
}

fn of_name<'e>(entries: &'e HashMap<Arc<str>, Vec<Entry>>, found: &'e Found) -> impl Iterator<Item = &'e Entry> {
    entries.get(&found.path).into_iter().flatten().filter(|(name, ..)| *name == found.name)
}

/// Finds the functions behind every handler's name, and notes those that are given an event.
pub(super) fn entries(program: &mut Program, handlers: &[&Found]) -> Entries {
    let mut entries = Entries::default();
    let mut given: BTreeSet<(UnitId, FunctionId)> = BTreeSet::new();
    let mut wrapping = HashSet::new();
    {
        let program = &*program;
        let mut evaluator = Evaluator::new(program, &OUTSIDE);
        for found in handlers {
            let Some(unit) = program.by_path.get(&found.path).copied() else { continue };
            for function in constructors(&mut evaluator, unit, &found.name) {
                entries.named.entry(found.path.clone()).or_default().push((found.name.clone(), function.0, function.1));
            }
            let behind = behind(&mut evaluator, unit, &found.name);
            wrapping.extend(behind.calls);
            for (unit, function) in behind.functions {
                given.insert((unit, function));
                entries.named.entry(found.path.clone()).or_default().push((found.name.clone(), unit, function));
            }
            if let Some(class) = handler_class(&mut evaluator, unit, &found.name) {
                if let Some(reason) = unseen(&mut evaluator, class, found) {
                    entries.unseen.insert((found.path.clone(), found.name.clone()), reason);
                }
                entries.classes.insert((found.path.clone(), found.name.clone()), class);
            }
            if !entries.wrapped.contains_key(&found.path) {
                entries.wrapped.insert(found.path.clone(), wrapped_for(&mut evaluator, unit));
            }
        }
        for (unit, member) in program.members.iter().enumerate() {
            given.extend(likely(member.unit.language, &member.unit).map(|function| (unit, function)));
            if member.unit.language == Language::Go {
                given.extend(started(&mut evaluator, unit));
            }
        }
    }
    program.handlers = given.into_iter().collect();
    program.wrapping = wrapping;
    program.handler_classes = entries.classes.values().copied().collect();
    entries
}

/// The functions that wrappers are handed for each of the names that a module gives out.
fn wrapped_for(evaluator: &mut Evaluator<'_>, unit: UnitId) -> Vec<Entry> {
    let here = evaluator.program.unit(unit);
    let mut calls: BTreeSet<(Arc<str>, ExprId)> = BTreeSet::new();
    let mut add = |name: &Arc<str>, value: ExprId| {
        if matches!(here.expr(value), Expr::Call { .. }) {
            calls.insert((name.clone(), value));
        }
    };
    for (name, bindings) in here.scopes.first().iter().flat_map(|scope| &scope.names) {
        for binding in bindings {
            if let Binding::Value(value) = binding {
                add(here.name(*name), *value);
            }
        }
    }
    here.exports.iter().for_each(|(name, values)| values.iter().for_each(|value| add(here.name(*name), *value)));
    let mut found = Vec::new();
    for whole in &here.export_all {
        let Expr::Call { args, .. } = here.expr(*whole) else { continue };
        for arg in args {
            let Expr::Map(pairs) = here.expr(arg.value) else { continue };
            for (key, value) in pairs.iter().filter_map(|pair| Some((pair.key?, pair.value))) {
                let inside = functions(&evaluator.eval(unit, value));
                found.extend(inside.into_iter().map(|(unit, function)| (here.name(key).clone(), unit, function)));
            }
        }
    }
    for (name, call) in calls {
        let mut inside = Wrapped::default();
        wrapped(evaluator, unit, call, 0, &mut inside);
        found.extend(inside.functions.into_iter().map(|(unit, function)| (name.clone(), unit, function)));
    }
    found
}

/// The class that a handler's name begins with (Java).
fn handler_class(evaluator: &mut Evaluator<'_>, unit: UnitId, name: &str) -> Option<ClassKey> {
    let (class, _) = name.split_once("::")?;
    evaluator.export(unit, class).iter().find_map(|value| match value {
        Value::Class(unit, class) => Some((*unit, *class)),
        _ => None,
    })
}

/// Why the method that a handler names is not seen, where the project does not have it (Java).
fn unseen(evaluator: &mut Evaluator<'_>, (unit, class): ClassKey, found: &Found) -> Option<Arc<str>> {
    let (_, method) = found.name.split_once("::")?;
    if !functions(&evaluator.class_member(unit, class, &method.into())).is_empty() {
        return None;
    }
    let base = evaluator.outside_base((unit, class)).filter(|_| !evaluator.called_back((unit, class)).is_empty());
    let Some(base) = base else {
        return Some(format!("the handler {} is not found in {}", found.name, found.path).into());
    };
    let package = package(Language::Java, &base);
    match outsider(Language::Java, &base) {
        Outsider::CallsAws => Some(format!("{package} {BY_ITSELF}").into()),
        Outsider::Foreign => Some(format!("the event is handed to {package}").into()),
        Outsider::Harmless => None,
    }
}

/// The functions that a module's name stands for; wrappers such as middy give the one inside.
fn behind(evaluator: &mut Evaluator<'_>, unit: UnitId, name: &str) -> Wrapped {
    let program = evaluator.program;
    if let Some((class, method)) = name.split_once("::") {
        let classes = evaluator.export(unit, class);
        let methods = classes.iter().flat_map(|class| evaluator.member(class, &method.into())).collect::<Vec<_>>();
        let mut found = functions(&methods);
        if !found.is_empty() {
            // A function that is a bean may be an object that is given back.
            for (unit, function) in found.clone() {
                for value in evaluator.returned(unit, function) {
                    if let Value::Instance(unit, class) = value {
                        found.extend(evaluator.called_back((unit, class)));
                    }
                }
            }
            return Wrapped { functions: found, ..Wrapped::default() };
        }
        // What a class from outside brings calls what its heir puts in the place of its other methods.
        let keys = classes.iter().filter_map(|class| match class {
            Value::Class(unit, class) => Some((*unit, *class)),
            _ => None,
        });
        let functions = keys.flat_map(|key| evaluator.called_back(key)).collect();
        return Wrapped { functions, ..Wrapped::default() };
    }
    let mut found = Wrapped { functions: functions(&evaluator.export(unit, name)), ..Wrapped::default() };
    let here = program.unit(unit);
    let Some(sym) = here.find(name) else { return found };
    if found.functions.is_empty() {
        let bound = here.scopes.first().and_then(|scope| scope.names.get(&sym)).into_iter().flatten();
        let mut values: Vec<ExprId> = bound
            .filter_map(|binding| match binding {
                Binding::Value(value) => Some(*value),
                _ => None,
            })
            .collect();
        values.extend(here.exports.get(&sym).into_iter().flatten().copied());
        // `module.exports = wrap({ name: … })`
        values.extend(here.export_all.iter().flat_map(|value| keyed_args(here, *value, sym)));
        for value in values {
            wrapped(evaluator, unit, value, 0, &mut found);
        }
    }
    found
}

/// What the maps that a call is handed hold under a key.
fn keyed_args(here: &super::unit::Unit, call: ExprId, key: super::unit::Sym) -> Vec<ExprId> {
    let Expr::Call { args, .. } = here.expr(call) else { return Vec::new() };
    let pairs = args.iter().filter_map(|arg| match here.expr(arg.value) {
        Expr::Map(pairs) => Some(pairs),
        _ => None,
    });
    pairs.flatten().filter(|pair| pair.key == Some(key)).map(|pair| pair.value).collect()
}

/// The constructors of a handler's class (Java): Lambda makes one instance of it.
fn constructors(evaluator: &mut Evaluator<'_>, unit: UnitId, name: &str) -> Vec<(UnitId, FunctionId)> {
    let Some((class, _)) = name.split_once("::") else { return Vec::new() };
    let classes = evaluator.export(unit, class);
    let program = evaluator.program;
    let made = classes.iter().flat_map(|class| evaluator.member(class, &"constructor".into())).collect::<Vec<_>>();
    let mut all = functions(&made);
    let initial = |class: &Value| match class {
        Value::Class(unit, class) => program.class((*unit, *class))?.initial.map(|initial| (*unit, initial)),
        _ => None,
    };
    let initial: Vec<(UnitId, FunctionId)> = classes.iter().filter_map(initial).collect();
    let takes_nothing =
        |(unit, function): &(UnitId, FunctionId)| program.unit(*unit).functions[*function as usize].params.is_empty();
    if all.iter().any(takes_nothing) {
        all.retain(takes_nothing);
    }
    all.extend(initial);
    all
}

fn functions(values: &[Value]) -> Vec<(UnitId, FunctionId)> {
    let function = |value: &Value| match value {
        Value::Function(unit, function) => Some((*unit, *function)),
        _ => None,
    };
    values.iter().filter_map(function).collect()
}

/// What stands inside wrapping calls.
#[derive(Debug, Default)]
struct Wrapped {
    functions: Vec<(UnitId, FunctionId)>,
    /// The calls of what is not the project's that are handed functions: what they give calls those.
    calls: BTreeSet<(UnitId, ExprId)>,
}

/// The functions among the arguments of a wrapping call, or among those of the calls that the project's own wrapper gives.
fn wrapped(evaluator: &mut Evaluator<'_>, unit: UnitId, expr: ExprId, depth: u32, found: &mut Wrapped) {
    let program = evaluator.program;
    if depth > 6 {
        return;
    }
    match program.unit(unit).expr(expr) {
        Expr::Call { callee, args, .. } => {
            let own = functions(&evaluator.eval(unit, *callee));
            let mut inside = Wrapped::default();
            for (unit, function) in &own {
                for value in program.unit(*unit).functions.get(*function as usize).iter().flat_map(|one| &one.returns) {
                    wrapped(evaluator, *unit, *value, depth + 1, &mut inside);
                }
            }
            if inside.functions.is_empty() {
                wrapped(evaluator, unit, *callee, depth + 1, found);
            } else {
                found.functions.extend(inside.functions);
                found.calls.extend(inside.calls);
            }
            for arg in args {
                let functions = functions(&evaluator.eval(unit, arg.value));
                if functions.is_empty() {
                    wrapped(evaluator, unit, arg.value, depth + 1, found);
                } else if own.is_empty() {
                    found.calls.insert((unit, expr));
                }
                found.functions.extend(functions);
            }
        }
        // `store.handler.bind(store)`
        Expr::Member(object, _) => match functions(&evaluator.eval(unit, expr)) {
            methods if methods.is_empty() => wrapped(evaluator, unit, *object, depth + 1, found),
            methods => found.functions.extend(methods),
        },
        Expr::Name(..) | Expr::Function(_) => {
            let values = evaluator.eval(unit, expr);
            found.functions.extend(functions(&values));
        }
        _ => {}
    }
}

/// The functions that a Go program hands to Lambda's runtime.
///
/// Source: aws-lambda-go, package lambda, `Start` and its relatives, read 2026-11.
fn started(evaluator: &mut Evaluator<'_>, unit: UnitId) -> Vec<(UnitId, FunctionId)> {
    let program = evaluator.program;
    let here = program.unit(unit);
    let mut found = Vec::new();
    if !here.imports.iter().any(|import| &*import.module == "github.com/aws/aws-lambda-go/lambda") {
        return found;
    }
    for call in &here.calls {
        let Expr::Call { callee, args, .. } = here.expr(*call) else { continue };
        let starts = evaluator.eval(unit, *callee).iter().any(|value| match value {
            Value::Outside(path) => path.starts_with("github.com/aws/aws-lambda-go/lambda.Start"),
            _ => false,
        });
        for arg in args.iter().filter(|_| starts) {
            let functions = functions(&evaluator.eval(unit, arg.value));
            let mut inside = Wrapped::default();
            if functions.is_empty() {
                wrapped(evaluator, unit, arg.value, 0, &mut inside);
            }
            found.extend(functions);
            found.extend(inside.functions);
        }
    }
    found
}

/// Functions that look like handlers by their parameters, for code that no template names.
fn likely(language: Language, unit: &super::unit::Unit) -> impl Iterator<Item = FunctionId> + '_ {
    unit.functions
        .iter()
        .enumerate()
        .filter(move |(_, function)| {
            let name = |at: usize| {
                let name = function.params.get(at).and_then(|param| param.name).map(|name| &**unit.name(name));
                name.unwrap_or_default().trim_start_matches('_').to_ascii_lowercase()
            };
            if language == Language::Rust {
                let annotation = function.params.first().and_then(|param| param.annotation);
                return annotation.is_some_and(|annotation| is_event_type(unit, annotation));
            }
            let handler = function.name.to_ascii_lowercase().ends_with("handler");
            let context = matches!(name(1).as_str(), "context" | "ctx" | "lambda_context" | "contex" | "");
            if language == Language::Java {
                return &*function.name == "handleRequest" && function.params.len() >= 2;
            }
            matches!(language, Language::Python | Language::JavaScript)
                && function.class.is_none()
                && matches!(name(0).as_str(), "event" | "evt")
                && (handler || function.params.len() == 2)
                && context
        })
        .map(|(at, _)| index(at))
}

/// `LambdaEvent<…>` of lambda_runtime.
fn is_event_type(unit: &super::unit::Unit, annotation: ExprId) -> bool {
    match unit.expr(annotation) {
        Expr::Name(name, _) | Expr::Member(_, name) => &**unit.name(*name) == "LambdaEvent",
        _ => false,
    }
}

/// The code of one function: its files, the calls that it reaches, and what hides something from us.
pub(super) fn function(
    program: &Program,
    (facts, made): (&[UnitFacts], &Made),
    found: &Found,
    entries: &Entries,
) -> FunctionCode {
    let Some(unit) = program.by_path.get(&found.path).copied() else {
        let state = CodeState::Unread(format!("{} could not be read", found.path).into());
        return FunctionCode { files: vec![found.path.clone()], calls: Vec::new(), perhaps: Vec::new(), state };
    };
    let units = imported(program, unit);
    let mine = entries.of(found);
    let search = Search {
        program,
        facts,
        made,
        loaded: units.iter().copied().collect(),
        others: entries.of_others(found),
        class: entries.classes.get(&(found.path.clone(), found.name.clone())).copied(),
    };
    let perhaps_reached = search.reached(&mine, &BTreeSet::new(), true);
    let reached = search.reached(&mine, &perhaps_reached.made, false).functions;
    let perhaps_reached = perhaps_reached.functions;
    let (mut calls, mut perhaps) = (Vec::new(), Vec::new());
    let mut reasons: Vec<Arc<str>> = Vec::new();
    for unit in &units {
        let path = &program.unit(*unit).path;
        for (at, (_, owner)) in facts[*unit].calls.iter().enumerate() {
            if reached.contains(&(*unit, *owner)) {
                calls.push((path.clone(), index(at)));
            } else if perhaps_reached.contains(&(*unit, *owner)) {
                perhaps.push((path.clone(), index(at)));
            }
        }
        let hidden = facts[*unit].opaque.iter().filter(|(.., owner)| perhaps_reached.contains(&(*unit, *owner)));
        reasons.extend(hidden.map(|(reason, ..)| reason.clone()));
    }
    reasons.extend(entries.unseen.get(&(found.path.clone(), found.name.clone())).cloned());
    let state = match reasons.first() {
        Some(reason) if program.unit(unit).hidden => CodeState::Unread(reason.clone()),
        // Code that is not seen may call anything.
        Some(first) => match reasons.iter().find(|reason| reason.ends_with(BY_ITSELF) || reason.ends_with(NOT_FOUND)) {
            Some(reason) => CodeState::Open(reason.clone()),
            None => CodeState::Partly(first.clone()),
        },
        None if mine.is_empty() && found.language != Language::Rust && !has_name(program, unit, &found.name) => {
            CodeState::Partly(format!("the handler {} is not found in {}", found.name, found.path).into())
        }
        None => CodeState::Read,
    };
    let files = units.iter().map(|unit| program.unit(*unit).path.clone()).collect();
    FunctionCode { files, calls, perhaps, state }
}

fn has_name(program: &Program, unit: UnitId, name: &str) -> bool {
    let unit = program.unit(unit);
    unit.find(name).is_some() || !unit.export_all.is_empty()
}

/// The unit and all that it imports, itself first.
fn imported(program: &Program, from: UnitId) -> Vec<UnitId> {
    let mut order = vec![from];
    let mut seen = BTreeSet::from([from]);
    let mut at = 0;
    while let Some(unit) = order.get(at).copied() {
        at += 1;
        for link in &program.members[unit].links {
            let next = match link {
                Link::Unit(next) | Link::Member(next) => std::slice::from_ref(next),
                Link::Several(several) => several,
                Link::Package(folder) if **folder == *folder_of(&program.unit(unit).path) => program.package_of(unit),
                Link::Package(folder) => program.packages.get(folder).map_or(&[][..], Vec::as_slice),
                _ => &[],
            };
            order.extend(next.iter().copied().filter(|next| seen.insert(*next)));
        }
    }
    order
}
