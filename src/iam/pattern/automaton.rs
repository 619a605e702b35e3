//! All patterns of a question side by side, as one automaton that is made as it is walked.

use super::letters::{Glob, Letter};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The number of states after which a question is given up; patterns in real policies need fewer than a hundred.
pub const MAX_STATES: usize = 50_000;

/// How many words of eight bytes the states of a question may take: each is a set over all letters of its patterns, so
/// that many long patterns are given up sooner.
const MAX_WORDS: usize = 1 << 20;

/// How many pairs of a text without wildcards and a pattern are matched one by one.
const MAX_MATCHED: usize = 1_000;

/// The question would take more states than its bound: the answer is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

/// [`super::witness`] over patterns that are taken apart already.
pub fn search(groups: &[&[Glob]], outside: &[Glob]) -> Result<Option<String>, TooLarge> {
    let plain = |group: &&[Glob]| group.iter().map(Glob::as_text).collect::<Option<Vec<String>>>();
    let others: usize = groups.iter().map(|group| group.len()).sum::<usize>() + outside.len();
    if let Some(texts) = groups.iter().find_map(plain).filter(|texts| texts.len() * others <= MAX_MATCHED) {
        return Ok(shortest(texts, groups, outside));
    }
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    search_bytes(groups, outside).map(|found| found.map(text))
}

/// The same, where the text need be none in UTF-8.
pub fn search_bytes(groups: &[&[Glob]], outside: &[Glob]) -> Result<Option<Vec<u8>>, TooLarge> {
    let mut automaton = Automaton::default();
    let spans: Vec<Vec<(usize, usize)>> =
        groups.iter().map(|globs| globs.iter().map(|glob| automaton.push(glob)).collect()).collect();
    let barred: Vec<(usize, usize)> = outside.iter().map(|glob| automaton.push(glob)).collect();
    automaton.finish();
    let goal = Goal::new(&automaton, &spans, &barred);
    let first = automaton.start();
    let mut states: Vec<(Positions, usize, u8)> = vec![(first.clone(), 0, 0)];
    let mut seen: HashSet<Positions> = HashSet::from([first]);
    let mut at = 0;
    while let Some((state, _, _)) = states.get(at) {
        if goal.accepts(state) {
            return Ok(Some(spell(&states, at)));
        }
        let state = state.clone();
        for byte in automaton.bytes_of(&state) {
            let next = automaton.step(&state, byte);
            if !goal.is_hopeless(&next) && !seen.contains(&next) {
                seen.insert(next.clone());
                states.push((next, at, byte));
            }
        }
        if states.len() > automaton.most_states(MAX_STATES) {
            return Err(TooLarge);
        }
        at += 1;
    }
    Ok(None)
}

/// The first of some texts, shorter ones before longer ones, that each group matches and none of `outside` does.
fn shortest(mut texts: Vec<String>, groups: &[&[Glob]], outside: &[Glob]) -> Option<String> {
    texts.sort_by(|left, right| (left.len(), left).cmp(&(right.len(), right)));
    let matched = |globs: &[Glob], text: &String| globs.iter().any(|glob| glob.matches(text));
    texts.into_iter().find(|text| groups.iter().all(|globs| matched(globs, text)) && !matched(outside, text))
}

/// For each way in which texts can match some of the patterns and not the others a shortest text that does, and which
/// patterns it matches. Together they stand for every text there is.
pub fn regions(globs: &[Glob], max_states: usize) -> Result<Vec<(Vec<bool>, String)>, TooLarge> {
    let mut automaton = Automaton::default();
    let ends: Vec<usize> = globs.iter().map(|glob| automaton.push(glob).1).collect();
    automaton.finish();
    let first = automaton.start();
    let mut states: Vec<(Positions, usize, u8)> = vec![(first.clone(), 0, 0)];
    let mut seen: HashSet<Positions> = HashSet::from([first]);
    let mut found: HashMap<Vec<bool>, usize> = HashMap::new();
    let mut at = 0;
    while let Some((state, _, _)) = states.get(at) {
        let state = state.clone();
        found.entry(ends.iter().map(|end| contains(&state, *end)).collect()).or_insert(at);
        for byte in automaton.bytes_of(&state) {
            let next = automaton.step(&state, byte);
            if !seen.contains(&next) {
                seen.insert(next.clone());
                states.push((next, at, byte));
            }
        }
        if states.len() > automaton.most_states(max_states) {
            return Err(TooLarge);
        }
        at += 1;
    }
    let mut found: Vec<(Vec<bool>, usize)> = found.into_iter().collect();
    found.sort_by_key(|(_, at)| *at);
    Ok(found
        .into_iter()
        .map(|(matched, at)| (matched, String::from_utf8_lossy(&spell(&states, at)).into_owned()))
        .collect())
}

/// A set of positions over all patterns of a question, held once.
type Positions = Rc<[u64]>;

#[derive(Default)]
struct Automaton {
    /// All patterns behind each other, each with an end mark.
    letters: Vec<Letter>,
    /// First position of each pattern.
    starts: Vec<usize>,
    /// A byte that occurs in no pattern.
    other: u8,
    words: usize,
}

