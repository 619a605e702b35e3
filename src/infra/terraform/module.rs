//! One folder of .tf files: its blocks by what they declare.

use super::super::Context;
use crate::source::{Problem, ProblemKind, normalize};
use crate::syntax::Node;
use crate::syntax::hcl::{self, Block, Expr, ExprKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The blocks of one folder.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// Relative to the repository's root.
    pub(super) folder: Arc<str>,
    pub(super) variables: HashMap<Arc<str>, Arc<Block>>,
    pub(super) locals: HashMap<Arc<str>, Arc<Expr>>,
    /// Resource blocks in the order of the files and the source.
    pub(super) resources: Vec<Arc<Block>>,
    /// `resource` and `data` blocks by `type.name` and `data.type.name`.
    pub(super) by_name: HashMap<String, Arc<Block>>,
    pub(super) outputs: HashMap<Arc<str>, Arc<Block>>,
    /// Module calls, by name.
    pub(super) calls: BTreeMap<Arc<str>, Arc<Block>>,
    pub(super) providers: Vec<Arc<Block>>,
    pub(super) moved: Vec<Arc<Block>>,
    pub(super) imports: Vec<Arc<Block>>,
}

/// The names of the configuration and value files directly inside a folder.
pub(super) fn files(context: &Context<'_>, folder: &str) -> Vec<String> {
    let walked = context.sources.walked_under(folder);
    let skip = if folder.is_empty() { 0 } else { folder.len() + 1 };
    let direct = |path: &str| path.get(skip..).filter(|name| !name.contains('/')).map(str::to_owned);
    let mut names: Vec<String> = walked.iter().filter_map(|(path, _)| direct(path)).collect();
    if !names.iter().any(|name| is_configuration(name)) {
        names = context.sources.list(folder);
    }
    names.retain(|name| is_configuration(name) || is_values(name));
    names
}

/// Whether a file name is one of Terraform's configuration files, or of OpenTofu's.
pub(super) fn is_configuration(name: &str) -> bool {
    ENDINGS.iter().any(|(ending, _)| name.ends_with(ending)) && !name.starts_with('.')
}

/// The endings of configuration files, and the one of OpenTofu that stands for it where both are there (OpenTofu's
/// documentation, "Files and Directories").
const ENDINGS: &[(&str, &str)] =
    &[(".tf", ".tofu"), (".tf.json", ".tofu.json"), (".tofu", ".tofu"), (".tofu.json", ".tofu.json")];

/// Whether a configuration file's blocks replace parts of those in the others: `override.tf`, `x_override.tf`.
fn is_override(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    stem == "override" || stem.ends_with("_override")
}

fn is_values(name: &str) -> bool {
    (name.ends_with(".tfvars") || name.ends_with(".tfvars.json")) && !name.starts_with('.')
}

/// The names of the configuration files in the order in which they are read: overrides come last.
fn configuration(names: Vec<String>) -> Vec<String> {
    let replaced = |name: &String| {
        let own = ENDINGS.iter().find(|(ending, other)| name.ends_with(ending) && ending != other);
        own.is_some_and(|(ending, other)| {
            let stem = name.strip_suffix(ending).unwrap_or_default();
            names.iter().any(|known| known.strip_suffix(other) == Some(stem))
        })
    };
    let mut kept: Vec<String> =
        names.iter().filter(|name| is_configuration(name) && !replaced(name)).cloned().collect();
    kept.sort_by_key(|name| is_override(name));
    kept
}

/// Reads the folder; `None` where it has no configuration file.
pub(super) fn load(context: &Context<'_>, folder: &str) -> (Option<Module>, Vec<Problem>) {
    let mut blocks: Vec<Arc<Block>> = Vec::new();
    let mut problems = Vec::new();
    let names = configuration(files(context, folder));
    for name in &names {
        let path = join(folder, name).unwrap_or_default();
        let file = match context.sources.open(&path) {
            Ok(file) => file,
            Err(error) => {
                problems.push(Problem::of_file(ProblemKind::Io, &path.as_str().into(), format!("the file {error}")));
                continue;
            }
        };
        let (body, met) = if hcl::is_json(name) { hcl::parse_json(&file) } else { hcl::parse(&file) };
        problems.extend(met);
        if is_override(name) {
            body.blocks.into_iter().for_each(|block| replace(&mut blocks, block));
        } else {
            blocks.extend(body.blocks);
        }
    }
    let mut module = Module { folder: folder.into(), ..Module::default() };
    blocks.into_iter().for_each(|block| module.add(block));
    ((!names.is_empty()).then_some(module), problems)
}

/// Merges a block of an override file into the one that it names (Terraform's documentation, "Override Files"): its
/// attributes replace those of the same name, its nested blocks all those of the same kind.
fn replace(blocks: &mut Vec<Arc<Block>>, over: Arc<Block>) {
    let same = |block: &&mut Arc<Block>| {
        block.kind == over.kind && block.labels == over.labels && plain(block, "alias") == plain(&over, "alias")
    };
    let Some(known) = blocks.iter_mut().find(same).filter(|_| &*over.kind != "locals") else {
        return blocks.push(over);
    };
    let mut merged = Block::clone(known);
    for attribute in &over.body.attributes {
        match merged.body.attributes.iter_mut().find(|known| known.name == attribute.name) {
            Some(known) => *known = attribute.clone(),
            None => merged.body.attributes.push(attribute.clone()),
        }
    }
    merged.body.blocks.retain(|block| !over.body.blocks.iter().any(|other| nested_kind(other) == nested_kind(block)));
    merged.body.blocks.extend(over.body.blocks.iter().cloned());
    *known = Arc::new(merged);
}

