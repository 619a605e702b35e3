//! The end of the report for people: findings by rule in aligned columns, and the counts as one line.

use super::content::Report;
use super::phrase::{counts, number, wrapped};
use crate::finding::Status;
use crate::rule::Severity;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// One row: a rule at one severity.
#[derive(Debug, Default, Clone, Copy)]
struct Row<'a> {
    name: &'a str,
    violated: usize,
    review: usize,
    unknown: usize,
}

/// Writes the table, the worst rows first, and the line of counts.
pub(super) fn write(report: &Report, width: Option<usize>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(report);
    let (bold, off) = if color { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    if !rows.is_empty() {
        writeln!(out, "{bold}severity  findings  review  unknown  rule{off}")?;
        let mut sum = Row::default();
        for ((severity, rule), row) in &rows {
            let word = format!("{:8}", severity.map_or("-", Severity::as_str));
            let style = if color { style(*severity) } else { "" };
            let name = shortened(row.name, width.map(|columns| columns.saturating_sub(37 + rule.len() + 1)));
            let label = format!("{rule} {name}");
            writeln!(out, "{style}{word}{off}  {}  {}", cells(row), label.trim_end())?;
            sum.violated += row.violated;
            sum.review += row.review;
            sum.unknown += row.unknown;
        }
        writeln!(out, "{bold}{:8}{off}  {}  {}", "total", cells(&sum), number(rules(&rows), "rule"))?;
        writeln!(out)?;
    }
    writeln!(out, "{bold}{}{off}", wrapped(&counts(&report.summary), width, 2))
}

type Rows<'a> = BTreeMap<(Option<Severity>, &'a str), Row<'a>>;

/// The rows in their order: by severity, then rule. Unknown answers stand on a rule's first row; a rule without a
/// description and without findings has no severity.
fn rows(report: &Report) -> Rows<'_> {
    let mut rows: Rows<'_> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.status != Status::Unknown) {
        let row = rows.entry((Some(finding.severity), &finding.rule)).or_default();
        row.name = &finding.name;
        match finding.status {
            Status::Review => row.review += 1,
            _ => row.violated += 1,
        }
    }
    let mut first: BTreeMap<&str, Option<Severity>> = BTreeMap::new();
    for (severity, rule) in rows.keys() {
        first.entry(rule).or_insert(*severity);
    }
    for (rule, count) in report.summary.unknown.iter().filter(|(_, count)| **count > 0) {
        let text = report.rules.iter().find(|text| text.id == *rule);
        let described = text.and_then(|text| text.severities.first().copied());
        let severity = first.get(&**rule).copied().unwrap_or(described);
        let row = rows.entry((severity, rule)).or_default();
        row.unknown += count;
        if let (true, Some(text)) = (row.name.is_empty(), text) {
            row.name = &text.name;
        }
    }
    rows
}

fn rules(rows: &Rows<'_>) -> usize {
    let mut ids: Vec<&str> = rows.keys().map(|(_, rule)| *rule).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len()
}

/// The three counts, a dot for none.
fn cells(row: &Row<'_>) -> String {
    let cell = |count: usize| if count == 0 { ".".to_owned() } else { count.to_string() };
    format!("{:>8}  {:>6}  {:>7}", cell(row.violated), cell(row.review), cell(row.unknown))
}

fn shortened(name: &str, room: Option<usize>) -> String {
    match room {
        Some(room) if name.chars().count() > room => {
            name.chars().take(room.saturating_sub(3)).collect::<String>() + "..."
        }
        _ => name.to_owned(),
    }
}

fn style(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(Severity::Critical | Severity::High) => "\u{1b}[1;91m",
        Some(Severity::Medium) => "\u{1b}[1;33m",
        Some(Severity::Low | Severity::Info) => "\u{1b}[1;94m",
        None => "",
    }
}
