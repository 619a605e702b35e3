//! Paths of the repository as text.

use crate::model::Language;

/// Where an import leads, by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// To a file.
    File(String),
    /// To a file that is the member itself (`from pkg import module`).
    Member(String),
    /// To one of several files: which one is known only when it runs.
    Several(Vec<String>),
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

/// The extensions of JavaScript and TypeScript, what runs first.
pub(super) const NODE_EXTENSIONS: &[&str] = &["js", "mjs", "cjs", "ts", "mts", "cts", "tsx", "jsx"];

/// `folder/name` without a slash in front where the folder is the root.
pub(super) fn join(folder: &str, name: &str) -> String {
    match (folder.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => folder.to_owned(),
        _ => format!("{folder}/{name}"),
    }
}

/// The folder that a path lies in; the root's is itself.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A folder and all above it, the root last.
pub(super) fn and_above(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| folder_of(folder)))
}

/// The language of a file by its name, where it is one of ours.
pub(super) fn language_of(path: &str) -> Option<Language> {
    let (_, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
    match extension {
        "py" => Some(Language::Python),
        "rs" => Some(Language::Rust),
        "go" => Some(Language::Go),
        "java" => Some(Language::Java),
        _ if NODE_EXTENSIONS.contains(&extension) => Some(Language::JavaScript),
        _ => None,
    }
}
