//! One statement as a question: who holds it, what it gives, and whom it lets in.

use super::admission;
use super::escalation::Spoken;
use super::fetch;
use super::link::{Holder, Policy};
use super::listed::{list, some};
use super::orchestration;
use super::types::{GRANT, UNBOUNDED};
use super::uses::{self, Use, Uses};
use crate::iam::action::Action;
use crate::iam::arn::Arn;
use crate::iam::bounds::{self, Bounds, Class, Unbounded};
use crate::iam::document::Document;
use crate::iam::statement::Statement;
use crate::iam::text::{Answer, Text};
use crate::iam::{action, grant};
use crate::model::{Entity, Presence, Project, Question, Read, Remark, Resource, Verb};
use crate::source::Span;
use crate::syntax::Part;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Types' namespaces whose resources have another service in their ARNs than the namespace's own name
/// (Service Authorization Reference, resource types, read 2026-11); of others that are no service's name it is not known.
const ARN_SERVICES: &[(&str, &str)] = &[
    ("efs", "elasticfilesystem"),
    ("elasticloadbalancingv2", "elasticloadbalancing"),
    ("kinesisfirehose", "firehose"),
    ("msk", "kafka"),
    ("opensearchservice", "es"),
    ("stepfunctions", "states"),
];

/// Who is asked about.
pub(super) struct Asked<'a> {
    pub(super) resource: &'a Resource,
    pub(super) title: String,
    pub(super) workload: Answer,
    pub(super) on_type: &'static str,
    pub(super) blocked: Answer,
    /// What it runs, where it is the role of a state machine, pipe, rule or schedule: its kind or name.
    pub(super) orchestrates: String,
    /// What names it as its role.
    pub(super) users: Vec<Remark>,
    /// The holder with what its functions use.
    pub(super) used: Option<(&'a Holder<'a>, Uses<'a>)>,
    /// Actions of statements of which more is said elsewhere.
    pub(super) claimed: Vec<(Span, Action)>,
    /// What is said of the ways that lead from its rights to more.
    pub(super) spoken: Option<&'a Spoken>,
}

impl<'a> Asked<'a> {
    pub(super) fn of_holder(holder: &'a Holder<'a>, uses: Uses<'a>) -> Self {
        let (orchestrates, users) = orchestration::of(uses.project, holder);
        Self {
            title: holder.title(),
            workload: holder.is_workload(),
            orchestrates,
            users,
            used: Some((holder, uses)),
            claimed: fetch::claimed(uses.project, holder, uses.needs),
            ..Self::of_resource(holder.resource)
        }
    }

    /// A policy on its own counts as a workload's where one of its holders is one, or it has none in sight.
    pub(super) fn of_policy(policy: &Policy<'a>, at_work: &BTreeSet<&Arc<str>>) -> Self {
        let workload = Ok(policy.holders == 0 || at_work.contains(&policy.resource.id));
        let title = format!("policy {}", policy.resource.name);
        Self { title, workload, ..Self::of_resource(policy.resource) }
    }

    /// A resource that holds nothing itself.
    pub(super) fn of_resource(resource: &'a Resource) -> Self {
        Self {
            resource,
            title: String::new(),
            workload: Ok(false),
            on_type: "",
            blocked: Ok(false),
            orchestrates: String::new(),
            users: Vec::new(),
            used: None,
            claimed: Vec::new(),
            spoken: None,
        }
    }

    /// Whether a way that is certain rests on a statement.
    fn escalates(&self, statement: &Statement) -> bool {
        self.spoken.is_some_and(|spoken| spoken.of(statement))
    }

    /// The question about a statement of a trust policy or a resource's policy.
    pub(super) fn question(
        &self,
        project: &Project,
        (statement, document): (&Statement, &Document),
        source: &str,
        presence: &Presence,
    ) -> Question {
        let mut entity = self.entity(project, (statement, document), source, &Bounds::default());
        self.put_code(&mut entity, &[], &Bounds::default());
        self.about(project, statement, source, presence, entity)
    }

