//! Ways over principals: those whose rights or credentials one changes, or in whose place one comes.

use super::found::{Gain, May};
use super::may::Request;
use super::settle;
use super::ways::{Base, Found, Looking, To, Way, stranger};
use super::world::{Boundary, Kind as Who, Principal, World, gives_everything};
use crate::fact::link::MANAGED_POLICY;
use crate::iam::action;
use crate::iam::document;
use crate::iam::escalation::{Kind, On, Step, Target, Technique, techniques};
use crate::iam::evaluate::Context;
use crate::iam::statement::{Effect, Principal as Named, PrincipalKind, Principals, Statement};
use crate::iam::text::Text;
use crate::model::Resource;
use crate::source::Span;
use std::sync::Arc;

/// The policies that whoever may attach any policy attaches.
const ADMINISTRATORS: [&str; 3] = ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"];

/// The property that keeps the older versions of a policy, of an account's export.
const VERSIONS: &str = "__Versions";

/// What one gains by becoming a principal, and under what it holds; nothing where there is no gain.
type Gaining<'g> = &'g dyn Fn(usize, &Principal<'_>) -> Option<(Option<(String, Span)>, May)>;

impl<'w, 'a> Looking<'w, 'a> {
    /// What has one's own rights: oneself, one's groups and policies, and whoever may take one's place.
    pub(super) fn grant(self, base: &Base, kind: Kind) -> Found {
        let mut found = Found::default();
        let own = std::iter::once((self.who, None));
        let assumers = self.world.assumers(self.who).iter().map(|(who, may)| (*who, Some(may)));
        for (holder, through) in own.chain(assumers) {
            for (on, over) in self.things_of(holder, kind) {
                let Some(may) = self.grants_on(&on, holder) else { continue };
                let through = through.cloned().unwrap_or_default();
                let may = may.and(base.may.clone()).and(through);
                let gain = match kind {
                    Kind::Version => self.gains(|| self.older(holder, &on)),
                    _ => self.gains(|| self.world.gain_by_grant(holder, self.who)),
                };
                let Some((gain, doubt)) = gain else { continue };
                let gain = gain.filter(|_| kind == Kind::Version);
                found.ways.push(Way { over, gain, ..self.way(To::Everything, may.opened(doubt)) });
            }
            if self.enough(&found) {
                return found;
            }
        }
        if found.ways.is_empty() && self.principal().kind == Who::Role {
            found.unseen = self.unseen_grant(kind);
        }
        found
    }

    /// Whether a role that people assume may change users or groups: it is not known which of them they have or are in.
    fn unseen_grant(self, kind: Kind) -> Option<String> {
        let principal = self.principal();
        let people = principal.trust.statements.iter().filter(|statement| !statement.denies()).any(|statement| {
            let named = |principals: &Principals| principals.of(&PrincipalKind::Aws).next().is_some();
            statement.principals.as_ref().is_some_and(named)
        });
        let (ends, what) = match kind {
            Kind::User => ("user/", "whether whoever assumes it is one of the users that it may give rights"),
            Kind::Group => ("group/", "whether whoever assumes it is in the groups that it may give rights"),
            _ => return None,
        };
        let step = self.technique.steps.first()?;
        let on = stranger(&self.world.settled.of_iam(ends), "another");
        let reaches = people && self.beyond(step.action, &on, &grant_context(step.action, self.most()));
        reaches.then(|| format!("{what} is not known"))
    }

    /// What of a principal is changed to give it rights, by ARN; and what it leads over where that is not the principal.
    fn things_of(self, holder: usize, kind: Kind) -> Vec<(Text, Option<(Span, String)>)> {
        let Some(principal) = self.world.principals.get(holder) else { return Vec::new() };
        let over = |other: &Principal<'_>| {
            (holder != self.who || other.resource.id != principal.resource.id)
                .then(|| (other.resource.span, other.title.clone()))
        };
        match (kind, principal.kind) {
            (Kind::User, Who::User | Who::Group) | (Kind::Role, Who::Role) => {
                let over = over(principal).filter(|_| holder != self.who);
                vec![(principal.arn.clone(), over)]
            }
            (Kind::User | Kind::Role, Who::Bearer) => {
                let word = if kind == Kind::User { "user" } else { "role" };
                let start = self.world.settled.of_iam(&format!("{word}/"));
                vec![(stranger(&start, "the policy's holder"), None)]
            }
            (Kind::Group, Who::Group) => {
                let group = self.world.settled.arn(principal.resource);
                group.map(|arn| (arn, None)).into_iter().collect()
            }
            (Kind::Group, Who::User) => {
                let groups = principal.groups.iter().filter_map(|group| self.world.principals.get(*group));
                groups.filter_map(|group| Some((self.world.settled.arn(group.resource)?, over(group)))).collect()
            }
            (Kind::Policy | Kind::Version, _) => self.policies_of(principal),
            _ => Vec::new(),
        }
    }

    /// The managed policies of the account that a principal holds.
    fn policies_of(self, principal: &Principal<'_>) -> Vec<(Text, Option<(Span, String)>)> {
        let written = principal.held.iter().filter_map(|held| held.written_in);
        let managed = written.filter(|policy| &*policy.kind == MANAGED_POLICY);
        let over = |policy: &Resource| (policy.span, format!("{} holds policy {}", principal.title, policy.name));
        managed.filter_map(|policy| Some((self.world.settled.arn(policy)?, Some(over(policy))))).collect()
    }

    /// What an older version of a policy would give.
    fn older(self, holder: usize, on: &Text) -> Gain {
        let world = self.world;
        let Some(principal) = world.principals.get(holder) else { return Gain::None };
        let written = principal.held.iter().filter_map(|held| held.written_in);
        let Some(policy) =
            written.into_iter().find(|policy| world.settled.arn(policy).is_some_and(|arn| arn.parts == on.parts))
        else {
            return Gain::None;
        };
        let Some(versions) = policy.property(VERSIONS) else {
            let known = world.whole;
            return if known {
                Gain::None
            } else {
                Gain::Perhaps("what older versions of the policy give is not known".to_owned())
            };
        };
        let gains = versions.items().iter().map(|version| {
            let document = world.settled.document(&document::read(version).0);
            world.gain_by_version(self.who, &document)
        });
        gains.fold(Gain::None, |best, gain| match (&best, &gain) {
            (Gain::Some(..), _) | (Gain::Perhaps(_), Gain::None) => best,
            _ => gain,
        })
    }

    /// Whether the steps that give rights are allowed on a thing of a principal: with the policy that gives most.
    fn grants_on(self, on: &Text, holder: usize) -> Option<May> {
        let steps = self.technique.steps.iter().filter(|step| matches!(step.on, On::Target | On::Policy));
        let mut steps = steps.filter(|step| step.action != "sts:AssumeRole");
        steps.try_fold(May::default(), |may, step| Some(may.and(self.grants(step.action, on, holder)?)))
    }

    fn grants(self, action: &str, on: &Text, holder: usize) -> Option<May> {
        let world = self.world;
        let boundary = world.principals.get(holder).map(|one| (&one.boundary, one.resource));
        let bound: Option<Arc<str>> = match boundary {
            Some((Boundary::None, _)) => Some("".into()),
            Some((_, resource)) => {
                let named = resource.property("PermissionsBoundary").and_then(Text::of);
                named.map(|text| settle::literal(&world.settled.text(&text)).to_string().into())
            }
            None => None,
        };
        let attempt =
            |arn: Option<String>| self.on(action, on, &with_boundary(grant_context(action, arn), bound.as_ref()));
        if !action.contains(":Attach") {
            return attempt(None);
        }
        let policies = self.administrators_of_aws().chain(world.administrators().iter().cloned());
        let mut best: Option<May> = None;
        for policy in policies {
            match attempt(Some(policy)) {
                Some(may) if may.doubt.is_none() => return Some(may),
                may => best = best.or(may),
            }
        }
        best
    }

    /// The policies of AWS that whoever may attach any policy attaches, by ARN.
    fn administrators_of_aws(self) -> impl Iterator<Item = String> {
        let partition = &self.world.settled.partition;
        ADMINISTRATORS.iter().map(move |name| format!("arn:{partition}:iam::aws:policy/{name}"))
    }

    /// The one of them that gives most.
    fn most(self) -> Option<String> {
        self.administrators_of_aws().next()
    }

    /// Roles that one may assume.
    pub(super) fn assumed(self, base: &Base, kind: Kind) -> Found {
        let world = self.world;
        let mut found = Found::default();
        for (role, target) in world.principals.iter().enumerate().filter(|(index, _)| *index != self.who) {
            let Some(through) = world.assumes(self.who, role) else { continue };
            let over = (target.resource.span, target.title.clone());
            if kind == Kind::Boundary {
                let unbound = matches!(target.boundary, Boundary::None);
                let may = if unbound { None } else { self.grants_on(&target.arn, role) };
                let Some(may) = may else { continue };
                let Some((gain, doubt)) = self.gains(|| world.gain_without_boundary(role, self.who)) else { continue };
                let Some((_, other)) = self.gains(|| world.gain_by_unbounding(role)) else { continue };
                let may = may.and(through.clone()).and(base.may.clone()).opened(doubt.or(other));
                found.ways.push(Way { over: Some(over), gain, ..self.way(To::Principal(role), may) });
                continue;
            }
            for (on, thing) in self.things_of(role, kind) {
                let Some(may) = self.grants_on(&on, role) else { continue };
                let Some((_, doubt)) = self.gains(|| world.gain_by_grant(role, self.who)) else { continue };
                let may = may.and(through.clone()).and(base.may.clone()).opened(doubt);
                let over = Some(thing.unwrap_or_else(|| over.clone()));
                found.ways.push(Way { over, ..self.way(To::Everything, may) });
            }
        }
        found
    }

    /// Roles that are given rights and into whose trust one lets oneself.
    pub(super) fn trusted(self, base: &Base, kind: Kind) -> Found {
        let world = self.world;
        let mut found = Found::default();
        let context = Context::default();
        for (role, target) in self.roles() {
            let Some(trust) = self.on("iam:UpdateAssumeRolePolicy", &target.arn, &context) else { continue };
            for (on, thing) in self.things_of(role, kind) {
                let mut steps = self.technique.steps.iter().filter(|step| step.action != "iam:UpdateAssumeRolePolicy");
                let may =
                    steps.try_fold(May::default(), |may, step| Some(may.and(self.grants(step.action, &on, role)?)));
                let Some(may) = may else { continue };
                let Some((_, doubt)) = self.gains(|| world.gain_by_grant(role, self.who)) else { continue };
                let may = may.and(trust.clone()).and(base.may.clone()).opened(doubt);
                let over = Some(thing.unwrap_or_else(|| (target.resource.span, target.title.clone())));
                found.ways.push(Way { over, ..self.way(To::Everything, may) });
            }
            if self.enough(&found) {
                return found;
            }
        }
        if found.ways.is_empty() {
            found.unseen = self.unseen_target("role/", "a role whose trust it may change");
        }
        found
    }

    /// The roles of the project but for oneself.
    fn roles(self) -> impl Iterator<Item = (usize, &'w Principal<'a>)> {
        let principals = &self.world.principals;
        let order = self.in_order(move |index| index != self.who && principals[index].kind == Who::Role);
        order.map(move |index| (index, &principals[index]))
    }

    /// Whether the first step on a target reaches others than those of the project.
    fn unseen_target(self, ends: &str, what: &str) -> Option<String> {
        if self.world.whole {
            return None;
        }
        let other = stranger(&self.world.settled.of_iam(ends), "another");
        let mut steps = self.technique.steps.iter().filter(|step| matches!(step.on, On::Target | On::Policy));
        let reaches = steps.all(|step| {
            let on = if step.on == On::Policy {
                stranger(&self.world.settled.of_iam("policy/"), "another")
            } else {
                other.clone()
            };
            let context = grant_context(step.action, self.most());
            step.action == "sts:AssumeRole" || self.beyond(step.action, &on, &context)
        });
        reaches.then(|| format!("whether there is {what} in the account, and has more rights, is not known"))
    }

    /// Roles with more rights into whose trust one lets oneself.
    pub(super) fn trust(self, base: &Base) -> Found {
        let mut found = Found::default();
        let context = Context::default();
        let assumes = self.technique.steps.iter().any(|step| step.action == "sts:AssumeRole");
        // Whom a trust names himself needs no policy of his own, but none may deny it.
        let named =
            if assumes { self.world.settled.account.to_string() } else { self.principal().caller.name.to_string() };
        let open = lets_in(&named, self.span());
        for (role, target) in self.roles() {
            let Some(may) = self.on("iam:UpdateAssumeRolePolicy", &target.arn, &context) else { continue };
            let request =
                Request { action: "sts:AssumeRole", on: &target.arn, context: &context, resource: Some(&open) };
            let Some(other) = self.world.may(self.who, request) else { continue };
            let sites = other.sites.into_iter().filter(|(_, said)| assumes && said == "sts:AssumeRole").collect();
            let may = may.and(base.may.clone()).and(May { sites, ..other });
            let Some((gain, doubt)) = self.gains(|| self.world.gain(role, self.who)) else { continue };
            found.ways.push(Way { gain, ..self.way(To::Principal(role), may.opened(doubt)) });
            if self.enough(&found) {
                return found;
            }
        }
        if found.ways.is_empty() {
            found.unseen = self.unseen_target("role/", "a role whose trust it may change");
        }
        found
    }

    /// Other users.
    pub(super) fn others(self, base: &Base, kind: Who, gain: Gaining<'_>, to: To) -> Found {
        let world = self.world;
        let mut found = Found::default();
        for index in self.in_order(|index| index != self.who && world.principals[index].kind == kind) {
            let target = &world.principals[index];
            let arn = if kind == Who::Group { world.settled.arn(target.resource) } else { Some(target.arn.clone()) };
            let Some(may) = arn.and_then(|arn| self.grants_on(&arn, index)) else { continue };
            let Some((gain, more)) = gain(index, target) else { continue };
            let over = (to == To::Everything).then(|| (target.resource.span, target.title.clone()));
            let to = if to == To::Everything { to } else { To::Principal(index) };
            found.ways.push(Way { over, gain, ..self.way(to, may.and(base.may.clone()).and(more)) });
            if self.enough(&found) {
                return found;
            }
        }
        if found.ways.is_empty() {
            let (ends, what) = match kind {
                Who::Group => ("group/", "a group that it may join"),
                _ => ("user/", "a user whose credentials it may make"),
            };
            found.unseen = self.unseen_target(ends, what);
        }
        found
    }

    /// Users who are given rights.
    pub(super) fn keyed(self, base: &Base) -> Found {
        let gain = |index: usize, _: &Principal<'_>| {
            let (_, open) = self.gains(|| self.world.gain_by_grant(index, self.who))?;
            Some((None, May::default().opened(open)))
        };
        self.others(base, Who::User, &gain, To::Everything)
    }

    /// Users with more rights.
    pub(super) fn as_user(self, base: &Base, password: Option<bool>) -> Found {
        let whole = self.world.whole;
        let gain = |index: usize, target: &Principal<'_>| {
            let has = target.resource.property("LoginProfile").is_some();
            let doubt = match password {
                Some(_) if whole => Some("whether the user has a password is not in the export".to_owned()),
                Some(wanted) if wanted != has => return None,
                _ => None,
            };
            let (gain, open) = self.gains(|| self.world.gain(index, self.who))?;
            Some((gain, May { doubt, open, ..May::default() }))
        };
        self.others(base, Who::User, &gain, To::Principal(self.who))
    }

    /// Groups with more rights; only users can be in one.
    pub(super) fn join(self, base: &Base) -> Found {
        let principal = self.principal();
        if !matches!(principal.kind, Who::User | Who::Group | Who::Bearer) {
            return Found::default();
        }
        let gain = |index: usize, _: &Principal<'_>| {
            if principal.groups.contains(&index) {
                return None;
            }
            let (gain, open) = self.gains(|| self.world.gain(index, self.who))?;
            Some((gain, May::default().opened(open)))
        };
        self.others(base, Who::Group, &gain, To::Principal(self.who))
    }

    /// Oneself without the boundary.
    pub(super) fn unbound(self, base: &Base) -> Found {
        let principal = self.principal();
        let mut found = Found::default();
        if principal.kind != Who::User || matches!(principal.boundary, Boundary::None) {
            return found;
        }
        let Some(may) = self.grants_on(&principal.arn, self.who) else { return found };
        if let Some((gain, doubt)) = self.gains(|| self.world.gain_by_unbounding(self.who)) {
            let may = may.and(base.may.clone()).opened(doubt);
            found.ways.push(Way { gain, ..self.way(To::Principal(self.who), may) });
        }
        found
    }

    /// Permission sets of Identity Center.
    pub(super) fn permission_set(self, base: &Base, new: bool) -> Found {
        let signed_in = self.principal().resource.name.starts_with("AWSReservedSSO_");
        let doubt = "who signs in with the permission sets that it may change is not known".to_owned();
        let may = base.may.clone().doubted((!new && !signed_in).then_some(doubt));
        Found { ways: vec![self.way(To::Everything, may)], unseen: None }
    }

    /// Every action that a pattern names: the ways that one of them gives.
    pub(super) fn all_iam(self) -> Found {
        let Some(step) = self.technique.steps.first() else { return Found::default() };
        let wanted = action::expand(step.action);
        let whole = |statement: &Statement| wanted.is_subset(&statement.actions().lower);
        if !self.principal().allowing().any(|(_, statement)| whole(statement)) {
            return Found::default();
        }
        let is_one = |technique: &&Technique| {
            let within = |step: &Step| action::named(step.action).is_some_and(|action| wanted.contains(action));
            matches!(technique.target, Target::Grant(kind) if kind != Kind::Version)
                && technique.steps.iter().all(within)
        };
        let mut found = Found::default();
        for technique in techniques().iter().filter(is_one) {
            let Target::Grant(kind) = technique.target else { continue };
            let other = Looking { technique, ..self }.grant(&Base::default(), kind);
            found.ways.extend(other.ways.into_iter().map(|way| Way { technique: self.technique, ..way }));
            found.unseen = found.unseen.or(other.unseen);
        }
        found
    }
}

