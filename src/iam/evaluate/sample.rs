//! Values of context keys that stand for all there are: what conditions ask of a key parts its values into a few
//! classes, and one value of each is enough to try.

use super::compare::{self, holds};
use super::context::{Context, Given};
use super::render::{Reading, Wildcards, variables_of};
use super::truth::Truth;
use super::value::{Number, Range, date, dates_around};
use crate::iam::condition::{Condition, OperatorKind, Quantifier};
use crate::iam::document::Version;
use crate::iam::pattern::{self, Form, Glob, Tokens};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many states the patterns of one key may need, and how many classes of values are tried.
const MAX_STATES: usize = 20_000;
const MAX_CHOICES: usize = 400;

/// The values of one key, a list for each class; an empty list is "the request has no such key".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::iam) struct Sample {
    /// The key, in lower case.
    pub(in crate::iam) key: Arc<str>,
    /// The lists of values.
    pub(in crate::iam) choices: Vec<Vec<Arc<str>>>,
    /// Which of the conditions ask for the key.
    pub(in crate::iam) asked: Vec<usize>,
    /// For each choice whether each of those holds.
    pub(in crate::iam) truths: Vec<Vec<Truth>>,
}

/// A condition, and the version of the policy it stands in.
pub(in crate::iam) type Asked<'a> = (&'a Condition, Version);

/// The samples of every key that the conditions ask for and that is unknown in the context; in the order of the keys.
///
/// `Err` names the keys that cannot be sampled: their conditions hold what is not known, or too much.
pub(in crate::iam) fn samples(
    conditions: &[Asked<'_>],
    context: &Context,
    symbolic: bool,
) -> Vec<Result<Sample, Arc<str>>> {
    let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, (condition, _)) in conditions.iter().enumerate() {
        if context.get(&condition.key) == Given::Unknown {
            by_key.entry(condition.key.to_ascii_lowercase()).or_default().push(number);
        }
    }
    let sample = |(key, numbers): (String, Vec<usize>)| {
        let key: Arc<str> = key.into();
        let asked: Vec<Asked<'_>> = numbers.iter().filter_map(|number| conditions.get(*number).copied()).collect();
        match choices(&key, &asked, context, symbolic) {
            Some(classes) => {
                let (choices, truths) = classes.into_iter().unzip();
                Ok(Sample { key, choices, asked: numbers, truths })
            }
            None => Err(key),
        }
    };
    by_key.into_iter().map(sample).collect()
}

/// How many of a key's conditions, or of their values, may have variables.
const MAX_VARIABLE: usize = 6;

/// What else may be true of a key's conditions where a variable in one stands for what another one names: rows of
/// truths, beyond those of the sample, which takes a variable for a text like no other. `None` where it is too much.
pub(in crate::iam) fn beyond(sample: &Sample, conditions: &[Asked<'_>]) -> Option<Vec<Vec<Truth>>> {
    let asked: Vec<Asked<'_>> = sample.asked.iter().filter_map(|number| conditions.get(*number).copied()).collect();
    let context = Context::default();
    let variable: Vec<usize> = asked
        .iter()
        .enumerate()
        .filter(|(_, (condition, version))| {
            condition.values.iter().any(|text| !variables_of(text, *version).is_empty())
        })
        .map(|(number, _)| number)
        .collect();
    if variable.is_empty() {
        return Some(Vec::new());
    }
    let mut rows = if asked.iter().any(|(condition, _)| condition.operator.quantifier != Quantifier::None) {
        flipped(sample, &variable)?
    } else {
        Beyond::of(&asked, &variable, &context)?.rows(&sample.key)?
    };
    let mut kept: Vec<Vec<Truth>> = Vec::new();
    rows.retain(|row| !sample.truths.contains(row));
    for row in rows {
        if !kept.contains(&row) {
            kept.push(row);
        }
    }
    (kept.len() <= MAX_CHOICES).then_some(kept)
}

/// The rows of a sample with every truth of the conditions that have variables.
fn flipped(sample: &Sample, variable: &[usize]) -> Option<Vec<Vec<Truth>>> {
    let ways = ways(variable.len())?;
    let flip = |row: &Vec<Truth>, way: usize| {
        let mut row = row.clone();
        for (bit, number) in variable.iter().enumerate() {
            if let Some(truth) = row.get_mut(*number) {
                *truth = Truth::of(way >> bit & 1 == 1);
            }
        }
        row
    };
    Some(sample.truths.iter().flat_map(|row| (0..ways).map(move |way| flip(row, way))).collect())
}

fn ways(bits: usize) -> Option<usize> {
    if bits <= MAX_VARIABLE { Some(1 << bits) } else { None }
}

/// One value of a condition that has variables.
struct Entry {
    condition: usize,
    /// As it is written, each variable a token; `None` where that matches nothing.
    token: Option<Glob>,
    /// With anything for variables.
    wide: Glob,
    /// Whether it has any itself.
    open: bool,
}

/// The conditions of a key whose values are single.
struct Beyond<'a> {
    asked: &'a [Asked<'a>],
    variable: &'a [usize],
    context: &'a Context,
    entries: Vec<Entry>,
    /// What the other conditions compare with.
    plain: Vec<Glob>,
}

