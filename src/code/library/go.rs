//! The AWS SDKs for Go, versions 1 and 2, and what of Go's standard library gives values on.

use super::go_path::split;
use super::http;
use super::log::holds_event;
use super::operation::{self, sdk};
use super::site::{Outcome, Site, entry, place};
use crate::code::evaluate::Evaluator;
use crate::code::resources::waiter;
use crate::code::unit::{Expr, ExprId};
use crate::code::value::{Object, UnitId, Value, text};
use crate::iam::operation::{Service, service_named};
use crate::model::{CallKind, Text};
use crate::source::Span;
use std::sync::Arc;

/// Where both versions of the SDK lie.
const SDKS: &[&str] = &["github.com/aws/aws-sdk-go-v2/", "github.com/aws/aws-sdk-go/"];

/// Functions that give their first argument back, as far as its text or the event in it is asked for.
const SAME: &[&str] = &[
    "builtins.string",
    "strings.TrimSpace",
    "strings.NewReader",
    "bytes.NewBuffer",
    "bytes.NewReader",
    "bytes.NewBufferString",
    "io.NopCloser",
    "net/url.Parse",
    "github.com/samber/lo.ToPtr",
    "k8s.io/utils/ptr.To",
    "github.com/aws/smithy-go/ptr.String",
    "github.com/aws/aws-xray-sdk-go/xray.Client",
    "github.com/aws/aws-xray-sdk-go/v2/xray.Client",
];

/// A function of a Go package.
pub(super) fn outside_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Outcome {
    let (package, member) = split(path);
    if let Some(rest) = SDKS.iter().find_map(|sdk| package.strip_prefix(sdk)) {
        return sdk_call(of, site, rest, member);
    }
    // What a list is given is in it, too.
    if path == "builtins.append" {
        let mut values = vec![Value::Literal(site.unit, site.call)];
        values.extend(site.args.first().map(|arg| of.eval(site.unit, arg.value).to_vec()).unwrap_or_default());
        return Outcome { understood: true, values, ..Outcome::default() };
    }
    if SAME.contains(&path) {
        let values = site.args.first().map(|arg| of.eval(site.unit, arg.value).to_vec()).unwrap_or_default();
        return Outcome { understood: true, values, ..Outcome::default() };
    }
    if let Some(outcome) = dumped(of, site, path) {
        return outcome;
    }
    if package.ends_with("aws-secretsmanager-caching-go/secretcache") || package.ends_with("caching-go/v2/secretcache")
    {
        return Outcome::of(vec![Value::object(Object::Made("secretcache.Cache".into()))], Vec::new());
    }
    http_call(of, site, path).unwrap_or_else(|| Outcome::value(Value::object(Object::Made(path.into()))))
}

/// The environment, and functions that put what they are given into text.
fn dumped(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    let understood = |value: Value| Some(Outcome { understood: true, ..Outcome::value(value) });
    match path {
        "os.Getenv" | "os.LookupEnv" | "syscall.Getenv" => {
            let name = match site.text(of, 0, "") {
                Some(Text::Literal(name)) => Text::Environment(name),
                _ => Text::Unknown,
            };
            understood(Value::Text(name))
        }
        "fmt.Sprintf"
        | "fmt.Sprint"
        | "fmt.Sprintln"
        | "encoding/json.Marshal"
        | "encoding/json.MarshalIndent"
        | "github.com/davecgh/go-spew/spew.Sdump"
        | "go.uber.org/zap.Any"
        | "go.uber.org/zap.Reflect"
        | "log/slog.Any" => {
            if site.args.iter().any(|arg| holds_event(of, site.unit, arg.value, 0)) {
                return understood(Value::Event);
            }
            if path.starts_with("fmt.") {
                return understood(Value::Text(formatted(of, site)));
            }
            Some(Outcome { understood: true, ..Outcome::default() })
        }
        _ => None,
    }
}

/// `fmt.Sprintf("a/%s", x)`: what is known before the first verb; of "%s" alone the argument.
fn formatted(of: &mut Evaluator<'_>, site: &Site<'_>) -> Text {
    let Some(Text::Literal(format)) = site.text(of, 0, "") else { return Text::Unknown };
    match format.split_once('%') {
        None => Text::Literal(format),
        Some(("", "s" | "v")) => site.text(of, 1, "").unwrap_or(Text::Unknown),
        Some(("", _)) => Text::Unknown,
        Some((known, _)) => Text::Prefix(known.into()),
    }
}

