//! IAM: ARNs, the catalogue of actions, patterns, conditions, statements and documents.

pub mod action;
pub mod arn;
mod catalogue;
pub mod condition;
pub mod document;
pub mod evaluate;
pub mod exposure;
pub mod glob;
pub mod grant;
pub mod inclusion;
pub mod managed;
pub mod operation;
pub mod pattern;
pub mod public;
pub mod rights;
pub mod scope;
mod set;
pub mod statement;
pub mod text;
pub mod transport;
