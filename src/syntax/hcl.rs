//! Terraform's language: text to blocks, attributes and expressions, each with its span.

use crate::source::{Problem, ProblemKind, SourceFile, Span};
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ForExpr, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::structure::Structure;
use hcl_edit::template::{Directive, Element, Strip, Template};
use std::ops::Range;
use std::sync::Arc;

pub use hcl_edit::expr::{BinaryOperator, UnaryOperator};

/// The content of a file or block.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// `name = expression`, in the order of the source.
    pub attributes: Vec<Attribute>,
    /// Nested blocks, in the order of the source.
    pub blocks: Vec<Arc<Block>>,
}

/// `name = expression`.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// The name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_span: Span,
    /// The expression.
    pub value: Arc<Expr>,
}

/// `kind "label" { … }`.
#[derive(Debug, Clone)]
pub struct Block {
    /// The first word.
    pub kind: Arc<str>,
    /// The labels after it.
    pub labels: Vec<Arc<str>>,
    /// What stands between the braces.
    pub body: Body,
    /// The first word and the labels.
    pub header: Span,
}

/// An expression and where it was written.
#[derive(Debug, Clone)]
pub struct Expr {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: ExprKind,
}

/// The forms of an expression.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string without interpolation.
    String(Arc<str>),
    /// A string or heredoc with interpolations or directives.
    Template(Vec<Piece>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{ k = v }`; a bare word as key is a string.
    Object(Vec<(Expr, Expr)>),
    /// A name.
    Variable(Arc<str>),
    /// `a ? b : c`
    Conditional(Box<[Expr; 3]>),
    /// `name(arguments)`
    Call {
        /// The function, with its namespace: `provider::aws::arn_parse`.
        name: Arc<str>,
        /// The arguments.
        arguments: Vec<Expr>,
        /// Whether the last one is spread: `f(list...)`.
        spread: bool,
    },
    /// `a.b[c][*]`
    Traversal(Box<Expr>, Vec<Step>),
    /// `!a`
    Unary(UnaryOperator, Box<Expr>),
    /// `a + b`
    Binary(BinaryOperator, Box<[Expr; 2]>),
    /// `[for …]` or `{for …}`
    For(Box<For>),
}

/// One step of a traversal.
#[derive(Debug, Clone)]
pub enum Step {
    /// `.name`
    Attribute(Arc<str>),
    /// `[index]`
    Index(Expr),
    /// `.*`: applies the attribute steps after it to every item.
    AttributeSplat,
    /// `[*]`: applies all steps after it to every item.
    FullSplat,
}

/// A `for` expression.
#[derive(Debug, Clone)]
pub struct For {
    /// The name for the key or index.
    pub key_name: Option<Arc<str>>,
    /// The name for the value.
    pub value_name: Arc<str>,
    /// What is walked.
    pub collection: Expr,
    /// The key of each result: the form with braces.
    pub key: Option<Expr>,
    /// Each result.
    pub value: Expr,
    /// Whether results with equal keys are collected (`...`).
    pub grouping: bool,
    /// What a result must meet.
    pub condition: Option<Expr>,
}

/// One piece of a template.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Text as it stands after escapes and indentation are resolved.
    Literal(Arc<str>, Span),
    /// `${…}`
    Value(Expr),
    /// `%{ if }`
    If(Box<Expr>, Vec<Piece>, Vec<Piece>),
    /// `%{ for }`
    For {
        /// The name for the key or index.
        key_name: Option<Arc<str>>,
        /// The name for the value.
        value_name: Arc<str>,
        /// What is walked.
        collection: Box<Expr>,
        /// What is written for each item.
        pieces: Vec<Piece>,
    },
}

/// Parses a file. A top-level block that is not understood is a problem; the others are kept.
pub fn parse(file: &SourceFile) -> (Body, Vec<Problem>) {
    let reader = |base| Reader { file, base };
    if let Ok(body) = parse_text(&file.text) {
        return (reader(0).body(&body), Vec::new());
    }
    let marks = Marks::of(&file.text);
    let joined = marks.join_lines(&file.text);
    if let Ok(body) = parse_text(&joined) {
        return (reader(0).body(&body), Vec::new());
    }
    let mut whole = Body::default();
    let mut problems = Vec::new();
    for range in marks.blocks {
        match parse_text(&joined[range.clone()]) {
            Ok(body) => {
                let part = reader(range.start).body(&body);
                whole.attributes.extend(part.attributes);
                whole.blocks.extend(part.blocks);
            }
            Err((offset, message)) => {
                let at = range.start + offset;
                let location = file.location(Span::new(file.id, at, at));
                let message = format!("not understood as HCL: {message}; this block was not read");
                problems.push(Problem::at(ProblemKind::Parse, &location, message));
            }
        }
    }
    (whole, problems)
}

/// Parses a template that stands in a file of its own (`templatefile`).
///
/// # Errors
/// The line and what was expected there.
pub fn parse_template(file: &SourceFile) -> Result<Vec<Piece>, (u32, String)> {
    let template = hcl_edit::parser::parse_template(&file.text).map_err(|error| {
        let (line, _) = file.position(u32::try_from(error.location().offset()).unwrap_or(u32::MAX));
        (line, error.message().to_owned())
    })?;
    Ok(Reader { file, base: 0 }.pieces(&template))
}

fn parse_text(text: &str) -> Result<hcl_edit::structure::Body, (usize, String)> {
    hcl_edit::parser::parse_body(text).map_err(|error| (error.location().offset(), error.message().replace('\n', "; ")))
}

/// Turns the parser's tree into ours; `base` is where the parsed text starts in the file.
struct Reader<'a> {
    file: &'a SourceFile,
    base: usize,
}

impl Reader<'_> {
    fn span(&self, range: Option<Range<usize>>) -> Span {
        let range = range.unwrap_or(0..0);
        Span::new(self.file.id, self.base + range.start, self.base + range.end)
    }

    fn body(&self, body: &hcl_edit::structure::Body) -> Body {
        let mut read = Body::default();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => read.attributes.push(Attribute {
                    name: attribute.key.as_str().into(),
                    name_span: self.span(attribute.key.span()),
                    value: Arc::new(self.expr(&attribute.value)),
                }),
                Structure::Block(block) => {
                    let first = self.span(block.ident.span());
                    let last = block.labels.last().map_or(first, |label| self.span(label.span()));
                    read.blocks.push(Arc::new(Block {
                        kind: block.ident.as_str().into(),
                        labels: block.labels.iter().map(|label| label.as_str().into()).collect(),
                        body: self.body(&block.body),
                        header: first.to(last),
                    }));
                }
            }
        }
        read
    }

    fn expr(&self, expr: &Expression) -> Expr {
        let kind = match expr {
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(value) => ExprKind::Bool(*value.value()),
            Expression::Number(value) => ExprKind::Number(value.value().as_f64().unwrap_or_default()),
            Expression::String(value) => ExprKind::String(value.as_str().into()),
            Expression::Array(items) => ExprKind::List(items.iter().map(|item| self.expr(item)).collect()),
            Expression::Object(object) => ExprKind::Object(
                object.iter().map(|(key, value)| (self.object_key(key), self.expr(value.expr()))).collect(),
            ),
            Expression::StringTemplate(template) => ExprKind::Template(self.pieces(template)),
            Expression::HeredocTemplate(heredoc) => ExprKind::Template(self.pieces(&heredoc.template)),
            Expression::Parenthesis(inner) => self.expr(inner.inner()).kind,
            Expression::Variable(name) => ExprKind::Variable(name.as_str().into()),
            Expression::Conditional(conditional) => ExprKind::Conditional(Box::new([
                self.expr(&conditional.cond_expr),
                self.expr(&conditional.true_expr),
                self.expr(&conditional.false_expr),
            ])),
            Expression::FuncCall(call) => {
                let mut name = String::new();
                for part in &call.name.namespace {
                    name.push_str(part.as_str());
                    name.push_str("::");
                }
                name.push_str(call.name.name.as_str());
                ExprKind::Call {
                    name: name.into(),
                    arguments: call.args.iter().map(|argument| self.expr(argument)).collect(),
                    spread: call.args.expand_final(),
                }
            }
            Expression::Traversal(traversal) => self.traversal(traversal),
            Expression::UnaryOp(unary) => ExprKind::Unary(*unary.operator.value(), Box::new(self.expr(&unary.expr))),
            Expression::BinaryOp(binary) => ExprKind::Binary(
                *binary.operator.value(),
                Box::new([self.expr(&binary.lhs_expr), self.expr(&binary.rhs_expr)]),
            ),
            Expression::ForExpr(each) => ExprKind::For(Box::new(self.for_expr(each))),
        };
        Expr { span: self.span(expr.span()), kind }
    }

    /// A bare word stands for itself; everything else is an expression.
    fn object_key(&self, key: &ObjectKey) -> Expr {
        match key {
            ObjectKey::Ident(name) => {
                Expr { span: self.span(name.span()), kind: ExprKind::String(name.as_str().into()) }
            }
            ObjectKey::Expression(expr) => self.expr(expr),
        }
    }

    fn traversal(&self, traversal: &Traversal) -> ExprKind {
        let step = |operator: &TraversalOperator| match operator {
            TraversalOperator::AttrSplat(_) => Step::AttributeSplat,
            TraversalOperator::FullSplat(_) => Step::FullSplat,
            TraversalOperator::GetAttr(name) => Step::Attribute(name.as_str().into()),
            TraversalOperator::Index(expr) => Step::Index(self.expr(expr)),
            TraversalOperator::LegacyIndex(index) => {
                let number = u32::try_from(*index.value()).unwrap_or(u32::MAX);
                Step::Index(Expr { span: self.span(index.span()), kind: ExprKind::Number(f64::from(number)) })
            }
        };
        let steps = traversal.operators.iter().map(|operator| step(operator.value())).collect();
        ExprKind::Traversal(Box::new(self.expr(&traversal.expr)), steps)
    }

    fn for_expr(&self, each: &ForExpr) -> For {
        For {
            key_name: each.intro.key_var.as_ref().map(|name| name.as_str().into()),
            value_name: each.intro.value_var.as_str().into(),
            collection: self.expr(&each.intro.collection_expr),
            key: each.key_expr.as_ref().map(|key| self.expr(key)),
            value: self.expr(&each.value_expr),
            grouping: each.grouping,
            condition: each.cond.as_ref().map(|condition| self.expr(&condition.expr)),
        }
    }

    fn pieces(&self, template: &Template) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut strip_next = false;
        for element in template {
            match element {
                Element::Literal(literal) => {
                    let text: &str = literal.as_str();
                    let text = if strip_next { text.trim_start() } else { text };
                    pieces.push(Piece::Literal(text.into(), self.span(literal.span())));
                    strip_next = false;
                }
                Element::Interpolation(interpolation) => {
                    strip_end(&mut pieces, interpolation.strip);
                    pieces.push(Piece::Value(self.expr(&interpolation.expr)));
                    strip_next = strips_after(interpolation.strip);
                }
                Element::Directive(directive) => {
                    let (first, last, piece) = self.directive(directive);
                    strip_end(&mut pieces, first);
                    pieces.push(piece);
                    strip_next = strips_after(last);
                }
            }
        }
        pieces
    }

    fn directive(&self, directive: &Directive) -> (Strip, Strip, Piece) {
        match directive {
            Directive::If(choice) => {
                let end = choice.endif_expr.strip;
                let otherwise = choice.else_expr.as_ref();
                let then_end = otherwise.map_or(end, |other| other.strip);
                let then = self.inside(&choice.if_expr.template, choice.if_expr.strip, then_end);
                let otherwise = otherwise.map_or(Vec::new(), |other| self.inside(&other.template, other.strip, end));
                let condition = Box::new(self.expr(&choice.if_expr.cond_expr));
                (choice.if_expr.strip, end, Piece::If(condition, then, otherwise))
            }
            Directive::For(each) => {
                let end = each.endfor_expr.strip;
                let each = &each.for_expr;
                let piece = Piece::For {
                    key_name: each.key_var.as_ref().map(|name| name.as_str().into()),
                    value_name: each.value_var.as_str().into(),
                    collection: Box::new(self.expr(&each.collection_expr)),
                    pieces: self.inside(&each.template, each.strip, end),
                };
                (each.strip, end, piece)
            }
        }
    }

    /// The pieces between two markers, whose `~` take away the space next to them.
    fn inside(&self, template: &Template, before: Strip, after: Strip) -> Vec<Piece> {
        let mut pieces = self.pieces(template);
        if strips_after(before)
            && let Some(Piece::Literal(text, _)) = pieces.first_mut()
        {
            *text = text.trim_start().into();
        }
        strip_end(&mut pieces, after);
        pieces
    }
}

fn strips_after(strip: Strip) -> bool {
    matches!(strip, Strip::End | Strip::Both)
}

fn strip_end(pieces: &mut [Piece], strip: Strip) {
    if matches!(strip, Strip::Start | Strip::Both)
        && let Some(Piece::Literal(text, _)) = pieces.last_mut()
    {
        *text = text.trim_end().into();
    }
}

/// What a file that does not parse is made of: its top-level blocks, comments and line breaks inside brackets.
struct Marks {
    blocks: Vec<Range<usize>>,
    comments: Vec<Range<usize>>,
    breaks: Vec<usize>,
}

impl Marks {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut marks = Self { blocks: Vec::new(), comments: Vec::new(), breaks: Vec::new() };
        let (mut at, mut depth, mut start) = (0, 0_usize, 0);
        while let Some(byte) = bytes.get(at) {
            let rest = &bytes[at..];
            match byte {
                b'#' => at = marks.comment(at, line_end(bytes, at)),
                b'/' if rest.starts_with(b"//") => at = marks.comment(at, line_end(bytes, at)),
                b'/' if rest.starts_with(b"/*") => {
                    let end = memchr::memmem::find(rest, b"*/").map_or(bytes.len(), |found| at + found + 2);
                    at = marks.comment(at, end);
                }
                b'"' => at = string_end(bytes, at),
                b'<' if rest.starts_with(b"<<") => at = heredoc_end(bytes, at),
                b'{' | b'[' | b'(' => (depth, at) = (depth + 1, at + 1),
                b'}' | b']' | b')' => (depth, at) = (depth.saturating_sub(1), at + 1),
                b'\n' => {
                    at += 1;
                    if depth > 0 {
                        marks.breaks.push(at - 1);
                    } else {
                        marks.blocks.push(start..at);
                        start = at;
                    }
                }
                _ => at += 1,
            }
        }
        if start < bytes.len() {
            marks.blocks.push(start..bytes.len());
        }
        marks
    }

    fn comment(&mut self, start: usize, end: usize) -> usize {
        self.comments.push(start..end);
        end
    }

    /// The text with the line breaks around `?`, `:`, `&&` and `||` inside brackets replaced by spaces, which the
    /// parser refuses inside `{ for … }` and Terraform takes; every byte keeps its offset.
    fn join_lines(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for range in &self.comments {
            for byte in &mut bytes[range.clone()] {
                if *byte != b'\n' && *byte != b'\r' {
                    *byte = b' ';
                }
            }
        }
        for at in &self.breaks {
            let before = bytes[..*at].trim_ascii_end();
            let after = bytes[*at..].trim_ascii_start();
            let continues = [&b"?"[..], b":", b"&&", b"||"];
            if continues.iter().any(|sign| before.ends_with(sign) || after.starts_with(sign)) {
                bytes[*at] = b' ';
                if *at > 0 && bytes[*at - 1] == b'\r' {
                    bytes[*at - 1] = b' ';
                }
            }
        }
        String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
    }
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |found| at + found)
}

/// One past the closing quote; an interpolation may hold strings of its own.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    let mut braces: Vec<bool> = Vec::new();
    let mut quoted = true;
    while let Some(byte) = bytes.get(at) {
        match (byte, quoted) {
            (b'\\', true) => at += 1,
            (b'"', true) => match braces.last() {
                None => return at + 1,
                Some(_) => quoted = false,
            },
            (b'\n', _) if braces.is_empty() => return at,
            (b'$' | b'%', true) if bytes.get(at + 1) == Some(&b'{') => {
                braces.push(true);
                quoted = false;
                at += 1;
            }
            (b'"', false) => quoted = true,
            (b'{', false) => braces.push(false),
            (b'}', false) => quoted = braces.pop().unwrap_or(true),
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// One past the line with the closing word; two bytes on where `<<` opens no heredoc.
fn heredoc_end(bytes: &[u8], at: usize) -> usize {
    let line = line_end(bytes, at);
    let word = bytes[at + 2..line].trim_ascii();
    let word = word.strip_prefix(b"-").unwrap_or(word);
    if word.is_empty() || !word.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'-') {
        return at + 2;
    }
    let mut from = line;
    while from < bytes.len() {
        let start = from + 1;
        let end = line_end(bytes, start.min(bytes.len()));
        if bytes.get(start..end).is_some_and(|text| text.trim_ascii() == word) {
            return end;
        }
        from = end.max(start);
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::{ExprKind, parse};
    use crate::source::Sources;

    fn check(text: &str, blocks: usize, problems: &[u32]) {
        let sources = Sources::in_memory([("a.tf", text)]);
        let (body, met) = parse(&sources.open("a.tf").unwrap());
        assert_eq!(body.blocks.len(), blocks, "{text}");
        assert_eq!(met.iter().filter_map(|problem| problem.line).collect::<Vec<_>>(), problems, "{met:?}");
    }

    #[test]
    fn spans_point_at_what_was_written() {
        let text = "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"é${var.x}\"\n}\n";
        let sources = Sources::in_memory([("a.tf", text)]);
        let file = sources.open("a.tf").unwrap();
        let (body, _) = parse(&file);
        let block = &body.blocks[0];
        assert_eq!(&text[block.header.range()], "resource \"aws_s3_bucket\" \"b\"");
        assert_eq!(&text[block.body.attributes[0].value.span.range()], "\"é${var.x}\"");
        assert!(matches!(block.body.attributes[0].value.kind, ExprKind::Template(_)));
    }

    #[test]
    fn lines_may_break_where_terraform_lets_them() {
        check("locals {\n  a = { for k, v in var.x : k => v\n    if v != null &&\n    k != \"\" }\n}\n", 1, &[]);
        check("locals {\n  a = { for k, v in var.x : k => (v\n    ? 1 # one\n    : 2) }\n}\n", 1, &[]);
    }

    #[test]
    fn a_bad_block_costs_only_itself() {
        let good = "variable \"a\" {}\n";
        let bad = "resource \"x\" \"y\" {\n  a = = 1\n}\n";
        let heredoc = "locals {\n  t = <<EOT\n}}} \"\nEOT\n}\n";
        check(&format!("{good}{bad}{heredoc}{good}"), 3, &[3]);
    }

    #[test]
    fn hostile_nesting_is_a_problem_and_no_crash() {
        for open in ["[", "(", "{a=", "!", "-", "\"${", "a(", "a["] {
            let text = format!("locals {{\n  a = {}\n}}\n", open.repeat(50_000));
            let sources = Sources::in_memory([("a.tf", text.as_str())]);
            let (_, problems) = parse(&sources.open("a.tf").unwrap());
            assert_eq!(problems.len(), 1, "{open}");
        }
        let text = format!("locals {{\n  a = 1{}\n}}\n", " + 1".repeat(5_000));
        check(&text, 0, &[2]);
    }
}
