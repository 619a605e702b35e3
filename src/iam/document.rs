//! Policy documents: from a [`Node`] of any format to statements.

use super::condition::{Condition, Operator, OperatorKind};
use super::statement::{Effect, Principal, PrincipalKind, Principals, Statement};
use super::text::Text;
use crate::source::Span;
use crate::syntax::{Entry, Node, Part, Unknown, UnknownKind, Value, json};
use std::sync::Arc;

/// How deep conditions of the template may stand in each other inside a policy.
const MAX_DEPTH: usize = 32;

/// A policy as far as it is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Its statements, in the order of the source.
    pub statements: Vec<Statement>,
    /// What is not known of it: where this is not empty, there may be statements that are not listed.
    pub unknown: Vec<(Unknown, Span)>,
    /// The version of the policy language.
    pub version: Version,
}

/// The versions of the policy language (IAM User Guide, "IAM JSON policy elements: Version", 2026-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// 2008-10-17, and of a document that says nothing: policy variables are plain text.
    Of2008,
    /// 2012-10-17: policy variables are replaced. Of a document whose version is not known too.
    #[default]
    Of2012,
}

/// Something in a policy that is not as it should be, and where.
pub type Fault = (Span, String);

/// Reads a policy document: a map, or a string that holds one in JSON; keys without regard to case, as IAM reads them.
///
/// A document, a list of statements or a statement that is not known goes to [`Document::unknown`]; what is not as a
/// policy should be is reported and left out.
pub fn read(node: &Node) -> (Document, Vec<Fault>) {
    let mut reader = Reader { document: Document::default(), faults: Vec::new() };
    reader.document(node, None, 0);
    (reader.document, reader.faults)
}

/// Reads one statement or a list of them that stand outside a document, as in SAM's `Policies` or `iamRoleStatements`.
pub fn read_statements(node: &Node) -> (Document, Vec<Fault>) {
    let mut reader = Reader { document: Document::default(), faults: Vec::new() };
    reader.statements(node, None, 0);
    (reader.document, reader.faults)
}

struct Reader {
    document: Document,
    faults: Vec<Fault>,
}

/// The condition of the template that a part of the policy hangs on.
type Possible = Option<Arc<str>>;

impl Reader {
    fn document(&mut self, node: &Node, possible: Possible, depth: usize) {
        if depth > MAX_DEPTH {
            return self.unknown(Unknown::new(UnknownKind::Limit, "the nesting of the policy"), node.span);
        }
        match &node.value {
            Value::Map(entries) => {
                self.document.version = self.version(entries);
                match find(entries, "Statement") {
                    Some(statements) => self.statements(&statements.value, possible, depth),
                    None => self.fault(node.span, "the policy has no Statement"),
                }
            }
            Value::String(text) => self.embedded(text, node.span, possible, depth),
            Value::Unknown(unknown) => self.unknown(unknown.clone(), node.span),
            Value::Template(parts) => self.unknown(reason(parts), node.span),
            Value::Either { condition, then, otherwise } => {
                for branch in [then, otherwise] {
                    self.document(branch, Some(condition.clone()), depth + 1);
                }
            }
            Value::Null | Value::Absent => {}
            _ => self.fault(node.span, "the policy is no map"),
        }
    }

    fn version(&mut self, entries: &[Entry]) -> Version {
        let Some(entry) = find(entries, "Version") else {
            return Version::Of2008;
        };
        match entry.value.as_text() {
            Some("2008-10-17") => Version::Of2008,
            Some("2012-10-17") => Version::Of2012,
            Some(other) => {
                self.fault(entry.value.span, &format!("there is no version `{other}` of the policy language"));
                Version::Of2012
            }
            None => Version::Of2012,
        }
    }

    /// A document in JSON inside a string.
    fn embedded(&mut self, text: &str, span: Span, possible: Possible, depth: usize) {
        let (node, faults) = json::parse_within(text, span);
        self.faults.extend(faults.into_iter().map(|fault| (fault.span, fault.message)));
        match node {
            Some(node) if matches!(node.value, Value::Map(_)) => self.document(&node, possible, depth + 1),
            _ => self.fault(span, "the policy is a string that holds no JSON object"),
        }
    }

