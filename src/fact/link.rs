//! Who holds which statements: roles, users and groups with their policies, and functions with their roles.

use super::deploy::is_providers;
use crate::iam::document;
use crate::iam::statement::{Effect, PrincipalKind, Statement};
use crate::iam::text::Answer;
use crate::model::{Presence, Project, Resource};
use crate::source::Span;
use crate::syntax::{Node, Unknown, UnknownKind, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The links of one project.
#[derive(Debug)]
pub(super) struct Links<'a> {
    /// Roles, users and groups, in the order of the project.
    pub(super) holders: Vec<Holder<'a>>,
    /// Written policies that no holder of the project holds, or several do.
    pub(super) loose: Vec<Policy<'a>>,
    by_id: BTreeMap<Arc<str>, usize>,
}

/// A role, user or group.
#[derive(Debug)]
pub(super) struct Holder<'a> {
    /// The resource.
    pub(super) resource: &'a Resource,
    /// The policies that are written in the project, its own and attached ones.
    pub(super) policies: Vec<Policy<'a>>,
    /// The managed policies of AWS that are attached, by ARN or name, with the place.
    pub(super) managed: Vec<(Arc<str>, Span)>,
    /// What of its policies is not known: then nothing may be concluded from absence.
    pub(super) unknown: Vec<Unknown>,
    /// The trust policy of a role.
    pub(super) trust: document::Document,
    /// The functions that execute with it.
    pub(super) functions: Vec<&'a Resource>,
}

/// A policy that is written in the project.
#[derive(Debug, Clone)]
pub(super) struct Policy<'a> {
    /// The resource that it is written in: the holder, or a policy of its own.
    pub(super) resource: &'a Resource,
    /// The SAM policy template that it comes from.
    pub(super) template: Option<Arc<str>>,
    /// The statements.
    pub(super) document: document::Document,
    /// How many holders hold it.
    pub(super) holders: usize,
    /// Whether it is there for certain.
    pub(super) presence: Presence,
}

/// How deep conditions may stand in each other around a policy.
const MAX_DEPTH: usize = 8;

/// The types that hold policies.
const HOLDERS: &[&str] = &["AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"];

/// The type of what is attached by its ARN and of boundaries; a role may have the same name.
pub(super) const MANAGED_POLICY: &str = "AWS::IAM::ManagedPolicy";

/// The types of policies that are resources of their own, with the properties that name their holders.
const POLICIES: &[(&str, &[&str])] = &[
    ("AWS::IAM::Policy", &["Roles", "Users", "Groups"]),
    (MANAGED_POLICY, &["Roles", "Users", "Groups"]),
    ("AWS::IAM::RolePolicy", &["RoleName"]),
    ("AWS::IAM::UserPolicy", &["UserName"]),
    ("AWS::IAM::GroupPolicy", &["GroupName"]),
];

impl<'a> Links<'a> {
    /// Links a project's principals, policies and functions.
    pub(super) fn of(project: &'a Project) -> Self {
        let mut links = Self { holders: Vec::new(), loose: Vec::new(), by_id: BTreeMap::new() };
        for resource in project.resources.iter().filter(|resource| HOLDERS.contains(&&*resource.kind)) {
            if !is_providers(resource) {
                links.by_id.insert(resource.id.clone(), links.holders.len());
                links.holders.push(Holder::own(resource));
            }
        }
        let attached = links.attach_managed(project);
        let boundaries: BTreeSet<Arc<str>> = links.boundaries(project).collect();
        for resource in &project.resources {
            let Some((_, keys)) = POLICIES.iter().find(|(kind, _)| *kind == &*resource.kind) else { continue };
            if is_providers(resource) {
                continue;
            }
            let holders = links.holders_of(project, resource, keys, attached.get(&resource.id));
            // A permissions boundary limits what others grant and grants nothing by itself.
            if holders.is_empty() && boundaries.contains(&resource.id) {
                continue;
            }
            links.give(resource, &holders);
        }
        for function in project.of_kind("AWS::Lambda::Function") {
            for index in function.property("Role").map(|role| links.named(project, role)).unwrap_or_default() {
                links.holders[index].functions.push(function);
            }
        }
        links
    }

