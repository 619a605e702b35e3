//! One right that a function needs, and why.

use crate::iam::action::Action;
use crate::source::Span;
use crate::syntax::Node;

/// One action on one resource that a function's role must allow.
#[derive(Debug, Clone, PartialEq)]
pub struct Right {
    /// The action.
    pub action: Action,
    /// The ARN, or `*`: text, pseudo parameters, `${Resource.Arn}` for the whole ARN of a resource of the project,
    /// `${Resource}` for its name.
    pub resource: Node,
    /// The condition of the existing policy that still applies, as it is written there.
    pub condition: Option<Node>,
    /// What it is needed for.
    pub reason: Reason,
    /// Where that is seen.
    pub evidence: Vec<Evidence>,
}

/// A place that shows a need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The call, or the property of the template.
    pub span: Span,
    /// What is there.
    pub text: String,
}

/// What a right is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A call in the code.
    Call,
    /// A role that a call hands on to a service.
    PassRole,
    /// The key of a store that a call reads or writes.
    Key,
    /// An event source that Lambda polls in the function's name.
    Polling,
    /// A queue, topic, bus, bucket or function that Lambda sends results and failures to.
    Destination,
    /// The function's own log.
    Logs,
    /// Traces.
    Traces,
    /// The progress that a durable function keeps.
    Durable,
    /// Network interfaces in a network of one's own, and file systems in it.
    Network,
}

impl Reason {
    /// Whether the runtime needs it, rather than the code.
    pub fn is_runtime(self) -> bool {
        matches!(self, Self::Polling | Self::Destination | Self::Logs | Self::Traces | Self::Durable | Self::Network)
    }

    /// In a word or three.
    pub fn text(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::PassRole => "passes a role",
            Self::Key => "key of the store",
            Self::Polling => "event source",
            Self::Destination => "destination",
            Self::Logs => "own log",
            Self::Traces => "traces",
            Self::Durable => "durable execution",
            Self::Network => "network",
        }
    }
}
