//! The integration tests: one binary, one module a subject.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says why on the terminal"
)]

mod assembly;
mod cli;
mod cloudformation;
mod doubts;
mod escalation;
mod files;
mod fixtures;
mod floors;
mod guesses;
mod hostile;
mod iam;
mod iam_cli;
mod labels;
mod lazy;
mod links;
#[cfg(feature = "live")]
mod live;
mod metamorphic;
mod needs;
mod own;
mod plans;
mod policy;
mod profiles;
mod properties;
mod report;
mod resolved;
mod rules;
mod sam;
mod sample;
mod samples;
mod sarif;
mod scan;
mod serverless;
mod serverless_examples;
#[cfg(feature = "live")]
mod stub;
mod terraform_console;
mod terraform_modules;
mod tools;
mod twins;
mod types;
mod unknown;
mod ways;
mod words;
