//! What each stage costs, for `--timings`.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// A clock over the stages of one run.
#[derive(Debug)]
pub(super) struct Timings {
    rows: Vec<(&'static str, Duration, Option<Duration>)>,
    wall: Instant,
    cpu: Option<Duration>,
}

impl Timings {
    /// A clock that starts now.
    pub(super) fn start() -> Self {
        Self { rows: Vec::new(), wall: Instant::now(), cpu: cpu() }
    }

    /// Ends a stage: what has passed since the last one is its.
    pub(super) fn stage(&mut self, name: &'static str) {
        let now = cpu();
        let used = now.zip(self.cpu).map(|(now, before)| now.saturating_sub(before));
        self.rows.push((name, self.wall.elapsed(), used));
        self.wall = Instant::now();
        self.cpu = now;
    }

    /// A table of the stages, wall and CPU time in milliseconds.
    pub(super) fn table(&self) -> String {
        let mut text = String::from("stage           wall ms    CPU ms\n");
        let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
        for (name, wall, cpu) in &self.rows {
            let cpu = cpu.map_or("-".to_owned(), |cpu| format!("{:.1}", milliseconds(cpu)));
            let _ = writeln!(text, "{name:<14}{:>9.1} {cpu:>9}", milliseconds(*wall));
        }
        text
    }
}

/// User and system time of this process, where the system says it: Linux's /proc counts hundredths of a second.
fn cpu() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The command's name stands in parentheses and may hold blanks.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}
