//! The attributes of resource types, each type written in CloudFormation and in Terraform: both give the same.
//!
//! A pair `types/<service>.cfn.yaml` and `types/<service>.tf` holds the same resources under the same names (`SomeTable`
//! is `some_table`), and `types/<service>.txt` what is read of them; `LEASTWISE_BLESS=1` writes it anew. A name that ends
//! in `Only` stands in one of the two, for what the other format cannot say. `# without: AWS::X::Y attribute …` in the
//! Terraform file names attributes for which Terraform has no argument, and in the template those for which
//! CloudFormation has no property.

use crate::files::{entries, name, root};
use crate::own::load;
use crate::scan::{rules, scan_with, today};
use leastwise::finding::Status;
use leastwise::infra::{self, Options};
use leastwise::model::attributes;
use leastwise::model::{Known, LabelWords, Project, Settings};
use leastwise::source::{ProblemKind, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Types whose attributes depend on more than their own template: the examples of rules and the twins test them.
const ELSEWHERE: &[&str] = &[
    "AWS::ApiGateway::Method",
    "AWS::ApiGatewayV2::Route",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::KMS::Key",
    "AWS::Lambda::Function",
    "AWS::Lambda::Function::EnvironmentVariable",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Url",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
];

/// What is said of each entity: by type, name and detail, each attribute's value.
type Said = BTreeMap<(String, String, String), BTreeMap<&'static str, String>>;

#[test]
fn types_say_the_same_in_both_formats() {
    let mut faults = Vec::new();
    let mut met = BTreeSet::new();
    let mut without = [BTreeSet::new(), BTreeSet::new()];
    let mut all = (Said::new(), Said::new());
    let pairs: Vec<_> = entries(&root().join("tests/it/types"))
        .into_iter()
        .filter_map(|path| Some((path.parent()?.to_owned(), name(&path).strip_suffix(".cfn.yaml")?.to_owned())))
        .collect();
    for (folder, service) in &pairs {
        let [written, text] =
            ["cfn.yaml", "tf"].map(|format| said(&folder.join(format!("{service}.{format}")), &mut faults));
        differences(service, &written, &text, &mut faults);
        for (format, without) in ["cfn.yaml", "tf"].into_iter().zip(&mut without) {
            without.extend(listed(&folder.join(format!("{service}.{format}"))));
        }
        golden(&folder.join(format!("{service}.txt")), &[&written, &text], &mut faults);
        met.extend(written.keys().map(|(kind, ..)| kind.clone()));
        for (all, said) in [(&mut all.0, written), (&mut all.1, text)] {
            all.extend(
                said.into_iter().map(|((kind, name, detail), said)| ((kind, service.clone() + &name, detail), said)),
            );
        }
    }
    one_valued("CloudFormation", &all.0, &without[0], &mut faults);
    one_valued("Terraform", &all.1, &without[1], &mut faults);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let declared = attributes::types().flat_map(|row| row.entities).map(|kind| kind.name);
    let untested: Vec<_> = declared.filter(|kind| !met.contains(*kind) && !ELSEWHERE.contains(kind)).collect();
    assert!(untested.is_empty(), "no example of {untested:?}");
}

/// A type is read where a rule asks about it, and costs nothing elsewhere.
#[test]
fn types_that_no_rule_names_are_not_read() {
    let wanted = &rules().wanted;
    assert!(wanted.asks("AWS::S3::Bucket") && !wanted.asks("AWS::Lambda::CodeSigningConfig"));
    let own = load("AWS::Lambda::CodeSigningConfig", "unless { resource.enforced }").unwrap();
    assert!(own.wanted.asks("AWS::Lambda::CodeSigningConfig"));
    let template = fs::read_to_string(root().join("tests/it/types/lambda.cfn.yaml")).unwrap();
    let found = scan_with(&own, &[("template.yaml", &template)]).findings;
    let told = found.iter().filter(|finding| &*finding.resource.kind == "AWS::Lambda::CodeSigningConfig");
    let told: BTreeSet<_> = told.map(|finding| (&*finding.resource.name, finding.status == Status::Unknown)).collect();
    assert_eq!(told, BTreeSet::from([("PlainSigning", false), ("OpenSigning", true)]));
}

/// What a template says of each resource of a type with attributes.
fn said(path: &Path, faults: &mut Vec<String>) -> Said {
    let file = if path.extension().is_some_and(|extension| extension == "tf") { "main.tf" } else { "template.yaml" };
    let sources = Sources::in_memory([(file, fs::read_to_string(path).unwrap().as_str())]);
    let (projects, problems) = infra::read(&sources, &Options::default());
    // The template that a stack nests lies elsewhere.
    let told = problems.iter().filter(|problem| problem.kind != ProblemKind::Coverage);
    faults.extend(told.map(|problem| format!("{}: {problem:?}", name(path))));
    let settings = Settings { labels: LabelWords::default(), today: today() };
    let mut said = Said::new();
    for project in &projects {
        for resource in &project.resources {
            for record in attributes::read(project, resource, &settings) {
                let values = record.entity.attributes.iter().filter(|attribute| attribute.path != "name").map(|one| {
                    let value = one.value.as_ref().map_or_else(|_| "unknown".to_owned(), shown);
                    (one.path, plain(&value, project))
                });
                let key = (record.entity.kind.to_owned(), plain_name(&resource.name), plain(&record.detail, project));
                let values: BTreeMap<_, _> = values.collect();
                for declared in attributes::types().flat_map(|row| row.entities).filter(|kind| kind.name == key.0) {
                    let missing = declared.attributes.iter().filter(|one| !values.contains_key(one.path));
                    faults.extend(missing.map(|one| format!("{}: {key:?} has no {}", name(path), one.path)));
                }
                if said.insert(key.clone(), values).is_some() {
                    faults.push(format!("{}: {key:?} is there twice", name(path)));
                }
            }
        }
    }
    said
}

fn shown(value: &Known) -> String {
    match value {
        Known::Bool(value) => value.to_string(),
        Known::Long(value) => value.to_string(),
        Known::String(text) => format!("{text:?}"),
        Known::Strings(texts) => format!("{texts:?}"),
    }
}

/// `aws_sqs_queue.some_queue` and `SomeQueue` as `somequeue`.
fn plain_name(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).replace('_', "").to_lowercase()
}

