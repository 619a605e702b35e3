//! What is reached from one handler: through calls and references, through what stands behind interfaces and classes.

use super::alive::Alive;
use super::facts::UnitFacts;
use super::made::Made;
use super::program::{ClassKey, Program};
use super::unit::{EXPORTS, ExprId, FunctionId, index};
use super::value::UnitId;
use std::collections::{BTreeMap, BTreeSet};

/// The code in which one handler is looked after.
pub(super) struct Search<'s> {
    pub(super) program: &'s Program,
    pub(super) facts: &'s [UnitFacts],
    pub(super) made: &'s Made,
    /// The handler's unit and all that it imports.
    pub(super) loaded: BTreeSet<UnitId>,
    /// The functions that are handed to wrappers for other handlers.
    pub(super) others: BTreeSet<(UnitId, FunctionId)>,
    /// The class of which Lambda makes the handler's object (Java).
    pub(super) class: Option<ClassKey>,
}

/// What is reached, and of which classes that makes objects.
#[derive(Debug, Default)]
pub(super) struct Reached {
    pub(super) functions: BTreeSet<(UnitId, FunctionId)>,
    pub(super) made: BTreeSet<ClassKey>,
}

impl Search<'_> {
    /// The functions that are reached from the entries and from the top level of every loaded file. What a parameter
    /// stands for hangs on all callers of the program: a function of a file that is not loaded was handed over elsewhere.
    ///
    /// Where one of several classes may stand behind an interface, `perhaps` follows all; else the only one is followed of
    /// which objects may be `there`.
    pub(super) fn reached(
        &self,
        entries: &[(UnitId, FunctionId)],
        there: &BTreeSet<ClassKey>,
        perhaps: bool,
    ) -> Reached {
        let mut open: Vec<(UnitId, FunctionId)> = self.loaded.iter().map(|unit| (*unit, 0)).collect();
        open.extend(entries);
        let mut reached = Reached { made: self.class.into_iter().collect(), ..Reached::default() };
        let mut waiting: BTreeSet<(UnitId, FunctionId)> = BTreeSet::new();
        let mut alive = Alive::default();
        // What a module gives out is there once it is loaded.
        for unit in &self.loaded {
            let given = self.program.unit(*unit).functions.iter().position(|function| &*function.name == EXPORTS);
            if let (Some(given), Some(facts)) = (given, self.facts.get(*unit)) {
                alive.keep(facts, index(given));
            }
        }
        loop {
            while let Some((unit, function)) = open.pop() {
                if !self.loaded.contains(&unit) || !reached.functions.insert((unit, function)) {
                    continue;
                }
                let Some(facts) = self.facts.get(unit) else { continue };
                let from = (function, (0, 0))..=(function, (UnitId::MAX, FunctionId::MAX));
                let is_own = |edge: &&(FunctionId, (UnitId, FunctionId))| {
                    !(self.others.contains(&edge.1) && facts.handed.contains(*edge))
                };
                open.extend(facts.edges.range(from.clone()).filter(is_own).map(|(_, to)| *to));
                waiting.extend(facts.heirs.range(from.clone()).map(|(_, to)| *to));
                reached.made.extend(facts.made.range(from).map(|(_, class)| *class));
                open.extend(self.behind_interfaces(facts, function, there, perhaps));
                alive.add(facts, function);
            }
            let methods = alive.methods(self.program).into_iter();
            open.extend(
                methods.filter(|method| self.loaded.contains(&method.0) && !reached.functions.contains(method)),
            );
            waiting.retain(|method| {
                let lives = self.made.lives(self.program, &self.loaded, &reached.made, *method);
                open.extend(lives.then_some(*method));
                !lives
            });
            if open.is_empty() {
                let guessed = alive.guessed(self.program, &self.loaded, perhaps).into_iter();
                open.extend(
                    guessed.filter(|method| self.loaded.contains(&method.0) && !reached.functions.contains(method)),
                );
            }
            if open.is_empty() {
                return reached;
            }
        }
    }

    /// The methods that calls of a function through interfaces lead to where several classes may stand behind them.
    fn behind_interfaces(
        &self,
        facts: &UnitFacts,
        function: FunctionId,
        there: &BTreeSet<ClassKey>,
        perhaps: bool,
    ) -> Vec<(UnitId, FunctionId)> {
        let from = (function, 0, (0, 0))..=(function, ExprId::MAX, (UnitId::MAX, FunctionId::MAX));
        let mut calls: BTreeMap<ExprId, Vec<(UnitId, FunctionId)>> = BTreeMap::new();
        for (_, call, method) in facts.perhaps.range(from) {
            calls.entry(*call).or_default().push(*method);
        }
        if perhaps {
            return calls.into_values().flatten().collect();
        }
        let mut only = Vec::new();
        for methods in calls.into_values() {
            let lives = |method: &(UnitId, FunctionId)| self.made.lives(self.program, &self.loaded, there, *method);
            let mut living: Vec<(UnitId, FunctionId)> = methods.into_iter().filter(lives).collect();
            // What no code puts there a framework does, so that those that it makes come first.
            if living.len() > 1 {
                living.retain(|method| self.made.is_injected(self.program, *method));
            }
            if let [first] = living.as_slice() {
                only.push(*first);
            }
        }
        only
    }
}
