//! What Terraform writes in one block and CloudFormation in several: a rule of a security group for several addresses,
//! entries of a network's access list and routes of a route table, which are resources of their own there.

use super::emit::Item;
use crate::model::Resource;
use crate::syntax::{Node, UnknownKind, Value};

/// Lists of records in which one property holds one value in CloudFormation and several in Terraform.
const SINGLES: &[(&str, &str, &[&str])] = &[
    (
        "AWS::EC2::SecurityGroup",
        "SecurityGroupIngress",
        &["CidrIp", "CidrIpv6", "SourcePrefixListId", "SourceSecurityGroupId"],
    ),
    (
        "AWS::EC2::SecurityGroup",
        "SecurityGroupEgress",
        &["CidrIp", "CidrIpv6", "DestinationPrefixListId", "DestinationSecurityGroupId"],
    ),
];

/// A property that all resources of a kind have, and its value.
type Common = Option<(&'static str, bool)>;

/// Properties of ours whose items are resources: what they are, the property that names their owner, and another one
/// that they all have.
const RESOURCES: &[(&str, &str, &str, Common)] = &[
    ("__Ingress", "AWS::EC2::NetworkAclEntry", "NetworkAclId", Some(("Egress", false))),
    ("__Egress", "AWS::EC2::NetworkAclEntry", "NetworkAclId", Some(("Egress", true))),
    ("__Route", "AWS::EC2::Route", "RouteTableId", None),
];

/// What a flow log watches, by the attribute that names it.
const WATCHED: &[(&str, &str)] = &[
    ("vpc_id", "VPC"),
    ("subnet_id", "Subnet"),
    ("eni_id", "NetworkInterface"),
    ("transit_gateway_id", "TransitGateway"),
    ("transit_gateway_attachment_id", "TransitGatewayAttachment"),
    ("regional_nat_gateway_id", "RegionalNatGateway"),
];

/// Lists of names that are blocks with one attribute in Terraform.
const NAMES: &[(&str, &str, &str)] = &[
    ("AWS::CodeArtifact::Repository", "Upstreams", "repository_name"),
    ("AWS::CodeArtifact::Repository", "ExternalConnections", "external_connection_name"),
];

/// The resource of an item in CloudFormation's shape, and those that its block holds.
pub(super) fn resources(item: Item) -> Vec<Resource> {
    let Item { mut resource, kind, body } = item;
    match &*kind {
        // Terraform takes away the rule that lets out everything, which AWS adds to a new group (Terraform AWS
        // provider, aws_security_group and aws_default_security_group, 2026-12).
        "aws_security_group" | "aws_default_security_group" if resource.property("SecurityGroupEgress").is_none() => {
            resource.properties.set("SecurityGroupEgress", resource.span, Node::list(Vec::new(), resource.span));
        }
        "aws_flow_log" => {
            let named = |(name, _): &&(&str, &str)| body.get(name).is_some_and(|value| !value.is_absent());
            if let Some((_, watched)) = WATCHED.iter().find(named) {
                resource.properties.set("ResourceType", resource.span, Node::string(*watched, resource.span));
            }
        }
        "aws_instance" => join(&mut resource.properties, "__BlockDeviceMappings", "BlockDeviceMappings"),
        "aws_codepipeline" => only_store(&mut resource.properties),
        "aws_codedeploy_deployment_group" => alarms(&mut resource.properties),
        _ => {}
    }
    for (_, list, key) in NAMES.iter().filter(|(kind, ..)| *kind == &*resource.kind) {
        names(&mut resource.properties, list, key);
    }
    for (_, list, fields) in SINGLES.iter().filter(|(kind, ..)| *kind == &*resource.kind) {
        let Some(entry) = resource.properties.entry(list).cloned() else { continue };
        if let Value::List(items) = &entry.value.value {
            let items = items.iter().flat_map(|item| singles(item, fields, &resource)).collect();
            let spread = Node::list(items, entry.value.span);
            resource.properties.set(*list, entry.key_span, spread);
        }
    }
    let mut made = Vec::new();
    for (list, kind, owner, common) in RESOURCES {
        let items = resource.property(list).map(Node::items_or_self).unwrap_or_default().to_vec();
        let own = items.into_iter().enumerate();
        made.extend(own.map(|(index, item)| own_resource(&resource, (list, index), kind, owner, *common, item)));
    }
    made.insert(0, resource);
    made
}

/// Moves the items of one list to another one.
fn join(properties: &mut Node, from: &str, into: &str) {
    let Some(more) = properties.entry(from).cloned() else { return };
    let known = properties.get(into).map(|list| list.items_or_self().to_vec()).unwrap_or_default();
    let items = known.into_iter().chain(more.value.items_or_self().iter().cloned()).collect();
    properties.set(into, more.key_span, Node::list(items, more.value.span));
    properties.set(from, more.key_span, Node::new(Value::Absent, more.value.span));
}

/// A pipeline with one artifact store that names no region has it under another name.
fn only_store(properties: &mut Node) {
    let Some(stores) = properties.entry("ArtifactStores").cloned() else { return };
    let [store] = stores.value.items() else { return };
    if let (None, Some(inner)) = (store.get("Region"), store.get("ArtifactStore")) {
        properties.set("ArtifactStore", stores.key_span, inner.clone());
        properties.set("ArtifactStores", stores.key_span, Node::new(Value::Absent, stores.value.span));
    }
}

/// The alarms of a deployment group, which are names in Terraform.
fn alarms(properties: &mut Node) {
    let Some(entry) = properties.entry("AlarmConfiguration").cloned() else { return };
    let Some(alarms) = entry.value.entry("Alarms").cloned() else { return };
    let Value::List(names) = &alarms.value.value else { return };
    let named = names.iter().map(|name| Node::map([("Name", name.clone())], name.span)).collect();
    let mut configuration = entry.value;
    configuration.set("Alarms", alarms.key_span, Node::list(named, alarms.value.span));
    properties.set("AlarmConfiguration", entry.key_span, configuration);
}

/// The blocks of a list by the one attribute that each has.
fn names(properties: &mut Node, list: &str, key: &str) {
    let Some(entry) = properties.entry(list).cloned() else { return };
    let name = |item: &Node| item.get(key).cloned().unwrap_or_else(|| item.clone());
    let items = entry.value.items_or_self().iter().map(name).collect();
    properties.set(list, entry.key_span, Node::list(items, entry.value.span));
}

/// A record once for each value of those fields that hold several.
fn singles(record: &Node, fields: &[&str], owner: &Resource) -> Vec<Node> {
    match &record.value {
        Value::Either { condition, then, otherwise } => {
            let there = |item, holds: bool| {
                let absent = Node::new(Value::Absent, record.span);
                let (then, otherwise) = if holds { (item, absent) } else { (absent, item) };
                let (then, otherwise) = (Box::new(then), Box::new(otherwise));
                Node::new(Value::Either { condition: condition.clone(), then, otherwise }, record.span)
            };
            let then = singles(then, fields, owner).into_iter().map(|item| there(item, true));
            let otherwise = singles(otherwise, fields, owner).into_iter().map(|item| there(item, false));
            return then.chain(otherwise).collect();
        }
        Value::Map(_) => {}
        _ => return vec![record.clone()],
    }
    let own = record.get("__Self").and_then(Node::as_bool) == Some(true);
    let mut made: Vec<Node> = Vec::new();
    let single = |field: &str, value: Node| {
        let others = record.entries().iter().filter(|entry| !fields.contains(&&*entry.key) && &*entry.key != "__Self");
        let mut single = Node::new(Value::Map(others.cloned().collect()), record.span);
        single.set(field, value.span, value);
        single
    };
    for field in fields {
        let Some(value) = record.get(field) else { continue };
        made.extend(choices(value).into_iter().map(|choice| single(field, choice)));
    }
    if own && let Some(field) = fields.last() {
        made.push(single(field, Node::reference(owner.id.clone(), "GroupId", record.span)));
    }
    made
}

/// The values that one of several may be.
fn choices(value: &Node) -> Vec<Node> {
    match &value.value {
        Value::Null | Value::Absent => Vec::new(),
        Value::List(items) => items.iter().flat_map(choices).collect(),
        // Which of the lists it is hangs on a condition: one value that is not known stands for all of them.
        Value::Either { condition, .. } => {
            vec![Node::unknown(UnknownKind::Condition, condition.clone(), value.span)]
        }
        _ => vec![value.clone()],
    }
}

fn own_resource(
    owner: &Resource,
    (list, index): (&str, usize),
    kind: &str,
    property: &'static str,
    common: Option<(&'static str, bool)>,
    mut item: Node,
) -> Resource {
    let span = item.span;
    item.set(property, span, Node::reference(owner.id.clone(), "", span));
    if let Some((name, value)) = common {
        item.set(name, span, Node::bool(value, span));
    }
    let id = format!("{}#{}.{index}", owner.id, list.trim_start_matches('_').to_lowercase());
    Resource {
        name: owner.name.clone(),
        presence: owner.presence.clone(),
        region: owner.region.clone(),
        generated_from: Some(owner.name.clone()),
        calls: owner.calls.clone(),
        ..Resource::new(kind, id, item, span)
    }
}
