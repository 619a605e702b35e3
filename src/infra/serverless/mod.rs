//! Serverless Framework services: a serverless.yml lowered to the CloudFormation template it is packaged to.
//!
//! The flow of [`read`]: variables are resolved, the sections read, functions and events lowered under the framework's
//! logical ids, the user's `resources` laid over them, and the whole evaluated as CloudFormation evaluates it.
//! Facts are those of Serverless Framework 3.40, the last version that packages offline; version 4 kept the ids.
//! Left out are artefacts of deployment itself: the deployment bucket, function versions, and custom resources' code.

mod compose;
mod dotenv;
mod event;
mod expression;
mod function;
mod layer;
mod naming;
mod output;
mod program;
mod pseudo;
mod resolver;
mod resources;
mod role;
mod roots;
mod service;
mod tags;
mod template;
#[cfg(test)]
mod tests;

pub use roots::{claimed, roots};

use super::cloudformation::{Inputs, evaluate_with};
use super::{Context, Options, openapi};
use crate::model::{Format, Project, Resource};
use crate::source::{Problem, ProblemKind, SourceFile, Span};
use crate::syntax::yaml::Schema;
use crate::syntax::{Entry, Node, Value, json, yaml};
use output::Output;
use resolver::Resolver;
use resources::Sections;
use service::Service;
use std::collections::HashMap;
use std::sync::Arc;
use template::Template;

/// Sections of plugins that make resources which are not read, and the plugin's name.
const UNREAD_SECTIONS: [(&str, &str); 3] = [
    ("stepFunctions", "serverless-step-functions"),
    ("constructs", "serverless-lift"),
    ("appSync", "serverless-appsync-plugin"),
];

/// Reads the service whose file is `root`. `None` where it is no service for AWS, or not a file that can be read
/// without running it; the problems say why.
pub fn read(context: &Context<'_>, root: &str) -> (Option<Project>, Vec<Problem>) {
    let path: Arc<str> = root.into();
    let file = match context.sources.open(root) {
        Ok(file) => file,
        Err(error) => return (None, vec![Problem::of_file(ProblemKind::Io, &path, error.to_string())]),
    };
    let is_program = roots::is_program(root);
    let (parsed, mut problems) = match root.ends_with(".json") {
        _ if is_program => program::read(context, root),
        true => json::parse(&file),
        false => yaml::parse_as(&file, Schema::Core),
    };
    if is_program && parsed.as_ref().is_none_or(|config| config.entry("provider").is_none()) {
        let message = "this configuration is a program, which is not run: the service was not read; \
                       scan the template that `serverless package` writes for it";
        return (None, vec![Problem::of_file(ProblemKind::Parse, &path, message)]);
    }
    let Some(config) = parsed else {
        return (None, problems);
    };
    if let Some(problem) = not_for_aws(context, root, &config, &file) {
        problems.push(problem);
        return (None, problems);
    }
    let (project, mut met) = lower(context, &file, config);
    problems.append(&mut met);
    problems.sort();
    problems.dedup();
    (Some(project), problems)
}

/// Why a file is no service for AWS.
fn not_for_aws(context: &Context<'_>, root: &str, config: &Node, file: &SourceFile) -> Option<Problem> {
    let Some(provider) = config.entry("provider") else {
        let message = "there is no `provider`: this is no service of the Serverless Framework and was not read";
        return Some(Problem::of_file(ProblemKind::Parse, &file.path, message));
    };
    let mut resolver = Resolver::new(context, root, config.clone());
    let name = resolver.at("provider.name").or_else(|| resolver.at("provider")).filter(|name| name.as_text().is_some());
    match name.as_ref().and_then(Node::as_text) {
        Some("aws") | None => None,
        Some(other) => {
            let message = format!("services for the provider {other} are not read; only aws is");
            Some(Problem::at(ProblemKind::Limit, &file.location(provider.key_span), message))
        }
    }
}

