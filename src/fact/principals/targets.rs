//! What a way leads over: passed roles, workloads that are there, principals whose rights or credentials are changed.

use super::found::{May, Trusting};
use super::ways::{Base, Found, Goal, Looking, To, Way, any, named, stranger};
use super::world::Principal;
use crate::iam::escalation::{On, Target, Workload};
use crate::iam::evaluate::Context;
use crate::iam::text::Text;
use crate::model::Resource;

impl<'w, 'a> Looking<'w, 'a> {
    pub(super) fn over_targets(self, base: &Base) -> Found {
        match self.technique.target {
            Target::Pass(services) => self.pass(base, services),
            Target::On(workload) => self.workloads(base, workload),
            Target::Behind(service) => self.behind(base, service),
            Target::Grant(kind) => self.grant(base, kind),
            Target::Assumed(kind) => self.assumed(base, kind),
            Target::Trusted(kind) => self.trusted(base, kind),
            Target::TrustRole => self.trust(base),
            Target::KeyedUser => self.keyed(base),
            Target::AsUser { password } => self.as_user(base, password),
            Target::JoinGroup => self.join(base),
            Target::UnboundUser => self.unbound(base),
            Target::PermissionSet { new } => self.permission_set(base, new),
            Target::AllIam => self.all_iam(),
        }
    }

    pub(super) fn principal(self) -> &'w Principal<'a> {
        &self.world.principals[self.who]
    }

    pub(super) fn way(self, to: To, may: May) -> Way {
        Way { technique: self.technique, to, over: None, may, gain: None }
    }

    /// Whether looking may end: something certain was found, and one way is enough.
    pub(super) fn enough(self, found: &Found) -> bool {
        self.goal == Goal::Gain && found.ways.iter().any(|way| way.may.is_certain())
    }

    /// Roles that are passed to a service.
    fn pass(self, base: &Base, services: &str) -> Found {
        let mut found = Found::default();
        for service in services.split('|') {
            let mut context = Context::default();
            context.add("iam:PassedToService", service);
            let pass = |on: &Text| self.on("iam:PassRole", on, &context);
            let trusting = self.world.trusting(service);
            let start = self.world.settled.of_iam("role/");
            let any = self.world.may_on_any(self.who, ("iam:PassRole", &start), &context, None);
            for role in self.in_order(|role| of(trusting, role).is_some()) {
                let Some(target) = self.world.principals.get(role).filter(|_| role != self.who) else { continue };
                let Some(may) = any.clone().or_else(|| pass(&target.arn)) else { continue };
                let Some((gain, doubt)) = self.gains(|| self.world.gain(role, self.who)) else { continue };
                let trust = of(trusting, role);
                let trusted = trust.and_then(|trusting| trusting.doubt.clone());
                let may = may.and(base.may.clone()).doubted(trusted).opened(doubt);
                let over = trust.map(|trusting| (trusting.span, format!("{} trusts {service}", target.title)));
                found.ways.push(Way { over, gain, ..self.way(To::Principal(role), may) });
                if self.enough(&found) {
                    return found;
                }
            }
            let other = stranger(&start, "a role");
            if self.beyond("iam:PassRole", &other, &context) {
                let reason =
                    format!("whether a role that may be passed trusts {service} and has more rights is not known");
                found.unseen.get_or_insert(reason);
            }
        }
        found
    }

    /// The principals of some kind in the order in which they are tried: for one way, those with most rights first.
    pub(super) fn in_order(self, of: impl Fn(usize) -> bool) -> impl Iterator<Item = usize> {
        let all = match self.goal {
            Goal::Gain => self.world.by_gain(self.who),
            Goal::All => (0..self.world.principals.len()).collect(),
        };
        (0..all.len()).map(move |place| all[place]).filter(move |index| of(*index))
    }

