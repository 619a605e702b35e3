//! Code: facts from Python, JavaScript, TypeScript, Rust, Go and Java.

mod alive;
mod closures;
mod dispatch;
mod edges;
mod evaluate;
mod everyday;
mod facts;
mod forward;
mod go;
mod go_main;
mod go_module;
mod handler;
mod heirs;
mod held;
mod initializers;
mod inline;
mod java;
mod java_source;
mod javascript;
mod library;
mod load;
mod lower;
mod made;
mod members;
mod memo;
mod parameters;
mod path;
mod program;
mod python;
mod python_source;
mod reach;
mod relate;
mod resolve;
mod resources;
mod rust;
mod scope;
mod search;
mod sites;
#[cfg(test)]
mod tests;
mod traits;
mod unit;
mod unwritten;
mod value;
mod workspace;

use crate::model::{Code, CodeFile, CodeSource, CodeState, FunctionCode, Language, Project, Resource};
use crate::source::{Problem, Sources, nearest};
use facts::UnitFacts;
use handler::Found;
use load::Loaded;
use made::Made;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The resource type whose code is looked for.
const FUNCTION: &str = "AWS::Lambda::Function";

/// A function by the index of its project and its resource's id.
type FunctionKey = (usize, Arc<str>);

/// Reads the code of every function of every project, what it imports, and the code to be judged.
///
/// Where there is no project at all, every code file that was walked is judged.
pub fn read(sources: &Sources, projects: &[Project]) -> (Code, Vec<Problem>) {
    let functions: Vec<(FunctionKey, Result<Found, Arc<str>>)> = projects
        .iter()
        .enumerate()
        .flat_map(|(index, project)| project.of_kind(FUNCTION).map(move |resource| (index, project, resource)))
        .map(|(index, project, resource)| {
            let found = handler::find(sources, &project.path, resource);
            ((index, resource.id.clone()), found)
        })
        .collect();
    let handlers: Vec<&Found> = functions.iter().filter_map(|(_, found)| found.as_ref().ok()).collect();
    let base = sources.walked_base();
    let candidates = candidates(sources, &base, &handlers, projects);
    let doubtful = doubtful(sources, &base, projects);
    let asked = candidates.iter().chain(doubtful.keys()).cloned().collect();
    let mut loaded = load::load(sources, &handlers, &asked);
    relate::relate(&mut loaded.program);
    let entries = reach::entries(&mut loaded.program, &handlers);
    let units = loaded.program.members.len();
    call_sites(&mut loaded.program);
    loaded.program.forwards = forward::forwards(&loaded.program);
    let program = &loaded.program;
    let facts: Vec<UnitFacts> = (0..units).into_par_iter().map(|unit| facts::collect(program, unit)).collect();
    let (mut code, problems) = assemble(loaded, facts, functions, &entries, candidates, &base);
    code.doubtful = doubtful.into_iter().filter(|(path, _)| !code.judged.contains(path)).collect();
    (code, problems)
}

/// Notes which calls go to which functions. Where values have interfaces as types, what is called often hangs on what
/// callers hand in: a second look knows that.
fn call_sites(program: &mut program::Program) {
    let units = program.members.len();
    let sites = (0..units).into_par_iter().map(|unit| sites::call_sites(program, unit));
    program.sites = sites::merge(sites.collect());
    let typed: Vec<usize> = (0..units).filter(|unit| program.is_typed(*unit)).collect();
    if typed.is_empty() {
        return;
    }
    let again: Vec<_> = typed.into_par_iter().map(|unit| sites::call_sites(program, unit)).collect();
    let known = std::mem::take(&mut program.sites);
    program.sites = sites::merge_into(known, again);
}

/// The files that code rules may be asked of: those of every function's code folder, whether its handler was found or
/// not, and all where there is no project. What is a test is told by the path below what is scanned.
fn candidates(sources: &Sources, base: &str, handlers: &[&Found], projects: &[Project]) -> BTreeSet<Arc<str>> {
    let mut folders: BTreeSet<&str> = handlers.iter().filter_map(|found| found.folder.as_deref()).collect();
    for resource in projects.iter().flat_map(|project| project.of_kind(FUNCTION)) {
        if let CodeSource::Local { path, .. } = &resource.code {
            folders.insert(path);
        }
    }
    if projects.is_empty() {
        folders.insert("");
    }
    let installed = scope::Installed::find(sources);
    let walked = folders.into_iter().flat_map(|folder| sources.walked_under(folder));
    walked
        .map(|(path, _)| path)
        .filter(|path| path::language_of(path).is_some() && !is_left_out(base, path) && !installed.holds(path))
        .collect()
}

