//! Which methods of objects are called where no types say it: those that are named on them, those that are named on
//! something that is not known while such an object is about, and all of one that is handed to others.

use super::everyday::{fits_class, is_everyday};
use super::facts::{Asked, Collector, Through, UnitFacts};
use super::library::{Outsider, is_container, outsider};
use super::program::{ClassKey, Method, Program};
use super::unit::{Arg, Expr, ExprId, FunctionId};
use super::value::{Object, UnitId, Value};
use crate::model::Language;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The classes whose objects the reached functions hold, and the names that they call.
#[derive(Debug, Default)]
pub(super) struct Alive<'f> {
    classes: BTreeSet<ClassKey>,
    stored: BTreeSet<(&'f str, (UnitId, FunctionId))>,
    any: BTreeSet<(&'f str, &'f str)>,
    heirs: BTreeSet<&'f str>,
    unknown: BTreeSet<(&'f str, u32)>,
    through: BTreeSet<&'f Through>,
}

impl<'f> Alive<'f> {
    /// Adds what one function mentions.
    pub(super) fn add(&mut self, facts: &'f UnitFacts, function: FunctionId) {
        let from = (function, (0, 0))..=(function, (UnitId::MAX, u32::MAX));
        self.classes.extend(facts.alive.range(from).map(|(_, class)| *class));
        self.keep(facts, function);
        let none = Asked::OfAny("".into(), "".into());
        for (_, asked) in facts.asked.range((function, none)..).take_while(|(of, _)| *of == function) {
            match asked {
                Asked::OfAny(name, called) => self.any.insert((name, called)),
                Asked::OfHeirs(name) => self.heirs.insert(name),
                Asked::Unknown(name, count) => self.unknown.insert((name, *count)),
            };
        }
        let least = Through::default();
        let through = facts.through.range((function, least)..).take_while(|(of, _)| *of == function);
        self.through.extend(through.map(|(_, through)| through));
    }

    /// Adds what one function puts into objects.
    pub(super) fn keep(&mut self, facts: &'f UnitFacts, function: FunctionId) {
        let first = (function, Arc::from(""), (0, 0));
        let stored = facts.stored.range(first..).take_while(|(of, ..)| *of == function);
        self.stored.extend(stored.map(|(_, name, held)| (&**name, *held)));
    }

    /// The methods that are called on one of the objects. A name that everything has says which object is meant only where
    /// what it is called on is named like its class; else it is `perhaps` called.
    pub(super) fn methods(&self, program: &Program, perhaps: bool) -> Vec<Method> {
        let made = |(class, _): &&(ClassKey, Method)| self.classes.contains(class);
        let through = self.through.iter().flat_map(|through| through.candidates.iter().filter(made));
        let mut found: Vec<Method> = through.map(|(_, method)| *method).collect();
        let called = self.stored.iter().filter(|(name, held)| {
            self.is_asked(name) && (perhaps || !is_everyday(program.unit(held.0).language, name))
        });
        found.extend(called.map(|(_, held)| *held));
        for key in self.classes.iter().flat_map(|class| program.parts_of(*class)) {
            if program.is_rust(key.0) {
                found.extend(program.foreign.get(&key).into_iter().flatten());
                continue;
            }
            let Some(class) = program.class(key) else { continue };
            let here = program.unit(key.0);
            let own = class.name.map(|name| &**here.name(name));
            for (name, methods) in &class.methods {
                let name = &**here.name(*name);
                let heir = !class.bases.is_empty() && self.heirs.contains(name);
                let is_meant = || match perhaps || !is_everyday(here.language, name) {
                    true => self.is_asked(name),
                    false => self.called(name).any(|called| own.is_none_or(|own| fits_class(called, own))),
                };
                if heir || is_called_by_itself(name) || is_meant() {
                    found.extend(methods.iter().map(|method| (key.0, *method)));
                }
            }
        }
        found
    }

    /// What methods of a name are called on, where nothing else is known of it.
    fn called(&self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.any.range((name, "")..).take_while(move |(known, _)| *known == name).map(|(_, called)| *called)
    }

    fn is_asked(&self, name: &str) -> bool {
        self.any.range((name, "")..).next().is_some_and(|(known, _)| *known == name)
    }

    /// The methods that calls lead to of which neither what is made nor a type says it: the only one that fits, and all
    /// that fit where what is perhaps called is asked for.
    pub(super) fn guessed(&self, program: &Program, loaded: &BTreeSet<UnitId>, perhaps: bool) -> Vec<Method> {
        let mut found = Vec::new();
        for through in &self.through {
            let there = through.candidates.iter().filter(|(_, method)| loaded.contains(&method.0));
            let fits: Vec<&(ClassKey, Method)> = there.collect();
            if perhaps || fits.len() == 1 && !self.classes.contains(&fits[0].0) {
                found.extend(fits.into_iter().map(|(_, method)| *method));
            }
        }
        for (name, count) in &self.unknown {
            let fits = self.named(program, name, *count);
            if perhaps || fits.len() == 1 && !is_common(name) {
                found.extend(fits);
            }
        }
        found
    }

    /// The methods of a name that can be called with so many arguments, of what is made and of types from outside (Rust).
    fn named(&self, program: &Program, name: &str, count: u32) -> BTreeSet<Method> {
        let takes = |(unit, function): &Method| {
            let function = program.unit(*unit).functions.get(*function as usize);
            function.is_some_and(|function| function.params.len() == count as usize && !function.bodyless)
        };
        let own = self.classes.iter().flat_map(|class| program.parts_of(*class)).flat_map(|key| {
            let methods = program.unit(key.0).find(name).and_then(|sym| program.class(key)?.methods.get(&sym));
            methods.into_iter().flatten().map(move |method| (key.0, *method))
        });
        let given = program.given.get(name).into_iter().flatten().copied();
        own.filter(|(unit, _)| program.is_rust(*unit)).chain(given).filter(takes).collect()
    }
}

impl Collector<'_> {
    /// Notes what a member is read of: a method that is read like a field, or one of an object that is not known.
    pub(super) fn member_of(&mut self, member: ExprId, object: ExprId, name: &Arc<str>) {
        let program = self.of.program;
        if program.is_typed(self.unit) {
            return;
        }
        let owner = self.owner(member);
        let objects = self.of.eval(self.unit, object);
        // What `super` has is known, whatever extends it.
        if matches!(program.unit(self.unit).expr(object), Expr::Super(_)) {
            return;
        }
        for value in objects.iter() {
            if let Value::Class(unit, class) | Value::Instance(unit, class) = value {
                self.getters(owner, (*unit, *class), name);
            }
        }
        let here = program.unit(self.unit);
        let is_called = |parent: ExprId| matches!(here.expr(parent), Expr::Call { callee, .. } if *callee == member);
        if !here.parent(member).is_some_and(is_called) {
            return;
        }
        let is_instance = |value: &Value| matches!(value, Value::Instance(..));
        let is_open = |value: &Value| match value {
            Value::Literal(unit, map) => match program.unit(*unit).expr(*map) {
                Expr::Map(pairs) => pairs.iter().any(|pair| pair.spread || pair.key.is_none()),
                _ => false,
            },
            _ => false,
        };
        // What the language's own containers give back may be anything that was put into them; a text or list that has
        // no such method stands for nothing.
        let is_contained = |value: &Value| match value {
            Value::Object(object) => {
                matches!(&**object, Object::Made(path) if path.starts_with("builtins."))
            }
            Value::Text(_) => !is_everyday(here.language, name),
            Value::Literal(unit, literal) => {
                matches!(program.unit(*unit).expr(*literal), Expr::List(_)) && !is_everyday(here.language, name)
            }
            _ => false,
        };
        let lost = objects.iter().all(is_contained)
            || objects.iter().any(is_open) && self.of.eval(self.unit, member).is_empty()
            || objects.iter().any(is_instance) && self.of.eval(self.unit, member).is_empty();
        if lost {
            let called = match here.expr(object) {
                Expr::Name(name, _) | Expr::Member(_, name) => here.name(*name).clone(),
                _ => "".into(),
            };
            self.facts.asked.insert((owner, Asked::OfAny(name.clone(), called)));
        } else if objects.iter().any(is_instance) {
            self.facts.asked.insert((owner, Asked::OfHeirs(name.clone())));
        }
    }

    fn getters(&mut self, owner: FunctionId, class: ClassKey, name: &str) {
        let program = self.of.program;
        for key in &self.of.above(class).classes {
            let (Some(sym), Some(class)) = (program.unit(key.0).find(name), program.class(*key)) else { continue };
            if class.properties.contains(&sym) {
                let methods = class.methods.get(&sym).into_iter().flatten();
                self.facts.edges.extend(methods.map(|method| (owner, (key.0, *method))));
            }
        }
    }

    /// Objects that go to something that is not the project's: it may call any of their methods.
    pub(super) fn given_away(&mut self, callee: ExprId, callees: &[Value], args: &[Arg]) {
        let program = self.of.program;
        let language = program.unit(self.unit).language;
        if callees.iter().all(|callee| matches!(callee, Value::Outside(_) | Value::Object(_) | Value::Method(..))) {
            args.iter().for_each(|arg| self.held(callee, self.unit, arg.value, 0));
        }
        if callees.iter().any(is_container) {
            let classes: Vec<Value> = args.iter().flat_map(|arg| self.of.eval(self.unit, arg.value).to_vec()).collect();
            return classes.iter().for_each(|class| self.constructs(callee, class));
        }
        if program.is_typed(self.unit)
            || !callees.is_empty() && !callees.iter().any(|one| may_call_methods(language, one))
        {
            return;
        }
        let owner = self.owner(callee);
        for arg in args {
            for value in self.of.eval(self.unit, arg.value).iter() {
                self.all_methods(owner, value);
            }
        }
    }

    /// Functions that a map or list holds which goes to something that is not the project's: tasks, resolvers, routes.
    fn held(&mut self, callee: ExprId, unit: UnitId, arg: ExprId, depth: u32) {
        let program = self.of.program;
        if program.is_typed(unit) || depth > 2 {
            return;
        }
        let owner = self.owner(callee);
        for value in self.of.eval(unit, arg).iter() {
            let Value::Literal(unit, literal) = value else { continue };
            let there = program.unit(*unit);
            let inside: Vec<ExprId> = match there.expr(*literal) {
                Expr::Map(pairs) => pairs.iter().map(|pair| pair.value).collect(),
                Expr::List(items) => items.to_vec(),
                _ => continue,
            };
            for expr in inside {
                match there.expr(expr) {
                    // What stands in the function that nobody calls is wrapped there and called later.
                    Expr::Name(..) if there.owners.get(expr as usize) == there.owners.get(*literal as usize) => {
                        for value in self.of.eval(*unit, expr).iter() {
                            if let Value::Function(unit, function) = value {
                                self.facts.edges.insert((owner, (*unit, *function)));
                            }
                        }
                    }
                    Expr::Function(function)
                        if there.owners.get(expr as usize) == there.owners.get(*literal as usize) =>
                    {
                        self.facts.edges.insert((owner, (*unit, *function)));
                    }
                    Expr::Map(_) | Expr::List(_) => self.held(callee, *unit, expr, depth + 1),
                    _ => {}
                }
            }
        }
    }

    /// Whether a class extends one outside the project that may call its methods.
    pub(super) fn extends_outside(&mut self, class: ClassKey) -> bool {
        let above = self.of.above(class);
        let calls = |value: &Value| match value {
            Value::Outside(path) => calls_heirs(path),
            _ => true,
        };
        above.is_open || above.outside.iter().any(calls)
    }
}

