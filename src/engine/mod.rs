//! The rules' answers: questions put to Cedar, told apart as violated, possible, review and unknown.

mod answer;
mod check;
mod entities;
mod evaluate;
mod schema;
mod slices;

pub use check::{Rules, load};
pub use evaluate::{Asking, Judged, evaluate};
pub use schema::schema_text;
