//! Whether a resource policy denies requests that come over plain HTTP.

use super::action::{self, ActionSet};
use super::condition::{Condition, OperatorKind, Quantifier};
use super::document::Document;
use super::statement::{Effect, Statement};
use super::text::{Answer, Text};
use crate::syntax::{Part, Unknown};

/// What a policy belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// A bucket: both it and its objects must be covered.
    Bucket,
    /// A queue.
    Queue,
    /// A topic: what is denied must cover publishing.
    Topic,
}

/// Whether everyone is denied plain HTTP, for every action on the store that this can be asked for.
///
/// A denial counts where it names everyone and every such action, and where nothing but `aws:SecureTransport` decides
/// (AWS Config, `s3-bucket-ssl-requests-only`; Amazon S3 User Guide, "Security best practices", 2026-11). A bucket
/// needs it for itself and for its objects, in one statement or in two.
pub fn denies_plain_http(document: &Document, store: Store) -> Answer {
    let mut unknown: Option<Unknown> = document.unknown.first().map(|(reason, _)| reason.clone());
    let mut missing: Vec<(Area, ActionSet)> = parts_of(store);
    for statement in &document.statements {
        match applies_to_plain_http(statement) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(reason) => {
                unknown = unknown.or(Some(reason));
                continue;
            }
        }
        let bounds = statement.actions();
        missing.retain(|(part, wanted)| {
            let resources = covers(statement, *part);
            if let Err(reason) = &resources {
                unknown = unknown.take().or_else(|| Some(reason.clone()));
            }
            let actions = wanted.is_subset(&bounds.lower);
            if !actions && wanted.is_subset(&bounds.upper) {
                unknown = unknown.take().or_else(|| statement.actions.iter().find_map(Text::unknown));
            }
            !(actions && resources == Ok(true))
        });
    }
    if missing.is_empty() {
        return Ok(true);
    }
    unknown.map_or(Ok(false), Err)
}

/// One area of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Area {
    Whole,
    Objects,
}

/// The parts of a store, each with the actions on it that must be denied.
fn parts_of(store: Store) -> Vec<(Area, ActionSet)> {
    let on = |service: &str, kind: &str| -> ActionSet {
        let is_on = |action: &action::Action| action.resource_types().iter().any(|(found, _)| found.name == kind);
        action::of_service(service).iter().filter(is_on).collect()
    };
    match store {
        Store::Bucket => vec![(Area::Whole, action::expand("s3:ListBucket")), (Area::Objects, on("s3", "object"))],
        Store::Queue => vec![(
            Area::Whole,
            ["sqs:SendMessage", "sqs:ReceiveMessage"].into_iter().filter_map(action::named).collect(),
        )],
        Store::Topic => vec![(Area::Whole, action::expand("sns:Publish"))],
    }
}

/// Whether the statement denies everyone, at least where the request is plain HTTP.
fn applies_to_plain_http(statement: &Statement) -> Answer {
    let Some(principals) = statement.principals.as_ref().filter(|_| !statement.not_principal) else {
        return Ok(false);
    };
    let unknown_effect = match &statement.effect {
        Effect::Allow => return Ok(false),
        Effect::Deny => None,
        Effect::Unknown(reason) => Some(reason.clone()),
    };
    let everyone = principals.any.as_ref();
    let Some(everyone) =
        everyone.or_else(|| principals.listed.iter().map(|one| &one.value).find(|text| text.shape() == "*"))
    else {
        return Ok(false);
    };
    let mut unknown = unknown_effect.or_else(|| everyone.unknown()).or_else(|| statement.unknown_conditions.clone());
    if let Some(condition) = &statement.possible {
        unknown = unknown.or_else(|| Some(Unknown::new(crate::syntax::UnknownKind::Condition, condition.clone())));
    }
    for condition in &statement.conditions {
        match holds_for_plain_http(condition) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(reason) => unknown = Some(reason),
        }
    }
    unknown.map_or(Ok(true), Err)
}

fn holds_for_plain_http(condition: &Condition) -> Answer {
    let operator = &condition.operator;
    let boolean = operator.kind == OperatorKind::Bool || operator.kind == OperatorKind::StringEquals;
    if !condition.is_on("aws:SecureTransport") || !boolean || operator.quantifier == Quantifier::All {
        return Ok(false);
    }
    let wanted = if operator.negated { "true" } else { "false" };
    let is = |value: &Text| value.as_literal().is_some_and(|text| text.eq_ignore_ascii_case(wanted));
    let certain = condition.values.iter().any(|value| is(value) && value.possible.is_none());
    if certain && !(operator.negated && condition.values.len() > 1) {
        return Ok(true);
    }
    condition.values.iter().find_map(Text::unknown).map_or(Ok(false), Err)
}

/// Whether the statement's resources cover the part. Names are not compared: a policy can only be about what it is
/// attached to, so the form of the ARN decides.
fn covers(statement: &Statement, part: Area) -> Answer {
    if statement.not_resource {
        return Ok(false);
    }
    let mut unknown = None;
    for text in &statement.resources {
        let found = form(text).is_some_and(|(whole, objects)| if part == Area::Objects { objects } else { whole });
        match text.unknown() {
            Some(reason) if found && text.possible.is_some() => unknown = Some(reason),
            Some(reason) if form(text).is_none() => unknown = Some(reason),
            _ if found => return Ok(true),
            _ => {}
        }
    }
    unknown.map_or(Ok(false), Err)
}

