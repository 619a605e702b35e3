//! The AWS SDKs for JavaScript, versions 2 and 3.

use super::operation::{self, document_operation, sdk};
use super::site::{Outcome, Site, place};
use crate::code::evaluate::Evaluator;
use crate::code::resources::waiter;
use crate::code::unit::{Expr, ExprId};
use crate::code::value::{Object, UnitId, Value, text};
use crate::iam::operation::{Service, service_named};
use crate::model::{CallKind, Text};
use crate::source::Span;
use std::sync::Arc;

/// A function or constructor of the SDKs' packages.
pub(super) fn outside_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    if path.ends_with(".captureAWS") || path.ends_with(".captureAWSClient") || path.ends_with(".captureAWSv3Client") {
        let value = site.args.first()?.value;
        return Some(Outcome::of(of.eval(site.unit, value).to_vec(), Vec::new()));
    }
    if path.rsplit_once('.').is_some_and(|(container, method)| resolves(container, method)) {
        return Some(resolved(of, site));
    }
    if let Some(rest) = path.strip_prefix("@aws-sdk/client-") {
        let (package, member) = rest.split_once('.')?;
        return version_3(of, site, service_named(package)?, member);
    }
    if let Some(member) = path.strip_prefix("@aws-sdk/lib-dynamodb.") {
        return document(of, site, member);
    }
    match path {
        // Middy's middlewares fetch before the handler runs (Middy documentation, "SSM", "Secrets manager", 2026-12).
        "@middy/ssm" | "@middy/ssm.default" => {
            Some(Outcome::of(Vec::new(), vec![sdk(&"ssm".into(), "GetParameters", Vec::new())]))
        }
        "@middy/secrets-manager" | "@middy/secrets-manager.default" => {
            Some(Outcome::of(Vec::new(), vec![sdk(&"secretsmanager".into(), "GetSecretValue", Vec::new())]))
        }
        "@aws-sdk/lib-storage.Upload" => {
            let targets = operation::nested_targets(of, site, "params");
            Some(Outcome::of(Vec::new(), operation::multipart(&"s3".into(), &targets)))
        }
        // The role that the credentials are fetched for is assumed with the function's own.
        "@aws-sdk/credential-providers.fromTemporaryCredentials"
        | "@aws-sdk/credential-provider-node.fromTemporaryCredentials" => {
            let targets = operation::nested_targets(of, site, "params");
            let made = Value::object(Object::Foreign);
            Some(Outcome::of(vec![made], vec![sdk(&"sts".into(), "AssumeRole", targets)]))
        }
        "aws-sdk.ChainableTemporaryCredentials" | "aws-sdk.TemporaryCredentials" => {
            let targets = operation::nested_targets(of, site, "params");
            let made = Value::object(Object::Foreign);
            Some(Outcome::of(vec![made], vec![sdk(&"sts".into(), "AssumeRole", targets)]))
        }
        "@aws-sdk/s3-presigned-post.createPresignedPost" => {
            let targets = operation::targets(of, site);
            Some(Outcome::of(Vec::new(), vec![sdk(&"s3".into(), "PutObject", targets)]))
        }
        _ if path.starts_with("@aws-sdk/") || path.starts_with("@smithy/") => {
            Some(Outcome { understood: true, ..Outcome::value(Value::object(Object::Made(path.into()))) })
        }
        _ => version_2(of, site, path),
    }
}

/// Whether a method of a container gives the object of the class that it is handed.
///
/// Source: documentation of tsyringe, typedi, inversify and Nest (`INestApplicationContext.get`), read 2026-12.
pub(super) fn resolves(path: &str, method: &str) -> bool {
    const CONTAINERS: &[&str] = &["tsyringe", "typedi", "inversify", "@nestjs/core"];
    const METHODS: &[&str] = &["get", "getAsync", "resolve", "resolveAsync"];
    path.split('.').next().is_some_and(|package| CONTAINERS.contains(&package)) && METHODS.contains(&method)
}

/// The object that a container gives.
pub(super) fn resolved(of: &mut Evaluator<'_>, site: &Site<'_>) -> Outcome {
    let of_class = site.args.first().map(|arg| of.eval(site.unit, arg.value)).unwrap_or_default();
    let made = of_class.iter().filter(|value| matches!(value, Value::Class(..)));
    let made: Vec<Value> = made.filter_map(|class| of.instance(class)).collect();
    Outcome { understood: !made.is_empty(), ..Outcome::of(made, Vec::new()) }
}

/// The region of all clients of version 2 at once: `AWS.config.region = …`.
pub(super) fn region_store(of: &mut Evaluator<'_>, unit: UnitId, target: ExprId, value: ExprId) -> Option<CallKind> {
    let here = of.program.unit(unit);
    let Expr::Member(object, name) = here.expr(target) else { return None };
    if &**here.name(*name) != "region" {
        return None;
    }
    let is_config = |value: &Value| matches!(value, Value::Outside(path) if CONFIGS.contains(&&**path));
    if !of.eval(unit, *object).iter().any(is_config) {
        return None;
    }
    let region = text(&of.eval(unit, value));
    Some(everywhere((region, place(of, unit, value))))
}

/// The settings of all clients of version 2.
const CONFIGS: &[&str] = &["aws-sdk.config", "aws-sdk/global.config", "aws-sdk/lib/core.config"];

/// Clients of every service, in one region.
fn everywhere(region: (Text, Span)) -> CallKind {
    CallKind::Client { service: "AWS SDK".into(), region: Some(region), credentials: false }
}

