//! Operations on clients, in every SDK's spelling, and what they are done to.

use super::site::{Outcome, Site};
use crate::code::evaluate::Evaluator;
use crate::code::resources::waiter;
use crate::code::unit::{Expr, ExprId};
use crate::code::value::{Object, UnitId, Value, text, texts};
use crate::iam::operation::{Operation, Service, service_by_boto3};
use crate::model::{CallKind, Language, Text};
use crate::source::Span;
use std::sync::Arc;

/// Parameters and their values.
pub(super) type Targets = Vec<(Arc<str>, Text)>;

/// How many targets a call may have.
const MAX_TARGETS: usize = 24;

/// An SDK fact whose receiver is known.
pub(super) fn sdk(service: &Arc<str>, operation: &str, targets: Targets) -> CallKind {
    CallKind::Sdk { service: service.clone(), operation: operation.into(), targets, certain: true }
}

/// What making a client of a service gives.
pub(super) fn client(service: &Service, region: Option<(Text, Span)>, credentials: bool) -> Outcome {
    let kind = CallKind::Client { service: service.boto3.into(), region, credentials };
    Outcome::of(vec![Value::client(service.boto3)], vec![kind])
}

/// A method of a client.
pub(super) fn client_call(of: &mut Evaluator<'_>, site: &Site<'_>, service: &Arc<str>, method: &str) -> Outcome {
    let Some(known) = service_by_boto3(service) else { return Outcome::default() };
    if let Some(outcome) = helper(of, site, service, method) {
        return outcome;
    }
    let document = if &**service == "dynamodb" { document_operation(method) } else { None };
    let called = match of.program.unit(site.unit).language {
        Language::Go => called_in_go(known, method),
        _ => known.called(method),
    };
    let Some(operation) = called.map(|called| called.name).or(document) else {
        return unknown_method(method);
    };
    let operation: Arc<str> = operation.into();
    let mut targets = targets(of, site);
    if of.program.unit(site.unit).language == Language::Rust {
        targets.extend(chained(of, site));
    }
    let builder = Value::object(Object::Builder { service: service.clone(), operation: operation.clone() });
    Outcome::of(vec![builder], vec![sdk(service, &operation, targets)])
}

/// The operation of a method in the spellings of the SDK for Go: `GetItemWithContext`, `ScanPages`, `PutItemRequest`,
/// `PresignGetObject`.
pub(super) fn called_in_go(service: &'static Service, method: &str) -> Option<&'static Operation> {
    const ENDS: &[&str] = &["WithContext", "PagesWithContext", "Pages", "Request"];
    let bare = method.strip_prefix("Presign").unwrap_or(method);
    service
        .called(bare)
        .or_else(|| ENDS.iter().find_map(|end| bare.strip_suffix(end).and_then(|name| service.called(name))))
}

fn unknown_method(method: &str) -> Outcome {
    // `send`, `close` and the like do nothing by themselves; commands are judged where they are made.
    Outcome {
        understood: true,
        ..if method == "then" { Outcome::default() } else { Outcome::of(Vec::new(), Vec::new()) }
    }
}

/// The operation behind a method or command of the document layers of the SDKs for JavaScript.
pub(super) fn document_operation(method: &str) -> Option<&'static str> {
    let operation = match method {
        "get" => "GetItem",
        "put" => "PutItem",
        "update" => "UpdateItem",
        "delete" => "DeleteItem",
        "batchGet" => "BatchGetItem",
        "batchWrite" => "BatchWriteItem",
        "transactGet" => "TransactGetItems",
        "transactWrite" => "TransactWriteItems",
        _ => return None,
    };
    Some(operation)
}

/// Methods that are not operations but call some.
fn helper(of: &mut Evaluator<'_>, site: &Site<'_>, service: &Arc<str>, method: &str) -> Option<Outcome> {
    let known = service_by_boto3(service)?;
    match method {
        "get_paginator" | "get_waiter" => {
            let Some(Text::Literal(name)) = site.text(of, 0, "operation_name") else {
                return Some(Outcome::opaque("the operation of a paginator or waiter is not a literal"));
            };
            let operation =
                known.called(&name).map(|called| called.name.into()).or_else(|| waiter(service, &name).cloned())?;
            let made = Value::object(Object::Repeated { service: service.clone(), operation });
            Some(Outcome::of(vec![made], Vec::new()))
        }
        // WaitUntilTableExists of the SDK for Go 1.
        _ if method.starts_with("WaitUntil") => {
            let state = method.strip_prefix("WaitUntil")?;
            let operation = waiter(service, state.strip_suffix("WithContext").unwrap_or(state))?;
            let targets = targets(of, site);
            Some(Outcome::of(Vec::new(), vec![sdk(service, operation, targets)]))
        }
        // waitFor of the SDK for JavaScript 2.
        "waitFor" => {
            let Some(Text::Literal(name)) = site.text(of, 0, "state") else { return None };
            let operation = waiter(service, &name)?;
            let targets = targets(of, site);
            Some(Outcome::of(Vec::new(), vec![sdk(service, operation, targets)]))
        }
        "generate_presigned_url" => presigned(of, site, service, (0, "ClientMethod"), (1, "Params")),
        "getSignedUrl" | "getSignedUrlPromise" => presigned(of, site, service, (0, ""), (1, "")),
        "generate_presigned_post" | "createPresignedPost" if &**service == "s3" => {
            let mut targets = targets(of, site);
            for (at, name) in [(0, "Bucket"), (1, "Key")] {
                if let Some(text) = site.text(of, at, name).filter(|_| targets.is_empty() || at > 0)
                    && !targets.iter().any(|(key, _)| &**key == name)
                {
                    targets.push((name.into(), text));
                }
            }
            Some(Outcome::of(Vec::new(), vec![sdk(service, "PutObject", targets)]))
        }
        _ if &**service == "s3" => transfer(of, site, service, method),
        _ => None,
    }
}