/// Whether a resource covers a bucket (or another store), and whether its objects; `None` where nothing is known of it.
fn form(text: &Text) -> Option<(bool, bool)> {
    if let [Part::Unknown(_)] = text.parts.as_slice() {
        return None;
    }
    let written: String =
        text.parts.iter().map(|part| if let Part::Literal(literal) = part { literal } else { "x" }).collect();
    let name = written.splitn(6, ':').last().unwrap_or_default();
    Some(match name.split_once('/') {
        Some((_, objects)) => (false, super::glob::is_all(objects)),
        None => (true, name.ends_with('*')),
    })
}

#[cfg(test)]
mod tests {
    use super::{Store, denies_plain_http};
    use crate::iam::document;
    use crate::source::{FileId, Span};
    use crate::syntax::{Node, Part, Reference, Unknown, UnknownKind, json};

    fn answer(statements: &str, store: Store) -> &'static str {
        let node = json::parse_text(FileId(0), statements, 0).0.unwrap();
        let (document, faults) = document::read_statements(&node);
        assert_eq!(faults, [], "{statements}");
        match denies_plain_http(&document, store) {
            Ok(true) => "yes",
            Ok(false) => "no",
            Err(_) => "unknown",
        }
    }

    #[test]
    fn buckets() {
        let secure = r#""Condition": {"Bool": {"aws:SecureTransport": "false"}}"#;
        let both = r#"["arn:aws:s3:::b", "arn:aws:s3:::b/*"]"#;
        for (body, expected) in [
            (format!(r#""Principal": "*", "Action": "s3:*", "Resource": {both}, {secure}"#), "yes"),
            (format!(r#""Principal": {{"AWS": "*"}}, "Action": "*", "Resource": "*", {secure}"#), "yes"),
            (format!(r#""Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b*", {secure}"#), "yes"),
            (format!(r#""Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*", {secure}"#), "no"),
            (format!(r#""Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b", {secure}"#), "no"),
            (
                format!(
                    r#""Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/a/*"], {secure}"#
                ),
                "no",
            ),
            (format!(r#""Principal": "*", "Action": "s3:GetObject", "Resource": {both}, {secure}"#), "no"),
            (
                format!(r#""Principal": {{"AWS": "123456789012"}}, "Action": "s3:*", "Resource": {both}, {secure}"#),
                "no",
            ),
            (
                format!(
                    r#""Principal": "*", "Action": "s3:*", "Resource": {both}, "Condition": {{"Bool": {{"aws:SecureTransport": "true"}}}}"#
                ),
                "no",
            ),
            (
                format!(
                    r#""Principal": "*", "Action": "s3:*", "Resource": {both}, "Condition": {{"BoolIfExists": {{"AWS:SecureTransport": false}}}}"#
                ),
                "yes",
            ),
            (
                format!(
                    r#""Principal": "*", "Action": "s3:*", "Resource": {both},
                    "Condition": {{"Bool": {{"aws:SecureTransport": false}}, "StringEquals": {{"aws:SourceVpc": "v"}}}}"#
                ),
                "no",
            ),
        ] {
            assert_eq!(answer(&format!(r#"{{"Effect": "Deny", {body}}}"#), Store::Bucket), expected, "{body}");
        }
        let halves = format!(
            r#"[{{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b", {secure}}},
                {{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*", {secure}}}]"#
        );
        assert_eq!(answer(&halves, Store::Bucket), "yes");
        assert_eq!(answer("[]", Store::Bucket), "no");
    }

    #[test]
    fn queues_and_topics() {
        let deny = r#"{"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": "arn:aws:sns:eu-west-1:123456789012:t",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}}"#;
        assert_eq!(answer(deny, Store::Topic), "yes");
        assert_eq!(answer(deny, Store::Queue), "no");
        assert_eq!(answer(&deny.replace("sns:Publish", "sqs:*"), Store::Queue), "yes");
    }

    #[test]
    fn references_have_a_form_and_parameters_have_none() {
        let span = Span::start_of(FileId(0));
        let bucket = || Part::Reference(Reference { resource: "Bucket".into(), attribute: "Arn".into() });
        let deny = |resources: Vec<Node>| {
            let off = Node::map([("aws:SecureTransport", Node::string("false", span))], span);
            let entries = [
                ("Effect", Node::string("Deny", span)),
                ("Principal", Node::string("*", span)),
                ("Action", Node::string("s3:*", span)),
                ("Resource", Node::list(resources, span)),
                ("Condition", Node::map([("Bool", off)], span)),
            ];
            let (document, _) = document::read_statements(&Node::map(entries, span));
            denies_plain_http(&document, Store::Bucket)
        };
        let objects = || Node::template(vec![bucket(), Part::Literal("/*".into())], span);
        let whole = || Node::template(vec![bucket()], span);
        assert_eq!(deny(vec![whole(), objects()]), Ok(true));
        assert_eq!(deny(vec![objects()]), Ok(false));
        let parameter = Part::Unknown(Unknown::new(UnknownKind::Parameter, "Name"));
        let named = |end: &str| {
            Node::template(
                vec![Part::Literal("arn:aws:s3:::".into()), parameter.clone(), Part::Literal(end.into())],
                span,
            )
        };
        assert_eq!(deny(vec![named(""), named("/*")]), Ok(true));
        assert!(deny(vec![objects(), Node::unknown(UnknownKind::Parameter, "Arn", span)]).is_err());
    }
}
