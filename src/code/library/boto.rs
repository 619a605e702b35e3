//! boto3 and its relatives: sessions, clients and the resource layer.

use super::operation::{self, Targets, sdk};
use super::site::{Fact, Outcome, Site};
use crate::code::evaluate::Evaluator;
use crate::code::resources::{Collection, resource, snake};
use crate::code::value::{Object, Value};
use crate::iam::operation::{plain, service_by_boto3, service_named};
use crate::model::{CallKind, Text};
use crate::source::Span;
use std::sync::Arc;

/// A resource: service, type, identifiers.
type Of<'a> = (&'a Arc<str>, &'a Arc<str>, &'a Targets);

/// A function of boto3 itself.
pub(super) fn outside_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    match path {
        "boto3.client" | "boto3.resource" => {
            let method = path.rsplit('.').next().unwrap_or_default();
            Some(session_call(of, site, (None, false), method))
        }
        "boto3.Session"
        | "boto3.session.Session"
        | "botocore.session.get_session"
        | "botocore.session.Session"
        | "botocore.session"
        | "aioboto3.Session"
        | "aioboto3.session.Session"
        | "aiobotocore.session.get_session"
        | "aiobotocore.session.AioSession" => {
            let region = site.region(of, "region_name");
            let credentials = has_keys(of, site);
            Some(Outcome::of(vec![Value::object(Object::Session { region, credentials })], Vec::new()))
        }
        "builtins.getattr" => dynamic_attribute(of, site),
        _ => None,
    }
}

/// `getattr(client, name)`.
fn dynamic_attribute(of: &mut Evaluator<'_>, site: &Site<'_>) -> Option<Outcome> {
    let object = site.arg(of, 0, "object")?;
    let objects = of.eval(site.unit, object);
    let is_module = |value: &Value| matches!(value, Value::Module(_));
    if !objects.iter().any(|value| value.is_client() || is_module(value)) {
        return None;
    }
    let mut values = Vec::new();
    for name in site.texts(of, 1, "name").unwrap_or_default() {
        for object in objects.iter() {
            match (&name, object) {
                (Text::Literal(name), object) => values.extend(of.member(object, name)),
                (_, Value::Module(module)) => values.extend(of.all_exports(*module)),
                _ => {}
            }
        }
    }
    if values.is_empty() && objects.iter().any(Value::is_client) {
        return Some(Outcome::opaque("the method of a client is chosen at run time"));
    }
    Some(Outcome::of(values, Vec::new()))
}

/// Whether keys are given that are not the function's own, which lie in its environment.
fn has_keys(of: &mut Evaluator<'_>, site: &Site<'_>) -> bool {
    let Some((unit, key)) = site.option(of, "aws_access_key_id") else { return false };
    let known = crate::code::value::text(&of.eval(unit, key));
    !matches!(known, Text::Environment(name) if &*name == "AWS_ACCESS_KEY_ID")
}

/// A method of a session: `client`, `resource`.
pub(super) fn session_call(
    of: &mut Evaluator<'_>,
    site: &Site<'_>,
    (inherited, keys): (Option<&(Text, Span)>, bool),
    method: &str,
) -> Outcome {
    let as_resource = match method {
        "client" | "create_client" => false,
        "resource" => true,
        // Builders of the SDK for Rust: the configuration stays itself but for its region.
        "region" => {
            let region = site.args.first().map(|arg| {
                let text = crate::code::value::text(&of.eval(site.unit, arg.value));
                (text, super::site::place(of, site.unit, arg.value))
            });
            return Outcome::of(vec![Value::object(Object::Session { region, credentials: keys })], Vec::new());
        }
        "load"
        | "build"
        | "profile_name"
        | "retry_config"
        | "timeout_config"
        | "endpoint_url"
        | "behavior_version"
        | "credentials_provider"
        | "http_client"
        | "into_builder"
        | "to_builder"
        | "clone" => {
            return Outcome::of(
                vec![Value::object(Object::Session { region: inherited.cloned(), credentials: keys })],
                Vec::new(),
            );
        }
        _ => return Outcome { understood: true, ..Outcome::default() },
    };
    let region = site.region(of, "region_name").or_else(|| inherited.cloned());
    let credentials = keys || has_keys(of, site);
    let mut outcome = Outcome { understood: true, ..Outcome::default() };
    for service in site.texts(of, 0, "service_name").unwrap_or_default() {
        let Text::Literal(name) = service else {
            outcome.opaque = Some("the service of a client is not a literal".into());
            continue;
        };
        let Some(known) = service_by_boto3(&name) else { continue };
        let service: Arc<str> = known.boto3.into();
        let kind = CallKind::Client { service: service.clone(), region: region.clone(), credentials };
        outcome.facts.push(Fact { kind, span: None });
        outcome.values.push(if credentials {
            Value::object(Object::Foreign)
        } else if as_resource {
            Value::object(Object::Resource { service, kind: "".into(), identifiers: Vec::new() })
        } else {
            Value::client(service)
        });
    }
    outcome
}

