//! One line a finding, `path:line:column: severity rule message`, and one line of counts: for editors and grep.

use super::content::Report;
use super::phrase::{counts, grade, message, printable};
use crate::source::Problem;
use std::io::{self, Write};

/// Writes the report.
pub(super) fn write(report: &Report, color: bool, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        let place = &finding.location;
        let word = grade(finding);
        let (on, off) = if color { (style(word), "\u{1b}[0m") } else { ("", "") };
        writeln!(
            out,
            "{}:{}:{}: {on}{word}{off} {} {}",
            printable(&place.path),
            place.start_line,
            place.start_column,
            finding.rule,
            printable(&message(finding)),
        )?;
    }
    for problem in &report.problems {
        write_problem(problem, out)?;
    }
    writeln!(out, "{}", counts(&report.summary))
}

fn write_problem(problem: &Problem, out: &mut dyn Write) -> io::Result<()> {
    match (&problem.path, problem.line) {
        (Some(path), Some(line)) => write!(out, "{}:{line}:1: ", printable(path))?,
        (Some(path), None) => write!(out, "{}: ", printable(path))?,
        (None, _) => {}
    }
    write!(out, "problem {}", problem.kind.as_str())?;
    if let Some(action) = &problem.action {
        write!(out, " {}", printable(action))?;
    }
    writeln!(out, " {}", printable(&problem.message))
}

fn style(word: &str) -> &'static str {
    match word {
        "critical" | "high" => "\u{1b}[1;31m",
        "medium" => "\u{1b}[1;33m",
        "low" => "\u{1b}[1;36m",
        _ => "\u{1b}[1m",
    }
}
