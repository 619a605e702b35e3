//! Functions that read files, below the repository's root only.

use super::super::document::{self, Fragment};
use super::super::instance::Scope;
use super::super::value::{Document, Kind, Value};
use super::encode::base64;
use super::given::{Found, Given};
use super::path::{open, resolve};
use crate::source::Span;
use crate::syntax::{Part, UnknownKind};
use std::sync::Arc;

pub(super) fn call(name: &str, given: &Given<'_>) -> Option<Found> {
    let value = match name {
        "file" => given.text(0).map(|path| read_file(&path, given.span, given.scope)),
        "filebase64" => given.text(0).map(|path| {
            let content = read_file(&path, given.span, given.scope);
            content.text().map_or(content, |text| given.string(base64(text.as_bytes())))
        }),
        "fileexists" => given.text(0).map(|path| {
            let world = given.scope.world;
            given.bool(
                resolve(&path, &world.root, &world.context).is_some_and(|path| world.context.sources.exists(&path)),
            )
        }),
        "fileset" => fileset(given),
        "basename" => given.text(0).map(|path| given.string(base(&path))),
        "dirname" => given.text(0).map(|path| given.string(folder(&path))),
        "abspath" | "pathexpand" => given.at(0).cloned(),
        "filesha1" | "filesha256" | "filesha512" | "filemd5" | "filebase64sha256" | "filebase64sha512" => {
            Some(Value::unknown(UnknownKind::Computed, format!("{name}()"), given.span))
        }
        _ => return None,
    };
    Some(value.into())
}

/// The last element of a path, as Go's `filepath.Base` has it.
fn base(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" if path.is_empty() => ".",
        "" => "/",
        path => path.rsplit('/').next().unwrap_or_default(),
    }
}

/// All but the last element of a path, as Go's `filepath.Dir` has it.
fn folder(path: &str) -> String {
    let folder = path.rfind('/').map_or("", |slash| &path[..slash]);
    let mut kept: Vec<&str> = Vec::new();
    for part in folder.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match (part, kept.last()) {
            ("..", Some(last)) if *last != ".." => drop(kept.pop()),
            _ => kept.push(part),
        }
    }
    match (path.starts_with('/'), kept.is_empty()) {
        (true, _) => format!("/{}", kept.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => kept.join("/"),
    }
}

/// The text of a file; a document whose lines are the file's where it is JSON.
pub(in super::super) fn read_file(path: &str, span: Span, scope: &Scope<'_>) -> Value {
    let sources = scope.world.context.sources;
    let Some(file) = open(path, span, scope.world) else {
        return Value::unknown(UnknownKind::File, path, span);
    };
    let whole = Span::new(file.id, 0, file.text.len());
    let part = Part::Literal(file.text.as_str().into());
    match document::parse(&[Fragment { part: part.clone(), span: whole }], sources) {
        Some(tree) => Value::new(Kind::Document(Arc::new(Document { tree, text: vec![part] })), span),
        None => Value::string(file.text.as_str(), span),
    }
}

/// The walked files below a folder that match a glob, in order.
fn fileset(given: &Given<'_>) -> Option<Value> {
    let world = given.scope.world;
    let folder = resolve(&given.text(0)?, &world.root, &world.context)?;
    let pattern = given.text(1)?;
    let skip = if folder.is_empty() { 0 } else { folder.len() + 1 };
    let names = world.context.sources.walked_under(&folder);
    let names = names.iter().filter_map(|(path, _)| path.get(skip..));
    Some(given.list(
        names.filter(|name| matches(pattern.as_bytes(), name.as_bytes())).map(|name| given.string(name)).collect(),
    ))
}

/// Whether a path matches a glob: `*` and `?` inside a folder, `**` across folders, `{a,b}` either.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    expand(pattern).iter().any(|pattern| glob(pattern, name))
}

fn expand(pattern: &[u8]) -> Vec<Vec<u8>> {
    let open = pattern.iter().position(|byte| *byte == b'{');
    let close = pattern.iter().position(|byte| *byte == b'}');
    match (open, close) {
        (Some(open), Some(close)) if open < close => pattern[open + 1..close]
            .split(|byte| *byte == b',')
            .map(|choice| [&pattern[..open], choice, &pattern[close + 1..]].concat())
            .collect(),
        _ => vec![pattern.to_vec()],
    }
}

fn glob(pattern: &[u8], name: &[u8]) -> bool {
    // States are positions in the pattern; each byte of the name moves all of them.
    let mut states = vec![false; pattern.len() + 1];
    states[0] = true;
    let close = |states: &mut Vec<bool>| {
        for at in 0..pattern.len() {
            if states[at] && pattern[at] == b'*' {
                states[at + 1] = true;
                if pattern[at..].starts_with(b"**/") {
                    states[at + 3] = true;
                }
            }
        }
    };
    close(&mut states);
    for byte in name {
        let mut next = vec![false; pattern.len() + 1];
        for at in 0..pattern.len() {
            if !states[at] {
                continue;
            }
            let double = pattern[at..].starts_with(b"**") || (at > 0 && pattern[at - 1..].starts_with(b"**"));
            match pattern[at] {
                b'*' if double || *byte != b'/' => next[at] = true,
                b'?' if *byte != b'/' => next[at + 1] = true,
                known if known == *byte && known != b'*' => next[at + 1] = true,
                _ => {}
            }
        }
        states = next;
        close(&mut states);
    }
    states[pattern.len()]
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn globs() {
        let check = |pattern: &str, name: &str| matches(pattern.as_bytes(), name.as_bytes());
        assert!(check("*.py", "a.py") && !check("*.py", "x/a.py"));
        assert!(check("**/*.py", "a.py") && check("**/*.py", "x/y/a.py") && check("**", "x/y"));
        assert!(check("a?.{js,ts}", "ab.ts") && !check("a?.{js,ts}", "ab.py"));
    }
}
