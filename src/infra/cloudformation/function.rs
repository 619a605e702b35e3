//! Intrinsic functions, each as the provider's reference describes it; what cannot be computed is unknown.

use super::evaluator::{Evaluator, placed};
use super::text::{Joined, Piece, pieces};
use crate::source::Span;
use crate::syntax::{Entry, Node, Part, UnknownKind, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// How many undecided conditions one string may hang on before it is unknown as a whole.
const MAX_CONDITIONS: usize = 4;

impl Evaluator<'_> {
    /// The value of a function, given as the only entry of its map; `span` is the map's.
    pub(super) fn function(&mut self, entry: &Entry, span: Span) -> Node {
        let argument = &entry.value;
        match &*entry.key {
            "Ref" => match self.value(argument).as_text() {
                Some(name) => self.reference(name, span),
                None => Node::unknown(UnknownKind::Expression, "Ref of a computed name", span),
            },
            "Fn::GetAtt" => self.get_att(argument, span),
            "Fn::Sub" => self.sub(argument, span),
            "Fn::If" => self.branch(argument, span),
            "Fn::Join" => self.join(argument, span),
            "Fn::Select" => self.select(argument, span),
            "Fn::Split" => self.split(argument, span),
            "Fn::FindInMap" => self.find_in_map(argument, span),
            // The text stays plain, so that it can be read.
            "Fn::Base64" => self.value(argument),
            "Fn::ToJsonString" => self.json_text(argument, span),
            "Fn::Length" => match self.value(argument).value {
                Value::List(items) => Node::new(Value::Number(items.len().to_string().into()), span),
                Value::Unknown(unknown) => Node::new(Value::Unknown(unknown), span),
                _ => Node::unknown(UnknownKind::Expression, "Fn::Length", span),
            },
            "Fn::ImportValue" => {
                let name = self.value(argument);
                Node::unknown(UnknownKind::Import, name.to_string(), span)
            }
            "Fn::Transform" => match self.include(argument) {
                Ok(included) => self.value(&included),
                Err(unknown) => Node::new(Value::Unknown(unknown), span),
            },
            "Fn::GetAZs" => Node::unknown(UnknownKind::Lookup, "Fn::GetAZs", span),
            "Fn::And" | "Fn::Or" | "Fn::Not" | "Fn::Equals" => {
                match self.truth(&Node::new(Value::Map(vec![entry.clone()]), span)) {
                    Some(holds) => Node::bool(holds, span),
                    None => Node::unknown(UnknownKind::Condition, entry.key.clone(), span),
                }
            }
            name => Node::unknown(UnknownKind::Expression, name, span),
        }
    }

    /// `[resource, attribute]`, or the two in one string with a dot.
    fn get_att(&mut self, argument: &Node, span: Span) -> Node {
        let argument = self.value(argument);
        let (resource, attribute) = match argument.items() {
            [] => argument.as_text().and_then(|text| text.split_once('.')).unzip(),
            [resource, attributes @ ..] => {
                let attribute: Option<Vec<&str>> = attributes.iter().map(Node::as_text).collect();
                let attribute = attribute.map(|parts| parts.join("."));
                return match (resource.as_text(), attribute) {
                    (Some(resource), Some(attribute)) => self.attribute(resource, &attribute, span),
                    _ => Node::unknown(UnknownKind::Expression, "Fn::GetAtt of a computed name", span),
                };
            }
        };
        match (resource, attribute) {
            (Some(resource), Some(attribute)) => self.attribute(resource, attribute, span),
            _ => Node::unknown(UnknownKind::Expression, "Fn::GetAtt", span),
        }
    }

    /// A string with variables, or a list of the string and a map of variables. The span is the string's own, so that
    /// code written in it can be found.
    fn sub(&mut self, argument: &Node, span: Span) -> Node {
        let (template, variables) = match argument.items() {
            [] => (argument, &[][..]),
            [template, variables, ..] => (template, variables.entries()),
            [template] => (template, &[][..]),
        };
        let template_value = self.value_unless_text(template);
        let Some(text) = template_value.as_text() else {
            return Node::unknown(UnknownKind::Expression, "Fn::Sub", span);
        };
        let local: HashMap<&str, Node> =
            variables.iter().map(|entry| (&*entry.key, self.value(&entry.value))).collect();
        let span = template.span;
        let pieces = pieces(text);
        let values: Vec<Node> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(_) | Piece::Escaped(_) => Node::new(Value::Null, span),
                Piece::Variable(name) => match (local.get(name), name.split_once('.')) {
                    (Some(value), _) => value.clone(),
                    (None, Some((resource, attribute))) => self.attribute(resource, attribute, span),
                    (None, None) => self.reference(name, span),
                },
            })
            .collect();
        self.spread(values, span, 0, &|values| {
            let mut joined = Joined::default();
            for (piece, value) in pieces.iter().zip(values) {
                match piece {
                    Piece::Literal(text) => joined.text(text),
                    Piece::Escaped(name) => {
                        joined.text("${");
                        joined.text(name);
                        joined.text("}");
                    }
                    Piece::Variable(name) => joined.parts(parts_of(value, name)),
                }
            }
            joined.finish(span)
        })
    }

    /// The text of `Fn::Sub` itself is not looked through for dynamic references before its variables are in.
    fn value_unless_text(&mut self, node: &Node) -> Node {
        if matches!(node.value, Value::String(_)) { node.clone() } else { self.value(node) }
    }

    /// `[condition, then, otherwise]`.
    fn branch(&mut self, argument: &Node, span: Span) -> Node {
        let [condition, then, otherwise] = argument.items() else {
            return Node::unknown(UnknownKind::Expression, "Fn::If", span);
        };
        let Some(name) = condition.as_text() else {
            return Node::unknown(UnknownKind::Condition, "Fn::If of a computed condition", span);
        };
        match self.condition(name, condition.span) {
            Some(true) => self.value(then),
            Some(false) => self.value(otherwise),
            None => {
                let then = self.assuming(Some(name), true, |evaluator| evaluator.value(then));
                let otherwise = self.assuming(Some(name), false, |evaluator| evaluator.value(otherwise));
                if then.as_text().is_some() && then.as_text() == otherwise.as_text() {
                    return then;
                }
                either(self.named(name), then, otherwise, span)
            }
        }
    }

    /// `[delimiter, list]`.
    fn join(&mut self, argument: &Node, span: Span) -> Node {
        let [delimiter, list] = argument.items() else {
            return Node::unknown(UnknownKind::Expression, "Fn::Join", span);
        };
        let (delimiter, list) = (self.value(delimiter), self.value(list));
        let Some(delimiter) = delimiter.as_text().map(Arc::<str>::from) else {
            return Node::unknown(UnknownKind::Expression, "Fn::Join", span);
        };
        self.spread(vec![list], span, 0, &|values| match values {
            [Node { value: Value::List(items), .. }] => {
                let mut joined = Joined::default();
                let items = items.iter().filter(|item| !matches!(item.value, Value::Absent));
                for (index, item) in items.enumerate() {
                    if index > 0 {
                        joined.text(&delimiter);
                    }
                    joined.parts(parts_of(item, "Fn::Join"));
                }
                joined.finish(span)
            }
            [Node { value: Value::Unknown(unknown), .. }] => Node::new(Value::Unknown(unknown.clone()), span),
            _ => Node::unknown(UnknownKind::Expression, "Fn::Join", span),
        })
    }

    /// `[index, list]`; the item keeps its own place.
    fn select(&mut self, argument: &Node, span: Span) -> Node {
        let [index, list] = argument.items() else {
            return Node::unknown(UnknownKind::Expression, "Fn::Select", span);
        };
        let (index, list) = (self.value(index), self.value(list));
        let index = index.as_i64().and_then(|index| usize::try_from(index).ok());
        self.spread(vec![list], span, 0, &|values| match (values, index) {
            ([Node { value: Value::List(items), .. }], Some(index)) => match items.get(index) {
                Some(item) => item.clone(),
                None => Node::unknown(UnknownKind::Expression, "Fn::Select beyond the end of its list", span),
            },
            ([Node { value: Value::Unknown(unknown), .. }], _) => Node::new(Value::Unknown(unknown.clone()), span),
            _ => Node::unknown(UnknownKind::Expression, "Fn::Select", span),
        })
    }

    /// `[delimiter, string]`; a string that is not known in full is not split.
    fn split(&mut self, argument: &Node, span: Span) -> Node {
        let [delimiter, text] = argument.items() else {
            return Node::unknown(UnknownKind::Expression, "Fn::Split", span);
        };
        let (delimiter, text) = (self.value(delimiter), self.value(text));
        let delimiter = delimiter.as_text().unwrap_or_default().to_owned();
        if !self.spend(text.as_text().map_or(0, str::len), span) {
            return Self::beyond(span);
        }
        self.spread(vec![text], span, 0, &|values| match values {
            [Node { value: Value::Unknown(unknown), .. }] => Node::new(Value::Unknown(unknown.clone()), span),
            [text] if !delimiter.is_empty() => match text.as_text() {
                Some(text) => Node::list(text.split(&*delimiter).map(|item| Node::string(item, span)).collect(), span),
                None => Node::unknown(UnknownKind::Expression, format!("Fn::Split of {text}"), span),
            },
            _ => Node::unknown(UnknownKind::Expression, "Fn::Split", span),
        })
    }

    /// `[map, first key, second key]`, and `{DefaultValue: …}` with the language extensions.
    fn find_in_map(&mut self, argument: &Node, span: Span) -> Node {
        let [map, first, second, rest @ ..] = argument.items() else {
            return Node::unknown(UnknownKind::Expression, "Fn::FindInMap", span);
        };
        let (map, first, second) = (self.value(map), self.value(first), self.value(second));
        let unknown = || Node::unknown(UnknownKind::Lookup, format!("{map}.{first}.{second}"), span);
        let (Some(map), Some(first), Some(second)) = (map.as_text(), first.as_text(), second.as_text()) else {
            return unknown();
        };
        let Some(map) = self.mappings.and_then(|mappings| mappings.get(map)) else { return unknown() };
        if !self.spend(map.entries().len(), span) {
            return Self::beyond(span);
        }
        match map.get(first).and_then(|inner| inner.get(second)) {
            Some(found) => {
                let found = placed(found, span);
                self.value(&found)
            }
            None => match rest.first().and_then(|rest| rest.get("DefaultValue")) {
                Some(default) => self.value(default),
                None => unknown(),
            },
        }
    }

    fn json_text(&mut self, argument: &Node, span: Span) -> Node {
        let value = self.value(argument);
        let mut joined = Joined::default();
        match write_json(&value, &mut joined) {
            Some(()) => joined.finish(span),
            None => Node::unknown(UnknownKind::Expression, "Fn::ToJsonString", span),
        }
    }

    /// Builds a string for each case of the undecided conditions among its values.
    fn spread(&mut self, values: Vec<Node>, span: Span, depth: usize, build: &dyn Fn(&[Node]) -> Node) -> Node {
        let size = values.iter().map(|value| value.as_text().map_or(1, str::len) + value.items().len()).sum();
        if !self.spend(size, span) {
            return Self::beyond(span);
        }
        let Some(condition) = values.iter().find_map(undecided) else { return build(&values) };
        if depth == MAX_CONDITIONS {
            return Node::unknown(UnknownKind::Condition, condition, span);
        }
        let mut case = |holds| {
            let values = values.iter().map(|value| decided(value, &condition, holds)).collect();
            self.spread(values, span, depth + 1, build)
        };
        let (then, otherwise) = (case(true), case(false));
        either(condition, then, otherwise, span)
    }
}

