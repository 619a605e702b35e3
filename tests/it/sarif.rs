//! What a SARIF log must pass: the published schema, Microsoft's validator with its GitHub rules, and GitHub's limits.

use crate::{sample, tools};
use leastwise::report::{Format, Options, write};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Warnings of Microsoft's validator that stand, by message, and why.
const ACCEPTED: &[(&str, &str)] = &[("Warning_ProvideToolnformationUri", "Cargo.toml names no repository to point at")];

/// Every fault that any of the three finds in a log.
pub(crate) fn faults(log: &str) -> Vec<String> {
    let mut faults = schema_faults(log);
    faults.extend(validator_faults(log));
    faults.extend(github_faults(log));
    faults
}

/// What breaks the published schema, which stands in the validator's package.
pub(crate) fn schema_faults(log: &str) -> Vec<String> {
    let Some(package) = multitool() else { return Vec::new() };
    let schema = std::fs::read_to_string(package.join("sarif-2.1.0.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let log: Value = serde_json::from_str(log).unwrap();
    validator.iter_errors(&log).map(|error| format!("schema: {}: {error}", error.instance_path())).collect()
}

/// Errors of Microsoft's validator, and its warnings but for the accepted ones. It takes minutes for a log of
/// 25,000 results: small ones only.
pub(crate) fn validator_faults(log: &str) -> Vec<String> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let Some(package) = multitool() else { return Vec::new() };
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sarif-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("log.sarif"), log).unwrap();
    let program = package.join(if cfg!(windows) { "Sarif.Multitool.exe" } else { "Sarif.Multitool" });
    let arguments = ["validate", "log.sarif", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"];
    let output = Command::new(program)
        .args(arguments)
        .args(["-o", "out.sarif", "--log", "ForceOverwrite"])
        .current_dir(&folder)
        .output()
        .unwrap();
    // The tool's exit code says nothing of what it found: its own log does.
    let found = std::fs::read_to_string(folder.join("out.sarif"))
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)));
    std::fs::remove_dir_all(&folder).unwrap();
    let found: Value = serde_json::from_str(found.trim_start_matches('\u{feff}')).unwrap();
    let accepted = |result: &Value| {
        let message = result["message"]["id"].as_str().unwrap_or_default();
        result["level"] != "error" && ACCEPTED.iter().any(|(id, _)| message == *id)
    };
    let results = found["runs"].as_array().unwrap().iter().flat_map(|run| run["results"].as_array().unwrap());
    results.filter(|result| !accepted(result)).map(|result| format!("validator: {}", described(result))).collect()
}

