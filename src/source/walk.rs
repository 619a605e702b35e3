//! Walks the paths of a scan, with .gitignore honoured and vendored folders left out and counted.

use super::folder::{Exclude, lies_above};
use super::{Problem, ProblemKind, Sources};
use ignore::gitignore::Gitignore;
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Folders that are never entered: version control, build output, installed packages.
const LEFT_OUT: &[&str] = &[
    ".git",
    ".aws-sam",
    ".serverless",
    ".terraform",
    "node_modules",
    "site-packages",
    ".venv",
    "venv",
    "__pycache__",
    "target",
];

/// What a walk brought.
#[derive(Debug)]
pub struct Collected {
    /// The files.
    pub sources: Sources,
    /// Number of folders that were left out by name.
    pub skipped: usize,
}

/// The directory that paths are relative to: the nearest ancestor with `.git` of what all `paths` share, else that.
pub fn root_of(paths: &[PathBuf]) -> PathBuf {
    let mut shared: Option<PathBuf> = None;
    for path in paths {
        let full = path.canonicalize().unwrap_or_else(|_| path.clone());
        let folder = if full.is_dir() { full } else { full.parent().map_or_else(PathBuf::new, Path::to_path_buf) };
        shared = Some(match shared {
            None => folder,
            Some(before) => {
                before.components().zip(folder.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
            }
        });
    }
    let shared = shared.unwrap_or_else(|| PathBuf::from("."));
    shared.ancestors().find(|folder| folder.join(".git").exists()).map_or(shared.clone(), Path::to_path_buf)
}

/// Walks `paths` below `root`; files that `exclude` matches are not judged.
///
/// A path that is a file is taken as it is, whatever .gitignore says. The order of the result does not hang on
/// the number of threads.
pub fn collect(root: &Path, paths: &[PathBuf], exclude: &[Exclude]) -> (Collected, Vec<Problem>) {
    let sources = Sources::new(root);
    let mut faults = Vec::new();
    let exclude: Arc<[Gitignore]> = exclude.iter().map(|exclude| matcher(exclude, &sources, &mut faults)).collect();
    let skipped = AtomicUsize::new(0);
    let problems = Mutex::new(faults);
    for path in paths {
        let full = path.canonicalize().unwrap_or_else(|_| path.clone());
        walk(&sources, &full, true, &exclude, &skipped, &problems);
        // A cloud assembly is build output, but it is what gets deployed.
        for assembly in assemblies(&sources, &full) {
            walk(&sources, &assembly, false, &exclude, &skipped, &problems);
        }
    }
    let mut problems = problems.into_inner().unwrap_or_else(PoisonError::into_inner);
    problems.sort();
    (Collected { sources, skipped: skipped.into_inner() }, problems)
}

/// Takes what a folder excludes out of the files that the walk met: what its leastwise.toml says is known only then.
pub fn leave_out(sources: &Sources, exclude: &Exclude) -> Vec<Problem> {
    let mut problems = Vec::new();
    let globs = matcher(exclude, sources, &mut problems);
    let out = |path: &str| {
        lies_above(&exclude.folder, path)
            && globs.matched_path_or_any_parents(sources.root().join(path), false).is_ignore()
    };
    sources.forget_walked(&out);
    problems
}

fn matcher(exclude: &Exclude, sources: &Sources, problems: &mut Vec<Problem>) -> Gitignore {
    let (globs, faults) = exclude.matcher(sources.root());
    problems.extend(faults.into_iter().map(|fault| Problem::new(ProblemKind::Config, fault)));
    globs
}

/// Whether `exclude` may hold a glob; the error says what is wrong with it.
pub fn check_glob(glob: &str) -> Result<(), String> {
    let mut overrides = ignore::overrides::OverrideBuilder::new("");
    overrides.add(&format!("!{glob}")).map(drop).map_err(|error| format!("`{glob}` is no glob: {error}"))
}

fn walk(
    sources: &Sources,
    path: &Path,
    honour_ignores: bool,
    exclude: &Arc<[Gitignore]>,
    skipped: &AtomicUsize,
    problems: &Mutex<Vec<Problem>>,
) {
    let mut builder = WalkBuilder::new(path);
    builder.hidden(false).require_git(false).ignore(honour_ignores).git_ignore(honour_ignores);
    builder.git_global(false).git_exclude(honour_ignores).parents(honour_ignores).threads(rayon::current_num_threads());
    let named = path.to_path_buf();
    // Counted here and not in the walk below: the filter is what keeps the walker from entering.
    let counter: Arc<AtomicUsize> = Arc::default();
    let counting = counter.clone();
    let exclude = exclude.clone();
    builder.filter_entry(move |entry| {
        // A path that is named is taken as it is.
        if entry.path() == named {
            return true;
        }
        if is_left_out(entry) {
            counting.fetch_add(1, Ordering::Relaxed);
            return false;
        }
        let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        !exclude
            .iter()
            .any(|globs| entry.path().starts_with(globs.path()) && globs.matched(entry.path(), folder).is_ignore())
    });
    builder.build_parallel().run(|| {
        Box::new(|entry| {
            match entry {
                Ok(entry) => note(sources, &entry),
                Err(error) => {
                    let problem = Problem::new(ProblemKind::Io, format!("a folder cannot be read: {error}"));
                    problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
                }
            }
            WalkState::Continue
        })
    });
    skipped.fetch_add(counter.load(Ordering::Relaxed), Ordering::Relaxed);
}

fn is_left_out(entry: &DirEntry) -> bool {
    let directory = entry.file_type().is_some_and(|kind| kind.is_dir());
    directory && entry.file_name().to_str().is_some_and(|name| LEFT_OUT.contains(&name))
}

fn note(sources: &Sources, entry: &DirEntry) {
    let file = entry.file_type().is_some_and(|kind| kind.is_file() || kind.is_symlink());
    let Some(relative) = file.then(|| relative(sources.root(), entry.path())).flatten() else { return };
    let Ok(metadata) = std::fs::metadata(entry.path()) else { return };
    if metadata.is_file() {
        sources.note_walked(relative.into(), metadata.len());
    }
}

/// The `cdk.out` folders beside walked files that .gitignore kept out.
fn assemblies(sources: &Sources, path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    if path.is_dir() {
        let manifests =
            sources.walked_under("").into_iter().filter(|(path, _)| path.rsplit('/').next() == Some("cdk.json"));
        for (manifest, _) in manifests {
            let folder = sources.root().join(&*manifest).with_file_name("cdk.out");
            let walked = relative(sources.root(), &folder.join("manifest.json"));
            if folder.is_dir() && !walked.is_some_and(|path| sources.is_walked(&path)) {
                found.push(folder);
            }
        }
    }
    found
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    let inside = path.strip_prefix(root).ok()?;
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{Exclude, collect, leave_out};
    use std::fs;
    use std::path::PathBuf;

    #[test]
    fn ignored_files_and_vendored_folders_are_left_out() {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/test-walk");
        let _ = fs::remove_dir_all(&root);
        for file in ["a/t.yaml", "a/.gitignore", "a/old.yaml", "node_modules/x.js", "b/.hidden/y.json", "b/cdk.json"] {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "old.yaml\ncdk.out").unwrap();
        }
        fs::create_dir_all(root.join("b/cdk.out")).unwrap();
        fs::write(root.join("b/.gitignore"), "cdk.out").unwrap();
        fs::write(root.join("b/cdk.out/manifest.json"), "{}").unwrap();
        let (collected, problems) = collect(
            &root,
            std::slice::from_ref(&root),
            &[Exclude { folder: "b".into(), globs: vec![".hidden".into()] }],
        );
        let paths: Vec<String> = collected.sources.walked_under("").iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(paths, ["a/.gitignore", "a/t.yaml", "b/.gitignore", "b/cdk.json", "b/cdk.out/manifest.json"]);
        assert_eq!((collected.skipped, problems.len()), (1, 0));
        let (named, _) = collect(&root, &[root.join("a/old.yaml")], &[]);
        assert!(named.sources.is_walked("a/old.yaml"));
        assert!(
            leave_out(&collected.sources, &Exclude { folder: "b".into(), globs: vec!["cdk.out".into()] }).is_empty()
        );
        assert!(!collected.sources.is_walked("b/cdk.out/manifest.json") && collected.sources.is_walked("b/cdk.json"));
    }
}
