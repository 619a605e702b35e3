//! Networks: VPCs, subnets, routes, access lists, gateways, endpoints and flow logs; Global Accelerator.

use super::reader::{Found, Reader, find, text};
use super::{Record, ResourceType, declared, policy, security_groups};
use crate::iam::{document, grant};
use crate::model::entity::{DEPENDS, DEPENDS_NUMBER, Origin, Read, Test, bool, long, read, string};
use crate::model::{EntityType, Verb};
use crate::syntax::{Node, Part};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&VPC], vpc),
    ResourceType::declared(&[&SUBNET]),
    ResourceType::declared(&[&FLOW_LOG]),
    ResourceType::read_by(&[&ENDPOINT], endpoint),
    ResourceType::declared(&[&SERVICE]),
    ResourceType::declared(&[&SERVICE_PERMISSIONS]),
    ResourceType::read_by(&[&ENTRY], entry),
    ResourceType::read_by(&[&ROUTE], route),
    ResourceType::read_by(&[&ROUTE_TABLE], route_table),
    ResourceType::declared(&[&NAT]),
    ResourceType::declared(&[&ADDRESS]),
    ResourceType::declared(&[&TRANSIT]),
    ResourceType::declared(&[&ACCELERATOR]),
    ResourceType::declared(&[&ENDPOINT_GROUP]),
];

const VPC: EntityType = EntityType {
    name: "AWS::EC2::VPC",
    verb: Verb::Deploy,
    about: "A network (defaults: AWS CloudFormation Template Reference, AWS::EC2::VPC, 2026-12).",
    attributes: &[
        read("dns.support", Origin::Check("EnableDnsSupport", Test::On(true)), "On by default."),
        read("dns.hostnames", Origin::Check("EnableDnsHostnames", Test::On(false)), "Off by default."),
        read("tenancy", Origin::Word("InstanceTenancy", "default"), "`default` (Amazon EC2 API Reference, 2026-12) …"),
        bool("flowLogs", "Whether a flow log of the project watches it."),
    ],
};

const SUBNET: EntityType = EntityType {
    name: "AWS::EC2::Subnet",
    verb: Verb::Deploy,
    about: "A subnet (defaults: AWS CloudFormation Template Reference, AWS::EC2::Subnet, 2026-12).",
    attributes: &[
        read(
            "publicAddresses",
            Origin::Check("MapPublicIpOnLaunch", Test::On(false)),
            "Whether machines get a public address; not by default.",
        ),
        read("ipv6", Origin::Check("AssignIpv6AddressOnCreation", Test::On(false)), "Or one of IPv6; not by default."),
        read("zone", Origin::Word("AvailabilityZone", DEPENDS), "Its zone; AWS chooses where nothing is said."),
    ],
};

const FLOW_LOG: EntityType = EntityType {
    name: "AWS::EC2::FlowLog",
    verb: Verb::Deploy,
    about: "A log of the traffic of a network, subnet or interface (defaults: AWS CloudFormation Template Reference, \
            AWS::EC2::FlowLog, 2026-12).",
    attributes: &[
        read("watches", Origin::Word("ResourceType", ""), "`VPC`, `Subnet`, `NetworkInterface`, `TransitGateway` …"),
        read(
            "traffic",
            Origin::Word("TrafficType", DEPENDS),
            "`ALL`, `ACCEPT` or `REJECT`; it has to be said but of transit gateways.",
        ),
        read(
            "destination",
            Origin::Word("LogDestinationType", "cloud-watch-logs"),
            "`cloud-watch-logs` (the default), `s3` or `kinesis-data-firehose`.",
        ),
        read("seconds", Origin::Number("MaxAggregationInterval", 600), "What a record spans at most; 600 by default."),
    ],
};

