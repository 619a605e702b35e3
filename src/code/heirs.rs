//! Classes above and below each other where no types say it (Python, JavaScript): what `super` means, which constructor
//! runs, and what a class leaves to those that extend it.

use super::evaluate::Evaluator;
use super::facts::Collector;
use super::program::{ClassKey, Method, Program};
use super::unit::{Expr, ExprId, FunctionId, index};
use super::value::{UnitId, Value};
use crate::model::Language;
use std::collections::HashMap;
use std::sync::Arc;

/// How many classes below another are followed.
const MAX_CLASSES: usize = 256;

/// For each class those that say they extend it.
pub(super) fn below(evaluator: &mut Evaluator<'_>) -> HashMap<ClassKey, Vec<ClassKey>> {
    let program = evaluator.program;
    let mut below: HashMap<ClassKey, Vec<ClassKey>> = HashMap::new();
    for (unit, member) in program.members.iter().enumerate().filter(|(unit, _)| !program.is_typed(*unit)) {
        for (at, class) in member.unit.classes.iter().enumerate() {
            for base in &class.bases {
                for value in evaluator.eval(unit, *base).iter() {
                    if let Value::Class(above, class) = value {
                        below.entry((*above, *class)).or_default().push((unit, index(at)));
                    }
                }
            }
        }
    }
    below
}

/// The classes below one, each once, the nearest first.
pub(super) fn heirs(program: &Program, class: ClassKey) -> Vec<ClassKey> {
    let mut found: Vec<ClassKey> = Vec::new();
    let mut next = Some(class);
    let mut at = 0;
    while let Some(above) = next {
        for heir in program.below.get(&above).into_iter().flatten() {
            if found.len() < MAX_CLASSES && *heir != class && !found.contains(heir) {
                found.push(*heir);
            }
        }
        next = found.get(at).copied();
        at += 1;
    }
    found
}

/// Whether nobody but the language calls a method: what is below a class has one of its own.
fn is_own(name: &str) -> bool {
    name == "constructor" || name.starts_with("__") && name.ends_with("__")
}

