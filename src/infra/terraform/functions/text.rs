//! Functions over strings.

use super::super::value::{Document, Kind, Map, MapEntry, Value};
use super::given::{Found, Given};
use crate::syntax::{Node, Part, UnknownKind, Value as Tree};
use std::sync::Arc;

/// The longest text that a function makes.
const MAX_TEXT: usize = 1_000_000;

pub(super) fn call(name: &str, given: &Given<'_>) -> Option<Found> {
    let one = |change: &dyn Fn(&str) -> String| given.text(0).map(|text| given.string(change(&text)));
    let two = |change: &dyn Fn(&str, &str) -> Value| {
        given.text(0).zip(given.text(1)).map(|(text, other)| change(&text, &other))
    };
    let value = match name {
        "lower" => one(&|text| text.to_lowercase()),
        "upper" => one(&|text| text.chars().map(upper).collect()),
        "title" => one(&title),
        "trimspace" => one(&|text| text.trim().to_owned()),
        "chomp" => one(&|text| text.trim_end_matches(['\n', '\r']).to_owned()),
        "strrev" => one(&|text| text.chars().rev().collect()),
        "trim" => two(&|text, cut| given.string(text.trim_matches(|letter| cut.contains(letter)))),
        "trimprefix" => two(&|text, cut| given.string(text.strip_prefix(cut).unwrap_or(text))),
        "trimsuffix" => two(&|text, cut| given.string(text.strip_suffix(cut).unwrap_or(text))),
        "startswith" => starts_with(given),
        "endswith" => two(&|text, end| given.bool(text.ends_with(end))),
        "strcontains" => two(&|text, inner| given.bool(text.contains(inner))),
        "tostring" => to_string(given),
        "join" => join(given),
        "split" => two(&|cut, text| split(cut, text, given)),
        "substr" => substr(given),
        "replace" => replace(given),
        "indent" => indent(given),
        "regex" => regex(given),
        "regexall" => regex_all(given),
        "uuid" | "timestamp" | "plantimestamp" | "bcrypt" => {
            Some(Value::unknown(UnknownKind::Computed, format!("{name}()"), given.span))
        }
        _ => return None,
    };
    Some(value.into())
}

/// Go's `strings.Title`: every letter after something that is neither a letter, a digit nor an underscore.
fn title(text: &str) -> String {
    let mut start = true;
    text.chars()
        .map(|letter| {
            let first = start;
            start = if letter.is_ascii() {
                !letter.is_ascii_alphanumeric() && letter != '_'
            } else {
                letter.is_whitespace()
            };
            if first { upper(letter) } else { letter }
        })
        .collect()
}

/// A letter in upper case, where that is one letter too.
fn upper(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => letter,
    }
}

/// Decided by the first literal part alone, where that is long enough.
fn starts_with(given: &Given<'_>) -> Option<Value> {
    let start = given.text(1)?;
    let parts = given.at(0)?.parts();
    match parts.first()? {
        Part::Literal(text) if text.starts_with(&*start) => Some(given.bool(true)),
        Part::Literal(text) if parts.len() == 1 || !start.starts_with(&**text) => Some(given.bool(false)),
        _ => None,
    }
}

fn to_string(given: &Given<'_>) -> Option<Value> {
    let value = given.at(0)?;
    match &value.kind {
        Kind::Bool(_) | Kind::Number(_) => value.text().map(|text| given.string(text)),
        Kind::List(_) | Kind::Map(_) => Some(given.invalid("tostring() of a collection")),
        _ => Some(value.clone()),
    }
}

fn join(given: &Given<'_>) -> Option<Value> {
    let between = given.text(0)?;
    let mut parts = Vec::new();
    for list in given.values.get(1..)? {
        for item in list.items()? {
            if matches!(item.kind, Kind::Either(_) | Kind::List(_) | Kind::Map(_)) {
                return None;
            }
            if !parts.is_empty() {
                parts.push(Part::Literal(between.clone()));
            }
            parts.extend(item.parts());
        }
    }
    Some(Value::template(parts, given.span))
}

fn split(cut: &str, text: &str, given: &Given<'_>) -> Value {
    if text.is_empty() {
        return given.list(vec![given.string("")]);
    }
    if cut.is_empty() {
        return given.list(text.chars().map(|letter| given.string(letter.to_string())).collect());
    }
    given.list(text.split(cut).map(|piece| given.string(piece)).collect())
}

fn substr(given: &Given<'_>) -> Option<Value> {
    let text = given.text(0)?;
    let letters: Vec<char> = text.chars().collect();
    let whole = |number: f64| super::super::value::number_text(number).parse::<i64>().ok();
    let (offset, length) = (whole(given.number(1)?)?, whole(given.number(2)?)?);
    let size = i64::try_from(letters.len()).ok()?;
    let start = if offset < 0 { (size + offset).max(0) } else { offset.min(size) };
    let end = if length < 0 { size } else { (start + length).min(size) };
    let range = usize::try_from(start).ok()?..usize::try_from(end.max(start)).ok()?;
    Some(given.string(letters.get(range)?.iter().collect::<String>()))
}

