//! Web application firewalls: web ACLs, what they are associated with, and whether they log.

use super::reader::{Found, Reader};
use super::{Record, ResourceType, declared};
use crate::model::entity::{Origin, Read, Test, bool, read, string};
use crate::model::{EntityType, Resource, Verb};
use crate::syntax::{Node, Unknown, UnknownKind};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] =
    &[ResourceType::read_by(&[&WEB_ACL], web_acl), ResourceType::read_by(&[&ASSOCIATION], association)];

const WEB_ACL: EntityType = EntityType {
    name: "AWS::WAFv2::WebACL",
    verb: Verb::Deploy,
    about: "A web ACL.",
    attributes: &[
        read(
            "allows",
            Origin::Check("DefaultAction.Allow", Test::Given),
            "Whether it lets through what no rule stops.",
        ),
        read("rules", Origin::Count("Rules"), "Number of its rules."),
        read(
            "metrics.enabled",
            Origin::Check("VisibilityConfig.CloudWatchMetricsEnabled", Test::On(false)),
            "Metrics.",
        ),
        read(
            "samples.enabled",
            Origin::Check("VisibilityConfig.SampledRequestsEnabled", Test::On(false)),
            "Whether it keeps samples of requests.",
        ),
        bool("logging.enabled", "Whether the project has a logging configuration for it; not without one."),
    ],
};

const ASSOCIATION: EntityType = EntityType {
    name: "AWS::WAFv2::WebACLAssociation",
    verb: Verb::Deploy,
    about: "What a web ACL guards.",
    attributes: &[string(
        "guards",
        "CloudFormation type of the resource that it guards, not known where that is not in the project.",
    )],
};

fn web_acl(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &WEB_ACL);
    entity.put("logging.enabled", named_by(reader, "AWS::WAFv2::LoggingConfiguration"));
    vec![Record::new(reader, entity)]
}

fn association(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &ASSOCIATION);
    let guards = match reader.find("ResourceArn") {
        Found::Written(node) => match guarded(reader, node) {
            Some(target) => Read::at(target.kind.clone(), node.span),
            None => Read::unknown(Unknown::new(UnknownKind::Other, "it is not in the project"), Some(node.span)),
        },
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Absent => Read::unknown(Unknown::new(UnknownKind::Other, "it names nothing"), None),
    };
    entity.put("guards", guards);
    vec![Record::new(reader, entity)]
}

/// The resource that an ARN is of: the last one that it refers to, for a stage's has the API's id before its name.
fn guarded<'a>(reader: &Reader<'a>, node: &Node) -> Option<&'a Resource> {
    let last = node.references().last().and_then(|reference| reader.project.resource(&reference.resource));
    last.or_else(|| reader.project.named(node))
}

/// Whether a web ACL of the project is associated with a resource.
pub(super) fn guards(reader: &Reader<'_>) -> Read<bool> {
    named_by(reader, ASSOCIATION.name)
}

/// Whether a resource of a type has the ARN of this one under `ResourceArn`.
fn named_by(reader: &Reader<'_>, kind: &str) -> Read<bool> {
    let mut unknown = None;
    for resource in reader.project.of_kind(kind) {
        let Some(node) = resource.property("ResourceArn") else { continue };
        match (guarded(reader, node), node.as_unknown()) {
            (Some(target), _) if target.id == reader.resource.id => return Read::at(true, node.span),
            (None, Some(reason)) => unknown = Some(Read::unknown(reason.clone(), Some(node.span))),
            _ => {}
        }
    }
    unknown.unwrap_or(Read::default(false))
}
