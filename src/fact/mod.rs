//! Facts: what resources, code and account say together, put as questions to the rules.

mod calls;
mod deploy;
mod grant;
mod implied;
mod link;
mod provided;
mod residency;
pub mod types;
mod usage;

pub use residency::Area;

use link::Links;

use crate::model::attributes;
use crate::model::{Code, EntityType, Labelled, Project, Question, Settings, Wanted};
use crate::source::{Problem, ProblemKind, Sources};
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
    /// Label words and the day.
    pub settings: &'a Settings,
    /// Where data may lie.
    pub areas: &'a [Area],
    /// What the rules judge of the provider's own attributes.
    pub wanted: &'a Wanted,
    /// The files, for the places of problems.
    pub sources: &'a Sources,
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
    let all_labels: Vec<Labelled> = known.projects.iter().flat_map(|project| labels_of(known, project)).collect();
    let files: Vec<_> = known.code.files.values().filter(|file| known.code.judged.contains(&file.path)).collect();
    questions.par_extend(files.par_iter().flat_map_iter(|file| {
        // Code that no function was found to use may be any project's.
        let labels = labels.get(&file.path).unwrap_or(&all_labels);
        let mut questions = calls::questions(file);
        questions.extend(residency::of_file(file, known.areas, labels));
        questions
    }));
    (questions, unlisted_labels(known))
}

/// Every entity type that questions are asked about: of resources, and of our own.
pub fn entity_types() -> Vec<&'static EntityType> {
    let resources = attributes::types().flat_map(|row| row.entities.iter().copied());
    resources.chain(types::TYPES.iter().copied()).collect()
}

fn of_project(known: &Known<'_>, index: usize, project: &Project) -> Vec<Question> {
    let links = Links::of(project);
    let mut questions = grant::questions(project, &links);
    questions.extend(usage::questions(project, index, &links, known.code));
    for resource in &project.resources {
        questions.extend(deploy::questions(project, resource, known.settings, known.wanted));
        questions.extend(residency::of_resource(project, resource, known.settings, known.areas));
    }
    questions
}

/// For each code file the labels of the stores of the projects whose functions use it, each once.
fn labels_by_file(known: &Known<'_>) -> BTreeMap<Arc<str>, Vec<Labelled>> {
    let mut by_file: BTreeMap<Arc<str>, Vec<Labelled>> = BTreeMap::new();
    if known.areas.is_empty() {
        return by_file;
    }
    for (index, project) in known.projects.iter().enumerate() {
        let labels = labels_of(known, project);
        let mut files: BTreeSet<&Arc<str>> = BTreeSet::new();
        let of_project = known.code.functions.iter().filter(|((owner, _), _)| *owner == index);
        of_project.for_each(|(_, code)| files.extend(&code.files));
        for file in files {
            by_file.entry(file.clone()).or_default().extend(labels.iter().cloned());
        }
    }
    by_file
}

/// The labels of the stores of a project, each once.
fn labels_of(known: &Known<'_>, project: &Project) -> Vec<Labelled> {
    let mut labels: Vec<Labelled> = Vec::new();
    if known.areas.is_empty() {
        return labels;
    }
    for resource in &project.resources {
        let label = match known.settings.labels.of(resource) {
            Labelled::As(label, _) => Labelled::As(label, None),
            other => other,
        };
        if label != Labelled::Not && !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

/// One problem for each label value that is not in the list.
fn unlisted_labels(known: &Known<'_>) -> Vec<Problem> {
    let mut met = BTreeSet::new();
    let mut problems = Vec::new();
    for resource in known.projects.iter().flat_map(|project| &project.resources) {
        if let Labelled::Unlisted(word, span) = known.settings.labels.of(resource)
            && met.insert(word.clone())
        {
            let message = format!(
                "the label `{word}` is not known and counts as internal; expected personal, phi, pci, internal or \
                     none, or a value under [labels] in leastwise.toml"
            );
            problems.push(Problem::at(ProblemKind::Config, &known.sources.location(span), message));
        }
    }
    problems
}
