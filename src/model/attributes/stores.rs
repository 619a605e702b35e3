//! Stores: S3 buckets, DynamoDB tables, queues, topics, keys, secrets and log groups.

use super::reader::{Found, Reader, find};
use super::{Record, ResourceType, keys};
use crate::iam::document;
use crate::iam::transport::{self, Store};
use crate::model::entity::{Origin, Read, bool, read, string};
use crate::model::{Entity, EntityType, Verb};
use crate::syntax::{Node, Unknown, UnknownKind};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&GLOBAL_TABLE], global_table),
    ResourceType::read_by(&[&TABLE], table),
    ResourceType::read_by(&[&KEY], key),
    ResourceType::read_by(&[&LOG_GROUP], log_group),
    ResourceType::read_by(&[&BUCKET], bucket),
    ResourceType::declared(&[&TOPIC]),
    ResourceType::read_by(&[&QUEUE], queue),
];

/// `AWS::S3::Bucket`.
pub const BUCKET: EntityType = EntityType {
    name: "AWS::S3::Bucket",
    verb: Verb::Deploy,
    about: "An S3 bucket, with its policy, public-access block and encryption wherever they are written.",
    attributes: &[
        string(
            "encryption.manager",
            "`provider` (SSE-S3, the default since 2023-01-05: Amazon S3 User Guide), `aws` or `customer`.",
        ),
        string(
            "publicAccessBlock.off",
            "The settings of a written public-access block that are off, comma-separated; all are on by default \
             since 2023-04 (Amazon S3 User Guide), and off where a block is written without them.",
        ),
        bool("transport.denied", "Whether its policy denies requests over plain HTTP."),
        bool("policy.given", "Whether the project gives it a policy."),
        string("acl.public", "The canned ACL that lets everybody read or write, or empty."),
    ],
};

/// `AWS::DynamoDB::Table`.
pub const TABLE: EntityType = EntityType {
    name: "AWS::DynamoDB::Table",
    verb: Verb::Deploy,
    about: "A DynamoDB table.",
    attributes: &[string(
        "encryption.manager",
        "`provider` (a key that DynamoDB owns, the default: DynamoDB Developer Guide), `aws` or `customer`.",
    )],
};

/// `AWS::DynamoDB::GlobalTable`.
pub const GLOBAL_TABLE: EntityType = EntityType {
    name: "AWS::DynamoDB::GlobalTable",
    verb: Verb::Deploy,
    about: "A DynamoDB table with replicas.",
    attributes: &[string("encryption.manager", "As for a table; `customer` only where every replica names a key.")],
};

/// `AWS::SQS::Queue`.
pub const QUEUE: EntityType = EntityType {
    name: "AWS::SQS::Queue",
    verb: Verb::Deploy,
    about: "An SQS queue.",
    attributes: &[
        bool("encryption.enabled", "On by default since 2022-10 (Amazon SQS Developer Guide)."),
        string("encryption.manager", "`provider` (SSE-SQS), `aws`, `customer`, or `none`."),
    ],
};

/// `AWS::SNS::Topic`.
pub const TOPIC: EntityType = EntityType {
    name: "AWS::SNS::Topic",
    verb: Verb::Deploy,
    about: "An SNS topic.",
    attributes: &[read(
        "encryption.manager",
        Origin::Key("KmsMasterKeyId", "none"),
        "`none` (the default: SNS Developer Guide), `aws` or `customer`.",
    )],
};

/// `AWS::KMS::Key`.
pub const KEY: EntityType = EntityType {
    name: "AWS::KMS::Key",
    verb: Verb::Deploy,
    about: "A customer-managed KMS key.",
    attributes: &[
        bool("rotation.enabled", "Off by default (AWS KMS Developer Guide)."),
        bool("rotation.supported", "Only symmetric encryption keys with key material of KMS rotate by themselves."),
    ],
};

/// `AWS::Logs::LogGroup`.
pub const LOG_GROUP: EntityType = EntityType {
    name: "AWS::Logs::LogGroup",
    verb: Verb::Deploy,
    about: "A log group.",
    attributes: &[
        bool("retention.set", "Never expires by default (CloudWatch Logs User Guide)."),
        bool("function", "Whether it is a function's: named /aws/lambda/…, or named by a function."),
        string("functions", "Names of the functions that write to it, as far as the project says, or its own name."),
    ],
};

