//! Who may become whom: every principal, every step from one to another, and how far each comes.

use super::found::May;
use super::ways::{Goal, To, ways};
use super::world::{Kind, World};
use crate::fact::link::Links;
use crate::iam::statement::{PrincipalKind, Statement};
use crate::model::{Presence, Project};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// The principals of a project and the steps between them.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// The principals, in the order of the project; behind them the services, accounts and providers that it names.
    pub members: Vec<Member>,
    /// The steps, in the order of the principals that they lead from.
    pub edges: Vec<Edge>,
    /// For each principal how far it comes.
    pub reach: Vec<Reach>,
}

/// A principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Of which kind.
    pub kind: MemberKind,
    /// Its name, as reports call it; a service's or provider's own.
    pub name: String,
    /// Where it is written.
    pub span: Option<Span>,
    /// The functions that execute with it.
    pub functions: Vec<String>,
    /// The groups that it is in.
    pub groups: Vec<String>,
    /// Whether it may do everything: then it may become whoever it likes.
    pub administrator: bool,
    /// On what it hangs whether it is there.
    pub possible: Option<String>,
    /// What cannot be told: a way, and why.
    pub unknown: Vec<(&'static str, String)>,
}

/// The kinds of principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberKind {
    /// A role.
    Role,
    /// A user.
    User,
    /// A group, for its members.
    Group,
    /// Whoever holds a policy that nobody of the project holds.
    Bearer,
    /// A service of AWS.
    Service,
    /// Another account, or a principal of one.
    Outside,
    /// An identity provider.
    Federated,
    /// Anyone.
    Anyone,
    /// Every right: what one gives oneself.
    EveryRight,
}

/// Steps from one principal to others by the same means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// From whom.
    pub from: usize,
    /// To whom, in order, each with the place that it leads over.
    pub to: Vec<(usize, Option<(Span, String)>)>,
    /// By which means; each is enough.
    pub by: Vec<Means>,
}

/// One means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Means {
    /// Its name: `sts:AssumeRole`, or one of the known ways.
    pub name: &'static str,
    /// How it is done.
    pub how: &'static str,
    /// Why it is not certain.
    pub doubt: Option<String>,
    /// The statements that give it, each with what it allows.
    pub statements: Vec<(Span, String)>,
}

/// How far a principal comes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Whom it can become, nearest first, each with the principal before it and whether every step is certain.
    pub members: Vec<(usize, usize, bool)>,
    /// The first on the way, the nearest, that may become everyone: itself, an administrator or every right.
    pub everyone: Option<usize>,
}

/// The graph of a project.
pub fn graph(project: &Project) -> Graph {
    let links = Links::of(project);
    let world = World::of(project, &links);
    let mut building = Building { world: &world, graph: Graph::default(), named: BTreeMap::new() };
    building.members();
    building.trusts();
    for who in 0..world.principals.len() {
        building.ways_of(who);
    }
    let mut graph = building.graph;
    graph.edges.sort_by_key(|edge| (edge.from, edge.to.first().map(|(to, _)| *to)));
    graph.reach = (0..graph.members.len()).map(|who| reach(&graph, who)).collect();
    graph
}

/// A graph being built.
struct Building<'w, 'a> {
    world: &'w World<'a>,
    graph: Graph,
    /// Those that are no resources, by kind and name.
    named: BTreeMap<(MemberKind, String), usize>,
}

/// What leads to a target: the means, and the place that it leads over.
type Leading = BTreeMap<usize, (Vec<Means>, Option<(Span, String)>)>;

