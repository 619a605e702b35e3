//! The search for something that one policy allows and another does not.

use super::clause::{Clause, Named, clauses, others, same_condition};
use super::principals::{Who, everyone, is_for};
use crate::iam::action::{self, Action, ActionSet};
use crate::iam::document::Document;
use crate::iam::evaluate::Context;
use crate::iam::evaluate::has_default;
use crate::iam::evaluate::resources::{Resources, Unproven, find, prove};
use crate::iam::evaluate::sample::{Asked, Sample, beyond, samples};
use crate::iam::glob;
use crate::iam::pattern::{Glob, TooLarge};
use crate::iam::statement::Statement;
use crate::iam::text;
use crate::syntax::{Unknown, UnknownKind};
use std::collections::HashSet;
use std::sync::Arc;

/// How many combinations of context values are tried for one class of actions.
const MAX_COMBINATIONS: usize = 10_000;

/// How many actions of a class are asked for the ARNs of their resources, so that a witness is one that can be.
const MAX_SHAPED: usize = 24;

const VARIABLE: &str = "it hangs on what a policy variable stands for";

/// What access is asked about.
#[derive(Debug, Clone, Default)]
pub struct Question<'a> {
    /// The policies that are judged; together they are one.
    pub new: Vec<&'a Document>,
    /// What they may allow.
    pub old: Vec<&'a Document>,
    /// Only these actions, names and patterns; all where there are none.
    pub actions: Vec<String>,
    /// Only these resources, names and patterns; all where there are none.
    pub resources: Vec<String>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Access<'a> {
    /// There is none: a proof.
    None,
    /// There is this, for one.
    Found(Witness<'a>),
    /// It cannot be told.
    Unknown(Unknown),
}

/// A request that is allowed and should not be.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness<'a> {
    /// The action; `s3:*` stands for one that the catalogue lacks.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// The principal, where the policy is one of a resource.
    pub principal: Option<String>,
    /// The context keys that matter, with their values; none says that the request has no such key.
    pub context: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// Keys whose conditions are not compared by value: they are taken to hold as it suits.
    pub opaque: Vec<Arc<str>>,
    /// The statement that allows it.
    pub statement: &'a Statement,
}

/// Whether `new` allows something that `old` does not.
pub fn new_access<'a>(new: &'a Document, old: &'a Document) -> Access<'a> {
    answer(&Question { new: vec![new], old: vec![old], ..Question::default() })
}

/// Whether a policy allows one of the actions on one of the resources, under whatever conditions.
pub fn granted<'a>(policy: &'a Document, actions: &[String], resources: &[String]) -> Access<'a> {
    answer(&Question { new: vec![policy], old: Vec::new(), actions: actions.to_vec(), resources: resources.to_vec() })
}

/// Answers a question.
fn answer<'a>(question: &Question<'a>) -> Access<'a> {
    let mut all = Vec::new();
    for (documents, new) in [(&question.new, true), (&question.old, false)] {
        for document in documents {
            match clauses(document, new) {
                Ok(found) => all.extend(found),
                Err(unknown) => return Access::Unknown(unknown),
            }
        }
    }
    let within = if question.resources.is_empty() {
        Resources::all()
    } else {
        Resources::of(question.resources.iter().map(|pattern| Glob::pattern(pattern)).collect())
    };
    let mut unknown = None;
    let Ok(classes) = classes(&all, &question.actions) else {
        return Access::Unknown(Unknown::new(UnknownKind::Limit, "the comparison of actions"));
    };
    for (actions, covering) in classes {
        let class = Class { actions, covering, within: &within };
        match class.search() {
            Ok(None) => {}
            Ok(Some(witness)) => return Access::Found(witness),
            Err(reason) => unknown = Some(reason),
        }
    }
    unknown.map_or(Access::None, Access::Unknown)
}

/// The actions that the same statements cover, with those statements.
type Covered<'c, 'a> = (Vec<Named>, Vec<&'c Clause<'a>>);

