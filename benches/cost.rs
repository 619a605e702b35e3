//! What a process has cost so far, as Linux tells it in /proc.

use std::fs;
use std::time::{Duration, Instant};

/// Wall and CPU time since the start or the last reading.
pub struct Clock {
    wall: Instant,
    cpu: Option<Duration>,
}

impl Clock {
    /// Starts now.
    pub fn start() -> Self {
        Self { wall: Instant::now(), cpu: cpu("self") }
    }

    /// What passed since, and starts again: wall time, and user + system time of all threads.
    pub fn lap(&mut self) -> (Duration, Option<Duration>) {
        let before = std::mem::replace(self, Self::start());
        (before.wall.elapsed(), self.cpu.zip(before.cpu).map(|(now, then)| now.saturating_sub(then)))
    }
}

/// User + system time of a process (`self` or its id), in steps of 10 ms (proc(5), /proc/pid/stat fields 14 and 15).
pub fn cpu(process: &str) -> Option<Duration> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The command's name stands in parentheses and may hold blanks.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// The most memory that a process has held, in KB (proc(5), VmHWM).
pub fn peak_memory(process: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok())
}

/// Milliseconds, or a dash where the system does not say.
pub fn milliseconds(time: Option<Duration>) -> String {
    time.map_or("-".to_owned(), |time| format!("{:.0}", time.as_secs_f64() * 1_000.0))
}
