//! Services of a checkout of github.com/serverless/examples against what `serverless package` (3.40) makes of them.
//!
//! `LEASTWISE_SERVERLESS_EXAMPLES` names the checkout. Each service for AWS is copied under target/, its plugins are
//! replaced by ones that do nothing, `package` is dropped (what goes into the archive), and it is packaged once.

use crate::files::entries;
use crate::sam::shown;
use crate::serverless::{ARTEFACTS, NOT_COMPARED, ONE_SIDED, package};
use crate::tools;
use leastwise::infra::{Context, Options, serverless, template};
use leastwise::model::{Project, Resource};
use leastwise::source::Sources;
use leastwise::syntax::Node;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Services that differ, and why.
const EXPLAINED: &[(&str, &str)] = &[(
    "aws-golang-s3-file-replicator",
    "a bucket that exists: the function behind the custom resource is the framework's own",
)];

/// The stage, which many examples leave to the command line.
const STAGE: &str = "dev";

/// Sections that say nothing of the resources, and would keep the framework from packaging the copy.
const DROPPED: [&str; 2] = ["frameworkVersion:", "package:"];

/// What the framework cannot package comes from files that the checkout does not hold.
enum Outcome {
    NotPackaged,
    Differences(Vec<String>),
}

#[test]
fn examples_are_lowered_as_the_framework_packages_them() {
    let Some(checkout) = std::env::var_os("LEASTWISE_SERVERLESS_EXAMPLES").map(PathBuf::from) else {
        eprintln!("LEASTWISE_SERVERLESS_EXAMPLES names no checkout of serverless/examples: not compared");
        return;
    };
    let Some(modules) = tools::node_modules() else { return };
    let services = services(&checkout);
    let next = AtomicUsize::new(0);
    let outcomes: BTreeMap<String, Outcome> = std::thread::scope(|scope| {
        let work = || {
            let take = || services.get(next.fetch_add(1, Ordering::Relaxed));
            std::iter::from_fn(take).map(|(name, folder)| (name.clone(), compare(name, folder, &modules))).collect()
        };
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| -> Vec<_> { worker.join().unwrap() }).collect()
    });
    let (mut same, mut differing, mut unexplained) = (0, BTreeSet::new(), Vec::new());
    for (name, outcome) in &outcomes {
        match outcome {
            Outcome::NotPackaged => eprintln!("{name}: not packaged by the framework"),
            Outcome::Differences(lines) if lines.is_empty() => same += 1,
            Outcome::Differences(lines) => {
                differing.insert(name.as_str());
                if EXPLAINED.iter().all(|(known, _)| known != name) {
                    unexplained.extend(lines.iter().map(|line| format!("{name} {line}")));
                }
            }
        }
    }
    eprintln!("{same} services are lowered as they are packaged, {} differ", differing.len());
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    assert!(same >= 30, "{same}");
    let equal_now = EXPLAINED.iter().filter(|(name, _)| !differing.contains(name));
    assert_eq!(equal_now.count(), 0, "an explained service no longer differs");
}

/// The services for AWS, by their path in the checkout.
fn services(checkout: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let mut folders = vec![checkout.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let below = entries(&folder).into_iter().filter(|path| path.is_dir() && !path.ends_with(".git"));
        folders.extend(below);
        let text = fs::read_to_string(folder.join("serverless.yml")).unwrap_or_default();
        let for_aws = text.lines().any(|line| matches!(line.trim(), "name: aws" | "provider: aws" | "name: \"aws\""));
        if for_aws {
            let name = folder.strip_prefix(checkout).unwrap().to_string_lossy().replace(['/', '\\'], "__");
            found.push((name, folder));
        }
    }
    found.sort();
    found
}

fn compare(name: &str, service: &Path, modules: &Path) -> Outcome {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("serverless-examples").join(name);
    let written = folder.join("packaged.json");
    if !written.exists() {
        let prepare = |copy: &Path| prepare(copy);
        let packaged = package(service, &folder, modules, &["--stage", STAGE], &prepare).unwrap_or_default();
        fs::write(&written, packaged).unwrap();
    }
    let packaged = fs::read_to_string(&written).unwrap();
    if packaged.is_empty() {
        return Outcome::NotPackaged;
    }
    let stage = Some(STAGE.into());
    let ours = read(&Sources::new(&folder), &Options { stage, ..Options::default() }, "serverless.yml");
    let region = ours.region.as_text().map(Into::into);
    let theirs = read(
        &Sources::in_memory([("template.json", packaged.as_str())]),
        &Options { region, ..Options::default() },
        "template.json",
    );
    Outcome::Differences(differences(&by_id(ours), &by_id(theirs)))
}

