//! What a document adds to a project: properties of its API, and a record of each thing that it describes.

use super::pointer::resolved;
use super::record::derived;
use super::settings;
use super::shape::{ApiKind, DERIVED};
use crate::infra::Context;
use crate::model::Resource;
use crate::source::Problem;
use std::collections::HashSet;
use std::sync::Arc;

/// Gives each API with a document of its own (`Body`) what the document says of it, and adds after it a record of each
/// of its routes, authorizers and integrations, for rules to judge like those that are resources; an API whose records
/// are there already gets none.
pub fn add_records(context: &Context<'_>, resources: &mut Vec<Resource>) -> Vec<Problem> {
    let known: HashSet<Arc<str>> = resources
        .iter()
        .filter(|resource| resource.properties.get(DERIVED).is_some())
        .filter_map(|resource| resource.property("RestApiId").or_else(|| resource.property("ApiId")))
        .filter_map(|api| api.as_reference().map(|reference| reference.resource.clone()))
        .collect();
    let mut problems = Vec::new();
    let mut all = Vec::with_capacity(resources.len());
    for mut resource in resources.drain(..) {
        let (Some(kind), Some(body)) = (ApiKind::of(&resource), resource.property("Body").cloned()) else {
            all.push(resource);
            continue;
        };
        settings::import(&mut resource, kind, &body);
        let records = if known.contains(&resource.id) {
            Vec::new()
        } else {
            let (document, mut met) = resolved(context, &body);
            problems.append(&mut met);
            derived(&document, kind, &resource).into_iter().map(|(_, record)| record).collect()
        };
        all.push(resource);
        all.extend(records);
    }
    *resources = all;
    problems
}
