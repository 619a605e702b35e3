//! Strings of a policy with their variables replaced from the context of a request.

use super::context::{Context, Given};
use super::truth::{Reason, Truth};
use crate::iam::document::Version;
use crate::iam::pattern::Glob;
use crate::iam::statement::Statement;
use crate::iam::text::{self, Text};
use crate::syntax::{Part, Unknown, UnknownKind};

/// A string as far as the request decides it.
pub(super) struct Rendered {
    /// A pattern that matches at least what the string does; exactly that, where nothing is open. `None` where a
    /// variable in it has no value: then it matches nothing.
    pub(super) glob: Option<Glob>,
    /// What is not known of it.
    pub(super) open: Vec<Reason>,
}

/// Whether `*` and `?` in the string are wildcards.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wildcards {
    Yes,
    No,
}

/// How a string is read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) version: Version,
    pub(super) wildcards: Wildcards,
    pub(super) context: &'a Context,
    /// Whether a variable whose key is unknown is a token that compares with itself, instead of a gap.
    pub(super) symbolic: bool,
}

/// Renders a string of a policy (IAM User Guide, "IAM policy elements: Variables and tags", 2026-11).
pub(super) fn render(text: &Text, reading: Reading<'_>) -> Rendered {
    let mut rendered = Rendered { glob: Some(Glob::default()), open: Vec::new() };
    for part in &text.parts {
        match part {
            Part::Literal(literal) if reading.version == Version::Of2012 => {
                with_variables(literal, reading, &mut rendered)
            }
            Part::Literal(literal) => push(&mut rendered, literal, reading),
            Part::Unknown(unknown) => gap(&mut rendered, Reason::Unknown(unknown.clone())),
            Part::Reference(reference) => {
                let unknown = Unknown::new(UnknownKind::Computed, reference.to_string());
                gap(&mut rendered, Reason::Unknown(unknown));
            }
        }
    }
    if let Some(condition) = &text.possible {
        rendered.open.push(Reason::Unknown(Unknown::new(UnknownKind::Condition, condition.clone())));
    }
    rendered
}

/// The names of the context keys that variables of the string ask for.
pub(super) fn variables_of(text: &Text, version: Version) -> Vec<&str> {
    let mut found = Vec::new();
    for part in &text.parts {
        let Part::Literal(literal) = part else { continue };
        let mut rest: &str = if version == Version::Of2012 { literal } else { "" };
        while let Some((_, name, after)) = next_variable(rest) {
            let (key, _) = key_and_default(name);
            if !matches!(key, "*" | "?" | "$") {
                found.push(key);
            }
            rest = after;
        }
    }
    found
}

/// Whether a variable in a resource or a condition of the statement has a default.
pub(in crate::iam) fn has_default(statement: &Statement, version: Version) -> bool {
    let values = statement.conditions.iter().flat_map(|condition| &condition.values);
    statement.resources.iter().chain(values).filter(|_| version == Version::Of2012).any(|text| {
        let literals = text.parts.iter().filter_map(|part| match part {
            Part::Literal(literal) => Some(&**literal),
            _ => None,
        });
        literals.into_iter().any(|mut rest| {
            while let Some((_, name, after)) = next_variable(rest) {
                if key_and_default(name).1.is_some() {
                    return true;
                }
                rest = after;
            }
            false
        })
    })
}

impl Rendered {
    /// Whether it matches a text.
    pub(super) fn matches(&self, text: &str) -> Truth {
        match &self.glob {
            Some(glob) if glob.matches(text) => self.certainty(),
            _ => Truth::No,
        }
    }

    /// `Yes`, or open for what is not known of it.
    pub(super) fn certainty(&self) -> Truth {
        if self.open.is_empty() { Truth::Yes } else { Truth::Open(self.open.clone()) }
    }
}

fn with_variables(literal: &str, reading: Reading<'_>, rendered: &mut Rendered) {
    let mut rest = literal;
    while let Some((before, name, after)) = next_variable(rest) {
        push(rendered, before, reading);
        rest = after;
        let (key, default) = key_and_default(name);
        if matches!(key, "*" | "?" | "$") {
            push_text(rendered, key);
            continue;
        }
        match reading.context.get(key) {
            Given::Values([value]) => push_text(rendered, value),
            Given::Unknown if reading.symbolic => {
                push_text(rendered, &text::token_of_variable(&key.to_ascii_lowercase()))
            }
            Given::Unknown => gap(rendered, Reason::Key(key.to_ascii_lowercase().into())),
            // Keys with several values are no variables.
            Given::Absent | Given::Values(_) => match default {
                Some(default) => push_text(rendered, default),
                None => rendered.glob = None,
            },
        }
    }
    push(rendered, rest, reading);
}

/// The text before the next variable, what stands in it, and the text behind it.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, after) = text.split_once("${")?;
    let (name, after) = after.split_once('}')?;
    Some((before, name, after))
}

/// `aws:PrincipalTag/team, 'none'`.
fn key_and_default(name: &str) -> (&str, Option<&str>) {
    let Some((key, default)) = name.split_once(',') else {
        return (name.trim(), None);
    };
    let default = default.trim();
    let inner = default.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    (key.trim(), Some(inner.unwrap_or(default)))
}

fn push(rendered: &mut Rendered, text: &str, reading: Reading<'_>) {
    if let Some(glob) = &mut rendered.glob {
        match reading.wildcards {
            Wildcards::Yes => glob.push_pattern(text),
            Wildcards::No => glob.push_text(text),
        }
    }
}

fn push_text(rendered: &mut Rendered, text: &str) {
    if let Some(glob) = &mut rendered.glob {
        glob.push_text(text);
    }
}

fn gap(rendered: &mut Rendered, reason: Reason) {
    if let Some(glob) = &mut rendered.glob {
        glob.push_any();
    }
    rendered.open.push(reason);
}
