//! Caches and databases in memory: ElastiCache, MemoryDB, DAX.

use super::reader::{Reader, flag};
use super::{Record, ResourceType, declared, keys, policy};
use crate::model::entity::{DEPENDS, DEPENDS_NUMBER, Origin, Read, Test, bool, read, string};
use crate::model::{Declared, EntityType, Verb};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&GROUP], group),
    ResourceType::declared(&[&CLUSTER]),
    ResourceType::declared(&[&SERVERLESS]),
    ResourceType::declared(&[&GLOBAL]),
    ResourceType::read_by(&[&USER], user),
    ResourceType::declared(&[&MEMORY]),
    ResourceType::declared(&[&MEMORY_REGIONS]),
    ResourceType::declared(&[&MEMORY_ACL]),
    ResourceType::declared(&[&DAX]),
];

const ENGINE: Declared = read("engine", Origin::Word("Engine", DEPENDS), "`redis`, `valkey` or `memcached`.");
const VERSION: Declared = read("version", Origin::Word("EngineVersion", DEPENDS), "The version of the engine.");
const SNAPSHOTS: Declared = read(
    "backups.days",
    Origin::Number("SnapshotRetentionLimit", 0),
    "How long snapshots are kept; 0, none, by default.",
);
const SUBNETS: Declared = read(
    "subnets.given",
    Origin::Check("CacheSubnetGroupName", Test::Given),
    "Whether it names a subnet group; else it stands in the default one.",
);
const LOGGED: Declared = read(
    "logging.enabled",
    Origin::Check("LogDeliveryConfigurations.0", Test::Given),
    "Whether any of its logs goes anywhere.",
);

const GROUP: EntityType = EntityType {
    name: "AWS::ElastiCache::ReplicationGroup",
    verb: Verb::Deploy,
    about: "A cache of Redis or Valkey with replicas (defaults: Amazon ElastiCache API Reference, \
            CreateReplicationGroup, 2026-12).",
    attributes: &[
        ENGINE,
        VERSION,
        string(
            "encryption.manager",
            "`none` (the default of Redis), `provider` (the default of Valkey), `aws` or `customer`.",
        ),
        read(
            "transport.encrypted",
            Origin::Check("TransitEncryptionEnabled", Test::On(false)),
            "Whether clients may use TLS; not by default.",
        ),
        read(
            "transport.mode",
            Origin::Word("TransitEncryptionMode", DEPENDS),
            "`required`, or `preferred`, which lets in clients without TLS.",
        ),
        read("authentication.token", Origin::Check("AuthToken", Test::Given), "Whether clients need a token."),
        read("authentication.users", Origin::Check("UserGroupIds.0", Test::Given), "Whether users have rights."),
        read("token.written", Origin::Check("AuthToken", Test::Written), "Whether the token is written out."),
        SNAPSHOTS,
        read(
            "multiAz",
            Origin::Check("MultiAZEnabled", Test::Stated),
            "Whether replicas stand in other zones; without a word not known, in Terraform not.",
        ),
        read("failover", Origin::Check("AutomaticFailoverEnabled", Test::On(false)), "Off by default."),
        read(
            "upgrades.automatic",
            Origin::Check("AutoMinorVersionUpgrade", Test::On(true)),
            "On by default (Terraform AWS provider, elasticache_replication_group, 2026-12).",
        ),
        LOGGED,
        SUBNETS,
        read("global", Origin::Check("GlobalReplicationGroupId", Test::Given), "Whether it is part of a global one."),
    ],
};

const CLUSTER: EntityType = EntityType {
    name: "AWS::ElastiCache::CacheCluster",
    verb: Verb::Deploy,
    about: "A cache of Memcached, or of one node of Redis or Valkey (defaults: AWS CloudFormation Template Reference, \
            AWS::ElastiCache::CacheCluster, 2026-12).",
    attributes: &[
        ENGINE,
        VERSION,
        read(
            "transport.encrypted",
            Origin::Check("TransitEncryptionEnabled", Test::Stated),
            "Whether clients may use TLS; without a word not known.",
        ),
        SNAPSHOTS,
        read(
            "multiAz",
            Origin::Check("AZMode", Test::Is("cross-az", false)),
            "Whether it spans zones; not by default.",
        ),
        read(
            "upgrades.automatic",
            Origin::Check("AutoMinorVersionUpgrade", Test::Stated),
            "Without a word not known, in Terraform on.",
        ),
        LOGGED,
        SUBNETS,
    ],
};

