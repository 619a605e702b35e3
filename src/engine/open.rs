//! Policies that read the provider's own attributes, and how they are asked where some of these are not known.

use super::carry::state;
use super::reads::{Bounds, Path, Reads, State, bounds};
use crate::model::Entity;
use crate::syntax::Unknown;
use cedar_policy::{Policy, PolicyId, PolicySet};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A policy that reads the provider's own attributes.
#[derive(Debug)]
pub(super) struct OpenPolicy {
    policy: Policy,
    pub(super) reads: Reads,
    plain: PolicySet,
    /// By what is known of the paths that it reads; resources of one project are much alike.
    bounded: Mutex<HashMap<Vec<State>, Option<Arc<Bounds>>>>,
}

/// What to ask Cedar of one entity.
pub(super) enum Ask<'a> {
    /// The policy as it is: all that it reads is known.
    Plain(&'a PolicySet),
    /// Its bounds, and what is not known.
    Bounded(Arc<Bounds>, Unknown),
    /// It cannot be bounded.
    Never(Unknown),
}

impl OpenPolicy {
    pub(super) fn new(policy: &Policy, reads: Reads) -> Self {
        let mut plain = PolicySet::new();
        // A set of one has no duplicates.
        let _ = plain.add(policy.clone());
        Self { policy: policy.clone(), reads, plain, bounded: Mutex::default() }
    }

    pub(super) fn id(&self) -> &PolicyId {
        self.policy.id()
    }

    /// How the policy is asked of an entity.
    pub(super) fn ask(&self, entity: &Entity) -> Ask<'_> {
        let mut states = Vec::with_capacity(self.reads.values.len() + self.reads.presence.len());
        let mut open = None;
        for (path, whole) in self.reads.paths() {
            let (state, reason) = state(entity, path, whole);
            states.push(state);
            open = open.or(reason);
        }
        let Some(reason) = open else { return Ask::Plain(&self.plain) };
        let mut bounded = self.bounded.lock().unwrap_or_else(PoisonError::into_inner);
        let found = bounded.entry(states).or_insert_with(|| {
            let known = |path: &Path, whole: bool| state(entity, path, whole).0;
            bounds(&self.policy, &known).map(Arc::new)
        });
        match found {
            Some(bounds) => Ask::Bounded(bounds.clone(), reason),
            None => Ask::Never(reason),
        }
    }
}
