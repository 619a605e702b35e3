//! Security groups and their rules, written with them or as resources of their own.

use super::reader::{Found, Reader, find, text};
use super::{Record, ResourceType, declared, policy};
use crate::model::entity::{Declared, Origin, Read, Test, bool, long, read, string};
use crate::model::{Entity, EntityType, Verb};
use crate::syntax::{Node, Reference};
use std::sync::Arc;

/// The types of this file. A rule is asked about as `InboundRule` or `OutboundRule` wherever it is written.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&GROUP, &INBOUND, &OUTBOUND], group),
    ResourceType::read_by(&[&INGRESS, &INBOUND], ingress),
    ResourceType::read_by(&[&EGRESS, &OUTBOUND], egress),
];

const GROUP: EntityType = EntityType {
    name: "AWS::EC2::SecurityGroup",
    verb: Verb::Deploy,
    about: "A security group (defaults: AWS CloudFormation Template Reference, AWS::EC2::SecurityGroup, 2026-12).",
    attributes: &[
        read("described", Origin::Check("GroupDescription", Test::Given), "Whether it says what it is for."),
        read("rules.inbound", Origin::Count("SecurityGroupIngress"), "Number of rules written with it."),
        read("rules.outbound", Origin::Count("SecurityGroupEgress"), "Number of rules written with it."),
        bool(
            "outbound.open",
            "Whether any of these lets out everything to everywhere; so it does by default, and not in Terraform.",
        ),
    ],
};

const RULE: &[Declared] = &[
    string("group", "The name of the group where the rule is written with it; else of the rule."),
    string("protocol", "`all`, `tcp`, `udp`, `icmp`, `icmpv6`, or a number."),
    long("ports.from", "Its first port; 0 where it is of all ports. The type, of ICMP; -1 for all of them."),
    long("ports.to", "Its last port; 65535 where it is of all ports. The code, of ICMP; -1 for all of them."),
    bool("open", "Whether it is for every address, of IPv4 or IPv6."),
    string("peer", "Whom it is for: `address`, `group` or `prefixList`; empty where it says nobody."),
    read("described", Origin::Check("Description", Test::Given), "Whether it says what it is for."),
];

const INBOUND: EntityType = EntityType {
    name: "AWS::EC2::SecurityGroup::InboundRule",
    verb: Verb::Deploy,
    about: "A rule that lets in, written with its group or as a resource of its own.",
    attributes: RULE,
};

const OUTBOUND: EntityType = EntityType {
    name: "AWS::EC2::SecurityGroup::OutboundRule",
    verb: Verb::Deploy,
    about: "A rule that lets out, written with its group or as a resource of its own.",
    attributes: RULE,
};

const INGRESS: EntityType = EntityType {
    name: "AWS::EC2::SecurityGroupIngress",
    verb: Verb::Deploy,
    about: "A rule that lets in as a resource of its own; asked about as `AWS::EC2::SecurityGroup::InboundRule` too.",
    attributes: RULE,
};

const EGRESS: EntityType = EntityType {
    name: "AWS::EC2::SecurityGroupEgress",
    verb: Verb::Deploy,
    about: "A rule that lets out as a resource of its own; asked about as `AWS::EC2::SecurityGroup::OutboundRule` too.",
    attributes: RULE,
};

fn group(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &GROUP);
    entity.put("outbound.open", lets_out_everything(reader));
    let mut records = vec![Record::new(reader, entity)];
    for (list, kind) in [("SecurityGroupIngress", &INBOUND), ("SecurityGroupEgress", &OUTBOUND)] {
        let items = reader.resource.property(list).map(Node::items_or_self).unwrap_or_default();
        records.extend(items.iter().filter(|item| !item.is_absent()).map(|item| rule(reader, kind, item)));
    }
    records
}

fn ingress(reader: &Reader<'_>) -> Vec<Record> {
    alone(reader, &INGRESS, &INBOUND)
}

fn egress(reader: &Reader<'_>) -> Vec<Record> {
    alone(reader, &EGRESS, &OUTBOUND)
}

/// A rule that is a resource: as that, and as what it is.
fn alone(reader: &Reader<'_>, own: &'static EntityType, kind: &'static EntityType) -> Vec<Record> {
    [own, kind].into_iter().map(|kind| Record::new(reader, filled(reader, kind, &reader.resource.properties))).collect()
}

fn rule(reader: &Reader<'_>, kind: &'static EntityType, from: &Node) -> Record {
    let entity = filled(reader, kind, from);
    let says = |name: &str| from.get(name).map(Node::to_string).unwrap_or_default();
    let peers = [ADDRESSES.as_slice(), GROUPS.as_slice(), LISTS.as_slice()].concat();
    let peer = peers.into_iter().find_map(|name| from.get(name)).map(Node::to_string).unwrap_or_default();
    let ports = format!("{} {}-{}", says("IpProtocol"), says("FromPort"), says("ToPort"));
    Record::of(entity, format!("{ports} {peer}"), from.span)
}

