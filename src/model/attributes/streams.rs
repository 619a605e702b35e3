//! Kinesis and Data Firehose: streams, their consumers and policies, delivery streams.

use super::reader::{Found, Reader, begins, find, flag, text, written};
use super::{Record, ResourceType, declared, events, keys, policy, regions};
use crate::model::entity::{Origin, Read, bool, read, string};
use crate::model::{EntityType, Verb};
use crate::syntax::{Node, Unknown};
use std::sync::Arc;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&STREAM], stream),
    ResourceType::read_by(&[&CONSUMER], consumer),
    ResourceType::read_by(&[&STREAM_POLICY], stream_policy),
    ResourceType::read_by(&[&DELIVERY], delivery),
];

const STREAM: EntityType = EntityType {
    name: "AWS::Kinesis::Stream",
    verb: Verb::Deploy,
    about: "A Kinesis data stream (defaults: AWS CloudFormation Template Reference, AWS::Kinesis::Stream, 2026-12).",
    attributes: &[
        string("encryption.manager", "`none` (the default), `aws` or `customer`."),
        read("retention.hours", Origin::Number("RetentionPeriodHours", 24), "24 by default."),
    ],
};

const CONSUMER: EntityType = EntityType {
    name: "AWS::Kinesis::StreamConsumer",
    verb: Verb::Deploy,
    about: "A consumer with throughput of its own.",
    attributes: &[string(
        "stream.region",
        "The region in its stream's ARN; empty where the stream is a resource of the project.",
    )],
};

const STREAM_POLICY: EntityType = EntityType {
    name: "AWS::Kinesis::ResourcePolicy",
    verb: Verb::Deploy,
    about: "The policy of a stream or consumer.",
    attributes: &[bool("public", "Whether it lets in anyone.")],
};

const DELIVERY: EntityType = EntityType {
    name: "AWS::KinesisFirehose::DeliveryStream",
    verb: Verb::Deploy,
    about: "A delivery stream of Amazon Data Firehose (defaults: Amazon Data Firehose API Reference, \
            CreateDeliveryStream, 2026-12).",
    attributes: &[
        string("source", "`direct` (the default), `kinesis`, `msk` or `database`."),
        string(
            "destination",
            "`s3`, `redshift`, `opensearch`, `opensearchserverless`, `elasticsearch`, `splunk`, `http`, `snowflake` or \
             `iceberg`.",
        ),
        string(
            "encryption.manager",
            "`none` (the default), `provider` (a key that Firehose owns) or `customer`; records from a stream are \
             encrypted as that stream is.",
        ),
        string(
            "destination.encryption.manager",
            "Of the objects in its bucket: `bucket` (as the bucket says, the default), `none`, `aws` or `customer`.",
        ),
        string("destination.region", "The region in its destination's ARN or host; empty where neither has one."),
        string("destination.url", "The URL that records are sent to over HTTP; empty where they are not."),
        bool("transport.plain", "Whether records are sent over plain HTTP."),
        bool(
            "logging.enabled",
            "Whether failed deliveries are logged; off by default (Terraform AWS provider, \
             kinesis_firehose_delivery_stream, 2026-12).",
        ),
        bool(
            "backup.all",
            "Whether all records go to a bucket of their own; not by default at Splunk and Iceberg, not known elsewhere.",
        ),
        bool("secret.written", "Whether a password, token or key of the destination is written out."),
    ],
};

/// Properties that name a destination, and its word.
const DESTINATIONS: [(&str, &str); 10] = [
    ("ExtendedS3DestinationConfiguration", "s3"),
    ("S3DestinationConfiguration", "s3"),
    ("RedshiftDestinationConfiguration", "redshift"),
    ("AmazonopensearchserviceDestinationConfiguration", "opensearch"),
    ("AmazonOpenSearchServerlessDestinationConfiguration", "opensearchserverless"),
    ("ElasticsearchDestinationConfiguration", "elasticsearch"),
    ("SplunkDestinationConfiguration", "splunk"),
    ("HttpEndpointDestinationConfiguration", "http"),
    ("SnowflakeDestinationConfiguration", "snowflake"),
    ("IcebergDestinationConfiguration", "iceberg"),
];

fn stream(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &STREAM);
    let kind = reader.text("StreamEncryption.EncryptionType");
    let manager = match &kind.value {
        Ok(Some(kind)) if &**kind == "KMS" => keys::manager(reader.find("StreamEncryption.KeyId"), "aws"),
        Ok(_) => kind.map(|_| "none"),
        Err(reason) => Read::unknown(reason.clone(), kind.span),
    };
    entity.put("encryption.manager", manager);
    vec![Record::new(reader, entity)]
}

fn consumer(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &CONSUMER);
    entity.put("stream.region", regions::of_arn(reader, "StreamARN"));
    vec![Record::new(reader, entity)]
}

fn stream_policy(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &STREAM_POLICY);
    entity.put("public", policy::lets_in_anyone(reader.find("ResourcePolicy")));
    vec![Record::new(reader, entity)]
}

