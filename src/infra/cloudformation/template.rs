//! One template, evaluated as a whole.

use super::code::code_source;
use super::evaluator::{Evaluator, NESTED};
use super::inputs::Inputs;
use crate::infra::Context;
use crate::model::{Presence, Resource};
use crate::source::{FileId, Problem, ProblemKind, SourceFile, Span};
use crate::syntax::{Entry, Node, UnknownKind, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A template with its values.
#[derive(Debug, Clone)]
pub struct Template {
    /// The file it stands in.
    pub file: FileId,
    /// The file's path.
    pub path: Arc<str>,
    /// What stands before every id: see [`Inputs::prefix`].
    pub prefix: Arc<str>,
    /// The resources under their raw types, properties evaluated, in order; those whose condition is false are left out.
    pub resources: Vec<Resource>,
    /// What stands in a resource beside type, properties and condition (`Metadata`, `DependsOn`, `Connectors`,
    /// `DeletionPolicy` …), evaluated, by the resource's id.
    pub attributes: BTreeMap<Arc<str>, Node>,
    /// SAM's `Globals`, evaluated.
    pub globals: Option<Node>,
    /// The transforms that the template names, in order: `AWS::Serverless-2016-10-31`.
    pub transforms: Vec<Arc<str>>,
    /// Values of the parameters, unknown without default.
    pub parameters: BTreeMap<Arc<str>, Node>,
    /// What the conditions come to; `None` where that cannot be decided.
    pub conditions: BTreeMap<Arc<str>, Option<bool>>,
    /// `Outputs`, evaluated: a map from name to a map with `Value` and, where it is exported, `Export`.
    pub outputs: Node,
    /// The stack's region, or unknown.
    pub region: Node,
    /// What was used of the budget that all templates of a project share.
    pub spent: usize,
    /// What is wrong with the template.
    pub problems: Vec<Problem>,
}

/// SAM's transform.
const SERVERLESS: &str = "AWS::Serverless-2016-10-31";

/// Transforms that bring no resources of their own, or whose effect is settled by this scanner.
const KNOWN_TRANSFORMS: &[&str] = &[
    SERVERLESS,
    "AWS::LanguageExtensions",
    "AWS::Include",
    "AWS::CodeDeployBlueGreen",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
];

impl Template {
    /// Whether the SAM transform has to run: it is named, or forgotten above types that only it knows.
    pub fn is_sam(&self) -> bool {
        let is_serverless = |resource: &Resource| resource.kind.starts_with("AWS::Serverless::");
        self.transforms.iter().any(|name| &**name == SERVERLESS) || self.resources.iter().any(is_serverless)
    }
}

/// Evaluates a root template with what the command line says of the deployment.
pub fn evaluate_template(context: &Context<'_>, file: &SourceFile, template: &Node) -> Template {
    evaluate_with(context, file, template, &Inputs::default())
}

/// Evaluates a template with what its parent or its samconfig.toml gives.
pub fn evaluate_with(context: &Context<'_>, file: &SourceFile, template: &Node, inputs: &Inputs) -> Template {
    let transforms = transforms(template);
    let open = inputs.open || !transforms.is_empty() || is_extended(template);
    let mut evaluator = Evaluator::new(context, file, inputs, open);
    let merged = evaluator.with_top_includes(template);
    let template = merged.as_ref().unwrap_or(template);
    evaluator.declare(template);
    evaluator.check_rules(template);
    for name in transforms.iter().filter(|name| !KNOWN_TRANSFORMS.contains(&&***name)) {
        let span = template.entry("Transform").map_or(template.span, |entry| entry.value.span);
        let message = format!("the macro `{name}` changes this template at deployment; what it adds was not judged");
        evaluator.report(ProblemKind::Coverage, span, message);
    }
    let mut resources = Vec::new();
    let mut attributes = BTreeMap::new();
    let declared = template.get("Resources").map(|node| evaluator.expanded(node)).unwrap_or_default();
    for entry in &declared {
        if inputs.nested && !evaluator.spend(NESTED, entry.key_span) {
            break;
        }
        if let Some((resource, rest)) = resource(&mut evaluator, entry) {
            attributes.insert(resource.id.clone(), rest);
            resources.push(resource);
        }
    }
    let globals = template.get("Globals").map(|node| evaluator.value(node));
    let outputs = outputs(&mut evaluator, template);
    Template {
        file: file.id,
        path: file.path.clone(),
        prefix: inputs.prefix.clone(),
        resources,
        attributes,
        globals,
        transforms,
        conditions: evaluator.decided(),
        parameters: evaluator.parameters(),
        outputs,
        region: evaluator.region().clone(),
        spent: evaluator.spent(),
        problems: evaluator.finish(),
    }
}

/// The names under `Transform`: a string, a list, or maps with `Name`.
fn transforms(template: &Node) -> Vec<Arc<str>> {
    let name = |node: &Node| node.as_text().or_else(|| node.get("Name")?.as_text()).map(Arc::from);
    template.get("Transform").map(|node| node.items_or_self().iter().filter_map(name).collect()).unwrap_or_default()
}

/// Whether something adds resources to a template that names no transform: SAM's types, or types that are no text,
/// as tools write them that put templates together.
fn is_extended(template: &Node) -> bool {
    let is_plain = |kind: &Node| kind.as_text().is_some_and(|kind| !kind.starts_with("AWS::Serverless::"));
    let resources = template.get("Resources").map(Node::entries).unwrap_or_default();
    resources.iter().any(|entry| entry.value.get("Type").is_some_and(|kind| !is_plain(kind)))
}

/// One resource with what stands beside its properties; `None` where its condition is false or it has no type.
fn resource(evaluator: &mut Evaluator<'_>, entry: &Entry) -> Option<(Resource, Node)> {
    let is_including = entry.value.get("Fn::Transform").is_some();
    let included = is_including.then(|| {
        let entries = evaluator.expanded(&entry.value);
        Entry { value: Node::new(Value::Map(entries), entry.value.span), ..entry.clone() }
    });
    let entry = included.as_ref().unwrap_or(entry);
    let Some(kind) = entry.value.get("Type").and_then(Node::as_text) else {
        if !entry.key.starts_with("Fn::") {
            let fault = if entry.value.get("Type").is_some() { "a `Type` that is no text" } else { "no `Type`" };
            let message = format!("resource `{}` has {fault}; it was not judged", entry.key);
            evaluator.report(ProblemKind::Parse, entry.key_span, message);
        }
        return None;
    };
    let condition = entry.value.get("Condition").and_then(Node::as_text);
    // A variable that is left in a name stands for a loop whose values are not known.
    let of_loop = entry.key.split_once("${").and_then(|(_, rest)| rest.split_once('}'));
    let mut presence = match of_loop {
        Some((variable, _)) => Presence::Possible(format!("the loop over {variable}").into()),
        None => Presence::Always,
    };
    let mut undecided = None;
    if let Some(name) = condition {
        match evaluator.condition(name, entry.key_span) {
            Some(true) => {}
            Some(false) => return None,
            None => {
                presence = Presence::Possible(evaluator.named(name));
                undecided = Some(evaluator.canonical(name));
            }
        }
    }
    let undecided = undecided.as_ref().map(|(name, is_opposite)| (&**name, !is_opposite));
    let (properties, rest) = evaluator.assuming(undecided, |evaluator| {
        let properties = match entry.value.get("Properties") {
            Some(node) if !node.is_absent() => evaluator.value(node),
            _ => Node::new(Value::Map(Vec::new()), entry.key_span),
        };
        let beside = |entry: &&Entry| !matches!(&*entry.key, "Type" | "Properties" | "Condition");
        let rest: Vec<Entry> = entry.value.entries().iter().filter(beside).cloned().collect();
        (properties, evaluator.value(&Node::new(Value::Map(rest), entry.value.span)))
    });
    let mut resource = Resource::new(kind, evaluator.named(&entry.key), properties, entry.key_span);
    resource.name = entry.key.clone();
    resource.presence = presence;
    resource.code = code_source(evaluator.file(), &resource, &rest);
    Some((resource, rest))
}

/// The outputs whose condition is not false.
fn outputs(evaluator: &mut Evaluator<'_>, template: &Node) -> Node {
    let span = template.entry("Outputs").map_or_else(|| Span::start_of(template.span.file), |entry| entry.key_span);
    let mut outputs = Vec::new();
    for entry in template.get("Outputs").map(|node| evaluator.expanded(node)).unwrap_or_default() {
        let condition = entry.value.get("Condition").and_then(Node::as_text);
        let holds = condition.map_or(Some(true), |name| evaluator.condition(name, entry.key_span));
        let mut value = match holds {
            Some(false) => continue,
            Some(true) => evaluator.value(&entry.value),
            None => {
                let assumed = condition.map(|name| evaluator.canonical(name));
                let assumed = assumed.as_ref().map(|(name, is_opposite)| (&**name, !is_opposite));
                evaluator.assuming(assumed, |evaluator| evaluator.value(&entry.value))
            }
        };
        if let (None, Some(name)) = (holds, condition) {
            let name = evaluator.named(name);
            value.set("Value", entry.key_span, Node::unknown(UnknownKind::Condition, name, entry.value.span));
        }
        outputs.push(Entry { value, ..entry });
    }
    Node::new(Value::Map(outputs), span)
}
