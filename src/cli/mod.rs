//! The command line: one file a command.

mod args;
mod exit;
mod explain;
mod iam;
mod output;
mod policy;
mod progress;
mod rules;
mod scan;
mod settings;
mod setup;
mod show;
mod timings;
mod word;

pub use exit::Exit;

use args::{Command, Line};
use clap::Parser;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// Runs one command line and returns its exit code.
pub fn run(line: impl IntoIterator<Item = OsString>) -> ExitCode {
    let line = match Line::try_parse_from(line) {
        Ok(line) => line,
        Err(error) => {
            // Help and version are answers, not errors.
            let code = if error.use_stderr() { Exit::Failed } else { Exit::Clean };
            let _ = error.print();
            return code.into();
        }
    };
    let threads = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
    let done = threads.map_err(|error| error.to_string()).and_then(|()| match line.command {
        Command::Scan(command) => scan::run(&command),
        Command::Audit(command) => scan::audit(&command),
        Command::Show(command) => show::run(&command),
        Command::Policy(command) => policy::run(&command),
        Command::Explain(command) => explain::run(&command),
        Command::Rules(command) => rules::run(&command.command),
        Command::Iam(command) => iam::run(&command),
    });
    match done {
        Ok(exit) => exit.into(),
        Err(message) => {
            let _ = writeln!(anstream::stderr(), "error: {message}");
            Exit::Failed.into()
        }
    }
}

/// Worker threads have a stack that deep syntax trees fit into: parsers recurse.
const STACK: usize = 64 << 20;
