//! Of which classes objects are made: a method that stands in another's place counts where its object can be there.
//!
//! This is rapid type analysis: what is made is noted function by function, and counts where the function is reached.

use super::facts::{Collector, UnitFacts};
use super::program::{ClassKey, Program};
use super::unit::{Expr, ExprId, FunctionId};
use super::value::{UnitId, Value};
use crate::model::Language;
use std::collections::{BTreeSet, HashSet};

/// How many classes below one are looked at.
const MAX_BELOW: usize = 256;

/// The classes of which code or Lambda makes an object. Of others only a framework can.
#[derive(Debug, Default)]
pub(super) struct Made {
    anywhere: HashSet<ClassKey>,
    /// Made by methods that a framework calls.
    provided: HashSet<ClassKey>,
    /// Those that a framework is asked for by name.
    registered: HashSet<ClassKey>,
    /// Those of which somebody has a collection.
    collected: HashSet<ClassKey>,
}

impl Made {
    /// What the functions of a program make, and the classes of handlers.
    pub(super) fn of(program: &Program, facts: &[UnitFacts]) -> Self {
        let mut found = Self { anywhere: program.handler_classes.clone(), ..Self::default() };
        for (unit, facts) in facts.iter().enumerate() {
            found.registered.extend(&facts.registered);
            found.collected.extend(&facts.collected);
            for (function, class) in &facts.made {
                let provides = program.unit(unit).functions.get(*function as usize).is_some_and(|one| one.provides);
                if provides { &mut found.provided } else { &mut found.anywhere }.insert(*class);
            }
        }
        found
    }

    /// Whether an object with a method of a class can be there, where objects of some classes were made. A framework makes
    /// those that ask for it, and those that no code makes, as far as the code that was loaded knows them.
    pub(super) fn lives(
        &self,
        program: &Program,
        loaded: &BTreeSet<UnitId>,
        made: &BTreeSet<ClassKey>,
        of: (UnitId, FunctionId),
    ) -> bool {
        let Some(class) = class_of(program, of) else { return true };
        let (mut by_code, mut can_be) = (false, false);
        for key in with_heirs(program, class) {
            if made.contains(&key) {
                return true;
            }
            by_code |= self.anywhere.contains(&key);
            let whole = program.class(key).filter(|class| !class.is_abstract && loaded.contains(&key.0));
            let Some(class) = whole else { continue };
            if class.by_framework || self.provided.contains(&key) {
                return true;
            }
            can_be = true;
        }
        can_be && !by_code
    }

    /// Whether methods are of classes below one of which somebody has a collection: a framework puts objects of all there.
    pub(super) fn are_collected(&self, program: &Program, methods: &[(UnitId, FunctionId)]) -> bool {
        let classes: Vec<ClassKey> = methods.iter().filter_map(|method| class_of(program, *method)).collect();
        self.collected.iter().any(|above| {
            let below = with_heirs(program, *above);
            classes.iter().all(|class| below.contains(class))
        })
    }

    /// Whether a framework makes objects with a method of a class, so that it can put them where nothing else does.
    pub(super) fn is_injected(&self, program: &Program, of: (UnitId, FunctionId)) -> bool {
        class_of(program, of).is_some_and(|class| {
            with_heirs(program, class).into_iter().any(|key| {
                let by_framework = program.class(key).is_some_and(|class| class.by_framework && !class.is_abstract);
                by_framework
                    || self.provided.contains(&key)
                    || self.registered.contains(&key)
                    || !self.anywhere.contains(&key)
            })
        })
    }
}

/// The class that a method is of.
fn class_of(program: &Program, (unit, function): (UnitId, FunctionId)) -> Option<ClassKey> {
    let class = program.unit(unit).functions.get(function as usize)?.class?;
    Some(program.whole((unit, class)))
}

/// A class and those that extend it.
fn with_heirs(program: &Program, class: ClassKey) -> Vec<ClassKey> {
    let mut found = vec![class];
    let mut at = 0;
    while let Some(class) = found.get(at).copied().filter(|_| at < MAX_BELOW) {
        at += 1;
        let below = program.behind.get(&class).into_iter().flatten().copied();
        let new: Vec<ClassKey> = below.filter(|below| !found.contains(below)).collect();
        found.extend(new);
    }
    found
}

impl Collector<'_> {
    /// Notes of which classes collections are declared.
    pub(super) fn collections(&mut self) {
        for of in &self.of.program.unit(self.unit).collected {
            for value in self.of.eval(self.unit, *of).iter() {
                if let Value::Class(unit, class) = value {
                    self.facts.collected.insert((*unit, *class));
                }
            }
        }
    }

    /// Notes of which classes an expression makes objects.
    pub(super) fn makes(&mut self, id: ExprId, expr: &Expr) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        let of = match expr {
            Expr::Struct(of, _) => *of,
            // `super(…)` runs a constructor on an object that something else makes.
            Expr::Call { callee, new: true, .. }
                if !program.source(self.unit, id).starts_with("super")
                    && !program.source(self.unit, id).starts_with("this") =>
            {
                *callee
            }
            Expr::Typed(of) if here.language == Language::Go && self.owner(id) != 0 => *of,
            Expr::Typed(of) if matches!(here.expr(*of), Expr::Class(_)) => *of,
            _ => return,
        };
        if !program.is_typed(self.unit) {
            return;
        }
        let owner = self.owner(id);
        for value in self.of.eval(self.unit, of).iter() {
            if let Value::Class(unit, class) = value {
                self.facts.made.insert((owner, program.whole((*unit, *class))));
            }
        }
    }

    /// Whether a method that a name leads to is only one of those that may be meant: it is of a class below those of the
    /// objects that it is asked of (Java), or the objects are of several classes.
    pub(super) fn of_heir(&mut self, from: ExprId, to: (UnitId, FunctionId)) -> bool {
        let program = self.of.program;
        let here = program.unit(self.unit);
        let Expr::Member(object, _) = here.expr(from) else { return false };
        let Some(class) = class_of(program, to).filter(|_| program.is_typed(self.unit)) else { return false };
        let objects = self.of.eval(self.unit, *object);
        // What is asked of a type itself needs no object of it, and may be what makes one.
        let is_asked = |value: &Value| matches!(value, Value::Class(unit, of) if program.whole((*unit, *of)) == class);
        if program.is_rust(self.unit) && objects.iter().any(is_asked) {
            return false;
        }
        let objects: BTreeSet<ClassKey> = objects
            .iter()
            .filter_map(|value| match value {
                Value::Instance(unit, class) | Value::Class(unit, class) => Some(program.whole((*unit, *class))),
                _ => None,
            })
            .collect();
        let is_interface = |class: &&ClassKey| program.class(**class).is_some_and(|class| class.is_interface);
        if objects.iter().filter(|class| !is_interface(class)).count() > 1 {
            return true;
        }
        let is_below = |above: &ClassKey| *above != class && with_heirs(program, *above).contains(&class);
        here.language == Language::Java && !objects.is_empty() && objects.iter().all(is_below)
    }
}
