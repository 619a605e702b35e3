//! The state beside a root module: what its resources are called, where the configuration does not say it.

use super::super::Context;
use super::instance::{Instance, Scope};
use super::module::{attribute, join};
use crate::source::{Sources, Span};
use crate::syntax::hcl::Block;
use crate::syntax::{Node, Part, Value, json};
use std::collections::{BTreeMap, HashMap};

/// The arguments that are a resource's own name (documentation of the AWS provider 6.25).
const NAMES: &[&str] = &["bucket", "name", "function_name", "identifier", "cluster_identifier"];

/// The types that are imported by their name, or by an ARN or address that ends in it, and the argument that is their
/// name (documentation of the AWS provider 6.25, Import).
const IMPORTED: &[(&str, &str)] = &[
    ("aws_cloudwatch_log_group", "name"),
    ("aws_db_instance", "identifier"),
    ("aws_dynamodb_table", "name"),
    ("aws_ecr_repository", "name"),
    ("aws_iam_group", "name"),
    ("aws_iam_policy", "name"),
    ("aws_iam_role", "name"),
    ("aws_iam_user", "name"),
    ("aws_kinesis_stream", "name"),
    ("aws_lambda_function", "function_name"),
    ("aws_rds_cluster", "cluster_identifier"),
    ("aws_s3_bucket", "bucket"),
    ("aws_sfn_state_machine", "name"),
    ("aws_sns_topic", "name"),
    ("aws_sqs_queue", "name"),
];

/// How deep modules may stand in each other.
const MAX_MODULES: usize = 64;

/// The number of `moved` blocks that are followed one after the other.
const MAX_MOVES: usize = 8;

/// The resources of a state: their attributes, by address.
#[derive(Debug, Default)]
pub(super) struct State {
    instances: HashMap<String, Node>,
    /// The region of most of their ARNs.
    region: Option<Node>,
}

/// The state in the folder of a root module, empty where there is none: `terraform.tfstate`, else what `terraform show
/// -json` has printed of it. Only names and ARNs of it are ever used.
pub(super) fn read(context: &Context<'_>, root: &str) -> State {
    let mut state = State::default();
    let mut regions = Regions::default();
    let path = join(root, "terraform.tfstate").filter(|path| context.sources.exists(path));
    if let Some(Ok(file)) = path.map(|path| context.sources.open(&path)) {
        if let (Some(tree), _) = json::parse(&file) {
            state.add_stored(&tree, &mut regions);
        }
    } else if let Some(tree) = shown(context, root) {
        state.add_shown(tree.at("values.root_module").unwrap_or(&tree), &mut regions, 0);
    }
    state.region = regions.most();
    state
}

/// What `terraform show -json` has printed of a state into a file of the folder (Terraform's JSON output format, values
/// representation, format version 1). A plan holds a state too, and is judged by itself.
fn shown(context: &Context<'_>, root: &str) -> Option<Node> {
    let walked = context.sources.walked_under(root);
    let skip = if root.is_empty() { 0 } else { root.len() + 1 };
    let direct = walked.iter().map(|(path, _)| path).filter(|path| {
        path.ends_with(".json")
            && !path.ends_with(".tf.json")
            && path.get(skip..).is_some_and(|name| !name.contains('/'))
    });
    direct.into_iter().find_map(|path| {
        let file = context.sources.open(path).ok()?;
        let has = |needle: &str| memchr::memmem::find(file.text.as_bytes(), needle.as_bytes()).is_some();
        if !has("\"terraform_version\"") || !has("\"root_module\"") || has("\"planned_values\"") {
            return None;
        }
        json::parse(&file).0.filter(|tree| tree.at("values.root_module").is_some())
    })
}

/// How many resources are in which region, and where one of them says so.
#[derive(Default)]
struct Regions(BTreeMap<String, (usize, Span)>);

impl Regions {
    fn count(&mut self, arn: &Node) {
        let region = arn.as_text().filter(|text| text.starts_with("arn:")).and_then(|arn| arn.split(':').nth(3));
        if let Some(region) = region.filter(|region| !region.is_empty()) {
            self.0.entry(region.to_owned()).or_insert((0, arn.span)).0 += 1;
        }
    }

    fn most(self) -> Option<Node> {
        let most = self.0.into_iter().max_by_key(|(_, (count, _))| *count);
        most.map(|(region, (_, span))| Node::string(region, span))
    }
}

impl State {
    /// Adds the resources of a state of version 4.
    fn add_stored(&mut self, tree: &Node, regions: &mut Regions) {
        for resource in tree.get("resources").map(Node::items).unwrap_or_default() {
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
                self.add(format!("{address}{key}"), attributes, regions);
            }
        }
    }

    /// Adds the resources of a module as they are printed, and of those that it calls.
    fn add_shown(&mut self, module: &Node, regions: &mut Regions, depth: usize) {
        for resource in module.get("resources").map(Node::items).unwrap_or_default() {
            let address = resource.get("address").and_then(Node::as_text);
            let managed = resource.get("mode").and_then(Node::as_text) == Some("managed");
            if let (true, Some(address), Some(values)) = (managed, address, resource.get("values")) {
                self.add(address.to_owned(), values, regions);
            }
        }
        for child in module.get("child_modules").map(Node::items).unwrap_or_default() {
            if depth < MAX_MODULES {
                self.add_shown(child, regions, depth + 1);
            }
        }
    }

    fn add(&mut self, address: String, attributes: &Node, regions: &mut Regions) {
        if let Some(arn) = attributes.get("arn") {
            regions.count(arn);
        }
        self.instances.insert(address, attributes.clone());
    }

    /// Adds what the root module's `import` blocks say: the identity of a resource that was there before, where the
    /// state does not know it yet (Terraform documentation, import block, 2026-12).
    pub(super) fn add_imports(&mut self, scope: &Scope<'_>) {
        let mut regions = Regions::default();
        for block in &scope.instance.module.imports {
            let to = written(block, "to", scope.world.context.sources);
            let (Some(to), Some(id)) = (to, attribute(block, "id")) else { continue };
            let id = scope.eval(id).to_node();
            let Some(text) = id.as_text() else { continue };
            regions.count(&id);
            let kind = to.split('[').next().and_then(|plain| plain.rsplit('.').nth(1)).unwrap_or_default();
            let Some((_, argument)) = IMPORTED.iter().find(|(of, _)| *of == kind) else { continue };
            let is_address = text.starts_with("arn:") || text.starts_with("https://");
            let name = if is_address { text.rsplit([':', '/']).next().unwrap_or(text) } else { text };
            let attributes = Node::map([(*argument, Node::string(name, id.span))], id.span);
            self.instances.entry(to).or_insert(attributes);
        }
        self.region = self.region.take().or_else(|| regions.most());
    }

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

/// An address as a block has it.
fn written(block: &Block, name: &str, sources: &Sources) -> Option<String> {
    let span = attribute(block, name)?.span;
    let file = sources.get(span.file);
    Some(file.text.get(span.range())?.split_whitespace().collect())
}

/// The address before a `moved` block, of one that the block moves.
fn moved(block: &Block, address: &str, sources: &Sources) -> Option<String> {
    let (from, to) = (written(block, "from", sources)?, written(block, "to", sources)?);
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
