//! Actions whose resource is more than one parameter says: objects in buckets, indexes, log streams, models.

use super::{Asked, Finder, fill, own_arn, pseudo, star, table};
use crate::iam::action::Action;
use crate::model::Text;
use crate::syntax::{Node, Part, Reference};
use std::sync::Arc;

/// More keys of objects than these are written as `*`.
const MAX_KEYS: usize = 8;

/// The ARNs of an action that is one of these; `None` for every other action.
pub(super) fn resources(of: &Finder<'_>, asked: Asked<'_>, action: Action) -> Option<Vec<Vec<Part>>> {
    let types = action.resource_types();
    let has = |name: &str| types.iter().any(|(kind, _)| kind.name == name);
    match action.service() {
        "s3" if has("object") => Some(objects(of, asked, action)),
        "s3" if has("bucket") => Some(buckets(of, asked)),
        "dynamodb" if has("index") => Some(tables(of, asked)),
        "logs" if has("log-stream") => Some(streams(of, asked)),
        "bedrock" if has("foundation-model") => Some(models(of, asked)),
        "execute-api" if action.name() == "ManageConnections" => Some(connections(of, asked)),
        "sns" if action.name() == "Publish" && given(asked, "PhoneNumber").next().is_some() => Some(vec![star()]),
        "events" if action.name() == "PutEvents" => Some(buses(of, asked)),
        "ssm" if action.name() == "GetParametersByPath" => Some(paths(of, asked)),
        _ => None,
    }
}

fn given<'a>(asked: Asked<'a>, parameter: &'a str) -> impl Iterator<Item = &'a Text> {
    asked.targets.iter().filter(|(name, _)| name.eq_ignore_ascii_case(parameter)).map(|(_, text)| text)
}

fn row(service: &str, name: &str) -> &'static table::Row {
    // The table's own rows: a test holds that they are there.
    table::of_iam(service, name).next().unwrap_or(&table::ROWS[0])
}

fn buckets(of: &Finder<'_>, asked: Asked<'_>) -> Vec<Vec<Part>> {
    let found = of.named(asked, row("s3", "bucket"));
    if found.is_empty() { vec![of.any(row("s3", "bucket").arn, asked)] } else { found }
}

/// The objects that a call names: a key that is known, or all below a prefix, or all of the bucket.
fn objects(of: &Finder<'_>, asked: Asked<'_>, action: Action) -> Vec<Vec<Part>> {
    // What is read by a copy is its source.
    if action.name().starts_with("GetObject")
        && let Some(source) = given(asked, "CopySource").next()
    {
        return of_source(of, asked, source);
    }
    let mut keys: Vec<Vec<Part>> = given(asked, "Key").map(|key| of_key(of, key)).collect();
    if keys.is_empty() || keys.len() > MAX_KEYS || keys.contains(&star()) {
        keys = vec![star()];
    }
    let mut found = Vec::new();
    for bucket in buckets(of, asked) {
        found.extend(keys.iter().map(|key| below(bucket.clone(), key)));
    }
    found
}

fn below(mut bucket: Vec<Part>, key: &[Part]) -> Vec<Part> {
    let access_point = matches!(bucket.as_slice(), [Part::Literal(text)] if text.contains(":accesspoint/"));
    bucket.push(Part::Literal(if access_point { "/object/".into() } else { "/".into() }));
    bucket.extend(key.iter().cloned());
    bucket
}

fn of_key(of: &Finder<'_>, key: &Text) -> Vec<Part> {
    let plain = |key: &str| Part::Literal(key.trim_start_matches('/').replace(['*', '?'], "?").into());
    match key {
        Text::Prefix(prefix) if !prefix.is_empty() => vec![plain(prefix), Part::Literal("*".into())],
        Text::Prefix(_) | Text::Unknown => star(),
        _ => match of.values(key).as_slice() {
            [value] => value.as_text().map_or_else(star, |key| vec![plain(key)]),
            _ => star(),
        },
    }
}

/// `bucket/key`, as a copy's source is written.
fn of_source(of: &Finder<'_>, asked: Asked<'_>, source: &Text) -> Vec<Vec<Part>> {
    let bucket = row("s3", "bucket");
    let (text, end) = match source {
        Text::Literal(text) => (text, ""),
        Text::Prefix(text) => (text, "*"),
        _ => return vec![below(of.any(bucket.arn, asked), &star())],
    };
    let text = text.trim_start_matches('/');
    match text.split_once('/') {
        Some((name, key)) => {
            let name = of.of_node(bucket, asked, "Bucket", &Node::string(name, of.function.span));
            vec![below(name, &[Part::Literal(format!("{key}{end}").into())])]
        }
        None => vec![below(
            fill(bucket.arn, asked.region, &|_| vec![Part::Literal(format!("{text}{end}").into())]),
            &star(),
        )],
    }
}

/// Tables, and the indexes of those that are read through one.
fn tables(of: &Finder<'_>, asked: Asked<'_>) -> Vec<Vec<Part>> {
    let table = row("dynamodb", "table");
    let mut found: Vec<_> = table::of_iam("dynamodb", "table").flat_map(|row| of.named(asked, row)).collect();
    if found.is_empty() {
        found.push(of.any(table.arn, asked));
    }
    let indexes: Vec<Vec<Part>> = given(asked, "IndexName").map(|index| of_key(of, index)).collect();
    let mut all = found.clone();
    for index in indexes.into_iter().take(MAX_KEYS) {
        for table in &found {
            let mut parts = table.clone();
            parts.push(Part::Literal("/index/".into()));
            parts.extend(index.iter().cloned());
            all.push(parts);
        }
    }
    all
}

