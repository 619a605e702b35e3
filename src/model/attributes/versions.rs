//! Lambda beside its functions: versions and aliases, layers, code signing, asynchronous invocation, event sources.

use super::declared;
use super::reader::{Found, Reader, find};
use super::{Record, ResourceType};
use crate::model::entity::{Origin, Read, Test, long, read, string};
use crate::model::{EntityType, Resource, Verb};
use crate::syntax::{Node, Unknown, UnknownKind};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::declared(&[&ALIAS]),
    ResourceType::declared(&[&VERSION]),
    ResourceType::declared(&[&LAYER]),
    ResourceType::declared(&[&LAYER_PERMISSION]),
    ResourceType::declared(&[&SIGNING]),
    ResourceType::declared(&[&INVOCATION]),
    ResourceType::read_by(&[&MAPPING], mapping),
];

const ALIAS: EntityType = EntityType {
    name: "AWS::Lambda::Alias",
    verb: Verb::Deploy,
    about: "An alias of a function's version.",
    attributes: &[
        read("latest", Origin::Check("FunctionVersion", Test::Is("$LATEST", false)), "Whether it names no version."),
        read(
            "concurrency.provisioned",
            Origin::Number("ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions", 0),
            "Provisioned concurrency; 0 where there is none.",
        ),
        read(
            "weighted",
            Origin::Check("RoutingConfig.AdditionalVersionWeights.0", Test::Given),
            "Whether it sends part of the traffic to another version.",
        ),
    ],
};

const VERSION: EntityType = EntityType {
    name: "AWS::Lambda::Version",
    verb: Verb::Deploy,
    about: "A published version of a function.",
    attributes: &[
        read(
            "concurrency.provisioned",
            Origin::Number("ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions", 0),
            "Provisioned concurrency; 0 where there is none.",
        ),
        read(
            "runtime.updates",
            Origin::Word("RuntimePolicy.UpdateRuntimeOn", "Auto"),
            "When its runtime is patched: `Auto` (the default: AWS Lambda API Reference, PutRuntimeManagementConfig, \
             2026-12), `FunctionUpdate` or `Manual`.",
        ),
    ],
};

const LAYER: EntityType = EntityType {
    name: "AWS::Lambda::LayerVersion",
    verb: Verb::Deploy,
    about: "A version of a layer.",
    attributes: &[
        read("runtimes", Origin::Words("CompatibleRuntimes"), "The runtimes that it says it is for."),
        read("code.versioned", Origin::Check("Content.S3ObjectVersion", Test::Given), "Whether its archive is pinned."),
    ],
};

const LAYER_PERMISSION: EntityType = EntityType {
    name: "AWS::Lambda::LayerVersionPermission",
    verb: Verb::Deploy,
    about: "A statement of a layer version's policy.",
    attributes: &[
        read("principal", Origin::Word("Principal", ""), "The account that may use it, or `*`."),
        read("everyone", Origin::Check("Principal", Test::Is("*", false)), "Whether it names every account."),
        read("bounded", Origin::Check("OrganizationId", Test::Given), "Whether an organization narrows it."),
    ],
};

const SIGNING: EntityType = EntityType {
    name: "AWS::Lambda::CodeSigningConfig",
    verb: Verb::Deploy,
    about: "Which signatures a function's code must have.",
    attributes: &[
        read(
            "enforced",
            Origin::Check("CodeSigningPolicies.UntrustedArtifactOnDeployment", Test::Is("Enforce", false)),
            "Whether unsigned code is refused; it is let through with a warning by default (AWS Lambda API Reference, \
             CodeSigningPolicies, 2026-12).",
        ),
        read("profiles", Origin::Count("AllowedPublishers.SigningProfileVersionArns"), "Number of signing profiles."),
    ],
};

const INVOCATION: EntityType = EntityType {
    name: "AWS::Lambda::EventInvokeConfig",
    verb: Verb::Deploy,
    about: "How a function is invoked asynchronously.",
    attributes: &[
        read(
            "failureDestination",
            Origin::Check("DestinationConfig.OnFailure.Destination", Test::Given),
            "Whether failed events go somewhere.",
        ),
        read(
            "retry.maximumAttempts",
            Origin::Number("MaximumRetryAttempts", 2),
            "2 by default (CloudFormation Template Reference, AWS::Lambda::EventInvokeConfig, 2026-12).",
        ),
        read(
            "retry.maximumAgeSeconds",
            Origin::Number("MaximumEventAgeInSeconds", 21_600),
            "6 hours by default (as above).",
        ),
    ],
};