fn http_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    let at = match path {
        "net/http.Get"
        | "net/http.Post"
        | "net/http.PostForm"
        | "net/http.Head"
        | "net/http.DefaultClient.Get"
        | "net/http.DefaultClient.Post" => 0,
        "net/http.NewRequest" => 1,
        "net/http.NewRequestWithContext" => 2,
        "github.com/go-resty/resty/v2.New" | "github.com/hashicorp/go-retryablehttp.NewClient" => {
            return Some(Outcome::of(vec![Value::object(Object::Http)], Vec::new()));
        }
        _ => return None,
    };
    Some(http::request(of, site, at, false))
}

/// A method of an HTTP client.
pub(super) fn http_method(of: &mut Evaluator<'_>, site: &Site<'_>, method: &str) -> Outcome {
    match method {
        "Get" | "Post" | "PostForm" | "Head" | "Put" | "Patch" | "Delete" | "SetBaseURL" if !site.args.is_empty() => {
            http::request(of, site, 0, false)
        }
        "Do" | "CloseIdleConnections" => Outcome::of(Vec::new(), Vec::new()),
        _ => Outcome::of(vec![Value::object(Object::Http)], Vec::new()),
    }
}

fn sdk_call(of: &mut Evaluator<'_>, site: &Site<'_>, package: &str, member: &str) -> Outcome {
    let made = || Outcome::of(vec![Value::object(Object::Made(format!("{package}.{member}").into()))], Vec::new());
    match package {
        "aws" if matches!(member, "NewConfig" | "Config") => configured(of, site),
        "aws" => {
            // aws.String(x), aws.ToString(x), aws.StringSlice(xs)
            let values = site.args.first().map(|arg| of.eval(site.unit, arg.value).to_vec()).unwrap_or_default();
            Outcome { understood: true, values, ..Outcome::default() }
        }
        "config" if member == "WithRegion" => {
            let region = site.args.first().map(|arg| named_region(of, site.unit, arg.value));
            Outcome::of(vec![Value::object(Object::Session { region, credentials: false })], Vec::new())
        }
        "config" if member == "WithCredentialsProvider" && is_foreign(of, site) => foreign(),
        "config" if matches!(member, "WithCredentialsProvider" | "WithSharedConfigProfile") => {
            let credentials = member == "WithCredentialsProvider";
            Outcome::of(vec![Value::object(Object::Session { region: None, credentials })], Vec::new())
        }
        "config" if matches!(member, "LoadDefaultConfig" | "NewConfig") => configured(of, site),
        "aws/session" if member == "Must" => {
            let values = site.args.first().map(|arg| of.eval(site.unit, arg.value).to_vec()).unwrap_or_default();
            Outcome::of(values, Vec::new())
        }
        "aws/session" => configured(of, site),
        "credentials/stscreds" | "aws/credentials/stscreds" => {
            let role = site.text(of, 1, "").unwrap_or(Text::Unknown);
            Outcome::of(vec![Value::object(Object::Foreign)], vec![assume(role)])
        }
        "credentials" | "aws/credentials" if member.starts_with("NewStaticCredentials") => match site.text(of, 0, "") {
            Some(Text::Environment(name)) if &*name == "AWS_ACCESS_KEY_ID" => made(),
            _ => foreign(),
        },
        "feature/rds/auth" | "service/rds/rdsutils" | "feature/dsql/auth" => {
            let service = if package.contains("dsql") { "dsql" } else { "rds" };
            Outcome::of(Vec::new(), super::token::token(service, member).into_iter().collect())
        }
        "feature/s3/manager" | "service/s3/s3manager" | "feature/s3/transfermanager" => match member {
            "GetBucketRegion" | "GetBucketRegionWithClient" => {
                Outcome::of(Vec::new(), vec![sdk(&"s3".into(), "HeadBucket", Vec::new())])
            }
            _ => made(),
        },
        _ => match package.strip_prefix("service/").and_then(service_named) {
            Some(service) => service_call(of, site, service, member).unwrap_or_else(made),
            None => made(),
        },
    }
}

fn assume(role: Text) -> CallKind {
    sdk(&"sts".into(), "AssumeRole", vec![("RoleArn".into(), role)])
}