const ADDRESSES: [&str; 2] = ["CidrIp", "CidrIpv6"];
const GROUPS: [&str; 3] = ["SourceSecurityGroupId", "SourceSecurityGroupName", "DestinationSecurityGroupId"];
const LISTS: [&str; 2] = ["SourcePrefixListId", "DestinationPrefixListId"];

fn filled(reader: &Reader<'_>, kind: &'static EntityType, from: &Node) -> Entity {
    let mut entity = Entity::new(kind, reader.resource.name.clone());
    entity.put("group", Read::default(reader.resource.name.clone()));
    let protocol = protocol(find(from, "IpProtocol"));
    for (path, name, whole) in [("ports.from", "FromPort", 0), ("ports.to", "ToPort", 65_535)] {
        entity.put(path, port(from, &protocol, name, whole));
    }
    entity.put("protocol", protocol);
    entity.put("open", policy::any(ADDRESSES.map(|name| every_address(reader, find(from, name)))));
    entity.put("peer", peer(from));
    declared::fill(entity, kind, from)
}

/// The protocol, by name where it has one.
pub(super) fn protocol(found: Found<'_>) -> Read<Arc<str>> {
    text(found).map(|word| match word.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None => "".into(),
        Some("-1" | "all") => "all".into(),
        Some("6") => "tcp".into(),
        Some("17") => "udp".into(),
        Some("1") => "icmp".into(),
        Some("58") => "icmpv6".into(),
        Some(other) => other.into(),
    })
}

/// An end of the range of ports. A protocol other than TCP, UDP and ICMP is of all ports whatever is written (AWS
/// CloudFormation Template Reference, AWS::EC2::SecurityGroupIngress, 2026-12).
fn port(from: &Node, protocol: &Read<Arc<str>>, name: &str, whole: i64) -> Read<i64> {
    match &protocol.value {
        Err(reason) => Read::unknown(reason.clone(), protocol.span),
        Ok(word) => match &**word {
            "tcp" | "udp" => match declared::number(find(from, name), whole) {
                Read { value: Ok(-1), span } => Read { value: Ok(whole), span },
                read => read,
            },
            "icmp" | "icmpv6" => declared::number(find(from, name), -1),
            _ => Read { value: Ok(whole), span: protocol.span },
        },
    }
}

/// Whether a range of addresses, or any of several, is everything. That of a network or subnet of the project is not: it
/// is at most a /16 (Amazon VPC User Guide, "VPCs and Subnets", 2026-12).
pub(super) fn every_address(reader: &Reader<'_>, found: Found<'_>) -> Read<bool> {
    let node = match found {
        Found::Absent => return Read::default(false),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    let mut every = Read::at(false, node.span);
    let own = |reference: &Reference| {
        let owner = reader.project.resource(&reference.resource);
        let networks = ["AWS::EC2::VPC", "AWS::EC2::Subnet"];
        &*reference.attribute == "CidrBlock" && owner.is_some_and(|owner| networks.contains(&&*owner.kind))
    };
    for item in node.items_or_self().iter().filter(|item| !item.as_reference().is_some_and(own)) {
        match text(Found::of(item)) {
            Read { value: Ok(Some(range)), span } if range.ends_with("/0") => return Read { value: Ok(true), span },
            Read { value: Err(reason), span } => every = Read::unknown(reason, span),
            Read { .. } => {}
        }
    }
    every
}

fn peer(from: &Node) -> Read<&'static str> {
    let kinds = [("address", ADDRESSES.as_slice()), ("group", GROUPS.as_slice()), ("prefixList", LISTS.as_slice())];
    for (kind, names) in kinds {
        for name in names {
            match find(from, name) {
                Found::Absent => {}
                // Whether it is there is what the condition decides.
                Found::Unknown(reason, span) if reason.kind == crate::syntax::UnknownKind::Condition => {
                    return Read::unknown(reason, span);
                }
                Found::Unknown(_, span) => return Read { value: Ok(kind), span },
                Found::Written(node) => return Read::at(kind, node.span),
            }
        }
    }
    Read::default("")
}

/// Whether a group's rules let out everything; the first that does is pointed at.
fn lets_out_everything(reader: &Reader<'_>) -> Read<bool> {
    let rules = match reader.find("SecurityGroupEgress") {
        Found::Absent => return Read::default(true),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    let mut open = Read::at(false, rules.span);
    for rule in rules.items_or_self() {
        let everywhere = policy::any(ADDRESSES.map(|name| every_address(reader, find(rule, name))));
        let everything = protocol(find(rule, "IpProtocol")).map(|word| &*word == "all");
        match (everywhere.value, everything.value) {
            (Ok(true), Ok(true)) => return Read::at(true, rule.span),
            (Ok(false), _) | (_, Ok(false)) => {}
            (Err(reason), _) | (_, Err(reason)) => open = Read::unknown(reason, Some(rule.span)),
        }
    }
    open
}