const ENDPOINT: EntityType = EntityType {
    name: "AWS::EC2::VPCEndpoint",
    verb: Verb::Deploy,
    about: "An endpoint for a service (defaults: AWS CloudFormation Template Reference, AWS::EC2::VPCEndpoint, \
            2026-12).",
    attributes: &[
        read("kind", Origin::Word("VpcEndpointType", "Gateway"), "`Gateway` (the default), `Interface` …"),
        read("privateDns", Origin::Check("PrivateDnsEnabled", Test::On(false)), "Off by default."),
        read("policy.given", Origin::Check("PolicyDocument", Test::Given), "Whether a policy limits what it is for."),
        bool("policy.full", "Whether it lets do everything with everything, as it does by default."),
        string("service", "What it is for, `s3`, `dynamodb`, `execute-api`: the last part of the service's name."),
        read("securityGroups", Origin::Count("SecurityGroupIds"), "Number of security groups; the VPC's own for none."),
    ],
};

const SERVICE: EntityType = EntityType {
    name: "AWS::EC2::VPCEndpointService",
    verb: Verb::Deploy,
    about: "A service of one's own for endpoints of others.",
    attributes: &[
        read(
            "acceptance",
            Origin::Check("AcceptanceRequired", Test::Stated),
            "Whether each endpoint has to be accepted; the default is not published, and Terraform has it said.",
        ),
        read(
            "loadBalancers.gateway",
            Origin::Count("GatewayLoadBalancerArns"),
            "Number of gateway load balancers behind it.",
        ),
        read("loadBalancers.network", Origin::Count("NetworkLoadBalancerArns"), "Number of network load balancers."),
    ],
};

const SERVICE_PERMISSIONS: EntityType = EntityType {
    name: "AWS::EC2::VPCEndpointServicePermissions",
    verb: Verb::Deploy,
    about: "Who may make endpoints for a service; nobody else by default.",
    attributes: &[
        read("principals", Origin::Count("AllowedPrincipals"), "Number of principals."),
        read("anyone", Origin::Any("AllowedPrincipals", "", Test::Is("*", false)), "Whether anyone may."),
    ],
};

const ENTRY: EntityType = EntityType {
    name: "AWS::EC2::NetworkAclEntry",
    verb: Verb::Deploy,
    about: "An entry of an access list (defaults: AWS CloudFormation Template Reference, AWS::EC2::NetworkAclEntry, \
            2026-12).",
    attributes: &[
        read("outbound", Origin::Check("Egress", Test::On(false)), "Whether it is for what goes out; not by default."),
        read("allows", Origin::Check("RuleAction", Test::Is("allow", false)), "Whether it lets through."),
        bool("open", "Whether it is for every address, of IPv4 or IPv6."),
        string("protocol", "`all`, `tcp`, `udp`, `icmp` or a number."),
        long("ports.from", "Its first port; 0 where it is of all protocols or says none."),
        long("ports.to", "Its last port; 65535 where it is of all protocols or says none."),
        read("number", Origin::Number("RuleNumber", DEPENDS_NUMBER), "Where it comes; it has to be said."),
    ],
};

const ROUTE: EntityType = EntityType {
    name: "AWS::EC2::Route",
    verb: Verb::Deploy,
    about: "A route.",
    attributes: &[
        bool("open", "Whether it is for every address, of IPv4 or IPv6."),
        string(
            "through",
            "What it leads to: `internetGateway`, `gateway` (an internet or virtual private gateway that is not of the \
             project), `natGateway`, `egressOnly`, `transitGateway`, `peering`, `endpoint`, `interface`, `instance`, \
             `other`.",
        ),
    ],
};

const ROUTE_TABLE: EntityType = EntityType {
    name: "AWS::EC2::RouteTable",
    verb: Verb::Deploy,
    about: "A route table.",
    attributes: &[bool("internet", "Whether a route of the project leads from it to an internet gateway.")],
};

