//! Passwords for databases that libraries sign with the function's role, and AWS's extension that fetches secrets: no
//! request of an SDK stands for them.
//!
//! Sources: RDS User Guide, "IAM database authentication"; Aurora DSQL User Guide, "Generating an authentication token";
//! Lambda Developer Guide, "Parameters and Secrets Lambda Extension", read 2026-12.

use super::operation::sdk;
use super::site::Outcome;
use crate::code::value::{Object, Value};
use crate::iam::operation::service_by_boto3;
use crate::model::{CallKind, Text};

/// What the classes of signers are known under once they are made, by their dotted paths.
const SIGNERS: &[(&str, &str)] = &[
    ("@aws-sdk/rds-signer.Signer", "rds"),
    ("@aws-sdk/dsql-signer.DsqlSigner", "dsql"),
    ("aws-sdk.RDS.Signer", "rds"),
    ("aws-sdk/clients/rds.Signer", "rds"),
    ("aws_sdk_rds.auth_token.AuthTokenGenerator.new", "rds"),
    ("aws_sdk_dsql.auth_token.AuthTokenGenerator.new", "dsql"),
];

/// A signer that is made.
pub(super) fn signer(path: &str) -> Option<Outcome> {
    let (_, service) = SIGNERS.iter().find(|(signer, _)| *signer == path)?;
    Some(Outcome::of(vec![Value::object(Object::Made(format!("signer.{service}").into()))], Vec::new()))
}

/// A method of a signer.
pub(super) fn signer_call(path: &str, method: &str) -> Option<Outcome> {
    let service = path.strip_prefix("signer.")?;
    let kinds = token(service, method);
    let values = if kinds.is_none() { vec![Value::object(Object::Made(path.into()))] } else { Vec::new() };
    Some(Outcome::of(values, kinds.into_iter().collect()))
}

/// What a method or function signs a token for, in any SDK's spelling: `getAuthToken`, `auth_token`, `BuildAuthToken`,
/// `generateAuthenticationToken`, `getDbConnectAdminAuthToken`.
pub(super) fn token(service: &str, method: &str) -> Option<CallKind> {
    let plain: String = method.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let bare = ["generate", "build", "get"].iter().find_map(|start| plain.strip_prefix(start)).unwrap_or(&plain);
    let operation = match (service, bare) {
        ("rds", "authtoken" | "authenticationtoken" | "dbauthtoken") => "GenerateDBAuthToken",
        ("dsql", "dbconnectauthtoken") => "GenerateDBConnectAuthToken",
        ("dsql", "dbconnectadminauthtoken") => "GenerateDBConnectAdminAuthToken",
        _ => return None,
    };
    service_by_boto3(service).map(|known| sdk(&known.boto3.into(), operation, Vec::new()))
}

/// What the extension fetches for a request to itself, as far as the address is written.
pub(super) fn extension(url: &Text, written: &str) -> Option<CallKind> {
    const PATHS: &[(&str, &str, &str, &str, &str)] = &[
        ("/systemsmanager/parameters/get", "ssm", "GetParameter", "name=", "Name"),
        ("/secretsmanager/get", "secretsmanager", "GetSecretValue", "secretId=", "SecretId"),
    ];
    let text = match url {
        Text::Literal(text) | Text::Prefix(text) => text,
        _ => "",
    };
    let is_local = |text: &str| text.contains("localhost:") || text.contains("127.0.0.1:");
    let is_asked = |text: &str, path: &str| is_local(text) && text.contains(path);
    let found = PATHS.iter().find(|(path, ..)| is_asked(text, path) || is_asked(written, path))?;
    let (_, service, operation, key, parameter) = *found;
    let name = text.split_once(key).map(|(_, rest)| rest.split('&').next().unwrap_or_default());
    let name = match (name.unwrap_or_default(), url) {
        ("", _) => Text::Unknown,
        (name, Text::Literal(_)) => Text::Literal(name.replace("%2F", "/").replace("%2f", "/").into()),
        (name, _) => Text::Prefix(name.into()),
    };
    Some(sdk(&service.into(), operation, vec![(parameter.into(), name)]))
}
