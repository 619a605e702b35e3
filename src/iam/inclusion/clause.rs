//! Statements as the comparison takes them.

use crate::iam::action::{self, Action, ActionSet};
use crate::iam::condition::Condition;
use crate::iam::document::{Document, Version};
use crate::iam::evaluate::resources::Resources;
use crate::iam::evaluate::{Context, globs_of, names_action};
use crate::iam::glob;
use crate::iam::pattern::{self, Glob, TooLarge};
use crate::iam::statement::{Effect, Principals, Statement};
use crate::iam::text::Text;
use crate::syntax::{Unknown, UnknownKind};

/// How many states the patterns of actions may need that part what the catalogue lacks.
const MAX_STATES: usize = 5_000;

/// One statement of a policy whose every part is known.
#[derive(Debug)]
pub(super) struct Clause<'a> {
    pub(super) statement: &'a Statement,
    pub(super) version: Version,
    /// Whether it is of the policy that is judged, not of the one that it is compared with.
    pub(super) new: bool,
    pub(super) actions: ActionSet,
    /// Its resources, variables as tokens that compare with themselves.
    pub(super) resources: Resources,
}

/// The statements of a document, or why it is not known in full.
pub(super) fn clauses(document: &Document, new: bool) -> Result<Vec<Clause<'_>>, Unknown> {
    if let Some((unknown, _)) = document.unknown.first() {
        return Err(unknown.clone());
    }
    document.statements.iter().map(|statement| clause(statement, document.version, new)).collect()
}

fn clause(statement: &Statement, version: Version, new: bool) -> Result<Clause<'_>, Unknown> {
    let condition = |condition: &std::sync::Arc<str>| Unknown::new(UnknownKind::Condition, condition.clone());
    let effect = match &statement.effect {
        Effect::Unknown(unknown) => Some(unknown.clone()),
        _ => None,
    };
    let whole = statement.possible.as_ref().map(condition);
    let principals = statement.principals.iter().flat_map(texts_of);
    let values = statement.conditions.iter().flat_map(|condition| &condition.values);
    let mut texts = statement.actions.iter().chain(&statement.resources).chain(principals).chain(values);
    let part = || texts.find_map(unknown_in);
    if let Some(unknown) = effect.or(whole).or_else(|| statement.unknown_conditions.clone()).or_else(part) {
        return Err(unknown);
    }
    let context = Context::default();
    let actions = {
        let mut set = ActionSet::empty();
        statement.actions.iter().filter_map(Text::as_literal).for_each(|text| set.add(&action::expand(text)));
        if statement.not_action { set.complement() } else { set }
    };
    let (globs, except) = (globs_of(&statement.resources, version, &context), statement.not_resource);
    // A statement that says nothing of resources is about the one that it belongs to.
    let all = statement.resources.is_empty() && !except;
    let resources = if all { Resources::all() } else { Resources { globs, except } };
    Ok(Clause { statement, version, new, actions, resources })
}

impl Clause<'_> {
    /// Whether it covers an action of the catalogue, or one that the catalogue lacks, by name.
    pub(super) fn covers(&self, action: &Named) -> bool {
        match action {
            Named::Known(action) => self.actions.contains(*action),
            Named::Other(name) => {
                let named = self.statement.actions.iter().any(|text| names_action(text, name).is_yes());
                named != self.statement.not_action
            }
        }
    }

    /// Whether another statement says the same, whatever its name.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.statement, other.statement);
        let same_principals = || {
            let texts = |statement: &Statement| {
                let listed = statement.principals.iter().flat_map(|principals| &principals.listed);
                let listed: Vec<_> = listed.map(|one| (one.kind.clone(), one.value.parts.clone())).collect();
                (listed, statement.principals.as_ref().map(|principals| principals.any.is_some()))
            };
            texts(mine) == texts(theirs) && mine.not_principal == theirs.not_principal
        };
        mine.effect == theirs.effect
            && (mine.not_action, mine.not_resource) == (theirs.not_action, theirs.not_resource)
            && self.version == other.version
            && same(&mine.resources, &theirs.resources)
            && mine.conditions.len() == theirs.conditions.len()
            && mine.conditions.iter().zip(&theirs.conditions).all(|(left, right)| same_condition(left, right))
            && same_principals()
    }
}

/// Whether two conditions ask the same of the same key.
pub(super) fn same_condition(left: &Condition, right: &Condition) -> bool {
    left.operator == right.operator && left.key.eq_ignore_ascii_case(&right.key) && same(&left.values, &right.values)
}

fn same(left: &[Text], right: &[Text]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.parts == right.parts)
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// Of the catalogue.
    Known(Action),
    /// One that a policy names and the catalogue lacks.
    Other(String),
}

/// The actions that policies name and the catalogue lacks: each by name or, where a pattern names such ones, by the
/// pattern itself, whose `*` stands for a name like no other. `Err` where the patterns part them too finely.
pub(super) fn others(clauses: &[Clause<'_>]) -> Result<Vec<Named>, TooLarge> {
    let texts = || clauses.iter().flat_map(|clause| &clause.statement.actions).filter_map(Text::as_literal);
    let is_other = |name: &&str| match name.split_once(':') {
        Some((service, action)) if glob::has_wildcard(name) => {
            // Of a pattern of services the catalogue may lack some.
            let all = glob::is_all(service) && glob::is_all(action);
            !all && (glob::has_wildcard(service) && !glob::is_all(service) || action::expand(name).is_empty())
        }
        Some(_) => action::named(name).is_none(),
        None => false,
    };
    let mut names: Vec<String> = texts().filter(is_other).map(str::to_ascii_lowercase).collect();
    names.sort_unstable();
    names.dedup();
    if names.iter().filter(|name| glob::has_wildcard(name)).count() > 0 {
        names.extend(parted(&names, texts())?);
    }
    Ok(names.into_iter().map(Named::Other).collect())
}

/// Names for each way in which what the patterns among `names` name can fit the other patterns of a policy.
fn parted<'t>(names: &[String], texts: impl Iterator<Item = &'t str>) -> Result<Vec<String>, TooLarge> {
    let wild: Vec<&str> = names.iter().map(String::as_str).filter(|name| glob::has_wildcard(name)).collect();
    let mut patterns: Vec<String> = Vec::new();
    for text in texts.map(str::to_ascii_lowercase) {
        if !patterns.contains(&text) && pattern::intersects(&[&text], &wild)? {
            patterns.push(text);
        }
    }
    let matched = |name: &str| patterns.iter().map(|pattern| glob::matches(pattern, name)).collect::<Vec<bool>>();
    let mut known: Vec<Vec<bool>> = names.iter().map(|name| matched(name)).collect();
    let globs: Vec<Glob> = patterns.iter().map(|pattern| Glob::pattern(pattern)).collect();
    let mut found = Vec::new();
    for (row, name) in pattern::regions(&globs, MAX_STATES)? {
        let named = patterns.iter().zip(&row).any(|(pattern, matched)| *matched && wild.contains(&pattern.as_str()));
        if named && !known.contains(&row) && action::named(&name).is_none() {
            known.push(row);
            found.push(name);
        }
    }
    Ok(found)
}

fn texts_of(principals: &Principals) -> impl Iterator<Item = &Text> {
    principals.any.iter().chain(principals.listed.iter().map(|principal| &principal.value))
}

fn unknown_in(text: &Text) -> Option<Unknown> {
    match text.as_literal() {
        Some(_) => text.unknown(),
        None => Some(text.unknown().unwrap_or_else(|| Unknown::new(UnknownKind::Computed, text.to_string()))),
    }
}
