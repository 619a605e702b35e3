//! `scan` and `audit`: the whole flow.

use super::args::{Accounts, Audit, Deployment, Judging, Scan};
use super::timings::Timings;
use super::{Exit, output, setup};
use crate::engine::Rules;
use crate::finding::{Finding, Status};
use crate::flow::{self, Outcome, Setup};
use crate::model::Project;
use crate::profile::Profile;
use crate::report::{Report, RuleText, Summary};
use crate::source::{self, Collected, Problem, ProblemKind};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Scans.
pub(super) fn run(line: &Scan) -> Result<Exit, String> {
    let no_path = line.paths.is_empty() && (line.accounts.live || !line.accounts.saved.is_empty());
    let paths = if line.paths.is_empty() && !no_path { vec![PathBuf::from(".")] } else { line.paths.clone() };
    scan(&Request { paths, accounts: &line.accounts, save: None, judging: &line.judging, deployment: &line.deployment })
}

/// Scans the live account.
pub(super) fn audit(line: &Audit) -> Result<Exit, String> {
    let accounts = Accounts { live: true, ..Accounts::default() };
    scan(&Request {
        paths: Vec::new(),
        accounts: &accounts,
        save: line.save.as_deref(),
        judging: &line.judging,
        deployment: &Deployment::default(),
    })
}

/// What one scan is asked to do.
struct Request<'a> {
    paths: Vec<PathBuf>,
    accounts: &'a Accounts,
    save: Option<&'a Path>,
    judging: &'a Judging,
    deployment: &'a Deployment,
}

fn scan(request: &Request<'_>) -> Result<Exit, String> {
    let mut timings = Timings::start();
    if let Some(path) = request.paths.iter().find(|path| !path.exists()) {
        return Err(format!("{} does not exist", path.display()));
    }
    let root = source::root_of(&request.paths);
    let from = request.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let (config, base) = setup::config(&root, from)?;
    let profiles = setup::profiles(request.judging, &config, &base)?;
    let rules = setup::rules(&request.judging.rules, &config, &base)?;
    let options = setup::deployment(request.deployment, &config);
    let setup = Setup::new(&rules, &config, &profiles, options, setup::today()?);
    timings.stage("rules");

    let (collected, mut problems) = source::collect(&root, &request.paths, &config.exclude);
    let Collected { sources, skipped } = collected;
    let outside = add_accounts(request, &sources, &mut problems)?;
    timings.stage("walk");

    let Outcome { projects, code, findings, problems: met } =
        flow::judge(&sources, &setup, &mut |name| timings.stage(name));
    problems.extend(met);
    problems.sort();
    problems.dedup();

    let nothing = sources.is_empty() || projects.is_empty() && code.files.is_empty();
    let exit = exit(request.judging, &config, &findings, &problems, nothing);
    let summary = summary(&projects, &findings, &problems, sources.len(), skipped);
    let report = Report {
        findings: shown(findings, request.judging.show_unknown),
        problems,
        summary,
        rules: described(&rules),
        paths_base: String::new(),
        outside,
    };
    say_what_is_missing(&profiles, &setup, nothing);
    output::write(&report, &sources, &request.judging.outputs)?;
    timings.stage("report");
    if request.judging.timings {
        let _ = write!(anstream::stderr(), "{}", timings.table());
    }
    Ok(exit)
}

/// Adds the accounts' exports to the files; the paths of those that do not lie in the repository.
fn add_accounts(
    request: &Request<'_>,
    sources: &source::Sources,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Arc<str>>, String> {
    let Accounts { saved, live } = request.accounts;
    if saved.is_empty() && !live {
        return Ok(Vec::new());
    }
    let (snapshots, met) = source::obtain(*live, saved, request.save);
    let usable = snapshots.iter().filter(|snapshot| snapshot.has_details()).count();
    if usable == 0 {
        let reasons: Vec<String> = met.iter().map(|problem| problem.message.clone()).collect();
        return Err(format!("no account could be read\n{}", reasons.join("\n")));
    }
    problems.extend(met);
    let mut outside = Vec::new();
    for file in snapshots.iter().filter_map(|snapshot| snapshot.add_to(sources)) {
        if !sources.root().join(&*file.path).is_file() {
            outside.push(file.path.clone());
        }
    }
    Ok(outside)
}

/// The code of the run: 2 beats 1.
fn exit(
    judging: &Judging,
    config: &crate::config::Config,
    findings: &[Finding],
    problems: &[Problem],
    nothing: bool,
) -> Exit {
    let threshold = judging.fail_on.map(|threshold| threshold.0).or(config.fail_on);
    let threshold = threshold.unwrap_or(Some(crate::rule::Severity::Medium));
    let fails = |finding: &Finding| match finding.status {
        Status::Violated => threshold.is_some_and(|threshold| finding.severity <= threshold),
        Status::Review => judging.fail_on_review,
        Status::Unknown => judging.fail_on_unknown,
    };
    let unread = nothing && problems.iter().any(|problem| matches!(problem.kind, ProblemKind::Parse | ProblemKind::Io));
    if unread || judging.strict && !problems.is_empty() {
        Exit::Failed
    } else if findings.iter().any(fails) {
        Exit::Found
    } else {
        Exit::Clean
    }
}

fn summary(projects: &[Project], findings: &[Finding], problems: &[Problem], files: usize, skipped: usize) -> Summary {
    let resources = || projects.iter().flat_map(|project| &project.resources);
    let mut summary = Summary {
        files,
        resources: resources().count(),
        functions: resources().filter(|resource| &*resource.kind == "AWS::Lambda::Function").count(),
        skipped,
        problems: problems.len(),
        ..Summary::default()
    };
    for finding in findings {
        match finding.status {
            Status::Violated => *summary.by_severity.entry(finding.severity).or_default() += 1,
            Status::Review => summary.review += 1,
            Status::Unknown => *summary.unknown.entry(finding.rule.clone()).or_default() += 1,
        }
    }
    summary
}

fn shown(mut findings: Vec<Finding>, show_unknown: bool) -> Vec<Finding> {
    if !show_unknown {
        findings.retain(|finding| finding.status != Status::Unknown);
    }
    findings
}

/// The rules as reports describe them.
pub(super) fn described(rules: &Rules) -> Vec<RuleText> {
    let text = |rule: &crate::rule::Rule| RuleText {
        id: rule.id.clone(),
        name: rule.name.clone(),
        title: rule.title.clone(),
        severities: rule.severities.clone(),
        review: rule.review,
        page: rule.page.clone(),
        category: rule.category.clone(),
    };
    rules.set.rules.values().map(text).collect()
}

/// What a reader of the report must know that is no problem of a file: controls without a rule, labels without an area.
fn say_what_is_missing(profiles: &[Profile], setup: &Setup<'_>, nothing: bool) {
    let mut err = anstream::stderr();
    if nothing {
        let _ = writeln!(
            err,
            "nothing to scan: no template, no serverless.yml, no Terraform, no account, no code was found"
        );
    }
    for profile in profiles {
        let uncovered: Vec<&str> = profile.uncovered().map(|control| &*control.id).collect();
        if !uncovered.is_empty() {
            let _ = writeln!(err, "profile {}: not covered by any rule: {}", profile.name, uncovered.join(", "));
        }
        if &*profile.name == "hipaa" && !setup.areas.iter().any(|area| area.allowed.contains_key("phi")) {
            let _ =
                writeln!(err, "profile hipaa: the place of phi was not judged; name the countries under [areas] phi");
        }
    }
}
