//! Search: domains of OpenSearch Service and Elasticsearch, collections of OpenSearch Serverless and their policies.

use super::reader::{Found, Reader, find, flag, given, not_literal};
use super::{Record, ResourceType, declared, keys, policy};
use crate::model::entity::{DEPENDS, Origin, Read, Test, bool, long, read, string};
use crate::model::{Declared, EntityType, Verb};
use crate::syntax::{Node, Value, json};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&DOMAIN], domain),
    ResourceType::read_by(&[&OLD_DOMAIN], old_domain),
    ResourceType::read_by(&[&COLLECTION], collection),
    ResourceType::read_by(&[&SECURITY], security),
    ResourceType::read_by(&[&ACCESS], access),
];

const MANAGER: Declared = read(
    "encryption.manager",
    Origin::KeyBehind("EncryptionAtRestOptions.Enabled", "EncryptionAtRestOptions.KmsKeyId", "aws"),
    "`none` (the default), `aws` or `customer`.",
);
const NODES: Declared = read(
    "transport.nodes",
    Origin::Check("NodeToNodeEncryptionOptions.Enabled", Test::On(false)),
    "Whether nodes speak TLS with each other; not by default.",
);
const HTTPS: Declared = read(
    "transport.https",
    Origin::Check("DomainEndpointOptions.EnforceHTTPS", Test::Stated),
    "Whether it turns away plain HTTP; without a word not known, in Terraform so where its options are written.",
);
const MINIMUM: Declared = read(
    "transport.minimum",
    Origin::Tls("DomainEndpointOptions.TLSSecurityPolicy", DEPENDS),
    "The lowest version of TLS that it speaks.",
);
const FINE: Declared = read(
    "access.fineGrained",
    Origin::Check("AdvancedSecurityOptions.Enabled", Test::Stated),
    "Whether users have rights of their own in it.",
);
const ANONYMOUS: Declared = read(
    "access.anonymous",
    Origin::Check("AdvancedSecurityOptions.AnonymousAuthEnabled", Test::On(false)),
    "Whether users with rights of their own are asked for and anyone is let in until then; not by default.",
);
const PASSWORD: Declared = read(
    "password.written",
    Origin::Check("AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword", Test::Written),
    "Whether the password of its master user is written out.",
);
const AUDITED: Declared = read(
    "logging.audit",
    Origin::Check("LogPublishingOptions.AUDIT_LOGS.Enabled", Test::On(false)),
    "Whether its audit log goes to CloudWatch; not by default.",
);
const ERRORS: Declared = read(
    "logging.errors",
    Origin::Check("LogPublishingOptions.ES_APPLICATION_LOGS.Enabled", Test::On(false)),
    "Whether its errors go to CloudWatch; not by default.",
);
const VPC: Declared = read(
    "vpc",
    Origin::Check("VPCOptions.SubnetIds.0", Test::Given),
    "Whether it stands in a network of one's own; by default it has a public endpoint.",
);
const OPEN: Declared = bool("policy.open", "Whether its policy lets in anyone.");

const DOMAIN: EntityType = EntityType {
    name: "AWS::OpenSearchService::Domain",
    verb: Verb::Deploy,
    about: "A domain of OpenSearch Service (defaults: Amazon OpenSearch Service API Reference, CreateDomain, AWS \
            CloudFormation Template Reference, AWS::OpenSearchService::Domain, and Terraform AWS provider, \
            opensearch_domain, 2026-12).",
    attributes: &[
        read("version", Origin::Word("EngineVersion", DEPENDS), "`OpenSearch_2.17`; the newest by default."),
        MANAGER,
        NODES,
        HTTPS,
        MINIMUM,
        VPC,
        OPEN,
        FINE,
        ANONYMOUS,
        PASSWORD,
        AUDITED,
        ERRORS,
        read(
            "zones",
            Origin::Check("ClusterConfig.ZoneAwarenessEnabled", Test::Stated),
            "Whether its nodes stand in several zones.",
        ),
        read(
            "upgrades.automatic",
            Origin::Check("SoftwareUpdateOptions.AutoSoftwareUpdateEnabled", Test::On(false)),
            "Off by default.",
        ),
    ],
};

const OLD_DOMAIN: EntityType = EntityType {
    name: "AWS::Elasticsearch::Domain",
    verb: Verb::Deploy,
    about: "A domain of Elasticsearch (defaults: AWS CloudFormation Template Reference, AWS::Elasticsearch::Domain, and \
            Terraform AWS provider, elasticsearch_domain, 2026-12).",
    attributes: &[
        read("version", Origin::Word("ElasticsearchVersion", "1.5"), "1.5 by default."),
        MANAGER,
        NODES,
        HTTPS,
        MINIMUM,
        VPC,
        OPEN,
        FINE,
        ANONYMOUS,
        PASSWORD,
        AUDITED,
        ERRORS,
        read(
            "zones",
            Origin::Check("ElasticsearchClusterConfig.ZoneAwarenessEnabled", Test::Stated),
            "Whether its nodes stand in several zones.",
        ),
    ],
};

