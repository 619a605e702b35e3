//! `stream`, `kafka`, `msk`, `activemq` and `rabbitmq` events: mappings of streams and brokers to functions.

use super::super::naming::{alphanumeric, normalized, upper_first};
use super::super::output::Output;
use super::super::role::stream_kind;
use super::super::service::{Event, Function};
use super::super::template::{Shape, reference};
use super::queue::{as_list, filters, or_number, source_name};
use crate::syntax::Node;

/// What a mapping into the user's network needs.
const NETWORK: [&str; 6] = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
];

/// Lowers every `stream` event.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    for (function, event) in service.events("stream") {
        lower_stream(out, function, event);
    }
}

fn lower_stream(out: &mut Output<'_>, function: &Function, event: &Event) {
    let span = event.span;
    let config = &event.config;
    let source = config.get("arn").unwrap_or(config).clone();
    let kind = stream_kind(config);
    let name = match source.as_text() {
        Some(text) => text.split('/').nth(1).unwrap_or_default().to_owned(),
        None => source_name(&source, '/'),
    };
    let consumer = config.get("consumer").filter(|node| !node.is_absent() && node.as_bool() != Some(false));
    let mut mapped = source.clone();
    if let Some(consumer) = consumer.filter(|_| kind == "kinesis") {
        mapped = match consumer.as_bool() {
            Some(true) => make_consumer(out, function, event, &source, &name),
            _ => consumer.clone(),
        };
        out.allow(&["kinesis:SubscribeToShard"], vec![mapped.clone()], span);
    }
    let failed = config.at("destinations.onFailure").map(|target| target.get("arn").unwrap_or(target).clone());
    let id = format!("{}EventSourceMapping{}{}", function.normalized(), upper_first(&kind), alphanumeric(&name));
    let properties = Shape::at(span)
        .with("BatchSize", or_number(config.get("batchSize"), "10", config))
        .with("Enabled", config.get("enabled").cloned().unwrap_or_else(|| Node::bool(true, span)))
        .with("EventSourceArn", mapped)
        .with("FunctionName", function.target(span))
        .copy("ParallelizationFactor", config, "parallelizationFactor")
        .with(
            "StartingPosition",
            config.get("startingPosition").cloned().unwrap_or_else(|| Node::string("TRIM_HORIZON", span)),
        )
        .copy("MaximumBatchingWindowInSeconds", config, "batchWindow")
        .copy("MaximumRetryAttempts", config, "maximumRetryAttempts")
        .copy("BisectBatchOnFunctionError", config, "bisectBatchOnFunctionError")
        .copy("MaximumRecordAgeInSeconds", config, "maximumRecordAgeInSeconds")
        .copy("TumblingWindowInSeconds", config, "tumblingWindowInSeconds")
        .maybe("FunctionResponseTypes", config.get("functionResponseType").map(as_list))
        .maybe(
            "DestinationConfig",
            failed
                .as_ref()
                .map(|arn| Node::map([("OnFailure", Node::map([("Destination", arn.clone())], arn.span))], arn.span)),
        )
        .maybe("FilterCriteria", filters(config));
    out.template.make("AWS::Lambda::EventSourceMapping", id, &function.owner(span), properties.done());
    let actions: &[&str] = match (kind.as_str(), consumer) {
        ("dynamodb", _) => {
            &["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"]
        }
        (_, None) => {
            &["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListStreams"]
        }
        (_, Some(_)) => {
            &["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary", "kinesis:ListShards"]
        }
    };
    out.allow(actions, vec![source], span);
    if let Some(target) = failed {
        let said = config.at("destinations.onFailure.type").and_then(Node::as_text).map(str::to_owned);
        let kind = said.or_else(|| target.to_string().split(':').nth(2).map(str::to_owned));
        let actions: &[&str] =
            if kind.as_deref() == Some("sns") { &["sns:Publish"] } else { &["sqs:ListQueues", "sqs:SendMessage"] };
        out.allow(actions, vec![target], span);
    }
}

fn make_consumer(out: &mut Output<'_>, function: &Function, event: &Event, stream: &Node, name: &str) -> Node {
    let consumer = format!("{}{name}Consumer", function.key);
    let id = format!("{}StreamConsumer", normalized(&consumer));
    let properties = Shape::at(event.span).with("StreamARN", stream.clone()).text("ConsumerName", &consumer).done();
    out.template.make("AWS::Kinesis::StreamConsumer", id.clone(), &function.owner(event.span), properties);
    reference(&id, event.span)
}

/// Lowers every `kafka` event: a cluster of the user's own.
pub(super) fn lower_kafka(out: &mut Output<'_>) {
    let service = out.service;
    for (function, event) in service.events("kafka") {
        let span = event.span;
        let config = &event.config;
        let servers = config.get("bootstrapServers").cloned().unwrap_or_else(|| Node::list(Vec::new(), span));
        let endpoints = Node::map([("Endpoints", Node::map([("KafkaBootstrapServers", servers)], span))], span);
        let topic = config.get("topic").map(Node::to_string).unwrap_or_default();
        let id = format!("{}EventSourceMappingKafka{}", function.normalized(), limited(&topic, 158));
        let shape = broker(function, event, "topic", "Topics").with("SelfManagedEventSource", endpoints);
        let (accesses, network) = accesses(out, config);
        let properties = shape.with("SourceAccessConfigurations", Node::list(accesses, span)).done();
        out.template.make("AWS::Lambda::EventSourceMapping", id, &function.owner(span), properties);
        if network {
            out.allow(&NETWORK, vec![Node::string("*", span)], span);
        }
    }
}

