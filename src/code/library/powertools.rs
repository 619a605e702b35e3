//! Powertools for AWS Lambda: the parts that call AWS.

use super::operation::{Targets, sdk};
use super::site::{Outcome, Site};
use crate::code::evaluate::Evaluator;
use crate::code::value::{Object, Value};
use crate::model::{CallKind, Text};
use std::sync::Arc;

/// What a function reads: package suffix and name, service, operation, parameter.
const READS: &[(&str, &str, &str, &str)] = &[
    ("get_parameter", "ssm", "GetParameter", "Name"),
    ("getParameter", "ssm", "GetParameter", "Name"),
    ("set_parameter", "ssm", "PutParameter", "Name"),
    ("setParameter", "ssm", "PutParameter", "Name"),
    ("get_parameters", "ssm", "GetParametersByPath", "Path"),
    ("getParameters", "ssm", "GetParametersByPath", "Path"),
    ("get_parameters_by_name", "ssm", "GetParameters", "Names"),
    ("getParametersByName", "ssm", "GetParameters", "Names"),
    ("get_secret", "secretsmanager", "GetSecretValue", "SecretId"),
    ("getSecret", "secretsmanager", "GetSecretValue", "SecretId"),
    ("set_secret", "secretsmanager", "PutSecretValue", "SecretId"),
    ("get_app_config", "appconfigdata", "GetLatestConfiguration", ""),
    ("getAppConfig", "appconfigdata", "GetLatestConfiguration", ""),
    ("AppConfigStore", "appconfigdata", "GetLatestConfiguration", ""),
];

/// A function of the parameters, idempotency or feature-flag packages.
pub(super) fn outside_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    let package = path.strip_prefix("aws_lambda_powertools").or_else(|| path.strip_prefix("@aws-lambda-powertools"))?;
    let name = package.rsplit(['.', '/']).next().unwrap_or_default();
    if let Some((_, service, operation, parameter)) = READS.iter().find(|row| row.0 == name) {
        let service: Arc<str> = (*service).into();
        let mut targets = Vec::new();
        for text in site.texts(of, 0, "name").unwrap_or_default() {
            if !parameter.is_empty() {
                targets.push(((*parameter).into(), text));
            }
        }
        let mut kinds = vec![sdk(&service, operation, targets)];
        if &*service == "appconfigdata" {
            kinds.insert(0, sdk(&service, "StartConfigurationSession", Vec::new()));
        }
        return Some(Outcome::of(Vec::new(), kinds));
    }
    if name == "DynamoDBPersistenceLayer" {
        let targets = table_name(of, site);
        return Some(Outcome::of(
            Vec::new(),
            table_kinds(&["PutItem", "GetItem", "UpdateItem", "DeleteItem"], &targets),
        ));
    }
    if name == "DynamoDBProvider" {
        let targets = table_name(of, site);
        return Some(Outcome::of(Vec::new(), table_kinds(&["GetItem", "Query"], &targets)));
    }
    let made = Value::object(match name {
        "Logger" => Object::Logger,
        _ => Object::Made(path.into()),
    });
    Some(Outcome { understood: true, ..Outcome::value(made) })
}

fn table_name(of: &mut Evaluator<'_>, site: &Site<'_>) -> Targets {
    let named = site.option(of, "table_name").or_else(|| site.option(of, "tableName"));
    let named = named.or_else(|| site.arg(of, 0, "table_name").map(|value| (site.unit, value)));
    let Some((unit, value)) = named else { return Vec::new() };
    let name = crate::code::value::text(&of.eval(unit, value));
    vec![("TableName".into(), name)]
}

fn table_kinds(operations: &[&str], targets: &Targets) -> Vec<CallKind> {
    operations.iter().map(|operation| sdk(&"dynamodb".into(), operation, targets.clone())).collect()
}

/// A method of what an outside function returned: providers of Powertools, wrappers that give their argument back.
pub(super) fn made_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str, method: &str) -> Outcome {
    if matches!(method, "captureAWS" | "captureAWSClient" | "captureAWSv3Client")
        && let Some(arg) = site.args.first()
    {
        return Outcome::of(of.eval(site.unit, arg.value).to_vec(), Vec::new());
    }
    if let Some(outcome) = encryption_sdk(path, method) {
        return outcome;
    }
    if path.ends_with("SSMProvider") || path.ends_with("SecretsProvider") {
        let (service, operation, parameter): (Arc<str>, _, _) = match (path.ends_with("SSMProvider"), method) {
            (true, "get") => ("ssm".into(), "GetParameter", "Name"),
            (true, "get_multiple" | "getMultiple") => ("ssm".into(), "GetParametersByPath", "Path"),
            (true, "get_parameters_by_name" | "getParametersByName") => ("ssm".into(), "GetParameters", "Names"),
            (false, "get") => ("secretsmanager".into(), "GetSecretValue", "SecretId"),
            _ => return Outcome::default(),
        };
        let name = site.text(of, 0, "name").unwrap_or(Text::Unknown);
        return Outcome::of(Vec::new(), vec![sdk(&service, operation, vec![(parameter.into(), name)])]);
    }
    Outcome::value(Value::object(Object::Made(format!("{path}.{method}").into())))
}

/// The AWS Encryption SDK asks KMS for the data key of what it encrypts or decrypts.
///
/// Source: AWS Encryption SDK Developer Guide, "Required permissions for AWS KMS keys", read 2026-12.
fn encryption_sdk(path: &str, method: &str) -> Option<Outcome> {
    let is_sdk = path.starts_with("@aws-crypto/") && path.contains(".build") || path.starts_with("aws_encryption_sdk.");
    let operation = match method {
        "decrypt" | "decryptUnsignedMessageStream" => "Decrypt",
        "encrypt" => "GenerateDataKey",
        _ => return None,
    };
    is_sdk.then(|| Outcome::of(Vec::new(), vec![sdk(&"kms".into(), operation, Vec::new())]))
}
