//! Splits the text of a rule file into its statements and reads what each says of itself, without parsing Cedar.
//!
//! Parsing one forbid costs some 30 µs and hundreds would cost the start of every scan, of which most ask a few types.

use std::ops::Range;

/// One statement of a rule file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// Its bytes in the file, from the first annotation to the semicolon.
    pub range: Range<usize>,
    /// Its annotations in order.
    pub annotations: Vec<Annotation>,
    /// Where its keyword stands, `forbid` or `permit`.
    pub keyword: usize,
    /// The entity type that its scope names; `None`: it is asked of every type.
    pub kind: Option<String>,
    /// The keyword and all that follows, without comments and without what stands in quotes.
    pub code: String,
}

/// `@key("text")`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// Its key.
    pub key: String,
    /// Its text; escapes stand as they are written.
    pub text: String,
    /// Where its `@` stands.
    pub offset: usize,
}

impl Statement {
    /// The text of an annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.iter().find(|known| known.key == key).map(|known| known.text.as_str())
    }

    /// Where an annotation stands; the first line of the statement where it is missing.
    pub fn place(&self, key: &str) -> usize {
        self.annotations.iter().find(|known| known.key == key).map_or(self.range.start, |known| known.offset)
    }

    /// Whether a condition has a word; words of the scope do not count.
    pub fn mentions(&self, word: &str) -> bool {
        let conditions = self.code.split_once(" ) ").map_or("", |(_, conditions)| conditions);
        conditions.split(' ').any(|token| token == word)
    }

    /// Whether it reads an attribute in upper camel case: one of the provider's own, not of ours.
    pub fn names_properties(&self) -> bool {
        let is_property = |token: &str| token.starts_with(|first: char| first.is_ascii_uppercase());
        let mut before = "";
        let code = self.code.split(' ').any(|token| {
            let named = matches!(before, "." | "has") && is_property(token);
            before = token;
            named
        });
        // In a message the expressions stand in braces.
        let messages = self.annotations.iter().filter(|known| known.key == "message" || known.key == "help");
        let mut expressions = messages.flat_map(|known| known.text.split('{').skip(1));
        code || expressions.any(|text| text.split(['.', ' ']).skip(1).any(is_property) && text.contains("resource."))
    }
}

/// The statements of a file, in order; a text that is no Cedar gives some nonsense, which the parser will refuse.
pub fn statements(text: &str) -> Vec<Statement> {
    let mut found = Vec::new();
    let mut open: Option<Statement> = None;
    let mut annotation = Within::No;
    let mut offset = 0;
    for Token { range, quoted } in (Tokens { text, at: 0 }) {
        let word = text.get(range.clone()).unwrap_or_default();
        let statement = open.get_or_insert_with(|| Statement { range: range.clone(), ..Statement::default() });
        statement.range.end = range.end;
        annotation = match (annotation, word) {
            (Within::No | Within::Key(_), "@") if statement.code.is_empty() => {
                offset = range.start;
                Within::At
            }
            (Within::At, _) => Within::Key(word.to_owned()),
            (Within::Key(key), "(") => Within::Text(key),
            (Within::Text(_), ")") => Within::No,
            (Within::Text(key), _) if quoted => {
                let inner = word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word);
                statement.annotations.push(Annotation { key: key.clone(), text: inner.to_owned(), offset });
                Within::Text(key)
            }
            (Within::Text(key), _) => Within::Text(key),
            (Within::No | Within::Key(_), _) => {
                if statement.code.is_empty() {
                    statement.keyword = range.start;
                }
                statement.code.push_str(if statement.code.is_empty() { "" } else { " " });
                statement.code.push_str(if quoted { "\"\"" } else { word });
                Within::No
            }
        };
        if word == ";" {
            annotation = Within::No;
            found.extend(open.take());
        }
    }
    found.extend(open);
    for statement in &mut found {
        statement.kind = kind(&statement.code);
    }
    found
}

/// Where a text is in an annotation, `@key("text")`.
enum Within {
    No,
    At,
    Key(String),
    Text(String),
}

/// The type after `resource is` in the scope, which ends at the first closing parenthesis.
fn kind(code: &str) -> Option<String> {
    let (scope, _) = code.split_once(" )")?;
    let (_, after) = scope.split_once("resource is ")?;
    Some(after.split(' ').take_while(|word| !matches!(*word, "in" | "," | "")).collect())
}

/// The words, quoted texts and marks of a Cedar text.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

struct Token {
    range: Range<usize>,
    quoted: bool,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let rest = self.text.get(self.at..)?;
            let first = rest.chars().next()?;
            if first.is_whitespace() {
                self.at += first.len_utf8();
            } else if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else {
                let (length, quoted) = match first {
                    '"' => (quoted(rest), true),
                    _ if is_word(first) => (rest.find(|char| !is_word(char)).unwrap_or(rest.len()), false),
                    _ => (first.len_utf8(), false),
                };
                let range = self.at..self.at + length;
                self.at = range.end;
                return Some(Token { range, quoted });
            }
        }
    }
}

/// A type with its namespaces is one word.
fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_' || char == ':'
}

/// The length of a quoted text with its quotes.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn statements_say_what_they_are_about() {
        let text = "// x;\n@a(\"; \\\" \") @b\n@c(\"d\")\nforbid (principal, action in [Action::\"deploy\"], resource is A::B in C::\"in\") // in\nwhen { resource.has == \"has\" };\n permit (principal, action, resource);";
        let found = statements(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].range.start, 6);
        assert_eq!(found[0].annotation("a"), Some("; \\\" "));
        assert!(text[found[0].place("c")..].starts_with("@c(") && text[found[0].keyword..].starts_with("forbid"));
        assert_eq!(found[0].place("z"), 6);
        assert_eq!(found[0].kind.as_deref(), Some("A::B"));
        assert!(found[0].code.ends_with("when { resource . has = = \"\" } ;"), "{}", found[0].code);
        assert_eq!(
            (found[1].kind.as_deref(), &text[found[1].range.clone()]),
            (None, "permit (principal, action, resource);")
        );
    }

    #[test]
    fn a_text_that_is_no_cedar_ends() {
        for text in ["", "@", "@a(\"", "\"\\", "@a @b @c", "forbid (", ";;;", "é ü \"ß"] {
            assert!(statements(text).len() < 4, "{text}");
        }
    }
}
