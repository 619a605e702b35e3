//! Two conditions on one key that no number and no date fulfils together.

use crate::iam::condition::{Condition, OperatorKind, Order, Quantifier};
use crate::iam::evaluate::value::{Number, date};
use crate::iam::statement::Statement;

/// What a condition leaves of numbers or dates: a lower and an upper end, and whether each belongs to it.
#[derive(Debug, Clone, PartialEq)]
struct Range<T> {
    low: Option<(T, bool)>,
    high: Option<(T, bool)>,
}

/// What is wrong with a condition that contradicts one before it in the statement: conditions hold together.
pub(super) fn contradicted(statement: &Statement, condition: &Condition) -> Option<String> {
    let before = statement.conditions.iter().take_while(|other| *other != condition);
    let mut same_key = before.filter(|other| other.is_on(&condition.key));
    let numbers = |one: &Condition| match one.operator.kind {
        OperatorKind::Numeric(order) => range(one, order, Number::parse),
        _ => None,
    };
    let dates = |one: &Condition| match one.operator.kind {
        OperatorKind::Date(order) => range(one, order, date),
        _ => None,
    };
    let apart = |other: &&Condition| {
        let numbers = numbers(condition).zip(numbers(other)).is_some_and(|(one, other)| one.is_apart_from(&other));
        numbers || dates(condition).zip(dates(other)).is_some_and(|(one, other)| one.is_apart_from(&other))
    };
    let what = match condition.operator.kind {
        OperatorKind::Numeric(_) => "number",
        _ => "date",
    };
    same_key.any(|other| apart(&other)).then(|| format!("leaves no {what} that another condition on it allows"))
}

/// The range between the ends that a condition's values allow; `None` where one is not written out, where the condition
/// holds for requests without the key, or where it leaves something on both sides.
fn range<T: Ord + Clone>(condition: &Condition, order: Order, parse: impl Fn(&str) -> Option<T>) -> Option<Range<T>> {
    let operator = &condition.operator;
    if operator.negated || operator.if_exists || operator.quantifier != Quantifier::None {
        return None;
    }
    let parsed = condition.values.iter().map(|value| {
        let written = value.as_literal().filter(|text| value.possible.is_none() && !text.contains("${"));
        written.and_then(&parse)
    });
    let values: Vec<T> = parsed.collect::<Option<_>>()?;
    let (least, most) = (values.iter().min()?.clone(), values.iter().max()?.clone());
    Some(match order {
        Order::Equal => Range { low: Some((least, true)), high: Some((most, true)) },
        Order::Less => Range { low: None, high: Some((most, false)) },
        Order::LessOrEqual => Range { low: None, high: Some((most, true)) },
        Order::Greater => Range { low: Some((least, false)), high: None },
        Order::GreaterOrEqual => Range { low: Some((least, true)), high: None },
    })
}

impl<T: Ord> Range<T> {
    /// Whether nothing lies in both.
    fn is_apart_from(&self, other: &Self) -> bool {
        let behind = |low: &Option<(T, bool)>, high: &Option<(T, bool)>| match (low, high) {
            (Some((low, in_low)), Some((high, in_high))) => low > high || low == high && !(*in_low && *in_high),
            _ => false,
        };
        behind(&self.low, &other.high) || behind(&other.low, &self.high)
    }
}
