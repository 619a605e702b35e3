//! May a principal do one action on something, and which statements say so?

use super::found::{May, Relevant};
use super::settle;
use super::world::{Boundary, Principal, World};
use crate::iam::document::Document;
use crate::iam::evaluate::{Context, Policies, Reach, Request as Asked, Wanted, decide, reach};
use crate::iam::glob;
use crate::iam::statement::{Effect, Statement};
use crate::iam::text::{self, Text};
use crate::source::Span;
use crate::syntax::Part;
use std::rc::Rc;

/// What is asked.
#[derive(Clone, Copy)]
pub(in crate::fact) struct Request<'r> {
    /// The action.
    pub(in crate::fact) action: &'r str,
    /// On what.
    pub(in crate::fact) on: &'r Text,
    /// What is known of the request.
    pub(in crate::fact) context: &'r Context,
    /// The policy of the resource: a role's trust.
    pub(in crate::fact) resource: Option<&'r Document>,
}

impl World<'_> {
    /// Whether a principal may; `None` is a proof that it may not.
    pub(in crate::fact) fn may(&self, who: usize, request: Request<'_>) -> Option<May> {
        let principal = self.principals.get(who).filter(|_| self.may_match(who, request))?;
        let relevant = self.relevant(who, request.action);
        let mut policies = relevant.policies(request.resource);
        // A name that is not written is first taken for one that no pattern is made for.
        let itself = settle::itself(request.on);
        let wanted =
            |resource| Wanted { caller: &principal.caller, action: request.action, resource, context: request.context };
        let (mut on, mut reached) = (&itself, reach(&policies, &wanted(&itself)));
        let exact: Document;
        if reached.reach == Reach::No && itself.parts != request.on.parts && !self.is_denied(who, request, &itself) {
            let plain = |text: &Text| {
                let shape = text.shape();
                text.has_known_shape() && (!glob::has_wildcard(&shape) || text::has_token(&settle::name(text)))
            };
            exact = principal.exact(request.action, &plain);
            policies.identity.push(&exact);
            on = request.on;
            reached = reach(&policies, &wanted(on));
            reached.reach = reached.reach.min(Reach::Possible);
        }
        if reached.reach == Reach::No {
            return None;
        }
        let wanted = wanted(on);
        let (found, sites) = sites(&relevant, request, &wanted);
        let unknown = || reached.unknown.as_ref().map(ToString::to_string);
        let doubt = match (reached.reach, &principal.boundary) {
            (Reach::Definite, Boundary::Unknown(reason)) => Some(reason.clone()),
            // A policy that is not known may deny what others allow.
            (Reach::Definite, _) => principal.unknown.clone(),
            _ => Some(unknown().or_else(|| found.and_then(why)).unwrap_or_else(|| "a denial may apply".to_owned())),
        };
        Some(May { doubt, open: None, sites })
    }

    /// How a principal may do an action on whatever there is of a kind, where its statements tell none of them apart.
    ///
    /// `start` is what the ARNs begin with.
    pub(super) fn may_on_any(
        &self,
        who: usize,
        (action, start): (&str, &str),
        context: &Context,
        resource: Option<&Document>,
    ) -> Option<May> {
        let principal = self.principals.get(who)?;
        let relevant = self.relevant(who, action);
        let bounded = !matches!(principal.boundary, Boundary::None);
        if bounded || relevant.statements().any(|one| !one.allows()) {
            return None;
        }
        // No pattern matches it but one that matches every name.
        let nobody = Text::literal(format!("{start}{}", "\u{2}".repeat(80)), principal.resource.span);
        let may = self.may(who, Request { action, on: &nobody, context, resource })?;
        may.is_certain().then_some(may)
    }

    /// Whether some statement may allow it on a resource that is known by its ARN.
    pub(super) fn may_match(&self, who: usize, request: Request<'_>) -> bool {
        let Some(on) = request.on.as_literal() else { return true };
        let matches = |text: &Text| glob::matches(&text.upper(), on) || text::has_token(on);
        let about = |one: &Statement| !one.denies() && (one.not_resource || one.resources.iter().any(matches));
        let relevant = self.relevant(who, request.action);
        request.resource.is_some()
            || on.contains('*')
            || !relevant.unknown.is_empty()
            || relevant.statements().any(about)
    }

    /// What of a principal's policies is about an action.
    fn relevant(&self, who: usize, action: &str) -> Rc<Relevant> {
        let key = (who, action.to_owned());
        if let Some(known) = self.relevant.borrow().get(&key) {
            return known.clone();
        }
        let mut found = Relevant::default();
        if let Some(principal) = self.principals.get(who) {
            for document in principal.held.iter().map(|held| &held.document) {
                let about = document.statements.iter().filter(|statement| covers(statement, action));
                let guessed = |statement: &Statement| self.with_guesses(alone(statement, document));
                found.identity.extend(about.map(guessed));
                found.unknown.extend(document.unknown.iter().cloned());
            }
            if !found.unknown.is_empty() {
                found.identity.push(Document { unknown: found.unknown.clone(), ..Document::default() });
            }
            found.boundary = principal.boundary.document().map(|document| Document {
                statements: document.statements.iter().filter(|statement| covers(statement, action)).cloned().collect(),
                ..document.clone()
            });
        }
        let found = Rc::new(found);
        self.relevant.borrow_mut().insert(key, found.clone());
        found
    }

    /// A policy whose texts hang on what was guessed.
    fn with_guesses(&self, mut policy: Document) -> Document {
        if !self.guessed.is_empty() {
            for text in policy.statements.iter_mut().flat_map(|statement| &mut statement.resources) {
                if text.possible.is_none() {
                    text.possible = self.guessed.get(&text.span).filter(|_| text.as_literal().is_some()).cloned();
                }
            }
        }
        policy
    }

    /// Whether a statement denies it, whatever the name will be.
    fn is_denied(&self, who: usize, request: Request<'_>, on: &Text) -> bool {
        let Some(principal) = self.principals.get(who) else { return false };
        let relevant = self.relevant(who, request.action);
        let policies = relevant.policies(request.resource);
        let name = on.opaque();
        let (caller, context) = (principal.caller.clone(), request.context.clone());
        decide(&policies, &Asked::within(caller, request.action, &name, context)).explicit
    }

    /// Whether a principal may, on something that the project does not hold.
    pub(super) fn may_beyond(&self, who: usize, request: Request<'_>) -> bool {
        let Some(principal) = self.principals.get(who).filter(|_| !self.whole) else { return false };
        let own = |text: &Text| self.holds(&settle::name(text));
        let held = principal.exact(request.action, &own);
        let relevant = self.relevant(who, request.action);
        let mut policies = relevant.policies(request.resource);
        policies.identity.push(&held);
        let (action, resource, context) = (request.action, request.on, request.context);
        reach(&policies, &Wanted { caller: &principal.caller, action, resource, context }).reach != Reach::No
    }
}

