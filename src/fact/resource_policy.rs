//! Questions about the policies of resources: one for each statement that allows.

use super::slip;
use super::statement::Asked;
use crate::iam::document;
use crate::iam::text::Answer;
use crate::model::attributes::reader::{self, Found};
use crate::model::{Project, Question, Resource};
use crate::syntax::{Node, Unknown, UnknownKind};

/// The resource policies that are judged: their type, the property that holds the document, the one that names the
/// resource or nothing where it is this one, and the resource's type.
const RESOURCE_POLICIES: &[(&str, &str, &str, &str)] = &[
    ("AWS::S3::BucketPolicy", "PolicyDocument", "Bucket", "AWS::S3::Bucket"),
    ("AWS::SQS::QueuePolicy", "PolicyDocument", "Queues", "AWS::SQS::Queue"),
    ("AWS::SQS::QueueInlinePolicy", "PolicyDocument", "Queue", "AWS::SQS::Queue"),
    ("AWS::SNS::TopicPolicy", "PolicyDocument", "Topics", "AWS::SNS::Topic"),
    ("AWS::SNS::TopicInlinePolicy", "PolicyDocument", "TopicArn", "AWS::SNS::Topic"),
    ("AWS::DynamoDB::Table", "ResourcePolicy.PolicyDocument", "", "AWS::DynamoDB::Table"),
    ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", "SecretId", "AWS::SecretsManager::Secret"),
    ("AWS::Kinesis::ResourcePolicy", "ResourcePolicy", "ResourceArn", "AWS::Kinesis::Stream"),
];

/// The questions about the policy that a resource is or has.
pub(super) fn questions(questions: &mut Vec<Question>, project: &Project, resource: &Resource) {
    let Some((_, path, key, on_type)) = RESOURCE_POLICIES.iter().find(|(kind, ..)| *kind == &*resource.kind) else {
        return;
    };
    let Some(node) = resource.property(path) else { return };
    let targets = match *key {
        "" => &[][..],
        key => resource.property(key).map_or(&[][..], Node::items_or_self),
    };
    let target = targets.first().and_then(|target| project.named_of(target, |kind| kind == *on_type));
    let title = match (target, targets.first()) {
        (Some(target), _) => target.name.to_string(),
        (None, Some(node)) => node.to_string(),
        (None, None) => resource.name.to_string(),
    };
    let blocked = target.map_or(Ok(false), public_access_is_blocked);
    let asked = Asked { title, on_type, blocked, ..Asked::of_resource(resource) };
    let (document, _) = document::read(node);
    questions.extend(slip::questions(&asked, project, &document, "resource", &resource.presence));
    for statement in document.statements.iter().filter(|statement| !statement.denies()) {
        questions.push(asked.question(project, (statement, &document), "resource", &resource.presence));
    }
}

/// Whether the bucket's block keeps public policies from having an effect (`RestrictPublicBuckets`).
fn public_access_is_blocked(bucket: &Resource) -> Answer {
    match reader::find(&bucket.properties, "PublicAccessBlockConfiguration.RestrictPublicBuckets") {
        Found::Written(node) => node.as_bool().ok_or_else(|| Unknown::new(UnknownKind::Expression, node.to_string())),
        Found::Unknown(reason, _) => Err(reason),
        Found::Absent => Ok(false),
    }
}
