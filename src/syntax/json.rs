//! JSON to nodes: files, and JSON that is written inside a string of another format.

use super::{Entry, Node, Value};
use crate::source::{FileId, Problem, ProblemKind, SourceFile, Sources, Span};
use memchr::memchr2;
use std::collections::HashMap;
use std::sync::Arc;

/// How deep lists and maps may stand in each other.
const MAX_DEPTH: usize = 512;

/// Above this number of keys a map finds its keys by hash.
const FEW_KEYS: usize = 16;

/// Something wrong with a JSON text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of thing.
    pub kind: ProblemKind,
    /// Where.
    pub span: Span,
    /// What was expected and what to do; never the text itself.
    pub message: String,
}

impl Fault {
    /// The fault as a problem of its file.
    pub fn problem(&self, sources: &Sources) -> Problem {
        Problem::at(self.kind, &sources.location(self.span), self.message.clone())
    }
}

/// Reads a file. Of two equal keys the later one is taken, as CloudFormation does, and a problem names both.
pub fn parse(file: &SourceFile) -> (Option<Node>, Vec<Problem>) {
    let (node, faults) = parse_text(file.id, &file.text, 0);
    let problem = |fault: Fault| Problem::at(fault.kind, &file.location(fault.span), fault.message);
    (node, faults.into_iter().map(problem).collect())
}

/// Reads JSON that stands as it is at byte `offset` of a file: a heredoc, a literal block of one line.
pub fn parse_text(file: FileId, text: &str, offset: usize) -> (Option<Node>, Vec<Fault>) {
    Parser::new(text, Origin::At(file, offset)).read()
}

/// Reads JSON that stands escaped in a string, so that every value has the string's own span.
pub fn parse_within(text: &str, span: Span) -> (Option<Node>, Vec<Fault>) {
    Parser::new(text, Origin::Whole(span)).read()
}

/// What the offsets of a text mean.
#[derive(Debug, Clone, Copy)]
enum Origin {
    At(FileId, usize),
    Whole(Span),
}

/// A list or map that is being read.
struct Frame {
    start: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, index: HashMap<Arc<str>, usize>, key: (Arc<str>, Span) },
}

