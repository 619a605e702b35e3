//! Tables that hold the items of several tenants, read as a whole on behalf of one.

use super::link::{Holder, Links};
use super::needs::Needs;
use super::right::{Reason, Right};
use super::smallest::covers;
use super::target::{Asked, Finder, pseudo};
use super::types::TENANT_READ;
use super::usage::Documents;
use super::uses::{Use, Uses, allows};
use crate::iam::action::{self, Action};
use crate::iam::operation::Operation;
use crate::iam::scope;
use crate::iam::statement::Statement;
use crate::iam::text::Answer;
use crate::model::{Call, CallKind, Entity, Project, Question, Read, Remark, Resource, Text, UNFILTERED, Verb};
use crate::syntax::Node;
use std::collections::BTreeSet;

/// Names of partition keys that say whose the items are, in small letters and without what parts words.
const KEYS: &[&str] = &["organisationid", "organizationid", "orgid", "workspaceid"];

/// What hands requests of others to a function: the type, and the service principal of a permission.
const SERVING: &[&str] = &[
    "AWS::ApiGateway::Method",
    "AWS::ApiGatewayV2::Integration",
    "AWS::AppSync::DataSource",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::Lambda::Url",
];
const SERVICES: &[&str] = &["apigateway.amazonaws.com", "elasticloadbalancing.amazonaws.com"];

/// The questions about the reads of a project's functions, given what the functions of each role need.
pub(super) fn questions<'a>(project: &'a Project, links: &Links<'a>, needs: &[Vec<Needs<'a>>]) -> Vec<Question> {
    let mut questions = Vec::new();
    if !project.resources.iter().any(|resource| tenant_key(resource).is_some()) {
        return questions;
    }
    for (holder, needs) in links.holders.iter().zip(needs) {
        for needs in needs.iter().filter(|needs| serves_requests(project, needs.function)) {
            let mut asked = BTreeSet::new();
            for (call, operation) in &needs.calls {
                let Some((table, arn, key)) = whole_table(project, needs.function, call, *operation) else { continue };
                let Some(action) = action::named(&format!("dynamodb:{}", operation.name)) else { continue };
                if asked.insert((table.id.clone(), action)) {
                    let read = TenantRead { call, action, table, arn, key };
                    questions.push(question(project, holder, needs, &read));
                }
            }
        }
    }
    questions
}

/// A read of a whole table.
struct TenantRead<'a> {
    call: &'a Call,
    action: Action,
    table: &'a Resource,
    arn: Node,
    key: &'a str,
}

/// The table that a call reads without regard to the tenant: a scan without a filter, or such a query by an index whose
/// partition key is another one.
fn whole_table<'p>(
    project: &'p Project,
    function: &Resource,
    call: &Call,
    operation: Operation,
) -> Option<(&'p Resource, Node, &'p str)> {
    let CallKind::Sdk { targets, .. } = &call.kind else { return None };
    let given = |name: &str| targets.iter().find(|(key, _)| &**key == name).map(|(_, text)| text);
    if operation.service != "dynamodb" || given(UNFILTERED).is_none() {
        return None;
    }
    let finder = Finder { project, function };
    let region = pseudo("AWS::Region");
    let asked = Asked { operation: operation.name, targets, region: &region };
    let action = action::named(&format!("dynamodb:{}", operation.name))?;
    let arn = finder.resources(asked, action).into_iter().find(|arn| arn.as_reference().is_some())?;
    let table = project.resource(&arn.as_reference()?.resource)?;
    let key = tenant_key(table)?;
    match (operation.name, given("IndexName")) {
        ("Scan", _) => {}
        ("Query", Some(Text::Literal(index))) if is_by_another_key(table, index) => {}
        _ => return None,
    }
    Some((table, arn, key))
}

/// The partition key of a table whose name says that it parts tenants.
fn tenant_key(table: &Resource) -> Option<&str> {
    let is_table = matches!(&*table.kind, "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable");
    partition_key(table.property("KeySchema").filter(|_| is_table)?).filter(|key| is_tenants(key))
}

fn partition_key(schema: &Node) -> Option<&str> {
    let hash = |item: &&Node| item.get("KeyType").and_then(Node::as_text) == Some("HASH");
    schema.items_or_self().iter().find(hash)?.get("AttributeName")?.as_text()
}

fn is_tenants(key: &str) -> bool {
    let plain: String = key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    plain.starts_with("tenant") || KEYS.contains(&plain.as_str())
}

/// Whether an index of the table is known to have another partition key than a tenant's.
fn is_by_another_key(table: &Resource, name: &str) -> bool {
    let indexes = table.property("GlobalSecondaryIndexes").map(Node::items_or_self).unwrap_or_default();
    let index = indexes.iter().find(|index| index.get("IndexName").and_then(Node::as_text) == Some(name));
    index.and_then(|index| partition_key(index.get("KeySchema")?)).is_some_and(|key| !is_tenants(key))
}

/// Whether requests of others reach the function: a job that nobody calls may well read for all tenants.
fn serves_requests(project: &Project, function: &Resource) -> bool {
    let of_service = |permission: &Resource| {
        let principal = permission.property("Principal").and_then(Node::as_text);
        &*permission.kind == "AWS::Lambda::Permission" && principal.is_some_and(|name| SERVICES.contains(&name))
    };
    let names = |one: &Resource| {
        SERVING.contains(&&*one.kind) && one.properties.references().iter().any(|to| to.resource == function.id)
    };
    project.pointing_at(&function.id).any(of_service) || project.resources.iter().any(names)
}

fn question(project: &Project, holder: &Holder<'_>, needs: &Needs<'_>, read: &TenantRead<'_>) -> Question {
    let function = needs.function;
    let documents = Documents::of(project, holder);
    let evidence = Vec::new();
    let right =
        Right { action: read.action, resource: read.arn.clone(), condition: None, reason: Reason::Call, evidence };
    let statements = || documents.identity.iter().flat_map(|document| &document.statements);
    let open: Vec<&Statement> =
        statements().filter(|one| covers(one, &right) && !keeps_to_keys(one, read.action)).collect();
    let unguarded: Answer = match documents.unknown.clone() {
        _ if !open.is_empty() => Ok(true),
        Some(reason) => Err(reason),
        None => Ok(false),
    };
    let mut entity = Entity::new(&TENANT_READ, read.table.name.clone());
    entity.put("function", Read::default(function.name.clone()));
    entity.put("role", Read::default(holder.title()));
    entity.put("operation", Read::default(format!("dynamodb.{}", read.action.name())));
    entity.put("table", Read::default(read.table.name.clone()));
    entity.put("key", Read::default(read.key));
    entity.put("unguarded", Read::of(unguarded, read.call.span));
    let on = vec![read.arn.clone()];
    let one = Use { action: read.action, call: read.call, function, on };
    let mut flow = Uses { project, needs: std::slice::from_ref(needs) }.start(&one);
    flow.push(Remark { span: holder.resource.span, text: holder.title() });
    flow.extend(open.first().copied().map(allows));
    Question {
        verb: Verb::Grant,
        alternatives: vec![entity],
        span: read.call.span,
        presence: function.presence.and(&holder.uses(function)),
        detail: format!("{}:tenants:{}:{}", function.id, read.table.id, read.action),
        flow,
        ..super::deploy::blank(project, function)
    }
}

/// Whether a statement allows only items of some partition keys; whatever is not known of its conditions may say so.
fn keeps_to_keys(statement: &Statement, action: Action) -> bool {
    statement.unknown_conditions.is_some()
        || statement.conditions.iter().any(|condition| scope::keeps_to_keys(condition, action))
}
