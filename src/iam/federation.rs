//! Roles that build services assume with a token of a run: which runs a trust policy lets in.
//!
//! A token's `sub` says the repository, project or workspace of the run. Its form is the provider's; a condition on it
//! is judged by asking whether any subject of that form outside one repository fits its patterns, which is exact.

use super::action;
use super::condition::Condition;
use super::pattern::{TooLarge, witness};
use super::statement::{PrincipalKind, Statement};
use super::text::Text;
use crate::source::Span;
use crate::syntax::{Unknown, UnknownKind};

/// A build service whose runs get tokens, and what its subjects look like.
#[derive(Debug)]
pub struct BuildService {
    /// What the provider's address begins with.
    pub host: &'static str,
    /// Its name, for reports.
    pub name: &'static str,
    /// Whether all its customers share one provider; else a provider is one organisation's.
    shared: bool,
    forms: &'static [Form],
}

/// A form of subjects: fixed texts around values, `repo:` owner `/` name `:`, and anything behind.
#[derive(Debug)]
struct Form {
    fixed: &'static [&'static str],
    /// How many of the first values name the organisation.
    organisation: usize,
    /// The sets of values each of which names one repository, project or workspace.
    repository: &'static [&'static [usize]],
}

/// The runs that a statement lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Runs {
    /// Those of named repositories, projects or workspaces.
    Named,
    /// Those of a whole organisation.
    Organisation,
    /// Those of every customer of the build service.
    Anyone,
}

/// What a statement says of a build service's runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Federation {
    /// The build service.
    pub service: &'static str,
    /// Which runs it lets in, or why that is not known.
    pub runs: Result<Runs, Unknown>,
    /// The subject as written that lets them in; empty where no condition is on it.
    pub subject: String,
    /// Where to point: that subject, or the provider.
    pub span: Span,
}

/// The subjects' forms follow the providers' documentation on tokens for AWS (read 2026-11).
const SERVICES: &[BuildService] = &[
    BuildService {
        host: "token.actions.githubusercontent.com",
        name: "GitHub Actions",
        shared: true,
        forms: &[Form { fixed: &["repo:", "/", ":"], organisation: 1, repository: &[&[0, 1]] }],
    },
    BuildService {
        host: "gitlab.com",
        name: "GitLab",
        shared: true,
        forms: &[Form { fixed: &["project_path:", "/", ":"], organisation: 1, repository: &[&[0, 1]] }],
    },
    BuildService {
        host: "api.bitbucket.org",
        name: "Bitbucket Pipelines",
        shared: false,
        forms: &[Form { fixed: &["{", "}:"], organisation: 0, repository: &[&[0]] }],
    },
    BuildService {
        host: "oidc.circleci.com",
        name: "CircleCI",
        shared: false,
        forms: &[Form { fixed: &["org/", "/project/", "/"], organisation: 1, repository: &[&[0, 1]] }],
    },
    BuildService {
        host: "agent.buildkite.com",
        name: "Buildkite",
        shared: true,
        forms: &[Form { fixed: &["organization:", ":pipeline:", ":"], organisation: 1, repository: &[&[0, 1]] }],
    },
    BuildService {
        host: "app.terraform.io",
        name: "HCP Terraform",
        shared: true,
        forms: &[Form {
            fixed: &["organization:", ":project:", ":workspace:", ":"],
            organisation: 1,
            repository: &[&[0, 1], &[0, 2]],
        }],
    },
    BuildService {
        host: "vstoken.dev.azure.com",
        name: "Azure DevOps",
        shared: false,
        forms: &[Form { fixed: &["sc://", "/", "/"], organisation: 1, repository: &[&[0, 1]] }],
    },
    BuildService {
        host: "api.pulumi.com",
        name: "Pulumi",
        shared: true,
        forms: &[
            Form { fixed: &["pulumi:deploy:org:", ":project:", ":"], organisation: 1, repository: &[&[0, 1]] },
            Form { fixed: &["pulumi:environments:org:", ":env:", ""], organisation: 1, repository: &[&[0, 1]] },
        ],
    },
    BuildService {
        host: "oidc.vercel.com",
        name: "Vercel",
        shared: false,
        forms: &[Form { fixed: &["owner:", ":project:", ":"], organisation: 1, repository: &[&[0, 1]] }],
    },
];