/// Log streams: those of the groups that are named.
fn streams(of: &Finder<'_>, asked: Asked<'_>) -> Vec<Vec<Part>> {
    let group = row("logs", "log-group");
    let mut found = of.named(asked, group);
    if found.is_empty() {
        found.push(of.any(group.arn, asked));
    }
    found.iter_mut().for_each(|parts| parts.push(Part::Literal(":*".into())));
    found
}

/// The bus that events go to: the account's own where none is named.
fn buses(of: &Finder<'_>, asked: Asked<'_>) -> Vec<Vec<Part>> {
    let bus = row("events", "event-bus");
    let found = of.named(asked, bus);
    if !found.is_empty() {
        return found;
    }
    vec![fill(bus.arn, asked.region, &|_| vec![Part::Literal("default".into())])]
}

/// A path of parameters, and what is below it.
fn paths(of: &Finder<'_>, asked: Asked<'_>) -> Vec<Vec<Part>> {
    let parameter = row("ssm", "parameter");
    let mut found = Vec::new();
    for mut path in of.named(asked, parameter) {
        if let Some(Part::Literal(text)) = path.last_mut() {
            *text = text.trim_end_matches('/').into();
        }
        let open = matches!(path.last(), Some(Part::Literal(text)) if text.ends_with('*'));
        let mut under = path.clone();
        under.push(Part::Literal("/*".into()));
        found.push(path);
        if !open {
            found.push(under);
        }
    }
    if found.is_empty() { vec![of.any(parameter.arn, asked)] } else { found }
}

/// Models of Bedrock: a model itself, or a profile that sends a request on to the model in several regions
/// (Bedrock User Guide, "Prerequisites for inference profiles", read 2026-11).
fn models(of: &Finder<'_>, asked: Asked<'_>) -> Vec<Vec<Part>> {
    const MODEL: &str = "arn:${Partition}:bedrock:${Region}::foundation-model/${Id}";
    const PROFILE: &str = "arn:${Partition}:bedrock:${Region}:${Account}:inference-profile/${Id}";
    const AREAS: [&str; 9] = ["us", "eu", "apac", "jp", "au", "ca", "us-gov", "sa", "global"];
    let mut found = Vec::new();
    for text in given(asked, "modelId") {
        let values = of.values(text);
        let ids = values.iter().filter_map(Node::as_text);
        let before = found.len();
        for id in ids {
            let literal = |id: &str| vec![Part::Literal(id.into())];
            match id.split_once('.').filter(|(area, _)| AREAS.contains(area)) {
                _ if id.starts_with("arn:") => found.push(literal(id)),
                Some((_, model)) => {
                    found.push(fill(PROFILE, asked.region, &|_| literal(id)));
                    let anywhere = Part::Literal("*".into());
                    found.push(fill(MODEL, &anywhere, &|_| literal(model)));
                }
                None => found.push(fill(MODEL, asked.region, &|_| literal(id))),
            }
        }
        if found.len() == before {
            found.clear();
            break;
        }
    }
    if found.is_empty() {
        // It may be any model, and any profile that leads to one.
        let anywhere = Part::Literal("*".into());
        found = vec![fill(MODEL, &anywhere, &|_| star()), of.any(PROFILE, asked)];
    }
    found
}

/// The connections of a WebSocket API: of the project's own where it has one, else of any.
fn connections(of: &Finder<'_>, asked: Asked<'_>) -> Vec<Vec<Part>> {
    let method = match asked.operation {
        "GetConnection" => "GET",
        "DeleteConnection" => "DELETE",
        _ => "POST",
    };
    let sockets = of.project.of_kind("AWS::ApiGatewayV2::Api").filter(|api| {
        api.property("ProtocolType").and_then(Node::as_text).is_some_and(|protocol| protocol == "WEBSOCKET")
    });
    let sockets: Vec<_> = sockets.collect();
    let api = match sockets.as_slice() {
        [only] => vec![Part::Reference(Reference { resource: only.id.clone(), attribute: Arc::from("") })],
        _ => star(),
    };
    let mut parts = fill(row("execute-api", "execute-api-general").arn, asked.region, &|_| api.clone());
    parts.push(Part::Literal(format!("/*/{method}/@connections/*").into()));
    vec![parts]
}

/// The ARN of the function's log group, without what follows its name.
pub(super) fn own_logs(of: &Finder<'_>) -> Vec<Part> {
    let written = of.function.property("LoggingConfig.LogGroup");
    let declared = written.and_then(|group| of.project.named_of(group, |kind| kind == "AWS::Logs::LogGroup"));
    let pointing = || of.project.pointing_at(&of.function.id).find(|other| &*other.kind == "AWS::Logs::LogGroup");
    let own = of.function.property("FunctionName").map(|name| format!("/aws/lambda/{name}"));
    let called = || of.project.log_groups_called(own.as_deref()?).next();
    let usual = || if written.is_none() { pointing().or_else(called) } else { None };
    if let Some(group) = declared.or_else(usual) {
        return vec![own_arn(group)];
    }
    let name = written.and_then(Node::parts).unwrap_or_else(|| {
        let own = of.function.property("FunctionName").and_then(Node::parts);
        let itself = || vec![Part::Reference(Reference { resource: of.function.id.clone(), attribute: "".into() })];
        let mut parts = vec![Part::Literal("/aws/lambda/".into())];
        parts.extend(own.unwrap_or_else(itself));
        parts
    });
    fill(row("logs", "log-group").arn, &pseudo("AWS::Region"), &|_| name.clone())
}
