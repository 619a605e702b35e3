//! The functions of the AWS provider (its documentation, "Functions", read 2026-11-21).

use super::super::value::{MapEntry, Value};
use super::given::{Found, Given};
use crate::syntax::Part;

pub(super) fn call(name: &str, given: &Given<'_>) -> Option<Found> {
    let value = match name.strip_prefix("provider::aws::")? {
        "arn_build" => build(given),
        "arn_parse" => parsed(given),
        "trim_iam_role_path" => given.text(0).and_then(|arn| trimmed(&arn)).map(|arn| given.string(arn)),
        _ => return None,
    };
    Some(value.into())
}

fn build(given: &Given<'_>) -> Option<Value> {
    let mut parts = vec![Part::Literal("arn".into())];
    for value in given.values.get(..5)? {
        parts.push(Part::Literal(":".into()));
        parts.extend(value.parts());
    }
    Some(Value::template(parts, given.span))
}

fn parsed(given: &Given<'_>) -> Option<Value> {
    let arn = given.text(0)?;
    let cells: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", rest @ ..] = cells.as_slice() else {
        return Some(given.invalid("not an ARN"));
    };
    let names = ["partition", "service", "region", "account_id", "resource"];
    let entry =
        |(name, text): (&str, &&str)| MapEntry { key: name.into(), span: given.span, value: given.string(*text) };
    Some(Value::map(names.into_iter().zip(rest).map(entry).collect(), None, given.span))
}

/// `arn:aws:iam::123456789012:role/a/b/name` without `a/b/`.
fn trimmed(arn: &str) -> Option<String> {
    let (head, path) = arn.split_once(":role/")?;
    Some(format!("{head}:role/{}", path.rsplit('/').next()?))
}
