//! What Rust's values give that no source says: fields without names, methods that packages and derived code bring, and
//! values of types from packages.

use super::evaluate::Evaluator;
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