const NAT: EntityType = EntityType {
    name: "AWS::EC2::NatGateway",
    verb: Verb::Deploy,
    about: "A NAT gateway (defaults: AWS CloudFormation Template Reference, AWS::EC2::NatGateway, and Amazon EC2 API \
            Reference, CreateNatGateway, 2026-12).",
    attributes: &[
        read("public", Origin::Check("ConnectivityType", Test::Is("public", true)), "Public by default."),
        read(
            "regional",
            Origin::Check("AvailabilityMode", Test::Is("regional", false)),
            "Whether it is in several zones; in one by default.",
        ),
    ],
};

const ADDRESS: EntityType = EntityType {
    name: "AWS::EC2::EIP",
    verb: Verb::Deploy,
    about: "A public address.",
    attributes: &[read(
        "instance",
        Origin::Check("InstanceId", Test::Given),
        "Whether it is written as an instance's.",
    )],
};

const TRANSIT: EntityType = EntityType {
    name: "AWS::EC2::TransitGateway",
    verb: Verb::Deploy,
    about: "A transit gateway (defaults: AWS CloudFormation Template Reference, AWS::EC2::TransitGateway, 2026-12).",
    attributes: &[
        read(
            "attachments.accepted",
            Origin::Check("AutoAcceptSharedAttachments", Test::Is("enable", false)),
            "Whether attachments of other accounts are accepted by themselves; not by default.",
        ),
        read(
            "routes.associated",
            Origin::Check("DefaultRouteTableAssociation", Test::Is("enable", true)),
            "Whether attachments share a route table; by default.",
        ),
        read(
            "routes.propagated",
            Origin::Check("DefaultRouteTablePropagation", Test::Is("enable", true)),
            "Whether they tell each other their routes; by default.",
        ),
        read("encrypted", Origin::Check("EncryptionSupport", Test::Is("enable", false)), "Off by default."),
    ],
};

const ACCELERATOR: EntityType = EntityType {
    name: "AWS::GlobalAccelerator::Accelerator",
    verb: Verb::Deploy,
    about: "An accelerator (defaults: AWS CloudFormation Template Reference, 2026-12).",
    attributes: &[
        read("enabled", Origin::Check("Enabled", Test::On(true)), "On by default."),
        read("flowLogs", Origin::Check("FlowLogsEnabled", Test::On(false)), "Off by default."),
    ],
};

const ENDPOINT_GROUP: EntityType = EntityType {
    name: "AWS::GlobalAccelerator::EndpointGroup",
    verb: Verb::Deploy,
    about: "Where an accelerator leads to.",
    attributes: &[
        read("region", Origin::Word("EndpointGroupRegion", DEPENDS), "Its region; in Terraform the provider's."),
        read("endpoints", Origin::Count("EndpointConfigurations"), "Number of endpoints."),
    ],
};

fn vpc(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &VPC);
    entity.put("flowLogs", named_by(reader, FLOW_LOG.name, "ResourceId", |_| true));
    vec![Record::new(reader, entity)]
}

fn route_table(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &ROUTE_TABLE);
    let leads = |route: &Node| leads(reader, route).value == Ok("internetGateway");
    entity.put("internet", named_by(reader, ROUTE.name, "RouteTableId", leads));
    vec![Record::new(reader, entity)]
}

/// Whether a resource of a type that passes names this one under a property.
pub(super) fn named_by(reader: &Reader<'_>, kind: &str, property: &str, passes: impl Fn(&Node) -> bool) -> Read<bool> {
    let own = &reader.resource.kind;
    let mut unknown = None;
    for resource in reader.project.of_kind(kind).filter(|resource| passes(&resource.properties)) {
        let Some(node) = resource.property(property) else { continue };
        match (reader.project.named_of(node, |known| known == &**own), node.as_unknown()) {
            (Some(target), _) if target.id == reader.resource.id => return Read::at(true, node.span),
            (None, Some(reason)) => unknown = Some(Read::unknown(reason.clone(), Some(node.span))),
            _ => {}
        }
    }
    unknown.unwrap_or(Read::default(false))
}

