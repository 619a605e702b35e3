//! The accounts of a scan: saved ones, and the live one where this build can reach it.

#[cfg(not(feature = "live"))]
use super::ProblemKind;
use super::{Problem, Snapshot};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The snapshots that a scan names, the live one first, and what of them could not be read.
///
/// `accounts` are folders or files of saved accounts; `save` is where the live one is kept. An account that is missing
/// from the answer, or whose snapshot has no details ([`Snapshot::has_details`]), could not be read: the problems say
/// why.
pub fn obtain(live: bool, accounts: &[PathBuf], save: Option<&Path>) -> (Vec<Snapshot>, Vec<Problem>) {
    let mut snapshots = Vec::new();
    let mut problems = Vec::new();
    if live {
        match (from_live(), save) {
            (Ok(snapshot), Some(folder)) => snapshots.push(kept(snapshot, folder, &mut problems)),
            (Ok(snapshot), None) => snapshots.push(snapshot),
            (Err(problem), _) => problems.push(problem),
        }
    }
    let mut seen = BTreeSet::new();
    for path in accounts {
        if !seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())) {
            continue;
        }
        match Snapshot::read(path) {
            Ok(snapshot) => snapshots.push(snapshot),
            Err(problem) => problems.push(problem),
        }
    }
    problems.extend(snapshots.iter().flat_map(Snapshot::problems));
    (snapshots, problems)
}

/// The snapshot as read back from the folder, or as it is in memory where the folder cannot be written.
fn kept(snapshot: Snapshot, folder: &Path, problems: &mut Vec<Problem>) -> Snapshot {
    match snapshot.write(folder).and_then(|()| Snapshot::read(folder)) {
        Ok(read) => read,
        Err(problem) => {
            problems.push(problem);
            snapshot
        }
    }
}

#[cfg(feature = "live")]
fn from_live() -> Result<Snapshot, Problem> {
    super::live::snapshot(&super::live::LiveOptions::default())
}

#[cfg(not(feature = "live"))]
fn from_live() -> Result<Snapshot, Problem> {
    let message = "this build cannot reach a live account: build leastwise with the cargo feature `live`";
    Err(Problem::new(ProblemKind::Config, message))
}
