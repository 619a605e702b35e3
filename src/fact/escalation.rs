//! Questions about principals: has one a known way from its rights to more?

use super::listed::some;
use super::principals::{Goal, Kind, To, Way, World, ways};
use super::types::ESCALATION;
use crate::iam::escalation::Target;
use crate::iam::statement::Statement;
use crate::model::{Entity, Presence, Project, Question, Read, Remark, Verb};
use crate::source::Span;
use crate::syntax::{Unknown, UnknownKind};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What the questions say, for those beside them.
#[derive(Debug, Default)]
pub(super) struct Spoken {
    /// The statements of ways that are certain.
    statements: HashSet<Span>,
    /// The principals that can give themselves every right for certain.
    pub(super) sovereign: BTreeSet<usize>,
}

impl Spoken {
    /// Whether a certain way rests on a statement.
    pub(super) fn of(&self, statement: &Statement) -> bool {
        self.statements.contains(&statement.span)
    }
}

/// The questions about the principals of a project, one for each that has a way or of which that cannot be told.
pub(super) fn questions(project: &Project, world: &World<'_>) -> (Vec<Question>, Spoken) {
    let mut spoken = Spoken::default();
    let mut by_principal: BTreeMap<usize, Question> = BTreeMap::new();
    let mut of_groups: BTreeMap<usize, BTreeSet<&'static str>> = BTreeMap::new();
    // What a group's policies give is said of the group, and of its members no more.
    let mut order: Vec<usize> = (0..world.principals.len()).collect();
    order.sort_by_key(|index| (world.principals[*index].kind != Kind::Group, *index));
    for who in order {
        let principal = &world.principals[who];
        // Who is an administrator already is another rule's, and has nothing to gain; what a service does by itself is
        // nobody's to use.
        if principal.wide || world.is_configured(who) {
            continue;
        }
        let said: BTreeSet<&str> =
            principal.groups.iter().filter_map(|group| of_groups.get(group)).flatten().copied().collect();
        let found = ways(world, who, Goal::Gain);
        let found: Vec<_> = found.into_iter().filter(|(technique, _)| !said.contains(technique.name)).collect();
        // Policies of AWS for one service's own use are as narrow as can be had.
        let of_service = |way: &Way| way.may.sites.iter().all(|(span, _)| principal.is_of_service(*span));
        let mut list: Vec<Way> = found.iter().flat_map(|(_, found)| found.ways.clone()).collect();
        list.retain(|way| way.may.sites.is_empty() || !of_service(way));
        list.sort_by_key(|way| (way.may.doubt.is_some(), is_bounded(world, who, way), way.to != To::Everything));
        of_groups.insert(who, list.iter().map(|way| way.technique.name).collect());
        for way in list.iter().filter(|way| way.may.doubt.is_none() && principal.kind != Kind::Bearer) {
            spoken.statements.extend(way.may.sites.iter().map(|(span, _)| *span));
            if way.to == To::Everything {
                spoken.sovereign.insert(who);
            }
        }
        let unseen = found.iter().find_map(|(technique, found)| Some((technique.name, found.unseen.clone()?)));
        let question = match (list.as_slice(), unseen) {
            ([], None) => principal.unknown.as_ref().map(|reason| open(project, world, who, "its policies", reason)),
            ([], Some((technique, reason))) => Some(open(project, world, who, technique, &reason)),
            (list, _) => Some(asked(project, world, who, list)),
        };
        if let Some(question) = question {
            by_principal.insert(who, question);
        }
    }
    (by_principal.into_values().collect(), spoken)
}