/// A text with the names of the project's resources made plain.
fn plain(text: &str, project: &Project) -> String {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    let ids: BTreeSet<&str> = project.resources.iter().map(|resource| &*resource.name).collect();
    text.split_inclusive(|letter| !is_word(letter))
        .map(|piece| {
            let word = piece.trim_end_matches(|letter| !is_word(letter));
            let rest = &piece[word.len()..];
            if ids.contains(word) { format!("{}{rest}", plain_name(word)) } else { piece.to_owned() }
        })
        .collect()
}

fn differences(service: &str, written: &Said, text: &Said, faults: &mut Vec<String>) {
    for key in written.keys().chain(text.keys()).collect::<BTreeSet<_>>() {
        match (written.get(key), text.get(key)) {
            (Some(written), Some(text)) => {
                for (path, value) in written.iter().filter(|(path, value)| text.get(*path) != Some(value)) {
                    let other = text.get(path).map_or("", String::as_str);
                    faults.push(format!("{service}: {key:?} {path} is {value}, in Terraform {other}"));
                }
            }
            _ if key.1.ends_with("only") => {}
            (Some(_), None) => faults.push(format!("{service}: {key:?} is not in the Terraform file")),
            (None, _) => faults.push(format!("{service}: {key:?} is not in the template")),
        }
    }
}

/// Attributes that say the same everywhere are not tested: each needs two values that are known.
fn one_valued(format: &str, said: &Said, without: &BTreeSet<(String, String)>, faults: &mut Vec<String>) {
    let mut values: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for ((kind, ..), attributes) in said.iter().filter(|((kind, ..), _)| !ELSEWHERE.contains(&kind.as_str())) {
        for (path, value) in attributes.iter().filter(|(path, _)| !["label", "labelled", "sensitive"].contains(path)) {
            values.entry((kind, path)).or_default().extend((value != "unknown").then_some(value.as_str()));
        }
    }
    for ((kind, path), values) in values {
        let is_without = without.contains(&(kind.to_owned(), path.to_owned()));
        if (values.len() < 2) != is_without {
            let what = if is_without { "listed as without an argument" } else { "not shown with two values" };
            faults.push(format!("{format}: {kind} {path} is {what}; it has {values:?}"));
        }
    }
}

/// The attributes for which the format of a file has no argument or property.
pub fn listed(path: &Path) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for line in fs::read_to_string(path).unwrap().lines() {
        let Some((kind, paths)) = line.strip_prefix("# without: ").and_then(|rest| rest.split_once(' ')) else {
            continue;
        };
        found.extend(paths.split_whitespace().map(|path| (kind.to_owned(), path.to_owned())));
    }
    found
}

fn golden(path: &Path, said: &[&Said; 2], faults: &mut Vec<String>) {
    let mut text = String::new();
    let all: BTreeMap<_, _> = said.iter().flat_map(|said| said.iter()).collect();
    for ((kind, name, detail), values) in all {
        text.push_str(format!("{kind} {name} {detail}").trim_end());
        text.push('\n');
        for (path, value) in values.iter().filter(|(path, _)| !["label", "labelled", "sensitive"].contains(path)) {
            text.push_str(&format!("  {path} = {value}\n"));
        }
    }
    if std::env::var_os("LEASTWISE_BLESS").is_some() {
        fs::write(path, &text).unwrap();
    }
    if fs::read_to_string(path).unwrap_or_default() != text {
        faults.push(format!("{} differs; LEASTWISE_BLESS=1 writes it anew:\n{text}", name(path)));
    }
}
