//! Facts: what resources, code and account say together, put as questions to the rules.

mod admission;
mod attachment;
mod calls;
mod deploy;
mod doubt;
mod encryption;
mod escalation;
mod fetch;
mod grant;
mod implied;
mod keys;
mod link;
mod listed;
mod needs;
mod orchestration;
mod principals;
mod provided;
mod residency;
mod resource_policy;
mod right;
mod runtime;
mod slip;
mod smallest;
mod statement;
mod target;
mod tenant;
mod two_hops;
pub mod types;
mod usage;
mod uses;
mod words;

pub use doubt::doubts;
pub use principals::{Edge, Graph, Means, Member, MemberKind, Reach, graph};
pub use residency::Area;
pub use right::{Reason, Right};
pub use smallest::{Smallest, smallest};
pub use words::{Words, literal, local_id, quoted, yaml};

use link::Links;
use needs::Needs;

use crate::model::attributes;
use crate::model::{Code, EntityType, Labelled, Project, Question, Settings, Wanted};
use crate::source::{Problem, ProblemKind, Sources, Span, nearest};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What facts are derived from.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The projects.
    pub projects: &'a [Project],
    /// Their code.
    pub code: &'a Code,
    /// The settings, each for the projects and files below a folder; the first holds where no other does.
    pub scopes: &'a [Scope],
    /// What the rules judge of the provider's own attributes.
    pub wanted: &'a Wanted,
    /// The files, for the places of problems.
    pub sources: &'a Sources,
}

/// What holds for the projects and files below a folder: the nearest one above them decides.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The folder, relative to the repository's root; `""` for the root.
    pub folder: Arc<str>,
    /// Label words and the day.
    pub settings: Settings,
    /// Where data may lie.
    pub areas: Vec<Area>,
}

impl<'a> Known<'a> {
    /// The settings that hold for a path, with their index.
    fn scope(&self, path: &str) -> (usize, Option<&'a Scope>) {
        let index = nearest(self.scopes.iter().map(|scope| &*scope.folder), path).unwrap_or(0);
        (index, self.scopes.get(index))
    }
}

/// Every question that the rules are asked, in the order of the projects and files.
pub fn derive(known: &Known<'_>) -> (Vec<Question>, Vec<Problem>) {
    let mut questions: Vec<Question> = known
        .projects
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, project)| of_project(known, index, project))
        .collect();
    let labels = labels_by_file(known);
    let all_labels: Vec<Labelled> = known.projects.iter().flat_map(|project| labels_of(known, project).1).collect();
    let code = known.code;
    let is_asked = |path| code.judged.contains(path) || code.doubtful.contains_key(path);
    let files: Vec<_> = code.files.values().filter(|file| is_asked(&file.path)).collect();
    questions.par_extend(files.par_iter().flat_map_iter(|file| {
        let (own, scope) = known.scope(&file.path);
        let mut questions = calls::questions(file);
        questions.iter_mut().for_each(|question| question.scope = own);
        // Where data may lie is its project's to say. Code that no function was found to use may be any project's.
        let alone = || BTreeMap::from([(own, all_labels.clone())]);
        for (index, labels) in labels.get(&file.path).cloned().unwrap_or_else(alone) {
            let areas = known.scopes.get(index).or(scope).map_or(&[][..], |scope| &scope.areas);
            let placed = residency::of_file(file, areas, &labels);
            questions.extend(placed.into_iter().map(|question| Question { scope: index, ..question }));
        }
        let doubt = code.doubtful.get(&file.path);
        questions.iter_mut().for_each(|question| question.doubt = doubt.cloned());
        questions
    }));
    (questions, unlisted_labels(known))
}

/// Every entity type that questions are asked about: of resources, and of our own.
pub fn entity_types() -> Vec<&'static EntityType> {
    let resources = attributes::types().flat_map(|row| row.entities.iter().copied());
    // A rule of a security group is a record of its group and a resource of its own.
    let mut met = BTreeSet::new();
    resources.chain(types::TYPES.iter().copied()).filter(|kind| met.insert(kind.name)).collect()
}

