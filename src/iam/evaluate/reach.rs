//! May a principal do an action on some resource of a pattern?

use super::caller::{Caller, CallerKind};
use super::context::Context;
use super::layers::{self, Layer, Policies, Standing};
use super::render::{Reading, Rendered, Wildcards, render};
use super::resources::{Resources, find};
use super::truth::Truth;
use crate::iam::document::Document;
use crate::iam::pattern::{self, Glob};
use crate::iam::statement::{Effect, Statement};
use crate::iam::text::{self, Text};
use crate::syntax::{Unknown, UnknownKind};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// For what, `iam:PassRole`.
    pub action: &'a str,
    /// On which resources: an ARN, a pattern, or a text that is known in part (`${Role.Arn}`).
    pub resource: &'a Text,
    /// What is known of the request (`iam:PassedToService`); the rest may be anything.
    pub context: &'a Context,
}

/// How far a principal comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// There is no such resource: a proof.
    No,
    /// There may be one: it hangs on conditions, or on what is not known.
    Possible,
    /// There is one, whatever is not known.
    Definite,
}

/// The answer to [`reach`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// How far.
    pub reach: Reach,
    /// A resource that is reached, or may be; parts that are not known stand in it as they may.
    pub witness: Option<String>,
    /// Why it is not known for certain, where a policy is not known in full or a bound was reached.
    pub unknown: Option<Unknown>,
}

/// Whether the principal may do the action on some resource that the pattern matches.
///
/// *Definite* takes statements that allow for certain and leaves out what any statement might deny; *No* takes every
/// statement that might allow and leaves out only what is denied for certain.
pub fn reach(policies: &Policies<'_>, wanted: &Wanted<'_>) -> Reached {
    let mut context = wanted.context.clone();
    wanted.caller.imply(&mut context);
    let shown = wanted.resource.upper();
    if let Some(account) = layers::account_of(&shown) {
        context.imply("aws:ResourceAccount", vec![account.into()]);
    }
    let standing = Standing::of(wanted.caller, wanted.action, &shown, &context);
    let asked = Asked { policies, wanted, context: &context, standing };
    let unknown = policies.all().find_map(|(_, document)| layers::unknown_in(document));
    let limit = || Unknown::new(UnknownKind::Limit, "the comparison of resources");
    let (possible, certain) = (asked.search(Side::Upper), asked.search(Side::Lower));
    match (possible, certain) {
        (_, Ok(Some(witness))) if unknown.is_none() => {
            Reached { reach: Reach::Definite, witness: Some(witness), unknown: None }
        }
        (Ok(None), _) if unknown.is_none() => Reached { reach: Reach::No, witness: None, unknown: None },
        (Ok(witness), _) => Reached { reach: Reach::Possible, witness, unknown },
        (Err(_), _) => Reached { reach: Reach::Possible, witness: None, unknown: Some(unknown.unwrap_or_else(limit)) },
    }
}

struct Asked<'a> {
    policies: &'a Policies<'a>,
    wanted: &'a Wanted<'a>,
    context: &'a Context,
    standing: Standing,
}

/// Which bound is sought.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Everything that may be allowed.
    Upper,
    /// Only what is allowed for certain.
    Lower,
}

/// By which of the caller's names a resource policy lets him in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Direct,
    Role,
    Account,
}

