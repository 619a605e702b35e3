//! Strings in parts: `${…}` of `Fn::Sub`, and `{{resolve:…}}` of dynamic references.

use crate::source::Span;
use crate::syntax::{Node, Part, Unknown, UnknownKind};
use std::sync::Arc;

/// One piece of a `Fn::Sub` string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text as it stands.
    Literal(&'a str),
    /// A literal `${…}`, which is written `${!…}`: the name.
    Escaped(&'a str),
    /// A variable, a parameter, a resource, or a resource and its attribute.
    Variable(&'a str),
}

/// The pieces of a `Fn::Sub` string; what is no variable's name between `${` and `}` stays text.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut literal, mut at) = (0, 0);
    while let Some(open) = text[at..].find("${").map(|found| at + found) {
        let inner = open + 2;
        let Some(close) = text[inner..].find('}').map(|found| inner + found) else { break };
        let name = &text[inner..close];
        let is_name = |name: &str| {
            let is_part = |character: char| character.is_alphanumeric() || matches!(character, ':' | '.' | '_');
            !name.is_empty() && name.chars().all(is_part)
        };
        let piece = match name.strip_prefix('!') {
            Some(name) => Some(Piece::Escaped(name)),
            None => is_name(name.trim()).then(|| Piece::Variable(name.trim())),
        };
        match piece {
            Some(piece) => {
                if literal < open {
                    pieces.push(Piece::Literal(&text[literal..open]));
                }
                pieces.push(piece);
                (literal, at) = (close + 1, close + 1);
            }
            None => at = inner,
        }
    }
    if literal < text.len() {
        pieces.push(Piece::Literal(&text[literal..]));
    }
    pieces
}

/// A string that is put together; neighbouring text is joined once.
#[derive(Debug, Default)]
pub(super) struct Joined {
    parts: Vec<Part>,
    text: String,
}

impl Joined {
    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds parts.
    pub(super) fn parts(&mut self, parts: Vec<Part>) {
        for part in parts {
            match part {
                Part::Literal(text) => self.text.push_str(&text),
                part => {
                    self.flush();
                    self.parts.push(part);
                }
            }
        }
    }

    /// The string, its dynamic references as unknown parts.
    pub(super) fn finish(mut self, span: Span) -> Node {
        self.flush();
        Node::template(resolved(self.parts), span)
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Literal(std::mem::take(&mut self.text).into()));
        }
    }
}

/// How a dynamic reference begins (User Guide, "Get values stored in other services").
const RESOLVE: &str = "{{resolve:";

/// Turns each dynamic reference into one unknown part; it may itself hold references.
pub(super) fn resolved(parts: Vec<Part>) -> Vec<Part> {
    if !parts.iter().any(|part| matches!(part, Part::Literal(text) if text.contains(RESOLVE))) {
        return parts;
    }
    let mut out = Vec::new();
    let mut dynamic: Option<String> = None;
    for part in parts {
        let Part::Literal(text) = part else {
            match &mut dynamic {
                Some(open) => open.push_str(&part.to_string()),
                None => out.push(part),
            }
            continue;
        };
        let mut rest = &*text;
        loop {
            match &mut dynamic {
                None => {
                    let Some(start) = rest.find(RESOLVE) else {
                        out.push(Part::Literal(rest.into()));
                        break;
                    };
                    out.push(Part::Literal(rest[..start].into()));
                    rest = &rest[start + 2..];
                    dynamic = Some(String::new());
                }
                Some(open) => {
                    let Some(end) = rest.find("}}") else {
                        open.push_str(rest);
                        break;
                    };
                    open.push_str(&rest[..end]);
                    rest = &rest[end + 2..];
                    out.push(unknown(dynamic.take().unwrap_or_default()));
                }
            }
        }
    }
    // One that is not closed is text to CloudFormation; what it would be is not known either way.
    out.extend(dynamic.map(unknown));
    out
}

fn unknown(what: String) -> Part {
    Part::Unknown(Unknown::new(UnknownKind::Dynamic, Arc::<str>::from(what)))
}

#[cfg(test)]
mod tests {
    use super::{Joined, Piece, pieces};
    use crate::source::{Sources, Span};

    #[test]
    fn variables_of_sub() {
        use Piece::{Escaped, Literal, Variable};
        for (text, expected) in [
            ("", vec![]),
            ("plain", vec![Literal("plain")]),
            ("${A}", vec![Variable("A")]),
            ("a${A.Arn}-${AWS::Region}", vec![Literal("a"), Variable("A.Arn"), Literal("-"), Variable("AWS::Region")]),
            ("${!A}b${ C }", vec![Escaped("A"), Literal("b"), Variable("C")]),
            ("${not a name} ${x", vec![Literal("${not a name} ${x")]),
            ("$${A}", vec![Literal("$"), Variable("A")]),
            ("${a-${B}", vec![Literal("${a-"), Variable("B")]),
        ] {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }

    #[test]
    fn dynamic_references_are_unknown() {
        let file = Sources::in_memory([("a", "")]).open("a").unwrap();
        let node = |text: &str| {
            let mut joined = Joined::default();
            joined.text(text);
            joined.finish(Span::start_of(file.id)).value
        };
        let printed = |text: &str| format!("{:?}", node(text));
        assert!(
            printed("{{resolve:ssm:/a:1}}").starts_with("Unknown(Unknown { kind: Dynamic, what: \"resolve:ssm:/a:1\"")
        );
        assert!(printed("a{{resolve:ssm:/a}}b{{resolve:ssm:c").starts_with("Template([Literal(\"a\"), Unknown("));
        assert!(printed("{{other}}").starts_with("String("));
    }
}
