//! A string of a policy as far as it is known, and the patterns that it can stand for.

use crate::source::Span;
use crate::syntax::{Node, Part, Reference, Unknown, UnknownKind};
use std::fmt;
use std::sync::Arc;

/// The answer to a yes-or-no question about a policy, or why it cannot be told.
pub type Answer = Result<bool, Unknown>;

/// One string of a policy: an action, a resource, a principal, the value of a condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Its parts; at least one, unless it is empty.
    pub parts: Vec<Part>,
    /// Where it was written.
    pub span: Span,
    /// The condition that it hangs on, where the template decides only at deployment whether it is there.
    pub possible: Option<Arc<str>>,
}

impl Text {
    /// A string that is known in full.
    pub fn literal(text: impl Into<Arc<str>>, span: Span) -> Self {
        Self { parts: vec![Part::Literal(text.into())], span, possible: None }
    }

    /// The text of a node; `None` where it is no string.
    pub fn of(node: &Node) -> Option<Self> {
        Some(Self { parts: node.parts()?, span: node.span, possible: None })
    }

    /// The string, where it is known in full.
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The reference, where the text is nothing else.
    pub fn as_reference(&self) -> Option<&Reference> {
        match self.parts.as_slice() {
            [Part::Reference(reference)] => Some(reference),
            _ => None,
        }
    }

    /// The first reason that something in it is not known, or hangs on a condition.
    pub fn unknown(&self) -> Option<Unknown> {
        let part = self.parts.iter().find_map(|part| match part {
            Part::Unknown(unknown) => Some(unknown.clone()),
            _ => None,
        });
        part.or_else(|| self.possible.clone().map(|condition| Unknown::new(UnknownKind::Condition, condition)))
    }

    /// A pattern that matches at least what the text matches: `*` for everything that is not literal, policy
    /// variables (`${aws:username}`) too.
    pub fn upper(&self) -> String {
        self.render(|_| "*".to_owned())
    }

    /// A pattern that matches no more than the text does; `None` where a part is not literal or the text may be absent.
    pub fn lower(&self) -> Option<String> {
        let literal = self.as_literal().filter(|_| self.possible.is_none())?;
        let mut variable = false;
        let plain = self.render(|_| {
            variable = true;
            String::new()
        });
        if !variable && !literal.contains("${") { Some(plain) } else { None }
    }

    /// A pattern in which everything that cannot hold a wildcard stands as a token of its own: references to
    /// resources, pseudo parameters and policy variables. What is not known otherwise is `*`.
    ///
    /// It answers "can this be all resources": another resource's ARN cannot, a parameter can.
    pub fn shape(&self) -> String {
        self.render(|part| match part {
            Part::Unknown(unknown) if unknown.kind != UnknownKind::Pseudo => "*".to_owned(),
            other => token(other),
        })
    }

    /// Whether its shape is all that is to know: it is there for certain, and nothing in it can hold a wildcard that
    /// is not written.
    pub fn has_known_shape(&self) -> bool {
        let known = |part: &Part| !matches!(part, Part::Unknown(unknown) if unknown.kind != UnknownKind::Pseudo);
        self.possible.is_none() && self.parts.iter().all(known)
    }

    /// A pattern in which each part that is not literal is a token made from its name.
    ///
    /// Between two such patterns inclusion holds whatever the tokens stand for; that it does not hold proves nothing.
    pub fn opaque(&self) -> String {
        self.render(token)
    }

    /// The text with references put in their known form, by a function that knows it for some.
    #[must_use]
    pub fn resolve(&self, known: &dyn Fn(&Reference) -> Option<Arc<str>>) -> Self {
        let part = |part: &Part| match part {
            Part::Reference(reference) => known(reference).map_or_else(|| part.clone(), Part::Literal),
            _ => part.clone(),
        };
        let node = Node::template(self.parts.iter().map(part).collect(), self.span);
        Self { parts: node.parts().unwrap_or_default(), ..self.clone() }
    }

    fn render(&self, mut put: impl FnMut(&Part) -> String) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => variables(literal, &mut text, &mut put),
                other => text.push_str(&put(other)),
            }
        }
        text
    }
}

/// Copies a literal, with what stands in its policy variables (IAM User Guide, "IAM policy elements: Variables and
/// tags", 2026-11). `${*}`, `${?}` and `${$}` are the characters themselves: as `?` they match one character, which
/// is wider than it is by no more than that.
fn variables(literal: &str, text: &mut String, put: &mut dyn FnMut(&Part) -> String) {
    let mut rest = literal;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        text.push_str(before);
        match name {
            "*" | "?" => text.push('?'),
            "$" => text.push('$'),
            _ => text.push_str(&put(&Part::Literal(name.into()))),
        }
        rest = behind;
    }
    text.push_str(rest);
}

