//! The AWS SDK for Rust: configuration, clients, environment.

use super::operation;
use super::site::{Outcome, Site};
use crate::code::evaluate::Evaluator;
use crate::code::value::{Object, Value, text};
use crate::iam::operation::{Service, service_named};
use crate::model::Text;
use crate::source::Span;

/// A function of the SDK's crates, or a wrapper of the standard library.
pub(super) fn outside_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    if let Some(rest) = path.strip_prefix("aws_sdk_") {
        let (krate, member) = rest.split_once('.')?;
        let service = service_named(krate)?;
        return match member {
            "Client.new" | "Client.from_conf" | "client.Client.new" | "client.Client.from_conf" => {
                Some(client(of, site, service))
            }
            _ if member.starts_with("auth_token.") => Some(made(path)),
            _ if let Some(operation) = part_of_transaction(service, member) => {
                Some(Outcome::of(Vec::new(), vec![operation::sdk(&service.boto3.into(), operation, Vec::new())]))
            }
            _ if let Some(name) = member.strip_suffix("Input.builder") => {
                let operation = service.called(name.rsplit('.').next().unwrap_or(name))?.name.into();
                let builder = Object::Builder { service: service.boto3.into(), operation };
                Some(Outcome { understood: true, ..Outcome::value(Value::object(builder)) })
            }
            _ if member.starts_with("config.") || member.starts_with("Config.") => {
                Some(configuration(of, site, member))
            }
            _ => Some(Outcome { understood: true, ..Outcome::default() }),
        };
    }
    if path.starts_with("aws_config.") || path.starts_with("aws_types.") {
        return Some(configuration(of, site, path));
    }
    if path.starts_with("aws_sigv4.") || path.starts_with(CACHE) {
        return Some(made(path));
    }
    match path {
        "String.from"
        | "Some"
        | "Ok"
        | "Arc.new"
        | "Box.new"
        | "std.sync.Arc.new"
        | "std.rc.Rc.new"
        | "Rc.new"
        | "Mutex.new"
        | "tokio.sync.Mutex.new"
        | "std.sync.Mutex.new"
        | "Cow.from"
        | "OnceCell.from" => {
            let value = site.args.first()?.value;
            Some(Outcome::of(of.eval(site.unit, value).to_vec(), Vec::new()))
        }
        _ => None,
    }
}

/// AWS's cache of secrets.
///
/// Source: crate aws_secretsmanager_caching 1.2, its README: secretsmanager:DescribeSecret and GetSecretValue, 2026-12.
const CACHE: &str = "aws_secretsmanager_caching.SecretsManagerCachingClient";

fn made(path: &str) -> Outcome {
    let path = if path.starts_with(CACHE) { CACHE } else { path };
    Outcome { understood: true, ..Outcome::value(Value::object(Object::Made(path.into()))) }
}

/// The operation whose right a part of a transaction needs: `Put::builder()`.
fn part_of_transaction(service: &Service, member: &str) -> Option<&'static str> {
    let (module, part) = member.strip_suffix(".builder")?.rsplit_once('.')?;
    let operation = match part {
        "Put" => "PutItem",
        "Update" => "UpdateItem",
        "Delete" => "DeleteItem",
        "Get" => "GetItem",
        _ => return None,
    };
    (service.boto3 == "dynamodb" && matches!(module, "types" | "model")).then_some(operation)
}

/// A method of what crates of AWS gave.
pub(super) fn made_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str, method: &str) -> Option<Outcome> {
    let signs_for_rds = match path.split('.').next().unwrap_or_default() {
        // A token for a database is a request that is signed for it.
        "aws_sigv4" => {
            matches!(method, "name" | "service_name" | "set_name" | "set_service_name")
                && site.text(of, 0, "") == Some(Text::Literal("rds-db".into()))
        }
        "aws_sdk_rds" => method == "auth_token",
        _ => false,
    };
    if signs_for_rds {
        let token = operation::sdk(&"rds".into(), "GenerateDBAuthToken", Vec::new());
        return Some(Outcome::of(made(path).values, vec![token]));
    }
    if path != CACHE || method != "get_secret_value" {
        return None;
    }
    let secret = vec![("SecretId".into(), site.text(of, 0, "").unwrap_or(Text::Unknown))];
    let operations = ["DescribeSecret", "GetSecretValue"];
    let calls = operations.map(|name| operation::sdk(&"secretsmanager".into(), name, secret.clone()));
    Some(Outcome::of(Vec::new(), calls.into()))
}

/// A configuration: the region that it is given stays with it.
fn configuration(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Outcome {
    let first = site.args.first().map(|arg| of.eval(site.unit, arg.value));
    if path.ends_with("Region.new") || path.ends_with("Region.from_static") {
        let name = first.map_or(Text::Unknown, |values| text(&values));
        return Outcome { understood: true, ..Outcome::value(Value::Text(name)) };
    }
    let region = first.and_then(|values| session_region(&values));
    Outcome::of(vec![Value::object(Object::Session { region, credentials: false })], Vec::new())
}

fn session_region(values: &[Value]) -> Option<(Text, Span)> {
    values.iter().find_map(|value| match value {
        Value::Object(object) => match &**object {
            Object::Session { region, .. } => region.clone(),
            _ => None,
        },
        _ => None,
    })
}

fn client(of: &mut Evaluator<'_>, site: &Site<'_>, service: &Service) -> Outcome {
    let region = site.args.first().and_then(|arg| session_region(&of.eval(site.unit, arg.value)));
    operation::client(service, region, false)
}

/// `aws_sdk_s3::Client` as the type of a field or parameter.
pub(super) fn of_type(path: &str) -> Option<Value> {
    if matches!(path, "reqwest.Client" | "reqwest.blocking.Client" | "ureq.Agent") {
        return Some(Value::object(Object::Http));
    }
    let (krate, member) = path.strip_prefix("aws_sdk_")?.split_once('.')?;
    let service = service_named(krate)?;
    matches!(member, "Client" | "client.Client").then(|| Value::client(service.boto3))
}

/// Whether a method of something that has no such method in the project gives the thing itself, for what is asked here.
pub(super) fn gives_itself(method: &str) -> bool {
    const NAMES: &[&str] = &[
        "blocking_lock",
        "borrow",
        "borrow_mut",
        "chain",
        "collect",
        "context",
        "deref",
        "filter",
        "fuse",
        "get_or_init",
        "get_or_try_init",
        "into_inner",
        "load",
        "lock",
        "or_else",
        "read",
        "rev",
        "skip",
        "take",
        "to_vec",
        "try_lock",
        "unwrap_or_default",
        "upgrade",
        "write",
    ];
    NAMES.contains(&method)
}