/// The actions that the judged policies allow, parted by the statements that cover them.
fn classes<'c, 'a>(all: &'c [Clause<'a>], wanted: &[String]) -> Result<Vec<Covered<'c, 'a>>, TooLarge> {
    let mut allowed = ActionSet::empty();
    all.iter().filter(|one| one.new && one.statement.allows()).for_each(|one| allowed.add(&one.actions));
    let mut names = others(all)?;
    if !wanted.is_empty() {
        let mut only = ActionSet::empty();
        for pattern in wanted {
            only.add(&action::expand(pattern));
            if action::expand(pattern).is_empty() {
                names.push(Named::Other(pattern.to_ascii_lowercase()));
            }
        }
        allowed.keep(&only);
        names.retain(
            |name| matches!(name, Named::Other(name) if wanted.iter().any(|it| glob::matches_ignoring_case(it, name))),
        );
    }
    let mut sets = vec![allowed];
    for clause in all {
        let mut parted = Vec::new();
        for set in sets {
            let (mut within, mut without) = (set.clone(), set);
            within.keep(&clause.actions);
            without.remove(&clause.actions);
            parted.extend([within, without].into_iter().filter(|set| !set.is_empty()));
        }
        sets = parted;
    }
    let known = sets.iter().map(|set| {
        let (names, stand_ins) = (set.iter().filter(|it| !it.is_stand_in()), set.iter().filter(|it| it.is_stand_in()));
        names.chain(stand_ins).take(MAX_SHAPED).map(Named::Known).collect::<Vec<Named>>()
    });
    let names = names.into_iter().map(|name| vec![name]);
    let covering = |actions: Vec<Named>| {
        let covers = |clause: &&Clause<'_>| actions.first().is_some_and(|action| clause.covers(action));
        let covering = all.iter().filter(covers).collect();
        (actions, covering)
    };
    Ok(known.chain(names).map(covering).collect())
}

/// The actions that the same statements cover.
struct Class<'c, 'a> {
    /// The first of them.
    actions: Vec<Named>,
    covering: Vec<&'c Clause<'a>>,
    within: &'c Resources,
}

/// The statements that apply in one combination, by side and effect.
#[derive(PartialEq, Eq, Hash)]
struct Active {
    allow_new: Vec<usize>,
    /// Those of them that the other policy has not.
    fresh: Vec<usize>,
    deny_new: Vec<usize>,
    allow_old: Vec<usize>,
    /// What the other policy denies and this one does not in the same words.
    deny_old: Vec<usize>,
}

impl<'a> Class<'_, 'a> {
    fn search(&self) -> Result<Option<Witness<'a>>, Unknown> {
        let relevant = self.relevant();
        if !relevant.iter().any(|one| one.new && one.statement.allows()) {
            return Ok(None);
        }
        let conditions: Vec<Asked<'_>> = relevant
            .iter()
            .flat_map(|one| one.statement.conditions.iter().map(|condition| (condition, one.version)))
            .collect();
        let sampled = samples(&conditions, &Context::default(), true);
        let (mut keys, mut opaque): (Vec<Sample>, Vec<Arc<str>>) = (Vec::new(), Vec::new());
        for sample in sampled {
            match sample {
                Ok(sample) => keys.push(sample),
                Err(key) => opaque.push(key),
            }
        }
        let atoms = atoms(&conditions, &opaque);
        let twins: Vec<bool> = relevant.iter().map(|one| self.has_twin(one)).collect();
        let mut asking = Asking { class: self, relevant, conditions, twins, atoms, tried: HashSet::new() };
        if let Some(found) = asking.walk(&keys)? {
            return Ok(Some(found));
        }
        // What a variable stands for may be what another statement names.
        let open = || Unknown::new(UnknownKind::Other, VARIABLE);
        if asking.relevant.iter().any(|one| has_default(one.statement, one.version)) {
            return Err(open());
        }
        let mut more = false;
        for sample in &mut keys {
            let rows = beyond(sample, &asking.conditions).ok_or_else(limit)?;
            more |= !rows.is_empty();
            sample.choices.extend(rows.iter().map(|_| Vec::new()));
            sample.truths.extend(rows);
        }
        match more && asking.walk(&keys)?.is_some() {
            true => Err(open()),
            false => Ok(None),
        }
    }

    /// The statements that matter: an allowance that the other policy has too gives nothing new, unless what denies
    /// it has gone.
    fn relevant(&self) -> Vec<&Clause<'a>> {
        let lost = self.covering.iter().any(|one| !one.new && one.statement.denies() && !self.has_twin(one));
        let gives = |one: &&Clause<'_>| one.new && one.statement.allows() && (lost || !self.has_twin(one));
        if self.covering.iter().any(gives) { self.covering.clone() } else { Vec::new() }
    }

    /// Whether the other policy says the same in a statement.
    fn has_twin(&self, one: &Clause<'_>) -> bool {
        self.covering.iter().any(|other| other.new != one.new && one.says_the_same(other))
    }

    /// A resource of the action's own types where there is one, for people to read; else any.
    fn find(&self, layers: &[&[Resources]], without: &[Resources]) -> Result<Option<String>, Unproven> {
        let found = prove(layers, without)?;
        if found.is_none() {
            return Ok(None);
        }
        let shape = shape(&self.actions);
        let shaped: Vec<&[Resources]> =
            layers.iter().copied().chain(shape.as_ref().map(std::slice::from_ref)).collect();
        Ok(find(&shaped, without).ok().flatten().or(found))
    }

    /// The first of the actions that is for such a resource.
    fn action_on(&self, resource: &str) -> String {
        let fits = |named: &&Named| match named {
            Named::Known(action) => globs_for(*action).iter().any(|glob| glob.matches(resource)),
            Named::Other(_) => false,
        };
        match self.actions.iter().find(fits).or(self.actions.first()) {
            Some(Named::Known(action)) => action.to_string(),
            Some(Named::Other(name)) => name.clone(),
            None => String::new(),
        }
    }

    fn witness(
        &self,
        statement: &'a Statement,
        resource: String,
        who: &Who,
        context: Vec<(Arc<str>, Vec<Arc<str>>)>,
        opaque: Vec<Arc<str>>,
    ) -> Witness<'a> {
        Witness {
            action: self.action_on(&resource),
            resource: text::without_tokens(&resource),
            principal: (*who != Who::Holder).then(|| who.to_string()),
            context,
            opaque,
            statement,
        }
    }
}