/// Why reading stopped: a byte offset and what was expected there.
type Stop = (ProblemKind, usize, &'static str);

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    origin: Origin,
    stack: Vec<Frame>,
    faults: Vec<Fault>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, origin: Origin) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, origin, stack: Vec::new(), faults: Vec::new() }
    }

    fn read(mut self) -> (Option<Node>, Vec<Fault>) {
        match self.document() {
            Ok(node) => (Some(node), self.faults),
            Err((kind, at, expected)) => {
                let message = match kind {
                    ProblemKind::Limit => expected.to_owned(),
                    _ => format!("not valid JSON: {expected}"),
                };
                self.faults.push(Fault { kind, span: self.span(at, at), message });
                (None, self.faults)
            }
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        match self.origin {
            Origin::At(file, offset) => Span::new(file, offset + start, offset + end),
            Origin::Whole(span) => span,
        }
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> Option<u8> {
        self.skip_space();
        self.bytes.get(self.at).copied()
    }

    fn stop<T>(&self, expected: &'static str) -> Result<T, Stop> {
        Err((ProblemKind::Parse, self.at, expected))
    }

    fn document(&mut self) -> Result<Node, Stop> {
        loop {
            // A value that is no opened list or map is complete; it may complete those around it.
            let Some(mut node) = self.value()? else { continue };
            loop {
                match self.place(node)? {
                    Placed::Open => break,
                    Placed::Closed(outer) => node = outer,
                    Placed::Root(root) => {
                        return match self.peek() {
                            None => Ok(root),
                            Some(_) => self.stop("the end of the file was expected here; remove what follows"),
                        };
                    }
                }
            }
        }
    }

    /// Reads a scalar or an empty collection, or opens a collection (`None`).
    fn value(&mut self) -> Result<Option<Node>, Stop> {
        let Some(byte) = self.peek() else { return self.stop("a value was expected, and the file ends") };
        let start = self.at;
        let value = match byte {
            b'{' | b'[' => return self.open(byte == b'{'),
            b'"' => Value::String(self.string()?),
            b'-' | b'0'..=b'9' => self.number()?,
            _ => {
                let word = |word: &str| self.bytes.get(start..start + word.len()) == Some(word.as_bytes());
                let (length, value) = if word("true") {
                    (4, Value::Bool(true))
                } else if word("false") {
                    (5, Value::Bool(false))
                } else if word("null") {
                    (4, Value::Null)
                } else {
                    return self.stop("a value was expected: a string in double quotes, a number, a list or a map");
                };
                self.at += length;
                value
            }
        };
        Ok(Some(Node::new(value, self.span(start, self.at))))
    }

    fn open(&mut self, is_map: bool) -> Result<Option<Node>, Stop> {
        let start = self.at;
        if self.stack.len() >= MAX_DEPTH {
            let message = "lists and maps stand in each other deeper than 512 levels; the file was not read";
            return Err((ProblemKind::Limit, start, message));
        }
        self.at += 1;
        match (is_map, self.peek()) {
            (true, Some(b'}')) => {
                self.at += 1;
                Ok(Some(Node::new(Value::Map(Vec::new()), self.span(start, self.at))))
            }
            (false, Some(b']')) => {
                self.at += 1;
                Ok(Some(Node::list(Vec::new(), self.span(start, self.at))))
            }
            (true, _) => {
                let key = self.key()?;
                let content = Content::Map { entries: Vec::new(), index: HashMap::new(), key };
                self.stack.push(Frame { start, content });
                Ok(None)
            }
            (false, _) => {
                self.stack.push(Frame { start, content: Content::List(Vec::new()) });
                Ok(None)
            }
        }
    }

    fn key(&mut self) -> Result<(Arc<str>, Span), Stop> {
        if self.peek() != Some(b'"') {
            return self.stop("a key in double quotes was expected");
        }
        let start = self.at;
        let key = self.string()?;
        let span = self.span(start, self.at);
        if self.peek() != Some(b':') {
            return self.stop("`:` was expected after the key");
        }
        self.at += 1;
        Ok((key, span))
    }

    /// Gives a value to the collection around it, and reads on to the next value or the collection's end.
    fn place(&mut self, node: Node) -> Result<Placed, Stop> {
        let next = self.peek();
        let Some(frame) = self.stack.last_mut() else { return Ok(Placed::Root(node)) };
        match &mut frame.content {
            Content::List(items) => {
                items.push(node);
                match next {
                    Some(b',') => {
                        self.at += 1;
                        return Ok(Placed::Open);
                    }
                    Some(b']') => self.at += 1,
                    _ => return self.stop("`,` or `]` was expected"),
                }
            }
            Content::Map { entries, index, key } => {
                let (key, key_span) = key.clone();
                if let Some((key, first)) = insert(entries, index, Entry { key, key_span, value: node }) {
                    self.faults.push(twice(self.text, self.origin, &key, first, key_span));
                }
                match next {
                    Some(b',') => {
                        self.at += 1;
                        let next = self.key()?;
                        if let Some(Frame { content: Content::Map { key, .. }, .. }) = self.stack.last_mut() {
                            *key = next;
                        }
                        return Ok(Placed::Open);
                    }
                    Some(b'}') => self.at += 1,
                    _ => return self.stop("`,` or `}` was expected"),
                }
            }
        }
        let Some(frame) = self.stack.pop() else { return self.stop("a value was expected") };
        let value = match frame.content {
            Content::List(items) => Value::List(items),
            Content::Map { entries, .. } => Value::Map(entries),
        };
        Ok(Placed::Closed(Node::new(value, self.span(frame.start, self.at))))
    }

    fn number(&mut self) -> Result<Value, Stop> {
        let start = self.at;
        let rest = &self.bytes[start..];
        let end = rest
            .iter()
            .position(|byte| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
            .unwrap_or(rest.len());
        let text = &self.text[start..start + end];
        // Leading zeros are kept: an account id without quotes is a mistake that a reader must see as it stands.
        if text.parse::<f64>().is_err() {
            return self.stop("a number was expected");
        }
        self.at += end;
        Ok(Value::Number(text.into()))
    }

    /// Reads a string; raw line breaks are taken as they are, as lenient readers do.
    fn string(&mut self) -> Result<Arc<str>, Stop> {
        let open = self.at;
        let start = open + 1;
        let mut unescaped: Option<String> = None;
        let mut from = start;
        loop {
            let Some(length) = memchr2(b'"', b'\\', &self.bytes[from..]) else {
                return Err((ProblemKind::Parse, open, "a string that starts here is not closed with `\"`"));
            };
            let at = from + length;
            let chunk = &self.text[from..at];
            if self.bytes[at] == b'"' {
                self.at = at + 1;
                return Ok(match unescaped {
                    None => chunk.into(),
                    Some(text) => (text + chunk).into(),
                });
            }
            let text = unescaped.get_or_insert_default();
            text.push_str(chunk);
            let Some((character, length)) = escape(&self.bytes[at..]) else {
                return Err((
                    ProblemKind::Parse,
                    at,
                    "an escape that JSON does not know; write `\\\\` for a backslash",
                ));
            };
            text.push(character);
            from = at + length;
        }
    }
}

/// What became of a value.
enum Placed {
    /// The collection around it goes on.
    Open,
    /// It was the last one, and this is the collection.
    Closed(Node),
    /// Nothing stands around it.
    Root(Node),
}

/// Adds an entry; the key and the first place of one that was there already.
fn insert(entries: &mut Vec<Entry>, index: &mut HashMap<Arc<str>, usize>, entry: Entry) -> Option<(Arc<str>, Span)> {
    let position = if entries.len() <= FEW_KEYS {
        entries.iter().position(|known| known.key == entry.key)
    } else {
        for (at, known) in entries.iter().enumerate().skip(index.len()) {
            index.insert(known.key.clone(), at);
        }
        index.get(&entry.key).copied()
    };
    match position.and_then(|at| entries.get_mut(at)) {
        Some(known) => {
            let first = (known.key.clone(), known.key_span);
            *known = entry;
            Some(first)
        }
        None => {
            entries.push(entry);
            None
        }
    }
}

fn twice(text: &str, origin: Origin, key: &str, first: Span, second: Span) -> Fault {
    let key: String = key.chars().take(80).flat_map(char::escape_debug).collect();
    let place = match origin {
        Origin::At(_, offset) => {
            let until = usize::try_from(first.start).unwrap_or(offset).saturating_sub(offset);
            let lines = text.as_bytes().get(..until).unwrap_or_default();
            let above = usize::try_from(second.start).unwrap_or(offset).saturating_sub(offset);
            let between = text.as_bytes().get(lines.len()..above).unwrap_or_default();
            match memchr::memchr_iter(b'\n', between).count() {
                0 => " on this line".to_owned(),
                1 => ", first on the line above".to_owned(),
                count => format!(", first {count} lines above"),
            }
        }
        Origin::Whole(_) => String::new(),
    };
    let message = format!("key `{key}` stands twice{place}; the later one is taken");
    Fault { kind: ProblemKind::Parse, span: second, message }
}

/// The character of an escape and the bytes that it takes; a lone surrogate is U+FFFD.
fn escape(bytes: &[u8]) -> Option<(char, usize)> {
    let simple = match bytes.get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let high = hex(bytes, 2)?;
            if (0xD800..0xDC00).contains(&high)
                && bytes.get(6..8) == Some(b"\\u")
                && let Some(low) = hex(bytes, 8).filter(|low| (0xDC00..0xE000).contains(low))
            {
                let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return Some((char::from_u32(code).unwrap_or('\u{FFFD}'), 12));
            }
            return Some((char::from_u32(high).unwrap_or('\u{FFFD}'), 6));
        }
        _ => return None,
    };
    Some((simple, 2))
}