/// A pattern between slashes is a regular expression; a template keeps its unknown parts where the pattern is plain,
/// and a document its tree.
fn replace(given: &Given<'_>) -> Option<Value> {
    let pattern = given.text(1)?;
    let expression = pattern.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|_| pattern.len() > 1);
    if let Some(expression) = expression {
        let expression = compiled(expression)?;
        let text = given.text(0)?;
        return Some(given.string(expression.replace_all(&text, &*given.text(2)?)));
    }
    let with = given.at(2)?;
    if with.text().is_none() && !matches!(with.kind, Kind::Template(_) | Kind::Unknown(_)) {
        return None;
    }
    let with = with.parts();
    if let Kind::Document(document) = &given.at(0)?.kind {
        let mut tree = document.tree.clone();
        replace_inside(&mut tree, &pattern, &with);
        let text = replaced(&document.text, &pattern, &with)?;
        return Some(Value::new(Kind::Document(Arc::new(Document { tree, text })), given.span));
    }
    Some(Value::template(replaced(&given.at(0)?.parts(), &pattern, &with)?, given.span))
}

/// The parts with each occurrence of a text replaced; `None` where the result would be too long.
fn replaced(parts: &[Part], pattern: &str, with: &[Part]) -> Option<Vec<Part>> {
    let mut made = Vec::new();
    for part in parts {
        let Part::Literal(text) = part else {
            made.push(part.clone());
            continue;
        };
        let pieces: Vec<&str> = text.split(pattern).collect();
        if pieces.len().saturating_mul(with.len().max(1)) > MAX_TEXT / 8 {
            return None;
        }
        for (at, piece) in pieces.into_iter().enumerate() {
            if at > 0 {
                made.extend(with.iter().cloned());
            }
            made.push(Part::Literal(piece.into()));
        }
    }
    Some(made)
}

fn replace_inside(node: &mut Node, pattern: &str, with: &[Part]) {
    match &mut node.value {
        Tree::List(items) => items.iter_mut().for_each(|item| replace_inside(item, pattern, with)),
        Tree::Map(entries) => entries.iter_mut().for_each(|entry| replace_inside(&mut entry.value, pattern, with)),
        Tree::Either { then, otherwise, .. } => {
            replace_inside(then, pattern, with);
            replace_inside(otherwise, pattern, with);
        }
        Tree::String(_) | Tree::Template(_) => {
            if let Some(parts) = node.parts().and_then(|parts| replaced(&parts, pattern, with)) {
                *node = Node::template(parts, node.span);
            }
        }
        _ => {}
    }
}

fn compiled(expression: &str) -> Option<regex::Regex> {
    regex::RegexBuilder::new(expression).size_limit(1_000_000).build().ok()
}

fn indent(given: &Given<'_>) -> Option<Value> {
    let spaces = given.at(0)?.as_index().filter(|spaces| *spaces < 1_000)?;
    let between = format!("\n{}", " ".repeat(spaces));
    let text = given.text(1)?;
    Some(given.string(text.split('\n').collect::<Vec<_>>().join(&between)))
}

fn regex(given: &Given<'_>) -> Option<Value> {
    let expression = compiled(&given.text(0)?)?;
    let text = given.text(1)?;
    Some(match expression.captures(&text) {
        Some(captures) => captured(&expression, &captures, given),
        None => given.invalid("no match"),
    })
}

fn regex_all(given: &Given<'_>) -> Option<Value> {
    let expression = compiled(&given.text(0)?)?;
    let text = given.text(1)?;
    Some(given.list(expression.captures_iter(&text).map(|captures| captured(&expression, &captures, given)).collect()))
}

/// The whole match, the list of the groups, or the map of the named groups.
fn captured(expression: &regex::Regex, captures: &regex::Captures<'_>, given: &Given<'_>) -> Value {
    let value = |group: Option<regex::Match<'_>>| {
        group.map_or_else(|| Value::null(given.span), |group| given.string(group.as_str()))
    };
    let names: Vec<Option<&str>> = expression.capture_names().skip(1).collect();
    if names.is_empty() {
        return value(captures.get(0));
    }
    if names.iter().all(Option::is_none) {
        return given.list((1..=names.len()).map(|at| value(captures.get(at))).collect());
    }
    let mut map = Map::default();
    for name in names.into_iter().flatten() {
        map.set(MapEntry { key: name.into(), span: given.span, value: value(captures.name(name)) });
    }
    Value::new(Kind::Map(Arc::new(map)), given.span)
}
