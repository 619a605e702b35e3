//! What binds classes across files: their parts, what their fields are given, and what stands behind interfaces.

use super::evaluate::Evaluator;
use super::heirs;
use super::library::OUTSIDE;
use super::program::{ClassKey, Fields, Kept, Program};
use super::traits;
use super::unit::{Expr, ExprId, index};
use super::value::{UnitId, Value, text};
use crate::model::{Language, Text};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// How many values of one field are kept: one that is given hundreds says nothing of a client.
const MAX_GIVEN: usize = 16;

/// A field of a class and what it is given.
type Given = (ClassKey, Arc<str>, (UnitId, ExprId));

/// Notes it all in the program.
pub(super) fn relate(program: &mut Program) {
    program.below = heirs::below(&mut Evaluator::new(program, &OUTSIDE));
    keep(program);
    let units: Vec<UnitId> = (0..program.members.len()).filter(|unit| program.is_typed(*unit)).collect();
    if units.is_empty() {
        return;
    }
    program.parts = parts(program);
    let rust = traits::parts(program);
    program.parts.extend(rust);
    let traits = traits::traits(program);
    program.behind = behind(program, &units);
    program.behind.extend(traits.behind);
    (program.foreign, program.given) = (traits.foreign, traits.given);
    let given: Vec<Vec<Given>> = units.par_iter().map(|unit| given(program, *unit)).collect();
    let mut fields: HashMap<ClassKey, Fields> = HashMap::new();
    for (class, name, value) in given.into_iter().flatten() {
        let values = fields.entry(class).or_default().entry(name).or_default();
        if values.len() < MAX_GIVEN {
            values.push(value);
        }
    }
    program.fields.extend(fields);
}

/// Notes what is put into maps and objects after they are made, where no types say it.
fn keep(program: &mut Program) {
    let units: Vec<UnitId> = (0..program.members.len()).filter(|unit| !program.is_typed(*unit)).collect();
    let put = |unit: &UnitId| put(program, *unit);
    let all: Vec<(Vec<Put>, Vec<Given>)> = units.par_iter().map(put).collect();
    let mut kept: HashMap<(UnitId, ExprId), Vec<Kept>> = HashMap::new();
    let mut fields: HashMap<ClassKey, Fields> = HashMap::new();
    for (puts, given) in all {
        for (map, one) in puts {
            let values = kept.entry(map).or_default();
            if values.len() < MAX_GIVEN {
                values.push(one);
            }
        }
        for (class, name, value) in given {
            let values = fields.entry(class).or_default().entry(name).or_default();
            if values.len() < MAX_GIVEN {
                values.push(value);
            }
        }
    }
    (program.kept, program.fields) = (kept, fields);
}

/// A map and what is put into it.
type Put = ((UnitId, ExprId), Kept);

fn put(program: &Program, unit: UnitId) -> (Vec<Put>, Vec<Given>) {
    let mut evaluator = Evaluator::new(program, &OUTSIDE);
    let here = program.unit(unit);
    let (mut puts, mut given) = (Vec::new(), Vec::new());
    for (target, value) in &here.stores {
        let (object, key) = match here.expr(*target) {
            Expr::Member(object, name) => (*object, Some(here.name(*name).clone())),
            Expr::Index(object, index) => (
                *object,
                match text(&evaluator.eval(unit, *index)) {
                    Text::Literal(key) => Some(key),
                    _ => None,
                },
            ),
            _ => continue,
        };
        let is_own = matches!(here.expr(object), Expr::This(_));
        for object in evaluator.eval(unit, object).iter() {
            match (object, &key) {
                (Value::Literal(there, map), _) => puts.push(((*there, *map), (key.clone(), (unit, *value)))),
                // What an object gives itself is known by its class.
                (Value::Instance(there, class), Some(name))
                    if !is_own && (*there != unit || !is_self(here, *target)) =>
                {
                    given.push(((*there, *class), name.clone(), (unit, *value)));
                }
                _ => {}
            }
        }
    }
    if here.language == Language::Python {
        data(&mut evaluator, unit, &mut given);
    }
    (puts, given)
}