impl Asked<'_> {
    fn search(&self, side: Side) -> Result<Option<String>, pattern::TooLarge> {
        let pattern = self.wanted_glob(side);
        let denied = self.denied(side);
        let pattern = [Resources::of(vec![pattern])];
        let identity = self.allowed_by(Layer::Identity, None, side);
        let boundary = self.allowed_by(Layer::Boundary, None, side);
        let session = self.allowed_by(Layer::Session, None, side);
        let controls: Vec<Vec<Resources>> = (0..self.policies.scp.len())
            .map(|level| self.allowed_by(Layer::ServiceControl(level), None, side))
            .collect();
        let by = |name: Name| self.allowed_by(Layer::Resource, Some(name), side);
        let (direct, role, account) = (by(Name::Direct), by(Name::Role), by(Name::Account));
        let named = [direct.clone(), role.clone(), account.clone()].concat();
        let limits = [boundary.as_slice(), session.as_slice()];
        let own = [identity.as_slice(), limits[0], limits[1]];
        let ways: Vec<Vec<&[Resources]>> = match self.standing {
            Standing::Inside => vec![own.to_vec(), vec![&direct], vec![&role, limits[0], limits[1]]],
            Standing::InsideByGrant => {
                vec![vec![&direct], vec![&role, limits[0], limits[1]], [&[account.as_slice()][..], &own].concat()]
            }
            Standing::Outside => vec![[&[named.as_slice()][..], &own].concat()],
            Standing::Stranger => vec![vec![&direct]],
        };
        let mut too_large = None;
        for way in ways {
            let controls = controls.iter().map(Vec::as_slice);
            let layers: Vec<&[Resources]> = [pattern.as_slice()].into_iter().chain(way).chain(controls).collect();
            match find(&layers, &denied) {
                Ok(None) => {}
                // What a token stands for may be what a statement denies.
                Ok(Some(found)) if side == Side::Lower && text::has_token(&found) && self.may_be_denied(&denied)? => {}
                Ok(found) => return Ok(found.map(|found| text::without_tokens(&found))),
                Err(error) => too_large = Some(error),
            }
        }
        too_large.map_or(Ok(None), Err)
    }

    fn asks_the_resource(&self) -> bool {
        self.standing.asks_the_resource(self.wanted.action, &self.wanted.resource.upper())
    }

    /// The wanted resources: at most for the upper bound; for the lower one each unknown part as a token of its own.
    fn wanted_glob(&self, side: Side) -> Glob {
        match side {
            Side::Upper => Glob::pattern(&self.wanted.resource.upper()),
            Side::Lower => Glob::pattern(&self.wanted.resource.opaque()),
        }
    }

    /// Whether a denial may meet the wanted resources: then tokens prove nothing.
    fn may_be_denied(&self, denied: &[Resources]) -> Result<bool, pattern::TooLarge> {
        let pattern = [Resources::of(vec![Glob::pattern(&self.wanted.resource.upper())])];
        find(&[&pattern, denied], &[]).map(|found| found.is_some())
    }

    /// What the statements of a layer allow; a layer that does not hold, or is not there, allows everything.
    fn allowed_by(&self, layer: Layer, name: Option<Name>, side: Side) -> Vec<Resources> {
        let caller = self.wanted.caller;
        let there = self.policies.all().any(|(own, _)| own == layer);
        match layer {
            Layer::Identity if caller.kind == CallerKind::Root => return vec![Resources::all()],
            Layer::Boundary | Layer::Session | Layer::ServiceControl(_) if !there || !layer.holds_for(caller) => {
                return vec![Resources::all()];
            }
            Layer::Resource if !there && side == Side::Upper && self.asks_the_resource() => {
                return if name == Some(Name::Account) { vec![Resources::all()] } else { Vec::new() };
            }
            _ => {}
        }
        let mut found = Vec::new();
        for (_, document) in self.policies.all().filter(|(own, _)| *own == layer && own.holds_for(caller)) {
            if side == Side::Upper && layers::unknown_in(document).is_some() {
                return vec![Resources::all()];
            }
            for statement in &document.statements {
                let applies = self.applies(document, statement, &Effect::Allow).and(self.named(statement, name));
                if holds(&applies, side) {
                    found.push(self.resources(document, statement, side));
                }
            }
        }
        found
    }

    /// What may be denied, for the lower bound, or is denied for certain, for the upper one.
    fn denied(&self, side: Side) -> Vec<Resources> {
        let opposite = if side == Side::Upper { Side::Lower } else { Side::Upper };
        let mut found = Vec::new();
        for (layer, document) in self.policies.all().filter(|(layer, _)| layer.holds_for(self.wanted.caller)) {
            for statement in &document.statements {
                let named = if layer == Layer::Resource { self.named_at_all(statement) } else { Truth::Yes };
                if holds(&self.applies(document, statement, &Effect::Deny).and(named), opposite) {
                    found.push(self.resources(document, statement, opposite));
                }
            }
        }
        found
    }

    fn applies(&self, document: &Document, statement: &Statement, effect: &Effect) -> Truth {
        layers::is_effect(statement, effect).and(layers::applies_to(
            statement,
            document,
            self.wanted.action,
            self.context,
        ))
    }

    fn named(&self, statement: &Statement, name: Option<Name>) -> Truth {
        let Some(name) = name else { return Truth::Yes };
        let named = self.wanted.caller.named_by(statement, self.policies.boundary.is_some());
        match name {
            Name::Direct => named.direct,
            Name::Role => named.role,
            Name::Account => named.account,
        }
    }

    fn named_at_all(&self, statement: &Statement) -> Truth {
        Truth::any([Name::Direct, Name::Role, Name::Account].map(|name| self.named(statement, Some(name))))
    }

    /// The resources of a statement: at most those, or at least those.
    fn resources(&self, document: &Document, statement: &Statement, side: Side) -> Resources {
        if statement.resources.is_empty() && !statement.not_resource {
            return Resources::all();
        }
        let reading =
            Reading { version: document.version, wildcards: Wildcards::Yes, context: self.context, symbolic: false };
        // An exception is at most what it leaves at least.
        let upper = (side == Side::Upper) != statement.not_resource;
        let globs = statement.resources.iter().filter_map(|text| match render(text, reading) {
            Rendered { glob, open } if open.is_empty() => glob,
            Rendered { glob, .. } if upper => glob,
            // A reference compares with itself.
            _ if text.possible.is_none() && side == Side::Lower => Some(Glob::pattern(&text.opaque())),
            _ => None,
        });
        Resources { globs: globs.collect(), except: statement.not_resource }
    }
}

fn holds(truth: &Truth, side: Side) -> bool {
    match side {
        Side::Upper => !truth.is_no(),
        Side::Lower => truth.is_yes(),
    }
}

#[cfg(test)]
mod tests;
