//! The parsed configuration: blocks, attributes and expressions, each with its span.

use crate::source::Span;
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
