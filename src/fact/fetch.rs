//! Secrets that code fetches by name, against what the role may read; and those that the environment names in vain.

use super::link::{Holder, Links, Policy};
use super::needs::Needs;
use super::smallest::behind;
use super::target::{Asked, Finder, pseudo};
use super::types::NAMED_SECRET;
use super::uses;
use super::words::Words;
use crate::iam::action::Action;
use crate::iam::arn::is_effectively_all;
use crate::iam::statement::Statement;
use crate::model::{
    Call, CallKind, Code, CodeState, Entity, FunctionCode, Presence, Project, Question, Read, Remark, Resource, Verb,
};
use crate::source::{Sources, Span};
use crate::syntax::{Node, Part};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The actions that fetch a secret, with what stands before the name in its ARN.
const FETCHED: &[(&str, &str)] = &[
    ("secretsmanager:GetSecretValue", ":secret:"),
    ("ssm:GetParameter", ":parameter/"),
    ("ssm:GetParameters", ":parameter/"),
];

/// The types that hold secrets.
const STORES: &[&str] = &["AWS::SecretsManager::Secret", "AWS::SSM::Parameter"];

/// The questions about a project's functions; `index` is the project's among all.
pub(super) fn questions<'a>(
    project: &'a Project,
    index: usize,
    links: &Links<'a>,
    needs: &[Vec<Needs<'a>>],
    (code, sources): (&Code, &Sources),
) -> Vec<Question> {
    let mut questions = Vec::new();
    for (holder, needs) in links.holders.iter().zip(needs) {
        for needs in needs {
            let wide = wide(project, holder, needs);
            questions.extend(wide.iter().map(|wide| wider_question(project, holder, needs.function, wide)));
        }
    }
    for function in project.of_kind("AWS::Lambda::Function") {
        unread(&mut questions, project, index, function, (code, sources));
    }
    questions
}

/// A statement that allows a fetch of what code names on every secret.
struct Wide<'a> {
    policy: &'a Policy<'a>,
    statement: &'a Statement,
    fetch: Fetch<'a>,
    action: Action,
}

/// What the questions about the functions of a role claim for themselves: statements, and the actions that they allow on
/// every secret though the code names one. It is said once, by the rule that knows the secret.
pub(super) fn claimed(project: &Project, holder: &Holder<'_>, needs: &[Needs<'_>]) -> Vec<(Span, Action)> {
    let of = |needs| wide(project, holder, needs).into_iter().map(|wide| (wide.statement.span, wide.action));
    needs.iter().flat_map(of).collect()
}

/// Statements that allow a fetch of what the code of a function names on every secret.
fn wide<'a>(project: &Project, holder: &'a Holder<'_>, needs: &Needs<'a>) -> Vec<Wide<'a>> {
    let finder = Finder { project, function: needs.function };
    let region = pseudo("AWS::Region");
    let mut fetches: Vec<(Fetch<'a>, Action, &str)> = Vec::new();
    for (call, operation) in &needs.calls {
        let CallKind::Sdk { targets, .. } = &call.kind else { continue };
        for action in operation.must().iter().filter_map(|need| need.any_of.first()) {
            let Some((_, mark)) = FETCHED.iter().find(|(name, _)| **name == action.to_string()) else { continue };
            let on = Asked { operation: operation.name, targets, region: &region };
            let named = finder.resources(on, *action);
            // Code that fetches what is not known, or anything, may need them all.
            let Some(secret) = named.first().filter(|_| !named.iter().any(is_open)) else { return Vec::new() };
            fetches.push((Fetch { call, secret: secret.clone() }, *action, mark));
        }
    }
    let mut found: Vec<Wide<'a>> = Vec::new();
    for policy in holder.policies.iter().filter(|policy| policy.holders == 1 && policy.template.is_none()) {
        for statement in policy.document.statements.iter().filter(|statement| statement.allows()) {
            let actions = statement.actions().lower;
            for (fetch, action, mark) in &fetches {
                let known = found.iter().any(|one| one.statement.span == statement.span && one.action == *action);
                if !known && actions.contains(*action) && is_wider(statement, mark) {
                    found.push(Wide { policy, statement, fetch: fetch.clone(), action: *action });
                }
            }
        }
    }
    found
}

/// Whether an ARN leaves the name open.
fn is_open(arn: &Node) -> bool {
    arn.parts().is_none_or(|parts| {
        parts.iter().any(|part| matches!(part, Part::Literal(text) if text.contains('*'))) || arn.as_unknown().is_some()
    })
}

/// Whether a statement is on every secret of an account and yet not on every resource, which is said elsewhere (LP009);
/// a condition may limit it to some.
fn is_wider(statement: &Statement, mark: &str) -> bool {
    let every = |shape: &str| !is_effectively_all(shape) && shape.split_once(mark).is_some_and(|(_, name)| name == "*");
    !statement.not_resource
        && statement.conditions.is_empty()
        && statement.unknown_conditions.is_none()
        && statement.resources.iter().any(|text| text.has_known_shape() && every(&text.shape()))
}

/// A call that fetches a secret.
#[derive(Clone)]
struct Fetch<'a> {
    call: &'a Call,
    /// The secret's ARN.
    secret: Node,
}

