//! The policy as a Terraform data source.

use super::{Asked, json};
use crate::fact::{composed_arn, own_name};
use crate::model::{Format, Resource};
use crate::syntax::{Node, Part, Reference, UnknownKind, Value};
use std::fmt::Write as _;

/// One `aws_iam_policy_document`.
pub(super) fn print(asked: &Asked<'_>) -> String {
    let words = Words { asked };
    let label = label(asked);
    let mut out = format!("data \"aws_iam_policy_document\" \"{label}\" {{\n");
    for (index, statement) in asked.statements.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "  statement {{\n    sid    = \"{}\"\n    effect = \"Allow\"", statement.sid);
        let actions: Vec<String> = statement.actions.iter().map(|action| format!("\"{action}\"")).collect();
        let mut resources: Vec<String> = statement.resources.iter().map(|node| words.expression(node)).collect();
        resources.dedup();
        let _ = writeln!(out, "\n    actions = {}\n\n    resources = {}", list(&actions), list(&resources));
        for operator in statement.condition.iter().flat_map(Node::entries) {
            for key in operator.value.entries() {
                let values: Vec<String> = key.value.items_or_self().iter().map(|node| words.expression(node)).collect();
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

struct Words<'a> {
    asked: &'a Asked<'a>,
}

/// One part of a string.
enum Word {
    Text(String),
    Expression(String),
}

impl Words<'_> {
    fn expression(&self, node: &Node) -> String {
        if let Value::Bool(_) | Value::Number(_) = node.value {
            return quoted(node.as_text().unwrap_or_default());
        }
        let parts = node.parts().unwrap_or_else(|| vec![Part::Literal("*".into())]);
        let words: Vec<Word> = parts.iter().flat_map(|part| self.part(part, 0)).collect();
        if let [Word::Expression(only)] = words.as_slice() {
            return only.clone();
        }
        let text: String = words
            .iter()
            .map(|word| match word {
                Word::Text(text) => escaped(text),
                Word::Expression(text) => format!("${{{text}}}"),
            })
            .collect();
        format!("\"{text}\"")
    }

    fn part(&self, part: &Part, depth: u32) -> Vec<Word> {
        let project = self.asked.project;
        let star = || vec![Word::Text("*".to_owned())];
        match part {
            Part::Literal(text) => vec![Word::Text(text.to_string())],
            Part::Reference(reference) => self.reference(reference, depth),
            Part::Unknown(reason) => match (reason.kind, &*reason.what) {
                (UnknownKind::Pseudo, "AWS::Partition") => vec![Word::Text(json::partition(project).to_owned())],
                (UnknownKind::Pseudo, "AWS::Region") => {
                    vec![Word::Text(project.region.as_text().unwrap_or("*").to_owned())]
                }
                (_, what) if self.is_expression(what) => vec![Word::Expression(what.to_owned())],
                _ => star(),
            },
        }
    }

    fn reference(&self, reference: &Reference, depth: u32) -> Vec<Word> {
        let Asked { project, needs, .. } = self.asked;
        let Some(resource) = project.resource(&reference.resource) else { return vec![Word::Text("*".to_owned())] };
        match self.local(resource).filter(|_| !needs.behind.contains(&resource.id)) {
            Some(address) => {
                let attribute =
                    if reference.attribute.is_empty() { "id".to_owned() } else { snake(&reference.attribute) };
                vec![Word::Expression(format!("{address}.{attribute}"))]
            }
            None if depth == 0 && !reference.attribute.is_empty() => {
                let parts = composed_arn(resource).unwrap_or_else(|| vec![Part::Literal("*".into())]);
                parts.iter().flat_map(|part| self.part(part, 1)).collect()
            }
            None => vec![Word::Text(own_name(resource).unwrap_or("*").to_owned())],
        }
    }

    /// The address of a resource in the function's own module.
    fn local<'r>(&self, resource: &'r Resource) -> Option<&'r str> {
        let module = |id: &str| id.find(".aws_").filter(|_| id.starts_with("module.")).map_or(0, |at| at + 1);
        let (own, other) = (&self.asked.function.id, &resource.id);
        let (start, from) = (module(own), module(other));
        let same = own.get(..start) == other.get(..from);
        (self.asked.project.format == Format::Terraform && same).then(|| other.get(from..)).flatten()
    }

    /// Whether a reason is an expression that holds in the function's own module: a variable or data source of the root.
    fn is_expression(&self, what: &str) -> bool {
        let root = self.asked.project.format == Format::Terraform && !self.asked.function.id.starts_with("module.");
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']');
        root && ["var.", "data."].iter().any(|start| what.starts_with(start)) && what.chars().all(plain)
    }
}

/// `StreamArn` as Terraform writes it.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && at > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}
