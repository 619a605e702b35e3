//! Tables of statements and what they give.

use super::{allows_all_actions, allows_all_resources, pass_role, scopable_actions_on_star, whole_services};
use crate::iam::document;
use crate::iam::statement::Statement;
use crate::source::FileId;
use crate::syntax::{Node, Part, Unknown, UnknownKind, Value, json};

/// The statement of a JSON text; `"$Name"` in it is a parameter without default.
fn statement(text: &str) -> Statement {
    let (node, faults) = json::parse_text(FileId(0), text, 0);
    assert_eq!(faults, [], "{text}");
    let node = parameters(node.unwrap());
    let (document, faults) = document::read_statements(&node);
    assert_eq!(faults, [], "{text}");
    document.statements.into_iter().next().unwrap()
}

fn parameters(node: Node) -> Node {
    let Node { value, span } = node;
    match value {
        Value::String(text) if text.contains('$') && !text.contains("${") => {
            let (before, name) = text.split_once('$').unwrap();
            let parameter = Part::Unknown(Unknown::new(UnknownKind::Parameter, name));
            Node::template(vec![Part::Literal(before.into()), parameter], span)
        }
        Value::List(items) => Node::list(items.into_iter().map(parameters).collect(), span),
        Value::Map(entries) => Node::map(entries.into_iter().map(|entry| (entry.key, parameters(entry.value))), span),
        value => Node::new(value, span),
    }
}

fn shown(answer: Result<bool, Unknown>) -> &'static str {
    match answer {
        Ok(true) => "yes",
        Ok(false) => "no",
        Err(_) => "unknown",
    }
}

