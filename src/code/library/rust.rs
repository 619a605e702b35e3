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
            _ if member.starts_with("config.") || member.starts_with("Config.") => {
                Some(configuration(of, site, member))
            }
            _ => Some(Outcome { understood: true, ..Outcome::default() }),
        };
    }
    if path.starts_with("aws_config.") || path.starts_with("aws_types.") {
        return Some(configuration(of, site, path));
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
