//! One line of source as it is shown: without secrets, and cut to a window around what matters.

use super::redact;
use crate::finding::Finding;
use std::collections::BTreeSet;
use std::ops::Range;

/// A shown line and the stretches of it that are underlined.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The line, or a window of it.
    pub(super) text: String,
    /// Bytes of `text`.
    pub(super) spans: Vec<Range<usize>>,
}

/// Lines longer than this many bytes are not searched for the quotes that a secret stands in.
const LONGEST_SEARCHED: usize = 16_384;

/// What marks a cut.
const CUT: &str = "...";

/// The line with its secrets replaced, in at most `width` columns around the first span.
///
/// `columns` are pairs of code points from 1, the end exclusive; an end at or before its start is widened to one.
pub(super) fn excerpt(line: &str, columns: &[(u32, u32)], secret: Secrecy, width: usize) -> Excerpt {
    let spans: Vec<Range<usize>> = columns.iter().map(|columns| bytes(line, *columns)).collect();
    let (text, spans) = match secret {
        Secrecy::Inside => (redact::hidden(line), vec![0..0; spans.len()]),
        Secrecy::Holds if line.len() > LONGEST_SEARCHED => (redact::hidden(line), vec![0..0; spans.len()]),
        Secrecy::Holds => redact::known(line, &spans),
        Secrecy::Unknown if line.len() > LONGEST_SEARCHED => neighbourhood(line, &spans),
        Secrecy::Unknown => redact::judged(line, &spans),
    };
    window(&text, &spans, width)
}

/// What is known of the secrets on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secrecy {
    /// Nothing.
    Unknown,
    /// A rule says that one begins here.
    Holds,
    /// One began on an earlier line and goes on.
    Inside,
}

