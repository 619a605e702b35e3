//! Java's layers above the SDK's clients, and what of its library passes values on.

use super::http;
use super::java_request::targets;
use super::log::holds_event;
use super::operation::{self, Targets, sdk};
use super::site::{Fact, Outcome, Site};
use crate::code::evaluate::Evaluator;
use crate::code::unit::Expr;
use crate::code::value::{Object, Value, text};
use crate::model::{CallKind, Text};
use std::sync::Arc;

/// Functions that give their first argument back, as far as its text or the event in it is asked for.
const SAME: &[&str] = &[
    "java.util.Objects.requireNonNull",
    "java.lang.Objects.requireNonNull",
    "java.lang.String.valueOf",
    "java.net.URI.create",
    "java.net.URI",
    "java.net.URL",
    "software.amazon.awssdk.regions.Region.of",
    "com.amazonaws.regions.Regions.fromName",
    "com.amazonaws.regions.Region.getRegion",
    "com.amazonaws.xray.AWSXRay.beginSegment",
];

/// A function or constructor of a library.
pub(super) fn outside_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    let made = |name: &str| Some(Outcome::of(vec![Value::object(Object::Made(name.into()))], Vec::new()));
    if SAME.contains(&path) {
        let values = site.args.first().map(|arg| of.eval(site.unit, arg.value).to_vec()).unwrap_or_default();
        return Some(Outcome { understood: true, values, ..Outcome::default() });
    }
    let last = path.rsplit('.').next().unwrap_or_default();
    match path {
        // Credentials of a role that is assumed, or keys that are not the function's own.
        "com.amazonaws.auth.STSAssumeRoleSessionCredentialsProvider"
        | "com.amazonaws.auth.STSAssumeRoleSessionCredentialsProvider.Builder" => {
            let kinds = vec![sdk(&"sts".into(), "AssumeRole", Vec::new())];
            return Some(Outcome::of(vec![Value::object(Object::Foreign)], kinds));
        }
        "software.amazon.awssdk.auth.credentials.AwsBasicCredentials.create"
        | "com.amazonaws.auth.BasicAWSCredentials"
            if !matches!(site.text(of, 0, ""), Some(Text::Environment(name)) if &*name == "AWS_ACCESS_KEY_ID") =>
        {
            return Some(Outcome::of(vec![Value::object(Object::Keys)], Vec::new()));
        }
        "software.amazon.awssdk.auth.credentials.AwsSessionCredentials.create"
        | "com.amazonaws.auth.BasicSessionCredentials"
            if !matches!(site.text(of, 0, ""), Some(Text::Environment(name)) if &*name == "AWS_ACCESS_KEY_ID") =>
        {
            return Some(Outcome::of(vec![Value::object(Object::Foreign)], Vec::new()));
        }
        "software.amazon.awssdk.auth.credentials.StaticCredentialsProvider.create"
        | "com.amazonaws.auth.AWSStaticCredentialsProvider" => {
            let values = site.args.first().map(|arg| of.eval(site.unit, arg.value).to_vec()).unwrap_or_default();
            return Some(Outcome::of(values, Vec::new()));
        }
        "java.lang.System.getenv" => {
            let name = match site.text(of, 0, "") {
                Some(Text::Literal(name)) => Text::Environment(name),
                _ => {
                    // System.getenv(SdkSystemSetting.AWS_REGION.environmentVariable())
                    let written = site.args.first().map_or("", |arg| of.program.source(site.unit, arg.value));
                    let region = written.contains("SdkSystemSetting.AWS_REGION");
                    if region { Text::Environment("AWS_REGION".into()) } else { Text::Unknown }
                }
            };
            return Some(Outcome { understood: true, ..Outcome::value(Value::Text(name)) });
        }
        "java.lang.String.format" if site.args.iter().any(|arg| holds_event(of, site.unit, arg.value, 0)) => {
            return Some(Outcome { understood: true, ..Outcome::value(Value::Event) });
        }
        "java.lang.String.format" => {
            let known = match site.text(of, 0, "") {
                Some(Text::Literal(format)) => match format.split_once('%') {
                    None => Text::Literal(format),
                    Some(("", _)) => Text::Unknown,
                    Some((known, _)) => Text::Prefix(known.into()),
                },
                _ => Text::Unknown,
            };
            return Some(Outcome { understood: true, ..Outcome::value(Value::Text(known)) });
        }
        "java.net.http.HttpRequest.newBuilder" if !site.args.is_empty() => {
            let mut outcome = http::request(of, site, 0, false);
            outcome.values.push(Value::object(Object::Http));
            return Some(outcome);
        }
        "java.net.http.HttpRequest.newBuilder"
        | "okhttp3.Request.Builder"
        | "org.springframework.web.client.RestTemplate"
        | "java.net.http.HttpClient.newHttpClient"
        | "java.net.http.HttpClient.newBuilder" => {
            return Some(Outcome::of(vec![Value::object(Object::Http)], Vec::new()));
        }
        _ => {}
    }
    if path.starts_with("org.apache.") && last.starts_with("Http") && path.contains(".http") {
        let verb = ["HttpGet", "HttpPost", "HttpPut", "HttpDelete", "HttpPatch", "HttpHead"].contains(&last);
        return (verb && !site.args.is_empty()).then(|| http::request(of, site, 0, false));
    }
    if last == "getLogger" || path.ends_with("LogManager.getLogger") {
        return Some(Outcome { understood: true, ..Outcome::value(Value::object(Object::Logger)) });
    }
    if path.starts_with("software.amazon.lambda.powertools.") {
        return powertools(path, last);
    }
    match path.rsplit_once(".enhanced.dynamodb.").map(|(_, rest)| rest) {
        Some("DynamoDbEnhancedClient.create" | "DynamoDbEnhancedClient.builder") => return made("enhanced"),
        Some("DynamoDbEnhancedAsyncClient.create" | "DynamoDbEnhancedAsyncClient.builder") => return made("enhanced"),
        _ => {}
    }
    match path {
        "com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBMapper" => made("mapper"),
        "com.amazonaws.services.dynamodbv2.document.DynamoDB" => made("document"),
        _ if path.starts_with("software.amazon.awssdk.transfer.s3.S3TransferManager") => made("transfer"),
        _ if path.starts_with("com.amazonaws.services.s3.transfer.TransferManager") => made("transfer"),
        "com.amazonaws.secretsmanager.caching.SecretCache" => made("secretcache"),
        // With a prefix it loads all parameters below it at once (awslabs/aws-ssm-java-caching-client, read 2026-12).
        "software.amazon.serverless.ssmcachingclient.SsmParameterCachingClient" => {
            made(if site.args.len() > 2 { "ssmcache.path" } else { "ssmcache.name" })
        }
        _ if path.starts_with("com.amazon.rdsdata.client.RdsData.") => made("rdsdata"),
        _ => None,
    }
}

