//! Questions about statements: what each gives, whoever holds it.

use super::link::{Holder, Links, Policy};
use super::types::{ATTACHMENT, EXECUTION_ROLE, GRANT};
use crate::iam::arn::Arn;
use crate::iam::document::Document;
use crate::iam::statement::{Effect, Statement};
use crate::iam::text::{Answer, Text};
use crate::iam::{action, document, grant, managed, public};
use crate::model::attributes::reader::{self, Found};
use crate::model::{Entity, Format, Presence, Project, Question, Read, Resource, Verb};
use crate::source::Span;
use crate::syntax::{Node, Part, Unknown, UnknownKind};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many names a message lists before it counts.
const LISTED: usize = 10;

/// Managed policies that give the account away or all of its rights.
const ADMINISTRATORS: &[&str] = &["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];

/// The actions of logs, traces and network interfaces: what every function may hold.
const PLUMBING: &[&str] = &["logs:", "xray:", "cloudwatch:putmetricdata"];

/// What stands in the names of the EC2 actions by which a function is put into a network.
const NETWORK: &[&str] =
    &["networkinterface", "privateipaddresses", "describesecuritygroups", "describesubnets", "describevpcs"];

/// The actions on log groups that only write them and set them up.
const WRITING_LOGS: &[&str] = &[
    "CreateLogGroup",
    "CreateLogStream",
    "DeleteRetentionPolicy",
    "DescribeLogGroups",
    "DescribeLogStreams",
    "PutLogEvents",
    "PutRetentionPolicy",
    "TagLogGroup",
    "TagResource",
];

/// The actions that API Gateway's role for its logs has beside creating them, and refuses to be without
/// (AWS managed policy AmazonAPIGatewayPushToCloudWatchLogs, read 2026-11).
const GATEWAYS_LOGS: &[&str] = &["DescribeLogStreams", "PutLogEvents", "GetLogEvents", "FilterLogEvents"];

/// Types' namespaces whose resources have another service in their ARNs than the namespace's own name
/// (Service Authorization Reference, resource types, read 2026-11); of others that are no service's name it is not known.
const ARN_SERVICES: &[(&str, &str)] = &[
    ("efs", "elasticfilesystem"),
    ("elasticloadbalancingv2", "elasticloadbalancing"),
    ("kinesisfirehose", "firehose"),
    ("msk", "kafka"),
    ("opensearchservice", "es"),
    ("stepfunctions", "states"),
];

/// The resource policies that are judged, with the property that holds the document and those that name the resource.
const RESOURCE_POLICIES: &[(&str, &str, &str)] = &[
    ("AWS::S3::BucketPolicy", "Bucket", "AWS::S3::Bucket"),
    ("AWS::SQS::QueuePolicy", "Queues", "AWS::SQS::Queue"),
    ("AWS::SNS::TopicPolicy", "Topics", "AWS::SNS::Topic"),
];

/// The questions about every statement, attachment and execution role of a project.
pub(super) fn questions(project: &Project, links: &Links<'_>) -> Vec<Question> {
    let mut questions = Vec::new();
    for holder in &links.holders {
        let asked = Asked::of_holder(holder);
        // A policy that several hold speaks for itself below.
        for policy in holder.policies.iter().filter(|policy| policy.holders == 1) {
            statements(&mut questions, project, policy, &asked);
        }
        for statement in holder.trust.statements.iter().filter(|statement| !statement.denies()) {
            let presence = holder.resource.presence.clone();
            questions.push(asked.question(project, (statement, &holder.trust), "trust", &presence));
        }
        attachments(&mut questions, project, holder);
        questions.extend(execution_role(project, holder));
    }
    let workloads = links.holders.iter().filter(|holder| holder.is_workload());
    let at_work: BTreeSet<&Arc<str>> =
        workloads.flat_map(|holder| &holder.policies).map(|policy| &policy.resource.id).collect();
    for policy in &links.loose {
        statements(&mut questions, project, policy, &Asked::of_policy(policy, &at_work));
    }
    for resource in &project.resources {
        resource_policy(&mut questions, project, resource);
    }
    questions
}

/// Who is asked about.
struct Asked<'a> {
    resource: &'a Resource,
    title: String,
    workload: bool,
    on_type: &'static str,
    blocked: Answer,
}

impl<'a> Asked<'a> {
    fn of_holder(holder: &Holder<'a>) -> Self {
        Self {
            resource: holder.resource,
            title: holder.title(),
            workload: holder.is_workload(),
            on_type: "",
            blocked: Ok(false),
        }
    }

