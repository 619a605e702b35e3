//! Rights without bounds: what an Allow statement of an identity gives on every resource, or on every one of a kind,
//! sorted by what can be done with it.
//!
//! One statement is one weakness seen from the resource's side. So each action belongs to one class, a statement is
//! reported for two classes at most, the gravest ones, and a wildcard over a whole service belongs to none: that it is
//! too wide says more than any of its actions.

use super::action::{self, AccessLevel, Action, ActionSet};
use super::arn::{self, Arn};
use super::condition::{Condition, OperatorKind};
use super::grant::{allows_all_resources, may_allow, named_for, scopable_actions_on_star, whole};
use super::scope::{all_fixed, is_bound_to_resource, is_every_action, names_resource};
use super::statement::Statement;
use super::text::{Answer, Text};
use super::{glob, plumbing};
use crate::source::Span;
use crate::syntax::Unknown;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

/// What an action can be used for, gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Says who may do what: policies, ACLs, grants.
    Permissions,
    /// Mints or reads credentials: sessions of other roles, access keys, database tokens.
    Credentials,
    /// Decrypts what a key protects.
    Decrypt,
    /// Reads the content of stores: objects, items, parameters, secrets, messages.
    BulkRead,
    /// Makes something happen: invokes, sends, starts.
    Act,
    /// Creates, changes or deletes.
    Write,
    /// Reads or lists settings, or sets tags.
    Settings,
    /// Any of them that is granted to what runs other resources: a state machine, pipe, rule or schedule.
    Orchestration,
}

/// The actions of a class that a statement grants without bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Unbounded {
    /// The class.
    pub class: Class,
    /// The actions as written.
    pub actions: Vec<String>,
    /// The resource that is no bound, as written.
    pub resource: String,
    /// Where it stands.
    pub span: Span,
    /// Whether nothing bounds them, or why that is not known.
    pub answer: Answer,
    /// Whether they may be used through an AWS service only (`kms:ViaService`).
    pub through_service: bool,
}

/// What is granted on `*` and belongs to no class that is reported.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rest {
    /// The actions as written.
    pub actions: Vec<String>,
    /// Whether one of them does more than read settings and set tags.
    pub acts: bool,
    /// Whether one of them is more than what every function may hold.
    pub beyond_plumbing: bool,
}

/// What a statement gives without bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    /// By class, gravest first, two at most.
    pub classes: Vec<Unbounded>,
    /// What is left.
    pub rest: Result<Rest, Unknown>,
    /// An action of which it is not known what it is, where it would be without bounds.
    pub unknown: Option<Unknown>,
}

/// At most so many classes of a statement are reported, what is left counted among them.
const REPORTED: usize = 2;

/// Actions that mint or read credentials (Service Authorization Reference, read 2026-11). Those that take no resource
/// (`ecr:GetAuthorizationToken`, `sts:GetSessionToken`) cannot be bounded and are not among them.
const CREDENTIALS: &[&str] = &[
    "codeartifact:GetAuthorizationToken",
    "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
    "connect:GetFederationToken",
    "dsql:DbConnect",
    "dsql:DbConnectAdmin",
    "ec2:GetPasswordData",
    "elasticmapreduce:GetClusterSessionCredentials",
    "emr-containers:GetManagedEndpointSessionCredentials",
    "gamelift:RequestUploadCredentials",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:ResetServiceSpecificCredential",
    "iam:UpdateAccessKey",
    "iam:UpdateLoginProfile",
    "iam:UploadSSHPublicKey",
    "lightsail:GetInstanceAccessDetails",
    "lightsail:GetRelationalDatabaseMasterUserPassword",
    "mediapackage:RotateChannelCredentials",
    "mediapackage:RotateIngestEndpointCredentials",
    "rds-db:connect",
    "redshift-serverless:GetCredentials",
    "redshift:GetClusterCredentials",
    "redshift:GetClusterCredentialsWithIAM",
    "storagegateway:DescribeChapCredentials",
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:AssumeRoot",
    "sts:GetFederationToken",
];

/// Actions that decrypt; the names with which a key is asked to encrypt anew count for the old key.
const DECRYPT: &[&str] = &["kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"];