fn powertools(path: &str, last: &str) -> Option<Outcome> {
    let made = |name: &str| Some(Outcome::of(vec![Value::object(Object::Made(name.into()))], Vec::new()));
    if path.contains("SSMProvider") || last == "getSsmProvider" {
        return made("parameters.ssm");
    }
    if path.contains("SecretsProvider") || last == "getSecretsProvider" {
        return made("parameters.secrets");
    }
    if path.contains("AppConfigProvider") || last == "getAppConfigProvider" {
        return made("parameters.appconfig");
    }
    if path.contains("DynamoDbProvider") || last == "getDynamoDbProvider" {
        return made("parameters.dynamodb");
    }
    if path.contains("DynamoDBPersistenceStore.builder") {
        let kinds = table_kinds(&["PutItem", "GetItem", "UpdateItem", "DeleteItem"], &Vec::new());
        return Some(Outcome::of(vec![Value::object(Object::Made(path.into()))], kinds));
    }
    None
}

fn table_kinds(operations: &[&str], targets: &Targets) -> Vec<CallKind> {
    operations.iter().map(|operation| sdk(&"dynamodb".into(), operation, targets.clone())).collect()
}

/// Methods of tables of the enhanced client and of version 1's document layer.
const TABLE: &[(&str, &[&str])] = &[
    ("putItem", &["PutItem"]),
    ("putItemWithResponse", &["PutItem"]),
    ("getItem", &["GetItem"]),
    ("getItemWithResponse", &["GetItem"]),
    ("getItemOutcome", &["GetItem"]),
    ("updateItem", &["UpdateItem"]),
    ("updateItemWithResponse", &["UpdateItem"]),
    ("deleteItem", &["DeleteItem"]),
    ("deleteItemWithResponse", &["DeleteItem"]),
    ("scan", &["Scan"]),
    ("query", &["Query"]),
    ("createTable", &["CreateTable"]),
    ("deleteTable", &["DeleteTable"]),
    ("describeTable", &["DescribeTable"]),
    ("describe", &["DescribeTable"]),
    ("delete", &["DeleteTable"]),
    ("waitForActive", &["DescribeTable"]),
    ("waitForActiveOrDelete", &["DescribeTable"]),
    ("waitForAllActiveOrDelete", &["DescribeTable"]),
    ("waitForDelete", &["DescribeTable"]),
];

