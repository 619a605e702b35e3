//! EventBridge: rules and their targets, buses, connections, archives, endpoints; pipes and schedules.

use super::reader::{Found, Reader, find, written};
use super::{Record, ResourceType, declared, policy};
use crate::model::entity::{DEPENDS_NUMBER, Origin, Read, Test, bool, read, string};
use crate::model::{Entity, EntityType, Verb};
use crate::syntax::Node;
use std::sync::Arc;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&RULE, &RECEIVER], rule),
    ResourceType::read_by(&[&BUS], bus),
    ResourceType::read_by(&[&BUS_POLICY], bus_policy),
    ResourceType::declared(&[&API_DESTINATION]),
    ResourceType::read_by(&[&CONNECTION], connection),
    ResourceType::declared(&[&ENDPOINT]),
    ResourceType::declared(&[&ARCHIVE]),
    ResourceType::read_by(&[&PIPE], pipe),
    ResourceType::read_by(&[&SCHEDULE], schedule),
];

const RULE: EntityType = EntityType {
    name: "AWS::Events::Rule",
    verb: Verb::Deploy,
    about: "A rule of EventBridge.",
    attributes: &[
        read(
            "enabled",
            Origin::Check("State", Test::Is("ENABLED|ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", true)),
            "On by default (Amazon EventBridge API Reference, PutRule, 2026-12).",
        ),
        read("scheduled", Origin::Check("ScheduleExpression", Test::Given), "Whether it goes off by the clock."),
        read("targets", Origin::Count("Targets"), "Number of its targets."),
    ],
};

const RECEIVER: EntityType = EntityType {
    name: "AWS::Events::Rule::Receiver",
    verb: Verb::Deploy,
    about: "A target of a rule.",
    attributes: &[
        string("rule", "The rule's name."),
        string("service", "The service of its ARN or resource, `lambda`, `sqs`, `events`."),
        string("region", "The region in its ARN; empty where it is a resource of the project."),
        read("deadLetter", Origin::Check("DeadLetterConfig.Arn", Test::Given), "Whether lost events go to a queue."),
        read(
            "retry.maximumAttempts",
            Origin::Number("RetryPolicy.MaximumRetryAttempts", 185),
            "185 by default (Amazon EventBridge User Guide, \"Event retry policy and using dead-letter queues\", 2026-12).",
        ),
    ],
};

const BUS: EntityType = EntityType {
    name: "AWS::Events::EventBus",
    verb: Verb::Deploy,
    about: "An event bus.",
    attributes: &[
        read(
            "encryption.manager",
            Origin::Key("KmsKeyIdentifier", "provider"),
            "`provider` (a key of AWS, the default: Amazon EventBridge API Reference, CreateEventBus, 2026-12), `aws` or \
             `customer`.",
        ),
        read("deadLetter", Origin::Check("DeadLetterConfig.Arn", Test::Given), "Whether lost events go to a queue."),
        read("logging.level", Origin::Word("LogConfig.Level", "OFF"), "`OFF` where it is not given."),
        bool("public", "Whether a policy written with it lets in anyone; none does by default."),
    ],
};

const BUS_POLICY: EntityType = EntityType {
    name: "AWS::Events::EventBusPolicy",
    verb: Verb::Deploy,
    about: "A statement of an event bus's policy.",
    attributes: &[bool("public", "Whether it lets in anyone.")],
};

const API_DESTINATION: EntityType = EntityType {
    name: "AWS::Events::ApiDestination",
    verb: Verb::Deploy,
    about: "An HTTP endpoint that events are sent to.",
    attributes: &[
        read(
            "transport.plain",
            Origin::Check("InvocationEndpoint", Test::Begins("http://")),
            "Whether it is called over plain HTTP.",
        ),
        read(
            "rateLimit",
            Origin::Number("InvocationRateLimitPerSecond", DEPENDS_NUMBER),
            "Calls a second; not known where none is given: the reference names no default (Amazon EventBridge API \
             Reference, CreateApiDestination, 2026-12). Terraform's is 300.",
        ),
    ],
};

