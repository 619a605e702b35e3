//! What code needs against what its role grants: unused grants and missing ones.

use super::link::{Holder, Links, MANAGED_POLICY, Policy};
use super::listed::some;
use super::needs::Needs;
use super::types::{MISSING_GRANT, UNUSED_GRANT};
use super::uses::{self, FUNCTIONS, Use, Uses};
use crate::iam::action::{self, Action, ActionSet};
use crate::iam::document::{self, Document};
use crate::iam::operation;
use crate::iam::rights::{Allowed as Judged, Rights};
use crate::iam::statement::{Effect, PrincipalKind, Statement};
use crate::iam::text::{Answer, Text as PolicyText};
use crate::iam::{grant, managed, public};
use crate::model::{Call, CallKind, Entity, Presence, Project, Question, Read, Remark, Resource, Verb};
use crate::source::Span;
use crate::syntax::{Node, Unknown, UnknownKind};
use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The questions about a project's roles and functions, given what the functions of each role need.
pub(super) fn questions<'a>(project: &'a Project, links: &Links<'a>, needs: &[Vec<Needs<'a>>]) -> Vec<Question> {
    let mut questions = Vec::new();
    // Without a role there is nothing to compare it with.
    let elsewhere = LazyCell::new(|| allowed_by_resources(project));
    for (holder, needs) in links.holders.iter().zip(needs).filter(|(_, needs)| !needs.is_empty()) {
        match is_assumed_by_functions_only(holder) {
            Ok(true) => unused(&mut questions, project, holder, needs, None),
            Ok(false) => {}
            Err(reason) => unused(&mut questions, project, holder, needs, Some(reason)),
        }
        missing(&mut questions, project, holder, needs, &elsewhere);
    }
    let linked: BTreeSet<&Arc<str>> =
        links.holders.iter().flat_map(|holder| &holder.functions).map(|function| &function.id).collect();
    for function in project.of_kind("AWS::Lambda::Function").filter(|function| !linked.contains(&function.id)) {
        let Some(role) = function.property("Role") else { continue };
        let reason = Unknown::new(UnknownKind::Other, format!("its role {role} is not in the project"));
        questions.push(cannot_tell_missing(project, function, reason));
    }
    questions
}

/// Whether nobody but Lambda assumes the role; where others do, what they need is not seen.
fn is_assumed_by_functions_only(holder: &Holder<'_>) -> Answer {
    if let Some((reason, _)) = holder.trust.unknown.first() {
        return Err(reason.clone());
    }
    let mut trusted = false;
    let mut unknown = None;
    for statement in holder.trust.statements.iter().filter(|statement| !statement.denies()) {
        trusted = true;
        let Some(principals) = &statement.principals else { return Ok(false) };
        if principals.any.is_some() {
            return Ok(false);
        }
        for principal in &principals.listed {
            let is_lambda = |name: &&str| public::is_service(&principal.value, name);
            match (&principal.kind, principal.value.unknown()) {
                (PrincipalKind::Service, _) if LAMBDA.iter().any(is_lambda) => {}
                (PrincipalKind::Service, Some(reason)) => unknown = Some(reason),
                _ => return Ok(false),
            }
        }
    }
    unknown.map_or(Ok(trusted), Err)
}

/// How many calls, and how many resources, a way to an unused right names.
const CALLS: usize = 3;

/// The principals that functions run under.
const LAMBDA: &[&str] = &["lambda", "edgelambda"];

