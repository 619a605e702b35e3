//! Elastic Load Balancing: load balancers, listeners and target groups.

use super::reader::Reader;
use super::{Record, ResourceType, declared, firewall, policy, tls};
use crate::model::entity::{Origin, Read, Test, bool, read, string};
use crate::model::{EntityType, Verb};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&BALANCER], balancer),
    ResourceType::read_by(&[&LISTENER], listener),
    ResourceType::declared(&[&TARGETS]),
];

const BALANCER: EntityType = EntityType {
    name: "AWS::ElasticLoadBalancingV2::LoadBalancer",
    verb: Verb::Deploy,
    about: "A load balancer (defaults: Elastic Load Balancing API Reference, CreateLoadBalancer and LoadBalancerAttribute, \
            2026-12).",
    attributes: &[
        read("kind", Origin::Word("Type", "application"), "`application` (the default), `network` or `gateway`."),
        bool("public", "Whether it has public addresses: the default, but for gateways, which have no scheme."),
        read(
            "logging.enabled",
            Origin::Check("LoadBalancerAttributes[Key=access_logs.s3.enabled].Value", Test::On(false)),
            "Access logs; off by default.",
        ),
        read(
            "deletionProtection",
            Origin::Check("LoadBalancerAttributes[Key=deletion_protection.enabled].Value", Test::On(false)),
            "Off by default.",
        ),
        read(
            "headers.invalidDropped",
            Origin::Check(
                "LoadBalancerAttributes[Key=routing.http.drop_invalid_header_fields.enabled].Value",
                Test::On(false),
            ),
            "Of application load balancers; off by default.",
        ),
        read(
            "desync",
            Origin::Word("LoadBalancerAttributes[Key=routing.http.desync_mitigation_mode].Value", "defensive"),
            "Of application load balancers: `monitor`, `defensive` (the default) or `strictest`.",
        ),
        bool("firewall", "Whether a web ACL of the project is associated with it."),
    ],
};

const LISTENER: EntityType = EntityType {
    name: "AWS::ElasticLoadBalancingV2::Listener",
    verb: Verb::Deploy,
    about: "A listener of a load balancer.",
    attributes: &[
        read("protocol", Origin::Word("Protocol", ""), "`HTTP`, `HTTPS`, `TCP`, `TLS` and so on."),
        read(
            "redirects",
            Origin::Any("DefaultActions", "RedirectConfig.Protocol", Test::Is("HTTPS", false)),
            "Whether it redirects to HTTPS.",
        ),
        string(
            "transport.minimumTls",
            "`none` where it is not HTTPS or TLS; `1.0`, of ELBSecurityPolicy-2016-08, where no policy is given, but by the \
             console (User Guide for Application Load Balancers, \"Security policies\", 2026-12).",
        ),
        read(
            "transport.clientCertificate",
            Origin::Check("MutualAuthentication.Mode", Test::Is("verify|passthrough", false)),
            "Mutual TLS; off by default (Elastic Load Balancing API Reference, MutualAuthenticationAttributes, 2026-12).",
        ),
    ],
};

const TARGETS: EntityType = EntityType {
    name: "AWS::ElasticLoadBalancingV2::TargetGroup",
    verb: Verb::Deploy,
    about: "What a load balancer sends requests to.",
    attributes: &[
        read("protocol", Origin::Word("Protocol", ""), "Empty for functions."),
        read(
            "kind",
            Origin::Word("TargetType", "instance"),
            "`instance` (the default: Elastic Load Balancing API Reference, CreateTargetGroup, 2026-12), `ip`, `lambda` \
             or `alb`.",
        ),
    ],
};

fn balancer(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &BALANCER);
    let gateway = reader.text("Type").map(|kind| kind.as_deref() == Some("gateway"));
    let scheme = reader.text("Scheme").map(|scheme| scheme.as_deref() != Some("internal"));
    entity.put("public", policy::all([scheme, gateway.map(|gateway| !gateway)]));
    entity.put("firewall", firewall::guards(reader));
    vec![Record::new(reader, entity)]
}

fn listener(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &LISTENER);
    let protocol = reader.text("Protocol");
    let minimum = match &protocol.value {
        Ok(Some(name)) if matches!(&**name, "HTTPS" | "TLS") => tls::minimum(reader.text("SslPolicy"), "1.0"),
        Ok(_) => Read { value: Ok("none"), span: protocol.span },
        Err(reason) => Read::unknown(reason.clone(), protocol.span),
    };
    entity.put("transport.minimumTls", minimum);
    vec![Record::new(reader, entity)]
}
