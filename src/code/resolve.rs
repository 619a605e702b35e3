//! Which file of the repository an import leads to.

use super::go::PACKAGE;
use super::go_module::{Lead, module_of};
use super::held::generated_for;
use super::java_source;
use super::library::is_known_module;
use super::path::{NODE_EXTENSIONS, Target, folder_of, join, language_of};
use super::python_source;
use super::scope::is_test;
use super::unit::{Class, FunctionId, Import, Unit};
use super::workspace::{Workspace, manifests};
use crate::model::Language;
use crate::source::{Sources, normalize};
use std::collections::HashSet;
use std::sync::Arc;

/// Resolves the imports of a unit's file, with the folder of its module; `roots` are the folders that absolute imports
/// start from.
pub(super) fn resolve(
    sources: &Sources,
    workspace: &Workspace<'_>,
    unit: &Unit,
    roots: &[String],
) -> (Vec<Target>, Arc<str>) {
    let from = &*unit.path;
    let one = |import: &Import| match unit.language {
        Language::Python => python_source::of_import(sources, workspace, from, roots, import),
        Language::JavaScript => node(sources, workspace, from, import),
        Language::Rust => rust(sources, workspace, from, import),
        Language::Go | Language::Java => Target::Outside,
    };
    if unit.language == Language::Go {
        let module = module_of(sources, from);
        let lead = |import: &Import| match &*import.module {
            PACKAGE => Target::Package(folder_of(from).to_owned()),
            path => match module.lead(sources, from, path) {
                Lead::Folder(folder) => Target::Package(folder),
                Lead::Outside => workspace.go_package(path).map_or(Target::Outside, Target::Package),
                Lead::Missing => Target::Missing,
            },
        };
        return (unit.imports.iter().map(lead).collect(), module.folder.as_str().into());
    }
    if unit.language == Language::Java {
        return java(sources, workspace, unit);
    }
    let mut targets: Vec<Target> = unit.imports.iter().map(one).collect();
    if unit.language == Language::Python {
        targets.extend(python_source::packages_above(sources, from, roots));
    }
    (targets, "".into())
}

/// Imports of classes; a guess that a file of the same package answers is asked of no other.
fn java(sources: &Sources, workspace: &Workspace<'_>, unit: &Unit) -> (Vec<Target>, Arc<str>) {
    let package = unit.imports.first().map(|import| import.module.clone()).unwrap_or_default();
    let mut here: HashSet<&str> = HashSet::new();
    let mut targets = Vec::new();
    for import in &unit.imports {
        let Some(class) = import.member.as_deref() else {
            targets.push(Target::Nowhere);
            continue;
        };
        let file =
            |class: &str| java_source::of_import(sources, workspace, &unit.path, &package, &import.module, class);
        let found = file(class).or_else(|| file(generated_for(class)?));
        targets.push(match found {
            _ if import.perhaps && here.contains(class) => Target::Nowhere,
            Some(path) if *path == *unit.path => Target::Nowhere,
            Some(path) => {
                // A static import brings members of the class, not its name.
                if import.perhaps {
                    here.insert(class);
                }
                Target::File(path)
            }
            None if import.perhaps && import.module == package => {
                let beside = workspace.java_beside(folder_of(&unit.path), class);
                beside.filter(|path| **path != *unit.path).map_or(Target::Nowhere, Target::File)
            }
            None => Target::Outside,
        });
    }
    // What the class behind an interface does belongs to what is asked of it, though no import leads there.
    for class in unit.classes.iter().filter(|class| stands_for_others(unit, class)) {
        let Some(name) = class.name.map(|name| unit.name(name)) else { continue };
        let heir = java_source::only_heir(sources, workspace, &unit.path, &package, name);
        targets.extend(heir.map(Target::File));
    }
    for scanned in &unit.scanned {
        targets.extend(workspace.java_components(&unit.path, scanned).into_iter().map(Target::File));
    }
    (targets, java_source::root_of(&unit.path, &package).into())
}

/// Whether a class has methods that only others bring.
fn stands_for_others(unit: &Unit, class: &Class) -> bool {
    let is_declared = |method: &FunctionId| unit.functions.get(*method as usize).is_some_and(|method| method.bodyless);
    class.methods.values().flatten().any(is_declared)
}

