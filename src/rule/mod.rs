//! Rules: what one says of itself ([`Rule`]), and how a set of them is read from Cedar ([`set`]).

mod severity;

pub use severity::Severity;
