//! One statement as a question: who holds it, what it gives, and whom it lets in.

use super::admission;
use super::link::{Holder, Policy};
use super::listed::{list, some};
use super::orchestration;
use super::types::{GRANT, UNBOUNDED};
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
}

impl<'a> Asked<'a> {
    pub(super) fn of_holder(project: &'a Project, holder: &Holder<'a>) -> Self {
        let (orchestrates, users) = orchestration::of(project, holder);
        Self {
            title: holder.title(),
            workload: holder.is_workload(),
            orchestrates,
            users,
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
        }
    }

    /// The question about a statement of a trust policy or a resource's policy.
    pub(super) fn question(
        &self,
        project: &Project,
        (statement, document): (&Statement, &Document),
        source: &str,
        presence: &Presence,
    ) -> Question {
        let entity = self.entity(project, (statement, document), source, &Bounds::default());
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
        let entity = self.entity(project, (statement, document), "identity", &bounds);
        let mut questions = vec![self.about(project, statement, "identity", presence, entity)];
        for (class, entity) in self.unbounded(statement, &bounds) {
            let question = self.about(project, statement, "identity", presence, entity);
            let detail = format!("{}:{class}", question.detail);
            let flow = if class == Class::Orchestration.as_str() { self.flow(statement) } else { Vec::new() };
            questions.push(Question { detail, flow, ..question });
        }
        questions
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
        let behind = match &statement.possible {
            Some(condition) => Presence::Possible(format!("it hangs on {condition}").into()),
            None => Presence::Always,
        };
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
        let wide = deciding(&statement.resources, grant::is_every_role, resources);
        entity.put("passRole.boundedByRole", Read::of(pass.role_bounded, wide));
        entity.put("passRole.boundedByService", Read::of(pass.service_bounded, named));
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

    /// The questions about what a statement gives without bounds, one for each class of actions.
    fn unbounded(&self, statement: &Statement, bounds: &Bounds) -> Vec<(String, Entity)> {
        let resources = statement.resources.first().map_or(statement.span, |text| text.span);
        let entity = |class: Read<&str>, actions: String, on: String, unbounded: Read<bool>, through: bool| {
            let mut entity = Entity::new(&UNBOUNDED, self.title.clone());
            entity.put("holder", Read::default(self.title.clone()));
            entity.put("class", class);
            entity.put("actions", Read::default(actions));
            entity.put("on", Read::default(on));
            entity.put("unbounded", unbounded);
            entity.put("throughService", Read::default(through));
            entity.put("orchestrates", Read::default(self.orchestrates.clone()));
            entity
        };
        let of_class = |one: &Unbounded| {
            let class = Read::default(one.class.as_str());
            let answer = Read::of(one.answer.clone(), one.span);
            let entity = entity(class, some(&one.actions), one.resource.clone(), answer, one.through_service);
            (one.class.as_str().to_owned(), entity)
        };
        let mut found: Vec<(String, Entity)> = bounds.classes.iter().map(of_class).collect();
        if let Some(reason) = &bounds.unknown {
            let class = Read::unknown(reason.clone(), Some(statement.span));
            let (actions, on) = (list(&statement.actions), list(&statement.resources));
            found.push(("unknown".to_owned(), entity(class, actions, on, Read::at(true, resources), false)));
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
