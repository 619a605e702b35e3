//! Has one principal rights that another lacks? The exact comparison of policies, over what is known of them.
//!
//! What every function and container may hold (logs, traces, network interfaces, images) is no gain.

use super::found::{Gain, Rights};
use super::settle;
use super::world::{Boundary, Kind, Principal, World};
use crate::iam::action::{AccessLevel, Action, ActionSet};
use crate::iam::condition::Condition;
use crate::iam::document::Document;
use crate::iam::grant;
use crate::iam::inclusion::{Access, new_access};
use crate::iam::plumbing::is_plumbing;
use crate::iam::statement::{Effect, Statement};
use crate::iam::text::Text;
use crate::source::Span;
use crate::syntax::{Part, Reference, Unknown, UnknownKind};
use std::rc::Rc;

/// How many other principals' policies are compared with those of one, where their actions do not tell.
const MAX_COMPARED: usize = 100;

/// A side of a comparison.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// No more than this.
    Least,
    /// At most this.
    Most,
}

impl World<'_> {
    /// What `who` gains by the rights of `other`.
    pub(in crate::fact) fn gain(&self, other: usize, who: usize) -> Gain {
        self.gain_of(other, who, false)
    }

    /// The same where the other's boundary is taken away.
    pub(super) fn gain_without_boundary(&self, other: usize, who: usize) -> Gain {
        self.gain_of(other, who, true)
    }

    /// What `who` gains when `other` is given every right: all but where the other's boundary leaves no more.
    pub(super) fn gain_by_grant(&self, other: usize, who: usize) -> Gain {
        let Some(principal) = self.principals.get(other) else { return Gain::None };
        let Boundary::Known(boundary) = &principal.boundary else {
            return Gain::Some("*".to_owned(), principal.resource.span);
        };
        let own = self.rights(who);
        difference(&bounded(&[boundary], Side::Least, false), &own.most).unwrap_or_else(|| {
            match difference(&bounded(&[boundary], Side::Most, false), &own.least) {
                None => Gain::None,
                Some(_) => Gain::Perhaps("what its boundary leaves is not known".to_owned()),
            }
        })
    }

    /// What a principal gains when its boundary is taken away.
    pub(super) fn gain_by_unbounding(&self, who: usize) -> Gain {
        let Some(principal) = self.principals.get(who) else { return Gain::None };
        match &principal.boundary {
            Boundary::None => Gain::None,
            Boundary::Unknown(reason) => Gain::Perhaps(reason.clone()),
            Boundary::Known(boundary) => {
                let own = self.rights(who);
                difference(&own.least, &bounded(&[boundary], Side::Most, false)).unwrap_or_else(|| {
                    match difference(&own.most, &bounded(&[boundary], Side::Least, false)) {
                        None => Gain::None,
                        Some(_) => Gain::Perhaps("what it could do without its boundary is not known".to_owned()),
                    }
                })
            }
        }
    }

    /// What a principal gains by an older version of one of its policies.
    pub(super) fn gain_by_version(&self, who: usize, version: &Document) -> Gain {
        let own = self.rights(who);
        difference(&bounded(&[version], Side::Least, true), &own.most).unwrap_or_else(|| {
            match difference(&bounded(&[version], Side::Most, true), &own.least) {
                None => Gain::None,
                Some(_) => Gain::Perhaps("what an older version gives is not known".to_owned()),
            }
        })
    }

    /// Whether what `who` gains by the rights of `other` is bounded: no whole service on every resource, no permissions to
    /// change, nobody's place to take.
    pub(in crate::fact) fn is_bounded(&self, other: usize, who: usize) -> bool {
        let Some(target) = self.principals.get(other) else { return false };
        let mine = self.rights(who);
        let grave = |statement: &Statement| {
            let mut actions = without_plumbing(statement).actions().upper;
            actions.remove(&mine.possible);
            let whole = || grant::whole_services(statement).map_or(true, |services| !services.is_empty());
            let everywhere = grant::allows_all_resources(statement) != Ok(false);
            !actions.is_empty() && everywhere && (statement.not_action || whole())
                || actions.iter().any(|action| match action.access_level() {
                    AccessLevel::PermissionsManagement => true,
                    AccessLevel::Write => matches!(action.service(), "iam" | "sts"),
                    _ => false,
                })
        };
        !target.wide && target.unknown.is_none() && !target.allowing().any(|(_, statement)| grave(statement))
    }

    /// Principals, those with most rights first: a way over one of them is found soonest and says most.
    pub(super) fn by_rights(&self) -> &[usize] {
        self.gains.order.get_or_init(|| {
            let mut order: Vec<usize> = (0..self.principals.len()).collect();
            order.sort_by_cached_key(|index| {
                let rights = self.rights(*index);
                (!rights.everything, std::cmp::Reverse(rights.sure.count()), *index)
            });
            order
        })
    }

    /// The same as `who` tries them: first those whose actions alone say that they have more, which needs no comparison
    /// of policies.
    pub(super) fn by_gain(&self, who: usize) -> Rc<[usize]> {
        if let Some((of, known)) = &*self.gains.order_of.borrow()
            && *of == who
        {
            return known.clone();
        }
        let (more, rest): (Vec<usize>, Vec<usize>) =
            self.by_rights().iter().partition(|other| self.more_actions(**other, who).is_some());
        let order: Rc<[usize]> = more.into_iter().chain(rest).collect();
        *self.gains.order_of.borrow_mut() = Some((who, order.clone()));
        order
    }

    /// Whether a principal may do everything for certain.
    pub(super) fn is_administrator(&self, who: usize) -> bool {
        self.rights(who).everything
    }

    fn gain_of(&self, other: usize, who: usize, unbound: bool) -> Gain {
        let key = (other, who, unbound);
        if let Some(known) = self.gains.known.borrow().get(&key) {
            return known.clone();
        }
        let found = self.compare(other, who, unbound);
        self.gains.known.borrow_mut().insert(key, found.clone());
        found
    }

    fn compare(&self, other: usize, who: usize, unbound: bool) -> Gain {
        let (Some(theirs), Some(mine)) = (self.principals.get(other), self.principals.get(who)) else {
            return Gain::None;
        };
        let (their, my) = (self.rights(other), self.rights(who));
        if other == who && !unbound || my.everything {
            return Gain::None;
        }
        let is_bound = !unbound && !matches!(theirs.boundary, Boundary::None);
        if let Some(action) = self.more_actions(other, who).filter(|_| !is_bound) {
            return Gain::Some(action.to_string(), theirs.statement_of(action).unwrap_or(theirs.resource.span));
        }
        let compared = self.gains.compared.borrow().get(&who).copied().unwrap_or_default();
        if compared >= MAX_COMPARED {
            return Gain::Perhaps(format!(
                "the rights of more than {MAX_COMPARED} principals would have to be compared"
            ));
        }
        self.gains.compared.borrow_mut().insert(who, compared + 1);
        let my_boundary = mine.boundary.document().map(|boundary| bounded(&[boundary], Side::Most, false));
        let more = difference(&their.least, &my.most)
            .or_else(|| my_boundary.and_then(|boundary| difference(&their.least, &boundary)));
        if let Some(found @ Gain::Some(..)) = &more
            && !is_bound
        {
            return found.clone();
        }
        let by_name = || difference(&their.named.1, &my.named.0).is_none() && matches!(mine.boundary, Boundary::None);
        let within = |theirs: &Document| {
            let least = mine.boundary.document().map(|boundary| bounded(&[boundary], Side::Least, false));
            difference(theirs, &my.least).is_none()
                && !matches!(mine.boundary, Boundary::Unknown(_))
                && least.is_none_or(|boundary| difference(theirs, &boundary).is_none())
        };
        let their_boundary = theirs.boundary.document().filter(|_| is_bound);
        let limited = their_boundary.map(|boundary| bounded(&[boundary], Side::Most, true));
        let known = theirs.unknown.is_none() || !their.most.statements.is_empty();
        if known && (by_name() || within(&their.most) || limited.is_some_and(|limited| within(&limited))) {
            return match &theirs.unknown {
                None => Gain::None,
                Some(reason) => Gain::Perhaps(reason.clone()),
            };
        }
        match (more, is_bound) {
            (Some(Gain::Some(..)), true) => Gain::Perhaps(format!("what the boundary of {} leaves", theirs.title)),
            (Some(found), _) => found,
            (None, _) => {
                let reason = theirs.unknown.clone();
                let open = || format!("whether {} may do more is known only after deployment", theirs.title);
                Gain::Perhaps(reason.unwrap_or_else(open))
            }
        }
    }

    /// An action that another is allowed for certain on something, and `who` on nothing.
    pub(super) fn more_actions(&self, other: usize, who: usize) -> Option<Action> {
        let (their, my) = (self.rights(other), self.rights(who));
        their.sure.difference(&my.possible).find(|action| !action.is_stand_in())
    }

    fn rights(&self, index: usize) -> &Rights {
        self.gains.rights[index].get_or_init(|| Rights::of(&self.principals[index]))
    }
}

