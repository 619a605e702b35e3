//! The report for people: an excerpt of the source for each place, with what is wrong there and what to write instead.

use super::content::Report;
use super::excerpt::{Excerpt, SecretLines, excerpt};
use super::phrase::{grade, message, printable, wrapped};
use super::table;
use crate::finding::{Finding, Related, Status};
use crate::rule::Severity;
use crate::source::{Problem, Sources};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::io::{self, Write};
use std::sync::Arc;

/// Columns of an excerpt where the output is no terminal.
const COLUMNS: usize = 120;

/// The renderer's own style for line numbers and arrows.
const ARROW: &str = "\u{1b}[1m\u{1b}[94m";
const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";

/// Distinct underlined stretches in one block.
const MARKS: usize = 4;

/// Writes the report.
pub(super) fn write(
    report: &Report,
    sources: &Sources,
    color: bool,
    width: Option<usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = Page {
        sources,
        secrets: SecretLines::of(&report.findings),
        // Lines come cut to the terminal already, with the true column beside the path.
        renderer: if color { Renderer::styled().hyperlink(false) } else { Renderer::plain() }.term_width(100_000),
        width,
        color,
    };
    let shown: Vec<&Finding> = report.findings.iter().filter(|finding| finding.status != Status::Unknown).collect();
    let mut rest = shown.as_slice();
    while let Some(length) = page.block_length(rest) {
        let (block, after) = rest.split_at(length);
        page.write_block(block, out)?;
        rest = after;
    }
    page.write_unknown(report, out)?;
    page.write_problems(&report.problems, out)?;
    table::write(report, width, color, out)
}

/// What stays the same over the whole output.
struct Page<'a> {
    sources: &'a Sources,
    secrets: SecretLines<'a>,
    renderer: Renderer,
    width: Option<usize>,
    color: bool,
}

