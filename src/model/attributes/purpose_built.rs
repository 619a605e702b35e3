//! Purpose-built databases: DocumentDB, Neptune, Aurora DSQL, Keyspaces, Timestream.

use super::databases::manager;
use super::reader::{Found, Reader, find};
use super::{Record, ResourceType, declared, keys, policy};
use crate::model::entity::{AttributeKind, DEPENDS, DEPENDS_NUMBER, Origin, Read, Test, bool, read, string};
use crate::model::{Declared, Entity, EntityType, Known, Verb};
use crate::syntax::{Node, Unknown, UnknownKind};
use std::sync::Arc;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&DOCUMENTS], documents),
    ResourceType::read_by(&[&GRAPH], graph),
    ResourceType::read_by(&[&DSQL], dsql),
    ResourceType::declared(&[&KEYSPACE]),
    ResourceType::read_by(&[&TABLE], table),
    ResourceType::declared(&[&SERIES]),
    ResourceType::declared(&[&SERIES_TABLE]),
];

const MANAGER: Declared = string(
    "encryption.manager",
    "`none`, `aws` or `customer`; without a word not known, in Terraform `none`; not known of what is restored.",
);
const DAYS: Declared = read("backups.days", Origin::Number("BackupRetentionPeriod", 1), "1 by default.");
const PROTECTED: Declared = read(
    "deletionProtection",
    Origin::Check("DeletionProtection", Test::Stated),
    "Without a word not known, in Terraform off.",
);
const LOGS: Declared = read("logs", Origin::Words("EnableCloudwatchLogsExports"), "The logs that go to CloudWatch.");
const VERSION: Declared = read("version", Origin::Word("EngineVersion", DEPENDS), "The version of the engine.");

const DOCUMENTS: EntityType = EntityType {
    name: "AWS::DocDB::DBCluster",
    verb: Verb::Deploy,
    about: "A cluster of DocumentDB (defaults: AWS CloudFormation Template Reference, AWS::DocDB::DBCluster, and \
            Terraform AWS provider, docdb_cluster, 2026-12).",
    attributes: &[
        VERSION,
        MANAGER,
        DAYS,
        PROTECTED,
        LOGS,
        read(
            "global",
            Origin::Check("GlobalClusterIdentifier", Test::Given),
            "Whether it is part of a global cluster.",
        ),
        read(
            "password.managed",
            Origin::Check("ManageMasterUserPassword", Test::On(false)),
            "Whether Secrets Manager holds the password of the master user.",
        ),
        read(
            "password.written",
            Origin::Check("MasterUserPassword", Test::Written),
            "Whether the password of the master user is written out.",
        ),
        read("snapshots.tagged", Origin::Check("CopyTagsToSnapshot", Test::On(false)), "Not by default."),
    ],
};

const GRAPH: EntityType = EntityType {
    name: "AWS::Neptune::DBCluster",
    verb: Verb::Deploy,
    about: "A cluster of Neptune (defaults: AWS CloudFormation Template Reference, AWS::Neptune::DBCluster, Neptune API \
            reference, CreateDBCluster, and Terraform AWS provider, neptune_cluster, 2026-12).",
    attributes: &[
        VERSION,
        MANAGER,
        DAYS,
        PROTECTED,
        LOGS,
        read(
            "global",
            Origin::Check("GlobalClusterIdentifier", Test::Given),
            "Whether it is part of a global cluster.",
        ),
        read(
            "authentication.iam",
            Origin::Check("IamAuthEnabled", Test::On(false)),
            "Whether requests are signed with IAM; not by default.",
        ),
        read("snapshots.tagged", Origin::Check("CopyTagsToSnapshot", Test::Stated), "Whether snapshots get its tags."),
    ],
};

const DSQL: EntityType = EntityType {
    name: "AWS::DSQL::Cluster",
    verb: Verb::Deploy,
    about: "A cluster of Aurora DSQL (defaults: Amazon Aurora DSQL API Reference, CreateCluster, and Terraform AWS \
            provider, dsql_cluster, 2026-12).",
    attributes: &[
        string("encryption.manager", "`provider` (a key of AWS, the default), `aws` or `customer`."),
        read(
            "deletionProtection",
            Origin::Check("DeletionProtectionEnabled", Test::Stated),
            "Without a word not known, in Terraform off.",
        ),
        Declared {
            path: "regions",
            kind: AttributeKind::Strings,
            about: "The regions of the clusters that it is peered with; not known where one is given without its ARN.",
            from: None,
        },
        read(
            "witness",
            Origin::Word("MultiRegionProperties.WitnessRegion", ""),
            "The region of the witness; empty for a cluster of one region.",
        ),
        bool("public", "Whether a policy written with it lets in anyone; none does by default."),
    ],
};

const KEYSPACE: EntityType = EntityType {
    name: "AWS::Cassandra::Keyspace",
    verb: Verb::Deploy,
    about: "A keyspace (defaults: AWS CloudFormation Template Reference, AWS::Cassandra::Keyspace, 2026-12).",
    attributes: &[
        read(
            "multiRegion",
            Origin::Check("ReplicationSpecification.ReplicationStrategy", Test::Is("MULTI_REGION", false)),
            "Whether it is replicated to other regions; not by default.",
        ),
        read("regions", Origin::Words("ReplicationSpecification.RegionList"), "Where it is replicated; empty for one."),
    ],
};

