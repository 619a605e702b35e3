//! Refuses Rust text that is nested so deeply that parsing it would exhaust the stack.

/// How deep brackets may be nested.
const MAX_BRACKETS: usize = 200;
/// How many tokens may stand between two separators; operators and chains nest one level each.
const MAX_RUN: usize = 4_000;
/// How many `else` a file may have; a chain of them nests.
const MAX_ELSE: usize = 3_000;

/// Whether the text may be parsed; the error says why not and at which byte.
pub(super) fn check(text: &str) -> Result<(), (&'static str, usize)> {
    let mut depth = 0_usize;
    let mut run = 0_usize;
    let mut elses = 0_usize;
    let mut word = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 {
            if word.is_empty() {
                run += 1;
            }
            if word.len() < 8 {
                word.push(byte);
            }
            continue;
        }
        elses += usize::from(word == b"else");
        word.clear();
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                run = if byte == b'{' { 0 } else { run + 1 };
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                run = if byte == b'}' { 0 } else { run };
            }
            b';' | b',' => run = 0,
            b' ' | b'\n' | b'\t' | b'\r' => {}
            // Ends of lines are no ends of statements, but prose in comments and strings is no nesting either.
            _ => run += 1,
        }
        if depth > MAX_BRACKETS || run > MAX_RUN || elses > MAX_ELSE {
            return Err(("is nested too deeply to parse; it was not judged", at));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn nesting_of_every_kind_is_refused() {
        for text in [
            "(".repeat(300),
            "!".repeat(5_000),
            "a+".repeat(5_000),
            "a.b()".repeat(5_000),
            "if a {} else ".repeat(4_000),
        ] {
            assert!(check(&text).is_err(), "{}", &text[..20]);
        }
        assert!(check(&"fn a() { b(c, d); }\n".repeat(10_000)).is_ok());
        assert!(check(include_str!("expression.rs")).is_ok());
    }
}
