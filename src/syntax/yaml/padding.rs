//! Text with spaces put in where a quoted string continues left of its key, and the way back to the file's bytes.
//!
//! CloudFormation takes such strings, YAML 1.2 does not; leading spaces of a continued line do not count in either.

use std::borrow::Cow;

/// Enough to be right of any key that people write.
const SPACES: usize = 200;

/// A text and where spaces were put into it.
#[derive(Debug)]
pub(super) struct Padded<'a> {
    text: Cow<'a, str>,
    /// Offsets in `text` of each run of spaces, in order.
    runs: Vec<usize>,
}

impl<'a> Padded<'a> {
    /// The text as it is.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), runs: Vec::new() }
    }

    /// The text to parse.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The offset in the file of an offset in the parsed text; one inside added spaces is their place.
    pub(super) fn original(&self, offset: usize) -> usize {
        let before = self.runs.partition_point(|run| *run < offset);
        let inside = self.runs.get(before.wrapping_sub(1)).map_or(0, |run| (run + SPACES).saturating_sub(offset));
        offset - (before * SPACES - inside.min(SPACES))
    }

    /// Moves the line at `offset`, and those after it up to the next quote, to the right: no quoted string ends before.
    /// False where the line was moved already.
    pub(super) fn pad(&mut self, offset: usize) -> bool {
        let Some(before) = self.text.get(..offset) else { return false };
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        if self.runs.binary_search(&start).is_ok() {
            return false;
        }
        let rest = &self.text[start..];
        let quote = rest.find(['"', '\'']).unwrap_or(rest.len());
        let end = rest[quote..].find('\n').map_or(rest.len(), |at| quote + at + 1);
        let mut moved = String::with_capacity(self.text.len() + SPACES * 8);
        moved.push_str(&self.text[..start]);
        let mut added = Vec::new();
        for line in rest[..end].split_inclusive('\n') {
            if !line.trim().is_empty() {
                added.push(moved.len());
                moved.extend(std::iter::repeat_n(' ', SPACES));
            }
            moved.push_str(line);
        }
        moved.push_str(&rest[end..]);
        let later = self.runs.partition_point(|run| *run < start);
        let grown = added.len() * SPACES;
        self.runs.iter_mut().skip(later).for_each(|run| *run += grown);
        self.runs.splice(later..later, added);
        self.text = Cow::Owned(moved);
        true
    }
}
