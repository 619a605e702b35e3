//! What a file that does not parse is made of, so that a block that is not understood costs only itself.

use std::ops::Range;

/// What a file that does not parse is made of: its top-level blocks, comments and line breaks inside brackets.
pub(super) struct Marks {
    /// The top-level blocks.
    pub(super) blocks: Vec<Range<usize>>,
    comments: Vec<Range<usize>>,
    breaks: Vec<usize>,
}

impl Marks {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut marks = Self { blocks: Vec::new(), comments: Vec::new(), breaks: Vec::new() };
        let (mut at, mut depth, mut start) = (0, 0_usize, 0);
        while let Some(byte) = bytes.get(at) {
            let rest = &bytes[at..];
            match byte {
                b'#' => at = marks.comment(at, line_end(bytes, at)),
                b'/' if rest.starts_with(b"//") => at = marks.comment(at, line_end(bytes, at)),
                b'/' if rest.starts_with(b"/*") => {
                    let end = memchr::memmem::find(rest, b"*/").map_or(bytes.len(), |found| at + found + 2);
                    at = marks.comment(at, end);
                }
                b'"' => at = string_end(bytes, at),
                b'<' if rest.starts_with(b"<<") => at = heredoc_end(bytes, at),
                b'{' | b'[' | b'(' => (depth, at) = (depth + 1, at + 1),
                b'}' | b']' | b')' => (depth, at) = (depth.saturating_sub(1), at + 1),
                b'\n' => {
                    at += 1;
                    if depth > 0 {
                        marks.breaks.push(at - 1);
                    } else {
                        marks.blocks.push(start..at);
                        start = at;
                    }
                }
                _ => at += 1,
            }
        }
        if start < bytes.len() {
            marks.blocks.push(start..bytes.len());
        }
        marks
    }

    fn comment(&mut self, start: usize, end: usize) -> usize {
        self.comments.push(start..end);
        end
    }

    /// The text with the line breaks around `?`, `:`, `&&` and `||` inside brackets replaced by spaces, which the
    /// parser refuses inside `{ for … }` and Terraform takes; every byte keeps its offset.
    pub(super) fn join_lines(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for range in &self.comments {
            for byte in &mut bytes[range.clone()] {
                if *byte != b'\n' && *byte != b'\r' {
                    *byte = b' ';
                }
            }
        }
        for at in &self.breaks {
            let before = bytes[..*at].trim_ascii_end();
            let after = bytes[*at..].trim_ascii_start();
            let continues = [&b"?"[..], b":", b"&&", b"||"];
            if continues.iter().any(|sign| before.ends_with(sign) || after.starts_with(sign)) {
                bytes[*at] = b' ';
                if *at > 0 && bytes[*at - 1] == b'\r' {
                    bytes[*at - 1] = b' ';
                }
            }
        }
        String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
    }
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |found| at + found)
}

/// One past the closing quote; an interpolation may hold strings of its own.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    let mut braces: Vec<bool> = Vec::new();
    let mut quoted = true;
    while let Some(byte) = bytes.get(at) {
        match (byte, quoted) {
            (b'\\', true) => at += 1,
            (b'"', true) => match braces.last() {
                None => return at + 1,
                Some(_) => quoted = false,
            },
            (b'\n', _) if braces.is_empty() => return at,
            (b'$' | b'%', true) if bytes.get(at + 1) == Some(&b'{') => {
                braces.push(true);
                quoted = false;
                at += 1;
            }
            (b'"', false) => quoted = true,
            (b'{', false) => braces.push(false),
            (b'}', false) => quoted = braces.pop().unwrap_or(true),
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// One past the line with the closing word; two bytes on where `<<` opens no heredoc.
fn heredoc_end(bytes: &[u8], at: usize) -> usize {
    let line = line_end(bytes, at);
    let word = bytes[at + 2..line].trim_ascii();
    let word = word.strip_prefix(b"-").unwrap_or(word);
    if word.is_empty() || !word.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'-') {
        return at + 2;
    }
    let mut from = line;
    while from < bytes.len() {
        let start = from + 1;
        let end = line_end(bytes, start.min(bytes.len()));
        if bytes.get(start..end).is_some_and(|text| text.trim_ascii() == word) {
            return end;
        }
        from = end.max(start);
    }
    bytes.len()
}
