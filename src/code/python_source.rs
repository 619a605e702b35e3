//! Where the imports of Python lead: modules beside the function, in folders above it, in layers, and those that are
//! named only when it runs.

use super::library::{Outsider, is_known_module, outsider};
use super::path::{Target, folder_of, join};
use super::scope::is_test;
use super::unit::Import;
use super::workspace::{Workspace, manifests};
use crate::model::Language;
use crate::source::Sources;

/// How many modules a name that is known only when it runs may lead to.
const MAX_MODULES: usize = 32;

/// Where an import leads.
pub(super) fn of_import(
    sources: &Sources,
    workspace: &Workspace<'_>,
    from: &str,
    roots: &[String],
    import: &Import,
) -> Target {
    let dots = import.module.len() - import.module.trim_start_matches('.').len();
    let module = import.module.trim_start_matches('.').replace('.', "/");
    if dots > 0 {
        let mut folder = folder_of(from);
        for _ in 1..dots {
            folder = folder_of(folder);
        }
        let stem = join_module(folder, &module);
        return match module.contains('*') {
            true => several(sources, from, &stem).unwrap_or(Target::Missing),
            false => at(sources, &stem, import).unwrap_or(Target::Missing),
        };
    }
    let top = import.module.split('.').next().unwrap_or_default();
    let folders = on_path(from, roots);
    if module.contains('*') {
        let found = folders.iter().find_map(|folder| several(sources, from, &join_module(folder, &module)));
        return found.unwrap_or(Target::Missing);
    }
    let mut open = None;
    for folder in folders {
        if let Some(target) = at(sources, &join_module(folder, &module), import) {
            // A folder without a file of its own has no members but its modules: what is meant lies elsewhere.
            if matches!(target, Target::Folder(_)) && import.member.is_some() {
                open.get_or_insert(target);
                continue;
            }
            // A copy of a public package that was installed beside the code is what it is everywhere.
            let is_copy = outsider(Language::Python, &import.module) == Outsider::Harmless;
            return if is_copy && is_installed(sources, folder, top) { Target::Outside } else { target };
        }
    }
    if open.is_none() && is_known_module(&import.module) {
        return Target::Outside;
    }
    let is_declared = open.is_none() && is_declared(sources, from, &import.module);
    // A layer or a packaging step puts modules beside the function that lie elsewhere in the repository.
    let bring = |ends: &[String], inside: &str| {
        let path = workspace.brought(from, ends)?;
        let stem = path.strip_suffix("/__init__.py").or_else(|| path.strip_suffix(".py"))?;
        let folder = stem.strip_suffix(inside)?.trim_end_matches('/');
        if is_declared && !is_project(sources, folder) {
            return None;
        }
        at(sources, &join_module(folder, &module), import)
    };
    let brought = bring(&[format!("{top}.py"), format!("{top}/__init__.py")], top);
    let whole = || bring(&[format!("{module}.py"), format!("{module}/__init__.py")], &module);
    let found = brought.or_else(|| whole().filter(|_| module.contains('/')));
    found.or(open).unwrap_or(if is_declared { Target::Outside } else { Target::Missing })
}

/// The folders that absolute imports of a file may start from, the likeliest first.
fn on_path<'f>(from: &'f str, roots: &'f [String]) -> Vec<&'f str> {
    let mut folders: Vec<&str> = roots.iter().map(String::as_str).collect();
    // A function's folder may be put together from folders of the repository: each above the file may be on its path.
    let is_above = |folder: &str| roots.iter().any(|root| folder == root);
    let mut folder = folder_of(from);
    folders.push(folder);
    while !folder.is_empty() && !is_above(folder) {
        folder = folder_of(folder);
        folders.push(folder);
    }
    folders
}

/// The files of the packages that a module lies in, which run before it: up to the folder that imports start from.
pub(super) fn packages_above(sources: &Sources, from: &str, roots: &[String]) -> Vec<Target> {
    let mut found = Vec::new();
    let mut folder = folder_of(from);
    while !folder.is_empty() && !roots.iter().any(|root| root == folder) {
        let package = join(folder, "__init__.py");
        if package == from {
            folder = folder_of(folder);
            continue;
        }
        if !sources.exists(&package) {
            break;
        }
        found.push(Target::File(package));
        folder = folder_of(folder);
    }
    found
}

/// The modules that a name with a star may mean.
fn several(sources: &Sources, from: &str, stem: &str) -> Option<Target> {
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let begin = name.split('*').next().unwrap_or_default();
    let fitting = sources.list(folder).into_iter().filter_map(|entry| {
        let bare = entry.strip_suffix('/').or_else(|| entry.strip_suffix(".py"))?;
        if !bare.starts_with(begin) || bare.starts_with("__") {
            return None;
        }
        let path = match entry.ends_with('/') {
            true => join(folder, &format!("{bare}/__init__.py")),
            false => join(folder, &entry),
        };
        (path != from && !is_test(&path) && sources.exists(&path)).then_some(path)
    });
    let found: Vec<String> = fitting.take(MAX_MODULES).collect();
    (!found.is_empty()).then_some(Target::Several(found))
}

fn join_module(folder: &str, module: &str) -> String {
    if module.is_empty() { folder.to_owned() } else { join(folder, module) }
}

fn at(sources: &Sources, stem: &str, import: &Import) -> Option<Target> {
    if let Some(member) = &import.member {
        for path in [join(stem, &format!("{member}.py")), join(stem, &format!("{member}/__init__.py"))] {
            if sources.exists(&path) {
                return Some(Target::Member(path));
            }
        }
    }
    let file = format!("{stem}.py");
    if !stem.is_empty() && sources.exists(&file) {
        return Some(Target::File(file));
    }
    let package = join(stem, "__init__.py");
    if sources.exists(&package) {
        return Some(Target::File(package));
    }
    let holds_code = !stem.is_empty() && sources.walked_under(stem).iter().any(|(path, _)| path.ends_with(".py"));
    holds_code.then(|| Target::Folder(stem.to_owned()))
}

/// Whether a package in a folder is a copy that was installed there, and no module of the project that has the name of a
/// public one: its metadata lies beside it, or it says its own version.
fn is_installed(sources: &Sources, folder: &str, top: &str) -> bool {
    let package = join(folder, &format!("{top}/__init__.py"));
    if !sources.exists(&package) {
        return false;
    }
    let metadata = |name: &String| name.ends_with(".dist-info/") || name.ends_with(".egg-info/");
    let says_version = || sources.open(&package).is_ok_and(|file| file.text.contains("__version__"));
    sources.list(folder).iter().any(metadata) || says_version()
}

/// Whether a folder, or the one above it, holds a package of its own.
fn is_project(sources: &Sources, folder: &str) -> bool {
    let holds = |folder: &str| {
        ["pyproject.toml", "setup.py", "setup.cfg"].iter().any(|name| sources.exists(&join(folder, name)))
    };
    !folder.is_empty() && (holds(folder) || holds(folder_of(folder)))
}

/// Whether a manifest between the file and the root names the package.
fn is_declared(sources: &Sources, from: &str, module: &str) -> bool {
    let top = module.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let dashed = top.replace('_', "-");
    manifests(sources, from, &["requirements.txt", "pyproject.toml", "Pipfile", "setup.py"]).any(|text| {
        text.lines().any(|line| {
            let line = line.trim().trim_start_matches(['"', '\'']).to_ascii_lowercase();
            let name =
                line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).next().unwrap_or_default();
            name == top || name == dashed
        })
    })
}
