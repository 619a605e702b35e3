//! Questions about resources: one for each record, with one alternative for each case of an undecided condition.

use super::provided;
use super::types::STORE;
use crate::finding::Subject;
use crate::model::attributes::{self, Record};
use crate::model::{Entity, Labelled, Presence, Project, Question, Read, Remark, Resource, Settings, Verb, Wanted};
use crate::syntax::{Node, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// At most this many undecided conditions of one resource are tried both ways; beyond it they are unknown.
const MAX_CONDITIONS: usize = 4;

/// The types that hold data, for the question whether they say what data.
const STORES: &[&str] = &[
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::Kinesis::Stream",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
];

/// The questions about one resource of a project.
pub fn questions(project: &Project, resource: &Resource, settings: &Settings, wanted: &Wanted) -> Vec<Question> {
    if is_providers(resource) {
        return Vec::new();
    }
    let mut grouped: BTreeMap<(&'static str, String, usize), (Vec<Record>, usize)> = BTreeMap::new();
    // What no loaded rule asks about is not read.
    let judged = attributes::entities(&resource.kind).iter().any(|kind| wanted.asks(kind.name));
    // A Terraform type without a mapping is asked about under what it is called.
    let is_asked = judged || wanted.records.contains_key(&resource.kind) || !resource.kind.starts_with("AWS::");
    let cases = if is_asked { cases(resource) } else { Vec::new() };
    for case in &cases {
        let mut records = if judged { attributes::read(project, case, settings) } else { Vec::new() };
        records.retain(|record| wanted.asks(record.entity.kind));
        provided::add(project, case, settings, wanted, &mut records);
        let mut alike: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
        for record in records {
            // Records that are written alike are different ones all the same.
            let before = alike.entry((record.entity.kind, record.detail.clone())).or_default();
            let key = (record.entity.kind, record.detail.clone(), *before);
            *before += 1;
            let slot = grouped.entry(key).or_default();
            slot.0.push(record);
            slot.1 += 1;
        }
    }
    let mut questions: Vec<Question> = Vec::with_capacity(grouped.len());
    for (records, met) in grouped.into_values() {
        let Some(first) = records.first().cloned() else { continue };
        // A record that is there in some cases only hangs on the condition.
        let presence = Presence::under(conditions(&resource.properties).first().filter(|_| met < cases.len()));
        let mut question = blank(project, resource);
        question.related.extend(first.related);
        questions.push(Question {
            presence: resource.presence.and(&presence),
            alternatives: records.into_iter().map(|record| record.entity).collect(),
            span: first.span,
            detail: detail(project, resource, &first.detail),
            ..question
        });
    }
    if STORES.contains(&&*resource.kind) && !is_derived(resource) {
        questions.push(store(project, resource, settings));
    }
    questions
}

/// A question about a resource as a whole, without alternatives.
pub(super) fn blank(project: &Project, resource: &Resource) -> Question {
    Question {
        verb: Verb::Deploy,
        principal: Subject::new("stack", project.path.clone()),
        alternatives: Vec::new(),
        subject: Subject {
            construct: resource.construct.clone(),
            ..Subject::new(resource.kind.clone(), resource.name.clone())
        },
        span: resource.span,
        presence: resource.presence.clone(),
        detail: detail(project, resource, ""),
        related: called_from(resource),
        flow: Vec::new(),
        scope: 0,
        doubt: None,
    }
}

/// The module calls that led to a resource, as places of evidence.
fn called_from(resource: &Resource) -> Vec<Remark> {
    resource.calls.iter().map(|(span, text)| Remark { span: *span, text: text.clone() }).collect()
}

/// Whether the provider made the resource itself: service-linked roles, AWS-managed policies.
pub(super) fn is_providers(resource: &Resource) -> bool {
    resource.generated_from.as_deref() == Some("AWS")
}

/// Whether the resource is a view of another one, made for a rule.
fn is_derived(resource: &Resource) -> bool {
    resource.properties.get("__Derived").is_some()
}

/// What tells the question apart; generated resources share their construct's name, so that their id must speak.
fn detail(project: &Project, resource: &Resource, of_record: &str) -> String {
    match &resource.generated_from {
        Some(_) if resource.id != resource.name => format!("{}:{of_record}", project.local_id(resource)),
        _ => of_record.to_owned(),
    }
}

fn store(project: &Project, resource: &Resource, settings: &Settings) -> Question {
    let mut entity = Entity::new(&STORE, resource.name.clone());
    entity.put("type", Read::default(resource.kind.clone()));
    let labelled = match settings.labels.of(resource) {
        Labelled::As(..) | Labelled::Unlisted(..) => Read::default(true),
        Labelled::Not => Read::default(false),
        Labelled::Unknown(reason) => Read::unknown(reason, None),
    };
    entity.put("labelled", labelled);
    Question { alternatives: vec![entity], detail: detail(project, resource, "store"), ..blank(project, resource) }
}

/// The resource once for each way in which its undecided conditions can turn out.
fn cases(resource: &Resource) -> Vec<Resource> {
    let conditions = conditions(&resource.properties);
    if conditions.is_empty() || conditions.len() > MAX_CONDITIONS {
        return vec![resource.clone()];
    }
    let case = |bits: usize| {
        let holds = |name: &str| {
            conditions.iter().position(|condition| &**condition == name).is_some_and(|index| bits >> index & 1 == 1)
        };
        Resource { properties: decide(&resource.properties, &holds), ..resource.clone() }
    };
    (0..1_usize << conditions.len()).map(case).collect()
}

/// The names of the undecided conditions in a value, sorted.
fn conditions(node: &Node) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = Vec::new();
    node.visit(&mut |node| {
        if let Value::Either { condition, .. } = &node.value {
            names.push(condition.clone());
        }
    });
    names.sort_unstable();
    names.dedup();
    names
}

/// The value with its conditions decided.
fn decide(node: &Node, holds: &dyn Fn(&str) -> bool) -> Node {
    let value = match &node.value {
        Value::Either { condition, then, otherwise } => {
            return decide(if holds(condition) { then } else { otherwise }, holds);
        }
        Value::List(items) => {
            let items = items.iter().map(|item| decide(item, holds));
            Value::List(items.filter(|item| !matches!(item.value, Value::Absent)).collect())
        }
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|entry| crate::syntax::Entry { value: decide(&entry.value, holds), ..entry.clone() })
                .filter(|entry| !matches!(entry.value.value, Value::Absent))
                .collect(),
        ),
        other => other.clone(),
    };
    Node::new(value, node.span)
}
