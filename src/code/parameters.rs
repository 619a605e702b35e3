//! What parameters are given by the calls of their function, and what texts are put together from.

use super::evaluate::{Evaluator, MAX_DEPTH};
use super::program::{Method, Program};
use super::unit::{Arg, Binding, Expr, ExprId, FunctionId};
use super::value::{UnitId, Value, settled, text, texts};
use crate::model::{Language, Text};

/// How many texts are put together from parts that may be several each.
const MAX_TEXTS: usize = 16;

/// How many functions that pass on what they are given call each other.
const MAX_WITHIN: usize = 4;

impl<'p> Evaluator<'p> {
    pub(super) fn param(&mut self, unit: UnitId, function: FunctionId, at: u32) -> Vec<Value> {
        let program = self.program;
        let Some(param) = program.unit(unit).functions.get(function as usize).and_then(|f| f.params.get(at as usize))
        else {
            return Vec::new();
        };
        let mut found = Vec::new();
        if program.handlers.contains(&(unit, function)) && at == self.event_at(unit, function) {
            found.push(Value::Event);
        }
        if let Some(annotation) = param.annotation {
            found.extend(self.eval(unit, annotation).iter().filter_map(|value| self.of_type(unit, value)));
        }
        let mut given = Vec::new();
        if let Some(default) = param.default {
            given.extend(self.eval(unit, default).iter().cloned());
        }
        if param.rest {
            if program.is_typed(unit) {
                for (caller, call) in program.sites.get(&(unit, function)).into_iter().flatten() {
                    let Expr::Call { args, .. } = program.unit(*caller).expr(*call) else { continue };
                    match args.last().filter(|last| last.spread) {
                        Some(list) => given.extend(self.eval(*caller, list.value).iter().cloned()),
                        // A call stands for the list of its arguments.
                        None => given.push(Value::Literal(*caller, *call)),
                    }
                }
            }
            // `**kwargs` is what the call names beside the other parameters.
            if program.unit(unit).language == Language::Python {
                let sites = program.sites.get(&(unit, function)).into_iter().flatten();
                given.extend(sites.map(|(caller, call)| Value::Literal(*caller, *call)));
            }
            return settled(found, given);
        }
        if let Some(call) = program.unit(unit).functions[function as usize].handed {
            given.extend(self.handed_on(unit, call));
        }
        let only = self.within.iter().rev().find(|(of, _)| *of == (unit, function)).map(|(_, call)| *call);
        let sites = program.sites.get(&(unit, function)).map_or(&[][..], Vec::as_slice);
        for (caller, call) in only.as_ref().map_or(sites, std::slice::from_ref) {
            let Expr::Call { callee, args, .. } = program.unit(*caller).expr(*call) else { continue };
            let name = param.name.map(|name| program.unit(unit).name(name));
            let (_, before) = self.called(*caller, *callee, args);
            if let Some(value) = argument(program, *caller, args, at as usize + before, name.map(|name| &**name)) {
                given.extend(self.eval(*caller, value).iter().cloned());
            } else if let Some(name) = name {
                given.extend(self.keyword(*caller, args, name));
            }
        }
        settled(found, given)
    }

    /// The text that parts make, as far as it is known.
    pub(super) fn join(&mut self, unit: UnitId, parts: &[ExprId]) -> Vec<Value> {
        let mut known = vec![String::new()];
        for (at, part) in parts.iter().enumerate() {
            let values = self.eval(unit, *part);
            let literals: Vec<Text> = texts(&values);
            let all = literals.iter().all(|text| matches!(text, Text::Literal(_)));
            if all && literals.len() > 1 && known.len() * literals.len() <= MAX_TEXTS {
                let with = |begin: &String| {
                    literals.iter().map(move |text| format!("{begin}{}", written(text))).collect::<Vec<_>>()
                };
                known = known.iter().flat_map(with).collect();
                continue;
            }
            match text(&values) {
                Text::Literal(text) => known.iter_mut().for_each(|known| known.push_str(&text)),
                // "" + environment is still the environment's value.
                Text::Environment(name) if known == [""] && at + 1 == parts.len() => {
                    return vec![Value::Text(Text::Environment(name))];
                }
                Text::Prefix(prefix) => {
                    known.iter_mut().for_each(|known| known.push_str(&prefix));
                    return known.into_iter().map(prefixed).collect();
                }
                _ => return known.into_iter().map(prefixed).collect(),
            }
        }
        known.into_iter().map(|text| Value::Text(Text::Literal(text.into()))).collect()
    }

