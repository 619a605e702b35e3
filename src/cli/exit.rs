//! Exit codes, the same in every format.

use std::process::ExitCode;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 0: nothing at or above the threshold.
    Clean,
    /// 1: something is.
    Found,
    /// 2: usage, configuration or rules are wrong, a path is missing, or nothing could be read. It beats 1.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::from(0),
            Exit::Found => Self::from(1),
            Exit::Failed => Self::from(2),
        }
    }
}
