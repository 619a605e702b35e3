//! Conditions of a statement: operators brought into one form, keys compared without regard to case.

use super::text::Text;
use crate::source::Span;
use std::fmt;
use std::sync::Arc;

/// One key of one operator, with its values. The conditions of a statement hold together; values are alternatives.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// How it compares.
    pub operator: Operator,
    /// The key as written, `aws:SourceArn`.
    pub key: Arc<str>,
    /// What it compares with.
    pub values: Vec<Text>,
    /// The line of the key.
    pub span: Span,
}

/// A condition operator taken apart (IAM User Guide, "IAM JSON policy elements: Condition operators", 2026-11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// What is compared.
    pub kind: OperatorKind,
    /// Whether it holds where the comparison does not: `StringNotEquals`.
    pub negated: bool,
    /// `IfExists`: it holds where the request has no such key.
    pub if_exists: bool,
    /// How the values of a key with several values are taken together.
    pub quantifier: Quantifier,
}

/// What an operator compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperatorKind {
    /// `StringEquals`.
    StringEquals,
    /// `StringEqualsIgnoreCase`.
    StringEqualsIgnoreCase,
    /// `StringLike`: values are patterns.
    StringLike,
    /// `ArnEquals` and `ArnLike`, which are the same: values are patterns.
    Arn,
    /// `Bool`.
    Bool,
    /// `IpAddress`: values are ranges.
    IpAddress,
    /// `NumericEquals` and the other comparisons of numbers.
    Numeric(Order),
    /// `DateEquals` and the other comparisons of dates.
    Date(Order),
    /// `BinaryEquals`.
    Binary,
    /// `Null`: whether the request has the key.
    Null,
    /// None of these, as written.
    Unknown(Arc<str>),
}

/// How a number or a date must stand to the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// It is the same.
    Equal,
    /// It is less, or earlier.
    Less,
    /// It is no more, or no later.
    LessOrEqual,
    /// It is more, or later.
    Greater,
    /// It is no less, or no earlier.
    GreaterOrEqual,
}

/// The set operators in front of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// None.
    None,
    /// `ForAnyValue:`; it does not hold where the request has no such key.
    Any,
    /// `ForAllValues:`; it holds where the request has no such key.
    All,
}

impl Operator {
    /// Takes a written operator apart, without regard to case.
    pub fn parse(written: &str) -> Self {
        let lower = written.to_ascii_lowercase();
        let (quantifier, rest) = match lower.split_once(':') {
            Some(("foranyvalue", rest)) => (Quantifier::Any, rest),
            Some(("forallvalues", rest)) => (Quantifier::All, rest),
            _ => (Quantifier::None, lower.as_str()),
        };
        let (rest, if_exists) = match rest.strip_suffix("ifexists") {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let (kind, negated) = match rest {
            "stringequals" => (OperatorKind::StringEquals, false),
            "stringnotequals" => (OperatorKind::StringEquals, true),
            "stringequalsignorecase" => (OperatorKind::StringEqualsIgnoreCase, false),
            "stringnotequalsignorecase" => (OperatorKind::StringEqualsIgnoreCase, true),
            "stringlike" => (OperatorKind::StringLike, false),
            "stringnotlike" => (OperatorKind::StringLike, true),
            "arnequals" | "arnlike" => (OperatorKind::Arn, false),
            "arnnotequals" | "arnnotlike" => (OperatorKind::Arn, true),
            "bool" => (OperatorKind::Bool, false),
            "ipaddress" => (OperatorKind::IpAddress, false),
            "notipaddress" => (OperatorKind::IpAddress, true),
            "binaryequals" => (OperatorKind::Binary, false),
            "null" => (OperatorKind::Null, false),
            _ => ordered(rest).unwrap_or_else(|| (OperatorKind::Unknown(written.into()), false)),
        };
        Self { kind, negated, if_exists, quantifier }
    }

    /// Whether the condition holds for a request that has no such key: then it limits nothing for who can leave it out.
    pub fn holds_without_key(&self) -> bool {
        self.if_exists || self.quantifier == Quantifier::All || self.negated && self.quantifier == Quantifier::None
    }

    /// Whether its values are patterns.
    pub fn takes_patterns(&self) -> bool {
        matches!(self.kind, OperatorKind::StringLike | OperatorKind::Arn)
    }

    /// Whether it compares text with text: strings and ARNs.
    pub fn compares_text(&self) -> bool {
        use OperatorKind::{Arn, StringEquals, StringEqualsIgnoreCase, StringLike};
        matches!(self.kind, StringEquals | StringEqualsIgnoreCase | StringLike | Arn)
    }
}

impl Condition {
    /// Whether the key is this one, without regard to case.
    pub fn is_on(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key)
    }

