//! Exact reasoning over patterns of `*` and `?`: inclusion, intersection and difference, each with a witness.
//!
//! Every pattern is an automaton whose states are positions in it. All patterns of a question are run side by side
//! over the letters that occur in them and one letter that stands for every other, breadth first, so that the first
//! text found is a shortest one. An empty search is a proof. Letters are bytes; `*` crosses colons, as it does at
//! the end of an ARN's segment (IAM User Guide, "IAM JSON policy elements: Resource", 2026-11).

use std::collections::HashMap;

/// The number of states after which a question is given up; patterns in real policies need fewer than a hundred.
pub const MAX_STATES: usize = 50_000;

/// The question would take more than [`MAX_STATES`] states: the answer is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

/// A shortest text that each of the groups matches (with at least one of its patterns) and none of `outside` does.
///
/// `Ok(None)` proves that there is no such text. A group without patterns matches nothing.
pub fn witness(groups: &[&[&str]], outside: &[&str]) -> Result<Option<String>, TooLarge> {
    Search::new(groups, outside).run()
}

/// Whether every text that `inner` matches is matched by one of `outer`.
pub fn includes(outer: &[&str], inner: &[&str]) -> Result<bool, TooLarge> {
    if inner.iter().all(|pattern| outer.iter().any(|other| other == pattern || super::glob::is_all(other))) {
        return Ok(true);
    }
    witness(&[inner], outer).map(|found| found.is_none())
}

/// Whether there is a text that one of `left` and one of `right` match.
pub fn intersects(left: &[&str], right: &[&str]) -> Result<bool, TooLarge> {
    witness(&[left, right], &[]).map(|found| found.is_some())
}

/// A set of positions over all patterns of a question.
type Positions = Box<[u64]>;

struct Search {
    /// All patterns behind each other, each with an end mark.
    letters: Vec<Letter>,
    /// First position of each pattern.
    starts: Vec<usize>,
    /// For each group its positions; one of them must be alive.
    groups: Vec<Positions>,
    /// For each group its end marks; one of them must be reached.
    ends: Vec<Positions>,
    /// The end marks of the patterns that must not match.
    outside: Positions,
    /// Positions at which a pattern of `outside` matches whatever follows.
    hopeless: Positions,
    /// A byte that occurs in no pattern.
    other: u8,
    words: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Letter {
    Byte(u8),
    AnyOne,
    AnyMany,
    End,
}

impl Search {
    fn new(groups: &[&[&str]], outside: &[&str]) -> Self {
        let mut search = Self {
            letters: Vec::new(),
            starts: Vec::new(),
            groups: Vec::new(),
            ends: Vec::new(),
            outside: Box::default(),
            hopeless: Box::default(),
            other: 0,
            words: 0,
        };
        let spans: Vec<Vec<(usize, usize)>> =
            groups.iter().chain([&outside]).map(|patterns| patterns.iter().map(|p| search.push(p)).collect()).collect();
        search.words = search.letters.len().div_ceil(64);
        search.other = search.unused_byte();
        let set = |positions: &mut dyn Iterator<Item = usize>| {
            let mut bits: Positions = vec![0; search.words].into();
            positions.for_each(|position| insert(&mut bits, position));
            bits
        };
        let (unions, last) = spans.split_at(groups.len());
        let barred: Vec<(usize, usize)> = last.concat();
        let alive = unions.iter().map(|span| set(&mut span.iter().flat_map(|(from, end)| *from..=*end)));
        let alive: Vec<Positions> = alive.collect();
        let ends = unions.iter().map(|span| set(&mut span.iter().map(|(_, end)| *end))).collect();
        let barred_ends = set(&mut barred.iter().map(|(_, end)| *end));
        let before_end = |end: &usize| *end > 0 && search.letters.get(end - 1) == Some(&Letter::AnyMany);
        let hopeless =
            set(&mut barred.iter().filter(|(from, end)| end > from && before_end(end)).map(|(_, end)| end - 1));
        search.groups = alive;
        search.ends = ends;
        search.outside = barred_ends;
        search.hopeless = hopeless;
        search
    }