const CONNECTION: EntityType = EntityType {
    name: "AWS::Events::Connection",
    verb: Verb::Deploy,
    about: "How an HTTP endpoint is authorized with.",
    attributes: &[
        read("kind", Origin::Word("AuthorizationType", ""), "`API_KEY`, `BASIC` or `OAUTH_CLIENT_CREDENTIALS`."),
        read(
            "encryption.manager",
            Origin::Key("KmsKeyIdentifier", "provider"),
            "`provider` by default (Amazon EventBridge API Reference, CreateConnection, 2026-12), `aws` or `customer`.",
        ),
        read(
            "transport.plain",
            Origin::Check("AuthParameters.OAuthParameters.AuthorizationEndpoint", Test::Begins("http://")),
            "Whether it authorizes over plain HTTP.",
        ),
        bool("secret.written", "Whether its key, password or client secret is written out."),
    ],
};

const ENDPOINT: EntityType = EntityType {
    name: "AWS::Events::Endpoint",
    verb: Verb::Deploy,
    about: "A global endpoint, which fails over to another region.",
    attributes: &[
        read(
            "replicated",
            Origin::Check("ReplicationConfig.State", Test::Is("ENABLED", true)),
            "Whether all events go to both regions; on by default (Amazon EventBridge API Reference, CreateEndpoint, \
             2026-12).",
        ),
        read(
            "secondaryRegion",
            Origin::Word("RoutingConfig.FailoverConfig.Secondary.Route", ""),
            "The region that it fails over to.",
        ),
    ],
};

const ARCHIVE: EntityType = EntityType {
    name: "AWS::Events::Archive",
    verb: Verb::Deploy,
    about: "An archive of events.",
    attributes: &[
        read(
            "retention.days",
            Origin::Number("RetentionDays", 0),
            "0, for ever, by default (Amazon EventBridge API Reference, CreateArchive, 2026-12).",
        ),
        read(
            "encryption.manager",
            Origin::Key("KmsKeyIdentifier", "provider"),
            "`provider` by default (as above), `aws` or `customer`.",
        ),
    ],
};

const PIPE: EntityType = EntityType {
    name: "AWS::Pipes::Pipe",
    verb: Verb::Deploy,
    about: "A pipe from a source to a target.",
    attributes: &[
        read(
            "enabled",
            Origin::Check("DesiredState", Test::Is("RUNNING", true)),
            "On by default (Amazon EventBridge User Guide, \"Starting or stopping an Amazon EventBridge pipe\", 2026-12).",
        ),
        read(
            "encryption.manager",
            Origin::Key("KmsKeyIdentifier", "provider"),
            "`provider` by default (Amazon EventBridge Pipes API Reference, CreatePipe, 2026-12), `aws` or `customer`.",
        ),
        read("logging.level", Origin::Word("LogConfiguration.Level", "OFF"), "`OFF` where it is not given."),
        read(
            "logging.payloads",
            Origin::Check("LogConfiguration.IncludeExecutionData.0", Test::Given),
            "Whether its logs hold the data; off by default (as above, PipeLogConfigurationParameters).",
        ),
        bool("deadLetter", "Whether records of a stream that are lost go to a queue or topic."),
        string("target.region", "The region in its target's ARN; empty where that is a resource of the project."),
    ],
};

const SCHEDULE: EntityType = EntityType {
    name: "AWS::Scheduler::Schedule",
    verb: Verb::Deploy,
    about: "A schedule.",
    attributes: &[
        read(
            "enabled",
            Origin::Check("State", Test::Is("ENABLED", true)),
            "On by default (Terraform AWS provider, aws_scheduler_schedule, 2026-12).",
        ),
        read(
            "encryption.manager",
            Origin::Key("KmsKeyArn", "provider"),
            "`provider` by default (EventBridge Scheduler User Guide, \"Encryption at rest\", 2026-12), `aws` or `customer`.",
        ),
        read(
            "deadLetter",
            Origin::Check("Target.DeadLetterConfig.Arn", Test::Given),
            "Whether lost events go to a queue.",
        ),
        read(
            "retry.maximumAttempts",
            Origin::Number("Target.RetryPolicy.MaximumRetryAttempts", 185),
            "185 by default (Terraform AWS provider, aws_scheduler_schedule, 2026-12).",
        ),
        string("target.region", "The region in its target's ARN; empty where that is a resource of the project."),
    ],
};

/// A rule and its targets.
fn rule(reader: &Reader<'_>) -> Vec<Record> {
    let mut records = vec![Record::new(reader, declared::entity(reader, &RULE))];
    let targets = reader.resource.property("Targets").map(Node::items_or_self).unwrap_or_default();
    for target in targets {
        let arn = find(target, "Arn");
        let mut entity = Entity::new(&RECEIVER, reader.resource.name.clone());
        entity.put("rule", Read::default(reader.resource.name.clone()));
        entity.put("service", service(reader, &arn));
        entity.put("region", region(reader, &arn));
        let mut record = Record::new(reader, declared::fill(entity, &RECEIVER, target));
        let id = target.get("Id").and_then(Node::as_text).map(str::to_owned);
        record.detail = id.or_else(|| target.get("Arn").map(Node::to_string)).unwrap_or_default();
        record.span = target.span;
        records.push(record);
    }
    records
}

