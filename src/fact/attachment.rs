//! Questions about what is attached to roles: policies that AWS manages, and the functions that execute with them.

use super::link::Holder;
use super::listed::{LISTED, some};
use super::types::{ATTACHMENT, EXECUTION_ROLE};
use super::uses::{Use, Uses};
use crate::iam::action::ActionSet;
use crate::iam::plumbing::is_plumbing;
use crate::iam::statement::{Effect, Statement};
use crate::iam::{bounds, document, managed};
use crate::model::{Entity, Format, Project, Question, Read, Remark, Verb};
use crate::source::{FileId, Span};
use crate::syntax::Node;
use std::collections::HashMap;
use std::sync::Arc;

/// Managed policies that give the account away or all of its rights.
const ADMINISTRATORS: &[&str] = &["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];

/// What policies of AWS give on every resource, by path, so that each is read once.
#[derive(Debug, Default)]
pub(super) struct Widths(HashMap<Arc<str>, Vec<String>>);

impl Widths {
    /// The whole services that a policy gives on every resource, and the actions that read the content of a store
    /// where they are most of those by which one can. Policies that are made for one service's own use (`service-role/`)
    /// are as narrow as can be had and give nothing here.
    fn of(&mut self, policy: &Arc<str>) -> &[String] {
        self.0.entry(policy.clone()).or_insert_with(|| {
            let own = policy.starts_with("service-role/") || policy.starts_with("aws-service-role/");
            let document = if own { None } else { managed::document(policy) };
            let Some(text) = document else { return Vec::new() };
            let (document, _) = document::read(&Node::string(text, Span::start_of(FileId(0))));
            let mut width: Vec<String> = document.statements.iter().flat_map(bounds::width).collect();
            width.sort_unstable();
            width.dedup();
            width
        })
    }
}

/// The questions about the policies of AWS that are attached to a holder.
pub(super) fn questions(questions: &mut Vec<Question>, holder: &Holder<'_>, uses: Uses<'_>, widths: &mut Widths) {
    let project = uses.project;
    for (policy, span) in &holder.managed {
        let name: Arc<str> = policy.rsplit('/').next().unwrap_or(policy).into();
        let mut entity = Entity::new(&ATTACHMENT, name.clone());
        entity.put("holder", Read::default(holder.title()));
        entity.put("administrator", Read::at(ADMINISTRATORS.contains(&&*name), *span));
        entity.put("policy", Read::default(name.clone()));
        let width = widths.of(policy);
        let used = if uses.needs.is_empty() { Vec::new() } else { used(uses, policy) };
        let used: Vec<&Use<'_>> = used.iter().collect();
        entity.put("needed", Read::default(uses.needed(&used)));
        entity.put("wide", Read::at(!width.is_empty(), *span));
        entity.put("gives", Read::default(some(width)));
        entity.put("workload", Read { value: holder.is_workload(), span: None });
        questions.push(Question {
            verb: Verb::Grant,
            alternatives: vec![entity],
            span: *span,
            flow: uses.way(holder, &used, Remark { span: *span, text: format!("{name} is attached to it") }),
            detail: format!("{}:attachment:{name}", project.local_id(holder.resource)),
            ..super::deploy::blank(project, holder.resource)
        });
    }
}

/// The calls of the holder's functions that make use of a policy of AWS's.
fn used<'a>(uses: Uses<'a>, policy: &Arc<str>) -> Vec<Use<'a>> {
    let Some(text) = managed::document(policy) else { return Vec::new() };
    let (document, _) = document::read(&Node::string(text, Span::start_of(FileId(0))));
    let mut actions = ActionSet::empty();
    document.statements.iter().filter(|one| one.allows()).for_each(|one| actions.add(&one.actions().upper));
    uses.of(|action| actions.contains(action))
}

/// The question whether functions share a role; the role points at the functions, each with its line.
pub(super) fn execution_role(project: &Project, holder: &Holder<'_>) -> Option<Question> {
    if holder.functions.is_empty() {
        return None;
    }
    let names: Vec<String> = holder.functions.iter().map(|function| function.name.to_string()).collect();
    let provider =
        project.format == Format::Serverless && holder.resource.generated_from.as_deref() == Some("provider.iam");
    let mut entity = Entity::new(&EXECUTION_ROLE, holder.title());
    entity.put("count", Read::default(i64::try_from(names.len()).unwrap_or(i64::MAX)));
    entity.put("functions", Read::default(some(&names)));
    entity.put("provider", Read::default(provider));
    entity.put("beyondLogs", beyond_logs(holder));
    let mut question = super::deploy::blank(project, holder.resource);
    question.related.extend(
        holder
            .functions
            .iter()
            .take(LISTED)
            .map(|function| Remark { span: function.span, text: format!("{} executes with it", function.name) }),
    );
    Some(Question {
        verb: Verb::Grant,
        alternatives: vec![entity],
        detail: format!("{}:execution", project.local_id(holder.resource)),
        ..question
    })
}

/// Whether the role grants more than what every function may hold; policies that are not known may.
fn beyond_logs(holder: &Holder<'_>) -> Read<bool> {
    let beyond = |statement: &Statement| {
        !statement.denies()
            && (statement.not_action || statement.actions.iter().any(|action| !is_plumbing(&action.shape())))
    };
    let written = || holder.policies.iter().flat_map(|policy| &policy.document.statements);
    let certain = |statement: &Statement| statement.allows() && beyond(statement);
    let managed = holder.managed.iter().any(|(name, span)| {
        let parsed = managed::document(name).map(|text| document::read(&Node::string(text, *span)).0);
        parsed.is_some_and(|document| document.statements.iter().any(certain))
    });
    if managed || written().any(certain) {
        return Read::default(true);
    }
    let doubtful = written().filter(|statement| beyond(statement)).find_map(|statement| match &statement.effect {
        Effect::Unknown(reason) => Some(reason.clone()),
        _ => None,
    });
    match holder.unknown.first().cloned().or(doubtful) {
        Some(reason) => Read::unknown(reason, None),
        None => Read::default(false),
    }
}