fn unused(
    questions: &mut Vec<Question>,
    project: &Project,
    holder: &Holder<'_>,
    needs: &[Needs<'_>],
    trust: Option<Unknown>,
) {
    let mut used = ActionSet::empty();
    needs.iter().for_each(|needs| used.add(&needs.may));
    let unread = needs.iter().find_map(|needs| {
        needs
            .unread
            .as_ref()
            .or(needs.open.as_ref())
            .map(|reason| format!("the code of {}: {reason}", needs.function.name))
    });
    let unread = unread.or(trust.map(|reason| format!("who assumes the role: {reason}")));
    let partly = needs
        .iter()
        .find_map(|needs| needs.partly.as_ref().map(|reason| format!("the code of {}: {reason}", needs.function.name)));
    for policy in holder.policies.iter().filter(|policy| policy.holders == 1) {
        for (statement, left) in judged_statements(policy, &used) {
            if left.count == 0 && left.unknown.is_none() && unread.is_none() {
                continue;
            }
            let mut question = unused_question(project, holder, policy, statement, &left, unread.as_deref());
            question.flow = unused_flow(Uses { project, needs }, holder, policy, statement, &left);
            if let (Some(reason), None) = (&partly, &unread) {
                question.presence = question.presence.and(&Presence::Possible(reason.as_str().into()));
            }
            questions.push(question);
        }
    }
}

/// What a statement grants and nobody uses.
#[derive(Default)]
struct LeftOver {
    names: Vec<String>,
    count: usize,
    /// What to write instead of a SAM policy template.
    narrower: Option<&'static str>,
    /// The first action, as written, that is unused at least in part.
    span: Option<Span>,
    /// Whether nothing that the statement allows is used.
    whole: bool,
    /// Why it is not known what all of the statement's actions are.
    unknown: Option<Unknown>,
}

/// The statements of a policy that are judged, with what is left over of each.
///
/// A SAM policy template is judged as a whole, at its first statement, and only where a narrower one would do or
/// nothing of it is used: that it holds an action or two too many is its nature.
fn judged_statements<'p>(policy: &'p Policy<'_>, used: &ActionSet) -> Vec<(&'p Statement, LeftOver)> {
    let written = |statement: &&Statement| {
        // A statement whose effect is not known is asked about, and cannot be told.
        let whole = grant::allows_all_actions(statement) == Ok(true);
        !statement.denies() && !statement.has_mark("__Framework") && !whole
    };
    let statements: Vec<&Statement> = policy.document.statements.iter().filter(written).collect();
    let Some(template) = &policy.template else {
        let left = |statement| {
            let over = left_over(statement, used);
            let whole = over.unknown.is_none() && !statement.actions().upper.intersects(used);
            (statement, LeftOver { whole, ..over })
        };
        return statements.into_iter().map(left).collect();
    };
    let Some(first) = statements.first() else { return Vec::new() };
    let mut all = LeftOver::default();
    let mut granted = ActionSet::empty();
    for statement in &statements {
        let left = left_over(statement, used);
        granted.add(&statement.actions().lower);
        all.names.extend(left.names);
        all.count += left.count;
    }
    granted.keep(used);
    all.narrower = if !granted.is_empty() {
        narrower(template, &granted)
    } else {
        Some("no policy template: the code calls nothing that this one allows")
    };
    if all.narrower.is_none() {
        all.count = 0;
    }
    vec![(first, all)]
}

/// Action by action as written: a name or pattern of which nothing is used is told as it stands, of one that is used
/// in part the actions are told that are not. A whole service that is used in part is another rule's (LP002).
fn left_over(statement: &Statement, used: &ActionSet) -> LeftOver {
    let mut over = LeftOver::default();
    if statement.not_action {
        let mut left = statement.actions().lower;
        left.remove(used);
        over.add_all(&left);
        return over;
    }
    for text in &statement.actions {
        let Some(pattern) = text.lower() else {
            over.unknown = over.unknown.or_else(|| text.unknown());
            continue;
        };
        let set = action::expand(&pattern);
        let mut left = set.clone();
        left.remove(used);
        let before = over.count;
        if !set.intersects(used) {
            over.names.push(pattern.clone());
            over.count += left.iter().filter(|action| !action.is_stand_in()).count();
        } else if !pattern.ends_with(":*") {
            over.add_all(&left);
        }
        if over.count > before {
            over.span = over.span.or(Some(text.span));
        }
    }
    over
}

impl LeftOver {
    fn add_all(&mut self, left: &ActionSet) {
        let names: Vec<String> =
            left.iter().filter(|action| !action.is_stand_in()).map(|action| action.to_string()).collect();
        self.count += names.len();
        self.names.extend(names);
    }
}