    /// A policy on its own counts as a workload's where one of its holders is one, or it has none in sight.
    fn of_policy(policy: &Policy<'a>, at_work: &BTreeSet<&Arc<str>>) -> Self {
        let workload = policy.holders == 0 || at_work.contains(&policy.resource.id);
        let title = format!("policy {}", policy.resource.name);
        Self { resource: policy.resource, title, workload, on_type: "", blocked: Ok(false) }
    }

    fn question(
        &self,
        project: &Project,
        (statement, document): (&Statement, &Document),
        source: &str,
        presence: &Presence,
    ) -> Question {
        let behind = match &statement.possible {
            Some(condition) => Presence::Possible(format!("it hangs on {condition}").into()),
            None => Presence::Always,
        };
        Question {
            verb: Verb::Grant,
            alternatives: vec![self.entity(project, statement, document, source)],
            span: statement.span,
            presence: presence.and(&behind),
            detail: format!("{}:{source}:{}", project.local_id(self.resource), statement.detail()),
            ..super::deploy::blank(project, self.resource)
        }
    }

    fn entity(&self, project: &Project, statement: &Statement, document: &Document, source: &str) -> Entity {
        let span = |texts: &[Text]| texts.first().map_or(statement.span, |text| text.span);
        let actions = span(&statement.actions);
        let resources = span(&statement.resources);
        let identity = source == "identity";
        let mut entity = Entity::new(&GRANT, self.title.clone());
        entity.put("holder", Read::default(self.title.clone()));
        entity.put("source", Read::default(source));
        entity.put("onType", Read::default(self.on_type));
        entity.put("workload", Read::default(self.workload));
        let not = |negated: bool| if negated { "everything but " } else { "" };
        let shown = format!("{}{}", not(statement.not_action), list(&statement.actions));
        entity.put("actions", Read::at(shown, actions));
        let shown = format!("{}{}", not(statement.not_resource), list(&statement.resources));
        entity.put("resources", Read::at(shown, resources));
        let (principals, at) = principals(statement);
        entity.put("principals", Read::at(principals, at));
        entity.put("everyAction", read(grant::allows_all_actions(statement), place(&statement.actions, actions)));
        entity.put(
            "everyResource",
            read(
                identity_only(identity, grant::allows_all_resources(statement)),
                place(&statement.resources, resources),
            ),
        );
        let mut services = if identity { grant::whole_services(statement) } else { Ok(Vec::new()) };
        if let Ok(services) = &mut services {
            services.retain(|service| reaches(project, statement, service));
        }
        let named = services.as_deref().unwrap_or_default();
        let whole = deciding(&statement.actions, |text| grant::is_whole_of(text, named), actions);
        entity.put("wholeService", read(services.clone().map(|services| !services.is_empty()), whole));
        let shown = services.unwrap_or_default().iter().map(|name| format!("{name}:*")).collect::<Vec<_>>();
        entity.put("wholeServices", Read::default(shown.join(", ")));
        let scopable = if identity { scopable(statement) } else { Ok(Vec::new()) };
        entity.put("scopable", read(scopable.clone().map(|names| !names.is_empty()), resources));
        let beyond = if identity { scopable_beyond_plumbing(statement) } else { Ok(false) };
        entity.put("scopableBeyondPlumbing", read(beyond, resources));
        entity.put("scopableActions", Read::default(some(&scopable.unwrap_or_default())));
        let pass = grant::pass_role(statement);
        let named = match pass.granted {
            Ok(true) => deciding(&statement.actions, |text| grant::is_within(text, "iam:PassRole"), actions),
            _ => actions,
        };
        entity.put("passRole.granted", read(identity_only(identity, pass.granted), named));
        let wide = deciding(&statement.resources, grant::is_every_role, resources);
        entity.put("passRole.boundedByRole", read(pass.role_bounded, wide));
        entity.put("passRole.boundedByService", read(pass.service_bounded, named));
        // What lets nobody assume the role lets nobody in, whomever it names.
        let assume = action::named("sts:AssumeRole");
        let idle = source == "trust" && !assume.is_some_and(|assume| statement.actions().upper.contains(assume));
        let open = if identity || idle { Ok(false) } else { public::lets_in_anyone(statement, document) };
        entity.put("public", read(open, at));
        entity.put("blocked", read(self.blocked.clone(), statement.span));
        entity
    }
}

fn statements(questions: &mut Vec<Question>, project: &Project, policy: &Policy<'_>, asked: &Asked<'_>) {
    for statement in &policy.document.statements {
        // What a framework or a policy template writes is not the user's to mend here: LP027 asks about the latter.
        if !statement.denies() && policy.template.is_none() && !statement.has_mark("__Framework") {
            questions.push(asked.question(project, (statement, &policy.document), "identity", &policy.presence));
        }
    }
}

