//! Where each line of a literal block stands in its file, so that code inside a template can be pointed at.

use crate::source::{SourceFile, Span};

/// The byte offset in `file` at which each line of `text` starts, where `span` is a literal block (`|`).
///
/// `text` is the block's decoded text; it may have values put in for `${…}` as long as its lines stay. `None` for
/// every other style (folded, quoted, plain, JSON), whose text does not stand in the file line by line.
pub fn content_lines(file: &SourceFile, span: Span, text: &str) -> Option<Vec<u32>> {
    let start = usize::try_from(span.start).ok()?;
    let before = file.text.get(..start)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let indent = start - line_start;
    let (blank, is_literal) = header(&before[..line_start]);
    if !is_literal || !before[line_start..].bytes().all(|byte| byte == b' ') {
        return None;
    }
    let mut offsets = Vec::new();
    let mut at = blank;
    for _ in text.split_inclusive('\n') {
        let rest = file.text.get(at..)?;
        let line = rest.split_inclusive('\n').next().unwrap_or_default();
        let content = line.trim_end_matches(['\n', '\r']);
        offsets.push(u32::try_from(at + indent.min(content.len())).ok()?);
        at += line.len();
    }
    Some(offsets)
}

/// Where the first line after a block's header starts, and whether the header is a literal block's.
/// `before` is the text up to the first line that is not blank.
fn header(before: &str) -> (usize, bool) {
    let mut end = before.len();
    for line in before.split_inclusive('\n').rev() {
        let content = line.trim();
        if !content.is_empty() {
            let content = content.split(" #").next().unwrap_or_default();
            let token = content.split_ascii_whitespace().next_back().unwrap_or_default();
            let is_literal = token.strip_prefix('|').is_some_and(|rest| {
                rest.len() <= 2 && rest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+'))
            });
            return (end, is_literal);
        }
        end -= line.len();
    }
    (end, false)
}
