//! JSON or YAML that is written in a string: its tree, with the lines of the file that the string stands in.

use crate::source::{FileId, SourceFile, Sources, Span};
use crate::syntax::{Node, Part, Value, json, yaml};

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
    let in_json = first.trim_start().starts_with(['{', '[']);
    if !in_json && !is_openapi(first) {
        return None;
    }
    let (text, places) = joined(fragments, in_json, sources);
    let file = fragments.first()?.span.file;
    let mut tree = if in_json { json::parse_text(file, &text, 0).0? } else { yaml_tree(file, text)? };
    Reader { file, fragments, places }.settle(&mut tree);
    Some(tree)
}

/// The tree of text that is YAML; `None` where it is none.
pub(super) fn parse_yaml(text: &str, span: Span, sources: &Sources) -> Option<Node> {
    let fragments = [Fragment { part: Part::Literal(text.into()), span }];
    let (text, places) = joined(&fragments, false, sources);
    let mut tree = yaml_tree(span.file, text)?;
    Reader { file: span.file, fragments: &fragments, places }.settle(&mut tree);
    Some(tree)
}

fn yaml_tree(file: FileId, text: String) -> Option<Node> {
    let file = SourceFile::new(file, "".into(), text);
    yaml::parse_as(&file, yaml::Schema::Yaml11).0
}

/// Whether a text is the description of an API in YAML: the one YAML that AWS takes as a resource's property.
fn is_openapi(text: &str) -> bool {
    let starts = |line: &str| line.starts_with("openapi:") || line.starts_with("swagger:");
    text.len() > 8 && text.lines().any(starts)
}

/// The text with placeholders, and where each line or piece of it was written: start in the text, place, and
/// whether the place runs along with the text.
fn joined(fragments: &[Fragment], in_json: bool, sources: &Sources) -> (String, Vec<(usize, Span, bool)>) {
    let mut text = String::new();
    let mut places = Vec::new();
    let mut quoted = false;
    for (index, fragment) in fragments.iter().enumerate() {
        let Part::Literal(literal) = &fragment.part else {
            places.push((text.len(), fragment.span, false));
            let quote = if quoted || !in_json { "" } else { "\"" };
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

struct Reader<'a> {
    file: FileId,
    fragments: &'a [Fragment],
    places: Vec<(usize, Span, bool)>,
}

impl Reader<'_> {
    /// Gives a node and everything below it the place where it was written, and its placeholders their parts.
    fn settle(&self, node: &mut Node) {
        node.span = self.place(node.span);
        match &mut node.value {
            Value::String(text) if text.contains(OPEN) => *node = Node::template(self.parts(text), node.span),
            Value::List(items) => items.iter_mut().for_each(|item| self.settle(item)),
            Value::Map(entries) => {
                for entry in entries {
                    entry.key_span = self.place(entry.key_span);
                    if entry.key.contains(OPEN) {
                        entry.key = self.parts(&entry.key).iter().map(Part::to_string).collect::<String>().into();
                    }
                    self.settle(&mut entry.value);
                }
            }
            _ => {}
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

    fn place(&self, span: Span) -> Span {
        self.offset(span.start as usize, false).to(self.offset(span.end as usize, true))
    }

    fn offset(&self, at: usize, end: bool) -> Span {
        let index = self.places.partition_point(|(from, ..)| if end { *from < at } else { *from <= at });
        let Some((from, place, aligned)) = self.places.get(index.saturating_sub(1)) else {
            return Span::start_of(self.file);
        };
        if !aligned {
            return *place;
        }
        let offset = (place.start as usize + (at - from)).min(place.end as usize);
        Span::new(place.file, offset, offset)
    }
}