/// A bucket.
pub fn bucket(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = Entity::new(&BUCKET, reader.resource.name.clone());
    entity.put("encryption.manager", bucket_key(reader));
    entity.put("publicAccessBlock.off", public_access_off(reader));
    let (denied, given) = transport(reader);
    entity.put("transport.denied", denied);
    entity.put("policy.given", given);
    let acl = reader.text("AccessControl").map(|acl| match acl.as_deref() {
        Some(acl @ ("PublicRead" | "PublicReadWrite" | "public-read" | "public-read-write")) => acl.to_owned(),
        _ => String::new(),
    });
    entity.put("acl.public", acl);
    vec![Record::new(reader, entity)]
}

/// A table.
pub fn table(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = Entity::new(&TABLE, reader.resource.name.clone());
    entity.put("encryption.manager", table_key(reader));
    vec![Record::new(reader, entity)]
}

/// A global table.
pub fn global_table(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = Entity::new(&GLOBAL_TABLE, reader.resource.name.clone());
    let manager = match (reader.find("SSESpecification"), table_key(reader)) {
        (_, base) if base.value == Ok("aws") => replica_keys(reader, base),
        // A replica that is written alone names its key, and its table says the rest elsewhere.
        (Found::Absent, base) => match replica_keys(reader, base.clone()) {
            keys if keys.value == Ok("customer") => keys,
            _ => base,
        },
        (_, base) => base,
    };
    entity.put("encryption.manager", manager);
    vec![Record::new(reader, entity)]
}

/// Who manages the keys of a global table's replicas: one without a customer's key decides.
fn replica_keys(reader: &Reader<'_>, base: Read<&'static str>) -> Read<&'static str> {
    let replicas = match reader.find("Replicas") {
        Found::Absent => return base,
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node.items(),
    };
    let keys = replicas.iter().map(|replica| keys::manager(find(replica, "SSESpecification.KMSMasterKeyId"), "aws"));
    let weakest = keys.min_by_key(|key| match &key.value {
        Ok("customer") => 2,
        Ok(_) => 0,
        Err(_) => 1,
    });
    weakest.map_or(base.clone(), |key| Read { span: key.span.or(base.span), value: key.value })
}

/// A queue.
pub fn queue(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = Entity::new(&QUEUE, reader.resource.name.clone());
    let key = keys::manager(reader.find("KmsMasterKeyId"), "none");
    let own = reader.flag("SqsManagedSseEnabled", true);
    let manager = match (&key.value, &own.value) {
        (Ok("none"), Ok(true)) => Read { value: Ok("provider"), span: own.span },
        (Ok("none"), Ok(false)) => Read { value: Ok("none"), span: own.span },
        (Ok("none"), Err(reason)) => Read::unknown(reason.clone(), own.span),
        _ => key.clone(),
    };
    let enabled = match (&key.value, &own.value) {
        // Whatever the unknown key is, the queue is encrypted with it or with the queue's own.
        (Err(_), Ok(true)) => Read { value: Ok(true), span: key.span },
        _ => manager.clone().map(|manager| manager != "none"),
    };
    entity.put("encryption.enabled", enabled);
    entity.put("encryption.manager", manager);
    vec![Record::new(reader, entity)]
}

/// A key.
pub fn key(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = Entity::new(&KEY, reader.resource.name.clone());
    entity.put("rotation.enabled", reader.flag("EnableKeyRotation", false));
    let symmetric = reader.text("KeySpec").map(|spec| matches!(spec.as_deref(), None | Some("SYMMETRIC_DEFAULT")));
    let origin = reader.text("Origin").map(|origin| matches!(origin.as_deref(), None | Some("AWS_KMS")));
    let usage = reader.text("KeyUsage").map(|usage| matches!(usage.as_deref(), None | Some("ENCRYPT_DECRYPT")));
    let supported = [symmetric, origin, usage].into_iter().reduce(|all, one| match (&all.value, &one.value) {
        (Ok(false), _) => all,
        (_, Ok(false)) | (Ok(true), _) => one,
        _ => all,
    });
    entity.put("rotation.supported", supported.unwrap_or(Read::default(true)));
    vec![Record::new(reader, entity)]
}

