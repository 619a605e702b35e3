//! The tables of `data/`, which are part of the program: lines, rows of cells between tabs, large ones packed with zstd.

use std::io::Read;
use std::str::Split;

/// Decodes a packed table.
///
/// The bytes are compiled in, so a failure is a broken build; the text is then empty, and the tests of every table
/// would say so.
pub fn unpack(packed: &[u8]) -> String {
    let mut text = String::new();
    if let Ok(mut decoder) = ruzstd::decoding::StreamingDecoder::new(packed)
        && decoder.read_to_string(&mut text).is_err()
    {
        text.clear();
    }
    text
}

/// The lines of a table but for comments, which begin with `#`.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// The lines of a table as rows.
pub fn rows(text: &str) -> impl Iterator<Item = Row<'_>> {
    lines(text).map(row)
}

/// A line as a row.
pub fn row(line: &str) -> Row<'_> {
    Row(line.split('\t'))
}

/// The cells of one row, read from left to right.
#[derive(Debug, Clone)]
pub struct Row<'a>(Split<'a, char>);

impl<'a> Row<'a> {
    /// The next cell; empty behind the last one.
    pub fn cell(&mut self) -> &'a str {
        self.0.next().unwrap_or_default()
    }

    /// The next cells.
    pub fn cells<const N: usize>(&mut self) -> [&'a str; N] {
        std::array::from_fn(|_| self.cell())
    }
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn comments_are_no_rows_and_missing_cells_are_empty() {
        let mut read = rows("# of 2026\nname\t\tthird\nalone\n");
        assert_eq!(read.next().unwrap().cells(), ["name", "", "third", ""]);
        assert_eq!(read.next().unwrap().cells(), ["alone", ""]);
        assert!(read.next().is_none());
    }
}
