//! Values as the user of a project would write them, on one line of a report.

use super::literal::literal;
use super::place::Words;
use super::yaml;
use crate::model::Format;
use crate::syntax::{Node, Part};

impl Words<'_> {
    /// A value in the words of the project's own format: `!GetAtt Orders.Arn`, `aws_sqs_queue.orders.arn`. A resource that
    /// a development kit made is called by its construct, since nobody writes its logical id.
    pub fn written(&self, node: &Node) -> String {
        if let Some(text) = self.constructed(node) {
            return text;
        }
        match self.project.format {
            Format::Terraform => self.terraform(node),
            Format::Account | Format::OpenApi => literal(self.project, node),
            Format::CloudFormation | Format::Sam | Format::Serverless => {
                let value = self.cloudformation(node);
                let path = &self.project.path;
                match value {
                    serde_json::Value::String(text) => text,
                    value if path.ends_with(".json") || path.ends_with(".template") => value.to_string(),
                    value => yaml::scalar(&value),
                }
            }
        }
    }

    /// `the ARN of Shop/Orders`, and what follows it in the value.
    fn constructed(&self, node: &Node) -> Option<String> {
        let parts = node.parts()?;
        let (first, rest) = parts.split_first()?;
        let Part::Reference(reference) = first else { return None };
        let construct = self.project.resource(&reference.resource)?.construct.as_deref()?;
        let name = construct.strip_suffix("/Resource").unwrap_or(construct);
        match rest {
            [] => Some(format!("the ARN of {name}")),
            [Part::Literal(end)] => Some(format!("the ARN of {name} with {end} behind it")),
            _ => None,
        }
    }
}
