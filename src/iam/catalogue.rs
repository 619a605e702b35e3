//! The catalogue of IAM actions: which there are, what they do, and what their rights can be limited to.

use crate::syntax::table::{rows, unpack};
use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

/// Actions, resource types and condition keys of every service; see `tools/iam/catalogue.py`.
static PACKED: &[u8] = include_bytes!("../../data/iam/actions.zst");

/// One action of the catalogue, or the stand-in for all actions of a service (or of all services) that it lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Action(pub(super) u16);

/// What an action does, in the classes of AWS's Service Authorization Reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessLevel {
    /// Reads a resource's content or settings.
    Read,
    /// Creates, changes or deletes.
    Write,
    /// Lists resources.
    List,
    /// Changes tags only.
    Tagging,
    /// Grants or changes permissions.
    PermissionsManagement,
}

/// A kind of resource that an action's rights can be limited to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceType {
    /// Its name in the service, `table`.
    pub name: &'static str,
    /// Its ARN with `${…}` where a value goes, `arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}`.
    pub arn: &'static str,
    keys: &'static str,
}

struct Catalogue {
    services: Vec<Service>,
    actions: Vec<Entry>,
    types: Vec<ResourceType>,
    keys: Vec<(&'static str, &'static str)>,
    by_prefix: HashMap<&'static str, u16>,
}

struct Service {
    prefix: &'static str,
    /// Its actions, its types and its keys: first index and one past the last.
    actions: (u16, u16),
    types: usize,
    keys: usize,
}

struct Entry {
    name: &'static str,
    level: AccessLevel,
    service: u16,
    /// Numbers of types and keys in the service, parted by spaces.
    types: &'static str,
    keys: &'static str,
}

/// Number of bits of an [`ActionSet`]: the actions, one "any other action" for each service, one for other services.
pub(super) fn bits() -> u16 {
    other_service().0 + 1
}

/// "Any other action" of the service of a number.
pub(super) fn other_of(service: u16) -> Action {
    Action(narrow(catalogue().actions.len()) + service)
}

/// "Any action of a service that the catalogue lacks".
pub(super) fn other_service() -> Action {
    other_of(narrow(catalogue().services.len()))
}

/// The services in order: number, prefix, first action and one past the last.
pub(super) fn numbered() -> impl Iterator<Item = (u16, &'static str, u16, u16)> {
    let row = |(number, service): (u16, &Service)| (number, service.prefix, service.actions.0, service.actions.1);
    (0..).zip(&catalogue().services).map(row)
}

/// The service of a prefix, without regard to case: number, first action and one past the last.
pub(super) fn service(prefix: &str) -> Option<(u16, u16, u16)> {
    let number = service_number(catalogue(), prefix)?;
    let service = catalogue().services.get(usize::from(number))?;
    Some((number, service.actions.0, service.actions.1))
}

/// The action of a full name, `s3:GetObject`, without regard to case.
pub fn named(name: &str) -> Option<Action> {
    let catalogue = catalogue();
    let (prefix, name) = name.split_once(':')?;
    find(catalogue, service_number(catalogue, prefix)?, name)
}

/// Whether the catalogue knows the service prefix, without regard to case.
pub fn has_service(prefix: &str) -> bool {
    service_number(catalogue(), prefix).is_some()
}

/// The condition keys of all services, each with the type of its values.
pub(super) fn keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    catalogue().keys.iter().copied()
}

/// The service prefixes, sorted.
pub fn services() -> impl Iterator<Item = &'static str> {
    catalogue().services.iter().map(|service| service.prefix)
}

