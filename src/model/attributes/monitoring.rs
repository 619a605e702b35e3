//! CloudWatch: alarms, what is made of logs and where they go, canaries.

use super::reader::{Found, Reader};
use super::{Record, ResourceType, declared, events, policy};
use crate::model::entity::{DEPENDS, Declared, Origin, Test, bool, long, read, string};
use crate::model::{EntityType, Verb};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::declared(&[&ALARM]),
    ResourceType::declared(&[&COMPOSITE]),
    ResourceType::declared(&[&METRIC]),
    ResourceType::read_by(&[&SUBSCRIPTION], subscription),
    ResourceType::read_by(&[&DESTINATION], destination),
    ResourceType::read_by(&[&POLICY], resource_policy),
    ResourceType::declared(&[&CENTRAL]),
    ResourceType::declared(&[&CANARY]),
];

const ACTIONS: Declared =
    read("actions.enabled", Origin::Check("ActionsEnabled", Test::On(true)), "Whether it does anything; by default.");
const ON_ALARM: Declared =
    read("actions.alarm", Origin::Count("AlarmActions"), "Number of things that it does when it goes off.");
const ON_OK: Declared = read("actions.ok", Origin::Count("OKActions"), "When it is over.");
const ON_MISSING: Declared =
    read("actions.insufficient", Origin::Count("InsufficientDataActions"), "When it cannot tell.");

const ALARM: EntityType = EntityType {
    name: "AWS::CloudWatch::Alarm",
    verb: Verb::Deploy,
    about: "An alarm on a metric (defaults: AWS CloudFormation Template Reference, AWS::CloudWatch::Alarm, 2026-12).",
    attributes: &[
        ACTIONS,
        ON_ALARM,
        ON_OK,
        ON_MISSING,
        read("namespace", Origin::Word("Namespace", ""), "Of its metric, `AWS/Lambda`; empty where it is computed."),
        read("metric", Origin::Word("MetricName", ""), "Its metric, `Errors`; empty where it is computed."),
        read("computed", Origin::Check("Metrics.0", Test::Given), "Whether it is computed from several metrics."),
        read("missing", Origin::Word("TreatMissingData", "missing"), "What missing data is; `missing` by default."),
    ],
};

const COMPOSITE: EntityType = EntityType {
    name: "AWS::CloudWatch::CompositeAlarm",
    verb: Verb::Deploy,
    about: "An alarm on other alarms (defaults: AWS CloudFormation Template Reference, 2026-12).",
    attributes: &[
        ACTIONS,
        ON_ALARM,
        ON_OK,
        ON_MISSING,
        read("suppressed", Origin::Check("ActionsSuppressor", Test::Given), "Whether another alarm keeps it quiet."),
    ],
};

const METRIC: EntityType = EntityType {
    name: "AWS::Logs::MetricFilter",
    verb: Verb::Deploy,
    about: "A metric made of log lines.",
    attributes: &[
        read("pattern", Origin::Word("FilterPattern", ""), "The lines that it counts; all of them where empty."),
        read("metric", Origin::Word("MetricTransformations.0.MetricName", ""), "Its first metric."),
        read("namespace", Origin::Word("MetricTransformations.0.MetricNamespace", ""), "And where that is."),
    ],
};

const SUBSCRIPTION: EntityType = EntityType {
    name: "AWS::Logs::SubscriptionFilter",
    verb: Verb::Deploy,
    about: "What sends log lines elsewhere.",
    attributes: &[
        read("pattern", Origin::Word("FilterPattern", ""), "The lines that it sends; all of them where empty."),
        read("role.given", Origin::Check("RoleArn", Test::Given), "Whether it names a role."),
        string("destination.service", "The service of its ARN or resource, `lambda`, `kinesis`, `logs`."),
        string("destination.region", "The region in its ARN; empty where it is a resource of the project."),
    ],
};

const DESTINATION: EntityType = EntityType {
    name: "AWS::Logs::Destination",
    verb: Verb::Deploy,
    about: "What takes log lines from other accounts.",
    attributes: &[
        bool("public", "Whether its policy lets in anyone; none does by default."),
        string("target.service", "The service of its target, `kinesis`, `firehose`."),
        string("target.region", "The region in its target's ARN; empty where that is a resource of the project."),
    ],
};

const POLICY: EntityType = EntityType {
    name: "AWS::Logs::ResourcePolicy",
    verb: Verb::Deploy,
    about: "A policy of CloudWatch Logs, which lets services write.",
    attributes: &[bool("public", "Whether it lets in anyone."), long("statements", "Number of statements.")],
};

const CENTRAL: EntityType = EntityType {
    name: "AWS::ObservabilityAdmin::OrganizationCentralizationRule",
    verb: Verb::Deploy,
    about: "What copies the logs of an organization to one place.",
    attributes: &[
        read("destination.region", Origin::Word("Rule.Destination.Region", ""), "Where they go."),
        read(
            "backup.region",
            Origin::Word("Rule.Destination.DestinationLogsConfiguration.BackupConfiguration.Region", ""),
            "Where a second copy goes; empty for none.",
        ),
        read("source.regions", Origin::Words("Rule.Source.Regions"), "Where they come from."),
        read(
            "encryption.strategy",
            Origin::Word(
                "Rule.Destination.DestinationLogsConfiguration.LogsEncryptionConfiguration.EncryptionStrategy",
                DEPENDS,
            ),
            "`CUSTOMER_MANAGED` or `AWS_OWNED`; the default is not published.",
        ),
        read(
            "encrypted",
            Origin::Word("Rule.Source.SourceLogsConfiguration.EncryptedLogGroupStrategy", ""),
            "Whether log groups with a customer's key are copied, `ALLOW`, or left out, `SKIP`.",
        ),
    ],
};

const CANARY: EntityType = EntityType {
    name: "AWS::Synthetics::Canary",
    verb: Verb::Deploy,
    about: "A canary (defaults: AWS CloudFormation Template Reference, AWS::Synthetics::Canary, 2026-12).",
    attributes: &[
        read(
            "encryption.manager",
            Origin::Key("ArtifactConfig.S3Encryption.KmsKeyArn", "aws"),
            "Of what it keeps: `aws` by default, or `customer`.",
        ),
        read(
            "tracing.enabled",
            Origin::Check("RunConfig.ActiveTracing", Test::Stated),
            "The default is not published.",
        ),
        read("retention.successDays", Origin::Number("SuccessRetentionPeriod", 31), "31 by default."),
        read("retention.failureDays", Origin::Number("FailureRetentionPeriod", 31), "31 by default."),
        read("network.given", Origin::Check("VPCConfig.SubnetIds.0", Test::Given), "Whether it is in a network."),
    ],
};

fn subscription(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &SUBSCRIPTION);
    let arn = reader.find("DestinationArn");
    entity.put("destination.service", events::service(reader, &arn));
    entity.put("destination.region", events::region(reader, &arn));
    vec![Record::new(reader, entity)]
}

fn destination(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &DESTINATION);
    let target: Found<'_> = reader.find("TargetArn");
    entity.put("target.service", events::service(reader, &target));
    entity.put("target.region", events::region(reader, &target));
    entity.put("public", policy::lets_in_anyone(reader.find("DestinationPolicy")));
    vec![Record::new(reader, entity)]
}

fn resource_policy(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &POLICY);
    entity.put("public", policy::lets_in_anyone(reader.find("PolicyDocument")));
    entity.put("statements", policy::statements(reader.find("PolicyDocument")));
    vec![Record::new(reader, entity)]
}
