//! Intrinsic functions, each as the provider's reference describes it; what cannot be computed is unknown.

use super::address::blocks;
use super::evaluator::{Evaluator, Mapping, NODE, placed, weight};
use super::text::{Joined, Piece, pieces};
use crate::source::Span;
use crate::syntax::{Entry, Node, Part, UnknownKind, Value, yaml};
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
            "Fn::Length" => self.length(argument, span),
            "Fn::Cidr" => self.cidr(argument, span),
            "Fn::ImportValue" => {
                let name = self.value(argument);
                Node::unknown(UnknownKind::Import, name.to_string(), span)
            }
            "Fn::Transform" => match self.include(argument) {
                Ok(included) => self.value(&included),
                Err(unknown) => Node::new(Value::Unknown(unknown), span),
            },
            // Which zones there are is the account's own: two accounts see different ones in one region.
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
        let local = variables.iter().map(|entry| {
            let value = self.value(&entry.value);
            let cost = weight(&value);
            (&*entry.key, (value, cost))
        });
        let local: HashMap<&str, (Node, usize)> = local.collect();
        let span = template.span;
        let pieces = pieces(text);
        let values: Vec<Node> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(_) | Piece::Escaped(_) => Node::new(Value::Null, span),
                Piece::Variable(name) => match (local.get(name), name.split_once('.')) {
                    (Some((value, cost)), _) if self.spend(*cost, span) => value.clone(),
                    (Some(_), _) => Self::beyond(span),
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
                let (name, is_opposite) = self.canonical(name);
                let (then, otherwise) = if is_opposite { (otherwise, then) } else { (then, otherwise) };
                let then = self.assuming(Some((&name, true)), |evaluator| evaluator.value(then));
                let otherwise = self.assuming(Some((&name, false)), |evaluator| evaluator.value(otherwise));
                if then.as_text().is_some() && then.as_text() == otherwise.as_text() {
                    return then;
                }
                either(self.named(&name), then, otherwise, span)
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
        if !self.spend(delimiter.len().saturating_mul(list.items().len()), span) {
            return Self::beyond(span);
        }
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
        // Each piece may be as short as nothing.
        if !self.spend(text.as_text().map_or(0, str::len).saturating_mul(NODE), span) {
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
        let default = rest.first().and_then(|rest| rest.get("DefaultValue")).map(|default| self.value(default));
        let rows = map.as_text().and_then(|name| self.mappings.get(name)).cloned();
        let found = self.spread(vec![first, second], span, 0, &|keys| {
            let unknown = |keys: &[Node]| {
                let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
                Node::unknown(UnknownKind::Lookup, format!("{map}.{}", keys.join(".")), span)
            };
            let [Some(first), Some(second)] = [0, 1].map(|at| keys.get(at).and_then(Node::as_text)) else {
                let same = rows.as_deref().filter(|_| default.is_none()).and_then(|rows| same_for_all(rows, keys));
                return same.map_or_else(|| unknown(keys), |same| placed(same, span));
            };
            let row = rows.as_ref().and_then(|rows| yaml::spellings(first).find_map(|key| rows.get(key)));
            match row.and_then(|row| yaml::spellings(second).find_map(|key| row.get(key))) {
                Some(found) => placed(found, span),
                None => default.clone().unwrap_or_else(|| unknown(keys)),
            }
        });
        if !self.spend(weight(&found), span) {
            return Self::beyond(span);
        }
        self.value(&found)
    }

    /// The length of a list.
    fn length(&mut self, argument: &Node, span: Span) -> Node {
        let list = self.value(argument);
        self.spread(vec![list], span, 0, &|values| match values {
            [Node { value: Value::List(items), .. }] => {
                let items = items.iter().filter(|item| !matches!(item.value, Value::Absent));
                Node::new(Value::Number(items.count().to_string().into()), span)
            }
            [Node { value: Value::Unknown(unknown), .. }] => Node::new(Value::Unknown(unknown.clone()), span),
            _ => Node::unknown(UnknownKind::Expression, "Fn::Length", span),
        })
    }

    /// `[block, count, host bits]`.
    fn cidr(&mut self, argument: &Node, span: Span) -> Node {
        let given: Vec<Node> = argument.items().iter().map(|item| self.value(item)).collect();
        self.spread(given, span, 0, &|given| {
            let number = |at: usize| given.get(at)?.as_i64();
            let divided = || {
                let count = usize::try_from(number(1)?).ok()?;
                blocks(given.first()?.as_text()?, count, u32::try_from(number(2)?).ok()?)
            };
            match (divided(), given.first().and_then(Node::as_unknown)) {
                (Some(blocks), _) => Node::list(blocks.into_iter().map(|one| Node::string(one, span)).collect(), span),
                (None, Some(unknown)) => Node::new(Value::Unknown(unknown.clone()), span),
                (None, None) => {
                    let of = given.first().map(ToString::to_string).unwrap_or_default();
                    Node::unknown(UnknownKind::Expression, format!("Fn::Cidr of {of}"), span)
                }
            }
        })
    }

    fn json_text(&mut self, argument: &Node, span: Span) -> Node {
        let value = self.value(argument);
        let written = self.json_cases(&value, span, 0);
        // Quotes in quotes grow with every level.
        if self.spend(weight(&written), span) { written } else { Self::beyond(span) }
    }

    /// The text for each case of the undecided conditions in a value.
    fn json_cases(&mut self, value: &Node, span: Span, depth: usize) -> Node {
        let mut condition = None;
        value.visit(&mut |node| {
            if let (None, Value::Either { condition: name, .. }) = (&condition, &node.value) {
                condition = Some(name.clone());
            }
        });
        let Some(condition) = condition else {
            let mut joined = Joined::default();
            return match write_json(value, &mut joined) {
                Some(()) => joined.finish(span),
                None => Node::unknown(UnknownKind::Expression, "Fn::ToJsonString", span),
            };
        };
        if depth == MAX_CONDITIONS {
            return Node::unknown(UnknownKind::Condition, condition, span);
        }
        if !self.spend(weight(value), span) {
            return Self::beyond(span);
        }
        let then = self.json_cases(&decided(value, &condition, true), span, depth + 1);
        let otherwise = self.json_cases(&decided(value, &condition, false), span, depth + 1);
        either(condition, then, otherwise, span)
    }

    /// Builds a string for each case of the undecided conditions among its values.
    fn spread(&mut self, values: Vec<Node>, span: Span, depth: usize, build: &dyn Fn(&[Node]) -> Node) -> Node {
        if !self.spend(values.iter().map(weight).sum(), span) {
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

/// The value that a mapping has for every key that is not known, where it is one and the same.
fn same_for_all<'a>(rows: &'a Mapping, keys: &[Node]) -> Option<&'a Node> {
    let [first, second] = [0, 1].map(|at| keys.get(at).and_then(Node::as_text));
    let mut values: Vec<Option<&Node>> = match (first, second) {
        (None, Some(second)) => rows.values().map(|row| row.get(second)).collect(),
        (Some(first), None) => rows.get(first)?.values().map(Some).collect(),
        _ => return None,
    };
    let same = values.pop()??;
    same.as_text()?;
    values.iter().all(|value| value.is_some_and(|value| value.as_text() == same.as_text())).then_some(same)
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
        Value::Either { condition, then, otherwise } => {
            either(condition.clone(), decided(then, name, holds), decided(otherwise, name, holds), node.span)
        }
        Value::List(items) => {
            let items = items.iter().map(|item| decided(item, name, holds));
            Node::list(items.filter(|item| !matches!(item.value, Value::Absent)).collect(), node.span)
        }
        Value::Map(entries) => {
            let entries =
                entries.iter().map(|entry| Entry { value: decided(&entry.value, name, holds), ..entry.clone() });
            Node::new(Value::Map(entries.collect()), node.span)
        }
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
