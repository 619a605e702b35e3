//! The events that Lambda polls for: an event source mapping, and the rights that reading needs in the function's role.

use super::event::Event;
use super::invoke::bucket_policy;
use super::output::Output;
use super::policies::{attach, embed, managed_arn};
use super::shape::{Object, allow, append, arn, change, fill, inline_policy, json, literal, parts_of, present, text};
use crate::syntax::{Node, Value};
use serde_json::json;

/// The properties that keep their name and shape.
const KEPT: &[&str] = &[
    "StartingPosition",
    "StartingPositionTimestamp",
    "BatchSize",
    "Enabled",
    "MaximumBatchingWindowInSeconds",
    "MaximumRetryAttempts",
    "BisectBatchOnFunctionError",
    "MaximumRecordAgeInSeconds",
    "ParallelizationFactor",
    "Topics",
    "Queues",
    "SourceAccessConfigurations",
    "TumblingWindowInSeconds",
    "FunctionResponseTypes",
    "FilterCriteria",
    "KmsKeyArn",
    "ScalingConfig",
    "ProvisionedPollerConfig",
    "MetricsConfig",
    "LoggingConfig",
];

/// The rights to make a network interface, which reading from inside a network needs.
const NETWORK: &[&str] = &[
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeVpcs",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
];

/// An event that Lambda polls for.
pub(super) struct Mapping<'a> {
    kind: &'a str,
    event: &'a Event<'a>,
}

impl<'a> Mapping<'a> {
    /// An event of a type, `SQS`.
    pub(super) fn new(kind: &'a str, event: &'a Event<'a>) -> Self {
        Self { kind, event }
    }
}

/// Adds the event source mapping and the rights; false where the type is not one of these.
pub(super) fn lower(out: &mut Output<'_>, mapping: &Mapping<'_>, role: Option<&mut Node>) -> bool {
    let Mapping { kind, event } = mapping;
    let (source, managed) = match *kind {
        "SQS" => ("Queue", Some("service-role/AWSLambdaSQSQueueExecutionRole")),
        "Kinesis" => ("Stream", Some("service-role/AWSLambdaKinesisExecutionRole")),
        "DynamoDB" => ("Stream", Some("service-role/AWSLambdaDynamoDBExecutionRole")),
        "MSK" => ("Stream", Some("service-role/AWSLambdaMSKExecutionRole")),
        "MQ" => ("Broker", None),
        "DocumentDB" => ("Cluster", None),
        "SelfManagedKafka" => ("", None),
        _ => return false,
    };
    let span = event.span();
    let destination = event.get("DestinationConfig").map(destination);
    let properties = Object::new(span)
        .put("FunctionName", event.target.name(span))
        .maybe("EventSourceArn", event.get(source).cloned())
        .copy(event.properties, KEPT)
        .maybe("DestinationConfig", destination)
        .node();
    let properties = kafka(event, kind, properties);
    out.generate(&event.origin, "AWS::Lambda::EventSourceMapping", event.id.clone(), properties);
    if let Some(role) = role {
        if let Some(name) = managed {
            attach(role, Node::string(managed_arn(name), span));
        }
        if let Some(policy) = rights(event, kind) {
            embed(role, policy);
        }
        if let Some(policy) = failures(event) {
            embed(role, policy);
        }
    }
    true
}

/// The settings that only Kafka and DocumentDB have.
fn kafka(event: &Event<'_>, kind: &str, mut properties: Node) -> Node {
    let span = event.span();
    let empty = || Object::new(span).node();
    if let Some(servers) = event.get("KafkaBootstrapServers") {
        let endpoints = Object::new(servers.span).put("KafkaBootstrapServers", servers.clone()).node();
        let source = Object::new(servers.span).put("Endpoints", endpoints).node();
        properties.set("SelfManagedEventSource", servers.span, source);
    }
    let config =
        if kind == "MSK" { "AmazonManagedKafkaEventSourceConfig" } else { "SelfManagedKafkaEventSourceConfig" };
    for key in ["ConsumerGroupId", "SchemaRegistryConfig"] {
        if let Some(value) = event.get(key) {
            change(&mut properties, config, empty(), |config| config.set(key, value.span, value.clone()));
        }
    }
    if kind == "DocumentDB" {
        let config = Object::new(span).copy(event.properties, &["DatabaseName", "CollectionName", "FullDocument"]);
        properties.set("DocumentDBEventSourceConfig", span, config.node());
    }
    properties
}

/// Where failed records go, without SAM's own `Type`.
fn destination(config: &Node) -> Node {
    let mut config = config.clone();
    if let Value::Map(entries) = &mut config.value {
        for entry in entries {
            if let Value::Map(inner) = &mut entry.value.value {
                inner.retain(|one| &*one.key != "Type");
            }
        }
    }
    config
}

/// The inline policy for where failed records go, where SAM is told what it is.
fn failures(event: &Event<'_>) -> Option<Node> {
    let failure = event.get("DestinationConfig")?.get("OnFailure")?;
    let target = present(failure, "Destination")?.clone();
    let (suffix, action) = match text(failure, "Type")? {
        "SQS" => ("SQSPolicy", "sqs:SendMessage"),
        "SNS" => ("SNSPolicy", "sns:publish"),
        "S3" => return Some(bucket_policy(&target, &event.id)),
        _ => return None,
    };
    Some(inline_policy(&format!("{}{suffix}", event.id), allow(json!(action), target, failure.span)))
}