/// An attribute of a resource: a sub-resource, a collection, the client behind it.
pub(super) fn resource_member((service, kind, identifiers): Of<'_>, name: &Arc<str>) -> Option<Vec<Value>> {
    if &**name == "meta" {
        // Only `meta.client` is asked for; the resource itself answers for it.
        let (service, kind) = (service.clone(), kind.clone());
        return Some(vec![Value::object(Object::Resource { service, kind, identifiers: identifiers.clone() })]);
    }
    if &**name == "client" {
        return Some(vec![Value::client(service.clone())]);
    }
    let of = resource(service, kind)?;
    let collection = of.collection(name)?.clone();
    Some(vec![Value::object(Object::Collection {
        service: service.clone(),
        collection,
        identifiers: identifiers.clone(),
    })])
}

/// The operation that fetches what an attribute of a resource holds; none for its identifiers, and what belongs to it.
pub(super) fn fetched((service, kind, identifiers): Of<'_>, name: &str) -> Option<CallKind> {
    let here = resource(service, kind).filter(|_| !kind.is_empty())?;
    let is_identifier = here.identifiers.iter().any(|(known, parameter)| {
        [known, parameter].iter().any(|known| snake(known) == name) || name.ends_with(&format!("_{}", snake(known)))
    });
    let belongs = here.method(name).is_some() || here.collection(name).is_some() || here.sub(name).is_some();
    if is_identifier
        || belongs
        || name.starts_with('_')
        || matches!(name, "meta" | "client")
        || name.starts_with("wait_until")
    {
        return None;
    }
    let (operation, _) = here.method("load")?;
    Some(sdk(service, operation, identifiers.clone()))
}

/// A method of a resource.
pub(super) fn resource_call(
    of: &mut Evaluator<'_>,
    site: &Site<'_>,
    (service, kind, identifiers): Of<'_>,
    method: &str,
) -> Outcome {
    let Some(here) = resource(service, kind) else { return Outcome::default() };
    // The service itself makes a resource of any type.
    let any: Option<Arc<str>> = (kind.is_empty() && resource(service, method).is_some()).then(|| method.into());
    if let Some(sub) = here.sub(method).or(any.as_ref()) {
        return Outcome::of(vec![sub_resource(of, site, (service, sub, identifiers))], Vec::new());
    }
    let mut targets = identifiers.clone();
    if let Some((operation, made)) = here.method(method) {
        targets.extend(operation::targets(of, site));
        let kind = made.clone().unwrap_or_default();
        let value = made.as_ref().map(|_| {
            Value::object(Object::Resource { service: service.clone(), kind, identifiers: identifiers.clone() })
        });
        return Outcome::of(value.into_iter().collect(), vec![sdk(service, operation, targets)]);
    }
    if (&**service, &**kind, method) == ("dynamodb", "Table", "batch_writer") {
        return Outcome::of(Vec::new(), vec![sdk(service, "BatchWriteItem", targets)]);
    }
    if &**service == "s3" {
        return transfer(of, site, (service, kind, identifiers), method);
    }
    if method.starts_with("wait_until")
        && let Some((operation, _)) = here.method("load")
    {
        return Outcome::of(Vec::new(), vec![sdk(service, operation, targets)]);
    }
    Outcome { understood: true, ..Outcome::default() }
}

