//! Rights of roles, against tables and against trying every case.

use super::Rights;
use crate::iam::action::named;
use crate::iam::document::{self, Document};
use crate::iam::statement::Statement;
use crate::iam::text::Text;
use crate::iam::{grant, managed};
use crate::source::{FileId, Span};
use crate::syntax::{Node, UnknownKind, json};

fn policy(statements: &str) -> Document {
    let node = json::parse_text(FileId(0), statements, 0).0.unwrap();
    let (document, faults) = document::read_statements(&node);
    assert_eq!(faults, [], "{statements}");
    document
}

fn shown(rights: &Rights<'_>, action: &str, resource: Option<&str>) -> String {
    let action = named(action).unwrap();
    let place = Span::start_of(FileId(0));
    let allowed = match resource {
        Some(resource) => rights.allows_on(action, &Text::literal(resource, place)),
        None => rights.allows(action),
    };
    let word = match (allowed.definite, allowed.possible) {
        (true, true) => "definite",
        (false, true) => "possible",
        (false, false) => "missing",
        (true, false) => "contradiction",
    };
    if allowed.denied { format!("{word}, denied") } else { word.to_owned() }
}

#[test]
fn actions_of_policies_and_boundaries() {
    let wide = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#;
    let conditional = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": true}}}"#;
    let deny_all = r#"{"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}"#;
    let deny_some = r#"{"Effect": "Deny", "Action": "s3:Get*", "Resource": "arn:aws:s3:::secret/*"}"#;
    let deny_if = r#"{"Effect": "Deny", "Action": "s3:Get*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": false}}}"#;
    let but = r#"{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}"#;
    for (statements, boundary, action, expected) in [
        (wide.to_owned(), None, "s3:GetObject", "definite"),
        (wide.to_owned(), None, "sqs:SendMessage", "missing"),
        (conditional.to_owned(), None, "s3:GetObject", "possible"),
        (format!("[{wide}, {deny_all}]"), None, "s3:GetObject", "missing, denied"),
        (format!("[{wide}, {deny_all}]"), None, "s3:PutObject", "definite"),
        (format!("[{wide}, {deny_some}]"), None, "s3:GetObject", "possible"),
        (format!("[{wide}, {deny_if}]"), None, "s3:GetObject", "possible"),
        (wide.to_owned(), Some(but), "s3:GetObject", "definite"),
        (but.to_owned(), Some(wide), "sqs:SendMessage", "missing"),
        (wide.to_owned(), Some(conditional), "s3:GetObject", "possible"),
        (but.to_owned(), None, "iam:PassRole", "missing"),
        ("[]".to_owned(), None, "s3:GetObject", "missing"),
    ] {
        let (identity, boundary) = (policy(&statements), boundary.map(policy));
        let rights = Rights::new([&identity], boundary.as_ref());
        assert_eq!(shown(&rights, action, None), expected, "{statements} {action}");
        let bounds = rights.actions();
        let action = named(action).unwrap();
        assert_eq!(bounds.lower.contains(action), expected == "definite", "{statements} {action}");
        assert_eq!(bounds.upper.contains(action), !expected.starts_with("missing"), "{statements} {action}");
    }
}

#[test]
fn resources_where_both_sides_are_known() {
    let statements = r#"[
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/in/*"]},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::a/secret/*"},
        {"Effect": "Allow", "Action": "s3:PutObject", "NotResource": "arn:aws:s3:::a/*"}]"#;
    let document = policy(statements);
    let rights = Rights::new([&document], None);
    for (action, resource, expected) in [
        ("s3:GetObject", "arn:aws:s3:::a/public/x", "definite"),
        ("s3:GetObject", "arn:aws:s3:::a/secret/x", "missing, denied"),
        ("s3:GetObject", "arn:aws:s3:::a/*", "possible"),
        ("s3:GetObject", "arn:aws:s3:::b/*", "possible"),
        ("s3:GetObject", "arn:aws:s3:::b/in/*", "definite"),
        ("s3:GetObject", "arn:aws:s3:::c/*", "missing"),
        ("s3:PutObject", "arn:aws:s3:::c/*", "definite"),
        ("s3:PutObject", "arn:aws:s3:::a/x", "missing"),
        ("s3:PutObject", "*", "possible"),
    ] {
        assert_eq!(shown(&rights, action, Some(resource)), expected, "{action} on {resource}");
    }
}

#[test]
fn nothing_is_definite_where_a_policy_is_not_known() {
    let known = policy(r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#);
    let unknown = document::read(&Node::unknown(UnknownKind::Import, "Policy", Span::start_of(FileId(0)))).0;
    let rights = Rights::new([&known, &unknown], None);
    let allowed = rights.allows(named("s3:GetObject").unwrap());
    assert!(!allowed.definite && allowed.possible);
    assert_eq!(allowed.unknown.unwrap().what, "Policy".into());
    assert!(rights.allows(named("sqs:SendMessage").unwrap()).unknown.is_some());
}

/// AWS's own policies are well formed, so reading them meets no fault, and what is known of some of them holds.
#[test]
fn the_policies_that_aws_manages() {
    let place = Span::start_of(FileId(0));
    let read = |path: &str| document::read(&Node::string(managed::document(path).unwrap(), place));
    let mut statements = 0;
    let mut administrators = Vec::new();
    for path in managed::paths() {
        let (document, faults) = read(path);
        assert_eq!(faults, [], "{path}");
        assert!(document.unknown.is_empty() && !document.statements.is_empty(), "{path}");
        statements += document.statements.len();
        let all = |one: &Statement| {
            grant::allows_all_actions(one) == Ok(true) && grant::allows_all_resources(one) == Ok(true)
        };
        if document.statements.iter().any(all) {
            administrators.push(path);
        }
    }
    assert!(statements > 5_000, "{statements}");
    assert!(administrators.contains(&"AdministratorAccess") && administrators.len() < 10, "{administrators:?}");
    for (path, action, expected) in [
        ("service-role/AWSLambdaBasicExecutionRole", "logs:PutLogEvents", "definite"),
        ("service-role/AWSLambdaBasicExecutionRole", "s3:GetObject", "missing"),
        ("AmazonS3ReadOnlyAccess", "s3:ListBucket", "definite"),
        ("AmazonS3ReadOnlyAccess", "s3:PutObject", "missing"),
        ("PowerUserAccess", "dynamodb:GetItem", "definite"),
        ("PowerUserAccess", "iam:PassRole", "missing"),
        ("AWSLambda_FullAccess", "iam:PassRole", "possible"),
    ] {
        let (document, _) = read(path);
        assert_eq!(shown(&Rights::new([&document], None), action, None), expected, "{path} {action}");
    }
}
