//! Paths in expressions to files of the repository.

use crate::infra::Context;
use crate::infra::terraform::instance::World;
use crate::source::{OpenError, Problem, ProblemKind, SourceFile, Span, normalize};
use std::sync::Arc;

/// The file that an expression names; one that lies outside the repository is a problem and is not read.
pub(in crate::infra::terraform) fn open(path: &str, span: Span, world: &World<'_>) -> Option<Arc<SourceFile>> {
    let found = match resolve(path, &world.root, &world.context) {
        Some(found) => world.context.sources.open(&found),
        None => Err(OpenError::Outside),
    };
    if matches!(found, Err(OpenError::Outside)) {
        let message = format!("`{path}` lies outside the repository and was not read");
        world.problem(Problem::at(ProblemKind::Io, &world.context.sources.location(span), message));
    }
    found.ok()
}

/// The file or folder that a path names, relative to the repository's root; `None` where it leads out of it.
///
/// A path is relative to the root module's folder, where Terraform runs; one built with `path.module` or
/// `path.root` starts at the repository's root.
pub(in crate::infra::terraform) fn resolve(path: &str, root: &str, context: &Context<'_>) -> Option<String> {
    if path.starts_with(['/', '~']) {
        return None;
    }
    let from_root = normalize(format!("{root}/{path}").trim_start_matches('/'));
    let from_top = normalize(path);
    let there = |candidate: &Option<String>| {
        candidate.as_ref().is_some_and(|path| context.sources.exists(path) || !context.sources.list(path).is_empty())
    };
    if root.is_empty() || there(&from_root) {
        return from_root;
    }
    let below = path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if there(&from_top) || below { from_top } else { from_root }
}