fn attachments(questions: &mut Vec<Question>, project: &Project, holder: &Holder<'_>) {
    for (policy, span) in &holder.managed {
        let name: Arc<str> = policy.rsplit('/').next().unwrap_or(policy).into();
        let mut entity = Entity::new(&ATTACHMENT, name.clone());
        entity.put("holder", Read::default(holder.title()));
        entity.put("administrator", Read::at(ADMINISTRATORS.contains(&&*name), *span));
        entity.put("policy", Read::default(name.clone()));
        entity.put("workload", Read::default(holder.is_workload()));
        questions.push(Question {
            verb: Verb::Grant,
            alternatives: vec![entity],
            span: *span,
            detail: format!("{}:attachment:{name}", project.local_id(holder.resource)),
            ..super::deploy::blank(project, holder.resource)
        });
    }
}

/// The question whether functions share a role; the role points at the functions, each with its line.
fn execution_role(project: &Project, holder: &Holder<'_>) -> Option<Question> {
    if holder.functions.is_empty() {
        return None;
    }
    let names: Vec<String> = holder.functions.iter().map(|function| function.name.to_string()).collect();
    let provider =
        project.format == Format::Serverless && holder.resource.generated_from.as_deref() == Some("provider.iam");
    let mut entity = Entity::new(&EXECUTION_ROLE, holder.title());
    entity.put("count", Read::default(i64::try_from(names.len()).unwrap_or(i64::MAX)));
    entity.put("functions", Read::default(some(&names)));
    entity.put("provider", Read::default(provider));
    entity.put("beyondLogs", beyond_logs(holder));
    let mut question = super::deploy::blank(project, holder.resource);
    question.related.extend(holder.functions.iter().take(LISTED).map(|function| crate::model::Remark {
        span: function.span,
        text: format!("{} executes with it", function.name),
    }));
    Some(Question {
        verb: Verb::Grant,
        alternatives: vec![entity],
        detail: format!("{}:execution", project.local_id(holder.resource)),
        ..question
    })
}

/// Whether the role grants more than what every function may hold; policies that are not known may.
fn beyond_logs(holder: &Holder<'_>) -> Read<bool> {
    let beyond = |statement: &Statement| {
        !statement.denies()
            && (statement.not_action || statement.actions.iter().any(|action| !is_plumbing(&action.shape())))
    };
    let written = || holder.policies.iter().flat_map(|policy| &policy.document.statements);
    let certain = |statement: &Statement| statement.allows() && beyond(statement);
    let managed = holder.managed.iter().any(|(name, span)| {
        let parsed = managed::document(name).map(|text| document::read(&Node::string(text, *span)).0);
        parsed.is_some_and(|document| document.statements.iter().any(certain))
    });
    if managed || written().any(certain) {
        return Read::default(true);
    }
    let doubtful = written().filter(|statement| beyond(statement)).find_map(|statement| match &statement.effect {
        Effect::Unknown(reason) => Some(reason.clone()),
        _ => None,
    });
    match holder.unknown.first().cloned().or(doubtful) {
        Some(reason) => Read::unknown(reason, None),
        None => Read::default(false),
    }
}

fn is_plumbing(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    PLUMBING.iter().any(|prefix| action.starts_with(prefix))
        || action.starts_with("ec2:") && NETWORK.iter().any(|word| action.contains(word))
}

fn resource_policy(questions: &mut Vec<Question>, project: &Project, resource: &Resource) {
    let Some((_, key, on_type)) = RESOURCE_POLICIES.iter().find(|(kind, ..)| *kind == &*resource.kind) else { return };
    let Some(node) = resource.property("PolicyDocument") else { return };
    let targets = resource.property(key).map_or(&[][..], Node::items_or_self);
    let target = targets.first().and_then(|target| project.named_of(target, |kind| kind == *on_type));
    let title = match (target, targets.first()) {
        (Some(target), _) => target.name.to_string(),
        (None, Some(node)) => node.to_string(),
        (None, None) => resource.name.to_string(),
    };
    let blocked = target.map_or(Ok(false), public_access_is_blocked);
    let asked = Asked { resource, title, workload: false, on_type, blocked };
    let (document, _) = document::read(node);
    for statement in document.statements.iter().filter(|statement| !statement.denies()) {
        questions.push(asked.question(project, (statement, &document), "resource", &resource.presence));
    }
}

