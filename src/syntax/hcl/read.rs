//! The parser's tree to ours.

use super::tree::{Attribute, Block, Body, Expr, ExprKind, For, Piece, Step};
use crate::source::{FileId, Span};
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ForExpr, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::structure::Structure;
use hcl_edit::template::{Directive, Element, Strip, Template};
use std::ops::Range;
use std::sync::Arc;

/// Turns the parser's tree into ours.
pub(super) struct Reader {
    /// The file.
    pub(super) file: FileId,
    /// Where the parsed text starts in the file.
    pub(super) base: usize,
    /// The place of everything, where the text stands escaped in the file.
    pub(super) whole: Option<Span>,
}

impl Reader {
    fn span(&self, range: Option<Range<usize>>) -> Span {
        if let Some(whole) = self.whole {
            return whole;
        }
        let range = range.unwrap_or(0..0);
        Span::new(self.file, self.base + range.start, self.base + range.end)
    }

    pub(super) fn body(&self, body: &hcl_edit::structure::Body) -> Body {
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

    pub(super) fn expr(&self, expr: &Expression) -> Expr {
        let kind = match expr {
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(value) => ExprKind::Bool(*value.value()),
            Expression::Number(value) => ExprKind::Number(value.value().as_f64().unwrap_or_default()),
            Expression::String(value) => ExprKind::String(value.as_str().into()),
            Expression::Array(items) => ExprKind::List(items.iter().map(|item| self.expr(item)).collect()),
            Expression::Object(object) => ExprKind::Object(
                object.iter().map(|(key, value)| (self.object_key(key), self.expr(value.expr()))).collect(),
            ),
            Expression::StringTemplate(template) => {
                let mut pieces = self.pieces(template);
                pieces.iter_mut().for_each(unescape_inside);
                ExprKind::Template(pieces)
            }
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

    pub(super) fn pieces(&self, template: &Template) -> Vec<Piece> {
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

/// Resolves the escapes of the text between the directives of a quoted string, which the parser leaves as they are.
fn unescape_inside(piece: &mut Piece) {
    let inner = |pieces: &mut [Piece]| {
        for piece in pieces {
            if let Piece::Literal(text, _) = piece
                && text.contains('\\')
            {
                *text = unescaped(text).into();
            }
            unescape_inside(piece);
        }
    };
    match piece {
        Piece::If(_, then, otherwise) => {
            inner(then);
            inner(otherwise);
        }
        Piece::For { pieces, .. } => inner(pieces),
        Piece::Literal(..) | Piece::Value(_) => {}
    }
}

fn unescaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            made.push(letter);
            continue;
        }
        let code = |letters: &mut std::str::Chars<'_>, digits: usize| {
            let code: String = letters.by_ref().take(digits).collect();
            u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)
        };
        match letters.next() {
            Some('n') => made.push('\n'),
            Some('r') => made.push('\r'),
            Some('t') => made.push('\t'),
            Some('u') => made.extend(code(&mut letters, 4)),
            Some('U') => made.extend(code(&mut letters, 8)),
            other => made.extend(other),
        }
    }
    made
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