/// Claims beside `sub` that name a repository or project, and with it limit the runs.
const REPOSITORY_CLAIMS: &[&str] = &[
    "repository",
    "repository_id",
    "job_workflow_ref",
    "project_path",
    "project_id",
    "pipeline_id",
    "pipeline_slug",
    "oidc.circleci.com/project-id",
];

/// Claims that name an organisation.
const ORGANISATION_CLAIMS: &[&str] = &[
    "repository_owner",
    "repository_owner_id",
    "enterprise_id",
    "namespace_id",
    "namespace_path",
    "organization_id",
    "organization_slug",
];

/// What a statement of a trust policy says of the runs of a build service that it lets in; `None` where it is for no
/// build service that is known, or its condition on the subject has a form that is not known.
///
/// `hosts` are addresses of the providers that its principals refer to in the same project.
pub fn of(statement: &Statement, hosts: &[String]) -> Option<Federation> {
    let principals = statement.principals.as_ref()?;
    let federated: Vec<&Text> = principals.of(&PrincipalKind::Federated).collect();
    let first = federated.first()?;
    let assume = action::named("sts:AssumeRoleWithWebIdentity")?;
    if statement.denies() || !statement.actions().upper.contains(assume) {
        return None;
    }
    let written: Vec<String> = federated.iter().map(ToString::to_string).chain(hosts.iter().cloned()).collect();
    let service = SERVICES.iter().find(|service| {
        written.iter().any(|text| text.contains(service.host))
            || statement.conditions.iter().any(|condition| condition.key.starts_with(service.host))
    })?;
    let answer = |runs, subject: String, span| Some(Federation { service: service.name, runs, subject, span });
    let mut widest = if service.shared { Runs::Anyone } else { Runs::Organisation };
    let mut unknown = statement.unknown_conditions.clone();
    let mut subjects: Vec<&Condition> = Vec::new();
    for condition in statement.conditions.iter().filter(|condition| is_positive(condition)) {
        let Some(claim) = claim_of(condition, service) else { continue };
        if claim == "sub" {
            subjects.push(condition);
        } else if REPOSITORY_CLAIMS.contains(&claim) || ORGANISATION_CLAIMS.contains(&claim) {
            let open = |text: &Text| condition.operator.takes_patterns() && text.shape().contains(['*', '?']);
            match condition.values.iter().find(|value| open(value)) {
                Some(value) if value.has_known_shape() => {}
                Some(value) => unknown = unknown.or_else(|| value.unknown()),
                None if condition.values.is_empty() => {}
                None if REPOSITORY_CLAIMS.contains(&claim) => {
                    return answer(Ok(Runs::Named), String::new(), first.span);
                }
                None => widest = widest.min(Runs::Organisation),
            }
        }
    }
    let Some(values) = subjects.first().map(|condition| &condition.values) else {
        return answer(unknown.map_or(Ok(widest), Err), String::new(), first.span);
    };
    let others: Vec<Vec<String>> = subjects.iter().skip(1).map(|condition| patterns(condition)).collect();
    let mut found: Option<(Runs, &Text)> = None;
    let mut strange = None;
    for value in values {
        // A value that fits nothing lets nobody in; a part that is not known may hold a wildcard.
        let Some(pattern) = pattern_of(subjects.first()?, value, &Text::shape) else { continue };
        let Some(runs) = service.runs(&pattern, &others) else {
            // One that begins like a subject and is none lets nobody in; another may be of a form of its customer's own.
            if !service.begins_like_one(&pattern) {
                strange = Some(Unknown::new(UnknownKind::Other, "the form of its subject"));
            }
            continue;
        };
        if runs > Runs::Named && !value.has_known_shape() {
            unknown = unknown.or_else(|| value.unknown());
        } else if found.is_none_or(|(widest, _)| runs > widest) {
            found = Some((runs, value));
        }
    }
    if let (None, Some(reason), Some(value)) = (found, &unknown, values.first()) {
        return answer(Err(reason.clone()), value.to_string(), value.span);
    }
    let (runs, value) = found?;
    let runs = runs.min(widest);
    let unknown = unknown.or(strange);
    // What is wide for certain is wide whatever the rest may be.
    let runs = unknown.filter(|_| runs == Runs::Named).map_or(Ok(runs), Err);
    answer(runs, value.to_string(), value.span)
}

