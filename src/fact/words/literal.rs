//! Values as IAM takes them.

use super::place::{local_id, partition};
use crate::fact::target::{composed_arn, own_name};
use crate::model::Project;
use crate::syntax::{Node, Part, Reference, UnknownKind};

/// The text of a value: what an account says alone is `${AWS::…}`, the name of a resource `${LogicalId}`.
pub fn literal(project: &Project, node: &Node) -> String {
    let Some(parts) = node.parts() else { return node.to_string() };
    parts.iter().map(|part| text(project, part, 0)).collect()
}

fn text(project: &Project, part: &Part, depth: u32) -> String {
    match part {
        Part::Literal(text) => text.to_string(),
        Part::Unknown(reason) => match (reason.kind, &*reason.what) {
            (UnknownKind::Pseudo, "AWS::Partition") => partition(project).to_owned(),
            (UnknownKind::Pseudo, "AWS::Region") => match project.region.as_text() {
                Some(region) => region.to_owned(),
                None => "${AWS::Region}".to_owned(),
            },
            (UnknownKind::Pseudo | UnknownKind::Parameter, what) => format!("${{{what}}}"),
            _ => "*".to_owned(),
        },
        Part::Reference(reference) => named(project, reference, depth),
    }
}

fn named(project: &Project, reference: &Reference, depth: u32) -> String {
    let resource = project.resource(&reference.resource);
    let id = resource.map_or(&*reference.resource, |resource| local_id(project, resource));
    let composed = resource.and_then(composed_arn).filter(|_| depth == 0);
    let whole = |parts: &[Part]| parts.iter().map(|part| text(project, part, depth + 1)).collect::<String>();
    match (&*reference.attribute, composed) {
        ("Arn", Some(parts)) => whole(&parts),
        ("StreamArn", Some(parts)) => whole(&parts) + "/stream/*",
        // What composes an ARN is a name.
        ("", _) if depth > 0 && resource.and_then(own_name).is_some() => {
            resource.and_then(own_name).unwrap_or_default().to_owned()
        }
        ("", _) => format!("${{{id}}}"),
        (attribute, _) => format!("${{{id}.{attribute}}}"),
    }
}
