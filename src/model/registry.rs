//! The resource types that AWS publishes, with the names and shapes of their properties.
//!
//! They are packed one slice a type, and a slice is unpacked when it is asked for first; see `tools/aws/schemas.py`.

use ruzstd::decoding::{Dictionary, FrameDecoder, StreamingDecoder};
use std::collections::BTreeSet;
use std::io::Read;
use std::sync::{LazyLock, Mutex, OnceLock};

static PACKED: &[u8] = include_bytes!("../../data/aws/schemas.zst");
static DICTIONARY: &[u8] = include_bytes!("../../data/aws/schemas.dict");
static INDEX: &str = include_str!("../../data/aws/schemas.tsv");

/// A resource type.
#[derive(Debug)]
pub struct Schema {
    /// Its name, `AWS::S3::Bucket`.
    pub kind: &'static str,
    /// Its records by name, sorted; the type's own properties stand under the empty name.
    records: Vec<Record>,
    uses: OnceLock<Uses>,
}

/// What the records of a type are to rules, by name.
#[derive(Debug, Default)]
pub struct Uses {
    /// Those that stand in an attribute.
    pub records: BTreeSet<String>,
    /// Those that can hold themselves.
    pub recursive: BTreeSet<String>,
    /// Those that are asked one by one.
    pub elements: BTreeSet<String>,
}

/// A type's own properties, or those of a record in it.
#[derive(Debug)]
pub struct Record {
    /// The name of its definition, `Ingress`; empty for the type itself.
    pub name: String,
    /// The entity type that it is, where it is asked by itself: `AWS::EC2::SecurityGroup::Ingress`.
    pub entity: String,
    /// Its properties, sorted by name.
    pub properties: Vec<Property>,
}

/// A property.
#[derive(Debug)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub shape: Shape,
    /// Whether it has to be given.
    pub required: bool,
    /// Whether it is known only after deployment and cannot be given.
    pub read_only: bool,
}

/// What a property holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A string, or a number or truth value that may be written as one.
    String,
    /// A whole number.
    Integer,
    /// A number that may have a fraction.
    Number,
    /// A truth value.
    Bool,
    /// A document of any shape.
    Free,
    /// A record of the type, by name.
    Record(String),
    /// A record of the type, or the same as a string.
    RecordOrText(String),
    /// A list.
    List(Box<Self>),
    /// A map from names.
    Map(Box<Self>),
}

/// How rules see what a property holds.
#[derive(Debug, Clone, Copy)]
pub enum Carried<'a> {
    /// One value.
    Scalar(Scalar),
    /// A set of values.
    Set(Scalar),
    /// A record.
    Record(&'a Record),
    /// A record that can hold itself: an entity.
    Entity(&'a Record),
    /// A list or map of records: entities that are asked one by one.
    Elements(&'a Record),
    /// A map, a list of keys and values, or a document of any shape: an entity whose tags are strings.
    Document,
}

/// The types of single values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// A string.
    String,
    /// A whole number.
    Long,
    /// A number with up to four digits behind the point.
    Decimal,
    /// A truth value.
    Bool,
}

/// Cedar lets no entity type be called so, and what it is called instead.
const ACTION: (&str, &str) = ("Action", "ActionItem");

struct Slice {
    kind: &'static str,
    packed: &'static [u8],
    schema: OnceLock<Option<Schema>>,
}

static SLICES: LazyLock<Vec<Slice>> = LazyLock::new(|| INDEX.lines().filter_map(slice).collect());

static DECODER: LazyLock<Mutex<FrameDecoder>> = LazyLock::new(|| {
    let mut decoder = FrameDecoder::new();
    if let Ok(dictionary) = Dictionary::decode_dict(DICTIONARY) {
        // Without it no slice unpacks, which the tests would show.
        let _ = decoder.add_dict(dictionary);
    }
    Mutex::new(decoder)
});

/// The names of all types, sorted.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    SLICES.iter().map(|slice| slice.kind)
}

/// The type and the record in it that an entity type stands for; the type's own record for the type itself.
pub fn entity(kind: &str) -> Option<(&'static Schema, &'static Record)> {
    if let Some(whole) = schema(kind) {
        return whole.record("").filter(|record| record.entity == kind).map(|record| (whole, record));
    }
    let (holder, _) = kind.rsplit_once("::")?;
    let renamed = || kind.strip_suffix(ACTION.1).and_then(|start| schema(&format!("{start}{}", ACTION.0)));
    let found = schema(holder).or_else(renamed)?;
    let is_asked = |record: &Record| record.name.is_empty() || found.uses().elements.contains(&record.name);
    found.records.iter().find(|record| record.entity == kind && is_asked(record)).map(|record| (found, record))
}

/// A type by its name; `None` where AWS publishes none of that name.
pub fn schema(kind: &str) -> Option<&'static Schema> {
    let at = SLICES.binary_search_by(|slice| slice.kind.cmp(kind)).ok()?;
    let slice = SLICES.get(at)?;
    slice.schema.get_or_init(|| unpack(slice.packed).map(|text| Schema::parse(slice.kind, &text))).as_ref()
}

