//! Files and backups: EFS, AWS Backup, Data Lifecycle Manager.

use super::databases::manager;
use super::reader::{Found, Reader, find, flag, given, text};
use super::{Record, ResourceType, declared, events, policy};
use crate::model::entity::{AttributeKind, Origin, Read, Test, bool, long, read, string};
use crate::model::{Declared, Entity, EntityType, Known, Verb};
use crate::syntax::Node;
use std::sync::Arc;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&FILES], files),
    ResourceType::declared(&[&DOOR]),
    ResourceType::declared(&[&MOUNT]),
    ResourceType::read_by(&[&PLAN, &PLAN_COPY], plan),
    ResourceType::read_by(&[&VAULT], vault),
    ResourceType::declared(&[&SELECTION]),
    ResourceType::read_by(&[&LIFECYCLE], lifecycle),
];

const FILES: EntityType = EntityType {
    name: "AWS::EFS::FileSystem",
    verb: Verb::Deploy,
    about: "A file system (defaults: Amazon Elastic File System API Reference, CreateFileSystem, 2026-12).",
    attributes: &[
        string("encryption.manager", "`none`, `aws` or `customer`; not known where nothing is written."),
        string(
            "backups",
            "`ENABLED` or `DISABLED` (the default, but for a file system of one zone, which has them by default).",
        ),
        bool("public", "Whether its policy lets in anyone."),
        read("policy.given", Origin::Check("FileSystemPolicy", Test::Given), "Whether the project gives it a policy."),
        read("zone", Origin::Word("AvailabilityZoneName", ""), "The one zone that it stands in; empty for all."),
        read(
            "replicas.regions",
            Origin::Each("ReplicationConfiguration.Destinations", "Region"),
            "The regions that it is replicated to; none by default.",
        ),
    ],
};

const DOOR: EntityType = EntityType {
    name: "AWS::EFS::AccessPoint",
    verb: Verb::Deploy,
    about: "An access point of a file system.",
    attributes: &[
        read("user.given", Origin::Check("PosixUser.Uid", Test::Given), "Whether it acts for one user only."),
        read("user.root", Origin::Check("PosixUser.Uid", Test::Is("0", false)), "Whether that user is root."),
        read(
            "root.whole",
            Origin::Check("RootDirectory.Path", Test::Is("/", true)),
            "Whether it shows the whole file system; so where no folder is written.",
        ),
    ],
};

const MOUNT: EntityType = EntityType {
    name: "AWS::EFS::MountTarget",
    verb: Verb::Deploy,
    about: "Where a file system is reached in a network.",
    attributes: &[read("securityGroups", Origin::Count("SecurityGroups"), "Number of its security groups.")],
};

const PLAN: EntityType = EntityType {
    name: "AWS::Backup::BackupPlan",
    verb: Verb::Deploy,
    about: "A plan of backups (AWS CloudFormation Template Reference, AWS::Backup::BackupPlan, 2026-12).",
    attributes: &[
        read("rules", Origin::Count("BackupPlan.BackupPlanRule"), "Number of its rules."),
        read(
            "continuous",
            Origin::Any("BackupPlan.BackupPlanRule", "EnableContinuousBackup", Test::On(false)),
            "Whether any rule lets one restore to any moment.",
        ),
        read(
            "retention.limited",
            Origin::All("BackupPlan.BackupPlanRule", "Lifecycle.DeleteAfterDays", Test::Given),
            "Whether every rule says when its backups end.",
        ),
        long("retention.shortest", "The fewest days after which any rule's backups end; 0 where none end."),
        long("retention.longest", "The most days after which any rule's backups end; 0 where none end."),
        read(
            "coldStorage",
            Origin::Any("BackupPlan.BackupPlanRule", "Lifecycle.MoveToColdStorageAfterDays", Test::Given),
            "Whether any rule moves them to cold storage.",
        ),
    ],
};

const PLAN_COPY: EntityType = EntityType {
    name: "AWS::Backup::BackupPlan::Copy",
    verb: Verb::Deploy,
    about: "A copy that a rule of a plan makes.",
    attributes: &[
        string("rule", "The rule's name."),
        string("region", "The region in the vault's ARN; empty for a vault of the project."),
        read("retention.days", Origin::Number("Lifecycle.DeleteAfterDays", 0), "0 where it never ends."),
    ],
};