    /// What a call gives to a keyword, by name or among what it spreads (Python).
    pub(super) fn keyword(&mut self, unit: UnitId, args: &[Arg], name: &str) -> Vec<Value> {
        let program = self.program;
        let here = program.unit(unit);
        let mut found = Vec::new();
        if here.language != Language::Python || self.depth >= MAX_DEPTH {
            return found;
        }
        self.depth += 1;
        for arg in args {
            if arg.name.is_some_and(|own| &**here.name(own) == name) {
                found.extend(self.eval(unit, arg.value).iter().cloned());
            } else if arg.spread {
                for value in self.eval(unit, arg.value).iter() {
                    if let Value::Literal(unit, map) = value {
                        found.extend(self.key(*unit, *map, name));
                    }
                }
            }
        }
        self.depth -= 1;
        found
    }

    /// The functions and classes that a module declares (Python).
    pub(super) fn declared(&mut self, module: UnitId) -> Vec<Value> {
        let names = self.program.unit(module).scopes.first().into_iter().flat_map(|scope| scope.names.values());
        let mut found: Vec<Value> = Vec::new();
        for binding in names.flatten() {
            match binding {
                Binding::Function(function) => found.push(Value::Function(module, *function)),
                Binding::Class(class) => found.push(Value::Class(module, *class)),
                _ => {}
            }
        }
        found.sort_by_key(|value| match value {
            Value::Function(_, at) | Value::Class(_, at) => *at,
            _ => 0,
        });
        found
    }

    /// Whether the name of a function begins so; of other things nobody knows.
    pub(super) fn is_named(&self, value: &Value, begin: &str) -> bool {
        match value {
            Value::Function(unit, function) => {
                let function = self.program.unit(*unit).functions.get(*function as usize);
                function.is_none_or(|function| function.name.starts_with(begin))
            }
            _ => true,
        }
    }

    /// What a method of a map gives: `handlers.get(name)`, `handlers.values()`, `Object.values(handlers)`.
    pub(super) fn taken(&mut self, unit: UnitId, callee: ExprId, args: &[Arg]) -> Vec<Value> {
        let here = self.program.unit(unit);
        let Expr::Member(object, name) = here.expr(callee) else { return Vec::new() };
        match (&**here.name(*name), args) {
            ("bind", [_, ..]) => {
                let of = self.eval(unit, *object);
                of.iter().filter(|of| matches!(of, Value::Function(..) | Value::Method(..))).cloned().collect()
            }
            ("get" | "pop" | "setdefault", [key, ..]) => self.index(unit, *object, key.value),
            ("values", []) => self.values_of(unit, *object),
            ("values", [of]) if matches!(here.expr(*object), Expr::Name(name, _) if &**here.name(*name) == "Object") => {
                self.values_of(unit, of.value)
            }
            _ => Vec::new(),
        }
    }

    fn values_of(&mut self, unit: UnitId, map: ExprId) -> Vec<Value> {
        let program = self.program;
        let mut found = Vec::new();
        for value in self.eval(unit, map).iter() {
            let Value::Literal(there, map) = value else { continue };
            let Expr::Map(pairs) = program.unit(*there).expr(*map) else { continue };
            let put = program.kept.get(&(*there, *map)).into_iter().flatten().map(|(_, value)| *value);
            let written = pairs.iter().filter(|pair| !pair.spread).map(|pair| (*there, pair.value));
            for (unit, value) in written.chain(put) {
                found.extend(self.eval(unit, value).iter().filter(|value| value.can_act()).cloned());
            }
        }
        found
    }

    /// What a function gives to one call of it.
    pub(super) fn returned_to(&mut self, unit: UnitId, call: ExprId, of: Method) -> Vec<Value> {
        let is_open = self.within.iter().all(|(known, _)| *known != of) && self.within.len() < MAX_WITHIN;
        if self.program.forwards.contains_key(&of) && is_open && self.depth < MAX_DEPTH {
            return self.asked_by(of, (unit, call)).returned(of.0, of.1);
        }
        self.returned(of.0, of.1)
    }

    /// An evaluator that knows of one call of a function only.
    pub(super) fn asked_by(&self, of: Method, call: (UnitId, ExprId)) -> Evaluator<'p> {
        let mut inside = Evaluator::new(self.program, self.outside);
        inside.within.clone_from(&self.within);
        inside.within.push((of, call));
        inside.depth = self.depth + 1;
        inside
    }
}

/// The argument of a position or keyword.
pub(super) fn argument(
    program: &Program,
    unit: UnitId,
    args: &[Arg],
    at: usize,
    keyword: Option<&str>,
) -> Option<ExprId> {
    let named = keyword.and_then(|keyword| {
        args.iter().find(|arg| arg.name.is_some_and(|name| &**program.unit(unit).name(name) == keyword))
    });
    let positional = || {
        let before = args.get(..=at)?;
        let plain = before.iter().all(|arg| arg.name.is_none() && !arg.spread);
        before.last().filter(|_| plain)
    };
    named.or_else(positional).map(|arg| arg.value)
}

fn prefixed(known: String) -> Value {
    Value::Text(if known.is_empty() { Text::Unknown } else { Text::Prefix(known.into()) })
}

fn written(text: &Text) -> &str {
    match text {
        Text::Literal(text) => text,
        _ => "",
    }
}
