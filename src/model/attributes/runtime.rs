//! Lambda's runtime calendar.

use super::reader::Reader;
use crate::model::entity::Read;
use crate::model::settings::Day;
use crate::syntax::table;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Days before its deprecation from which a runtime counts as deprecating.
const NOTICE: i64 = 90;

/// What is known of a function's runtime.
pub(super) struct Runtime {
    /// Identifier, empty for images.
    pub name: Read<Arc<str>>,
    /// `supported`, `deprecating`, `deprecated` or `none`.
    pub status: Read<&'static str>,
    /// The day of its deprecation, or empty.
    pub deprecation: Read<Arc<str>>,
    /// The runtime to move to, or empty.
    pub successor: Read<Arc<str>>,
}

/// The runtime of a function on the day of the scan; one that the calendar does not list counts as supported.
pub(super) fn read(reader: &Reader<'_>) -> Runtime {
    let name = reader.text("Runtime").map(Option::unwrap_or_default);
    let row = |name: &Arc<str>| calendar().get(&**name);
    let status = |name: Arc<str>| match row(&name) {
        None if name.is_empty() => "none",
        None => "supported",
        Some(row) => match row.deprecated.parse::<Day>() {
            Ok(day) if day <= reader.settings.today => "deprecated",
            Ok(day) if day.0 - reader.settings.today.0 <= NOTICE => "deprecating",
            _ => "supported",
        },
    };
    Runtime {
        status: name.clone().map(status),
        deprecation: name.clone().map(|name| row(&name).map_or("", |row| row.deprecated).into()),
        successor: name.clone().map(|name| row(&name).map_or("", |row| row.successor).into()),
        name,
    }
}

struct Row {
    deprecated: &'static str,
    successor: &'static str,
}

fn calendar() -> &'static BTreeMap<&'static str, Row> {
    static CALENDAR: OnceLock<BTreeMap<&'static str, Row>> = OnceLock::new();
    CALENDAR.get_or_init(|| {
        let read = |mut row: table::Row<'static>| {
            let [name, deprecated, _create_block, _update_block, successor] = row.cells();
            (name, Row { deprecated, successor })
        };
        table::rows(include_str!("../../../data/runtimes.tsv")).skip(1).map(read).collect()
    })
}
