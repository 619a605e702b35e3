//! The logical ids that carry a hash: ten hexadecimal digits of the SHA-1 of what a change of the id hangs on.

use crate::syntax::{Node, Part, Value};
use serde_json::{Value as Json, json};
use sha1::{Digest, Sha1};

/// Nesting beyond which a value no longer counts for an id.
const MAX_DEPTH: usize = 64;

/// `prefix` and the hash of `text`; the prefix alone where there is no text.
pub(super) fn hashed(prefix: &str, text: &str) -> String {
    if text.is_empty() {
        return prefix.to_owned();
    }
    let digits = Sha1::digest(text.as_bytes()).iter().take(5).map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{prefix}{digits}")
}

/// `prefix` and the hash of a value: of its text, or of its JSON with sorted keys.
pub(super) fn of_node(prefix: &str, node: &Node) -> String {
    match node.as_text() {
        Some(text) => hashed(prefix, text),
        None => hashed(prefix, &sorted(&to_json(node, 0))),
    }
}

/// `prefix`, and `suffix` where it is only letters and digits; else its hash.
pub(super) fn with_suffix(prefix: &str, suffix: &str) -> String {
    if !suffix.is_empty() && suffix.chars().all(char::is_alphanumeric) {
        format!("{prefix}{suffix}")
    } else {
        hashed(prefix, suffix)
    }
}

/// The value as the template's JSON: references as `Ref` and `Fn::GetAtt`.
pub(super) fn to_json(node: &Node, depth: usize) -> Json {
    if depth > MAX_DEPTH {
        return Json::Null;
    }
    match &node.value {
        Value::Null | Value::Absent => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Number(text) => text.parse::<i64>().map_or_else(|_| json!(&**text), |number| json!(number)),
        Value::String(text) => json!(&**text),
        Value::List(items) => Json::Array(items.iter().map(|item| to_json(item, depth + 1)).collect()),
        Value::Map(entries) => {
            let pair = |entry: &crate::syntax::Entry| (entry.key.to_string(), to_json(&entry.value, depth + 1));
            Json::Object(entries.iter().map(pair).collect())
        }
        Value::Either { condition, then, otherwise } => {
            json!({"Fn::If": [&**condition, to_json(then, depth + 1), to_json(otherwise, depth + 1)]})
        }
        Value::Unknown(unknown) => json!({"Ref": &*unknown.what}),
        Value::Template(parts) => match parts.as_slice() {
            [Part::Reference(one)] if one.attribute.is_empty() => json!({"Ref": &*one.resource}),
            [Part::Reference(one)] => json!({"Fn::GetAtt": [&*one.resource, &*one.attribute]}),
            _ => json!({"Fn::Sub": node.to_string()}),
        },
    }
}

/// Compact JSON with sorted keys.
fn sorted(value: &Json) -> String {
    match value {
        Json::Object(entries) => {
            let mut keys: Vec<_> = entries.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            let inner: Vec<_> = keys.iter().map(|(key, value)| format!("{}:{}", json!(key), sorted(value))).collect();
            format!("{{{}}}", inner.join(","))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(sorted).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{hashed, with_suffix};

    #[test]
    fn hashes_are_ten_digits_of_sha1() {
        assert_eq!(hashed("Stage", "a-b"), "Stage34fafddda8");
        assert_eq!(with_suffix("Stage", "Prod"), "StageProd");
        assert_eq!(hashed("Stage", ""), "Stage");
    }
}
