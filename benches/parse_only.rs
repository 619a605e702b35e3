//! What parsing alone costs: `cargo bench --bench parse_only -- PATH…`, or generated projects where no path is given.

#![allow(missing_docs, unreachable_pub, clippy::print_stdout, clippy::unwrap_used, reason = "a program for people")]

mod cost;
mod floor;
mod generate;

use std::path::PathBuf;

fn main() {
    // cargo adds `--bench`.
    let paths: Vec<PathBuf> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).map(Into::into).collect();
    if paths.is_empty() {
        for resources in [100, 1_000, 10_000] {
            println!("\n{resources} resources");
            let root = generate::repository(resources).unwrap();
            floor::measure(std::slice::from_ref(&root));
            std::fs::remove_dir_all(root).unwrap();
        }
        return;
    }
    floor::measure(&paths);
}
