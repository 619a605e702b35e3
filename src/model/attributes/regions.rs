//! The region that an ARN names.

use super::events;
use super::reader::Reader;
use crate::model::entity::Read;
use std::sync::Arc;

/// The region in the ARN at a path; empty for a name, which is one of the same region, and for a resource of the
/// project.
pub(super) fn of_arn(reader: &Reader<'_>, path: &str) -> Read<Arc<str>> {
    match reader.text(path) {
        Read { value: Ok(Some(name)), span } if !name.starts_with("arn:") => Read { value: Ok("".into()), span },
        _ => events::region(reader, &reader.find(path)),
    }
}
