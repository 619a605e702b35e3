//! Relational databases: instances, clusters, global clusters.

use super::parameters::{Group, tls_required};
use super::reader::{Found, Reader, find, flag, text};
use super::{Record, ResourceType, declared, keys, regions};
use crate::model::entity::{
    AttributeKind, DEPENDS, DEPENDS_NUMBER, Known, Origin, Read, Test, bool, long, read, string,
};
use crate::model::{Declared, Entity, EntityType, Resource, Verb};
use crate::syntax::{Node, Unknown, UnknownKind};
use std::sync::Arc;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&INSTANCE], instance),
    ResourceType::read_by(&[&CLUSTER], cluster),
    ResourceType::declared(&[&GLOBAL]),
];

const CLUSTER_KIND: &str = "AWS::RDS::DBCluster";

/// Attributes that a member of a cluster has from its cluster, with what an instance of its own says.
const INHERITED: [(&str, Origin); 4] = [
    ("authentication.iam", Origin::Check("EnableIAMDatabaseAuthentication", Test::On(false))),
    ("backups.days", Origin::Number("BackupRetentionPeriod", 1)),
    ("logs", Origin::Words("EnableCloudwatchLogsExports")),
    ("snapshots.tagged", Origin::Check("CopyTagsToSnapshot", Test::On(false))),
];

const MANAGER: Declared = string(
    "encryption.manager",
    "`none` (the default of an instance), `provider` (the default of Aurora since 2026-02-18: Amazon Aurora User Guide, \
     \"Encrypting Amazon Aurora resources\", 2026-12), `aws` or `customer`; not known of what is restored or copied.",
);
const TLS: Declared = bool(
    "tls.required",
    "Whether its parameter group turns away connections without TLS, as far as the project or the name of the group \
     says (Amazon RDS User Guide, \"Requiring SSL/TLS\" for each engine, 2026-12).",
);
const ENGINE: Declared = read("engine", Origin::Word("Engine", DEPENDS), "`postgres`, `aurora-mysql` …");
const VERSION: Declared = read("version", Origin::Word("EngineVersion", DEPENDS), "The version of the engine.");
const INSIGHTS: Declared = read(
    "insights.manager",
    Origin::KeyBehind("EnablePerformanceInsights", "PerformanceInsightsKMSKeyId", "aws"),
    "Of Performance Insights: `none` where they are off (the default), `aws` or `customer`.",
);
const PASSWORD_MANAGED: Declared = read(
    "password.managed",
    Origin::Check("ManageMasterUserPassword", Test::On(false)),
    "Whether Secrets Manager holds the password of the master user; not by default.",
);
const PASSWORD_WRITTEN: Declared = read(
    "password.written",
    Origin::Check("MasterUserPassword", Test::Written),
    "Whether the password of the master user is written out.",
);
const USER: Declared = read("user", Origin::Word("MasterUsername", DEPENDS), "The name of the master user.");
const UPGRADES: Declared = read(
    "upgrades.automatic",
    Origin::Check("AutoMinorVersionUpgrade", Test::On(true)),
    "Whether minor versions are installed by themselves; so by default.",
);
const PROTECTED: Declared = read(
    "deletionProtection",
    Origin::Check("DeletionProtection", Test::On(false)),
    "Off by default; a member of a cluster has none of its own.",
);
const IAM: Declared = bool("authentication.iam", "Whether users may authenticate with IAM; not by default.");
const DAYS: Declared =
    long("backups.days", "1 by default, in Terraform 0 for an instance; a member's are those of its cluster.");
const LOGS: Declared = Declared {
    path: "logs",
    kind: AttributeKind::Strings,
    about: "The logs that go to CloudWatch; none by default.",
    from: None,
};
const TAGGED: Declared = bool("snapshots.tagged", "Whether snapshots get its tags; not by default.");
const SOURCE: Declared =
    string("source.region", "The region that it copies a database of, empty where that is its own.");
const PORT: Declared = long("port", "By default that of the engine; not known of clusters.");

