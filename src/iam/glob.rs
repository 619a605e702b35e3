//! Matching a text against one pattern of `*` and `?`, and simple questions about patterns.

/// Whether the pattern holds `*` or `?`.
pub fn has_wildcard(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}

/// Whether the pattern matches every text, the empty one too: `*`, `**`.
pub fn is_all(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*')
}

/// Whether the pattern matches the whole text; `*` stands for any characters, `?` for exactly one.
pub fn matches(pattern: &str, text: &str) -> bool {
    walk(pattern.as_bytes(), text.as_bytes(), |a, b| a == b)
}

/// The same without regard to the case of ASCII letters, as IAM compares actions.
pub fn matches_ignoring_case(pattern: &str, text: &str) -> bool {
    walk(pattern.as_bytes(), text.as_bytes(), |a, b| a.eq_ignore_ascii_case(&b))
}

/// Greedy matching that goes back to the last star only: at most pattern times text steps. Bytes stand for
/// characters, so that `?` covers one byte; ARNs and actions are ASCII.
fn walk(pattern: &[u8], text: &[u8], same: fn(u8, u8) -> bool) -> bool {
    let (mut at, mut here) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while here < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, here));
                at += 1;
            }
            Some(wanted) if *wanted == b'?' || same(*wanted, text[here]) => {
                at += 1;
                here += 1;
            }
            _ => {
                let Some((back, from)) = star else {
                    return false;
                };
                at = back + 1;
                here = from + 1;
                star = Some((back, from + 1));
            }
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::{matches, matches_ignoring_case};

    #[test]
    fn stars_and_question_marks() {
        let cases = [
            ("", "", true),
            ("*", "", true),
            ("?", "", false),
            ("a*b", "ab", true),
            ("a*b", "axxb", true),
            ("a*b", "axxbc", false),
            ("a**c?", "abbcd", true),
            ("*a?", "aaa", true),
            ("*ab*ab*", "abab", true),
            ("*ab*ab*", "aba", false),
            ("a", "A", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
        assert!(matches_ignoring_case("get*", "GetObject"));
    }
}
