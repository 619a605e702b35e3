//! What a request says beside principal, action and resource: its context keys.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The context of a request. A key that is neither given nor known to be absent is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// By name in lower case; no value means that the request has no such key.
    keys: BTreeMap<Arc<str>, Vec<Arc<str>>>,
}

/// What is known of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given<'a> {
    /// Its values, one at least; several where the key is multi-valued.
    Values(&'a [Arc<str>]),
    /// The request has no such key.
    Absent,
    /// Nothing.
    Unknown,
}

impl Context {
    /// Adds a value; a key with several values is multi-valued.
    pub fn add(&mut self, key: &str, value: impl Into<Arc<str>>) {
        self.keys.entry(key.to_ascii_lowercase().into()).or_default().push(value.into());
    }

    /// Sets all values; none says that the request has no such key.
    pub fn set(&mut self, key: &str, values: Vec<Arc<str>>) {
        self.keys.insert(key.to_ascii_lowercase().into(), values);
    }

    /// Sets a value where nothing is known of the key yet.
    pub fn imply(&mut self, key: &str, values: Vec<Arc<str>>) {
        self.keys.entry(key.to_ascii_lowercase().into()).or_insert(values);
    }

    /// What is known of a key, without regard to case.
    pub fn get(&self, key: &str) -> Given<'_> {
        let lower = key.to_ascii_lowercase();
        match self.keys.get(lower.as_str()).map(Vec::as_slice) {
            None => Given::Unknown,
            Some([]) => Given::Absent,
            Some(values) => Given::Values(values),
        }
    }

    /// The keys of which something is known, in lower case, with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Arc<str>])> {
        self.keys.iter().map(|(key, values)| (&**key, values.as_slice()))
    }
}
