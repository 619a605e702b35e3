//! What the AWS SDKs can call: services, operations, waiters and boto3's resource types, from data/code.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Arc, OnceLock};

/// Services, operations, waiters and resource types; one table for all languages, because the SDKs derive their
/// method names from the same models and differ in case and separators only.
#[derive(Debug, Default)]
pub(super) struct Operations {
    services: Vec<Service>,
    by_name: HashMap<Box<str>, usize>,
    /// How many services have an operation of this name.
    shared: HashMap<Box<str>, u32>,
}

/// One service.
#[derive(Debug)]
pub(super) struct Service {
    /// boto3's name.
    pub(super) name: Arc<str>,
    operations: HashMap<Box<str>, Arc<str>>,
    waiters: HashMap<Box<str>, Arc<str>>,
    resources: HashMap<Box<str>, ResourceType>,
}

/// A type of boto3's resource layer.
#[derive(Debug, Default)]
pub(super) struct ResourceType {
    /// Identifier and the API parameter it stands for, in the order of the constructor.
    pub(super) identifiers: Vec<(Arc<str>, Arc<str>)>,
    /// Method, operation, and the type that it returns.
    methods: HashMap<Box<str>, Method>,
    /// Collection, listing operation, element type, batch methods.
    collections: HashMap<Box<str>, Collection>,
    subs: HashMap<Box<str>, Arc<str>>,
}

/// An operation and the type that it returns.
pub(super) type Method = (Arc<str>, Option<Arc<str>>);

/// A collection of a resource, `bucket.objects`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Collection {
    /// The operation that lists it.
    pub(super) operation: Arc<str>,
    /// The type of its elements.
    pub(super) element: Arc<str>,
    /// Methods on all of it and their operations.
    pub(super) batch: Vec<(Arc<str>, Arc<str>)>,
}

/// The table, decoded on first use.
pub(super) fn table() -> &'static Operations {
    static TABLE: OnceLock<Operations> = OnceLock::new();
    TABLE.get_or_init(|| {
        let packed: &[u8] = include_bytes!("../../data/code/operations.txt.zst");
        let mut text = String::new();
        let read = ruzstd::decoding::StreamingDecoder::new(packed).map(|mut decoder| decoder.read_to_string(&mut text));
        debug_assert!(matches!(read, Ok(Ok(_))), "the embedded table decodes");
        Operations::parse(&text)
    })
}

/// Lower case without separators: `list_objects_v2`, `listObjectsV2` and `ListObjectsV2` are one.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// `BucketName` as Python writes it: `bucket_name`.
pub(super) fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (at, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && at > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Names that an SDK uses for a service beside boto3's name and the service id (SDK for JavaScript 2, crates).
const ALIASES: &[(&str, &str)] = &[
    ("cloudwatchevents", "events"),
    ("cognitoidentityserviceprovider", "cognito-idp"),
    ("apigatewaymanagement", "apigatewaymanagementapi"),
    ("iotdata", "iot-data"),
    ("lexruntime", "lex-runtime"),
    ("documentclient", "dynamodb"),
    ("dynamodbstreams", "dynamodbstreams"),
    ("elasticloadbalancing", "elb"),
    ("elasticloadbalancingv2", "elbv2"),
    ("opensearch", "opensearch"),
    ("costexplorer", "ce"),
    ("databasemigration", "dms"),
    ("applicationdiscovery", "discovery"),
    ("serverlessapplicationrepository", "serverlessrepo"),
];

impl Operations {
    fn parse(text: &str) -> Self {
        let mut table = Self::default();
        for line in text.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields.as_slice() {
                ["S", name, id, operations] => table.add_service(name, id, operations),
                ["W", name, waiters] => {
                    if let Some(service) = table.of_mut(name) {
                        service.waiters.extend(pairs(waiters).map(|(key, value)| (plain(key).into(), value.into())));
                    }
                }
                ["R", name, kind, rest @ ..] => {
                    let resource = ResourceType::parse(rest);
                    if let Some(service) = table.of_mut(name) {
                        service.resources.insert((*kind).into(), resource);
                    }
                }
                _ => {}
            }
        }
        for (alias, name) in ALIASES {
            if let Some(at) = table.by_name.get(plain(name).as_str()).copied() {
                table.by_name.entry((*alias).into()).or_insert(at);
            }
        }
        table
    }

    fn add_service(&mut self, name: &str, id: &str, operations: &str) {
        let mut by_plain = HashMap::new();
        for operation in operations.split(' ') {
            let key: Box<str> = plain(operation).into();
            *self.shared.entry(key.clone()).or_default() += 1;
            by_plain.insert(key, operation.into());
        }
        let at = self.services.len();
        self.by_name.insert(plain(name).into(), at);
        self.by_name.entry(plain(id).into()).or_insert(at);
        self.services.push(Service {
            name: name.into(),
            operations: by_plain,
            waiters: HashMap::new(),
            resources: HashMap::new(),
        });
    }

    fn of_mut(&mut self, name: &str) -> Option<&mut Service> {
        let at = *self.by_name.get(plain(name).as_str())?;
        self.services.get_mut(at)
    }

    /// The service of a boto3 name, service id, JavaScript class or package, or crate.
    pub(super) fn service(&self, name: &str) -> Option<&Service> {
        self.services.get(*self.by_name.get(plain(name).as_str())?)
    }

    /// The only service that has an operation of this method's name.
    pub(super) fn only_service_with(&self, method: &str) -> Option<&Service> {
        let key = plain(method);
        if self.shared.get(key.as_str()) != Some(&1) {
            return None;
        }
        self.services.iter().find(|service| service.operations.contains_key(key.as_str()))
    }
}

