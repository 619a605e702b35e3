//! Functions as values: where they are given back or kept and not called, and who holds those that are handed over.

use super::facts::Collector;
use super::program::{Method, Program};
use super::unit::{Binding, EXPORTS, Expr, ExprId, FunctionId, Unit, index};
use super::value::Value;
use crate::model::Language;
use std::collections::HashSet;

/// How many functions are followed that one gives back.
const MAX_GIVEN: usize = 32;

/// The places of a unit at which a function stands without being called there.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// What functions give back.
    pub(super) given_back: HashSet<ExprId>,
    /// The same, and what names, fields, keys and exports are given: it is called where they are.
    pub(super) kept: HashSet<ExprId>,
    /// What names are given: a function there is held by nobody before its name is used.
    pub(super) bound: HashSet<ExprId>,
}

impl Places {
    /// Those of a unit; none where a language calls what it is given back by methods of types that are not read.
    pub(super) fn of(here: &Unit) -> Self {
        let mut places = Self::default();
        if !matches!(here.language, Language::Python | Language::JavaScript | Language::Go) {
            return places;
        }
        for value in here.functions.iter().flat_map(|function| &function.returns) {
            sides(here, *value, &mut places.given_back);
        }
        places.kept.clone_from(&places.given_back);
        for binding in here.scopes.iter().flat_map(|scope| scope.names.values()).flatten() {
            if let Binding::Value(value) = binding {
                sides(here, *value, &mut places.bound);
            }
        }
        places.kept.extend(places.bound.iter().copied());
        let fields = here.classes.iter().flat_map(|class| class.fields.values());
        let exports = here.exports.values().chain([&here.export_all]);
        for value in fields.chain(exports).flatten() {
            sides(here, *value, &mut places.kept);
        }
        for expr in here.exprs.iter().filter(|_| here.language == Language::JavaScript) {
            let Expr::Map(pairs) = expr else { continue };
            for pair in pairs.iter().filter(|pair| pair.key.is_some()) {
                sides(here, pair.value, &mut places.kept);
            }
        }
        places
    }
}

/// An expression and those of which it is one; in Go also those that are given at once.
fn sides(here: &Unit, of: ExprId, found: &mut HashSet<ExprId>) {
    if !found.insert(of) {
        return;
    }
    match here.expr(of) {
        Expr::OneOf(inside) => inside.iter().for_each(|side| sides(here, *side, found)),
        Expr::List(inside) if here.language == Language::Go => {
            inside.iter().for_each(|side| sides(here, *side, found));
        }
        _ => {}
    }
}

