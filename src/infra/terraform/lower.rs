//! A block's attributes to CloudFormation's properties, by the tables and by name.

use super::document::{self, Fragment};
use super::table::{self, Row, Shape, Type};
use super::value::REST;
use crate::source::{Sources, Span};
use crate::syntax::{Entry, Node, Part, Unknown, UnknownKind, Value};
use std::sync::Arc;

/// Attributes and blocks of every resource that are Terraform's own.
const OWN: &[&str] = &[
    "count",
    "for_each",
    "provider",
    "depends_on",
    "lifecycle",
    "timeouts",
    "provisioner",
    "connection",
    "tags_all",
    "id",
    "region",
];

/// What a block becomes.
#[derive(Debug)]
pub(super) struct Lowered {
    /// The properties.
    pub(super) properties: Node,
    /// Resources of their own that it holds, such as the policy of a queue.
    pub(super) spawned: Vec<Spawned>,
}

/// A resource that stands as an attribute in another one's block.
#[derive(Debug)]
pub(super) struct Spawned {
    /// The CloudFormation type.
    pub(super) kind: &'static str,
    /// The property that the attribute's value is.
    pub(super) property: &'static str,
    /// The property that names the resource whose block it stands in.
    pub(super) owner: &'static str,
    /// The value.
    pub(super) value: Node,
    /// Where the attribute's name stands.
    pub(super) span: Span,
}

/// Lowers the evaluated block of a type with a table to properties of the CloudFormation type `kind`.
pub(super) fn lower(name: &str, kind: &str, known: &Type, body: &Node, sources: &Sources) -> Lowered {
    let mut lowering = Lowering { name, kind, known, sources, spawned: Vec::new() };
    let mut properties = Node::new(Value::Map(Vec::new()), body.span);
    lowering.block(body, "", known.item_of, &mut properties);
    Lowered { properties, spawned: lowering.spawned }
}

/// The block of a type without a table: its attributes under their own names in upper camel case.
pub(super) fn plain(body: &Node) -> Node {
    let entries = body.entries().iter().filter(|entry| !OWN.contains(&&*entry.key) && !entry.value.is_absent());
    let entry = |entry: &Entry| Entry {
        key: table::upper_camel(&entry.key).into(),
        key_span: entry.key_span,
        value: if &*entry.key == "tags" { tags(&entry.value, "Key", "Value") } else { entry.value.clone() },
    };
    Node::new(Value::Map(entries.map(entry).collect()), body.span)
}

struct Lowering<'a> {
    name: &'a str,
    kind: &'a str,
    known: &'a Type,
    sources: &'a Sources,
    spawned: Vec<Spawned>,
}