/// Puts plugins that do nothing in place of those that the service names, and drops what is not compared.
fn prepare(copy: &Path) {
    let file = copy.join("serverless.yml");
    let text = fs::read_to_string(&file).unwrap();
    let mut kept = String::new();
    let mut section = String::new();
    for line in text.lines() {
        if !line.starts_with([' ', '\t', '#', '-']) && !line.trim().is_empty() {
            section = line.split_whitespace().next().unwrap_or_default().to_owned();
        }
        if DROPPED.iter().any(|dropped| section.starts_with(dropped)) {
            continue;
        }
        kept.push_str(line);
        kept.push('\n');
        let plugin = line.trim().strip_prefix("- ").filter(|_| section == "plugins:");
        let plugin = plugin.and_then(|name| name.split_whitespace().next()).map(|name| name.trim_matches(['"', '\'']));
        if let Some(plugin) = plugin.filter(|name| !name.starts_with('.')) {
            let folder = copy.join("node_modules").join(plugin);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("index.js"), "module.exports = class {};").unwrap();
        }
    }
    fs::write(file, kept).unwrap();
}

fn read(sources: &Sources, options: &Options, root: &str) -> Project {
    let context = Context { sources, options };
    let read = if root.ends_with(".yml") { serverless::read } else { template::read };
    let (project, problems) = read(&context, root);
    project.unwrap_or_else(|| panic!("{problems:?}"))
}

fn by_id(project: Project) -> BTreeMap<String, Resource> {
    let left_out = |resource: &Resource| {
        let derived = resource.properties.get("__Derived").is_some();
        derived || ARTEFACTS.contains(&&*resource.kind) || ONE_SIDED.contains(&&*resource.id)
    };
    let kept = project.resources.into_iter().filter(|resource| !left_out(resource));
    kept.map(|resource| (resource.id.to_string(), resource)).collect()
}

fn differences(ours: &BTreeMap<String, Resource>, theirs: &BTreeMap<String, Resource>) -> Vec<String> {
    let mut lines = Vec::new();
    let extra = ours.iter().filter(|(id, _)| !theirs.contains_key(*id));
    lines.extend(extra.map(|(id, resource)| format!("{id}: {} is not in the package", resource.kind)));
    for (id, resource) in theirs {
        let Some(own) = ours.get(id) else {
            lines.push(format!("{id}: {} is missing", resource.kind));
            continue;
        };
        if own.kind != resource.kind {
            lines.push(format!("{id}: {} is not {}", own.kind, resource.kind));
        }
        let keys: BTreeSet<&str> =
            [own, resource].iter().flat_map(|one| one.properties.entries()).map(|entry| &*entry.key).collect();
        for key in keys.into_iter().filter(|key| !key.starts_with("__")) {
            let of = |kind: &str| kind == "*" || kind == &*resource.kind;
            if key != "Policies" && NOT_COMPARED.iter().any(|(kind, property, _)| of(kind) && *property == key) {
                continue;
            }
            let value = |one: &Resource| one.property(key).filter(|value| !value.is_absent()).cloned();
            let [own, other] = [own, resource].map(|one| match key {
                "Policies" => value(one).map(|list| grants(&list, theirs)).unwrap_or_default(),
                _ => value(one).map(|value| shown(&value, theirs)).unwrap_or_default(),
            });
            if own != other {
                lines.push(format!("{id}.{key}: {own} is not {other}"));
            }
        }
    }
    lines
}

/// What the policies of a role grant, each action and resource by itself.
fn grants(policies: &Node, ids: &BTreeMap<String, Resource>) -> String {
    let mut grants = BTreeSet::new();
    let statements = policies.items().iter().filter_map(|policy| policy.at("PolicyDocument.Statement"));
    for statement in statements.flat_map(Node::items_or_self) {
        let text = |key: &str| statement.get(key).map(|value| shown(value, ids)).unwrap_or_default();
        for action in statement.get("Action").map(Node::items_or_self).unwrap_or_default() {
            for resource in statement.get("Resource").map(Node::items_or_self).unwrap_or_default() {
                let resource = shown(resource, ids);
                grants.insert(format!("{} {action} on {resource} {}", text("Effect"), text("Condition")));
            }
        }
    }
    grants.into_iter().collect::<Vec<_>>().join("\n    ")
}
