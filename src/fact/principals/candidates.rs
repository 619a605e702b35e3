//! Whom a way can lead over: roles by the service that they trust, principals by the roles that they may assume.

use super::found::{May, Trusting};
use super::may::Request;
use super::settle;
use super::world::{Kind, Principal, World};
use crate::iam::document::Document;
use crate::iam::evaluate::Context;
use crate::iam::statement::{PrincipalKind, Statement};
use crate::iam::text::Text;
use std::collections::BTreeMap;

/// Keys that hold for whatever one has a service of one's own account do.
const OWN_ACCOUNT: &[&str] = &["aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:PrincipalOrgID"];

/// Services that do with a role what they are configured to and nothing else: nobody has the role's rights in hand
/// (their developer guides, "service role" or "execution role", read 2026-12). Those that run code, commands or
/// templates of their customers are not among them.
const CONFIGURED: &[&str] = &[
    "apigateway.amazonaws.com",
    "appsync.amazonaws.com",
    "application-autoscaling.amazonaws.com",
    "autoscaling.amazonaws.com",
    "backup.amazonaws.com",
    "batch.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "cognito-idp.amazonaws.com",
    "config.amazonaws.com",
    "dlm.amazonaws.com",
    "dms.amazonaws.com",
    "ecs.amazonaws.com",
    "eks.amazonaws.com",
    "elasticmapreduce.amazonaws.com",
    "events.amazonaws.com",
    "firehose.amazonaws.com",
    "iot.amazonaws.com",
    "logs.amazonaws.com",
    "monitoring.rds.amazonaws.com",
    "pipes.amazonaws.com",
    "rds.amazonaws.com",
    "s3.amazonaws.com",
    "scheduler.amazonaws.com",
    "ses.amazonaws.com",
    "sns.amazonaws.com",
    "spotfleet.amazonaws.com",
    "states.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
];

