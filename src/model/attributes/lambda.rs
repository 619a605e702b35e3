//! Lambda: functions, their environment, URLs and permissions.

use super::reader::{Found, Reader};
use super::{Record, ResourceType, runtime};
use crate::model::entity::{Read, bool, string};
use crate::model::project::FUNCTIONS_LOGS;
use crate::model::{Entity, EntityType, Format, Resource, Verb, judge_node};
use crate::source::Span;
use crate::syntax::{Node, Part, Unknown, UnknownKind, Value};
use std::sync::Arc;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&FUNCTION, &VARIABLE], function),
    ResourceType::read_by(&[&PERMISSION], permission),
    ResourceType::read_by(&[&URL], url),
];

/// `AWS::Lambda::Function`.
pub const FUNCTION: EntityType = EntityType {
    name: "AWS::Lambda::Function",
    verb: Verb::Deploy,
    about: "A Lambda function.",
    attributes: &[
        string("runtime.name", "The runtime's identifier; empty for container images."),
        string(
            "runtime.status",
            "`supported`, `deprecating` within 90 days, `deprecated`, or `none` for images; from data/runtimes.tsv.",
        ),
        string("runtime.deprecation", "The day the runtime is deprecated, YYYY-MM-DD, or empty."),
        string("runtime.successor", "The runtime to move to, or empty."),
        bool("asynchronous", "Whether something in the project invokes it asynchronously."),
        string("invokers", "What invokes it asynchronously, for messages."),
        bool("failureDestination", "Whether it has a dead-letter queue or an on-failure destination."),
        bool("logGroup.declared", "Whether the project declares its log group."),
    ],
};

/// `AWS::Lambda::Function::EnvironmentVariable`.
pub const VARIABLE: EntityType = EntityType {
    name: "AWS::Lambda::Function::EnvironmentVariable",
    verb: Verb::Deploy,
    about: "One environment variable of a function.",
    attributes: &[
        string("function", "The function's name."),
        bool("secret", "Whether its value is a credential written out."),
        string("kind", "What kind of credential, or empty."),
        string("redacted", "The value's kind and length, safe to print."),
        bool("disablesTls", "Whether it switches certificate checks off in the runtime."),
    ],
};

/// `AWS::Lambda::Url`.
pub const URL: EntityType = EntityType {
    name: "AWS::Lambda::Url",
    verb: Verb::Deploy,
    about: "A function URL.",
    attributes: &[string("authorization", "`NONE` or `AWS_IAM`."), string("function", "The function's name.")],
};

/// `AWS::Lambda::Permission`.
pub const PERMISSION: EntityType = EntityType {
    name: "AWS::Lambda::Permission",
    verb: Verb::Deploy,
    about: "A statement of a function's resource policy.",
    attributes: &[
        string("principal", "The principal as written."),
        bool("everyone", "Whether the principal is `*` and nothing narrows it."),
        bool("service", "Whether the principal is an AWS service."),
        bool("bounded", "Whether SourceArn, SourceAccount, PrincipalOrgID or EventSourceToken narrows it."),
        bool("url", "Whether it is one of the two permissions of a function URL without authentication."),
        string("action", "The action as written."),
        bool("invokes", "Whether the action is to invoke the function and nothing else."),
        string("function", "The function's name."),
    ],
};

/// Services that invoke functions asynchronously.
///
/// Source: AWS Lambda Developer Guide, "Invoking Lambda with events from other AWS services", read 2026-11.
const ASYNCHRONOUS: &[(&str, &str)] = &[
    ("s3.amazonaws.com", "S3"),
    ("sns.amazonaws.com", "SNS"),
    ("events.amazonaws.com", "EventBridge"),
    ("scheduler.amazonaws.com", "EventBridge Scheduler"),
    ("iot.amazonaws.com", "IoT"),
    ("ses.amazonaws.com", "SES"),
    ("config.amazonaws.com", "Config"),
    ("codecommit.amazonaws.com", "CodeCommit"),
    ("logs.amazonaws.com", "CloudWatch Logs"),
    ("cloudformation.amazonaws.com", "CloudFormation"),
];

/// Environment variables that switch certificate checks off, with the value that does.
///
/// Sources: Node.js CLI documentation, `NODE_TLS_REJECT_UNAUTHORIZED`; Python PEP 493, `PYTHONHTTPSVERIFY`;
/// Git documentation, `GIT_SSL_NO_VERIFY`; read 2026-11.
const TLS_SWITCHES: &[(&str, &[&str])] =
    &[("NODE_TLS_REJECT_UNAUTHORIZED", &["0"]), ("PYTHONHTTPSVERIFY", &["0"]), ("GIT_SSL_NO_VERIFY", &["1", "true"])];

