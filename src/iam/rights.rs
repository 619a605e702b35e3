//! The rights of one role: its identity policies, cut down by its boundary, at the level of actions and, where both
//! sides are known, of resources.
//!
//! Every answer has two bounds. *Definite* takes an allowance only where nothing stands in its way: no condition, no
//! unknown text, a statement that is there for certain, no denial that might apply. *Possible* takes every allowance
//! and only the denials that apply for certain. A missing right is definite where the action is not possible; a right
//! that is too much is definite where it is definitely allowed.

use super::action::{Action, ActionSet};
use super::document::Document;
use super::pattern;
use super::statement::{Bounds, Effect, Statement};
use super::text::Text;
use crate::source::Span;
use crate::syntax::Unknown;

/// What a role may do.
#[derive(Debug, Clone)]
pub struct Rights<'a> {
    identity: Vec<Reach<'a>>,
    boundary: Option<Vec<Reach<'a>>>,
    unknown: Vec<(Unknown, Span)>,
}

/// One statement and the actions it covers.
#[derive(Debug, Clone)]
pub struct Reach<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// Its actions.
    pub actions: Bounds,
}

/// Whether a right is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// It is, for certain, on some resource (or on the resource asked for).
    pub definite: bool,
    /// It may be: where this is false, it is missing for certain, unless `unknown` gives a reason to doubt.
    pub possible: bool,
    /// A statement denies it for certain.
    pub denied: bool,
    /// Why policies of the role are not known in full, where they are not.
    pub unknown: Option<Unknown>,
}

impl<'a> Rights<'a> {
    /// The rights that identity policies give under a boundary; without one, nothing is cut.
    ///
    /// `unknown` of the documents is kept: with it a missing right is never definite.
    pub fn new(identity: impl IntoIterator<Item = &'a Document>, boundary: Option<&'a Document>) -> Self {
        let mut unknown = Vec::new();
        let mut reach = |document: &'a Document| {
            unknown.extend(document.unknown.iter().cloned());
            document.statements.iter().map(|statement| Reach { statement, actions: statement.actions() }).collect()
        };
        let identity: Vec<Vec<Reach<'a>>> = identity.into_iter().map(&mut reach).collect();
        let boundary = boundary.map(&mut reach);
        Self { identity: identity.into_iter().flatten().collect(), boundary, unknown }
    }

    /// Whether the action is allowed on some resource.
    pub fn allows(&self, action: Action) -> Allowed {
        self.judge(action, None)
    }

    /// Whether the action is allowed on every resource that the pattern matches (`definite`) or on one (`possible`).
    ///
    /// Resources that are known in part are compared by their bounds; a comparison that takes too long counts as not
    /// known, so that neither answer is given for it.
    pub fn allows_on(&self, action: Action, resource: &Text) -> Allowed {
        self.judge(action, Some(resource))
    }

    /// The statements of the identity policies that allow, each with its actions.
    pub fn grants(&self) -> impl Iterator<Item = &Reach<'a>> {
        self.identity.iter().filter(|reach| reach.statement.allows())
    }

    /// The actions that are allowed for certain, and those that may be.
    pub fn actions(&self) -> Bounds {
        let mut bounds = allowed_in(&self.identity);
        if let Some(boundary) = &self.boundary {
            let cut = allowed_in(boundary);
            bounds.lower.keep(&cut.lower);
            bounds.upper.keep(&cut.upper);
        }
        bounds
    }

    /// What of the role's policies is not known.
    pub fn unknown(&self) -> &[(Unknown, Span)] {
        &self.unknown
    }

    fn judge(&self, action: Action, resource: Option<&Text>) -> Allowed {
        let mut answer = judge_in(&self.identity, action, resource);
        if let Some(boundary) = &self.boundary {
            let cut = judge_in(boundary, action, resource);
            answer.definite &= cut.definite;
            answer.possible &= cut.possible;
            answer.denied |= cut.denied;
        }
        answer.unknown = self.unknown.first().map(|(reason, _)| reason.clone());
        // A statement that is not known may deny what others allow.
        answer.definite &= answer.unknown.is_none();
        answer
    }
}

