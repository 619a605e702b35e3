//! Loads what is needed: the files of handlers, what they import, and the files to be judged.

use super::handler::{Found, language_of};
use super::inline::{self, Place};
use super::library::is_known_module;
use super::program::{Link, Member, Program, UnitText};
use super::resolve::{self, Target};
use super::scope;
use super::unit::Unit;
use crate::model::Language;
use crate::source::{Problem, ProblemKind, SourceFile, Sources};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How many rounds of imports are followed.
const MAX_ROUNDS: usize = 64;

/// What was loaded.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) program: Program,
    /// Where inline units stand, by path.
    pub(super) places: HashMap<Arc<str>, Place>,
    /// Files that were not lowered because they can hold no fact.
    pub(super) empty: Vec<(Arc<SourceFile>, Language)>,
    pub(super) problems: Vec<Problem>,
}

/// One file on its way.
enum Step {
    Member(Box<Member>),
    Empty(Arc<SourceFile>, Language),
    Problem(Problem),
}

/// Loads the files of the handlers with all they import, and the judged files.
pub(super) fn load(sources: &Sources, handlers: &[&Found], judged: &BTreeSet<Arc<str>>) -> Loaded {
    let mut loaded = Loaded::default();
    let mut folders: Vec<String> =
        handlers.iter().filter_map(|found| found.folder.as_ref()).map(|folder| folder.to_string()).collect();
    folders.sort_by_key(|folder| std::cmp::Reverse(folder.len()));
    folders.dedup();
    inline_units(sources, handlers, &mut loaded);
    let files = handlers.iter().filter(|found| found.inline.is_none()).map(|found| found.path.clone());
    let mut pending: BTreeMap<Arc<str>, bool> = judged.iter().map(|path| (path.clone(), false)).collect();
    pending.extend(files.map(|path| (path, true)));
    let mut known: BTreeMap<Arc<str>, bool> = BTreeMap::new();
    let mut targets: HashMap<Arc<str>, Vec<Target>> = HashMap::new();
    for _ in 0..MAX_ROUNDS {
        if pending.is_empty() {
            break;
        }
        let steps: Vec<(Step, Vec<Target>)> =
            pending.par_iter().map(|(path, needed)| step(sources, path, *needed, &folders)).collect();
        known.extend(std::mem::take(&mut pending));
        for (step, leads) in steps {
            for target in &leads {
                if let Target::File(path) | Target::Member(path) = target
                    && !known.get(path.as_str()).copied().unwrap_or_default()
                {
                    pending.insert(path.as_str().into(), true);
                }
            }
            match step {
                Step::Member(member) => {
                    targets.insert(member.unit.path.clone(), leads);
                    loaded.add(*member);
                }
                Step::Empty(file, language) => loaded.empty.push((file, language)),
                Step::Problem(problem) => loaded.problems.push(problem),
            }
        }
        pending.retain(|path, _| !loaded.program.by_path.contains_key(path));
    }
    loaded.link(&targets);
    loaded
}

impl Loaded {
    fn add(&mut self, member: Member) {
        self.program.by_path.insert(member.unit.path.clone(), self.program.members.len());
        self.program.members.push(member);
    }

    fn link(&mut self, targets: &HashMap<Arc<str>, Vec<Target>>) {
        let by_path = &self.program.by_path;
        for member in &mut self.program.members {
            let Some(targets) = targets.get(&member.unit.path) else { continue };
            let link = |target: &Target| match target {
                Target::File(path) => by_path.get(path.as_str()).map_or(Link::Outside, |unit| Link::Unit(*unit)),
                Target::Member(path) => by_path.get(path.as_str()).map_or(Link::Outside, |unit| Link::Member(*unit)),
                Target::Folder(path) => Link::Folder(path.as_str().into()),
                Target::Outside => Link::Outside,
                Target::Missing => Link::Missing,
            };
            member.links = targets.iter().map(link).collect();
        }
    }
}

/// Code inside templates becomes units of its own; it can import only what the runtime brings.
fn inline_units(sources: &Sources, handlers: &[&Found], loaded: &mut Loaded) {
    for found in handlers {
        let Some(node) = &found.inline else { continue };
        if loaded.program.by_path.contains_key(&found.path) {
            continue;
        }
        let template = sources.get(node.span.file);
        let Some((text, place)) = inline::text(&template, node) else { continue };
        let unit = Unit::new(node.span.file, found.path.clone(), found.language);
        match lower(unit, &text, found.language, &found.path) {
            Ok(unit) => {
                let outside = |module: &str| if is_known_module(module) { Link::Outside } else { Link::Missing };
                let links = unit.imports.iter().map(|import| outside(&import.module)).collect();
                loaded.places.insert(found.path.clone(), place);
                loaded.add(Member { unit, text: UnitText::Inline(text), links });
            }
            Err(problem) => loaded.problems.push(problem),
        }
    }
}

fn step(sources: &Sources, path: &Arc<str>, needed: bool, folders: &[String]) -> (Step, Vec<Target>) {
    let Some(language) = language_of(path) else {
        let problem = Problem::of_file(ProblemKind::Parse, path, format!("{path} is in no language that is read"));
        return (Step::Problem(problem), Vec::new());
    };
    let file = match sources.open(path) {
        Ok(file) => file,
        Err(error) => {
            let problem = Problem::of_file(ProblemKind::Io, path, format!("{path} {error}"));
            return (Step::Problem(problem), Vec::new());
        }
    };
    if !needed && !scope::may_hold_facts(&file.text) {
        return (Step::Empty(file, language), Vec::new());
    }
    let mut unit = Unit::new(file.id, path.clone(), language);
    if scope::is_bundle(path, &file.text) {
        unit.opaque.push((BUNDLE.into(), (0, 0)));
        return (Step::Member(Box::new(Member { unit, text: UnitText::File(file), links: Vec::new() })), Vec::new());
    }
    match lower(unit, &file.text, language, path) {
        Ok(unit) => {
            let roots: Vec<String> = folders
                .iter()
                .filter(|folder| folder.is_empty() || path.starts_with(&format!("{folder}/")))
                .cloned()
                .collect();
            let targets =
                unit.imports.iter().map(|import| resolve::resolve(sources, language, path, &roots, import)).collect();
            (Step::Member(Box::new(Member { unit, text: UnitText::File(file), links: Vec::new() })), targets)
        }
        Err(problem) => (Step::Problem(problem), Vec::new()),
    }
}

/// Why nothing is read from a bundle.
pub(super) const BUNDLE: &str = "it is minified or bundled";

/// Lowers a text; a panic is a problem of this file alone.
fn lower(unit: Unit, text: &str, language: Language, path: &Arc<str>) -> Result<Unit, Problem> {
    let lowered = catch_unwind(AssertUnwindSafe(|| match language {
        Language::Python => super::python::lower(unit, text).map_err(|error| error.to_string()),
        Language::JavaScript => super::javascript::lower(unit, text).map_err(|error| error.to_string()),
        Language::Rust => super::rust::lower(unit, text),
    }));
    match lowered {
        Ok(Ok(unit)) => Ok(unit),
        Ok(Err(reason)) => Err(Problem::of_file(ProblemKind::Limit, path, format!("{path} {reason}"))),
        Err(_) => {
            Err(Problem::of_file(ProblemKind::Parse, path, format!("{path} could not be read: a bug in the reader")))
        }
    }
}
