//! Calls on stores with a customer's key: whether the call asks for another key, and whether the role may use it.

use super::keys;
use super::link::{Holder, Links};
use super::needs::Needs;
use super::smallest::behind;
use super::target::{Asked, Finder, pseudo};
use super::types::KEYED_CALL;
use super::usage::Documents;
use super::uses;
use super::words::Words;
use crate::iam::action::{self, Action};
use crate::iam::document;
use crate::iam::operation::Operation;
use crate::iam::rights::Rights;
use crate::iam::statement::PrincipalKind;
use crate::iam::text::{Answer, Text as PolicyText};
use crate::model::{Call, CallKind, Entity, Project, Question, Read, Remark, Resource, Text, Verb};
use crate::syntax::{Node, Part, Unknown, UnknownKind};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The questions about the calls of a project's functions, given what the functions of each role need.
pub(super) fn questions<'a>(project: &'a Project, links: &Links<'a>, needs: &[Vec<Needs<'a>>]) -> Vec<Question> {
    // Most projects have no key of their own.
    if !project.resources.iter().any(|resource| keys::of_store(resource).is_some()) {
        return Vec::new();
    }
    let mut questions = Vec::new();
    for (holder, needs) in links.holders.iter().zip(needs).filter(|(_, needs)| !needs.is_empty()) {
        let documents = Documents::of(project, holder);
        let rights = Rights::new(&documents.identity, documents.boundary.as_ref());
        for needs in needs {
            let finder = Finder { project, function: needs.function };
            let asking = Asking { finder: &finder, holder, needs, rights: &rights, unknown: &documents.unknown };
            asking.add(&mut questions);
        }
    }
    questions
}

/// What is asked about the calls of one function.
struct Asking<'a> {
    finder: &'a Finder<'a>,
    holder: &'a Holder<'a>,
    needs: &'a Needs<'a>,
    rights: &'a Rights<'a>,
    unknown: &'a Option<Unknown>,
}

/// A call on a store with a key.
struct Keyed<'a> {
    call: &'a Call,
    operation: Operation,
    targets: &'a [(Arc<str>, Text)],
    store: &'a Resource,
    key: &'a Node,
}

