//! Policies from files, or from the ones that AWS manages.

use crate::iam::document::{self, Document};
use crate::iam::managed;
use crate::iam::statement::Statement;
use crate::report::printable;
use crate::source::{Location, Sources, Span};
use crate::syntax::json;
use std::fs;

/// What kind of policy a file must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Without principals: of an identity, a boundary, a session, an organisation.
    OfPrincipal,
    /// With principals: of a resource, or the trust policy of a role.
    OfResource,
    /// Either.
    Any,
}

/// The files that a command has read.
pub(super) struct Policies {
    sources: Sources,
}

impl Policies {
    /// None yet.
    pub(super) fn none() -> Self {
        Self { sources: Sources::in_memory([]) }
    }

    /// Reads a policy: a file, or an AWS-managed policy by its ARN. The error names every fault with its line.
    pub(super) fn read(&self, path: &str, kind: Kind) -> Result<Document, String> {
        let text = match managed::document(path).filter(|_| path.starts_with("arn:")) {
            Some(text) => text.to_owned(),
            None if path.starts_with("arn:") => {
                return Err(format!("{path} is no policy that AWS manages; give the file of its document"));
            }
            None => fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"))?,
        };
        let file = self.sources.add(path, text.trim_start_matches('\u{feff}').to_owned());
        let (node, problems) = json::parse(&file);
        let mut faults: Vec<(u32, String)> =
            problems.iter().map(|it| (it.line.unwrap_or(1), it.message.clone())).collect();
        let document = match node {
            Some(node) => {
                let (document, found) = document::read(&node);
                let at = |span: Span| file.location(span).start_line;
                faults.extend(found.into_iter().map(|(span, message)| (at(span), message)));
                let lacks = document.statements.iter().flat_map(|statement| {
                    lacking(statement, kind).map(|message| (at(statement.span), message.to_owned()))
                });
                faults.extend(lacks);
                document
            }
            None => Document::default(),
        };
        if faults.is_empty() {
            return Ok(document);
        }
        faults.sort();
        let lines: Vec<String> =
            faults.iter().map(|(line, message)| printable(&format!("{path}:{line}: {message}")).into_owned()).collect();
        Err(format!("{path} is no policy that can be used\n{}", lines.join("\n")))
    }

    /// Where a statement of one of them stands.
    pub(super) fn location(&self, statement: &Statement) -> Location {
        self.sources.location(statement.span)
    }
}

/// What a statement lacks, or has too much, for a policy of its kind.
fn lacking(statement: &Statement, kind: Kind) -> impl Iterator<Item = &'static str> {
    let of_principal = match kind {
        Kind::OfPrincipal => true,
        Kind::OfResource => false,
        Kind::Any => statement.principals.is_none(),
    };
    let (resource, principal) = (!statement.resources.is_empty(), statement.principals.is_some());
    let lacks = if of_principal {
        [(!resource, "the statement has no Resource"), (principal, "a statement of such a policy has no Principal")]
    } else {
        [(!principal, "the statement has no Principal"), (false, "")]
    };
    lacks.into_iter().filter(|(lacks, _)| *lacks).map(|(_, message)| message)
}