fn node(sources: &Sources, workspace: &Workspace<'_>, from: &str, import: &Import) -> Target {
    let module = &*import.module;
    if let Some((begin, _)) = module.split_once('*').filter(|_| module.starts_with('.')) {
        return several(sources, from, begin);
    }
    if module.starts_with('.') {
        let Some(stem) = normalize(&join(folder_of(from), module)) else {
            return Target::Missing;
        };
        return node_at(sources, &stem).or_else(|| in_other_case(sources, &stem)).unwrap_or_else(|| {
            // Data and styles that bundlers take in hold no code.
            let data =
                [".json", ".css", ".scss", ".svg", ".png", ".html", ".graphql", ".gql", ".txt", ".node", ".wasm"];
            if data.iter().any(|end| module.ends_with(end)) || sources.exists(&format!("{stem}.json")) {
                Target::Outside
            } else {
                Target::Missing
            }
        });
    }
    // Layers are unpacked there (Lambda Developer Guide, "Layer paths for each Lambda runtime", read 2026-12).
    if let Some(layered) = module.strip_prefix("/opt/") {
        let bare = layered.strip_prefix("nodejs/").unwrap_or(layered);
        return workspace.brought(from, &node_files(bare)).map_or(Target::Missing, Target::File);
    }
    if module.starts_with('/') {
        return Target::Missing;
    }
    let bare = module.strip_prefix("@/").or_else(|| module.strip_prefix("~/"));
    let local = bare.or_else(|| module.starts_with("src/").then_some(module));
    if let Some(local) = local {
        let mut folder = folder_of(from);
        loop {
            for stem in [join(folder, local), join(folder, &format!("src/{local}"))] {
                if let Some(target) = node_at(sources, &stem) {
                    return target;
                }
            }
            if folder.is_empty() {
                return Target::Missing;
            }
            folder = folder_of(folder);
        }
    }
    let is_standard = module.starts_with("node:")
        || module.starts_with("@aws-sdk/")
        || module.starts_with("@aws-lambda-powertools/")
        || module == "aws-sdk";
    let own = || workspace.named(from, module).into_iter().find_map(|stem| node_at(sources, &stem));
    match (!is_standard).then(own).flatten() {
        Some(own) => own,
        None if is_known_module(module) || declared_node(sources, from, module) => Target::Outside,
        None => workspace.brought(from, &node_files(module)).map_or(Target::Missing, Target::File),
    }
}

/// The files whose names begin so, where which one is meant is known only when it runs.
fn several(sources: &Sources, from: &str, begin: &str) -> Target {
    const MAX_FILES: usize = 32;
    let (folder, name) = begin.rsplit_once('/').unwrap_or(("", begin));
    let Some(folder) = normalize(&join(folder_of(from), folder)) else { return Target::Missing };
    let files = sources.list(&folder).into_iter().filter(|file| file.starts_with(name)).filter_map(|file| {
        match file.strip_suffix('/') {
            Some(inside) => match node_at(sources, &join(&folder, &format!("{inside}/index")))? {
                Target::File(path) => Some(path),
                _ => None,
            },
            None => (language_of(&file) == Some(Language::JavaScript)).then(|| join(&folder, &file)),
        }
    });
    let found: Vec<String> =
        files.filter(|path| path != from && !is_test(path) && !path.ends_with(".d.ts")).take(MAX_FILES).collect();
    if found.is_empty() { Target::Missing } else { Target::Several(found) }
}

/// The files that a name without an extension may stand for.
fn node_files(name: &str) -> Vec<String> {
    let named = NODE_EXTENSIONS
        .iter()
        .flat_map(|extension| [format!("{name}.{extension}"), format!("{name}/index.{extension}")]);
    std::iter::once(name.to_owned()).chain(named).collect()
}

