//! The path that a document's servers put before every other, as API Gateway takes it in on import.

use super::shape::ApiKind;
use crate::model::Resource;
use crate::syntax::Node;

/// What stands before the paths of a document's routes in an API: nothing, `/v1` or `/v1/pets`; `None` where it is not
/// known.
///
/// API Gateway leaves the base path out unless the import says `prepend`, or `split`, which leaves out its topmost part
/// (API Gateway Developer Guide, "Set the OpenAPI basePath property", read 2026-12). `host`, `schemes` and the rest of a
/// server's address are of no effect on import: the API gets an address of its own.
pub(super) fn of(body: &Node, kind: ApiKind, api: &Resource) -> Option<String> {
    let mode = match kind {
        ApiKind::Rest => {
            let given = api.property("Parameters").filter(|given| !given.is_absent());
            if given.is_some_and(|given| given.as_unknown().is_some()) {
                return None;
            }
            let entries = given.map(Node::entries).unwrap_or_default();
            entries.iter().find(|entry| entry.key.eq_ignore_ascii_case("basepath")).map(|entry| &entry.value)
        }
        ApiKind::Http => api.property("BasePath"),
    };
    let Some(mode) = mode.filter(|mode| !mode.is_absent()) else { return Some(String::new()) };
    match mode.as_text()? {
        "prepend" => written(body).map(|path| path.trim_end_matches('/').to_owned()),
        "split" => {
            let path = written(body)?;
            let below = path.trim_matches('/').split_once('/').map_or("", |(_, below)| below);
            Some(if below.is_empty() { String::new() } else { format!("/{below}") })
        }
        _ => Some(String::new()),
    }
}

/// The base path that a document writes: `basePath` in OpenAPI 2; in OpenAPI 3 the first server variable of that name,
/// else what follows the host in the address of the first server.
fn written(body: &Node) -> Option<String> {
    if let Some(path) = body.get("basePath") {
        return path.as_text().map(str::to_owned);
    }
    let servers = body.get("servers").map(Node::items).unwrap_or_default();
    let variable = servers.iter().find_map(|server| server.at("variables.basePath.default"));
    if let Some(path) = variable {
        let path = path.as_text()?.trim_start_matches('/');
        return Some(format!("/{path}"));
    }
    let Some(url) = servers.first().and_then(|server| server.get("url")) else { return Some(String::new()) };
    let url = url.as_text()?;
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    Some(rest.find('/').map_or(String::new(), |slash| rest[slash..].to_owned()))
}