    /// The questions about a statement of an identity's policy: itself, and what it gives without bounds.
    pub(super) fn identity(
        &self,
        project: &Project,
        (statement, document): (&Statement, &Document),
        presence: &Presence,
    ) -> Vec<Question> {
        let bounds = bounds::of(statement, !self.orchestrates.is_empty());
        let all = self.uses(statement);
        let uses: Vec<&Use<'_>> = all.iter().collect();
        let mut entity = self.entity(project, (statement, document), "identity", &bounds);
        self.put_code(&mut entity, &uses, &bounds);
        let question = self.about(project, statement, "identity", presence, entity);
        let mut questions = vec![Question { flow: self.way(statement, &uses), ..question }];
        for (class, mut entity) in self.unbounded(statement, &bounds) {
            let of_class = |one: &&Use<'_>| Class::of(one.action).is_some_and(|own| own.as_str() == class);
            let uses: Vec<&Use<'_>> = all.iter().filter(of_class).collect();
            entity.put("named", Read::default(self.said(&uses, Uses::named)));
            let question = self.about(project, statement, "identity", presence, entity);
            let detail = format!("{}:{class}", question.detail);
            let orchestrates = class == Class::Orchestration.as_str();
            let flow = if orchestrates { self.flow(statement) } else { self.way(statement, &uses) };
            questions.push(Question { detail, flow, ..question });
        }
        questions
    }

