//! `explain`: the page of a rule.

use super::args::Explain;
use super::{Exit, rules};
use std::io::Write;

/// Prints the page.
pub(super) fn run(line: &Explain) -> Result<Exit, String> {
    let rules = rules::built_in()?;
    let rule = rules::find(&rules, &line.rule)?;
    let severities: Vec<&str> = rule.severities.iter().map(|severity| severity.as_str()).collect();
    let mut out = anstream::stdout();
    let written =
        writeln!(out, "{}\n\nSeverity: {}. Name: {}.", rule.page.trim_end(), severities.join(", "), rule.name);
    written.map_err(|error| format!("standard output cannot be written: {error}"))?;
    Ok(Exit::Clean)
}
