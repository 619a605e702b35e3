//! YAML with CloudFormation's short tags, from JSON with its long functions.

use crate::fact::yaml::{scalar, tagged, word};
use serde_json::Value;
use std::fmt::Write as _;

/// A document; nothing for an empty list.
pub(super) fn print(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Array(items) => items.iter().for_each(|value| item(&mut out, value, 0)),
        _ => entries(&mut out, value, 0),
    }
    out
}

fn item(out: &mut String, value: &Value, depth: usize) {
    let start = out.len();
    match value {
        Value::Object(map) if !map.is_empty() && tagged(value).is_none() => {
            entries(out, value, depth + 1);
            // The first key stands behind the dash.
            let dash = format!("{}- ", "  ".repeat(depth));
            out.replace_range(start..start + dash.len(), &dash);
        }
        _ => drop(writeln!(out, "{}- {}", "  ".repeat(depth), scalar(value))),
    }
}

fn entries(out: &mut String, value: &Value, depth: usize) {
    for (key, value) in value.as_object().into_iter().flatten() {
        let (indent, key) = ("  ".repeat(depth), word(key));
        match value {
            Value::Array(items) if !items.is_empty() => {
                let _ = writeln!(out, "{indent}{key}:");
                items.iter().for_each(|value| item(out, value, depth + 1));
            }
            Value::Object(map) if !map.is_empty() && tagged(value).is_none() => {
                let _ = writeln!(out, "{indent}{key}:");
                entries(out, value, depth + 1);
            }
            _ => drop(writeln!(out, "{indent}{key}: {}", scalar(value))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::print;
    use serde_json::json;

    #[test]
    fn functions_have_their_short_tags_and_strings_are_strings() {
        let value = json!([
            {"Version": "2012-10-17", "Statement": [{"Action": ["s3:GetObject"], "Resource": {"Fn::GetAtt": ["B", "Arn"]}}]},
            {"A": {"Ref": "B"}, "C": {"Fn::Sub": "${B.Arn}/*"}, "D": "*", "E": [], "F": {"aws:x/y": true, "no": "yes"}},
            "plain",
        ]);
        let expected = "- Version: \"2012-10-17\"\n  Statement:\n    - Action:\n        - s3:GetObject\n      \
                        Resource: !GetAtt B.Arn\n- A: !Ref B\n  C: !Sub \"${B.Arn}/*\"\n  D: \"*\"\n  E: []\n  F:\n    \
                        aws:x/y: true\n    \"no\": \"yes\"\n- plain\n";
        assert_eq!(print(&value), expected);
    }
}
