//! Values of context keys that stand for all there are: what conditions ask of a key parts its values into a few
//! classes, and one value of each is enough to try.

use super::compare::{self, holds};
use super::context::{Context, Given};
use super::render::{Reading, Wildcards};
use super::truth::Truth;
use super::value::{Number, Range, date, dates_around};
use crate::iam::condition::{Condition, OperatorKind, Quantifier};
use crate::iam::document::Version;
use crate::iam::pattern::{self, Glob};
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