impl Lowering<'_> {
    /// Adds the properties that a block's entries stand for; `path` is the block's, `holder` the property's.
    fn block(&mut self, body: &Node, path: &str, holder: &str, out: &mut Node) {
        for entry in body.entries() {
            if is_unset(&entry.value) || (path.is_empty() && OWN.contains(&&*entry.key)) || &*entry.key == REST {
                continue;
            }
            let path = if path.is_empty() { entry.key.to_string() } else { format!("{path}.{}", entry.key) };
            match self.known.row(&path) {
                Some(Row { target: "-", .. }) => {}
                Some(Row { target: ".", .. }) => {
                    for item in entry.value.items_or_self() {
                        self.dissolved(item, &path, holder, out);
                    }
                }
                Some(row) => self.by_row(entry, row, &path, holder, out),
                None => self.by_name(entry, &path, holder, out),
            }
        }
        for (attribute, target, value) in self.known.defaults(path) {
            if body.get(attribute).is_none_or(is_unset) {
                place(out, target, body.span, Node::string(value, body.span));
            }
        }
    }

    /// A block that has no property of its own: its attributes belong to the block around it.
    fn dissolved(&mut self, item: &Node, path: &str, holder: &str, out: &mut Node) {
        let Value::Either { condition, then, otherwise } = &item.value else {
            return self.block(item, path, holder, out);
        };
        let mut sides = [then, otherwise].map(|side| {
            let mut made = Node::new(Value::Map(Vec::new()), side.span);
            self.block(side, path, holder, &mut made);
            made
        });
        let keys: Vec<(Arc<str>, Span)> =
            sides.iter().flat_map(Node::entries).map(|entry| (entry.key.clone(), entry.key_span)).collect();
        for (key, span) in keys {
            let [then, otherwise] = sides.each_mut().map(|side| {
                let found = side.get(&key).cloned();
                Box::new(found.unwrap_or_else(|| Node::new(Value::Absent, item.span)))
            });
            let value = Value::Either { condition: condition.clone(), then, otherwise };
            out.set(key, span, Node::new(value, item.span));
        }
    }

    fn by_row(&mut self, entry: &Entry, row: Row, path: &str, holder: &str, out: &mut Node) {
        let (word, rest) = row.transform.split_once(':').unwrap_or((row.transform, ""));
        if word == "spawn" {
            let (property, owner) = rest.split_once(':').unwrap_or((rest, ""));
            let value = self.json(&entry.value);
            self.spawned.push(Spawned { kind: row.target, property, owner, value, span: entry.key_span });
            return;
        }
        if word == "keys" {
            let item = [("AttributeName", entry.value.clone()), ("KeyType", Node::string(rest, entry.value.span))];
            return append(out, row.target, entry, Node::map(item, entry.value.span), rest == "HASH");
        }
        if word == "item" {
            let (key, name) = rest.rsplit_once(':').unwrap_or((rest, "Value"));
            let (field, key) = key.split_once('=').unwrap_or((key, ""));
            let span = entry.value.span;
            let item = Node::map([(field, Node::string(key, span)), (name, entry.value.clone())], span);
            return append(out, row.target, entry, item, false);
        }
        if word == "cut" {
            let [before, after] = cut(&entry.value);
            out.set(row.target, entry.key_span, before);
            return out.set(rest, entry.key_span, after);
        }
        let full = join(holder, row.target);
        let value = match word {
            "" | "default" => self.shaped(&entry.value, path, &full, self.shape(&full)),
            "json" => self.json(&entry.value),
            "camel" => camel(&self.json(&entry.value), 0),
            "nonzero" => each(&entry.value, &|value| match value.as_i64() {
                Some(0) => Node::new(Value::Absent, value.span),
                _ => value.clone(),
            }),
            "tags" => tags(&entry.value, "Key", "Value"),
            "prefix" => prefix(&entry.value),
            "choice" => {
                let (yes, no) = rest.split_once(':').unwrap_or((rest, ""));
                each(&entry.value, &|value| match value.as_bool() {
                    Some(holds) => Node::string(if holds { yes } else { no }, value.span),
                    None => value.clone(),
                })
            }
            "words" => each(&entry.value, &|value| words(value, rest)),
            "map" => self.keyed(&entry.value, rest, path, &full),
            "switch" => {
                let block = entry.value.items().first().unwrap_or(&entry.value);
                let made = self.shaped(&entry.value, path, &full, self.shape(&full));
                block.get(rest).map_or(Node::new(Value::Absent, block.span), |on| switched(on, made))
            }
            "pairs" => {
                let (key, name) = rest.split_once(':').unwrap_or((rest, ""));
                tags(&entry.value, key, name)
            }
            "wrap" => {
                let wrap = |item: &Node| {
                    rest.rsplit('.').fold(item.clone(), |inner, key| {
                        let span = inner.span;
                        Node::map([(key, inner)], span)
                    })
                };
                Node::list(entry.value.items_or_self().iter().map(wrap).collect(), entry.value.span)
            }
            _ => self.not_mapped(path, entry.value.span),
        };
        if !matches!(value.value, Value::Absent) {
            place(out, row.target, entry.key_span, value);
        }
    }

    /// Blocks as a map: by the text of one attribute, what another one says or, where none is named, the rest.
    fn keyed(&mut self, blocks: &Node, rest: &str, path: &str, full: &str) -> Node {
        if let Value::Unknown(_) = &blocks.value {
            return blocks.clone();
        }
        let (key, name) = rest.split_once(':').unwrap_or((rest, ""));
        let mut made = Node::new(Value::Map(Vec::new()), blocks.span);
        for block in blocks.items_or_self() {
            let Some((key, span)) = block.get(key).and_then(|key| Some((key.as_text()?.to_owned(), key.span))) else {
                return Node::unknown(UnknownKind::Expression, path, block.span);
            };
            let value = if name.is_empty() { Some(self.object(block, path, full)) } else { block.get(name).cloned() };
            made.set(key, span, value.unwrap_or_else(|| Node::new(Value::Absent, block.span)));
        }
        made
    }

    /// The shape of a property, of the table's own type where this one is a variant that lacks it.
    fn shape(&self, path: &str) -> Option<Shape> {
        table::shape(self.kind, path).or_else(|| table::shape(self.known.kind, path))
    }

    fn by_name(&mut self, entry: &Entry, path: &str, holder: &str, out: &mut Node) {
        let found = table::by_name(self.kind, holder, &entry.key)
            .or_else(|| table::by_name(self.known.kind, holder, &entry.key));
        let Some((property, shape)) = found else {
            let value = self.not_mapped(path, entry.value.span);
            return out.set(table::upper_camel(&entry.key), entry.key_span, value);
        };
        let value = if property == "Tags" && shape == Shape::Objects {
            tags(&entry.value, "Key", "Value")
        } else {
            self.shaped(&entry.value, path, &join(holder, property), Some(shape))
        };
        if !matches!(value.value, Value::Absent) {
            out.set(property, entry.key_span, value);
        }
    }

    fn not_mapped(&self, path: &str, span: Span) -> Node {
        Node::unknown(UnknownKind::NotMapped, format!("{}.{path}", self.name), span)
    }

    /// The value in the shape of the property that it stands for.
    fn shaped(&mut self, value: &Node, path: &str, full: &str, shape: Option<Shape>) -> Node {
        if let Value::Either { condition, then, otherwise } = &value.value {
            let then = Box::new(self.shaped(then, path, full, shape));
            let otherwise = Box::new(self.shaped(otherwise, path, full, shape));
            return Node::new(Value::Either { condition: condition.clone(), then, otherwise }, value.span);
        }
        let is_block = matches!(&value.value, Value::Map(_))
            || value.items().iter().any(|item| matches!(item.value, Value::Map(_) | Value::Either { .. }));
        match (shape, &value.value) {
            (_, Value::Unknown(_) | Value::Absent | Value::Null) => value.clone(),
            (Some(Shape::Object), Value::List(items)) => match items.as_slice() {
                [] => Node::new(Value::Absent, value.span),
                [first, ..] => self.shaped(first, path, full, shape),
            },
            (Some(Shape::Object), Value::Map(_)) => self.object(value, path, full),
            (Some(Shape::Object | Shape::Free), Value::String(_) | Value::Template(_)) => self.json(value),
            (Some(Shape::Free), Value::List(items)) if is_block => match items.as_slice() {
                [first, ..] => first.clone(),
                [] => value.clone(),
            },
            (Some(Shape::Objects), Value::List(items)) => {
                let items = items.iter().map(|item| self.shaped(item, path, full, Some(Shape::Object))).collect();
                Node::list(items, value.span)
            }
            (Some(Shape::Objects), Value::Map(_)) => Node::list(vec![self.object(value, path, full)], value.span),
            (Some(Shape::Scalars), Value::List(_)) => value.clone(),
            (Some(Shape::Scalars), _) => Node::list(vec![value.clone()], value.span),
            (None, _) if is_block => {
                let items: Vec<Node> = value.items_or_self().iter().map(|item| self.object(item, path, full)).collect();
                Node::list(items, value.span)
            }
            _ => value.clone(),
        }
    }

    fn object(&mut self, block: &Node, path: &str, full: &str) -> Node {
        if let Some(rest) = block.get(REST) {
            return rest.clone();
        }
        if let Value::Either { condition, then, otherwise } = &block.value {
            let then = Box::new(self.object(then, path, full));
            let otherwise = Box::new(self.object(otherwise, path, full));
            return Node::new(Value::Either { condition: condition.clone(), then, otherwise }, block.span);
        }
        if !matches!(block.value, Value::Map(_)) {
            return block.clone();
        }
        let mut made = Node::new(Value::Map(Vec::new()), block.span);
        self.block(block, path, full, &mut made);
        made
    }

    /// A string as the document that it holds.
    fn json(&self, value: &Node) -> Node {
        each(value, &|value| {
            let fragment = |part: Part| Fragment { part, span: value.span };
            let parts = match &value.value {
                Value::String(text) => vec![Part::Literal(text.clone())],
                Value::Template(parts) => parts.clone(),
                _ => return value.clone(),
            };
            let fragments: Vec<Fragment> = parts.into_iter().map(fragment).collect();
            document::parse(&fragments, self.sources).unwrap_or_else(|| value.clone())
        })
    }
}

