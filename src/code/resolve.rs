//! Which file of the repository an import leads to.

use super::go::PACKAGE;
use super::go_module::{Lead, module_of};
use super::held::generated_for;
use super::java_source;
use super::library::{Outsider, is_known_module, outsider};
use super::path::{NODE_EXTENSIONS, folder_of, join, language_of};
use super::unit::{Class, FunctionId, Import, Unit};
use super::workspace::Workspace;
use crate::model::Language;
use crate::source::{Sources, normalize};
use std::collections::HashSet;
use std::sync::Arc;

/// Where an import leads, by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// To a file.
    File(String),
    /// To a file that is the member itself (`from pkg import module`).
    Member(String),
    /// To a folder without a file of its own.
    Folder(String),
    /// To a package whose files share one scope (Go), by its folder.
    Package(String),
    /// Out of the repository.
    Outside,
    /// Nowhere: a guess that was wrong.
    Nowhere,
    /// To something that should be there and is not.
    Missing,
}

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
        Language::Python => python(sources, workspace, from, roots, import),
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
    (unit.imports.iter().map(one).collect(), "".into())
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

fn python(sources: &Sources, workspace: &Workspace<'_>, from: &str, roots: &[String], import: &Import) -> Target {
    let dots = import.module.len() - import.module.trim_start_matches('.').len();
    let module = import.module.trim_start_matches('.').replace('.', "/");
    if dots > 0 {
        let mut folder = folder_of(from);
        for _ in 1..dots {
            folder = folder_of(folder);
        }
        return python_at(sources, &join_module(folder, &module), import).unwrap_or(Target::Missing);
    }
    let top = import.module.split('.').next().unwrap_or_default();
    let mut folders: Vec<&str> = roots.iter().map(String::as_str).collect();
    // A function's folder may be put together from folders of the repository: each above the file may be on its path.
    let is_above = |folder: &str| roots.iter().any(|root| folder == root);
    let mut folder = folder_of(from);
    folders.push(folder);
    while !folder.is_empty() && !is_above(folder) {
        folder = folder_of(folder);
        folders.push(folder);
    }
    let mut open = None;
    for folder in folders {
        if let Some(target) = python_at(sources, &join_module(folder, &module), import) {
            // A folder without a file of its own has no members but its modules: what is meant lies elsewhere.
            if matches!(target, Target::Folder(_)) && import.member.is_some() {
                open.get_or_insert(target);
                continue;
            }
            let is_package = sources.exists(&join(folder, &format!("{top}/__init__.py")));
            // A copy of a public package that was installed beside the code is what it is everywhere.
            return if is_package && outsider(Language::Python, &import.module) == Outsider::Harmless {
                Target::Outside
            } else {
                target
            };
        }
    }
    if open.is_none() && (is_known_module(&import.module) || declared_python(sources, from, &import.module)) {
        return Target::Outside;
    }
    // A layer or a packaging step puts modules beside the function that lie elsewhere in the repository.
    let ends = [format!("{top}.py"), format!("{top}/__init__.py")];
    let brought = workspace.brought(from, &ends).and_then(|path| {
        let folder = folder_of(path.strip_suffix("/__init__.py").unwrap_or(&path)).to_owned();
        python_at(sources, &join_module(&folder, &module), import)
    });
    brought.or(open).unwrap_or(Target::Missing)
}

fn join_module(folder: &str, module: &str) -> String {
    if module.is_empty() { folder.to_owned() } else { join(folder, module) }
}

fn python_at(sources: &Sources, stem: &str, import: &Import) -> Option<Target> {
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

/// Whether a manifest between the file and the root names the package.
fn declared_python(sources: &Sources, from: &str, module: &str) -> bool {
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

fn manifests<'a>(sources: &'a Sources, from: &str, names: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
    let mut folders = vec![folder_of(from).to_owned()];
    while let Some(last) = folders.last().filter(|last| !last.is_empty()) {
        folders.push(folder_of(last).to_owned());
    }
    folders.into_iter().flat_map(move |folder| {
        names.iter().filter_map(move |name| {
            let path = join(&folder, name);
            if sources.is_walked(&path) { sources.open(&path).ok().map(|file| file.text.clone()) } else { None }
        })
    })
}

fn node(sources: &Sources, workspace: &Workspace<'_>, from: &str, import: &Import) -> Target {
    let module = &*import.module;
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
