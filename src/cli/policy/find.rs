//! Which function a name means.

use crate::fact::local_id;
use crate::model::{Project, Resource};
use crate::syntax::Node;

/// Names of functions as near as this to the one that is asked for are told.
const NEAR: f64 = 0.6;

/// The function of a name, with the index of its project.
///
/// A logical id, an address, a key under `functions` or a construct's path comes before a `FunctionName`. The error
/// lists the places where several are called so, or the nearest names.
pub(super) fn function<'a>(projects: &'a [Project], name: &str) -> Result<(usize, &'a Resource), String> {
    let all = || {
        projects.iter().enumerate().flat_map(|(index, project)| {
            project.of_kind("AWS::Lambda::Function").map(move |function| (index, project, function))
        })
    };
    let ids = all().filter(|(_, project, function)| is_called(project, function, name));
    let mut found: Vec<_> = ids.collect();
    if found.is_empty() {
        found = all().filter(|(.., function)| own_name(function).is_some_and(|own| own == name)).collect();
    }
    match found.as_slice() {
        [(index, _, function)] => return Ok((*index, function)),
        [] => {}
        several => {
            let paths: Vec<String> =
                several.iter().map(|(_, project, function)| format!("  {} {}", project.path, function.id)).collect();
            return Err(format!(
                "`{name}` is the name of {} functions; name one with --path, or by its own id:\n{}",
                paths.len(),
                paths.join("\n")
            ));
        }
    }
    let mut names: Vec<String> = all().map(|(.., function)| function.name.to_string()).collect();
    names.extend(all().filter_map(|(.., function)| own_name(function).map(str::to_owned)));
    names.sort();
    names.dedup();
    if names.is_empty() {
        return Err("there is no function here".to_owned());
    }
    let distance = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase());
    let mut near: Vec<&String> = names.iter().filter(|known| distance(known) >= NEAR).collect();
    near.sort_by(|one, other| distance(other).total_cmp(&distance(one)).then_with(|| one.cmp(other)));
    near.truncate(5);
    let listed = |names: &[&String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Err(match near.as_slice() {
        [] => format!("there is no function `{name}`; there are {} others", names.len()),
        near => format!("there is no function `{name}`; did you mean {}?", listed(near)),
    })
}

fn is_called(project: &Project, function: &Resource, name: &str) -> bool {
    *function.id == *name
        || *function.name == *name
        || local_id(project, function) == name
        || function
            .construct
            .as_deref()
            .is_some_and(|path| path == name || path.strip_suffix("/Resource") == Some(name))
}

fn own_name(function: &Resource) -> Option<&str> {
    function.property("FunctionName").and_then(Node::as_text)
}