/// Applies a change to each branch of a value.
fn each(value: &Node, change: &dyn Fn(&Node) -> Node) -> Node {
    match &value.value {
        Value::Either { condition, then, otherwise } => {
            let (then, otherwise) = (Box::new(each(then, change)), Box::new(each(otherwise, change)));
            Node::new(Value::Either { condition: condition.clone(), then, otherwise }, value.span)
        }
        _ => change(value),
    }
}

/// A block that is there only where its switch is on.
fn switched(on: &Node, made: Node) -> Node {
    match (on.as_bool(), &on.value) {
        (Some(true), _) => made,
        (Some(false), _) => Node::new(Value::Absent, on.span),
        (None, Value::Either { condition, then, otherwise }) => {
            let (then, otherwise) = (Box::new(switched(then, made.clone())), Box::new(switched(otherwise, made)));
            Node::new(Value::Either { condition: condition.clone(), then, otherwise }, on.span)
        }
        (None, _) => on.clone(),
    }
}

/// Whether the provider takes the value for not written: null, or an empty string (Terraform's plugin SDK 2 does not
/// tell that from a missing one).
fn is_unset(value: &Node) -> bool {
    value.is_absent() || matches!(&value.value, Value::String(text) if text.is_empty())
}

fn join(holder: &str, target: &str) -> String {
    if holder.is_empty() { target.to_owned() } else { format!("{holder}.{target}") }
}