    /// Sorts what `ManagedPolicyArns` names: policies of the project (returned, by id), of AWS, or not known.
    fn attach_managed(&mut self, project: &'a Project) -> BTreeMap<Arc<str>, Vec<usize>> {
        let mut attached: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        for (index, holder) in self.holders.iter_mut().enumerate() {
            let Some(arns) = holder.resource.property("ManagedPolicyArns") else { continue };
            if let Value::Unknown(reason) = &arns.value {
                holder.unknown.push(reason.clone());
            }
            for arn in arns.items_or_self() {
                match (project.named_of(arn, |kind| kind == MANAGED_POLICY), managed_name(arn)) {
                    (_, Some(name)) => holder.managed.push((name, arn.span)),
                    (Some(policy), None) => {
                        attached.entry(policy.id.clone()).or_default().push(index);
                    }
                    _ if arn.is_absent() => {}
                    _ => holder.unknown.push(Unknown::new(UnknownKind::Expression, format!("the policy {arn}"))),
                }
            }
        }
        attached
    }

    /// The policies of the project that limit a holder, by id.
    fn boundaries(&self, project: &Project) -> impl Iterator<Item = Arc<str>> {
        let named = self.holders.iter().filter_map(|holder| holder.resource.property("PermissionsBoundary"));
        named
            .filter_map(|boundary| project.named_of(boundary, |kind| kind == MANAGED_POLICY))
            .map(|policy| policy.id.clone())
    }

    fn holders_of(
        &mut self,
        project: &Project,
        policy: &Resource,
        keys: &[&str],
        attached: Option<&Vec<usize>>,
    ) -> Vec<usize> {
        let mut holders: Vec<usize> = attached.cloned().unwrap_or_default();
        for node in keys.iter().filter_map(|key| policy.property(key)).flat_map(Node::items_or_self) {
            let named = self.named(project, node);
            match &node.value {
                // Whether it holds the policy hangs on the condition, and with it what the holder may do.
                Value::Either { condition, .. } => named.iter().for_each(|index| {
                    self.holders[*index].unknown.push(Unknown::new(UnknownKind::Condition, condition.clone()));
                }),
                _ => holders.extend(named),
            }
        }
        holders.sort_unstable();
        holders.dedup();
        holders
    }

