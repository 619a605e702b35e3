//! Conditions in three values: true, false, and not to be decided.

use super::evaluator::Evaluator;
use crate::source::{ProblemKind, Span};
use crate::syntax::{Node, Part, Unknown, UnknownKind, Value, yaml};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How often a condition may be another one under a new name.
const MAX_RENAMED: usize = 16;

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
        let Some((name, written)) = yaml::spellings(name).find_map(|name| self.written.get_key_value(name)) else {
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
                    let (left, right) = (self.compared(left), self.compared(right));
                    self.equal(&left, &right)
                }
                _ => None,
            },
            "Fn::Contains" => match argument.items() {
                [list, value] => self.is_among(value, list),
                _ => None,
            },
            "Fn::EachMemberEquals" => match argument.items() {
                [list, value] => self.each(list, |evaluator, member| {
                    let value = evaluator.compared(value);
                    evaluator.equal(member, &value)
                }),
                _ => None,
            },
            "Fn::EachMemberIn" => match argument.items() {
                [list, wanted] => self.each(list, |evaluator, member| evaluator.is_among(member, wanted)),
                _ => None,
            },
            _ => self.value(&Node::map([(name, argument.clone())], span)).as_bool(),
        }
    }
}

impl Evaluator<'_> {
    /// The name that a condition is the same as or the opposite of, and whether it is the opposite: what hangs on
    /// `IsProd` and what hangs on `Not IsProd` hang on one thing.
    pub(super) fn canonical(&self, name: &str) -> (Arc<str>, bool) {
        let (mut name, mut is_opposite): (Arc<str>, bool) = (name.into(), false);
        for _ in 0..MAX_RENAMED {
            let Some([entry]) = self.written.get(&name).map(Node::entries) else { break };
            let (next, flips) = match &*entry.key {
                "Condition" => (entry.value.as_text(), false),
                "Fn::Not" => match entry.value.items_or_self() {
                    [inner] => (inner.get("Condition").and_then(Node::as_text), true),
                    _ => (None, false),
                },
                _ => (None, false),
            };
            match next.and_then(|next| self.written.get_key_value(next)) {
                Some((next, _)) => (name, is_opposite) = (next.clone(), is_opposite != flips),
                None => break,
            }
        }
        (name, is_opposite)
    }

    /// A value that is compared and never shown.
    fn compared(&mut self, node: &Node) -> Node {
        self.comparing += 1;
        let value = self.value(node);
        self.comparing -= 1;
        value
    }

    /// Whether two values are the same; a parameter without a value is none of those that it may not have.
    fn equal(&self, left: &Node, right: &Node) -> Option<bool> {
        let narrowed = |unknown: &Node, known: &Node| {
            let unknown = unknown.as_unknown().filter(|unknown| unknown.kind == UnknownKind::Parameter)?;
            let known = known.as_text()?;
            match self.allowed(&unknown.what) {
                [] => None,
                [only] => Some(&**only == known),
                several => (!several.iter().any(|one| &**one == known)).then_some(false),
            }
        };
        equal(left, right).or_else(|| narrowed(left, right)).or_else(|| narrowed(right, left))
    }

    /// Whether a value is one of a list's.
    fn is_among(&mut self, value: &Node, list: &Node) -> Option<bool> {
        let value = self.compared(value);
        any(self.each_said(list, |evaluator, member| evaluator.equal(member, &value))?)
    }

    /// Whether something holds for every member of a list.
    fn each(&mut self, list: &Node, says: impl FnMut(&mut Self, &Node) -> Option<bool>) -> Option<bool> {
        let opposite = self.each_said(list, says)?.into_iter().map(|said| said.map(|said| !said));
        any(opposite.collect()).map(|fails| !fails)
    }

    fn each_said(
        &mut self,
        list: &Node,
        mut says: impl FnMut(&mut Self, &Node) -> Option<bool>,
    ) -> Option<Vec<Option<bool>>> {
        let list = self.compared(list);
        let Value::List(members) = &list.value else { return None };
        Some(members.iter().map(|member| says(self, member)).collect())
    }
}

/// True where one is, false where none can be.
fn any(said: Vec<Option<bool>>) -> Option<bool> {
    if said.contains(&Some(true)) { Some(true) } else { said.iter().all(|one| *one == Some(false)).then_some(false) }
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
