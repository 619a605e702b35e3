//! The smallest policy that a function needs: what its calls and its runtime make use of, on which resources, and under
//! which conditions of the policy that is there.

use super::implied::extension_layer;
use super::keys;
use super::link::{Holder, Links};
use super::needs::Needs;
use super::right::{Evidence, Reason, Right};
use super::runtime;
use super::target::{Asked, Finder, pseudo};
use crate::iam::action::{self, Action, ActionSet};
use crate::iam::condition::Condition;
use crate::iam::document;
use crate::iam::managed;
use crate::iam::operation::{Need, Operation, When};
use crate::iam::pattern;
use crate::iam::statement::Statement;
use crate::iam::text::Text as PolicyText;
use crate::model::{Call, CallKind, Code, Format, Project, Resource, Text};
use crate::syntax::{Node, Part};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a function needs.
#[derive(Debug)]
pub struct Smallest {
    /// The rights, each action and resource once, in a fixed order.
    pub rights: Vec<Right>,
    /// Why they may be too few or too many.
    pub doubts: Vec<String>,
    /// What else a reader must know.
    pub notes: Vec<String>,
    /// The resources that depend on the function: its role cannot refer to them where the policy is part of the role.
    pub behind: BTreeSet<Arc<str>>,
}

/// The smallest policy of a function of a project; `index` is the project's among all.
///
/// # Errors
/// The reason that its code was not read.
pub fn smallest(project: &Project, index: usize, function: &Resource, code: &Code) -> Result<Smallest, Arc<str>> {
    let needs = Needs::of(project, index, function, code);
    if let Some(reason) = &needs.unread {
        return Err(reason.clone());
    }
    let links = Links::of(project);
    let holder = links.holders.iter().find(|holder| holder.functions.iter().any(|own| own.id == function.id));
    let finder = Finder { project, function };
    let mut gathered =
        Gathered { finder: &finder, needs: &needs, rights: BTreeMap::new(), doubts: Vec::new(), notes: Vec::new() };
    gathered.say_what_is_open();
    gathered.calls();
    gathered.extensions();
    gathered.key_of_environment();
    let runtime = runtime::rights(&finder);
    runtime.iter().for_each(|right| gathered.keys(right.action, "", &right.resource, &right.evidence));
    gathered.runtime(runtime, holder);
    gathered.say_of_role(project, holder);
    let Gathered { rights, doubts, mut notes, .. } = gathered;
    let mut rights: Vec<Right> = rights.into_values().collect();
    if let Some(holder) = holder {
        for right in &mut rights {
            match kept_condition(holder, right) {
                Ok(condition) => right.condition = condition,
                Err(lost) if notes.contains(&lost) => {}
                Err(lost) => notes.push(lost),
            }
        }
    }
    Ok(Smallest { rights, doubts, notes, behind: behind(project, function) })
}

struct Gathered<'a> {
    finder: &'a Finder<'a>,
    needs: &'a Needs<'a>,
    /// By reason, action and resource.
    rights: BTreeMap<(Reason, String, String), Right>,
    doubts: Vec<String>,
    notes: Vec<String>,
}