fn of_project(known: &Known<'_>, index: usize, project: &Project) -> Vec<Question> {
    let links = Links::of(project);
    let of = |function| Needs::of(project, index, function, known.code);
    let needs: Vec<Vec<Needs<'_>>> =
        links.holders.iter().map(|holder| holder.functions.iter().map(|function| of(function)).collect()).collect();
    let mut questions = grant::questions(project, &links, &needs);
    questions.extend(usage::questions(project, &links, &needs));
    questions.extend(encryption::questions(project, &links, &needs));
    questions.extend(tenant::questions(project, &links, &needs));
    questions.extend(fetch::questions(project, index, &links, &needs, (known.code, known.sources)));
    questions.extend(calls::of_functions(project, index, known.code));
    let (index, Some(scope)) = known.scope(&project.path) else { return questions };
    for resource in &project.resources {
        questions.extend(deploy::questions(project, resource, &scope.settings, known.wanted));
        questions.extend(residency::of_resource(project, resource, &scope.settings, &scope.areas));
    }
    questions.iter_mut().for_each(|question| question.scope = index);
    questions
}

/// For each code file the labels of the stores of the projects whose functions use it, by the settings of these.
fn labels_by_file(known: &Known<'_>) -> BTreeMap<Arc<str>, BTreeMap<usize, Vec<Labelled>>> {
    let mut by_file: BTreeMap<Arc<str>, BTreeMap<usize, Vec<Labelled>>> = BTreeMap::new();
    let mut files: BTreeMap<usize, BTreeSet<&Arc<str>>> = BTreeMap::new();
    for ((owner, _), code) in &known.code.functions {
        files.entry(*owner).or_default().extend(&code.files);
    }
    for (index, project) in known.projects.iter().enumerate() {
        let (scope, labels) = labels_of(known, project);
        for file in files.remove(&index).unwrap_or_default() {
            let of_file = by_file.entry(file.clone()).or_default().entry(scope).or_default();
            of_file.extend(labels.iter().cloned());
        }
    }
    by_file
}

/// The labels of the stores of a project, each once, where its settings ask for a place; and the settings' index.
fn labels_of(known: &Known<'_>, project: &Project) -> (usize, Vec<Labelled>) {
    let mut labels: Vec<Labelled> = Vec::new();
    let (index, Some(scope)) = known.scope(&project.path) else { return (0, labels) };
    if scope.areas.is_empty() {
        return (index, labels);
    }
    for resource in &project.resources {
        let label = match scope.settings.labels.of(resource) {
            Labelled::As(label, _) => Labelled::As(label, None),
            other => other,
        };
        if label != Labelled::Not && !labels.contains(&label) {
            labels.push(label);
        }
    }
    (index, labels)
}

/// One problem for each label value that is not in the list.
fn unlisted_labels(known: &Known<'_>) -> Vec<Problem> {
    let mut met = BTreeSet::new();
    let mut problems = Vec::new();
    for project in known.projects {
        let (_, Some(scope)) = known.scope(&project.path) else { continue };
        let labels = project.resources.iter().map(|resource| scope.settings.labels.of(resource));
        for (word, span) in labels.filter_map(unlisted) {
            if !met.insert(word.clone()) {
                continue;
            }
            let message = format!(
                "the label `{word}` is not known and counts as internal; expected personal, phi, pci, internal or \
                     none, or a value under [labels] in leastwise.toml"
            );
            problems.push(Problem::at(ProblemKind::Config, &known.sources.location(span), message));
        }
    }
    problems
}

fn unlisted(label: Labelled) -> Option<(Arc<str>, Span)> {
    match label {
        Labelled::Unlisted(word, span) => Some((word, span)),
        _ => None,
    }
}