impl Collector<'_> {
    /// A function that something calls which is not followed: it may call what it is given back, too.
    pub(super) fn passed(&mut self, from: ExprId, of: Method) {
        let owner = self.owner(from);
        for given in self.given_by(of) {
            self.facts.edges.insert((owner, given));
        }
    }

    /// The functions that a function gives back, and those that they give back.
    pub(super) fn given_by(&mut self, of: Method) -> Vec<Method> {
        let mut found: Vec<Method> = Vec::new();
        let mut open = vec![of];
        while let Some((unit, function)) = open.pop().filter(|_| found.len() < MAX_GIVEN) {
            for value in self.of.returned(unit, function) {
                if let Value::Function(unit, function) = value
                    && (unit, function) != of
                    && !found.contains(&(unit, function))
                {
                    found.push((unit, function));
                    open.push((unit, function));
                }
            }
        }
        found
    }

    /// A call that gives functions back and stands where something may call them.
    pub(super) fn gives(&mut self, call: ExprId, places: &Places) {
        // What wraps a handler is no call of it, whatever is set on it.
        if places.kept.contains(&call) || self.of.program.wrapping.contains(&(self.unit, call)) {
            return;
        }
        let owner = self.owner(call);
        for value in self.of.eval(self.unit, call).iter() {
            if let Value::Function(unit, function) = value {
                self.facts.edges.insert((owner, (*unit, *function)));
                self.passed(call, (*unit, *function));
            }
        }
    }

    /// Notes for every function that gives functions back which those are.
    pub(super) fn returns(&mut self) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        if program.is_typed(self.unit) {
            return;
        }
        for (at, function) in here.functions.iter().enumerate().filter(|(_, function)| !function.returns.is_empty()) {
            let may_give = |value: &ExprId| !matches!(here.expr(*value), Expr::Map(_) | Expr::Text(_) | Expr::Unknown);
            if function.returns.iter().any(may_give) {
                let given = self.given_by((self.unit, index(at))).into_iter();
                self.facts.given.extend(given.map(|given| (index(at), given)));
            }
        }
    }

    /// Notes that code names a function, so that it can be handed over.
    pub(super) fn holds(&mut self, at: ExprId, value: &Value) {
        if let Value::Function(unit, function) = value
            && is_free(self.of.program, (*unit, *function))
        {
            self.facts.holds.insert((self.owner(at), (*unit, *function)));
        }
    }

    /// The same for all that an expression stands for.
    pub(super) fn holds_all(&mut self, at: ExprId) {
        for value in self.of.eval(self.unit, at).iter() {
            self.holds(at, value);
        }
    }

    /// A function that a name leads to which stands for what callers hand over.
    pub(super) fn handed_over(&mut self, at: ExprId, of: Method) {
        let owner = self.owner(at);
        self.facts.handed.insert((owner, of));
        for given in self.given_by(of) {
            self.facts.handed.insert((owner, given));
        }
    }

    /// A function that decorates another: it runs where that one is made, and what it gives back where that one is called.
    pub(super) fn decorates(&mut self, decorator: ExprId, decorated: FunctionId) {
        let owner = self.owner(decorator);
        for value in self.of.eval(self.unit, decorator).iter() {
            if let Value::Function(unit, function) = value {
                self.facts.edges.insert((owner, (*unit, *function)));
                let given = self.given_by((*unit, *function));
                self.facts.edges.extend(given.into_iter().map(|given| (decorated, given)));
            }
        }
    }

    /// Whether a decorator hands what it decorates to somebody. One of the project that only gives back what calls it in
    /// its turn does not.
    pub(super) fn hands_on(&mut self, decorator: ExprId) -> bool {
        let values = self.of.eval(self.unit, decorator);
        let wraps = |value: &Value| match value {
            Value::Function(unit, function) => only_wraps(self.of.program.unit(*unit), *function),
            _ => false,
        };
        self.registers(decorator) && (values.is_empty() || !values.iter().all(wraps))
    }

    /// Whether an expression is a parameter, a part of one, or a name that is given one.
    pub(super) fn is_handed(&self, at: ExprId, depth: u32) -> bool {
        let here = self.of.program.unit(self.unit);
        if depth > 8 {
            return false;
        }
        match here.expr(at) {
            Expr::Name(name, scope) => {
                let mut next = Some(*scope);
                while let Some(scope) = next.and_then(|at| here.scopes.get(at as usize)) {
                    if let Some(bindings) = scope.names.get(name) {
                        return !bindings.is_empty()
                            && bindings.iter().all(|binding| match binding {
                                Binding::Param(..) => true,
                                Binding::Value(value) => *value != at && self.is_handed(*value, depth + 1),
                                _ => false,
                            });
                    }
                    next = scope.parent;
                }
                false
            }
            Expr::Member(object, _) | Expr::Index(object, _) | Expr::Element(object) | Expr::Part(object, _) => {
                self.is_handed(*object, depth + 1)
            }
            Expr::OneOf(sides) => sides.iter().any(|side| self.is_handed(*side, depth + 1)),
            _ => false,
        }
    }
}

/// Whether a function stands at the top of its file, so that whoever names it can hand it over.
pub(super) fn is_free(program: &Program, (unit, function): Method) -> bool {
    let here = program.unit(unit);
    here.functions.get(function as usize).is_some_and(|one| one.class.is_none()) && around(here, function).is_none()
}

/// The function around a function, which must run before that one is there; none at the top of the file.
pub(super) fn around(here: &Unit, function: FunctionId) -> Option<FunctionId> {
    let parent = here.functions.get(function as usize)?.parent;
    let is_top = parent == 0 || here.functions.get(parent as usize).is_none_or(|one| &*one.name == EXPORTS);
    (!is_top && parent != function).then_some(parent)
}

/// Whether a function gives back one of its own that calls what it is given, which goes nowhere else.
fn only_wraps(here: &Unit, function: FunctionId) -> bool {
    let Some(param) = here.functions.get(function as usize).and_then(|one| one.params.first()?.name) else {
        return false;
    };
    let is_within = |expr: ExprId| {
        let mut at = here.owners.get(expr as usize).copied();
        while let Some(owner) = at.filter(|owner| *owner != function) {
            at = around(here, owner);
        }
        at.is_some()
    };
    let is_own = |expr: ExprId| match here.expr(expr) {
        Expr::Name(name, _) => *name == param,
        _ => false,
    };
    let (mut is_called, mut is_kept) = (false, false);
    for call in here.calls.iter().filter(|call| is_within(**call)) {
        let Expr::Call { callee, args, .. } = here.expr(*call) else { continue };
        is_called |= is_own(*callee);
        let copies = match here.expr(*callee) {
            Expr::Name(name, _) | Expr::Member(_, name) => {
                matches!(&**here.name(*name), "wraps" | "update_wrapper" | "iscoroutinefunction" | "signature")
            }
            _ => false,
        };
        is_kept |= !copies && args.iter().any(|arg| is_own(arg.value));
    }
    is_kept |= here.stores.iter().any(|(target, value)| is_within(*target) && is_own(*value));
    is_called && !is_kept
}