    /// Whether the key is this one or begins with it and a slash: `aws:ResourceTag/team`.
    pub fn is_on_or_below(&self, key: &str) -> bool {
        let start = self.key.get(..key.len()).is_some_and(|start| start.eq_ignore_ascii_case(key));
        start && (self.key.len() == key.len() || self.key.as_bytes().get(key.len()) == Some(&b'/'))
    }
}

/// The operator as a policy writes it.
impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.quantifier {
            Quantifier::None => "",
            Quantifier::Any => "ForAnyValue:",
            Quantifier::All => "ForAllValues:",
        })?;
        let not = if self.negated { "Not" } else { "" };
        match &self.kind {
            OperatorKind::StringEquals => write!(f, "String{not}Equals"),
            OperatorKind::StringEqualsIgnoreCase => write!(f, "String{not}EqualsIgnoreCase"),
            OperatorKind::StringLike => write!(f, "String{not}Like"),
            OperatorKind::Arn => write!(f, "Arn{not}Like"),
            OperatorKind::Bool => f.write_str("Bool"),
            OperatorKind::IpAddress => write!(f, "{not}IpAddress"),
            OperatorKind::Numeric(order) => write!(f, "Numeric{not}{}", order.word()),
            OperatorKind::Date(order) => write!(f, "Date{not}{}", order.word()),
            OperatorKind::Binary => f.write_str("BinaryEquals"),
            OperatorKind::Null => f.write_str("Null"),
            OperatorKind::Unknown(written) => return f.write_str(written),
        }?;
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}

impl Order {
    fn word(self) -> &'static str {
        match self {
            Self::Equal => "Equals",
            Self::Less => "LessThan",
            Self::LessOrEqual => "LessThanEquals",
            Self::Greater => "GreaterThan",
            Self::GreaterOrEqual => "GreaterThanEquals",
        }
    }
}

/// The comparisons of numbers and dates, and whether they are negated.
fn ordered(lower: &str) -> Option<(OperatorKind, bool)> {
    let (kind, order): (fn(Order) -> OperatorKind, &str) = match lower.strip_prefix("numeric") {
        Some(order) => (OperatorKind::Numeric, order),
        None => (OperatorKind::Date, lower.strip_prefix("date")?),
    };
    let (order, negated) = match order {
        "equals" => (Order::Equal, false),
        "notequals" => (Order::Equal, true),
        "lessthan" => (Order::Less, false),
        "lessthanequals" => (Order::LessOrEqual, false),
        "greaterthan" => (Order::Greater, false),
        "greaterthanequals" => (Order::GreaterOrEqual, false),
        _ => return None,
    };
    Some((kind(order), negated))
}

#[cfg(test)]
mod tests {
    use super::{Operator, OperatorKind, Quantifier};

    #[test]
    fn operators_are_taken_apart() {
        let operator = Operator::parse("ForAnyValue:StringNotLikeIfExists");
        assert_eq!(operator.kind, OperatorKind::StringLike);
        assert!(operator.negated && operator.if_exists);
        assert_eq!(operator.quantifier, Quantifier::Any);
        assert_eq!(Operator::parse("arnequals"), Operator::parse("ArnLike"));
        assert_eq!(Operator::parse("Equals").kind, OperatorKind::Unknown("Equals".into()));
        for (written, holds) in [
            ("StringEquals", false),
            ("StringEqualsIfExists", true),
            ("StringNotEquals", true),
            ("ForAnyValue:StringLike", false),
            ("ForAllValues:StringLike", true),
            ("Bool", false),
        ] {
            assert_eq!(Operator::parse(written).holds_without_key(), holds, "{written}");
        }
        for written in [
            "ForAnyValue:StringNotLikeIfExists",
            "ForAllValues:StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "ArnNotLike",
            "NotIpAddress",
            "NumericNotEquals",
            "NumericLessThanEqualsIfExists",
            "DateGreaterThan",
            "BinaryEquals",
            "BoolIfExists",
            "Null",
            "StringSounds",
        ] {
            assert_eq!(Operator::parse(&written.to_lowercase()).to_string().to_lowercase(), written.to_lowercase());
            assert_eq!(Operator::parse(written).to_string(), written);
        }
    }
}