const MAPPING: EntityType = EntityType {
    name: "AWS::Lambda::EventSourceMapping",
    verb: Verb::Deploy,
    about: "What a function is fed from: a queue, a stream, a topic of Kafka.",
    attributes: &[
        string("source", "`sqs`, `dynamodb`, `kinesis`, `kafka`, `mq`, `docdb`, or another service's name in ARNs."),
        read("enabled", Origin::Check("Enabled", Test::On(true)), "On by default (AWS Lambda API Reference, 2026-12)."),
        read(
            "failureDestination",
            Origin::Check("DestinationConfig.OnFailure.Destination", Test::Given),
            "Whether discarded records are told of somewhere; queues have a redrive policy instead.",
        ),
        read(
            "partialFailures",
            Origin::Any("FunctionResponseTypes", "", Test::Is("ReportBatchItemFailures", false)),
            "Whether the function may report single failures of a batch; off by default (AWS Lambda API Reference, \
             CreateEventSourceMapping, 2026-12).",
        ),
        read(
            "bisects",
            Origin::Check("BisectBatchOnFunctionError", Test::On(false)),
            "Whether a failed batch is split; off by default (as above).",
        ),
        read(
            "retry.maximumAttempts",
            Origin::Number("MaximumRetryAttempts", -1),
            "-1, without end, by default (as above).",
        ),
        read(
            "retry.maximumAgeSeconds",
            Origin::Number("MaximumRecordAgeInSeconds", -1),
            "-1, without end, by default (as above).",
        ),
        read("filtered", Origin::Check("FilterCriteria.Filters.0", Test::Given), "Whether events are filtered."),
        read(
            "encryption.manager",
            Origin::Key("KmsKeyArn", "provider"),
            "Of the filters: `provider` (a key of AWS, the default: AWS Lambda Developer Guide, \"Data encryption at rest\", \
             2026-12), `aws` or `customer`.",
        ),
        long(
            "queue.visibilitySeconds",
            "The queue's visibility timeout, 30 by default (CloudFormation Template Reference, AWS::SQS::Queue, 2026-12); 0 for other sources.",
        ),
        long(
            "function.timeoutSeconds",
            "The function's timeout, 3 by default (AWS Lambda API Reference, CreateFunction, 2026-12).",
        ),
    ],
};

fn mapping(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &MAPPING);
    let source = source(reader);
    let queue = match &source.value {
        Ok(source) if source == "sqs" => {
            let queue = |node: &_| reader.project.named_of(node, |kind| kind == "AWS::SQS::Queue");
            of_target(reader, "EventSourceArn", queue, "VisibilityTimeout", 30)
        }
        Ok(_) => Read::default(0),
        Err(reason) => Read::unknown(reason.clone(), source.span),
    };
    entity.put("source", source);
    entity.put("queue.visibilitySeconds", queue);
    entity.put(
        "function.timeoutSeconds",
        of_target(reader, "FunctionName", |node| reader.project.function(node), "Timeout", 3),
    );
    vec![Record::new(reader, entity)]
}

/// The service of the source, by the resource that is named or by the ARN.
fn source(reader: &Reader<'_>) -> Read<String> {
    let node = match (reader.find("EventSourceArn"), reader.find("SelfManagedEventSource")) {
        (Found::Written(node), _) => node,
        (Found::Unknown(reason, span), _) => return Read::unknown(reason, span),
        (Found::Absent, Found::Absent) => return Read::default(String::new()),
        (Found::Absent, _) => return Read::default("kafka".to_owned()),
    };
    let by_reference = || {
        reader.project.named(node).map(|target| match &*target.kind {
            "AWS::MSK::Cluster" | "AWS::MSK::ServerlessCluster" => "kafka".to_owned(),
            "AWS::AmazonMQ::Broker" => "mq".to_owned(),
            "AWS::DocDB::DBCluster" => "docdb".to_owned(),
            kind => kind.split("::").nth(1).unwrap_or_default().to_lowercase(),
        })
    };
    let by_arn = || {
        let text = node.to_string();
        let service = text.split(':').nth(2).filter(|_| text.starts_with("arn:")).map(str::to_owned);
        service.filter(|service| !service.is_empty()).map(|service| match service.as_str() {
            "rds" => "docdb".to_owned(),
            _ => service,
        })
    };
    // The ARN says the service; a queue may have the name of a table.
    match by_arn().or_else(by_reference) {
        Some(source) => Read::at(source, node.span),
        None => Read::unknown(super::reader::not_literal(node), Some(node.span)),
    }
}

/// A number among the properties of the resource that a property names.
fn of_target<'a>(
    reader: &Reader<'a>,
    path: &str,
    target: impl Fn(&Node) -> Option<&'a Resource>,
    property: &str,
    default: i64,
) -> Read<i64> {
    let node = match reader.find(path) {
        Found::Absent => return Read::default(0),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    match target(node) {
        Some(target) => declared::number(find(&target.properties, property), default),
        None => {
            Read::unknown(Unknown::new(UnknownKind::Other, format!("{node} is not in the project")), Some(node.span))
        }
    }
}