impl Rights {
    fn of(principal: &Principal<'_>) -> Self {
        let documents: Vec<&Document> = principal.held.iter().map(|held| &held.document).collect();
        let (mut sure, mut possible) = (ActionSet::empty(), ActionSet::empty());
        let mut denies = ActionSet::empty();
        let statements = || documents.iter().flat_map(|document| &document.statements);
        for statement in statements() {
            let actions = statement.actions();
            match (&statement.effect, is_sure(statement)) {
                (Effect::Allow, true) => {
                    sure.add(&without_plumbing(statement).actions().lower);
                    possible.add(&actions.upper);
                }
                (Effect::Allow, false) => possible.add(&actions.upper),
                (Effect::Deny, _) => denies.add(&actions.upper),
                (Effect::Unknown(_), _) => {
                    possible.add(&actions.upper);
                    denies.add(&actions.upper);
                }
            }
        }
        if documents.iter().any(|document| !document.unknown.is_empty()) {
            possible = ActionSet::all();
        }
        let free = matches!(principal.boundary, Boundary::None) && denies.is_empty();
        let whole = |statement: &Statement| {
            statement.allows()
                && !statement.is_conditional()
                && grant::allows_all_actions(statement) == Ok(true)
                && grant::allows_all_resources(statement) == Ok(true)
        };
        sure.remove(&denies);
        Self {
            sure: sure.packed(),
            possible,
            everything: free && principal.kind != Kind::Bearer && statements().any(whole),
            least: bounded(&documents, Side::Least, true),
            most: bounded(&documents, Side::Most, true),
            named: (named(principal, Side::Least), named(principal, Side::Most)),
        }
    }
}