const TABLE: EntityType = EntityType {
    name: "AWS::Cassandra::Table",
    verb: Verb::Deploy,
    about: "A table of Keyspaces (defaults: AWS CloudFormation Template Reference, AWS::Cassandra::Table, 2026-12).",
    attributes: &[
        string("encryption.manager", "`provider` (a key of Keyspaces, the default), `aws` or `customer`."),
        read(
            "backups.pointInTime",
            Origin::Check("PointInTimeRecoveryEnabled", Test::On(false)),
            "Whether it can be restored to any moment; not by default.",
        ),
        read("retention.seconds", Origin::Number("DefaultTimeToLive", 0), "0, for ever, by default."),
    ],
};

const SERIES: EntityType = EntityType {
    name: "AWS::Timestream::Database",
    verb: Verb::Deploy,
    about: "A database of Timestream (defaults: Amazon Timestream API Reference, CreateDatabase, 2026-12).",
    attributes: &[read(
        "encryption.manager",
        Origin::Key("KmsKeyId", "aws"),
        "`aws` (a key that Timestream manages in the account, the default) or `customer`.",
    )],
};

const SERIES_TABLE: EntityType = EntityType {
    name: "AWS::Timestream::Table",
    verb: Verb::Deploy,
    about: "A table of Timestream (defaults: Terraform AWS provider, timestreamwrite_table, 2026-12; AWS publishes none).",
    attributes: &[
        read(
            "retention.days",
            Origin::Number("RetentionProperties.MagneticStoreRetentionPeriodInDays", DEPENDS_NUMBER),
            "Of the magnetic store; without a word not known, in Terraform 73,000.",
        ),
        read(
            "rejected.kept",
            Origin::Check(
                "MagneticStoreWriteProperties.MagneticStoreRejectedDataLocation.S3Configuration.BucketName",
                Test::Given,
            ),
            "Whether rejected records are kept in a bucket.",
        ),
    ],
};

fn documents(reader: &Reader<'_>) -> Vec<Record> {
    restored(reader, &DOCUMENTS)
}

fn graph(reader: &Reader<'_>) -> Vec<Record> {
    restored(reader, &GRAPH)
}

/// A cluster that may be restored or copied from another one.
fn restored(reader: &Reader<'_>, kind: &'static EntityType) -> Vec<Record> {
    const SOURCES: &[&str] = &["SnapshotIdentifier", "SourceDBClusterIdentifier", "GlobalClusterIdentifier"];
    let mut entity = declared::entity(reader, kind);
    let unsaid = || Read::unknown(declared::depends(), None);
    entity.put("encryption.manager", manager(&reader.resource.properties, SOURCES, unsaid));
    vec![Record::new(reader, entity)]
}

fn dsql(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity: Entity = declared::entity(reader, &DSQL);
    let key = reader.text("KmsEncryptionKey");
    let manager = match &key.value {
        Ok(Some(word)) if &**word == "AWS_OWNED_KMS_KEY" => key.map(|_| "provider"),
        _ => keys::manager(reader.find("KmsEncryptionKey"), "provider"),
    };
    entity.put("encryption.manager", manager);
    entity.put("regions", regions(reader).map(Known::Strings));
    entity.put("public", policy::lets_in_anyone(reader.find("PolicyDocument")));
    vec![Record::new(reader, entity)]
}

/// The regions in the ARNs of the clusters that a cluster is peered with.
fn regions(reader: &Reader<'_>) -> Read<Vec<Arc<str>>> {
    let list = match reader.find("MultiRegionProperties.Clusters") {
        Found::Absent => return Read::default(Vec::new()),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(list) => list,
    };
    let region = |item: &Node| {
        let known = item.as_text().and_then(|arn| arn.split(':').nth(3)).filter(|region| !region.is_empty());
        known.map(Arc::from).ok_or_else(|| Unknown::new(UnknownKind::Other, format!("the region of {item}")))
    };
    match list.items_or_self().iter().map(region).collect() {
        Ok(regions) => Read::at(regions, list.span),
        Err(reason) => Read::unknown(reason, Some(list.span)),
    }
}

fn table(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &TABLE);
    let kind = reader.text("EncryptionSpecification.EncryptionType");
    let manager = match &kind.value {
        Ok(Some(word)) if &**word == "CUSTOMER_MANAGED_KMS_KEY" => {
            let key =
                keys::manager(find(&reader.resource.properties, "EncryptionSpecification.KmsKeyIdentifier"), "aws");
            Read { span: key.span.or(kind.span), value: key.value }
        }
        Ok(_) => kind.map(|_| "provider"),
        Err(reason) => Read::unknown(reason.clone(), kind.span),
    };
    entity.put("encryption.manager", manager);
    vec![Record::new(reader, entity)]
}