fn presigned(
    of: &mut Evaluator<'_>,
    site: &Site<'_>,
    service: &Arc<str>,
    method: (usize, &str),
    params: (usize, &str),
) -> Option<Outcome> {
    let Some(Text::Literal(name)) = site.text(of, method.0, method.1) else {
        return Some(Outcome::opaque("the operation of a presigned URL is not a literal"));
    };
    let operation = service_by_boto3(service)?.called(&name)?.name;
    let mut found = Vec::new();
    if let Some(params) = site.arg(of, params.0, params.1) {
        map_targets(of, site.unit, params, 0, &mut found);
    }
    Some(Outcome::of(Vec::new(), vec![sdk(service, operation, found)]))
}

/// boto3's managed transfers: several operations each.
fn transfer(of: &mut Evaluator<'_>, site: &Site<'_>, service: &Arc<str>, method: &str) -> Option<Outcome> {
    let names: &[(usize, &str)] = match method {
        "upload_file" | "upload_fileobj" | "copy" => &[(1, "Bucket"), (2, "Key")],
        "download_file" | "download_fileobj" => &[(0, "Bucket"), (1, "Key")],
        "upload" | "putObjectTagged" => &[],
        _ => return None,
    };
    let mut found = targets(of, site);
    for (at, name) in names {
        if !found.iter().any(|(key, _)| &**key == *name)
            && let Some(text) = site.text(of, *at, name)
        {
            found.push(((*name).into(), text));
        }
    }
    let kinds = match method {
        "copy" => {
            let mut source = Vec::new();
            if let Some(copied) = site.arg(of, 0, "CopySource") {
                map_targets(of, site.unit, copied, 0, &mut source);
            }
            vec![
                sdk(service, "HeadObject", source.clone()),
                sdk(service, "GetObject", source),
                sdk(service, "CopyObject", found),
            ]
        }
        "download_file" | "download_fileobj" => {
            vec![sdk(service, "HeadObject", found.clone()), sdk(service, "GetObject", found)]
        }
        _ => multipart(service, &found),
    };
    Some(Outcome::of(Vec::new(), kinds))
}

/// An upload that is cut in parts where it is large; aborting happens only on failure.
pub(super) fn multipart(service: &Arc<str>, targets: &Targets) -> Vec<CallKind> {
    let mut kinds: Vec<CallKind> = ["PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"]
        .iter()
        .map(|operation| sdk(service, operation, targets.clone()))
        .collect();
    kinds.push(CallKind::Sdk {
        service: service.clone(),
        operation: "AbortMultipartUpload".into(),
        targets: targets.clone(),
        certain: false,
    });
    kinds
}

/// `paginate` or `wait`.
pub(super) fn repeated_call(
    of: &mut Evaluator<'_>,
    site: &Site<'_>,
    service: &Arc<str>,
    operation: &Arc<str>,
) -> Outcome {
    let targets = targets(of, site);
    Outcome::of(Vec::new(), vec![sdk(service, operation, targets)])
}

/// What a call is done to: the parameters that name something, in keywords or in map literals.
pub(super) fn targets(of: &mut Evaluator<'_>, site: &Site<'_>) -> Targets {
    let program = of.program;
    let mut found = Vec::new();
    for arg in site.args {
        match arg.name {
            Some(name) => {
                let name = program.unit(site.unit).name(name).clone();
                parameter(of, (site.unit, arg.value), &name, 0, &mut found);
            }
            None => map_targets(of, site.unit, arg.value, 0, &mut found),
        }
    }
    found
}