/// The lines that findings of the rules on secrets (`SE…`) cover, by path.
#[derive(Debug, Default)]
pub(super) struct SecretLines<'a> {
    first: BTreeSet<(&'a str, u32)>,
    inside: BTreeSet<(&'a str, u32)>,
}

impl<'a> SecretLines<'a> {
    /// Those of all findings of a report: a line is hidden for every finding that points at it.
    pub(super) fn of(findings: &'a [Finding]) -> Self {
        let mut lines = Self::default();
        for finding in findings.iter().filter(|finding| finding.rule.starts_with("SE")) {
            let place = &finding.location;
            lines.first.insert((&place.path, place.start_line));
            // A secret of more lines than any key file has is cut short, so that a span over a whole file costs little.
            let last = place.end_line.min(place.start_line.saturating_add(1_000));
            lines.inside.extend((place.start_line.saturating_add(1)..=last).map(|line| (&*place.path, line)));
        }
        lines
    }

    /// What is known of a line.
    pub(super) fn on(&self, path: &str, line: u32) -> Secrecy {
        if self.inside.contains(&(path, line)) {
            Secrecy::Inside
        } else if self.first.contains(&(path, line)) {
            Secrecy::Holds
        } else {
            Secrecy::Unknown
        }
    }
}

fn bytes(line: &str, (start, end): (u32, u32)) -> Range<usize> {
    let mut offsets = line.char_indices().map(|(offset, _)| offset).skip(start.saturating_sub(1) as usize);
    let from = offsets.next().unwrap_or(line.len());
    let more = (end.saturating_sub(start)).max(1) as usize;
    let to = offsets.nth(more - 1).unwrap_or(line.len());
    from..to
}

/// A stretch of a very long line that is cheap to search, its secrets replaced.
fn neighbourhood(line: &str, spans: &[Range<usize>]) -> (String, Vec<Range<usize>>) {
    let first = spans.first().cloned().unwrap_or(0..0);
    let from = line.floor_char_boundary(first.start.saturating_sub(LONGEST_SEARCHED / 2));
    let to = line.ceil_char_boundary(first.start.saturating_add(LONGEST_SEARCHED / 2).min(line.len()));
    let inside = |offset: usize| offset.clamp(from, to) - from;
    let moved: Vec<Range<usize>> = spans.iter().map(|span| inside(span.start)..inside(span.end)).collect();
    let (text, moved) = redact::judged(&line[from..to], &moved);
    let mark = |at: bool| if at { CUT } else { "" };
    let shift = mark(from > 0).len();
    let spans = moved.iter().map(|span| span.start + shift..span.end + shift).collect();
    (format!("{}{text}{}", mark(from > 0), mark(to < line.len())), spans)
}

/// Cuts a line to `width` characters, a quarter of them before the first span.
fn window(text: &str, spans: &[Range<usize>], width: usize) -> Excerpt {
    let width = width.max(20);
    let length = text.chars().count();
    if length <= width {
        return Excerpt { text: text.to_owned(), spans: spans.to_vec() };
    }
    let first = spans.first().map_or(0, |span| text[..span.start].chars().count());
    let end = spans.first().map_or(0, |span| text[..span.end].chars().count());
    let from = if end + CUT.len() <= width { 0 } else { first.saturating_sub(width / 4).min(length - width) };
    let to = (from + width).min(length);
    let before = if from > 0 { CUT } else { "" };
    let after = if to < length { CUT } else { "" };
    let at = |character: usize| text.char_indices().nth(character).map_or(text.len(), |(offset, _)| offset);
    let (low, high) = (at(from + before.len()), at(to - after.len()));
    let inside = |offset: usize| offset.clamp(low, high) - low + before.len();
    let spans = spans.iter().map(|span| inside(span.start)..inside(span.end)).collect();
    Excerpt { text: format!("{before}{}{after}", &text[low..high]), spans }
}

#[cfg(test)]
mod tests {
    use super::{Excerpt, Secrecy, excerpt};

    fn shown(line: &str, columns: (u32, u32), width: usize) -> (String, String) {
        let Excerpt { text, spans } = excerpt(line, &[columns], Secrecy::Unknown, width);
        let marked = text[spans[0].clone()].to_owned();
        (text, marked)
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        assert_eq!(shown("é = wide", (5, 9), 40), ("é = wide".into(), "wide".into()));
        assert_eq!(shown("", (1, 1), 40), (String::new(), String::new()));
        assert_eq!(shown("ab", (9, 12), 40), ("ab".into(), String::new()));
    }

    #[test]
    fn a_long_line_is_a_window_around_the_span() {
        let line = format!("{}needle{}", "x".repeat(5_000), "y".repeat(5_000));
        let (text, marked) = shown(&line, (5_001, 5_007), 60);
        assert_eq!(text.chars().count(), 60);
        assert!(text.starts_with("...x") && text.ends_with("y..."));
        assert_eq!(marked, "needle");
        let huge = format!("{}needle{}", "é".repeat(500_000), "ü".repeat(500_000));
        let (text, marked) = shown(&huge, (500_001, 500_007), 60);
        assert_eq!((text.chars().count(), marked.as_str()), (60, "needle"));
    }

    #[test]
    fn a_span_beyond_the_window_ends_with_it() {
        let line = "z".repeat(500);
        let (text, marked) = shown(&line, (1, 400), 50);
        assert_eq!((text.len(), marked.len()), (50, 47));
        let (text, marked) = shown(&line, (490, 500), 50);
        assert!(text.starts_with("...z") && text.ends_with("zz"));
        assert_eq!(marked.len(), 10);
    }

    #[test]
    fn a_secret_is_never_shown() {
        let line = "token: plainwordsthatnobodyjudges";
        let shown = |secrecy| excerpt(line, &[(8, 34)], secrecy, 80).text;
        assert_eq!(shown(Secrecy::Holds), "token: [hidden, 26 characters]");
        assert_eq!(shown(Secrecy::Inside), "[hidden, 33 characters]");
        let long = format!("{}{line}", " ".repeat(20_000));
        assert!(!excerpt(&long, &[(20_008, 20_034)], Secrecy::Holds, 80).text.contains("plain"));
    }
}