/// Methods that the language and its libraries call: `__enter__`, `toString`.
fn is_called_by_itself(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__") || matches!(name, "toString" | "toJSON" | "valueOf" | "then")
}

/// Names of methods that many types of Rust's libraries have: on something unknown they say nothing.
fn is_common(name: &str) -> bool {
    const NAMES: &str = "
        add all any append apply body build bytes call clear close collect commit contains contains_key
        count create data decode delete drain encode entry execute exists extend fetch filter find
        finish first flush fold get get_mut get_or_insert_with handle head id insert is_empty join json
        key keys kind last len list load lock log map max merge message min name new next open parse
        patch path poll pop post process publish push put query read record recv remove replace reset
        resolve retain run save search send set size sort spawn split start status stop store sum swap
        sync take text update url value values wait write
    ";
    NAMES.split_whitespace().any(|known| known == name)
}

/// Whether what is outside the project and is handed an object may call any of its methods.
fn may_call_methods(language: Language, callee: &Value) -> bool {
    match callee {
        Value::Function(..) | Value::Class(..) => false,
        Value::Outside(path) => match path.strip_prefix("builtins.") {
            Some(name) => matches!(name, "getattr" | "map" | "filter" | "Proxy" | "Reflect.get"),
            None => outsider(language, path) != Outsider::Harmless,
        },
        _ => true,
    }
}

/// Whether a base outside the project calls what its heirs define.
fn calls_heirs(path: &str) -> bool {
    const DATA: &[&str] = &["builtins.", "abc.", "enum.", "typing.", "typing_extensions.", "pydantic.", "collections."];
    !DATA.iter().any(|prefix| path.starts_with(prefix))
}