fn service_call(of: &mut Evaluator<'_>, site: &Site<'_>, service: &'static Service, member: &str) -> Option<Outcome> {
    match member {
        "New" | "NewFromConfig" => {
            let (region, credentials) = settings(of, site);
            let mut outcome = operation::client(service, region, credentials);
            outcome.values = acts_as(of, site, outcome.values);
            return Some(outcome);
        }
        "NewPresignClient" => return Some(Outcome::of(vec![Value::client(service.boto3)], Vec::new())),
        _ => {}
    }
    let name = member.strip_prefix("New")?;
    if let Some(operation) = name.strip_suffix("Paginator").and_then(|name| service.called(name)) {
        let targets = operation::targets(of, site);
        let pages = Value::object(Object::Made("paginator".into()));
        return Some(Outcome::of(vec![pages], vec![sdk(&service.boto3.into(), operation.name, targets)]));
    }
    let operation = waiter(service.boto3, name.strip_suffix("Waiter")?)?.clone();
    let made = Value::object(Object::Repeated { service: service.boto3.into(), operation });
    Some(Outcome::of(vec![made], Vec::new()))
}

fn configured(of: &mut Evaluator<'_>, site: &Site<'_>) -> Outcome {
    let (region, credentials) = settings(of, site);
    let session = vec![Value::object(Object::Session { region, credentials })];
    Outcome::of(acts_as(of, site, session), Vec::new())
}

fn foreign() -> Outcome {
    Outcome::of(vec![Value::object(Object::Foreign)], Vec::new())
}

fn is_foreign(of: &mut Evaluator<'_>, site: &Site<'_>) -> bool {
    site.args.iter().any(|arg| holds_foreign(&of.eval(site.unit, arg.value)))
}

fn holds_foreign(values: &[Value]) -> bool {
    values.iter().any(|value| matches!(value, Value::Object(object) if **object == Object::Foreign))
}

/// What is made with some settings: itself, and something that acts as somebody else where they give other credentials.
fn acts_as(of: &mut Evaluator<'_>, site: &Site<'_>, own: Vec<Value>) -> Vec<Value> {
    let mut found = own;
    for arg in site.args {
        let (others, own) = whose(of, site.unit, arg.value, 0);
        if others {
            found.retain(|_| own);
            found.push(Value::object(Object::Foreign));
            return found;
        }
    }
    found
}

/// Whether settings may give credentials of somebody else, and whether they may leave the function's own.
fn whose(of: &mut Evaluator<'_>, unit: UnitId, value: ExprId, depth: u32) -> (bool, bool) {
    let (mut others, mut own) = (false, false);
    for value in of.eval(unit, value).iter() {
        match value {
            Value::Object(object) if **object == Object::Foreign => others = true,
            Value::Literal(unit, map) => {
                let given = ["Credentials", "CredentialsProvider"].iter().find_map(|key| entry(of, *unit, *map, key));
                let inner = entry(of, *unit, *map, "Config").filter(|_| depth < 2);
                let is_other = given.is_some_and(|given| holds_foreign(&of.eval(*unit, given)))
                    || inner.is_some_and(|inner| whose(of, *unit, inner, depth + 1).0);
                others |= is_other;
                own |= !is_other;
            }
            // func(o *s3.Options) { o.Credentials = … }
            Value::Function(unit, function) => {
                let stores = of.program.unit(*unit).stores.iter().filter(|(target, _)| {
                    let here = of.program.unit(*unit);
                    let names = |name: &_| &**here.name(*name) == "Credentials";
                    here.owners.get(*target as usize) == Some(function)
                        && matches!(here.expr(*target), Expr::Member(_, name) if names(name))
                });
                let values: Vec<ExprId> = stores.map(|(_, value)| *value).collect();
                others |= values.into_iter().any(|value| holds_foreign(&of.eval(*unit, value)));
            }
            _ => own = true,
        }
    }
    if !others && stored_before(of, unit, value) { (true, false) } else { (others, own) }
}

/// Whether a variable was given credentials of somebody else further above: `cfg.Credentials = …`.
fn stored_before(of: &mut Evaluator<'_>, unit: UnitId, value: ExprId) -> bool {
    let program = of.program;
    let here = program.unit(unit);
    let Expr::Name(name, _) = here.expr(value) else { return false };
    let span = |expr: ExprId| here.spans.get(expr as usize).copied().unwrap_or_default();
    let owner = here.owners.get(value as usize);
    let mut stores = here.stores.iter().filter(|(target, stored)| {
        let Expr::Member(object, member) = here.expr(*target) else { return false };
        let same = matches!(here.expr(*object), Expr::Name(other, _) if other == name);
        same && &**here.name(*member) == "Credentials"
            && here.owners.get(*target as usize) == owner
            && span(*stored).1 <= span(value).0
    });
    stores.any(|(_, value)| holds_foreign(&of.eval(unit, *value)))
}

/// A region with its place.
type Region = Option<(Text, Span)>;

