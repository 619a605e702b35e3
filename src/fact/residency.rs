//! Where data lies and goes: labelled stores, their replicas, and clients that are pinned to a region.

use super::calls;
use super::deploy;
use super::types::{CLIENT, PLACEMENT, REPLICA};
use crate::model::{
    CallKind, CodeFile, Entity, EntityType, Label, Labelled, Presence, Project, Question, Read, Resource, Settings,
    Text, Verb,
};
use crate::source::Span;
use crate::syntax::{Node, Unknown, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Where the data of some labels may lie.
#[derive(Debug, Clone)]
pub struct Area {
    /// The profile that asks, or `leastwise.toml`.
    pub name: Arc<str>,
    /// For each label the countries (ISO codes) and groups (`EU`, `EEA`) that its data may lie in.
    pub allowed: BTreeMap<Arc<str>, Vec<Arc<str>>>,
    /// Countries that are accepted beside them.
    pub accepted: Vec<Arc<str>>,
}

/// Services whose endpoint holds no data of the application's users: their region says nothing of residency.
const WITHOUT_DATA: &[&str] = &[
    "acm",
    "budgets",
    "ce",
    "cloudformation",
    "cloudfront",
    "cur",
    "health",
    "iam",
    "organizations",
    "pricing",
    "route53",
    "route53domains",
    "service-quotas",
    "shield",
    "sts",
    "support",
    "waf",
    "wafv2",
];

/// The questions about the place of a resource and of its replicas.
pub fn of_resource(project: &Project, resource: &Resource, settings: &Settings, areas: &[Area]) -> Vec<Question> {
    let Labelled::As(label, _) = settings.labels.of(resource) else { return Vec::new() };
    if areas.is_empty() || deploy::is_providers(resource) || resource.kind.starts_with("AWS::IAM::") {
        return Vec::new();
    }
    let mut questions = Vec::new();
    for area in areas {
        let Some(allowed) = area.allowed.get(label.as_str()) else { continue };
        let region = resource.region.as_ref().unwrap_or(&project.region);
        let placed = |kind: &'static EntityType, region: &Node| {
            let mut entity = place(kind, &resource.name, area, allowed, region_of(region));
            entity.put("label", Read::default(label.as_str()));
            entity
        };
        let blank = deploy::blank(project, resource);
        questions.push(Question {
            alternatives: vec![placed(&PLACEMENT, region)],
            detail: format!("{}placement:{}", blank.detail, area.name),
            ..blank.clone()
        });
        for (span, region) in replicas(resource) {
            questions.push(Question {
                verb: Verb::Move,
                alternatives: vec![placed(&REPLICA, region)],
                detail: format!("{}replica:{}:{region}", blank.detail, area.name),
                span,
                ..blank.clone()
            });
        }
    }
    questions
}

/// The questions about the clients of a file; `labels` are those of the stores of the projects that use it.
pub fn of_file(file: &CodeFile, areas: &[Area], labels: &[Label]) -> Vec<Question> {
    let mut questions = Vec::new();
    for area in areas {
        // A client is asked about where the projects hold data that the area asks for, and by the strictest list.
        let Some(allowed) = labels.iter().filter_map(|label| area.allowed.get(label.as_str())).min_by_key(|a| a.len())
        else {
            continue;
        };
        for call in &file.calls {
            let CallKind::Client { service, region: Some((Text::Literal(region), span)) } = &call.kind else {
                continue;
            };
            if WITHOUT_DATA.contains(&&**service) {
                continue;
            }
            let mut entity = place(&CLIENT, service, area, allowed, Ok((region.clone(), Some(*span))));
            entity.put("service", Read::default(service.clone()));
            let blank = calls::blank(file, call, &format!("{service}:{region}:{}", area.name));
            questions.push(Question { alternatives: vec![entity], span: *span, presence: Presence::Always, ..blank });
        }
    }
    questions
}

fn place(
    kind: &'static EntityType,
    name: &Arc<str>,
    area: &Area,
    allowed: &[Arc<str>],
    region: Result<(Arc<str>, Option<Span>), Unknown>,
) -> Entity {
    let mut entity = Entity::new(kind, name.clone());
    let known = region.as_ref().ok().and_then(|(region, _)| regions().get(&**region));
    let span = region.as_ref().ok().and_then(|(_, span)| *span);
    let listed = |word: &str, list: &[Arc<str>]| list.iter().any(|item| item.eq_ignore_ascii_case(word));
    // A region that the table does not list has no known place either.
    entity.put("resolved", Read::default(known.is_some()));
    let shown = region.map_or_else(|reason| reason.to_string().into(), |(region, _)| region);
    entity.put("region", Read { value: Ok(shown), span });
    let text = |get: fn(&Row) -> &'static str| Read::default(known.map_or("", get));
    entity.put("place", text(|row| row.place));
    entity.put("country", text(|row| row.country));
    entity.put("area", Read::default(area.name.clone()));
    let inside = known.is_some_and(|row| listed(row.country, allowed) || listed(row.group, allowed));
    entity.put("inside", Read::default(inside));
    entity.put("accepted", Read::default(known.is_some_and(|row| listed(row.country, &area.accepted))));
    entity.put("adequacy", Read::default(known.map_or("none", |row| row.scope)));
    entity
}

fn region_of(node: &Node) -> Result<(Arc<str>, Option<Span>), Unknown> {
    match (&node.value, node.as_text()) {
        (_, Some(text)) => Ok((text.into(), Some(node.span))),
        (Value::Unknown(reason), _) => Err(reason.clone()),
        _ => Err(Unknown::new(crate::syntax::UnknownKind::Expression, node.to_string())),
    }
}

/// The regions of a global table's replicas beside the first, each with its place.
fn replicas(resource: &Resource) -> Vec<(Span, &Node)> {
    let Some(replicas) = resource.property("Replicas") else { return Vec::new() };
    replicas.items().iter().filter_map(|replica| replica.get("Region").map(|region| (region.span, region))).collect()
}

struct Row {
    place: &'static str,
    country: &'static str,
    group: &'static str,
    scope: &'static str,
}

fn regions() -> &'static BTreeMap<&'static str, Row> {
    static REGIONS: OnceLock<BTreeMap<&'static str, Row>> = OnceLock::new();
    REGIONS.get_or_init(|| {
        let rows = include_str!("../../data/regions.tsv").lines().filter(|line| !line.starts_with('#')).skip(1);
        rows.filter_map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields.as_slice() {
                [_, region, place, country, group, scope, ..] => Some((*region, Row { place, country, group, scope })),
                _ => None,
            }
        })
        .collect()
    })
}