impl Asking<'_> {
    fn add(&self, questions: &mut Vec<Question>) {
        let mut asked = BTreeSet::new();
        let region = pseudo("AWS::Region");
        for (call, operation) in &self.needs.calls {
            let CallKind::Sdk { targets, .. } = &call.kind else { continue };
            if self.needs.strangers.contains(operation.service) {
                continue;
            }
            for action in operation.must().iter().filter_map(|need| need.any_of.first()) {
                let on = Asked { operation: operation.name, targets, region: &region };
                for resource in self.finder.resources(on, *action) {
                    let Some(store) = keys::store(self.finder.project, &resource) else { continue };
                    let Some(key) = keys::of_store(store) else { continue };
                    let keyed = Keyed { call, operation: *operation, targets, store, key };
                    let question = self.question(&keyed, *action);
                    // One question for each store and operation, at the first call.
                    questions.extend(question.filter(|question| asked.insert(question.detail.clone())));
                }
            }
        }
    }

    fn question(&self, keyed: &Keyed<'_>, action: Action) -> Option<Question> {
        let needed = keys::needed(action, keyed.operation.name);
        let (encryption, other) = self.other_encryption(keyed);
        if needed.is_empty() {
            return None;
        }
        let (lacking, lacks) = self.lacks(keyed, needed);
        let (project, function) = (self.finder.project, self.finder.function);
        let operation = format!("{}.{}", keyed.operation.service, keyed.operation.name);
        let mut entity = Entity::new(&KEYED_CALL, keyed.store.name.clone());
        entity.put("function", Read::default(function.name.clone()));
        entity.put("role", Read::default(self.holder.title()));
        entity.put("operation", Read::default(operation.clone()));
        entity.put("store", Read::default(keyed.store.name.clone()));
        entity.put("key", Read::default(shown(keyed.key)));
        entity.put("keyArn", Read::default(self.key_arn(keyed.key)));
        entity.put("encryption", Read::default(encryption));
        entity.put("otherEncryption", read(other));
        entity.put("action", Read::default(lacking.clone()));
        entity.put("lacksKey", read(lacks));
        let step = |span, text: String| Remark { span, text };
        Some(Question {
            verb: Verb::Grant,
            alternatives: vec![entity],
            span: keyed.call.span,
            presence: function.presence.and(&self.holder.uses(function)),
            detail: format!("{}:keyed:{operation}:{}:{lacking}", function.id, keyed.store.id),
            flow: vec![
                step(keyed.call.span, format!("{} calls {operation}", keyed.call.callee)),
                uses::function(function),
                uses::target(keyed.store),
                step(keyed.key.span, format!("its key is {}", shown(keyed.key))),
                step(self.holder.resource.span, self.holder.title()),
            ],
            ..super::deploy::blank(project, function)
        })
    }

    /// The ARN of a key, as the project writes it.
    fn key_arn(&self, key: &Node) -> String {
        let Some(decrypt) = action::named("kms:Decrypt") else { return shown(key) };
        let Finder { project, function } = *self.finder;
        let behind = behind(project, function);
        Words { project, function, behind: &behind }.written(&self.finder.of_property(decrypt, "KeyId", key))
    }

    /// The encryption that a write asks for, and whether it is another than the bucket's key.
    fn other_encryption(&self, keyed: &Keyed<'_>) -> (String, Answer) {
        let writes = matches!(keyed.operation.name, "PutObject" | "CopyObject" | "CreateMultipartUpload");
        if keyed.operation.service != "s3" || !writes {
            return (String::new(), Ok(false));
        }
        let given =
            |name: &str| keyed.targets.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, text)| text);
        if let Some(Text::Literal(method)) = given("ServerSideEncryption")
            && &**method == "AES256"
        {
            return ("AES256, a key of Amazon S3".to_owned(), Ok(true));
        }
        let Some(key) = given("SSEKMSKeyId") else { return (String::new(), Ok(false)) };
        let Some(decrypt) = action::named("kms:Decrypt") else { return (String::new(), Ok(false)) };
        let arn = |node: &Node| self.finder.of_property(decrypt, "KeyId", node);
        let unknown = || Unknown::new(UnknownKind::Other, "the key that the call sets is not known");
        let [value] = self.finder.values(key).try_into().unwrap_or_else(|_| [Node::string("", keyed.call.span)]);
        let (own, set) = (arn(keyed.key), arn(&value));
        let whole = |node: &Node| node.parts().is_some_and(|parts| is_one_key(&parts));
        let answer = match (whole(&own), whole(&set)) {
            (true, true) if own.to_string() == set.to_string() => Ok(false),
            // A resource of the project and a literal may still be the same key.
            (true, true) if own.as_reference().is_some() == set.as_reference().is_some() => Ok(true),
            _ => Err(unknown()),
        };
        (format!("the key {}", shown(&value)), answer)
    }

    /// The first action on the key that the role lacks, and whether it does.
    fn lacks(&self, keyed: &Keyed<'_>, needed: &[&str]) -> (String, Answer) {
        let mut doubt = None;
        for name in needed {
            let Some(action) = action::named(name) else { continue };
            let arn = self.finder.of_property(action, "KeyId", keyed.key);
            let Some(text) = PolicyText::of(&arn) else { continue };
            let allowed = self.rights.allows_on(action, &text);
            if allowed.definite || allowed.possible {
                continue;
            }
            let unknown = self.unknown.clone().or(allowed.unknown);
            match unknown.map_or_else(|| self.key_gives(keyed.key, action), Err) {
                Ok(true) => {}
                Ok(false) => return ((*name).to_owned(), Ok(true)),
                Err(reason) => doubt = Some(((*name).to_owned(), reason)),
            }
        }
        match doubt {
            Some((name, reason)) => (name, Err(reason)),
            None => (String::new(), Ok(false)),
        }
    }

    /// Whether the key's own policy allows the action beside the role's policies. The account as a principal only hands
    /// the decision on to IAM, which is also what a key without a policy of its own does (AWS KMS Developer Guide,
    /// "Default key policy", read 2026-11).
    fn key_gives(&self, key: &Node, action: Action) -> Answer {
        let key = self.finder.project.named_of(key, |kind| kind == "AWS::KMS::Key");
        let Some(key) = key else {
            return Err(Unknown::new(UnknownKind::Other, "the policy of its key is not in the project"));
        };
        let Some(policy) = key.property("KeyPolicy") else { return Ok(false) };
        let (document, _) = document::read(policy);
        if let Some((reason, _)) = document.unknown.first() {
            return Err(reason.clone());
        }
        for statement in document.statements.iter().filter(|statement| !statement.denies()) {
            if !statement.actions().upper.contains(action) {
                continue;
            }
            let Some(principals) = &statement.principals else { continue };
            let account = |text: &PolicyText| {
                text.parts.last().is_some_and(|part| matches!(part, Part::Literal(end) if end.ends_with(":root")))
            };
            let others = principals.listed.iter().any(|principal| {
                !matches!(principal.kind, PrincipalKind::Aws) && principal.kind != PrincipalKind::Service
                    || principal.kind == PrincipalKind::Aws && !account(&principal.value)
            });
            // Whom a policy lets in by name or in general may be this role.
            if others || principals.any.is_some() || statement.not_principal {
                return Err(Unknown::new(UnknownKind::Other, "the policy of its key may allow it"));
            }
        }
        Ok(false)
    }
}

fn read(answer: Answer) -> Read<bool> {
    match answer {
        Ok(value) => Read::default(value),
        Err(reason) => Read::unknown(reason, None),
    }
}

/// Whether an ARN is one key's: nothing in it may be another's.
fn is_one_key(arn: &[Part]) -> bool {
    let open = |part: &Part| match part {
        Part::Literal(text) => text.contains('*'),
        Part::Reference(_) => false,
        Part::Unknown(reason) => reason.kind != UnknownKind::Pseudo,
    };
    !arn.iter().any(open)
}

/// A key as reports call it.
fn shown(key: &Node) -> String {
    match key.as_reference() {
        Some(reference) => reference.resource.to_string(),
        None => key.to_string(),
    }
}
