//! What a resource's own policy lets in, and three-valued logic over several reads.

use super::reader::Found;
use crate::iam::{document, public};
use crate::model::entity::Read;
use crate::syntax::Node;

/// Whether any statement of a policy, or a statement alone, lets in anyone; nobody where there is none.
pub(super) fn lets_in_anyone(found: Found<'_>) -> Read<bool> {
    let node = match found {
        Found::Absent => return Read::default(false),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    let alone = node.get("Statement").is_none() && node.get("Effect").is_some();
    let wrapped = alone.then(|| Node::map([("Statement", Node::list(vec![node.clone()], node.span))], node.span));
    let policy = document::read(wrapped.as_ref().unwrap_or(node)).0;
    let mut unknown = policy.unknown.first().map(|(reason, _)| reason.clone());
    for statement in &policy.statements {
        match public::lets_in_anyone(statement, &policy) {
            Ok(true) => return Read::at(true, node.span),
            Ok(false) => {}
            Err(reason) => unknown = Some(reason),
        }
    }
    unknown.map_or(Read::at(false, node.span), |reason| Read::unknown(reason, Some(node.span)))
}

/// False where one is, else unknown where one is, else true.
pub(super) fn all<const N: usize>(reads: [Read<bool>; N]) -> Read<bool> {
    any(reads.map(|read| read.map(|value| !value))).map(|value| !value)
}

/// How many statements a policy has, which may be a document or its text.
pub(super) fn statements(found: Found<'_>) -> Read<i64> {
    let node = match found {
        Found::Absent => return Read::default(0),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    let policy = document::read(node).0;
    match policy.unknown.first() {
        Some((reason, _)) => Read::unknown(reason.clone(), Some(node.span)),
        None => Read::at(i64::try_from(policy.statements.len()).unwrap_or(i64::MAX), node.span),
    }
}

/// True where one is, else unknown where one is, else the first that was written.
pub(super) fn any<const N: usize>(reads: [Read<bool>; N]) -> Read<bool> {
    let mut known = Read::default(false);
    for read in reads {
        match (&read.value, &known.value) {
            (Ok(true), _) => return read,
            (Err(_), Ok(_)) => known = read,
            (Ok(false), Ok(_)) if known.span.is_none() => known = read,
            _ => {}
        }
    }
    known
}
