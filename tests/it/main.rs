//! The integration tests: one binary, one module a subject.

#[cfg(feature = "live")]
mod live;
#[cfg(feature = "live")]
mod stub;
mod tools;
