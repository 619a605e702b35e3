//! Managed Streaming for Apache Kafka: clusters and their configurations.

use super::reader::{Reader, flag, given};
use super::{Record, ResourceType, declared, policy};
use crate::model::entity::{DEPENDS, Origin, Read, Test, bool, read};
use crate::model::{EntityType, Verb};
use std::sync::Arc;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&CLUSTER], cluster),
    ResourceType::declared(&[&SERVERLESS]),
    ResourceType::read_by(&[&CONFIGURATION], configuration),
];

const CLUSTER: EntityType = EntityType {
    name: "AWS::MSK::Cluster",
    verb: Verb::Deploy,
    about: "A Kafka cluster with brokers of its own (defaults: AWS CloudFormation Template Reference, \
            AWS::MSK::Cluster, 2026-12).",
    attributes: &[
        read(
            "encryption.manager",
            Origin::Key("EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId", "aws"),
            "`aws` (a key that MSK makes, the default) or `customer`.",
        ),
        read(
            "transport.clients",
            Origin::Word("EncryptionInfo.EncryptionInTransit.ClientBroker", "TLS"),
            "`TLS` (the default), `TLS_PLAINTEXT` or `PLAINTEXT`.",
        ),
        read(
            "transport.brokers",
            Origin::Check("EncryptionInfo.EncryptionInTransit.InCluster", Test::On(true)),
            "Whether brokers speak TLS with each other; on by default.",
        ),
        read(
            "public",
            Origin::Check(
                "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type",
                Test::Is("SERVICE_PROVIDED_EIPS", false),
            ),
            "Whether brokers have public addresses; not by default (Amazon MSK Developer Guide, \"Turn on public \
             access\", 2026-12).",
        ),
        bool(
            "authentication.given",
            "Whether any way of authentication is on and none that lets clients in without; none by default.",
        ),
        read(
            "authentication.iam",
            Origin::Check("ClientAuthentication.Sasl.Iam.Enabled", Test::On(false)),
            "Whether clients authenticate with IAM.",
        ),
        bool("logging.enabled", "Whether the logs of brokers go anywhere; nowhere by default."),
        read("monitoring", Origin::Word("EnhancedMonitoring", DEPENDS), "`DEFAULT`, `PER_BROKER` …"),
        read("version", Origin::Word("KafkaVersion", ""), "The version of Kafka."),
    ],
};

const SERVERLESS: EntityType = EntityType {
    name: "AWS::MSK::ServerlessCluster",
    verb: Verb::Deploy,
    about: "A Kafka cluster without brokers of its own.",
    attributes: &[
        read(
            "authentication.iam",
            Origin::Check("ClientAuthentication.Sasl.Iam.Enabled", Test::On(false)),
            "Whether clients authenticate with IAM.",
        ),
        read(
            "securityGroups.given",
            Origin::All("VpcConfigs", "SecurityGroups.0", Test::Given),
            "Whether each of its networks names security groups.",
        ),
    ],
};

const CONFIGURATION: EntityType = EntityType {
    name: "AWS::MSK::Configuration",
    verb: Verb::Deploy,
    about: "Settings of Kafka (defaults: Amazon MSK Developer Guide, \"Default Amazon MSK configuration\" and \
            \"Apache Kafka ACLs\", 2026-12).",
    attributes: &[
        bool("topics.automatic", "Whether clients make topics by naming them; not by default."),
        bool("acl.open", "Whether anyone may use what no ACL names, `allow.everyone.if.no.acl.found`; so by default."),
    ],
};

fn cluster(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &CLUSTER);
    let logs = ["CloudWatchLogs", "Firehose", "S3"].map(|to| format!("LoggingInfo.BrokerLogs.{to}.Enabled"));
    entity.put("logging.enabled", policy::any(logs.map(|path| reader.flag(&path, false))));
    entity.put("authentication.given", authentication(reader));
    vec![Record::new(reader, entity)]
}

fn authentication(reader: &Reader<'_>) -> Read<bool> {
    let at = |path: &str| reader.find(&format!("ClientAuthentication.{path}"));
    let open = flag(at("Unauthenticated.Enabled"), false);
    let ways = ["Sasl.Iam.Enabled", "Sasl.Scram.Enabled", "Tls.Enabled"].map(|path| flag(at(path), false));
    let [iam, scram, tls] = ways;
    // Terraform and older templates switch it on by naming who signs.
    let signed = given(at("Tls.CertificateAuthorityArnList.0"));
    match open.value {
        Ok(true) => open.map(|_| false),
        Ok(false) => policy::any([iam, scram, tls, signed]),
        Err(_) => open,
    }
}

fn configuration(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &CONFIGURATION);
    let text = reader.text("ServerProperties");
    let setting = |name: &str, default: bool| text.clone().map(|text| setting(text.as_ref(), name, default));
    entity.put("topics.automatic", setting("auto.create.topics.enable", false));
    entity.put("acl.open", setting("allow.everyone.if.no.acl.found", true));
    vec![Record::new(reader, entity)]
}

/// What a file of properties says of a switch.
fn setting(text: Option<&Arc<str>>, name: &str, default: bool) -> bool {
    let lines = text.map(|text| text.lines()).into_iter().flatten();
    let mut said = lines.filter_map(|line| line.split_once('=')).filter(|(key, _)| key.trim() == name);
    // The last one holds.
    said.next_back().map_or(default, |(_, value)| value.trim().eq_ignore_ascii_case("true"))
}