fn slice(line: &'static str) -> Option<Slice> {
    let mut cells = line.split('\t');
    let (kind, from, length) = (cells.next()?, cells.next()?.parse::<usize>().ok()?, cells.next()?.parse().ok()?);
    let packed = PACKED.get(from..from.checked_add(length)?)?;
    Some(Slice { kind, packed, schema: OnceLock::new() })
}

fn unpack(packed: &[u8]) -> Option<String> {
    let mut decoder = DECODER.lock().ok()?;
    let mut text = String::new();
    StreamingDecoder::new_with_decoder(packed, &mut *decoder).ok()?.read_to_string(&mut text).ok()?;
    Some(text)
}

impl Schema {
    fn parse(kind: &'static str, text: &str) -> Self {
        let mut records = vec![Record::new(kind, "")];
        for line in text.lines() {
            if let Some(name) = line.strip_prefix('#') {
                records.push(Record::new(kind, name));
            } else if let (Some(record), Some((name, shape))) = (records.last_mut(), line.split_once(' ')) {
                let plain = name.trim_start_matches(['!', '=']);
                record.properties.push(Property {
                    name: plain.to_owned(),
                    shape: Shape::parse(shape),
                    required: name.starts_with('!'),
                    read_only: name.starts_with('='),
                });
            }
        }
        Self { kind, records, uses: OnceLock::new() }
    }

    /// Its records, the type's own properties first.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The record of a name; the type's own properties under the empty one.
    pub fn record(&self, name: &str) -> Option<&Record> {
        let at = self.records.binary_search_by(|record| record.name.as_str().cmp(name)).ok()?;
        self.records.get(at)
    }

    /// The record at a dotted path of properties, also of the items of a list; the empty path is the type itself.
    pub fn record_at(&self, path: &str) -> Option<&Record> {
        let mut steps = path.split('.').filter(|step| !step.is_empty());
        steps.try_fold(self.record("")?, |record, step| {
            let name = record.property(step)?.shape.record()?;
            self.record(name)
        })
    }

    /// The property at a dotted path.
    pub fn property(&self, path: &str) -> Option<&Property> {
        let (holder, name) = path.rsplit_once('.').unwrap_or(("", path));
        self.record_at(holder)?.property(name)
    }
}

impl Schema {
    /// How rules see what a property of this type holds.
    pub fn carried<'a>(&'a self, shape: &Shape) -> Carried<'a> {
        let record = |name: &str| self.record(name);
        match shape {
            Shape::Record(name) | Shape::RecordOrText(name) => match record(name) {
                Some(found) if self.uses().recursive.contains(name) => Carried::Entity(found),
                Some(found) => Carried::Record(found),
                None => Carried::Document,
            },
            Shape::List(item) | Shape::Map(item) => match (&**item, shape) {
                (Shape::Record(name) | Shape::RecordOrText(name), _) => match record(name) {
                    Some(found) if matches!(shape, Shape::Map(_)) || !found.is_pair() => Carried::Elements(found),
                    _ => Carried::Document,
                },
                (item, Shape::List(_)) => item.scalar().map_or(Carried::Document, Carried::Set),
                _ => Carried::Document,
            },
            Shape::Free => Carried::Document,
            other => Carried::Scalar(other.scalar().unwrap_or(Scalar::String)),
        }
    }

    /// What its records are to rules.
    pub fn uses(&self) -> &Uses {
        self.uses.get_or_init(|| {
            let mut uses = Uses::default();
            for property in self.records.iter().flat_map(|record| &record.properties) {
                match &property.shape {
                    Shape::Record(name) | Shape::RecordOrText(name) => drop(uses.records.insert(name.clone())),
                    Shape::List(item) | Shape::Map(item) => {
                        let record = item.record().filter(|_| !matches!(**item, Shape::List(_)));
                        let record = record.and_then(|name| self.record(name));
                        let is_map = matches!(property.shape, Shape::Map(_));
                        uses.elements.extend(
                            record.filter(|record| is_map || !record.is_pair()).map(|record| record.name.clone()),
                        );
                    }
                    _ => {}
                }
            }
            let recursive = self.nested().into_iter().filter(|record| self.holds_itself(record));
            uses.recursive = recursive.map(|record| record.name.clone()).collect();
            uses.records.retain(|name| !uses.recursive.contains(name));
            uses
        })
    }

    /// The records whose nesting has no end: those that hold only records that do not are put aside, round by round.
    fn nested(&self) -> Vec<&Record> {
        let mut left: Vec<&Record> = self.records.iter().collect();
        loop {
            let names: BTreeSet<&str> = left.iter().map(|record| record.name.as_str()).collect();
            let before = left.len();
            left.retain(|record| record.inner().any(|name| names.contains(name)));
            if left.len() == before {
                return left;
            }
        }
    }

    /// Whether a record can hold another one of its name without a list or map between.
    fn holds_itself(&self, record: &Record) -> bool {
        let mut met: Vec<&str> = Vec::new();
        let mut open = vec![record];
        while let Some(next) = open.pop() {
            for name in next.inner() {
                if *name == record.name {
                    return true;
                }
                if !met.contains(&name) {
                    met.push(name);
                    open.extend(self.record(name));
                }
            }
        }
        false
    }
}