impl Evaluator<'_> {
    /// The object of a class as one of the classes above it.
    pub(super) fn as_above(&mut self, unit: UnitId, class: u32) -> Vec<Value> {
        let bases = self.program.class((unit, class)).map_or(&[][..], |class| &class.bases);
        let classes: Vec<Value> = bases.iter().flat_map(|base| self.eval(unit, *base).to_vec()).collect();
        classes.iter().filter_map(|class| self.instance(class)).collect()
    }

    /// What `super().name` stands for: what the nearest class above has, and none of those below that.
    pub(super) fn member_above(&mut self, unit: UnitId, class: u32, name: &Arc<str>) -> Vec<Value> {
        let mut found = Vec::new();
        for object in self.as_above(unit, class) {
            found.extend(match object {
                Value::Instance(unit, class) => self.own_member((unit, class), name, 0),
                other => self.member(&other, name),
            });
        }
        found
    }

    /// What the classes below have under a name that is asked of an object of a class: it may be of any of them.
    pub(super) fn member_below(&mut self, class: ClassKey, name: &Arc<str>) -> Vec<Value> {
        let program = self.program;
        let mut found = Vec::new();
        if is_own(name) {
            return found;
        }
        for (unit, heir) in heirs(program, class) {
            let own =
                program.unit(unit).find(name).and_then(|sym| program.class((unit, heir)).map(|class| (sym, class)));
            let Some((sym, class)) = own else { continue };
            let is_property = class.properties.contains(&sym);
            for method in class.methods.get(&sym).into_iter().flatten() {
                match is_property {
                    true => found.extend(self.returned(unit, *method)),
                    false => found.push(Value::Function(unit, *method)),
                }
            }
            let given: Vec<_> = class.fields.get(&sym).into_iter().flatten().map(|value| (unit, *value)).collect();
            found.extend(self.all_of(&given));
        }
        found
    }

    /// The constructors that making an object of a class runs: its own, else those of the classes above.
    pub(super) fn constructors_of(&mut self, class: ClassKey) -> Vec<Method> {
        let program = self.program;
        let own = |key: &ClassKey| -> Vec<Method> {
            let here = program.unit(key.0);
            let named = ["__init__", "__new__", "constructor"].into_iter().filter_map(|name| here.find(name));
            let methods = named.filter_map(|name| program.class(*key)?.methods.get(&name)).flatten();
            methods.map(|method| (key.0, *method)).collect()
        };
        if program.is_typed(class.0) {
            return own(&class);
        }
        self.above(class).classes.iter().map(own).find(|own| !own.is_empty()).unwrap_or_default()
    }

    /// What an object has that its `__getattr__` fetches from another: `return getattr(self.client, name)`.
    pub(super) fn passed_on(&mut self, (unit, class): ClassKey, name: &Arc<str>) -> Vec<Value> {
        let program = self.program;
        let here = program.unit(unit);
        let methods = here.find("__getattr__").and_then(|sym| program.class((unit, class))?.methods.get(&sym));
        let mut found = Vec::new();
        for method in methods.into_iter().flatten() {
            let returns = here.functions.get(*method as usize).map_or(&[][..], |method| &method.returns);
            for given in returns {
                let Expr::Call { callee, args, .. } = here.expr(*given) else { continue };
                let is_getattr = matches!(here.expr(*callee), Expr::Name(name, _) if &**here.name(*name) == "getattr");
                let (Some(object), true) = (args.first(), is_getattr) else { continue };
                for object in self.eval(unit, object.value).iter() {
                    found.extend(self.member(object, name));
                }
            }
        }
        found
    }

    /// An object of a class, and what a function that makes objects gives back by itself (JavaScript).
    pub(super) fn made_of(&mut self, unit: UnitId, class: u32) -> Vec<Value> {
        let mut found = vec![Value::Instance(unit, class)];
        if self.program.unit(unit).language == Language::JavaScript {
            for (unit, constructor) in self.constructors_of((unit, class)) {
                found.extend(self.returned(unit, constructor));
            }
        }
        found
    }

    /// What calling an object gives: what its `__call__` does, else an object of the class that `cls` is.
    pub(super) fn called_instance(&mut self, unit: UnitId, class: u32) -> Vec<Value> {
        let methods = self.class_member(unit, class, &"__call__".into());
        if methods.is_empty() {
            return vec![Value::Instance(unit, class)];
        }
        let mut found = Vec::new();
        for method in &methods {
            if let Value::Function(unit, function) = method {
                found.extend(self.returned(*unit, *function));
            }
        }
        found
    }

    /// The calls, in the function that a decorator makes, of what it was handed: they are calls of what it decorates.
    pub(super) fn calls_of_decorated(&mut self, unit: UnitId, decorator: u32) -> Vec<(UnitId, u32)> {
        let program = self.program;
        let mut found = Vec::new();
        for value in self.eval(unit, decorator).iter() {
            let Value::Function(there, function) = value else { continue };
            let here = program.unit(*there);
            for call in &here.calls {
                let Expr::Call { callee, .. } = here.expr(*call) else { continue };
                let Expr::Name(name, scope) = here.expr(*callee) else { continue };
                if here.parameter(*name, *scope) == Some((*function, 0)) {
                    found.push((*there, *call));
                }
            }
        }
        found
    }
}

/// The class that a function is a method of.
pub(super) fn class_of(program: &Program, (unit, function): (UnitId, FunctionId)) -> Option<ClassKey> {
    program.unit(unit).functions.get(function as usize)?.class.map(|class| (unit, class))
}

impl Collector<'_> {
    /// `Base.__subclasses__()` gives all classes that extend it.
    pub(super) fn heirs_of(&mut self, member: ExprId, object: ExprId, name: &str) {
        if name != "__subclasses__" {
            return;
        }
        let owner = self.owner(member);
        for value in self.of.eval(self.unit, object).iter() {
            if let Value::Class(unit, class) | Value::Instance(unit, class) = value {
                let below = heirs(self.of.program, (*unit, *class));
                self.facts.alive.extend(below.into_iter().map(|heir| (owner, heir)));
            }
        }
    }

    /// A class whose base registers what extends it (`__init_subclass__`) is known to that once its file is loaded.
    pub(super) fn registered_by_base(&mut self) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        if here.language != Language::Python {
            return;
        }
        for at in 0..index(here.classes.len()) {
            let above = self.of.member_above(self.unit, at, &"__init_subclass__".into());
            if above.iter().any(|value| matches!(value, Value::Function(..))) {
                self.facts.alive.insert((0, (self.unit, at)));
            }
        }
    }
}