impl World<'_> {
    /// Whether only services assume the role that do what they are configured to.
    pub(in crate::fact) fn is_configured(&self, who: usize) -> bool {
        let Some(principal) = self.principals.get(who).filter(|one| one.kind == Kind::Role) else { return false };
        let mut trusting = principal.trust.statements.iter().filter(|one| !one.denies()).peekable();
        let known = principal.trust.unknown.is_empty() && trusting.peek().is_some();
        known
            && trusting.all(|statement| {
                let all = statement.principals.as_ref().map_or(0, |principals| principals.listed.len());
                let open =
                    statement.not_principal || statement.principals.as_ref().is_none_or(|named| named.any.is_some());
                let configured =
                    services(statement).filter(|(service, _)| CONFIGURED.contains(&service.as_str())).count();
                !open && configured == all
            })
    }

    /// The roles that trust a service, in the order of the project.
    pub(super) fn trusting(&self, service: &str) -> &[Trusting] {
        let by_service = self.trusting.get_or_init(|| self.find_trusting());
        by_service.get(service).map(Vec::as_slice).unwrap_or_default()
    }

    /// For each principal those that may assume it, with how.
    pub(super) fn assumers(&self, role: usize) -> &[(usize, May)] {
        let assumers = self.assumers.get_or_init(|| (0..self.principals.len()).map(|role| self.assume(role)).collect());
        assumers.get(role).map(Vec::as_slice).unwrap_or_default()
    }

    /// How a principal may assume a role, if it may.
    pub(super) fn assumes(&self, who: usize, role: usize) -> Option<&May> {
        self.assumers(role).iter().find(|(assumer, _)| *assumer == who).map(|(_, may)| may)
    }

    fn find_trusting(&self) -> BTreeMap<String, Vec<Trusting>> {
        let mut found: BTreeMap<String, Vec<Trusting>> = BTreeMap::new();
        for (role, principal) in self.principals.iter().enumerate().filter(|(_, one)| one.kind == Kind::Role) {
            let denies = |service: &str| {
                let mut denying = principal.trust.statements.iter().filter(|one| one.denies() && !one.is_conditional());
                denying.any(|statement| services(statement).any(|(own, _)| own == service))
            };
            for statement in principal.trust.statements.iter().filter(|one| !one.denies() && assumes(one)) {
                for (service, unknown) in services(statement) {
                    let known = found.entry(service.clone()).or_default();
                    if known.last().is_some_and(|last| last.role == role && last.doubt.is_none()) || denies(&service) {
                        continue;
                    }
                    let doubt = unknown.or_else(|| doubt(statement));
                    known.retain(|other| other.role != role);
                    known.push(Trusting { role, span: statement.span, doubt });
                }
            }
        }
        found
    }

    fn assume(&self, role: usize) -> Vec<(usize, May)> {
        let Some(target) = self.principals.get(role).filter(|one| one.kind == Kind::Role) else { return Vec::new() };
        let context = Context::default();
        let request =
            Request { action: "sts:AssumeRole", on: &target.arn, context: &context, resource: Some(&target.trust) };
        let mut candidates: Vec<usize> = Vec::new();
        for statement in target.trust.statements.iter().filter(|one| !one.denies()) {
            let Some(principals) = &statement.principals else { continue };
            let everyone = principals.any.is_some() || statement.not_principal;
            for text in principals.of(&PrincipalKind::Aws) {
                match text.as_literal() {
                    Some(name) if self.is_own_account(name) => candidates.extend(self.asking(request)),
                    Some(name) => candidates.extend(self.by_name.get(name)),
                    None => candidates.extend(self.asking(request)),
                }
            }
            if everyone {
                candidates.extend(self.asking(request));
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates.retain(|candidate| *candidate != role);
        // Where the trust leaves it to the account, a right to assume whatever role there is holds for each alike.
        let plain = match target.trust.statements.as_slice() {
            [only] if only.allows() && !only.is_conditional() && !only.not_principal => only.principals.as_ref(),
            _ => None,
        };
        let left = plain.and_then(|principals| match principals.listed.as_slice() {
            [only] if principals.any.is_none() => only.value.as_literal().filter(|name| self.is_own_account(name)),
            _ => None,
        });
        let span = target.trust.statements.first().map(|statement| statement.span);
        let how = |who: usize| match (left, span) {
            (Some(_), Some(span)) => {
                let mut may = self.assume_any(who, &target.trust).or_else(|| self.may(who, request))?;
                if let Some(trust) = may.sites.iter_mut().find(|(_, said)| !said.contains(':')) {
                    trust.0 = span;
                }
                Some(may)
            }
            _ => self.may(who, request),
        };
        candidates.into_iter().filter_map(|who| how(who).map(|may| (who, may))).collect()
    }

    /// How a principal may assume whatever role leaves it to the account; `trust` is that of such a role.
    fn assume_any(&self, who: usize, trust: &Document) -> Option<May> {
        if let Some(known) = self.assume_any.borrow().get(&who) {
            return known.clone();
        }
        let start = self.settled.of_iam("role/");
        let may = self.may_on_any(who, ("sts:AssumeRole", &start), &Context::default(), Some(trust));
        self.assume_any.borrow_mut().insert(who, may.clone());
        may
    }

    /// The principals whose policies may allow to assume a role.
    fn asking(&self, request: Request<'_>) -> impl Iterator<Item = usize> {
        let request = Request { resource: None, ..request };
        let asks = move |(index, one): &(usize, &Principal<'_>)| {
            one.kind != Kind::Bearer && one.may_name("sts:AssumeRole") && self.may_match(*index, request)
        };
        self.principals.iter().enumerate().filter(asks).map(|(index, _)| index)
    }

    /// Whether a principal of a trust is of the project, or its whole account.
    pub(super) fn is_own(&self, text: &Text) -> bool {
        let name = settle::name(text);
        self.is_own_account(&name) || self.by_name.contains_key(&name)
    }

    fn is_own_account(&self, name: &str) -> bool {
        let account = &*self.settled.account;
        name == account || name.split(':').nth(4) == Some(account) && name.ends_with(":root")
    }
}

/// Whether a statement of a trust policy lets its principals assume the role.
fn assumes(statement: &Statement) -> bool {
    let bounds = statement.actions();
    let names = ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"];
    names.iter().filter_map(|name| crate::iam::action::named(name)).any(|action| bounds.upper.contains(action))
}

/// The services that a statement names, identity pools of Cognito among them.
fn services(statement: &Statement) -> impl Iterator<Item = (String, Option<String>)> {
    let principals = statement.principals.iter().filter(|_| !statement.not_principal);
    let kinds = [PrincipalKind::Service, PrincipalKind::Federated];
    let texts = principals.flat_map(move |principals| {
        kinds.clone().into_iter().flat_map(|kind| principals.of(&kind).cloned().collect::<Vec<_>>())
    });
    texts.filter_map(|text| {
        let name = text.as_literal()?.to_ascii_lowercase();
        Some((name.strip_suffix(".cn").unwrap_or(&name).to_owned(), text.unknown().map(|reason| reason.to_string())))
    })
}

fn doubt(statement: &Statement) -> Option<String> {
    if !statement.allows() {
        return Some("whether the role's trust allows or denies is not known".to_owned());
    }
    if let Some(condition) = &statement.possible {
        return Some(format!("the role's trust hangs on {condition}"));
    }
    let limits = |key: &str| !OWN_ACCOUNT.iter().any(|own| own.eq_ignore_ascii_case(key));
    let keys: Vec<&str> =
        statement.conditions.iter().map(|condition| &*condition.key).filter(|key| limits(key)).collect();
    let unknown = statement.unknown_conditions.as_ref().map(ToString::to_string);
    match keys.as_slice() {
        [] => unknown,
        keys => Some(format!("the role's trust hangs on the condition on {}", keys.join(", "))),
    }
}
