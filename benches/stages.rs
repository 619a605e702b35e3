//! What each stage of a whole scan costs on generated projects, beside the floor: `cargo bench --bench stages -- SIZE…`.

#![allow(missing_docs, unreachable_pub, clippy::print_stdout, clippy::unwrap_used, reason = "a program for people")]

mod cost;
mod floor;
mod generate;

use cost::milliseconds;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

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
    let report = root.join("report.json");
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .args(["scan", "--timings", "--fail-on", "never", "-o"])
        .arg(format!("json={}", report.display()))
        .arg(root)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let process = child.id().to_string();
    let (mut memory, mut cpu) = (None, None);
    while child.try_wait().unwrap().is_none() {
        memory = cost::peak_memory(&process).or(memory);
        cpu = cost::cpu(&process).or(cpu);
        std::thread::sleep(Duration::from_millis(2));
    }
    let wall = started.elapsed();
    let findings = std::fs::read_to_string(&report).map_or(0, |text| text.matches("\"fingerprint\":").count());
    let ratio = cpu
        .zip(floor)
        .map_or("-".to_owned(), |(cpu, floor)| format!("{:.2}", cpu.as_secs_f64() / floor.as_secs_f64().max(0.01)));
    println!(
        "wall {} ms, CPU {} ms ({ratio} times the floor), peak memory {} KB, {findings} findings",
        milliseconds(Some(wall)),
        milliseconds(cpu),
        memory.unwrap_or(0)
    );
}