fn lower(context: &Context<'_>, file: &SourceFile, config: Node) -> (Project, Vec<Problem>) {
    let folder = file.path.rfind('/').map_or("", |slash| &file.path[..slash]);
    let start = Span::start_of(file.id);
    let mut resolver = Resolver::new(context, &file.path, config);
    let service = Service::read(&mut resolver, folder.into(), start);
    let region = resolver.region(service.provider_span);
    let mut out = Output::new(&service);
    role::open_shared(&mut out);
    function::lower(&mut out);
    layer::lower(&mut out, &mut resolver);
    event::lower(&mut out);
    role::close_shared(&mut out);
    role::per_function(&mut out);
    let sections = resources::merge(&mut out, &mut resolver);
    tags::apply(&mut out.template, service.provider("stackTags"));
    for (key, plugin) in UNREAD_SECTIONS {
        if let Some(entry) = resolver.entry(key) {
            let message = format!("what {plugin} makes of `{key}` is not read");
            out.problem(entry.key_span, ProblemKind::Limit, message);
        }
    }
    if service.plugins.iter().any(|plugin| plugin == pseudo::PLUGIN) {
        pseudo::apply(&mut out.template);
    }
    let (mut resources, mut problems) = evaluate(context, file, &out.template, sections, &region);
    problems.append(&mut openapi::add_records(context, &mut resources));
    problems.append(&mut resolver.problems);
    let located = |(span, kind, message)| Problem::at(kind, &context.sources.location(span), message);
    problems.extend(out.problems.into_iter().map(located));
    (Project::new(file.path.clone(), Format::Serverless, resources, region), problems)
}

/// Evaluates the template, then says of each resource whose it is.
fn evaluate(
    context: &Context<'_>,
    file: &SourceFile,
    template: &Template,
    sections: Sections,
    region: &Node,
) -> (Vec<Resource>, Vec<Problem>) {
    let options = Options { region: region.as_text().map(Arc::from), ..context.options.clone() };
    let context = Context { sources: context.sources, options: &options };
    let inputs = Inputs { region: Some(region.clone()), open: true, ..Inputs::default() };
    let document = document(file, template, sections);
    let evaluated = evaluate_with(&context, file, &document, &inputs);
    let drafts: HashMap<&str, _> = template.drafts.iter().map(|draft| (&*draft.id, draft)).collect();
    let mut resources = evaluated.resources;
    for resource in &mut resources {
        let Some(owner) = drafts.get(&*resource.id).and_then(|draft| Some((draft, draft.owner.as_ref()?))) else {
            continue;
        };
        let (draft, owner) = owner;
        resource.code = draft.code.clone();
        resource.generated_from = (!owner.itself).then(|| owner.name.clone());
        // What a section of the provider makes has no name of the user's but its id.
        if !owner.name.starts_with("provider.") {
            resource.name = owner.name.clone();
        }
    }
    (resources, evaluated.problems)
}

/// The template as CloudFormation would be given it.
fn document(file: &SourceFile, template: &Template, sections: Sections) -> Node {
    let start = Span::start_of(file.id);
    let mut beside: HashMap<String, Vec<Entry>> = HashMap::new();
    for (id, rest) in sections.beside {
        beside.entry(id).or_default().extend(rest);
    }
    let mut resources = Vec::with_capacity(template.drafts.len());
    for draft in &template.drafts {
        let entry = |key: &str, value: &Node| Entry { key: key.into(), key_span: draft.span, value: value.clone() };
        let mut entries = vec![entry("Type", &draft.kind), entry("Properties", &draft.properties)];
        entries.extend(draft.condition.iter().map(|condition| entry("Condition", condition)));
        entries.extend(beside.remove(&*draft.id).unwrap_or_default());
        let value = Node::new(Value::Map(entries), draft.span);
        resources.push(Entry { key: draft.id.clone(), key_span: draft.span, value });
    }
    let mut entries = sections.entries;
    let value = Node::new(Value::Map(resources), start);
    entries.push(Entry { key: "Resources".into(), key_span: start, value });
    Node::new(Value::Map(entries), start)
}