impl<'a> Beyond<'a> {
    fn of(asked: &'a [Asked<'a>], variable: &'a [usize], context: &'a Context) -> Option<Self> {
        let (mut entries, mut compared) = (Vec::new(), Compared::default());
        for (number, (condition, version)) in asked.iter().enumerate() {
            if !variable.contains(&number) {
                compared.add(condition, *version, context, true)?;
                continue;
            }
            for text in &condition.values {
                let reading =
                    |symbolic: bool| Reading { version: *version, wildcards: Wildcards::No, context, symbolic };
                let kind = &condition.operator.kind;
                let (token, _) = compare::glob(kind, text, reading(true))?;
                let (wide, open) = compare::glob(kind, text, reading(false))?;
                entries.extend(wide.map(|wide| Entry { condition: number, token, wide, open: !open.is_empty() }));
            }
        }
        Some(Self { asked, variable, context, entries, plain: compared.globs })
    }

    fn rows(&self, key: &str) -> Option<Vec<Vec<Truth>>> {
        let wide: Vec<Glob> = self.entries.iter().map(|entry| entry.wide.clone()).chain(self.plain.clone()).collect();
        let tokens = self.with_tokens()?;
        let mut context = self.context.clone();
        let mut rows = Vec::new();
        for (matched, value) in pattern::regions(&wide, MAX_STATES).ok()? {
            let open: Vec<usize> = (0..self.entries.len())
                .filter(|number| {
                    matched.get(*number) == Some(&true) && self.entries.get(*number).is_some_and(|it| it.open)
                })
                .collect();
            context.set(key, vec![value.into()]);
            let plain = |(number, (condition, version)): (usize, &Asked<'_>)| match self.variable.contains(&number) {
                true => Truth::No,
                false => holds(condition, *version, &context, true),
            };
            let base: Vec<Truth> = self.asked.iter().enumerate().map(plain).collect();
            for way in 0..ways(open.len())? {
                let mut matched = matched.clone();
                for (bit, number) in open.iter().enumerate() {
                    if let Some(slot) = matched.get_mut(*number) {
                        *slot = way >> bit & 1 == 1;
                    }
                }
                if self.may_be(&matched, &open, &tokens) {
                    rows.push(self.row(base.clone(), &matched));
                }
            }
        }
        Some(rows)
    }

    /// What is matched together where each variable stands for a text like no other, and `?` for none of it.
    fn with_tokens(&self) -> Option<Vec<Vec<bool>>> {
        let mut known = Tokens::default();
        let nothing = Glob::text("\u{1}");
        let entries = self.entries.iter().map(|entry| entry.token.as_ref().unwrap_or(&nothing));
        let short: Option<Vec<Glob>> =
            entries.chain(&self.plain).map(|glob| glob.short(&mut known, Form::Tight)).collect();
        let regions = pattern::regions(&short?, MAX_STATES).ok()?;
        Some(regions.into_iter().map(|(matched, _)| matched).collect())
    }

    /// Whether what is matched may be: a value that a variable's text matches matches no less than the same value with
    /// the variable in its place.
    fn may_be(&self, matched: &[bool], open: &[usize], tokens: &[Vec<bool>]) -> bool {
        let own = open.iter().filter(|number| matched.get(**number) == Some(&true));
        own.filter(|number| self.entries.get(**number).is_some_and(|entry| entry.token.is_some())).all(|number| {
            tokens.iter().any(|token| {
                token.get(*number) == Some(&true) && token.iter().zip(matched).all(|(token, own)| !token || *own)
            })
        })
    }

    fn row(&self, mut row: Vec<Truth>, matched: &[bool]) -> Vec<Truth> {
        for number in self.variable {
            let entries = self.entries.iter().zip(matched).filter(|(entry, _)| entry.condition == *number);
            let fits = entries.into_iter().any(|(_, matched)| *matched);
            let negated = self.asked.get(*number).is_some_and(|(condition, _)| condition.operator.negated);
            if let Some(truth) = row.get_mut(*number) {
                *truth = Truth::of(fits != negated);
            }
        }
        row
    }
}