/// The region and credentials that the arguments say, the last word last.
fn settings(of: &mut Evaluator<'_>, site: &Site<'_>) -> (Region, bool) {
    let (mut region, mut credentials) = (None, false);
    for arg in site.args {
        let (here, own) = settings_in(of, site.unit, arg.value, 0);
        region = here.or(region);
        credentials |= own;
    }
    (region, credentials)
}

fn settings_in(of: &mut Evaluator<'_>, unit: UnitId, value: ExprId, depth: u32) -> (Region, bool) {
    let (mut region, mut credentials) = (None, false);
    for value in of.eval(unit, value).iter() {
        match value {
            Value::Object(object) => {
                if let Object::Session { region: known, credentials: own } = &**object {
                    region = known.clone().or(region);
                    credentials |= *own;
                }
            }
            Value::Literal(unit, map) => {
                if let Some(named) = entry(of, *unit, *map, "Region") {
                    region = Some(named_region(of, *unit, named));
                }
                credentials |=
                    ["Credentials", "CredentialsProvider"].iter().any(|key| entry(of, *unit, *map, key).is_some());
                if let Some(inner) = entry(of, *unit, *map, "Config").filter(|_| depth < 2) {
                    let (here, own) = settings_in(of, *unit, inner, depth + 1);
                    region = here.or(region);
                    credentials |= own;
                }
            }
            _ => {}
        }
    }
    (region, credentials)
}

fn named_region(of: &mut Evaluator<'_>, unit: UnitId, value: ExprId) -> (Text, Span) {
    (text(&of.eval(unit, value)), place(of, unit, value))
}

/// A method of a configuration or session.
pub(super) fn session_call(
    of: &mut Evaluator<'_>,
    site: &Site<'_>,
    (region, credentials): (&Region, bool),
    method: &str,
) -> Outcome {
    let (mut region, mut own) = (region.clone(), credentials);
    match method {
        "WithRegion" => region = site.args.first().map(|arg| named_region(of, site.unit, arg.value)),
        "WithCredentials" if is_foreign(of, site) => return foreign(),
        "WithCredentials" => own = true,
        _ => {
            let (here, given) = settings(of, site);
            region = here.or(region);
            own |= given;
        }
    }
    Outcome::of(vec![Value::object(Object::Session { region, credentials: own })], Vec::new())
}

/// A method of something that a package made.
pub(super) fn made_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str, method: &str) -> Outcome {
    if let Some(client) = requested(of, site, method) {
        return super::apply(of, site, &Value::Method(Arc::new(client), method.into()));
    }
    let s3: Arc<str> = "s3".into();
    let in_manager = path.contains("/s3/") || path.starts_with("s3manager");
    match method {
        _ if !in_manager && path != "secretcache.Cache" => {}
        "Upload" | "UploadWithContext" | "UploadWithIterator" | "UploadObject" | "UploadDirectory" => {
            let targets = operation::targets(of, site);
            return Outcome::of(Vec::new(), operation::multipart(&s3, &targets));
        }
        "Download" | "DownloadWithContext" | "DownloadWithIterator" | "DownloadObject" | "GetObject" => {
            let targets = operation::targets(of, site);
            return Outcome::of(Vec::new(), vec![sdk(&s3, "GetObject", targets)]);
        }
        "DownloadDirectory" => {
            let targets = operation::targets(of, site);
            let kinds = ["ListObjectsV2", "GetObject"].map(|operation| sdk(&s3, operation, targets.clone()));
            return Outcome::of(Vec::new(), kinds.into());
        }
        "Delete" => return Outcome::of(Vec::new(), vec![sdk(&s3, "DeleteObjects", Vec::new())]),
        _ if method.starts_with("GetSecret") => {
            let name = site.texts(of, usize::from(method.ends_with("WithContext")), "").unwrap_or_default();
            let targets: Vec<_> = name.into_iter().map(|name| ("SecretId".into(), name)).collect();
            let kinds =
                ["DescribeSecret", "GetSecretValue"].map(|name| sdk(&"secretsmanager".into(), name, targets.clone()));
            return Outcome::of(Vec::new(), kinds.into());
        }
        _ => {}
    }
    Outcome::value(Value::object(Object::Made(format!("{path}.{method}").into())))
}

/// The client that must have been called, by the request that a call is given: `x.GetItem(ctx, &dynamodb.GetItemInput{…})`.
pub(in crate::code) fn requested(of: &mut Evaluator<'_>, site: &Site<'_>, method: &str) -> Option<Object> {
    let program = of.program;
    for arg in site.args {
        for value in of.eval(site.unit, arg.value).iter() {
            let Value::Literal(unit, map) = value else { continue };
            let Some(Expr::Struct(named, _)) =
                program.unit(*unit).parent(*map).map(|parent| program.unit(*unit).expr(parent))
            else {
                continue;
            };
            for of_type in of.eval(*unit, *named).iter() {
                if let Value::Outside(path) = of_type
                    && let Some(service) = service_by_request(path, method)
                {
                    return Some(Object::Client { service: service.boto3.into() });
                }
            }
        }
    }
    None
}