fn either(condition: Arc<str>, then: Node, otherwise: Node, span: Span) -> Node {
    Node::new(Value::Either { condition, then: Box::new(then), otherwise: Box::new(otherwise) }, span)
}

/// The first undecided condition that a value hangs on, itself or as a list's item.
fn undecided(node: &Node) -> Option<Arc<str>> {
    match &node.value {
        Value::Either { condition, .. } => Some(condition.clone()),
        Value::List(items) => items.iter().find_map(|item| match &item.value {
            Value::Either { condition, .. } => Some(condition.clone()),
            _ => None,
        }),
        _ => None,
    }
}

/// The value where a condition is decided.
fn decided(node: &Node, name: &str, holds: bool) -> Node {
    match &node.value {
        Value::Either { condition, then, otherwise } if &**condition == name => {
            decided(if holds { then } else { otherwise }, name, holds)
        }
        Value::List(items) => Node::list(items.iter().map(|item| decided(item, name, holds)).collect(), node.span),
        _ => node.clone(),
    }
}

/// A value as parts of a string; what is no string is an unknown part with the name that it was used by.
fn parts_of(node: &Node, name: &str) -> Vec<Part> {
    match &node.value {
        Value::Absent | Value::Null => Vec::new(),
        _ => node
            .parts()
            .unwrap_or_else(|| vec![Part::Unknown(crate::syntax::Unknown::new(UnknownKind::Expression, name))]),
    }
}