const COLLECTION: EntityType = EntityType {
    name: "AWS::OpenSearchServerless::Collection",
    verb: Verb::Deploy,
    about: "A collection of OpenSearch Serverless (Amazon OpenSearch Serverless API Reference, CreateCollection, \
            2026-12; no defaults are published).",
    attributes: &[
        read("kind", Origin::Word("Type", DEPENDS), "`SEARCH`, `TIMESERIES` or `VECTORSEARCH`."),
        string(
            "encryption.manager",
            "`provider` or `customer`, as far as it says; else a security policy that fits its name does.",
        ),
        read("standby", Origin::Word("StandbyReplicas", DEPENDS), "`ENABLED` or `DISABLED`."),
        read("deletionProtection", Origin::Word("DeletionProtection", DEPENDS), "`ENABLED` or `DISABLED`."),
    ],
};

const SECURITY: EntityType = EntityType {
    name: "AWS::OpenSearchServerless::SecurityPolicy",
    verb: Verb::Deploy,
    about: "How collections are encrypted, or from where they are reached.",
    attributes: &[
        read("kind", Origin::Word("Type", ""), "`encryption` or `network`."),
        bool("public", "Whether any of its rules lets in the internet."),
        string("encryption.manager", "`provider` or `customer`; empty where it is about the network."),
    ],
};

const ACCESS: EntityType = EntityType {
    name: "AWS::OpenSearchServerless::AccessPolicy",
    verb: Verb::Deploy,
    about: "Who may use the data of collections.",
    attributes: &[
        bool("access.all", "Whether any of its rules gives every right, `aoss:*`."),
        long("principals", "Number of the principals that its rules name."),
    ],
};

fn domain(reader: &Reader<'_>) -> Vec<Record> {
    with_policy(reader, &DOMAIN)
}

fn old_domain(reader: &Reader<'_>) -> Vec<Record> {
    with_policy(reader, &OLD_DOMAIN)
}

fn with_policy(reader: &Reader<'_>, kind: &'static EntityType) -> Vec<Record> {
    let mut entity = declared::entity(reader, kind);
    entity.put("policy.open", policy::lets_in_anyone(reader.find("AccessPolicies")));
    vec![Record::new(reader, entity)]
}

fn collection(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &COLLECTION);
    let manager = match reader.find("EncryptionConfig") {
        Found::Absent => Read::unknown(declared::depends(), None),
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Written(node) => by_key(node, "KmsKeyArn"),
    };
    entity.put("encryption.manager", manager);
    vec![Record::new(reader, entity)]
}

fn by_key(node: &Node, key: &str) -> Read<&'static str> {
    let own = flag(find(node, "AWSOwnedKey"), false);
    match own.value {
        Ok(true) => own.map(|_| "provider"),
        Ok(false) => keys::manager(find(node, key), "provider"),
        Err(reason) => Read::unknown(reason, own.span),
    }
}

fn security(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &SECURITY);
    let policy = document(reader);
    let network = reader.text("Type").map(|kind| kind.as_deref() == Some("network"));
    let public = match (&policy.value, &network.value) {
        (_, Ok(false)) => network.clone(),
        (Ok(document), _) => any(document, |rule| flag(find(rule, "AllowFromPublic"), false)),
        (Err(reason), _) => Read::unknown(reason.clone(), policy.span),
    };
    let manager = match (&policy.value, &network.value) {
        (_, Ok(true)) => network.clone().map(|_| ""),
        (Ok(document), _) => by_key(document, "KmsARN"),
        (Err(reason), _) => Read::unknown(reason.clone(), policy.span),
    };
    entity.put("public", public);
    entity.put("encryption.manager", manager);
    vec![Record::new(reader, entity)]
}

fn access(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &ACCESS);
    let policy = document(reader);
    let (all, principals) = match &policy.value {
        Ok(document) => {
            let every = |rule: &Node| declared::truth(rule, Origin::Any("Permission", "", Test::Is("aoss:*", false)));
            let all = any(document, |item| match find(item, "Rules") {
                Found::Written(rules) => any(rules, every),
                Found::Absent => Read::default(false),
                Found::Unknown(reason, span) => Read::unknown(reason, span),
            });
            let named = |item: &Node| item.get("Principal").map_or(0, |list| list.items_or_self().len());
            let count: usize = document.items_or_self().iter().map(named).sum();
            (all, Read { value: Ok(i64::try_from(count).unwrap_or(i64::MAX)), span: policy.span })
        }
        Err(reason) => (Read::unknown(reason.clone(), policy.span), Read::unknown(reason.clone(), policy.span)),
    };
    entity.put("access.all", all);
    entity.put("principals", principals);
    vec![Record::new(reader, entity)]
}

/// The policy's document: a text in CloudFormation.
fn document(reader: &Reader<'_>) -> Read<Node> {
    match reader.find("Policy") {
        Found::Absent => Read::unknown(declared::depends(), None),
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Written(node) => match &node.value {
            Value::Map(_) | Value::List(_) => Read::at(node.clone(), node.span),
            _ => {
                let parsed = node.as_text().and_then(|text| json::parse_within(text, node.span).0);
                match parsed {
                    Some(document) => Read::at(document, node.span),
                    None => Read::unknown(not_literal(node), Some(node.span)),
                }
            }
        },
    }
}

/// Whether something holds for any item of a list; an unknown one decides nothing.
fn any(list: &Node, holds: impl Fn(&Node) -> Read<bool>) -> Read<bool> {
    let mut known = Read::at(false, list.span);
    for item in list.items_or_self() {
        let read = if given(Found::of(item)).value == Ok(true) { holds(item) } else { Read::at(false, item.span) };
        match read.value {
            Ok(true) => return read,
            Ok(false) => {}
            Err(_) => known = read,
        }
    }
    known
}
