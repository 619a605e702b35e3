//! `iam`: questions about policies in files, offline and exact; one file a command.

mod can;
mod policy;

use super::Exit;
use super::args::ListView;
use clap::{Args, Subcommand};
use std::io::Write;

#[derive(Debug, Args)]
pub(super) struct IamLine {
    #[command(subcommand)]
    command: Iam,
}

#[derive(Debug, Subcommand)]
enum Iam {
    /// May this principal do this action on this resource? Exit code 0 where it is allowed, 1 otherwise.
    Can(can::Can),
}

/// Runs one of them.
pub(super) fn run(line: &IamLine) -> Result<Exit, String> {
    match &line.command {
        Iam::Can(line) => can::run(line),
    }
}

/// The answer of a command: a text for people or one for programs.
fn print(output: ListView, text: &str, json: &serde_json::Value) -> Result<(), String> {
    let text = match output {
        ListView::Text => text.lines().map(|line| format!("{}\n", crate::report::printable(line))).collect(),
        ListView::Json => format!("{json:#}\n"),
    };
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("standard output cannot be written: {error}"))
        }
        _ => Ok(()),
    }
}
