//! The AWS SDKs for Java, versions 1 and 2: clients, their builders and requests.

use super::http;
use super::java_helpers as helpers;
use super::java_holder as holder;
use super::java_request::targets;
use super::log::holds_event;
use super::operation::{self, sdk};
use super::site::{Outcome, Site, place};
use crate::code::evaluate::Evaluator;
use crate::code::resources::waiter;
use crate::code::unit::{Expr, ExprId};
use crate::code::value::{Object, UnitId, Value, text};
use crate::iam::operation::{Operation, Service, service_by_boto3, service_named};
use crate::model::{CallKind, Text};
use std::sync::Arc;

/// Where the services of both versions lie.
const SERVICES: &[&str] = &["software.amazon.awssdk.services.", "com.amazonaws.services."];

/// Packages of version 1 whose name is no service's.
const OLD: &[(&str, &str)] = &[
    ("dynamodbv2", "dynamodb"),
    ("simpleemail", "ses"),
    ("simpleemailv2", "sesv2"),
    ("simplesystemsmanagement", "ssm"),
    ("securitytoken", "sts"),
    ("cloudwatchevents", "events"),
    ("kinesisfirehose", "firehose"),
    ("cognitoidp", "cognito-idp"),
    ("cognitoidentity", "cognito-identity"),
    ("identitymanagement", "iam"),
    ("elasticmapreduce", "emr"),
    ("logs", "logs"),
    ("apigatewaymanagementapi", "apigatewaymanagementapi"),
];

/// The service of a class, and what of its name follows the service's package: `model.GetItemRequest`.
fn service_of(path: &str) -> Option<(&'static Service, &str)> {
    let rest = SERVICES.iter().find_map(|start| path.strip_prefix(start))?;
    let (package, member) = rest.split_once('.')?;
    if let Some(service) = service_of_class(member) {
        return Some((service, member));
    }
    if package == "lambda" && member.starts_with("runtime.") {
        return None;
    }
    let old = OLD.iter().find(|(name, _)| *name == package).and_then(|(_, boto3)| service_by_boto3(boto3));
    Some((old.or_else(|| service_named(package))?, member))
}

/// The service that a client's class names, where its package is another's (`AmazonKinesisVideoMedia` of version 1).
fn service_of_class(member: &str) -> Option<&'static Service> {
    let class = member.split('.').next()?;
    let stem = class.strip_prefix("Amazon").or_else(|| class.strip_prefix("AWS"))?;
    let stem = stem.strip_suffix("Builder").unwrap_or(stem);
    let stem = stem.strip_suffix("Client").unwrap_or(stem);
    service_named(stem.strip_suffix("Async").unwrap_or(stem))
}

/// Classes that sign tokens for databases.
const SIGNERS: &[&str] = &["RdsUtilities", "DsqlUtilities", "auth.RdsIamAuthTokenGenerator"];

/// A function, constructor or static method of a Java package.
pub(super) fn outside_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Outcome {
    if let Some(outcome) = holder::made(of, site, path).or_else(|| helpers::outside_call(of, site, path)) {
        return acting_as(of, site, outcome);
    }
    if let Some((service, member)) = service_of(path)
        && let Some(outcome) = service_call(of, site, service, member)
    {
        return outcome;
    }
    let new = matches!(of.program.unit(site.unit).expr(site.call), Expr::Call { new: true, .. });
    if path.ends_with(".Builder") && new || path.ends_with(".builder") {
        return Outcome::of(vec![Value::object(Object::Request(site.unit, site.call))], Vec::new());
    }
    Outcome::value(Value::object(Object::Made(path.into())))
}

