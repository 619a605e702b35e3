//! Every rule's examples: the bad ones fire at the marked lines, the good ones are silent.

use crate::files::{entries, name, root};
use crate::scan::{lines, rules, scan};
use leastwise::rule::Severity;
use leastwise::{engine, fact, rule};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// One example: its name, whether it is a bad one, and its files.
pub struct Example {
    pub name: String,
    pub bad: bool,
    pub files: Vec<(String, String)>,
}

#[test]
fn built_in_rules_pass_the_validator() {
    let sources = rule::built_in();
    if let Err(errors) = engine::load(&sources, 0, &fact::entity_types()) {
        panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }
}

#[test]
fn the_committed_schema_is_the_one_of_the_code() {
    let path = root().join("rules/schema/leastwise.cedarschema");
    let text = engine::schema_text(&fact::entity_types());
    if std::env::var_os("LEASTWISE_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "rules/schema is out of date; LEASTWISE_BLESS=1 cargo test writes it anew");
}

#[test]
fn examples_fire_where_they_are_marked() {
    let mut faults = Vec::new();
    let mut count = 0;
    for folder in rule_folders() {
        let id = name(&folder).split('-').next().unwrap().to_owned();
        for example in examples(&folder) {
            count += 1;
            check(&id, &example, &mut faults);
        }
    }
    assert!(count > 100, "only {count} examples were found");
    assert!(faults.is_empty(), "{} of {count} examples:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn rights_on_every_log_weigh_what_can_be_done_with_them() {
    for (actions, rule, severity) in [
        ("logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents", "LP003", Severity::Low),
        ("logs:DescribeLogStreams, logs:PutLogEvents, logs:GetLogEvents, logs:FilterLogEvents", "LP003", Severity::Low),
        ("logs:PutLogEvents, logs:GetLogEvents", "LP009", Severity::High),
        ("\"logs:*\"", "LP003", Severity::High),
        ("logs:PutLogEvents, s3:GetObject", "LP009", Severity::High),
        ("logs:PutLogEvents, s3:DeleteObject", "LP012", Severity::Medium),
        ("logs:PutLogEvents, s3:GetBucketLocation", "LP003", Severity::Medium),
    ] {
        let template = format!(
            "Resources:\n  Logs:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: [{actions}]\n            Resource: \"*\"\n"
        );
        let (_, outcome) = scan(&[("template.yaml".to_owned(), template)]);
        // A policy that nobody holds counts as a workload's, so that LP002 speaks of whole services beside it.
        let told: Vec<_> = outcome.findings.iter().filter(|finding| &*finding.rule != "LP002").collect();
        let right = |finding: &leastwise::finding::Finding| &*finding.rule == rule && finding.severity == severity;
        assert!(matches!(told.as_slice(), [finding] if right(finding)), "{actions}: {told:#?}");
    }
}

#[test]
fn every_rule_has_a_page_and_examples_of_both_kinds() {
    let mut faults = Vec::new();
    for folder in rule_folders() {
        let name = name(&folder);
        let examples = examples(&folder);
        for (bad, word) in [(true, "bad"), (false, "good")] {
            if !examples.iter().any(|example| example.bad == bad) {
                faults.push(format!("{name} has no {word} example"));
            }
        }
        let page = fs::read_to_string(folder.join("rule.md")).unwrap();
        for heading in ["## Why it matters", "## What to write instead", "## What it cannot see", "## References"] {
            if !page.contains(heading) {
                faults.push(format!("{name}/rule.md has no `{heading}`"));
            }
        }
        let id = name.split('-').next().unwrap();
        if !rules().set.rules.contains_key(id) || rules().set.rules[id].name.as_ref() != &name[id.len() + 1..] {
            faults.push(format!("{name}: the folder is not called by the rule's id and name"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn check(id: &str, example: &Example, faults: &mut Vec<String>) {
    let (_, outcome) = scan(&example.files);
    let suffix = format!(" {id}");
    let found: BTreeSet<String> = lines(&outcome.findings).into_iter().filter(|line| line.ends_with(&suffix)).collect();
    let marked = marks(id, &example.files);
    if example.bad && marked.is_empty() {
        faults.push(format!("{} marks no line with `leastwise: {id}`", example.name));
    }
    if found != marked {
        let unknown = outcome.findings.iter().filter(|finding| *finding.rule == *id);
        let messages: Vec<String> =
            unknown.map(|finding| format!("    {}: {}", finding.location.start_line, finding.message)).collect();
        let problems: Vec<&str> = outcome.problems.iter().map(|problem| problem.message.as_str()).collect();
        faults.push(format!(
            "{}\n    found  {found:?}\n    marked {marked:?}\n{}\n    problems {problems:?}",
            example.name,
            messages.join("\n")
        ));
    }
}

/// `path:line ID` of every mark: `leastwise: ID` at the end of a line, or listed in `NAME.lines`.
fn marks(id: &str, files: &[(String, String)]) -> BTreeSet<String> {
    let mut marks = BTreeSet::new();
    for (path, text) in files {
        if let Some(marked) = path.strip_suffix(".lines") {
            for line in text.lines() {
                if let Some((number, rule)) = line.split_once(' ')
                    && rule == id
                {
                    marks.insert(format!("{marked}:{number} {id}"));
                }
            }
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            let mark = line.split("leastwise: ").nth(1).unwrap_or_default();
            if mark.split([',', ' ']).any(|word| word == id) {
                marks.insert(format!("{path}:{} {id}", index + 1));
            }
        }
    }
    marks
}

pub fn rule_folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for category in entries(&root().join("rules")).into_iter().filter(|path| path.is_dir()) {
        folders.extend(entries(&category).into_iter().filter(|path| path.join("rule.cedar").is_file()));
    }
    folders
}

/// The examples beside a rule; its leastwise.toml holds for all of them.
pub fn examples(folder: &Path) -> Vec<Example> {
    let shared = fs::read_to_string(folder.join("leastwise.toml")).ok();
    let mut examples = Vec::new();
    for path in entries(folder) {
        let name = name(&path);
        let bad = name.starts_with("bad.");
        if !bad && !name.starts_with("good.") || name.ends_with(".lines") {
            continue;
        }
        let mut files = Vec::new();
        if path.is_dir() {
            read_folder(&path, "", &mut files);
        } else {
            let inside = inside_name(&name);
            let lines = path.with_file_name(format!("{name}.lines"));
            if let Ok(lines) = fs::read_to_string(lines) {
                files.push((format!("{inside}.lines"), lines));
            }
            files.push((inside, fs::read_to_string(&path).unwrap()));
        }
        if let Some(shared) = &shared
            && !files.iter().any(|(path, _)| path == "leastwise.toml")
        {
            files.push(("leastwise.toml".to_owned(), shared.clone()));
        }
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        examples.push(Example { name, bad, files });
    }
    examples
}

/// What a single-file example is called in its project: `bad.cfn.yaml` is template.yaml, `bad.py` handler.py.
fn inside_name(name: &str) -> String {
    let parts: Vec<&str> = name.split('.').collect();
    let extension = parts.last().unwrap();
    if parts.contains(&"serverless") {
        return format!("serverless.{extension}");
    }
    match *extension {
        "yaml" | "yml" | "json" if parts.contains(&"account") => "account.json".to_owned(),
        "yaml" | "yml" | "json" => format!("template.{extension}"),
        "tf" => "main.tf".to_owned(),
        other => format!("handler.{other}"),
    }
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for path in entries(folder) {
        let name = format!("{prefix}{}", name(&path));
        if path.is_dir() {
            read_folder(&path, &format!("{name}/"), files);
        } else {
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}
