//! Parser events to one tree: anchors, merge keys, equal keys and short tags are settled here.

use super::padding::Padded;
use super::scalar::{Schema, plain};
use crate::source::{Problem, ProblemKind, SourceFile, Span};
use crate::syntax::{Entry, Node, UnknownKind, Value};
use granit_parser::{Event, ScalarStyle, Tag};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// How many nodes aliases may bring into one file.
const MAX_EXPANDED: usize = 200_000;

/// How deep a tree may be, aliases included.
const MAX_DEPTH: usize = 512;

/// Above this number of keys a map finds its keys by hash.
const FEW_KEYS: usize = 16;

/// A finished value with what bounds need to know of it.
struct Built {
    node: Node,
    /// Nodes in it.
    size: usize,
    /// Levels in it.
    height: usize,
}

/// An anchored value; `None` while it is being read.
type Anchor = Option<Arc<Built>>;

/// A short tag: the function's long name and where the tag stands.
type Function = (Arc<str>, Span);

/// A collection that is being read.
struct Frame {
    content: Content,
    start: usize,
    /// Bytes up to here belong to it.
    end: usize,
    function: Option<Function>,
    anchor: usize,
    size: usize,
    height: usize,
}

enum Content {
    List(Vec<Node>),
    Map(Map),
}

#[derive(Default)]
struct Map {
    entries: Vec<Entry>,
    /// Positions by key, once there are many.
    index: HashMap<Arc<str>, usize>,
    /// The key whose value comes next.
    key: Option<Key>,
    /// What `<<` brings, in order.
    merged: Vec<Node>,
}

enum Key {
    Named(Arc<str>, Span),
    Merge,
    /// A list or map as a key, or one that a problem was reported for.
    Dropped,
}

/// Turns events into documents.
pub(super) struct Builder<'a> {
    file: &'a SourceFile,
    text: &'a Padded<'a>,
    schema: Schema,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Anchor>,
    expanded: usize,
    documents: Vec<Node>,
    problems: Vec<Problem>,
}

impl<'a> Builder<'a> {
    /// A builder without documents; spans are given for `file`, of which `text` is the padded form.
    pub(super) fn new(file: &'a SourceFile, text: &'a Padded<'a>, schema: Schema) -> Self {
        Self {
            file,
            text,
            schema,
            stack: Vec::new(),
            anchors: HashMap::new(),
            expanded: 0,
            documents: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Number of documents that are finished.
    pub(super) fn documents(&self) -> usize {
        self.documents.len()
    }

    /// The documents and what was wrong with them.
    pub(super) fn finish(self) -> (Vec<Node>, Vec<Problem>) {
        (self.documents, self.problems)
    }

    /// Takes the next event.
    pub(super) fn event(&mut self, event: Event<'_>, span: granit_parser::Span) {
        let (start, end) = span.byte_range().map_or((0, 0), |range| (range.start, range.end));
        let (start, end) = (self.text.original(start), self.text.original(end));
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref().map(|tag| (tag, self.tag_span(&span, start)));
                self.scalar(text, style, anchor, tag, (start, end));
            }
            Event::SequenceStart(_, anchor, tag) => {
                let tag = tag.as_deref().map(|tag| (tag, self.tag_span(&span, start)));
                self.open(Content::List(Vec::new()), anchor, tag, (self.dash_before(start), end));
            }
            Event::MappingStart(_, anchor, tag) => {
                let tag = tag.as_deref().map(|tag| (tag, self.tag_span(&span, start)));
                self.open(Content::Map(Map::default()), anchor, tag, (start, end));
            }
            Event::SequenceEnd | Event::MappingEnd => self.close((start, end)),
            Event::Alias(id) => self.alias(id, self.span(start, end)),
            _ => {}
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file.id, start, end)
    }

    fn tag_span(&self, span: &granit_parser::Span, otherwise: usize) -> Span {
        match span.tag_span().and_then(|tag| tag.byte_range()) {
            Some(range) => self.span(self.text.original(range.start), self.text.original(range.end)),
            None => self.span(otherwise, otherwise),
        }
    }