fn service_call(of: &mut Evaluator<'_>, site: &Site<'_>, service: &'static Service, member: &str) -> Option<Outcome> {
    let (class, method) = member.rsplit_once('.').unwrap_or((member, ""));
    let new = matches!(of.program.unit(site.unit).expr(site.call), Expr::Call { new: true, .. });
    let request = Outcome::of(vec![Value::object(Object::Request(site.unit, site.call))], Vec::new());
    if class.starts_with("auth.StsAssumeRole") {
        let kinds =
            if class.contains("With") { Vec::new() } else { vec![sdk(&"sts".into(), "AssumeRole", Vec::new())] };
        return Some(Outcome::of(vec![Value::object(Object::Foreign)], kinds));
    }
    if class == "util.TableUtils" {
        let operation = match method {
            "createTableIfNotExists" => "CreateTable",
            "deleteTableIfExists" => "DeleteTable",
            "waitUntilActive" | "waitUntilExists" => "DescribeTable",
            _ => return None,
        };
        return Some(Outcome::of(Vec::new(), vec![sdk(&service.boto3.into(), operation, Vec::new())]));
    }
    if member.starts_with("model.") {
        return Some(if new || method == "builder" { request } else { Outcome::of(Vec::new(), Vec::new()) });
    }
    if matches!(class, "presigner.S3Presigner") || SIGNERS.contains(&class) {
        return Some(match method {
            "create" => operation::client(service, None, false),
            _ => making(service, None, false),
        });
    }
    let is_class = |name: &str| name.ends_with("Client") || name.ends_with("ClientBuilder");
    if new && is_class(member) {
        let other = site.args.iter().find_map(|arg| identity(&of.eval(site.unit, arg.value)));
        if let Some(other) = other {
            let kind = CallKind::Client { service: service.boto3.into(), region: None, credentials: true };
            return Some(Outcome::of(vec![other], vec![kind]));
        }
        return Some(operation::client(service, None, !site.args.is_empty()));
    }
    if !is_class(class) {
        return None;
    }
    Some(match method {
        "create" | "defaultClient" => operation::client(service, None, false),
        "builder" | "standard" | "asyncBuilder" | "crtBuilder" => making(service, None, false),
        "crtCreate" => operation::client(service, None, false),
        _ => Outcome::of(Vec::new(), Vec::new()),
    })
}

/// Credentials of somebody else among some values.
pub(super) fn identity(values: &[Value]) -> Option<Value> {
    let is_other =
        |value: &&Value| matches!(value, Value::Object(object) if matches!(**object, Object::Foreign | Object::Keys));
    values.iter().find(is_other).cloned()
}

/// A layer above a client acts as the client does that it is given.
fn acting_as(of: &mut Evaluator<'_>, site: &Site<'_>, mut outcome: Outcome) -> Outcome {
    if site.args.is_empty() || !outcome.values.iter().any(Value::is_layer) {
        return outcome;
    }
    for arg in site.args {
        let given = of.eval(site.unit, arg.value);
        let is_perhaps =
            |value: &Value| matches!(value, Value::Object(object) if matches!(**object, Object::Perhaps(_)));
        if given.iter().any(is_perhaps) {
            let wrap = |value: Value| match value {
                Value::Object(object) => Value::object(Object::Perhaps(object)),
                other => other,
            };
            outcome.values = outcome.values.into_iter().map(wrap).collect();
        } else if let Some(other) = identity(&given) {
            outcome.values = vec![other];
        }
    }
    outcome
}

/// A region with its place.
pub(super) type Region = Option<(Text, crate::source::Span)>;

fn making(service: &'static Service, region: Region, credentials: bool) -> Outcome {
    let service = service.boto3.into();
    Outcome::of(vec![Value::object(Object::Making { service, region, credentials })], Vec::new())
}

/// A method of a client's builder.
pub(super) fn making_call(
    of: &mut Evaluator<'_>,
    site: &Site<'_>,
    (service, region, credentials): (&Arc<str>, &Region, bool),
    method: &str,
) -> Outcome {
    const OWN_ROLE: &[&str] = &["Default", "EnvironmentVariable", "Container", "InstanceProfile"];
    let Some(known) = service_by_boto3(service) else { return Outcome::default() };
    let first = site.args.first().map(|arg| arg.value);
    match (method, first) {
        ("build", _) => operation::client(known, region.clone(), credentials),
        ("region" | "withRegion" | "setRegion", Some(value)) => {
            let region = Some((region_named(of, site.unit, value), place(of, site.unit, value)));
            making(known, region, credentials)
        }
        ("credentialsProvider" | "withCredentials", Some(value)) => {
            let values = of.eval(site.unit, value);
            if let Some(other) = identity(&values) {
                let kind = CallKind::Client { service: known.boto3.into(), region: region.clone(), credentials: true };
                return Outcome::of(vec![other], vec![kind]);
            }
            let name = of.program.source(site.unit, value);
            let own = OWN_ROLE.iter().any(|word| name.contains(word)) || values.is_empty();
            making(known, region.clone(), credentials || !own)
        }
        _ => making(known, region.clone(), credentials),
    }
}

