//! Sets of actions as bits over the catalogue, so that a statement's reach is a few thousand bytes.

use super::catalogue::{self, Action};

/// A set of actions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActionSet {
    words: Box<[u64]>,
}

/// A set of actions by those of its words that are not empty: what is compared again and again is mostly of a few services.
#[derive(Debug, Clone, Default)]
pub struct Packed {
    words: Box<[(u16, u64)]>,
}

impl ActionSet {
    /// No action.
    pub fn empty() -> Self {
        Self { words: vec![0; usize::from(catalogue::bits()).div_ceil(64)].into() }
    }

    /// Every action, those that the catalogue lacks too.
    pub fn all() -> Self {
        let mut set = Self::empty();
        set.insert_range(0, catalogue::bits());
        set
    }

    /// Adds one.
    pub fn insert(&mut self, action: Action) {
        if let Some(word) = self.words.get_mut(usize::from(action.0 / 64)) {
            *word |= 1 << (action.0 % 64);
        }
    }

    /// Whether it is there.
    pub fn contains(&self, action: Action) -> bool {
        self.words.get(usize::from(action.0 / 64)).is_some_and(|word| word >> (action.0 % 64) & 1 == 1)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Number of actions, stand-ins included.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether every action is in `other` too.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(mine, theirs)| mine & !theirs == 0)
    }

    /// Whether there is an action in both.
    pub fn intersects(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(mine, theirs)| mine & theirs != 0)
    }

    /// Adds those of `other`.
    pub fn add(&mut self, other: &Self) {
        self.merge(other, |mine, theirs| mine | theirs);
    }

    /// Takes away those of `other`.
    pub fn remove(&mut self, other: &Self) {
        self.merge(other, |mine, theirs| mine & !theirs);
    }

    /// Keeps those that are in `other` too.
    pub fn keep(&mut self, other: &Self) {
        self.merge(other, |mine, theirs| mine & theirs);
    }

    /// Every action that is not in the set.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut rest = Self::all();
        rest.remove(self);
        rest
    }

    /// The actions in the order of the catalogue: by service, then by name.
    pub fn iter(&self) -> impl Iterator<Item = Action> {
        actions((0..).zip(self.words.iter().copied()))
    }

    /// The same set in the form of [`Packed`].
    pub fn packed(&self) -> Packed {
        Packed { words: (0..).zip(self.words.iter().copied()).filter(|(_, word)| *word != 0).collect() }
    }

    pub(super) fn insert_range(&mut self, from: u16, to: u16) {
        for (index, word) in (0_u32..).zip(self.words.iter_mut()) {
            let first = index * 64;
            let (start, end) = (u32::from(from).saturating_sub(first), u32::from(to).saturating_sub(first).min(64));
            if start < end {
                let ones = u64::MAX >> (64 - (end - start));
                *word |= ones << start;
            }
        }
    }

    fn merge(&mut self, other: &Self, with: fn(u64, u64) -> u64) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine = with(*mine, *theirs);
        }
    }
}

impl Packed {
    /// Number of actions, stand-ins included.
    pub fn count(&self) -> usize {
        self.words.iter().map(|(_, word)| word.count_ones() as usize).sum()
    }

    /// The actions that are not in `other`, in the order of the catalogue.
    pub fn difference(&self, other: &ActionSet) -> impl Iterator<Item = Action> {
        let without = |(index, word): &(u16, u64)| {
            (*index, word & !other.words.get(usize::from(*index)).copied().unwrap_or_default())
        };
        actions(self.words.iter().map(without))
    }
}

/// The actions whose bits are set in words, each with its place.
fn actions(words: impl Iterator<Item = (u16, u64)>) -> impl Iterator<Item = Action> {
    let bits = |(index, word): (u16, u64)| {
        (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| Action(index * 64 + bit))
    };
    words.filter(|(_, word)| *word != 0).flat_map(bits)
}

impl Extend<Action> for ActionSet {
    fn extend<T: IntoIterator<Item = Action>>(&mut self, actions: T) {
        actions.into_iter().for_each(|action| self.insert(action));
    }
}

impl FromIterator<Action> for ActionSet {
    fn from_iter<T: IntoIterator<Item = Action>>(actions: T) -> Self {
        let mut set = Self::empty();
        set.extend(actions);
        set
    }
}