/// The file that a name means where capital letters are not told apart, as on the machine it was written on.
fn in_other_case(sources: &Sources, stem: &str) -> Option<Target> {
    let (folder, name) = (folder_of(stem), stem.rsplit('/').next().unwrap_or(stem));
    let files = sources.list(folder);
    let mut fitting = files.iter().filter_map(|file| {
        let bare = file.split_once('.').map_or(file.as_str(), |(bare, _)| bare);
        (bare != name && bare.eq_ignore_ascii_case(name)).then_some(bare)
    });
    node_at(sources, &join(folder, fitting.next()?))
}

fn node_at(sources: &Sources, stem: &str) -> Option<Target> {
    if language_of(stem) == Some(Language::JavaScript) {
        if sources.exists(stem) {
            return Some(Target::File(stem.to_owned()));
        }
        // TypeScript names the file that it will be compiled to.
        let (bare, extension) = stem.rsplit_once('.')?;
        for replaced in [extension.replace("js", "ts"), "tsx".to_owned()] {
            let path = format!("{bare}.{replaced}");
            if sources.exists(&path) {
                return Some(Target::File(path));
            }
        }
    }
    for extension in NODE_EXTENSIONS {
        for path in [format!("{stem}.{extension}"), join(stem, &format!("index.{extension}"))] {
            if sources.exists(&path) {
                return Some(Target::File(path));
            }
        }
    }
    None
}

fn declared_node(sources: &Sources, from: &str, module: &str) -> bool {
    let mut parts = module.split('/');
    let first = parts.next().unwrap_or_default();
    let name =
        if first.starts_with('@') { format!("{first}/{}", parts.next().unwrap_or_default()) } else { first.to_owned() };
    let quoted = format!("\"{name}\"");
    manifests(sources, from, &["package.json"]).any(|text| text.contains(&quoted))
}

/// `mod name;` beside the file, and modules of the crate by path: `crate.db`, `super.db`.
fn rust(sources: &Sources, workspace: &Workspace<'_>, from: &str, import: &Import) -> Target {
    let folder = folder_of(from);
    let stem = from.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
    let own = if matches!(stem, "main" | "lib" | "mod") { folder.to_owned() } else { join(folder, stem) };
    if let Some(name) = import.module.strip_prefix("mod ") {
        let found = [own.as_str(), folder].into_iter().find_map(|folder| rust_at(sources, folder, name));
        return found.map_or(Target::Missing, Target::File);
    }
    let mut parts = import.module.split('.');
    let start = match parts.next().unwrap_or_default() {
        "crate" => match crate_folder(sources, folder) {
            Some(start) => start,
            None => return Target::Outside,
        },
        "self" => own,
        "super" => folder_of(&own).to_owned(),
        // A module that the file declares stands before a crate of its name.
        name if !matches!(name, "lib" | "main") && rust_at(sources, &own, name).is_some() => {
            parts = import.module.split('.');
            own
        }
        name => match workspace.crate_named(from, name) {
            Some(start) => start,
            None => return Target::Outside,
        },
    };
    let path: Vec<&str> = parts.chain(import.member.as_deref()).collect();
    // `use crate::db` names the module itself, `use crate::db::get` something in it.
    let whole = rust_at(sources, &start, &path.join("/"));
    if let (Some(file), Some(_)) = (&whole, &import.member) {
        return Target::Member(file.clone());
    }
    let above = path.get(..path.len().saturating_sub(usize::from(import.member.is_some()))).unwrap_or_default();
    let found = match above {
        [] => ["main.rs", "lib.rs", "mod.rs"].iter().map(|name| join(&start, name)).find(|path| sources.exists(path)),
        _ => whole.or_else(|| rust_at(sources, &start, &above.join("/"))),
    };
    found.map_or(Target::Outside, Target::File)
}

fn rust_at(sources: &Sources, folder: &str, name: &str) -> Option<String> {
    [join(folder, &format!("{name}.rs")), join(folder, &format!("{name}/mod.rs"))]
        .into_iter()
        .find(|path| sources.exists(path))
}

/// The folder of the crate's root file at or above a folder.
fn crate_folder(sources: &Sources, folder: &str) -> Option<String> {
    let mut folder = folder;
    loop {
        if ["main.rs", "lib.rs"].iter().any(|name| sources.exists(&join(folder, name))) {
            return Some(folder.to_owned());
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder_of(folder);
    }
}
