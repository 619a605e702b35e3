//! The variable syntax `${source:address, default}`: text to pieces, without looking anything up.

/// How deep variables may stand inside one another.
const MAX_DEPTH: usize = 32;

/// Steps that reading a string may take: so many in any case, and so many more for each of its bytes.
const FUEL_FLOOR: usize = 4_096;
const FUEL_PER_BYTE: usize = 64;

/// A piece of a string.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// Text that is no variable, CloudFormation's own `${AWS::Region}` included.
    Text(String),
    /// A variable.
    Variable(Variable),
}

/// One `${…}`: its sources are tried from left to right.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variable {
    /// The sources.
    pub(super) sources: Vec<Origin>,
}

/// Where a variable's value comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Origin {
    /// A quoted string.
    Text(String),
    /// A number, `true`, `false` or `null`, as written.
    Word(String),
    /// Another variable.
    Nested(Variable),
    /// `kind(parameters):address`.
    Call {
        /// `self`, `opt`, `file` …
        kind: String,
        /// What stands in the parentheses.
        parameters: Vec<Piece>,
        /// What stands after the colon.
        address: Vec<Piece>,
    },
}

/// Splits a string; `None` where it holds no variable.
///
/// A `${` is a variable when a lower-case source name with `:` or `(`, a quoted string or another variable follows
/// (Serverless Framework documentation, Variables, read 2026-11); everything else is left to CloudFormation.
pub(super) fn split(text: &str) -> Option<Vec<Piece>> {
    if !text.contains("${") {
        return None;
    }
    let mut reader = Reader { text, at: 0, fuel: FUEL_FLOOR + FUEL_PER_BYTE * text.len() };
    let pieces = reader.pieces(0, &[]);
    let found = reader.fuel > 0 && pieces.iter().any(|piece| matches!(piece, Piece::Variable(_)));
    found.then_some(pieces)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Steps that are left: text that opens variables and never closes them would be read again and again.
    fuel: usize,
}

impl Reader<'_> {
    /// Pieces up to one of the characters of `until`, which is not consumed, or the end.
    fn pieces(&mut self, depth: usize, until: &[char]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        while let Some(next) = self.peek() {
            if until.contains(&next) || self.fuel == 0 {
                break;
            }
            self.fuel -= 1;
            if self.rest().starts_with("\\${") {
                plain.push_str("${");
                self.at += 3;
                continue;
            }
            if self.rest().starts_with("${") {
                let start = self.at;
                if let Some(variable) = self.variable(depth) {
                    if !plain.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    }
                    pieces.push(Piece::Variable(variable));
                    continue;
                }
                self.at = start + 2;
                plain.push_str("${");
                continue;
            }
            plain.push(next);
            self.at += next.len_utf8();
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        pieces
    }

    /// A variable at `${`; `None`, with the position anywhere, where it is none.
    fn variable(&mut self, depth: usize) -> Option<Variable> {
        if depth >= MAX_DEPTH {
            return None;
        }
        self.at += 2;
        let mut sources = Vec::new();
        loop {
            self.skip_space();
            sources.push(self.origin(depth)?);
            self.skip_space();
            match self.peek()? {
                ',' => self.at += 1,
                '}' => {
                    self.at += 1;
                    let first_is_word = matches!(sources.first(), Some(Origin::Word(_)));
                    return (!first_is_word).then_some(Variable { sources });
                }
                _ => return None,
            }
        }
    }

    fn origin(&mut self, depth: usize) -> Option<Origin> {
        match self.peek()? {
            quote @ ('\'' | '"') => {
                let body = &self.rest()[1..];
                let end = body.find(quote)?;
                let text = body[..end].to_owned();
                self.at += end + 2;
                Some(Origin::Text(text))
            }
            '$' if self.rest().starts_with("${") => self.variable(depth + 1).map(Origin::Nested),
            _ => self.call(depth),
        }
    }

    fn call(&mut self, depth: usize) -> Option<Origin> {
        let rest = self.rest();
        let end =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-' && c != '.').unwrap_or(rest.len());
        let word = rest[..end].to_owned();
        self.at += end;
        let named = word.starts_with(|c: char| c.is_ascii_lowercase());
        match self.peek() {
            Some('(') if named => {
                self.at += 1;
                let parameters = self.pieces(depth + 1, &[')', '}']);
                if self.peek()? != ')' {
                    return None;
                }
                self.at += 1;
                let address = if self.peek() == Some(':') { self.address(depth)? } else { Vec::new() };
                Some(Origin::Call { kind: word, parameters, address })
            }
            Some(':') if named && !self.rest().starts_with("::") => {
                let address = self.address(depth)?;
                Some(Origin::Call { kind: word, parameters: Vec::new(), address })
            }
            Some(',' | '}' | ' ') if is_literal(&word) => Some(Origin::Word(word)),
            _ => None,
        }
    }

    fn address(&mut self, depth: usize) -> Option<Vec<Piece>> {
        self.at += 1;
        let mut pieces = self.pieces(depth + 1, &[',', '}']);
        if let Some(Piece::Text(last)) = pieces.last_mut() {
            last.truncate(last.trim_end().len());
        }
        Some(pieces)
    }

    fn skip_space(&mut self) {
        while let Some(next) = self.peek().filter(|c| c.is_whitespace()) {
            self.at += next.len_utf8();
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }
}

fn is_literal(word: &str) -> bool {
    matches!(word, "true" | "false" | "null") || (!word.is_empty() && word.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::{Origin, Piece, Variable, split};

    fn call(kind: &str, parameters: &str, address: &str) -> Origin {
        let text = |text: &str| if text.is_empty() { vec![] } else { vec![Piece::Text(text.into())] };
        Origin::Call { kind: kind.into(), parameters: text(parameters), address: text(address) }
    }

    #[test]
    fn cloudformation_is_left_alone() {
        assert_eq!(split("arn:${AWS::Partition}:s3:::${Bucket}/${Bucket.Arn}"), None);
        assert_eq!(split("\\${self:a}"), None);
        assert_eq!(split("${5}"), None);
        assert_eq!(split("${self:custom"), None);
        let mixed = split("${self:service}-${Bucket}").unwrap();
        assert_eq!(mixed[1], Piece::Text("-${Bucket}".into()));
    }

    #[test]
    fn sources_defaults_and_nesting_are_told_apart() {
        let of = |text| match split(text).unwrap().as_slice() {
            [Piece::Variable(variable)] => variable.sources.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(of("${opt:stage, 'dev'}"), [call("opt", "", "stage"), Origin::Text("dev".into())]);
        assert_eq!(
            of("${opt:stage,self:provider.stage,5}")[1..],
            [call("self", "", "provider.stage"), Origin::Word("5".into())]
        );
        assert_eq!(of("${file(./a.yml):b.c}"), [call("file", "./a.yml", "b.c")]);
        assert_eq!(of("${env:X, \"a, b\"}")[1], Origin::Text("a, b".into()));
        let Origin::Call { address, .. } = &of("${self:custom.${sls:stage}.x}")[0] else { panic!() };
        assert_eq!(address[0], Piece::Text("custom.".into()));
        assert_eq!(address[1], Piece::Variable(Variable { sources: vec![call("sls", "", "stage")] }));
        assert!(matches!(of("${self:a, ${self:b}}")[1], Origin::Nested(_)));
    }

    #[test]
    fn deep_nesting_ends() {
        assert!(split(&"${self:a.".repeat(10_000)).is_none());
        let deep = format!("{}x{}", "${self:".repeat(100), "}".repeat(100));
        let _ = split(&deep);
    }
}
