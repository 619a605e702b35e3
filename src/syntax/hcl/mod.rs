//! Terraform's language: text to blocks, attributes and expressions, each with its span.

mod json;
mod marks;
mod read;
mod tree;

pub use json::{is_json, literal, parse_json, parse_values};
pub use tree::{Attribute, BinaryOperator, Block, Body, Expr, ExprKind, For, Piece, Step, UnaryOperator};

use crate::source::{Problem, ProblemKind, SourceFile, Span};
use marks::Marks;
use read::Reader;

/// Parses a file. A top-level block that is not understood is a problem; the others are kept.
pub fn parse(file: &SourceFile) -> (Body, Vec<Problem>) {
    let reader = |base| Reader { file: file.id, base, whole: None };
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
    Ok(Reader { file: file.id, base: 0, whole: None }.pieces(&template))
}

/// Parses a template that stands in another string; every part of it has the span.
pub fn parse_template_within(text: &str, span: Span) -> Option<Vec<Piece>> {
    let template = hcl_edit::parser::parse_template(text).ok()?;
    Some(Reader { file: span.file, base: 0, whole: Some(span) }.pieces(&template))
}

/// Parses an expression that stands in no file, such as a value on the command line; every part of it has the span.
pub fn parse_expression(text: &str, span: Span) -> Option<Expr> {
    let expr = hcl_edit::parser::parse_expr(text).ok()?;
    Some(Reader { file: span.file, base: 0, whole: Some(span) }.expr(&expr))
}

fn parse_text(text: &str) -> Result<hcl_edit::structure::Body, (usize, String)> {
    hcl_edit::parser::parse_body(text).map_err(|error| (error.location().offset(), error.message().replace('\n', "; ")))
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