impl Gathered<'_> {
    fn add(&mut self, right: Right) {
        // What the code needs is needed once, whatever else needs it too.
        let key = (right.reason, right.action.to_string(), right.resource.to_string());
        match self.rights.get_mut(&key) {
            Some(known) => {
                let new = right.evidence.into_iter().filter(|one| !known.evidence.contains(one)).collect::<Vec<_>>();
                known.evidence.extend(new);
            }
            None => drop(self.rights.insert(key, right)),
        }
    }

    fn doubt(&mut self, text: String) {
        if !self.doubts.contains(&text) {
            self.doubts.push(text);
        }
    }

    fn note(&mut self, text: String) {
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }

    fn say_what_is_open(&mut self) {
        let needs = self.needs;
        if let Some(reason) = needs.open.as_ref().or(needs.partly.as_ref()) {
            self.doubt(format!("the code is not fully understood and may need more: {reason}"));
        }
        if let Some(layer) = extension_layer(needs.function).filter(|_| needs.extensions.is_empty()) {
            self.doubt(format!("{layer} asks AWS for the function: add the rights on what the code reads through it"));
        }
        for service in &needs.strangers {
            self.doubt(format!(
                "a client of {service} is given credentials of its own: what it needs is not in the policy"
            ));
        }
        let assumes = |(call, _): &&(&Call, Operation)| matches!(&call.kind, CallKind::Sdk { service, operation, .. } if &**service == "sts" && operation.starts_with("AssumeRole"));
        if needs.calls.iter().any(|call| assumes(&call)) {
            self.doubt(
                "the code assumes a role: calls that it makes with that role's credentials are in the policy too"
                    .into(),
            );
        }
    }

    fn calls(&mut self) {
        let needs = self.needs;
        let all = || needs.calls.iter().chain(&needs.guessed);
        // What only one action satisfies comes first: it often satisfies what one of several can.
        for (call, operation) in all() {
            for need in needed(*operation, targets(call)).filter(|need| need.any_of.len() == 1) {
                self.need(call, *operation, &need);
            }
        }
        for (call, operation) in all() {
            for need in needed(*operation, targets(call)).filter(|need| need.any_of.len() > 1) {
                self.need(call, *operation, &need);
            }
        }
        for (_, text) in needs.uncertain() {
            self.doubt(text);
        }
    }

    fn need(&mut self, call: &Call, operation: Operation, need: &Need) {
        let foreign = |service: &str| self.needs.strangers.contains(service);
        if foreign(operation.service) {
            return;
        }
        let region = self.region(operation.service);
        let asked = Asked { operation: operation.name, targets: targets(call), region: &region };
        // The statement of PartiQL says which one it is, and is often put together when the code runs.
        let every = need.any_of.iter().all(|action| action.name().starts_with("PartiQL"));
        if every && need.any_of.len() > 1 {
            self.doubt(format!("which of the PartiQL actions {} needs is said by its statement", call.callee));
        }
        let chosen = if every { need.any_of.len() } else { 1 };
        let has = |action: &Action| {
            let resources = self.finder.resources(asked, *action);
            resources
                .iter()
                .all(|resource| self.rights.contains_key(&(Reason::Call, action.to_string(), resource.to_string())))
        };
        if !every && need.any_of.len() > 1 && need.any_of.iter().any(has) {
            return;
        }
        for action in need.any_of.iter().take(chosen) {
            let passes = action.to_string() == "iam:PassRole";
            let reason = if passes { Reason::PassRole } else { Reason::Call };
            for resource in self.finder.resources(asked, *action) {
                let text = format!("{} ({}.{})", call.callee, operation.service, operation.name);
                let evidence = vec![Evidence { span: call.span, text }];
                self.keys(*action, operation.name, &resource, &evidence);
                self.add(Right { action: *action, resource, condition: None, reason, evidence });
            }
        }
        // A key that the call names itself.
        if let Some((_, key)) = asked.targets.iter().find(|(name, _)| &**name == "SSEKMSKeyId") {
            for value in self.finder.values(key) {
                self.key(
                    &value,
                    &["kms:GenerateDataKey"],
                    &[Evidence { span: call.span, text: call.callee.to_string() }],
                );
            }
        }
    }

    /// What an action on a store needs on the store's own key.
    fn keys(&mut self, action: Action, operation: &str, resource: &Node, evidence: &[Evidence]) {
        let names = keys::needed(action, operation);
        if names.is_empty() {
            return;
        }
        let store = keys::store(self.finder.project, resource);
        if let Some(key) = store.and_then(keys::of_store) {
            self.key(&key.clone(), names, evidence);
        }
    }

    fn key(&mut self, key: &Node, names: &[&str], evidence: &[Evidence]) {
        for action in names.iter().filter_map(|name| action::named(name)) {
            let resource = self.finder.of_property(action, "KeyId", key);
            let evidence = evidence.to_vec();
            self.add(Right { action, resource, condition: None, reason: Reason::Key, evidence });
        }
    }

    /// A function's environment that is encrypted with a key of one's own is decrypted with the function's role.
    fn key_of_environment(&mut self) {
        let function = self.finder.function;
        if let Some(key) = function.property("KmsKeyArn").filter(|_| function.property("Environment").is_some()) {
            let evidence = [Evidence { span: key.span, text: "KmsKeyArn".to_owned() }];
            self.key(key, &["kms:Decrypt"], &evidence);
        }
    }

    /// Requests to the extensions for secrets, parameters and configuration.
    fn extensions(&mut self) {
        let needs = self.needs;
        for (call, url) in &needs.extensions {
            let after = |mark: &str| url.split_once(mark).map(|(_, rest)| rest.split('&').next().unwrap_or_default());
            let wanted: &[(&str, &str, Option<&str>)] = if url.contains(":2772") {
                &[("appconfig:StartConfigurationSession", "", None), ("appconfig:GetLatestConfiguration", "", None)]
            } else if url.contains("/secretsmanager/") {
                &[("secretsmanager:GetSecretValue", "SecretId", after("secretId="))]
            } else if url.contains("/systemsmanager/") {
                &[("ssm:GetParameter", "Name", after("name="))]
            } else {
                &[("secretsmanager:GetSecretValue", "SecretId", None), ("ssm:GetParameter", "Name", None)]
            };
            for (name, parameter, value) in wanted {
                let Some(action) = action::named(name) else { continue };
                let whole = matches!(&call.kind, CallKind::Http { url: Text::Literal(_) });
                let value = value.filter(|value| whole && !value.is_empty());
                let value = value.map_or(Text::Unknown, |value| Text::Literal(value.replace("%2F", "/").into()));
                let targets = [((*parameter).into(), value)];
                let region = pseudo("AWS::Region");
                let asked = Asked { operation: "", targets: &targets, region: &region };
                for resource in self.finder.resources(asked, action) {
                    let evidence = vec![Evidence { span: call.span, text: format!("{} (an extension)", call.callee) }];
                    self.add(Right { action, resource, condition: None, reason: Reason::Call, evidence });
                }
            }
        }
    }

    /// The region that the clients of a service are pinned to: the function's own, one that is written, or any.
    fn region(&self, service: &str) -> Part {
        let own = |name: &str| matches!(name, "AWS_REGION" | "AWS_DEFAULT_REGION");
        let mut found: BTreeSet<Option<&str>> = BTreeSet::new();
        for (_, region) in self.needs.clients.iter().filter(|(known, _)| *known == service) {
            match region {
                None => drop(found.insert(Some(""))),
                Some(Text::Environment(name)) if own(name) => drop(found.insert(Some(""))),
                Some(Text::Literal(name)) => drop(found.insert(Some(name))),
                Some(_) => drop(found.insert(None)),
            }
        }
        match found.into_iter().collect::<Vec<_>>().as_slice() {
            [] | [Some("")] => pseudo("AWS::Region"),
            [Some(name)] => Part::Literal((*name).into()),
            _ => Part::Literal("*".into()),
        }
    }

    /// The runtime's rights, without those that stay given by a policy that is not the user's to write.
    fn runtime(&mut self, rights: Vec<Right>, holder: Option<&Holder<'_>>) {
        let given = holder.map_or_else(BTreeMap::new, stays);
        for right in rights {
            let by = given.iter().find(|(_, actions)| actions.contains(right.action));
            match by {
                Some((name, _)) => {
                    let text = format!("what {name} allows is left out: it stays attached");
                    self.note(text);
                }
                None => self.add(right),
            }
        }
    }

    fn say_of_role(&mut self, project: &Project, holder: Option<&Holder<'_>>) {
        let Some(holder) = holder else {
            self.note("its role is not in the project: what it allows already is not known".into());
            return;
        };
        let others: Vec<&str> =
            holder.functions.iter().filter(|one| one.id != self.finder.function.id).map(|one| &*one.name).collect();
        if !others.is_empty() {
            let shared = others.join(", ");
            self.note(format!(
                "{} is shared with {shared}: the policy holds what {} alone needs",
                holder.title(),
                self.finder.function.name
            ));
        }
        for (name, _) in &holder.managed {
            let short = name.rsplit('/').next().unwrap_or(name);
            if !is_runtimes(short) {
                self.note(format!("{short} can be detached once this policy is attached"));
            }
        }
        let denies = holder.policies.iter().flat_map(|policy| &policy.document.statements).any(Statement::denies);
        if denies {
            self.note(format!("{} has statements that deny: keep them", holder.title()));
        }
        if project.format == Format::Account {
            self.note("an account's export holds no code".into());
        }
    }
}

