//! The provider's own attributes of an entity: what is given under a path of properties, three-valued.

use super::registry::{Carried, Property, Record, Scalar, Schema, Shape};
use crate::syntax::{Node, Part, Unknown, UnknownKind, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the loaded rules are asked of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// For the provider's own attributes: by resource type the names of its records, the resource's own being empty.
    pub records: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
    /// The entity types that a rule names in its scope; `None` where a rule without a type is asked of all.
    pub named: Option<BTreeSet<Arc<str>>>,
}

impl Wanted {
    /// Whether any rule may be asked of an entity type.
    pub fn asks(&self, kind: &str) -> bool {
        self.named.as_ref().is_none_or(|named| named.contains(kind))
    }
}

/// What an entity carries of the provider's own.
#[derive(Debug, Clone)]
pub struct Provided {
    /// Its resource type.
    pub schema: &'static Schema,
    /// Its record in it; the type's own where it is the resource itself.
    pub record: &'static Record,
    /// Its properties; a map, or not known as a whole.
    pub properties: Arc<Node>,
    /// Why a property that is not there may be given all the same.
    pub doubt: Option<Unknown>,
    /// Why the record may not be there at all.
    pub uncertain: Option<Unknown>,
}

/// What a path of properties leads to.
#[derive(Debug, Clone)]
pub enum Given<'a> {
    /// A value whose own shape is known; what is in it is asked by longer paths.
    Known(&'a Node, Carried<'static>),
    /// It is not given.
    Absent,
    /// It is given, and its value is not known.
    Value(Unknown),
    /// It is not known whether it is given.
    Presence(Unknown),
}

/// A value with keys that are strings, as rules see it.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The values of its keys as text, or why they are not known.
    pub entries: BTreeMap<String, Result<String, Unknown>>,
    /// Why it may have other keys, too.
    pub open: Option<Unknown>,
}

impl Provided {
    /// What a path of property names leads to; it never goes through a list.
    pub fn given(&self, path: &[&str]) -> Given<'_> {
        let mut node = &*self.properties;
        let mut carried = Carried::Record(self.record);
        for name in path {
            let (Carried::Record(record) | Carried::Entity(record)) = carried else { return Given::Absent };
            if let Some(reason) = undecided(node) {
                return Given::Presence(reason);
            }
            if !matches!(node.value, Value::Map(_)) {
                let reason = "it is written in a way that is not read";
                return Given::Value(Unknown::new(UnknownKind::Other, reason));
            }
            let Some(property) = record.property(name) else { return Given::Absent };
            match node.get(name).filter(|value| !value.is_absent()) {
                Some(value) => node = value,
                None => return self.missing(property),
            }
            carried = self.schema.carried(&property.shape);
        }
        match undecided(node) {
            Some(reason) if is_given(reason.kind) => Given::Value(reason),
            Some(reason) => Given::Presence(reason),
            None => match fault(node, carried) {
                Some(reason) => Given::Value(reason),
                None => Given::Known(node, carried),
            },
        }
    }

    /// Whether what a path leads to is written as a list of keys and values.
    pub fn is_pairs(&self, path: &[&str]) -> bool {
        let mut record = Some(self.record);
        let mut pairs = false;
        for name in path {
            let Some(property) = record.and_then(|record| record.property(name)) else { return false };
            record = property.shape.record().and_then(|name| self.schema.record(name));
            pairs = matches!(property.shape, Shape::List(_)) && record.is_some_and(Record::is_pair);
        }
        pairs
    }

    /// Where a path is written, or what is written of the way to it.
    pub fn written(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(&*self.properties, |node, name| node.get(name))
    }

    fn missing(&self, property: &Property) -> Given<'_> {
        let name = &property.name;
        if property.read_only {
            return Given::Value(Unknown::new(UnknownKind::Computed, name.as_str()));
        }
        match &self.doubt {
            Some(doubt) => Given::Presence(doubt.clone()),
            None if property.required => Given::Value(Unknown::new(UnknownKind::Other, format!("{name} is not given"))),
            None => Given::Absent,
        }
    }
}

/// The reason, where the value is not known or hangs on a condition.
fn undecided(node: &Node) -> Option<Unknown> {
    match &node.value {
        Value::Unknown(reason) => Some(reason.clone()),
        Value::Either { condition, .. } => Some(Unknown::new(UnknownKind::Condition, condition.clone())),
        _ => None,
    }
}

/// Whether a value is given for certain where it is not known for such a reason.
fn is_given(kind: UnknownKind) -> bool {
    use UnknownKind::{Computed, Dynamic, Import, Lookup, Pseudo};
    matches!(kind, Import | Computed | Dynamic | Lookup | Pseudo)
}