impl Automaton {
    /// Adds a pattern; its first position and its end mark.
    fn push(&mut self, glob: &Glob) -> (usize, usize) {
        let start = self.letters.len();
        self.starts.push(start);
        self.letters.extend_from_slice(glob.letters());
        self.letters.push(Letter::End);
        (start, self.letters.len() - 1)
    }

    /// To be called when all patterns are there.
    fn finish(&mut self) {
        self.words = self.letters.len().div_ceil(64);
        let used = |byte: &u8| {
            let folded = Letter::Folded(byte.to_ascii_lowercase());
            *byte == b':' || self.letters.iter().any(|letter| *letter == Letter::Byte(*byte) || *letter == folded)
        };
        let readable = (b'a'..=b'z').rev().chain(b'0'..=b'9').chain(33..=126).chain(1..=255);
        self.other = readable.clone().find(|byte| !used(byte)).unwrap_or(0);
    }

    /// How many states of these patterns may be held.
    fn most_states(&self, most: usize) -> usize {
        most.min(MAX_WORDS / self.words.max(1))
    }

    fn start(&self) -> Positions {
        self.closed(self.starts.iter().copied())
    }

    /// The bytes that lead to different states: those that a position waits for, and the other one.
    fn bytes_of(&self, state: &Positions) -> Vec<u8> {
        let mut bytes: Vec<u8> = Vec::new();
        for position in members(state) {
            match self.letters.get(position) {
                Some(Letter::Byte(byte)) => bytes.push(*byte),
                Some(Letter::Folded(byte)) => bytes.extend([*byte, byte.to_ascii_uppercase()]),
                Some(Letter::OneInSegment | Letter::ManyInSegment) => bytes.push(b':'),
                _ => {}
            }
        }
        // Plain letters first: the witness is for people.
        bytes.sort_unstable_by_key(|byte| (byte.is_ascii_uppercase(), *byte));
        bytes.dedup();
        bytes.insert(0, self.other);
        bytes
    }

    fn step(&self, state: &Positions, byte: u8) -> Positions {
        let moved = members(state).filter_map(|position| {
            let step = self.letters.get(position)?.step(byte)?;
            Some(position + step)
        });
        self.closed(moved)
    }

    /// The positions, and those behind a star that may stand for nothing.
    fn closed(&self, positions: impl Iterator<Item = usize>) -> Positions {
        let mut bits = vec![0; self.words];
        for mut position in positions {
            insert(&mut bits, position);
            while self.letters.get(position).is_some_and(|letter| letter.may_be_empty()) {
                position += 1;
                insert(&mut bits, position);
            }
        }
        bits.into()
    }

    fn set(&self, positions: impl Iterator<Item = usize>) -> Positions {
        let mut bits = vec![0; self.words];
        positions.for_each(|position| insert(&mut bits, position));
        bits.into()
    }
}

/// What a text must be: in every group, and in nothing outside.
struct Goal {
    /// For each group its positions; one of them must be alive.
    groups: Vec<Positions>,
    /// For each group its end marks; one of them must be reached.
    ends: Vec<Positions>,
    /// The end marks of the patterns that must not match.
    outside: Positions,
    /// Positions at which a pattern of `outside` matches whatever follows.
    hopeless: Positions,
}

impl Goal {
    fn new(automaton: &Automaton, groups: &[Vec<(usize, usize)>], barred: &[(usize, usize)]) -> Self {
        let before_end = |end: usize| end.checked_sub(1).and_then(|last| automaton.letters.get(last));
        let endless = |(from, end): &&(usize, usize)| end > from && before_end(*end) == Some(&Letter::AnyMany);
        Self {
            groups: groups
                .iter()
                .map(|spans| automaton.set(spans.iter().flat_map(|(from, end)| *from..=*end)))
                .collect(),
            ends: groups.iter().map(|spans| automaton.set(spans.iter().map(|(_, end)| *end))).collect(),
            outside: automaton.set(barred.iter().map(|(_, end)| *end)),
            hopeless: automaton.set(barred.iter().filter(endless).map(|(_, end)| end - 1)),
        }
    }

    fn accepts(&self, state: &Positions) -> bool {
        self.ends.iter().all(|ends| meets(ends, state)) && !meets(&self.outside, state)
    }

    /// No continuation can be accepted: a group is dead, or something outside matches whatever follows.
    fn is_hopeless(&self, state: &Positions) -> bool {
        meets(&self.hopeless, state) || !self.groups.iter().all(|group| meets(group, state))
    }
}

fn insert(bits: &mut [u64], position: usize) {
    if let Some(word) = bits.get_mut(position / 64) {
        *word |= 1 << (position % 64);
    }
}

fn contains(bits: &Positions, position: usize) -> bool {
    bits.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1)
}

fn meets(left: &Positions, right: &Positions) -> bool {
    left.iter().zip(right.iter()).any(|(left, right)| left & right != 0)
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
fn spell(states: &[(Positions, usize, u8)], mut at: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some((_, parent, byte)) = states.get(at).filter(|_| at > 0) {
        bytes.push(*byte);
        at = *parent;
    }
    bytes.reverse();
    bytes
}
