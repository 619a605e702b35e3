//! Everything that is known of the resources, for programs.

use super::cloudformation;
use crate::finding::Doubt;
use crate::model::links::{self, Link, Target};
use crate::model::{CodeSource, Presence, Project, Resource};
use crate::source::Sources;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// `{"version":1,"projects":[…]}`.
pub(super) fn print(projects: &[Project], doubts: &[Doubt], sources: &Sources) -> Value {
    let projects: Vec<Value> = projects.iter().map(|project| of_project(project, doubts, sources)).collect();
    json!({ "version": 1, "projects": projects })
}

fn of_project(project: &Project, doubts: &[Doubt], sources: &Sources) -> Value {
    let mut links: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for link in links::links(project) {
        links.entry(&link.from.id).or_default().push(of_link(&link, sources));
    }
    let mut of = |resource: &Resource| {
        let mut value = of_resource(resource, links.remove(&*resource.id).unwrap_or_default(), sources);
        let place = sources.location(resource.span);
        let doubt = doubts.iter().find(|doubt| doubt.is_about(&resource.kind, &resource.name, &place));
        if let (Some(doubt), Some(map)) = (doubt, value.as_object_mut()) {
            map.insert("doubt".to_owned(), json!(doubt));
        }
        value
    };
    let resources: Vec<Value> = project.resources.iter().map(&mut of).collect();
    json!({
        "path": project.path,
        "format": format!("{:?}", project.format).to_lowercase(),
        "region": cloudformation::value("region", &project.region),
        "resources": resources,
    })
}

fn of_link(link: &Link<'_>, sources: &Sources) -> Value {
    let (kind, to) = match &link.to {
        Target::Resource(id) => ("resource", &***id),
        Target::Managed(arn) => ("managed-policy", &**arn),
    };
    json!({ "kind": kind, "to": to, "path": link.path, "location": sources.location(link.span) })
}

fn of_resource(resource: &Resource, links: Vec<Value>, sources: &Sources) -> Value {
    json!({
        "id": resource.id,
        "type": resource.kind,
        "name": resource.name,
        "location": sources.location(resource.span),
        "generated_from": resource.generated_from,
        "possible": match &resource.presence {
            Presence::Always => None,
            Presence::Possible(reason) => Some(reason),
        },
        "code": match &resource.code {
            CodeSource::None => None,
            CodeSource::Local { path, .. } => Some(path.to_string()),
            CodeSource::Inline(_) => Some("inline".to_owned()),
            CodeSource::Elsewhere(reason) => Some(format!("elsewhere: {reason}")),
            CodeSource::Unknown(reason) => Some(format!("unknown: {reason}")),
        },
        "links": links,
        "properties": cloudformation::value("", &resource.properties),
    })
}
