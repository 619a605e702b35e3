//! What Java runs without being named: initializers of classes and objects, constructors of the classes above, and
//! methods that are handed on by name.

use super::facts::Collector;
use super::program::ClassKey;
use super::unit::{Binding, Expr, ExprId, FunctionId, Sym, index};
use super::value::Value;
use std::collections::HashSet;

impl Collector<'_> {
    /// What runs before a function of a class, or before what runs where the class is first used.
    pub(super) fn initializes(&mut self, owner: FunctionId, (unit, class): ClassKey, object: bool) {
        let Some(class) = self.of.program.class((unit, class)) else { return };
        let runs = class.at_load.into_iter().chain(class.initial.filter(|_| object));
        self.facts.edges.extend(runs.filter(|run| (self.unit, *run) != (unit, owner)).map(|run| (owner, (unit, run))));
    }

    /// What initializing a class or an object of it runs of the classes above and around (Java).
    pub(super) fn initializers(&mut self) {
        let program = self.of.program;
        for (at, class) in program.unit(self.unit).classes.iter().enumerate() {
            let (Some(initial), Some(at_load)) = (class.initial, class.at_load) else { continue };
            self.initializes(initial, (self.unit, index(at)), false);
            if let Some(around) = class.around {
                self.initializes(at_load, (self.unit, around), false);
            }
            for base in &class.bases {
                for value in self.of.eval(self.unit, *base).iter() {
                    if let Value::Class(unit, class) = value {
                        self.initializes(initial, (*unit, *class), true);
                        self.initializes(at_load, (*unit, *class), false);
                    }
                }
            }
        }
        self.handed_by_name();
    }

    /// A name that was imported from a class without it: using it is the first use of that class (Java).
    pub(super) fn imported_constant(&mut self, at: ExprId, name: Sym) {
        let here = self.of.program.unit(self.unit);
        let bound = here.scopes.first().and_then(|scope| scope.names.get(&name)).into_iter().flatten();
        for binding in bound {
            let Binding::Value(value) = binding else { continue };
            let Expr::Member(object, _) = here.expr(*value) else { continue };
            if here.is_hidden_name(*object) {
                self.uses_class(at, *object);
            }
        }
    }

    /// The first use of a class: a field or method of its own is named (Java).
    pub(super) fn uses_class(&mut self, at: ExprId, object: ExprId) {
        let owner = self.owner(at);
        for value in self.of.eval(self.unit, object).iter() {
            if let Value::Class(unit, class) = value {
                self.initializes(owner, (*unit, *class), false);
            }
        }
    }

    /// Methods that are named for whatever a holder hands on: `steps.forEach(Step::run)` (Java).
    fn handed_by_name(&mut self) {
        let here = self.of.program.unit(self.unit);
        for (member, call) in &here.handed {
            let Expr::Member(object, name) = here.expr(*member) else { continue };
            let is_class = |value: &Value| matches!(value, Value::Class(..));
            if self.of.is_field(self.unit, *member) || !self.of.eval(self.unit, *object).iter().any(is_class) {
                continue;
            }
            for one in self.of.handed_on(self.unit, *call) {
                for method in self.of.member(&one, here.name(*name)) {
                    if matches!(one, Value::Instance(..)) {
                        self.edge(*member, &method);
                    }
                }
            }
        }
    }

    /// The constructors of the classes above that are run without being named: those that take nothing.
    pub(super) fn constructs_above(&mut self, owner: FunctionId, class: ClassKey) {
        let program = self.of.program;
        let mut open = vec![class];
        let mut seen = HashSet::from([class]);
        while let Some(class) = open.pop() {
            for base in program.class(class).map_or(&[][..], |class| &class.bases) {
                for value in self.of.eval(class.0, *base).iter() {
                    let Value::Class(unit, class) = value else { continue };
                    let there = program.unit(*unit);
                    let named = there.find("constructor");
                    let own = named.and_then(|name| there.classes.get(*class as usize)?.methods.get(&name));
                    let Some(own) = own else {
                        open.extend(seen.insert((*unit, *class)).then_some((*unit, *class)));
                        continue;
                    };
                    let takes_nothing = |method: &&FunctionId| there.functions[**method as usize].params.is_empty();
                    self.facts.edges.extend(own.iter().filter(takes_nothing).map(|method| (owner, (*unit, *method))));
                }
            }
        }
    }
}
