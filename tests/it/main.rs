//! The integration tests: one binary, one module a subject.

#[cfg(feature = "live")]
mod live;
mod report;
mod sample;
mod sarif;
#[cfg(feature = "live")]
mod stub;
mod tools;