    /// The holders that a value names; each that it may name where it hangs on conditions.
    fn named(&self, project: &Project, node: &Node) -> Vec<usize> {
        let mut found = Vec::new();
        for node in outcomes(node) {
            let holder = project.named_of(node, |kind| HOLDERS.contains(&kind));
            found.extend(holder.and_then(|holder| self.by_id.get(&holder.id)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn give(&mut self, resource: &'a Resource, holders: &[usize]) {
        let Some(node) = resource.property("PolicyDocument") else { return };
        let (document, _) = document::read(node);
        let policy =
            Policy { resource, template: None, document, holders: holders.len(), presence: resource.presence.clone() };
        for index in holders {
            let holder = &mut self.holders[*index];
            holder.unknown.extend(policy.document.unknown.iter().map(|(reason, _)| reason.clone()));
            holder.policies.push(policy.clone());
        }
        // Where one holder holds it, its statements are that holder's; else the policy speaks for itself.
        if holders.len() != 1 {
            self.loose.push(policy);
        }
    }
}

impl<'a> Holder<'a> {
    fn own(resource: &'a Resource) -> Self {
        let mut holder = Self {
            resource,
            policies: Vec::new(),
            managed: Vec::new(),
            unknown: Vec::new(),
            trust: document::Document::default(),
            functions: Vec::new(),
        };
        if let Value::Unknown(reason) = &resource.properties.value {
            holder.unknown.push(reason.clone());
        }
        if let Some(trust) = resource.property("AssumeRolePolicyDocument") {
            holder.trust = document::read(trust).0;
        }
        let Some(policies) = resource.property("Policies") else { return holder };
        if let Value::Unknown(reason) = &policies.value {
            holder.unknown.push(reason.clone());
        }
        for item in policies.items_or_self() {
            holder.inline(item, &Presence::Always, 0);
        }
        holder
    }

    /// Reads one item of `Policies`, or all of them behind an undecided condition: both branches are possible.
    fn inline(&mut self, item: &Node, presence: &Presence, depth: usize) {
        match &item.value {
            Value::Either { condition, .. } if depth >= MAX_DEPTH => {
                self.unknown.push(Unknown::new(UnknownKind::Condition, condition.clone()));
            }
            Value::List(items) if depth < MAX_DEPTH => {
                items.iter().for_each(|item| self.inline(item, presence, depth + 1));
            }
            Value::Either { condition, then, otherwise } => {
                let behind = presence.and(&Presence::under(Some(condition)));
                self.inline(then, &behind, depth + 1);
                self.inline(otherwise, &behind, depth + 1);
            }
            Value::Map(_) => {
                let Some(node) = item.get("PolicyDocument") else { return };
                let (document, _) = document::read(node);
                self.unknown.extend(document.unknown.iter().map(|(reason, _)| reason.clone()));
                self.policies.push(Policy {
                    resource: self.resource,
                    template: item.get("__SamPolicyTemplate").and_then(Node::as_text).map(Into::into),
                    document,
                    holders: 1,
                    presence: self.resource.presence.and(presence),
                });
            }
            Value::Unknown(reason) => self.unknown.push(reason.clone()),
            _ => {}
        }
    }

    /// Whether an AWS service assumes it: the role of a function or of another workload.
    pub(super) fn is_workload(&self) -> Answer {
        let names_service = |statement: &&Statement| names_service(statement);
        let mut trusting = self.trust.statements.iter().filter(names_service);
        if !self.functions.is_empty() || trusting.any(Statement::allows) {
            return Ok(true);
        }
        let doubt = self.trust.statements.iter().filter(names_service).find_map(|statement| match &statement.effect {
            Effect::Unknown(reason) => Some(reason.clone()),
            _ => None,
        });
        let unknown = self.trust.unknown.first().map(|(reason, _)| reason.clone());
        doubt.or(unknown).map_or(Ok(false), Err)
    }

    /// Whether a function executes with it for certain; its role may hang on a condition.
    pub(super) fn uses(&self, function: &Resource) -> Presence {
        match function.property("Role").map(|role| &role.value) {
            Some(Value::Either { condition, .. }) => Presence::under(Some(condition)),
            _ => Presence::Always,
        }
    }

    /// What reports call it: its kind and name.
    pub(super) fn title(&self) -> String {
        let kind = self.resource.kind.rsplit("::").next().unwrap_or_default().to_lowercase();
        match &self.resource.generated_from {
            Some(from) if kind == "role" => format!("the role of {from}"),
            _ => format!("{kind} {}", self.resource.name),
        }
    }
}

/// Each value that a node may have, as far as its conditions go.
fn outcomes(node: &Node) -> Vec<&Node> {
    let mut found = Vec::new();
    node.visit(&mut |node| {
        if !matches!(node.value, Value::Either { .. }) {
            found.push(node);
        }
    });
    found
}

/// CloudFormation deploys and runs nothing of its own: a role for it alone is a deployment's, not a workload's.
fn names_service(statement: &Statement) -> bool {
    statement.principals.iter().any(|principals| {
        let mut services = principals.of(&PrincipalKind::Service);
        services.any(|service| service.as_literal() != Some("cloudformation.amazonaws.com"))
    })
}

/// The name of a policy that AWS manages, from its ARN with the partition known or not, or the bare name that SAM takes.
fn managed_name(node: &Node) -> Option<Arc<str>> {
    const MARK: &str = ":iam::aws:policy/";
    let parts = node.parts()?;
    let text = match parts.last()? {
        crate::syntax::Part::Literal(text) => text.clone(),
        _ => return None,
    };
    text.rfind(MARK).map(|at| text[at + MARK.len()..].into())
}
