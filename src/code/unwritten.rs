//! What values give that no source says: in Rust fields without names, methods that packages and derived code bring, and
//! values of types from packages. A method in Java that nobody wrote is a doubt.

use super::evaluate::Evaluator;
use super::facts::Collector;
use super::unit::{Expr, ExprId};
use super::value::{Object, UnitId, Value};
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
            Value::Instance(unit, class) => self.class_member(*unit, *class, name),
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
        if is_data || OF_ALL.contains(&&**name) {
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
            if !program.is_java(*unit) || above.is_open || !above.outside.is_empty() {
                return;
            }
            class_name = class.name.map(|name| program.unit(*unit).name(name).clone());
        }
        if let Some(class) = class_name {
            self.hide(format!("the method {name} of {class} is not in the project").into(), call);
        }
    }
}
