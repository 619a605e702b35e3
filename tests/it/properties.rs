//! Which of the provider's properties the rules read, and what says each of them in Terraform.
//!
//! Both are found by trying: a property is read where an attribute of a question is another once the property is not
//! known, in the examples of the types and of the rules; a Terraform argument stands for it where the value that
//! arrives there was written in that argument. rules/schema/terraform.tsv holds the table; `LEASTWISE_BLESS=1` writes it.

use crate::files::{entries, name, root};
use crate::rules::{examples, rule_folders};
use crate::scan::{rules, today};
use leastwise::config::Config;
use leastwise::fact::{self, Known};
use leastwise::flow::Setup;
use leastwise::infra::{self, Options};
use leastwise::model::{self, Project, Wanted, registry};
use leastwise::source::{FileId, Sources, Span};
use leastwise::syntax::{Node, UnknownKind, Value, hcl};
use leastwise::{code, profile};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::sync::Arc;

/// A type and the path of one of its properties.
type Property = (Arc<str>, String);

/// What reads a property: `AWS::S3::Bucket versioned`.
type Readers = BTreeMap<Property, BTreeSet<String>>;

/// The arguments that say a property: `aws_s3_bucket_versioning.versioning_configuration.status`.
type Arguments = BTreeMap<Property, BTreeSet<String>>;

/// Properties that rules read and no argument of Terraform's says, beside those whose attributes the files of the types
/// list as being without one.
const WITHOUT: &[(&str, &str, &str)] = &[
    ("AWS::Cognito::UserPoolReplica", "", "Terraform's provider has no such resource"),
    ("AWS::DynamoDB::GlobalTable", "SSESpecification", "aws_dynamodb_table_replica says it of its replica"),
    ("AWS::IAM::Group", "Policies", "aws_iam_group_policy is a policy of its own"),
    ("AWS::IAM::User", "Policies", "aws_iam_user_policy is a policy of its own"),
    ("AWS::KMS::Key", "Origin", "the key material of aws_kms_key is the provider's own"),
    ("AWS::SES::MultiRegionEndpoint", "", "Terraform's provider has no such resource"),
    ("AWS::SSM::ResourceDataSync", "BucketRegion", "the older form of S3Destination.BucketRegion"),
];

const TABLE: &str = "rules/schema/terraform.tsv";