/// What making objects of classes that declare their fields and have no constructor gives to these (data classes).
fn data(evaluator: &mut Evaluator<'_>, unit: UnitId, given: &mut Vec<Given>) {
    let program = evaluator.program;
    let here = program.unit(unit);
    for call in &here.calls {
        let Expr::Call { callee, args, .. } = here.expr(*call) else { continue };
        let (Expr::Name(name, _) | Expr::Member(_, name)) = here.expr(*callee) else { continue };
        if !here.name(*name).trim_start_matches('_').starts_with(|first: char| first.is_ascii_uppercase()) {
            continue;
        }
        for value in evaluator.eval(unit, *callee).iter() {
            let Value::Class(there, class) = value else { continue };
            let Some(of) = program.class((*there, *class)).filter(|of| !of.order.is_empty()) else { continue };
            if args.is_empty() || !evaluator.constructors_of((*there, *class)).is_empty() {
                continue;
            }
            for (at, arg) in args.iter().enumerate().filter(|(_, arg)| !arg.spread) {
                let name = match arg.name {
                    Some(name) => here.name(name),
                    None => match of.order.get(at) {
                        Some(name) => program.unit(*there).name(*name),
                        None => continue,
                    },
                };
                given.push(((*there, *class), name.clone(), (unit, arg.value)));
            }
        }
    }
}

/// Whether a target is a member of `self` (Python).
fn is_self(here: &super::unit::Unit, target: ExprId) -> bool {
    let Expr::Member(object, _) = here.expr(target) else { return false };
    matches!(here.expr(*object), Expr::Name(name, _) if &**here.name(*name) == "self")
}

/// The classes of one name in the files of one package.
fn parts(program: &Program) -> HashMap<ClassKey, Arc<[ClassKey]>> {
    let mut parts = HashMap::new();
    for units in program.packages.values().filter(|units| units.len() > 1) {
        let mut named: HashMap<&Arc<str>, Vec<ClassKey>> = HashMap::new();
        for unit in units {
            for (at, class) in program.unit(*unit).classes.iter().enumerate() {
                if let Some(name) = class.name {
                    named.entry(program.unit(*unit).name(name)).or_default().push((*unit, index(at)));
                }
            }
        }
        for keys in named.into_values().filter(|keys| keys.len() > 1) {
            let keys: Arc<[ClassKey]> = keys.into();
            parts.extend(keys.iter().map(|key| (*key, keys.clone())));
        }
    }
    parts
}

/// What literals and assignments of a unit give to fields.
fn given(program: &Program, unit: UnitId) -> Vec<Given> {
    let mut evaluator = Evaluator::new(program, &OUTSIDE);
    let here = program.unit(unit);
    let mut found = Vec::new();
    for expr in &here.exprs {
        let Expr::Struct(of, map) = expr else { continue };
        let Expr::Map(pairs) = here.expr(*map) else { continue };
        for value in evaluator.eval(unit, *of).iter() {
            let Value::Class(there, class) = value else { continue };
            let order = in_order(program, (*there, *class));
            for (at, pair) in pairs.iter().enumerate() {
                let name = match (pair.key, pair.computed) {
                    (Some(key), _) => here.name(key).clone(),
                    (None, None) => match order.get(at) {
                        Some(name) => name.clone(),
                        None => continue,
                    },
                    _ => continue,
                };
                found.push(((*there, *class), name, (unit, pair.value)));
            }
        }
    }
    if program.is_rust(unit) {
        numbered(&mut evaluator, unit, &mut found);
    }
    if here.language == Language::Java {
        applied(&mut evaluator, unit, &mut found);
        inherited(&mut evaluator, unit, &mut found);
        built(&mut evaluator, unit, &mut found);
    }
    for (target, value) in &here.stores {
        let Expr::Member(object, name) = here.expr(*target) else { continue };
        for object in evaluator.eval(unit, *object).iter() {
            if let Value::Instance(there, class) = object {
                let name = here.name(*name);
                found.push(((*there, *class), name.clone(), (unit, *value)));
                if here.language == Language::Java {
                    let above = declaring(&mut evaluator, (*there, *class), name);
                    found.extend(above.into_iter().map(|above| (above, name.clone(), (unit, *value))));
                }
            }
        }
    }
    found
}

