//! What Rust's `impl` blocks bind across files: types with the methods that they are given elsewhere, traits with the
//! types that have them, and which methods code outside the project calls.

use super::evaluate::Evaluator;
use super::library::OUTSIDE;
use super::program::{ClassKey, Method, Program};
use super::unit::{Expr, ExprId, index};
use super::value::{UnitId, Value};
use crate::model::Language;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// All classes of Rust units.
fn classes(program: &Program) -> impl Iterator<Item = ClassKey> + '_ {
    program
        .members
        .iter()
        .enumerate()
        .filter(|(_, member)| member.unit.language == Language::Rust)
        .flat_map(|(unit, member)| (0..member.unit.classes.len()).map(move |class| (unit, index(class))))
}

/// The types whose methods stand in several files, by each of their parts; the declaration is the first part.
pub(super) fn parts(program: &Program) -> HashMap<ClassKey, Arc<[ClassKey]>> {
    let mut evaluator = Evaluator::new(program, &OUTSIDE);
    let mut whole: BTreeMap<ClassKey, Vec<ClassKey>> = BTreeMap::new();
    for key in classes(program) {
        let Some(of) = program.class(key).and_then(|class| class.part_of) else { continue };
        let declared = evaluator.eval(key.0, of).iter().find_map(|value| match value {
            Value::Class(unit, class) if (*unit, *class) != key => Some((*unit, *class)),
            _ => None,
        });
        if let Some(declared) =
            declared.filter(|declared| program.class(*declared).is_some_and(|c| c.part_of.is_none()))
        {
            whole.entry(declared).or_insert_with(|| vec![declared]).push(key);
        }
    }
    let mut found = HashMap::new();
    for keys in whole.into_values() {
        let keys: Arc<[ClassKey]> = keys.into();
        found.extend(keys.iter().map(|key| (*key, keys.clone())));
    }
    found
}

/// What the classes of the project have to do with traits.
#[derive(Debug, Default)]
pub(super) struct Traits {
    /// The types that have a trait of the project.
    pub(super) behind: HashMap<ClassKey, Vec<ClassKey>>,
    /// The methods of a type that belong to traits from outside the project: what such a type is handed to calls them.
    pub(super) foreign: HashMap<ClassKey, Vec<Method>>,
    /// The methods that the project gives to types from outside, by name.
    pub(super) given: HashMap<Arc<str>, Vec<Method>>,
}

/// Finds them; the parts of classes are known.
pub(super) fn traits(program: &Program) -> Traits {
    let mut evaluator = Evaluator::new(program, &OUTSIDE);
    let mut found = Traits::default();
    for key in classes(program) {
        let (unit, whole) = (key.0, program.whole(key));
        let Some(class) = program.class(key) else { continue };
        for base in &class.bases {
            for of in traits_of(&mut evaluator, unit, *base) {
                let behind = found.behind.entry(program.whole(of)).or_default();
                if whole != program.whole(of) && !behind.contains(&whole) {
                    behind.push(whole);
                }
            }
        }
        let is_outside = class.part_of.is_some() && whole == key && !class.is_interface;
        for (name, methods) in &class.methods {
            for method in methods {
                let Some(function) = program.unit(unit).functions.get(*method as usize) else { continue };
                if is_outside {
                    found.given.entry(program.unit(unit).name(*name).clone()).or_default().push((unit, *method));
                }
                let is_foreign = function.of_trait.is_some_and(|of| traits_of(&mut evaluator, unit, of).is_empty());
                if is_foreign {
                    found.foreign.entry(whole).or_default().push((unit, *method));
                }
            }
        }
    }
    for methods in found.foreign.values_mut().chain(found.given.values_mut()) {
        methods.sort_unstable();
    }
    found
}

/// The traits of the project that a path names.
fn traits_of(evaluator: &mut Evaluator<'_>, unit: UnitId, of: ExprId) -> Vec<ClassKey> {
    let program = evaluator.program;
    if matches!(program.unit(unit).expr(of), Expr::Typed(_)) {
        return Vec::new();
    }
    let values = evaluator.eval(unit, of);
    let class = |value: &Value| match value {
        Value::Class(unit, class) => Some((*unit, *class)),
        _ => None,
    };
    values.iter().filter_map(class).collect()
}
