//! Roles: the one that all functions share, and those of functions with statements of their own.

use super::naming::SHARED_ROLE;
use super::output::{FRAMEWORK_MARK, Output, SharedRole, allow};
use super::service::{Function, Service, text};
use super::template::{Owner, Shape, arn, arn_of, reference, tag_list};
use crate::source::{ProblemKind, Span};
use crate::syntax::{Node, Value};

/// What a function's role may do with its own log group.
const OWN_LOGS: [&str; 3] = ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"];

/// Starts the shared role where a function needs it: the framework's log statements, then the user's own.
pub(super) fn open_shared(out: &mut Output<'_>) {
    let service = out.service;
    if service.functions.is_empty() || existing(service).is_some() || each_its_own(service) {
        return;
    }
    if service.functions.iter().all(|function| function.config.get("role").is_some()) {
        return;
    }
    let span = section_span(service);
    let mut role = SharedRole { statements: log_statements(service, span), ..SharedRole::default() };
    let statements = service.provider("iam.role.statements").or(service.provider("iamRoleStatements"));
    if let Some(statements) = statements {
        add_statements(out, statements, &mut role.statements);
    }
    role.statements.extend(service.added_rights.clone());
    let managed = service.provider("iam.role.managedPolicies").or(service.provider("iamManagedPolicies"));
    match managed.map(|node| &node.value) {
        Some(Value::List(items)) => role.managed.extend(items.iter().cloned()),
        Some(_) => role.managed.extend(managed.cloned()),
        None => {}
    }
    let network = |function: &Function| function.config.get("vpc").is_some();
    if service.provider("vpc").is_some() || service.functions.iter().any(network) {
        role.managed.push(network_policy(span));
    }
    out.role = Some(role);
}

/// Writes the shared role with all that events and settings added to it.
pub(super) fn close_shared(out: &mut Output<'_>) {
    let Some(role) = out.role.take() else {
        return;
    };
    let service = out.service;
    let span = section_span(service);
    let name = service.provider("iam.role.name").cloned().unwrap_or_else(|| role_name(service, None, span));
    let boundary = ["iam.role.permissionsBoundary", "iam.role.permissionBoundary", "rolePermissionsBoundary"];
    let global = service.role_settings.as_ref().and_then(|settings| settings.get("iamGlobalPermissionsBoundary"));
    let boundary = global.or_else(|| boundary.iter().find_map(|path| service.provider(path)));
    let properties = frame(service, role.statements, role.trusted, name, span)
        .maybe("PermissionsBoundary", boundary.cloned())
        .maybe("ManagedPolicyArns", (!role.managed.is_empty()).then(|| Node::list(role.managed, span)))
        .done();
    let owner = Owner { name: "provider.iam".into(), itself: false, span };
    out.template.make("AWS::IAM::Role", SHARED_ROLE, &owner, properties);
}

/// Roles of single functions: those with statements of their own (the plugin serverless-iam-roles-per-function 3.2, or
/// the framework itself from version 4), or all where the provider says `mode: perFunction`.
pub(super) fn per_function(out: &mut Output<'_>) {
    let service = out.service;
    let plugin = service.plugins.iter().any(|plugin| plugin.ends_with("serverless-iam-roles-per-function"));
    let all = each_its_own(service);
    if service.before_4 && !plugin {
        return;
    }
    for function in &service.functions {
        let own = function.get("iam.role.statements").or_else(|| function.get("iamRoleStatements"));
        let wanted = all || own.is_some() || function.get("iam.role.managedPolicies").is_some();
        if wanted && of_function(service, function).is_none() {
            let span = own.map_or(function.span, |own| own.span);
            let id = format!("{}{SHARED_ROLE}", function.normalized());
            let properties = own_role(out, function, own, span);
            out.template.make("AWS::IAM::Role", id.clone(), &function.owner(span), properties);
            if let Some(draft) = out.template.get_mut(&function.id()) {
                draft.properties.set("Role", span, arn_of(&id, span));
            }
        }
    }
}

/// Whether no function shares a role with another (Serverless Framework 4).
fn each_its_own(service: &Service) -> bool {
    service.provider("iam.role.mode").and_then(Node::as_text) == Some("perFunction")
}

