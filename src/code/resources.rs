//! Waiters of the AWS SDKs and boto3's resource layer, from data/code.

use crate::iam::operation::plain;
use crate::syntax::table::{rows, unpack};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

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

/// The operation that a waiter of a boto3 service polls, in any SDK's spelling.
pub(super) fn waiter(service: &str, name: &str) -> Option<&'static Arc<str>> {
    table().get(service)?.waiters.get(plain(name).as_str())
}

/// A type of a boto3 service's resource layer; `""` is the service itself.
pub(super) fn resource(service: &str, kind: &str) -> Option<&'static ResourceType> {
    table().get(service)?.resources.get(kind)
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

/// What is known of one service.
#[derive(Debug, Default)]
struct Service {
    waiters: HashMap<Box<str>, Arc<str>>,
    resources: HashMap<Box<str>, ResourceType>,
}

/// The services by boto3's names, decoded on first use.
fn table() -> &'static HashMap<Box<str>, Service> {
    static TABLE: OnceLock<HashMap<Box<str>, Service>> = OnceLock::new();
    TABLE.get_or_init(|| parse(&unpack(include_bytes!("../../data/code/resources.zst"))))
}

fn parse(text: &str) -> HashMap<Box<str>, Service> {
    let mut table: HashMap<Box<str>, Service> = HashMap::new();
    for mut row in rows(text) {
        let [letter, name] = row.cells();
        let of = table.entry(name.into()).or_default();
        match letter {
            "W" => {
                let waiters = row.cell();
                of.waiters.extend(pairs(waiters).map(|(key, value)| (plain(key).into(), value.into())));
            }
            "R" => {
                let kind = row.cell();
                of.resources.insert(kind.into(), ResourceType::parse(row.cells()));
            }
            _ => {}
        }
    }
    table
}

impl ResourceType {
    fn parse([identifiers, methods, collections, subs]: [&str; 4]) -> Self {
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
    use super::{resource, waiter};

    #[test]
    fn resources_and_waiters_are_known() {
        let tables = resource("dynamodb", "Table").unwrap();
        assert_eq!(tables.method("put_item").map(|found| &*found.0), Some("PutItem"));
        assert_eq!(&*tables.identifiers[0].1, "TableName");
        assert!(resource("s3", "").unwrap().collection("buckets").is_some());
        assert!(resource("nothing", "").is_none());
        for name in ["bucket_exists", "bucketExists", "BucketExists"] {
            assert_eq!(waiter("s3", name).map(|op| &**op), Some("HeadBucket"));
        }
        let objects = resource("s3", "Bucket").unwrap().collection("objects").unwrap();
        assert_eq!((&*objects.operation, &*objects.element), ("ListObjects", "ObjectSummary"));
    }
}