fn client(of: &mut Evaluator<'_>, site: &Site<'_>, service: &Service) -> Outcome {
    let region = site.region(of, "region");
    let always = |of: &mut Evaluator<'_>, key: &str| {
        let given = site.option(of, key);
        given.filter(|_| site.is_always_given(of, key))
    };
    let given = always(of, "credentials");
    let keys = always(of, "accessKeyId").is_some();
    let mut outcome = operation::client(service, region, given.is_some() || keys);
    if keys || given.is_some_and(|(unit, value)| is_somebody_elses(of, unit, value)) {
        outcome.values = vec![Value::object(Object::Foreign)];
    }
    outcome
}

/// Whether credentials are those of another identity: of a role that is assumed, or keys that are handed over.
fn is_somebody_elses(of: &mut Evaluator<'_>, unit: UnitId, credentials: ExprId) -> bool {
    let values = of.eval(unit, credentials);
    values.iter().any(|value| match value {
        Value::Object(object) => matches!(**object, Object::Foreign),
        // A provider of the project's own, by what it gives.
        Value::Function(unit, function) => of
            .returned(*unit, *function)
            .iter()
            .any(|given| matches!(given, Value::Object(object) if matches!(**object, Object::Foreign))),
        Value::Literal(unit, map) => super::site::entry(of, *unit, *map, "accessKeyId").is_some(),
        _ => false,
    })
}

fn version_3(of: &mut Evaluator<'_>, site: &Site<'_>, service: &'static Service, member: &str) -> Option<Outcome> {
    if let Some(operation) = member.strip_suffix("Command").and_then(|name| service.called(name)) {
        let targets = operation::targets(of, site);
        let made = Value::object(Object::Made("@aws-sdk/command".into()));
        return Some(Outcome::of(vec![made], vec![sdk(&service.boto3.into(), operation.name, targets)]));
    }
    if let Some(operation) = member.strip_prefix("paginate").and_then(|name| service.called(name)) {
        let targets = operation::targets(of, site);
        return Some(Outcome::of(Vec::new(), vec![sdk(&service.boto3.into(), operation.name, targets)]));
    }
    if let Some(operation) = member.strip_prefix("waitUntil").and_then(|name| waiter(service.boto3, name)) {
        let targets = operation::targets(of, site);
        return Some(Outcome::of(Vec::new(), vec![sdk(&service.boto3.into(), operation, targets)]));
    }
    if is_client_class(service, member) {
        return Some(client(of, site, service));
    }
    Some(Outcome { understood: true, ..Outcome::default() })
}

/// `S3Client` or the aggregated `S3`.
fn is_client_class(service: &'static Service, member: &str) -> bool {
    let stem = member.strip_suffix("Client").unwrap_or(member);
    service_named(stem).is_some_and(|found| found.boto3 == service.boto3)
}

fn document(of: &mut Evaluator<'_>, site: &Site<'_>, member: &str) -> Option<Outcome> {
    let service: Arc<str> = "dynamodb".into();
    let stem = member.strip_suffix("Command").or_else(|| member.strip_prefix("paginate"));
    if let Some(stem) = stem {
        let mut lower = stem.to_owned();
        if let Some(first) = lower.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        let operation: Arc<str> = match document_operation(&lower) {
            Some(operation) => operation.into(),
            None => service_named("dynamodb")?.called(stem)?.name.into(),
        };
        let targets = operation::targets(of, site);
        return Some(Outcome::of(Vec::new(), vec![sdk(&service, &operation, targets)]));
    }
    let made = matches!(
        member,
        "DynamoDBDocumentClient.from" | "DynamoDBDocument.from" | "DynamoDBDocumentClient" | "DynamoDBDocument"
    );
    made.then(|| Outcome::of(vec![Value::client(service)], Vec::new()))
}

/// `new AWS.S3()`, `new AWS.DynamoDB.DocumentClient()`, and the packages under `aws-sdk/clients/`.
fn version_2(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    let rest = match path.strip_prefix("aws-sdk/clients/all.").or_else(|| path.strip_prefix("aws-sdk/clients/")) {
        Some(rest) => rest,
        None => path.strip_prefix("aws-sdk.").or_else(|| path.strip_prefix("aws-sdk/global."))?,
    };
    let name = rest.split('.').next().unwrap_or_default();
    let tail = rest.get(name.len() + 1..).unwrap_or_default();
    if matches!(rest, "config.update" | "Config") {
        let kinds = site.region(of, "region").map(everywhere);
        return Some(Outcome::of(Vec::new(), kinds.into_iter().collect()));
    }
    let new = matches!(of.program.unit(site.unit).expr(site.call), Expr::Call { new: true, .. });
    match (service_named(name), tail) {
        (Some(service), "" | "DocumentClient" | "default") if new => Some(client(of, site, service)),
        _ => Some(Outcome { understood: true, ..Outcome::default() }),
    }
}

/// Types that annotations name: `S3Client`, `DynamoDBDocumentClient`, `AWS.S3`.
pub(super) fn of_type(path: &str) -> Option<Value> {
    if let Some((package, member)) = path.strip_prefix("@aws-sdk/client-").and_then(|rest| rest.split_once('.')) {
        let service = service_named(package)?;
        return is_client_class(service, member).then(|| Value::client(service.boto3));
    }
    if matches!(path, "@aws-sdk/lib-dynamodb.DynamoDBDocumentClient" | "@aws-sdk/lib-dynamodb.DynamoDBDocument") {
        return Some(Value::client("dynamodb"));
    }
    let name = path.strip_prefix("aws-sdk.")?.split('.').next()?;
    service_named(name).map(|service| Value::client(service.boto3))
}