impl Page<'_> {
    /// How many of the next findings share one block: those on one line, or on one stretch of a line that
    /// is not shown whole.
    fn block_length(&self, findings: &[&Finding]) -> Option<usize> {
        let first = &findings.first()?.location;
        let room = self.columns(first.start_line);
        let long = self.line(&first.path, first.start_line).chars().nth(room).is_some();
        let mut marks = vec![columns(findings[0])];
        let mut length = 1;
        for finding in &findings[1..] {
            let place = &finding.location;
            let mark = columns(finding);
            let known = marks.contains(&mark);
            if place.path != first.path || place.start_line != first.start_line {
                break;
            }
            if !known && (long || marks.len() == MARKS) {
                break;
            }
            if !known {
                marks.push(mark);
            }
            length += 1;
        }
        Some(length)
    }

    /// One block: a title for each finding, the worst first, then the excerpt that they share, then the notes.
    fn write_block(&self, findings: &[&Finding], out: &mut dyn Write) -> io::Result<()> {
        let mut findings = findings.to_vec();
        findings.sort_by_key(|finding| (finding.status, finding.severity));
        let Some(worst) = findings.first() else {
            return Ok(());
        };
        let same = |one: &&Finding, other: &&Finding| title(one) == title(other);
        for alike in findings.chunk_by(same) {
            self.write_title(alike, out)?;
        }
        let place = &worst.location;
        let gutter = place.start_line.to_string().len();
        let (on, off) = if self.color { (ARROW, RESET) } else { ("", "") };
        let path = printable(&place.path);
        writeln!(out, "{on}{:gutter$}-->{off} {path}:{}:{}", "", place.start_line, place.start_column)?;
        let mut group = Group::with_level(level(worst));
        if let Some(snippet) = self.snippet(&findings) {
            group = group.element(snippet);
        }
        for (name, text) in notes(&findings) {
            let level = if name.starts_with("help") { Level::HELP } else { Level::NOTE };
            let indent = gutter + 3 + name.len() + 2;
            let lines = text
                .lines()
                .map(|line| wrapped(line, self.width.map(|columns| columns.saturating_sub(indent)), hang(line)));
            let text = lines.collect::<Vec<_>>().join("\n");
            group = group.element(level.with_name(name).message(text));
        }
        if !group.is_empty() {
            writeln!(out, "{}", self.renderer.render(&[group]))?;
        }
        writeln!(out)
    }

    /// The title of findings that read alike, as those of a template that is nested several times.
    fn write_title(&self, alike: &[&Finding], out: &mut dyn Write) -> io::Result<()> {
        let Some(finding) = alike.first() else { return Ok(()) };
        let (head, said) = title(finding);
        let times = if alike.len() > 1 { format!(" ({} times)", alike.len()) } else { String::new() };
        let text = wrapped(&format!("{head}: {said}{times}"), self.width, 4);
        let rest = text.strip_prefix(&head).unwrap_or_default();
        let (on, bold, off) = if self.color { (style(finding), BOLD, RESET) } else { ("", "", "") };
        writeln!(out, "{on}{head}{off}{bold}{rest}{off}")
    }

    fn snippet<'t>(&self, findings: &[&Finding]) -> Option<Snippet<'t, annotate_snippets::Annotation<'t>>> {
        let place = &findings.first()?.location;
        let mut marks: Vec<(Columns, Vec<Arc<str>>)> = Vec::new();
        for finding in findings {
            let mark = columns(finding);
            match marks.iter_mut().find(|(known, _)| *known == mark) {
                Some((_, rules)) if rules.contains(&finding.rule) => {}
                Some((_, rules)) => rules.push(finding.rule.clone()),
                None => marks.push((mark, vec![finding.rule.clone()])),
            }
        }
        marks.sort_by_key(|(mark, _)| *mark);
        let line = self.line(&place.path, place.start_line);
        if line.is_empty() {
            return None;
        }
        let secrecy = self.secrets.on(&place.path, place.start_line);
        let wanted: Vec<Columns> = marks.iter().map(|(mark, _)| *mark).collect();
        let Excerpt { text, spans } = excerpt(&line, &wanted, secrecy, self.columns(place.start_line));
        let several = marks.len() > 1;
        let annotations = spans.into_iter().zip(&marks).map(|(span, (_, rules))| {
            let mark = AnnotationKind::Primary.span(span);
            if several { mark.label(rules.join(", ")) } else { mark }
        });
        Some(Snippet::source(text).line_start(place.start_line as usize).annotations(annotations.collect::<Vec<_>>()))
    }

    /// Answers that need what is not known, where they were asked for.
    fn write_unknown(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let unknown: Vec<&Finding> =
            report.findings.iter().filter(|finding| finding.status == Status::Unknown).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        self.write_heading(&format!("could not be judged ({}):", unknown.len()), out)?;
        let rows = unknown.iter().map(|finding| {
            let place = &finding.location;
            let place = format!("{}:{}:{}", printable(&place.path), place.start_line, place.start_column);
            [finding.rule.to_string(), place, printable(&finding.message).into_owned()]
        });
        self.write_rows(&rows.collect::<Vec<_>>(), out)
    }

    fn write_problems(&self, problems: &[Problem], out: &mut dyn Write) -> io::Result<()> {
        if problems.is_empty() {
            return Ok(());
        }
        self.write_heading(&format!("problems ({}):", problems.len()), out)?;
        let rows = problems.iter().map(|problem| {
            let place = match (&problem.path, problem.line, &problem.action) {
                (Some(path), Some(line), _) => format!("{path}:{line}"),
                (Some(path), None, _) => path.to_string(),
                (None, _, Some(action)) => action.to_string(),
                (None, _, None) => "-".to_owned(),
            };
            [problem.kind.as_str().to_owned(), printable(&place).into_owned(), printable(&problem.message).into_owned()]
        });
        self.write_rows(&rows.collect::<Vec<_>>(), out)
    }

    fn write_heading(&self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let (on, off) = if self.color { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
        writeln!(out, "{on}{text}{off}")
    }

    /// Rows of kind, place and message; the message below the place where both do not fit on one line.
    fn write_rows(&self, rows: &[[String; 3]], out: &mut dyn Write) -> io::Result<()> {
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (kind, place) = (width(0), width(1).min(40));
        for [word, path, text] in rows {
            let indent = 2 + kind + 2 + place + 2;
            let narrow = self.width.is_some_and(|columns| columns < indent + 30);
            write!(out, "  {word:kind$}  ")?;
            if narrow || path.chars().count() > place {
                let margin = " ".repeat(6 + kind);
                writeln!(out, "{path}\n{}", wrapped(&format!("{margin}{text}"), self.width, margin.len()))?;
            } else {
                let margin = " ".repeat(indent);
                let text = wrapped(&format!("{margin}{text}"), self.width, indent);
                writeln!(out, "{path:place$}  {}", text.trim_start())?;
            }
        }
        writeln!(out)
    }

    /// Columns that are left for an excerpt beside its line number.
    fn columns(&self, line: u32) -> usize {
        self.width.unwrap_or(COLUMNS).saturating_sub(line.to_string().len() + 3)
    }

    fn line(&self, path: &str, number: u32) -> String {
        self.sources.open(path).map(|file| file.line(number).to_owned()).unwrap_or_default()
    }
}