    fn statements(&mut self, node: &Node, possible: Possible, depth: usize) {
        if depth > MAX_DEPTH {
            return self.unknown(Unknown::new(UnknownKind::Limit, "the nesting of the policy"), node.span);
        }
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| self.statements(item, possible.clone(), depth + 1)),
            Value::Map(entries) => {
                let statement = self.statement(node, entries, possible);
                self.document.statements.extend(statement);
            }
            Value::Either { condition, then, otherwise } => {
                for branch in [then, otherwise] {
                    self.statements(branch, Some(condition.clone()), depth + 1);
                }
            }
            Value::Unknown(unknown) => self.unknown(unknown.clone(), node.span),
            Value::Template(parts) => self.unknown(reason(parts), node.span),
            Value::Null | Value::Absent => {}
            _ => self.fault(node.span, "a statement is no map"),
        }
    }

    fn statement(&mut self, node: &Node, entries: &[Entry], possible: Possible) -> Option<Statement> {
        let effect = self.effect(node, entries)?;
        let (actions, not_action) = self.element(entries, "Action", "NotAction");
        let (resources, not_resource) = self.element(entries, "Resource", "NotResource");
        if actions.is_empty() && find(entries, "Action").or_else(|| find(entries, "NotAction")).is_none() {
            self.fault(node.span, "the statement has no Action");
        }
        let principal = find(entries, "Principal").map(|entry| (entry, false));
        let principal = principal.or_else(|| find(entries, "NotPrincipal").map(|entry| (entry, true)));
        let mut unknown_conditions = None;
        let conditions = match find(entries, "Condition") {
            Some(entry) => self.conditions(&entry.value, &mut unknown_conditions, 0),
            None => Vec::new(),
        };
        for entry in entries {
            let known = ELEMENTS.iter().any(|element| entry.key.eq_ignore_ascii_case(element));
            if !known && !entry.key.starts_with("__") {
                self.fault(entry.key_span, &format!("a statement has no element `{}`", entry.key));
            }
        }
        let principals = principal.map(|(entry, _)| {
            let mut principals = Principals::default();
            self.principals(&entry.value, None, &mut principals, 0);
            principals
        });
        Some(Statement {
            sid: find(entries, "Sid").and_then(|entry| Text::of(&entry.value)).map(|sid| sid.to_string().into()),
            effect,
            actions,
            not_action,
            resources,
            not_resource,
            principals,
            not_principal: principal.is_some_and(|(_, negated)| negated),
            conditions,
            unknown_conditions,
            span: first_line(node, entries),
            possible,
            marks: entries.iter().filter(|entry| entry.key.starts_with("__")).map(|entry| entry.key.clone()).collect(),
        })
    }

    fn effect(&mut self, node: &Node, entries: &[Entry]) -> Option<Effect> {
        let Some(entry) = find(entries, "Effect") else {
            self.fault(node.span, "the statement has no Effect");
            return None;
        };
        let value = &entry.value;
        match (value.as_text(), &value.value) {
            (Some(word), _) if word.eq_ignore_ascii_case("allow") => Some(Effect::Allow),
            (Some(word), _) if word.eq_ignore_ascii_case("deny") => Some(Effect::Deny),
            (_, Value::Unknown(unknown)) => Some(Effect::Unknown(unknown.clone())),
            (_, Value::Template(parts)) => Some(Effect::Unknown(reason(parts))),
            (_, Value::Either { condition, .. }) => {
                Some(Effect::Unknown(Unknown::new(UnknownKind::Condition, condition.clone())))
            }
            _ => {
                self.fault(value.span, "Effect is neither Allow nor Deny");
                None
            }
        }
    }

    /// The texts of an element or of its negated form, and whether it is the negated one.
    fn element(&mut self, entries: &[Entry], name: &str, negated: &str) -> (Vec<Text>, bool) {
        let (entry, not) = match (find(entries, name), find(entries, negated)) {
            (Some(entry), None) => (entry, false),
            (None, Some(entry)) => (entry, true),
            (Some(entry), Some(other)) => {
                self.fault(other.key_span, &format!("{name} and {negated} stand in one statement"));
                (entry, false)
            }
            (None, None) => return (Vec::new(), false),
        };
        let mut texts = Vec::new();
        self.texts(&entry.value, None, &mut texts, 0);
        (texts, not)
    }

    /// The strings of a string, a list or a choice of them.
    fn texts(&mut self, node: &Node, possible: Possible, texts: &mut Vec<Text>, depth: usize) {
        match &node.value {
            Value::List(items) if depth < MAX_DEPTH => {
                items.iter().for_each(|item| self.texts(item, possible.clone(), texts, depth + 1));
            }
            Value::Either { condition, then, otherwise } if depth < MAX_DEPTH => {
                for branch in [then, otherwise] {
                    self.texts(branch, Some(condition.clone()), texts, depth + 1);
                }
            }
            Value::Null | Value::Absent => {}
            _ => match Text::of(node) {
                Some(text) => texts.push(Text { possible, ..text }),
                None => self.fault(node.span, "expected a string or a list of strings"),
            },
        }
    }

    fn principals(&mut self, node: &Node, possible: Possible, principals: &mut Principals, depth: usize) {
        if let Value::Either { condition, then, otherwise } = &node.value
            && depth < MAX_DEPTH
        {
            for branch in [then, otherwise] {
                self.principals(branch, Some(condition.clone()), principals, depth + 1);
            }
            return;
        }
        let Value::Map(entries) = &node.value else {
            let mut texts = Vec::new();
            self.texts(node, possible, &mut texts, 0);
            texts.into_iter().for_each(|text| put(principals, PrincipalKind::Aws, text));
            return;
        };
        for entry in entries {
            let kind = match entry.key.to_ascii_lowercase().as_str() {
                "aws" => PrincipalKind::Aws,
                "service" => PrincipalKind::Service,
                "federated" => PrincipalKind::Federated,
                "canonicaluser" => PrincipalKind::CanonicalUser,
                _ => {
                    self.fault(entry.key_span, &format!("there is no principal of kind `{}`", entry.key));
                    PrincipalKind::Other(entry.key.clone())
                }
            };
            let mut texts = Vec::new();
            self.texts(&entry.value, possible.clone(), &mut texts, 0);
            texts.into_iter().for_each(|text| put(principals, kind.clone(), text));
        }
    }

    fn conditions(&mut self, node: &Node, unknown: &mut Option<Unknown>, depth: usize) -> Vec<Condition> {
        let mut conditions = Vec::new();
        match &node.value {
            Value::Map(operators) => {
                for operator in operators {
                    self.keys(operator, &mut conditions, unknown);
                }
            }
            Value::Null | Value::Absent => {}
            Value::Unknown(reason) => *unknown = Some(reason.clone()),
            Value::Either { condition, then, otherwise } if depth < MAX_DEPTH => {
                let branches = [then, otherwise].map(|branch| self.conditions(branch, unknown, depth + 1));
                let [mut left, right] = branches;
                if left != right {
                    *unknown = Some(Unknown::new(UnknownKind::Condition, condition.clone()));
                    left.retain(|one| right.contains(one));
                }
                conditions = left;
            }
            _ => self.fault(node.span, "Condition is no map"),
        }
        conditions
    }

    fn keys(&mut self, operator: &Entry, conditions: &mut Vec<Condition>, unknown: &mut Option<Unknown>) {
        let parsed = Operator::parse(&operator.key);
        if let OperatorKind::Unknown(name) = &parsed.kind {
            self.fault(operator.key_span, &format!("there is no condition operator `{name}`"));
        }
        match &operator.value.value {
            Value::Map(keys) => {
                for key in keys {
                    let mut values = Vec::new();
                    self.texts(&key.value, None, &mut values, 0);
                    let (operator, span) = (parsed.clone(), key.key_span);
                    conditions.push(Condition { operator, key: key.key.clone(), values, span });
                }
            }
            Value::Unknown(reason) => *unknown = Some(reason.clone()),
            Value::Either { condition, .. } => *unknown = Some(Unknown::new(UnknownKind::Condition, condition.clone())),
            Value::Null | Value::Absent => {}
            _ => self.fault(operator.value.span, "a condition operator is no map"),
        }
    }

    fn unknown(&mut self, unknown: Unknown, span: Span) {
        self.document.unknown.push((unknown, span));
    }

    fn fault(&mut self, span: Span, message: &str) {
        self.faults.push((span, message.to_owned()));
    }
}

