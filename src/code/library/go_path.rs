//! Paths of Go's packages and their members.

/// A package's path and what follows it: `net/http.Client.Do` is `net/http` and `Client.Do`.
pub(super) fn split(path: &str) -> (&str, &str) {
    let from = path.rfind('/').map_or(0, |slash| slash + 1);
    let dot = path.get(from..).and_then(|last| last.find('.')).map(|at| from + at);
    dot.and_then(|dot| Some((path.get(..dot)?, path.get(dot + 1..)?))).unwrap_or((path, ""))
}
