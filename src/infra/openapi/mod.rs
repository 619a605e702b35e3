//! OpenAPI 2 and 3 documents as API Gateway imports them: what they say of the API itself, its routes with their
//! authorizers and integrations, its validators and answers.

mod alone;
mod authorizer;
mod base;
mod import;
mod integration;
mod pointer;
mod record;
mod route;
mod settings;
mod shape;

pub use alone::{read, roots};
pub use import::add_records;
pub use pointer::resolved;
pub use record::derived;
pub use route::{method, routes};
pub use shape::{ApiKind, DERIVED, IMPORTED};

#[cfg(test)]
mod tests;
