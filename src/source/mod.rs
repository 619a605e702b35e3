//! The edge to the world: files on disk and the live account. Nothing else reads either.

mod decode;
mod file;
mod problem;
mod span;
mod walk;

pub use file::{OpenError, SourceFile, Sources, normalize};
pub use problem::{Problem, ProblemKind};
pub use span::{FileId, Location, Span};
pub use walk::{Collected, collect, root_of};