/// The files that may be the code of a function of which it is not known where its code lies, with the reason: those in
/// a language of its runtime, below the folder of its project and of no other one.
fn doubtful(sources: &Sources, base: &str, projects: &[Project]) -> BTreeMap<Arc<str>, Arc<str>> {
    let mut found = BTreeMap::new();
    let mut open: Vec<(&str, &Resource, &Arc<str>)> = Vec::new();
    for project in projects {
        for resource in project.of_kind(FUNCTION) {
            if let CodeSource::Unknown(reason) = &resource.code {
                open.push((project.folder(), resource, reason));
            }
        }
    }
    if open.is_empty() {
        return found;
    }
    let folders: Vec<&str> = projects.iter().map(Project::folder).collect();
    let installed = scope::Installed::find(sources);
    let mut below: BTreeMap<&str, Vec<(Arc<str>, Language)>> = BTreeMap::new();
    for (folder, resource, reason) in open {
        let files = below.entry(folder).or_insert_with(|| {
            let is_own = |path: &str| {
                nearest(folders.iter().copied(), path).is_none_or(|index| folders[index] == folder)
                    && !is_left_out(base, path)
                    && !installed.holds(path)
            };
            let files = sources.walked_under(folder).into_iter();
            let told = files.filter_map(|(path, _)| path::language_of(&path).map(|language| (path, language)));
            told.filter(|(path, _)| is_own(path)).collect()
        });
        let why = || format!("it may be code of {}: {reason}", resource.name).into();
        for (path, _) in files.iter().filter(|(_, language)| handler::may_run(resource, *language)) {
            found.entry(path.clone()).or_insert_with(why);
        }
    }
    found
}

fn is_left_out(base: &str, path: &str) -> bool {
    let below = path.strip_prefix(base).unwrap_or(path);
    scope::is_test(below) || scope::is_vendored(below)
}

fn assemble(
    loaded: Loaded,
    facts: Vec<UnitFacts>,
    functions: Vec<(FunctionKey, Result<Found, Arc<str>>)>,
    entries: &reach::Entries,
    candidates: BTreeSet<Arc<str>>,
    base: &str,
) -> (Code, Vec<Problem>) {
    let program = &loaded.program;
    let made = Made::of(program, &facts);
    let mut code = Code::default();
    for (key, found) in functions {
        let function = match found {
            Err(reason) => FunctionCode {
                files: Vec::new(),
                calls: Vec::new(),
                perhaps: Vec::new(),
                state: CodeState::Unread(reason),
            },
            Ok(found) => reach::function(program, (&facts, &made), &found, entries),
        };
        code.judged.extend(function.files.iter().filter(|path| !is_left_out(base, path)).cloned());
        code.functions.insert(key, function);
    }
    code.judged.extend(candidates);
    for (member, facts) in program.members.iter().zip(facts) {
        let place = loaded.places.get(&member.unit.path);
        let file = code_file(program, member, facts, place);
        if member.unit.hidden {
            code.judged.remove(&member.unit.path);
        }
        code.files.insert(member.unit.path.clone(), file);
    }
    for (file, language) in &loaded.empty {
        let (path, language) = (file.path.clone(), *language);
        let empty = CodeFile {
            file: file.id,
            path: path.clone(),
            language,
            calls: Vec::new(),
            imports: Vec::new(),
            opaque: Vec::new(),
        };
        code.files.entry(path).or_insert(empty);
    }
    let mut problems = loaded.problems;
    problems.sort();
    problems.dedup();
    (code, problems)
}

fn code_file(
    program: &program::Program,
    member: &program::Member,
    facts: UnitFacts,
    place: Option<&inline::Place>,
) -> CodeFile {
    let map = |span| place.map_or(span, |place| place.map(span));
    let unit = &member.unit;
    let imports: BTreeSet<Arc<str>> = member
        .links
        .iter()
        .flat_map(|link| match link {
            program::Link::Unit(unit) | program::Link::Member(unit) => vec![*unit],
            program::Link::Several(units) => units.clone(),
            program::Link::Package(folder) => program.packages.get(folder).cloned().unwrap_or_default(),
            _ => Vec::new(),
        })
        .map(|unit| program.unit(unit).path.clone())
        .filter(|path| *path != unit.path)
        .collect();
    let calls = facts.calls.into_iter().map(|(mut call, _)| {
        call.span = map(call.span);
        call
    });
    CodeFile {
        file: unit.file,
        path: unit.path.clone(),
        language: unit.language,
        calls: calls.collect(),
        imports: imports.into_iter().collect(),
        opaque: facts.opaque.into_iter().map(|(reason, span, _)| (reason, map(span))).collect(),
    }
}
