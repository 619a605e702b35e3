//! Keys of customers on stores: which a store uses, and what a caller must be allowed on them.

use crate::iam::action::Action;
use crate::model::{Project, Resource};
use crate::syntax::{Node, Value};

/// The property that names a store's key, by type.
const KEYS: &[(&str, &str)] = &[
    ("AWS::DynamoDB::Table", "SSESpecification.KMSMasterKeyId"),
    ("AWS::SQS::Queue", "KmsMasterKeyId"),
    ("AWS::SNS::Topic", "KmsMasterKeyId"),
    ("AWS::SecretsManager::Secret", "KmsKeyId"),
    ("AWS::Kinesis::Stream", "StreamEncryption.KeyId"),
];

/// The key of its own that a store is encrypted with; `None` where it has none, or one that AWS manages.
pub(super) fn of_store(store: &Resource) -> Option<&Node> {
    let key = match &*store.kind {
        "AWS::S3::Bucket" => {
            let rules = store.property("BucketEncryption.ServerSideEncryptionConfiguration")?;
            let rule = rules.items_or_self().first()?;
            rule.at("ServerSideEncryptionByDefault.KMSMasterKeyID")?
        }
        kind => store.property(KEYS.iter().find(|(known, _)| *known == kind)?.1)?,
    };
    let managed = key.as_text().is_some_and(|name| name.contains("alias/aws/"));
    (!key.is_absent() && !managed && !matches!(key.value, Value::Either { .. })).then_some(key)
}

/// What a caller of an action must be allowed on the key of the store that the action reads or writes.
///
/// Sources: Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys" (an upload in parts also decrypts);
/// Amazon DynamoDB Developer Guide, "How Amazon DynamoDB uses AWS KMS" (each access decrypts the table key, also one
/// that writes); Amazon SQS and SNS Developer Guides, "Key management" and "Encryption at rest"; Secrets Manager User
/// Guide, "Secret encryption and decryption"; Kinesis Data Streams Developer Guide, "Permissions to use user-generated
/// KMS keys"; read 2026-11.
pub(super) fn needed(action: Action, operation: &str) -> &'static [&'static str] {
    const DECRYPT: &[&str] = &["kms:Decrypt"];
    const GENERATE: &[&str] = &["kms:GenerateDataKey"];
    const BOTH: &[&str] = &["kms:Decrypt", "kms:GenerateDataKey"];
    match (action.service(), action.name()) {
        ("s3", "GetObject" | "GetObjectVersion") => DECRYPT,
        ("s3", "PutObject") => match operation {
            "CreateMultipartUpload" | "UploadPart" | "UploadPartCopy" | "CompleteMultipartUpload" => BOTH,
            _ => GENERATE,
        },
        (
            "dynamodb",
            "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query" | "Scan" | "BatchGetItem" | "BatchWriteItem"
            | "ConditionCheckItem" | "PartiQLSelect" | "PartiQLInsert" | "PartiQLUpdate" | "PartiQLDelete"
            | "GetRecords",
        ) => DECRYPT,
        ("sqs", "SendMessage") | ("sns", "Publish") => BOTH,
        ("sqs", "ReceiveMessage") => DECRYPT,
        ("secretsmanager", "GetSecretValue" | "BatchGetSecretValue") => DECRYPT,
        ("secretsmanager", "PutSecretValue" | "UpdateSecret" | "CreateSecret") => BOTH,
        ("kinesis", "PutRecord" | "PutRecords") => GENERATE,
        ("kinesis", "GetRecords" | "SubscribeToShard") => DECRYPT,
        _ => &[],
    }
}

/// The store of the project that an ARN begins with.
pub(super) fn store<'a>(project: &'a Project, arn: &Node) -> Option<&'a Resource> {
    match arn.parts()?.first()? {
        crate::syntax::Part::Reference(reference) => project.resource(&reference.resource),
        _ => None,
    }
}