const INSTANCE: EntityType = EntityType {
    name: "AWS::RDS::DBInstance",
    verb: Verb::Deploy,
    about: "A database instance; what its cluster decides is read there (defaults: AWS CloudFormation Template \
            Reference, AWS::RDS::DBInstance, and Amazon RDS API Reference, CreateDBInstance, 2026-12).",
    attributes: &[
        ENGINE,
        VERSION,
        read("member", Origin::Check("DBClusterIdentifier", Test::Given), "Whether it belongs to a cluster."),
        MANAGER,
        bool(
            "public",
            "Whether it may have a public address; by default where it is no member of a cluster and names no subnet \
             group, or the one called `default`. Not by default in Terraform.",
        ),
        TLS,
        DAYS,
        read(
            "backups.region",
            Origin::Word("AutomaticBackupReplicationRegion", ""),
            "The region that its backups are copied to; none by default.",
        ),
        SOURCE,
        PROTECTED,
        read("multiAz", Origin::Check("MultiAZ", Test::On(false)), "Whether it has a standby in another zone."),
        UPGRADES,
        IAM,
        LOGS,
        read("monitoring.seconds", Origin::Number("MonitoringInterval", 0), "0, none, by default."),
        INSIGHTS,
        PASSWORD_MANAGED,
        PASSWORD_WRITTEN,
        USER,
        PORT,
        TAGGED,
    ],
};

const CLUSTER: EntityType = EntityType {
    name: CLUSTER_KIND,
    verb: Verb::Deploy,
    about: "A database cluster (defaults: AWS CloudFormation Template Reference, AWS::RDS::DBCluster, 2026-12).",
    attributes: &[
        ENGINE,
        VERSION,
        MANAGER,
        read(
            "public",
            Origin::Check("PubliclyAccessible", Test::Stated),
            "Whether a multi-AZ cluster may have a public address; in Aurora its instances say so.",
        ),
        TLS,
        DAYS,
        SOURCE,
        read(
            "global",
            Origin::Check("GlobalClusterIdentifier", Test::Given),
            "Whether it is part of a global cluster.",
        ),
        PROTECTED,
        UPGRADES,
        IAM,
        LOGS,
        read("dataApi", Origin::Check("EnableHttpEndpoint", Test::On(false)), "Off by default."),
        read("backtrack.seconds", Origin::Number("BacktrackWindow", 0), "0, none, by default."),
        read(
            "insights.manager",
            Origin::KeyBehind("PerformanceInsightsEnabled", "PerformanceInsightsKmsKeyId", "aws"),
            INSIGHTS.about,
        ),
        PASSWORD_MANAGED,
        PASSWORD_WRITTEN,
        USER,
        read("port", Origin::Number("Port", DEPENDS_NUMBER), "The default hangs on the engine."),
        TAGGED,
    ],
};

const GLOBAL: EntityType = EntityType {
    name: "AWS::RDS::GlobalCluster",
    verb: Verb::Deploy,
    about: "A database that spans regions (no defaults are published: AWS CloudFormation Template Reference, \
            AWS::RDS::GlobalCluster, 2026-12).",
    attributes: &[
        ENGINE,
        read("encryption.enabled", Origin::Check("StorageEncrypted", Test::Stated), "As its first cluster says."),
        read("deletionProtection", Origin::Check("DeletionProtection", Test::Stated), "In Terraform off by default."),
    ],
};

fn instance(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &INSTANCE);
    let properties = &reader.resource.properties;
    let member = !matches!(reader.find("DBClusterIdentifier"), Found::Absent);
    let cluster = if member { Some(reader.target("DBClusterIdentifier", CLUSTER_KIND)) } else { None };
    inherit(&mut entity, properties, cluster);
    entity.put(
        "encryption.manager",
        match cluster {
            None => manager(properties, INSTANCE_SOURCES, || Read::default("none")),
            Some(Some(cluster)) => cluster_manager(&cluster.properties),
            Some(None) => elsewhere(),
        },
    );
    entity.put("public", public(reader, member));
    entity.put(
        "tls.required",
        match cluster {
            None => tls_required(reader, properties, &Group::INSTANCE),
            Some(Some(cluster)) => tls_required(reader, &cluster.properties, &Group::CLUSTER),
            Some(None) => elsewhere(),
        },
    );
    entity.put("source.region", source_region(reader, "SourceDBInstanceIdentifier"));
    entity.put("port", port(properties));
    vec![Record::new(reader, entity)]
}

fn cluster(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &CLUSTER);
    let properties = &reader.resource.properties;
    inherit(&mut entity, properties, None);
    entity.put("encryption.manager", cluster_manager(properties));
    entity.put("tls.required", tls_required(reader, properties, &Group::CLUSTER));
    entity.put("source.region", source_region(reader, "ReplicationSourceIdentifier"));
    vec![Record::new(reader, entity)]
}

/// Adds what a cluster says for its members: from the cluster, where there is one, else from the properties.
fn inherit(entity: &mut Entity, properties: &Node, cluster: Option<Option<&Resource>>) {
    for (path, origin) in INHERITED {
        let read: Read<Known> = match cluster {
            None => declared::value(properties, origin),
            Some(Some(cluster)) => declared::value(&cluster.properties, origin),
            Some(None) => elsewhere(),
        };
        entity.put(path, read);
    }
}