/// Why a value that is given cannot be had as what its property holds.
fn fault(node: &Node, carried: Carried<'_>) -> Option<Unknown> {
    match carried {
        Carried::Scalar(scalar) => single(node, scalar),
        Carried::Set(scalar) => {
            node.items_or_self().iter().find_map(|item| undecided(item).or_else(|| single(item, scalar)))
        }
        Carried::Elements(_) => node.items().iter().find_map(undecided),
        Carried::Record(_) | Carried::Entity(_) if !matches!(node.value, Value::Map(_)) => Some(not_known(node)),
        _ => None,
    }
}

fn single(node: &Node, scalar: Scalar) -> Option<Unknown> {
    let fits = match scalar {
        Scalar::String => node.as_text().is_some(),
        Scalar::Long => node.as_i64().is_some(),
        Scalar::Bool => node.as_bool().is_some(),
        Scalar::Decimal => node.as_text().and_then(decimal).is_some(),
    };
    if fits { None } else { Some(not_known(node)) }
}

/// A number as Cedar writes a decimal, `0.5` for `.5`; `None` beyond four digits behind the point.
pub fn decimal(text: &str) -> Option<String> {
    let (sign, digits) = text.trim().strip_prefix('-').map_or(("", text.trim()), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let is_number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    // Cedar's decimals end at 922337203685477.5807.
    let fits = is_number(whole) && is_number(fraction) && fraction.len() <= 4 && whole.len() <= 14;
    if !fits || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let or_zero = |digits: &str| if digits.is_empty() { "0".to_owned() } else { digits.to_owned() };
    Some(format!("{sign}{}.{}", or_zero(whole), or_zero(fraction)))
}

/// Why a value is no literal of the type that is asked for.
fn not_known(node: &Node) -> Unknown {
    let reason = node.parts().into_iter().flatten().find_map(|part| match part {
        Part::Unknown(reason) => Some(reason),
        Part::Reference(_) => Some(Unknown::new(UnknownKind::Computed, node.to_string())),
        Part::Literal(_) => None,
    });
    reason.unwrap_or_else(|| Unknown::new(UnknownKind::Other, "a value is of another type than its property"))
}

impl Document {
    /// Reads a map, a list of `{Key, Value}` or of anything else (its keys are then the items' numbers), or a plain
    /// value (under the empty key).
    pub fn of(node: &Node, pairs: bool) -> Self {
        let mut document = Self::default();
        match &node.value {
            Value::Map(entries) => {
                for entry in entries {
                    document.put(&entry.key, &entry.value);
                }
            }
            Value::List(items) if pairs => items.iter().for_each(|item| document.pair(item)),
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    document.put(&index.to_string(), item);
                }
            }
            _ => document.put("", node),
        }
        document
    }

    fn pair(&mut self, item: &Node) {
        if let Some(reason) = undecided(item) {
            self.open = Some(reason);
            return;
        }
        let field = |name: &str| item.entries().iter().find(|entry| entry.key.eq_ignore_ascii_case(name));
        let Some(key) = field("key").map(|entry| &entry.value) else { return };
        match (key.as_text(), field("value")) {
            (Some(key), Some(value)) => self.put(key, &value.value),
            (Some(_), None) => {}
            (None, _) => self.open = Some(not_known(key)),
        }
    }

    fn put(&mut self, key: &str, node: &Node) {
        if node.is_absent() {
            return;
        }
        let text = match undecided(node) {
            // What hangs on a condition may not be there.
            Some(reason) if reason.kind == UnknownKind::Condition => {
                self.open = Some(reason);
                return;
            }
            Some(reason) => Err(reason),
            None => text(node),
        };
        self.entries.insert(key.to_owned(), text);
    }
}

/// A value as text: a plain one as it is written, a map or list as JSON.
fn text(node: &Node) -> Result<String, Unknown> {
    match node.as_text() {
        Some(text) => Ok(text.to_owned()),
        None => json(node),
    }
}

fn json(node: &Node) -> Result<String, Unknown> {
    if let Some(reason) = undecided(node) {
        return Err(reason);
    }
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    match &node.value {
        Value::Null | Value::Absent => Ok("null".to_owned()),
        Value::Bool(_) | Value::Number(_) => Ok(node.to_string()),
        Value::String(text) => Ok(quoted(text)),
        Value::List(items) => Ok(format!("[{}]", items.iter().map(json).collect::<Result<Vec<_>, _>>()?.join(","))),
        Value::Map(entries) => {
            let member = |entry: &crate::syntax::Entry| Ok(format!("{}:{}", quoted(&entry.key), json(&entry.value)?));
            Ok(format!("{{{}}}", entries.iter().map(member).collect::<Result<Vec<_>, Unknown>>()?.join(",")))
        }
        _ => Err(not_known(node)),
    }
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn decimals_are_written_as_cedar_reads_them() {
        for (text, expected) in
            [("1", Some("1.0")), ("-.50", Some("-0.5")), ("0.12345", None), ("1e3", None), ("x", None), ("", None)]
        {
            assert_eq!(decimal(text).as_deref(), expected, "{text}");
        }
    }
}