/// `Region.US_EAST_1`, `Regions.US_EAST_1`, `Region.of("us-east-1")`.
fn region_named(of: &mut Evaluator<'_>, unit: UnitId, value: ExprId) -> Text {
    let values = of.eval(unit, value);
    let constant = values.iter().find_map(|value| match value {
        Value::Outside(path) => {
            path.rsplit_once('.').filter(|(class, _)| class.contains("Region")).map(|(_, name)| name)
        }
        _ => None,
    });
    match constant {
        Some(name) if name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_') => {
            Text::Literal(name.to_ascii_lowercase().replace('_', "-").into())
        }
        _ => text(&values),
    }
}

/// What a call does where it is not certain that it is made as the function itself.
pub(super) fn perhaps(mut outcome: Outcome) -> Outcome {
    for fact in &mut outcome.facts {
        if let CallKind::Sdk { certain, .. } = &mut fact.kind {
            *certain = false;
        }
    }
    let wrap = |value: Value| match value {
        Value::Object(object) if !matches!(*object, Object::Perhaps(_) | Object::Request(..)) => {
            Value::object(Object::Perhaps(object))
        }
        other => other,
    };
    outcome.values = outcome.values.into_iter().map(wrap).collect();
    outcome
}

/// A method of a client.
pub(super) fn client_call(of: &mut Evaluator<'_>, site: &Site<'_>, service: &Arc<str>, method: &str) -> Outcome {
    if let Some(outcome) = client_helper(of, site, service, method) {
        return outcome;
    }
    let Some(operation) = service_by_boto3(service).and_then(|known| called(known, method)) else {
        return Outcome::of(Vec::new(), Vec::new());
    };
    let targets = targets(of, site, service);
    let given: Arc<str> = operation.name.into();
    let answer = Value::object(Object::Builder { service: service.clone(), operation: given });
    Outcome::of(vec![answer], vec![sdk(service, operation.name, targets)])
}

/// A method of a client, where Java spells it in its own way; none where it is an operation's.
fn client_helper(of: &mut Evaluator<'_>, site: &Site<'_>, service: &Arc<str>, method: &str) -> Option<Outcome> {
    match method {
        "waiter" | "waiters" => {
            let made = Object::Made(format!("waiter.{service}").into());
            Some(Outcome::of(vec![Value::object(made)], Vec::new()))
        }
        // What signs tokens for databases is asked like the client itself.
        "utilities" if matches!(&**service, "rds" | "dsql") => {
            Some(Outcome::of(vec![Value::client(&**service)], Vec::new()))
        }
        _ if matches!(&**service, "rds" | "dsql") && super::token::token(service, method).is_some() => {
            Some(Outcome::of(Vec::new(), super::token::token(service, method).into_iter().collect()))
        }
        "utilities" | "serviceClientConfiguration" | "close" | "shutdown" | "getUrl" | "getRegionName" => {
            Some(Outcome::of(Vec::new(), Vec::new()))
        }
        "generatePresignedUrl" => Some(presigned(of, site, service)),
        "deleteVersion" if &**service == "s3" => {
            let mut targets = targets(of, site, service);
            if !targets.iter().any(|(name, _)| &**name == "VersionId") {
                targets.push(("VersionId".into(), site.text(of, 2, "").unwrap_or(Text::Unknown)));
            }
            Some(Outcome::of(Vec::new(), vec![sdk(service, "DeleteObject", targets)]))
        }
        _ => None,
    }
}