fn elsewhere<T>() -> Read<T> {
    Read::unknown(Unknown::new(UnknownKind::Other, "its cluster is not in the project"), None)
}

/// Properties that say what an instance is restored from or copies.
const INSTANCE_SOURCES: &[&str] = &[
    "DBSnapshotIdentifier",
    "DBClusterSnapshotIdentifier",
    "SourceDBInstanceIdentifier",
    "SourceDBClusterIdentifier",
    "SourceDbiResourceId",
    "SourceDBInstanceAutomatedBackupsArn",
];

/// The same of a cluster.
const CLUSTER_SOURCES: &[&str] = &[
    "SnapshotIdentifier",
    "SourceDBClusterIdentifier",
    "SourceDbClusterResourceId",
    "ReplicationSourceIdentifier",
    "GlobalClusterIdentifier",
];

fn cluster_manager(properties: &Node) -> Read<&'static str> {
    manager(properties, CLUSTER_SOURCES, || match text(find(properties, "Engine")).value {
        Ok(Some(engine)) if engine.to_lowercase().starts_with("aurora") => Read::default("provider"),
        _ => Read::unknown(declared::depends(), None),
    })
}

/// Who manages the key of the storage; what is copied is encrypted as its source is.
pub(super) fn manager(
    properties: &Node,
    sources: &[&str],
    default: impl FnOnce() -> Read<&'static str>,
) -> Read<&'static str> {
    let copied = sources.iter().any(|path| !matches!(find(properties, path), Found::Absent));
    let (encrypted, key) = (find(properties, "StorageEncrypted"), find(properties, "KmsKeyId"));
    match (encrypted, key) {
        (Found::Absent, Found::Absent) if copied => as_source(),
        (Found::Absent, Found::Absent) => default(),
        // A key is only taken for encrypted storage.
        (Found::Absent, key) if copied => keys::manager(key, "aws"),
        (encrypted, key) => {
            let encrypted = flag(encrypted, false);
            match encrypted.value {
                Ok(true) => {
                    let key = keys::manager(key, "aws");
                    Read { span: key.span.or(encrypted.span), value: key.value }
                }
                Ok(false) if copied => as_source(),
                Ok(false) => encrypted.map(|_| "none"),
                Err(reason) => Read::unknown(reason, encrypted.span),
            }
        }
    }
}

fn as_source<T>() -> Read<T> {
    Read::unknown(Unknown::new(UnknownKind::Other, "it is encrypted as what it copies"), None)
}

fn public(reader: &Reader<'_>, member: bool) -> Read<bool> {
    match reader.find("PubliclyAccessible") {
        Found::Absent if member => Read::default(false),
        Found::Absent => {
            let subnets = reader.text("DBSubnetGroupName");
            match (&subnets.value, reader.given("DBSubnetGroupName").value) {
                (Ok(name), _) => {
                    let open = name.as_deref().is_none_or(|name| name == "default");
                    subnets.map(|_| open)
                }
                // A group of the project is not the one called `default`.
                (Err(_), Ok(true)) => Read { value: Ok(false), span: subnets.span },
                (Err(reason), _) => Read::unknown(reason.clone(), subnets.span),
            }
        }
        found => flag(found, false),
    }
}

/// The region that a source's ARN names; empty for a name, which is one of the same region.
fn source_region(reader: &Reader<'_>, path: &str) -> Read<Arc<str>> {
    let region = reader.text("SourceRegion");
    match region.value {
        Ok(None) => {}
        _ => return region.map(Option::unwrap_or_default),
    }
    regions::of_arn(reader, path)
}

/// The port of an instance: written, or that of its engine.
fn port(properties: &Node) -> Read<i64> {
    const PORTS: [(&str, i64); 6] =
        [("db2", 50000), ("mariadb", 3306), ("mysql", 3306), ("oracle", 1521), ("postgres", 5432), ("sqlserver", 1433)];
    let engine = text(find(properties, "Engine")).map(|engine| engine.map(|engine| engine.to_lowercase()));
    let default = match &engine.value {
        Ok(Some(engine)) => {
            PORTS.iter().find(|(name, _)| engine.starts_with(name)).map_or(DEPENDS_NUMBER, |port| port.1)
        }
        _ => DEPENDS_NUMBER,
    };
    declared::number(find(properties, "Port"), default)
}