fn delivery(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &DELIVERY);
    entity.put("source", source(reader));
    entity.put("encryption.manager", delivery_key(reader));
    match destination(reader) {
        Ok((word, at)) => {
            entity.put("destination", Read::at(word, at.span));
            entity.put("destination.encryption.manager", bucket_key(at));
            entity.put("destination.region", region(reader, at));
            entity.put("destination.url", url(at).map(Option::unwrap_or_default));
            let plain = ["EndpointConfiguration.Url", "HECEndpoint"].map(|path| begins(find(at, path), "http://"));
            entity.put("transport.plain", policy::any(plain));
            entity.put("logging.enabled", flag(find(at, "CloudWatchLoggingOptions.Enabled"), false));
            entity.put("backup.all", backup(word, at));
            let secrets = ["EndpointConfiguration.AccessKey", "HECToken", "Password", "PrivateKey", "KeyPassphrase"];
            entity.put("secret.written", policy::any(secrets.map(|path| written(find(at, path)))));
        }
        Err(reason) => {
            for declared in
                DELIVERY.attributes.iter().filter(|one| !["source", "encryption.manager"].contains(&one.path))
            {
                entity.put(declared.path, Read::<bool>::unknown(reason.clone(), None));
            }
        }
    }
    vec![Record::new(reader, entity)]
}

/// The destination that is written, or why it is not known.
fn destination<'a>(reader: &Reader<'a>) -> Result<(&'static str, &'a Node), Unknown> {
    let mut unknown = None;
    for (property, word) in DESTINATIONS {
        match reader.find(property) {
            Found::Written(node) => return Ok((word, node)),
            Found::Unknown(reason, _) => unknown = Some(reason),
            Found::Absent => {}
        }
    }
    Err(unknown.unwrap_or_else(declared::depends))
}

fn source(reader: &Reader<'_>) -> Read<&'static str> {
    const SOURCES: [(&str, &str); 3] = [
        ("KinesisStreamSourceConfiguration", "kinesis"),
        ("MSKSourceConfiguration", "msk"),
        ("DatabaseSourceConfiguration", "database"),
    ];
    let mut unknown = None;
    for (property, word) in SOURCES {
        let read = reader.given(property);
        match read.value {
            Ok(true) => return Read { value: Ok(word), span: read.span },
            Ok(false) => {}
            Err(reason) => unknown = Some(Read::unknown(reason, read.span)),
        }
    }
    unknown.unwrap_or(Read::default("direct"))
}

fn delivery_key(reader: &Reader<'_>) -> Read<&'static str> {
    const INPUT: &str = "DeliveryStreamEncryptionConfigurationInput";
    let input = reader.given(INPUT);
    let kind = reader.text(&format!("{INPUT}.KeyType"));
    match (&input.value, &kind.value) {
        (Ok(false), _) => input.map(|_| "none"),
        (Err(reason), _) => Read::unknown(reason.clone(), input.span),
        (_, Ok(Some(word))) if &**word == "CUSTOMER_MANAGED_CMK" => kind.map(|_| "customer"),
        (_, Ok(_)) => Read { value: Ok("provider"), span: kind.span.or(input.span) },
        (_, Err(reason)) => Read::unknown(reason.clone(), kind.span),
    }
}

/// Who manages the key of the objects that are written to a destination's bucket.
fn bucket_key(destination: &Node) -> Read<&'static str> {
    let own = destination.get("BucketARN").is_some();
    let at =
        |path: &str| find(destination, &if own { path.to_owned() } else { format!("S3Configuration.{path}") }).clone();
    let none = text(at("EncryptionConfiguration.NoEncryptionConfig"));
    match none.value {
        Ok(Some(_)) => none.map(|_| "none"),
        _ => keys::manager(at("EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN"), "bucket"),
    }
}

/// The address that records are sent to over HTTP.
fn url(destination: &Node) -> Read<Option<Arc<str>>> {
    let paths = ["EndpointConfiguration.Url", "HECEndpoint", "AccountUrl"];
    let given = paths.into_iter().find(|path| !matches!(find(destination, path), Found::Absent));
    given.map_or(Read::default(None), |path| text(find(destination, path)))
}

/// The region of a destination of AWS.
fn region(reader: &Reader<'_>, destination: &Node) -> Read<Arc<str>> {
    for path in ["DomainARN", "CatalogConfiguration.CatalogArn"] {
        match find(destination, path) {
            Found::Absent => {}
            arn => return events::region(reader, &arn),
        }
    }
    let paths = ["CollectionEndpoint", "ClusterEndpoint", "ClusterJDBCURL"];
    let given = paths.into_iter().find(|path| !matches!(find(destination, path), Found::Absent));
    let Some(path) = given else { return Read::default("".into()) };
    text(find(destination, path)).map(|host| {
        let host = host.unwrap_or_default();
        let before = host.split(['/', ':']).find_map(|part| part.split_once(".amazonaws.com"));
        // The name of the service stands behind the region.
        before.and_then(|(names, _)| names.rsplit('.').nth(1)).unwrap_or_default().into()
    })
}

fn backup(word: &str, destination: &Node) -> Read<bool> {
    let mode = text(find(destination, "S3BackupMode"));
    match &mode.value {
        Ok(Some(mode_word)) => {
            let all = ["Enabled", "AllData", "AllDocuments", "AllEvents"].contains(&&**mode_word);
            mode.map(|_| all)
        }
        Ok(None) if ["splunk", "iceberg"].contains(&word) => Read::default(false),
        Ok(None) => Read::unknown(declared::depends(), None),
        Err(reason) => Read::unknown(reason.clone(), mode.span),
    }
}