/// How a mapping authenticates, and whether it reaches into the user's network.
fn accesses(out: &mut Output<'_>, config: &Node) -> (Vec<Node>, bool) {
    let mut list = Vec::new();
    let mut network = false;
    for entry in config.get("accessConfigurations").map(Node::entries).unwrap_or_default() {
        let (kind, prefix) = match &*entry.key {
            "vpcSubnet" => ("VPC_SUBNET", "subnet:"),
            "vpcSecurityGroup" => ("VPC_SECURITY_GROUP", "security_group:"),
            "saslPlainAuth" => ("BASIC_AUTH", ""),
            "saslScram256Auth" => ("SASL_SCRAM_256_AUTH", ""),
            "saslScram512Auth" => ("SASL_SCRAM_512_AUTH", ""),
            "clientCertificateTlsAuth" => ("CLIENT_CERTIFICATE_TLS_AUTH", ""),
            "serverRootCaCertificate" => ("SERVER_ROOT_CA_CERTIFICATE", ""),
            other => (other, ""),
        };
        for value in entry.value.items_or_self() {
            if prefix.is_empty() {
                out.allow(&["secretsmanager:GetSecretValue"], vec![value.clone()], value.span);
            } else {
                network = true;
            }
            let uri = super::super::service::text(&[&Node::string(prefix, value.span), value], value.span);
            list.push(Shape::at(value.span).text("Type", kind).with("URI", uri).done());
        }
    }
    (list, network)
}

/// Lowers every `msk` event.
pub(super) fn lower_msk(out: &mut Output<'_>) {
    let service = out.service;
    for (function, event) in service.events("msk") {
        let span = event.span;
        let Some(source) = event.config.get("arn").cloned() else { continue };
        let cluster = match source.as_text() {
            Some(text) => text.split('/').nth(1).unwrap_or_default().to_owned(),
            None => source_name(&source, '/'),
        };
        let topic = event.config.get("topic").map(Node::to_string).unwrap_or_default();
        let stem = format!("{}{}", limited(&cluster, 79), limited(&topic, 79));
        let id = format!("{}EventSourceMappingMSK{stem}", function.normalized());
        let properties = broker(function, event, "topic", "Topics").with("EventSourceArn", source.clone());
        out.template.make("AWS::Lambda::EventSourceMapping", id, &function.owner(span), properties.done());
        out.allow(&["kafka:DescribeCluster", "kafka:GetBootstrapBrokers"], vec![source], span);
        out.allow(&NETWORK, vec![Node::string("*", span)], span);
    }
}

/// Lowers every `activemq` event.
pub(super) fn lower_activemq(out: &mut Output<'_>) {
    lower_queue_broker(out, "activemq", "ActiveMQ");
}

/// Lowers every `rabbitmq` event.
pub(super) fn lower_rabbitmq(out: &mut Output<'_>) {
    lower_queue_broker(out, "rabbitmq", "RabbitMQ");
}

fn lower_queue_broker(out: &mut Output<'_>, kind: &str, stem: &str) {
    let service = out.service;
    for (function, event) in service.events(kind) {
        let span = event.span;
        let Some(source) = event.config.get("arn").cloned() else { continue };
        let queue = event.config.get("queue").map(Node::to_string).unwrap_or_default();
        let id = format!("{}EventSourceMapping{stem}{}", function.normalized(), limited(&queue, 150));
        let mut accesses = Vec::new();
        if let Some(secret) = event.config.get("basicAuthArn") {
            accesses.push(Shape::at(secret.span).text("Type", "BASIC_AUTH").with("URI", secret.clone()).done());
            out.allow(&["secretsmanager:GetSecretValue"], vec![secret.clone()], secret.span);
        }
        let properties = broker(function, event, "queue", "Queues")
            .with("EventSourceArn", source.clone())
            .with("SourceAccessConfigurations", Node::list(accesses, span));
        out.template.make("AWS::Lambda::EventSourceMapping", id, &function.owner(span), properties.done());
        out.allow(&["mq:DescribeBroker"], vec![source], span);
        out.allow(&NETWORK, vec![Node::string("*", span)], span);
    }
}

/// What the mappings of all brokers have in common.
fn broker(function: &Function, event: &Event, theirs: &str, ours: &str) -> Shape {
    let config = &event.config;
    let oldest = (theirs == "topic").then(|| Node::string("TRIM_HORIZON", event.span));
    Shape::at(event.span)
        .with("FunctionName", function.target(event.span))
        .maybe("StartingPosition", config.get("startingPosition").cloned().or(oldest))
        .copy("BatchSize", config, "batchSize")
        .copy("MaximumBatchingWindowInSeconds", config, "maximumBatchingWindow")
        .copy("Enabled", config, "enabled")
        .maybe(ours, config.get(theirs).map(as_list))
        .maybe("FilterCriteria", filters(config))
}

fn limited(name: &str, length: usize) -> String {
    alphanumeric(name).chars().take(length).collect()
}