/// What types are given for their parameters (Java).
fn applied(evaluator: &mut Evaluator<'_>, unit: UnitId, found: &mut Vec<Given>) {
    let program = evaluator.program;
    for (of, given) in &program.unit(unit).applied {
        for value in evaluator.eval(unit, *of).iter() {
            let Value::Class(there, class) = value else { continue };
            let Some(name) = program.class((*there, *class)).and_then(|class| class.name) else { continue };
            let name = program.unit(*there).name(name);
            let each = given.iter().enumerate();
            found.extend(each.map(|(at, of)| ((*there, *class), format!("<{name}.{at}>").into(), (unit, *of))));
        }
    }
}

/// What classes give to fields that a class above them declares (Java).
fn inherited(evaluator: &mut Evaluator<'_>, unit: UnitId, found: &mut Vec<Given>) {
    let here = evaluator.program.unit(unit);
    for (at, class) in here.classes.iter().enumerate().filter(|(_, class)| !class.bases.is_empty()) {
        for (name, values) in &class.fields {
            let is_declared = values.iter().any(|value| matches!(here.expr(*value), Expr::Typed(_)));
            let name = here.name(*name);
            for above in declaring(evaluator, (unit, index(at)), name).into_iter().filter(|_| !is_declared) {
                found.extend(values.iter().map(|value| (above, name.clone(), (unit, *value))));
            }
        }
    }
}

/// The nearest classes above one that have a field of a name.
fn declaring(evaluator: &mut Evaluator<'_>, class: ClassKey, name: &str) -> Vec<ClassKey> {
    let program = evaluator.program;
    let (mut open, mut found) = (vec![class], Vec::new());
    for _ in 0..8 {
        let Some(next) = open.pop() else { break };
        for base in program.class(next).map_or(&[][..], |class| &class.bases) {
            for value in evaluator.eval(next.0, *base).iter() {
                let Value::Class(there, class) = value else { continue };
                let fields = program.class((*there, *class)).map(|class| &class.fields);
                let has =
                    program.unit(*there).find(name).zip(fields).is_some_and(|(sym, fields)| fields.contains_key(&sym));
                if has { &mut found } else { &mut open }.push((*there, *class));
            }
        }
    }
    found
}

/// What the builders of classes that have generated ones are given for fields: `Shop.builder().store(store)`.
fn built(evaluator: &mut Evaluator<'_>, unit: UnitId, found: &mut Vec<Given>) {
    let program = evaluator.program;
    let here = program.unit(unit);
    if here.find("builder").is_none() && here.find("toBuilder").is_none() {
        return;
    }
    for call in &here.calls {
        let Expr::Call { callee, args, .. } = here.expr(*call) else { continue };
        let (Expr::Member(object, name), [arg]) = (here.expr(*callee), &**args) else { continue };
        for builder in evaluator.eval(unit, *object).iter() {
            for value in evaluator.held(builder).into_iter().flatten() {
                let Value::Instance(there, class) = value else { continue };
                if program.class((there, class)).is_some_and(|class| class.has_builder) {
                    found.push(((there, class), here.name(*name).clone(), (unit, arg.value)));
                }
            }
        }
    }
}