/// What stands before the colon and after it.
fn title(finding: &Finding) -> (String, String) {
    let head = format!("{}[{}/{}]", grade(finding), finding.rule, printable(&finding.name));
    (head, printable(&message(finding)).into_owned())
}

fn level<'a>(finding: &Finding) -> Level<'a> {
    match (finding.status, finding.severity) {
        (Status::Violated, Severity::Critical | Severity::High) => Level::ERROR,
        (Status::Violated, Severity::Medium) => Level::WARNING,
        (Status::Violated, Severity::Low | Severity::Info) => Level::INFO,
        _ => Level::NOTE,
    }
}

/// The renderer's own style for a finding's level.
fn style(finding: &Finding) -> &'static str {
    match (finding.status, finding.severity) {
        (Status::Violated, Severity::Critical | Severity::High) => "\u{1b}[1m\u{1b}[91m",
        (Status::Violated, Severity::Medium) => "\u{1b}[1m\u{1b}[33m",
        (Status::Violated, Severity::Low | Severity::Info) => "\u{1b}[1m\u{1b}[94m",
        _ => "\u{1b}[1m\u{1b}[92m",
    }
}

/// First column and the one past the last, from 1.
type Columns = (u32, u32);

/// The columns of the first line that a finding covers.
fn columns(finding: &Finding) -> Columns {
    let place = &finding.location;
    let end = if place.end_line > place.start_line { u32::MAX } else { place.end_column };
    (place.start_column, end)
}

/// What is said below the excerpt: related places, the flow, the profiles and the help of each finding, which is
/// named where there are several.
fn notes(findings: &[&Finding]) -> Vec<(String, String)> {
    let constructs = findings.iter().filter_map(|finding| finding.resource.construct.as_deref());
    let mut notes: Vec<(String, String)> =
        constructs.map(|construct| ("construct".to_owned(), printable(construct).into_owned())).collect();
    notes.dedup();
    let mut add = |finding: &Finding, name: &str, text: String| {
        let name = if findings.len() > 1 { format!("{name}[{}]", finding.rule) } else { name.to_owned() };
        let note = (name, text);
        if !note.1.is_empty() && !notes.contains(&note) {
            notes.push(note);
        }
    };
    for finding in findings {
        add(finding, "note", places(&finding.related));
        add(finding, "flow", places(&finding.flow));
        add(finding, "profile", printable(&finding.profiles.join(", ")).into_owned());
        add(finding, "help", printable(&finding.help).into_owned());
    }
    notes
}

/// Places with their remarks, numbered where there are several.
fn places(places: &[Related]) -> String {
    let line = |(index, place): (usize, &Related)| {
        let at = &place.location;
        let number = if places.len() > 1 { format!("{}. ", index + 1) } else { String::new() };
        let path = printable(&at.path);
        format!("{number}{path}:{}:{}: {}", at.start_line, at.start_column, printable(&place.text))
    };
    places.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// The lines after the first of a numbered place stand below its text.
fn hang(line: &str) -> usize {
    if line.starts_with(|character: char| character.is_ascii_digit()) { 3 } else { 0 }
}
