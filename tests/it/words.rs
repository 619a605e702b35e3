//! Declared attributes are held to what AWS publishes of the properties that say them: the property exists, the words that
//! it is compared with are among those that it may be, and where a default is published ours is the same.
//!
//! tests/words.tsv is written by tools/aws/schemas.py.

use crate::files::root;
use leastwise::model::attributes;
use leastwise::model::entity::{DEPENDS, DEPENDS_NUMBER, EntityType, Origin, Test};
use leastwise::model::registry::{self, Record, Schema, Shape};
use std::collections::HashMap;
use std::fs;

/// What is published of properties: by type, record and name, the words that it may be, and its default.
type Published = HashMap<(String, String, String), (Vec<String>, String)>;

/// What an attribute asks of a property.
struct Asked {
    path: String,
    words: Vec<&'static str>,
    /// Ours for a property that is not given.
    default: Default,
}

enum Default {
    /// None is filled in, or what is filled in stands for something else than a value of the property.
    None,
    /// As the published one would be written.
    Value(String),
    /// The answer to whether it is one of the words.
    Among(bool),
}

/// Where a path leads: a record and its property, a document whose shape is not published, or nowhere.
enum Led<'a> {
    Property(&'a Record, String),
    Document,
    Nowhere,
}

#[test]
fn attributes_ask_of_properties_what_they_may_be() {
    let published = published();
    let mut faults = Vec::new();
    let mut compared = [0, 0];
    for kind in attributes::types().flat_map(|row| row.entities) {
        let (schema, starts) = starts(kind);
        for (attribute, asked) in kind.attributes.iter().filter_map(|one| Some((one.path, asked(one.from?)))) {
            let led: Vec<Led<'_>> = starts.iter().map(|record| follow(schema, record, &asked.path)).collect();
            let named = format!("{} {attribute}: {}", kind.name, asked.path);
            let nowhere = led.iter().all(|one| matches!(one, Led::Nowhere));
            // A record that is read from inside a document is published nowhere.
            if nowhere && (starts.len() == 1 || !has_documents(schema)) {
                faults.push(format!("{named} is no property"));
            }
            let found = led.iter().filter_map(|one| match one {
                Led::Property(record, name) => {
                    published.get(&(schema.kind.to_owned(), record.name.clone(), name.clone()))
                }
                _ => None,
            });
            let found: Vec<_> = found.collect();
            let lists = found.iter().map(|(words, _)| words).filter(|words| !words.is_empty());
            let lists: Vec<_> = lists.collect();
            let fits = |words: &&Vec<String>| asked.words.iter().all(|word| words.iter().any(|one| one == word));
            if !asked.words.is_empty() && !lists.is_empty() {
                compared[0] += 1;
                if !lists.iter().any(fits) {
                    faults.push(format!("{named} is compared with {:?}, and may be {lists:?}", asked.words));
                }
            }
            let defaults: Vec<&str> =
                found.iter().map(|(_, default)| default.as_str()).filter(|one| !one.is_empty()).collect();
            let agrees = |default: &&str| match &asked.default {
                Default::None => true,
                Default::Value(ours) => ours == default,
                Default::Among(answer) => asked.words.contains(default) == *answer,
            };
            if !defaults.is_empty() && !matches!(asked.default, Default::None) {
                compared[1] += 1;
                if !defaults.iter().any(agrees) {
                    faults.push(format!("{named} is published with the default {defaults:?}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(compared[0] > 25 && compared[1] > 2, "{compared:?} were compared");
}

fn published() -> Published {
    let text = fs::read_to_string(root().join("tests/words.tsv")).unwrap();
    let row = |line: &str| {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let [kind, record, name, words, default] = <[String; 5]>::try_from(cells).unwrap();
        let words = words.split('|').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        ((kind, record, name), (words, default))
    };
    text.lines().skip(1).map(row).collect()
}

/// The published type that an entity type belongs to, and the records that its paths may begin at.
fn starts(kind: &EntityType) -> (&'static Schema, Vec<&'static Record>) {
    if let Some(schema) = registry::schema(kind.name) {
        return (schema, vec![schema.record("").unwrap()]);
    }
    let holder = kind.name.rsplit_once("::").unwrap().0;
    let schema = registry::schema(holder).unwrap_or_else(|| panic!("{} is of no published type", kind.name));
    (schema, schema.records().iter().collect())
}

fn asked(origin: Origin) -> Asked {
    let (path, words, default) = match origin {
        Origin::Check(path, test) => of_test(path.to_owned(), test),
        Origin::Any(list, path, test) | Origin::All(list, path, test) => {
            let (path, words, _) = of_test(format!("{list}.{path}"), test);
            // An empty list is not an item without a value.
            (path, words, Default::None)
        }
        Origin::Word(path, default) if default.is_empty() || default == DEPENDS => {
            (path.to_owned(), Vec::new(), Default::None)
        }
        Origin::Word(path, default) => (path.to_owned(), vec![default], Default::Value(default.to_owned())),
        Origin::Number(path, DEPENDS_NUMBER) => (path.to_owned(), Vec::new(), Default::None),
        Origin::Number(path, default) => (path.to_owned(), Vec::new(), Default::Value(default.to_string())),
        Origin::Key(path, _) | Origin::KeyBehind(_, path, _) | Origin::Tls(path, _) => {
            (path.to_owned(), Vec::new(), Default::None)
        }
        Origin::Each(list, path) => (format!("{list}.{path}"), Vec::new(), Default::None),
        Origin::Count(list) | Origin::Words(list) => (list.to_owned(), Vec::new(), Default::None),
    };
    Asked { path, words, default }
}

fn of_test(path: String, test: Test) -> (String, Vec<&'static str>, Default) {
    match test {
        Test::On(default) => (path, Vec::new(), Default::Value(default.to_string())),
        Test::Is(words, answer) => (path, words.split('|').collect(), Default::Among(answer)),
        Test::Stated | Test::Begins(_) | Test::Written | Test::Given => (path, Vec::new(), Default::None),
    }
}

fn follow<'a>(schema: &'a Schema, from: &'a Record, path: &str) -> Led<'a> {
    let mut record = from;
    let mut led = Led::Nowhere;
    for step in steps(path).unwrap_or_else(|| path.split('.').collect()) {
        if step.is_empty() || step.parse::<usize>().is_ok() {
            continue;
        }
        if let Led::Property(holder, name) = &led {
            let shape = &holder.property(name).unwrap().shape;
            match shape.record().and_then(|name| schema.record(name)) {
                Some(next) => record = next,
                None if is_document(shape) => return Led::Document,
                None => return Led::Nowhere,
            }
        }
        match record.property(step) {
            Some(property) => led = Led::Property(record, property.name.clone()),
            None => return Led::Nowhere,
        }
    }
    led
}

/// The steps of a path that chooses an item by its key, which may have dots of its own.
fn steps(path: &str) -> Option<Vec<&str>> {
    let (before, rest) = path.split_once('[')?;
    let (_, after) = rest.split_once(']')?;
    Some(before.split('.').chain(after.split('.')).collect())
}

fn is_document(shape: &Shape) -> bool {
    match shape {
        Shape::Free | Shape::Map(_) => true,
        Shape::List(item) => is_document(item),
        _ => false,
    }
}

fn has_documents(schema: &Schema) -> bool {
    schema.records().iter().flat_map(|record| &record.properties).any(|property| is_document(&property.shape))
}