/// A function and its environment variables.
pub fn function(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = Entity::new(&FUNCTION, reader.resource.name.clone());
    let runtime = runtime::read(reader);
    entity.put("runtime.name", runtime.name);
    entity.put("runtime.status", runtime.status);
    entity.put("runtime.deprecation", runtime.deprecation);
    entity.put("runtime.successor", runtime.successor);
    let (invokers, doubt) = asynchronous_invokers(reader);
    entity.put(
        "asynchronous",
        match doubt {
            Some(doubt) if invokers.is_empty() => doubt,
            _ => Read::default(!invokers.is_empty()),
        },
    );
    entity.put("invokers", Read::default(invokers.join(", ")));
    entity.put("failureDestination", failure_destination(reader));
    entity.put("logGroup.declared", log_group_declared(reader));
    let mut records = vec![Record::new(reader, entity)];
    records.extend(variables(reader));
    records
}

/// A function URL.
pub fn url(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = Entity::new(&URL, reader.resource.name.clone());
    entity.put("authorization", reader.text("AuthType").map(|text| text.unwrap_or_else(|| "NONE".into())));
    entity.put("function", Read::default(function_name(reader, "TargetFunctionArn")));
    vec![Record::new(reader, entity)]
}

/// A permission.
pub fn permission(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = Entity::new(&PERMISSION, reader.resource.name.clone());
    let principal = reader.text("Principal").map(Option::unwrap_or_default);
    let bounds = ["SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken"].map(|path| bound(reader, path));
    let bounded = any(bounds.into_iter());
    let open = principal.value.as_ref().map(|text| &**text == "*").map_err(Clone::clone);
    let everyone = match (&open, &bounded.value) {
        (Ok(false), _) | (_, Ok(true)) => Ok(false),
        (Ok(true), Ok(false)) => Ok(true),
        (Err(reason), _) | (_, Err(reason)) => Err(reason.clone()),
    };
    // A URL without authentication has two permissions since 2025-10: to call the URL, and to invoke by way of it.
    let unauthenticated = reader.text("FunctionUrlAuthType").map(|text| text.as_deref() == Some("NONE"));
    let url = any([unauthenticated, reader.flag("InvokedViaFunctionUrl", false)].into_iter());
    entity.put("everyone", Read { value: everyone, span: principal.span });
    entity.put(
        "service",
        principal.clone().map(|text| text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn")),
    );
    entity.put("principal", principal);
    entity.put("bounded", bounded);
    entity.put("url", url);
    // InvokeAsync is the old name of invoking without waiting.
    let invokes = ["lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:InvokeAsync"];
    let action = reader.text("Action").map(Option::unwrap_or_default);
    entity.put(
        "invokes",
        action.clone().map(|text| text.is_empty() || invokes.iter().any(|name| text.eq_ignore_ascii_case(name))),
    );
    entity.put("action", action);
    entity.put("function", Read::default(function_name(reader, "FunctionName")));
    vec![Record::new(reader, entity)]
}

/// Whether a property narrows the permission: given, and not everything. The account of the stack is always given,
/// and so is a template's parameter, which is never null.
fn bound(reader: &Reader<'_>, path: &str) -> Read<bool> {
    match reader.find(path) {
        Found::Unknown(reason, span) => match reason.kind {
            UnknownKind::Pseudo => Read { value: Ok(true), span },
            UnknownKind::Parameter if reader.project.format != Format::Terraform => Read { value: Ok(true), span },
            _ => reader.given(path),
        },
        Found::Written(node) if node.as_text().is_some_and(|text| text.chars().all(|letter| letter == '*')) => {
            Read::at(false, node.span)
        }
        _ => reader.given(path),
    }
}

fn function_name(reader: &Reader<'_>, path: &str) -> String {
    let function = match reader.find(path) {
        Found::Written(node) => reader.project.function(node),
        _ => None,
    };
    match function {
        Some(function) => function.name.to_string(),
        None => match reader.find(path) {
            Found::Written(node) => node.to_string(),
            Found::Unknown(reason, _) => format!("${{{}}}", reason.what),
            Found::Absent => String::new(),
        },
    }
}

/// Three-valued "any": true where one is, else unknown where one is.
fn any(reads: impl Iterator<Item = Read<bool>>) -> Read<bool> {
    let mut unknown = None;
    for read in reads {
        match read.value {
            Ok(true) => return read,
            Ok(false) => {}
            Err(_) => unknown = Some(read),
        }
    }
    unknown.unwrap_or(Read::default(false))
}

fn variables(reader: &Reader<'_>) -> Vec<Record> {
    let variables = match reader.find("Environment.Variables") {
        Found::Written(variables) => variables,
        Found::Unknown(reason, span) => return vec![unknown_variables(reader, &reason, span)],
        Found::Absent => return Vec::new(),
    };
    let mut records = Vec::with_capacity(variables.entries().len());
    for entry in variables.entries() {
        let mut entity = Entity::new(&VARIABLE, entry.key.clone());
        entity.put("function", Read::default(reader.resource.name.clone()));
        let text = entry.value.as_text();
        let secret = judge_node(&entry.key, &entry.value);
        let known = text.is_some() || !matches!(entry.value.value, Value::Unknown(_) | Value::Either { .. });
        let unknown = || match &entry.value.value {
            Value::Unknown(reason) => reason.clone(),
            _ => Unknown::new(UnknownKind::Condition, entry.key.clone()),
        };
        // A reference or a parameter without default is no written-out secret, whatever it holds.
        entity.put("secret", Read::at(secret.is_some(), entry.value.span));
        entity.put("kind", Read::default(secret.as_ref().map(|secret| secret.what).unwrap_or_default()));
        entity.put("redacted", Read::default(secret.map(|secret| secret.redacted).unwrap_or_default()));
        let switch = TLS_SWITCHES.iter().find(|(name, _)| **name == *entry.key);
        let disables = match switch {
            None => Read::default(false),
            Some(_) if !known => Read::unknown(unknown(), Some(entry.value.span)),
            Some((_, values)) => Read::at(
                text.is_some_and(|text| values.iter().any(|value| text.eq_ignore_ascii_case(value))),
                entry.value.span,
            ),
        };
        entity.put("disablesTls", disables);
        let mut record = Record::new(reader, entity);
        record.span = entry.key_span;
        record.detail = format!("Environment.Variables.{}", entry.key);
        records.push(record);
    }
    records
}

/// Variables of which nothing is known: one of them may be a credential, and one may switch checks off.
fn unknown_variables(reader: &Reader<'_>, reason: &Unknown, span: Option<Span>) -> Record {
    const ALL: &str = "Environment.Variables";
    let mut entity = Entity::new(&VARIABLE, ALL);
    entity.put("function", Read::default(reader.resource.name.clone()));
    entity.put("secret", Read::<bool>::unknown(reason.clone(), span));
    entity.put("kind", Read::<String>::unknown(reason.clone(), span));
    entity.put("redacted", Read::<String>::unknown(reason.clone(), span));
    entity.put("disablesTls", Read::<bool>::unknown(reason.clone(), span));
    Record::of(entity, ALL.to_owned(), span.unwrap_or(reader.resource.span))
}

/// What invokes the function asynchronously: permissions to such services, and rules that name it as a target; and why
/// that is not known where a permission's principal is not.
fn asynchronous_invokers(reader: &Reader<'_>) -> (Vec<&'static str>, Option<Read<bool>>) {
    let mut found: Vec<&'static str> = Vec::new();
    let mut doubt = None;
    for resource in reader.project.pointing_at(&reader.resource.id) {
        match &*resource.kind {
            "AWS::Lambda::Permission" => {
                let principal = Reader { resource, ..*reader }.text("Principal");
                match principal.value {
                    Ok(principal) => {
                        let of_principal = ASYNCHRONOUS.iter().filter(|(name, _)| principal.as_deref() == Some(*name));
                        found.extend(of_principal.map(|(_, name)| *name));
                    }
                    Err(reason) => doubt = Some(Read::unknown(reason, principal.span)),
                }
            }
            "AWS::Events::Rule" => found.push("EventBridge"),
            "AWS::Scheduler::Schedule" => found.push("EventBridge Scheduler"),
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    (found, doubt)
}

fn failure_destination(reader: &Reader<'_>) -> Read<bool> {
    let own = reader.given("DeadLetterConfig.TargetArn");
    let configured = reader
        .project
        .pointing_at(&reader.resource.id)
        .filter(|config| &*config.kind == "AWS::Lambda::EventInvokeConfig")
        .map(|config| Reader { resource: config, ..*reader }.given("DestinationConfig.OnFailure.Destination"));
    any(std::iter::once(own).chain(configured))
}

/// Whether a log group of the project is this function's, by `LoggingConfig` or by name.
fn log_group_declared(reader: &Reader<'_>) -> Read<bool> {
    match reader.find("LoggingConfig.LogGroup") {
        Found::Written(node) => return Read::at(true, node.span),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Absent => {}
    }
    let project = reader.project;
    if project.pointing_at(&reader.resource.id).any(|group| &*group.kind == "AWS::Logs::LogGroup") {
        return Read::default(true);
    }
    // The same text with the same unknown parts is the same name.
    let own = reader.resource.property("FunctionName");
    if let Some(parts) = own.and_then(Node::parts) {
        let mut expected = vec![Part::Literal(Arc::from(FUNCTIONS_LOGS))];
        expected.extend(parts);
        let expected = Node::template(expected, reader.resource.span);
        let is_named = |group: &Resource| {
            group.property("LogGroupName").is_some_and(|name| match (name.as_text(), expected.as_text()) {
                (Some(name), Some(expected)) => name == expected,
                _ => name.value == expected.value,
            })
        };
        if project.log_groups_called(&expected.to_string()).any(is_named) {
            return Read::default(true);
        }
    }
    match project.adrift("AWS::Logs::LogGroup").and_then(|group| group.property("LogGroupName")) {
        Some(name) => Read::unknown(Unknown::new(UnknownKind::Expression, name.to_string()), None),
        None => Read::default(false),
    }
}