fn unused_question(
    project: &Project,
    holder: &Holder<'_>,
    policy: &Policy<'_>,
    statement: &Statement,
    left: &LeftOver,
    unread: Option<&str>,
) -> Question {
    let functions: Vec<String> = holder.functions.iter().map(|function| function.name.to_string()).collect();
    let mut entity = Entity::new(&UNUSED_GRANT, holder.title());
    entity.put("holder", Read::default(holder.title()));
    entity.put("functions", Read::default(some(&functions)));
    entity.put("actions", Read::default(some(&left.names)));
    let effect = match &statement.effect {
        Effect::Unknown(reason) => Some(reason.clone()),
        _ => None,
    };
    let actions = left.unknown.clone().filter(|_| left.count == 0);
    let count = match unread.map(|reason| Unknown::new(UnknownKind::Other, reason)).or(effect).or(actions) {
        Some(reason) => Read::unknown(reason, None),
        None => Read::default(i64::try_from(left.count).unwrap_or(i64::MAX)),
    };
    entity.put("count", count);
    entity.put("statement", Read::at(statement.detail(), left.span.unwrap_or(statement.span)));
    let template = policy.template.clone().unwrap_or_default();
    entity.put("whole", Read::default(left.whole));
    entity.put("narrower", Read::default(left.narrower.unwrap_or_default()));
    entity.put("template", Read::default(template));
    let presence = Presence::under(statement.possible.as_ref());
    Question {
        verb: Verb::Grant,
        alternatives: vec![entity],
        span: statement.span,
        presence: policy.presence.and(&presence),
        detail: format!("{}:unused:{}", project.local_id(policy.resource), statement.detail()),
        ..super::deploy::blank(project, holder.resource)
    }
}

/// The narrower SAM policy template that allows all that is used of a wide one.
///
/// Source: AWS SAM Developer Guide, "Policy template list", read 2026-11.
fn narrower(template: &str, used: &ActionSet) -> Option<&'static str> {
    const TEMPLATES: &[(&str, &str, &[&str])] = &[
        (
            "DynamoDBCrudPolicy",
            "DynamoDBReadPolicy",
            &["dynamodb:GetItem", "dynamodb:Scan", "dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:DescribeTable"],
        ),
        (
            "DynamoDBCrudPolicy",
            "DynamoDBWritePolicy",
            &["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"],
        ),
        (
            "S3CrudPolicy",
            "S3ReadPolicy",
            &[
                "s3:GetObject",
                "s3:ListBucket",
                "s3:GetBucketLocation",
                "s3:GetObjectVersion",
                "s3:GetLifecycleConfiguration",
            ],
        ),
        ("S3CrudPolicy", "S3WritePolicy", &["s3:PutObject", "s3:PutObjectAcl", "s3:PutLifecycleConfiguration"]),
        ("SNSCrudPolicy", "SNSPublishMessagePolicy", &["sns:Publish"]),
    ];
    let would_do = |actions: &[&str]| {
        let mut allowed = ActionSet::empty();
        actions.iter().for_each(|name| allowed.add(&action::expand(name)));
        used.is_subset(&allowed)
    };
    TEMPLATES.iter().find(|(wide, _, actions)| *wide == template && would_do(actions)).map(|(_, narrow, _)| *narrow)
}

/// The way to what is unused: the calls that make use of the rest of the statement, their functions, what the statement
/// is on, the role, the statement.
fn unused_flow(
    uses: Uses<'_>,
    holder: &Holder<'_>,
    policy: &Policy<'_>,
    statement: &Statement,
    left: &LeftOver,
) -> Vec<Remark> {
    let mut flow: Vec<Remark> = Vec::new();
    let actions = statement.actions().upper;
    let mut met = BTreeSet::new();
    for one in uses.of(|action| actions.contains(action)) {
        if flow.len() < CALLS && met.insert(one.action) {
            flow.push(uses::needs(one.call, one.action));
        }
    }
    flow.extend(uses.needs.iter().take(FUNCTIONS).map(|needs| uses::function(needs.function)));
    flow.extend(uses::on(uses.project, statement).into_iter().take(CALLS).map(uses::target));
    if uses.project.resource(&holder.resource.id).is_some() {
        flow.push(Remark { span: holder.resource.span, text: holder.title() });
    }
    flow.push(match &policy.template {
        Some(template) => Remark { span: statement.span, text: format!("{template} is given to it") },
        None => {
            let unused = if left.whole { "any of it".to_owned() } else { some(&left.names) };
            let Remark { span, text } = uses::allows(statement);
            Remark { span, text: format!("{text}; no call needs {unused}") }
        }
    });
    flow
}

