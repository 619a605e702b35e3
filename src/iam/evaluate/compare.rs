//! Whether a condition holds in a request (IAM User Guide, "IAM JSON policy elements: Condition operators" and
//! "Set operators for multivalued context keys", 2026-11).

use super::context::{Context, Given};
use super::render::{Reading, Wildcards, render};
use super::truth::{Reason, Truth};
use super::value::{Number, Range, date};
use crate::iam::condition::{Condition, OperatorKind, Order, Quantifier};
use crate::iam::document::Version;
use crate::iam::pattern::Glob;
use crate::iam::text::Text;
use crate::syntax::{Unknown, UnknownKind};
use std::cmp::Ordering;
use std::sync::Arc;

/// Whether the condition holds; variables of unknown keys compare with themselves where they are `symbolic`.
pub(super) fn holds(condition: &Condition, version: Version, context: &Context, symbolic: bool) -> Truth {
    let operator = &condition.operator;
    if let OperatorKind::Unknown(name) = &operator.kind {
        return Truth::unknown(Unknown::new(UnknownKind::Other, format!("there is no condition operator `{name}`")));
    }
    let values = match context.get(&condition.key) {
        Given::Unknown => return Truth::key(&condition.key),
        given if operator.kind == OperatorKind::Null => return is_null(condition, matches!(given, Given::Absent)),
        Given::Absent => return Truth::of(operator.holds_without_key()),
        Given::Values(values) => values,
    };
    let holds = |value: &Arc<str>| {
        let found = Truth::any(condition.values.iter().map(|text| {
            let reading = Reading { version, wildcards: Wildcards::No, context, symbolic };
            fits(&operator.kind, value, text, reading)
        }));
        if operator.negated { found.negated() } else { found }
    };
    match operator.quantifier {
        // An empty value counts as none: "resolve to an empty data set, such as an empty string".
        Quantifier::All => Truth::all(values.iter().filter(|value| !value.is_empty()).map(holds)),
        Quantifier::Any => Truth::any(values.iter().map(holds)),
        // Without a set operator a key has one value; of several all must stand where it is negated, else one.
        Quantifier::None if operator.negated => Truth::all(values.iter().map(holds)),
        Quantifier::None => Truth::any(values.iter().map(holds)),
    }
}

/// The pattern that a value of a text operator is, rendered, and what is open in it; `None` where the operator
/// compares no text. The inner `None` matches nothing.
pub(super) fn glob(kind: &OperatorKind, text: &Text, reading: Reading<'_>) -> Option<(Option<Glob>, Vec<Reason>)> {
    let wildcards = match kind {
        OperatorKind::StringLike | OperatorKind::Arn => Wildcards::Yes,
        OperatorKind::StringEquals | OperatorKind::StringEqualsIgnoreCase | OperatorKind::Binary => Wildcards::No,
        _ => return None,
    };
    let rendered = render(text, Reading { wildcards, ..reading });
    let glob = rendered.glob.and_then(|glob| match kind {
        OperatorKind::StringEqualsIgnoreCase => Some(glob.folded()),
        OperatorKind::Arn => glob.in_segments(),
        _ => Some(glob),
    });
    Some((glob, rendered.open))
}

/// Whether a number or date stands as it must.
pub(super) fn stands(order: Order, found: Ordering) -> bool {
    match order {
        Order::Equal => found == Ordering::Equal,
        Order::Less => found == Ordering::Less,
        Order::LessOrEqual => found != Ordering::Greater,
        Order::Greater => found == Ordering::Greater,
        Order::GreaterOrEqual => found != Ordering::Less,
    }
}

fn is_null(condition: &Condition, absent: bool) -> Truth {
    let word = if absent { "true" } else { "false" };
    Truth::any(condition.values.iter().map(|text| known(text, |wanted| wanted.eq_ignore_ascii_case(word))))
}

/// Whether one value of the request fits one of the policy.
fn fits(kind: &OperatorKind, value: &str, text: &Text, reading: Reading<'_>) -> Truth {
    if let Some((glob, open)) = glob(kind, text, reading) {
        return match glob {
            Some(glob) if glob.matches(value) && open.is_empty() => Truth::Yes,
            Some(glob) if glob.matches(value) => Truth::Open(open),
            _ => Truth::No,
        };
    }
    match kind {
        OperatorKind::Bool => known(text, |wanted| {
            let boolean = |word: &str| word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false");
            boolean(wanted) && wanted.eq_ignore_ascii_case(value)
        }),
        OperatorKind::Numeric(order) => known(text, |wanted| {
            let numbers = Number::parse(value).zip(Number::parse(wanted));
            numbers.is_some_and(|(value, wanted)| stands(*order, value.cmp(&wanted)))
        }),
        OperatorKind::Date(order) => known(text, |wanted| {
            let dates = date(value).zip(date(wanted));
            dates.is_some_and(|(value, wanted)| stands(*order, value.cmp(&wanted)))
        }),
        OperatorKind::IpAddress => known(text, |wanted| {
            let ranges = Range::parse(value).zip(Range::parse(wanted));
            ranges.is_some_and(|(value, wanted)| wanted.holds(&value))
        }),
        _ => Truth::No,
    }
}

/// A test on a string that holds no variables.
fn known(text: &Text, test: impl Fn(&str) -> bool) -> Truth {
    match text.as_literal() {
        Some(literal) if !test(literal) => Truth::No,
        literal => match text.unknown() {
            Some(unknown) => Truth::unknown(unknown),
            None if literal.is_some() => Truth::Yes,
            None => Truth::unknown(Unknown::new(UnknownKind::Computed, text.to_string())),
        },
    }
}