/// The parameters of a call.
fn targets(call: &Call) -> &[(Arc<str>, Text)] {
    match &call.kind {
        CallKind::Sdk { targets, .. } => targets,
        _ => &[],
    }
}

/// What an operation needs, given the parameters of its call: a parameter whose value is not known may be empty.
pub(super) fn needed(operation: Operation, targets: &[(Arc<str>, Text)]) -> impl Iterator<Item = Need> {
    let given = |parameter: &str| targets.iter().find(|(name, _)| name.eq_ignore_ascii_case(parameter));
    let holds = |need: &Need| match need.when {
        When::Always => true,
        When::Given(parameter) => given(parameter).is_some(),
        When::NotGiven(parameter) => given(parameter).is_none_or(|(_, text)| *text == Text::Unknown),
    };
    operation.must().into_iter().filter(holds).collect::<Vec<_>>().into_iter()
}

/// Whether a policy of AWS's is one for the runtime alone, that SAM or a user attaches to be done with it.
fn is_runtimes(name: &str) -> bool {
    const OTHERS: [&str; 4] = [
        "AWSXRayDaemonWriteAccess",
        "AWSXrayWriteOnlyAccess",
        "AWSLambdaENIManagementAccess",
        "CloudWatchLambdaInsightsExecutionRolePolicy",
    ];
    name.starts_with("AWSLambda") && name.contains("ExecutionRole") || OTHERS.contains(&name)
}

