//! Paths in expressions to files of the repository.

use crate::infra::Context;
use crate::source::normalize;

/// The file or folder that a path names, relative to the repository's root; `None` where it leads out of it.
///
/// A path is relative to the root module's folder, where Terraform runs; one built with `path.module` or
/// `path.root` starts at the repository's root.
pub(in crate::infra::terraform) fn resolve(path: &str, root: &str, context: &Context<'_>) -> Option<String> {
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
