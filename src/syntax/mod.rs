//! Text to trees: one [`Node`] for YAML, JSON and HCL, and tree-sitter's trees for code; the tables of `data/`.

pub mod hcl;
pub mod json;
mod node;
pub mod table;
pub mod tree;
pub mod yaml;

pub use node::{Entry, Node, Part, Reference, Unknown, UnknownKind, Value};