impl Building<'_, '_> {
    fn members(&mut self) {
        for (index, principal) in self.world.principals.iter().enumerate() {
            let group = |group: &usize| self.world.principals.get(*group).map(|group| group.title.clone());
            self.graph.members.push(Member {
                kind: match principal.kind {
                    Kind::Role => MemberKind::Role,
                    Kind::User => MemberKind::User,
                    Kind::Group => MemberKind::Group,
                    Kind::Bearer => MemberKind::Bearer,
                },
                name: principal.title.clone(),
                span: Some(principal.resource.span),
                functions: principal.functions.iter().map(|function| function.name.to_string()).collect(),
                groups: principal.groups.iter().filter_map(group).collect(),
                administrator: self.world.is_administrator(index),
                possible: match &principal.resource.presence {
                    Presence::Always => None,
                    Presence::Possible(reason) => Some(reason.to_string()),
                },
                unknown: Vec::new(),
            });
        }
    }

    /// The member of a name that is no resource.
    fn member(&mut self, kind: MemberKind, name: &str) -> usize {
        let next = self.graph.members.len();
        let index = *self.named.entry((kind, name.to_owned())).or_insert(next);
        if index == next {
            self.graph.members.push(Member {
                kind,
                name: name.to_owned(),
                span: None,
                functions: Vec::new(),
                groups: Vec::new(),
                administrator: false,
                possible: None,
                unknown: Vec::new(),
            });
        }
        index
    }

    /// Steps by which those outside the project come to its roles.
    fn trusts(&mut self) {
        let mut leading: BTreeMap<usize, Leading> = BTreeMap::new();
        let mut everyone = Vec::new();
        for (role, principal) in self.world.principals.iter().enumerate() {
            for statement in principal.trust.statements.iter().filter(|statement| !statement.denies()) {
                everyone.extend(outsiders(self.world, statement).map(|(kind, name)| (kind, name, role, statement)));
            }
        }
        everyone.sort_by(|left, right| (left.0, &left.1, left.2).cmp(&(right.0, &right.1, right.2)));
        for (kind, name, role, statement) in everyone {
            let from = self.member(kind, &name);
            let how = "assume a role whose trust lets one in";
            let means = Means { name: "sts:AssumeRole", how, doubt: hangs(statement), statements: Vec::new() };
            let over = Some((statement.span, "the role's trust".to_owned()));
            let known = leading.entry(from).or_default().entry(role).or_insert((Vec::new(), over));
            if !known.0.contains(&means) {
                known.0.push(means);
            }
        }
        for (from, leading) in leading {
            self.group(from, leading);
        }
    }

    /// Steps of one principal.
    fn ways_of(&mut self, who: usize) {
        let world = self.world;
        if world.is_administrator(who) {
            return;
        }
        let mut leading: Leading = BTreeMap::new();
        for role in 0..world.principals.len() {
            if let Some(may) = world.assumes(who, role) {
                let how = "assume a role whose trust lets one in";
                let (trust, own): (Vec<_>, Vec<_>) =
                    may.sites.iter().cloned().partition(|(_, said)| !said.contains(':'));
                let may = May { sites: own, ..may.clone() };
                let means = means("sts:AssumeRole", how, &may);
                leading.entry(role).or_insert((Vec::new(), trust.first().cloned())).0.push(means);
            }
        }
        for (technique, found) in ways(world, who, Goal::All) {
            if let Some(reason) = found.unseen {
                self.graph.members[who].unknown.push((technique.name, reason));
            }
            for way in found.ways {
                let to = match way.to {
                    To::Principal(other) if other == who => continue,
                    To::Principal(other) => other,
                    To::Everything => self.member(MemberKind::EveryRight, "every right"),
                };
                let means = means(technique.name, technique.how, &way.may);
                let known = leading.entry(to).or_insert((Vec::new(), way.over));
                if !known.0.contains(&means) {
                    known.0.push(means);
                }
            }
        }
        self.group(who, leading);
    }

    /// Puts targets that are reached by the same means together.
    fn group(&mut self, from: usize, leading: Leading) {
        let mut groups: Vec<Edge> = Vec::new();
        for (to, (by, over)) in leading {
            match groups.iter_mut().find(|edge| edge.by == by) {
                Some(edge) => edge.to.push((to, over)),
                None => groups.push(Edge { from, to: vec![(to, over)], by }),
            }
        }
        self.graph.edges.extend(groups);
    }
}

