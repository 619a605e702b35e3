//! Plans as `terraform show -json` prints them: planned values, lines and references of the configuration where it is
//! there.

mod address;
mod body;
mod configuration;
mod graft;
#[cfg(test)]
mod tests;

use super::super::{Context, Options, openapi};
use super::emit::{self, Declaration, Found, Item};
use super::evaluate;
use super::fold;
use super::instance::World;
use super::module;
use super::root;
use crate::model::{Format, Presence, Project};
use crate::source::{Problem, ProblemKind, SourceFile, Span};
use crate::syntax::{Node, UnknownKind, json};
use address::without_keys;
use body::Planned;
use configuration::Configuration;
use memchr::memmem;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Where the words that tell a plan from other JSON stand at the latest.
const HEAD: usize = 4_096;

/// How deep modules may stand in each other.
const MAX_DEPTH: usize = 64;

/// The walked files that are plans, by their first words; [`read`] decides.
pub fn roots(context: &Context<'_>) -> Vec<String> {
    let walked = context.sources.walked_under("");
    let names = walked.iter().map(|(path, _)| path).filter(|path| path.ends_with(".json"));
    names.filter(|path| context.sources.open(path).is_ok_and(|file| is_plan(&file))).map(ToString::to_string).collect()
}

fn is_plan(file: &SourceFile) -> bool {
    let bytes = file.text.as_bytes();
    let head = &bytes[..bytes.len().min(HEAD)];
    memmem::find(head, b"\"format_version\"").is_some() && memmem::find(bytes, b"\"planned_values\"").is_some()
}

/// The folders among `roots` whose every block a plan knows: the plan is judged for them.
pub(super) fn planned(context: &Context<'_>, roots: &[String]) -> BTreeSet<String> {
    let mut planned = BTreeSet::new();
    for path in self::roots(context) {
        let Some(tree) = context.sources.open(&path).ok().and_then(|file| json::parse(&file).0) else {
            continue;
        };
        if let Some(Home { folder, missing }) = home(context, &path, &tree, roots)
            && missing.is_empty()
        {
            planned.insert(folder);
        }
    }
    planned
}

/// The root module that a plan was made from.
struct Home {
    folder: String,
    /// What it declares and the plan does not hold.
    missing: Vec<String>,
}

/// Finds the root module that declares all that the plan's configuration does: beside the plan, above it, elsewhere.
fn home(context: &Context<'_>, path: &str, tree: &Node, roots: &[String]) -> Option<Home> {
    let configured = configured(tree);
    if configured.is_empty() {
        return None;
    }
    let own = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let above = |folder: &&String| folder.is_empty() || own == **folder || own.starts_with(&format!("{folder}/"));
    let mut candidates: Vec<&String> = roots.iter().filter(above).collect();
    candidates.sort_by_key(|folder| std::cmp::Reverse(folder.len()));
    candidates.extend(roots.iter().filter(|folder| !above(folder)));
    candidates.into_iter().find_map(|folder| {
        let (module, _) = module::load(context, folder);
        let declared = module?.declared();
        let missing = declared.difference(&configured).cloned().collect();
        configured.is_subset(&declared).then(|| Home { folder: folder.clone(), missing })
    })
}

/// The resources and calls of the root module in a plan's configuration.
fn configured(tree: &Node) -> BTreeSet<String> {
    let Some(module) = tree.at("configuration.root_module") else {
        return BTreeSet::new();
    };
    let managed = module
        .get("resources")
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .filter(|resource| resource.get("mode").and_then(Node::as_text) == Some("managed"));
    let addresses = managed.filter_map(|resource| resource.get("address")?.as_text().map(str::to_owned));
    let calls = module.get("module_calls").map(Node::entries).unwrap_or_default();
    addresses.chain(calls.iter().map(|call| format!("module.{}", call.key))).collect()
}

/// Reads a plan. `None` without a problem where the file is other JSON that only looks like one.
pub fn read(context: &Context<'_>, path: &str) -> (Option<Project>, Vec<Problem>) {
    let file = match context.sources.open(path) {
        Ok(file) => file,
        Err(error) => return (None, vec![Problem::of_file(ProblemKind::Io, &path.into(), error.to_string())]),
    };
    let (tree, mut problems) = json::parse(&file);
    let Some(tree) = tree.filter(|tree| tree.at("planned_values.root_module").is_some()) else {
        return (None, problems);
    };
    let home = home(context, path, &tree, &root::folders(context));
    let own = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = home.as_ref().map_or(own, |home| home.folder.as_str());
    for missing in home.iter().flat_map(|home| &home.missing) {
        let message = format!("{missing} is declared in the configuration and not in this plan, which is out of date");
        problems.push(Problem::of_file(ProblemKind::Coverage, &file.path, message));
    }
    // What the plan was made with is in its values.
    let options = Options { parameters: BTreeMap::new(), ..context.options.clone() };
    let context = Context { sources: context.sources, options: &options };
    let mut world = World::new(context, folder, evaluate::evaluate);
    world.values.extend(configuration::variables(&tree));
    let written = home.as_ref().and_then(|_| root::evaluated(&world));
    let mut found = resources(&tree, &file, written, &world);
    emit::place_code(&world, &mut found);
    let mut resources = fold::fold(found.items, &found.region);
    problems.extend(openapi::add_records(&world.context, &mut resources));
    let project = Project::new(folder.into(), Format::Terraform, resources, found.region);
    // The configuration's own problems are the plan's too, but for values that the plan knows.
    problems.extend(world.into_problems());
    (Some(project), problems)
}

