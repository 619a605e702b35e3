//! Everything that is known of the resources, for programs.

use super::cloudformation;
use crate::model::{CodeSource, Presence, Project, Resource};
use crate::source::Sources;
use serde_json::{Value, json};

/// `{"version":1,"projects":[…]}`.
pub(super) fn print(projects: &[Project], sources: &Sources) -> Value {
    let projects: Vec<Value> = projects.iter().map(|project| of_project(project, sources)).collect();
    json!({ "version": 1, "projects": projects })
}

fn of_project(project: &Project, sources: &Sources) -> Value {
    let resources: Vec<Value> = project.resources.iter().map(|resource| of_resource(resource, sources)).collect();
    json!({
        "path": project.path,
        "format": format!("{:?}", project.format).to_lowercase(),
        "region": cloudformation::value("region", &project.region),
        "resources": resources,
    })
}

fn of_resource(resource: &Resource, sources: &Sources) -> Value {
    let mut links: Vec<String> = resource.properties.references().iter().map(ToString::to_string).collect();
    links.sort_unstable();
    links.dedup();
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
        },
        "links": links,
        "properties": cloudformation::value("", &resource.properties),
    })
}
