//! JSON that is written in a string: its tree, with the lines of the file that the string stands in.

use crate::source::{Sources, Span};
use crate::syntax::{Entry, Node, Part, Value};
use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use std::sync::Arc;

/// Stand around the number of a part that is not literal, in the text that is parsed.
const OPEN: char = '\u{F8F0}';
const CLOSE: char = '\u{F8F1}';

/// One part of a string and where it was written.
pub(super) struct Fragment {
    pub(super) part: Part,
    pub(super) span: Span,
}

/// The document that the fragments make together; `None` where they make none.
pub(super) fn parse(fragments: &[Fragment], sources: &Sources) -> Option<Node> {
    let Some(Part::Literal(first)) = fragments.first().map(|fragment| &fragment.part) else {
        return None;
    };
    if !first.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let (text, places) = joined(fragments, sources);
    let options = jsonc_parser::ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        ..Default::default()
    };
    if depth(&text) > 100 {
        return None;
    }
    let parsed = jsonc_parser::parse_to_ast(&text, &jsonc_parser::CollectOptions::default(), &options).ok()?;
    let reader = Reader { fragments, places };
    parsed.value.map(|value| reader.node(&value))
}

/// The text with placeholders, and where each line or piece of it was written: start in the text, place, and
/// whether the place runs along with the text.
fn joined(fragments: &[Fragment], sources: &Sources) -> (String, Vec<(usize, Span, bool)>) {
    let mut text = String::new();
    let mut places = Vec::new();
    let mut quoted = false;
    for (index, fragment) in fragments.iter().enumerate() {
        let Part::Literal(literal) = &fragment.part else {
            places.push((text.len(), fragment.span, false));
            let quote = if quoted { "" } else { "\"" };
            text.push_str(&format!("{quote}{OPEN}{index}{CLOSE}{quote}"));
            continue;
        };
        let file = sources.get(fragment.span.file);
        let written = file.text.get(fragment.span.range()).unwrap_or_default();
        let same = written.split_inclusive('\n').count() == literal.split_inclusive('\n').count();
        let mut at = fragment.span.start as usize;
        let mut lines = written.split_inclusive('\n');
        for line in literal.split_inclusive('\n') {
            let original = if same { lines.next().unwrap_or_default() } else { "" };
            let end = at + original.len();
            let aligned =
                same && original.trim_end_matches(['\r', '\n']).ends_with(line.trim_end_matches(['\r', '\n']));
            let indent =
                original.trim_end_matches(['\r', '\n']).len().saturating_sub(line.trim_end_matches(['\r', '\n']).len());
            let place = match (aligned, same) {
                (true, _) => Span::new(fragment.span.file, at + indent, end),
                (false, true) => Span::new(fragment.span.file, at, end),
                (false, false) => fragment.span,
            };
            places.push((text.len(), place, aligned));
            text.push_str(line);
            at = end;
        }
        quoted = ends_quoted(literal, quoted);
    }
    (text, places)
}

/// Whether JSON text ends inside a string, given whether it starts inside one.
fn ends_quoted(text: &str, mut quoted: bool) -> bool {
    let mut escaped = false;
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            _ => {}
        }
    }
    quoted
}

fn depth(text: &str) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

struct Reader<'a> {
    fragments: &'a [Fragment],
    places: Vec<(usize, Span, bool)>,
}

impl Reader<'_> {
    fn node(&self, value: &ast::Value<'_>) -> Node {
        let span = self.place(value.range());
        match value {
            ast::Value::StringLit(text) => self.string(&text.value, span),
            ast::Value::NumberLit(number) => Node::new(Value::Number(number.value.into()), span),
            ast::Value::BooleanLit(value) => Node::bool(value.value, span),
            ast::Value::NullKeyword(_) => Node::new(Value::Null, span),
            ast::Value::Array(array) => Node::list(array.elements.iter().map(|item| self.node(item)).collect(), span),
            ast::Value::Object(object) => {
                let mut map = Node::new(Value::Map(Vec::with_capacity(object.properties.len())), span);
                if let Value::Map(entries) = &mut map.value {
                    for property in &object.properties {
                        let key: Arc<str> = self.key(property.name.as_str());
                        let key_span = self.place(property.name.range());
                        entries.retain(|entry| entry.key != key);
                        entries.push(Entry { key, key_span, value: self.node(&property.value) });
                    }
                }
                map
            }
        }
    }

    fn string(&self, text: &str, span: Span) -> Node {
        Node::template(self.parts(text), span)
    }

    fn key(&self, text: &str) -> Arc<str> {
        if text.contains(OPEN) {
            self.parts(text).iter().map(Part::to_string).collect::<String>().into()
        } else {
            text.into()
        }
    }

    /// The text with each placeholder put back.
    fn parts(&self, text: &str) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, marked)) = rest.split_once(OPEN) {
            parts.push(Part::Literal(before.into()));
            let (number, after) = marked.split_once(CLOSE).unwrap_or((marked, ""));
            let fragment = number.parse::<usize>().ok().and_then(|index| self.fragments.get(index));
            parts.extend(fragment.map(|fragment| fragment.part.clone()));
            rest = after;
        }
        parts.push(Part::Literal(rest.into()));
        parts
    }

    fn place(&self, range: jsonc_parser::common::Range) -> Span {
        let start = self.offset(range.start, false);
        let end = self.offset(range.end, true);
        start.to(end)
    }

    fn offset(&self, at: usize, end: bool) -> Span {
        let index = self.places.partition_point(|(from, ..)| if end { *from < at } else { *from <= at });
        let Some((from, place, aligned)) = self.places.get(index.saturating_sub(1)) else {
            return self.places.first().map_or(Span::start_of(self.fragments[0].span.file), |(_, place, _)| *place);
        };
        if !aligned {
            return *place;
        }
        let offset = (place.start as usize + (at - from)).min(place.end as usize);
        Span::new(place.file, offset, offset)
    }
}