/// A presigned URL of version 1: reading, unless the request or the last argument says otherwise.
fn presigned(of: &mut Evaluator<'_>, site: &Site<'_>, service: &Arc<str>) -> Outcome {
    let targets = targets(of, site, service);
    let mut methods = Vec::new();
    for arg in site.args {
        for value in of.eval(site.unit, arg.value).iter() {
            match value {
                Value::Outside(path) => {
                    methods.extend(path.strip_prefix("com.amazonaws.HttpMethod.").map(str::to_owned))
                }
                Value::Object(object) => {
                    if let Object::Request(unit, call) = **object {
                        methods.extend(http_methods(of, unit, call));
                    }
                }
                _ => {}
            }
        }
    }
    // What `setMethod` says of a request later is not known.
    let plain = methods.is_empty() && site.args.len() == 3;
    let kind = |operation: &str, certain: bool| CallKind::Sdk {
        service: service.clone(),
        operation: operation.into(),
        targets: targets.clone(),
        certain,
    };
    let (gets, puts) = (methods.iter().any(|one| one == "GET") || plain, methods.iter().any(|one| one == "PUT"));
    let kinds = match (gets, puts) {
        (false, false) => vec![kind("GetObject", false), kind("PutObject", false)],
        _ => {
            let kinds = [gets.then(|| kind("GetObject", true)), puts.then(|| kind("PutObject", true))];
            kinds.into_iter().flatten().collect()
        }
    };
    Outcome::of(Vec::new(), kinds)
}

/// The HTTP methods that are named while a request is put together.
fn http_methods(of: &mut Evaluator<'_>, unit: UnitId, call: ExprId) -> Vec<String> {
    let program = of.program;
    let mut found = Vec::new();
    let mut at = call;
    for _ in 0..60 {
        let Expr::Call { callee, args, .. } = program.unit(unit).expr(at) else { break };
        for arg in args {
            for value in of.eval(unit, arg.value).iter() {
                if let Value::Outside(path) = value {
                    found.extend(path.strip_prefix("com.amazonaws.HttpMethod.").map(str::to_owned));
                }
            }
        }
        let Expr::Member(object, _) = program.unit(unit).expr(*callee) else { break };
        at = *object;
    }
    found
}

/// Methods of version 1's S3 client whose names are no operation's, and the operations.
const S3: &[(&str, &str)] = &[
    ("getObjectAsString", "GetObject"),
    ("getObjectMetadata", "HeadObject"),
    ("doesObjectExist", "HeadObject"),
    ("doesBucketExist", "HeadBucket"),
    ("doesBucketExistV2", "GetBucketAcl"),
    ("setObjectAcl", "PutObjectAcl"),
    ("setBucketPolicy", "PutBucketPolicy"),
    ("setObjectTagging", "PutObjectTagging"),
    ("listNextBatchOfObjects", "ListObjects"),
    ("listVersions", "ListObjectVersions"),
    ("listNextBatchOfVersions", "ListObjectVersions"),
    ("initiateMultipartUpload", "CreateMultipartUpload"),
    ("getBucketVersioningConfiguration", "GetBucketVersioning"),
];

/// The operation of a method in the SDK's spellings: `scanPaginator`, `getObjectAsBytes`, `getItemAsync`,
/// `presignGetObject`.
pub(super) fn called(service: &'static Service, method: &str) -> Option<&'static Operation> {
    const ENDS: &[&str] = &["Paginator", "AsBytes", "Async"];
    let old = S3.iter().find(|(name, _)| service.boto3 == "s3" && *name == method).map(|(_, operation)| *operation);
    let bare = old.unwrap_or_else(|| method.strip_prefix("presign").unwrap_or(method));
    service
        .called(bare)
        .or_else(|| ENDS.iter().find_map(|end| bare.strip_suffix(end).and_then(|name| service.called(name))))
}

/// A further call on a request that is put together.
pub(super) fn request_call(site: &Site<'_>) -> Outcome {
    Outcome::of(vec![Value::object(Object::Request(site.unit, site.call))], Vec::new())
}

/// The client that must have been called, by the request that a call is given.
pub(super) fn requested(of: &mut Evaluator<'_>, site: &Site<'_>, method: &str) -> Option<Object> {
    let program = of.program;
    for arg in site.args {
        for value in of.eval(site.unit, arg.value).iter() {
            let Value::Object(object) = value else { continue };
            let Object::Request(unit, call) = **object else { continue };
            let mut at = call;
            for _ in 0..60 {
                let Expr::Call { callee, .. } = program.unit(unit).expr(at) else { break };
                let begun = of.eval(unit, *callee).iter().find_map(|value| match value {
                    Value::Outside(path) => service_by_request(path.strip_suffix(".builder").unwrap_or(path), method),
                    _ => None,
                });
                if let Some(service) = begun {
                    return Some(Object::Client { service: service.boto3.into() });
                }
                let Expr::Member(object, _) = program.unit(unit).expr(*callee) else { break };
                at = *object;
            }
        }
    }
    None
}

/// The service whose operation takes a request of a type, where a method is named after that operation.
pub(super) fn service_by_request(path: &str, method: &str) -> Option<&'static Service> {
    let (service, member) = service_of(path)?;
    let wanted = service.called(member.strip_prefix("model.")?.strip_suffix("Request")?)?;
    (called(service, method)?.name == wanted.name).then_some(service)
}