/// The planned resources, each with the lines and references of the one that is written, where there is one.
fn resources<'w>(tree: &Node, file: &SourceFile, written: Option<Found>, world: &'w World<'w>) -> Found {
    let mut planned = Vec::new();
    if let Some(module) = tree.at("planned_values.root_module") {
        collect(module, &mut planned, 0);
    }
    let (sources, planned): (Vec<&Node>, Vec<&Node>) =
        planned.into_iter().partition(|node| node.get("mode").and_then(Node::as_text) == Some("data"));
    let sources: HashMap<&str, &Node> =
        sources.into_iter().filter_map(|node| Some((node.get("address")?.as_text()?, node))).collect();
    let changes: HashMap<&str, &Node> = changes(tree);
    let addresses: BTreeSet<&str> = planned.iter().filter_map(|node| node.get("address")?.as_text()).collect();
    let configuration = Configuration::new(tree, &addresses);
    let region = region(&configuration, written.as_ref(), &planned, world, file);
    let mut found = Found::new(region.clone());
    let items = written.map(|written| {
        found.archives = written.archives;
        written.items
    });
    let written = Written::of(items.as_deref().unwrap_or_default());
    for node in &planned {
        let Some(mut planned) = Planned::of(node, &changes, &sources, &configuration) else {
            continue;
        };
        let own = written.item(&planned.address);
        let mut body = planned.body(own.is_none());
        let tags = take_all_tags(&mut body);
        let span = own.map_or(planned.span, |own| own.resource.span);
        let mut body = own.map_or_else(|| body.clone(), |own| graft::graft(&body, &own.body));
        graft::settle(&mut body, &planned.address, &addresses);
        let provided = if tags { None } else { planned.tags.clone() };
        let written_region = body.get("region").filter(|own| !own.is_absent()).cloned();
        let own_region = written_region.or_else(|| planned.region.clone()).filter(|own| own.value != region.value);
        let declaration = Declaration {
            kind: planned.kind.clone(),
            address: planned.address.clone(),
            span,
            presence: Presence::Always,
            calls: own.map_or_else(|| planned.calls.clone(), |own| own.resource.calls.clone()),
            region: own_region.or_else(|| own.and_then(|own| own.resource.region.clone())),
            tags: provided,
            body,
        };
        declaration.add(world.context.sources, &mut found);
    }
    found
}

/// Puts `tags_all` in the place of `tags`, where it is known: it holds the provider's tags too.
fn take_all_tags(body: &mut Node) -> bool {
    let Some(all) = body.get("tags_all").filter(|all| all.as_unknown().is_none() && !all.is_absent()).cloned() else {
        return false;
    };
    let span = body.entry("tags").map_or(all.span, |entry| entry.key_span);
    body.set("tags", span, all);
    true
}

/// Every resource and data source of AWS's provider, those of modules too.
fn collect<'a>(module: &'a Node, found: &mut Vec<&'a Node>, depth: usize) {
    let own = module.get("resources").map(Node::items).unwrap_or_default();
    found.extend(own.iter().filter(|resource| {
        let text = |key: &str| resource.get(key).and_then(Node::as_text).unwrap_or_default();
        text("type").starts_with("aws_")
    }));
    for child in module.get("child_modules").map(Node::items).unwrap_or_default() {
        if depth < MAX_DEPTH {
            collect(child, found, depth + 1);
        }
    }
}

/// What the plan does to each resource, by address.
fn changes(tree: &Node) -> HashMap<&str, &Node> {
    let all = tree.get("resource_changes").map(Node::items).unwrap_or_default().iter();
    all.filter_map(|change| Some((change.get("address")?.as_text()?, change.get("change")?))).collect()
}

/// The region of the provider, of the configuration, of most of the resources, else the one that was given.
fn region<'w>(
    configuration: &Configuration<'_>,
    written: Option<&Found>,
    planned: &[&Node],
    world: &'w World<'w>,
    file: &SourceFile,
) -> Node {
    let written_region = written.map(|written| &written.region).filter(|region| region.as_text().is_some());
    let configured = configuration.region("aws");
    let same = |written: &&Node| configured.as_ref().is_none_or(|region| region.value == written.value);
    if let Some(region) = written_region.filter(same).or(configured.as_ref()) {
        return region.clone();
    }
    let mut counts: BTreeMap<&str, (usize, &Node)> = BTreeMap::new();
    for region in planned.iter().filter_map(|node| node.at("values.region")) {
        if let Some(text) = region.as_text() {
            counts.entry(text).or_insert((0, region)).0 += 1;
        }
    }
    if let Some((_, region)) = counts.into_values().max_by_key(|(count, _)| *count) {
        return region.clone();
    }
    let span = Span::start_of(file.id);
    match (&world.context.options.region, written) {
        (Some(given), _) => Node::string(given.clone(), span),
        (None, Some(written)) => written.region.clone(),
        (None, None) => Node::unknown(UnknownKind::Parameter, "the provider's region", span),
    }
}

/// The resources of the configuration, by address, and by address without keys where the configuration alone does not
/// tell the instances apart.
struct Written<'a> {
    exact: HashMap<Arc<str>, &'a Item>,
    loose: HashMap<String, &'a Item>,
}

impl<'a> Written<'a> {
    fn of(items: &'a [Item]) -> Self {
        let mut written = Self { exact: HashMap::new(), loose: HashMap::new() };
        for item in items.iter().filter(|item| !item.kind.is_empty()) {
            written.exact.entry(item.resource.id.clone()).or_insert(item);
            written.loose.entry(without_keys(&item.resource.id)).or_insert(item);
        }
        written
    }

    fn item(&self, address: &str) -> Option<&'a Item> {
        self.exact.get(address).or_else(|| self.loose.get(&without_keys(address))).copied()
    }
}
