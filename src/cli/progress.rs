//! Shows on a terminal what a long scan is doing; writes nothing where stderr is no terminal.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

/// A line on stderr that names the stage under way; gone when it is dropped.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

/// The stages in their order, with what each does in the words of a user.
const STAGES: &[(&str, &str)] = &[
    ("walk", "reading templates"),
    ("infra", "reading code"),
    ("code", "linking code, templates and rights"),
    ("facts", "asking the rules"),
    ("rules asked", "writing the report"),
];

impl Progress {
    /// A line that begins with the walk.
    pub(super) fn start() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
        let bar = ProgressBar::new_spinner().with_message("looking for files");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// Says what comes after a stage that has ended.
    pub(super) fn after(&self, stage: &str) {
        if let Some((_, doing)) = STAGES.iter().find(|(name, _)| *name == stage) {
            self.0.set_message(*doing);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