impl Record {
    fn new(kind: &str, name: &str) -> Self {
        let entity = if name.is_empty() { kind.to_owned() } else { format!("{kind}::{name}") };
        let entity = match entity.strip_suffix(ACTION.0) {
            Some(start) if start.ends_with("::") => format!("{start}{}", ACTION.1),
            _ => entity,
        };
        Self { name: name.to_owned(), entity, properties: Vec::new() }
    }

    /// The records that it holds without a list or map between.
    fn inner(&self) -> impl Iterator<Item = &str> {
        self.properties.iter().filter_map(|property| match &property.shape {
            Shape::Record(name) | Shape::RecordOrText(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether it is a key and a value, `{Key, Value}`.
    pub fn is_pair(&self) -> bool {
        let named = |at: usize, name: &str| {
            self.properties
                .get(at)
                .is_some_and(|one| one.name.eq_ignore_ascii_case(name) && one.shape.scalar().is_some())
        };
        self.properties.len() == 2 && named(0, "Key") && named(1, "Value")
    }

    /// The property of a name.
    pub fn property(&self, name: &str) -> Option<&Property> {
        let at = self.properties.binary_search_by(|property| property.name.as_str().cmp(name)).ok()?;
        self.properties.get(at)
    }
}

impl Shape {
    fn parse(code: &str) -> Self {
        let mut letters = code.chars();
        let (letter, rest) = (letters.next(), letters.as_str());
        match letter {
            Some('s') => Self::String,
            Some('i') => Self::Integer,
            Some('n') => Self::Number,
            Some('b') => Self::Bool,
            Some('o') => Self::Record(rest.to_owned()),
            Some('q') => Self::RecordOrText(rest.to_owned()),
            Some('l') => Self::List(Box::new(Self::parse(rest))),
            Some('m') => Self::Map(Box::new(Self::parse(rest))),
            _ => Self::Free,
        }
    }

    fn scalar(&self) -> Option<Scalar> {
        match self {
            Self::String => Some(Scalar::String),
            Self::Integer => Some(Scalar::Long),
            Self::Number => Some(Scalar::Decimal),
            Self::Bool => Some(Scalar::Bool),
            _ => None,
        }
    }

    /// The name of the record that it is, or that the items of its lists are.
    pub fn record(&self) -> Option<&str> {
        match self {
            Self::Record(name) | Self::RecordOrText(name) => Some(name),
            Self::List(item) => item.record(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SLICES, Shape, entity, kinds, schema};

    #[test]
    fn every_type_unpacks_and_names_records_that_it_has() {
        let mut faults = Vec::new();
        for kind in kinds() {
            let Some(schema) = schema(kind) else {
                faults.push(format!("{kind} does not unpack"));
                continue;
            };
            for record in schema.records() {
                if !record.properties.is_sorted_by_key(|property| &property.name) {
                    faults.push(format!("{kind} {}: not sorted", record.name));
                }
                for property in &record.properties {
                    if property.shape.record().is_some_and(|name| schema.record(name).is_none()) {
                        faults.push(format!("{kind} {}: {property:?} names no record", record.name));
                    }
                }
            }
        }
        assert!(SLICES.len() > 1_600 && SLICES.is_sorted_by_key(|slice| slice.kind));
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn shapes_flags_and_paths_are_read() {
        let group = schema("AWS::EC2::SecurityGroup").unwrap();
        let ingress = group.property("SecurityGroupIngress").unwrap();
        assert_eq!(ingress.shape, Shape::List(Box::new(Shape::Record("Ingress".into()))));
        assert!(group.property("SecurityGroupIngress.IpProtocol").unwrap().required);
        assert!(group.property("GroupId").unwrap().read_only);
        assert_eq!(group.property("SecurityGroupIngress.FromPort").unwrap().shape, Shape::Integer);
        assert!(group.property("SecurityGroupIngres").is_none());
        assert!(schema("AWS::EC2::SecurityGrup").is_none());
        let queue = schema("AWS::SQS::Queue").unwrap();
        assert_eq!(queue.property("RedrivePolicy").unwrap().shape, Shape::RecordOrText("RedrivePolicy".into()));
        assert!(entity("AWS::EC2::SecurityGroup::Ingress").is_some() && entity("AWS::SageMaker::ActionItem").is_some());
        assert!(entity("AWS::EC2::SecurityGroup::Tag").is_none() && entity("AWS::SageMaker::Action").is_none());
        assert!(schema("AWS::WAFv2::WebACL").unwrap().uses().recursive.contains("Statement"));
        assert_eq!(queue.property("RedriveAllowPolicy").unwrap().shape, Shape::Free);
    }
}
