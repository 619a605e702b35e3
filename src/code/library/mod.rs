//! What packages outside the repository do when they are called: SDKs, HTTP clients, loggers.

mod boto;
mod filter;
mod go;
mod go_path;
mod http;
mod java;
mod java_helpers;
mod java_holder;
mod java_request;
mod javascript;
mod log;
mod operation;
mod package;
mod powertools;
mod rust;
mod site;
mod token;
mod wrap;

pub(super) use filter::note as note_filter;
pub(super) use http::{named_place, tls_store};
pub(super) use java_helpers::insecure;
pub(super) use java_holder::{calls_what_it_takes, holds, holds_many};
pub(super) use log::{EVENT_VARIABLE, Opens, is_bare_opener, logs_event, opens_log};
pub(super) use package::{Outsider, is_known_module, only_writes, outsider, package};
pub(super) use site::{Fact, Outcome, Site};

use super::evaluate::{Evaluator, Outside};
use super::unit::ExprId;
use super::value::{Object, UnitId, Value};
use crate::iam::operation::{only_service_with, plain, service_named};
use crate::model::Text;
use crate::model::{CallKind, Language};
use http::is_environment;
use std::sync::Arc;

/// The packages that are known, for an evaluator.
pub(super) static OUTSIDE: Outside = Outside {
    call: |evaluator, (unit, call, args), callee| apply(evaluator, &Site { unit, call, args }, callee).values,
    member: outside_member,
    object_member,
    element,
    of_type,
    client_by_request,
    is_environment,
    gives_itself: rust::gives_itself,
    is_known_module,
};

