//! `scan` and `audit`: the whole flow.

use super::args::{Accounts, Audit, Deployment, Judging, Scan};
use super::progress::Progress;
use super::settings::Settings;
use super::timings::Timings;
use super::{Exit, output};
use crate::finding::{Finding, Status};
use crate::flow::{self, Outcome, Setup};
use crate::infra::unbuilt;
use crate::profile::Profile;
use crate::report::Report;
use crate::source::{self, Collected, Problem, ProblemKind};
use std::collections::BTreeSet;
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
    let mut settings = Settings::above(&root, &request.paths)?;
    let progress = Progress::start();
    let (collected, mut problems) = source::collect(&root, &request.paths, &settings.excludes());
    let Collected { sources, skipped } = collected;
    problems.extend(settings.add_below(&sources)?);
    timings.stage("walk");
    progress.after("walk");
    let profiles = settings.profiles(request.judging)?;
    let rules = settings.rules(&request.judging.rules)?;
    let setup = settings.setup(&rules, &profiles, (request.judging, request.deployment))?;
    timings.stage("rules");
    let Accounted { outside, explained } = add_accounts(request, &sources, &mut problems)?;

    let mut outcome = flow::judge(&sources, &setup, &mut |name| {
        timings.stage(name);
        progress.after(name);
    });
    drop(progress);
    // What is missing from an account is said once, by what knows why.
    let said = |problem: &Problem| problem.path.as_ref().is_some_and(|path| explained.contains(path));
    outcome.problems.retain(|problem| problem.kind != ProblemKind::Coverage || !said(problem));
    outcome.add_problems(problems);
    let unbuilt = unbuilt::problems(&sources, &outcome.projects);
    outcome.add_problems(unbuilt.clone());
    let code = &outcome.code;
    let read = !outcome.projects.is_empty() || code.files.keys().any(|path| code.judged.contains(path));
    let nothing = sources.is_empty() || !read;
    let failed = nothing && outcome.problems.iter().any(|problem| UNREAD.contains(&problem.kind));
    let exit = exit(request.judging, &outcome, failed);
    let report =
        Report { outside, failed, ..outcome.report(setup.rules, &sources, skipped, request.judging.show_unknown) };
    say_what_is_missing(&profiles, &setup, &unbuilt, nothing);
    output::write(&report, &sources, &request.judging.outputs)?;
    timings.stage("report");
    if request.judging.timings {
        let _ = write!(anstream::stderr(), "{}", timings.table());
    }
    Ok(exit)
}

/// The accounts' exports among the files.
#[derive(Default)]
struct Accounted {
    /// Those that do not lie in the repository.
    outside: Vec<Arc<str>>,
    /// Those of which it is said already what is missing from them, and why.
    explained: Vec<Arc<str>>,
}

/// Adds the accounts' exports to the files.
fn add_accounts(
    request: &Request<'_>,
    sources: &source::Sources,
    problems: &mut Vec<Problem>,
) -> Result<Accounted, String> {
    let Accounts { saved, live } = request.accounts;
    if saved.is_empty() && !live {
        return Ok(Accounted::default());
    }
    let (snapshots, met) = source::obtain(*live, saved, request.save);
    let usable = snapshots.iter().filter(|snapshot| snapshot.has_details()).count();
    if usable == 0 {
        let reasons: Vec<String> = met.iter().map(|problem| problem.message.clone()).collect();
        return Err(format!("no account could be read\n{}", reasons.join("\n")));
    }
    problems.extend(met);
    let mut accounted = Accounted::default();
    for snapshot in &snapshots {
        let Some(file) = snapshot.add_to(sources) else { continue };
        if !sources.root().join(&*file.path).is_file() {
            accounted.outside.push(file.path.clone());
        }
        if !snapshot.problems().is_empty() {
            accounted.explained.push(file.path.clone());
        }
    }
    Ok(accounted)
}

/// What a file that could not be read is.
const UNREAD: [ProblemKind; 3] = [ProblemKind::Parse, ProblemKind::Io, ProblemKind::Limit];

/// The code of the run: 2 beats 1.
fn exit(judging: &Judging, outcome: &Outcome, failed: bool) -> Exit {
    let fails = |finding: &Finding| match finding.status {
        Status::Violated => false,
        Status::Review => judging.fail_on_review,
        Status::Unknown => judging.fail_on_unknown,
    };
    if failed || judging.strict && !outcome.problems.is_empty() {
        Exit::Failed
    } else if outcome.fails || outcome.findings.iter().any(fails) {
        Exit::Found
    } else {
        Exit::Clean
    }
}

/// What a reader must know who does not see the report, or what it does not say: programs that were not run, controls
/// without a rule, labels without an area.
fn say_what_is_missing(profiles: &[Vec<Profile>], setup: &Setup<'_>, unbuilt: &[Problem], nothing: bool) {
    let mut err = anstream::stderr();
    for problem in unbuilt {
        let _ = writeln!(err, "{}: {}", problem.path.as_deref().unwrap_or_default(), problem.message);
    }
    if nothing {
        let _ = writeln!(
            err,
            "nothing to scan: no template, no serverless.yml, no Terraform, no account, no code was found"
        );
    }
    let mut said = BTreeSet::new();
    let of_scopes = setup.scopes.iter().zip(profiles);
    for (scope, profile) in of_scopes.flat_map(|(scope, profiles)| profiles.iter().map(move |profile| (scope, profile)))
    {
        let uncovered: Vec<&str> = profile.uncovered().map(|control| &*control.id).collect();
        if !uncovered.is_empty() && said.insert(&profile.name) {
            let _ = writeln!(err, "profile {}: not covered by any rule: {}", profile.name, uncovered.join(", "));
        }
        if &*profile.name == "hipaa" && !scope.areas.iter().any(|area| area.allowed.contains_key("phi")) {
            let _ =
                writeln!(err, "profile hipaa: the place of phi was not judged; name the countries under [areas] phi");
        }
    }
}