/// What stays whatever the user writes, by its name: policies of AWS's for the runtime, statements of a framework.
fn stays(holder: &Holder<'_>) -> BTreeMap<String, ActionSet> {
    let mut given: BTreeMap<String, ActionSet> = BTreeMap::new();
    let mut allow = |name: &str, statements: &[Statement]| {
        let actions = given.entry(name.to_owned()).or_insert_with(ActionSet::empty);
        let allowing = statements.iter().filter(|statement| statement.allows() && !statement.is_conditional());
        allowing.for_each(|statement| actions.add(&statement.actions().lower));
    };
    for (name, span) in &holder.managed {
        let short = name.rsplit('/').next().unwrap_or(name);
        if let Some(text) = managed::document(name).filter(|_| is_runtimes(short)) {
            allow(short, &document::read(&Node::string(text, *span)).0.statements);
        }
    }
    for policy in &holder.policies {
        let frameworks = policy.document.statements.iter().filter(|one| one.has_mark("__Framework"));
        let frameworks: Vec<Statement> = frameworks.cloned().collect();
        if !frameworks.is_empty() {
            allow("the framework", &frameworks);
        }
    }
    given
}

/// The condition under which the existing policy allows a right, as far as the action fills its keys; nothing where it
/// allows it without one. `Err` says why it cannot be kept.
fn kept_condition(holder: &Holder<'_>, right: &Right) -> Result<Option<Node>, String> {
    let statements = holder.policies.iter().flat_map(|policy| &policy.document.statements);
    let covering: Vec<&Statement> = statements.filter(|statement| covers(statement, right)).collect();
    let limited = |one: &&&Statement| !one.conditions.is_empty() || one.unknown_conditions.is_some();
    let Some(first) = covering.first().filter(|_| covering.iter().all(|one| limited(&one))) else { return Ok(None) };
    let lost = |why: &str| Err(format!("{} is allowed under a condition today that is not kept: {why}", right.action));
    let same = |one: &&Statement| {
        let pairs = one.conditions.iter().zip(&first.conditions);
        one.conditions.len() == first.conditions.len() && pairs.into_iter().all(|(one, other)| is_same(one, other))
    };
    let known = |condition: &Condition| condition.values.iter().all(|value| value.possible.is_none());
    if covering.iter().any(|one| one.unknown_conditions.is_some()) || !first.conditions.iter().all(known) {
        return lost("it is not known in full");
    }
    if !covering.iter().all(same) {
        return lost("statements that allow it have different ones");
    }
    let applies = |condition: &&Condition| {
        let key = condition.key.to_ascii_lowercase();
        let fills = |known: &&str| {
            let known = known.to_ascii_lowercase();
            known == key || known.split_once('$').is_some_and(|(start, _)| key.starts_with(start))
        };
        key.starts_with("aws:") || right.action.condition_keys().iter().any(fills)
    };
    let mut kept: Vec<(Arc<str>, Keys)> = Vec::new();
    for condition in first.conditions.iter().filter(applies) {
        let operator: Arc<str> = condition.operator.to_string().into();
        let mut values: Vec<Node> =
            condition.values.iter().map(|value| Node::template(value.parts.clone(), value.span)).collect();
        let values = match values.len() {
            1 => values.remove(0),
            _ => Node::list(values, condition.span),
        };
        let key = (condition.key.clone(), values);
        match kept.iter_mut().find(|(known, _)| *known == operator) {
            Some((_, keys)) => keys.push(key),
            None => kept.push((operator, vec![key])),
        }
    }
    let operators = kept.into_iter().map(|(operator, keys)| (operator, Node::map(keys, first.span)));
    let operators: Vec<(Arc<str>, Node)> = operators.collect();
    Ok((!operators.is_empty()).then(|| Node::map(operators, first.span)))
}