/// The question about a principal that has ways, the gravest first.
fn asked(project: &Project, world: &World<'_>, who: usize, ways: &[Way]) -> Question {
    let principal = &world.principals[who];
    let Some(gravest) = ways.first() else { return blank(project, world, who) };
    let names: Vec<String> = ways.iter().map(|way| way.technique.name.to_owned()).collect();
    let mut entity = Entity::new(&ESCALATION, principal.title.clone());
    entity.put("holder", Read::default(principal.title.clone()));
    entity.put("techniques", Read::default(some(&names)));
    entity.put("count", Read::default(i64::try_from(names.len()).unwrap_or(i64::MAX)));
    entity.put("how", Read::default(gravest.technique.how));
    entity.put("gains", Read::default(gains(world, gravest)));
    entity.put("bounded", Read::default(is_bounded(world, who, gravest)));
    let (span, _) = gravest.may.sites.first().cloned().unwrap_or((principal.resource.span, String::new()));
    entity.put("escalates", Read::at(true, span));
    let doubt = gravest.may.doubt.clone();
    let bearer = (principal.kind == Kind::Bearer).then(|| "who holds the policy is not in the project".to_owned());
    let behind = doubt.or(bearer).map_or(Presence::Always, |reason| Presence::Possible(reason.into()));
    let blank = blank(project, world, who);
    Question {
        alternatives: vec![entity],
        span,
        presence: blank.presence.and(&behind),
        flow: flow(world, who, gravest),
        ..blank
    }
}

/// Whether a way is what somebody wrote down on purpose and no more: its first statement names the role or thing in full,
/// and what is gained by it is bounded.
fn is_bounded(world: &World<'_>, who: usize, way: &Way) -> bool {
    let To::Principal(other) = way.to else { return false };
    let over = matches!(way.technique.target, Target::Pass(_) | Target::On(_));
    let first = way.may.sites.first().is_some_and(|(span, _)| world.principals[who].names_in_full(*span));
    over && first && world.is_bounded(other, who)
}

/// What the way leads to.
fn gains(world: &World<'_>, way: &Way) -> String {
    match way.to {
        To::Everything if way.gain.is_none() => "every right".to_owned(),
        To::Principal(other) if world.principals.get(other).is_some_and(|other| other.wide) => {
            format!("every right, by {}", world.principals[other].title)
        }
        To::Principal(other) => match &way.gain {
            Some((action, _)) => format!("the rights of {}, {action} among them", world.principals[other].title),
            None => format!("the rights of {}", world.principals[other].title),
        },
        To::Everything => {
            way.gain.as_ref().map(|(action, _)| format!("more rights, {action} among them")).unwrap_or_default()
        }
    }
}

fn flow(world: &World<'_>, who: usize, way: &Way) -> Vec<Remark> {
    let principal = &world.principals[who];
    let mut flow = vec![Remark { span: principal.resource.span, text: principal.title.clone() }];
    let own = |said: &str| if said.contains(':') { format!("it allows {said}") } else { said.to_owned() };
    flow.extend(way.may.sites.iter().map(|(span, said)| Remark { span: *span, text: own(said) }));
    flow.extend(way.over.iter().map(|(span, said)| Remark { span: *span, text: said.clone() }));
    if let To::Principal(other) = way.to {
        let other = &world.principals[other];
        flow.push(Remark { span: other.resource.span, text: other.title.clone() });
    }
    flow.extend(way.gain.iter().map(|(action, span)| Remark { span: *span, text: format!("which allows {action}") }));
    flow
}

/// The question about a principal of which it cannot be told whether it has a way.
fn open(project: &Project, world: &World<'_>, who: usize, technique: &str, reason: &str) -> Question {
    let mut entity = Entity::new(&ESCALATION, world.principals[who].title.clone());
    let reason = Unknown::new(UnknownKind::Other, format!("{technique}: {reason}"));
    entity.put("escalates", Read::<bool>::unknown(reason, None));
    Question { alternatives: vec![entity], ..blank(project, world, who) }
}

fn blank(project: &Project, world: &World<'_>, who: usize) -> Question {
    let resource = world.principals[who].resource;
    let detail = format!("{}:escalation", project.local_id(resource));
    Question { verb: Verb::Grant, detail, ..super::deploy::blank(project, resource) }
}