/// Writes a value as JSON with its references and unknowns as parts; `None` where it hangs on a condition.
fn write_json(node: &Node, out: &mut Joined) -> Option<()> {
    match &node.value {
        Value::Null | Value::Absent => out.text("null"),
        Value::Bool(_) | Value::Number(_) => out.text(node.as_text()?),
        Value::String(text) => out.text(&serde_json::to_string(&**text).ok()?),
        Value::Template(_) | Value::Unknown(_) => {
            out.text("\"");
            for part in node.parts()? {
                match part {
                    Part::Literal(text) => {
                        let quoted = serde_json::to_string(&*text).ok()?;
                        out.text(quoted.get(1..quoted.len() - 1)?);
                    }
                    part => out.parts(vec![part]),
                }
            }
            out.text("\"");
        }
        Value::List(items) => {
            out.text("[");
            for (index, item) in items.iter().enumerate() {
                out.text(if index > 0 { "," } else { "" });
                write_json(item, out)?;
            }
            out.text("]");
        }
        Value::Map(entries) => {
            out.text("{");
            let entries = entries.iter().filter(|entry| !matches!(entry.value.value, Value::Absent));
            for (index, entry) in entries.enumerate() {
                out.text(if index > 0 { "," } else { "" });
                out.text(&serde_json::to_string(&*entry.key).ok()?);
                out.text(":");
                write_json(&entry.value, out)?;
            }
            out.text("}");
        }
        Value::Either { .. } => return None,
    }
    Some(())
}