/// Actions that read or hand out the content of stores (Service Authorization Reference, read 2026-11).
const BULK_READ: &[&str] = &[
    "athena:GetQueryResults",
    "cassandra:Select",
    "codecommit:GitPull",
    "dynamodb:BatchGetItem",
    "dynamodb:ExportTableToPointInTime",
    "dynamodb:GetItem",
    "dynamodb:GetRecords",
    "dynamodb:PartiQLSelect",
    "dynamodb:Query",
    "dynamodb:Scan",
    "ebs:GetSnapshotBlock",
    "es:ESHttpGet",
    "glacier:GetJobOutput",
    "healthlake:ReadResource",
    "healthlake:SearchWithGet",
    "healthlake:SearchWithPost",
    "kafka-cluster:ReadData",
    "kinesis:GetRecords",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:StartLiveTail",
    "logs:StartQuery",
    "logs:Unmask",
    "mediastore:GetObject",
    "neptune-db:ReadDataViaQuery",
    "rds-data:BatchExecuteStatement",
    "rds-data:ExecuteStatement",
    "rds:CopyDBClusterSnapshot",
    "rds:CopyDBSnapshot",
    "redshift-data:BatchExecuteStatement",
    "redshift-data:ExecuteStatement",
    "s3-object-lambda:GetObject",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3express:CreateSession",
    "s3tables:GetTableData",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
    "ssm:GetParameter",
    "ssm:GetParameterHistory",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "timestream:Select",
];

/// What the names of actions begin with that write: other actions of the level Write make something happen.
const WRITES: &[&str] = &[
    "Add",
    "BatchDelete",
    "BatchPut",
    "BatchUpdate",
    "BatchWrite",
    "Cancel",
    "Change",
    "Copy",
    "Create",
    "Delete",
    "Deregister",
    "Detach",
    "Disable",
    "Drop",
    "ESHttpDelete",
    "ESHttpPatch",
    "ESHttpPost",
    "ESHttpPut",
    "Import",
    "Insert",
    "Modify",
    "Move",
    "PartiQLDelete",
    "PartiQLInsert",
    "PartiQLUpdate",
    "Purge",
    "Put",
    "Rebuild",
    "Register",
    "Release",
    "Remove",
    "Replace",
    "Replicate",
    "Reset",
    "Restore",
    "Set",
    "Terminate",
    "Truncate",
    "Update",
    "Upload",
    "Write",
];

/// Keys of services that say how or through what is asked and not on what.
const NO_BOUNDS: &[&str] = &[
    "ec2:Region",
    "iam:PassedToService",
    "kms:CallerAccount",
    "kms:ViaService",
    "s3:LocationConstraint",
    "s3:ResourceAccount",
    "s3:TlsVersion",
    "s3:authType",
    "s3:delimiter",
    "s3:max-keys",
    "s3:prefix",
    "s3:signatureAge",
    "s3:signatureversion",
    "s3:x-amz-content-sha256",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-storage-class",
    "sts:ExternalId",
    "sts:RoleSessionName",
    "sts:SourceIdentity",
];

