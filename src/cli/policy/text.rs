//! The policy for people: each action, its resource, and what needs it.

use super::Asked;
use crate::fact::literal;
use std::fmt::Write as _;

/// More places than these are counted.
const PLACES: usize = 5;

/// A paragraph a resource.
pub(super) fn print(asked: &Asked<'_>) -> String {
    let place = asked.sources.location(asked.function.span);
    let rights = &asked.needs.rights;
    let mut out = format!(
        "{} ({}:{}) needs {} in {}\n",
        asked.function.name,
        place.path,
        place.start_line,
        count(rights.len(), "right"),
        count(asked.statements.len(), "statement"),
    );
    for statement in asked.statements {
        let _ = writeln!(out, "\n{}", statement.sid);
        for resource in &statement.resources {
            let _ = writeln!(out, "  on {}", literal(asked.project, resource));
        }
        if let Some(condition) = &statement.condition {
            for operator in condition.entries() {
                for key in operator.value.entries() {
                    let _ = writeln!(out, "  if {} {} {}", key.key, operator.key, key.value);
                }
            }
        }
        for action in &statement.actions {
            let _ = writeln!(out, "  {action}");
            let on = |right: &&crate::fact::Right| {
                right.action == *action
                    && statement.resources.contains(&right.resource)
                    && right.condition == statement.condition
            };
            let mut places: Vec<String> = Vec::new();
            for right in rights.iter().filter(on) {
                for evidence in &right.evidence {
                    let at = asked.sources.location(evidence.span);
                    let why =
                        if right.reason.is_runtime() { String::new() } else { format!(", {}", right.reason.text()) };
                    let line = format!("      {}:{}  {}{why}", at.path, at.start_line, evidence.text);
                    if !places.contains(&line) {
                        places.push(line);
                    }
                }
            }
            let more = places.len().saturating_sub(PLACES);
            for line in places.iter().take(PLACES) {
                let _ = writeln!(out, "{line}");
            }
            if more > 0 {
                let _ = writeln!(out, "      and {more} more");
            }
        }
    }
    out
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
