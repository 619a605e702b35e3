//! Words that several formats share: what a finding is called, and the counts as one sentence.

use super::content::Summary;
use crate::finding::{Confidence, Finding, Status};
use crate::rule::Severity;
use std::borrow::Cow;

/// The word before a finding: its severity, or `review` or `unknown`.
pub(super) fn grade(finding: &Finding) -> &'static str {
    match finding.status {
        Status::Violated => finding.severity.as_str(),
        Status::Review => "review",
        Status::Unknown => "unknown",
    }
}

/// The message, saying so where the finding is only possible.
pub(super) fn message(finding: &Finding) -> Cow<'_, str> {
    match (finding.status, finding.confidence) {
        (Status::Violated, Confidence::Possible) => Cow::Owned(format!("{} (possible)", finding.message)),
        _ => Cow::Borrowed(&finding.message),
    }
}

/// The counts as one line, the worst first, without those that are zero:
/// `3 findings (1 critical, 2 low), 1 to review; 12 files, 40 resources, 9 functions`.
pub(super) fn counts(summary: &Summary) -> String {
    let by_severity: Vec<String> = Severity::ALL
        .into_iter()
        .filter_map(|severity| summary.by_severity.get(&severity).map(|count| (severity, *count)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {severity}"))
        .collect();
    let total: usize = summary.by_severity.values().sum();
    let mut found = vec![match total {
        0 => "no findings".to_owned(),
        _ => format!("{} ({})", number(total, "finding"), by_severity.join(", ")),
    }];
    let unknown: usize = summary.unknown.values().sum();
    found.extend((summary.review > 0).then(|| format!("{} to review", summary.review)));
    found.extend((unknown > 0).then(|| format!("{unknown} unknown")));
    found.extend((summary.problems > 0).then(|| number(summary.problems, "problem")));
    let mut read = vec![
        number(summary.files, "file"),
        number(summary.resources, "resource"),
        format!("{}{}", number(summary.functions, "function"), understood(summary)),
    ];
    read.extend((summary.skipped > 0).then(|| format!("{} skipped by name", summary.skipped)));
    format!("{}; {}", found.join(", "), read.join(", "))
}

/// ` (2 understood in part, 1 not)`, where not all are understood.
fn understood(summary: &Summary) -> String {
    let (partly, not) = (summary.understood_partly, summary.not_understood);
    match (partly, not) {
        (0, 0) => String::new(),
        (_, 0) => format!(" ({partly} understood in part)"),
        (0, _) => format!(" ({not} not understood)"),
        _ => format!(" ({partly} understood in part, {not} not)"),
    }
}

/// A number and its noun in the singular or plural.
pub(super) fn number(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Breaks text between words into lines of at most `columns` characters, all but the first behind `hang` blanks; a
/// word longer than a line stands alone. Unchanged where `columns` is `None`: the output is no terminal.
pub(super) fn wrapped(text: &str, columns: Option<usize>, hang: usize) -> String {
    let Some(columns) = columns else {
        return text.to_owned();
    };
    let columns = columns.max(hang + 30);
    let mut lines = String::with_capacity(text.len());
    let mut used = 0;
    for (index, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if index > 0 && used + 1 + length > columns {
            lines.push('\n');
            lines.extend(std::iter::repeat_n(' ', hang));
            used = hang;
        } else if index > 0 {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += length;
    }
    lines
}

/// Text from the scanned project made safe for a terminal: control and direction-changing characters are shown as
/// their code points, so that a file name cannot move the cursor or hide a line; line breaks become spaces.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => shown.push(' '),
            other if is_unprintable(other) => shown.push_str(&format!("<U+{:04X}>", u32::from(other))),
            other => shown.push(other),
        }
    }
    Cow::Owned(shown)
}

fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::super::content::Summary;
    use super::{counts, printable, wrapped};
    use crate::rule::Severity;

    #[test]
    fn zero_counts_are_left_out() {
        let mut summary = Summary { files: 1, resources: 2, ..Summary::default() };
        assert_eq!(counts(&summary), "no findings; 1 file, 2 resources, 0 functions");
        summary.by_severity = [(Severity::Low, 2), (Severity::Critical, 1), (Severity::High, 0)].into();
        summary.review = 1;
        summary.unknown = [("EN002".into(), 3)].into();
        summary.problems = 1;
        summary.skipped = 4;
        (summary.functions, summary.understood_partly) = (3, 2);
        assert_eq!(
            counts(&summary),
            "3 findings (1 critical, 2 low), 1 to review, 3 unknown, 1 problem; \
             1 file, 2 resources, 3 functions (2 understood in part), 4 skipped by name"
        );
    }

    #[test]
    fn text_is_wrapped_between_words() {
        let words = "aaaaaaaaa ".repeat(9);
        assert_eq!(wrapped(words.trim(), Some(40), 2).lines().map(str::len).collect::<Vec<_>>(), [39, 31, 21]);
        assert_eq!(wrapped(words.trim(), None, 2), words.trim());
        assert_eq!(wrapped(&"b".repeat(99), Some(40), 2), "b".repeat(99));
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\nc\u{202e}d"), "a<U+001B>[2Jb c<U+202E>d");
        assert!(matches!(printable("plain é"), std::borrow::Cow::Borrowed(_)));
    }
}