/// A log group.
pub fn log_group(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = Entity::new(&LOG_GROUP, reader.resource.name.clone());
    entity.put("retention.set", reader.given("RetentionInDays"));
    let mut functions: Vec<&str> = reader
        .project
        .pointing_at(&reader.resource.id)
        .filter(|function| &*function.kind == "AWS::Lambda::Function")
        .map(|function| &*function.name)
        .collect();
    let name = match reader.find("LogGroupName") {
        Found::Written(node) => node.to_string(),
        _ => String::new(),
    };
    let own = name.starts_with("/aws/lambda/");
    if functions.is_empty() && own {
        let written = reader.resource.property("LogGroupName");
        let named = written.and_then(|node| reader.project.named_of(node, |kind| kind == "AWS::Lambda::Function"));
        functions.push(named.map_or(name.trim_start_matches("/aws/lambda/"), |function| &*function.name));
    }
    let function = match reader.find("LogGroupName") {
        Found::Unknown(reason, span) if functions.is_empty() => Read::unknown(reason, span),
        _ => Read::default(!functions.is_empty()),
    };
    entity.put("function", function);
    entity.put("functions", Read::default(functions.join(", ")));
    vec![Record::new(reader, entity)]
}

fn bucket_key(reader: &Reader<'_>) -> Read<&'static str> {
    const RULE: &str = "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault";
    let algorithm = reader.text(&format!("{RULE}.SSEAlgorithm"));
    match &algorithm.value {
        Ok(Some(name)) if name.starts_with("aws:kms") => {
            let key = keys::manager(reader.find(&format!("{RULE}.KMSMasterKeyID")), "aws");
            Read { span: key.span.or(algorithm.span), value: key.value }
        }
        Ok(_) => algorithm.map(|_| "provider"),
        Err(reason) => Read::unknown(reason.clone(), algorithm.span),
    }
}

fn table_key(reader: &Reader<'_>) -> Read<&'static str> {
    let enabled = reader.flag("SSESpecification.SSEEnabled", false);
    match &enabled.value {
        Ok(true) => {
            let key = keys::manager(reader.find("SSESpecification.KMSMasterKeyId"), "aws");
            Read { span: key.span.or(enabled.span), value: key.value }
        }
        Ok(false) => enabled.map(|_| "provider"),
        Err(reason) => Read::unknown(reason.clone(), enabled.span),
    }
}

pub(super) fn public_access_off(reader: &Reader<'_>) -> Read<String> {
    const FLAGS: [&str; 4] = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
    let block = match reader.find("PublicAccessBlockConfiguration") {
        Found::Absent => return Read::default(String::new()),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(block) => block,
    };
    let mut off = Vec::new();
    let mut span = None;
    let mut unknown = None;
    for flag in FLAGS {
        let read = reader.flag(&format!("PublicAccessBlockConfiguration.{flag}"), false);
        match read.value {
            Ok(false) => {
                off.push(flag);
                span = span.or(read.span);
            }
            Ok(true) => {}
            Err(reason) => unknown = Some(Read::unknown(reason, read.span)),
        }
    }
    match (off.is_empty(), unknown) {
        (true, Some(unknown)) => unknown,
        (true, None) => Read::at(String::new(), block.span),
        (false, _) => Read::at(off.join(", "), span.unwrap_or(block.span)),
    }
}

/// Whether the bucket's policies deny plain HTTP, and whether there is any.
fn transport(reader: &Reader<'_>) -> (Read<bool>, Read<bool>) {
    let mut given = Read::default(false);
    let mut unknown: Option<Unknown> = None;
    let policies = reader.project.pointing_at(&reader.resource.id);
    for policy in policies.filter(|policy| &*policy.kind == "AWS::S3::BucketPolicy") {
        let document = policy.property("PolicyDocument");
        let span = document.map_or(policy.span, |document| document.span);
        given = Read::at(true, policy.span);
        match document.map(denies_plain_http) {
            Some(Ok(true)) => return (Read::at(true, span), given),
            Some(Err(reason)) => unknown = Some(reason),
            Some(Ok(false)) | None => {}
        }
    }
    let adrift = || {
        let policy = reader.project.adrift("AWS::S3::BucketPolicy")?;
        Some(Unknown::new(UnknownKind::Expression, format!("the bucket of {}", policy.name)))
    };
    match unknown.or_else(adrift) {
        Some(reason) => (Read::unknown(reason, given.span), given),
        None => (Read { value: Ok(false), span: given.span }, given),
    }
}

fn denies_plain_http(document: &Node) -> Result<bool, Unknown> {
    let (document, _) = document::read(document);
    transport::denies_plain_http(&document, Store::Bucket)
}