fn described(result: &Value) -> String {
    let arguments: Vec<&str> =
        result["message"]["arguments"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let line = &result["locations"][0]["physicalLocation"]["region"]["startLine"];
    let level = result["level"].as_str().unwrap_or("warning");
    format!("{level} {} {} line {line}: {}", result["ruleId"], result["message"]["id"], arguments.join(" | "))
}

/// The folder of Microsoft's validator for this platform.
fn multitool() -> Option<PathBuf> {
    let platform = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let package = tools::node_modules()?.join(format!("@microsoft/sarif-multitool-{platform}"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The package's own install script does no more than this.
        let program = package.join("Sarif.Multitool");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    Some(package)
}

/// What GitHub code scanning refuses or does not show (its documentation of SARIF support, read 2026-11).
pub(crate) fn github_faults(log: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(log).unwrap();
    let mut faults = Faults::default();
    faults.check(value["version"] == "2.1.0", || "the version is not 2.1.0".into());
    let runs = list(&value["runs"]);
    faults.check(!runs.is_empty() && runs.len() <= 20, || format!("{} runs", runs.len()));
    let mut categories = BTreeSet::new();
    for run in runs {
        let id = run["automationDetails"]["id"].as_str().unwrap_or_default();
        faults.check(id.ends_with('/') && id.len() > 1, || format!("automation id `{id}` names no category"));
        faults.check(categories.insert(id), || format!("two runs of category `{id}`"));
        faults.run(run);
    }
    faults.found
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[derive(Default)]
struct Faults {
    found: Vec<String>,
}

impl Faults {
    fn check(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.found.push(format!("github: {}", fault()));
        }
    }

    fn run(&mut self, run: &Value) {
        let rules = list(&run["tool"]["driver"]["rules"]);
        let results = list(&run["results"]);
        self.check(run["results"].is_array(), || "a run has no results".into());
        self.check(results.len() <= 25_000, || format!("{} results", results.len()));
        self.check(rules.len() <= 25_000, || format!("{} rules", rules.len()));
        let mut ids = BTreeSet::new();
        for rule in rules {
            self.rule(rule);
            self.check(ids.insert(rule["id"].as_str()), || format!("two rules {}", rule["id"]));
        }
        for (index, result) in results.iter().enumerate() {
            let before = self.found.len();
            self.result(result, rules);
            self.found[before..].iter_mut().for_each(|fault| fault.push_str(&format!(" (result {index})")));
        }
    }

    fn rule(&mut self, rule: &Value) {
        let id = rule["id"].as_str().unwrap_or_default();
        self.check(!id.is_empty(), || "a rule has no id".into());
        let length = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
        self.check(length(&rule["name"]) <= 255, || format!("{id}: name"));
        for text in ["shortDescription", "fullDescription"] {
            let length = length(&rule[text]["text"]);
            self.check((1..=1_024).contains(&length), || format!("{id}: {text} of {length} characters"));
        }
        self.check(length(&rule["help"]["text"]) > 0, || format!("{id}: no help"));
        let properties = &rule["properties"];
        let tags = list(&properties["tags"]);
        self.check(!tags.is_empty() && tags.len() <= 20, || format!("{id}: {} tags", tags.len()));
        let score = &properties["security-severity"];
        let number = score.as_str().and_then(|text| text.parse::<f64>().ok());
        let sound = score.is_null() || number.is_some_and(|number| (0.1..=10.0).contains(&number));
        self.check(sound, || format!("{id}: security-severity {score} is no string of a number"));
        let one_of = |value: &Value, words: &[&str]| value.as_str().is_some_and(|word| words.contains(&word));
        self.check(one_of(&properties["precision"], &["very-high", "high", "medium", "low"]), || {
            format!("{id}: precision {}", properties["precision"])
        });
        self.check(one_of(&properties["problem.severity"], &["error", "warning", "recommendation"]), || {
            format!("{id}: problem.severity {}", properties["problem.severity"])
        });
    }

    fn result(&mut self, result: &Value, rules: &[Value]) {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok());
        let rule = index.and_then(|index| rules.get(index));
        self.check(rule.is_some_and(|rule| rule["id"] == result["ruleId"]), || "ruleIndex and ruleId differ".into());
        let text = result["message"]["text"].as_str().unwrap_or_default();
        self.check(!text.is_empty(), || "no message".into());
        let failed = result["kind"].as_str().is_none_or(|kind| kind == "fail");
        self.check(failed == (result["level"] != "none"), || "level none is for what did not fail".into());
        let locations = list(&result["locations"]);
        self.check((1..=1_000).contains(&locations.len()), || format!("{} locations", locations.len()));
        for location in locations {
            self.location(location);
            let region = &location["physicalLocation"]["region"];
            self.check(region["startLine"] == region["endLine"], || "the primary region is no single line".into());
        }
        let related = list(&result["relatedLocations"]);
        for location in related {
            self.location(location);
            let link = format!("]({})", location["id"]);
            self.check(text.contains(&link), || format!("related location {} is not linked", location["id"]));
        }
        let flows = list(&result["codeFlows"]).iter().flat_map(|flow| list(&flow["threadFlows"]));
        let steps: Vec<&Value> = flows.flat_map(|flow| list(&flow["locations"])).collect();
        self.check(steps.len() <= 10_000, || format!("{} steps", steps.len()));
        steps.iter().for_each(|step| self.location(&step["location"]));
        for name in ["primaryLocationLineHash", "leastwise/v1"] {
            self.check(result["partialFingerprints"][name].is_string(), || format!("no fingerprint {name}"));
        }
    }

    fn location(&mut self, location: &Value) {
        let physical = &location["physicalLocation"];
        let uri = physical["artifactLocation"]["uri"].as_str().unwrap_or_default();
        self.check(is_relative_uri(uri), || format!("`{uri}` is no path below the repository's root"));
        let number = |name: &str| physical["region"][name].as_u64().unwrap_or(0);
        let [line, column, end_line, end_column] = ["startLine", "startColumn", "endLine", "endColumn"].map(number);
        let sound = line > 0 && column > 0 && (end_line, end_column) > (line, column);
        self.check(sound, || format!("region {}", physical["region"]));
    }
}

fn is_relative_uri(uri: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/%!$&'()*+,;=@".contains(&byte);
    let escapes =
        uri.split('%').skip(1).all(|rest| rest.len() >= 2 && rest.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit));
    !uri.is_empty()
        && !uri.starts_with('/')
        && !uri.split('/').any(|part| part == "..")
        && uri.bytes().all(allowed)
        && escapes
}

fn log() -> String {
    let mut out = Vec::new();
    write(&sample::report(), &sample::sources(), Format::Sarif, Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_report_with_one_of_everything_passes_all_three() {
    assert_eq!(faults(&log()), Vec::<String>::new());
}

#[test]
fn a_report_of_nothing_passes_all_three() {
    let mut out = Vec::new();
    let nothing = leastwise::report::Report::default();
    write(&nothing, &sample::sources(), Format::Sarif, Options::default(), &mut out).unwrap();
    assert_eq!(faults(&String::from_utf8(out).unwrap()), Vec::<String>::new());
}

#[test]
fn descriptors_kinds_and_levels_are_those_of_the_findings() {
    let log: Value = serde_json::from_str(&log()).unwrap();
    let seen: BTreeMap<&str, (&str, &str)> = list(&log["runs"][0]["results"])
        .iter()
        .map(|result| {
            let word = |name: &str| result[name].as_str().unwrap();
            (word("ruleId"), (word("kind"), word("level")))
        })
        .collect();
    let expected = [
        ("EN002", ("open", "none")),
        ("EN035", ("fail", "note")),
        ("LG001", ("fail", "warning")),
        ("LP003", ("fail", "note")),
        ("RG001/review", ("review", "none")),
        ("SE001", ("fail", "error")),
        ("XL001", ("fail", "warning")),
    ];
    assert_eq!(seen, expected.into());
    let rules = list(&log["runs"][0]["tool"]["driver"]["rules"]).iter().map(|rule| rule["id"].as_str().unwrap());
    let ids: Vec<&str> = rules.collect();
    assert!(ids.contains(&"EN002/low") && ids.contains(&"RG001"), "{ids:?}");
}

#[test]
fn what_has_no_file_in_the_repository_is_left_out_and_counted() {
    let mut out = Vec::new();
    let left = write(&sample::report(), &sample::sources(), Format::Sarif, Options::default(), &mut out).unwrap();
    assert_eq!(left.len(), 1, "{left:?}");
    let text = String::from_utf8(out).unwrap();
    assert!(!text.contains("LP019\",\"ruleIndex"));
    let log: Value = serde_json::from_str(&text).unwrap();
    let notes = list(&log["runs"][0]["invocations"][0]["toolExecutionNotifications"]);
    assert_eq!(notes.len(), 5);
    assert!(notes[4]["message"]["text"].as_str().unwrap().starts_with("1 finding about the account"));
    assert_eq!(notes[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 12);
}

/// The checks must be able to fail, each in its own way.
#[test]
fn the_checks_see_what_is_wrong() {
    let log = log();
    for (right, wrong, fault) in [
        ("\"security-severity\":\"9.5\"", "\"security-severity\":9.5", "security-severity"),
        ("app/template.yaml\"", "/etc/template.yaml\"", "no path below"),
        ("app/dist/gr%C3%B6%C3%9Fe%20%231.js", "app/größe #1.js", "no path below"),
        ("\"id\":\"EN002/low\"", "\"id\":\"EN002\"", "two rules"),
        ("](1)", "]", "not linked"),
        ("leastwise/scan/", "leastwise", "category"),
        ("\"startLine\":", "\"startline\":", "region"),
    ] {
        assert!(log.contains(right), "{right}");
        let found = github_faults(&log.replace(right, wrong));
        assert!(found.iter().any(|found| found.contains(fault)), "{wrong}: {found:?}");
    }
    let invalid = log.replace("\"kind\":\"review\"", "\"kind\":\"judge\"");
    if multitool().is_some() {
        assert!(!schema_faults(&invalid).is_empty());
        let unsound = log.replace("\"startLine\":5}", "\"startLine\":6}");
        assert!(!validator_faults(&unsound).is_empty());
    }
}
