//! Infrastructure: every format lowered to resources in CloudFormation's shape.

pub mod account;
pub mod cdk;
pub mod cloudformation;
mod context;
pub mod openapi;
pub mod sam;
pub mod serverless;
pub mod template;
pub mod terraform;
pub mod unbuilt;

pub use context::{Context, Options};

use crate::model::Project;
use crate::source::{Problem, Sources};
use rayon::prelude::*;
use std::collections::HashSet;

/// What reading a root brings.
type ReadProject = (Option<Project>, Vec<Problem>);

/// One format: how its projects are found, and how one is read.
struct Reader {
    /// The roots among the walked files, in order: a template, a serverless.yml, a Terraform folder, an export.
    roots: fn(&Context<'_>) -> Vec<String>,
    /// Reads the project at a root; `None` where nothing of it could be read.
    read: fn(&Context<'_>, &str) -> ReadProject,
}

/// Every format, a row each.
const READERS: &[Reader] = &[
    Reader { roots: account::roots, read: account::read },
    Reader { roots: cdk::roots, read: cdk::read },
    Reader { roots: serverless::roots, read: serverless::read },
    Reader { roots: template::roots, read: template::read },
    Reader { roots: terraform::roots, read: terraform::read },
    Reader { roots: terraform::plan_roots, read: terraform::read_plan },
];

/// Reads every project among the walked files, in parallel; the order is the readers' and then the roots', and last the
/// API documents that none of the projects takes in.
pub fn read(sources: &Sources, options: &Options) -> (Vec<Project>, Vec<Problem>) {
    read_each(sources, &|_| options)
}

/// The same where the deployment hangs on the path of the project's root.
pub fn read_each<'a>(
    sources: &'a Sources,
    options: &(dyn Fn(&str) -> &'a Options + Sync),
) -> (Vec<Project>, Vec<Problem>) {
    let context = Context { sources, options: options("") };
    let mut roots: Vec<(&Reader, String)> = READERS
        .par_iter()
        .flat_map_iter(|reader| (reader.roots)(&context).into_iter().map(move |root| (reader, root)))
        .collect();
    let claimed: HashSet<String> =
        serverless::roots(&context).par_iter().flat_map_iter(|root| serverless::claimed(&context, root)).collect();
    let assemblies = cdk::folders(&context);
    // What lies in an assembly is its own: templates that its manifest names, and assets, which are built already.
    let is_assembled = |root: &str| !root.ends_with("manifest.json") && cdk::holds(&assemblies, root);
    roots.retain(|(_, root)| !claimed.contains(root) && !is_assembled(root));
    let one = |(reader, root): &(&Reader, String)| (reader.read)(&Context { sources, options: options(root) }, root);
    let read: Vec<_> = roots.par_iter().map(one).collect();
    let mut projects = Vec::new();
    let mut problems = Vec::new();
    for (project, met) in read {
        projects.extend(project);
        problems.extend(met);
    }
    // Which documents are APIs of their own is known when it is known what the projects have read.
    let mut documents = openapi::roots(&context, &projects);
    documents.retain(|root| !is_assembled(root));
    let alone: Vec<_> =
        documents.par_iter().map(|root| openapi::read(&Context { sources, options: options(root) }, root)).collect();
    for (project, met) in alone {
        projects.extend(project);
        problems.extend(met);
    }
    (projects, problems)
}