/// The question about one class of actions, being answered.
struct Asking<'k, 'c, 'a> {
    class: &'k Class<'c, 'a>,
    relevant: Vec<&'c Clause<'a>>,
    conditions: Vec<Asked<'c>>,
    /// Which of the statements the other policy has too.
    twins: Vec<bool>,
    atoms: Vec<Asked<'c>>,
    /// What was asked and is not allowed.
    tried: HashSet<Active>,
}

impl<'a> Asking<'_, '_, 'a> {
    /// Tries every combination of what the keys' conditions may be.
    fn walk(&mut self, keys: &[Sample]) -> Result<Option<Witness<'a>>, Unknown> {
        let shift = u32::try_from(self.atoms.len()).map_err(|_| limit())?;
        let ways = 1_usize.checked_shl(shift).filter(|ways| *ways <= MAX_COMBINATIONS).ok_or_else(limit)?;
        let count = keys.iter().try_fold(ways, |count, sample| {
            count.checked_mul(sample.choices.len()).filter(|count| *count <= MAX_COMBINATIONS)
        });
        let mut unknown = None;
        let everyone = everyone(self.relevant.iter().map(|one| one.statement));
        for combination in 0..count.ok_or_else(limit)? {
            let holding = holding(&self.relevant, &self.conditions, keys, &self.atoms, combination);
            for who in &everyone {
                let active = active(&self.relevant, &holding, &self.twins, who);
                if active.allow_new.is_empty() || self.tried.contains(&active) {
                    continue;
                }
                match self.resource(&active) {
                    Ok(Some((resource, number))) => {
                        let statement = self.relevant.get(number).map(|one| one.statement);
                        let opaque = self.atoms.iter().map(|(condition, _)| condition.key.clone()).collect();
                        let context = context_of(keys, combination / ways);
                        return Ok(statement.map(|it| self.class.witness(it, resource, who, context, opaque)));
                    }
                    Ok(None) => {}
                    Err(Unproven::TooLarge) => {
                        unknown = Some(Unknown::new(UnknownKind::Limit, "the comparison of resources"));
                    }
                    Err(Unproven::Token) => unknown = Some(Unknown::new(UnknownKind::Other, VARIABLE)),
                }
                self.tried.insert(active);
            }
        }
        unknown.map_or(Ok(None), Err)
    }

    /// A resource that is allowed by the one and not by the other, and the statement that allows it.
    fn resource(&self, active: &Active) -> Result<Option<(String, usize)>, Unproven> {
        let of = |numbers: &[usize]| -> Vec<Resources> {
            numbers.iter().filter_map(|number| self.relevant.get(*number)).map(|one| one.resources.clone()).collect()
        };
        let (allow_new, deny_new) = (of(&active.allow_new), of(&active.deny_new));
        let (allow_old, deny_old) = (of(&active.allow_old), of(&active.deny_old));
        let within = std::slice::from_ref(self.class.within);
        let (without, fresh) = ([deny_new.clone(), allow_old].concat(), of(&active.fresh));
        let mut found = self.class.find(&[within, &fresh], &without);
        if !matches!(found, Ok(Some(_))) && !deny_old.is_empty() {
            found = match self.class.find(&[within, &allow_new, &deny_old], &deny_new) {
                Ok(None) => found,
                denied => denied,
            };
        }
        let Some(resource) = found? else { return Ok(None) };
        let allows = |number: &&usize| {
            self.relevant.get(**number).is_some_and(|one| {
                one.resources.globs.iter().any(|glob| glob.matches(&resource)) != one.resources.except
            })
        };
        let number = active.allow_new.iter().find(allows).or(active.allow_new.first()).copied();
        Ok(number.map(|number| (resource, number)))
    }
}

fn limit() -> Unknown {
    Unknown::new(UnknownKind::Limit, "the number of combinations of context values")
}