    /// What is there and runs with a role.
    fn workloads(self, base: &Base, workload: &'static Workload) -> Found {
        let world = self.world;
        let mut found = Found::default();
        for resource in world.project.of_kind(workload.kind) {
            // A function that may change another one is asked about as such.
            let two_hops = self.goal == Goal::Gain && workload.kind == "AWS::Lambda::Function";
            if two_hops && !self.principal().functions.is_empty() {
                continue;
            }
            let Some(arn) = world.settled.arn(resource) else { continue };
            let Some(may) = self.steps_on(&arn, workload.arn) else { continue };
            let (named, says) = role_of(self, resource, workload);
            let Some(role) = named else {
                if says {
                    let reason = format!("what the role of {} may do is not known", resource.name);
                    found.unseen.get_or_insert(reason);
                }
                continue;
            };
            if role == self.who {
                continue;
            }
            let Some((gain, doubt)) = self.gains(|| world.gain(role, self.who)) else { continue };
            let over = Some((resource.span, format!("{} runs with {}", resource.name, world.principals[role].title)));
            let may = may.and(base.may.clone()).opened(doubt);
            found.ways.push(Way { over, gain, ..self.way(To::Principal(role), may) });
            if self.enough(&found) {
                return found;
            }
        }
        let steps = || self.technique.steps.iter().filter(|step| step.on == On::Target);
        let anything = any(&world.settled.partition, workload.arn);
        let others = self.steps_on(&anything, workload.arn);
        if world.whole {
            let Some(may) = others else { return found };
            let doubt = format!("that {} runs with it is not in the export", named(workload.kind));
            self.behind_roles(&may.and(base.may.clone()).doubted(Some(doubt)), workload.service, &mut found);
        } else if others.is_some() && steps().all(|step| self.beyond(step.action, &anything, &Context::default())) {
            let reason = format!("whether {} of the account runs with more rights is not known", named(workload.kind));
            found.unseen.get_or_insert(reason);
        }
        found
    }

    /// The steps on a target, and the other resources that they need besides.
    fn steps_on(self, arn: &Text, of: &str) -> Option<May> {
        let context = Context::default();
        let mut steps = self.technique.steps.iter().filter(|step| step.on == On::Target);
        steps.try_fold(May::default(), |may, step| {
            Some(may.and(self.on(step.action, arn, &context)?).and(self.on_others(step.action, of)?))
        })
    }

    /// What runs with a role that no resource says.
    fn behind(self, base: &Base, service: &'static str) -> Found {
        let mut found = Found::default();
        let doubt = "what runs with the role is not known".to_owned();
        self.behind_roles(&base.may.clone().doubted(Some(doubt)), service, &mut found);
        if !self.world.whole && found.ways.is_empty() {
            let reason =
                format!("whether something of the account runs with a role that trusts {service} is not known");
            found.unseen.get_or_insert(reason);
        }
        found
    }

    fn behind_roles(self, may: &May, service: &'static str, found: &mut Found) {
        let trusting = self.world.trusting(service);
        for role in self.in_order(|role| of(trusting, role).is_some()) {
            let Some(target) = self.world.principals.get(role).filter(|_| role != self.who) else { continue };
            let Some((gain, open)) = self.gains(|| self.world.gain(role, self.who)) else { continue };
            let span = of(trusting, role).map(|trusting| trusting.span);
            let over = span.map(|span| (span, format!("{} trusts {service}", target.title)));
            found.ways.push(Way { over, gain, ..self.way(To::Principal(role), may.clone().opened(open.clone())) });
            if self.goal == Goal::Gain && open.is_none() {
                return;
            }
        }
    }
}

/// How a role trusts a service, of those that do, which are in the order of the project.
fn of(trusting: &[Trusting], role: usize) -> Option<&Trusting> {
    trusting.binary_search_by_key(&role, |one| one.role).ok().map(|place| &trusting[place])
}

/// The role of a workload, and whether it says one at all.
fn role_of(looking: Looking<'_, '_>, resource: &Resource, workload: &Workload) -> (Option<usize>, bool) {
    let project = looking.world.project;
    for path in &workload.roles {
        let mut hops = path.split('>');
        let Some(first) = hops.next() else { continue };
        let Some(mut node) = resource.property(first) else { continue };
        let mut lost = false;
        for hop in hops {
            match project.named(node).filter(|next| &*next.kind != "AWS::IAM::Role").and_then(|next| next.property(hop))
            {
                Some(next) => node = next,
                // A profile may be called as its role is.
                None => lost = project.named_of(node, |kind| kind == "AWS::IAM::Role").is_none(),
            }
        }
        let role = node.items_or_self().first().unwrap_or(node);
        let role = if lost { None } else { project.named_of(role, |kind| kind == "AWS::IAM::Role") };
        return (role.and_then(|role| looking.world.index_of(role)), true);
    }
    (None, false)
}
