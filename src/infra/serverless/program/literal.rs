//! The text of a JavaScript string literal.

/// What the escapes between the quotes of a literal stand for; `\$` keeps a framework variable out of a template.
pub(super) fn text(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written.chars();
    while let Some(next) = rest.next() {
        if next != '\\' {
            text.push(next);
            continue;
        }
        match rest.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some('\n') | None => {}
            Some('u') => text.extend(unicode(&mut rest)),
            Some('x') => text.extend(character(&rest.by_ref().take(2).collect::<String>())),
            Some(other) => text.push(other),
        }
    }
    text
}

fn unicode(rest: &mut std::str::Chars<'_>) -> Option<char> {
    let mut ahead = rest.clone();
    if ahead.next() == Some('{') {
        rest.next();
        return character(&rest.by_ref().take_while(|c| *c != '}').collect::<String>());
    }
    character(&rest.by_ref().take(4).collect::<String>())
}

fn character(digits: &str) -> Option<char> {
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn escapes_stand_for_their_characters() {
        assert_eq!(text(r"a\nb\'c\u0041\u{1F600}\x41\${self:x}"), "a\nb'cA\u{1F600}A${self:x}");
        assert_eq!(text("\\"), "");
    }
}
