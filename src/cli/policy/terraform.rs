//! The policy as a Terraform data source.

use super::Asked;
use crate::fact::quoted;
use crate::syntax::Node;
use std::fmt::Write as _;

/// One `aws_iam_policy_document`.
pub(super) fn print(asked: &Asked<'_>) -> String {
    let words = asked.words();
    let label = label(asked);
    let mut out = format!("data \"aws_iam_policy_document\" \"{label}\" {{\n");
    for (index, statement) in asked.statements.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "  statement {{\n    sid    = \"{}\"\n    effect = \"Allow\"", statement.sid);
        let actions: Vec<String> = statement.actions.iter().map(|action| format!("\"{action}\"")).collect();
        let mut resources: Vec<String> = statement.resources.iter().map(|node| words.terraform(node)).collect();
        resources.dedup();
        let _ = writeln!(out, "\n    actions = {}\n\n    resources = {}", list(&actions), list(&resources));
        for operator in statement.condition.iter().flat_map(Node::entries) {
            for key in operator.value.entries() {
                let values: Vec<String> = key.value.items_or_self().iter().map(|node| words.terraform(node)).collect();
                let _ = writeln!(out, "\n    condition {{\n      test     = {}", quoted(&operator.key));
                let _ = writeln!(
                    out,
                    "      variable = {}\n      values   = [{}]\n    }}",
                    quoted(&key.key),
                    values.join(", ")
                );
            }
        }
        out.push_str("  }\n");
    }
    out.push_str("}\n");
    out
}

/// One item stands on the line of its list.
fn list(items: &[String]) -> String {
    match items {
        [only] => format!("[{only}]"),
        _ => format!("[\n{}    ]", items.iter().map(|item| format!("      {item},\n")).collect::<String>()),
    }
}

/// The name of the data source: the function's, and what it is.
fn label(asked: &Asked<'_>) -> String {
    let id = &asked.function.id;
    let last = id.split('[').next().unwrap_or(id).rsplit(['.', '/']).next().unwrap_or(id);
    let plain: String = last.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    format!("{plain}_needs")
}