const SERVERLESS: EntityType = EntityType {
    name: "AWS::ElastiCache::ServerlessCache",
    verb: Verb::Deploy,
    about: "A serverless cache (defaults: Amazon ElastiCache API Reference, CreateServerlessCache, 2026-12).",
    attributes: &[
        ENGINE,
        read(
            "encryption.manager",
            Origin::Key("KmsKeyId", "provider"),
            "`provider` (a key of the service, the default), `aws` or `customer`.",
        ),
        read("authentication.users", Origin::Check("UserGroupId", Test::Given), "Whether users have rights."),
        read("backups.days", Origin::Number("SnapshotRetentionLimit", DEPENDS_NUMBER), "How long snapshots are kept."),
        read(
            "public",
            Origin::Check("ConnectionType", Test::Is("public", false)),
            "Whether it is reached over the internet; not by default.",
        ),
    ],
};

const GLOBAL: EntityType = EntityType {
    name: "AWS::ElastiCache::GlobalReplicationGroup",
    verb: Verb::Deploy,
    about: "A cache that spans regions.",
    attributes: &[
        read(
            "regions",
            Origin::Each("Members", "ReplicationGroupRegion"),
            "The regions of its members; not known in Terraform, where members name it.",
        ),
        read(
            "failover",
            Origin::Check("AutomaticFailoverEnabled", Test::Stated),
            "By default as its first member says.",
        ),
    ],
};

const USER: EntityType = EntityType {
    name: "AWS::ElastiCache::User",
    verb: Verb::Deploy,
    about: "A user of a cache (Amazon ElastiCache API Reference, CreateUser, 2026-12).",
    attributes: &[
        string("authentication", "`iam`, `password` or `none`; not known where nothing says."),
        bool("access.all", "Whether it may use every command on every key."),
        bool("password.written", "Whether a password is written out."),
    ],
};

const MEMORY: EntityType = EntityType {
    name: "AWS::MemoryDB::Cluster",
    verb: Verb::Deploy,
    about: "A cluster of MemoryDB (defaults: Amazon MemoryDB Developer Guide, \"At-Rest Encryption in MemoryDB\", and \
            Terraform AWS provider, memorydb_cluster, 2026-12).",
    attributes: &[
        ENGINE,
        VERSION,
        read(
            "encryption.manager",
            Origin::Key("KmsKeyId", "provider"),
            "`provider` (a key of the service, the default), `aws` or `customer`.",
        ),
        read(
            "transport.encrypted",
            Origin::Check("TLSEnabled", Test::Stated),
            "Whether clients need TLS; without a word not known, in Terraform so.",
        ),
        read("acl.open", Origin::Check("ACLName", Test::Is("open-access", false)), "Whether anyone may do anything."),
        read(
            "backups.days",
            Origin::Number("SnapshotRetentionLimit", DEPENDS_NUMBER),
            "How long snapshots are kept; without a word not known, in Terraform 0, none.",
        ),
        read(
            "upgrades.automatic",
            Origin::Check("AutoMinorVersionUpgrade", Test::Stated),
            "Without a word not known, in Terraform on.",
        ),
        read(
            "multiRegion",
            Origin::Check("MultiRegionClusterName", Test::Given),
            "Whether it is part of a larger one.",
        ),
    ],
};

const MEMORY_REGIONS: EntityType = EntityType {
    name: "AWS::MemoryDB::MultiRegionCluster",
    verb: Verb::Deploy,
    about: "A cluster of MemoryDB that spans regions (AWS publishes no default).",
    attributes: &[
        ENGINE,
        read("transport.encrypted", Origin::Check("TLSEnabled", Test::Stated), "Whether clients need TLS."),
    ],
};

