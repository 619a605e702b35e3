//! Values as Terraform's expressions.

use super::place::{Words, partition};
use crate::fact::target::{composed_arn, own_name};
use crate::model::{Format, Resource};
use crate::syntax::{Node, Part, Reference, UnknownKind, Value};

/// One part of a string.
enum Word {
    Text(String),
    Expression(String),
}

impl Words<'_> {
    /// A value as an expression.
    pub fn terraform(&self, node: &Node) -> String {
        if let Value::Bool(_) | Value::Number(_) = node.value {
            return quoted(node.as_text().unwrap_or_default());
        }
        let parts = node.parts().unwrap_or_else(|| vec![Part::Literal("*".into())]);
        let words: Vec<Word> = parts.iter().flat_map(|part| self.terraform_part(part, 0)).collect();
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

    fn terraform_part(&self, part: &Part, depth: u32) -> Vec<Word> {
        let project = self.project;
        let star = || vec![Word::Text("*".to_owned())];
        match part {
            Part::Literal(text) => vec![Word::Text(text.to_string())],
            Part::Reference(reference) => self.terraform_reference(reference, depth),
            Part::Unknown(reason) => match (reason.kind, &*reason.what) {
                (UnknownKind::Pseudo, "AWS::Partition") => vec![Word::Text(partition(project).to_owned())],
                (UnknownKind::Pseudo, "AWS::Region") => {
                    vec![Word::Text(project.region.as_text().unwrap_or("*").to_owned())]
                }
                (_, what) if self.is_expression(what) => vec![Word::Expression(what.to_owned())],
                _ => star(),
            },
        }
    }

    fn terraform_reference(&self, reference: &Reference, depth: u32) -> Vec<Word> {
        let Words { project, behind, .. } = *self;
        let Some(resource) = project.resource(&reference.resource) else { return vec![Word::Text("*".to_owned())] };
        match self.address(resource).filter(|_| !behind.contains(&resource.id)) {
            Some(address) => {
                let attribute =
                    if reference.attribute.is_empty() { "id".to_owned() } else { snake(&reference.attribute) };
                vec![Word::Expression(format!("{address}.{attribute}"))]
            }
            None if depth == 0 && !reference.attribute.is_empty() => {
                let parts = composed_arn(resource).unwrap_or_else(|| vec![Part::Literal("*".into())]);
                parts.iter().flat_map(|part| self.terraform_part(part, 1)).collect()
            }
            None => vec![Word::Text(own_name(resource).unwrap_or("*").to_owned())],
        }
    }

    /// The address of a resource in the function's own module.
    fn address<'r>(&self, resource: &'r Resource) -> Option<&'r str> {
        let module = |id: &str| id.find(".aws_").filter(|_| id.starts_with("module.")).map_or(0, |at| at + 1);
        let (own, other) = (&self.function.id, &resource.id);
        let (start, from) = (module(own), module(other));
        let same = own.get(..start) == other.get(..from);
        (self.project.format == Format::Terraform && same).then(|| other.get(from..)).flatten()
    }

    /// Whether a reason is an expression that holds in the function's own module: a variable or data source of the root.
    fn is_expression(&self, what: &str) -> bool {
        let root = self.project.format == Format::Terraform && !self.function.id.starts_with("module.");
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

/// A string in quotes.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}
