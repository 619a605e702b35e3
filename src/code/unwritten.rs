//! What values give that no source says: in Rust fields without names, methods that packages and derived code bring, and
//! values of types from packages; in Java methods that are generated for fields.

use super::evaluate::Evaluator;
use super::facts::Collector;
use super::program::ClassKey;
use super::unit::{Expr, ExprId};
use super::value::{Object, UnitId, Value};
use crate::model::Language;
use std::sync::Arc;

/// Types that Rust's prelude brings.
const PRELUDE: &[&str] = &["String", "str", "bool", "char", "u8", "u16", "u32", "u64", "i32", "i64", "usize", "f64"];

impl Evaluator<'_> {
    /// A field without a name: of a tuple its part, of a wrapper what it holds.
    pub(super) fn numbered(&mut self, object: &Value, name: &Arc<str>) -> Vec<Value> {
        match object {
            Value::Literal(unit, list) => match self.program.unit(*unit).expr(*list) {
                Expr::List(items) => {
                    let item = name.parse::<usize>().ok().and_then(|at| items.get(at));
                    item.map(|item| self.eval(*unit, *item).to_vec()).unwrap_or_default()
                }
                _ => self.key(*unit, *list, name),
            },
            Value::Instance(unit, class) => self.class_member(*unit, *class, name, 0),
            Value::Object(_) | Value::Text(_) | Value::Event => vec![object.clone()],
            _ => Vec::new(),
        }
    }

    /// What a call in Rust gives whose method nobody wrote: the receiver itself, or what a derived function makes.
    pub(super) fn without_method(&mut self, unit: UnitId, callee: ExprId) -> Vec<Value> {
        let program = self.program;
        let Expr::Member(object, name) = program.unit(unit).expr(callee) else { return Vec::new() };
        let gives_itself = (self.outside.gives_itself)(program.unit(unit).name(*name));
        let objects = self.eval(unit, *object);
        let given = objects.iter().filter_map(|value| match value {
            Value::Class(there, class) => {
                let is_variant = !self.eval(unit, callee).is_empty();
                (!is_variant).then_some(Value::Instance(*there, *class))
            }
            _ => gives_itself.then(|| value.clone()),
        });
        given.collect()
    }

    /// What a call in Java gives whose method nobody wrote, in a class of the project that nothing outside stands above:
    /// Lombok and its like make readers of fields, and builders. Nothing where it is not such a call, or where it is not
    /// known what it gives.
    pub(super) fn unwritten_gives(&mut self, unit: UnitId, callee: ExprId) -> Option<Vec<Value>> {
        let program = self.program;
        let Expr::Member(object, name) = program.unit(unit).expr(callee) else { return None };
        let name = program.unit(unit).name(*name);
        let is_callable = |value: &Value| !matches!(value, Value::Instance(..) | Value::Text(_) | Value::Literal(..));
        if self.eval(unit, callee).iter().any(is_callable) {
            return None;
        }
        let mut found = Vec::new();
        for value in self.eval(unit, *object).iter() {
            let (Value::Class(there, class) | Value::Instance(there, class)) = value else { continue };
            if program.unit(*there).language != Language::Java {
                return None;
            }
            let key = (*there, *class);
            let is_own = program.class(key).is_some_and(|class| !class.is_interface);
            let above = self.above(key);
            if !is_own || above.is_open || !above.outside.is_empty() {
                return None;
            }
            found.push(self.unwritten_of(value, key, name)?);
        }
        (!found.is_empty()).then(|| found.concat())
    }

    /// A builder stands for the class that it builds.
    fn unwritten_of(&mut self, value: &Value, (unit, class): ClassKey, name: &Arc<str>) -> Option<Vec<Value>> {
        let is_builder = matches!(value, Value::Class(..));
        let instance = Value::Instance(unit, class);
        match &**name {
            "builder" if is_builder => return Some(vec![value.clone()]),
            "toBuilder" if !is_builder => return Some(vec![Value::Class(unit, class)]),
            "build" | "of" if is_builder => return Some(vec![instance]),
            _ => {}
        }
        let is_field = |name: &str| {
            let program = self.program;
            program
                .unit(unit)
                .find(name)
                .is_some_and(|sym| program.class((unit, class)).is_some_and(|class| class.fields.contains_key(&sym)))
        };
        if is_builder {
            return is_field(name).then(|| vec![value.clone()]);
        }
        if is_field(name) {
            return Some(self.class_member(unit, class, name, 0));
        }
        for start in ["get", "is", "with", "set"] {
            let Some(rest) = name.strip_prefix(start) else { continue };
            let mut letters = rest.chars();
            let Some(first) = letters.next().filter(|first| first.is_uppercase()) else { continue };
            let field: Arc<str> = first.to_lowercase().chain(letters).collect::<String>().into();
            return match start {
                _ if !is_field(&field) => None,
                "with" => Some(vec![instance]),
                "set" => Some(Vec::new()),
                _ => Some(self.class_member(unit, class, &field, 0)),
            };
        }
        None
    }

    /// A value of a type that is written; in Rust also of one that a package brings and of which no more is known.
    pub(super) fn of_type(&self, unit: UnitId, of: &Value) -> Option<Value> {
        let made = || match of {
            Value::Outside(path) if self.program.is_rust(unit) => {
                let is_type = path.contains('.') || PRELUDE.contains(&&**path);
                is_type.then(|| Value::object(Object::Made(path.clone())))
            }
            _ => None,
        };
        self.instance(of).or_else(made)
    }
}

impl Collector<'_> {
    /// A method in Java that the project's class should have and that nobody wrote: what is generated may call anything.
    pub(super) fn unwritten(&mut self, call: ExprId, callee: ExprId) {
        const OF_ALL: &[&str] = &[
            "canEqual",
            "clone",
            "compareTo",
            "equals",
            "getClass",
            "getDeclaringClass",
            "hashCode",
            "name",
            "notify",
            "notifyAll",
            "ordinal",
            "toString",
            "wait",
        ];
        let program = self.of.program;
        let here = program.unit(self.unit);
        let Expr::Member(object, name) = here.expr(callee) else { return };
        // What is called on the object itself is not read where it is inherited or imported.
        if matches!(here.expr(*object), Expr::This(_)) {
            return;
        }
        let name = here.name(*name);
        // Of readers and writers of data nothing more is asked.
        let is_data = ["get", "set", "is", "with"].iter().any(|start| {
            name.strip_prefix(start).is_some_and(|rest| rest.starts_with(|first: char| first.is_uppercase()))
        });
        if is_data || OF_ALL.contains(&&**name) || self.of.unwritten_gives(self.unit, callee).is_some() {
            return;
        }
        let objects = self.of.eval(self.unit, *object);
        let mut class_name = None;
        for value in objects.iter() {
            let (unit, class) = match value {
                Value::Class(unit, class) | Value::Instance(unit, class) => (unit, class),
                Value::Event => continue,
                _ => return,
            };
            let key = (*unit, *class);
            let above = self.of.above(key);
            let Some(class) = program.class(key).filter(|class| !class.is_interface) else { return };
            if program.unit(*unit).language != Language::Java || above.is_open || !above.outside.is_empty() {
                return;
            }
            class_name = class.name.map(|name| program.unit(*unit).name(name).clone());
        }
        if let Some(class) = class_name {
            self.hide(format!("the method {name} of {class} is not in the project").into(), call);
        }
    }
}