impl Principal<'_> {
    /// The first statement that allows an action for certain.
    fn statement_of(&self, action: Action) -> Option<Span> {
        let mut statements = self.allowing().map(|(_, statement)| statement);
        statements
            .find(|statement| is_sure(statement) && statement.actions().lower.contains(action))
            .map(|one| one.span)
    }
}

/// Something that the one document allows and the other does not; `None` proves that there is nothing.
fn difference(new: &Document, old: &Document) -> Option<Gain> {
    match new_access(new, old) {
        Access::None => None,
        Access::Found(witness) => Some(Gain::Some(witness.action, witness.statement.span)),
        Access::Unknown(reason) => Some(Gain::Perhaps(reason.to_string())),
    }
}

/// Whether nothing decides if it applies, and it is about something for certain.
fn is_sure(statement: &Statement) -> bool {
    let about = statement.not_resource || statement.resources.iter().any(|text| text.possible.is_none());
    !statement.is_conditional() && about
}

/// The statements as one document of which everything is known: no more than what they say, or at most that.
fn bounded(documents: &[&Document], side: Side, of_use: bool) -> Document {
    rewrite(documents, side, of_use, &|text, wide| match (open(text), wide) {
        (false, _) => Some(plain(text)),
        (true, true) => Some(Text::literal(text.upper(), text.span)),
        (true, false) => None,
    })
}

/// What a principal's policies say with what is not known as a name that is equal to itself, within one module or stack:
/// in another one the same words may stand for another value.
fn named(principal: &Principal<'_>, side: Side) -> Document {
    let mut whole = Document::default();
    for held in &principal.held {
        let module = module_of(&held.written_in.unwrap_or(principal.resource).id);
        let put = |text: &Text, wide: bool| (wide || text.possible.is_none()).then(|| named_in(module, text));
        whole.statements.extend(rewrite(&[&held.document], side, true, &put).statements);
    }
    whole
}

