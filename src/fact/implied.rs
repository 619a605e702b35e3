//! What a function's role needs though no call in the code says so: for the runtime, event sources, extensions.

use crate::iam::action::{self, ActionSet};
use crate::model::{Project, Resource};
use crate::syntax::Node;
use std::sync::LazyLock;

/// Actions that the runtime uses without a call in the code: logs, traces, network interfaces, keys of encrypted
/// stores. They are never called unused.
const IMPLIED: &[&str] = &[
    "logs:*",
    "xray:*",
    "ec2:*NetworkInterface*",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "cloudwatch:PutMetricData",
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
    "kms:DescribeKey",
    "kms:CreateGrant",
    "lambda:GetLayerVersion",
    "rds-db:connect",
    "lambda:CheckpointDurableExecution",
    "lambda:GetDurableExecutionState",
    // What drivers and signed HTTP requests use; no operation of an SDK stands for it.
    "aoss:APIAccessAll",
    "appsync:GraphQL",
    "bedrock-agentcore:Invoke*",
    "cassandra:*",
    "codecommit:Git*",
    "dsql:DbConnect*",
    "elasticache:Connect",
    "elasticfilesystem:Client*",
    "es:ESHttp*",
    "execute-api:*",
    "iot:Connect",
    "iot:Publish",
    "iot:Receive",
    "iot:Subscribe",
    "kafka-cluster:*",
    "lambda:InvokeFunctionUrl",
    "memorydb:Connect",
    "neptune-db:*",
    "qldb:PartiQL*",
    "qldb:SendCommand",
    "rds-db:*",
    "s3files:Client*",
    "vpc-lattice-svcs:*",
];

static IMPLIED_SET: LazyLock<ActionSet> = LazyLock::new(|| {
    let mut set = ActionSet::empty();
    IMPLIED.iter().for_each(|pattern| set.add(&action::expand(pattern)));
    set
});

/// What an event source's poller or a destination needs of the function's role, by a word in the source's ARN or
/// the type of the resource that it names.
///
/// Source: AWS Lambda Developer Guide, chapters on each event source, "Execution role permissions", read 2026-11.
const POLLED: &[(&str, &[&str])] = &[
    (
        "sqs",
        &[
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ChangeMessageVisibility",
            "sqs:GetQueueUrl",
            "sqs:SendMessage",
        ],
    ),
    (
        "dynamodb",
        &[
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:DescribeStream",
            "dynamodb:ListStreams",
            "dynamodb:ListShards",
        ],
    ),
    (
        "kinesis",
        &[
            "kinesis:Describe*",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:List*",
            "kinesis:SubscribeToShard",
        ],
    ),
    ("kafka", &["kafka:Describe*", "kafka:Get*", "kafka:List*", "kafka-cluster:*", "secretsmanager:GetSecretValue"]),
    ("msk", &["kafka:Describe*", "kafka:Get*", "kafka:List*", "kafka-cluster:*", "secretsmanager:GetSecretValue"]),
    ("mq", &["mq:Describe*", "secretsmanager:GetSecretValue"]),
    ("amazonmq", &["mq:Describe*", "secretsmanager:GetSecretValue"]),
    ("rds", &["rds:Describe*", "secretsmanager:GetSecretValue"]),
    ("docdb", &["rds:Describe*", "secretsmanager:GetSecretValue"]),
    ("sns", &["sns:Publish"]),
    ("lambda", &["lambda:InvokeFunction"]),
    ("events", &["events:PutEvents"]),
    ("s3", &["s3:PutObject", "s3:ListBucket"]),
    // A bucket that is mounted as a file system is also read directly.
    ("s3files", &["s3files:Client*", "s3:GetObject", "s3:GetObjectVersion"]),
    ("elasticfilesystem", &["elasticfilesystem:Client*", "elasticfilesystem:Describe*"]),
];

/// What a property of an event source mapping says of its source, whatever its ARN says: brokers have queues, clusters of
/// Kafka have topics (AWS Lambda API Reference, CreateEventSourceMapping, read 2026-11).
const SAID: &[(&str, &[&str])] = &[
    ("Queues", &["mq:Describe*"]),
    ("Topics", &["kafka:Describe*", "kafka:Get*", "kafka:List*"]),
    ("SourceAccessConfigurations", &["secretsmanager:GetSecretValue"]),
    ("AmazonManagedKafkaEventSourceConfig.SchemaRegistryConfig", REGISTRY),
    ("SelfManagedKafkaEventSourceConfig.SchemaRegistryConfig", REGISTRY),
];

/// What reading a schema registry needs (AWS Lambda Developer Guide, "Schema registries", read 2026-11).
const REGISTRY: &[&str] = &["glue:GetRegistry", "glue:GetSchemaVersion", "secretsmanager:GetSecretValue"];