fn missing(
    questions: &mut Vec<Question>,
    project: &Project,
    holder: &Holder<'_>,
    needs: &[Needs<'_>],
    elsewhere: &ActionSet,
) {
    for needs in needs {
        if let Some(reason) = &needs.unread {
            let reason = Unknown::new(UnknownKind::Other, format!("its code was not read: {reason}"));
            questions.push(cannot_tell_missing(project, needs.function, reason));
        }
    }
    if needs.iter().all(|needs| needs.calls.is_empty()) {
        return;
    }
    let documents = Documents::of(project, holder);
    let allowed = Allowed::of(&documents, elsewhere);
    for needs in needs {
        let mut asked: BTreeSet<Action> = BTreeSet::new();
        let assumes = needs.calls.iter().any(|(call, _)| {
            matches!(&call.kind, CallKind::Sdk { service, operation, .. } if &**service == "sts" && operation.starts_with("AssumeRole"))
        });
        for (call, operation) in &needs.calls {
            for any_of in operation.must_always() {
                let Some(action) = any_of.first().copied() else { continue };
                let foreign = needs.strangers.contains(operation.service) || assumes && operation.service != "sts";
                let answer = match allowed.any(&any_of) {
                    Ok(false) if foreign => {
                        Err(Unknown::new(UnknownKind::Other, "a client has credentials of its own"))
                    }
                    answer => answer,
                };
                if answer == Ok(true) || !asked.insert(action) {
                    continue;
                }
                let place = Place { call, operation: *operation, action };
                questions.push(missing_question(project, holder, needs, &place, answer.err()));
            }
        }
    }
}

fn cannot_tell_missing(project: &Project, function: &Resource, reason: Unknown) -> Question {
    let mut entity = Entity::new(&MISSING_GRANT, function.name.clone());
    entity.put("missing", Read::<bool>::unknown(reason, None));
    let detail = format!("{}:missing", function.id);
    Question { verb: Verb::Grant, alternatives: vec![entity], detail, ..super::deploy::blank(project, function) }
}

/// What decides whether an action is missing.
struct Allowed<'a> {
    rights: Rights<'a>,
    /// What [`allowed_by_resources`].
    elsewhere: &'a ActionSet,
    unknown: Option<Unknown>,
}

/// The documents that a role holds: written ones, AWS's, and its boundary; all that [`Allowed`] looks at.
pub(super) struct Documents {
    /// What its policies say.
    pub(super) identity: Vec<Document>,
    /// What its boundary says.
    pub(super) boundary: Option<Document>,
    /// What of them is not known.
    pub(super) unknown: Option<Unknown>,
}

impl Documents {
    /// Those of a role of the project.
    pub(super) fn of(project: &Project, holder: &Holder<'_>) -> Self {
        let mut identity: Vec<Document> = holder.policies.iter().map(|policy| held(policy, holder)).collect();
        let mut unknown = holder.unknown.first().cloned();
        for (name, span) in &holder.managed {
            match managed::document(name) {
                Some(text) => identity.push(document::read(&Node::string(text, *span)).0),
                None => {
                    unknown.get_or_insert_with(|| Unknown::new(UnknownKind::Lookup, format!("the policy {name}")));
                }
            }
        }
        let boundary = holder.resource.property("PermissionsBoundary").and_then(|boundary| {
            let written = project
                .named_of(boundary, |kind| kind == MANAGED_POLICY)
                .and_then(|policy| policy.property("PolicyDocument"));
            let of_aws = || {
                let text = managed::document(boundary.as_text()?)?;
                Some(Node::string(text, boundary.span))
            };
            let written = written.cloned().or_else(of_aws);
            if written.is_none() {
                let reason = || Unknown::new(UnknownKind::Other, format!("the boundary {boundary} is not known"));
                unknown.get_or_insert_with(reason);
            }
            written.map(|node| document::read(&node).0)
        });
        Self { identity, boundary, unknown }
    }
}

/// The document of a policy; what it allows is only possible where it hangs on more than its holder does.
fn held(policy: &Policy<'_>, holder: &Holder<'_>) -> Document {
    let mut document = policy.document.clone();
    if let Presence::Possible(reason) = &policy.presence
        && policy.presence != holder.resource.presence
    {
        for statement in &mut document.statements {
            statement.possible.get_or_insert_with(|| reason.clone());
        }
    }
    document
}