/// A stretch of text that occurs in no policy, the same for equal parts, and longer than any run of `?` in one.
fn token(part: &Part) -> String {
    let name = match part {
        Part::Literal(variable) => format!("variable {variable}"),
        Part::Reference(reference) => format!("reference {reference}"),
        Part::Unknown(unknown) => format!("unknown {}", unknown.what),
    };
    format!("\u{1}{:\u{2}<64}\u{1}", name.replace(['*', '?', ':'], "\u{2}"))
}

/// The token of [`Text::opaque`] for a policy variable.
pub fn token_of_variable(name: &str) -> String {
    token(&Part::Literal(name.into()))
}

/// Whether a text that was made from [`Text::opaque`] patterns holds one of their tokens.
pub fn has_token(text: &str) -> bool {
    text.contains('\u{1}')
}

/// The same with `${…}` where a token stands, for messages.
pub fn without_tokens(text: &str) -> String {
    let mut plain = String::new();
    for (index, piece) in text.split('\u{1}').enumerate() {
        if index % 2 == 0 {
            plain.push_str(piece);
        } else {
            let name = piece.trim_end_matches('\u{2}').split_once(' ').map_or(piece, |(_, name)| name);
            plain.push_str(&format!("${{{}}}", name.replace('\u{2}', ":")));
        }
    }
    plain
}

/// The text with `${…}` where a part is not literal, for messages.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| write!(f, "{part}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Text;
    use crate::iam::pattern;
    use crate::source::{FileId, Span};
    use crate::syntax::{Part, Reference, Unknown, UnknownKind};

    fn text(parts: Vec<Part>) -> Text {
        Text { parts, span: Span::start_of(FileId(0)), possible: None }
    }

    fn literal(text: &str) -> Part {
        Part::Literal(text.into())
    }

    fn reference(resource: &str) -> Part {
        Part::Reference(Reference { resource: resource.into(), attribute: "Arn".into() })
    }

    #[test]
    fn bounds_of_what_is_known_in_part() {
        let objects = text(vec![reference("Bucket"), literal("/*")]);
        assert_eq!(objects.upper(), "*/*");
        assert_eq!(objects.lower(), None);
        let parameter = text(vec![Part::Unknown(Unknown::new(UnknownKind::Parameter, "Name"))]);
        assert_eq!((parameter.upper().as_str(), parameter.shape().as_str()), ("*", "*"));
        let account = text(vec![Part::Unknown(Unknown::new(UnknownKind::Pseudo, "AWS::AccountId"))]);
        assert!(!account.shape().contains('*'));
        let home = text(vec![literal("arn:aws:s3:::home/${aws:username}/*")]);
        assert_eq!(home.upper(), "arn:aws:s3:::home/*/*");
        assert_eq!(home.lower(), None);
        assert_eq!(text(vec![literal("a${*}b")]).upper(), "a?b");
        assert_eq!(text(vec![literal("s3:Get*")]).lower().as_deref(), Some("s3:Get*"));
    }

    #[test]
    fn tokens_compare_by_name() {
        let all = text(vec![reference("Bucket"), literal("*")]).opaque();
        let objects = text(vec![reference("Bucket"), literal("/*")]).opaque();
        let others = text(vec![reference("Other"), literal("/*")]).opaque();
        assert_eq!(pattern::includes(&[&all], &[&objects]), Ok(true));
        assert_eq!(pattern::includes(&[&all], &[&others]), Ok(false));
        assert_eq!(super::without_tokens(&objects), "${Bucket.Arn}/*");
        let home = text(vec![literal("home/${aws:username}/x")]).opaque();
        assert!(super::has_token(&home) && !super::has_token("home"));
        assert_eq!(super::without_tokens(&home), "home/${aws:username}/x");
    }

    #[test]
    fn references_are_resolved_where_known() {
        let objects = text(vec![reference("Bucket"), literal("/*")]);
        let known = objects.resolve(&|reference| (&*reference.resource == "Bucket").then(|| "arn:aws:s3:::b".into()));
        assert_eq!(known.as_literal(), Some("arn:aws:s3:::b/*"));
        assert_eq!(objects.resolve(&|_| None), objects);
    }
}