/// The role that a function runs under where it is not made by this stack's framework; `None` for the shared one.
pub(super) fn of_function(service: &Service, function: &Function) -> Option<Node> {
    let role = function.get("role").or_else(|| existing(service))?;
    Some(match role.as_text() {
        Some(name) if !name.contains(':') => arn_of(name, role.span),
        _ => role.clone(),
    })
}

fn own_role(out: &mut Output<'_>, function: &Function, own: Option<&Node>, span: Span) -> Node {
    let service = out.service;
    let group = arn(
        "arn:AWS::Partition:logs:AWS::Region:AWS::AccountId:log-group:/aws/lambda/{}:*:*",
        std::slice::from_ref(&function.name),
        span,
    );
    let mut statements = vec![allow(&OWN_LOGS, vec![group], span)];
    event_statements(function, &mut statements);
    if let Some(target) = function.get("onError") {
        statements.push(allow(&["sns:Publish"], vec![target.clone()], target.span));
    }
    let settings = service.role_settings.as_ref();
    let inherits = function.get("iam.inheritStatements").or_else(|| function.get("iamRoleStatementsInherit"));
    let by_default = settings.and_then(|settings| settings.get("defaultInherit")).and_then(Node::as_bool);
    if inherits.map_or(by_default.unwrap_or(each_its_own(service)), |node| node.as_bool() != Some(false)) {
        let shared = service.provider("iam.role.statements").or(service.provider("iamRoleStatements"));
        if let Some(shared) = shared {
            add_statements(out, shared, &mut statements);
        }
    }
    if let Some(own) = own {
        add_statements(out, own, &mut statements);
    }
    let boundary = function
        .get("iam.role.permissionsBoundary")
        .or_else(|| function.get("iamPermissionsBoundary"))
        .or_else(|| settings.and_then(|settings| settings.get("iamGlobalPermissionsBoundary")))
        .or_else(|| service.provider("iam.role.permissionsBoundary"))
        .or_else(|| service.provider("rolePermissionsBoundary"));
    let name = function
        .get("iamRoleStatementsName")
        .or(function.get("iam.role.name"))
        .cloned()
        .unwrap_or_else(|| role_name(service, Some(&function.key), span));
    let mut managed = function.get("iam.role.managedPolicies").map(|node| node.items().to_vec()).unwrap_or_default();
    let shared = service.provider("iam.role.managedPolicies").filter(|_| each_its_own(service));
    managed.extend(shared.map(Node::items).unwrap_or_default().iter().cloned());
    if function.get("vpc").is_some() || service.provider("vpc").is_some() {
        managed.push(network_policy(span));
    }
    frame(service, statements, Vec::new(), name, span)
        .maybe("PermissionsBoundary", boundary.cloned())
        .maybe("ManagedPolicyArns", (!managed.is_empty()).then(|| Node::list(managed, span)))
        .done()
}

