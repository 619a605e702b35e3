//! Every resource block of a module and of the modules that it calls, as resources.

use super::body::body;
use super::copies::copies;
use super::functions::path;
use super::instance::{Copy, Frame, Instance, Scope, World};
use super::lower::{self, Spawned};
use super::provider::{self, Provider};
use super::reference::children;
use super::state::State;
use super::table::{self, Shape};
use crate::model::{CodeSource, Presence, Resource};
use crate::source::{Problem, ProblemKind, Sources, Span};
use crate::syntax::hcl::Block;
use crate::syntax::{Entry, Node, UnknownKind, Value};
use std::rc::Rc;
use std::sync::Arc;

/// The number of resources of one project.
const MAX_RESOURCES: usize = 20_000;

/// One resource and what Terraform calls it.
pub(super) struct Item {
    pub(super) resource: Resource,
    /// The Terraform type.
    pub(super) kind: Arc<str>,
    /// The evaluated block.
    pub(super) body: Node,
}

/// An archive that the configuration builds, and what it is built from.
pub(super) struct Archive {
    /// `output_path` as it is written.
    output: String,
    /// The folder or file, relative to the repository's root, and where it is named.
    source: Option<(String, Span)>,
}

/// What was found so far.
pub(super) struct Found {
    pub(super) items: Vec<Item>,
    pub(super) archives: Vec<Archive>,
    /// The project's region.
    pub(super) region: Node,
}

impl Found {
    pub(super) fn new(region: Node) -> Self {
        Self { items: Vec::new(), archives: Vec::new(), region }
    }
}

/// Adds everything that an instance and the modules below it declare.
pub(super) fn emit<'w>(world: &'w World<'w>, instance: &Rc<Instance>, state: &State, found: &mut Found) {
    let project = found.region.clone();
    let scope = Scope::new(world, instance.clone());
    archives(&scope, found);
    for block in &instance.module.resources {
        let (Some(kind), Some(name)) = (block.labels.first(), block.labels.get(1)) else {
            continue;
        };
        if !kind.starts_with("aws_") {
            continue;
        }
        let provider = provider::of(block, &scope);
        let key = format!("{kind}.{name}");
        for copy in &copies(&key, block, &scope).items {
            if found.items.len() >= MAX_RESOURCES {
                let message = format!("more than {MAX_RESOURCES} resources; what comes after was not judged");
                return world.problem(Problem::of_file(ProblemKind::Limit, &world.root, message));
            }
            let declared = Declared { kind, key: &key, block, copy, provider: &provider, project: &project, state };
            declared.add(&scope, found);
        }
    }
    for (name, block) in &instance.module.calls {
        for child in children(name, block, &scope).iter() {
            emit(world, child, state, found);
        }
    }
}

/// One copy of a resource block.
struct Declared<'a> {
    kind: &'a Arc<str>,
    key: &'a str,
    block: &'a Block,
    copy: &'a Copy,
    provider: &'a Provider,
    /// The project's region.
    project: &'a Node,
    state: &'a State,
}

/// A resource as Terraform knows it, before it is lowered.
pub(super) struct Declaration {
    /// The Terraform type.
    pub(super) kind: Arc<str>,
    /// The full address.
    pub(super) address: Arc<str>,
    /// The evaluated block.
    pub(super) body: Node,
    /// Where it is declared.
    pub(super) span: Span,
    pub(super) presence: Presence,
    /// The calls that led to it, outermost first.
    pub(super) calls: Vec<(Span, String)>,
    /// Its region, where that is not the project's.
    pub(super) region: Option<Node>,
    /// The tags that the provider gives it.
    pub(super) tags: Option<Node>,
}

impl Declaration {
    /// Adds the resource and those that its block holds.
    pub(super) fn add(self, sources: &Sources, found: &mut Found) {
        let Self { kind: name, body, span, .. } = self;
        let name = table::variant(name, &body);
        let (kind, mut properties, spawned) = match table::of(&name) {
            Some(known) => {
                let kind = lowered_kind(&name, known.kind, &body);
                let lowered = lower::lower(&name, kind, known, &body, sources);
                (kind, lowered.properties, lowered.spawned)
            }
            None => (&*name, lower::plain(&body), Vec::new()),
        };
        // A companion that configures its parent carries no tags; the parent has inherited them already.
        let taggable = table::of(&name).is_none_or(|known| known.parents.is_empty() || !known.item_of.is_empty());
        if let Some(tags) = self.tags.as_ref().filter(|_| taggable) {
            // A table is tagged as a table, whether or not its replicas give it the shape of a global one.
            let tagged = table::of(&name).map_or(kind, |known| known.kind);
            inherit(tagged, &mut properties, tags);
        }
        let mut resource = Resource::new(kind, self.address, properties, span);
        resource.presence = self.presence;
        resource.calls = self.calls;
        resource.region = self.region;
        for spawned in spawned {
            found.items.push(Item {
                resource: own_resource(&spawned, &resource),
                kind: "".into(),
                body: Node::new(Value::Map(Vec::new()), spawned.span),
            });
        }
        found.items.push(Item { resource, kind: name, body });
    }
}

