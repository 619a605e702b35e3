//! May this principal do this? AWS's policy evaluation logic, exactly, over what is known.
//!
//! [`decide`] answers for one request:
//!
//! ```text
//! let policies = Policies { identity: vec![&document], ..Policies::default() };
//! let request = Request::new(Caller::parse("arn:aws:iam::123456789012:user/ann")?, "s3:GetObject", "arn:aws:s3:::b/k");
//! match decide(&policies, &request).outcome { Outcome::Allowed => …, … }
//! ```
//!
//! and [`reach`] for some resource of a pattern, known in part or not, whatever the context may hold:
//! `Reach::Definite`, `Reach::Possible` or `Reach::No`. Context keys that are not given are unknown, not absent.
//! Documents come from [`crate::iam::document::read`]; their parts may be unknown.
//!
//! The logic follows the IAM User Guide, "Policy evaluation logic", "Policy evaluation for requests within a single
//! account", "Cross-account policy evaluation logic" and "Permissions boundaries for IAM entities" (all 2026-11).

mod applies;
mod caller;
mod compare;
mod context;
mod decision;
mod layers;
mod reach;
mod render;
pub(in crate::iam) mod resources;
pub(in crate::iam) mod sample;
mod truth;
pub mod value;

pub use caller::{Caller, CallerKind};
pub use context::{Context, Given};
pub use decision::{Deciding, Decision, Outcome, decide};
pub use layers::{Layer, Policies, Request};
pub use reach::{Reach, Reached, Wanted, reach};
pub use truth::{Reason, Truth};

pub(in crate::iam) use applies::{globs_of, names_action};
pub(in crate::iam) use render::has_default;