#[test]
fn every_property_that_a_rule_reads_has_a_terraform_row() {
    let (mut readers, mut arguments) = (Readers::new(), Arguments::new());
    for (files, terraform) in projects() {
        let sources = Sources::in_memory(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let (projects, _) = infra::read(&sources, &Options::default());
        if terraform {
            projects.iter().for_each(|project| note_arguments(&sources, project, &mut arguments));
        } else {
            note_readers(&sources, &projects, &mut readers);
        }
    }
    let listed: BTreeSet<String> = entries(&root().join("tests/it/types"))
        .iter()
        .filter(|path| name(path).ends_with(".tf"))
        .flat_map(|path| crate::types::listed(path))
        .map(|(kind, attribute)| format!("{kind} {attribute}"))
        .collect();
    let mut unused: BTreeSet<_> = WITHOUT.iter().collect();
    let mut faults = Vec::new();
    let mut text = String::from(
        "# Properties that rules can read, through which attributes, and the arguments of Terraform that say them\n\
         # type\tproperty\tread as\tTerraform\n",
    );
    for (property, read_as) in &readers {
        let (kind, path) = property;
        let known = WITHOUT.iter().find(|(of, below, _)| **of == **kind && path.starts_with(below));
        unused.retain(|row| Some(*row) != known);
        // A list or record that is not known as a whole is said where something below it is.
        let said = arguments.iter().filter(|((of, below), _)| {
            of == kind && below.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        let mut said: BTreeSet<&str> = said.flat_map(|(_, said)| said).map(String::as_str).collect();
        // The block alone is where a default of the provider's stands.
        if said.iter().any(|argument| argument.contains('.')) {
            said.retain(|argument| argument.contains('.'));
        }
        let said = match said.into_iter().collect::<Vec<_>>() {
            said if !said.is_empty() => said.join(", "),
            _ if known.is_some() || read_as.iter().all(|one| listed.contains(one)) => "no counterpart".to_owned(),
            _ => {
                faults.push(format!("{kind} {path} is read as {read_as:?}: no example in Terraform says it"));
                continue;
            }
        };
        let read_as: Vec<&str> = read_as.iter().map(String::as_str).collect();
        text.push_str(&format!("{kind}\t{path}\t{}\t{said}\n", read_as.join(", ")));
    }
    faults.extend(unused.iter().map(|(kind, path, _)| format!("no example shows that {kind} {path} is read")));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    let path = root().join(TABLE);
    if std::env::var_os("LEASTWISE_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == text,
        "{TABLE} is out of date; LEASTWISE_BLESS=1 writes it"
    );
}

/// The files of every example in CloudFormation or SAM, and in Terraform.
fn projects() -> Vec<(Vec<(String, String)>, bool)> {
    let mut found = Vec::new();
    for path in entries(&root().join("tests/it/types")) {
        let name = name(&path);
        if name.ends_with(".cfn.yaml") || name.ends_with(".tf") {
            let terraform = name.ends_with(".tf");
            let inside = if terraform { "main.tf" } else { "template.yaml" };
            found.push((vec![(inside.to_owned(), fs::read_to_string(&path).unwrap())], terraform));
        }
    }
    for twin in entries(&root().join("tests/it/twins")).into_iter().filter(|path| path.is_dir()) {
        for (format, inside, terraform) in
            [("cloudformation.yaml", "template.yaml", false), ("main.tf", "main.tf", true)]
        {
            if let Ok(text) = fs::read_to_string(twin.join(format)) {
                found.push((vec![(inside.to_owned(), text)], terraform));
            }
        }
    }
    for folder in rule_folders() {
        for example in examples(&folder) {
            let is = |ending: &str| example.files.iter().any(|(path, _)| path.ends_with(ending));
            if is(".tf") {
                found.push((example.files, true));
            } else if is("template.yaml") && !is("account.json") {
                found.push((example.files, false));
            }
        }
    }
    found
}

/// Adds which attributes of questions change once a property of a resource is not known.
fn note_readers(sources: &Sources, projects: &[Project], readers: &mut Readers) {
    let code = code::read(sources, projects).0;
    let before = asked(sources, projects, &code);
    for at in 0..projects.len() {
        for (index, resource) in projects[at].resources.iter().enumerate() {
            if registry::schema(&resource.kind).is_none() {
                continue;
            }
            for place in leaves(&resource.properties) {
                let property = (resource.kind.clone(), published(&resource.kind, &resource.properties, &place));
                if property.1.is_empty() {
                    continue;
                }
                let mut changed = projects.to_vec();
                let mut resources = changed[at].resources.clone();
                unknown_at(&mut resources[index].properties, &place);
                let old = &projects[at];
                changed[at] = Project::new(old.path.clone(), old.format, resources, old.region.clone());
                let after = asked(sources, &changed, &code);
                for key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
                    if before.get(key) != after.get(key) {
                        readers.entry(property.clone()).or_default().insert(format!("{} {}", key.0, key.1));
                    }
                }
            }
        }
    }
}

/// The values that each attribute of each type has in the questions of some projects, sorted.
type Asked = BTreeMap<(&'static str, &'static str), Vec<String>>;

fn asked(sources: &Sources, projects: &[Project], code: &model::Code) -> Asked {
    let profile = profile::built_in("gdpr").unwrap().unwrap();
    let setup = Setup::new(rules(), &Config::default(), &[profile], Options::default(), today());
    let wanted = Wanted::default();
    let known = Known { projects, code, scopes: &setup.scopes, wanted: &wanted, sources };
    let mut asked = Asked::new();
    for entity in fact::derive(&known).0.iter().flat_map(|question| &question.alternatives) {
        for attribute in entity.attributes.iter().filter(|attribute| attribute.path != "name") {
            let value = attribute.value.as_ref().map_or_else(|_| "unknown".to_owned(), |value| format!("{value:?}"));
            asked.entry((entity.kind, attribute.path)).or_default().push(value);
        }
    }
    asked.values_mut().for_each(|values| values.sort());
    asked
}

/// The steps to each value that holds no others: keys and indices.
fn leaves(node: &Node) -> Vec<Vec<String>> {
    let below = |key: String, node: &Node| {
        leaves(node).into_iter().map(move |rest| [vec![key.clone()], rest].concat()).collect::<Vec<_>>()
    };
    match &node.value {
        Value::Map(all) if !all.is_empty() => {
            all.iter().flat_map(|entry| below(entry.key.to_string(), &entry.value)).collect()
        }
        Value::List(all) if !all.is_empty() => {
            all.iter().enumerate().flat_map(|(index, item)| below(index.to_string(), item)).collect()
        }
        Value::Absent | Value::Null => Vec::new(),
        _ => vec![Vec::new()],
    }
}

fn unknown_at(node: &mut Node, place: &[String]) {
    let Some((step, rest)) = place.split_first() else {
        *node = Node::unknown(UnknownKind::Parameter, "P", node.span);
        return;
    };
    match &mut node.value {
        Value::Map(all) => {
            all.iter_mut().filter(|entry| *entry.key == **step).for_each(|entry| unknown_at(&mut entry.value, rest))
        }
        Value::List(all) => unknown_at(&mut all[step.parse::<usize>().unwrap()], rest),
        _ => {}
    }
}

/// The published property that a place lies in, without indices of lists and keys of maps.
fn published(kind: &str, properties: &Node, place: &[String]) -> String {
    let schema = registry::schema(kind).unwrap();
    let (mut path, mut node) = (String::new(), properties);
    for step in place {
        if let Value::List(items) = &node.value {
            node = &items[step.parse::<usize>().unwrap()];
            continue;
        }
        let longer = if path.is_empty() { step.clone() } else { format!("{path}.{step}") };
        if schema.property(&longer).is_none() {
            break;
        }
        path = longer;
        node = node.get(step).unwrap();
    }
    path
}

/// Adds the argument that each property of a project's resources was written in.
fn note_arguments(sources: &Sources, project: &Project, arguments: &mut Arguments) {
    let mut bodies: HashMap<FileId, hcl::Body> = HashMap::new();
    for resource in project.resources.iter().filter(|resource| registry::schema(&resource.kind).is_some()) {
        for place in leaves(&resource.properties) {
            let path = published(&resource.kind, &resource.properties, &place);
            let Some(span) = span_at(&resource.properties, &place).filter(|_| !path.is_empty()) else { continue };
            let body = bodies.entry(span.file).or_insert_with(|| hcl::parse(&sources.get(span.file)).0);
            if let Some(argument) = argument_at(body, span) {
                arguments.entry((resource.kind.clone(), path)).or_default().insert(argument);
            }
        }
    }
}

fn span_at(node: &Node, place: &[String]) -> Option<Span> {
    let Some((step, rest)) = place.split_first() else { return Some(node.span) };
    let next = match &node.value {
        Value::List(items) => items.get(step.parse::<usize>().ok()?)?,
        _ => node.get(step)?,
    };
    span_at(next, rest)
}

/// The type of the resource block that a place lies in, and the blocks and the argument below it.
fn argument_at(body: &hcl::Body, span: Span) -> Option<String> {
    let holds = |outer: Span| outer.start <= span.start && span.end <= outer.end;
    for block in &body.blocks {
        let dynamic = &*block.kind == "content";
        let named = match &*block.kind {
            "resource" | "data" | "dynamic" => block.labels.first()?,
            kind => kind,
        };
        if let Some(found) = block.body.attributes.iter().find(|one| holds(one.name_span.to(one.value.span))) {
            return Some(format!("{named}.{}", found.name));
        }
        if let Some(found) = argument_at(&block.body, span) {
            return Some(if dynamic { found } else { format!("{named}.{found}") });
        }
        if holds(block.header) {
            return Some(named.to_string());
        }
    }
    None
}
