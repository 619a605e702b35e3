//! `AWS::Serverless::Function`: the function, its role, version, alias, address, and what its events need.

use super::api::Apis;
use super::id;
use super::invoke;
use super::output::{Origin, Output, Source, Target};
use super::policies::{self, Role, managed_arn};
use super::push::{self, Events};
use super::shape::{Object, assume, inline_policy, present, tag_list, text};
use crate::model::{CodeSource, Presence};
use crate::source::{Span, normalize};
use crate::syntax::{Node, Value};
use serde_json::json;

/// The properties that keep their name and shape.
const KEPT: &[&str] = &[
    "FunctionName",
    "Handler",
    "Runtime",
    "Description",
    "MemorySize",
    "Timeout",
    "VpcConfig",
    "Environment",
    "KmsKeyArn",
    "ReservedConcurrentExecutions",
    "Layers",
    "FileSystemConfigs",
    "ImageConfig",
    "PackageType",
    "Architectures",
    "SnapStart",
    "EphemeralStorage",
    "CodeSigningConfigArn",
    "RuntimeManagementConfig",
    "LoggingConfig",
    "TenancyConfig",
    "RecursiveLoop",
    "DurableConfig",
    "FunctionScalingConfig",
    "PublishToLatestPublished",
];

/// Adds everything that a function becomes.
pub(super) fn lower(out: &mut Output<'_>, apis: &mut Apis, source: &Source) {
    let origin = &source.origin;
    let (code, code_source) = code(out, source);
    let mut function = Object::new(source.properties().span)
        .put("Code", code.clone())
        .copy(source.properties(), KEPT)
        .maybe("Tags", tag_list(source.get("Tags"), Some(("lambda:createdBy", "SAM")), origin.span))
        .maybe("TracingConfig", tracing(source).map(|mode| Object::new(mode.span).put("Mode", mode.clone()).node()))
        .maybe("DeadLetterConfig", dead_letters(source))
        .maybe("CapacityProviderConfig", source.get("CapacityProviderConfig").map(capacity))
        .node();
    let alias = alias_name(out, source).map(|name| publish(out, source, &name, &code));
    let target = match &alias {
        Some(id) => Target { id: id.clone(), arn: "", machine: false },
        None => Target { id: origin.id.clone(), arn: "Arn", machine: false },
    };
    let mut role = policies::role(out, source, own_role(source));
    for policy in invoke::configuration(out, source, alias.as_deref()) {
        policies::embed(&mut role, policy);
    }
    invoke::url(out, source, &target);
    invoke::deployment(out, source, alias.as_deref());
    let given = role_of(source);
    function.set("Role", given.span(origin.span), given.value(source));
    out.lower(source, "AWS::Lambda::Function", function);
    if let Some(function) = out.find_mut(&origin.id) {
        function.code = code_source;
    }
    let events = Events { source, target: &target, role: Some(&mut role) };
    push::lower(out, apis, events);
    if let Some(presence) = given.generated(&origin.presence) {
        let origin = Origin { presence, ..origin.clone() };
        out.generate(&origin, "AWS::IAM::Role", format!("{}Role", origin.id), role);
    }
}

/// Whether the function is given a role or SAM makes one.
enum Given<'a> {
    /// SAM makes one.
    Nothing,
    /// The user's.
    Own(&'a Node),
    /// The user's or SAM's, behind a condition.
    Either(&'a Node),
}

impl Given<'_> {
    fn span(&self, span: Span) -> Span {
        match self {
            Self::Nothing => span,
            Self::Own(node) | Self::Either(node) => node.span,
        }
    }

    /// The value of the function's `Role`.
    fn value(&self, source: &Source) -> Node {
        let generated = Node::reference(format!("{}Role", source.origin.id), "Arn", source.origin.span);
        match self {
            Self::Nothing => generated,
            Self::Own(node) => (*node).clone(),
            Self::Either(node) => match &node.value {
                Value::Either { condition, then, otherwise } => {
                    let pick = |node: &Node| Box::new(if node.is_absent() { generated.clone() } else { node.clone() });
                    let (then, otherwise) = (pick(then), pick(otherwise));
                    Node::new(Value::Either { condition: condition.clone(), then, otherwise }, node.span)
                }
                _ => (*node).clone(),
            },
        }
    }

    /// Whether the generated role is there; `None` where there is none.
    fn generated(&self, presence: &Presence) -> Option<Presence> {
        match self {
            Self::Nothing => Some(presence.clone()),
            Self::Own(_) => None,
            Self::Either(Node { value: Value::Either { condition, .. }, .. }) => {
                Some(presence.and(&Presence::Possible(condition.clone())))
            }
            Self::Either(_) => Some(presence.clone()),
        }
    }
}