/// Extensions that ask AWS for the function, by a part of their layer's name.
///
/// Sources: AWS Systems Manager, AWS Secrets Manager and AWS AppConfig user guides, chapters on Lambda extensions,
/// read 2026-11.
const EXTENSIONS: &[(&str, &[&str])] =
    &[("Parameters-and-Secrets-Lambda-Extension", SECRETS), ("AppConfig-Extension", CONFIGURATION)];

const SECRETS: &[&str] = &["ssm:GetParameter*", "secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"];

const CONFIGURATION: &[&str] = &["appconfig:GetLatestConfiguration", "appconfig:StartConfigurationSession"];

/// What the function's role needs without a call: the runtime's, its pollers', its destinations'.
pub(super) fn implied(project: &Project, function: &Resource) -> ActionSet {
    let mut set = IMPLIED_SET.clone();
    if function.property("DurableConfig").is_some() {
        set.add(&action::expand("lambda:InvokeFunction"));
    }
    for (_, actions) in extensions(function) {
        actions.iter().for_each(|pattern| set.add(&action::expand(pattern)));
    }
    let mut sources: Vec<&Node> = Vec::new();
    let own = ["DeadLetterConfig.TargetArn", "FileSystemConfigs", "CapacityProviderConfig"];
    sources.extend(own.iter().filter_map(|path| function.property(path)));
    for resource in project.pointing_at(&function.id) {
        match &*resource.kind {
            "AWS::Lambda::EventSourceMapping" => {
                let said = SAID.iter().filter(|(property, _)| resource.property(property).is_some());
                said.flat_map(|(_, actions)| *actions).for_each(|pattern| set.add(&action::expand(pattern)));
                sources.push(&resource.properties);
            }
            "AWS::Lambda::EventInvokeConfig" => sources.extend(resource.property("DestinationConfig")),
            _ => {}
        }
    }
    for (word, actions) in POLLED {
        if sources.iter().any(|source| mentions(project, source, word)) {
            actions.iter().for_each(|pattern| set.add(&action::expand(pattern)));
        }
    }
    set
}

/// The first of AWS's extensions among a function's layers that ask AWS for it.
pub(super) fn extension_layer(function: &Resource) -> Option<&'static str> {
    extensions(function).next().map(|(name, _)| name)
}

fn extensions(function: &Resource) -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    let layers = function.property("Layers").map(Node::items_or_self).unwrap_or_default();
    let has = move |name: &str| layers.iter().any(|layer| layer.to_string().contains(name));
    EXTENSIONS.iter().filter(move |(name, _)| has(name)).copied()
}

/// Whether a value names a resource of a service: by an ARN, or by the type of what it refers to.
fn mentions(project: &Project, node: &Node, service: &str) -> bool {
    let mut found = false;
    node.visit(&mut |node| {
        let text = node.to_string().to_ascii_lowercase();
        found |= text.contains(&format!(":{service}:"));
        // A source that is not known may be any.
        found |= node.as_unknown().is_some();
    });
    let typed = |reference: &&crate::syntax::Reference| {
        project.resource(&reference.resource).is_some_and(|target| {
            let kind = target.kind.to_ascii_lowercase();
            // A Terraform type without a counterpart stands as it is: `aws_kinesis_stream`.
            let name = kind.split("::").nth(1).or_else(|| kind.strip_prefix("aws_")?.split('_').next());
            name.is_some_and(|name| name == service || name == "efs" && service == "elasticfilesystem")
        })
    };
    found || node.references().iter().any(typed)
}

/// What a request to an extension on the function's own machine makes use of, by the port.
pub(super) fn reads_extension(url: &str) -> ActionSet {
    let mut set = ActionSet::empty();
    let actions = match url {
        _ if url.contains("localhost:2773") => SECRETS,
        _ if url.contains("localhost:2772") => CONFIGURATION,
        _ => return set,
    };
    actions.iter().for_each(|pattern| set.add(&action::expand(pattern)));
    set
}

/// What a service does in the caller's name when it is called: it reads and writes the buckets that the call names.
///
/// Source: the services' developer guides, chapters on permissions for Amazon S3, read 2026-11.
pub(super) fn in_callers_name(service: &str) -> ActionSet {
    const READERS: &[&str] =
        &["athena", "comprehend", "comprehendmedical", "polly", "rekognition", "textract", "transcribe", "translate"];
    let mut set = ActionSet::empty();
    if READERS.contains(&service) {
        let buckets = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:ListBucket", "s3:GetBucketLocation"];
        buckets.iter().for_each(|name| set.add(&action::expand(name)));
    }
    if service == "athena" {
        set.add(&action::expand("glue:Get*"));
    }
    set
}

/// `iam:PassRole`, where an operation sets something up that may be given a role; which parameters hold a role is
/// not known for every service.
pub(super) fn passes_roles(operation: &str) -> ActionSet {
    const VERBS: &[&str] = &["Add", "Create", "Put", "Register", "Restore", "Run", "Start", "Submit", "Update"];
    if VERBS.iter().any(|verb| operation.starts_with(verb)) {
        action::expand("iam:PassRole")
    } else {
        ActionSet::empty()
    }
}