/// The service of a target, by its resource or its ARN.
fn service(reader: &Reader<'_>, arn: &Found<'_>) -> Read<Arc<str>> {
    let node = match arn {
        Found::Written(node) => node,
        Found::Absent => return Read::default("".into()),
        Found::Unknown(reason, span) => return Read::unknown(reason.clone(), *span),
    };
    let of_kind = |kind: &str| kind.split("::").nth(1).unwrap_or_default().to_lowercase().into();
    // The ARN says the service; a queue may have the name of a table.
    match arn_part(node, 2).or_else(|| reader.project.named(node).map(|target| of_kind(&target.kind))) {
        Some(service) => Read::at(service, node.span),
        None => Read::unknown(super::reader::not_literal(node), Some(node.span)),
    }
}

/// The region in a target's ARN; empty for a resource of the project.
pub(super) fn region(reader: &Reader<'_>, arn: &Found<'_>) -> Read<Arc<str>> {
    let node = match arn {
        Found::Written(node) => node,
        Found::Absent => return Read::default("".into()),
        Found::Unknown(reason, span) => return Read::unknown(reason.clone(), *span),
    };
    match arn_part(node, 3) {
        Some(region) => Read::at(region, node.span),
        None if reader.project.named(node).is_some() || node.as_reference().is_some() => Read::at("".into(), node.span),
        None => Read::unknown(super::reader::not_literal(node), Some(node.span)),
    }
}

/// A part of an ARN as far as its literal beginning goes.
fn arn_part(node: &Node, at: usize) -> Option<Arc<str>> {
    let parts = node.parts()?;
    let crate::syntax::Part::Literal(first) = parts.first()? else { return None };
    let whole = parts.len() == 1;
    let pieces: Vec<&str> = first.split(':').collect();
    // The last piece of a beginning may go on.
    let known = pieces.first() == Some(&"arn") && (at + 1 < pieces.len() || whole);
    pieces.get(at).filter(|_| known).map(|piece| (*piece).into())
}

fn bus(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &BUS);
    entity.put("public", policy::lets_in_anyone(reader.find("Policy")));
    vec![Record::new(reader, entity)]
}

fn bus_policy(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &BUS_POLICY);
    let public = match reader.find("Statement") {
        // The form before statements: a principal, and a condition that narrows it.
        Found::Absent => match (reader.text("Principal"), reader.given("Condition").value) {
            (principal, Ok(false)) => principal.map(|principal| principal.as_deref() == Some("*")),
            (principal, Ok(true)) => Read { value: Ok(false), span: principal.span },
            (principal, Err(reason)) => Read::unknown(reason, principal.span),
        },
        found => policy::lets_in_anyone(found),
    };
    entity.put("public", public);
    vec![Record::new(reader, entity)]
}

fn connection(reader: &Reader<'_>) -> Vec<Record> {
    const SECRETS: [&str; 3] = [
        "AuthParameters.ApiKeyAuthParameters.ApiKeyValue",
        "AuthParameters.BasicAuthParameters.Password",
        "AuthParameters.OAuthParameters.ClientParameters.ClientSecret",
    ];
    let mut entity = declared::entity(reader, &CONNECTION);
    entity.put("secret.written", policy::any(SECRETS.map(|path| written(reader.find(path)))));
    vec![Record::new(reader, entity)]
}

fn pipe(reader: &Reader<'_>) -> Vec<Record> {
    const LOST: [&str; 2] = [
        "SourceParameters.DynamoDBStreamParameters.DeadLetterConfig.Arn",
        "SourceParameters.KinesisStreamParameters.DeadLetterConfig.Arn",
    ];
    let mut entity = declared::entity(reader, &PIPE);
    entity.put("deadLetter", policy::any(LOST.map(|path| reader.given(path))));
    entity.put("target.region", region(reader, &reader.find("Target")));
    vec![Record::new(reader, entity)]
}

fn schedule(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &SCHEDULE);
    entity.put("target.region", region(reader, &reader.find("Target.Arn")));
    vec![Record::new(reader, entity)]
}