impl Reach<'_> {
    /// The actions that it allows for certain and at most, as [`Rights::allows`] counts them.
    pub fn granted_actions(&self) -> Bounds {
        match self.statement.effect {
            Effect::Allow if self.statement.is_conditional() => {
                Bounds { lower: ActionSet::empty(), upper: self.actions.upper.clone() }
            }
            Effect::Allow => self.actions.clone(),
            Effect::Deny => Bounds { lower: ActionSet::empty(), upper: ActionSet::empty() },
            Effect::Unknown(_) => Bounds { lower: ActionSet::empty(), upper: self.actions.upper.clone() },
        }
    }
}

/// The actions that policies allow on some resource.
fn allowed_in(policies: &[Reach<'_>]) -> Bounds {
    let (mut lower, mut upper) = (ActionSet::empty(), ActionSet::empty());
    for reach in policies {
        let granted = reach.granted_actions();
        lower.add(&granted.lower);
        upper.add(&granted.upper);
    }
    for reach in policies.iter().filter(|reach| !reach.statement.allows()) {
        lower.remove(&reach.actions.upper);
        if denies_everywhere(reach.statement) {
            upper.remove(&reach.actions.lower);
        }
    }
    Bounds { lower, upper }
}

fn judge_in(policies: &[Reach<'_>], action: Action, resource: Option<&Text>) -> Allowed {
    let mut answer = Allowed { definite: false, possible: false, denied: false, unknown: None };
    let mut may_be_denied = false;
    for reach in policies {
        let statement = reach.statement;
        if !reach.actions.upper.contains(action) {
            continue;
        }
        let on = resource.map_or(Overlap { all: true, some: true }, |resource| overlap(statement, resource));
        let certain = reach.actions.lower.contains(action) && on.all && !statement.is_conditional();
        match statement.effect {
            Effect::Allow => {
                answer.definite |= certain;
                answer.possible |= on.some;
            }
            Effect::Deny => {
                may_be_denied |= on.some;
                answer.denied |= certain && (resource.is_some() || denies_everywhere(statement));
            }
            Effect::Unknown(_) => {
                answer.possible |= on.some;
                may_be_denied |= on.some;
            }
        }
    }
    answer.definite &= !may_be_denied;
    answer.possible &= !answer.denied;
    answer
}

/// Whether a denial leaves nothing over: without condition, on every resource.
fn denies_everywhere(statement: &Statement) -> bool {
    let all = |text: &Text| text.lower().is_some_and(|pattern| super::glob::is_all(&pattern));
    statement.denies() && !statement.is_conditional() && !statement.not_resource && statement.resources.iter().any(all)
}

/// How a statement's resources and the resource asked for meet.
struct Overlap {
    /// Everything that was asked for is covered for certain.
    all: bool,
    /// Something of it may be covered.
    some: bool,
}

fn overlap(statement: &Statement, resource: &Text) -> Overlap {
    let certain = statement.resources.iter().filter(|text| text.possible.is_none());
    let opaque: Vec<String> = certain.map(Text::opaque).collect();
    let upper: Vec<String> = statement.resources.iter().map(Text::upper).collect();
    let wanted = (resource.opaque(), resource.upper());
    let opaque: Vec<&str> = opaque.iter().map(String::as_str).collect();
    let upper: Vec<&str> = upper.iter().map(String::as_str).collect();
    if !statement.not_resource {
        return Overlap {
            all: pattern::includes(&opaque, &[&wanted.0]) == Ok(true),
            some: pattern::intersects(&upper, &[&wanted.1]) != Ok(false),
        };
    }
    Overlap {
        all: pattern::intersects(&upper, &[&wanted.1]) == Ok(false),
        some: pattern::includes(&opaque, &[&wanted.0]) != Ok(true),
    }
}

#[cfg(test)]
mod tests;
