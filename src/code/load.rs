//! Loads what is needed: the files of handlers, what they import, and the files to be judged.

use super::go_module;
use super::handler::Found;
use super::inline::{self, Place};
use super::library::is_known_module;
use super::lower::{BROKEN, TOO_DEEP, Unread};
use super::path::{Target, folder_of, language_of};
use super::program::{Link, Member, Program, UnitText};
use super::resolve;
use super::scope;
use super::unit::{Unit, index};
use super::workspace::Workspace;
use crate::model::Language;
use crate::source::{Problem, ProblemKind, SourceFile, Sources, Span};
use crate::syntax::tree::MAX_CODE_BYTES;
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
    Member(Box<Member>, Vec<Problem>),
    Empty(Arc<SourceFile>, Language),
    Problem(Problem),
}

/// Loads the files of the handlers with all they import, and the judged files.
pub(super) fn load(sources: &Sources, handlers: &[&Found], judged: &BTreeSet<Arc<str>>) -> Loaded {
    let mut loaded = Loaded::default();
    let workspace = Workspace::new(sources);
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
            pending.par_iter().map(|(path, needed)| step(sources, &workspace, path, *needed, &folders)).collect();
        known.extend(std::mem::take(&mut pending));
        for (step, leads) in steps {
            for path in leads.iter().flat_map(|target| files_behind(sources, target)) {
                if !known.get(path.as_str()).copied().unwrap_or_default() {
                    pending.insert(path.as_str().into(), true);
                }
            }
            match step {
                Step::Member(member, problems) => {
                    loaded.problems.extend(problems);
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
    loaded.part_mains();
    loaded
}

/// The files that an import leads to.
fn files_behind(sources: &Sources, target: &Target) -> Vec<String> {
    match target {
        Target::File(path) | Target::Member(path) => vec![path.clone()],
        Target::Several(paths) => paths.clone(),
        Target::Package(folder) => go_module::files_of(sources, folder),
        _ => Vec::new(),
    }
}

impl Loaded {
    fn add(&mut self, member: Member) {
        if member.unit.language == Language::Go {
            let folder = folder_of(&member.unit.path).into();
            self.program.packages.entry(folder).or_default().push(self.program.members.len());
        }
        self.program.by_path.insert(member.unit.path.clone(), self.program.members.len());
        self.program.members.push(member);
    }

    /// Several main files in one folder are built one by one: each is alone with the files that have no `main`.
    fn part_mains(&mut self) {
        let program = &mut self.program;
        let members = &program.members;
        let is_main = |unit: &usize| {
            let unit = &members[*unit].unit;
            unit.functions.iter().any(|function| function.class.is_none() && &*function.name == "main")
        };
        for units in program.packages.values_mut() {
            let mains: Vec<usize> = units.iter().copied().filter(is_main).collect();
            if mains.len() > 1 {
                units.retain(|unit| !mains.contains(unit));
                for main in mains {
                    let own = std::iter::once(main).chain(units.iter().copied()).collect();
                    program.alone.insert(main, own);
                }
            }
        }
    }

    fn link(&mut self, targets: &HashMap<Arc<str>, Vec<Target>>) {
        let by_path = &self.program.by_path;
        for member in &mut self.program.members {
            let Some(targets) = targets.get(&member.unit.path) else { continue };
            let link = |target: &Target| match target {
                Target::File(path) => by_path.get(path.as_str()).map_or(Link::Missing, |unit| Link::Unit(*unit)),
                Target::Member(path) => by_path.get(path.as_str()).map_or(Link::Missing, |unit| Link::Member(*unit)),
                Target::Several(paths) => {
                    Link::Several(paths.iter().filter_map(|path| by_path.get(path.as_str()).copied()).collect())
                }
                Target::Folder(path) => Link::Folder(path.as_str().into()),
                Target::Package(path) => Link::Package(path.as_str().into()),
                Target::Outside => Link::Outside,
                Target::Nowhere => Link::Nowhere,
                Target::Missing => Link::Missing,
            };
            member.links = targets.iter().map(link).collect();
        }
        for (at, member) in self.program.members.iter().enumerate() {
            for (import, link) in member.unit.imports.iter().zip(&member.links) {
                let runs =
                    || member.text.as_str().get(import.span.0 as usize..).is_some_and(|text| text.starts_with("exec"));
                if let Link::Unit(run) = link
                    && import.all
                    && runs()
                {
                    self.program.run_by.entry(*run).or_default().push(at);
                }
            }
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
        let (unit, problems) = lower(unit, &text);
        let outside = |module: &str| if is_known_module(module) { Link::Outside } else { Link::Missing };
        let links = unit.imports.iter().map(|import| outside(&import.module)).collect();
        // Where the template puts in what is not known here, nobody can say whether the whole would parse.
        if !text.contains(inline::HOLE) {
            let place = |(at, kind, message): Fault| {
                let span = place.map(Span::new(node.span.file, at, at));
                Problem::at(kind, &sources.location(span), message)
            };
            loaded.problems.extend(problems.into_iter().map(place));
        }
        loaded.places.insert(found.path.clone(), place);
        loaded.add(Member { unit, text: UnitText::Inline(text), links, module: "".into() });
    }
}

fn step(
    sources: &Sources,
    workspace: &Workspace<'_>,
    path: &Arc<str>,
    needed: bool,
    folders: &[String],
) -> (Step, Vec<Target>) {
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
    if !needed && file.text.len() <= MAX_CODE_BYTES && !scope::may_hold_facts(&file.text) {
        return (Step::Empty(file, language), Vec::new());
    }
    let unit = Unit::new(file.id, path.clone(), language);
    let (unit, faults) = lower(unit, &file.text);
    let roots: Vec<String> =
        folders.iter().filter(|folder| folder.is_empty() || path.starts_with(&format!("{folder}/"))).cloned().collect();
    let (targets, module) = resolve::resolve(sources, workspace, &unit, &roots);
    let place = |(at, kind, message): Fault| match at {
        0 => Problem::of_file(kind, path, message),
        _ => Problem::at(kind, &file.location(Span::new(file.id, at, at)), message),
    };
    let problems = faults.into_iter().map(place).collect();
    let member = Member { unit, text: UnitText::File(file.clone()), links: Vec::new(), module };
    (Step::Member(Box::new(member), problems), targets)
}

/// What is wrong with a text: the byte where, and what.
type Fault = (usize, ProblemKind, String);

/// Lowers a text with what is wrong with it; a panic is a problem of this file alone.
fn lower(unit: Unit, text: &str) -> (Unit, Vec<Fault>) {
    let Unit { file, language, .. } = unit;
    let path = unit.path.clone();
    let hidden = |reason: &str, at: usize| Unit::hidden(file, path.clone(), language, reason.into(), index(at));
    if text.len() > MAX_CODE_BYTES {
        let message = format!("{path} is larger than 2 MB of code and was not read");
        return (hidden("its code is larger than 2 MB", 0), vec![(0, ProblemKind::Limit, message)]);
    }
    if scope::is_bundle(&path, text) {
        if let Some(at) = scope::endless(text) {
            let message = format!("{path} is nested too deeply to parse; it was not judged");
            return (hidden(TOO_DEEP, at), vec![(at, ProblemKind::Limit, message)]);
        }
        return (hidden("it is minified or bundled", 0), Vec::new());
    }
    let lowered = catch_unwind(AssertUnwindSafe(|| match language {
        Language::Python => super::python::lower(unit, text),
        Language::JavaScript => super::javascript::lower(unit, text),
        Language::Rust => super::rust::lower(unit, text),
        Language::Go => super::go::lower(unit, text),
        Language::Java => super::java::lower(unit, text),
    }));
    match lowered {
        Ok(Ok(unit)) => {
            let faults = unit.opaque.iter().filter_map(|(reason, (at, _))| {
                let kind = match &**reason {
                    TOO_DEEP => ProblemKind::Limit,
                    BROKEN => ProblemKind::Parse,
                    _ => return None,
                };
                Some((*at as usize, kind, format!("{reason}; what stands here was not judged")))
            });
            let faults = faults.collect();
            (unit, faults)
        }
        Ok(Err(Unread { reason, at, limit })) => {
            let kind = if limit { ProblemKind::Limit } else { ProblemKind::Parse };
            (hidden(&format!("{path} {reason}"), at), vec![(at, kind, format!("{path} {reason}"))])
        }
        Err(_) => {
            let message = format!("{path} could not be read: a bug in the reader");
            (hidden(&message, 0), vec![(0, ProblemKind::Parse, message.clone())])
        }
    }
}