impl World<'_> {
    /// The policies of the project that give everything, by ARN.
    fn administrators(&self) -> &[String] {
        self.administrators.get_or_init(|| {
            let policies = self.project.of_kind(MANAGED_POLICY).filter(|policy| policy.generated_from.is_none());
            let whole = policies.filter(|policy| {
                let document = policy.property("PolicyDocument").map(|node| document::read(node).0);
                document.is_some_and(|document| document.statements.iter().any(gives_everything))
            });
            whole.filter_map(|policy| self.settled.arn(policy)).map(|arn| settle::name(&arn)).collect()
        })
    }
}

/// What is known of a request that gives rights.
fn grant_context(action: &str, policy: Option<String>) -> Context {
    let mut context = Context::default();
    if let Some(policy) = policy.filter(|_| action.contains(":Attach")) {
        context.add("iam:PolicyARN", policy);
    }
    context
}

/// With the boundary of the principal that is changed: its ARN, or none.
fn with_boundary(mut context: Context, boundary: Option<&Arc<str>>) -> Context {
    match boundary {
        Some(none) if none.is_empty() => context.set("iam:PermissionsBoundary", Vec::new()),
        Some(arn) => context.set("iam:PermissionsBoundary", vec![arn.clone()]),
        None => {}
    }
    context
}

/// A trust policy as one writes it who wants to be let in by his own policies.
fn lets_in(account: &str, span: Span) -> document::Document {
    let named = Named { kind: PrincipalKind::Aws, value: Text::literal(account, span) };
    let actions = vec![Text::literal("sts:AssumeRole", span)];
    let principals = Some(Principals { any: None, listed: vec![named] });
    let statement = Statement { principals, ..Statement::plain(Effect::Allow, actions, Vec::new(), span) };
    document::Document { statements: vec![statement], ..document::Document::default() }
}