/// What a statement of an identity's policy gives without bounds; `orchestrates` says that the holder is the role of
/// a state machine, pipe, rule or schedule, for which every such right is one class.
pub fn of(statement: &Statement, orchestrates: bool) -> Bounds {
    let nothing = Bounds::default();
    let allows = may_allow(statement);
    if allows == Ok(false) {
        return nothing;
    }
    let every = allows_all_resources(statement);
    if statement.not_action || statement.not_resource {
        return Bounds { rest: rest(statement, &ActionSet::empty()), ..nothing };
    }
    let kinds: Vec<Kind<'_>> = statement.resources.iter().filter_map(Kind::of).collect();
    if every == Ok(false) && kinds.is_empty() {
        let wide = if orchestrates { whole_for_others(statement) } else { None };
        return Bounds { classes: wide.into_iter().collect(), ..nothing };
    }
    let everything = statement.resources.iter().find(|text| arn::is_effectively_all(&text.shape()));
    let (found, unknown) = sort(statement, everything, &kinds, orchestrates);
    if found.is_empty() && orchestrates && every == Ok(false) {
        return Bounds { classes: whole_for_others(statement).into_iter().collect(), ..nothing };
    }
    let mut claimed = ActionSet::empty();
    found.values().filter(|group| group.star).for_each(|group| claimed.add(&group.set));
    let mut left = rest(statement, &claimed);
    let mut classes: Vec<Unbounded> = Vec::new();
    for (class, group) in found {
        let acts = left.as_ref().is_ok_and(|rest| rest.acts);
        let taken = classes.len() + usize::from(class == Class::Write && acts);
        let bounded = bounded(statement, class, &group.set);
        if bounded == Ok(true) || taken >= REPORTED {
            continue;
        }
        let answer = match (&allows, &every, &bounded) {
            (Err(reason), ..) | (_, _, Err(reason)) => Err(reason.clone()),
            (_, Err(reason), _) if group.star => Err(reason.clone()),
            _ => Ok(true),
        };
        classes.push(Unbounded {
            class,
            actions: group.actions,
            resource: group.on.to_string(),
            span: group.on.span,
            answer,
            through_service: statement.conditions.iter().any(is_through_service),
        });
    }
    if let Ok(rest) = &mut left
        && (!classes.is_empty() && !rest.acts || classes.len() >= REPORTED)
    {
        *rest = Rest::default();
    }
    Bounds { classes, rest: left, unknown }
}

/// What a statement of AWS's own policies gives on every resource: whole services (`s3:*`) of which at least one action
/// can be bounded, and the actions that read a service's stores where they are most of those that do.
pub fn width(statement: &Statement) -> Vec<String> {
    if !statement.allows() || statement.not_action || !statement.conditions.is_empty() {
        return Vec::new();
    }
    if allows_all_resources(statement) != Ok(true) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut all = ActionSet::empty();
    for pattern in statement.actions.iter().filter_map(Text::lower) {
        let set = action::expand(&pattern);
        if whole(&pattern).is_empty() {
            all.add(&set);
        } else if set.iter().any(|action| !action.is_stand_in() && is_bound_to_resource(action)) {
            found.push(pattern);
        }
    }
    for service in BULK_READ.iter().filter_map(|name| name.split(':').next()).collect::<BTreeSet<_>>() {
        let reads = BULK_READ.iter().filter(|name| name.split(':').next() == Some(service));
        let reads: Vec<Action> = reads.filter_map(|name| action::named(name)).collect();
        let held = reads.iter().filter(|action| all.contains(**action)).map(ToString::to_string);
        let held: Vec<String> = held.collect();
        if held.len() * 2 > reads.len() {
            found.extend(held);
        }
    }
    found
}

impl Default for Bounds {
    fn default() -> Self {
        Self { classes: Vec::new(), rest: Ok(Rest::default()), unknown: None }
    }
}

impl Class {
    /// The word for it in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Permissions => "permissions",
            Self::Credentials => "credentials",
            Self::Decrypt => "decrypt",
            Self::BulkRead => "bulk-read",
            Self::Act => "act",
            Self::Write => "write",
            Self::Settings => "settings",
            Self::Orchestration => "orchestration",
        }
    }

    /// The class of an action; `None` for what every function may hold, and for iam:PassRole, which has a rule of its
    /// own.
    pub fn of(action: Action) -> Option<Self> {
        static LISTED: OnceLock<HashMap<Action, Class>> = OnceLock::new();
        let listed = LISTED.get_or_init(|| {
            let lists = [(CREDENTIALS, Self::Credentials), (DECRYPT, Self::Decrypt), (BULK_READ, Self::BulkRead)];
            let named = |(names, class): (&[&str], Self)| -> Vec<(Action, Self)> {
                names.iter().filter_map(|name| action::named(name)).map(|action| (action, class)).collect()
            };
            lists.into_iter().flat_map(named).collect()
        });
        if let Some(class) = listed.get(&action) {
            return Some(*class);
        }
        if plumbing::is_of_every_function(action) || (action.service(), action.name()) == ("iam", "PassRole") {
            return None;
        }
        Some(match action.access_level() {
            AccessLevel::PermissionsManagement => Self::Permissions,
            // Events are sent and change nothing by themselves.
            AccessLevel::Write if action.name() == "PutEvents" => Self::Act,
            AccessLevel::Write if WRITES.iter().any(|verb| action.name().starts_with(verb)) => Self::Write,
            AccessLevel::Write => Self::Act,
            AccessLevel::Read | AccessLevel::List | AccessLevel::Tagging => Self::Settings,
        })
    }
}