/// Sets the value at a dotted path, with maps on the way.
fn place(out: &mut Node, target: &str, key_span: Span, value: Node) {
    match target.split_once('.') {
        None => out.set(target, key_span, value),
        Some((first, rest)) => {
            let known = out.get(first).filter(|node| matches!(node.value, Value::Map(_))).cloned();
            let mut inner = known.unwrap_or_else(|| Node::new(Value::Map(Vec::new()), value.span));
            place(&mut inner, rest, key_span, value);
            out.set(first, key_span, inner);
        }
    }
}

/// Adds an item to the list at a key, in front or at the end.
fn append(out: &mut Node, target: &str, entry: &Entry, item: Node, front: bool) {
    let mut items = out.get(target).map(|list| list.items().to_vec()).unwrap_or_default();
    items.insert(if front { 0 } else { items.len() }, item);
    out.set(target, entry.key_span, Node::list(items, entry.value.span));
}

/// A map as CloudFormation's list of keys and values; what may be there besides is an unknown item.
pub(super) fn tags(value: &Node, key: &str, name: &str) -> Node {
    each(value, &|value| match &value.value {
        Value::Map(entries) => {
            let item = |entry: &Entry| {
                if &*entry.key == REST {
                    return entry.value.clone();
                }
                Node::map(
                    [(key, Node::string(entry.key.clone(), entry.key_span)), (name, entry.value.clone())],
                    entry.key_span,
                )
            };
            Node::list(entries.iter().map(item).collect(), value.span)
        }
        _ => value.clone(),
    })
}

/// A name that starts with a text and ends with what the provider adds.
fn prefix(value: &Node) -> Node {
    each(value, &|value| match value.parts() {
        Some(mut parts) => {
            parts.push(Part::Unknown(Unknown::new(UnknownKind::Computed, "a suffix")));
            Node::template(parts, value.span)
        }
        None => value.clone(),
    })
}

/// Maps from names that a document may hold, whose keys stay as they are.
const FREE: &[&str] = &["dockerLabels", "driverOpts", "labels", "options"];

/// A document whose keys begin with a small letter, with capital ones.
fn camel(node: &Node, depth: usize) -> Node {
    let value = match &node.value {
        Value::List(items) if depth < 16 => Value::List(items.iter().map(|item| camel(item, depth + 1)).collect()),
        Value::Map(entries) if depth < 16 => {
            let entry = |entry: &Entry| Entry {
                key: table::upper_camel(&entry.key).into(),
                key_span: entry.key_span,
                value: if FREE.contains(&&*entry.key) { entry.value.clone() } else { camel(&entry.value, depth + 1) },
            };
            Value::Map(entries.iter().map(entry).collect())
        }
        other => other.clone(),
    };
    Node::new(value, node.span)
}

/// A text before and behind its last slash.
fn cut(value: &Node) -> [Node; 2] {
    let known = value.as_text().and_then(|text| text.rsplit_once('/'));
    known.map_or([value.clone(), value.clone()], |(before, after)| {
        [Node::string(before, value.span), Node::string(after, value.span)]
    })
}

/// `word=Word,…`
fn words(value: &Node, table: &str) -> Node {
    let Some(text) = value.as_text() else {
        return value.clone();
    };
    let found = table.split(',').filter_map(|pair| pair.split_once('=')).find(|(word, _)| *word == text);
    Node::string(found.map_or(text, |(_, word)| word), value.span)
}