fn endpoint(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &ENDPOINT);
    entity.put("policy.full", full(reader.find("PolicyDocument")));
    let service = match reader.find("ServiceName") {
        Found::Absent => Read::default("".to_owned()),
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Written(node) => match node.parts().as_deref().and_then(<[Part]>::last) {
            Some(Part::Literal(text)) if text.contains('.') => {
                Read::at(text.rsplit('.').next().unwrap_or_default().to_owned(), node.span)
            }
            _ => Read::unknown(super::reader::not_literal(node), Some(node.span)),
        },
    };
    entity.put("service", service);
    vec![Record::new(reader, entity)]
}

/// Whether a policy lets do everything with everything; so does one that is not given.
fn full(found: Found<'_>) -> Read<bool> {
    let node = match found {
        Found::Absent => return Read::default(true),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    let policy = document::read(node).0;
    let mut unknown = policy.unknown.first().map(|(reason, _)| reason.clone());
    for statement in policy.statements.iter().filter(|one| one.allows() && one.conditions.is_empty()) {
        match (grant::allows_all_actions(statement), grant::allows_all_resources(statement)) {
            (Ok(true), Ok(true)) => return Read::at(true, statement.span),
            (Ok(false), _) | (_, Ok(false)) => {}
            (Err(reason), _) | (_, Err(reason)) => unknown = Some(reason),
        }
    }
    unknown.map_or(Read::at(false, node.span), |reason| Read::unknown(reason, Some(node.span)))
}

fn entry(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &ENTRY);
    let ranges = ["CidrBlock", "Ipv6CidrBlock"];
    entity.put("open", policy::any(ranges.map(|name| security_groups::every_address(reader, reader.find(name)))));
    let protocol = security_groups::protocol(find(&reader.resource.properties, "Protocol"));
    for (path, name, whole) in [("ports.from", "PortRange.From", 0), ("ports.to", "PortRange.To", 65_535)] {
        let port = match &protocol.value {
            Ok(word) if &**word == "all" => Read { value: Ok(whole), span: protocol.span },
            Ok(_) => declared::number(reader.find(name), whole),
            Err(reason) => Read::unknown(reason.clone(), protocol.span),
        };
        entity.put(path, port);
    }
    entity.put("protocol", protocol);
    vec![Record::new(reader, entity)]
}

fn route(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &ROUTE);
    let ranges = ["DestinationCidrBlock", "DestinationIpv6CidrBlock"];
    entity.put("open", policy::any(ranges.map(|name| security_groups::every_address(reader, reader.find(name)))));
    entity.put("through", leads(reader, &reader.resource.properties));
    vec![Record::new(reader, entity)]
}

/// What a route leads to.
fn leads(reader: &Reader<'_>, route: &Node) -> Read<&'static str> {
    const TARGETS: [(&str, &str); 8] = [
        ("NatGatewayId", "natGateway"),
        ("EgressOnlyInternetGatewayId", "egressOnly"),
        ("TransitGatewayId", "transitGateway"),
        ("VpcPeeringConnectionId", "peering"),
        ("VpcEndpointId", "endpoint"),
        ("NetworkInterfaceId", "interface"),
        ("InstanceId", "instance"),
        ("GatewayId", "gateway"),
    ];
    for (property, word) in TARGETS {
        match find(route, property) {
            Found::Absent => {}
            Found::Unknown(reason, span) => return Read::unknown(reason, span),
            Found::Written(node) if word == "gateway" => {
                let internet = reader.project.named_of(node, |kind| kind == "AWS::EC2::InternetGateway").is_some()
                    || text(Found::of(node)).value.ok().flatten().is_some_and(|id| id.starts_with("igw-"));
                return Read::at(if internet { "internetGateway" } else { word }, node.span);
            }
            Found::Written(node) => return Read::at(word, node.span),
        }
    }
    Read::default("other")
}
