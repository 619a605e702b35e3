//! Does a policy allow what another does not? Whole policies, compared exactly, with a witness.
//!
//! Actions fall into classes by the statements that cover them; principals into those that a statement names and
//! anyone else; context keys into classes of values ([`super::evaluate`] tries one of each). For each combination the
//! question is one of patterns of resources, which is searched for a witness. An empty search is a proof. What is too
//! much to try is *unknown*.

mod clause;
mod principals;
mod search;

pub use search::{Access, Question, Witness, granted, new_access};

#[cfg(test)]
mod tests;
