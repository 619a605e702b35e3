//! Maps of variables whose values may be credentials written out: of stages and APIs.

use super::Record;
use super::reader::{Found, Reader};
use crate::model::entity::{Declared, EntityType, Read, Verb, bool, string};
use crate::model::{Entity, judge_node};
use crate::syntax::Entry;

const ATTRIBUTES: &[Declared] = &[
    bool("secret", "Whether its value is a credential written out."),
    string("kind", "What kind of credential, or empty."),
    string("redacted", "The value's kind and length, safe to print."),
];

/// The declaration of such a variable's type.
pub(super) const fn declared(name: &'static str, about: &'static str) -> EntityType {
    EntityType { name, verb: Verb::Deploy, about, attributes: ATTRIBUTES }
}

/// One record for each entry of a map.
pub(super) fn records(reader: &Reader<'_>, path: &str, kind: &'static EntityType) -> Vec<Record> {
    let Found::Written(map) = reader.find(path) else { return Vec::new() };
    let record = |entry: &Entry| {
        let mut entity = Entity::new(kind, entry.key.clone());
        let secret = judge_node(&entry.key, &entry.value);
        let (what, redacted) = secret.map_or(("", "".into()), |secret| (secret.what, secret.redacted));
        // A reference or a parameter without default is no written-out secret, whatever it holds.
        entity.put("secret", Read::at(!what.is_empty(), entry.value.span));
        entity.put("kind", Read::at(what, entry.value.span));
        entity.put("redacted", Read::at(redacted, entry.value.span));
        let mut record = Record::new(reader, entity);
        record.span = entry.key_span;
        record.detail = format!("{path}.{}", entry.key);
        record
    };
    map.entries().iter().map(record).collect()
}