/// Methods of DynamoDBMapper; `save` writes with UpdateItem unless it is told to clobber.
///
/// Source: AWS SDK for Java 1.12, `DynamoDBMapper`, read 2026-11.
const MAPPER: &[(&str, &[&str])] = &[
    ("load", &["GetItem"]),
    ("save", &["UpdateItem"]),
    ("delete", &["DeleteItem"]),
    ("query", &["Query"]),
    ("queryPage", &["Query"]),
    ("scan", &["Scan"]),
    ("scanPage", &["Scan"]),
    ("parallelScan", &["Scan"]),
    ("batchLoad", &["BatchGetItem"]),
    ("batchSave", &["BatchWriteItem"]),
    ("batchDelete", &["BatchWriteItem"]),
    ("batchWrite", &["BatchWriteItem"]),
    ("transactionWrite", &["TransactWriteItems"]),
    ("transactionLoad", &["TransactGetItems"]),
];

/// Methods of the enhanced client itself.
const ENHANCED: &[(&str, &[&str])] = &[
    ("batchGetItem", &["BatchGetItem"]),
    ("batchWriteItem", &["BatchWriteItem"]),
    ("transactGetItems", &["TransactGetItems"]),
    ("transactWriteItems", &["TransactWriteItems"]),
    ("transactWriteItemsWithResponse", &["TransactWriteItems"]),
];

fn row(table: &[(&str, &'static [&'static str])], method: &str) -> Option<&'static [&'static str]> {
    table.iter().find(|(name, _)| *name == method).map(|(_, operations)| *operations)
}