/// What calling a value gives, and what it does.
pub(super) fn apply(evaluator: &mut Evaluator<'_>, site: &Site<'_>, callee: &Value) -> Outcome {
    let own = match evaluator.program.unit(site.unit).language {
        Language::Go => apply_go(evaluator, site, callee),
        Language::Java => apply_java(evaluator, site, callee),
        Language::Rust => match callee {
            Value::Method(object, name) => match &**object {
                Object::Made(path) => rust::made_call(evaluator, site, path, name),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    if let Some(outcome) = own {
        return if evaluator.program.is_java(site.unit) {
            java_holder::of_class(evaluator, site, outcome)
        } else {
            outcome
        };
    }
    match callee {
        Value::Outside(path) => outside_call(evaluator, site, path),
        // A provider of credentials is called for them.
        Value::Object(object) if **object == Object::Foreign => Outcome::value(callee.clone()),
        Value::Method(object, name) => match &**object {
            Object::Client { service } => operation::client_call(evaluator, site, service, name),
            Object::Session { region, credentials } => {
                boto::session_call(evaluator, site, (region.as_ref(), *credentials), name)
            }
            Object::Foreign => Outcome::of(vec![Value::Object(object.clone())], Vec::new()),
            Object::Resource { service, kind, identifiers } => {
                boto::resource_call(evaluator, site, (service, kind, identifiers), name)
            }
            Object::Collection { service, collection, identifiers } => {
                boto::collection_call((service, collection, identifiers), name, object)
            }
            Object::Repeated { service, operation } => operation::repeated_call(evaluator, site, service, operation),
            // A request that was put together without a client is sent with one (SDK for Rust).
            Object::Builder { service, operation } if &**name == "send_with" => {
                Outcome::of(Vec::new(), vec![operation::sdk(service, operation, Vec::new())])
            }
            Object::Builder { .. } => Outcome::value(Value::Object(object.clone())),
            Object::Http => http::client_call(evaluator, site, name),
            Object::Made(path) if javascript::resolves(path, name) => javascript::resolved(evaluator, site),
            Object::Made(path) => {
                token::signer_call(path, name).unwrap_or_else(|| powertools::made_call(evaluator, site, path, name))
            }
            Object::Text(text) => text_call(text, name),
            Object::Logger => Outcome::default(),
            Object::Making { .. } | Object::Request(..) | Object::Holder(_) | Object::Perhaps(_) | Object::Keys => {
                Outcome::default()
            }
        },
        _ => Outcome::default(),
    }
}

/// The same in Go, where it differs.
fn apply_go(evaluator: &mut Evaluator<'_>, site: &Site<'_>, callee: &Value) -> Option<Outcome> {
    match callee {
        Value::Outside(path) => Some(go::outside_call(evaluator, site, path)),
        Value::Method(object, name) => match &**object {
            Object::Session { region, credentials } => {
                Some(go::session_call(evaluator, site, (region, *credentials), name))
            }
            Object::Http => Some(go::http_method(evaluator, site, name)),
            Object::Made(path) => Some(go::made_call(evaluator, site, path, name)),
            _ => None,
        },
        _ => None,
    }
}

/// The same in Java.
fn apply_java(evaluator: &mut Evaluator<'_>, site: &Site<'_>, callee: &Value) -> Option<Outcome> {
    match callee {
        Value::Outside(path) => Some(java::outside_call(evaluator, site, path)),
        Value::Method(object, name) => match &**object {
            Object::Client { service } => Some(java::client_call(evaluator, site, service, name)),
            Object::Making { service, region, credentials } => {
                Some(java::making_call(evaluator, site, (service, region, *credentials), name))
            }
            Object::Request(..) => Some(java::request_call(site)),
            Object::Keys => Some(Outcome::of(vec![Value::Object(object.clone())], Vec::new())),
            Object::Holder(held) => Some(java_holder::call(evaluator, site, held, name)),
            Object::Perhaps(inner) => {
                Some(java::perhaps(apply(evaluator, site, &Value::Method(inner.clone(), name.clone()))))
            }
            Object::Resource { identifiers, .. } => Some(java_helpers::table_call(object, identifiers, name)),
            Object::Http => Some(java::http_method(evaluator, site, name)),
            Object::Made(path) => Some(java::made_call(evaluator, site, path, name)),
            Object::Text(text) if matches!(&**name, "openConnection" | "openStream") => {
                Some(Outcome::of(Vec::new(), vec![CallKind::Http { url: text.clone() }]))
            }
            Object::Text(text) => Some(Outcome::value(Value::Text(text.clone()))),
            _ => None,
        },
        _ => None,
    }
}

/// The client that an interface of the project or an unknown receiver stands for, by the request that is handed over.
fn client_by_request(path: &str, method: &str) -> Option<Value> {
    let service = go::service_by_request(path, method).or_else(|| java::service_by_request(path, method));
    service.map(|service| Value::client(service.boto3))
}

/// The client's method that a call of something unknown must be, by its arguments.
pub(super) fn by_request(evaluator: &mut Evaluator<'_>, site: &Site<'_>, method: &Arc<str>) -> Option<Value> {
    let client = match evaluator.program.unit(site.unit).language {
        Language::Go => go::requested(evaluator, site, method),
        Language::Java => java::requested(evaluator, site, method),
        _ => None,
    };
    client.map(|client| Value::Method(Arc::new(client), method.clone()))
}

/// A region that is set by an assignment, for one client or for all.
pub(super) fn region_store(
    evaluator: &mut Evaluator<'_>,
    unit: UnitId,
    target: ExprId,
    value: ExprId,
) -> Option<CallKind> {
    match evaluator.program.unit(unit).language {
        Language::Go => go::region_store(evaluator, unit, target, value),
        _ => javascript::region_store(evaluator, unit, target, value),
    }
}

fn outside_call(evaluator: &mut Evaluator<'_>, site: &Site<'_>, path: &Arc<str>) -> Outcome {
    environment_call(evaluator, site, path)
        .or_else(|| token::signer(path))
        .or_else(|| wrap::outside_call(evaluator, site, path))
        .or_else(|| boto::outside_call(evaluator, site, path))
        .or_else(|| javascript::outside_call(evaluator, site, path))
        .or_else(|| rust::outside_call(evaluator, site, path))
        .or_else(|| powertools::outside_call(evaluator, site, path))
        .or_else(|| http::outside_call(evaluator, site, path))
        .or_else(|| log::outside_call(evaluator, site, path))
        .unwrap_or_else(|| Outcome::value(Value::object(Object::Made(path.clone()))))
}

/// The value of a variable of the environment.
fn environment_call(evaluator: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    const READERS: &[&str] = &[
        "os.getenv",
        "os.environ.get",
        "os.environ.setdefault",
        "os.environ.pop",
        "std.env.var",
        "std.env.var_os",
        "builtins.env.var",
        "builtins.Deno.env.get",
    ];
    if !READERS.contains(&path) {
        return None;
    }
    let name = match site.text(evaluator, 0, "key") {
        Some(Text::Literal(name)) => Text::Environment(name),
        _ => Text::Unknown,
    };
    Some(Outcome { understood: true, ..Outcome::value(Value::Text(name)) })
}

/// Whether calling something gives the object of the class that it is handed, and calls none of its methods.
pub(super) fn is_container(callee: &Value) -> bool {
    match callee {
        Value::Outside(path) => {
            path.rsplit_once('.').is_some_and(|(container, method)| javascript::resolves(container, method))
        }
        Value::Method(object, method) => {
            matches!(&**object, Object::Made(path) if javascript::resolves(path, method))
        }
        _ => false,
    }
}

/// What `package.name` stands for.
fn outside_member(path: &Arc<str>, name: &Arc<str>) -> Vec<Value> {
    if is_environment(path) {
        let methods = ["get", "items", "keys", "setdefault", "copy", "pop"];
        if path.starts_with("os") && methods.contains(&&**name) {
            return vec![Value::Outside(format!("{path}.{name}").into())];
        }
        return vec![Value::Text(Text::Environment(name.clone()))];
    }
    if &**name == "default" {
        return vec![Value::Outside(path.clone())];
    }
    vec![Value::Outside(format!("{path}.{name}").into())]
}

/// What `object.name` stands for.
fn object_member(object: &Arc<Object>, name: &Arc<str>) -> Vec<Value> {
    match &**object {
        Object::Resource { service, kind, identifiers } => boto::resource_member((service, kind, identifiers), name)
            .unwrap_or_else(|| vec![Value::Method(object.clone(), name.clone())]),
        Object::Client { .. } if matches!(&**name, "exceptions" | "meta" | "config") => Vec::new(),
        _ => vec![Value::Method(object.clone(), name.clone())],
    }
}

/// What reading an attribute of a thing fetches.
pub(super) fn fetched(object: &Value, name: &str) -> Option<CallKind> {
    let Value::Object(object) = object else { return None };
    let Object::Resource { service, kind, identifiers } = &**object else { return None };
    boto::fetched((service, kind, identifiers), name)
}

/// An element of a thing that is iterated.
fn element(object: &Object) -> Option<Value> {
    let Object::Collection { service, collection, .. } = object else {
        return None;
    };
    let (service, kind) = (service.clone(), collection.element.clone());
    Some(Value::object(Object::Resource { service, kind, identifiers: Vec::new() }))
}

/// A value of an outside type, where annotations say it: `S3Client`, `aws_sdk_s3::Client`.
fn of_type(path: &str) -> Option<Value> {
    boto::of_type(path)
        .or_else(|| javascript::of_type(path))
        .or_else(|| rust::of_type(path))
        .or_else(|| go::of_type(path))
        .or_else(|| java::of_type(path))
}

/// A guess from the name of a receiver that leads nowhere: the service and operation of `s3_client.put_object`.
pub(super) fn guess(receiver: &str, method: &str) -> Option<(Arc<str>, Arc<str>)> {
    let plain = plain(receiver);
    let words = method.contains('_') || method.chars().skip(1).any(|c| c.is_ascii_uppercase());
    let named = plain.contains("client") || plain.contains("boto") || plain.ends_with("svc");
    if !words || plain.is_empty() {
        return None;
    }
    let stem = plain.strip_suffix("client").or_else(|| plain.strip_prefix("client")).unwrap_or(&plain);
    let service = match service_named(stem) {
        Some(service) => service,
        None if named => only_service_with(method)?,
        None => return None,
    };
    Some((service.boto3.into(), service.called(method)?.name.into()))
}

/// Methods of strings that keep what is known of them.
fn text_call(text: &Text, name: &str) -> Outcome {
    const KEEPS: &[&str] = &[
        "strip",
        "trim",
        "to_string",
        "to_owned",
        "into",
        "toString",
        "clone",
        "as_str",
        "unwrap",
        "expect",
        "encode",
        "decode",
        "unwrap_or_default",
        "unwrap_or_else",
        "unwrap_or",
        "as_ref",
        "as_deref",
        "ok",
        "rstrip",
        "lstrip",
    ];
    if KEEPS.contains(&name) { Outcome::value(Value::Text(text.clone())) } else { Outcome::default() }
}
