//! One folder of .tf files: its blocks by what they declare.

use super::super::Context;
use crate::source::{Problem, ProblemKind, normalize};
use crate::syntax::hcl::{self, Block, Expr, ExprKind};
use std::collections::{BTreeMap, HashMap};
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
}

/// The names of the .tf files directly inside a folder.
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

/// Whether a file name is one of Terraform's configuration files.
pub(super) fn is_configuration(name: &str) -> bool {
    (name.ends_with(".tf") || is_json(name)) && !name.starts_with('.')
}

fn is_json(name: &str) -> bool {
    name.ends_with(".tf.json")
}

fn is_values(name: &str) -> bool {
    name.ends_with(".tfvars") && !name.starts_with('.')
}

/// Reads the folder; `None` where it has no .tf file.
pub(super) fn load(context: &Context<'_>, folder: &str) -> (Option<Module>, Vec<Problem>) {
    let mut module = Module { folder: folder.into(), ..Module::default() };
    let mut problems = Vec::new();
    let names: Vec<String> = files(context, folder).into_iter().filter(|name| is_configuration(name)).collect();
    for name in &names {
        let path = join(folder, name).unwrap_or_default();
        match context.sources.open(&path) {
            Ok(file) if is_json(name) => {
                let message = "Terraform configuration in JSON is not read";
                problems.push(Problem::of_file(ProblemKind::Parse, &file.path, message));
            }
            Ok(file) => {
                let (body, met) = hcl::parse(&file);
                problems.extend(met);
                body.blocks.into_iter().for_each(|block| module.add(block));
            }
            Err(error) => {
                problems.push(Problem::of_file(ProblemKind::Io, &path.as_str().into(), format!("the file {error}")));
            }
        }
    }
    ((!names.is_empty()).then_some(module), problems)
}

/// The values that Terraform takes from files beside a root module, later files first; `terraform.tfvars`, then
/// `*.auto.tfvars` in the order of their names, else the only other `*.tfvars` that there is.
pub(super) fn values(context: &Context<'_>, folder: &str) -> (HashMap<Arc<str>, Arc<Expr>>, Vec<Problem>) {
    let names: Vec<String> = files(context, folder).into_iter().filter(|name| is_values(name)).collect();
    let taken = |name: &&String| *name == "terraform.tfvars" || name.ends_with(".auto.tfvars");
    let mut chosen: Vec<&String> = names.iter().filter(taken).collect();
    chosen.sort_by_key(|name| (*name != "terraform.tfvars", (*name).clone()));
    if let ([], [only]) = (chosen.as_slice(), names.as_slice()) {
        chosen.push(only);
    }
    let mut values = HashMap::new();
    let mut problems = Vec::new();
    for name in chosen {
        let Some(Ok(file)) = join(folder, name).map(|path| context.sources.open(&path)) else {
            continue;
        };
        let (body, met) = hcl::parse(&file);
        problems.extend(met);
        values.extend(body.attributes.into_iter().map(|attribute| (attribute.name, attribute.value)));
    }
    (values, problems)
}

/// A path relative to a folder; `None` where it leads out of the repository.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    normalize(format!("{folder}/{path}").trim_start_matches('/'))
}

impl Module {
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
