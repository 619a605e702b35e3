//! The state beside a root module: what its resources are called, where the configuration does not say it.

use super::super::Context;
use super::instance::Instance;
use super::module::{attribute, join};
use crate::source::{Sources, Span};
use crate::syntax::hcl::Block;
use crate::syntax::{Node, Part, Value, json};
use std::collections::{BTreeMap, HashMap};

/// The arguments that are a resource's own name (documentation of the AWS provider 6.25).
const NAMES: &[&str] = &["bucket", "name", "function_name", "identifier", "cluster_identifier"];

/// The number of `moved` blocks that are followed one after the other.
const MAX_MOVES: usize = 8;

/// The resources of a state of version 4: their attributes, by address.
#[derive(Debug, Default)]
pub(super) struct State {
    instances: HashMap<String, Node>,
    /// The region of most of their ARNs.
    region: Option<Node>,
}

/// The state in the folder of a root module, empty where there is none. Only names and ARNs of it are ever used.
pub(super) fn read(context: &Context<'_>, root: &str) -> State {
    let path = join(root, "terraform.tfstate").filter(|path| context.sources.exists(path));
    let Some(Ok(file)) = path.map(|path| context.sources.open(&path)) else {
        return State::default();
    };
    let mut state = State::default();
    let mut regions: BTreeMap<String, (usize, Span)> = BTreeMap::new();
    let (tree, _) = json::parse(&file);
    for resource in tree.as_ref().and_then(|tree| tree.get("resources")).map(Node::items).unwrap_or_default() {
        let text = |key: &str| resource.get(key).and_then(Node::as_text).unwrap_or_default();
        if text("mode") != "managed" {
            continue;
        }
        let module = text("module");
        let dot = if module.is_empty() { "" } else { "." };
        let address = format!("{module}{dot}{}.{}", text("type"), text("name"));
        for instance in resource.get("instances").map(Node::items).unwrap_or_default() {
            let Some(attributes) = instance.get("attributes") else { continue };
            let key = match instance.get("index_key").map(|key| &key.value) {
                Some(Value::String(key)) => format!("[\"{key}\"]"),
                Some(Value::Number(index)) => format!("[{index}]"),
                _ => String::new(),
            };
            let region = attributes.get("arn").and_then(Node::as_text).and_then(|arn| arn.split(':').nth(3));
            if let Some(region) = region.filter(|region| !region.is_empty()) {
                regions.entry(region.to_owned()).or_insert((0, attributes.span)).0 += 1;
            }
            state.instances.insert(format!("{address}{key}"), attributes.clone());
        }
    }
    let most = regions.into_iter().max_by_key(|(_, (count, _))| *count);
    state.region = most.map(|(region, (_, span))| Node::string(region, span));
    state
}

impl State {
    /// The region that most of the resources are in.
    pub(super) fn region(&self) -> Option<&Node> {
        self.region.as_ref()
    }

    /// Names a resource whose configuration leaves that to the provider; `own` is its address inside its module.
    pub(super) fn identify(&self, body: &mut Node, own: &str, instance: &Instance, sources: &Sources) {
        if self.instances.is_empty() {
            return;
        }
        let Some(attributes) = self.find(own, instance, sources) else {
            return;
        };
        for name in NAMES {
            let Some(known) = attributes.get(name).and_then(Node::as_text) else {
                continue;
            };
            let written = body.entry(name).filter(|entry| !entry.value.is_absent());
            if written.is_some_and(|entry| !is_open(&entry.value)) {
                continue;
            }
            let prefix = format!("{name}_prefix");
            let span = written.or_else(|| body.entry(&prefix)).map_or(body.span, |entry| entry.value.span);
            if let Value::Map(entries) = &mut body.value {
                entries.retain(|entry| *entry.key != *prefix);
            }
            body.set(*name, span, Node::string(known, span));
        }
    }

    /// The resource under its address, or under one that it had before it was moved.
    fn find(&self, own: &str, instance: &Instance, sources: &Sources) -> Option<&Node> {
        if let Some(found) = self.instances.get(&format!("{}{own}", instance.prefix)) {
            return Some(found);
        }
        let mut below = own.to_owned();
        let mut level = Some(instance);
        while let Some(here) = level {
            let mut former = below.clone();
            for _ in 0..MAX_MOVES {
                let Some(before) = here.module.moved.iter().find_map(|block| moved(block, &former, sources)) else {
                    break;
                };
                if let Some(found) = self.instances.get(&format!("{}{before}", here.prefix)) {
                    return Some(found);
                }
                former = before;
            }
            let outer = here.caller.as_ref().map(|caller| &*caller.instance);
            let skip = outer.map_or(0, |outer| outer.prefix.len());
            below = format!("{}{below}", here.prefix.get(skip..).unwrap_or_default());
            level = outer;
        }
        None
    }
}

/// The address before a `moved` block, of one that the block moves.
fn moved(block: &Block, address: &str, sources: &Sources) -> Option<String> {
    let text = |name: &str| -> Option<String> {
        let span = attribute(block, name)?.span;
        let file = sources.get(span.file);
        Some(file.text.get(span.range())?.split_whitespace().collect())
    };
    let (from, to) = (text("from")?, text("to")?);
    let rest = address.strip_prefix(&*to)?;
    (rest.is_empty() || rest.starts_with(['[', '.'])).then(|| format!("{from}{rest}"))
}

/// Whether a name is not known and names no other resource.
fn is_open(value: &Node) -> bool {
    match &value.value {
        Value::Unknown(_) => true,
        Value::Template(parts) => !parts.iter().any(|part| matches!(part, Part::Reference(_))),
        _ => false,
    }
}