fn active(relevant: &[&Clause<'_>], holding: &[bool], twins: &[bool], who: &Who) -> Active {
    let of = |new: bool, allows: bool| -> Vec<usize> {
        let applies = |(number, one): (usize, &&Clause<'_>)| {
            let holds = holding.get(number) == Some(&true);
            let side = one.new == new && one.statement.allows() == allows;
            (side && holds && is_for(one.statement, who)).then_some(number)
        };
        relevant.iter().enumerate().filter_map(applies).collect()
    };
    let alone = |numbers: Vec<usize>| numbers.into_iter().filter(|number| twins.get(*number) != Some(&true)).collect();
    Active {
        fresh: alone(of(true, true)),
        allow_new: of(true, true),
        deny_new: of(true, false),
        allow_old: of(false, true),
        deny_old: alone(of(false, false)),
    }
}

/// The different conditions on keys whose values cannot be sampled: each may hold or not, by itself.
fn atoms<'c>(conditions: &[Asked<'c>], keys: &[Arc<str>]) -> Vec<Asked<'c>> {
    let mut atoms: Vec<Asked<'c>> = Vec::new();
    for (condition, version) in conditions.iter().filter(|(condition, _)| keys.iter().any(|key| condition.is_on(key))) {
        if !atoms.iter().any(|(known, of)| of == version && same_condition(known, condition)) {
            atoms.push((condition, *version));
        }
    }
    atoms
}

/// For each statement whether its conditions hold in a combination: its lowest digits say which atoms hold, the others
/// which choice each key has.
fn holding(
    relevant: &[&Clause<'_>],
    conditions: &[Asked<'_>],
    keys: &[Sample],
    atoms: &[Asked<'_>],
    combination: usize,
) -> Vec<bool> {
    let mut truths: Vec<bool> = vec![true; conditions.len()];
    let mut set = |number: usize, truth: bool| {
        if let Some(slot) = truths.get_mut(number) {
            *slot = truth;
        }
    };
    for (number, (condition, version)) in conditions.iter().enumerate().filter(|_| !atoms.is_empty()) {
        let same = |(known, of): &Asked<'_>| of == version && same_condition(known, condition);
        if let Some(bit) = atoms.iter().position(same) {
            set(number, combination >> bit & 1 == 1);
        }
    }
    for (sample, choice) in digits(keys, combination >> atoms.len()) {
        let row = sample.truths.get(choice).map_or(&[][..], Vec::as_slice);
        sample.asked.iter().zip(row).for_each(|(number, truth)| set(*number, truth.is_yes()));
    }
    let mut from = 0;
    let all = |clause: &&Clause<'_>| {
        let to = from + clause.statement.conditions.len();
        let own = truths.get(from..to).is_some_and(|own| own.iter().all(|truth| *truth));
        from = to;
        own
    };
    relevant.iter().map(all).collect()
}

/// The keys with their values in a combination.
fn context_of(keys: &[Sample], combination: usize) -> Vec<(Arc<str>, Vec<Arc<str>>)> {
    let plain = |value: &Arc<str>| Arc::from(text::without_tokens(value));
    let values = |sample: &Sample, choice: usize| {
        sample.choices.get(choice).map(|values| values.iter().map(plain).collect()).unwrap_or_default()
    };
    digits(keys, combination).map(|(sample, choice)| (sample.key.clone(), values(sample, choice))).collect()
}

/// The choice of each key in a combination.
fn digits(keys: &[Sample], mut combination: usize) -> impl Iterator<Item = (&Sample, usize)> {
    keys.iter().map(move |sample| {
        let choice = combination % sample.choices.len().max(1);
        combination /= sample.choices.len().max(1);
        (sample, choice)
    })
}

/// The resources of actions of the catalogue: the ARNs of their types, and `*` for those that are on none.
fn shape(actions: &[Named]) -> Option<Resources> {
    let mut globs: Vec<Glob> = Vec::new();
    for named in actions {
        let Named::Known(action) = named else {
            continue;
        };
        for glob in globs_for(*action) {
            if !globs.contains(&glob) {
                globs.push(glob);
            }
        }
    }
    (!globs.is_empty()).then(|| Resources::of(globs))
}

fn globs_for(action: Action) -> Vec<Glob> {
    let types = action.resource_types();
    match types.as_slice() {
        [] if action.is_stand_in() => Vec::new(),
        [] => vec![Glob::text("*")],
        types => types.iter().map(|(kind, _)| shape_of(kind.arn)).collect(),
    }
}

/// `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}` as a pattern.
fn shape_of(arn: &str) -> Glob {
    let mut pattern = String::new();
    let mut rest = arn;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        pattern.push_str(before);
        pattern.push_str(if name == "Partition" { "aws" } else { "?*" });
        rest = behind;
    }
    pattern.push_str(rest);
    Glob::pattern(&pattern)
}
