//! Folders of the repository: which of some lies nearest above a path, and what each of them leaves out.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::Path;

/// What a folder says is not judged.
#[derive(Debug, Clone, Default)]
pub struct Exclude {
    /// The folder, relative to the repository's root; `""` for the root.
    pub folder: String,
    /// Globs as in .gitignore, relative to the folder.
    pub globs: Vec<String>,
}

/// The index of the folder that lies nearest above a path, or is it; `""` lies above everything.
pub fn nearest<'a>(folders: impl IntoIterator<Item = &'a str>, path: &str) -> Option<usize> {
    let above = folders.into_iter().enumerate().filter(|(_, folder)| lies_above(folder, path));
    above.max_by_key(|(_, folder)| folder.len()).map(|(index, _)| index)
}

/// Whether a folder is a path or lies above it.
pub(super) fn lies_above(folder: &str, path: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Exclude {
    /// The globs, ready to be matched below the repository's root; the messages say which are none.
    pub(super) fn matcher(&self, root: &Path) -> (Gitignore, Vec<String>) {
        let mut builder = GitignoreBuilder::new(root.join(&self.folder));
        let mut faults = Vec::new();
        for glob in &self.globs {
            if let Err(error) = builder.add_line(None, glob) {
                faults.push(format!("exclude: `{glob}` is no glob: {error}"));
            }
        }
        (builder.build().unwrap_or_else(|_| Gitignore::empty()), faults)
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_folder_lies_above_or_is_the_path() {
        let folders = ["", "a", "a/b"];
        let of = |path: &str| nearest(folders, path);
        assert_eq!(
            [of("x"), of("a"), of("a/x"), of("a/b/c/x"), of("ab/x")],
            [Some(0), Some(1), Some(1), Some(2), Some(0)]
        );
        assert_eq!(nearest(["a"], "b"), None);
    }
}
