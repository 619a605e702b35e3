//! What is found out about principals, and kept.

use crate::iam::action::{ActionSet, Packed};
use crate::iam::document::Document;
use crate::source::Span;
use crate::syntax::Unknown;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// It may.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::fact) struct May {
    /// Why that is not certain.
    pub(in crate::fact) doubt: Option<String>,
    /// Why it cannot be told whether anything comes of it.
    pub(in crate::fact) open: Option<String>,
    /// The statements that allow it, each with what it allows.
    pub(in crate::fact) sites: Vec<(Span, String)>,
}

impl May {
    /// Both: each doubt counts, and the sites of both.
    #[must_use]
    pub(in crate::fact) fn and(mut self, other: Self) -> Self {
        self.doubt = self.doubt.or(other.doubt);
        self.open = self.open.or(other.open);
        for site in other.sites {
            match self.sites.iter_mut().find(|(span, _)| *span == site.0) {
                Some((_, said)) if said.split(", ").any(|word| word == site.1) => {}
                Some((_, said)) => *said = format!("{said}, {}", site.1),
                None => self.sites.push(site),
            }
        }
        self
    }

    /// With something that cannot be told.
    #[must_use]
    pub(super) fn opened(mut self, open: Option<String>) -> Self {
        self.open = self.open.or(open);
        self
    }

    /// Whether it is certain.
    pub(in crate::fact) fn is_certain(&self) -> bool {
        self.doubt.is_none() && self.open.is_none()
    }

    /// With a doubt, where there is none yet.
    #[must_use]
    pub(super) fn doubted(mut self, doubt: Option<String>) -> Self {
        self.doubt = self.doubt.or(doubt);
        self
    }
}

/// A role that trusts a service.
#[derive(Debug, Clone)]
pub(super) struct Trusting {
    /// The role.
    pub(super) role: usize,
    /// The statement of its trust.
    pub(super) span: Span,
    /// Why it is not certain that the service may assume it for whoever asks.
    pub(super) doubt: Option<String>,
}

/// What one principal gains by another's rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::fact) enum Gain {
    /// Nothing: a proof.
    None,
    /// Perhaps something, and why that cannot be told.
    Perhaps(String),
    /// Something: an action, and the statement that allows it.
    Some(String, Span),
}

/// What of a principal's policies is about one action, each statement as a policy of its own.
#[derive(Default)]
pub(super) struct Relevant {
    pub(super) identity: Vec<Document>,
    pub(super) boundary: Option<Document>,
    /// What of the policies is not known.
    pub(super) unknown: Vec<(Unknown, Span)>,
}

/// Comparisons that were made.
#[derive(Default)]
pub(super) struct Gains {
    pub(super) known: RefCell<HashMap<(usize, usize, bool), Gain>>,
    pub(super) rights: Vec<OnceCell<Rights>>,
    pub(super) order: OnceCell<Vec<usize>>,
    /// The order in which one principal tries the others: the last one asked.
    pub(super) order_of: RefCell<Option<(usize, Rc<[usize]>)>>,
    /// How many comparisons were made for each principal.
    pub(super) compared: RefCell<HashMap<usize, usize>>,
}

impl Gains {
    /// None yet, of so many principals.
    pub(super) fn of(principals: usize) -> Self {
        Self { rights: (0..principals).map(|_| OnceCell::new()).collect(), ..Self::default() }
    }
}

/// The rights of a principal in the forms that comparisons need.
pub(super) struct Rights {
    /// The actions that it is allowed for certain on something.
    pub(super) sure: Packed,
    /// The actions that it may be allowed.
    pub(super) possible: ActionSet,
    /// Whether it may do everything.
    pub(super) everything: bool,
    /// What it may for certain, and at most, but for what every function may hold.
    pub(super) least: Document,
    pub(super) most: Document,
    /// What it may with what is not known compared by name.
    pub(super) named: (Document, Document),
}