/// Actions of one class.
struct Group<'a> {
    set: ActionSet,
    actions: Vec<String>,
    /// Whether the resource that is no bound is `*`, not only every one of a kind.
    star: bool,
    /// The resource that is no bound.
    on: &'a Text,
}

/// A resource that may stand for every one of a kind: an ARN with a wildcard and nothing in it that is not known.
struct Kind<'a> {
    text: &'a Text,
    shape: String,
}

impl<'a> Kind<'a> {
    fn of(text: &'a Text) -> Option<Self> {
        let shape = text.shape();
        let wild = Arn::parse(&shape).is_some_and(|arn| arn.resource.contains('*'));
        (wild && text.has_known_shape()).then_some(Self { text, shape })
    }

    /// Whether it covers all of a kind that the action works on. Where one must name several kinds, and where the
    /// resource is only made, an ARN of the kind is as close as one can get.
    fn covers(&self, action: Action) -> bool {
        let types = action.resource_types();
        if types.iter().filter(|(_, required)| *required).count() > 1 || action.name().starts_with("Create") {
            return false;
        }
        let Some(arn) = Arn::parse(&self.shape) else { return false };
        let forms = types.iter().flat_map(|(kind, _)| kind.arn.split(", "));
        forms.filter_map(Arn::parse).any(|form| {
            glob::matches(arn.service, form.service)
                && arn.region.is_empty() == form.region.is_empty()
                && glob::matches(arn.resource, &filled(form.resource))
        })
    }
}

/// A resource type's text with something in the place of each value that no pattern writes out.
fn filled(form: &str) -> String {
    let mut text = String::new();
    let mut rest = form;
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        text.push_str("\u{3}\u{3}\u{3}\u{3}\u{3}\u{3}\u{3}\u{3}\u{3}\u{3}\u{3}\u{3}\u{3}\u{3}\u{3}\u{3}");
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    text.push_str(rest);
    text
}

/// The statement's actions without bounds by class, and why an action is not known.
fn sort<'a>(
    statement: &'a Statement,
    star: Option<&'a Text>,
    kinds: &[Kind<'a>],
    orchestrates: bool,
) -> (BTreeMap<Class, Group<'a>>, Option<Unknown>) {
    let mut found: BTreeMap<Class, Group<'a>> = BTreeMap::new();
    let mut unknown = None;
    let gateway = plumbing::is_gateways(&statement.actions);
    for text in &statement.actions {
        let Some(pattern) = text.lower() else {
            unknown = unknown.or_else(|| text.unknown());
            continue;
        };
        let wide = is_every_action(&pattern) || !whole(&pattern).is_empty();
        if is_every_action(&pattern) || wide && !orchestrates {
            continue;
        }
        let set = action::expand(&pattern);
        let mostly = !glob::has_wildcard(&pattern) || is_mostly_bound(&set);
        let mut classes: BTreeMap<Class, (ActionSet, bool, &Text)> = BTreeMap::new();
        for action in set.iter().filter(|action| !action.is_stand_in()) {
            let Some(class) = Class::of(action) else { continue };
            let class = if orchestrates && (wide || class >= Class::Act) { Class::Orchestration } else { class };
            let reported = match class {
                Class::Act | Class::Settings => false,
                Class::Write | Class::Orchestration => mostly,
                _ => true,
            };
            let plumbing = gateway && action.service() == "logs";
            if !reported || plumbing || named_for(statement, action) == Ok(true) {
                continue;
            }
            let everything = star.filter(|_| is_bound_to_resource(action));
            let of_kind = || kinds.iter().find(|kind| kind.covers(action)).map(|kind| kind.text);
            if let Some(on) = everything.or_else(of_kind) {
                let entry = classes.entry(class).or_insert_with(|| (ActionSet::empty(), false, on));
                entry.0.insert(action);
                entry.1 |= everything.is_some();
            }
        }
        for (class, (set, everything, on)) in classes {
            let group = found.entry(class).or_insert_with(|| Group {
                set: ActionSet::empty(),
                actions: Vec::new(),
                star: false,
                on,
            });
            group.set.add(&set);
            group.actions.push(text.to_string());
            group.star |= everything;
        }
    }
    (found, unknown)
}

