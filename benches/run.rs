//! The program run over a folder, with what the run cost.

use crate::cost;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a run cost, and how many findings its report holds.
pub struct Run {
    pub wall: Duration,
    pub cpu: Option<Duration>,
    /// The most memory held, in KB.
    pub memory: u64,
    pub findings: usize,
}

/// Scans a folder; the program prints its own table of stages.
pub fn scan(root: &Path) -> Run {
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
    let findings = fs::read_to_string(&report).map_or(0, |text| text.matches("\"fingerprint\":").count());
    Run { wall: started.elapsed(), cpu, memory: memory.unwrap_or(0), findings }
}
