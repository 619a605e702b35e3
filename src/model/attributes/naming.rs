//! Certificates and names: ACM, private authorities, Route 53.

use super::reader::Reader;
use super::{Record, ResourceType, declared, network};
use crate::model::entity::{DEPENDS, Origin, Test, bool, read};
use crate::model::{EntityType, Verb};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::declared(&[&CERTIFICATE]),
    ResourceType::declared(&[&AUTHORITY]),
    ResourceType::read_by(&[&ZONE], zone),
    ResourceType::declared(&[&RECORD]),
];

const CERTIFICATE: EntityType = EntityType {
    name: "AWS::CertificateManager::Certificate",
    verb: Verb::Deploy,
    about: "A certificate (defaults: AWS CloudFormation Template Reference, AWS::CertificateManager::Certificate, \
            2026-12).",
    attributes: &[
        read("validation", Origin::Word("ValidationMethod", "EMAIL"), "`EMAIL` (the default), `DNS` or `HTTP`."),
        read(
            "transparency",
            Origin::Check("CertificateTransparencyLoggingPreference", Test::Is("ENABLED", true)),
            "Whether it is logged in public; by default.",
        ),
        read(
            "exportable",
            Origin::Check("CertificateExport", Test::Is("ENABLED", false)),
            "Whether its private key may leave; not by default.",
        ),
        read(
            "keyAlgorithm",
            Origin::Word("KeyAlgorithm", DEPENDS),
            "`RSA_2048`, `EC_prime256v1` …; by default RSA, of a size that is not published.",
        ),
        read("wildcard", Origin::Check("DomainName", Test::Begins("*.")), "Whether it is for every name below one."),
        read("private", Origin::Check("CertificateAuthorityArn", Test::Given), "Whether a private authority signs it."),
    ],
};

const AUTHORITY: EntityType = EntityType {
    name: "AWS::ACMPCA::CertificateAuthority",
    verb: Verb::Deploy,
    about: "A private certificate authority (defaults: AWS CloudFormation Template Reference, \
            AWS::ACMPCA::CertificateAuthority, 2026-12).",
    attributes: &[
        read("kind", Origin::Word("Type", ""), "`ROOT` or `SUBORDINATE`; the latter by default in Terraform."),
        read("usage", Origin::Word("UsageMode", "GENERAL_PURPOSE"), "`GENERAL_PURPOSE` (the default) or short-lived."),
        read("keyAlgorithm", Origin::Word("KeyAlgorithm", ""), "`RSA_2048` …"),
        read(
            "revocation.list",
            Origin::Check("RevocationConfiguration.CrlConfiguration.Enabled", Test::On(false)),
            "Whether it keeps a list of what it took back; not where none is written.",
        ),
        read(
            "revocation.online",
            Origin::Check("RevocationConfiguration.OcspConfiguration.Enabled", Test::On(false)),
            "Whether it answers by OCSP; not where that is not written.",
        ),
        read(
            "revocation.public",
            Origin::Check("RevocationConfiguration.CrlConfiguration.S3ObjectAcl", Test::Is("PUBLIC_READ", true)),
            "Whether that list, where there is one, is public in S3; by default.",
        ),
    ],
};

const ZONE: EntityType = EntityType {
    name: "AWS::Route53::HostedZone",
    verb: Verb::Deploy,
    about: "A zone of names.",
    attributes: &[
        read("private", Origin::Check("VPCs.0", Test::Given), "Whether it is of networks, not public."),
        read(
            "queryLogging",
            Origin::Check("QueryLoggingConfig.CloudWatchLogsLogGroupArn", Test::Given),
            "Whether questions are logged; not where nothing is said.",
        ),
        bool("signed", "Whether a DNSSEC of the project signs it."),
    ],
};

const RECORD: EntityType = EntityType {
    name: "AWS::Route53::RecordSet",
    verb: Verb::Deploy,
    about: "A name.",
    attributes: &[
        read("kind", Origin::Word("Type", ""), "`A`, `CNAME`, `TXT` …"),
        read("alias", Origin::Check("AliasTarget.DNSName", Test::Given), "Whether it stands for a resource of AWS."),
        read("wildcard", Origin::Check("Name", Test::Begins("*.|\\052.")), "Whether it is every name below one."),
        read("healthCheck", Origin::Check("HealthCheckId", Test::Given), "Whether it is answered only when in health."),
        read("values", Origin::Words("ResourceRecords"), "What it says."),
    ],
};

fn zone(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &ZONE);
    entity.put("signed", network::named_by(reader, "AWS::Route53::DNSSEC", "HostedZoneId", |_| true));
    vec![Record::new(reader, entity)]
}