    /// Adds a pattern; its first position and its end mark. Stars in a row are one.
    fn push(&mut self, pattern: &str) -> (usize, usize) {
        let start = self.letters.len();
        self.starts.push(start);
        for byte in pattern.bytes() {
            let letter = match byte {
                b'*' => Letter::AnyMany,
                b'?' => Letter::AnyOne,
                byte => Letter::Byte(byte),
            };
            if letter != Letter::AnyMany || self.letters.len() == start || self.letters.last() != Some(&letter) {
                self.letters.push(letter);
            }
        }
        self.letters.push(Letter::End);
        (start, self.letters.len() - 1)
    }

    /// A readable byte that no pattern writes out.
    fn unused_byte(&self) -> u8 {
        let used = |byte: &u8| self.letters.contains(&Letter::Byte(*byte));
        (b'a'..=b'z').rev().chain(b'0'..=b'9').chain(33..=126).chain(1..=255).find(|byte| !used(byte)).unwrap_or(0)
    }

    fn run(&self) -> Result<Option<String>, TooLarge> {
        let first = self.closed(self.starts.iter().copied());
        let mut states: Vec<(Positions, usize, u8)> = vec![(first.clone(), 0, 0)];
        let mut seen: HashMap<Positions, ()> = HashMap::from([(first, ())]);
        let mut at = 0;
        while let Some((state, _, _)) = states.get(at) {
            if self.accepts(state) {
                return Ok(Some(spell(&states, at)));
            }
            let state = state.clone();
            for byte in self.bytes_of(&state) {
                let next = self.step(&state, byte);
                if !self.is_hopeless(&next) && seen.insert(next.clone(), ()).is_none() {
                    states.push((next, at, byte));
                }
            }
            if states.len() > MAX_STATES {
                return Err(TooLarge);
            }
            at += 1;
        }
        Ok(None)
    }

    fn accepts(&self, state: &Positions) -> bool {
        self.ends.iter().all(|ends| meets(ends, state)) && !meets(&self.outside, state)
    }

    /// No continuation can be accepted: a group is dead, or something outside matches whatever follows.
    fn is_hopeless(&self, state: &Positions) -> bool {
        meets(&self.hopeless, state) || !self.groups.iter().all(|group| meets(group, state))
    }

    /// The bytes that lead to different states: those that a position waits for, and the other one.
    fn bytes_of(&self, state: &Positions) -> Vec<u8> {
        let wanted = members(state).filter_map(|position| match self.letters.get(position) {
            Some(Letter::Byte(byte)) => Some(*byte),
            _ => None,
        });
        let mut bytes: Vec<u8> = wanted.collect();
        bytes.sort_unstable();
        bytes.dedup();
        bytes.push(self.other);
        bytes
    }

    fn step(&self, state: &Positions, byte: u8) -> Positions {
        let moved = members(state).filter_map(|position| match self.letters.get(position)? {
            Letter::AnyMany => Some(position),
            Letter::AnyOne => Some(position + 1),
            Letter::Byte(wanted) => (*wanted == byte).then_some(position + 1),
            Letter::End => None,
        });
        self.closed(moved)
    }

    /// The positions, and those behind a star that may stand for nothing.
    fn closed(&self, positions: impl Iterator<Item = usize>) -> Positions {
        let mut bits: Positions = vec![0; self.words].into();
        for position in positions {
            insert(&mut bits, position);
            if self.letters.get(position) == Some(&Letter::AnyMany) {
                insert(&mut bits, position + 1);
            }
        }
        bits
    }
}

fn insert(bits: &mut Positions, position: usize) {
    if let Some(word) = bits.get_mut(position / 64) {
        *word |= 1 << (position % 64);
    }
}

fn meets(left: &Positions, right: &Positions) -> bool {
    left.iter().zip(right).any(|(left, right)| left & right != 0)
}

fn members(bits: &Positions) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(index, word)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            let bit = rest.trailing_zeros() as usize;
            rest &= rest.checked_sub(1)?;
            Some(index * 64 + bit)
        })
    })
}

