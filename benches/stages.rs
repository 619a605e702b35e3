//! What each stage of a whole scan costs on generated projects, beside the floor: `cargo bench --bench stages -- SIZE…`.

#![allow(missing_docs, unreachable_pub, clippy::print_stdout, clippy::unwrap_used, reason = "a program for people")]

mod cost;
mod floor;
mod generate;
mod run;

use cost::milliseconds;
use run::Run;
use std::path::Path;
use std::time::Duration;

fn main() {
    let mut sizes: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![100, 1_000, 10_000];
    }
    for resources in sizes {
        let root = generate::repository(resources).unwrap();
        println!("\n{resources} resources: the floor");
        let floor = floor::measure(std::slice::from_ref(&root));
        println!("\n{resources} resources: the scan");
        scan(&root, floor);
        std::fs::remove_dir_all(root).unwrap();
    }
}

/// Runs the program over a repository and prints its own table of stages, then the whole beside the floor.
fn scan(root: &Path, floor: Option<Duration>) {
    let Run { wall, cpu, memory, findings } = run::scan(root);
    let ratio = cpu
        .zip(floor)
        .map_or("-".to_owned(), |(cpu, floor)| format!("{:.2}", cpu.as_secs_f64() / floor.as_secs_f64().max(0.01)));
    println!(
        "wall {} ms, CPU {} ms ({ratio} times the floor), peak memory {memory} KB, {findings} findings",
        milliseconds(Some(wall)),
        milliseconds(cpu)
    );
}
