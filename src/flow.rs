//! The flow of one scan over files that are there already: from text to findings, without touching the world.

use crate::code;
use crate::config::Config;
use crate::engine::{self, Asking, Rules};
use crate::fact::{self, Area, Known, Scope};
use crate::finding::{Doubt, Finding, Status, Understood};
use crate::infra::{self, Options};
use crate::model::{Code, Day, LabelWords, Project, Settings};
use crate::profile::Profile;
use crate::report::{Report, RuleText, Summary};
use crate::rule::{Rule, Severity};
use crate::source::{Problem, Sources, nearest};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a scan judges by.
#[derive(Debug)]
pub struct Setup<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// Where which settings hold, what labels mean and where data may lie; the first scope is the root's.
    pub scopes: Vec<Scope>,
    /// The deployment, for each scope.
    pub options: Vec<Options>,
    /// What asks, for each scope.
    pub asking: Vec<Asking>,
}

/// What a scan brought.
#[derive(Debug)]
pub struct Outcome {
    /// The projects.
    pub projects: Vec<Project>,
    /// Their code.
    pub code: Code,
    /// Findings of every status, in the order of the report.
    pub findings: Vec<Finding>,
    /// The functions of which it is not known for certain what their code needs.
    pub doubts: Vec<Doubt>,
    /// Whether a violation is as severe as the settings of its project say that the run fails.
    pub fails: bool,
    /// Problems, sorted, each once.
    pub problems: Vec<Problem>,
}

impl<'a> Setup<'a> {
    /// What the root's leastwise.toml and the profiles say, for a scan on a day.
    pub fn new(rules: &'a Rules, config: &Config, profiles: &[Profile], options: Options, today: Day) -> Self {
        let mut setup = Self { rules, scopes: Vec::new(), options: Vec::new(), asking: Vec::new() };
        setup.add("", config, profiles, options, today);
        setup
    }

    /// Adds what the leastwise.toml of a folder says of the projects and files below it.
    pub fn add(&mut self, folder: &str, config: &Config, profiles: &[Profile], options: Options, today: Day) {
        let areas = areas(profiles, config);
        self.asking.push(Asking {
            areas: !areas.is_empty() || !profiles.is_empty(),
            profiles: profiles.iter().map(|profile| (profile.name.clone(), profile.rules())).collect(),
            left_out: BTreeSet::new(),
            fail_on: config.fail_on.unwrap_or(Some(Severity::Medium)),
        });
        let settings = Settings { labels: labels(config), today };
        self.scopes.push(Scope { folder: folder.into(), settings, areas });
        self.options.push(options);
    }

    /// The deployment of the project at a path.
    fn deployment(&self, path: &str) -> &Options {
        let index = nearest(self.scopes.iter().map(|scope| &*scope.folder), path).unwrap_or(0);
        &self.options[index.min(self.options.len().saturating_sub(1))]
    }
}

/// Judges the files; `stage` is told the name of each stage as it ends.
pub fn judge(sources: &Sources, setup: &Setup<'_>, stage: &mut dyn FnMut(&'static str)) -> Outcome {
    let (projects, mut problems) = infra::read_each(sources, &|root| setup.deployment(root));
    stage("infra");
    let (code, met) = code::read(sources, &projects);
    problems.extend(met);
    stage("code");
    let (scopes, wanted) = (&setup.scopes[..], &setup.rules.wanted);
    let (questions, met) = fact::derive(&Known { projects: &projects, code: &code, scopes, wanted, sources });
    problems.extend(met);
    let doubts = fact::doubts(&projects, &code, sources);
    stage("facts");
    let judged = engine::evaluate(setup.rules, &questions, &setup.asking, sources);
    problems.extend(judged.problems);
    stage("rules asked");
    problems.sort();
    problems.dedup();
    Outcome { projects, code, findings: judged.findings, doubts, fails: judged.fails, problems }
}

impl Outcome {
    /// Adds problems that were met before the files were judged.
    pub fn add_problems(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems);
        self.problems.sort();
        self.problems.dedup();
    }

    /// The report; `skipped` is what the walk left out, and what rules could not tell is listed only if asked for.
    pub fn report(self, rules: &Rules, sources: &Sources, skipped: usize, show_unknown: bool) -> Report {
        let summary = self.summary(sources.len(), skipped);
        let mut findings = self.findings;
        if !show_unknown {
            findings.retain(|finding| finding.status != Status::Unknown);
        }
        let text = |rule: &Rule| RuleText {
            id: rule.id.clone(),
            name: rule.name.clone(),
            title: rule.title.clone(),
            severities: rule.severities.clone(),
            review: rule.review,
            page: rule.page.clone(),
            category: rule.category.clone(),
        };
        let rules = rules.set.rules.values().map(text).collect();
        Report { findings, problems: self.problems, doubts: self.doubts, summary, rules, ..Report::default() }
    }

    fn summary(&self, files: usize, skipped: usize) -> Summary {
        let resources = || self.projects.iter().flat_map(|project| &project.resources);
        let mut summary = Summary {
            files,
            resources: resources().filter(|resource| resource.properties.get("__Derived").is_none()).count(),
            functions: resources().filter(|resource| &*resource.kind == "AWS::Lambda::Function").count(),
            skipped,
            problems: self.problems.len(),
            ..Summary::default()
        };
        let count = |how| self.doubts.iter().filter(|doubt| doubt.understood == how).count();
        (summary.understood_partly, summary.not_understood) = (count(Understood::Partly), count(Understood::Not));
        for finding in &self.findings {
            match finding.status {
                Status::Violated => *summary.by_severity.entry(finding.severity).or_default() += 1,
                Status::Review => summary.review += 1,
                Status::Unknown => *summary.unknown.entry(finding.rule.clone()).or_default() += 1,
            }
        }
        summary
    }
}

/// Each profile's area, and what leastwise.toml says itself.
fn areas(profiles: &[Profile], config: &Config) -> Vec<Area> {
    let accepted: Vec<Arc<str>> = config.accepted.iter().map(|country| country.as_str().into()).collect();
    let own: BTreeMap<Arc<str>, Vec<Arc<str>>> = config
        .areas
        .iter()
        .map(|(label, countries)| (label.as_str().into(), countries.iter().map(|c| c.as_str().into()).collect()))
        .collect();
    let mut areas: Vec<Area> = profiles
        .iter()
        .filter(|profile| !profile.labels.is_empty())
        .map(|profile| {
            let allowed = profile.labels.iter().map(|label| (label.clone(), profile.groups.clone())).collect();
            Area { name: profile.name.clone(), allowed, accepted: accepted.clone() }
        })
        .collect();
    if !own.is_empty() {
        areas.push(Area { name: "leastwise.toml".into(), allowed: own, accepted });
    }
    areas
}

fn labels(config: &Config) -> LabelWords {
    let mut labels = LabelWords::default();
    labels.keys.extend(config.label_keys.iter().map(|key| key.to_lowercase()));
    labels.values.extend(config.label_values.iter().map(|(key, value)| (key.to_lowercase(), value.to_lowercase())));
    labels.globs.clone_from(&config.label_globs);
    labels
}
