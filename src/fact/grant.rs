//! Questions about rights: every statement, attachment and execution role of a project.

use super::link::{Links, Policy};
use super::needs::Needs;
use super::principals::World;
use super::statement::Asked;
use super::uses::Uses;
use super::{attachment, escalation, resource_policy, slip, two_hops};
use crate::model::{Project, Question};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The questions about every statement, attachment and execution role of a project, given what the functions of each
/// role need.
pub(super) fn questions<'a>(project: &'a Project, links: &'a Links<'a>, needs: &'a [Vec<Needs<'a>>]) -> Vec<Question> {
    let world = World::of(project, links);
    let (mut questions, spoken) = escalation::questions(project, &world);
    questions.extend(two_hops::questions(project, &world, &spoken));
    let mut widths = attachment::Widths::default();
    for (holder, needs) in links.holders.iter().zip(needs) {
        let uses = Uses { project, needs };
        let asked = Asked { spoken: Some(&spoken), ..Asked::of_holder(holder, uses) };
        // A policy that several hold speaks for itself below.
        for policy in holder.policies.iter().filter(|policy| policy.holders == 1) {
            statements(&mut questions, project, policy, &asked);
        }
        for statement in holder.trust.statements.iter().filter(|statement| !statement.denies()) {
            let presence = holder.resource.presence.clone();
            questions.push(asked.question(project, (statement, &holder.trust), "trust", &presence));
        }
        questions.extend(slip::questions(&asked, project, &holder.trust, "trust", &holder.resource.presence));
        attachment::questions(&mut questions, holder, uses, &mut widths);
        questions.extend(attachment::execution_role(project, holder));
    }
    let workloads = links.holders.iter().filter(|holder| holder.is_workload() == Ok(true));
    let at_work: BTreeSet<&Arc<str>> =
        workloads.flat_map(|holder| &holder.policies).map(|policy| &policy.resource.id).collect();
    for policy in &links.loose {
        statements(&mut questions, project, policy, &Asked::of_policy(policy, &at_work));
    }
    for resource in &project.resources {
        resource_policy::questions(&mut questions, project, resource);
    }
    questions
}

fn statements(questions: &mut Vec<Question>, project: &Project, policy: &Policy<'_>, asked: &Asked<'_>) {
    // A policy template is SAM's to write.
    if policy.template.is_none() {
        questions.extend(slip::questions(asked, project, &policy.document, "identity", &policy.presence));
    }
    for statement in &policy.document.statements {
        // What a framework or a policy template writes is not the user's to mend here: LP027 asks about the latter.
        if !statement.denies() && policy.template.is_none() && !statement.has_mark("__Framework") {
            questions.extend(asked.identity(project, (statement, &policy.document), &policy.presence));
        }
    }
}
