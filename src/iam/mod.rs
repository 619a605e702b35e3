//! IAM: ARNs, the catalogue of actions, patterns, conditions, statements and documents.

pub mod action;
mod catalogue;
pub mod glob;
pub mod managed;
pub mod operation;
mod pack;
mod set;
