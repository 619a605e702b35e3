//! Scans files in memory, as every test of findings does.

use leastwise::config;
use leastwise::engine::{self, Rules};
use leastwise::fact;
use leastwise::finding::Finding;
use leastwise::flow::{self, Outcome, Setup};
use leastwise::infra::Options;
use leastwise::model::Day;
use leastwise::profile;
use leastwise::rule;
use leastwise::source::Sources;
use std::sync::OnceLock;

/// The day on which all tests scan.
pub fn today() -> Day {
    "2026-11-21".parse().unwrap()
}

/// The built-in rules.
pub fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| engine::load(&rule::built_in(), usize::MAX, &fact::entity_types()).unwrap())
}

/// Scans files, a leastwise.toml among them, with the built-in rules.
pub fn scan(files: &[(String, String)]) -> (Sources, Outcome) {
    scan_below(files.iter().map(|(path, text)| (path, text)), "")
}

/// The same with rules of one's own beside them.
pub fn scan_with(rules: &Rules, files: &[(&str, &str)]) -> Outcome {
    let sources = Sources::in_memory(files.iter().copied());
    let setup = Setup::new(rules, &config::Config::default(), &[], Options::default(), today());
    flow::judge(&sources, &setup, &mut |_| {})
}

/// The same of a project in a folder: nothing, or a path that ends in `/`.
pub fn scan_below<'a>(files: impl IntoIterator<Item = (&'a String, &'a String)>, folder: &str) -> (Sources, Outcome) {
    let sources = Sources::in_memory(files.into_iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let config = match sources.open(&format!("{folder}leastwise.toml")) {
        Ok(file) => config::parse(&file).unwrap(),
        Err(_) => config::Config::default(),
    };
    let profiles: Vec<_> = config.profiles.iter().map(|name| profile::built_in(name).unwrap().unwrap()).collect();
    let options = Options {
        region: config.region.as_deref().map(Into::into),
        stage: config.stage.as_deref().map(Into::into),
        ..Options::default()
    };
    let setup = Setup::new(rules(), &config, &profiles, options, today());
    let outcome = flow::judge(&sources, &setup, &mut |_| {});
    (sources, outcome)
}

/// `path:line RULE` of every finding that is no "cannot tell".
pub fn lines(findings: &[Finding]) -> Vec<String> {
    let told = findings.iter().filter(|finding| finding.status != leastwise::finding::Status::Unknown);
    told.map(|finding| format!("{}:{} {}", finding.location.path, finding.location.start_line, finding.rule)).collect()
}
