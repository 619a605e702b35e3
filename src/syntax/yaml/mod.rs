//! YAML to nodes: every scalar and key with its bytes, CloudFormation's short tags in their long form.

mod builder;
mod lines;
mod padding;
mod scalar;

pub use lines::content_lines;
pub use scalar::{Schema, spellings};

use super::Node;
use crate::source::{Problem, ProblemKind, SourceFile, Span};
use builder::Builder;
use granit_parser::{ErrorKind, Event, Options, Parser, ScanError};
use padding::Padded;

/// How many times a file is read again after a badly indented line was moved to the right.
const MAX_RETRIES: usize = 32;

/// Reads the first document of a file, as CloudFormation's own parser does (YAML 1.1: `yes` is true).
///
/// `None` where there is no document: the file is empty or is not YAML; the problems say which.
/// Of two equal keys the later one is taken, as CloudFormation does, and a problem names both.
pub fn parse(file: &SourceFile) -> (Option<Node>, Vec<Problem>) {
    parse_as(file, Schema::Yaml11)
}

/// Reads the first document of a file by a schema of one's choice; serverless.yml is read by [`Schema::Core`].
pub fn parse_as(file: &SourceFile, schema: Schema) -> (Option<Node>, Vec<Problem>) {
    let (mut documents, problems) = read(file, schema, 1);
    (documents.pop(), problems)
}

/// Reads every document of a file, in order.
pub fn parse_all(file: &SourceFile, schema: Schema) -> (Vec<Node>, Vec<Problem>) {
    read(file, schema, usize::MAX)
}

fn read(file: &SourceFile, schema: Schema, documents: usize) -> (Vec<Node>, Vec<Problem>) {
    let mut text = Padded::new(&file.text);
    for _ in 0..MAX_RETRIES {
        match attempt(file, &text, schema, documents) {
            Ok(read) => return read,
            Err(error) if *error.kind() == ErrorKind::InvalidQuotedScalarIndent => {
                if !text.pad(error.marker().byte_offset().unwrap_or(usize::MAX)) {
                    return (Vec::new(), vec![problem(file, &text, &error)]);
                }
            }
            Err(error) => return (Vec::new(), vec![problem(file, &text, &error)]),
        }
    }
    let message = "too many quoted strings continue left of their key; indent their lines under the key";
    (Vec::new(), vec![Problem::of_file(ProblemKind::Limit, &file.path, message)])
}

fn attempt(
    file: &SourceFile,
    text: &Padded<'_>,
    schema: Schema,
    documents: usize,
) -> Result<(Vec<Node>, Vec<Problem>), ScanError> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    let mut builder = Builder::new(file, text, schema);
    for event in Parser::new_from_str_with_options(text.as_str(), options) {
        let (event, span) = event?;
        let done = event == Event::DocumentEnd;
        builder.event(event, span);
        if done && builder.documents() >= documents {
            break;
        }
    }
    Ok(builder.finish())
}

/// What the parser expected, and where; its words never quote the file.
fn problem(file: &SourceFile, text: &Padded<'_>, error: &ScanError) -> Problem {
    let offset = text.original(error.marker().byte_offset().unwrap_or(0));
    let advice = match error.kind() {
        ErrorKind::RecursionLimitExceeded => "nested deeper than 255 levels; the file was not read",
        ErrorKind::UnknownAnchor => "an alias (`*name`) stands before its anchor (`&name`); define the anchor first",
        ErrorKind::TabInIndentation | ErrorKind::TabInBlockIndentation | ErrorKind::TabNotAllowed => {
            "a tab indents this line; indent with spaces"
        }
        ErrorKind::MappingValueNotAllowed => {
            "a `key:` stands where none can: twice on a line, indented too far, or below a key whose colon lacks its space"
        }
        ErrorKind::SimpleKeyExpected => "`key: value` was expected; a space after the colon or the colon is missing",
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "text follows a quoted string on its line; put all of it into the quotes"
        }
        ErrorKind::UnclosedQuotedScalar => "a quoted string that starts here is not closed",
        _ => "",
    };
    let message = match (error.kind(), advice) {
        (_, "") => format!("not valid YAML: {}; correct the line, or exclude the file", error.info()),
        (_, advice) => format!("not valid YAML: {advice}"),
    };
    let kind = match error.kind() {
        ErrorKind::RecursionLimitExceeded => ProblemKind::Limit,
        _ => ProblemKind::Parse,
    };
    Problem::at(kind, &file.location(Span::new(file.id, offset, offset)), message)
}

#[cfg(test)]
mod tests;