/// The module, nested stack or stack of an assembly that a resource is in, by its id.
fn module_of(id: &str) -> &str {
    let end = |at: usize| {
        let mut depth = 0_usize;
        let is_end = |letter: char| {
            match letter {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            letter == '.' && depth == 0
        };
        id.get(at..).and_then(|rest| rest.find(is_end)).map(|length| at + length)
    };
    match id.rfind("module.").and_then(|start| end(start + "module.".len())) {
        Some(end) => id.get(..end).unwrap_or_default(),
        None => id.rsplit_once('/').map_or("", |(stack, _)| stack),
    }
}

/// How a text is put; the flag says whether it may match more than it does, else less.
type Put<'p> = &'p dyn Fn(&Text, bool) -> Option<Text>;

fn rewrite(documents: &[&Document], side: Side, of_use: bool, put: Put<'_>) -> Document {
    let mut whole = Document::default();
    for statement in documents.iter().flat_map(|document| &document.statements) {
        let of_use = if of_use && !statement.denies() { without_plumbing(statement) } else { statement.clone() };
        let effects: &[Effect] = match &statement.effect {
            Effect::Unknown(_) if side == Side::Most => &[Effect::Allow],
            Effect::Unknown(_) => &[Effect::Deny],
            Effect::Allow => &[Effect::Allow],
            Effect::Deny => &[Effect::Deny],
        };
        for effect in effects {
            // What allows is widened for the most that may be, what denies for the least.
            let wide = (side == Side::Most) == (*effect == Effect::Allow);
            whole.statements.extend(put_statement(&of_use, effect, wide, put));
        }
    }
    whole
}

fn put_statement(statement: &Statement, effect: &Effect, wide: bool, put: Put<'_>) -> Option<Statement> {
    if !wide && (statement.possible.is_some() || statement.unknown_conditions.is_some()) {
        return None;
    }
    let texts = |texts: &[Text], excepted: bool| -> Vec<Text> {
        texts.iter().filter_map(|text| put(text, wide != excepted)).collect()
    };
    let actions = texts(&statement.actions, statement.not_action);
    let resources = texts(&statement.resources, statement.not_resource);
    let lost = |before: &[Text], after: &[Text], excepted: bool| !excepted && !before.is_empty() && after.is_empty();
    if actions.is_empty() && !statement.not_action || lost(&statement.resources, &resources, statement.not_resource) {
        return None;
    }
    let mut conditions: Vec<Condition> = Vec::new();
    for condition in &statement.conditions {
        if condition.values.iter().any(open) {
            if wide { continue } else { return None }
        }
        let values = condition.values.iter().map(plain).collect();
        conditions.push(Condition { values, ..condition.clone() });
    }
    Some(Statement {
        effect: effect.clone(),
        actions,
        resources,
        conditions,
        unknown_conditions: None,
        possible: None,
        ..statement.clone()
    })
}

/// Whether something in it is not known: what every deployment gives a name of its own is.
fn open(text: &Text) -> bool {
    let unknown = |part: &Part| matches!(part, Part::Unknown(unknown) if unknown.kind != UnknownKind::Pseudo);
    text.possible.is_some() || text.parts.iter().any(unknown)
}

/// The text with each part that is not literal as a name of its own; policy variables stay.
fn plain(text: &Text) -> Text {
    named_in("", text)
}

/// The same with names for one module of what is not known.
fn named_in(module: &str, text: &Text) -> Text {
    let part = |part: &Part| match part {
        Part::Literal(literal) => literal.to_string(),
        Part::Unknown(unknown) => match settle::stand_in(&named_by(module, unknown)) {
            Part::Literal(name) => name.to_string(),
            _ => String::new(),
        },
        Part::Reference(reference) => match settle::stand_in(reference) {
            Part::Literal(name) => name.to_string(),
            _ => String::new(),
        },
    };
    Text::literal(text.parts.iter().map(part).collect::<String>(), text.span)
}

/// What is not known, as if it were a resource of that name.
fn named_by(module: &str, unknown: &Unknown) -> Reference {
    // A pseudo parameter is the same in every part of a project.
    let module = if unknown.kind == UnknownKind::Pseudo { "" } else { module };
    Reference { resource: unknown.what.clone(), attribute: format!("(unknown) {module}").into() }
}

/// Whether the action is one by which a container's image is fetched.
fn pulls_images(action: &str) -> bool {
    let pulls = ["GetAuthorizationToken", "BatchCheckLayerAvailability", "GetDownloadUrlForLayer", "BatchGetImage"];
    let name = action.split_once(':').filter(|(service, _)| service.eq_ignore_ascii_case("ecr"));
    name.is_some_and(|(_, name)| pulls.iter().any(|pull| pull.eq_ignore_ascii_case(name)))
}

/// The statement without the actions that every function may hold.
fn without_plumbing(statement: &Statement) -> Statement {
    if statement.not_action {
        return statement.clone();
    }
    let mut left = statement.clone();
    left.actions.retain(|text| text.as_literal().is_none_or(|action| !is_plumbing(action) && !pulls_images(action)));
    left
}