/// The targets in a value that may be a map literal.
pub(super) fn map_targets(of: &mut Evaluator<'_>, unit: UnitId, value: ExprId, depth: u32, found: &mut Targets) {
    let program = of.program;
    for value in of.eval(unit, value).iter() {
        let Value::Literal(unit, literal) = value else { continue };
        match program.unit(*unit).expr(*literal) {
            Expr::Map(pairs) => {
                for pair in pairs {
                    match pair.key {
                        Some(key) => {
                            let key = program.unit(*unit).name(key).clone();
                            parameter(of, (*unit, pair.value), &key, depth, found);
                        }
                        None if pair.spread && depth < 4 => map_targets(of, *unit, pair.value, depth + 1, found),
                        None => {}
                    }
                }
            }
            Expr::List(items) if depth > 0 && depth < 4 => {
                for item in items {
                    map_targets(of, *unit, *item, depth + 1, found);
                }
            }
            _ => {}
        }
    }
}

/// Parameters that hold requests of their own.
const NESTED: &[&str] =
    &["Entries", "TransactItems", "Put", "Update", "Delete", "Get", "ConditionCheck", "CopySource", "input", "params"];

fn parameter(
    of: &mut Evaluator<'_>,
    (unit, value): (UnitId, ExprId),
    name: &Arc<str>,
    depth: u32,
    found: &mut Targets,
) {
    if &**name == "RequestItems" {
        return table_names(of, unit, value, found);
    }
    if NESTED.contains(&&**name) && depth < 4 {
        map_targets(of, unit, value, depth + 1, found);
    }
    if !names_something(name) {
        return;
    }
    if found.len() >= MAX_TARGETS {
        // Of the rest is only said that it is there.
        let rest = (name.clone(), Text::Unknown);
        if !found.contains(&rest) {
            found.push(rest);
        }
        return;
    }
    let values = of.eval(unit, value);
    let literals: Vec<(UnitId, ExprId)> = values
        .iter()
        .filter_map(|value| match value {
            Value::Literal(unit, literal) => Some((*unit, *literal)),
            _ => None,
        })
        .collect();
    if literals.is_empty() {
        let new = texts(&values).into_iter().map(|text| (name.clone(), text));
        let new: Targets = new.filter(|target| !found.contains(target)).collect();
        found.extend(new);
    }
    for (unit, literal) in literals {
        if let Expr::List(items) = of.program.unit(unit).expr(literal) {
            for item in items.iter().take(MAX_TARGETS) {
                let item = text(&of.eval(unit, *item));
                found.push((name.clone(), item));
            }
        }
    }
}

/// The tables of a batch are the keys of its map.
fn table_names(of: &mut Evaluator<'_>, unit: UnitId, value: ExprId, found: &mut Targets) {
    let program = of.program;
    for value in of.eval(unit, value).iter() {
        let Value::Literal(unit, literal) = value else { continue };
        let Expr::Map(pairs) = program.unit(*unit).expr(*literal) else { continue };
        for pair in pairs.iter().take(MAX_TARGETS) {
            let name = match (pair.key, pair.computed) {
                (Some(key), _) => Text::Literal(program.unit(*unit).name(key).clone()),
                (None, Some(computed)) => text(&of.eval(*unit, computed)),
                (None, None) => Text::Unknown,
            };
            found.push(("TableName".into(), name));
        }
    }
}

/// Whether a parameter names a thing, rather than carrying data.
pub(super) fn names_something(name: &str) -> bool {
    const ENDS: &[&str] = &[
        "Name",
        "Names",
        "Arn",
        "Arns",
        "ARN",
        "Id",
        "Ids",
        "Url",
        "Bucket",
        "Key",
        "Alias",
        "Path",
        "CopySource",
        "Identifier",
        "Resource",
        "Role",
        "ACL",
        "Tagging",
        "PhoneNumber",
        "ServerSideEncryption",
        "name",
        "arn",
    ];
    ENDS.iter().any(|end| name.ends_with(end))
}

/// The parameters that are set by the methods after an operation's: `.get_item().table_name("x")`.
fn chained(of: &mut Evaluator<'_>, site: &Site<'_>) -> Targets {
    let program = of.program;
    let unit = program.unit(site.unit);
    let mut found = Vec::new();
    let mut at = site.call;
    for _ in 0..40 {
        let Some(member) = unit.parent(at) else { break };
        let (Expr::Member(_, name), Some(call)) = (unit.expr(member), unit.parent(member)) else { break };
        let Expr::Call { args, .. } = unit.expr(call) else { break };
        let name = pascal(unit.name(*name));
        if let ([arg], true) = (&**args, names_something(&name)) {
            found.extend(texts(&of.eval(site.unit, arg.value)).into_iter().map(|text| (name.clone(), text)));
        }
        at = call;
    }
    found
}

/// `table_name` as the API writes it: `TableName`.
pub(super) fn pascal(name: &str) -> Arc<str> {
    let mut out = String::with_capacity(name.len());
    for part in name.split('_') {
        let mut chars = part.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out.into()
}

/// The targets in an option of a map argument (`{client, params: {Bucket}}`).
pub(super) fn nested_targets(of: &mut Evaluator<'_>, site: &Site<'_>, option: &str) -> Targets {
    let mut found = Vec::new();
    if let Some((unit, value)) = site.option(of, option) {
        map_targets(of, unit, value, 0, &mut found);
    }
    found
}
