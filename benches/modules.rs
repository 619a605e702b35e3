//! What a tree of Terraform modules costs by its number of resources: `cargo bench --bench modules -- SIZE…`.

#![allow(missing_docs, unreachable_pub, clippy::print_stdout, clippy::unwrap_used, reason = "a program for people")]

#[expect(dead_code, reason = "the clock is for the other programs")]
mod cost;
mod run;

use cost::milliseconds;
use run::Run;
use std::fs;
use std::path::PathBuf;

/// Queues of each service of each team, and what a team holds besides.
const QUEUES: usize = 4;

fn main() {
    let mut sizes: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![100, 1_000, 10_000];
    }
    for resources in sizes {
        let root = write(resources);
        let Run { wall, cpu, memory, findings } = run::scan(&root);
        let (wall, cpu) = (milliseconds(Some(wall)), milliseconds(cpu));
        println!("{resources} resources: wall {wall} ms, CPU {cpu} ms, peak memory {memory} KB, {findings} findings");
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