    /// The parser gives a list that is not indented below its key from its first item on: back to that item's dash.
    fn dash_before(&self, start: usize) -> usize {
        let (before, after) = self.file.text.split_at_checked(start).unwrap_or_default();
        let before = before.trim_end_matches(' ');
        if before.ends_with('-') && !after.starts_with(['[', '-']) { before.len() - 1 } else { start }
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<(&Tag, Span)>,
        (start, end): (usize, usize),
    ) {
        let span = self.span(start, start + self.file.text.get(start..end).unwrap_or_default().trim_end().len());
        let is_plain = style == ScalarStyle::Plain;
        let is_empty = is_plain && start == end;
        if let Some(Frame { content: Content::Map(map), .. }) = self.stack.last_mut()
            && map.key.is_none()
        {
            let text = if is_empty { "" } else { &*text };
            map.key = Some(match text {
                "<<" if is_plain => Key::Merge,
                text => Key::Named(text.into(), span),
            });
            if anchor != 0 {
                let node = Node::string(text, span);
                self.anchors.insert(anchor, Some(Arc::new(Built { node, size: 1, height: 1 })));
            }
            return;
        }
        let value = match tag {
            Some(_) if is_empty => Value::String("".into()),
            Some((tag, _)) if is_plain && resolves_as_plain(tag) => plain(&text, self.schema),
            None if is_plain => plain(&text, self.schema),
            _ => Value::String(text.into()),
        };
        let function = tag.and_then(|(tag, span)| Some((function_of(tag)?, span)));
        let built = apply(function, Built { node: Node::new(value, span), size: 1, height: 1 });
        self.place(built, anchor);
    }

    fn open(&mut self, content: Content, anchor: usize, tag: Option<(&Tag, Span)>, (start, end): (usize, usize)) {
        if anchor != 0 {
            self.anchors.insert(anchor, None);
        }
        let function = tag.and_then(|(tag, span)| Some((function_of(tag)?, span)));
        self.stack.push(Frame { content, start, end, function, anchor, size: 1, height: 1 });
    }

    /// A block ends with its last item, a flow collection with its bracket.
    fn close(&mut self, (start, end): (usize, usize)) {
        let Some(frame) = self.stack.pop() else { return };
        let end = if end > start { end } else { frame.end };
        let span = self.span(frame.start, end);
        let value = match frame.content {
            Content::List(items) => Value::List(items),
            Content::Map(map) => Value::Map(map.finish()),
        };
        let built = Built { node: Node::new(value, span), size: frame.size, height: frame.height };
        self.place(apply(frame.function, built), frame.anchor);
    }

    fn alias(&mut self, id: usize, span: Span) {
        let unknown = |kind, what: &str| Built { node: Node::unknown(kind, what, span), size: 1, height: 1 };
        let built = match self.anchors.get(&id) {
            Some(Some(built)) => {
                let too_deep = self.stack.len() + built.height > MAX_DEPTH;
                if too_deep || self.expanded + built.size > MAX_EXPANDED {
                    let message = format!(
                        "aliases repeat more than {MAX_EXPANDED} values or nest deeper than {MAX_DEPTH}; \
                         what lies beyond was not read"
                    );
                    self.problem(ProblemKind::Limit, span, message);
                    unknown(UnknownKind::Limit, "an alias")
                } else {
                    self.expanded += built.size;
                    Built { node: built.node.clone(), size: built.size, height: built.height }
                }
            }
            _ => {
                self.problem(ProblemKind::Parse, span, "an alias names the value that it stands in; write it out");
                unknown(UnknownKind::Cycle, "an alias")
            }
        };
        // A key may be an alias too.
        if let Some(Frame { content: Content::Map(map), .. }) = self.stack.last_mut()
            && map.key.is_none()
        {
            let key = built.node.as_text().map(|text| Key::Named(text.into(), span));
            if key.is_some() {
                map.key = key;
                return;
            }
        }
        self.place_at(built, 0, span);
    }

    fn place(&mut self, built: Built, anchor: usize) {
        let span = built.node.span;
        self.place_at(built, anchor, span);
    }

    /// Gives a finished value to the collection that it stands in; `at` is where it stands.
    fn place_at(&mut self, built: Built, anchor: usize, at: Span) {
        if anchor != 0 {
            let copy = Built { node: built.node.clone(), size: built.size, height: built.height };
            self.anchors.insert(anchor, Some(Arc::new(copy)));
        }
        let Some(frame) = self.stack.last_mut() else {
            self.documents.push(built.node);
            return;
        };
        frame.size += built.size;
        frame.height = frame.height.max(built.height + 1);
        frame.end = frame.end.max(usize::try_from(at.end).unwrap_or(frame.end));
        let fault = match &mut frame.content {
            Content::List(items) => {
                items.push(built.node);
                None
            }
            Content::Map(map) => map.take(built.node),
        };
        match fault {
            Some(Fault::Key) => {
                self.problem(ProblemKind::Parse, at, "a list or map stands as a key; only text is read as a key");
            }
            Some(Fault::Merge) => {
                self.problem(ProblemKind::Parse, at, "`<<` takes a map or a list of maps; this value was left out");
            }
            Some(Fault::Twice { key, first, second }) => {
                let line = self.file.location(first).start_line;
                let key: String = key.chars().take(80).flat_map(char::escape_debug).collect();
                let message = format!("key `{key}` stands twice, first on line {line}; the later one is taken");
                self.problem(ProblemKind::Parse, second, message);
            }
            None => {}
        }
    }

