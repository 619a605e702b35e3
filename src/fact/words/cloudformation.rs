//! Values in CloudFormation's own words.

use super::place::{Words, local_id};
use crate::fact::target::{Own, composed_arn, own, own_name};
use crate::model::Resource;
use crate::syntax::{Node, Part, Reference, UnknownKind, Value as Held};
use serde_json::{Value, json};

/// One part of a string, in the template's words.
enum Word {
    Text(String),
    /// `Ref` or `Fn::GetAtt`.
    Named(String, Option<String>),
}

impl Words<'_> {
    /// A value with CloudFormation's long functions.
    pub fn cloudformation(&self, node: &Node) -> Value {
        match &node.value {
            Held::Bool(held) => return json!(held),
            Held::Number(text) => return serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
            _ => {}
        }
        let Some(parts) = node.parts() else { return json!(node.to_string()) };
        let mut words: Vec<Word> = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            // The ARN that CloudFormation gives of a log group ends in `:*` already.
            let after_group = at > 0 && matches!(&parts[at - 1], Part::Reference(before) if self.is_group(before));
            match part {
                Part::Literal(text) if after_group && matches!(words.last(), Some(Word::Named(..))) => {
                    words.push(Word::Text(text.strip_prefix(":*").unwrap_or(text).to_owned()));
                }
                part => words.extend(self.cloudformation_part(part, 0)),
            }
        }
        words.retain(|word| !matches!(word, Word::Text(text) if text.is_empty()));
        match words.as_slice() {
            [Word::Named(id, None)] => json!({ "Ref": id }),
            [Word::Named(id, Some(attribute))] => json!({ "Fn::GetAtt": [id, attribute] }),
            words if words.iter().all(|word| matches!(word, Word::Text(_))) => {
                json!(words.iter().map(|word| word.plain("${")).collect::<String>())
            }
            words => json!({ "Fn::Sub": words.iter().map(|word| word.plain("${!")).collect::<String>() }),
        }
    }

    fn cloudformation_part(&self, part: &Part, depth: u32) -> Vec<Word> {
        match part {
            Part::Literal(text) => vec![Word::Text(text.to_string())],
            Part::Unknown(reason) => match reason.kind {
                UnknownKind::Pseudo if reason.what.starts_with("AWS::") => {
                    vec![Word::Named(reason.what.to_string(), None)]
                }
                UnknownKind::Parameter if self.is_parameter(&reason.what) => {
                    vec![Word::Named(reason.what.to_string(), None)]
                }
                _ => vec![Word::Text("*".to_owned())],
            },
            Part::Reference(reference) => self.reference(reference, depth),
        }
    }

    /// A reference, where the role may refer to the resource: one that depends on the function, and with it on the
    /// role, is named by its name.
    fn reference(&self, reference: &Reference, depth: u32) -> Vec<Word> {
        let Words { project, behind, .. } = *self;
        let Some(resource) = project.resource(&reference.resource) else { return vec![Word::Text("*".to_owned())] };
        let Some(id) = self.local(resource).filter(|_| !behind.contains(&resource.id)) else {
            let stream = if &*reference.attribute == "StreamArn" { "/stream/*" } else { "" };
            return match composed_arn(resource).filter(|_| depth == 0 && !reference.attribute.is_empty()) {
                Some(parts) => {
                    let mut words: Vec<Word> =
                        parts.iter().flat_map(|part| self.cloudformation_part(part, 1)).collect();
                    words.push(Word::Text(stream.to_owned()));
                    words
                }
                None => self.name_of(resource),
            };
        };
        let attribute = match (&*reference.attribute, own(&resource.kind)) {
            ("", _) | ("Arn", Some(Own::Ref)) => None,
            ("Arn", Some(Own::Attribute(attribute))) => Some(attribute.to_owned()),
            (attribute, _) => Some(attribute.to_owned()),
        };
        vec![Word::Named(id.to_owned(), attribute)]
    }

    /// The name of a resource: as it is written, or what CloudFormation gives it: the stack's, the logical id, and characters of its
    /// own (AWS CloudFormation User Guide, "Name type", read 2026-11); buckets have it in small letters.
    fn name_of(&self, resource: &Resource) -> Vec<Word> {
        if let Some(name) = own_name(resource) {
            return vec![Word::Text(name.to_owned())];
        }
        let Some(id) = self.local(resource) else { return vec![Word::Text("*".to_owned())] };
        match &*resource.kind {
            "AWS::S3::Bucket" => vec![Word::Text(format!("*-{}-*", id.to_lowercase()))],
            "AWS::Lambda::Function" => {
                vec![Word::Named("AWS::StackName".to_owned(), None), Word::Text(format!("-{id}-*"))]
            }
            _ => vec![Word::Text(format!("*{id}-*"))],
        }
    }

    /// The logical id of a resource of the function's own template.
    fn local<'r>(&self, resource: &'r Resource) -> Option<&'r str> {
        let project = self.project;
        let stack = |of: &Resource| of.id.strip_suffix(local_id(project, of)).unwrap_or_default().to_owned();
        let id = local_id(project, resource);
        let plain = id.chars().all(|c| c.is_ascii_alphanumeric());
        (stack(resource) == stack(self.function) && plain).then_some(id)
    }

    fn is_group(&self, reference: &Reference) -> bool {
        let resource = self.project.resource(&reference.resource);
        resource.is_some_and(|resource| &*resource.kind == "AWS::Logs::LogGroup")
    }

    /// Whether a name is a parameter's of the function's own template; one of a stack that nests it is not.
    fn is_parameter(&self, name: &str) -> bool {
        self.function.calls.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric())
    }
}

impl Word {
    fn plain(&self, escaped: &str) -> String {
        match self {
            Self::Text(text) => text.replace("${", escaped),
            Self::Named(id, None) => format!("${{{id}}}"),
            Self::Named(id, Some(attribute)) => format!("${{{id}.{attribute}}}"),
        }
    }
}