/// What the plugin grants a function for the queues and streams that it reads.
fn event_statements(function: &Function, statements: &mut Vec<Node>) {
    for event in &function.events {
        let source = event.config.get("arn").unwrap_or(&event.config).clone();
        let actions: &[&str] = match &*event.kind {
            "sqs" => &["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
            "stream" if stream_kind(&event.config) == "kinesis" => {
                &["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListStreams"]
            }
            "stream" => {
                &["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"]
            }
            _ => continue,
        };
        statements.push(allow(actions, vec![source], event.span));
    }
}

/// `kinesis` or `dynamodb`: as the event says, or as its ARN does.
pub(super) fn stream_kind(config: &Node) -> String {
    let said = config.get("type").and_then(Node::as_text);
    let arn = config.get("arn").unwrap_or(config).to_string();
    said.map_or_else(|| arn.split(':').nth(2).unwrap_or_default().to_owned(), str::to_owned)
}

/// The role that the provider section names instead of the framework's own.
fn existing(service: &Service) -> Option<&Node> {
    let role = service.provider("iam.role").filter(|role| match &role.value {
        Value::Map(entries) => entries.iter().any(|entry| entry.key.starts_with("Fn::") || &*entry.key == "Ref"),
        _ => true,
    });
    role.or_else(|| service.provider("role"))
}

/// Adds the user's statements as they are; what is no list of statements is said.
fn add_statements(out: &mut Output<'_>, list: &Node, statements: &mut Vec<Node>) {
    match &list.value {
        Value::List(items) => {
            for item in items {
                // A list in the list is what `- ${file(…)}` of a list gives; the framework refuses it, people mean it.
                match &item.value {
                    Value::List(inner) => statements.extend(inner.iter().cloned()),
                    _ => statements.push(item.clone()),
                }
            }
        }
        Value::Unknown(_) => statements.push(list.clone()),
        _ => out.problem(list.span, ProblemKind::Parse, "the role's statements are no list and were not read"),
    }
}

fn log_statements(service: &Service, span: Span) -> Vec<Node> {
    let prefix = service.prefixed("", span);
    let mut names = Vec::new();
    let mut silent = Vec::new();
    let mut canonical = false;
    for function in &service.functions {
        let own_name = function.config.get("name").is_some();
        let follows = !own_name || function.name.to_string().starts_with(&prefix.to_string());
        let off = function.get("disableLogs").and_then(Node::as_bool) == Some(true);
        match (follows, off) {
            (true, true) => silent.push(function.name.clone()),
            (true, false) => canonical = true,
            (false, false) => names.push((function.name.clone(), function.span)),
            (false, true) => {}
        }
    }
    if canonical {
        names.push((text(&[&prefix, &Node::string("*", span)], span), span));
    }
    let groups = |tail: &str| {
        let pattern = format!("arn:AWS::Partition:logs:AWS::Region:AWS::AccountId:log-group:/aws/lambda/{{}}{tail}");
        names.iter().map(|(name, span)| arn(&pattern, std::slice::from_ref(name), *span)).collect::<Vec<_>>()
    };
    let mut statements = vec![
        allow(&["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"], groups(":*"), span),
        allow(&["logs:PutLogEvents"], groups(":*:*"), span),
    ];
    if canonical && !silent.is_empty() {
        let pattern = "arn:AWS::Partition:logs:AWS::Region:AWS::AccountId:log-group:/aws/lambda/{}:*";
        let groups = silent.iter().map(|name| arn(pattern, std::slice::from_ref(name), span)).collect();
        let deny = Shape::at(span)
            .text("Effect", "Deny")
            .text("Action", "logs:PutLogEvents")
            .with("Resource", Node::list(groups, span))
            .with(FRAMEWORK_MARK, Node::bool(true, span));
        statements.push(deny.done());
    }
    statements
}

/// What every role of the framework has: trust, one policy, path, name, tags.
fn frame(service: &Service, statements: Vec<Node>, more_trusted: Vec<Node>, name: Node, span: Span) -> Shape {
    let mut trusted = vec![Node::string("lambda.amazonaws.com", span)];
    trusted.extend(more_trusted);
    let trust = Shape::at(span)
        .text("Effect", "Allow")
        .with("Principal", Node::map([("Service", Node::list(trusted, span))], span))
        .with("Action", Node::list(vec![Node::string("sts:AssumeRole", span)], span))
        .with(FRAMEWORK_MARK, Node::bool(true, span))
        .done();
    let policy = Shape::at(span)
        .with("PolicyName", service.prefixed("-lambda", span))
        .with("PolicyDocument", document(statements, span))
        .done();
    let path = service.provider("iam.role.path").cloned().unwrap_or_else(|| Node::string("/", span));
    Shape::at(span)
        .with("AssumeRolePolicyDocument", document(vec![trust], span))
        .with("Policies", Node::list(vec![policy], span))
        .with("Path", path)
        .with("RoleName", name)
        .maybe("Tags", service.provider("iam.role.tags").map(tag_list))
}

fn document(statements: Vec<Node>, span: Span) -> Node {
    Shape::at(span).text("Version", "2012-10-17").with("Statement", Node::list(statements, span)).done()
}

fn role_name(service: &Service, function: Option<&str>, span: Span) -> Node {
    let mut parts = vec![service.name.clone(), service.stage.clone()];
    parts.extend(function.map(|key| Node::string(key, span)));
    parts.extend([reference("AWS::Region", span), Node::string("lambdaRole", span)]);
    super::template::join("-", parts, span)
}

fn network_policy(span: Span) -> Node {
    arn("arn:AWS::Partition:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole", &[], span)
}

fn section_span(service: &Service) -> Span {
    let section = service.provider.entry("iam").or_else(|| service.provider.entry("iamRoleStatements"));
    section.map_or(service.provider_span, |entry| entry.key_span)
}
