//! Text to trees: one [`Node`] for YAML, JSON and HCL, and tree-sitter's trees for code.

mod node;

pub use node::{Entry, Node, Part, Reference, Unknown, UnknownKind, Value};
