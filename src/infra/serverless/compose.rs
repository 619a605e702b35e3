//! serverless-compose.yml: the parameters that a file above several services hands to one of them.

use crate::infra::Context;
use crate::source::normalize;
use crate::syntax::yaml::Schema;
use crate::syntax::{Entry, Node, json, yaml};

/// The framework's names of the file.
const NAMES: [&str; 3] = ["serverless-compose.yml", "serverless-compose.yaml", "serverless-compose.json"];

/// The parameters of the service at `path` and those of its compose file's stages, as they are written: the entries of
/// its `params`, then the file's `stages`. `None` where no file in the folders above names the service.
pub(super) fn parameters(context: &Context<'_>, path: &str) -> Option<(Vec<Entry>, Option<Node>)> {
    let folder = path.rfind('/').map_or("", |slash| &path[..slash]);
    let mut above = folder;
    loop {
        let prefix = if above.is_empty() { String::new() } else { format!("{above}/") };
        for name in NAMES {
            let Some(node) = read(context, &format!("{prefix}{name}")) else { continue };
            let services = node.get("services").map(Node::entries).unwrap_or_default();
            let here = |entry: &&Entry| {
                let place = entry.value.get("path").and_then(Node::as_text);
                place.and_then(|place| normalize(&format!("{prefix}{place}"))).is_some_and(|place| place == folder)
            };
            if let Some(service) = services.iter().find(here) {
                let given = service.value.get("params").map(|params| params.entries().to_vec()).unwrap_or_default();
                return Some((given, node.get("stages").cloned()));
            }
        }
        match above.rfind('/') {
            _ if above.is_empty() => return None,
            Some(slash) => above = &above[..slash],
            None => above = "",
        }
    }
}

/// Whether a text names an output of another service, `${api.url}`, which only a deployment knows.
pub(super) fn names_an_output(text: &str) -> bool {
    text.split("${").skip(1).any(|rest| {
        let name = rest.split('}').next().unwrap_or_default();
        let parts: Vec<&str> = name.split('.').collect();
        let is_name =
            |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        parts.len() == 2 && parts.iter().all(is_name)
    })
}

/// What stands wrong in the file is said where it is deployed with, not once a service.
fn read(context: &Context<'_>, path: &str) -> Option<Node> {
    let file = context.sources.open(path).ok()?;
    if path.ends_with(".json") { json::parse(&file).0 } else { yaml::parse_as(&file, Schema::Core).0 }
}