fn wider_question(project: &Project, holder: &Holder<'_>, function: &Resource, wide: &Wide<'_>) -> Question {
    let Wide { policy, statement, fetch, action } = wide;
    let resources: Vec<String> = statement.resources.iter().map(ToString::to_string).collect();
    let span = statement.resources.first().map_or(statement.span, |text| text.span);
    let behind = behind(project, function);
    let words = Words { project, function, behind: &behind };
    let mut entity = entity(function, &shown(&fetch.secret));
    entity.put("arn", Read::default(words.written(&fetch.secret)));
    entity.put("role", Read::default(holder.title()));
    entity.put("action", Read::default(action.to_string()));
    entity.put("granted", Read::default(super::listed::some(&resources)));
    entity.put("wider", Read::at(true, span));
    entity.put("variable", Read::default(""));
    entity.put("unread", Read::default(false));
    let step = |span, text: String| Remark { span, text };
    let mut flow = vec![
        step(fetch.call.span, format!("{} fetches {}", fetch.call.callee, shown(&fetch.secret))),
        uses::function(function),
    ];
    let named = fetch.secret.references().first().and_then(|reference| project.resource(&reference.resource));
    flow.extend(named.map(uses::target));
    flow.push(step(holder.resource.span, holder.title()));
    flow.push(uses::allows(statement));
    let behind = Presence::under(statement.possible.as_ref());
    Question {
        verb: Verb::Grant,
        alternatives: vec![entity],
        span,
        presence: policy.presence.and(&behind).and(&holder.uses(function)),
        detail: format!("{}:secret:{}:{}", function.id, action, statement.detail()),
        flow,
        ..super::deploy::blank(project, function)
    }
}

/// Variables of the environment that name a secret of the project and that no code of the function reads.
fn unread(
    questions: &mut Vec<Question>,
    project: &Project,
    index: usize,
    function: &Resource,
    (code, sources): (&Code, &Sources),
) {
    let Some(variables) = function.property("Environment.Variables") else { return };
    // What stands in a layer may read it.
    if function.property("Layers").is_some_and(|layers| !layers.items_or_self().is_empty()) {
        return;
    }
    let Some(own) = code.functions.get(&(index, function.id.clone())).filter(|own| own.state == CodeState::Read) else {
        return;
    };
    // Code inside a template has the variable's name beside it, and proves nothing.
    if own.files.iter().any(|path| path.contains('#')) {
        return;
    }
    let mut texts: Option<Vec<String>> = None;
    for entry in variables.entries() {
        let Some(secret) = named_secret(project, &entry.value) else { continue };
        let texts = texts.get_or_insert_with(|| code_of(project, own, sources));
        let name = entry.key.to_lowercase();
        if texts.iter().any(|text| text.contains(&name) || reads_all(text)) {
            continue;
        }
        questions.push(unread_question(project, function, secret, (&entry.key, entry.key_span)));
    }
}

/// The code that may read a function's environment, in small letters: its own files, and whatever else lies in the
/// project's folder, such as a library that is shared by its functions.
fn code_of(project: &Project, own: &FunctionCode, sources: &Sources) -> Vec<String> {
    const ENDINGS: [&str; 12] = ["py", "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "rs", "go", "java"];
    let beside = sources.walked_under(project.folder()).into_iter().map(|(path, _)| path);
    let is_code = |path: &Arc<str>| path.rsplit('.').next().is_some_and(|ending| ENDINGS.contains(&ending));
    let paths: BTreeSet<Arc<str>> = beside.filter(is_code).chain(own.files.iter().cloned()).collect();
    paths.iter().filter_map(|path| sources.open(path).ok()).map(|file| file.text.to_lowercase()).collect()
}

/// The secret or parameter of the project that a value is nothing but a reference to.
fn named_secret<'a>(project: &'a Project, node: &Node) -> Option<&'a Resource> {
    let reference = node.as_reference()?;
    project.resource(&reference.resource).filter(|resource| STORES.contains(&&*resource.kind))
}

/// Whether code hands the environment on as a whole, or reads variables whose names it makes: then any may be read.
fn reads_all(text: &str) -> bool {
    const WHOLE: [&str; 12] = [
        "dict(os.environ",
        "os.environ.items",
        "os.environ.copy",
        "**os.environ",
        "os.environ)",
        "basesettings",
        "...process.env",
        "(process.env)",
        "process.env[",
        "= process.env;",
        "env::vars(",
        "environ[f",
    ];
    WHOLE.iter().any(|word| text.contains(word))
}

fn unread_question(project: &Project, function: &Resource, secret: &Resource, (name, span): (&str, Span)) -> Question {
    let mut entity = entity(function, &secret.name);
    entity.put("arn", Read::default(""));
    entity.put("role", Read::default(""));
    entity.put("action", Read::default(""));
    entity.put("granted", Read::default(""));
    entity.put("wider", Read::default(false));
    entity.put("variable", Read::default(name));
    entity.put("unread", Read::at(true, span));
    Question {
        verb: Verb::Grant,
        alternatives: vec![entity],
        span,
        detail: format!("{}:unread:{name}", function.id),
        flow: vec![
            Remark { span, text: format!("{name} names {}", secret.name) },
            Remark { span: function.span, text: format!("the code of {} does not read it", function.name) },
            uses::target(secret),
        ],
        ..super::deploy::blank(project, function)
    }
}

fn entity(function: &Resource, secret: &str) -> Entity {
    let mut entity = Entity::new(&NAMED_SECRET, secret);
    entity.put("function", Read::default(function.name.clone()));
    entity.put("secret", Read::default(secret));
    entity
}

/// A secret as reports call it: the resource of the project, or its name.
fn shown(arn: &Node) -> String {
    if let Some(reference) = arn.references().first() {
        return reference.resource.to_string();
    }
    let part = |part: &Part| match part {
        Part::Literal(text) => text.to_string(),
        // A pseudo parameter has colons of its own.
        _ => "*".to_owned(),
    };
    let text: String = arn.parts().unwrap_or_default().iter().map(part).collect();
    let tail = text.splitn(6, ':').nth(5).unwrap_or(&text);
    let name = tail.strip_prefix("secret:").or_else(|| tail.strip_prefix("parameter/")).unwrap_or(tail);
    name.trim_end_matches("-??????").to_owned()
}
