//! IAM: ARNs, the catalogue of actions, patterns, conditions, statements and documents.

pub mod action;
pub mod arn;
pub mod bounds;
mod catalogue;
pub mod condition;
pub mod document;
pub mod evaluate;
pub mod exposure;
pub mod federation;
pub mod glob;
pub mod grant;
pub mod guard;
pub mod inclusion;
mod keys;
pub mod managed;
pub mod misfit;
pub mod operation;
pub mod outside;
pub mod pattern;
pub mod plumbing;
pub mod public;
pub mod rights;
pub mod scope;
mod set;
pub mod statement;
pub mod text;
pub mod transport;
