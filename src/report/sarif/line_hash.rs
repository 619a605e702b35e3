//! `primaryLocationLineHash`, the fingerprint by which GitHub code scanning follows a line through edits.
//!
//! The algorithm is GitHub's (codeql-action, src/fingerprints.ts, read 2026-11): for each line a rolling polynomial
//! over the 100 UTF-16 units from its start on, blanks and tabs left out, any line break as LF, 0xFFFF at the end of
//! the file and then zeros; written as `hex:n`, where n counts the lines of the file with the same hash so far.
//! GitHub reads a byte-order mark as a character of line 1, which our texts no longer have.

use std::collections::{BTreeMap, BTreeSet, HashMap};

const BLOCK: usize = 100;
const BASE: u64 = 37;
const END: u16 = 0xFFFF;

/// The hashes of the wanted lines (from 1) of a text; a line beyond its end has none.
pub(super) fn line_hashes(text: &str, wanted: &BTreeSet<u32>) -> BTreeMap<u32, String> {
    let mut lines = Lines { roller: Roller::new(), seen: HashMap::new(), wanted, found: BTreeMap::new() };
    let mut line = 0_u32;
    let mut line_start = true;
    let mut after_cr = false;
    for unit in text.encode_utf16().chain([END]) {
        let blank = unit == u16::from(b' ') || unit == u16::from(b'\t');
        if blank || (after_cr && unit == u16::from(b'\n')) {
            after_cr = false;
            continue;
        }
        after_cr = unit == u16::from(b'\r');
        let unit = if after_cr { u16::from(b'\n') } else { unit };
        lines.leave();
        if line_start {
            line += 1;
            lines.roller.line_at[lines.roller.index] = Some(line);
        }
        line_start = unit == u16::from(b'\n');
        lines.roller.push(unit);
    }
    for _ in 0..BLOCK {
        lines.leave();
        lines.roller.push(0);
    }
    lines.found
}

struct Lines<'a> {
    roller: Roller,
    /// How often each hash has come up.
    seen: HashMap<u64, u32>,
    wanted: &'a BTreeSet<u32>,
    found: BTreeMap<u32, String>,
}

impl Lines<'_> {
    /// A line is complete when its first unit is the next to leave the window.
    fn leave(&mut self) {
        let Some(line) = self.roller.line_at[self.roller.index].take() else {
            return;
        };
        let count = self.seen.entry(self.roller.hash).or_insert(0);
        *count += 1;
        if self.wanted.contains(&line) {
            self.found.insert(line, format!("{:x}:{count}", self.roller.hash));
        }
    }
}

/// The last 100 units, and their polynomial modulo 2^64.
struct Roller {
    window: [u16; BLOCK],
    /// The line that begins at a place of the window.
    line_at: [Option<u32>; BLOCK],
    index: usize,
    hash: u64,
    leaving: u64,
}

impl Roller {
    fn new() -> Self {
        let leaving = (0..BLOCK).fold(1_u64, |power, _| power.wrapping_mul(BASE));
        Self { window: [0; BLOCK], line_at: [None; BLOCK], index: 0, hash: 0, leaving }
    }

    fn push(&mut self, unit: u16) {
        let out = std::mem::replace(&mut self.window[self.index], unit);
        self.hash = self
            .hash
            .wrapping_mul(BASE)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(self.leaving.wrapping_mul(u64::from(out)));
        self.index = (self.index + 1) % BLOCK;
    }
}

#[cfg(test)]
mod tests {
    use super::line_hashes;

    fn hashes(text: &str) -> Vec<String> {
        line_hashes(text, &(1..50).collect()).into_values().collect()
    }

    /// The values are those that GitHub's own implementation gives for these texts.
    #[test]
    fn hashes_are_those_of_github() {
        assert_eq!(hashes(""), ["c129715d7a2bc9a3:1"]);
        let mixed = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
        assert_eq!(hashes(" a\nb\n  \t\tc\n d"), mixed);
        assert_eq!(hashes(" a\r\nb\r  \t\tc\r\n d"), mixed);
    }

    #[test]
    fn equal_lines_are_counted() {
        let found = hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10));
        assert_eq!(found[0], "a7f2ff13bc495cf2:1");
        assert_eq!(found[5], "a7f2ff13bc495cf2:6");
        assert_eq!(found[6], "a7f2ff1481e87703:1");
        assert_eq!(found[10], "c129715d7a2bc9a3:1");
    }

    #[test]
    fn only_wanted_lines_are_kept() {
        let found = line_hashes("a\nb\nc\n", &[2, 9].into());
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), [2]);
    }
}