/// The inline policy that reading this source needs.
fn rights(event: &Event<'_>, kind: &str) -> Option<Node> {
    let span = event.span();
    let mut document = Object::new(span).put("Statement", Node::list(Vec::new(), span)).node();
    let mut grant = |actions: serde_json::Value, resource: Node| {
        let statement = Object::new(resource.span).put("Action", json(&actions, span)).text("Effect", "Allow");
        append(&mut document, "Statement", statement.put("Resource", resource).node());
    };
    let secret = json!(["secretsmanager:GetSecretValue"]);
    let everywhere = || Node::string("*", span);
    let named = |service: &str, rest: &str| arn(service, vec![literal(rest)], span);
    let name = match kind {
        "MSK" => {
            for uri in access(event, &["CLIENT_CERTIFICATE_TLS_AUTH"]) {
                grant(secret.clone(), uri);
            }
            "MSKExecutionRolePolicy".to_owned()
        }
        "MQ" => {
            access(event, &["BASIC_AUTH"]).into_iter().take(1).for_each(|uri| grant(secret.clone(), uri));
            grant(json!(["mq:DescribeBroker"]), event.get("Broker").cloned()?);
            match event.get("DynamicPolicyName").and_then(Node::as_bool) {
                Some(true) => format!("{}AMQPolicy", event.id),
                _ => "SamAutoGeneratedAMQPolicy".to_owned(),
            }
        }
        "DocumentDB" => {
            access(event, &["BASIC_AUTH"]).into_iter().take(1).for_each(|uri| grant(secret.clone(), uri));
            grant(json!(["rds:DescribeDBClusterParameters"]), named("rds", "cluster-pg:*"));
            grant(json!(["rds:DescribeDBSubnetGroups"]), named("rds", "subgrp:*"));
            grant(json!(["rds:DescribeDBClusters"]), event.get("Cluster").cloned()?);
            grant(json!(NETWORK), everywhere());
            "SamAutoGeneratedDocumentDBPolicy".to_owned()
        }
        "SelfManagedKafka" => {
            let secrets = ["SASL_SCRAM_256_AUTH", "SASL_SCRAM_512_AUTH", "BASIC_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH"];
            access(event, &secrets).into_iter().for_each(|uri| grant(secret.clone(), uri));
            if !access(event, &["VPC_SUBNET"]).is_empty() && !access(event, &["VPC_SECURITY_GROUP"]).is_empty() {
                grant(json!(NETWORK), everywhere());
            }
            "SelfManagedKafkaExecutionRolePolicy".to_owned()
        }
        _ => return None,
    };
    if let Some(key) = event.get("SecretsManagerKmsKeyId").filter(|_| kind != "MSK") {
        let mut resource = vec![literal("key/")];
        resource.extend(parts_of(key));
        grant(json!("kms:Decrypt"), arn("kms", resource, key.span));
    }
    if let Some(config) = event.get("SchemaRegistryConfig").filter(|_| matches!(kind, "MSK" | "SelfManagedKafka")) {
        for (actions, resource) in registry(config) {
            grant(actions, resource);
        }
    }
    if kind == "SelfManagedKafka" {
        document.set("Version", span, Node::string("2012-10-17", span));
    }
    let empty = document.get("Statement").is_none_or(|list| list.items().is_empty());
    (!empty).then(|| inline_policy(&name, document))
}

/// What reading a schema registry needs: its secrets, and the registry itself where it is one of Glue.
fn registry(config: &Node) -> Vec<(serde_json::Value, Node)> {
    let mut rights = Vec::new();
    for one in config.get("AccessConfigs").map(Node::items).unwrap_or_default() {
        if let Some(uri) = present(one, "URI") {
            rights.push((json!(["secretsmanager:GetSecretValue"]), uri.clone()));
        }
    }
    let Some(uri) = present(config, "SchemaRegistryURI") else { return rights };
    let written = uri.to_string();
    let name = written.starts_with("arn").then(|| written.split(":registry/").nth(1)).flatten();
    if let Some(name) = name {
        rights.push((json!(["glue:GetRegistry"]), uri.clone()));
        let schemas = format!("arn:${{AWS::Partition}}:glue:${{AWS::Region}}:${{AWS::AccountId}}:schema/{name}/*");
        rights.push((json!(["glue:GetSchemaVersion"]), fill(&schemas, uri.span, &|_| None)));
    }
    rights
}

/// The addresses of the access configurations of some types.
fn access(event: &Event<'_>, kinds: &[&str]) -> Vec<Node> {
    let all = event.get("SourceAccessConfigurations").map(Node::items).unwrap_or_default();
    let wanted = all.iter().filter(|one| text(one, "Type").is_some_and(|kind| kinds.contains(&kind)));
    wanted.filter_map(|one| present(one, "URI").cloned()).collect()
}
