//! What stands beside relational databases: parameter and option groups, proxies, subscriptions to events.

use super::reader::{Found, Reader, find, text};
use super::{Record, ResourceType, declared, policy};
use crate::model::entity::{Origin, Read, Test, bool, read};
use crate::model::{EntityType, Verb};
use crate::syntax::{Node, Unknown, UnknownKind};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&PARAMETERS], group),
    ResourceType::read_by(&[&CLUSTER_PARAMETERS], cluster_group),
    ResourceType::declared(&[&OPTIONS]),
    ResourceType::read_by(&[&PROXY], proxy),
    ResourceType::declared(&[&SUBSCRIPTION]),
];

/// How a database names the parameter group that holds for it.
pub(super) struct Group {
    property: &'static str,
    kind: &'static str,
}

impl Group {
    /// The group of an instance.
    pub(super) const INSTANCE: Self = Self { property: "DBParameterGroupName", kind: "AWS::RDS::DBParameterGroup" };
    /// The group of a cluster.
    pub(super) const CLUSTER: Self =
        Self { property: "DBClusterParameterGroupName", kind: "AWS::RDS::DBClusterParameterGroup" };
}

/// Parameters that turn away connections without TLS.
const TLS: [&str; 2] = ["rds.force_ssl", "require_secure_transport"];

const PARAMETERS: EntityType = EntityType {
    name: "AWS::RDS::DBParameterGroup",
    verb: Verb::Deploy,
    about: "Parameters of an instance.",
    attributes: &[
        bool(
            "tls.required",
            "Whether connections without TLS are turned away; by default from PostgreSQL 15, MySQL 9.7 and \
             MariaDB 11.8 on, not in the versions before (Amazon RDS User Guide, \"Requiring SSL/TLS\" for each, \
             2026-12), elsewhere not known.",
        ),
        read("family", Origin::Word("Family", ""), "The engine and version that it is for, `postgres16`."),
    ],
};

const CLUSTER_PARAMETERS: EntityType = EntityType {
    name: "AWS::RDS::DBClusterParameterGroup",
    verb: Verb::Deploy,
    about: "Parameters of a cluster.",
    attributes: PARAMETERS.attributes,
};

const OPTIONS: EntityType = EntityType {
    name: "AWS::RDS::OptionGroup",
    verb: Verb::Deploy,
    about: "Options of an instance.",
    attributes: &[
        read("engine", Origin::Word("EngineName", ""), "The engine that it is for."),
        read(
            "tls",
            Origin::Any("OptionConfigurations", "OptionName", Test::Is("SSL", false)),
            "Whether Oracle listens for TLS.",
        ),
        read(
            "networkEncryption",
            Origin::Any("OptionConfigurations", "OptionName", Test::Is("NATIVE_NETWORK_ENCRYPTION", false)),
            "Whether Oracle encrypts connections itself.",
        ),
        read(
            "audited",
            Origin::Any("OptionConfigurations", "OptionName", Test::Is("MARIADB_AUDIT_PLUGIN|SQLSERVER_AUDIT", false)),
            "Whether MySQL, MariaDB or SQL Server write an audit log.",
        ),
    ],
};

const PROXY: EntityType = EntityType {
    name: "AWS::RDS::DBProxy",
    verb: Verb::Deploy,
    about: "A proxy of databases (no defaults are published: Amazon RDS API Reference, CreateDBProxy, 2026-12).",
    attributes: &[
        read("tls.required", Origin::Check("RequireTLS", Test::Stated), "Whether connections need TLS."),
        read(
            "logging.detailed",
            Origin::Check("DebugLogging", Test::Stated),
            "Whether it logs statements, with what is in them.",
        ),
        bool("authentication.iam", "Whether clients have to authenticate with IAM, for each of its users."),
        read("engine", Origin::Word("EngineFamily", ""), "`MYSQL`, `POSTGRESQL` or `SQLSERVER`."),
    ],
};

