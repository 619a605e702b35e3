//! Exact reasoning over patterns of `*` and `?`: inclusion, intersection and difference, each with a witness.
//!
//! Every pattern is an automaton whose states are positions in it. All patterns of a question are run side by side
//! over the letters that occur in them and one letter that stands for every other, breadth first, so that the first
//! text found is a shortest one. An empty search is a proof. Letters are bytes; `*` crosses colons, as it does at
//! the end of an ARN's segment (IAM User Guide, "IAM JSON policy elements: Resource", 2026-11).

mod automaton;
mod letters;

pub use automaton::{MAX_STATES, TooLarge, regions, search, search_bytes};
pub use letters::{Form, Glob, Tokens};

/// A shortest text that each of the groups matches (with at least one of its patterns) and none of `outside` does.
///
/// `Ok(None)` proves that there is no such text. A group without patterns matches nothing.
pub fn witness(groups: &[&[&str]], outside: &[&str]) -> Result<Option<String>, TooLarge> {
    let compile = |patterns: &[&str]| patterns.iter().map(|pattern| Glob::pattern(pattern)).collect::<Vec<Glob>>();
    let groups: Vec<Vec<Glob>> = groups.iter().map(|patterns| compile(patterns)).collect();
    let groups: Vec<&[Glob]> = groups.iter().map(Vec::as_slice).collect();
    search(&groups, &compile(outside))
}

/// Whether every text that `inner` matches is matched by one of `outer`.
pub fn includes(outer: &[&str], inner: &[&str]) -> Result<bool, TooLarge> {
    if inner.iter().all(|pattern| outer.iter().any(|other| other == pattern || super::glob::is_all(other))) {
        return Ok(true);
    }
    witness(&[inner], outer).map(|found| found.is_none())
}

/// Whether there is a text that one of `left` and one of `right` match.
pub fn intersects(left: &[&str], right: &[&str]) -> Result<bool, TooLarge> {
    witness(&[left, right], &[]).map(|found| found.is_some())
}

#[cfg(test)]
mod tests;
