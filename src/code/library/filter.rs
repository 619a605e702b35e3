//! Reads of tables that a call, as it is written, leaves without a filter.

use super::site::Site;
use crate::code::program::Program;
use crate::code::unit::{Arg, Expr, Pair};
use crate::model::{CallKind, Language, Text, UNFILTERED};

/// Parameters that leave items out (Amazon DynamoDB API Reference, Scan and Query, read 2026-11).
const FILTERS: &[&str] = &["FilterExpression", "ScanFilter", "QueryFilter"];

/// Notes on a read of DynamoDB that it has no filter, where all of its parameters stand in the call itself: what is put
/// together elsewhere may have one.
pub(in crate::code) fn note(program: &Program, site: &Site<'_>, kind: &mut CallKind) {
    let CallKind::Sdk { service, operation, targets, .. } = kind else { return };
    if &**service == "dynamodb" && matches!(&**operation, "Scan" | "Query") && is_without(program, site) {
        targets.push((UNFILTERED.into(), Text::Literal("".into())));
    }
}

fn is_without(program: &Program, site: &Site<'_>) -> bool {
    let here = program.unit(site.unit);
    let is_filter = |name| FILTERS.contains(&&**here.name(name));
    match here.language {
        Language::Python => site.args.iter().all(|arg| !arg.spread && arg.name.is_some_and(|name| !is_filter(name))),
        Language::JavaScript => {
            let is_plain = |pair: &Pair| !pair.spread && pair.key.is_some_and(|name| !is_filter(name));
            let is_whole = |arg: &Arg| matches!(here.expr(arg.value), Expr::Map(pairs) if pairs.iter().all(is_plain));
            !site.args.is_empty() && site.args.iter().all(|arg| !arg.spread && is_whole(arg))
        }
        // There the request is put together before the call.
        Language::Rust | Language::Go | Language::Java => false,
    }
}
