//! Secrets on a shown line of source are replaced by their kind and length before anything else is done with it.

use crate::model::judge;
use std::ops::Range;

/// A stretch of a line and what is shown in its stead.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mask {
    range: Range<usize>,
    shown: String,
}

/// The shortest literal that is taken for a secret on a line that is known to hold one.
const SHORTEST: usize = 8;

/// Replaces what is judged a secret on a line, and moves `span` (bytes of the line) along.
pub(super) fn judged(line: &str, spans: &[Range<usize>]) -> (String, Vec<Range<usize>>) {
    let tokens = tokens(line);
    let masks = tokens.iter().filter(|token| !token.is_key).filter_map(|token| {
        let secret = judge(token.name, &line[token.range.clone()])?;
        Some(Mask { range: token.range.clone(), shown: format!("[{}]", secret.redacted) })
    });
    apply(line, &masks.collect::<Vec<_>>(), spans)
}

/// Replaces every literal that may be the secret on a line of which a rule says that it holds one.
///
/// A rule knows more than the line: the value may be no secret by its shape, may have no quotes, or may begin on
/// an earlier line. So long literals go, and where none is found in the span, what the span covers goes too.
pub(super) fn known(line: &str, spans: &[Range<usize>]) -> (String, Vec<Range<usize>>) {
    let tokens = tokens(line);
    let long = |token: &&Token<'_>| !token.is_key && line[token.range.clone()].chars().count() >= SHORTEST;
    let mut masks: Vec<Mask> =
        tokens.iter().filter(long).filter(|token| token.quoted).map(|token| mask(line, token)).collect();
    for span in spans {
        let inside = |range: &Range<usize>| range.start < span.end && span.start < range.end;
        if masks.iter().any(|mask| inside(&mask.range)) {
            continue;
        }
        let bare: Vec<Mask> = tokens
            .iter()
            .filter(|token| !token.quoted && !token.is_key && inside(&token.range))
            .map(|token| mask(line, token))
            .collect();
        if bare.is_empty() {
            let after = tokens.iter().filter(|token| token.is_key && inside(&token.range)).map(|key| key.range.end);
            masks.push(rest_of_line(line, after.max().unwrap_or(span.start)));
        }
        masks.extend(bare);
    }
    masks.sort_by_key(|mask| (mask.range.start, mask.range.end));
    apply(line, &masks, spans)
}

/// What is shown of a line in the middle of a secret: nothing.
pub(super) fn hidden(line: &str) -> String {
    format!("[hidden, {} characters]", line.trim().chars().count())
}

fn mask(line: &str, token: &Token<'_>) -> Mask {
    let value = &line[token.range.clone()];
    let shown = judge(token.name, value).map_or_else(|| hidden(value), |secret| format!("[{}]", secret.redacted));
    Mask { range: token.range.clone(), shown }
}

fn rest_of_line(line: &str, from: usize) -> Mask {
    let rest = line.get(from..).unwrap_or_default();
    let skipped = rest.len() - rest.trim_start_matches([':', '=', ' ', '\t']).len();
    let range = from + skipped..line.trim_end().len().max(from + skipped);
    Mask { shown: hidden(&line[range.clone()]), range }
}

/// Puts the masks in place; of two that overlap the later one begins where the earlier ends.
fn apply(line: &str, masks: &[Mask], spans: &[Range<usize>]) -> (String, Vec<Range<usize>>) {
    let mut text = String::with_capacity(line.len());
    let mut moved: Vec<(usize, usize)> = vec![(0, 0)];
    let mut at = 0;
    for mask in masks {
        if mask.range.start < at || mask.range.is_empty() {
            at = at.max(mask.range.end);
            continue;
        }
        text.push_str(&line[at..mask.range.start]);
        moved.push((mask.range.start, text.len()));
        text.push_str(&mask.shown);
        at = mask.range.end;
        moved.push((at, text.len()));
    }
    text.push_str(line.get(at..).unwrap_or_default());
    let place = |offset: usize| {
        let index = moved.partition_point(|(from, _)| *from <= offset).saturating_sub(1);
        let (from, to) = moved[index];
        let next = moved.get(index + 1).map_or(text.len(), |(_, to)| *to);
        (to + (offset - from)).min(next)
    };
    let spans = spans.iter().map(|span| place(span.start)..place(span.end).max(place(span.start))).collect();
    (text, spans)
}

/// A word of a line: the content between quotes, or a run without blanks and brackets.
#[derive(Debug)]
struct Token<'a> {
    range: Range<usize>,
    quoted: bool,
    /// Whether `:` or `=` follows: a name that is given a value.
    is_key: bool,
    /// The name before it.
    name: &'a str,
}

fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut found: Vec<Token<'_>> = Vec::new();
    let mut at = 0;
    while let Some(character) = line[at..].chars().next() {
        let next = at + character.len_utf8();
        match character {
            '"' | '\'' | '`' => {
                let end = end_of_literal(line, next, character);
                push(&mut found, line, next..end, true);
                at = (end + 1).min(line.len());
            }
            ':' | '=' => {
                if let Some(last) =
                    found.last_mut().filter(|last| line[last.range.end..at].trim_matches(QUOTES).trim().is_empty())
                {
                    last.is_key = true;
                }
                at = next;
            }
            other if is_bare(other) => {
                let end = end_of_word(line, at);
                push(&mut found, line, at..end, false);
                at = end;
            }
            _ => at = next,
        }
    }
    found
}