fn hex(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 4)?;
    digits.iter().try_fold(0, |code, digit| Some(code * 16 + char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_text, parse_within};
    use crate::source::{SourceFile, Sources, Span};
    use crate::syntax::{Node, Value};
    use std::sync::Arc;

    fn file(text: &str) -> Arc<SourceFile> {
        Sources::in_memory([("t.json", text)]).open("t.json").unwrap()
    }

    fn read(text: &str) -> String {
        let (node, problems) = parse(&file(text));
        let mut out = node.as_ref().map_or("nothing".into(), Node::to_string);
        for problem in problems {
            out += &format!(" !{}: {}", problem.line.unwrap_or(0), problem.message);
        }
        out
    }

    #[test]
    fn values_and_faults() {
        for (text, expected) in [
            (
                " [1, -2.50, 1E+3, 012, true, false, null, \"a\", [], {}] ",
                "[1, -2.50, 1E+3, 012, true, false, null, a, [], {…}]",
            ),
            (r#"["\"\\\/\n\u00e9\ud83d\ude00\ud83d"]"#, "[\"\\/\né\u{1f600}\u{fffd}]"),
            ("", "nothing !1: not valid JSON: a value was expected, and the file ends"),
            ("[1\n2]", "nothing !2: not valid JSON: `,` or `]` was expected"),
            (
                "[1,]",
                "nothing !1: not valid JSON: a value was expected: a string in double quotes, a number, a list or a map",
            ),
            ("{\"a\": 1,\n}", "nothing !2: not valid JSON: a key in double quotes was expected"),
            ("{\"a\" 1}", "nothing !1: not valid JSON: `:` was expected after the key"),
            ("[\"hunter2]", "nothing !1: not valid JSON: a string that starts here is not closed with `\"`"),
            (
                "[\"\\x\"]",
                "nothing !1: not valid JSON: an escape that JSON does not know; write `\\\\` for a backslash",
            ),
            ("[] []", "nothing !1: not valid JSON: the end of the file was expected here; remove what follows"),
            ("[-]", "nothing !1: not valid JSON: a number was expected"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        let twice = parse(&file("{\"a\": 1,\n\"b\": {\"a\": 2},\n\"a\": 3}"));
        assert_eq!(twice.0.unwrap().get("a").unwrap().as_i64(), Some(3));
        assert_eq!(twice.1[0].message, "key `a` stands twice, first 2 lines above; the later one is taken");
        assert_eq!(twice.1[0].line, Some(3));
    }

    #[test]
    fn spans_cover_what_was_written() {
        let text = "{ \"é\" : [ 1 , {\"b\":\"c\"} ] }";
        let node = parse(&file(text)).0.unwrap();
        assert_eq!(&text[node.span.range()], text);
        assert_eq!(&text[node.get("é").unwrap().span.range()], "[ 1 , {\"b\":\"c\"} ]");
        let inner = &node.get("é").unwrap().items()[1];
        assert_eq!(&text[inner.entry("b").unwrap().key_span.range()], "\"b\"");
        assert_eq!(&text[inner.get("b").unwrap().span.range()], "\"c\"");
    }

    #[test]
    fn text_inside_another_file() {
        let outer = file("policy = <<E\n{\"a\": [1, x]}\nE");
        let at = outer.text.find('{').unwrap();
        let (node, faults) = parse_text(outer.id, &outer.text[at..outer.text.len() - 2], at);
        assert!(node.is_none());
        assert_eq!(outer.location(faults[0].span).start_line, 2);
        assert_eq!(outer.location(faults[0].span).start_column, 11);
        let whole = Span::new(outer.id, 3, 7);
        let (node, faults) = parse_within(r#"{"a": {"b": 1, "b": 2}}"#, whole);
        assert_eq!(node.unwrap().at("a.b").unwrap().span, whole);
        assert_eq!(faults[0].message, "key `b` stands twice; the later one is taken");
    }

    #[test]
    fn hostile_input_ends() {
        for text in ["[".repeat(1_000_000), "{\"a\":".repeat(300_000)] {
            let (node, problems) = parse(&file(&text));
            assert!(node.is_none());
            assert!(problems[0].message.contains("deeper than 512 levels"));
        }
        let wide: String = (0..50_000).map(|index| format!("\"k{index}\": {index},")).collect();
        let node = parse(&file(&format!("{{{wide}\"z\": 1}}"))).0.unwrap();
        assert!(matches!(&node.value, Value::Map(entries) if entries.len() == 50_001));
    }
}
