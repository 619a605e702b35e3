//! Yes, no, or open with the reasons why.

use crate::syntax::Unknown;
use std::sync::Arc;

/// A truth value in a request of which not everything is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// For certain.
    Yes,
    /// For certain not.
    No,
    /// It hangs on these.
    Open(Vec<Reason>),
}

/// What a truth value hangs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A context key of which nothing is given, in lower case.
    Key(Arc<str>),
    /// Something in a policy or the request that is not known.
    Unknown(Unknown),
}

impl Truth {
    /// Yes or no.
    pub fn of(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }

    /// Open on one context key.
    pub fn key(name: &str) -> Self {
        Self::Open(vec![Reason::Key(name.to_ascii_lowercase().into())])
    }

    /// Open for something that is not known.
    pub fn unknown(unknown: Unknown) -> Self {
        Self::Open(vec![Reason::Unknown(unknown)])
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, other) | (other, Self::Yes) => other,
            (Self::Open(left), Self::Open(right)) => Self::Open(joined(left, right)),
        }
    }

    /// One of them.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, other) | (other, Self::No) => other,
            (Self::Open(left), Self::Open(right)) => Self::Open(joined(left, right)),
        }
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            open => open,
        }
    }

    /// All of them; `Yes` for none.
    pub fn all(values: impl IntoIterator<Item = Self>) -> Self {
        values.into_iter().fold(Self::Yes, Self::and)
    }

    /// One of them; `No` for none.
    pub fn any(values: impl IntoIterator<Item = Self>) -> Self {
        values.into_iter().fold(Self::No, Self::or)
    }

    /// Whether it holds for certain.
    pub fn is_yes(&self) -> bool {
        *self == Self::Yes
    }

    /// Whether it is out of the question.
    pub fn is_no(&self) -> bool {
        *self == Self::No
    }
}

fn joined(mut left: Vec<Reason>, right: Vec<Reason>) -> Vec<Reason> {
    for reason in right {
        if !left.contains(&reason) {
            left.push(reason);
        }
    }
    left
}
