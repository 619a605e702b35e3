//! The edge to the world: files on disk and the live account. Nothing else reads either.

mod account;
mod decode;
mod file;
mod folder;
#[cfg(feature = "live")]
pub mod live;
mod problem;
mod snapshot;
mod span;
mod walk;

pub use account::obtain;
pub use file::{OpenError, SourceFile, Sources, normalize};
pub use folder::{Exclude, nearest};
pub use problem::{Problem, ProblemKind, likest};
pub use snapshot::{Call, CallError, DETAILS, DETAILS_ACTION, Manifest, Snapshot};
pub use span::{FileId, Location, Span};
pub use walk::{Collected, check_glob, collect, leave_out, root_of};