/// The service whose operation takes a request of a type, where a method is named after that operation.
pub(super) fn service_by_request(path: &str, method: &str) -> Option<&'static Service> {
    let (package, member) = split(path);
    let rest = SDKS.iter().find_map(|sdk| package.strip_prefix(sdk))?;
    let service = service_named(rest.strip_prefix("service/")?)?;
    let wanted = service.called(member.strip_suffix("Input")?)?;
    (operation::called_in_go(service, method)?.name == wanted.name).then_some(service)
}

/// Types that fields and parameters name: `*dynamodb.Client`, `dynamodbiface.DynamoDBAPI`, `*manager.Uploader`.
pub(super) fn of_type(path: &str) -> Option<Value> {
    let (package, member) = split(path);
    match path {
        "net/http.Client" => return Some(Value::object(Object::Http)),
        "log.Logger"
        | "log/slog.Logger"
        | "go.uber.org/zap.Logger"
        | "go.uber.org/zap.SugaredLogger"
        | "github.com/sirupsen/logrus.Logger"
        | "github.com/sirupsen/logrus.Entry"
        | "github.com/rs/zerolog.Logger" => {
            return Some(Value::object(Object::Logger));
        }
        _ => {}
    }
    let rest = SDKS.iter().find_map(|sdk| package.strip_prefix(sdk))?;
    let name = rest.rsplit('/').next().unwrap_or_default();
    match (rest, member) {
        ("aws", "Config") | ("aws/session", "Session") => {
            return Some(Value::object(Object::Session { region: None, credentials: false }));
        }
        ("feature/s3/manager" | "service/s3/s3manager" | "feature/s3/transfermanager", _)
        | ("service/s3/s3manager/s3manageriface", _) => {
            if member.ends_with("APIClient") {
                return Some(Value::client("s3"));
            }
            return Some(Value::object(Object::Made(format!("service/s3/s3manager.{member}").into())));
        }
        _ => {}
    }
    if let Some(service) = name.strip_suffix("iface").and_then(service_named) {
        return Some(Value::client(service.boto3));
    }
    let service = service_named(rest.strip_prefix("service/")?)?;
    let is_client = matches!(member, "Client" | "PresignClient")
        || member.ends_with("APIClient")
        || service_named(member).is_some_and(|named| named.boto3 == service.boto3);
    is_client.then(|| Value::client(service.boto3))
}

/// The region that is set on options of a client: `o.Region = "x"`.
pub(in crate::code) fn region_store(
    of: &mut Evaluator<'_>,
    unit: UnitId,
    target: ExprId,
    value: ExprId,
) -> Option<CallKind> {
    use crate::code::unit::Binding;
    let here = of.program.unit(unit);
    let Expr::Member(object, name) = here.expr(target) else { return None };
    if &**here.name(*name) != "Region" {
        return None;
    }
    let is_config =
        |value: &Value| matches!(value, Value::Object(object) if matches!(**object, Object::Session { .. }));
    if of.eval(unit, *object).iter().any(is_config) {
        let region = Some(named_region(of, unit, value));
        return Some(CallKind::Client { service: "AWS SDK".into(), region, credentials: false });
    }
    let Expr::Name(object, scope_id) = here.expr(*object) else { return None };
    let scope = |at: u32| here.scopes.get(at as usize);
    let mut around = std::iter::successors(scope(*scope_id), |inner| inner.parent.and_then(scope));
    let bound = around.find_map(|scope| scope.names.get(object))?;
    let Some(Binding::Param(function, at)) = bound.first() else { return None };
    let annotation = here.functions.get(*function as usize)?.params.get(*at as usize)?.annotation?;
    let path = of.eval(unit, annotation).iter().find_map(|value| match value {
        Value::Outside(path) => Some(path.clone()),
        _ => None,
    })?;
    let (package, member) = split(&path);
    let rest = SDKS.iter().find_map(|sdk| package.strip_prefix(sdk))?;
    let service = service_named(rest.strip_prefix("service/")?).filter(|_| member == "Options")?;
    let region = Some(named_region(of, unit, value));
    Some(CallKind::Client { service: service.boto3.into(), region, credentials: false })
}
