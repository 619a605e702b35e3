//! Writes a report to where the command line says.

use super::args::Output;
use crate::report::{self, Format, Options, Report};
use crate::source::{Problem, Sources};
use std::fs::File;
use std::io::{self, IsTerminal, Write};

/// Writes every output; text to standard output where none is named.
pub(super) fn write(report: &Report, sources: &Sources, outputs: &[Output]) -> Result<(), String> {
    let default = [Output { format: Format::Text, file: None }];
    for output in if outputs.is_empty() { &default } else { outputs } {
        let left_out = match &output.file {
            Some(path) => {
                let fault = |error: io::Error| format!("{} cannot be written: {error}", path.display());
                let mut file = File::create(path).map_err(fault)?;
                report::write(report, sources, output.format, Options::default(), &mut file).map_err(fault)?
            }
            None => match report::write(report, sources, output.format, look(), &mut io::stdout().lock()) {
                // Whoever reads has enough: `leastwise … | head`.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Vec::new(),
                done => done.map_err(|error| format!("standard output cannot be written: {error}"))?,
            },
        };
        say(&left_out);
    }
    Ok(())
}

fn look() -> Options<'static> {
    let stdout = io::stdout();
    let terminal = stdout.is_terminal();
    let color = terminal && !matches!(anstream::AutoStream::choice(&stdout), anstream::ColorChoice::Never);
    let columns = || std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    // Where COLUMNS is set somebody has said how wide, be it a terminal or a log.
    Options { color, width: columns().or(terminal.then_some(100)), ..Options::default() }
}

fn say(problems: &[Problem]) {
    for problem in problems {
        let _ = writeln!(anstream::stderr(), "warning: {}", problem.message);
    }
}