const MEMORY_ACL: EntityType = EntityType {
    name: "AWS::MemoryDB::ACL",
    verb: Verb::Deploy,
    about: "Who may use a cluster of MemoryDB.",
    attributes: &[read("users", Origin::Words("UserNames"), "The names of its users.")],
};

const DAX: EntityType = EntityType {
    name: "AWS::DAX::Cluster",
    verb: Verb::Deploy,
    about: "A cache of DynamoDB (defaults: AWS CloudFormation Template Reference, AWS::DAX::Cluster, 2026-12).",
    attributes: &[
        read(
            "encryption.enabled",
            Origin::Check("SSESpecification.SSEEnabled", Test::On(false)),
            "Off by default (Terraform AWS provider, dax_cluster, 2026-12).",
        ),
        read(
            "transport.encrypted",
            Origin::Check("ClusterEndpointEncryptionType", Test::Is("TLS", false)),
            "Whether clients use TLS; not by default.",
        ),
        read("nodes", Origin::Number("ReplicationFactor", DEPENDS_NUMBER), "Number of its nodes."),
    ],
};

fn group(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &GROUP);
    let engine = reader.text("Engine");
    let manager = match (reader.given("AtRestEncryptionEnabled").value, &engine.value) {
        (Ok(false), Ok(Some(engine))) if &**engine == "redis" => Read::default("none"),
        (Ok(false), Ok(Some(engine))) if &**engine == "valkey" => keys::manager(reader.find("KmsKeyId"), "provider"),
        (Ok(false), Ok(_)) => Read::unknown(declared::depends(), None),
        (Ok(false), Err(reason)) => Read::unknown(reason.clone(), engine.span),
        _ => {
            let enabled = flag(reader.find("AtRestEncryptionEnabled"), false);
            match enabled.value {
                Ok(true) => {
                    let key = keys::manager(reader.find("KmsKeyId"), "provider");
                    Read { span: key.span.or(enabled.span), value: key.value }
                }
                Ok(false) => enabled.map(|_| "none"),
                Err(reason) => Read::unknown(reason, enabled.span),
            }
        }
    };
    entity.put("encryption.manager", manager);
    vec![Record::new(reader, entity)]
}

fn user(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &USER);
    entity.put("authentication", authentication(reader));
    let access = reader.text("AccessString").map(|access| {
        let access = access.unwrap_or_default();
        let words: Vec<&str> = access.split_whitespace().collect();
        let says = |any: &[&str]| words.iter().any(|word| any.contains(word));
        says(&["on"]) && says(&["~*", "allkeys"]) && says(&["+@all", "allcommands"])
    });
    entity.put("access.all", access);
    let written = ["Passwords", "AuthenticationMode.Passwords"]
        .map(|list| declared::truth(&reader.resource.properties, Origin::Any(list, "", Test::Written)));
    entity.put("password.written", policy::any(written));
    vec![Record::new(reader, entity)]
}

fn authentication(reader: &Reader<'_>) -> Read<&'static str> {
    let kind = reader.text("AuthenticationMode.Type");
    let open = flag(reader.find("NoPasswordRequired"), false);
    match (&kind.value, &open.value) {
        (Ok(Some(kind_word)), _) => match &**kind_word {
            "iam" => kind.map(|_| "iam"),
            "password" => kind.map(|_| "password"),
            _ => kind.map(|_| "none"),
        },
        (Err(reason), _) => Read::unknown(reason.clone(), kind.span),
        (_, Ok(true)) => open.map(|_| "none"),
        (_, Err(reason)) => Read::unknown(reason.clone(), open.span),
        _ => {
            let passwords = reader.given("Passwords.0");
            match passwords.value {
                Ok(true) => passwords.map(|_| "password"),
                Ok(false) => Read::unknown(declared::depends(), None),
                Err(reason) => Read::unknown(reason, passwords.span),
            }
        }
    }
}