/// The bytes on the way from the first state to this one.
fn spell(states: &[(Positions, usize, u8)], mut at: usize) -> String {
    let mut bytes = Vec::new();
    while let Some((_, parent, byte)) = states.get(at).filter(|_| at > 0) {
        bytes.push(*byte);
        at = *parent;
    }
    bytes.reverse();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{TooLarge, includes, intersects, witness};
    use crate::iam::glob::matches;

    #[test]
    fn questions_about_arns() {
        let objects = "arn:aws:s3:::bucket/*";
        assert_eq!(includes(&["arn:aws:s3:::*"], &[objects]), Ok(true));
        assert_eq!(includes(&[objects], &["arn:aws:s3:::bucket*"]), Ok(false));
        assert_eq!(includes(&["*"], &["anything?"]), Ok(true));
        assert_eq!(includes(&[], &["a"]), Ok(false));
        assert_eq!(includes(&["a*", "b*"], &["?*"]), Ok(false));
        assert_eq!(includes(&["?*", ""], &["*"]), Ok(true));
        assert_eq!(intersects(&[objects], &["arn:aws:s3:::*/private/*"]), Ok(true));
        assert_eq!(intersects(&[objects], &["arn:aws:s3:::other/*"]), Ok(false));
        let left = witness(&[&["arn:aws:s3:::b/*"], &["*.csv"]], &["*/private/*"]).unwrap().unwrap();
        assert_eq!(left, "arn:aws:s3:::b/.csv");
        assert_eq!(witness(&[&["ab?"]], &["ab*"]), Ok(None));
    }

    #[test]
    fn a_question_without_end_is_given_up() {
        assert_eq!(includes(&["*a????????????????????b*"], &["*a????????????????????b"]), Err(TooLarge));
    }

    /// A small generator with a fixed start, so that a failure can be repeated.
    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % bound
        }

        fn pattern(&mut self) -> String {
            let length = self.below(6);
            (0..length).map(|_| ['a', 'b', '*', '?', 'a', '*'][self.below(6)]).collect()
        }

        fn patterns(&mut self) -> Vec<String> {
            let count = 1 + self.below(2);
            (0..count).map(|_| self.pattern()).collect()
        }
    }

    #[test]
    fn agrees_with_trying_every_text() {
        let mut texts = vec![String::new()];
        let mut from = 0;
        for _ in 0..6 {
            let to = texts.len();
            for index in from..to {
                texts.extend(['a', 'b', 'z'].map(|letter| format!("{}{letter}", texts[index])));
            }
            from = to;
        }
        let mut random = Random(7);
        for round in 0..20_000 {
            let sets = [random.patterns(), random.patterns(), random.patterns()];
            let any = |set: usize, text: &str| sets[set].iter().any(|pattern| matches(pattern, text));
            let accepted = |text: &str| any(0, text) && any(1, text) && !any(2, text);
            let [left, right, outside] = sets.each_ref().map(|set| set.iter().map(String::as_str).collect::<Vec<_>>());
            let found = witness(&[&left, &right], &outside).unwrap();
            let shortest = texts.iter().find(|text| accepted(text));
            assert!(found.as_ref().is_none_or(|text| accepted(text)), "{round}: {sets:?} {found:?}");
            let beyond_trying = found.as_ref().is_some_and(|text| text.len() > 6);
            assert_eq!(
                found.map(|text| text.len()).filter(|_| !beyond_trying),
                shortest.map(String::len),
                "{round}: {sets:?}"
            );
        }
    }
}