/// A method of a layer above the clients.
pub(super) fn made_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str, method: &str) -> Option<Outcome> {
    let itself = || Some(Outcome::of(vec![Value::object(Object::Made(path.into()))], Vec::new()));
    match path {
        "lambda.Context" if method == "getLogger" => {
            Some(Outcome { understood: true, ..Outcome::value(Value::object(Object::Logger)) })
        }
        "event" => Some(Outcome { understood: true, ..Outcome::value(Value::Event) }),
        "enhanced" | "document" => {
            if matches!(method, "table" | "getTable") {
                return Some(Outcome::of(vec![table(site.text(of, 0, ""))], Vec::new()));
            }
            if path == "document" && method == "createTable" {
                let kinds = table_kinds(&["CreateTable"], &Vec::new());
                return Some(Outcome::of(vec![table(site.text(of, 0, ""))], kinds));
            }
            match row(ENHANCED, method) {
                Some(operations) => Some(Outcome::of(Vec::new(), table_kinds(operations, &Vec::new()))),
                None => itself(),
            }
        }
        "mapper" => {
            let mut kinds = table_kinds(row(MAPPER, method).unwrap_or_default(), &Vec::new());
            if method == "save" {
                let service = "dynamodb".into();
                let (operation, targets) = ("PutItem".into(), Vec::new());
                kinds.push(CallKind::Sdk { service, operation, targets, certain: false });
            }
            if method == "count" {
                let over = site.args.get(1).map(|arg| of.program.source(site.unit, arg.value).to_owned());
                let query = over.is_some_and(|text| text.to_ascii_lowercase().contains("query"));
                kinds = table_kinds(if query { &["Query"] } else { &["Scan"] }, &Vec::new());
            }
            Some(Outcome::of(Vec::new(), kinds))
        }
        "transfer" => Some(match method {
            "upload" | "uploadFile" | "uploadDirectory" | "uploadFileList" => {
                let targets = targets(of, site, &"s3".into());
                Outcome::of(Vec::new(), operation::multipart(&"s3".into(), &targets))
            }
            "download" | "downloadFile" => {
                let targets = targets(of, site, &"s3".into());
                let kinds = ["HeadObject", "GetObject"].map(|name| sdk(&"s3".into(), name, targets.clone()));
                Outcome::of(Vec::new(), kinds.into())
            }
            "downloadDirectory" => {
                let kinds = ["ListObjectsV2", "GetObject"].map(|name| sdk(&"s3".into(), name, Vec::new()));
                Outcome::of(Vec::new(), kinds.into())
            }
            "copy" => {
                let kinds = ["HeadObject", "GetObject", "CopyObject"].map(|name| sdk(&"s3".into(), name, Vec::new()));
                Outcome::of(Vec::new(), kinds.into())
            }
            _ => return itself(),
        }),
        "secretcache" if method.starts_with("getSecret") => {
            let targets: Targets = site.text(of, 0, "").map(|name| ("SecretId".into(), name)).into_iter().collect();
            let kinds = ["DescribeSecret", "GetSecretValue"];
            let kinds = kinds.map(|name| sdk(&"secretsmanager".into(), name, targets.clone()));
            Some(Outcome::of(Vec::new(), kinds.into()))
        }
        "ssmcache.path" | "ssmcache.name" if method.starts_with("get") => {
            let operation = if path == "ssmcache.path" { "GetParametersByPath" } else { "GetParameter" };
            Some(Outcome::of(Vec::new(), vec![sdk(&"ssm".into(), operation, Vec::new())]))
        }
        // awslabs/rds-data-api-client-library-java, read 2026-12.
        "rdsdata" => {
            let operation = match method {
                "execute" => "ExecuteStatement",
                "beginTransaction" => "BeginTransaction",
                "commitTransaction" => "CommitTransaction",
                "rollbackTransaction" => "RollbackTransaction",
                _ => return itself(),
            };
            let kind = |operation: &str, certain: bool| CallKind::Sdk {
                service: "rds-data".into(),
                operation: operation.into(),
                targets: Vec::new(),
                certain,
            };
            let mut kinds = vec![kind(operation, true)];
            // Several sets of parameters go at once.
            kinds.extend((method == "execute").then(|| kind("BatchExecuteStatement", false)));
            Some(Outcome::of(Vec::new(), kinds))
        }
        _ if path.starts_with("parameters.") => Some(parameter(of, site, path, method)),
        _ => None,
    }
}

fn parameter(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str, method: &str) -> Outcome {
    let many = method == "getMultiple";
    if !many && method != "get" {
        return Outcome::of(vec![Value::object(Object::Made(path.into()))], Vec::new());
    }
    let name = site.text(of, 0, "").unwrap_or(Text::Unknown);
    let (service, operations, key): (&str, &[&str], &str) = match (path, many) {
        ("parameters.ssm", false) => ("ssm", &["GetParameter"], "Name"),
        ("parameters.ssm", true) => ("ssm", &["GetParametersByPath"], "Path"),
        ("parameters.secrets", _) => ("secretsmanager", &["GetSecretValue"], "SecretId"),
        ("parameters.appconfig", _) => ("appconfigdata", &["StartConfigurationSession", "GetLatestConfiguration"], ""),
        (_, true) => ("dynamodb", &["Query"], ""),
        _ => ("dynamodb", &["GetItem"], ""),
    };
    let service: Arc<str> = service.into();
    let targets: Targets = if key.is_empty() { Vec::new() } else { vec![(key.into(), name)] };
    let kinds = operations.iter().map(|operation| sdk(&service, operation, targets.clone())).collect();
    Outcome::of(Vec::new(), kinds)
}

fn table(name: Option<Text>) -> Value {
    let identifiers = name.map(|name| ("TableName".into(), name)).into_iter().collect();
    Value::object(Object::Resource { service: "dynamodb".into(), kind: "Table".into(), identifiers })
}

/// A method of a table.
pub(super) fn table_call(whole: &Arc<Object>, targets: &Targets, method: &str) -> Outcome {
    match row(TABLE, method) {
        Some(operations) => Outcome::of(Vec::new(), table_kinds(operations, targets)),
        // index(…) and getIndex(…) are asked like the table itself.
        None if method.ends_with("ndex") => Outcome::of(vec![Value::Object(whole.clone())], Vec::new()),
        None => Outcome::of(Vec::new(), Vec::new()),
    }
}

