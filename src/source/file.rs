//! The files of one scan: each read once, decoded, and addressed by a [`FileId`].

use super::{FileId, Location, Span, decode::decode};
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// The largest file that is read: 256 MB.
const MAX_BYTES: u64 = 256_000_000;

/// One decoded file.
#[derive(Debug)]
pub struct SourceFile {
    /// Its index.
    pub id: FileId,
    /// Path relative to the repository's root, with `/`.
    pub path: Arc<str>,
    /// The text, without a byte-order mark.
    pub text: String,
    line_starts: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// A file with a text.
    pub fn new(id: FileId, path: Arc<str>, text: String) -> Self {
        Self { id, path, text, line_starts: OnceLock::new() }
    }

    /// The span as lines and columns.
    pub fn location(&self, span: Span) -> Location {
        let (start_line, start_column) = self.position(span.start);
        let (end_line, end_column) = self.position(span.end);
        Location { path: self.path.clone(), start_line, start_column, end_line, end_column }
    }

    /// Line and column, both from 1, of a byte offset; an offset inside a character counts as its start.
    pub fn position(&self, offset: u32) -> (u32, u32) {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let from = starts[line] as usize;
        let mut to = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(to) {
            to -= 1;
        }
        let column = self.text[from..to.max(from)].chars().count();
        (narrow(line) + 1, narrow(column) + 1)
    }

    /// The text of a line (from 1) without its line break; empty past the end.
    pub fn line(&self, number: u32) -> &str {
        let starts = self.line_starts();
        let index = (number as usize).saturating_sub(1);
        let Some(start) = starts.get(index) else {
            return "";
        };
        let end = starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        self.text[*start as usize..end].trim_end_matches(['\n', '\r'])
    }

    /// Byte offset of each line's first character; CR, LF and CRLF end a line.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let mut starts = vec![0];
            for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
                let crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
                if !crlf {
                    starts.push(narrow(at + 1));
                }
            }
            starts
        })
    }
}

/// Why a file could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The path leads above the repository's root; it was not read.
    #[error("lies outside the repository and is not read")]
    Outside,
    /// There is no such file.
    #[error("does not exist")]
    Missing,
    /// The file is there and could not be read.
    #[error("cannot be read: {0}")]
    Io(String),
    /// The file is larger than the bound.
    #[error("is larger than 256 MB and was not read")]
    TooLarge,
    /// The file is no text.
    #[error("{0}")]
    Text(String),
}

/// All files of one scan, below one root. Files that a template names are read on demand.
#[derive(Debug)]
pub struct Sources {
    root: PathBuf,
    inner: RwLock<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    files: Vec<Arc<SourceFile>>,
    by_path: HashMap<Arc<str>, Result<FileId, OpenError>>,
    walked: BTreeMap<Arc<str>, u64>,
}