    /// The calls of the holder's functions that make use of a statement.
    fn uses(&self, statement: &Statement) -> Vec<Use<'a>> {
        let Some((_, uses)) = self.used.filter(|(_, uses)| !uses.needs.is_empty()) else { return Vec::new() };
        let actions = statement.actions().upper;
        uses.of(|action| actions.contains(action))
    }

    /// The way from a call to a statement.
    fn way(&self, statement: &Statement, uses: &[&Use<'_>]) -> Vec<Remark> {
        self.used.map(|(holder, all)| all.way(holder, uses, uses::allows(statement))).unwrap_or_default()
    }

    /// What the code says of some calls, in a few words; nothing where there are none.
    fn said(&self, uses: &[&Use<'_>], say: impl Fn(&Uses<'a>, &[&Use<'_>]) -> String) -> String {
        self.used.filter(|_| !uses.is_empty()).map(|(_, all)| say(&all, uses)).unwrap_or_default()
    }

    /// What the code of the holder's functions says of a statement.
    fn put_code(&self, entity: &mut Entity, uses: &[&Use<'_>], bounds: &Bounds) {
        let passes = |action: Action| action.to_string() == "iam:PassRole";
        let rest = |action: Action| {
            let class = Class::of(action);
            !passes(action) && !bounds.classes.iter().any(|one| Some(one.class) == class)
        };
        let named = |holds: &dyn Fn(Action) -> bool| {
            let some: Vec<&Use<'_>> = uses.iter().copied().filter(|one| holds(one.action)).collect();
            self.said(&some, Uses::named)
        };
        entity.put("code.called", Read::default(self.said(uses, Uses::called)));
        entity.put("code.needed", Read::default(self.said(uses, Uses::needed)));
        entity.put("code.named", Read::default(named(&rest)));
        entity.put("code.passed", Read::default(named(&passes)));
    }

    /// A question about a statement, or about something in it.
    pub(super) fn about(
        &self,
        project: &Project,
        statement: &Statement,
        source: &str,
        presence: &Presence,
        entity: Entity,
    ) -> Question {
        let behind = Presence::under(statement.possible.as_ref());
        Question {
            verb: Verb::Grant,
            alternatives: vec![entity],
            span: statement.span,
            presence: presence.and(&behind),
            detail: format!("{}:{source}:{}", project.local_id(self.resource), statement.detail()),
            ..super::deploy::blank(project, self.resource)
        }
    }

    fn entity(
        &self,
        project: &Project,
        (statement, document): (&Statement, &Document),
        source: &str,
        bounds: &Bounds,
    ) -> Entity {
        let span = |texts: &[Text]| texts.first().map_or(statement.span, |text| text.span);
        let actions = span(&statement.actions);
        let resources = span(&statement.resources);
        let identity = source == "identity";
        let mut entity = Entity::new(&GRANT, self.title.clone());
        entity.put("holder", Read::default(self.title.clone()));
        entity.put("source", Read::default(source));
        entity.put("onType", Read::default(self.on_type));
        entity.put("workload", Read { value: self.workload.clone(), span: None });
        entity.put("orchestrates", Read::default(self.orchestrates.clone()));
        let not = |negated: bool| if negated { "everything but " } else { "" };
        let shown = format!("{}{}", not(statement.not_action), list(&statement.actions));
        entity.put("actions", Read::at(shown, actions));
        let shown = format!("{}{}", not(statement.not_resource), list(&statement.resources));
        entity.put("resources", Read::at(shown, resources));
        entity.put("everyAction", Read::of(grant::allows_all_actions(statement), place(&statement.actions, actions)));
        entity.put(
            "everyResource",
            Read::of(
                identity_only(identity, grant::allows_all_resources(statement)),
                place(&statement.resources, resources),
            ),
        );
        let mut services = if identity { grant::whole_services(statement) } else { Ok(Vec::new()) };
        if let Ok(services) = &mut services {
            services.retain(|service| reaches(project, statement, service));
        }
        let named = services.as_deref().unwrap_or_default();
        let whole = deciding(&statement.actions, |text| grant::is_whole_of(text, named), actions);
        entity.put("wholeService", Read::of(services.clone().map(|services| !services.is_empty()), whole));
        let shown = services.unwrap_or_default().iter().map(|name| format!("{name}:*")).collect::<Vec<_>>();
        entity.put("wholeServices", Read::default(shown.join(", ")));
        let rest = |is: fn(&bounds::Rest) -> bool| bounds.rest.as_ref().map(is).map_err(Clone::clone);
        entity.put("scopable", Read::of(rest(|rest| !rest.actions.is_empty()), resources));
        entity.put("scopableActs", Read::of(rest(|rest| rest.acts), resources));
        entity.put("scopableBeyondPlumbing", Read::of(rest(|rest| rest.beyond_plumbing), resources));
        let names = bounds.rest.as_ref().map(|rest| some(&rest.actions)).unwrap_or_default();
        entity.put("scopableActions", Read::default(names));
        let pass = grant::pass_role(statement);
        let named = match pass.granted {
            Ok(true) => deciding(&statement.actions, |text| grant::is_within(text, "iam:PassRole"), actions),
            _ => actions,
        };
        entity.put("passRole.granted", Read::of(identity_only(identity, pass.granted), named));
        let wide = deciding(&statement.resources, |text| grant::is_every_role(text) == Ok(true), resources);
        entity.put("passRole.boundedByRole", Read::of(pass.role_bounded, wide));
        entity.put("passRole.boundedByService", Read::of(pass.service_bounded, named));
        entity.put("escalates", Read::default(self.escalates(statement)));
        admission::put(&mut entity, project, self.resource, (statement, document), source);
        entity.put("blocked", Read::of(self.blocked.clone(), statement.span));
        entity
    }

    /// The way from what takes the role to the statement, where something in the project does.
    fn flow(&self, statement: &Statement) -> Vec<Remark> {
        if self.users.is_empty() {
            return Vec::new();
        }
        let role = Remark { span: self.resource.span, text: self.title.clone() };
        let gives = Remark { span: statement.span, text: format!("it allows {}", list(&statement.actions)) };
        self.users.iter().take(1).cloned().chain([role, gives]).collect()
    }

    /// What is left of a class without the actions of which more is said elsewhere.
    fn unclaimed(&self, statement: &Statement, one: &Unbounded) -> Option<Unbounded> {
        let claimed = |name: &String| {
            self.claimed
                .iter()
                .any(|(span, action)| *span == statement.span && action.to_string().eq_ignore_ascii_case(name))
        };
        let actions: Vec<String> = one.actions.iter().filter(|name| !claimed(name)).cloned().collect();
        (!actions.is_empty()).then(|| Unbounded { actions, ..one.clone() })
    }

    /// The questions about what a statement gives without bounds, one for each class of actions.
    fn unbounded(&self, statement: &Statement, bounds: &Bounds) -> Vec<(String, Entity)> {
        let resources = statement.resources.first().map_or(statement.span, |text| text.span);
        let entity = |class: Read<&str>, actions: &[String], on: String, unbounded: Read<bool>, through: bool| {
            let escalates = self.escalates(statement) && actions.iter().all(|action| grant::is_of_iam(action));
            let actions = some(actions);
            let mut entity = Entity::new(&UNBOUNDED, self.title.clone());
            entity.put("holder", Read::default(self.title.clone()));
            entity.put("class", class);
            entity.put("actions", Read::default(actions));
            entity.put("on", Read::default(on));
            entity.put("unbounded", unbounded);
            entity.put("throughService", Read::default(through));
            entity.put("orchestrates", Read::default(self.orchestrates.clone()));
            entity.put("escalates", Read::default(escalates));
            entity
        };
        let of_class = |one: &Unbounded| {
            let class = Read::default(one.class.as_str());
            let answer = Read::of(one.answer.clone(), one.span);
            let entity = entity(class, &one.actions, one.resource.clone(), answer, one.through_service);
            (one.class.as_str().to_owned(), entity)
        };
        let left = bounds.classes.iter().filter_map(|one| self.unclaimed(statement, one));
        let mut found: Vec<(String, Entity)> = left.map(|one| of_class(&one)).collect();
        if let Some(reason) = &bounds.unknown {
            let class = Read::unknown(reason.clone(), Some(statement.span));
            let actions: Vec<String> = statement.actions.iter().map(ToString::to_string).collect();
            let on = list(&statement.resources);
            found.push(("unknown".to_owned(), entity(class, &actions, on, Read::at(true, resources), false)));
        }
        found
    }
}

/// Whether the actions of a service do anything on the statement's resources: those of logs do nothing on the ARN of a
/// table. What is not known may be any resource.
fn reaches(project: &Project, statement: &Statement, service: &str) -> bool {
    let on = |text: &Text| arn_service(project, text).is_none_or(|of_arn| grant::reaches(service, &of_arn));
    statement.not_resource || statement.resources.is_empty() || statement.resources.iter().any(on)
}

/// The service that a resource's ARN names, by its text or by the type of what it refers to; `None` where it has none.
pub(super) fn arn_service(project: &Project, text: &Text) -> Option<String> {
    if let Some(Part::Reference(reference)) = text.parts.first() {
        let kind = project.resource(&reference.resource)?.kind.to_ascii_lowercase();
        let namespace = kind.strip_prefix("aws::")?.split("::").next()?.to_owned();
        let other =
            ARN_SERVICES.iter().find(|(known, _)| *known == namespace).map(|(_, service)| (*service).to_owned());
        return other.or_else(|| action::services().any(|known| known == namespace).then_some(namespace));
    }
    Arn::parse(&text.shape()).map(|arn| arn.service.to_owned())
}

/// Where the first text stands that ends in `*`, `*` itself before others.
fn place(texts: &[Text], otherwise: Span) -> Span {
    let all = texts.iter().find(|text| text.shape() == "*");
    let first = all.or_else(|| texts.iter().find(|text| text.shape().ends_with('*')));
    first.map_or(otherwise, |text| text.span)
}

/// Where the first text stands of which something holds.
fn deciding(texts: &[Text], holds: impl Fn(&str) -> bool, otherwise: Span) -> Span {
    let first = texts.iter().find(|text| holds(&text.lower().unwrap_or_else(|| text.shape())));
    first.map_or(otherwise, |text| text.span)
}

fn identity_only(identity: bool, answer: Answer) -> Answer {
    if identity { answer } else { Ok(false) }
}