impl Service {
    /// The operation that a method calls, in any SDK's spelling.
    pub(super) fn operation(&self, method: &str) -> Option<&Arc<str>> {
        self.operations.get(plain(method).as_str())
    }

    /// The operation that a waiter polls.
    pub(super) fn waiter(&self, name: &str) -> Option<&Arc<str>> {
        self.waiters.get(plain(name).as_str())
    }

    /// A type of boto3's resource layer; `""` is the service itself.
    pub(super) fn resource(&self, kind: &str) -> Option<&ResourceType> {
        self.resources.get(kind)
    }
}

impl ResourceType {
    fn parse(fields: &[&str]) -> Self {
        let [identifiers, methods, collections, subs] = fields else {
            return Self::default();
        };
        let method = |(key, value): (&str, &str)| {
            let (operation, made) = value.split_once(':').map_or((value, None), |(op, made)| (op, Some(made.into())));
            (plain(key).into(), (operation.into(), made))
        };
        let collection = |(key, value): (&str, &str)| {
            let mut parts = value.split(',');
            let (operation, element) = parts.next().unwrap_or_default().split_once(':').unwrap_or_default();
            let batch = parts.filter_map(|part| part.split_once('=')).map(|(k, v)| (plain(k).into(), v.into()));
            (
                plain(key).into(),
                Collection { operation: operation.into(), element: element.into(), batch: batch.collect() },
            )
        };
        Self {
            identifiers: pairs(identifiers).map(|(key, value)| (key.into(), value.into())).collect(),
            methods: pairs(methods).map(method).collect(),
            collections: pairs(collections).map(collection).collect(),
            subs: pairs(subs).map(|(key, value)| (plain(key).into(), value.into())).collect(),
        }
    }

    /// The operation of a method and the type it returns.
    pub(super) fn method(&self, name: &str) -> Option<&Method> {
        self.methods.get(plain(name).as_str())
    }

    /// A collection by its attribute name.
    pub(super) fn collection(&self, name: &str) -> Option<&Collection> {
        self.collections.get(plain(name).as_str())
    }

    /// The type of a sub-resource by its attribute name.
    pub(super) fn sub(&self, name: &str) -> Option<&Arc<str>> {
        self.subs.get(plain(name).as_str())
    }
}

fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(' ').filter_map(|pair| pair.split_once('='))
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn one_table_serves_every_sdk_spelling() {
        for (service, method, name, operation) in [
            ("s3", "list_objects_v2", "s3", "ListObjectsV2"),
            ("S3", "listObjectsV2", "s3", "ListObjectsV2"),
            ("SFN", "StartExecution", "stepfunctions", "StartExecution"),
            ("StepFunctions", "startExecution", "stepfunctions", "StartExecution"),
            ("eventbridge", "put_events", "events", "PutEvents"),
            ("cloudwatch-logs", "CreateLogStream", "logs", "CreateLogStream"),
            ("cloudwatchlogs", "create_log_stream", "logs", "CreateLogStream"),
            ("CognitoIdentityServiceProvider", "adminGetUser", "cognito-idp", "AdminGetUser"),
            ("secrets-manager", "GetSecretValue", "secretsmanager", "GetSecretValue"),
            ("bedrock-runtime", "converse", "bedrock-runtime", "Converse"),
            ("ApiGatewayManagementApi", "postToConnection", "apigatewaymanagementapi", "PostToConnection"),
        ] {
            let found = table().service(service).unwrap_or_else(|| panic!("{service}"));
            assert_eq!(&*found.name, name);
            assert_eq!(found.operation(method).map(|op| &**op), Some(operation), "{service}.{method}");
        }
        assert!(table().service("nothing").is_none());
    }

    #[test]
    fn resources_and_waiters_are_known() {
        let dynamodb = table().service("dynamodb").unwrap();
        let tables = dynamodb.resource("Table").unwrap();
        assert_eq!(tables.method("put_item").map(|found| &*found.0), Some("PutItem"));
        assert_eq!(&*tables.identifiers[0].1, "TableName");
        let s3 = table().service("s3").unwrap();
        assert_eq!(s3.waiter("bucket_exists").map(|op| &**op), Some("HeadBucket"));
        let objects = s3.resource("Bucket").unwrap().collection("objects").unwrap();
        assert_eq!((&*objects.operation, &*objects.element), ("ListObjects", "ObjectSummary"));
    }

    #[test]
    fn a_shared_operation_name_decides_nothing() {
        assert!(table().only_service_with("put_events").is_none_or(|service| &*service.name == "events"));
        assert!(table().only_service_with("tag_resource").is_none());
        assert_eq!(table().only_service_with("put_item").map(|service| &*service.name), Some("dynamodb"));
    }
}
