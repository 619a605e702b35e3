//! `iam`: questions about policies in files, offline and exact; one file a command.

mod access_not_granted;
mod can;
mod no_new_access;
mod policy;
mod public_access;
mod witness;

use super::Exit;
use super::word::ListView;
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
    /// Does a new version of a policy allow what the old one does not? 0: no; 1: yes, with a witness, or unknown.
    NoNewAccess(no_new_access::NoNewAccess),
    /// Does a policy allow none of these actions? 0: none; 1: one, with a witness, or unknown.
    AccessNotGranted(access_not_granted::AccessNotGranted),
    /// Does the policy of a resource, or the trust policy of a role, let in anyone? 0: no; 1: yes, or unknown.
    PublicAccess(public_access::PublicAccess),
}

/// Runs one of them.
pub(super) fn run(line: &IamLine) -> Result<Exit, String> {
    match &line.command {
        Iam::Can(line) => can::run(line),
        Iam::NoNewAccess(line) => no_new_access::run(line),
        Iam::AccessNotGranted(line) => access_not_granted::run(line),
        Iam::PublicAccess(line) => public_access::run(line),
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