/// Types of these layers.
pub(super) fn of_type(path: &str) -> Option<Value> {
    let made = |name: &str| Some(Value::object(Object::Made(name.into())));
    let last = path.rsplit('.').next().unwrap_or_default();
    match path {
        "com.amazonaws.services.lambda.runtime.Context" => return made("lambda.Context"),
        "com.amazonaws.services.lambda.runtime.LambdaLogger"
        | "org.slf4j.Logger"
        | "org.apache.logging.log4j.Logger"
        | "java.util.logging.Logger" => return Some(Value::object(Object::Logger)),
        "com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBMapper"
        | "com.amazonaws.services.dynamodbv2.datamodeling.IDynamoDBMapper" => return made("mapper"),
        "com.amazonaws.services.dynamodbv2.document.DynamoDB" => return made("document"),
        "com.amazonaws.services.dynamodbv2.document.Table" => return Some(table(None)),
        "com.amazonaws.secretsmanager.caching.SecretCache" => return made("secretcache"),
        "com.amazon.rdsdata.client.RdsData" => return made("rdsdata"),
        _ => {}
    }
    if path.contains(".enhanced.dynamodb.") {
        return match last {
            "DynamoDbEnhancedClient" | "DynamoDbEnhancedAsyncClient" => made("enhanced"),
            "DynamoDbTable" | "DynamoDbAsyncTable" | "DynamoDbIndex" => Some(table(None)),
            _ => None,
        };
    }
    if path.starts_with("software.amazon.lambda.powertools.parameters.") {
        return match last {
            "SSMProvider" => made("parameters.ssm"),
            "SecretsProvider" => made("parameters.secrets"),
            "AppConfigProvider" => made("parameters.appconfig"),
            "DynamoDbProvider" => made("parameters.dynamodb"),
            _ => None,
        };
    }
    match last {
        "S3TransferManager" | "TransferManager" if path.contains("s3") => made("transfer"),
        "RestTemplate" | "HttpClient" | "OkHttpClient" => Some(Value::object(Object::Http)),
        _ => None,
    }
}

/// Names of objects that take every certificate or every host.
const TRUSTING: &[&str] = &[
    "NoopHostnameVerifier.INSTANCE",
    "NoopHostnameVerifier",
    "InsecureTrustManagerFactory.INSTANCE",
    "TrustAllStrategy.INSTANCE",
    "TrustAllStrategy",
    "SSLConnectionSocketFactory.ALLOW_ALL_HOSTNAME_VERIFIER",
    "SSLSocketFactory.ALLOW_ALL_HOSTNAME_VERIFIER",
    "AllowAllHostnameVerifier",
    "TrustSelfSignedStrategy.INSTANCE",
];

/// Certificate checks that the arguments of a call switch off.
pub(in crate::code) fn insecure(of: &mut Evaluator<'_>, site: &Site<'_>) -> Vec<Fact> {
    let program = of.program;
    let here = program.unit(site.unit);
    let off = |switch: &str| Fact { kind: CallKind::TlsOff { switch: switch.into() }, span: None };
    let method = match here.expr(site.call) {
        Expr::Call { callee, .. } => match here.expr(*callee) {
            Expr::Member(_, name) => here.name(*name).clone(),
            _ => "".into(),
        },
        _ => "".into(),
    };
    let mut found = Vec::new();
    for arg in site.args {
        let written = program.source(site.unit, arg.value).trim_start_matches("new ").trim_end_matches("()");
        if let Some(name) = TRUSTING.iter().find(|name| written == **name || written.ends_with(&format!(".{name}"))) {
            found.push(off(name));
        }
        let verifier = method.to_ascii_lowercase().ends_with("hostnameverifier");
        if let (true, Expr::Function(function)) = (verifier, here.expr(arg.value)) {
            let returns = here.functions.get(*function as usize).map_or(&[][..], |function| &function.returns);
            if matches!(returns, [only] if *here.expr(*only) == Expr::Bool(true)) {
                found.push(off("hostname verifier that takes every host"));
            }
        }
    }
    let trusts = &*method == "put"
        && matches!(site.args, [option, value]
        if program.source(site.unit, option.value).ends_with("TRUST_ALL_CERTIFICATES")
            && matches!(text(&of.eval(site.unit, value.value)), Text::Literal(on) if &*on == "true" || on.ends_with("TRUE")));
    if trusts {
        found.push(off("TRUST_ALL_CERTIFICATES"));
    }
    found
}
