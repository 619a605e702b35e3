//! Go modules: where a file's module begins, and where its imports lead inside the repository.

use super::path::{and_above, folder_of, join};
use crate::source::{Sources, normalize};

/// The module that a file is part of.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct GoModule {
    /// The folder of its go.mod.
    pub(super) folder: String,
    /// Its path; empty where there is no go.mod.
    path: String,
    /// Other modules of the repository by their paths, with their folders.
    beside: Vec<(String, String)>,
}

/// The module of a file, by the nearest go.mod above it.
///
/// Source: Go Modules Reference, "go.mod files" and "Workspaces", read 2026-11.
pub(super) fn module_of(sources: &Sources, path: &str) -> GoModule {
    let found = and_above(folder_of(path)).find(|folder| sources.is_walked(&join(folder, "go.mod")));
    let Some(folder) = found else { return GoModule::default() };
    let text = text_of(sources, &join(folder, "go.mod"));
    let mut module = GoModule { folder: folder.to_owned(), path: name_in(&text), beside: Vec::new() };
    for line in text.lines() {
        let line = line.trim().trim_start_matches("replace ").split("//").next().unwrap_or_default();
        let Some((old, new)) = line.split_once("=>") else { continue };
        let (Some(old), Some(new)) = (old.split_whitespace().next(), new.split_whitespace().next()) else { continue };
        if let Some(folder) = new.starts_with('.').then(|| normalize(&join(folder, new))).flatten() {
            module.beside.push((old.to_owned(), folder));
        }
    }
    let work = and_above(folder).find(|folder| sources.is_walked(&join(folder, "go.work")));
    if let Some(work) = work {
        for line in text_of(sources, &join(work, "go.work")).lines() {
            let used = line.trim().trim_start_matches("use ").trim().trim_matches('"');
            let Some(folder) = used.starts_with('.').then(|| normalize(&join(work, used))).flatten() else { continue };
            let name = name_in(&text_of(sources, &join(&folder, "go.mod")));
            if !name.is_empty() {
                module.beside.push((name, folder));
            }
        }
    }
    module
}

/// Where an import leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lead {
    /// To the package in a folder of the repository.
    Folder(String),
    /// Out of the repository.
    Outside,
    /// To a package of the repository's own that is not there.
    Missing,
}

impl GoModule {
    /// Where an import of a file of this module leads.
    pub(super) fn lead(&self, sources: &Sources, from: &str, import: &str) -> Lead {
        if !self.path.is_empty() {
            let own = (self.path.as_str(), self.folder.as_str());
            let others = self.beside.iter().map(|(path, folder)| (path.as_str(), folder.as_str()));
            for (path, folder) in std::iter::once(own).chain(others) {
                let Some(rest) = below(path, import) else { continue };
                let folder = join(folder, rest);
                return if is_package(sources, &folder) { Lead::Folder(folder) } else { Lead::Missing };
            }
            return Lead::Outside;
        }
        // Without a go.mod the repository itself lies where its import path says: its end is a folder here.
        let Some(first) = import.split('/').next().filter(|first| first.contains('.')) else {
            let standard = and_above(folder_of(from)).map(|above| join(above, import));
            let mut inside = standard.filter(|folder| import.contains('/') && is_package(sources, folder));
            return inside.next().map_or(Lead::Outside, Lead::Folder);
        };
        let rest = import.get(first.len() + 1..).unwrap_or_default();
        // github.com/owner/repository/…
        let ends = rest.match_indices('/').skip(1).filter_map(|(at, _)| rest.get(at + 1..));
        for end in ends {
            for above in and_above(folder_of(from)) {
                let folder = join(above, end);
                if is_package(sources, &folder) {
                    return Lead::Folder(folder);
                }
            }
        }
        Lead::Outside
    }
}

/// The files of a package, without its tests.
pub(super) fn files_of(sources: &Sources, folder: &str) -> Vec<String> {
    let prefix = if folder.is_empty() { 0 } else { folder.len() + 1 };
    let direct = |path: &str| path.get(prefix..).is_some_and(|name| !name.contains('/'));
    let walked = sources.walked_under(folder).into_iter().map(|(path, _)| path);
    walked.filter(|path| is_code(path) && direct(path)).map(|path| path.to_string()).collect()
}

/// Whether a file is Go and no test.
pub(super) fn is_code(path: &str) -> bool {
    path.ends_with(".go") && !path.ends_with("_test.go")
}

/// Whether a folder holds Go files beside tests.
pub(super) fn is_package(sources: &Sources, folder: &str) -> bool {
    !files_of(sources, folder).is_empty()
}

/// What stands behind a module's path in an import's.
pub(super) fn below<'i>(path: &str, import: &'i str) -> Option<&'i str> {
    let rest = import.strip_prefix(path)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// The path of the module of a go.mod; empty where it names none.
pub(super) fn name_in(text: &str) -> String {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("module "));
    line.map(|name| name.trim().trim_matches('"').to_owned()).unwrap_or_default()
}

/// The text of a walked file; empty where there is none.
pub(super) fn text_of(sources: &Sources, path: &str) -> String {
    if !sources.is_walked(path) {
        return String::new();
    }
    sources.open(path).map(|file| file.text.clone()).unwrap_or_default()
}
