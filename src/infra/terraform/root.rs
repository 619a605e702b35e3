//! Root modules: where they lie, and what one of them and all that it calls declare.

use super::super::Context;
use super::emit::{self, Found};
use super::instance::{Instance, Scope, World};
use super::module;
use super::provider;
use super::state::{self, State};
use crate::source::Span;
use crate::syntax::{Node, UnknownKind};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Every folder with configuration that no scanned module call names.
pub(super) fn folders(context: &Context<'_>) -> Vec<String> {
    let mut folders = BTreeSet::new();
    let mut calls: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, _) in context.sources.walked_under("") {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        if !module::is_configuration(name) {
            continue;
        }
        folders.insert(folder.to_owned());
        if let Ok(file) = context.sources.open(&path) {
            let called = sources(&file.text).filter_map(|source| module::local_source(folder, source));
            calls.entry(folder.to_owned()).or_default().extend(called);
        }
    }
    let called: BTreeSet<&String> = calls.values().flatten().collect();
    let mut roots: Vec<&String> = folders.iter().filter(|folder| !called.contains(folder)).collect();
    let mut reached = BTreeSet::new();
    roots.iter().for_each(|root| reach(root, &calls, &mut reached));
    // Modules that call each other in a circle have no root; the first of them stands for it.
    for folder in &folders {
        if !reached.contains(folder.as_str()) {
            reach(folder, &calls, &mut reached);
            roots.push(folder);
        }
    }
    roots.sort();
    roots.into_iter().cloned().collect()
}

/// Adds a folder and all that its modules call.
fn reach<'a>(folder: &'a str, calls: &'a BTreeMap<String, BTreeSet<String>>, reached: &mut BTreeSet<&'a str>) {
    let mut open = vec![folder];
    while let Some(folder) = open.pop() {
        if reached.insert(folder) {
            open.extend(calls.get(folder).into_iter().flatten().map(String::as_str));
        }
    }
}

/// The texts of `source = "…"` lines. A full parse comes later, once for each project.
fn sources(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let line = line.trim_start();
        let rest = line.strip_prefix("source").or_else(|| line.strip_prefix("\"source\""))?;
        let value = rest.trim_start().strip_prefix(['=', ':'])?.trim_start();
        value.strip_prefix('"')?.split('"').next()
    })
}

/// The resources of the root module of a world, its region and the archives that it builds; `None` where there is none.
pub(super) fn evaluated<'w>(world: &'w World<'w>) -> Option<Found> {
    let module = world.module(&world.root)?;
    let at = module.resources.first().or_else(|| module.calls.values().next()).map(|block| block.header);
    let instance = Rc::new(Instance::new(module, "".into()));
    let mut state = state::read(&world.context, &world.root);
    state.add_imports(&Scope::new(world, instance.clone()));
    let mut found = Found::new(region(world, &instance, &state, at));
    emit::emit(world, &instance, &state, &mut found);
    emit::place_code(world, &mut found);
    Some(found)
}

/// The provider's region, else the one that was given, else unknown.
fn region<'w>(world: &'w World<'w>, instance: &Rc<Instance>, state: &State, at: Option<Span>) -> Node {
    let written = provider::default(&Scope::new(world, instance.clone())).region;
    let span = written.as_ref().map(|region| region.span).or(at);
    let span = span.unwrap_or_else(|| first_span(world));
    let known = written.as_ref().is_some_and(|region| region.as_text().is_some());
    match (world.context.options.region.as_ref(), written) {
        (_, Some(region)) if known => region,
        (Some(given), _) => Node::string(given.clone(), span),
        (None, written) => {
            let known = state.region().map(|known| Node::string(known.to_string(), span));
            let unknown = || Node::unknown(UnknownKind::Parameter, "the provider's region", span);
            known.or(written).unwrap_or_else(unknown)
        }
    }
}

/// The start of the root's first file.
fn first_span(world: &World<'_>) -> Span {
    let names = module::files(&world.context, &world.root);
    let first = names.iter().find_map(|name| world.context.sources.open(&module::join(&world.root, name)?).ok());
    first.map_or(Span::start_of(crate::source::FileId(0)), |file| Span::start_of(file.id))
}