/// What policies of resources may allow beside a role's own: in one account either is enough.
fn allowed_by_resources(project: &Project) -> ActionSet {
    let mut elsewhere = ActionSet::empty();
    // A role of the same account whose trust policy names the caller may be assumed without a grant.
    let trusts = project.of_kind("AWS::IAM::Role").filter_map(|role| role.property("AssumeRolePolicyDocument"));
    let named = trusts.flat_map(|trust| document::read(trust).0.statements).any(|statement| {
        statement.principals.is_some_and(|principals| principals.of(&PrincipalKind::Aws).next().is_some())
    });
    if named {
        elsewhere.add(&action::expand("sts:AssumeRole"));
    }
    for resource in project.resources.iter().filter(|resource| !resource.kind.starts_with("AWS::IAM::")) {
        let policy = ["PolicyDocument", "KeyPolicy", "ResourcePolicy"].iter().find_map(|key| resource.property(key));
        for statement in policy.map(|policy| document::read(policy).0.statements).unwrap_or_default() {
            if statement.allows() {
                elsewhere.add(&statement.actions().upper);
            }
        }
    }
    elsewhere
}

impl<'a> Allowed<'a> {
    fn of(documents: &'a Documents, elsewhere: &'a ActionSet) -> Self {
        let rights = Rights::new(&documents.identity, documents.boundary.as_ref());
        Self { rights, elsewhere, unknown: documents.unknown.clone() }
    }

    /// Whether one of the actions is enough for certain; else why that cannot be told, if there is a reason.
    fn any(&self, actions: &[Action]) -> Result<bool, Unknown> {
        let said: Vec<Judged> = actions.iter().map(|action| self.rights.allows(*action)).collect();
        if said.iter().any(|said| said.definite) {
            return Ok(true);
        }
        let unknown = self.unknown.clone().or_else(|| said.iter().find_map(|said| said.unknown.clone()));
        if let Some(reason) = unknown {
            return Err(reason);
        }
        let perhaps = said.iter().any(|said| said.possible) || actions.iter().any(|a| self.elsewhere.contains(*a));
        if perhaps { Err(Unknown::new(UnknownKind::Other, "a statement may allow it")) } else { Ok(false) }
    }
}

/// Where an action is needed.
struct Place<'a> {
    call: &'a Call,
    operation: operation::Operation,
    action: Action,
}

fn missing_question(
    project: &Project,
    holder: &Holder<'_>,
    needs: &Needs<'_>,
    place: &Place<'_>,
    doubt: Option<Unknown>,
) -> Question {
    let action = place.action;
    let operation = format!("{}.{}", place.operation.service, place.operation.name);
    let mut entity = Entity::new(&MISSING_GRANT, action.to_string());
    entity.put("function", Read::default(needs.function.name.clone()));
    entity.put("role", Read::default(holder.title()));
    entity.put("operation", Read::default(operation.clone()));
    entity.put("action", Read::default(action.to_string()));
    let missing = doubt.map_or(Read::default(true), |reason| Read::unknown(reason, None));
    entity.put("missing", missing);
    let uses = Uses { project, needs: std::slice::from_ref(needs) };
    let found = uses.of(|needed| needed == action);
    let here: Vec<&Use<'_>> = found.iter().filter(|one| one.call.span == place.call.span).collect();
    entity.put("on", Read::default(uses.named(&here)));
    Question {
        verb: Verb::Grant,
        alternatives: vec![entity],
        span: place.call.span,
        presence: needs.function.presence.and(&holder.uses(needs.function)),
        detail: format!("{}:missing:{}", needs.function.id, action),
        flow: missing_flow(uses, holder, here.first().copied(), place),
        ..super::deploy::blank(project, needs.function)
    }
}

/// The way from the call over its function and what it is done to, to the role and the statements that come closest.
fn missing_flow(uses: Uses<'_>, holder: &Holder<'_>, here: Option<&Use<'_>>, place: &Place<'_>) -> Vec<Remark> {
    let mut flow = match here {
        Some(one) => uses.start(one),
        None => {
            let functions = uses.needs.iter().map(|needs| uses::function(needs.function));
            std::iter::once(uses::needs(place.call, place.action)).chain(functions).collect()
        }
    };
    flow.push(Remark { span: holder.resource.span, text: format!("{} does not allow it", holder.title()) });
    let service = place.action.service();
    let written = holder.policies.iter().flat_map(|policy| &policy.document.statements);
    let near = written.filter(|statement| {
        let about = |text: &PolicyText| text.shape().split_once(':').is_some_and(|(prefix, _)| prefix == service);
        statement.allows() && !statement.not_action && statement.actions.iter().any(about)
    });
    flow.extend(near.take(CALLS).map(uses::allows));
    flow
}