const VAULT: EntityType = EntityType {
    name: "AWS::Backup::BackupVault",
    verb: Verb::Deploy,
    about: "Where backups lie (defaults: AWS CloudFormation Template Reference, AWS::Backup::BackupVault, 2026-12).",
    attributes: &[
        read(
            "encryption.manager",
            Origin::Key("EncryptionKeyArn", "aws"),
            "`aws` (a key that AWS Backup makes, the default) or `customer`.",
        ),
        read(
            "lock.given",
            Origin::Check("LockConfiguration", Test::Given),
            "Whether backups are held for a time; not where nothing is written.",
        ),
        read(
            "lock.days",
            Origin::Number("LockConfiguration.MinRetentionDays", 0),
            "How long at least; 0 for no limit.",
        ),
        read(
            "lock.final",
            Origin::Check("LockConfiguration.ChangeableForDays", Test::Given),
            "Whether the lock cannot be taken away after some days.",
        ),
        bool("public", "Whether its policy lets in anyone; nobody without one."),
        read("notified", Origin::Check("Notifications.SNSTopicArn", Test::Given), "Whether a topic hears of events."),
    ],
};

const SELECTION: EntityType = EntityType {
    name: "AWS::Backup::BackupSelection",
    verb: Verb::Deploy,
    about: "What a plan is for.",
    attributes: &[
        read(
            "everything",
            Origin::Any("BackupSelection.Resources", "", Test::Is("*", false)),
            "Whether it takes everything in.",
        ),
        read("resources", Origin::Count("BackupSelection.Resources"), "Number of ARNs that it names."),
        read("tags", Origin::Count("BackupSelection.ListOfTags"), "Number of tags by which it chooses."),
    ],
};

const LIFECYCLE: EntityType = EntityType {
    name: "AWS::DLM::LifecyclePolicy",
    verb: Verb::Deploy,
    about: "When snapshots and images are made and deleted.",
    attributes: &[
        read("enabled", Origin::Check("State", Test::Is("ENABLED", false)), "Whether it acts."),
        Declared {
            path: "copies.regions",
            kind: AttributeKind::Strings,
            about: "The regions that it copies to; not known where a target is not a region.",
            from: None,
        },
        bool("copies.encrypted", "Whether every copy is encrypted even where its source is not."),
        read(
            "shared",
            Origin::Any("PolicyDetails.Schedules", "ShareRules.0.TargetAccounts.0", Test::Given),
            "Whether snapshots are shared with other accounts.",
        ),
    ],
};

fn files(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &FILES);
    entity.put("encryption.manager", encryption(&reader.resource.properties));
    let status = reader.text("BackupPolicy.Status");
    let zone = reader.given("AvailabilityZoneName");
    let backups = match (&status.value, &zone.value) {
        (Ok(None), Ok(zone_given)) => {
            let word: Arc<str> = if *zone_given { "ENABLED" } else { "DISABLED" }.into();
            zone.map(|_| word)
        }
        (Ok(None), Err(reason)) => Read::unknown(reason.clone(), zone.span),
        _ => status.map(Option::unwrap_or_default),
    };
    entity.put("backups", backups);
    entity.put("public", policy::lets_in_anyone(reader.find("FileSystemPolicy")));
    vec![Record::new(reader, entity)]
}

/// As [`manager`] reads it, by the names of a file system.
fn encryption(properties: &Node) -> Read<&'static str> {
    let renamed = [("StorageEncrypted", "Encrypted"), ("KmsKeyId", "KmsKeyId")];
    let known = renamed.iter().filter_map(|(name, own)| Some((*name, properties.get(own)?.clone())));
    manager(&Node::map(known, properties.span), &[], || Read::unknown(declared::depends(), None))
}