/// Whether the bucket's block keeps public policies from having an effect (`RestrictPublicBuckets`).
fn public_access_is_blocked(bucket: &Resource) -> Answer {
    match reader::find(&bucket.properties, "PublicAccessBlockConfiguration.RestrictPublicBuckets") {
        Found::Written(node) => node.as_bool().ok_or_else(|| Unknown::new(UnknownKind::Expression, node.to_string())),
        Found::Unknown(reason, _) => Err(reason),
        Found::Absent => Ok(false),
    }
}

/// The actions, as written, that are granted on every resource though they can be scoped.
fn scopable(statement: &Statement) -> Result<Vec<String>, Unknown> {
    let set = grant::scopable_actions_on_star(statement)?;
    if statement.not_action {
        return Ok(set.iter().map(|action| action.to_string()).collect());
    }
    let within = |text: &&Text| text.lower().is_some_and(|pattern| action::expand(&pattern).intersects(&set));
    Ok(statement.actions.iter().filter(within).map(ToString::to_string).collect())
}

/// Whether the actions of a service do anything on the statement's resources: those of logs do nothing on the ARN of a
/// table. What is not known may be any resource.
fn reaches(project: &Project, statement: &Statement, service: &str) -> bool {
    let on = |text: &Text| arn_service(project, text).is_none_or(|of_arn| grant::reaches(service, &of_arn));
    statement.not_resource || statement.resources.is_empty() || statement.resources.iter().any(on)
}

/// The service that a resource's ARN names, by its text or by the type of what it refers to; `None` where it has none.
fn arn_service(project: &Project, text: &Text) -> Option<String> {
    if let Some(Part::Reference(reference)) = text.parts.first() {
        let kind = project.resource(&reference.resource)?.kind.to_ascii_lowercase();
        let namespace = kind.strip_prefix("aws::")?.split("::").next()?.to_owned();
        let other =
            ARN_SERVICES.iter().find(|(known, _)| *known == namespace).map(|(_, service)| (*service).to_owned());
        return other.or_else(|| action::services().any(|known| known == namespace).then_some(namespace));
    }
    Arn::parse(&text.shape()).map(|arn| arn.service.to_owned())
}

/// Whether it grants more on every resource than by what every function writes its logs and enters its network.
fn scopable_beyond_plumbing(statement: &Statement) -> Answer {
    let set = grant::scopable_actions_on_star(statement)?;
    let names: Vec<String> = set.iter().map(|action| action.to_string()).collect();
    let gateways =
        GATEWAYS_LOGS.iter().all(|wanted| names.iter().any(|name| name.strip_prefix("logs:") == Some(wanted)));
    let within = |name: &String| match name.strip_prefix("logs:") {
        Some(name) => WRITING_LOGS.contains(&name) || gateways && GATEWAYS_LOGS.contains(&name),
        None => is_plumbing(name),
    };
    Ok(!names.iter().all(within))
}

/// Where the first text stands that ends in `*`, `*` itself before others.
fn place(texts: &[Text], otherwise: Span) -> Span {
    let all = texts.iter().find(|text| text.shape() == "*");
    let first = all.or_else(|| texts.iter().find(|text| text.shape().ends_with('*')));
    first.map_or(otherwise, |text| text.span)
}

/// Where the first text stands of which something holds.
fn deciding(texts: &[Text], holds: impl Fn(&str) -> bool, otherwise: Span) -> Span {
    let first = texts.iter().find(|text| holds(&text.lower().unwrap_or_else(|| text.shape())));
    first.map_or(otherwise, |text| text.span)
}

fn principals(statement: &Statement) -> (String, Span) {
    let Some(principals) = &statement.principals else { return (String::new(), statement.span) };
    let texts: Vec<&Text> =
        principals.any.iter().chain(principals.listed.iter().map(|principal| &principal.value)).collect();
    let names: Vec<String> = texts.iter().map(ToString::to_string).collect();
    (some(&names), texts.first().map_or(statement.span, |text| text.span))
}

fn identity_only(identity: bool, answer: Answer) -> Answer {
    if identity { answer } else { Ok(false) }
}

fn read(answer: Answer, span: Span) -> Read<bool> {
    match answer {
        Ok(value) => Read::at(value, span),
        Err(reason) => Read::unknown(reason, Some(span)),
    }
}

fn list(texts: &[Text]) -> String {
    some(&texts.iter().map(ToString::to_string).collect::<Vec<_>>())
}

/// The first ten names, then how many more there are.
pub(super) fn some(names: &[String]) -> String {
    let listed = names.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}