impl Relevant {
    fn policies<'r>(&'r self, resource: Option<&'r Document>) -> Policies<'r> {
        let (identity, boundary) = (self.identity.iter().collect(), self.boundary.as_ref());
        Policies { identity, boundary, resource, ..Policies::default() }
    }

    fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.identity.iter().flat_map(|document| &document.statements)
    }
}

/// The first statement that allows it for certain, else the first that may; and where it stands.
fn sites<'r>(
    relevant: &'r Relevant,
    request: Request<'_>,
    wanted: &Wanted<'_>,
) -> (Option<&'r Statement>, Vec<(Span, String)>) {
    let mut best: Option<(&Statement, Reach)> = None;
    for only in &relevant.identity {
        let Some(statement) = only.statements.first().filter(|statement| !statement.denies()) else { continue };
        if best.is_some_and(|(_, reach)| reach == Reach::Definite) {
            break;
        }
        // A role's trust must name the account for the statement to count.
        let policies = Policies { identity: vec![only], resource: request.resource, ..Policies::default() };
        let reached = reach(&policies, wanted).reach;
        if best.is_none_or(|(_, before)| before < reached) && reached != Reach::No {
            best = Some((statement, reached));
        }
    }
    let mut sites: Vec<(Span, String)> =
        best.iter().map(|(statement, _)| (statement.span, request.action.to_owned())).collect();
    if let Some(trust) = request.resource {
        let allowing: Vec<&Statement> = trust.statements.iter().filter(|statement| statement.allows()).collect();
        let lets_in = |statement: &&&Statement| {
            let only = alone(statement, trust);
            allowing.len() == 1 || reach(&relevant.policies(Some(&only)), wanted).reach != Reach::No
        };
        let found = allowing.iter().find(lets_in);
        sites.extend(found.map(|statement| (statement.span, "the role's trust".to_owned())));
    }
    (best.map(|(statement, _)| statement), sites)
}

impl Principal<'_> {
    /// A denial of some of what its statements on an action name, and of itself: what is asked about is none of these.
    fn exact(&self, action: &str, some: &dyn Fn(&Text) -> bool) -> Document {
        let statements = self.allowing().map(|(_, statement)| statement);
        let statements = statements.filter(|one| !one.not_resource && covers(one, action));
        let texts = statements.flat_map(|statement| &statement.resources);
        let whole = |text: &&Text| {
            some(text) && !text.parts.iter().any(|part| matches!(part, Part::Literal(it) if it.contains("${")))
        };
        // In whatever region.
        let named = |text: &Text| Text::literal(text.upper(), text.span);
        let resources: Vec<Text> = texts.filter(whole).map(named).chain([settle::itself(&self.arn)]).collect();
        let span = self.resource.span;
        let actions = vec![Text::literal("*", span)];
        Document { statements: vec![Statement::plain(Effect::Deny, actions, resources, span)], ..Document::default() }
    }
}

/// Whether a statement may be about an action.
pub(super) fn covers(statement: &Statement, action: &str) -> bool {
    let names = |text: &Text| {
        let pattern = text.upper();
        glob::is_all(&pattern) || glob::matches_ignoring_case(&pattern, action)
    };
    statement.not_action || statement.actions.iter().any(names)
}

/// A policy of one statement.
fn alone(statement: &Statement, of: &Document) -> Document {
    Document { statements: vec![statement.clone()], unknown: Vec::new(), version: of.version }
}

/// Why a statement does not allow for certain.
fn why(statement: &Statement) -> Option<String> {
    if let Some(condition) = &statement.possible {
        return Some(format!("it hangs on {condition}"));
    }
    if !statement.conditions.is_empty() {
        let mut keys: Vec<&str> = statement.conditions.iter().map(|condition| &*condition.key).collect();
        keys.dedup();
        return Some(format!("it hangs on the condition on {}", keys.join(", ")));
    }
    let texts = statement.actions.iter().chain(&statement.resources);
    let unknown = statement.unknown_conditions.clone().or_else(|| texts.clone().find_map(Text::unknown));
    let reason = unknown.map(|unknown| unknown.to_string());
    reason.or_else(|| Some("whether the names fit is known only after deployment".to_owned()))
}
