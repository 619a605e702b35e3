//! Policies, and what a role reaches with them.

use super::{Reach, Wanted, reach};
use crate::iam::document::{self, Document};
use crate::iam::evaluate::{Caller, Context, Outcome, Policies, Request, decide};
use crate::iam::text::Text;
use crate::source::{FileId, Span};
use crate::syntax::{Node, Part, Reference, Unknown, UnknownKind, Value, json};

const ROLE: &str = "arn:aws:iam::123456789012:role/r";

/// The policy of a JSON text of statements; `"$Name"` in it is a reference to another resource.
fn policy(statements: &str) -> Document {
    let (node, faults) =
        json::parse_text(FileId(0), &format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#), 0);
    assert_eq!(faults, [], "{statements}");
    document::read(&references(node.unwrap())).0
}

fn references(node: Node) -> Node {
    let Node { value, span } = node;
    match value {
        Value::String(text) if text.starts_with('$') && !text.starts_with("${") => {
            Node::reference(&text[1..], "Arn", span)
        }
        Value::List(items) => Node::list(items.into_iter().map(references).collect(), span),
        Value::Map(entries) => Node::map(entries.into_iter().map(|entry| (entry.key, references(entry.value))), span),
        value => Node::new(value, span),
    }
}

fn reached(policies: &Policies<'_>, action: &str, parts: Vec<Part>, context: &Context) -> (Reach, Option<String>) {
    let caller = Caller::parse(ROLE).unwrap();
    let resource = Text { parts, span: Span::start_of(FileId(0)), possible: None };
    let found = reach(policies, &Wanted { caller: &caller, action, resource: &resource, context });
    (found.reach, found.witness)
}

fn literal(text: &str) -> Vec<Part> {
    vec![Part::Literal(text.into())]
}

#[test]
fn identity_policies() {
    let document = policy(
        r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/app-*",
            "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}},
           {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"},
           {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/private/*"},
           {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}"#,
    );
    let policies = Policies { identity: vec![&document], ..Policies::default() };
    let none = Context::default();
    let ask = |action: &str, resource: &str| reached(&policies, action, literal(resource), &none);
    let pass = "arn:aws:iam::123456789012:role/app-x";
    assert_eq!(ask("iam:PassRole", pass), (Reach::Possible, Some(pass.to_owned())));
    let to = |service: &str| {
        let mut context = Context::default();
        context.add("iam:PassedToService", service);
        reached(&policies, "iam:PassRole", literal(pass), &context).0
    };
    assert_eq!((to("lambda.amazonaws.com"), to("ec2.amazonaws.com")), (Reach::Definite, Reach::No));
    assert_eq!(ask("iam:PassRole", "arn:aws:iam::123456789012:role/admin").0, Reach::No);
    assert_eq!(ask("s3:GetObject", "*"), (Reach::Definite, Some("arn:aws:s3:::b/".to_owned())));
    assert_eq!(ask("s3:GetObject", "arn:aws:s3:::b/private/*").0, Reach::No);
    assert_eq!(ask("s3:GetObject", "arn:aws:s3:::*/p*").1.as_deref(), Some("arn:aws:s3:::b/p"));
    assert_eq!(ask("s3:PutObject", "arn:aws:s3:::b/*").0, Reach::Possible);
    assert_eq!(ask("sqs:SendMessage", "*").0, Reach::No);
}

#[test]
fn what_is_known_in_part() {
    let document = policy(
        r#"{"Effect": "Allow", "Action": "sqs:*", "Resource": "$Queue"},
           {"Effect": "Allow", "Action": "sns:*", "Resource": "*"},
           {"Effect": "Deny", "Action": "sns:Publish", "Resource": "arn:aws:sns:*:*:audit"}"#,
    );
    let policies = Policies { identity: vec![&document], ..Policies::default() };
    let reference = |name: &str| vec![Part::Reference(Reference { resource: name.into(), attribute: "Arn".into() })];
    let none = Context::default();
    let ask = |action: &str, parts: Vec<Part>| reached(&policies, action, parts, &none);
    assert_eq!(ask("sqs:SendMessage", reference("Queue")), (Reach::Definite, Some("${Queue.Arn}".to_owned())));
    assert_eq!(ask("sqs:SendMessage", reference("Other")).0, Reach::Possible);
    assert_eq!(ask("sns:Subscribe", reference("Topic")).0, Reach::Definite);
    // The topic may be the one that is denied.
    assert_eq!(ask("sns:Publish", reference("Topic")).0, Reach::Possible);
    assert_eq!(ask("sns:Publish", literal("arn:aws:sns:eu-west-1:123456789012:audit")).0, Reach::No);
    let unknown = vec![Part::Unknown(Unknown::new(UnknownKind::Parameter, "Name"))];
    assert_eq!(ask("lambda:InvokeFunction", unknown).0, Reach::No);
}

#[test]
fn every_layer_cuts_and_resource_policies_add() {
    let s3 = policy(r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#);
    let logs = policy(r#"{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::secret/*"}"#);
    let only = policy(r#"{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::*/*"}"#);
    let none = Context::default();
    let all = Policies { identity: vec![&s3], boundary: Some(&only), scp: vec![&logs], ..Policies::default() };
    let ask =
        |policies: &Policies<'_>, action: &str, resource: &str| reached(policies, action, literal(resource), &none).0;
    assert_eq!(ask(&all, "s3:GetObject", "arn:aws:s3:::b/x"), Reach::Definite);
    assert_eq!(ask(&all, "s3:PutObject", "arn:aws:s3:::b/x"), Reach::No);
    assert_eq!(ask(&all, "s3:GetObject", "arn:aws:s3:::secret/x"), Reach::No);
    let queue = "arn:aws:sqs:eu-west-1:123456789012:q";
    let named = policy(&format!(
        r#"{{"Effect": "Allow", "Principal": {{"AWS": "{ROLE}"}}, "Action": "sqs:SendMessage", "Resource": "{queue}"}}"#
    ));
    let with = Policies { resource: Some(&named), ..Policies::default() };
    assert_eq!(ask(&with, "sqs:SendMessage", queue), Reach::Definite);
    let bounded = Policies { boundary: Some(&s3), ..with.clone() };
    assert_eq!(ask(&bounded, "sqs:SendMessage", queue), Reach::No);
    let elsewhere = "arn:aws:sqs:eu-west-1:111122223333:q";
    assert_eq!(
        ask(&Policies { identity: vec![&logs], ..Policies::default() }, "sqs:SendMessage", elsewhere),
        Reach::No
    );
    // The policy of a key must allow, and is not given.
    let key = "arn:aws:kms:eu-west-1:123456789012:key/1";
    assert_eq!(ask(&Policies { identity: vec![&logs], ..Policies::default() }, "kms:Decrypt", key), Reach::Possible);
}

#[test]
fn roles_and_keys_of_other_accounts_have_policies_that_are_not_given() {
    let document =
        policy(r#"{"Effect": "Allow", "Action": ["sts:AssumeRole", "kms:Decrypt", "sqs:*"], "Resource": "*"}"#);
    let policies = Policies { identity: vec![&document], ..Policies::default() };
    for (action, resource, expected, decided) in [
        ("sts:AssumeRole", "arn:aws:iam::222222222222:role/r", Reach::Possible, Outcome::Unknown),
        ("sts:AssumeRole", "arn:aws:iam::123456789012:role/r", Reach::Possible, Outcome::Unknown),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:222222222222:key/1", Reach::Possible, Outcome::Unknown),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:222222222222:q", Reach::No, Outcome::Denied),
        ("iam:GetRole", "arn:aws:iam::222222222222:role/r", Reach::No, Outcome::Denied),
    ] {
        assert_eq!(reached(&policies, action, literal(resource), &Context::default()).0, expected, "{resource}");
        let request = Request::new(Caller::parse(ROLE).unwrap(), action, resource);
        assert_eq!(decide(&policies, &request).outcome, decided, "{resource}");
    }
}

#[test]
fn the_path_of_a_session_s_role_is_not_known() {
    let asked = |role: &str, condition: &str| {
        let document = policy(&format!(
            r#"{{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": {condition}}}"#
        ));
        let policies = Policies { resource: Some(&document), ..Policies::default() };
        let caller = Caller::parse(&format!("arn:aws:sts::123456789012:assumed-role/{role}/ann")).unwrap();
        decide(&policies, &Request::new(caller, "s3:GetObject", "arn:aws:s3:::b/k")).outcome
    };
    let like = |end: &str| format!(r#"{{"ArnLike": {{"aws:PrincipalArn": "arn:aws:iam::123456789012:role/{end}"}}}}"#);
    let not =
        |end: &str| format!(r#"{{"ArnNotLike": {{"aws:PrincipalArn": "arn:aws:iam::123456789012:role/{end}"}}}}"#);
    assert_eq!(asked("r", &like("r")), Outcome::Allowed);
    assert_eq!(asked("r", &like("*")), Outcome::Allowed);
    assert_eq!(asked("r", &like("*r")), Outcome::Allowed);
    assert_eq!(asked("r", &like("app/*")), Outcome::Conditional);
    assert_eq!(asked("r", &like("s")), Outcome::Denied);
    assert_eq!(asked("r", &not("s")), Outcome::Allowed);
    let reserved = "AWSReservedSSO_Admin_0123";
    assert_eq!(asked(reserved, &like("aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Admin_*")), Outcome::Allowed);
    assert_eq!(asked(reserved, &like("AWSReservedSSO_Admin_*")), Outcome::Denied);
    assert_eq!(asked(reserved, &like("aws-reserved/sso.amazonaws.com/eu-west-1/*")), Outcome::Conditional);
    let linked = Caller::parse("arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForX/s").unwrap();
    assert!(!linked.is_under_service_control());
}