/// What types are given for their parameters, and what calls of types and variants give to their fields, which have
/// numbers for names (Rust).
fn numbered(evaluator: &mut Evaluator<'_>, unit: UnitId, found: &mut Vec<Given>) {
    let program = evaluator.program;
    for (of, given) in &program.unit(unit).applied {
        for value in evaluator.eval(unit, *of).iter() {
            let Value::Class(there, class) = value else { continue };
            let each = given.iter().enumerate();
            found.extend(each.map(|(at, of)| ((*there, *class), format!("<{at}>").into(), (unit, *of))));
        }
    }
    for call in &program.unit(unit).calls {
        let Expr::Call { callee, args, .. } = program.unit(unit).expr(*call) else { continue };
        for value in evaluator.eval(unit, *callee).iter() {
            let Value::Class(there, class) = value else { continue };
            let key = (*there, *class);
            let fields = in_order(program, key).into_iter().zip(args);
            found.extend(fields.map(|(name, arg)| (key, name, (unit, arg.value))));
        }
    }
}

/// The names of a class's fields in the order of the source.
fn in_order(program: &Program, key: ClassKey) -> Vec<Arc<str>> {
    let fields = |key: ClassKey| program.class(key).map(|class| (key.0, &class.order));
    let (unit, order) = match program.parts_of(key).filter_map(fields).find(|(_, order)| !order.is_empty()) {
        Some(found) => found,
        None => return Vec::new(),
    };
    order.iter().map(|name| program.unit(unit).name(*name).clone()).collect()
}

/// The classes of one module by the methods that they have.
struct Candidates {
    classes: Vec<(ClassKey, BTreeSet<Arc<str>>)>,
}

/// What may stand behind each interface: in Go whatever has its methods, in Java what says so.
fn behind(program: &Program, units: &[UnitId]) -> HashMap<ClassKey, Vec<ClassKey>> {
    let mut behind: HashMap<ClassKey, Vec<ClassKey>> = HashMap::new();
    let mut modules: HashMap<&Arc<str>, Candidates> = HashMap::new();
    let mut interfaces: Vec<(ClassKey, &Arc<str>)> = Vec::new();
    let mut evaluator = Evaluator::new(program, &OUTSIDE);
    for unit in units.iter().filter(|unit| !program.is_rust(**unit)) {
        let module = &program.members[*unit].module;
        for (at, class) in program.unit(*unit).classes.iter().enumerate() {
            let key = (*unit, index(at));
            if program.is_java(*unit) {
                for base in &class.bases {
                    for value in evaluator.eval(*unit, *base).iter() {
                        if let Value::Class(unit, class) = value {
                            behind.entry((*unit, *class)).or_default().push(key);
                        }
                    }
                }
            } else if class.is_interface {
                interfaces.push((key, module));
            } else if is_first_part(program, key) {
                let methods = methods(&mut evaluator, key);
                let candidates = modules.entry(module).or_insert_with(|| Candidates { classes: Vec::new() });
                candidates.classes.push((key, methods));
            }
        }
    }
    for (key, module) in interfaces {
        let wanted = methods(&mut evaluator, key);
        let Some(candidates) = modules.get(module).filter(|_| !wanted.is_empty()) else { continue };
        let fits = candidates.classes.iter().filter(|(_, methods)| wanted.is_subset(methods)).map(|(key, _)| *key);
        behind.insert(key, fits.collect());
    }
    behind
}

fn is_first_part(program: &Program, key: ClassKey) -> bool {
    program.parts.get(&key).is_none_or(|parts| parts.first() == Some(&key))
}

/// The names of all methods of a class, those of what it embeds included.
fn methods(evaluator: &mut Evaluator<'_>, key: ClassKey) -> BTreeSet<Arc<str>> {
    let program = evaluator.program;
    let above = evaluator.above(key);
    let mut found = BTreeSet::new();
    for (unit, class) in above.classes.iter().flat_map(|class| program.parts_of(*class)) {
        let Some(class) = program.class((unit, class)) else { continue };
        found.extend(class.methods.keys().map(|name| program.unit(unit).name(*name).clone()));
    }
    found
}