/// `dynamodb.Table(name)`, `bucket.Object(key)`: the identifiers so far and the new ones.
fn sub_resource(of: &mut Evaluator<'_>, site: &Site<'_>, (service, kind, so_far): Of<'_>) -> Value {
    let mut identifiers = so_far.clone();
    let wanted = resource(service, kind);
    let names: Vec<(Arc<str>, Arc<str>)> = wanted.map(|wanted| wanted.identifiers.clone()).unwrap_or_default();
    let missing: Vec<(Arc<str>, Arc<str>)> =
        names.into_iter().filter(|(_, parameter)| !so_far.iter().any(|(known, _)| known == parameter)).collect();
    for (at, (name, parameter)) in missing.into_iter().enumerate() {
        let keyword = snake(&name);
        for text in site.texts(of, at, &keyword).unwrap_or_default() {
            identifiers.push((parameter.clone(), text));
        }
    }
    Value::object(Object::Resource { service: service.clone(), kind: kind.clone(), identifiers })
}

/// The managed transfers of buckets and objects.
fn transfer(of: &mut Evaluator<'_>, site: &Site<'_>, (service, kind, identifiers): Of<'_>, method: &str) -> Outcome {
    let mut targets = identifiers.clone();
    let key_at = match (&**kind, method) {
        ("Bucket", "upload_file" | "upload_fileobj" | "copy") => Some(1),
        ("Bucket", "download_file" | "download_fileobj") => Some(0),
        ("Object" | "ObjectSummary", _) => None,
        _ => return Outcome { understood: true, ..Outcome::default() },
    };
    if let Some(text) = key_at.and_then(|at| site.text(of, at, "Key")) {
        targets.push(("Key".into(), text));
    }
    let kinds = match method {
        "upload_file" | "upload_fileobj" => operation::multipart(service, &targets),
        "download_file" | "download_fileobj" => {
            vec![sdk(service, "HeadObject", targets.clone()), sdk(service, "GetObject", targets)]
        }
        "copy" => {
            let mut source = Vec::new();
            if let Some(copied) = site.arg(of, 0, "CopySource") {
                operation::map_targets(of, site.unit, copied, 0, &mut source);
            }
            vec![
                sdk(service, "HeadObject", source.clone()),
                sdk(service, "GetObject", source),
                sdk(service, "CopyObject", targets),
            ]
        }
        "wait_until_exists" | "wait_until_not_exists" => vec![sdk(service, "HeadObject", targets)],
        _ => Vec::new(),
    };
    Outcome::of(Vec::new(), kinds)
}

/// A method of a collection: it is listed, or acted on as a whole.
pub(super) fn collection_call(
    (service, collection, identifiers): (&Arc<str>, &Collection, &Targets),
    method: &str,
    whole: &Arc<Object>,
) -> Outcome {
    let list = || sdk(service, &collection.operation, identifiers.clone());
    match method {
        "all" | "filter" | "limit" | "page_size" | "pages" => {
            Outcome::of(vec![Value::Object(whole.clone())], vec![list()])
        }
        _ => {
            let plain = plain(method);
            let batch = collection.batch.iter().find(|(name, _)| **name == *plain);
            let kinds = batch.map(|(_, operation)| vec![list(), sdk(service, operation, identifiers.clone())]);
            Outcome::of(Vec::new(), kinds.unwrap_or_default())
        }
    }
}

/// Types of the stub packages: `mypy_boto3_s3.S3Client`, `mypy_boto3_dynamodb.service_resource.Table`.
pub(super) fn of_type(path: &str) -> Option<Value> {
    let rest = path.strip_prefix("mypy_boto3_").or_else(|| path.strip_prefix("types_boto3_"))?;
    let (package, rest) = rest.split_once('.')?;
    let service = service_named(package)?;
    let kind = rest.rsplit('.').next().unwrap_or_default();
    if kind.ends_with("Client") {
        return Some(Value::client(service.boto3));
    }
    let kind = if kind.ends_with("ServiceResource") { "" } else { kind };
    resource(service.boto3, kind)?;
    let (service, kind) = (service.boto3.into(), kind.into());
    Some(Value::object(Object::Resource { service, kind, identifiers: Vec::new() }))
}