const QUOTES: [char; 3] = ['"', '\'', '`'];

fn push<'a>(found: &mut Vec<Token<'a>>, line: &'a str, range: Range<usize>, quoted: bool) {
    let key = found.iter().rposition(|token| token.is_key);
    // A name goes for every literal after it, and for a bare word alone that follows it: a comment is no value.
    let named = key.filter(|at| quoted || at + 1 == found.len());
    let name = named.and_then(|at| found.get(at)).map_or("", |key| &line[key.range.clone()]);
    found.push(Token { range, quoted, is_key: false, name });
}

/// The closing quote, or the end of a line on which it does not close.
fn end_of_literal(line: &str, from: usize, quote: char) -> usize {
    let mut escaped = false;
    for (offset, character) in line[from..].char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            other if other == quote => return from + offset,
            _ => {}
        }
    }
    line.len()
}

/// A word ends at a blank, a bracket or a quote; a name ends before `:` or `=` where a value follows.
fn end_of_word(line: &str, from: usize) -> usize {
    let mut plain = true;
    for (offset, character) in line[from..].char_indices() {
        let rest = &line[from + offset + character.len_utf8()..];
        let separates = match character {
            ':' => plain && (rest.is_empty() || rest.starts_with(char::is_whitespace)),
            '=' => plain && offset > 0 && !rest.is_empty() && !rest.starts_with('='),
            _ => false,
        };
        if separates || !(is_bare(character) || matches!(character, ':' | '=')) {
            return from + offset;
        }
        plain &= character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    }
    line.len()
}

fn is_bare(character: char) -> bool {
    !character.is_whitespace()
        && !QUOTES.contains(&character)
        && !matches!(character, '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | ',' | ';' | ':' | '=')
}

#[cfg(test)]
mod tests {
    use super::{judged, known};
    use std::ops::Range;

    fn span(line: &str, part: &str) -> Range<usize> {
        let start = line.find(part).unwrap();
        start..start + part.len()
    }

    #[test]
    fn what_is_judged_a_secret_is_replaced_on_every_line() {
        for (line, expected) in [
            ("  DB_PASSWORD: Aa1234321Bb", "  DB_PASSWORD: [password, 11 characters]"),
            ("DB_PASSWORD=Aa1234321Bb # set", "DB_PASSWORD=[password, 11 characters] # set"),
            (
                r#"{"password": "Aa1234321Bb", "user": "app"}"#,
                r#"{"password": "[password, 11 characters]", "user": "app"}"#,
            ),
            (
                "connect(user='app', password = 'Aa1234321Bb')",
                "connect(user='app', password = '[password, 11 characters]')",
            ),
            ("PASSWORD: 'short' #replace1 with yours", "PASSWORD: 'short' #replace1 with yours"),
            ("password = get(X) or 'Aa1234321Bb'", "password = get(X) or '[password, 11 characters]'"),
            ("bucket = \"my-plain-bucket\"", "bucket = \"my-plain-bucket\""),
        ] {
            assert_eq!(judged(line, &[]).0, expected);
        }
    }

    #[test]
    fn where_a_rule_knows_of_a_secret_every_long_literal_goes() {
        for (line, part, expected) in [
            ("key = \"plainwords\" # plain", "\"plainwords\"", "key = \"[hidden, 10 characters]\" # plain"),
            ("  Pin: plainwords # plain", "plainwords", "  Pin: [hidden, 10 characters] # plain"),
            ("  Pin: plainwords", "Pin", "  Pin: [hidden, 10 characters]"),
            ("  Pin: \"plain wo", "Pin", "  Pin: [hidden, 9 characters]"),
            ("Pin: 'short'", "'short'", "Pin: [hidden, 7 characters]"),
            ("  - c2VjcmV0cw==", "c2VjcmV0cw==", "  - [hidden, 12 characters]"),
            ("PIN=c2VjcmV0cw==", "PIN=c2VjcmV0cw==", "PIN=[hidden, 12 characters]"),
            ("url: pg://u:pw12345@h/x?a=b", "pg://u:pw12345@h/x?a=b", "url: [connection string, 22 characters, pg:/…]"),
            ("it's a plain: secretword", "secretword", "it'[hidden, 21 characters]"),
        ] {
            assert_eq!(known(line, &[span(line, part)]).0, expected, "{line}");
        }
    }

    #[test]
    fn the_span_moves_with_the_text() {
        let line = r#"f(password="Aa1234321Bb", b)  # x"#;
        let wanted = [span(line, "\"Aa1234321Bb\""), span(line, ", b"), span(line, "a1234"), span(line, "f(")];
        let (text, spans) = judged(line, &wanted);
        let shown: Vec<&str> = spans.iter().map(|span| text.get(span.clone()).unwrap()).collect();
        assert_eq!(shown[0], "\"[password, 11 characters]\"");
        assert_eq!((shown[1], shown[3]), (", b", "f("));
        assert!(!text.contains("a1234"));
    }
}