/// Every combination of the samples' choices, as contexts; `None` where there are more than `limit`.
pub(in crate::iam) fn combinations(samples: &[Sample], context: &Context, limit: usize) -> Option<Vec<Context>> {
    let count = samples.iter().try_fold(1_usize, |count, sample| count.checked_mul(sample.choices.len()));
    if count.is_none_or(|count| count > limit) {
        return None;
    }
    let mut contexts = vec![context.clone()];
    for sample in samples {
        let with = |context: &Context, values: &Vec<Arc<str>>| {
            let mut context = context.clone();
            context.set(&sample.key, values.clone());
            context
        };
        contexts = contexts.iter().flat_map(|context| sample.choices.iter().map(move |it| with(context, it))).collect();
    }
    Some(contexts)
}

/// A list of values, and which conditions hold with it.
type Class = (Vec<Arc<str>>, Vec<Truth>);

/// What the conditions of one key compare with.
#[derive(Default)]
struct Compared {
    globs: Vec<Glob>,
    numbers: Vec<Number>,
    dates: Vec<i64>,
    ranges: Vec<Range>,
}

fn choices(key: &str, asked: &[Asked<'_>], context: &Context, symbolic: bool) -> Option<Vec<Class>> {
    let mut compared = Compared::default();
    for (condition, version) in asked {
        compared.add(condition, *version, context, symbolic)?;
    }
    let multiple = asked.iter().any(|(condition, _)| condition.operator.quantifier != Quantifier::None);
    if multiple {
        // An empty value counts as none under set operators: it is told from the others.
        compared.globs.push(Glob::pattern("?*"));
    }
    let singles = compared.values()?;
    // Each condition on a set asks whether there is a value of some class: as many values as conditions are enough.
    let largest = if multiple { asked.len() } else { 1 };
    let mut lists: Vec<Vec<Arc<str>>> = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..largest.min(singles.len()) {
        let to = lists.len();
        for index in from..to {
            let list = lists.get(index)?.clone();
            let last = list.last().and_then(|last| singles.iter().position(|single| single == last));
            for single in singles.iter().skip(last.map_or(0, |last| last + 1)) {
                lists.push(list.iter().chain([single]).cloned().collect());
            }
        }
        if lists.len() > MAX_CHOICES {
            return None;
        }
        from = to;
    }
    Some(distinct(key, lists, asked, context, symbolic))
}

/// Lists between which a condition tells; the first of each class.
fn distinct(
    key: &str,
    lists: Vec<Vec<Arc<str>>>,
    asked: &[Asked<'_>],
    context: &Context,
    symbolic: bool,
) -> Vec<Class> {
    let mut kept: Vec<Class> = Vec::new();
    let mut context = context.clone();
    for list in lists {
        context.set(key, list.clone());
        let truths: Vec<_> =
            asked.iter().map(|(condition, version)| holds(condition, *version, &context, symbolic)).collect();
        if !kept.iter().any(|(_, known)| *known == truths) {
            kept.push((list, truths));
        }
    }
    kept
}

impl Compared {
    /// `None` where a value is not known.
    fn add(&mut self, condition: &Condition, version: Version, context: &Context, symbolic: bool) -> Option<()> {
        let kind = &condition.operator.kind;
        let reading = Reading { version, wildcards: Wildcards::No, context, symbolic };
        for text in &condition.values {
            if let Some((glob, open)) = compare::glob(kind, text, reading) {
                if !open.is_empty() {
                    return None;
                }
                self.globs.extend(glob);
                continue;
            }
            let literal = text.as_literal().filter(|_| text.possible.is_none())?;
            match kind {
                OperatorKind::Bool => self.globs.push(Glob::text(literal).folded()),
                OperatorKind::Numeric(_) => self.numbers.extend(Number::parse(literal)),
                OperatorKind::Date(_) => self.dates.extend(date(literal)),
                OperatorKind::IpAddress => self.ranges.extend(Range::parse(literal)),
                OperatorKind::Null => {}
                _ => return None,
            }
        }
        Some(())
    }

    /// One value of each class, or `None` where values of different kinds are compared, or too many.
    fn values(self) -> Option<Vec<Arc<str>>> {
        let mut globs: Vec<Glob> = Vec::new();
        for glob in self.globs {
            if !globs.contains(&glob) {
                globs.push(glob);
            }
        }
        let kinds = [
            globs.iter().all(|glob| *glob == Glob::pattern("?*")),
            self.numbers.is_empty(),
            self.dates.is_empty(),
            self.ranges.is_empty(),
        ];
        if kinds.iter().filter(|empty| !**empty).count() > 1 {
            return None;
        }
        let mut values: Vec<String> = Number::around(self.numbers);
        values.extend(dates_around(self.dates));
        if !self.ranges.is_empty() {
            values.extend(Range::around(&self.ranges));
        }
        if values.is_empty() {
            let regions = pattern::regions(&globs, MAX_STATES).ok()?;
            values.extend(regions.into_iter().map(|(_, value)| value));
        }
        Some(values.into_iter().map(Arc::from).collect())
    }
}