impl Action {
    /// The service's prefix; `*` for the stand-in of other services.
    pub fn service(self) -> &'static str {
        let catalogue = catalogue();
        let number = match catalogue.actions.get(usize::from(self.0)) {
            Some(entry) => entry.service,
            None => self.0 - narrow(catalogue.actions.len()),
        };
        catalogue.services.get(usize::from(number)).map_or("*", |service| service.prefix)
    }

    /// The name behind the prefix in the case of AWS's documentation; `*` for a stand-in.
    pub fn name(self) -> &'static str {
        self.entry().map_or("*", |entry| entry.name)
    }

    /// Whether it stands for actions that the catalogue lacks.
    pub fn is_stand_in(self) -> bool {
        self.entry().is_none()
    }

    /// What it does; a stand-in counts as writing.
    pub fn access_level(self) -> AccessLevel {
        self.entry().map_or(AccessLevel::Write, |entry| entry.level)
    }

    /// The resource types that its rights can be limited to, each with whether it must be named.
    pub fn resource_types(self) -> Vec<(ResourceType, bool)> {
        let Some((entry, service)) = self.in_service() else {
            return Vec::new();
        };
        let numbers = entry.types.split_ascii_whitespace();
        let types = &catalogue().types;
        numbers
            .filter_map(|number| {
                let digits = number.strip_suffix('*');
                let index = digits.unwrap_or(number).parse::<usize>().ok()?;
                Some((*types.get(service.types + index)?, digits.is_some()))
            })
            .collect()
    }

    /// Whether its rights can be limited to a resource; an action without resource types works on `*` only.
    pub fn is_scopable(self) -> bool {
        self.entry().is_some_and(|entry| !entry.types.is_empty())
    }

    /// The service's condition keys that the action fills, beside the global ones; as AWS writes them.
    pub fn condition_keys(self) -> Vec<&'static str> {
        let Some((entry, service)) = self.in_service() else {
            return Vec::new();
        };
        let of_types: Vec<&str> = self.resource_types().iter().map(|(kind, _)| kind.keys).collect();
        let numbers = std::iter::once(entry.keys).chain(of_types).flat_map(str::split_ascii_whitespace);
        let mut indexes: Vec<usize> = numbers.filter_map(|number| number.parse().ok()).collect();
        indexes.sort_unstable();
        indexes.dedup();
        indexes.iter().filter_map(|index| catalogue().keys.get(service.keys + index).map(|(key, _)| *key)).collect()
    }

    fn entry(self) -> Option<&'static Entry> {
        catalogue().actions.get(usize::from(self.0))
    }

    fn in_service(self) -> Option<(&'static Entry, &'static Service)> {
        let entry = self.entry()?;
        Some((entry, catalogue().services.get(usize::from(entry.service))?))
    }
}

/// `s3:GetObject`; a stand-in is `s3:*` or `*:*`.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service(), self.name())
    }
}

fn service_number(catalogue: &Catalogue, prefix: &str) -> Option<u16> {
    match catalogue.by_prefix.get(prefix) {
        Some(number) => Some(*number),
        None => catalogue.by_prefix.get(prefix.to_ascii_lowercase().as_str()).copied(),
    }
}

/// Binary search: within a service the actions lie in the order of their names in lower case.
fn find(catalogue: &Catalogue, service: u16, name: &str) -> Option<Action> {
    let (from, to) = catalogue.services.get(usize::from(service))?.actions;
    let entries = catalogue.actions.get(usize::from(from)..usize::from(to))?;
    let lower = |text: &str| text.bytes().map(|byte| byte.to_ascii_lowercase()).collect::<Vec<u8>>();
    let wanted = lower(name);
    let compare = |entry: &Entry| entry.name.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(wanted.iter().copied());
    entries.binary_search_by(compare).ok().map(|index| Action(from + narrow(index)))
}

/// Whether the catalogue was asked for anything yet: reading it costs a few milliseconds and megabytes.
pub fn is_read() -> bool {
    CATALOGUE.get().is_some()
}

static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();

fn catalogue() -> &'static Catalogue {
    static TEXT: OnceLock<String> = OnceLock::new();
    CATALOGUE.get_or_init(|| parse(TEXT.get_or_init(|| unpack(PACKED))))
}

fn parse(text: &'static str) -> Catalogue {
    let mut catalogue = Catalogue {
        services: Vec::with_capacity(500),
        actions: Vec::with_capacity(24_000),
        types: Vec::with_capacity(2_500),
        keys: Vec::with_capacity(2_800),
        by_prefix: HashMap::with_capacity(500),
    };
    for mut row in rows(text) {
        match row.cell() {
            "S" => {
                let prefix = row.cell();
                let first = narrow(catalogue.actions.len());
                catalogue.by_prefix.insert(prefix, narrow(catalogue.services.len()));
                let (types, keys) = (catalogue.types.len(), catalogue.keys.len());
                catalogue.services.push(Service { prefix, actions: (first, first), types, keys });
            }
            "K" => {
                let [key, kind] = row.cells();
                catalogue.keys.push((key, kind));
            }
            "R" => {
                let [name, arn, keys] = row.cells();
                catalogue.types.push(ResourceType { name, arn, keys });
            }
            "A" => {
                let [name, letter, types, keys] = row.cells();
                let service = narrow(catalogue.services.len().saturating_sub(1));
                catalogue.actions.push(Entry { name, level: level(letter), service, types, keys });
                let end = narrow(catalogue.actions.len());
                if let Some(service) = catalogue.services.last_mut() {
                    service.actions.1 = end;
                }
            }
            _ => {}
        }
    }
    catalogue
}

fn level(letter: &str) -> AccessLevel {
    match letter {
        "R" => AccessLevel::Read,
        "L" => AccessLevel::List,
        "T" => AccessLevel::Tagging,
        "P" => AccessLevel::PermissionsManagement,
        _ => AccessLevel::Write,
    }
}

fn narrow(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}
