//! Code written inside a template: its text, and the way back from the text to the template.

use crate::source::{SourceFile, Span};
use crate::syntax::{Node, Part, yaml};
use std::sync::Arc;

/// Stands in a text where the template puts in a value that is not known here.
pub(super) const HOLE: char = '\u{FFFC}';

/// Where inline code stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The scalar in the template.
    span: Span,
    /// For each line of the code: where it starts in it, and where in the template.
    lines: Vec<(u32, u32)>,
}

/// The code as text, and where it stands; `None` where it is no string.
pub(super) fn text(template: &SourceFile, node: &Node) -> Option<(Arc<str>, Place)> {
    let mut text = String::new();
    for part in node.parts()? {
        match part {
            Part::Literal(literal) => text.push_str(&literal),
            Part::Reference(_) | Part::Unknown(_) => text.push(HOLE),
        }
    }
    let mut lines = Vec::new();
    if let Some(starts) = yaml::content_lines(template, node.span, &text) {
        let mut at = 0;
        for (line, start) in text.split_inclusive('\n').zip(starts) {
            lines.push((at, start));
            at += super::unit::index(line.len());
        }
    }
    Some((text.into(), Place { span: node.span, lines }))
}

impl Place {
    /// A span of the code as a span of the template.
    pub(super) fn map(&self, span: Span) -> Span {
        let offset = |at: u32| {
            let line = self.lines.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
            let (from, to) = self.lines.get(line)?;
            Some(to + (at - from))
        };
        match (offset(span.start), offset(span.end)) {
            (Some(start), Some(end)) if start <= end => {
                Span { file: self.span.file, start, end: end.min(self.span.end.max(start)) }
            }
            _ => self.span,
        }
    }
}