/// Types that fields and parameters name: `DynamoDbClient`, `AmazonS3`, `DynamoDbTable`, `HttpClient`.
pub(super) fn of_type(path: &str) -> Option<Value> {
    if let Some(value) = helpers::of_type(path) {
        return Some(value);
    }
    let (service, member) = service_of(path)?;
    if member == "presigner.S3Presigner" || SIGNERS.contains(&member) {
        return Some(Value::client(service.boto3));
    }
    let plain = !member.contains('.');
    let old = path.starts_with("com.amazonaws.") && (member.starts_with("Amazon") || member.starts_with("AWS"));
    if plain && member.ends_with("Builder") {
        let service = service.boto3.into();
        return Some(Value::object(Object::Making { service, region: None, credentials: false }));
    }
    (plain && (member.ends_with("Client") || old)).then(|| Value::client(service.boto3))
}

/// A method of something that a package made.
pub(super) fn made_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str, method: &str) -> Outcome {
    if let Some(client) = requested(of, site, method) {
        return super::apply(of, site, &Value::Method(Arc::new(client), method.into()));
    }
    if let Some(outcome) = helpers::made_call(of, site, path, method) {
        return acting_as(of, site, outcome);
    }
    if let Some(service) = path.strip_prefix("waiter.") {
        return waited(of, site, service, method);
    }
    let dumps = matches!(method, "toJson" | "writeValueAsString" | "writeValueAsBytes" | "toString");
    if dumps && site.args.iter().any(|arg| holds_event(of, site.unit, arg.value, 0)) {
        return Outcome { understood: true, ..Outcome::value(Value::Event) };
    }
    Outcome::value(Value::object(Object::Made(format!("{path}.{method}").into())))
}

/// `client.waiter().waitUntilTableExists(…)`, `client.waiters().tableExists().run(…)`.
fn waited(of: &mut Evaluator<'_>, site: &Site<'_>, service: &str, method: &str) -> Outcome {
    let state = method.strip_prefix("waitUntil").unwrap_or(method);
    let service: Arc<str> = service.into();
    match waiter(&service, state) {
        Some(operation) => {
            let targets = targets(of, site, &service);
            Outcome::of(Vec::new(), vec![sdk(&service, operation, targets)])
        }
        None => Outcome::of(Vec::new(), Vec::new()),
    }
}

/// A method of an HTTP client or of a request that is put together.
pub(super) fn http_method(of: &mut Evaluator<'_>, site: &Site<'_>, method: &str) -> Outcome {
    match method {
        "uri" | "url" | "getForObject" | "getForEntity" | "postForObject" | "postForEntity" | "exchange"
        | "baseUrl"
            if !site.args.is_empty() =>
        {
            let mut outcome = http::request(of, site, 0, false);
            outcome.values.push(Value::object(Object::Http));
            outcome
        }
        "send" | "execute" | "close" => Outcome::of(Vec::new(), Vec::new()),
        _ => Outcome::of(vec![Value::object(Object::Http)], Vec::new()),
    }
}