    fn problem(&mut self, kind: ProblemKind, span: Span, message: impl Into<String>) {
        let problem = Problem::at(kind, &self.file.location(span), message);
        // One hostile alias repeated would report itself a thousand times.
        if self.problems.last().is_none_or(|last| last.kind != ProblemKind::Limit || kind != ProblemKind::Limit) {
            self.problems.push(problem);
        }
    }
}

/// What is wrong with an entry.
enum Fault {
    Key,
    Merge,
    Twice { key: Arc<str>, first: Span, second: Span },
}

impl Map {
    /// Takes a value, or a collection as a key.
    fn take(&mut self, node: Node) -> Option<Fault> {
        match self.key.take() {
            None => {
                self.key = Some(Key::Dropped);
                Some(Fault::Key)
            }
            Some(Key::Dropped) => None,
            Some(Key::Named(key, key_span)) => self.insert(Entry { key, key_span, value: node }),
            Some(Key::Merge) => match &node.value {
                Value::Map(_) => {
                    self.merged.push(node);
                    None
                }
                Value::List(items) if items.iter().all(|item| matches!(item.value, Value::Map(_))) => {
                    self.merged.extend(items.iter().cloned());
                    None
                }
                _ => Some(Fault::Merge),
            },
        }
    }

    fn position(&mut self, key: &str) -> Option<usize> {
        if self.entries.len() <= FEW_KEYS {
            return self.entries.iter().position(|entry| &*entry.key == key);
        }
        for (at, entry) in self.entries.iter().enumerate().skip(self.index.len()) {
            self.index.insert(entry.key.clone(), at);
        }
        self.index.get(key).copied()
    }

    fn insert(&mut self, entry: Entry) -> Option<Fault> {
        let Some(at) = self.position(&entry.key) else {
            self.entries.push(entry);
            return None;
        };
        let known = self.entries.get_mut(at)?;
        let fault = Fault::Twice { key: entry.key.clone(), first: known.key_span, second: entry.key_span };
        *known = entry;
        Some(fault)
    }

    /// The entries, and those of merged maps that are not written here; of two merged maps the first one wins.
    fn finish(mut self) -> Vec<Entry> {
        for node in std::mem::take(&mut self.merged) {
            if let Value::Map(entries) = node.value {
                for entry in entries {
                    if self.position(&entry.key).is_none() {
                        self.entries.push(entry);
                    }
                }
            }
        }
        self.entries
    }
}

/// Whether a tag of YAML's own leaves a plain scalar to be resolved (`!!bool yes`).
fn resolves_as_plain(tag: &Tag) -> bool {
    matches!(tag.core_suffix(), Some("int" | "float" | "bool" | "null"))
}

/// The long name of a short tag's function: `!Ref` is `Ref`, `!Sub` is `Fn::Sub`; `None` for YAML's own tags.
fn function_of(tag: &Tag) -> Option<Arc<str>> {
    if tag.handle() != "!" {
        return None;
    }
    match tag.suffix() {
        "" => None,
        name @ ("Ref" | "Condition") => Some(name.into()),
        name if name.starts_with("Fn::") => Some(name.into()),
        name => Some(format!("Fn::{name}").into()),
    }
}

/// Wraps a value in the long form of its short tag; `!GetAtt a.b.c` is split at its first dot.
fn apply(function: Option<Function>, built: Built) -> Built {
    let Some((name, tag)) = function else { return built };
    let Built { mut node, mut size, mut height } = built;
    let whole = tag.to(node.span);
    if &*name == "Fn::GetAtt"
        && let Value::String(text) = &node.value
        && let Some((resource, attribute)) = text.split_once('.')
    {
        let part = |text: &str| Node::string(text, node.span);
        node = Node::list(vec![part(resource), part(attribute)], node.span);
        size += 2;
        height += 1;
    }
    let entry = Entry { key: name, key_span: tag, value: node };
    Built { node: Node::new(Value::Map(vec![entry]), whole), size: size + 1, height: height + 1 }
}