fn role_of(source: &Source) -> Given<'_> {
    match source.get("Role") {
        None => Given::Nothing,
        Some(node) => match &node.value {
            Value::Either { then, otherwise, .. } if then.is_absent() && otherwise.is_absent() => Given::Nothing,
            Value::Either { then, otherwise, .. } if then.is_absent() || otherwise.is_absent() => Given::Either(node),
            _ => Given::Own(node),
        },
    }
}

/// What SAM puts into the role by itself.
fn own_role(source: &Source) -> Role {
    let span = source.origin.span;
    let basic = match source.get("DurableConfig") {
        Some(_) => "service-role/AWSLambdaBasicDurableExecutionRolePolicy",
        None => "service-role/AWSLambdaBasicExecutionRole",
    };
    let mut managed = vec![basic];
    if tracing(source).is_some() {
        managed.push("AWSXrayWriteOnlyAccess");
    }
    if source.get("VpcConfig").is_some() {
        managed.push("service-role/AWSLambdaVPCAccessExecutionRole");
    }
    let mut inline = Vec::new();
    if let Some(queue) = source.get("DeadLetterQueue") {
        let action = if text(queue, "Type") == Some("SNS") { "sns:Publish" } else { "sqs:SendMessage" };
        if let Some(target) = present(queue, "TargetArn") {
            let mut document = super::shape::allow(json!(action), target.clone(), queue.span);
            document.set("Version", queue.span, Node::string("2012-10-17", queue.span));
            inline.push(inline_policy("DeadLetterQueuePolicy", document));
        }
    }
    Role {
        trust: assume("lambda.amazonaws.com", span),
        managed: managed.iter().map(|name| Node::string(managed_arn(name), span)).collect(),
        inline,
        tags: tag_list(source.get("Tags"), Some(("lambda:createdBy", "SAM")), span),
    }
}

fn tracing(source: &Source) -> Option<&Node> {
    source.get("Tracing").filter(|mode| mode.as_text() != Some("Disabled"))
}

fn dead_letters(source: &Source) -> Option<Node> {
    let queue = source.get("DeadLetterQueue")?;
    match queue.value {
        Value::Map(_) => Some(Object::new(queue.span).copy(queue, &["TargetArn"]).node()),
        _ => Some(queue.clone()),
    }
}

fn capacity(config: &Node) -> Node {
    let inner = Object::new(config.span)
        .maybe("CapacityProviderArn", present(config, "Arn").cloned())
        .copy(config, &["PerExecutionEnvironmentMaxConcurrency", "ExecutionEnvironmentMemoryGiBPerVCpu"]);
    Object::new(config.span).put("LambdaManagedInstancesCapacityProviderConfig", inner.node()).node()
}

/// The function's `Code`, and where its code lies.
fn code(out: &Output<'_>, source: &Source) -> (Node, CodeSource) {
    let object = |key: &str, node: &Node| Object::new(node.span).put(key, node.clone()).node();
    if text(source.properties(), "PackageType") == Some("Image") || source.get("ImageUri").is_some() {
        let image = source.get("ImageUri").cloned().unwrap_or_else(|| Node::new(Value::Absent, source.origin.span));
        return (object("ImageUri", &image), CodeSource::Elsewhere("its code is in a container image".into()));
    }
    if let Some(inline) = source.get("InlineCode") {
        return (object("ZipFile", inline), CodeSource::Inline(inline.clone()));
    }
    let Some(uri) = source.get("CodeUri") else {
        // The SAM command line takes the template's own folder where nothing is said.
        let here = Node::string(".", source.origin.span);
        let local = local(out, ".", source.origin.span);
        return (here, local);
    };
    (s3_location(uri, ["S3Bucket", "S3Key", "S3ObjectVersion"]), located(out, uri))
}