/// The kind of a nested block, also of a `dynamic` one.
fn nested_kind(block: &Block) -> &str {
    match (&*block.kind, block.labels.first()) {
        ("dynamic", Some(label)) => label,
        (kind, _) => kind,
    }
}

/// The values that Terraform takes from files beside a root module, later files first; `terraform.tfvars`, then
/// `*.auto.tfvars` in the order of their names, each also as JSON, else the only other `*.tfvars` that there is.
pub(super) fn values(context: &Context<'_>, folder: &str) -> (HashMap<Arc<str>, Arc<Expr>>, Vec<Problem>) {
    let names: Vec<String> = files(context, folder).into_iter().filter(|name| is_values(name)).collect();
    let own = |name: &str| ["terraform.tfvars", "terraform.tfvars.json"].contains(&name);
    let taken = |name: &&String| own(name) || name.contains(".auto.tfvars");
    let mut chosen: Vec<&String> = names.iter().filter(taken).collect();
    chosen.sort_by_key(|name| (!own(name), (*name).clone()));
    if let ([], [only]) = (chosen.as_slice(), names.as_slice()) {
        chosen.push(only);
    }
    let mut values = HashMap::new();
    let mut problems = Vec::new();
    for name in chosen {
        let Some(Ok(file)) = join(folder, name).map(|path| context.sources.open(&path)) else {
            continue;
        };
        let (body, met) = if hcl::is_json(name) { hcl::parse_values(&file) } else { hcl::parse(&file) };
        problems.extend(met);
        values.extend(body.attributes.into_iter().map(|attribute| (attribute.name, attribute.value)));
    }
    (values, problems)
}

/// The folders of the modules that `terraform init` has downloaded for a root module, by the path of their calls
/// (`vpc.endpoints`).
pub(super) fn downloaded(context: &Context<'_>, root: &str) -> HashMap<String, String> {
    let mut folders = HashMap::new();
    let manifest = join(root, ".terraform/modules/modules.json").filter(|path| context.sources.exists(path));
    let Some(Ok(file)) = manifest.map(|path| context.sources.open(&path)) else {
        return folders;
    };
    let (tree, _) = crate::syntax::json::parse(&file);
    for module in tree.as_ref().and_then(|tree| tree.get("Modules")).map(Node::items).unwrap_or_default() {
        let text = |key: &str| module.get(key).and_then(Node::as_text);
        if let (Some(key), Some(folder)) = (text("Key"), text("Dir").and_then(|folder| join(root, folder))) {
            folders.insert(key.to_owned(), folder);
        }
    }
    folders
}

/// A path relative to a folder; `None` where it leads out of the repository.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    normalize(format!("{folder}/{path}").trim_start_matches('/'))
}

impl Module {
    /// The addresses of its resources and calls.
    pub(super) fn declared(&self) -> BTreeSet<String> {
        let resources = self.by_name.keys().filter(|name| !name.starts_with("data.")).cloned();
        resources.chain(self.calls.keys().map(|name| format!("module.{name}"))).collect()
    }

    fn add(&mut self, block: Arc<Block>) {
        let label = |index: usize| block.labels.get(index).cloned();
        match (&*block.kind, label(0), label(1)) {
            ("variable", Some(name), _) => {
                self.variables.insert(name, block.clone());
            }
            ("output", Some(name), _) => {
                self.outputs.insert(name, block.clone());
            }
            ("module", Some(name), _) => {
                self.calls.insert(name, block.clone());
            }
            ("resource", Some(kind), Some(name)) => {
                self.by_name.insert(format!("{kind}.{name}"), block.clone());
                self.resources.push(block.clone());
            }
            ("data", Some(kind), Some(name)) => {
                self.by_name.insert(format!("data.{kind}.{name}"), block.clone());
            }
            ("provider", Some(_), _) => self.providers.push(block.clone()),
            ("moved", ..) => self.moved.push(block.clone()),
            ("import", ..) => self.imports.push(block.clone()),
            ("locals", ..) => {
                for attribute in &block.body.attributes {
                    self.locals.insert(attribute.name.clone(), attribute.value.clone());
                }
            }
            _ => {}
        }
    }
}

/// The expression of an attribute of a block.
pub(super) fn attribute<'a>(block: &'a Block, name: &str) -> Option<&'a Arc<Expr>> {
    block.body.attributes.iter().find(|attribute| &*attribute.name == name).map(|attribute| &attribute.value)
}

/// The text of an attribute that is a plain string.
pub(super) fn plain<'a>(block: &'a Block, name: &str) -> Option<&'a str> {
    match &attribute(block, name)?.kind {
        ExprKind::String(text) => Some(text),
        _ => None,
    }
}

/// Where a module call's source lies in the repository; `None` where it comes from elsewhere.
pub(super) fn local_source(folder: &str, source: &str) -> Option<String> {
    if source.starts_with("./") || source.starts_with("../") || source == "." || source == ".." {
        join(folder, source)
    } else {
        None
    }
}
