//! The rules' answers: questions put to Cedar, told apart as violated, possible, review and unknown.

mod answer;
mod carry;
mod check;
mod entities;
mod evaluate;
mod open;
mod presence;
mod published;
mod reads;
mod schema;
mod slices;

pub use check::{Rules, load};
pub use evaluate::{Asking, Judged, evaluate};
pub use schema::{published_text, schema_text};
