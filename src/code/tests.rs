//! Facts of small sources, language by language.

mod bounds;
mod closures;
mod dispatch;
mod go;
mod go_flow;
mod java;
mod java_flow;
mod java_frameworks;
mod java_holders;
mod java_structure;
mod javascript;
mod projects;
mod python;
mod rust;
mod structures_javascript;
mod structures_python;
mod token;

use super::read;
use crate::model::{CallKind, Code, Text};
use crate::source::Sources;
use std::fmt::Write;

/// One line for each fact: line number, kind, details.
pub(super) fn facts(code: &Code, sources: &Sources, path: &str) -> Vec<String> {
    let file = &code.files[path];
    let line = |span| sources.location(span).start_line;
    let mut lines: Vec<String> =
        file.calls.iter().map(|call| format!("{} {}", line(call.span), show(&call.kind))).collect();
    lines.extend(file.opaque.iter().map(|(reason, span)| format!("{} opaque: {reason}", line(*span))));
    lines
}

pub(super) fn show(kind: &CallKind) -> String {
    match kind {
        CallKind::Client { service, region, .. } => {
            let region = region.as_ref().map(|(region, _)| format!(" in {}", text(region))).unwrap_or_default();
            format!("client {service}{region}")
        }
        CallKind::Sdk { service, operation, targets, certain } => {
            let mut line = format!("{service}:{operation}{}", if *certain { "" } else { "?" });
            for (name, value) in targets {
                let _ = write!(line, " {name}={}", text(value));
            }
            line
        }
        CallKind::Http { url } => format!("http {}", text(url)),
        CallKind::TlsOff { switch } => format!("tls {switch}"),
        CallKind::LogsEvent { object } => format!("logs {object}"),
        CallKind::MayLogEvent { variable } => format!("may log the event by {variable}"),
        CallKind::Credential { what, name, .. } => format!("credential {what} {name}"),
    }
}

fn text(text: &Text) -> String {
    match text {
        Text::Literal(text) => text.to_string(),
        Text::Environment(name) => format!("${name}"),
        Text::Prefix(prefix) => format!("{prefix}*"),
        Text::Unknown => "?".into(),
    }
}

/// Reads files without a project and compares the facts of the first; clients are left out where none is expected.
#[track_caller]
pub(super) fn check(files: &[(&str, &str)], expected: &[&str]) {
    let sources = Sources::in_memory(files.iter().copied());
    let (code, problems) = read(&sources, &[]);
    assert!(problems.is_empty(), "{problems:?}");
    let mut found = facts(&code, &sources, files[0].0);
    let is_client = |line: &str| line.split(' ').nth(1) == Some("client");
    if !expected.iter().any(|line| is_client(line)) {
        found.retain(|line| !is_client(line));
    }
    assert_eq!(found, expected, "{}", files[0].1);
}