fn plan(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &PLAN);
    let rules = reader.find("BackupPlan.BackupPlanRule");
    let days = |longest: bool| match &rules {
        Found::Absent => Read::default(0),
        Found::Unknown(reason, span) => Read::unknown(reason.clone(), *span),
        Found::Written(node) => retention(node, longest),
    };
    entity.put("retention.shortest", days(false));
    entity.put("retention.longest", days(true));
    let mut records = vec![Record::new(reader, entity)];
    let Found::Written(rules) = rules else { return records };
    for rule in rules.items_or_self() {
        for copy in rule.get("CopyActions").map(Node::items_or_self).unwrap_or_default() {
            let mut entity = Entity::new(&PLAN_COPY, reader.resource.name.clone());
            let name = text(find(rule, "RuleName")).map(Option::unwrap_or_default);
            let vault = find(copy, "DestinationBackupVaultArn");
            let detail = match &vault {
                Found::Written(node) => match reader.project.named(node) {
                    Some(vault) => vault.name.to_string(),
                    None => node.to_string(),
                },
                _ => String::new(),
            };
            entity.put("rule", name);
            entity.put("region", events::region(reader, &vault));
            records.push(Record::of(declared::fill(entity, &PLAN_COPY, copy), detail, copy.span));
        }
    }
    records
}

/// The fewest or most days after which backups end.
fn retention(rules: &Node, longest: bool) -> Read<i64> {
    let mut known: Option<Read<i64>> = None;
    for rule in rules.items_or_self() {
        let days = declared::number(find(rule, "Lifecycle.DeleteAfterDays"), 0);
        match (&days.value, known.as_ref().map(|known| &known.value)) {
            (Err(_), _) => return days,
            (Ok(0), _) => {}
            (Ok(days_here), Some(Ok(other))) if (*days_here > *other) == longest => known = Some(days),
            (Ok(_), None) => known = Some(days),
            _ => {}
        }
    }
    known.unwrap_or(Read::at(0, rules.span))
}

fn vault(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &VAULT);
    entity.put("public", policy::lets_in_anyone(reader.find("AccessPolicy")));
    vec![Record::new(reader, entity)]
}

/// A list of copies that a policy makes, and where each says its target and whether it is encrypted.
struct Copies {
    list: &'static str,
    inner: &'static str,
    targets: [&'static str; 2],
    encrypted: &'static str,
}

const COPIES: [Copies; 3] = [
    Copies {
        list: "PolicyDetails.Schedules",
        inner: "CrossRegionCopyRules",
        targets: ["TargetRegion", "Target"],
        encrypted: "Encrypted",
    },
    Copies {
        list: "PolicyDetails.Actions",
        inner: "CrossRegionCopy",
        targets: ["Target", "Target"],
        encrypted: "EncryptionConfiguration.Encrypted",
    },
    Copies { list: "CrossRegionCopyTargets", inner: "", targets: ["TargetRegion", "TargetRegion"], encrypted: "" },
];

fn lifecycle(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &LIFECYCLE);
    let mut regions: Read<Vec<Arc<str>>> = Read::default(Vec::new());
    let mut encrypted = Read::default(true);
    for copies in &COPIES {
        let outer = match reader.find(copies.list) {
            Found::Written(node) => node.items_or_self(),
            Found::Absent => continue,
            Found::Unknown(reason, span) => {
                regions = Read::unknown(reason.clone(), span);
                encrypted = Read::unknown(reason, span);
                continue;
            }
        };
        let inner = |item: &'_ Node| match copies.inner {
            "" => vec![item.clone()],
            path => item.get(path).map(|list| list.items_or_self().to_vec()).unwrap_or_default(),
        };
        for copy in outer.iter().flat_map(inner) {
            let target = copies.targets.iter().find(|path| given(find(&copy, path)).value == Ok(true));
            let target = text(find(&copy, target.unwrap_or(&copies.targets[0])));
            match (&mut regions.value, target.value) {
                (Ok(known), Ok(Some(region))) => known.push(region),
                (Ok(_), Err(reason)) => regions = Read::unknown(reason, target.span),
                _ => {}
            }
            let here = flag(find(&copy, copies.encrypted), false);
            // One that is not encrypted decides.
            if !copies.encrypted.is_empty() && (encrypted.value == Ok(true) || here.value == Ok(false)) {
                encrypted = here;
            }
        }
    }
    entity.put("copies.regions", regions.map(Known::Strings));
    entity.put("copies.encrypted", encrypted);
    vec![Record::new(reader, entity)]
}
