//! The answers of the comparisons of policies, with their witness.

use super::super::Exit;
use super::super::word::ListView;
use super::policy::Policies;
use super::print;
use crate::iam::inclusion::{Access, Witness};
use serde_json::{Value, json};
use std::fmt::Write;

/// Prints an answer: `none` and `found` are how its text begins in both cases. Only a proof is exit code 0.
pub(super) fn answer(
    access: &Access<'_>,
    [none, found]: [&str; 2],
    output: ListView,
    files: &Policies,
) -> Result<Exit, String> {
    let (text, result, witness) = match access {
        Access::None => (format!("{none}\n"), "none", Value::Null),
        Access::Found(witness) => (format!("{found}: {}", text(witness, files)), "found", json(witness, files)),
        Access::Unknown(reason) => (format!("unknown because {reason}\n"), "unknown", Value::Null),
    };
    let reason = if let Access::Unknown(reason) = access { Some(reason.to_string()) } else { None };
    let json = json!({"version": 1, "result": result, "witness": witness, "reason": reason});
    print(output, &text, &json)?;
    Ok(if *access == Access::None { Exit::Clean } else { Exit::Found })
}

fn text(witness: &Witness<'_>, files: &Policies) -> String {
    let mut text = format!("{} on {}", witness.action, witness.resource);
    if let Some(principal) = &witness.principal {
        let _ = write!(text, " for {principal}");
    }
    text.push('\n');
    for (key, values) in &witness.context {
        let _ = match values.as_slice() {
            [] => writeln!(text, "  without {key}"),
            values => writeln!(text, "  with {key} = {}", values.join(", ")),
        };
    }
    for key in &witness.opaque {
        let _ = writeln!(text, "  the conditions on {key} are not compared by value");
    }
    let place = files.location(witness.statement);
    let sid = witness.statement.sid.as_ref().map_or(String::new(), |sid| format!(" {sid}"));
    let _ = writeln!(text, "  by Allow{sid} ({}:{})", place.path, place.start_line);
    text
}

fn json(witness: &Witness<'_>, files: &Policies) -> Value {
    let place = files.location(witness.statement);
    let context: serde_json::Map<String, Value> =
        witness.context.iter().map(|(key, values)| (key.to_string(), json!(values))).collect();
    json!({
        "action": witness.action,
        "resource": witness.resource,
        "principal": witness.principal,
        "context": context,
        "opaque": witness.opaque,
        "statement": {"path": place.path, "line": place.start_line, "sid": witness.statement.sid},
    })
}
