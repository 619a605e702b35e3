//! Which methods calls in Rust lead to: by the type of the receiver, through traits by what is made, and by name where
//! nothing is known of it.

use super::facts::{Asked, Collector, Through};
use super::program::{ClassKey, Method};
use super::unit::{Expr, ExprId};
use super::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Collector<'_> {
    /// A name, member or `self` that leads to functions, and what it makes.
    pub(super) fn mentioned(&mut self, at: ExprId) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        if let Expr::Member(object, name) = here.expr(at) {
            let name = here.name(*name);
            let is_dispatched = self.through(at, *object, name);
            self.receiver(at, *object, name);
            if is_dispatched {
                return;
            }
        }
        let owner = self.owner(at);
        for value in self.of.eval(self.unit, at).iter() {
            self.edge(at, value);
            if let Value::Class(unit, class) = value
                && program.class((*unit, *class)).is_some_and(|class| class.is_unit)
                && owner != 0
            {
                self.made(owner, (*unit, *class));
            }
        }
    }

    /// A call through traits: which types stand behind them is known when all that is made is.
    fn through(&mut self, at: ExprId, object: ExprId, name: &Arc<str>) -> bool {
        let program = self.of.program;
        let objects = self.of.eval(self.unit, object);
        let is_interface = |key: &ClassKey| program.class(*key).is_some_and(|class| class.is_interface);
        let key = |value: &Value| match value {
            Value::Instance(unit, class) | Value::Class(unit, class) => Some(program.whole((*unit, *class))),
            _ => None,
        };
        let interfaces: BTreeSet<ClassKey> = objects.iter().filter_map(key).filter(is_interface).collect();
        if interfaces.is_empty() {
            return false;
        }
        let known: BTreeSet<ClassKey> = objects.iter().filter_map(key).filter(|key| !is_interface(key)).collect();
        let mut candidates = self.candidates(&known, name);
        if candidates.is_empty() {
            let behind = interfaces.iter().filter_map(|key| program.behind.get(key)).flatten().copied().collect();
            candidates = self.candidates(&behind, name);
        }
        if candidates.is_empty() {
            return false;
        }
        let owner = self.owner(at);
        // Where the trait itself says what is done, it does not matter which type stands behind it.
        let methods: BTreeSet<Method> = candidates.iter().map(|(_, method)| *method).collect();
        let is_of_trait = |(unit, function): &Method| {
            let class = program.unit(*unit).functions.get(*function as usize).and_then(|function| function.class);
            class.is_some_and(|class| program.class((*unit, class)).is_some_and(|class| class.is_interface))
        };
        if let Some(only) = methods.first().filter(|only| methods.len() == 1 && is_of_trait(only)) {
            self.facts.edges.insert((owner, *only));
        } else {
            self.facts.through.insert((owner, Through { candidates }));
        }
        true
    }

    /// The methods of a name that types have, with the type of each; traits among them are what stands behind them.
    fn candidates(&mut self, types: &BTreeSet<ClassKey>, name: &Arc<str>) -> Vec<(ClassKey, Method)> {
        let program = self.of.program;
        let mut found = Vec::new();
        let mut open: Vec<ClassKey> = types.iter().copied().collect();
        let mut seen = BTreeSet::new();
        while let Some(key) = open.pop() {
            if !seen.insert(key) {
                continue;
            }
            if program.class(key).is_some_and(|class| class.is_interface) {
                open.extend(program.behind.get(&key).into_iter().flatten().copied());
                continue;
            }
            for value in self.of.class_member(key.0, key.1, name) {
                if let Value::Function(unit, function) = value
                    && program.unit(unit).functions.get(function as usize).is_some_and(|function| !function.bodyless)
                {
                    found.push((key, (unit, function)));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What a method is called on: something of a package that the project gives methods to, or something unknown.
    fn receiver(&mut self, member: ExprId, object: ExprId, name: &Arc<str>) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        let Some(call) = here.parent(member) else { return };
        let Expr::Call { callee, args, .. } = here.expr(call) else { return };
        if *callee != member {
            return;
        }
        let owner = self.owner(member);
        let objects = self.of.eval(self.unit, object);
        let is_own = |value: &Value| matches!(value, Value::Instance(..) | Value::Class(..) | Value::Module(_));
        if objects.is_empty() || objects.iter().any(is_own) && self.of.eval(self.unit, member).is_empty() {
            let count = u32::try_from(args.len()).unwrap_or(u32::MAX);
            self.facts.asked.insert((owner, Asked::Unknown(name.clone(), count)));
            // A type that is asked for what it does not define is made by what derives give it: `default`, `parse`.
            for value in objects.iter() {
                if let Value::Class(unit, class) = value {
                    self.made(owner, (*unit, *class));
                }
            }
        } else if !objects.iter().any(is_own) {
            let given = program.given.get(name).into_iter().flatten();
            self.facts.edges.extend(given.map(|method| (owner, *method)));
        }
    }

    /// A literal or a call that makes something of a type.
    pub(super) fn makes_type(&mut self, at: ExprId, of: ExprId) {
        let owner = self.owner(at);
        for value in self.of.eval(self.unit, of).iter() {
            if let Value::Class(unit, class) = value {
                self.made(owner, (*unit, *class));
            }
        }
    }

    /// Notes that something of a type is made; of a variant its enum too.
    fn made(&mut self, owner: u32, key: ClassKey) {
        let program = self.of.program;
        self.facts.alive.insert((owner, program.whole(key)));
        let bases = program.class(key).map_or(&[][..], |class| &class.bases);
        for base in bases {
            if let Expr::Class(class) = program.unit(key.0).expr(*base) {
                self.facts.alive.insert((owner, program.whole((key.0, *class))));
            }
        }
    }
}
