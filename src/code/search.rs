//! What is reached from one handler: through calls and references, through what stands behind interfaces and classes.

use super::alive::Alive;
use super::closures::{around, is_free};
use super::facts::UnitFacts;
use super::made::Made;
use super::program::{ClassKey, Program};
use super::unit::{EXPORTS, ExprId, FunctionId, index};
use super::value::UnitId;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

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
        let mut held: BTreeSet<(UnitId, FunctionId)> = BTreeSet::new();
        let mut unheld: BTreeSet<(UnitId, FunctionId)> = BTreeSet::new();
        let mut unborn: BTreeSet<(UnitId, FunctionId)> = BTreeSet::new();
        // What a module gives out is there once it is loaded.
        for unit in &self.loaded {
            let given = self.program.unit(*unit).functions.iter().position(|function| &*function.name == EXPORTS);
            if let (Some(given), Some(facts)) = (given, self.facts.get(*unit)) {
                alive.keep(facts, index(given));
                held.extend(facts.holds.range(all_of(index(given))).map(|(_, to)| *to));
            }
        }
        loop {
            while let Some((unit, function)) = open.pop() {
                if !self.loaded.contains(&unit) {
                    continue;
                }
                if !self.is_born(&reached.functions, (unit, function)) && !entries.contains(&(unit, function)) {
                    unborn.insert((unit, function));
                    continue;
                }
                if !reached.functions.insert((unit, function)) {
                    continue;
                }
                let Some(facts) = self.facts.get(unit) else { continue };
                let from = all_of(function);
                open.extend(facts.edges.range(from.clone()).map(|(_, to)| *to));
                held.extend(facts.holds.range(from.clone()).map(|(_, to)| *to));
                let handed = facts.handed.range(from.clone()).map(|(_, to)| *to);
                unheld.extend(handed.filter(|to| !self.others.contains(to)));
                waiting.extend(facts.heirs.range(from.clone()).map(|(_, to)| *to));
                reached.made.extend(facts.made.range(from).map(|(_, class)| *class));
                open.extend(self.behind_interfaces(facts, function, there, perhaps));
                alive.add(facts, function);
            }
            let methods = alive.methods(self.program, perhaps).into_iter();
            open.extend(
                methods
                    .flat_map(|method| self.with_given(method))
                    .filter(|method| self.loaded.contains(&method.0) && !reached.functions.contains(method)),
            );
            unheld.retain(|function| {
                let is_there = held.contains(function) || !is_free(self.program, *function);
                open.extend(is_there.then_some(*function));
                !is_there
            });
            unborn.retain(|function| {
                let is_there = self.is_born(&reached.functions, *function);
                open.extend(is_there.then_some(*function));
                !is_there
            });
            open.retain(|function| !reached.functions.contains(function) && !unborn.contains(function));
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

    /// Whether a function is there: the function around it has run.
    fn is_born(&self, reached: &BTreeSet<(UnitId, FunctionId)>, (unit, function): (UnitId, FunctionId)) -> bool {
        self.program.is_typed(unit)
            || around(self.program.unit(unit), function).is_none_or(|around| reached.contains(&(unit, around)))
    }

    /// A function that something calls which is not followed, and those that it gives back.
    fn with_given(&self, (unit, function): (UnitId, FunctionId)) -> Vec<(UnitId, FunctionId)> {
        let facts = self.facts.get(unit);
        let given = facts.into_iter().flat_map(|facts| facts.given.range(all_of(function))).map(|(_, given)| *given);
        given.chain([(unit, function)]).collect()
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
            if living.len() == 1 || self.made.are_collected(self.program, &living) {
                only.extend(living);
            }
        }
        only
    }
}

/// The range of what one function leads to.
fn all_of(function: FunctionId) -> RangeInclusive<(FunctionId, (UnitId, FunctionId))> {
    (function, (0, 0))..=(function, (UnitId::MAX, FunctionId::MAX))
}
