//! Reads attributes as they are declared: one property, or one property of each item of a list.

use super::reader::{Found, Reader, begins, find, flag, given, text, written};
use super::{Record, keys, tls};
use crate::model::entity::{DEPENDS, DEPENDS_NUMBER, Known, Origin, Read, Test};
use crate::model::{Entity, EntityType};
use crate::source::Span;
use crate::syntax::{Node, Unknown, UnknownKind};
use std::sync::Arc;

/// The record of a resource whose attributes are all declared with their origin.
pub(super) fn record(reader: &Reader<'_>, kind: &'static EntityType) -> Vec<Record> {
    vec![Record::new(reader, entity(reader, kind))]
}

/// The entity of a resource with those attributes that are declared with their origin.
pub(super) fn entity(reader: &Reader<'_>, kind: &'static EntityType) -> Entity {
    fill(Entity::new(kind, reader.resource.name.clone()), kind, &reader.resource.properties)
}

/// Adds the attributes that are declared with their origin, read from below one node.
pub(super) fn fill(mut entity: Entity, kind: &'static EntityType, from: &Node) -> Entity {
    for declared in kind.attributes {
        if let Some(origin) = declared.from {
            entity.put(declared.path, value(from, origin));
        }
    }
    entity
}

/// What one origin says, read from below one node.
pub(super) fn value(from: &Node, origin: Origin) -> Read<Known> {
    match origin {
        Origin::Check(path, test) => check(find(from, path), test).map(Known::from),
        Origin::Any(list, path, test) => each(from, list, path, test, true).map(Known::from),
        Origin::All(list, path, test) => each(from, list, path, test, false).map(Known::from),
        Origin::Word(path, default) => {
            let word = text(find(from, path));
            match word.value {
                Ok(None) if default == DEPENDS => Read::unknown(depends(), None),
                _ => word.map(|word| word.map_or(Known::from(default), Known::from)),
            }
        }
        Origin::Number(path, default) => number(find(from, path), default).map(Known::from),
        Origin::Count(list) => {
            items(from, list).map(|items| Known::from(i64::try_from(items.len()).unwrap_or(i64::MAX)))
        }
        Origin::Key(path, otherwise) => keys::manager(find(from, path), otherwise).map(Known::from),
        Origin::KeyBehind(switch, path, otherwise) => behind(from, switch, path, otherwise).map(Known::from),
        Origin::Words(list) => words(from, list, "").map(Known::Strings),
        Origin::Each(list, path) => words(from, list, path).map(Known::Strings),
        Origin::Tls(path, default) => {
            let name = text(find(from, path));
            match name.value {
                Ok(None) if default == DEPENDS => Read::unknown(depends(), None),
                _ => tls::minimum(name, default).map(Known::from),
            }
        }
    }
}

/// What an origin of a Bool says; not known for one of another type.
pub(super) fn truth(from: &Node, origin: Origin) -> Read<bool> {
    let read = value(from, origin);
    match read.value {
        Ok(Known::Bool(value)) => Read { value: Ok(value), span: read.span },
        Ok(_) => Read::unknown(Unknown::new(UnknownKind::Other, "it is no truth value"), read.span),
        Err(reason) => Read::unknown(reason, read.span),
    }
}

fn check(found: Found<'_>, test: Test) -> Read<bool> {
    match test {
        Test::On(default) => flag(found, default),
        Test::Stated => stated(found),
        Test::Given => given(found),
        Test::Written => written(found),
        Test::Begins(beginnings) => begins(found, beginnings),
        Test::Is(words, default) => text(found).map(|word| match word {
            Some(word) => words.split('|').any(|one| one.eq_ignore_ascii_case(&word)),
            None => default,
        }),
    }
}

/// A truth value whose default is not published, or depends.
pub(super) fn stated(found: Found<'_>) -> Read<bool> {
    match found {
        Found::Absent => Read::unknown(depends(), None),
        found => flag(found, false),
    }
}

/// Whether the test holds for any item (`wanted`), or for all of them: the first item that decides is pointed at; an
/// unknown one decides nothing.
pub(super) fn each(from: &Node, list: &str, path: &str, test: Test, wanted: bool) -> Read<bool> {
    let items = items(from, list);
    let span = items.span;
    let items = match items.value {
        Ok(items) => items,
        Err(reason) => return Read::unknown(reason, span),
    };
    let mut unknown: Option<(Unknown, Option<Span>)> = None;
    for item in items {
        let read = check(if path.is_empty() { Found::of(item) } else { find(item, path) }, test);
        match read.value {
            Ok(value) if value == wanted => return Read { value: Ok(wanted), span: read.span.or(Some(item.span)) },
            Ok(_) => {}
            Err(reason) => unknown = unknown.or(Some((reason, read.span))),
        }
    }
    match unknown {
        Some((reason, span)) => Read::unknown(reason, span),
        None => Read { value: Ok(!wanted), span },
    }
}

/// The items of a list; one value that is no list is its only item.
fn items<'a>(from: &'a Node, list: &str) -> Read<&'a [Node]> {
    match find(from, list) {
        Found::Absent => Read::default(&[]),
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Written(node) => Read::at(node.items_or_self(), node.span),
    }
}