/// Where the code of a `CodeUri` or `ContentUri` lies.
pub(super) fn located(out: &Output<'_>, uri: &Node) -> CodeSource {
    match &uri.value {
        Value::String(path) if path.starts_with("s3://") => {
            CodeSource::Elsewhere(format!("its code is in the bucket of {path}").into())
        }
        Value::String(path) => local(out, path, uri.span),
        Value::Map(_) => CodeSource::Elsewhere("its code is in a bucket".into()),
        Value::Unknown(unknown) => CodeSource::Unknown(format!("where its code lies is not known: {unknown}").into()),
        _ => CodeSource::Unknown(format!("where its code lies is not known: {uri}").into()),
    }
}

fn local(out: &Output<'_>, path: &str, span: Span) -> CodeSource {
    match normalize(&format!("{}/{path}", out.folder)).or_else(|| normalize(path).filter(|_| out.folder.is_empty())) {
        Some(path) => CodeSource::Local { path: path.into(), span },
        None => CodeSource::Elsewhere(format!("its code, {path}, lies outside the repository").into()),
    }
}

/// An `s3://bucket/key` address or a map of `Bucket`, `Key` and `Version` under the names that CloudFormation has;
/// a local path as it is.
pub(super) fn s3_location(uri: &Node, names: [&str; 3]) -> Node {
    let [bucket, key, version] = names;
    match &uri.value {
        Value::Map(_) => Object::new(uri.span)
            .maybe(bucket, present(uri, "Bucket").cloned())
            .maybe(key, present(uri, "Key").cloned())
            .maybe(version, present(uri, "Version").cloned())
            .node(),
        Value::String(address) => match address.strip_prefix("s3://").and_then(|rest| rest.split_once('/')) {
            Some((name, rest)) => {
                let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
                let found = query.split('&').find_map(|pair| pair.strip_prefix("versionId="));
                let object = Object::new(uri.span).text(bucket, name).text(key, path);
                object.maybe(version, found.map(|text| Node::string(text, uri.span))).node()
            }
            None => uri.clone(),
        },
        _ => uri.clone(),
    }
}

fn alias_name(out: &mut Output<'_>, source: &Source) -> Option<Node> {
    let name = source.get("AutoPublishAlias")?;
    if name.as_text().is_none() && name.as_unknown().is_none() {
        out.refuse(name.span, format!("AutoPublishAlias of {} is not a name or a parameter", source.origin.name));
    }
    Some(name.clone())
}

/// Adds a version and an alias; the alias's id.
fn publish(out: &mut Output<'_>, source: &Source, name: &Node, code: &Node) -> std::sync::Arc<str> {
    let origin = source.origin.at(name.span);
    let id = &origin.id;
    let hash = source.get("AutoPublishCodeSha256").and_then(Node::as_text);
    let version_id = match hash {
        Some(hash) => format!("{id}Version{}", hash.chars().take(10).collect::<String>()),
        None => id::of_node(&format!("{id}Version"), code),
    };
    let version = Object::new(name.span)
        .put("FunctionName", Node::reference(id.clone(), "", name.span))
        .maybe("Description", source.get("VersionDescription").cloned())
        .node();
    out.generate(&origin, "AWS::Lambda::Version", version_id.clone(), version);
    let readable = name.as_text().unwrap_or_default().replace('-', "D").replace('_', "U");
    let alias_id: std::sync::Arc<str> = format!("{id}Alias{readable}").into();
    let alias = Object::new(name.span)
        .put("Name", name.clone())
        .put("FunctionName", Node::reference(id.clone(), "", name.span))
        .put("FunctionVersion", Node::reference(version_id.clone(), "Version", name.span))
        .copy(source.properties(), &["ProvisionedConcurrencyConfig"])
        .node();
    out.generate(&origin, "AWS::Lambda::Alias", alias_id.clone(), alias);
    out.names.insert(format!("{id}.Version"), version_id.into());
    out.names.insert(format!("{id}.Alias"), alias_id.clone());
    alias_id
}
