//! The policy as IAM takes it: literal ARNs, and `${…}` where a part is not known.

use super::Asked;
use super::statement::Statement;
use crate::fact::literal;
use crate::syntax::{Node, Value as Held};
use serde_json::{Map, Value, json};

/// The policy document.
pub(super) fn print(asked: &Asked<'_>) -> Value {
    document(asked.statements, &|node| json!(literal(asked.project, node)))
}

/// A policy document whose values are written by `word`.
pub(super) fn document(statements: &[Statement], word: &dyn Fn(&Node) -> Value) -> Value {
    let statements: Vec<Value> = statements.iter().map(|one| statement(one, word)).collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// One statement whose values are written by `word`; a single resource stands alone.
pub(super) fn statement(statement: &Statement, word: &dyn Fn(&Node) -> Value) -> Value {
    let actions: Vec<String> = statement.actions.iter().map(ToString::to_string).collect();
    let mut resources: Vec<Value> = statement.resources.iter().map(word).collect();
    resources.dedup();
    let mut entries = Map::new();
    entries.insert("Sid".to_owned(), json!(statement.sid));
    entries.insert("Effect".to_owned(), json!("Allow"));
    entries.insert("Action".to_owned(), json!(actions));
    let alone = if resources.len() == 1 { resources.pop() } else { None };
    entries.insert("Resource".to_owned(), alone.unwrap_or(Value::Array(resources)));
    if let Some(condition) = &statement.condition {
        entries.insert("Condition".to_owned(), value(condition, word));
    }
    Value::Object(entries)
}

/// A value of a condition.
fn value(node: &Node, word: &dyn Fn(&Node) -> Value) -> Value {
    match &node.value {
        Held::Map(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.to_string(), value(&entry.value, word))).collect())
        }
        Held::List(items) => Value::Array(items.iter().map(|item| value(item, word)).collect()),
        _ => word(node),
    }
}
