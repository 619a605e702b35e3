//! Conditions in three values: true, false, and not to be decided.

use super::evaluator::Evaluator;
use crate::source::{ProblemKind, Span};
use crate::syntax::{Node, Part, Unknown, UnknownKind, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Evaluator<'_> {
    /// What a named condition comes to; `None` where it cannot be decided. `span` is where it is used.
    pub(super) fn condition(&mut self, name: &str, span: Span) -> Option<bool> {
        if let Some(assumption) = self.assumed.iter().rev().find(|assumption| &*assumption.name == name) {
            return Some(assumption.holds);
        }
        let decided = match self.decided.get(name) {
            Some(decided) => *decided,
            None => {
                // What holds by assumption in one branch must not be remembered for the others.
                let assumed = std::mem::take(&mut self.assumed);
                let decided = self.decide(name, span);
                self.assumed = assumed;
                self.decided.insert(name.into(), decided);
                decided
            }
        };
        let Some(assumption) = self.assumed.last() else { return decided };
        if decided.is_some() {
            return decided;
        }
        if let Some(decided) = assumption.decided.get(name) {
            return *decided;
        }
        let decided = self.decide(name, span);
        if let Some(assumption) = self.assumed.last_mut() {
            assumption.decided.insert(name.into(), decided);
        }
        decided
    }

    /// Decides a condition by what is written.
    fn decide(&mut self, name: &str, span: Span) -> Option<bool> {
        let Some((name, written)) = self.written.get_key_value(name) else {
            self.report(ProblemKind::Parse, span, format!("there is no condition `{name}` in this template"));
            return None;
        };
        let (name, written) = (name.clone(), written.clone());
        if self.pending.contains(&name) {
            self.report(ProblemKind::Parse, written.span, format!("condition `{name}` depends on itself"));
            return None;
        }
        if !self.spend(1, span) {
            return None;
        }
        self.pending.push(name);
        let decided = self.truth(&written);
        self.pending.pop();
        decided
    }

    /// All conditions.
    pub(super) fn decided(&mut self) -> BTreeMap<Arc<str>, Option<bool>> {
        let mut names: Vec<(Arc<str>, Span)> =
            self.written.iter().map(|(name, node)| (name.clone(), node.span)).collect();
        names.sort_by(|left, right| left.0.cmp(&right.0));
        for (name, span) in names {
            self.condition(&name, span);
        }
        self.decided
            .iter()
            .filter(|(name, _)| self.written.contains_key(*name))
            .map(|(name, on)| (name.clone(), *on))
            .collect()
    }

    /// What a condition's expression comes to.
    pub(super) fn truth(&mut self, node: &Node) -> Option<bool> {
        if !self.enter() {
            return None;
        }
        let decided = match node.entries() {
            [entry] => self.connective(&entry.key, &entry.value, node.span),
            _ => node.as_bool(),
        };
        self.leave();
        decided
    }

    /// And, Or, Not, Equals and Condition, by their long names.
    fn connective(&mut self, name: &str, argument: &Node, span: Span) -> Option<bool> {
        let is = |wanted: bool| move |decided: &Option<bool>| *decided == Some(wanted);
        match name {
            "Condition" => self.condition(argument.as_text()?, span),
            "Fn::And" => {
                let all: Vec<Option<bool>> = argument.items().iter().map(|item| self.truth(item)).collect();
                if all.iter().any(is(false)) { Some(false) } else { all.iter().all(is(true)).then_some(true) }
            }
            "Fn::Or" => {
                let all: Vec<Option<bool>> = argument.items().iter().map(|item| self.truth(item)).collect();
                if all.iter().any(is(true)) { Some(true) } else { all.iter().all(is(false)).then_some(false) }
            }
            "Fn::Not" => Some(!self.truth(argument.items_or_self().first()?)?),
            "Fn::Equals" => match argument.items() {
                [left, right] => {
                    let (left, right) = (self.value(left), self.value(right));
                    equal(&left, &right)
                }
                _ => None,
            },
            _ => self.value(&Node::map([(name, argument.clone())], span)).as_bool(),
        }
    }
}

/// Whether two values are the same, as strings, which is how CloudFormation compares; `None` where that is not known.
fn equal(left: &Node, right: &Node) -> Option<bool> {
    match (&left.value, &right.value) {
        (Value::Either { then, otherwise, .. }, _) => agreed(equal(then, right), equal(otherwise, right)),
        (_, Value::Either { then, otherwise, .. }) => agreed(equal(left, then), equal(left, otherwise)),
        // The same unknown on both sides is one value.
        (Value::Unknown(one), Value::Unknown(other)) => (one == other && is_one_value(one)).then_some(true),
        (Value::Template(one), Value::Template(other)) => {
            let is_fixed = |part: &Part| !matches!(part, Part::Unknown(unknown) if !is_one_value(unknown));
            (one == other && one.iter().all(is_fixed)).then_some(true)
        }
        (Value::List(left), Value::List(right)) => {
            if left.len() != right.len() {
                return Some(false);
            }
            let all: Vec<Option<bool>> = left.iter().zip(right).map(|(left, right)| equal(left, right)).collect();
            if all.contains(&Some(false)) {
                Some(false)
            } else {
                all.iter().all(|one| *one == Some(true)).then_some(true)
            }
        }
        _ => Some(left.as_text()? == right.as_text()?),
    }
}

/// Whether the name of an unknown stands for the same value wherever it is used in one stack.
fn is_one_value(unknown: &Unknown) -> bool {
    matches!(unknown.kind, UnknownKind::Parameter | UnknownKind::Pseudo | UnknownKind::Import | UnknownKind::Dynamic)
}

fn agreed(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    if one == other { one } else { None }
}
