//! Which code belongs to which function.

use super::CodeFile;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// All code that was read, and whose it is.
#[derive(Debug, Clone, Default)]
pub struct Code {
    /// Code files by path.
    pub files: BTreeMap<Arc<str>, CodeFile>,
    /// For each function, by index of its project and its resource id.
    pub functions: HashMap<(usize, Arc<str>), FunctionCode>,
    /// The files that code rules are asked of: in a function's code folder, imported from a handler, or all
    /// where the scan has no infrastructure; without test folders and test-named files.
    pub judged: BTreeSet<Arc<str>>,
    /// Other files that may be a function's code, as it is not known where that lies; with the reason.
    pub doubtful: BTreeMap<Arc<str>, Arc<str>>,
}

/// The code of one function.
#[derive(Debug, Clone)]
pub struct FunctionCode {
    /// The handler's file and everything of the repository that it imports, by path; the handler's file first.
    pub files: Vec<Arc<str>>,
    /// The calls that the handler reaches: file and index into that file's `calls`. Functions of these files that
    /// neither the handler nor any top level leads to are left out, so that handlers sharing a file keep their own needs.
    pub calls: Vec<(Arc<str>, u32)>,
    /// The calls that it may reach besides: those of classes of which one stands behind an interface, it is not seen which.
    pub perhaps: Vec<(Arc<str>, u32)>,
    /// Whether the handler was found.
    pub state: CodeState,
}

/// Whether a function's code was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeState {
    /// It was.
    Read,
    /// It was, but something in it is not understood: the reason.
    Partly(Arc<str>),
    /// It was, but something in it calls AWS in ways that are not followed: it may need more than its calls say.
    Open(Arc<str>),
    /// It was not: the reason.
    Unread(Arc<str>),
}
