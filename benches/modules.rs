//! What a tree of Terraform modules costs by its number of resources: `cargo bench --bench modules -- SIZE…`.

#![allow(missing_docs, unreachable_pub, clippy::print_stdout, clippy::unwrap_used, reason = "a program for people")]

#[expect(dead_code, reason = "the clock is for the other programs")]
mod cost;

use cost::milliseconds;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Queues of each service of each team, and what a team holds besides.
const QUEUES: usize = 4;

fn main() {
    let mut sizes: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![100, 1_000, 10_000];
    }
    for resources in sizes {
        let root = write(resources);
        let (wall, cpu, memory) = scan(&root);
        let (wall, cpu, memory) = (milliseconds(Some(wall)), milliseconds(cpu), memory.unwrap_or(0));
        println!("{resources} resources: wall {wall} ms, CPU {cpu} ms, peak memory {memory} KB");
        fs::remove_dir_all(root).unwrap();
    }
}

/// Ten resources a team: a team is an instance by `for_each`, its services are instances by `count` of a module inside
/// its module, and each of them has its queues by `for_each` of a list that it is given.
fn write(resources: usize) -> PathBuf {
    let root = std::env::temp_dir().join(format!("leastwise-modules-{resources}"));
    if root.exists() {
        fs::remove_dir_all(&root).unwrap();
    }
    for folder in [".git", "team", "service"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    let teams = resources.div_ceil(2 * (QUEUES + 1));
    fs::write(root.join("main.tf"), include_str!("modules/main.tf").replace("TEAMS", &teams.to_string())).unwrap();
    fs::write(root.join("team/main.tf"), include_str!("modules/team.tf")).unwrap();
    fs::write(root.join("service/main.tf"), include_str!("modules/service.tf")).unwrap();
    root
}

fn scan(root: &Path) -> (Duration, Option<Duration>, Option<u64>) {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .args(["scan", "--timings", "--fail-on", "never", "-o"])
        .arg(format!("json={}", root.join("report.json").display()))
        .arg(root)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let process = child.id().to_string();
    let (mut cpu, mut memory) = (None, None);
    while child.try_wait().unwrap().is_none() {
        cpu = cost::cpu(&process).or(cpu);
        memory = cost::peak_memory(&process).or(memory);
        std::thread::sleep(Duration::from_millis(2));
    }
    (started.elapsed(), cpu, memory)
}
