//! YAML with CloudFormation's short tags, from JSON with its long functions.

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

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => word(text),
        _ => tagged(value).unwrap_or_else(|| value.to_string()),
    }
}

/// A function of CloudFormation's by its short tag.
fn tagged(value: &Value) -> Option<String> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    let (name, argument) = map.iter().next()?;
    match (name.as_str(), argument) {
        ("Ref", Value::String(id)) => Some(format!("!Ref {}", word(id))),
        ("Fn::Sub", Value::String(text)) => Some(format!("!Sub {}", word(text))),
        ("Fn::GetAtt", Value::Array(path)) => {
            let path: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
            Some(format!("!GetAtt {}", path.join(".")))
        }
        _ => None,
    }
}

/// A string, in quotes where it would be read as something else without.
fn word(text: &str) -> String {
    let first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '.' | '/' | '-'));
    let reserved =
        ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(&text.to_lowercase().as_str());
    if first && plain && !reserved && !text.ends_with(':') { text.to_owned() } else { Value::from(text).to_string() }
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