impl Sources {
    /// An empty set below `root`, the directory that all paths are relative to.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self { root: root.canonicalize().unwrap_or(root), inner: RwLock::default() }
    }

    /// A set of files held in memory, for tests and for text that comes from elsewhere.
    pub fn in_memory<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let sources = Self { root: PathBuf::from("/nonexistent"), inner: RwLock::default() };
        for (path, text) in files {
            sources.add(path, text.to_owned());
            sources.note_walked(path.into(), text.len() as u64);
        }
        sources
    }

    /// The directory that all paths are relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file of an id that this set gave out.
    pub fn get(&self, id: FileId) -> Arc<SourceFile> {
        self.read().files[id.0 as usize].clone()
    }

    /// The location of a span.
    pub fn location(&self, span: Span) -> Location {
        self.get(span.file).location(span)
    }

    /// Reads the file at a path relative to the root (`/` as separator; `.` and `..` are folded).
    pub fn open(&self, relative: &str) -> Result<Arc<SourceFile>, OpenError> {
        let path = normalize(relative).ok_or(OpenError::Outside)?;
        {
            // One guard for both look-ups: a second one could wait for a writer that waits for the first.
            let inner = self.read();
            if let Some(known) = inner.by_path.get(path.as_str()) {
                return known.clone().map(|id| inner.files[id.0 as usize].clone());
            }
        }
        let text = self.load(&path);
        self.insert(path.into(), text)
    }

    /// Adds a text that does not come from the root's disk, such as an account's snapshot kept elsewhere.
    pub fn add(&self, path: &str, text: String) -> Arc<SourceFile> {
        let added = self.insert(path.into(), Ok(text));
        added.unwrap_or_else(|_| self.get(FileId(0)))
    }

    /// Number of files that were read.
    pub fn len(&self) -> usize {
        self.read().files.len()
    }

    /// Whether the walk met no file.
    pub fn is_empty(&self) -> bool {
        self.read().walked.is_empty()
    }

    /// Whether the walk met this file.
    pub fn is_walked(&self, path: &str) -> bool {
        self.read().walked.contains_key(path)
    }

    /// The files that the walk met below a folder (`""` is the root), in order, with their sizes in bytes.
    pub fn walked_under(&self, folder: &str) -> Vec<(Arc<str>, u64)> {
        let inner = self.read();
        let prefix = if folder.is_empty() { String::new() } else { format!("{}/", folder.trim_end_matches('/')) };
        inner
            .walked
            .range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded))
            .take_while(|(path, _)| path.starts_with(prefix.as_str()))
            .map(|(path, size)| (path.clone(), *size))
            .collect()
    }

    /// The folder that all walked files share, with a `/` at its end; empty for the root.
    pub fn walked_base(&self) -> String {
        let inner = self.read();
        let (Some((first, _)), Some((last, _))) = (inner.walked.first_key_value(), inner.walked.last_key_value())
        else {
            return String::new();
        };
        // In sorted order what the first and the last share is what all share.
        let shared = first.bytes().zip(last.bytes()).take_while(|(a, b)| a == b).count();
        let folder = first.as_bytes()[..shared].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        first[..folder].to_owned()
    }

    /// Whether a file is there: met by the walk, read already, or on disk below the root.
    pub fn exists(&self, relative: &str) -> bool {
        let Some(path) = normalize(relative) else {
            return false;
        };
        {
            let inner = self.read();
            if inner.walked.contains_key(path.as_str()) {
                return true;
            }
            if let Some(known) = inner.by_path.get(path.as_str()) {
                return known.is_ok();
            }
        }
        self.inside(&path).is_some_and(|full| full.is_file())
    }

    /// The file names directly inside a folder, sorted, folders with a trailing `/`; empty where there is none.
    pub fn list(&self, folder: &str) -> Vec<String> {
        let Some(folder) = normalize(folder) else {
            return Vec::new();
        };
        let mut names: Vec<String> = self
            .inside(&folder)
            .and_then(|full| std::fs::read_dir(full).ok())
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                if entry.path().is_dir() { name + "/" } else { name }
            })
            .collect();
        let prefix = if folder.is_empty() { 0 } else { folder.len() + 1 };
        for (path, _) in self.walked_under(&folder) {
            let rest = &path[prefix..];
            names.push(rest.find('/').map_or(rest, |slash| &rest[..=slash]).to_owned());
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    pub(super) fn note_walked(&self, path: Arc<str>, size: u64) {
        self.write().walked.insert(path, size);
    }

    pub(super) fn forget_walked(&self, out: &dyn Fn(&str) -> bool) {
        self.write().walked.retain(|path, _| !out(path));
    }

    fn insert(&self, path: Arc<str>, text: Result<String, OpenError>) -> Result<Arc<SourceFile>, OpenError> {
        let mut inner = self.write();
        if let Some(known) = inner.by_path.get(&path) {
            return known.clone().map(|id| inner.files[id.0 as usize].clone());
        }
        let entry = text.map(|text| {
            let id = FileId(narrow(inner.files.len()));
            let file = SourceFile::new(id, path.clone(), text);
            inner.files.push(Arc::new(file));
            id
        });
        inner.by_path.insert(path, entry.clone());
        entry.map(|id| inner.files[id.0 as usize].clone())
    }

    fn load(&self, path: &str) -> Result<String, OpenError> {
        let full = self.inside(path).ok_or(OpenError::Outside)?;
        let metadata = std::fs::metadata(&full).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => OpenError::Missing,
            _ => OpenError::Io(error.to_string()),
        })?;
        if !metadata.is_file() {
            return Err(OpenError::Missing);
        }
        if metadata.len() > MAX_BYTES {
            return Err(OpenError::TooLarge);
        }
        let bytes = std::fs::read(&full).map_err(|error| OpenError::Io(error.to_string()))?;
        decode(bytes).map_err(OpenError::Text)
    }

    /// The path on disk, unless a symbolic link leads it out of the root.
    fn inside(&self, path: &str) -> Option<PathBuf> {
        let full = self.root.join(path);
        match full.canonicalize() {
            Ok(real) => real.starts_with(&self.root).then_some(full),
            Err(_) => Some(full),
        }
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Inner> {
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Folds `.` and `..`; `None` where the path would leave the root or is absolute.
pub fn normalize(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let path = path.replace('\\', "/");
    if path.starts_with('/') {
        return None;
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

fn narrow(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{OpenError, Sources, normalize};
    use crate::source::Span;

    #[test]
    fn positions_count_code_points_and_all_line_breaks() {
        let sources = Sources::in_memory([("a", "x\r\n\u{1f600}yz\rw\n")]);
        let file = sources.open("a").unwrap();
        let z = file.text.find('z').unwrap();
        let location = file.location(Span::new(file.id, z, z + 1));
        assert_eq!((location.start_line, location.start_column, location.end_column), (2, 3, 4));
        assert_eq!(file.line(2), "\u{1f600}yz");
        assert_eq!(file.line(3), "w");
        assert_eq!(file.line(9), "");
    }

    #[test]
    fn threads_open_files_side_by_side() {
        let sources = Sources::new("/nonexistent");
        sources.add("known", "x".into());
        std::thread::scope(|scope| {
            scope.spawn(|| (0..20_000).for_each(|n| drop(sources.open(&format!("missing{n}")))));
            scope.spawn(|| (0..200_000).for_each(|_| drop(sources.open("known").unwrap())));
        });
        assert!(sources.open("known").is_ok());
    }

    #[test]
    fn nothing_above_the_root_is_read() {
        let sources = Sources::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(sources.open("src/../../x").unwrap_err(), OpenError::Outside);
        assert_eq!(sources.open("/etc/passwd").unwrap_err(), OpenError::Outside);
        assert_eq!(sources.open("no-such-file").unwrap_err(), OpenError::Missing);
        assert!(sources.open("./src/../Cargo.toml").is_ok());
        assert_eq!(normalize("a/./b/../c"), Some("a/c".into()));
    }
}
