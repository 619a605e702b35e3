//! Scalars of YAML, with CloudFormation's short tags.

use serde_json::Value;

/// A scalar, or a function by its short tag.
pub fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => word(text),
        _ => tagged(value).unwrap_or_else(|| value.to_string()),
    }
}

/// A function of CloudFormation's by its short tag.
pub fn tagged(value: &Value) -> Option<String> {
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
pub fn word(text: &str) -> String {
    let first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '.' | '/' | '-'));
    let reserved =
        ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(&text.to_lowercase().as_str());
    if first && plain && !reserved && !text.ends_with(':') { text.to_owned() } else { Value::from(text).to_string() }
}