/// Whole services that a role which runs other resources holds on named ones.
fn whole_for_others(statement: &Statement) -> Option<Unbounded> {
    let wide = |text: &&Text| text.lower().is_some_and(|pattern| !whole(&pattern).is_empty());
    let texts: Vec<&Text> = statement.actions.iter().filter(wide).collect();
    let first = texts.first()?;
    let resources: Vec<String> = statement.resources.iter().map(ToString::to_string).collect();
    Some(Unbounded {
        class: Class::Orchestration,
        actions: texts.iter().map(ToString::to_string).collect(),
        resource: resources.join(", "),
        span: first.span,
        answer: may_allow(statement),
        through_service: false,
    })
}

/// What is granted on `*` without the actions that classes of their own are about.
fn rest(statement: &Statement, claimed: &ActionSet) -> Result<Rest, Unknown> {
    let all = scopable_actions_on_star(statement)?;
    if all.is_empty() {
        return Ok(Rest::default());
    }
    let beyond_plumbing = !plumbing::is_all(&all);
    let mut left = all;
    left.remove(claimed);
    if let Some(pass) = action::named("iam:PassRole") {
        left.remove(&std::iter::once(pass).collect());
    }
    let acts = left.iter().any(|action| Class::of(action).is_some_and(|class| class != Class::Settings));
    if statement.not_action {
        let actions = left.iter().map(|action| action.to_string()).collect();
        return Ok(Rest { actions, acts, beyond_plumbing });
    }
    let within = |text: &&Text| text.lower().is_some_and(|pattern| action::expand(&pattern).intersects(&left));
    let actions = statement.actions.iter().filter(within).map(ToString::to_string).collect();
    Ok(Rest { actions, acts, beyond_plumbing })
}

/// Whether most of what a wildcard names can be limited to a resource.
fn is_mostly_bound(set: &ActionSet) -> bool {
    let bound = set.iter().filter(|action| !action.is_stand_in() && is_bound_to_resource(*action)).count();
    bound * 2 > set.len()
}

/// Whether a condition bounds actions of the class: it names the resource, or a service's own key says on what.
fn bounded(statement: &Statement, class: Class, actions: &ActionSet) -> Answer {
    if let Some(reason) = &statement.unknown_conditions {
        return Err(reason.clone());
    }
    let mut answer = actions.iter().try_fold(false, |_, action| named_for(statement, action).map(|_| false));
    for condition in &statement.conditions {
        match names_resource(condition).and_then(|names| if names { Ok(true) } else { narrows(condition, class) }) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(reason) => answer = Err(reason),
        }
    }
    answer
}

/// A key of a service's own, compared with fixed values, says on what or for what the right is, whether it is known
/// here or not; global keys say who asks, but for those of the request's own tags and of the calling service.
fn narrows(condition: &Condition, class: Class) -> Answer {
    let operator = &condition.operator;
    let compares = operator.compares_text() || operator.kind == OperatorKind::Bool;
    if operator.negated || operator.holds_without_key() && !condition.is_on("aws:CalledVia") || !compares {
        return Ok(false);
    }
    let key = condition.key.to_ascii_lowercase();
    let own = !key.starts_with("aws:") && key.contains(':') && !NO_BOUNDS.iter().any(|key| condition.is_on(key));
    let made = class == Class::Write && condition.is_on_or_below("aws:RequestTag");
    if condition.is_on("aws:ViaAWSService") {
        return Ok(condition.values.iter().all(|value| value.as_literal().is_some_and(|text| text == "true")));
    }
    if !own && !made && !key.starts_with("aws:calledvia") {
        return Ok(false);
    }
    all_fixed(&condition.values, |value| operator.takes_patterns() && value.starts_with(['*', '?']))
}

fn is_through_service(condition: &Condition) -> bool {
    let operator = &condition.operator;
    condition.is_on("kms:ViaService") && operator.compares_text() && !operator.negated && !operator.holds_without_key()
}

#[cfg(test)]
mod tests;
