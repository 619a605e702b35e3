//! What Lambda itself does with a function's role: logs, traces, network interfaces, polling, destinations.
//!
//! Sources: AWS Lambda Developer Guide, "Defining Lambda function permissions with an execution role", "Giving Lambda
//! functions access to resources in an Amazon VPC", "Configuring file system access", the chapters on each event source
//! ("execution role permissions"), "Capturing records of Lambda asynchronous invocations" and "Lambda durable functions";
//! read 2026-11.

use super::right::{Evidence, Reason, Right};
use super::target::{Finder, fill, own_arn, pseudo, star};
use crate::iam::action;
use crate::model::Resource;
use crate::source::Span;
use crate::syntax::{Node, Part};

/// The actions on network interfaces that a function in a network of one's own needs.
const INTERFACES: &[&str] = &[
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
];

/// Those that a poller of a broker in such a network needs.
const BROKERS: &[&str] = &[
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
];

/// What polling an event source needs, by the service of its ARN, and whether it reaches into a network.
const POLLED: &[(&str, &[&str], bool)] = &[
    ("sqs", &["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], false),
    (
        "dynamodb",
        &["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
        false,
    ),
    (
        "kinesis",
        &[
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
        ],
        false,
    ),
    ("kafka", &["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"], true),
    ("mq", &["mq:DescribeBroker"], true),
    ("rds", &["rds:DescribeDBClusters", "rds:DescribeDBClusterParameters", "rds:DescribeDBSubnetGroups"], true),
];

/// What sending to a destination needs, by the service of its ARN.
const SENT: &[(&str, &[&str])] = &[
    ("sqs", &["sqs:SendMessage"]),
    ("sns", &["sns:Publish"]),
    ("lambda", &["lambda:InvokeFunction"]),
    ("events", &["events:PutEvents"]),
    ("s3", &["s3:PutObject", "s3:ListBucket"]),
];

/// The service in the ARN of a type's resources, for event sources and destinations.
const SERVICES: &[(&str, &str)] = &[
    ("AWS::SQS::Queue", "sqs"),
    ("AWS::SNS::Topic", "sns"),
    ("AWS::DynamoDB::", "dynamodb"),
    ("AWS::Kinesis::", "kinesis"),
    ("AWS::MSK::", "kafka"),
    ("AWS::AmazonMQ::", "mq"),
    ("AWS::DocDB::", "rds"),
    ("AWS::Lambda::", "lambda"),
    ("AWS::Events::EventBus", "events"),
    ("AWS::S3::Bucket", "s3"),
];

/// The rights that Lambda makes use of by itself.
pub(super) fn rights(of: &Finder<'_>) -> Vec<Right> {
    let mut runtime = Runtime { of, rights: Vec::new() };
    runtime.logs();
    runtime.traces();
    runtime.network();
    runtime.durable();
    runtime.destinations();
    for source in of.project.pointing_at(&of.function.id) {
        if &*source.kind == "AWS::Lambda::EventSourceMapping" {
            runtime.polling(source);
        }
    }
    runtime.rights
}

struct Runtime<'a, 'f> {
    of: &'a Finder<'f>,
    rights: Vec<Right>,
}

impl Runtime<'_, '_> {
    fn add(&mut self, names: &[&str], resource: &Node, reason: Reason, (span, text): (Span, &str)) {
        for action in names.iter().filter_map(|name| action::named(name)) {
            let node = if action.is_scopable() { resource.clone() } else { Node::template(star(), span) };
            let evidence = vec![Evidence { span, text: text.to_owned() }];
            self.rights.push(Right { action, resource: node, condition: None, reason, evidence });
        }
    }

    fn logs(&mut self) {
        let span = self.of.function.span;
        let mut group = self.of.own_logs();
        let declared = matches!(group.first(), Some(Part::Reference(_)));
        group.push(Part::Literal(":*".into()));
        let names: &[&str] = if declared {
            &["logs:CreateLogStream", "logs:PutLogEvents"]
        } else {
            &["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        };
        self.add(names, &Node::template(group, span), Reason::Logs, (span, "its own log"));
    }

    fn traces(&mut self) {
        let Some(mode) = self.of.function.property("TracingConfig.Mode") else { return };
        if mode.as_text().is_none_or(|mode| mode == "Active") {
            let all = Node::template(star(), mode.span);
            let names = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];
            self.add(&names, &all, Reason::Traces, (mode.span, "TracingConfig"));
        }
    }

    fn network(&mut self) {
        let function = self.of.function;
        let subnets = function.property("VpcConfig.SubnetIds");
        if let Some(subnets) = subnets.filter(|subnets| !subnets.items_or_self().is_empty()) {
            let all = Node::template(star(), subnets.span);
            self.add(INTERFACES, &all, Reason::Network, (subnets.span, "VpcConfig"));
        }
        for system in function.property("FileSystemConfigs").map(Node::items_or_self).unwrap_or_default() {
            let point = system.get("Arn").and_then(|arn| self.of.project.named(arn));
            if point.is_some_and(|point| point.kind.starts_with("AWS::S3Files::")) {
                let everywhere = Node::template(star(), system.span);
                let names = ["s3files:ClientMount", "s3files:ClientWrite"];
                self.add(&names, &everywhere, Reason::Network, (system.span, "FileSystemConfigs"));
                continue;
            }
            let id = point.and_then(|point| point.property("FileSystemId"));
            let unknown = Node::string("", system.span);
            let names = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"];
            let system_arn = self.known(id.unwrap_or(&unknown), "elasticfilesystem", names[0]);
            self.add(&names, &system_arn, Reason::Network, (system.span, "FileSystemConfigs"));
        }
    }

    /// A durable function keeps its own progress.
    fn durable(&mut self) {
        let Some(config) = self.of.function.property("DurableConfig") else { return };
        let own = Node::template(vec![own_arn(self.of.function), Part::Literal(":*".into())], config.span);
        let names = ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"];
        self.add(&names, &own, Reason::Durable, (config.span, "DurableConfig"));
    }

    fn destinations(&mut self) {
        let (project, function) = (self.of.project, self.of.function);
        if let Some(target) = function.property("DeadLetterConfig.TargetArn") {
            self.destination(target, "DeadLetterConfig");
        }
        for config in project.pointing_at(&function.id).filter(|one| &*one.kind == "AWS::Lambda::EventInvokeConfig") {
            for path in ["DestinationConfig.OnSuccess.Destination", "DestinationConfig.OnFailure.Destination"] {
                if let Some(target) = config.property(path) {
                    self.destination(target, path);
                }
            }
        }
    }

    fn destination(&mut self, target: &Node, text: &str) {
        let Some(service) = self.service(target) else { return };
        let Some((_, names)) = SENT.iter().find(|(known, _)| *known == service) else { return };
        for name in *names {
            let resource = self.known(target, &service, name);
            self.add(&[name], &resource, Reason::Destination, (target.span, text));
        }
    }

    fn polling(&mut self, mapping: &Resource) {
        let secrets = mapping.property("SourceAccessConfigurations").map(Node::items_or_self).unwrap_or_default();
        for access in secrets {
            let kind = access.get("Type").and_then(Node::as_text).unwrap_or_default();
            let Some(uri) = access.get("URI").filter(|_| !kind.starts_with("VPC_") && kind != "VIRTUAL_HOST") else {
                continue;
            };
            let name = "secretsmanager:GetSecretValue";
            let secret = self.known(uri, "secretsmanager", name);
            self.add(&[name], &secret, Reason::Polling, (uri.span, "SourceAccessConfigurations"));
        }
        if let Some(target) = mapping.property("DestinationConfig.OnFailure.Destination") {
            self.destination(target, "DestinationConfig.OnFailure");
        }
        self.registry(mapping);
        let place = (mapping.span, "event source");
        let everywhere = Node::template(star(), mapping.span);
        let Some(source) = mapping.property("EventSourceArn") else {
            // A Kafka of one's own, in a network where it is reached through one.
            let in_network = secrets
                .iter()
                .any(|access| access.get("Type").and_then(Node::as_text).is_some_and(|kind| kind.starts_with("VPC_")));
            if in_network {
                self.add(BROKERS, &everywhere, Reason::Polling, place);
            }
            return;
        };
        let said = [("Queues", "mq"), ("Topics", "kafka")];
        let said =
            || said.iter().find(|(property, _)| mapping.property(property).is_some()).map(|(_, service)| *service);
        let Some(service) = self.service(source).or_else(|| said().map(str::to_owned)) else { return };
        let Some((_, names, in_network)) = POLLED.iter().find(|(known, ..)| *known == service) else { return };
        for name in *names {
            let resource = match (*name, source.parts()) {
                ("rds:DescribeDBClusterParameters" | "rds:DescribeDBSubnetGroups", _) | (_, None) => everywhere.clone(),
                (_, Some(parts)) => Node::template(parts, source.span),
            };
            self.add(&[name], &resource, Reason::Polling, (source.span, "event source"));
        }
        let consumer = source.references().first().and_then(|one| self.of.project.resource(&one.resource));
        let consumes = consumer.is_some_and(|one| &*one.kind == "AWS::Kinesis::StreamConsumer")
            || source.to_string().contains("/consumer/");
        if consumes {
            let resource = Node::template(source.parts().unwrap_or_else(star), source.span);
            self.add(&["kinesis:SubscribeToShard"], &resource, Reason::Polling, place);
        }
        if *in_network {
            self.add(BROKERS, &everywhere, Reason::Polling, place);
        }
    }

    /// The schema registry of Glue by which a mapping checks records (AWS Lambda Developer Guide, "Schema registries",
    /// read 2026-11); one of Confluent's is reached over HTTPS.
    fn registry(&mut self, mapping: &Resource) {
        let kinds = ["AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig"];
        let uri = |kind: &&str| mapping.property(&format!("{kind}.SchemaRegistryConfig.SchemaRegistryURI"));
        let Some(uri) = kinds.iter().find_map(uri) else { return };
        if uri.to_string().starts_with("http") {
            return;
        }
        let place = (uri.span, "SchemaRegistryConfig");
        self.add(&["glue:GetRegistry"], uri, Reason::Polling, place);
        let schemas = "arn:${Partition}:glue:${Region}:${Account}:schema/*";
        let schemas = Node::template(fill(schemas, &pseudo("AWS::Region"), &|_| star()), uri.span);
        self.add(&["glue:GetSchemaVersion"], &schemas, Reason::Polling, place);
    }

    /// The service in the ARN that a value is, by its text or by the type of what it refers to.
    fn service(&self, node: &Node) -> Option<String> {
        let named = node.references().first().and_then(|one| self.of.project.resource(&one.resource));
        if let Some(resource) = named {
            let found = SERVICES.iter().find(|(kind, _)| resource.kind.starts_with(kind));
            return found.map(|(_, service)| (*service).to_owned());
        }
        let text = node.to_string();
        let service = text.strip_prefix("arn:")?.split(':').nth(1)?.to_owned();
        Some(service)
    }

    /// The ARN of what a property names, for an action.
    fn known(&self, node: &Node, service: &str, name: &str) -> Node {
        let parameter = match service {
            "sqs" => "QueueUrl",
            "sns" => "TopicArn",
            "lambda" => "FunctionName",
            "events" => "EventBusName",
            "s3" => "Bucket",
            "secretsmanager" => "SecretId",
            _ => "FileSystemId",
        };
        match action::named(name) {
            Some(action) => self.of.of_property(action, parameter, node),
            None => Node::template(star(), node.span),
        }
    }
}