impl BuildService {
    /// Whether a text begins as the service's subjects do.
    fn begins_like_one(&self, text: &str) -> bool {
        self.forms.iter().any(|form| form.fixed.first().is_some_and(|fixed| text.starts_with(fixed)))
    }

    /// The runs whose subjects fit the pattern and all others; `None` where no subject of a known form does.
    fn runs(&self, pattern: &str, others: &[Vec<String>]) -> Option<Runs> {
        let judged = self.forms.iter().filter_map(|form| form.runs(pattern, others).unwrap_or(None));
        judged.max()
    }
}

impl Form {
    fn runs(&self, pattern: &str, others: &[Vec<String>]) -> Result<Option<Runs>, TooLarge> {
        let any = self.glob(&[], &[]);
        let Some(subject) = within(pattern, others, &any, &[])? else { return Ok(None) };
        let values = self.values(&subject);
        for kept in self.repository {
            if within(pattern, others, &any, &[&self.glob(kept, &values)])?.is_none() {
                return Ok(Some(Runs::Named));
            }
        }
        let organisation: Vec<usize> = (0..self.organisation).collect();
        let inside = within(pattern, others, &any, &[&self.glob(&organisation, &values)])?.is_none();
        Ok(Some(if inside { Runs::Organisation } else { Runs::Anyone }))
    }

    /// The pattern of all subjects with some of the values given; of what stands behind the last one only the letter
    /// that ends it counts, since no value has that.
    fn glob(&self, kept: &[usize], values: &[String]) -> String {
        let mut glob = String::new();
        let last = kept.iter().max().copied();
        for (index, fixed) in self.fixed.iter().enumerate() {
            if last.is_some_and(|last| index == last + 1) {
                glob.extend(fixed.chars().take(1));
                break;
            }
            glob.push_str(fixed);
            match values.get(index).filter(|_| kept.contains(&index)) {
                Some(value) => glob.push_str(value),
                None if index + 1 < self.fixed.len() => glob.push('*'),
                None => {}
            }
        }
        glob.push('*');
        glob
    }

    /// The values of a subject: each up to the next fixed text.
    fn values(&self, subject: &str) -> Vec<String> {
        let mut rest = self.fixed.first().and_then(|fixed| subject.strip_prefix(fixed)).unwrap_or(subject);
        let mut values = Vec::new();
        for fixed in self.fixed.iter().skip(1) {
            let (value, behind) = match fixed.is_empty() {
                true => (rest, ""),
                false => rest.split_once(fixed).unwrap_or((rest, "")),
            };
            values.push(value.to_owned());
            rest = behind;
        }
        values
    }
}

/// A text that fits the pattern, one of each of the others, and the form, and none of those outside.
fn within(pattern: &str, others: &[Vec<String>], form: &str, outside: &[&str]) -> Result<Option<String>, TooLarge> {
    let others: Vec<Vec<&str>> = others.iter().map(|patterns| patterns.iter().map(String::as_str).collect()).collect();
    let (own, form) = ([pattern], [form]);
    let mut groups: Vec<&[&str]> = vec![&own, &form];
    groups.extend(others.iter().map(Vec::as_slice));
    witness(&groups, outside)
}

/// The tokens of build services always have a subject, so that what holds without one is no way in.
fn is_positive(condition: &Condition) -> bool {
    condition.operator.compares_text() && !condition.operator.negated
}

fn patterns(condition: &Condition) -> Vec<String> {
    condition.values.iter().filter_map(|value| pattern_of(condition, value, &Text::upper)).collect()
}

/// A value as a pattern; one of an operator without patterns that has a wildcard fits no subject.
fn pattern_of(condition: &Condition, value: &Text, form: &dyn Fn(&Text) -> String) -> Option<String> {
    let literal = value.as_literal().is_some_and(|text| text.contains(['*', '?']));
    if literal && !condition.operator.takes_patterns() { None } else { Some(form(value)) }
}

/// The claim of a condition on a provider's token: `sub` of `token.actions.githubusercontent.com:sub`. A provider's
/// address may have a path behind its host, and be written as a reference.
fn claim_of<'a>(condition: &'a Condition, service: &BuildService) -> Option<&'a str> {
    let (provider, claim) = condition.key.rsplit_once(':')?;
    (provider.starts_with(service.host) || provider.contains("${") || provider.contains(service.host)).then_some(claim)
}

#[cfg(test)]
mod tests;
