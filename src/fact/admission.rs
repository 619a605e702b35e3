//! Whom a statement of a trust policy or of a resource's policy lets in.

use super::listed::some;
use crate::iam::arn::Arn;
use crate::iam::document::Document;
use crate::iam::federation::{self, Runs};
use crate::iam::outside::{self, Outsiders};
use crate::iam::statement::{Effect, PrincipalKind, Statement};
use crate::iam::text::{Answer, Text};
use crate::iam::{action, public};
use crate::model::{Entity, Project, Read, Resource};
use crate::source::Span;

/// Services that assume roles to work on resources which their customers name to them, so that the guides to each tell
/// to limit the trust to one's own resources ("Cross-service confused deputy prevention", read 2026-11). Services that
/// run a customer's code or definition with its role (Lambda, API Gateway, Step Functions, ECS, CodeBuild) are not
/// among them.
const DEPUTIES: &[&str] = &[
    "batchoperations.s3.amazonaws.com",
    "bedrock.amazonaws.com",
    "cognito-idp.amazonaws.com",
    "datasync.amazonaws.com",
    "export.rds.amazonaws.com",
    "firehose.amazonaws.com",
    "iot.amazonaws.com",
    "logs.amazonaws.com",
    "pipes.amazonaws.com",
    "scheduler.amazonaws.com",
    "ses.amazonaws.com",
    "transfer.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
];

/// Puts what a statement says of those it lets in; one of an identity's policy says nothing.
pub(super) fn put(
    entity: &mut Entity,
    project: &Project,
    resource: &Resource,
    (statement, document): (&Statement, &Document),
    source: &str,
) {
    let (shown, at) = principals(statement);
    entity.put("principals", Read::at(shown, at));
    // What lets nobody assume the role lets nobody in, whomever it names.
    let assume = action::named("sts:AssumeRole");
    let idle = source == "trust" && !assume.is_some_and(|assume| statement.actions().upper.contains(assume));
    let identity = source == "identity";
    let open = if identity || idle { Ok(false) } else { public::lets_in_anyone(statement, document) };
    let deputy = match &open {
        // The trust of a role that a framework makes is not the user's to write.
        Ok(false)
            if !identity
                && !idle
                && !statement.denies()
                && (source != "trust" || resource.generated_from.is_none()) =>
        {
            deputies(statement, source == "trust")
        }
        _ => (Vec::new(), Ok(false), at),
    };
    // Whether it lets anybody in hangs on whether it allows.
    let allows = |answer: Answer| match (&statement.effect, answer) {
        (Effect::Unknown(reason), Ok(true)) => Err(reason.clone()),
        (_, answer) => answer,
    };
    entity.put("public", Read::of(open, at));
    entity.put("deputy.unlimited", Read::of(allows(deputy.1), deputy.2));
    entity.put("deputy.services", Read::default(some(&deputy.0)));
    let own = Arn::parse(&resource.id).filter(Arn::names_account);
    let outsiders = match identity || idle {
        true => Outsiders::default(),
        false => outside::outsiders(statement, own.as_ref().map(|arn| arn.account)),
    };
    let limited = || match source {
        "trust" => outside::limits_trust(statement),
        _ => outside::limits_to_organisation(statement),
    };
    let admitted = match (outsiders.names.is_empty(), outsiders.unknown) {
        (true, None) => Ok(false),
        (false, _) => limited().map(|limited| !limited),
        (true, Some(reason)) => match limited() {
            Ok(true) => Ok(false),
            _ => Err(reason),
        },
    };
    entity.put("outsiders.admitted", Read::of(allows(admitted), outsiders.span.unwrap_or(at)));
    entity.put("outsiders.whole", Read::default(outsiders.whole));
    entity.put("outsiders.names", Read::default(some(&outsiders.names)));
    let federation = if source == "trust" { federation::of(statement, &hosts(project, statement)) } else { None };
    let runs = |wide: Runs| match &federation {
        Some(federation) => federation.runs.clone().map(|runs| runs == wide),
        None => Ok(false),
    };
    let span = federation.as_ref().map_or(at, |federation| federation.span);
    entity.put("federation.anyone", Read::of(allows(runs(Runs::Anyone)), span));
    entity.put("federation.organisation", Read::of(allows(runs(Runs::Organisation)), span));
    entity.put("federation.service", Read::default(federation.as_ref().map_or("", |federation| federation.service)));
    let subject = match &federation {
        Some(federation) if federation.subject.is_empty() => "not limited".to_owned(),
        Some(federation) => federation.subject.clone(),
        None => String::new(),
    };
    entity.put("federation.subject", Read::default(subject));
}

/// The services that may use what the statement allows for any of their customers, and whether they may.
fn deputies(statement: &Statement, trust: bool) -> (Vec<String>, Answer, Span) {
    let acts = |text: &&Text| {
        let name = text.to_string();
        match name.strip_suffix(".cn").unwrap_or(&name) {
            name if !trust => name.ends_with(".amazonaws.com"),
            // CloudWatch Logs has a principal for each region.
            name if name.starts_with("logs.") => true,
            name => DEPUTIES.contains(&name),
        }
    };
    let services: Vec<&Text> = public::services(statement).filter(acts).collect();
    let Some(first) = services.first() else { return (Vec::new(), Ok(false), statement.span) };
    // Roles of a Cognito pool and of Firehose are also kept apart by an external id.
    let named = trust && statement.conditions.iter().any(|condition| condition.is_on("sts:ExternalId"));
    let limited = if named { Ok(true) } else { public::limits_source(statement) };
    (services.iter().map(ToString::to_string).collect(), limited.map(|limited| !limited), first.span)
}

/// The addresses of the identity providers of the project that the statement's principals refer to.
fn hosts(project: &Project, statement: &Statement) -> Vec<String> {
    let federated = statement.principals.iter().flat_map(|principals| principals.of(&PrincipalKind::Federated));
    let provider = |text: &Text| {
        let reference = text.as_reference()?;
        let url = project.resource(&reference.resource)?.property("Url")?;
        Some(url.to_string())
    };
    federated.filter_map(provider).collect()
}

fn principals(statement: &Statement) -> (String, Span) {
    let Some(principals) = &statement.principals else { return (String::new(), statement.span) };
    let texts: Vec<&Text> =
        principals.any.iter().chain(principals.listed.iter().map(|principal| &principal.value)).collect();
    let names: Vec<String> = texts.iter().map(ToString::to_string).collect();
    (some(&names), texts.first().map_or(statement.span, |text| text.span))
}
