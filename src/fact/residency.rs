//! Where data lies and goes: labelled stores, their replicas, and clients that are pinned to a region.

use super::calls;
use super::deploy;
use super::types::{CLIENT, PLACEMENT, REPLICA};
use crate::model::{
    CallKind, CodeFile, Entity, EntityType, Label, Labelled, Project, Question, Read, Remark, Resource, Settings, Text,
    Verb,
};
use crate::place::{self, Region};
use crate::source::Span;
use crate::syntax::{Node, Unknown, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

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
pub(super) fn of_resource(
    project: &Project,
    resource: &Resource,
    settings: &Settings,
    areas: &[Area],
) -> Vec<Question> {
    let label = settings.labels.of(resource);
    if areas.is_empty()
        || label == Labelled::Not
        || deploy::is_providers(resource)
        || resource.kind.starts_with("AWS::IAM::")
    {
        return Vec::new();
    }
    let mut questions = Vec::new();
    for area in areas {
        let Some(asked) = Asked::of(area, &label) else { continue };
        let region = resource.region.as_ref().unwrap_or(&project.region);
        let placed = |kind: &'static EntityType, region: &Node| {
            let mut entity = asked.place(kind, &resource.name, region_of(region));
            entity.put("label", asked.label.clone());
            entity
        };
        let blank = deploy::blank(project, resource);
        // The finding stands where the region is written, which says nothing of what is placed there.
        let mut related = blank.related.clone();
        related.push(Remark { span: resource.span, text: format!("{} {}", resource.kind, resource.name) });
        questions.push(Question {
            alternatives: vec![placed(&PLACEMENT, region)],
            detail: format!("{}placement:{}", blank.detail, area.name),
            related,
            ..blank.clone()
        });
        // The replica in the table's own region is the table itself, which the placement asks about.
        for (span, region) in replicas(resource).into_iter().filter(|(_, other)| other.value != region.value) {
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
pub(super) fn of_file(file: &CodeFile, areas: &[Area], labels: &[Labelled]) -> Vec<Question> {
    let mut questions = Vec::new();
    for area in areas {
        // A client is asked about where the projects hold data that the area asks for; a label that is not known
        // makes the question one that cannot be told.
        let asked: Vec<Asked<'_>> = labels.iter().filter_map(|label| Asked::of(area, label)).collect();
        for call in &file.calls {
            let CallKind::Client { service, region: Some((Text::Literal(region), span)), .. } = &call.kind else {
                continue;
            };
            if WITHOUT_DATA.contains(&&**service) {
                continue;
            }
            // One label whose data may not lie there is enough.
            let worst = asked.iter().min_by_key(|asked| (asked.admits(region), asked.label.value.is_err()));
            let Some(worst) = worst else { continue };
            let mut entity = worst.place(&CLIENT, service, Ok((region.clone(), Some(*span))));
            entity.put("service", Read::default(service.clone()));
            let blank = calls::blank(file, call, &format!("{service}:{region}:{}", area.name));
            questions.push(Question { alternatives: vec![entity], span: *span, ..blank });
        }
    }
    questions
}

/// What an area asks of data with a label.
struct Asked<'a> {
    area: &'a Area,
    /// The lists of countries and groups that a place must be in, each of them.
    lists: Vec<&'a [Arc<str>]>,
    label: Read<&'static str>,
}

impl<'a> Asked<'a> {
    /// `None` where the area does not ask for the label; one that is not known is asked by every list.
    fn of(area: &'a Area, label: &Labelled) -> Option<Self> {
        match label {
            Labelled::As(label, _) => {
                let lists = vec![area.allowed.get(label.as_str())?.as_slice()];
                Some(Self { area, lists, label: Read::default(label.as_str()) })
            }
            Labelled::Unlisted(..) => Self::of(area, &Labelled::As(Label::Internal, None)),
            Labelled::Unknown(reason) => {
                let lists: Vec<_> = area.allowed.values().map(Vec::as_slice).collect();
                let label = Read::unknown(reason.clone(), None);
                (!lists.is_empty()).then_some(Self { area, lists, label })
            }
            Labelled::Not => None,
        }
    }

    /// Whether data with the label may lie in a region.
    fn admits(&self, region: &str) -> bool {
        place::region(region).is_some_and(|known| is_in_each(known, &self.lists))
    }

    fn place(
        &self,
        kind: &'static EntityType,
        name: &Arc<str>,
        region: Result<(Arc<str>, Option<Span>), Unknown>,
    ) -> Entity {
        let mut entity = placed(kind, name, self.area, &self.lists, region);
        // Whether anything is asked at all hangs on the label: outside, the answer is not known.
        if let Err(reason) = &self.label.value {
            for attribute in entity.attributes.iter_mut().filter(|attribute| attribute.path == "inside") {
                if attribute.value != Ok(crate::model::Known::Bool(true)) {
                    attribute.value = Err(reason.clone());
                }
            }
            for attribute in entity.attributes.iter_mut().filter(|attribute| attribute.path == "resolved") {
                if attribute.value == Ok(crate::model::Known::Bool(false)) {
                    attribute.value = Err(reason.clone());
                }
            }
        }
        entity
    }
}

fn placed(
    kind: &'static EntityType,
    name: &Arc<str>,
    area: &Area,
    lists: &[&[Arc<str>]],
    region: Result<(Arc<str>, Option<Span>), Unknown>,
) -> Entity {
    let mut entity = Entity::new(kind, name.clone());
    let known = region.as_ref().ok().and_then(|(region, _)| place::region(region));
    let span = region.as_ref().ok().and_then(|(_, span)| *span);
    // A region that the table does not list has no known place either.
    entity.put("resolved", Read::default(known.is_some()));
    let shown = region.map_or_else(|reason| reason.to_string().into(), |(region, _)| region);
    entity.put("region", Read { value: Ok(shown), span });
    let text = |get: fn(&Region) -> &'static str| Read::default(known.map_or("", get));
    entity.put("place", text(|row| row.place));
    entity.put("country", text(|row| row.country));
    entity.put("area", Read::default(area.name.clone()));
    let inside = known.is_some_and(|region| is_in_each(region, lists));
    entity.put("inside", Read::default(inside));
    entity.put("accepted", Read::default(known.is_some_and(|region| accepts(area, region.country))));
    entity.put("adequacy", Read::default(known.map_or("none", |row| row.scope)));
    entity
}

/// Whether a region lies in a place of every list.
fn is_in_each(region: &Region, lists: &[&[Arc<str>]]) -> bool {
    lists.iter().all(|list| region.is_in(list.iter().map(|word| &**word)))
}

fn accepts(area: &Area, country: &str) -> bool {
    area.accepted.iter().any(|word| word.eq_ignore_ascii_case(country))
}

fn region_of(node: &Node) -> Result<(Arc<str>, Option<Span>), Unknown> {
    match (&node.value, node.as_text()) {
        // A region that the command line or leastwise.toml gives has no place in the project.
        (_, Some(text)) => Ok((text.into(), Some(node.span).filter(|span| span.end > 0))),
        (Value::Unknown(reason), _) => Err(reason.clone()),
        _ => Err(Unknown::new(crate::syntax::UnknownKind::Expression, node.to_string())),
    }
}

/// The regions of a global table's replicas beside the first, each with its place.
fn replicas(resource: &Resource) -> Vec<(Span, &Node)> {
    let Some(replicas) = resource.property("Replicas") else { return Vec::new() };
    replicas.items().iter().filter_map(|replica| replica.get("Region").map(|region| (region.span, region))).collect()
}