impl Declared<'_> {
    fn add(&self, scope: &Scope<'_>, found: &mut Found) {
        let instance = &scope.instance;
        let inner = scope.inside(instance.clone(), self.copy.frame(&Frame::default()));
        let mut body = body(self.block, &inner).to_node();
        let own = format!("{}{}", self.key, self.copy.suffix);
        self.state.identify(&mut body, &own, instance, scope.world.context.sources);
        let declaration = Declaration {
            kind: self.kind.clone(),
            address: format!("{}{own}", instance.prefix).into(),
            span: self.block.header,
            presence: instance.presence.and(&self.copy.presence),
            calls: instance.calls.clone(),
            region: self.region(&body),
            tags: self.provider.tags.clone(),
            body,
        };
        declaration.add(scope.world.context.sources, found);
    }

    /// The resource's own `region`, else its provider's where that is not the project's.
    fn region(&self, body: &Node) -> Option<Node> {
        let written = body.get("region").filter(|region| !region.is_absent());
        let provided = || self.provider.region.as_ref().filter(|region| region.value != self.project.value);
        let unknown = || {
            let unresolved = self.provider.region.is_none() && provider::is_named(self.block);
            unresolved.then(|| Node::unknown(UnknownKind::Parameter, "the provider's region", self.block.header))
        };
        written.or_else(provided).cloned().or_else(unknown)
    }
}

/// A table with replicas has the shape of a global table.
fn lowered_kind(kind: &str, known: &'static str, body: &Node) -> &'static str {
    if kind == "aws_dynamodb_table" && body.get("replica").is_some_and(|replicas| !replicas.items().is_empty()) {
        return "AWS::DynamoDB::GlobalTable";
    }
    known
}

fn own_resource(spawned: &Spawned, owner: &Resource) -> Resource {
    let span = spawned.span;
    let reference = Node::reference(owner.id.clone(), "", span);
    let reference = match table::shape(spawned.kind, spawned.owner) {
        Some(Shape::Scalars) => Node::list(vec![reference], span),
        _ => reference,
    };
    let properties = Node::map([(spawned.owner, reference), (spawned.property, spawned.value.clone())], span);
    Resource {
        name: owner.name.clone(),
        presence: owner.presence.clone(),
        region: owner.region.clone(),
        generated_from: Some(owner.name.clone()),
        calls: owner.calls.clone(),
        ..Resource::new(spawned.kind, format!("{}#policy", owner.id), properties, span)
    }
}

/// Adds the provider's tags that a taggable resource does not set itself.
fn inherit(kind: &str, properties: &mut Node, defaults: &Node) {
    let span = defaults.span;
    let merged = match table::shape(kind, "Tags") {
        Some(Shape::Objects) => {
            let defaults = lower::tags(defaults, "Key", "Value");
            match properties.get("Tags") {
                Some(own) => with_defaults(own, &defaults),
                None => defaults,
            }
        }
        Some(Shape::Free) => {
            let mut merged = defaults.clone();
            for entry in properties.get("Tags").map(Node::entries).unwrap_or_default() {
                merged.set(entry.key.clone(), entry.key_span, entry.value.clone());
            }
            merged
        }
        _ => return,
    };
    properties.set("Tags", span, merged);
}

fn with_defaults(own: &Node, defaults: &Node) -> Node {
    if let Value::Either { condition, then, otherwise } = &own.value {
        let (then, otherwise) = (Box::new(with_defaults(then, defaults)), Box::new(with_defaults(otherwise, defaults)));
        return Node::new(Value::Either { condition: condition.clone(), then, otherwise }, own.span);
    }
    let has = |key: Option<&str>| own.items().iter().any(|tag| tag.get("Key").and_then(Node::as_text) == key);
    let mut tags: Vec<Node> = defaults
        .items_or_self()
        .iter()
        .filter(|tag| !has(tag.get("Key").and_then(Node::as_text)) || tag.get("Key").is_none())
        .cloned()
        .collect();
    tags.extend(own.items_or_self().iter().cloned());
    Node::list(tags, own.span)
}

/// Notes the archives that `archive_file` builds, as a data source or a resource.
fn archives(scope: &Scope<'_>, found: &mut Found) {
    let module = &scope.instance.module;
    let mut blocks: Vec<(&String, &Arc<Block>)> =
        module.by_name.iter().filter(|(key, _)| key.contains("archive_file.")).collect();
    blocks.sort_by_key(|(key, _)| *key);
    for (key, block) in blocks {
        for copy in &copies(key, block, scope).items {
            let inner = scope.inside(scope.instance.clone(), copy.frame(&Frame::default()));
            let body = body(block, &inner).to_node();
            let output = body.get("output_path").map(Node::to_string).unwrap_or_default();
            let named =
                ["source_dir", "source_file"].iter().find_map(|name| body.get(name).filter(|path| !path.is_absent()));
            let source = named.and_then(|path| {
                let found = path::resolve(path.as_text()?, &scope.world.root, &scope.world.context)?;
                Some((found, path.span))
            });
            found.archives.push(Archive { output, source });
        }
    }
}

/// Where the code of each function lies.
pub(super) fn place_code<'w>(world: &'w World<'w>, found: &mut Found) {
    let mut placed = Vec::new();
    for (index, item) in found.items.iter().enumerate().filter(|(_, item)| &*item.kind == "aws_lambda_function") {
        placed.push((index, code(world, item, found)));
    }
    for (index, code) in placed {
        if let Some(item) = found.items.get_mut(index) {
            item.resource.code = code;
        }
    }
}