pub(super) fn number(found: Found<'_>, default: i64) -> Read<i64> {
    match found {
        Found::Absent if default == DEPENDS_NUMBER => Read::unknown(depends(), None),
        Found::Absent => Read::default(default),
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Written(node) => {
            match node.as_text().and_then(|text| text.trim().parse().ok()).or_else(|| node.as_i64()) {
                Some(number) => Read::at(number, node.span),
                None => Read::unknown(super::reader::not_literal(node), Some(node.span)),
            }
        }
    }
}

/// Why nothing is known where nothing is written.
pub(super) fn depends() -> Unknown {
    Unknown::new(UnknownKind::Other, "the provider's default is not published or depends on where and when")
}

fn behind(from: &Node, switch: &str, path: &str, otherwise: &'static str) -> Read<&'static str> {
    let enabled = flag(find(from, switch), false);
    match enabled.value {
        Ok(true) => {
            let key = keys::manager(find(from, path), otherwise);
            Read { span: key.span.or(enabled.span), value: key.value }
        }
        Ok(false) => enabled.map(|_| "none"),
        Err(reason) => Read::unknown(reason, enabled.span),
    }
}

/// The texts of a list, or of a property of its items; not known as a whole where one of them is not.
fn words(from: &Node, list: &str, path: &str) -> Read<Vec<Arc<str>>> {
    let items = items(from, list);
    let span = items.span;
    let read = |item: &Node| text(find(item, path)).value.map(Option::unwrap_or_default);
    match items.value.and_then(|items| items.iter().map(read).collect()) {
        Ok(words) => Read { value: Ok(words), span },
        Err(reason) => Read::unknown(reason, span),
    }
}

#[cfg(test)]
mod tests {
    use super::fill;
    use crate::model::entity::{Known, Origin, Test, read};
    use crate::model::{Entity, EntityType, Verb};
    use crate::source::{FileId, Span};
    use crate::syntax::{Node, Unknown, UnknownKind};

    const KIND: EntityType = EntityType {
        name: "AWS::Own::Type",
        verb: Verb::Deploy,
        about: "A type of the tests.",
        attributes: &[
            read("on", Origin::Check("Switch", Test::On(true)), ""),
            read("stated", Origin::Check("Switch", Test::Stated), ""),
            read("given", Origin::Check("Inner.Name", Test::Given), ""),
            read("open", Origin::Any("Rules", "Cidr", Test::Is("0.0.0.0/0|::/0", false)), ""),
            read("named", Origin::All("Rules", "Name", Test::Given), ""),
            read("word", Origin::Word("Mode", "OFF"), ""),
            read("days", Origin::Number("Days", 7), ""),
            read("rules", Origin::Count("Rules"), ""),
            read("manager", Origin::KeyBehind("Switch", "Key", "aws"), ""),
            read("words", Origin::Words("Words"), ""),
        ],
    };

    fn answers(properties: &Node) -> Vec<String> {
        static KEPT: EntityType = KIND;
        let entity = fill(Entity::new(&KEPT, "one"), &KEPT, properties);
        let shown = |value: &Result<Known, Unknown>| match value {
            Ok(known) => format!("{known:?}"),
            Err(_) => "unknown".to_owned(),
        };
        entity.attributes.iter().skip(1).map(|one| format!("{} {}", one.path, shown(&one.value))).collect()
    }

    fn span() -> Span {
        Span::start_of(FileId(0))
    }

    fn text(text: &str) -> Node {
        Node::string(text, span())
    }

    fn unknown() -> Node {
        Node::new(crate::syntax::Value::Unknown(Unknown::new(UnknownKind::Parameter, "P")), span())
    }

    #[test]
    fn what_is_not_written_is_the_default() {
        let expected = [
            "on Bool(true)",
            "stated unknown",
            "given Bool(false)",
            "open Bool(false)",
            "named Bool(true)",
            "word String(\"OFF\")",
            "days Long(7)",
            "rules Long(0)",
            "manager String(\"none\")",
            "words Strings([])",
        ];
        assert_eq!(answers(&Node::map([("Other", text("x"))], span())), expected);
    }

    #[test]
    fn an_unknown_item_decides_nothing_and_hides_nothing() {
        let span = span();
        let rule = |cidr: Node| Node::map([("Cidr", cidr)], span);
        let rules = |items: Vec<Node>| answers(&Node::map([("Rules", Node::list(items, span))], span));
        assert_eq!(rules(vec![rule(unknown()), rule(text("::/0"))])[3], "open Bool(true)");
        assert_eq!(rules(vec![rule(unknown()), rule(text("10.0.0.0/8"))])[3], "open unknown");
        assert_eq!(rules(vec![rule(text("10.0.0.0/8"))])[4], "named Bool(false)");
        assert_eq!(answers(&Node::map([("Rules", unknown())], span))[7], "rules unknown");
        assert_eq!(
            answers(&Node::map([("Words", Node::list(vec![text("a"), unknown()], span))], span))[9],
            "words unknown"
        );
    }
}