const SUBSCRIPTION: EntityType = EntityType {
    name: "AWS::RDS::EventSubscription",
    verb: Verb::Deploy,
    about: "A subscription to events (defaults: AWS CloudFormation Template Reference, AWS::RDS::EventSubscription, \
            2026-12).",
    attributes: &[
        read("enabled", Origin::Check("Enabled", Test::On(true)), "On by default."),
        read("source.kind", Origin::Word("SourceType", ""), "`db-instance`, `db-cluster` …; empty for all."),
        read("sources", Origin::Count("SourceIds"), "Number of the sources that it names; 0 for all."),
        read("categories", Origin::Words("EventCategories"), "The categories of events; empty for all."),
    ],
};

/// Whether the parameter group of a database, whose properties these are, turns away connections without TLS.
pub(super) fn tls_required(reader: &Reader<'_>, database: &Node, group: &Group) -> Read<bool> {
    let named = find(database, group.property);
    let node = match named {
        Found::Absent => return by_family(family(database).as_deref()),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    if let Some(found) = reader.project.named_of(node, |kind| kind == group.kind) {
        return required(&found.properties);
    }
    match node.as_text().and_then(|name| name.strip_prefix("default.")) {
        Some(family) => by_family(Some(family)),
        None => {
            Read::unknown(Unknown::new(UnknownKind::Other, format!("{node} is not in the project")), Some(node.span))
        }
    }
}

/// The family of a database's default parameter group, `mysql8.0`.
fn family(database: &Node) -> Option<String> {
    // The engine is written in any case.
    let engine = text(find(database, "Engine")).value.ok()??.to_lowercase();
    let version = text(find(database, "EngineVersion")).value.ok()??;
    let numbers: Vec<&str> = version.split('.').take(2).collect();
    Some(format!("{engine}{}", numbers.join(".")))
}

fn required(group: &Node) -> Read<bool> {
    let parameters = match find(group, "Parameters") {
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => Some(node),
        Found::Absent => None,
    };
    match TLS.iter().find_map(|name| parameters?.get(name)) {
        Some(value) => text(Found::of(value)).map(|value| {
            let value = value.unwrap_or_default();
            ["1", "on", "true"].iter().any(|on| value.eq_ignore_ascii_case(on))
        }),
        None => by_family(text(find(group, "Family")).value.ok().flatten().as_deref()),
    }
}

/// An engine and the versions between which its provider began to require TLS.
struct Since {
    engine: &'static str,
    last_off: (u32, u32),
    first_on: (u32, u32),
}

/// Amazon RDS User Guide, "Requiring SSL/TLS" for each engine, 2026-12.
const SINCE: [Since; 3] = [
    Since { engine: "mysql", last_off: (8, 4), first_on: (9, 7) },
    Since { engine: "mariadb", last_off: (11, 4), first_on: (11, 8) },
    Since { engine: "postgres", last_off: (14, u32::MAX), first_on: (15, 0) },
];

/// What the provider's parameters of a family say.
fn by_family(family: Option<&str>) -> Read<bool> {
    let known = family.and_then(|family| {
        let at = family.find(|letter: char| letter.is_ascii_digit())?;
        let (engine, version) = family.split_at(at);
        let mut numbers = version.split('.').map_while(|number| number.parse().ok());
        let version = (numbers.next()?, numbers.next().unwrap_or(0));
        let since = SINCE.iter().find(|since| since.engine == engine)?;
        match (version <= since.last_off, version >= since.first_on) {
            (true, _) => Some(false),
            (_, true) => Some(true),
            _ => None,
        }
    });
    known.map_or_else(|| Read::unknown(declared::depends(), None), Read::default)
}

fn group(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &PARAMETERS);
    entity.put("tls.required", required(&reader.resource.properties));
    vec![Record::new(reader, entity)]
}

fn cluster_group(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &CLUSTER_PARAMETERS);
    entity.put("tls.required", required(&reader.resource.properties));
    vec![Record::new(reader, entity)]
}

fn proxy(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &PROXY);
    let check = |origin| declared::truth(&reader.resource.properties, origin);
    let all = check(Origin::All("Auth", "IAMAuth", Test::Is("REQUIRED", false)));
    let scheme = check(Origin::Check("DefaultAuthScheme", Test::Is("IAM_AUTH", false)));
    // Without any user listed only the scheme can ask for it.
    let listed = reader.given("Auth.0");
    let users = match listed.value {
        Ok(true) => all,
        _ => listed.map(|_| false),
    };
    entity.put("authentication.iam", policy::any([scheme, users]));
    vec![Record::new(reader, entity)]
}
