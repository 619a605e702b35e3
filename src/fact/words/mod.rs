//! Resources and their ARNs in the words of each format: what a user would write to name them.

mod cloudformation;
mod literal;
mod place;
mod terraform;
mod written;
pub mod yaml;

pub use literal::literal;
pub use place::{Words, local_id};
pub use terraform::quoted;
