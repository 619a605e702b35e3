//! What the members of objects stand for: fields and methods of classes, through their parts, bases and heirs.

use super::evaluate::Evaluator;
use super::memo::{Above, Question};
use super::program::ClassKey;
use super::unit::{Arg, ClassId, Expr, ExprId, FunctionId};
use super::value::{Object, UnitId, Value, settled};
use crate::model::Language;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

/// How far a member is looked for through bases and heirs.
const MAX_CLIMB: u32 = 8;
/// How many classes above one are looked at.
const MAX_ABOVE: usize = 256;

impl Evaluator<'_> {
    /// What `name` stands for in all of some objects; where one is known an interface says nothing more.
    pub(super) fn member_of_all(&mut self, objects: &[Value], name: &Arc<str>) -> Vec<Value> {
        let program = self.program;
        let is_interface = |value: &&Value| match value {
            Value::Instance(unit, class) => program.class((*unit, *class)).is_some_and(|class| class.is_interface),
            _ => false,
        };
        let (interfaces, known): (Vec<&Value>, Vec<&Value>) = objects.iter().partition(is_interface);
        // A declared type says less than what is put there: a table without its name.
        let nameless = |value: &&Value| matches!(value, Value::Object(object) if matches!(&**object, Object::Resource { kind, identifiers, .. } if !kind.is_empty() && identifiers.is_empty()));
        let tables = known
            .iter()
            .filter(|value| matches!(value, Value::Object(object) if matches!(**object, Object::Resource { .. })));
        let known: Vec<&Value> =
            if tables.count() > 1 { known.into_iter().filter(|value| !nameless(value)).collect() } else { known };
        // What a package made says nothing of what stands behind the interface that it is declared as.
        let is_made = |value: &&Value| matches!(value, Value::Object(object) if matches!(**object, Object::Made(_)));
        let (made, known): (Vec<&Value>, Vec<&Value>) =
            known.into_iter().partition(|value| !interfaces.is_empty() && is_made(value));
        let has_behind = |value: &&Value| match value {
            Value::Instance(unit, class) => {
                program.behind.get(&(*unit, *class)).is_some_and(|behind| !behind.is_empty())
            }
            _ => false,
        };
        let mut found: Vec<Value> = Vec::new();
        let order =
            if interfaces.iter().any(has_behind) { [known, interfaces, made] } else { [known, made, interfaces] };
        for objects in order {
            if found.is_empty() {
                found = objects.into_iter().flat_map(|object| self.member(object, name)).collect();
            }
        }
        found
    }

    /// What a class has under a name, of its own or from above, and what the classes below have where no types say it.
    pub(super) fn class_member(&mut self, unit: UnitId, class: ClassId, name: &Arc<str>) -> Vec<Value> {
        let mut found = self.own_member((unit, class), name, 0);
        if !self.program.is_typed(unit) {
            found.extend(self.member_below((unit, class), name));
        }
        found
    }

    /// The same without what the classes below have, so many classes from where it was asked.
    pub(super) fn own_member(&mut self, (unit, class): ClassKey, name: &Arc<str>, depth: u32) -> Vec<Value> {
        let found = self.remember(Question::Member((unit, class), name.clone(), self.as_field), 0, |this| {
            let mut found = this.find_member(unit, class, name, depth);
            let mut seen = HashSet::new();
            found.retain(|value| seen.insert(value.clone()));
            found.into()
        });
        found.to_vec()
    }

    /// A class with all that stand above it, each once, the nearest first.
    pub(super) fn above(&mut self, class: ClassKey) -> Rc<Above> {
        if let Some(known) = self.memo.above.get(&class) {
            return known.clone();
        }
        let program = self.program;
        let mut found = Above { classes: vec![class], outside: Vec::new(), is_open: false };
        let mut seen = HashSet::from([class]);
        let mut at = 0;
        while let Some(next) = found.classes.get(at).copied() {
            at += 1;
            for (unit, class) in program.parts_of(next) {
                for base in program.class((unit, class)).map_or(&[][..], |class| &class.bases) {
                    let values = self.eval(unit, *base);
                    found.is_open |= values.is_empty();
                    for value in values.iter() {
                        let above = match value {
                            Value::Class(unit, class) => (*unit, *class),
                            // What Go embeds is a field.
                            Value::Instance(unit, class) if program.is_typed(*unit) => (*unit, *class),
                            other => {
                                found.outside.push(other.clone());
                                continue;
                            }
                        };
                        if found.classes.len() < MAX_ABOVE && seen.insert(above) {
                            found.classes.push(above);
                        }
                    }
                }
            }
        }
        let found = Rc::new(found);
        self.memo.above.insert(class, found.clone());
        found
    }

    fn find_member(&mut self, unit: UnitId, class: ClassId, name: &Arc<str>, depth: u32) -> Vec<Value> {
        let program = self.program;
        let mut given = Vec::new();
        for key in program.parts_of((unit, class)) {
            let unit = key.0;
            let (Some(sym), Some(class)) = (program.unit(unit).find(name), program.class(key)) else { continue };
            let methods = class.methods.get(&sym).filter(|_| !self.as_field || !class.fields.contains_key(&sym));
            if let Some(methods) = methods {
                if class.properties.contains(&sym) {
                    return methods.iter().flat_map(|method| self.returned(unit, *method)).collect();
                }
                let mut own: Vec<Value> = methods.iter().map(|method| Value::Function(unit, *method)).collect();
                own.extend(self.overloads_above(key, name, methods, depth));
                return self.overridden(key, name, own, depth);
            }
            if let Some(values) = class.fields.get(&sym) {
                given.extend(values.iter().map(|value| (unit, *value)));
            }
        }
        for part in program.parts_of((unit, class)) {
            let others = program.fields.get(&part).and_then(|fields| fields.get(name)).into_iter().flatten();
            given.extend(others.copied());
        }
        let mut found = self.all_of(&given);
        if !found.is_empty() {
            return found;
        }
        if depth >= MAX_CLIMB {
            self.memo.cut();
            return found;
        }
        for (unit, class) in program.parts_of((unit, class)) {
            for base in program.class((unit, class)).map_or(&[][..], |class| &class.bases) {
                for base in self.eval(unit, *base).iter() {
                    found.extend(match base {
                        Value::Class(unit, class) | Value::Instance(unit, class) => {
                            self.own_member((*unit, *class), name, depth + 1)
                        }
                        Value::Object(object) => (self.outside.object_member)(object, name),
                        _ => Vec::new(),
                    });
                }
            }
        }
        if found.is_empty() { self.inner_class(unit, name) } else { found }
    }

    /// Methods of a name that a class inherits beside its own: those with another number of parameters (Java).
    fn overloads_above(
        &mut self,
        (unit, class): ClassKey,
        name: &Arc<str>,
        own: &[FunctionId],
        depth: u32,
    ) -> Vec<Value> {
        let program = self.program;
        let count = |unit: UnitId, method: FunctionId| {
            program.unit(unit).functions.get(method as usize).map(|one| one.params.len())
        };
        let bases = program.class((unit, class)).map_or(&[][..], |class| &class.bases);
        let mut found = Vec::new();
        if !program.is_java(unit) || &**name == "constructor" {
            return found;
        }
        if depth >= MAX_CLIMB {
            self.memo.cut();
            return found;
        }
        for base in bases {
            for base in self.eval(unit, *base).iter() {
                let (Value::Class(above, class) | Value::Instance(above, class)) = base else { continue };
                found.extend(self.own_member((*above, *class), name, depth + 1));
            }
        }
        found.retain(|value| match value {
            Value::Function(above, method) => own.iter().all(|own| count(unit, *own) != count(*above, *method)),
            _ => false,
        });
        found
    }

    /// What a method's name stands for where other classes put their own in its place.
    fn overridden(&mut self, key: ClassKey, name: &Arc<str>, own: Vec<Value>, depth: u32) -> Vec<Value> {
        let program = self.program;
        let is_interface = program.class(key).is_some_and(|class| class.is_interface);
        if is_interface && let Some(client) = self.client_behind(key, name) {
            return self.member(&client, name);
        }
        let behind = program.behind.get(&key).filter(|behind| !is_interface || behind.len() == 1);
        let mut found: Vec<Value> = Vec::new();
        if behind.is_some() && depth >= MAX_CLIMB {
            self.memo.cut();
        }
        for (unit, class) in behind.into_iter().flatten().filter(|_| depth < MAX_CLIMB) {
            found.extend(self.own_member((*unit, *class), name, depth + 1));
        }
        if found.is_empty() || !is_interface { own.into_iter().chain(found).collect() } else { found }
    }

    /// The client of an SDK that an interface of the project describes: its method takes the SDK's request.
    pub(super) fn client_behind(&mut self, key: ClassKey, name: &str) -> Option<Value> {
        let program = self.program;
        let unit = key.0;
        let methods = program.class(key)?.methods.get(&program.unit(unit).find(name)?)?;
        let functions = methods.iter().filter_map(|method| program.unit(unit).functions.get(*method as usize));
        let annotations = functions.flat_map(|function| &function.params).filter_map(|param| param.annotation);
        for annotation in annotations {
            for value in self.eval(unit, annotation).iter() {
                if let Value::Outside(path) = value
                    && let Some(client) = (self.outside.client_by_request)(path, name)
                {
                    return Some(client);
                }
            }
        }
        None
    }

    /// What a name stands for at the top of the files that share a scope.
    pub(super) fn shared(&mut self, units: &[UnitId], name: &Arc<str>) -> Vec<Value> {
        let program = self.program;
        let mut found = Vec::new();
        for unit in units {
            let there = program.unit(*unit);
            let Some(sym) = there.find(name) else { continue };
            let bound = there.scopes.first().and_then(|scope| scope.names.get(&sym)).into_iter().flatten();
            found.extend(bound.flat_map(|binding| self.binding(*unit, binding)));
        }
        let mut seen = HashSet::new();
        found.retain(|value| seen.insert(value.clone()));
        found
    }

    /// A literal of a named type: an instance of the project's, else the literal with what its type makes of it.
    pub(super) fn literal(&mut self, unit: UnitId, of: ExprId, map: ExprId) -> Vec<Value> {
        let types = self.eval(unit, of);
        let mut found: Vec<Value> = types.iter().filter_map(|of| self.instance(of)).collect();
        if !found.iter().any(|value| matches!(value, Value::Instance(..))) {
            found.retain(|value| !matches!(value, Value::Literal(..)));
            found.push(Value::Literal(unit, map));
        }
        found
    }

    /// One of the values that a call gives at once; what libraries give is the first.
    pub(super) fn part(&mut self, unit: UnitId, of: ExprId, at: u32) -> Vec<Value> {
        let (mut items_at, mut found) = (Vec::new(), Vec::new());
        for value in self.eval(unit, of).iter() {
            match value {
                Value::Literal(unit, list) if matches!(self.program.unit(*unit).expr(*list), Expr::List(_)) => {
                    let Expr::List(items) = self.program.unit(*unit).expr(*list) else { continue };
                    items_at.extend(items.get(at as usize).map(|item| (*unit, *item)));
                }
                value if at == 0 && self.program.is_typed(unit) => found.push(value.clone()),
                _ => {}
            }
        }
        found.extend(self.all_of(&items_at));
        found
    }

    /// What several expressions stand for that give values to one thing, its declared type among them.
    pub(super) fn all_of(&mut self, exprs: &[(UnitId, ExprId)]) -> Vec<Value> {
        let (mut declared, mut given) = (Vec::new(), Vec::new());
        for (unit, expr) in exprs {
            let is_type = matches!(self.program.unit(*unit).expr(*expr), Expr::Typed(_));
            let values = self.eval(*unit, *expr);
            if is_type { &mut declared } else { &mut given }.extend(values.iter().cloned());
        }
        settled(declared, given)
    }

    /// The parameter that an event is given in: the first that is no context.
    pub(super) fn event_at(&mut self, unit: UnitId, function: FunctionId) -> u32 {
        let program = self.program;
        let Some(function) = program.unit(unit).functions.get(function as usize) else { return 0 };
        let first = function.params.first().and_then(|param| param.annotation);
        let is_context = |value: &Value| matches!(value, Value::Outside(path) if &**path == "context.Context");
        u32::from(first.is_some_and(|first| self.eval(unit, first).iter().any(is_context)))
    }

    /// What a call calls, and how many arguments stand before the callee's own: `f.bind(this, a)`, `f.call(this, a)` and
    /// `functools.partial(f, a)` give `f` its first ones.
    pub(super) fn called(&mut self, unit: UnitId, callee: ExprId, args: &[Arg]) -> (Rc<[Value]>, usize) {
        let here = self.program.unit(unit);
        let callees = self.eval(unit, callee);
        match (here.language, here.expr(callee)) {
            (Language::JavaScript, Expr::Member(object, name)) if matches!(&**here.name(*name), "bind" | "call") => {
                let objects = self.eval(unit, *object);
                if objects.iter().any(|object| matches!(object, Value::Function(..) | Value::Class(..))) {
                    (objects, 1)
                } else {
                    (callees, 0)
                }
            }
            (Language::Python, of) => {
                let is_partial =
                    |value: &Value| matches!(value, Value::Outside(path) if &**path == "functools.partial");
                match args.first() {
                    Some(first) if callees.iter().any(is_partial) => (self.eval(unit, first.value), 1),
                    // `Base.__init__(self, client)` gives the object itself first.
                    _ => match of {
                        Expr::Member(object, _) if self.asks_class(unit, *object, &callees) => (callees, 1),
                        _ => (callees, 0),
                    },
                }
            }
            _ => (callees, 0),
        }
    }

    /// Whether a method of objects is asked of the class itself (Python).
    fn asks_class(&mut self, unit: UnitId, object: ExprId, callees: &[Value]) -> bool {
        let objects = self.eval(unit, object);
        let is_class = |value: &Value| matches!(value, Value::Class(..));
        let takes_object = |value: &Value| match value {
            Value::Function(unit, function) => {
                let here = self.program.unit(*unit);
                let Some(method) = here.functions.get(*function as usize) else { return false };
                let named = method.decorators.iter().filter_map(|decorator| match here.expr(*decorator) {
                    Expr::Name(name, _) => Some(&**here.name(*name)),
                    _ => None,
                });
                method.class.is_some() && named.into_iter().all(|name| !matches!(name, "classmethod" | "staticmethod"))
            }
            _ => false,
        };
        !objects.is_empty() && objects.iter().all(is_class) && callees.iter().any(takes_object)
    }
}