fn code<'w>(world: &'w World<'w>, item: &Item, found: &Found) -> CodeSource {
    let written = |name: &str| item.body.get(name).filter(|value| !value.is_absent());
    if let Some(file) = written("filename") {
        return archive(world, item, file, found);
    }
    if written("image_uri").is_some() {
        return CodeSource::Elsewhere("the code is in a container image".into());
    }
    let object = written("s3_key").and_then(|key| key.references().first().map(|reference| reference.resource.clone()));
    let uploaded = object.and_then(|id| found.items.iter().find(|item| item.resource.id == id));
    if let Some(source) = uploaded.and_then(|object| object.body.get("source")) {
        return archive(world, item, source, found);
    }
    CodeSource::Elsewhere("the code is in a bucket".into())
}

/// The folder that an archive is built from: by `archive_file`, else the one that has its name.
fn archive<'w>(world: &'w World<'w>, item: &Item, file: &Node, found: &Found) -> CodeSource {
    let name = file.to_string();
    if let Some(known) = found.archives.iter().find(|archive| archive.output == name) {
        return match &known.source {
            Some((path, span)) => CodeSource::Local { path: path.as_str().into(), span: *span },
            None => CodeSource::Elsewhere("the archive is built from what is not a path in the repository".into()),
        };
    }
    let Some(text) = file.as_text() else {
        return CodeSource::Unknown(format!("the path of the archive, {name}, is not known").into());
    };
    let stem = text.strip_suffix(".zip").unwrap_or(text);
    match path::resolve(stem, &world.root, &world.context) {
        Some(folder) if !world.context.sources.list(&folder).is_empty() => {
            CodeSource::Local { path: folder.into(), span: file.span }
        }
        _ => match path::resolve(text, &world.root, &world.context) {
            Some(path) if CodeSource::is_built(item.body.get("runtime").and_then(Node::as_text)) => {
                CodeSource::Local { path: path.into(), span: file.span }
            }
            _ => CodeSource::Elsewhere(format!("the archive {text} is not built in the repository").into()),
        },
    }
}

/// Adds the entries of `from` to the list or map under the same key, or sets them.
pub(super) fn merge(into: &mut Node, from: &Node, presence: &Presence) {
    for entry in from.entries() {
        let value = conditional(&entry.value, presence);
        let merged = match into.get(&entry.key) {
            Some(known) => combined(known, value, presence),
            None => value,
        };
        into.set(entry.key.clone(), entry.key_span, merged);
    }
}

fn combined(known: &Node, value: Node, presence: &Presence) -> Node {
    match (&known.value, &value.value) {
        (Value::List(before), Value::List(added)) => {
            Node::list(before.iter().chain(added).cloned().collect(), known.span)
        }
        (Value::Map(_), Value::Map(_)) => {
            let mut merged = known.clone();
            merge(&mut merged, &value, presence);
            merged
        }
        _ => value,
    }
}

/// A value that is there only where its resource is: items of lists one by one, so that lists can be joined.
fn conditional(value: &Node, presence: &Presence) -> Node {
    let Presence::Possible(condition) = presence else {
        return value.clone();
    };
    if let Value::List(items) = &value.value {
        return Node::list(items.iter().map(|item| conditional(item, presence)).collect(), value.span);
    }
    let otherwise = Box::new(Node::new(Value::Absent, value.span));
    let then = Box::new(value.clone());
    Node::new(Value::Either { condition: condition.clone(), then, otherwise }, value.span)
}

/// A property that holds the list with one item.
pub(super) fn item_of(list: &str, item: &Node) -> Node {
    let entry = Entry { key: list.into(), key_span: item.span, value: Node::list(vec![item.clone()], item.span) };
    Node::new(Value::Map(vec![entry]), item.span)
}