#[test]
fn all_actions() {
    for (action, expected) in [
        (r#""Action": "*""#, "yes"),
        (r#""Action": "*:*""#, "yes"),
        (r#""Action": ["s3:Get*", "**"]"#, "yes"),
        (r#""Action": "s3:*""#, "no"),
        (r#""Action": "$Verb""#, "unknown"),
        (r#""Action": "s3:$Verb""#, "no"),
        (r#""Action": ["$Verb", "*"]"#, "yes"),
        (r#""NotAction": "iam:*""#, "no"),
        (r#""NotAction": "nosuch:Thing""#, "yes"),
        (r#""NotAction": "$Verb""#, "unknown"),
    ] {
        let allow = statement(&format!(r#"{{"Effect": "Allow", {action}, "Resource": "*"}}"#));
        assert_eq!(shown(allows_all_actions(&allow)), expected, "{action}");
        let deny = statement(&format!(r#"{{"Effect": "Deny", {action}, "Resource": "*"}}"#));
        assert_eq!(shown(allows_all_actions(&deny)), "no", "{action}");
    }
}

#[test]
fn services_as_a_whole() {
    for (actions, expected) in [
        (r#"["s3:*", "DynamoDB:*", "sqs:SendMessage"]"#, Some(vec!["dynamodb", "s3"])),
        (r#""nosuch:*""#, Some(vec!["nosuch"])),
        (r#""execute-api:?*""#, Some(vec!["execute-api"])),
        (r#""execute-api:*n*""#, Some(vec!["execute-api"])),
        (r#""s3:Get*""#, Some(vec![])),
        (r#""*""#, Some(vec![])),
        (r#"["execute-api:Invoke", "execute-api:ManageConnections", "execute-api:InvalidateCache"]"#, Some(vec![])),
        (r#""s3:$Verb""#, None),
        (r#"["s3:$Verb", "sqs:*"]"#, Some(vec!["sqs"])),
        (r#""s3:Get$Verb""#, Some(vec![])),
    ] {
        let found =
            whole_services(&statement(&format!(r#"{{"Effect": "Allow", "Action": {actions}, "Resource": "*"}}"#)));
        let found = found.ok().map(|services| services.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(found, expected.map(|names| names.iter().map(ToString::to_string).collect()), "{actions}");
    }
}

#[test]
fn every_resource() {
    for (resource, expected) in [
        (r#""Resource": "*""#, "yes"),
        (r#""Resource": ["arn:aws:s3:::b", "arn:aws:s3:::*"]"#, "yes"),
        (r#""Resource": "arn:aws:s3:::b/*""#, "no"),
        (r#""Resource": "$Arn""#, "unknown"),
        (r#""Resource": "arn:aws:s3:::$Name""#, "unknown"),
        (r#""Resource": "arn:aws:s3:::b-$Name""#, "no"),
        (r#""NotResource": "arn:aws:s3:::b""#, "no"),
    ] {
        let allow = statement(&format!(r#"{{"Effect": "Allow", "Action": "s3:*", {resource}}}"#));
        assert_eq!(shown(allows_all_resources(&allow)), expected, "{resource}");
    }
}

#[test]
fn actions_on_star_that_could_be_limited() {
    for (rest, expected) in [
        (r#""Action": ["s3:ListAllMyBuckets", "s3:GetObject"]"#, "s3:GetObject"),
        (r#""Action": ["ec2:Describe*", "xray:PutTraceSegments", "cloudwatch:PutMetricData"]"#, ""),
        (
            r#""Action": ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"]"#,
            "",
        ),
        (
            r#""Action": ["dynamodb:BatchGet*", "polly:SynthesizeSpeech", "translate:TranslateText"]"#,
            "dynamodb:BatchGetItem",
        ),
        (r#""Action": "events:PutEvents""#, "events:PutEvents"),
        (r#""Action": "nosuch:Thing""#, ""),
        (r#""Action": "sqs:$Verb""#, "unknown"),
        (r#""Action": "sqs:SendMessage", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}"#, ""),
        (
            r#""Action": "sqs:SendMessage", "Condition": {"StringEqualsIfExists": {"aws:ResourceTag/team": "a"}}"#,
            "sqs:SendMessage",
        ),
        (
            r#""Action": "sqs:SendMessage", "Condition": {"StringLike": {"aws:ResourceTag/team": "*"}}"#,
            "sqs:SendMessage",
        ),
        (
            r#""Action": "sqs:SendMessage", "Condition": {"StringNotEquals": {"aws:ResourceTag/team": "a"}}"#,
            "sqs:SendMessage",
        ),
        (r#""Action": "sqs:SendMessage", "Condition": {"StringLike": {"aws:ResourceTag/team": "$Team"}}"#, "unknown"),
        (
            r#""Action": "sqs:SendMessage", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}"#,
            "sqs:SendMessage",
        ),
        (
            r#""Action": "dynamodb:GetItem", "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:userid}"]}}"#,
            "",
        ),
        (
            r#""Action": ["dynamodb:DeleteItem", "dynamodb:Scan", "dynamodb:DeleteTable"], "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a"]}}"#,
            "dynamodb:DeleteTable,dynamodb:Scan",
        ),
        (
            r#""Action": ["dynamodb:DeleteItem", "dynamodb:Scan"], "Condition": {"StringEquals": {"dynamodb:LeadingKeys": ["a"]}}"#,
            "",
        ),
        (
            r#""Action": "sqs:SendMessage", "Condition": {"ForAllValues:StringEquals": {"aws:ResourceTag/a": "b"}}"#,
            "sqs:SendMessage",
        ),
    ] {
        let found = scopable_actions_on_star(&statement(&format!(r#"{{"Effect": "Allow", "Resource": "*", {rest}}}"#)));
        let found = found.map(|set| set.iter().map(|action| action.to_string()).collect::<Vec<_>>().join(","));
        assert_eq!(found.unwrap_or_else(|_| "unknown".into()), expected, "{rest}");
    }
    let bounded = statement(r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#);
    assert!(scopable_actions_on_star(&bounded).unwrap().is_empty());
}

#[test]
fn passing_roles() {
    let service = r#""Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}"#;
    let any_service = r#""Condition": {"StringLike": {"iam:PassedToService": "*"}}"#;
    for (action, resource, condition, expected) in [
        ("iam:PassRole", "arn:aws:iam::123456789012:role/app-*", service, "yes yes yes"),
        ("iam:*", "*", "\"Sid\": \"x\"", "yes no no"),
        ("*", "arn:aws:iam::123456789012:role/*", any_service, "yes no no"),
        ("iam:Pass*", "arn:aws:iam::*:role/service/*", service, "yes yes yes"),
        ("iam:PassRole", "arn:aws:logs:*:*:*", service, "yes yes yes"),
        ("iam:PassRole", "arn:aws:s3:::*", service, "yes yes yes"),
        ("iam:PassRole", "arn:*:iam::*:*", service, "yes no yes"),
        ("iam:PassRole", "arn:*", service, "yes no yes"),
        ("iam:PassRole", "arn:*:*:*:*:role/*", service, "yes no yes"),
        ("iam:GetRole", "*", service, "no no yes"),
        ("iam:$Verb", "$Role", "\"Sid\": \"x\"", "unknown unknown no"),
        ("iam:PassRole", "*", r#""Condition": {"StringEquals": {"iam:PassedToService": "$Service"}}"#, "yes no yes"),
        ("iam:PassRole", "*", r#""Condition": {"StringLike": {"iam:PassedToService": "$Service"}}"#, "yes no unknown"),
    ] {
        let text = format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}", {condition}}}"#);
        let pass = pass_role(&statement(&text));
        let found = format!("{} {} {}", shown(pass.granted), shown(pass.role_bounded), shown(pass.service_bounded));
        assert_eq!(found, expected, "{text}");
    }
}