fn means(name: &'static str, how: &'static str, may: &May) -> Means {
    Means { name, how, doubt: may.doubt.clone().or_else(|| may.open.clone()), statements: may.sites.clone() }
}

/// Those whom a statement of a role's trust lets in and who are not in the project.
fn outsiders<'w>(world: &'w World<'_>, statement: &'w Statement) -> impl Iterator<Item = (MemberKind, String)> + 'w {
    let principals = statement.principals.iter().filter(|_| !statement.not_principal);
    let anyone = principals.clone().filter_map(|principals| principals.any.as_ref());
    let anyone = anyone.map(|_| (MemberKind::Anyone, "anyone".to_owned()));
    let listed = principals.flat_map(|principals| &principals.listed).filter_map(move |principal| {
        let name = principal.value.to_string();
        let kind = match principal.kind {
            PrincipalKind::Service => MemberKind::Service,
            PrincipalKind::Federated => MemberKind::Federated,
            PrincipalKind::Aws if !world.is_own(&principal.value) => MemberKind::Outside,
            _ => return None,
        };
        Some((kind, name))
    });
    anyone.chain(listed)
}

/// On what a statement of a trust hangs.
fn hangs(statement: &Statement) -> Option<String> {
    if let Some(condition) = &statement.possible {
        return Some(format!("it hangs on {condition}"));
    }
    if !statement.allows() {
        return Some("whether the trust allows or denies is not known".to_owned());
    }
    let keys: Vec<&str> = statement.conditions.iter().map(|condition| &*condition.key).collect();
    let unknown = statement.unknown_conditions.as_ref().map(ToString::to_string);
    unknown.or_else(|| (!keys.is_empty()).then(|| format!("it hangs on the condition on {}", keys.join(", "))))
}

/// Whom a principal can become, by the shortest way; certain steps are tried before others of the same length.
fn reach(graph: &Graph, who: usize) -> Reach {
    let from = |member: usize| {
        let start = graph.edges.partition_point(|edge| edge.from < member);
        graph.edges[start..].iter().take_while(move |edge| edge.from == member)
    };
    let is_everyone =
        |member: usize| graph.members[member].administrator || graph.members[member].kind == MemberKind::EveryRight;
    let mut reach = Reach { members: Vec::new(), everyone: is_everyone(who).then_some(who) };
    let mut met = BTreeSet::from([who]);
    let mut level = vec![(who, true)];
    // Beyond whoever may become everyone there is nobody else to name.
    while !level.is_empty() && reach.everyone.is_none() {
        // For each that is reached by as many steps the first before it, one that comes there for certain if there is one.
        let mut best: BTreeMap<usize, (bool, usize)> = BTreeMap::new();
        for (place, (member, sure)) in level.iter().enumerate() {
            for edge in from(*member) {
                let doubted = !(*sure && edge.by.iter().any(|means| means.doubt.is_none()));
                for (to, _) in edge.to.iter().filter(|(to, _)| !met.contains(to)) {
                    let before = best.entry(*to).or_insert((doubted, place));
                    *before = (*before).min((doubted, place));
                }
            }
        }
        let mut next: Vec<(usize, bool, usize)> =
            best.into_iter().map(|(to, (doubted, place))| (place, doubted, to)).collect();
        next.sort_unstable();
        let mut reached = Vec::new();
        let mut last = None;
        for (place, doubted, to) in next {
            if reach.everyone.is_some() && last != Some(place) {
                break;
            }
            last = Some(place);
            let Some((member, _)) = level.get(place) else { continue };
            met.insert(to);
            reach.members.push((to, *member, !doubted));
            if reach.everyone.is_none() && is_everyone(to) {
                reach.everyone = Some(to);
            }
            reached.push((to, !doubted));
        }
        level = reached;
    }
    reach
}
