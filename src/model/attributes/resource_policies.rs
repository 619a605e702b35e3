//! Who may use buckets, queues and topics from where: their policies, access points, subscriptions.

use super::reader::{Found, Reader};
use super::{Record, ResourceType, declared, policy, regions};
use crate::iam::document;
use crate::iam::transport::{self, Store};
use crate::model::entity::{Origin, Read, Test, bool, read, string};
use crate::model::{Declared, EntityType, Verb};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&BUCKET_POLICY], bucket_policy),
    ResourceType::read_by(&[&ACCESS_POINT], access_point),
    ResourceType::read_by(&[&SUBSCRIPTION], subscription),
    ResourceType::read_by(&[&TOPIC_POLICY], topic_policy),
    ResourceType::read_by(&[&QUEUE_POLICY], queue_policy),
];

const PUBLIC: Declared = bool("public", "Whether it lets in anyone.");
const DENIED: Declared = bool("transport.denied", "Whether it denies requests over plain HTTP.");

const BUCKET_POLICY: EntityType = EntityType {
    name: "AWS::S3::BucketPolicy",
    verb: Verb::Deploy,
    about: "The policy of a bucket.",
    attributes: &[PUBLIC, DENIED],
};

const QUEUE_POLICY: EntityType = EntityType {
    name: "AWS::SQS::QueuePolicy",
    verb: Verb::Deploy,
    about: "The policy of queues.",
    attributes: &[PUBLIC, DENIED],
};

const TOPIC_POLICY: EntityType = EntityType {
    name: "AWS::SNS::TopicPolicy",
    verb: Verb::Deploy,
    about: "The policy of topics.",
    attributes: &[PUBLIC, DENIED],
};

const ACCESS_POINT: EntityType = EntityType {
    name: "AWS::S3::AccessPoint",
    verb: Verb::Deploy,
    about: "An access point of a bucket (Terraform AWS provider, s3_access_point, 2026-12).",
    attributes: &[
        string(
            "publicAccessBlock.off",
            "The settings of a written public-access block that are off, comma-separated; one that is left out is off, \
             in Terraform on. Not known where no block is written.",
        ),
        read(
            "vpc",
            Origin::Check("VpcConfiguration.VpcId", Test::Given),
            "Whether it is reached from one network only.",
        ),
        PUBLIC,
    ],
};

const SUBSCRIPTION: EntityType = EntityType {
    name: "AWS::SNS::Subscription",
    verb: Verb::Deploy,
    about: "A subscription to a topic (AWS CloudFormation Template Reference, AWS::SNS::Subscription, 2026-12).",
    attributes: &[
        read("protocol", Origin::Word("Protocol", ""), "`http`, `https`, `email`, `sqs`, `lambda` …"),
        read(
            "transport.plain",
            Origin::Check("Protocol", Test::Is("http", false)),
            "Whether messages are sent over plain HTTP.",
        ),
        read("deadLetter", Origin::Check("RedrivePolicy", Test::Given), "Whether lost messages go to a queue."),
        string("endpoint.region", "The region in its endpoint's ARN; empty where that has none or is in the project."),
        string("topic.region", "The region of its topic, where it says one; else empty."),
    ],
};

fn bucket_policy(reader: &Reader<'_>) -> Vec<Record> {
    with_policy(reader, &BUCKET_POLICY, Store::Bucket)
}

fn queue_policy(reader: &Reader<'_>) -> Vec<Record> {
    with_policy(reader, &QUEUE_POLICY, Store::Queue)
}

fn topic_policy(reader: &Reader<'_>) -> Vec<Record> {
    with_policy(reader, &TOPIC_POLICY, Store::Topic)
}

fn with_policy(reader: &Reader<'_>, kind: &'static EntityType, store: Store) -> Vec<Record> {
    let mut entity = declared::entity(reader, kind);
    entity.put("public", policy::lets_in_anyone(reader.find("PolicyDocument")));
    let denied = match reader.find("PolicyDocument") {
        Found::Absent => Read::default(false),
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Written(node) => match transport::denies_plain_http(&document::read(node).0, store) {
            Ok(denied) => Read::at(denied, node.span),
            Err(reason) => Read::unknown(reason, Some(node.span)),
        },
    };
    entity.put("transport.denied", denied);
    vec![Record::new(reader, entity)]
}

fn access_point(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &ACCESS_POINT);
    let off = match reader.find("PublicAccessBlockConfiguration") {
        Found::Absent => Read::unknown(declared::depends(), None),
        _ => super::stores::public_access_off(reader),
    };
    entity.put("publicAccessBlock.off", off);
    entity.put("public", policy::lets_in_anyone(reader.find("Policy")));
    vec![Record::new(reader, entity)]
}

fn subscription(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &SUBSCRIPTION);
    entity.put("endpoint.region", regions::of_arn(reader, "Endpoint"));
    let own = reader.text("Region");
    let region = match own.value {
        Ok(None) => regions::of_arn(reader, "TopicArn"),
        _ => own.map(Option::unwrap_or_default),
    };
    entity.put("topic.region", region);
    vec![Record::new(reader, entity)]
}
