//! Who manages the key that a store is encrypted with.

use super::reader::Found;
use crate::model::entity::Read;
use crate::syntax::{Node, Part, UnknownKind};

/// The manager that a key property says: `customer`, `aws` for the provider's key in the account (`alias/aws/…`),
/// or `default` where it is not given.
///
/// A key that is known to be given (imported, known after apply) is a customer's; a variable without default is
/// not known.
pub(super) fn manager(found: Found<'_>, default: &'static str) -> Read<&'static str> {
    match found {
        Found::Absent => Read::default(default),
        Found::Unknown(reason, span) => match reason.kind {
            UnknownKind::Import | UnknownKind::Computed | UnknownKind::Dynamic | UnknownKind::Lookup => {
                Read { value: Ok("customer"), span }
            }
            _ => Read::unknown(reason, span),
        },
        Found::Written(node) => Read::at(of_node(node, default), node.span),
    }
}

fn of_node(node: &Node, default: &'static str) -> &'static str {
    let parts = node.parts().unwrap_or_default();
    let aws = parts.iter().any(|part| matches!(part, Part::Literal(text) if text.contains("alias/aws/")));
    let empty = parts.iter().all(|part| matches!(part, Part::Literal(text) if text.trim().is_empty()));
    if aws {
        "aws"
    } else if empty {
        default
    } else {
        "customer"
    }
}