/// The elements of a statement (IAM User Guide, "Grammar of the IAM JSON policy language", 2026-11).
const ELEMENTS: [&str; 9] =
    ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"];

fn find<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Entry> {
    let exact = entries.iter().find(|entry| &*entry.key == key);
    let found = exact.or_else(|| entries.iter().find(|entry| entry.key.eq_ignore_ascii_case(key)));
    found.filter(|entry| !entry.value.is_absent())
}

fn put(principals: &mut Principals, kind: PrincipalKind, value: Text) {
    if kind == PrincipalKind::Aws && value.as_literal() == Some("*") {
        principals.any.get_or_insert(value);
    } else {
        principals.listed.push(Principal { kind, value });
    }
}

/// Why a string of several parts is not known.
fn reason(parts: &[Part]) -> Unknown {
    let of = |part: &Part| match part {
        Part::Unknown(unknown) => Some(unknown.clone()),
        Part::Reference(reference) => Some(Unknown::new(UnknownKind::Computed, reference.to_string())),
        Part::Literal(_) => None,
    };
    parts.iter().find_map(of).unwrap_or_else(|| Unknown::new(UnknownKind::Expression, "the policy"))
}

/// The first key of the statement with its value, where that is no list or map.
fn first_line(node: &Node, entries: &[Entry]) -> Span {
    let Some(first) = entries.first().filter(|first| first.key_span.file == node.span.file) else {
        return node.span;
    };
    let plain = !matches!(first.value.value, Value::List(_) | Value::Map(_) | Value::Either { .. });
    let first = if plain { first.key_span.to(first.value.span) } else { first.key_span };
    Span { end: first.end.max(node.span.start), start: node.span.start.min(first.start), ..node.span }
}

#[cfg(test)]
mod tests;
