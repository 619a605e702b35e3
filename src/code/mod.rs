//! Code: facts from Python, JavaScript, TypeScript and Rust.
