//! leastwise: function code, infrastructure templates and live IAM, judged together by Cedar rules.
//!
//! The flow goes in one direction; each stage takes values and returns values with the problems it met:
//!
//! ```text
//! source::collect -> infra::read -> code::read -> fact::derive -> engine::evaluate -> report::write
//! ```
//!
//! Floors, imports only downward: `source < {syntax, rule} < place < {iam, finding, profile, config} < model
//! < {infra, code, fact, report} < engine < flow < cli < main`.

pub mod cli;
pub mod code;
pub mod config;
pub mod engine;
pub mod fact;
pub mod finding;
pub mod flow;
pub mod iam;
pub mod infra;
pub mod model;
pub mod place;
pub mod profile;
pub mod report;
pub mod rule;
pub mod source;
pub mod syntax;
