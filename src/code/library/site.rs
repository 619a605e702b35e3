//! A call as a library sees it: its arguments, and what it does.

use crate::code::evaluate::Evaluator;
use crate::code::parameters::argument;
use crate::code::unit::{Arg, Expr, ExprId};
use crate::code::value::{UnitId, Value, text, texts};
use crate::model::{CallKind, Text};
use crate::source::Span;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One call.
pub(in crate::code) struct Site<'a> {
    pub(in crate::code) unit: UnitId,
    pub(in crate::code) call: ExprId,
    pub(in crate::code) args: &'a [Arg],
}

/// Something that a call does.
#[derive(Debug, Clone)]
pub(in crate::code) struct Fact {
    pub(in crate::code) kind: CallKind,
    /// The place that decides, where it is not the whole call.
    pub(in crate::code) span: Option<Span>,
}

impl Fact {
    /// Whether it is a call of an SDK.
    pub(in crate::code) fn is_call(&self) -> bool {
        matches!(self.kind, CallKind::Sdk { .. })
    }

    /// Whether facts say what a call does: one of the values that it may be of acts, or all do the same.
    pub(in crate::code) fn tell_one(acting: usize, facts: &[Self]) -> bool {
        let operations: BTreeSet<(&str, &str)> = facts
            .iter()
            .filter_map(|fact| match &fact.kind {
                CallKind::Sdk { service, operation, .. } => Some((&**service, &**operation)),
                _ => None,
            })
            .collect();
        acting == 1 || operations.len() == 1
    }
}

/// What a call gives and does.
#[derive(Debug, Clone, Default)]
pub(in crate::code) struct Outcome {
    pub(in crate::code) values: Vec<Value>,
    pub(in crate::code) facts: Vec<Fact>,
    /// Why something may be hidden here.
    pub(in crate::code) opaque: Option<Arc<str>>,
    /// The call is understood: that a client is handed to it hides nothing.
    pub(in crate::code) understood: bool,
}

impl Outcome {
    /// Gives a value and does nothing.
    pub(in crate::code) fn value(value: Value) -> Self {
        Self { values: vec![value], ..Self::default() }
    }

    /// Understood, with facts.
    pub(in crate::code) fn of(values: Vec<Value>, kinds: Vec<CallKind>) -> Self {
        let facts = kinds.into_iter().map(|kind| Fact { kind, span: None }).collect();
        Self { values, facts, opaque: None, understood: true }
    }

    /// Hides something.
    pub(in crate::code) fn opaque(reason: impl Into<Arc<str>>) -> Self {
        Self { opaque: Some(reason.into()), understood: true, ..Self::default() }
    }
}

impl Site<'_> {
    /// The argument of a position or keyword.
    pub(in crate::code) fn arg(&self, of: &Evaluator<'_>, at: usize, keyword: &str) -> Option<ExprId> {
        argument(of.program, self.unit, self.args, at, Some(keyword))
    }

    /// The argument of a keyword, also inside a map that is an argument (`{region: …}`).
    pub(in crate::code) fn option(&self, of: &mut Evaluator<'_>, keyword: &str) -> Option<(UnitId, ExprId)> {
        let program = of.program;
        if let Some(value) = argument(program, self.unit, self.args, usize::MAX - 1, Some(keyword)) {
            return Some((self.unit, value));
        }
        for arg in self.args.iter().filter(|arg| arg.name.is_none()) {
            for value in of.eval(self.unit, arg.value).iter() {
                let Value::Literal(unit, map) = value else { continue };
                if let Some(found) = entry(of, *unit, *map, keyword) {
                    return Some((*unit, found));
                }
            }
        }
        None
    }

    /// Whether an option stands in every map that the arguments may be: keys for a developer's machine stand in one only.
    pub(in crate::code) fn is_always_given(&self, of: &mut Evaluator<'_>, keyword: &str) -> bool {
        let mut maps = Vec::new();
        for arg in self.args.iter().filter(|arg| arg.name.is_none()) {
            let values = of.eval(self.unit, arg.value);
            maps.extend(values.iter().filter_map(|value| match value {
                Value::Literal(unit, map) => Some((*unit, *map)),
                _ => None,
            }));
        }
        maps.iter().all(|(unit, map)| entry(of, *unit, *map, keyword).is_some())
    }

    /// The texts of an argument.
    pub(in crate::code) fn texts(&self, of: &mut Evaluator<'_>, at: usize, keyword: &str) -> Option<Vec<Text>> {
        let value = self.arg(of, at, keyword)?;
        Some(texts(&of.eval(self.unit, value)))
    }

    /// The text of an argument that says most.
    pub(in crate::code) fn text(&self, of: &mut Evaluator<'_>, at: usize, keyword: &str) -> Option<Text> {
        let value = self.arg(of, at, keyword)?;
        Some(text(&of.eval(self.unit, value)))
    }

    /// The region that an option names, with its place.
    pub(in crate::code) fn region(&self, of: &mut Evaluator<'_>, keyword: &str) -> Option<(Text, Span)> {
        let (unit, value) = self.option(of, keyword)?;
        let region = text(&of.eval(unit, value));
        Some((region, place(of, unit, value)))
    }
}

/// The value of a key of a map literal, as an expression.
pub(in crate::code) fn entry(of: &Evaluator<'_>, unit: UnitId, map: ExprId, key: &str) -> Option<ExprId> {
    let here = of.program.unit(unit);
    let Expr::Map(pairs) = here.expr(map) else { return None };
    pairs.iter().find(|pair| pair.key.is_some_and(|name| &**here.name(name) == key)).map(|pair| pair.value)
}

/// Where an expression stands.
pub(in crate::code) fn place(of: &Evaluator<'_>, unit: UnitId, expr: ExprId) -> Span {
    let here = of.program.unit(unit);
    let (start, end) = here.spans.get(expr as usize).copied().unwrap_or_default();
    Span::new(here.file, start as usize, end as usize)
}
