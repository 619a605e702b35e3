//! IAM: ARNs, the catalogue of actions, patterns, conditions, statements and documents.

pub mod action;
pub mod arn;
mod catalogue;
pub mod glob;
pub mod managed;
pub mod operation;
mod pack;
pub mod pattern;
mod set;