/// Condition keys of one operator, each with its values.
type Keys = Vec<(Arc<str>, Node)>;

/// Whether two conditions ask the same in the same words.
fn is_same(one: &Condition, other: &Condition) -> bool {
    let values = |condition: &Condition| condition.values.iter().map(|value| value.parts.clone()).collect::<Vec<_>>();
    one.operator == other.operator && one.key.eq_ignore_ascii_case(&other.key) && values(one) == values(other)
}

/// Whether a statement may be what allows the right.
pub(super) fn covers(statement: &Statement, right: &Right) -> bool {
    if !statement.allows() || !statement.actions().upper.contains(right.action) {
        return false;
    }
    let Some(wanted) = PolicyText::of(&right.resource).map(|text| text.upper()) else { return true };
    let written: Vec<String> = statement.resources.iter().map(PolicyText::upper).collect();
    let written: Vec<&str> = written.iter().map(String::as_str).collect();
    statement.not_resource || pattern::intersects(&written, &[&wanted]) != Ok(false)
}

/// The resources that depend on a function, itself among them.
pub(super) fn behind(project: &Project, function: &Resource) -> BTreeSet<Arc<str>> {
    let mut users: BTreeMap<&str, Vec<&Arc<str>>> = BTreeMap::new();
    for resource in &project.resources {
        let depends = resource.attributes.as_ref().and_then(|attributes| attributes.get("DependsOn"));
        let named = depends.map(Node::items_or_self).unwrap_or_default().iter().filter_map(Node::as_text);
        let referred = resource.properties.references().into_iter().map(|reference| &*reference.resource);
        for id in referred.chain(named) {
            users.entry(id).or_default().push(&resource.id);
        }
    }
    let mut found = BTreeSet::from([function.id.clone()]);
    let mut open = vec![function.id.clone()];
    while let Some(id) = open.pop() {
        for user in users.get(&*id).into_iter().flatten() {
            if found.insert((*user).clone()) {
                open.push((*user).clone());
            }
        }
    }
    found
}
