//! The floors: imports go downward only, there is no circle, Cedar is named in two places, no file is too long.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The floors from the ground up; modules on one floor do not import each other.
const FLOORS: &[&[&str]] = &[
    &["source"],
    &["syntax", "rule"],
    &["place"],
    &["iam", "finding", "profile", "config"],
    &["model", "triage"],
    &["infra", "code", "fact", "report"],
    &["engine"],
    &["flow"],
    &["cli"],
];

const MAX_LINES: usize = 600;

#[test]
fn imports_go_downward() {
    let mut faults = Vec::new();
    for (path, text) in files() {
        let own = module(&path)[0].clone();
        if own == "lib" || own == "main" {
            continue;
        }
        let Some(floor) = floor(&own) else {
            faults.push(format!("{path}: `{own}` stands on no floor"));
            continue;
        };
        for target in imports(&path, &text) {
            let other = &target[0];
            match self::floor(other) {
                Some(below) if *other == own || below < floor => {}
                Some(_) => faults.push(format!("{path} imports {}", target.join("::"))),
                None => {}
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn there_is_no_circle_between_files() {
    let files = files();
    let known: BTreeMap<Vec<String>, String> = files.iter().map(|(path, _)| (module(path), path.clone())).collect();
    let passed_on = reexports(&files);
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, text) in &files {
        for target in imports(path, text) {
            // A name that a module passes on from its child is the child's.
            let target = (1..=target.len()).find_map(|length| passed_on.get(&target[..length])).unwrap_or(&target);
            // The longest prefix of the path that is a file of its own.
            let file = (1..=target.len()).rev().find_map(|length| known.get(&target[..length]));
            if let Some(file) = file.filter(|file| *file != path) {
                edges.entry(path).or_default().insert(file);
            }
        }
    }
    let circle = edges.keys().find_map(|start| path_back(&edges, start));
    assert!(circle.is_none(), "a circle of imports: {}", circle.unwrap().join(" -> "));
}

#[test]
fn cedar_is_named_in_two_places() {
    let elsewhere: Vec<String> = files()
        .into_iter()
        .filter(|(path, text)| text.contains("cedar_policy") && path != "rule/set.rs" && !path.starts_with("engine/"))
        .map(|(path, _)| path)
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = files()
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(path, lines)| format!("{path}: {lines}"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// For each `pub use child::Name` of a module the path by which others import it, and the child's own.
fn reexports(files: &[(String, String)]) -> BTreeMap<Vec<String>, Vec<String>> {
    let mut found = BTreeMap::new();
    for (path, text) in files {
        let own = module(path);
        let at = |name: &str| own.iter().cloned().chain([name.to_owned()]).collect::<Vec<String>>();
        for statement in text.split("pub use ").skip(1) {
            for tail in expand(statement) {
                if let [child, .., name] = tail.as_slice()
                    && declares(text, child)
                {
                    found.insert(at(name), at(child));
                }
            }
        }
    }
    found
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

fn path_back<'a>(edges: &BTreeMap<&'a str, BTreeSet<&'a str>>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut seen = BTreeSet::new();
    let mut paths = vec![vec![start]];
    while let Some(path) = paths.pop() {
        for next in edges.get(path.last().unwrap()).into_iter().flatten() {
            let mut longer = path.clone();
            longer.push(next);
            if *next == start {
                return Some(longer);
            }
            if seen.insert(*next) {
                paths.push(longer);
            }
        }
    }
    None
}

/// The modules that a file imports, as paths from the crate's root; tests inside the file are left out.
fn imports(path: &str, text: &str) -> Vec<Vec<String>> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let own = module(path);
    let inner = path.ends_with("/mod.rs");
    let mut found = Vec::new();
    let parent = if inner { &own[..] } else { &own[..own.len() - 1] };
    for (mark, base) in [("crate::", &[][..]), ("super::", if inner { &own[..own.len() - 1] } else { parent })] {
        for (at, _) in code.match_indices(mark) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|char| char.is_alphanumeric() || char == '_' || char == ':') {
                continue;
            }
            // Who may see a thing is no import.
            if code[..at].ends_with("pub(in ") {
                continue;
            }
            // In doc comments a path is a pointer, not an import.
            let line = &code[code[..at].rfind('\n').map_or(0, |start| start + 1)..at];
            if line.trim_start().starts_with("//") {
                continue;
            }
            let mut base = base;
            let mut rest = &code[at + mark.len()..];
            while let Some(further) = rest.strip_prefix("super::") {
                rest = further;
                base = &base[..base.len() - 1];
            }
            for tail in expand(rest) {
                found.push(base.iter().cloned().chain(tail).collect());
            }
        }
    }
    // A parent's file that declares and calls its children imports them.
    for line in code.lines().map(str::trim) {
        for used in ["use ", "pub use "] {
            if let Some(rest) = line.strip_prefix(used) {
                let head = rest.split([':', ';', ' ']).next().unwrap();
                if declares(code, head) {
                    found.push(own.iter().cloned().chain([head.to_owned()]).collect());
                }
            }
        }
    }
    found.retain(|target: &Vec<String>| !target.is_empty());
    found
}

fn declares(code: &str, module: &str) -> bool {
    code.lines().map(str::trim).any(|line| {
        [format!("mod {module};"), format!("pub mod {module};"), format!("pub(crate) mod {module};")]
            .contains(&line.to_owned())
    })
}

/// The paths of `a::b::{c, d::e}`.
fn expand(text: &str) -> Vec<Vec<String>> {
    let mut segments = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(rest.len());
        if end > 0 {
            segments.push(rest[..end].to_owned());
        }
        rest = &rest[end..];
        if let Some(after) = rest.strip_prefix("::") {
            rest = after;
        } else if end == 0 && rest.starts_with('{') {
            let inner = balanced(rest);
            return split(inner)
                .into_iter()
                .flat_map(expand)
                .map(|tail| segments.iter().cloned().chain(tail).collect())
                .collect();
        } else {
            return vec![segments];
        }
    }
}

fn balanced(text: &str) -> &str {
    let mut depth = 0;
    for (at, char) in text.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[1..at];
        }
    }
    ""
}

fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (at, char) in text.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// `["model", "entity"]` of `model/entity.rs`; `["model"]` of `model/mod.rs`.
fn module(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// Every source file, by its path below src/.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
