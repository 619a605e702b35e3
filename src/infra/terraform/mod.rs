//! Terraform: a root module and what it calls, evaluated as far as it is known and lowered to CloudFormation's shape.

mod body;
mod copies;
mod data;
mod document;
mod emit;
mod evaluate;
mod fold;
mod functions;
mod instance;
mod lower;
mod module;
mod operator;
mod plan;
mod policy_document;
mod provider;
mod reference;
mod render;
mod root;
mod spread;
mod state;
mod table;
#[cfg(test)]
mod tests;
mod typed;
mod value;

pub use plan::{read as read_plan, roots as plan_roots};

use super::{Context, openapi};
use crate::model::{Format, Project};
use crate::source::Problem;
use instance::World;

/// The root modules among the walked files that no plan stands for: every folder with configuration that no scanned
/// module call names.
pub fn roots(context: &Context<'_>) -> Vec<String> {
    let mut roots = root::folders(context);
    let planned = plan::planned(context, &roots);
    roots.retain(|root| !planned.contains(root));
    roots
}

/// Reads the root module in a folder.
pub fn read(context: &Context<'_>, root: &str) -> (Option<Project>, Vec<Problem>) {
    let world = World::new(*context, root, evaluate::evaluate);
    let Some(found) = root::evaluated(&world) else {
        return (None, world.into_problems());
    };
    let mut resources = fold::fold(found.items, &found.region);
    let met = openapi::add_records(context, &mut resources);
    let project = Project::new(root.into(), Format::Terraform, resources, found.region);
    let mut problems = world.into_problems();
    problems.extend(met);
    (Some(project), problems)
}
