//! Tables of resource and trust policies and whom they let in.

use super::{is_service, lets_in_anyone, limits_source, services};
use crate::iam::document::{self, Document};
use crate::iam::text::Answer;
use crate::source::FileId;
use crate::syntax::{Node, Part, Unknown, UnknownKind, Value, json};

/// The policy of a JSON text of statements; `"$Name"` in it is a parameter without default, `"@Name"` a pseudo one.
pub fn policy(text: &str) -> Document {
    let (document, faults) = read(text);
    assert_eq!(faults, [], "{text}");
    document
}

/// The same with what is wrong with it.
pub fn read(text: &str) -> (Document, Vec<document::Fault>) {
    let (node, faults) = json::parse_text(FileId(0), text, 0);
    assert_eq!(faults, [], "{text}");
    document::read_statements(&parameters(node.unwrap()))
}

fn parameters(node: Node) -> Node {
    let Node { value, span } = node;
    match value {
        Value::String(text) if text.contains(['$', '@']) && !text.contains("${") => {
            let kind = if text.contains('$') { UnknownKind::Parameter } else { UnknownKind::Pseudo };
            let (before, name) = text.split_once(['$', '@']).unwrap();
            let (name, after) = name.split_once('|').unwrap_or((name, ""));
            let middle = Part::Unknown(Unknown::new(kind, name));
            Node::template(vec![Part::Literal(before.into()), middle, Part::Literal(after.into())], span)
        }
        Value::List(items) => Node::list(items.into_iter().map(parameters).collect(), span),
        Value::Map(entries) => Node::map(entries.into_iter().map(|entry| (entry.key, parameters(entry.value))), span),
        value => Node::new(value, span),
    }
}

fn shown(answer: Answer) -> &'static str {
    match answer {
        Ok(true) => "yes",
        Ok(false) => "no",
        Err(_) => "unknown",
    }
}

#[test]
fn principals_that_are_anyone() {
    for (principal, expected) in [
        (r#""Principal": "*""#, "yes"),
        (r#""Principal": {"AWS": "*"}"#, "yes"),
        (r#""Principal": {"AWS": ["arn:aws:iam::123456789012:root", "*"]}"#, "yes"),
        (r#""NotPrincipal": {"AWS": "arn:aws:iam::123456789012:root"}"#, "yes"),
        (r#""Principal": {"AWS": "123456789012"}"#, "no"),
        (r#""Principal": {"Service": "sns.amazonaws.com"}"#, "no"),
        (r#""Principal": {"AWS": "$Account"}"#, "unknown"),
        (r#""Principal": {"AWS": "arn:aws:iam::$Account|:root"}"#, "no"),
        (r#""Principal": {"AWS": "@AWS::AccountId"}"#, "no"),
        (r#""Sid": "identity""#, "no"),
    ] {
        let document =
            policy(&format!(r#"{{"Effect": "Allow", {principal}, "Action": "s3:GetObject", "Resource": "*"}}"#));
        assert_eq!(shown(lets_in_anyone(&document.statements[0], &document)), expected, "{principal}");
        let document =
            policy(&format!(r#"{{"Effect": "Deny", {principal}, "Action": "s3:GetObject", "Resource": "*"}}"#));
        assert_eq!(shown(lets_in_anyone(&document.statements[0], &document)), "no", "{principal}");
    }
}

#[test]
fn conditions_that_limit_the_caller() {
    for (condition, expected) in [
        (r#"{"StringEquals": {"aws:SourceAccount": "123456789012"}}"#, "no"),
        (r#"{"StringEquals": {"AWS:SourceOwner": "@AWS::AccountId"}}"#, "no"),
        (r#"{"StringLike": {"aws:SourceAccount": "*"}}"#, "yes"),
        (r#"{"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}}"#, "yes"),
        (r#"{"StringNotEquals": {"aws:SourceAccount": "123456789012"}}"#, "yes"),
        (r#"{"StringEquals": {"aws:SourceAccount": "$Account"}}"#, "unknown"),
        (r#"{"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:123456789012:*"}}"#, "no"),
        (r#"{"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}"#, "yes"),
        (r#"{"ArnLike": {"aws:SourceArn": ["arn:aws:s3:::bucket", "arn:aws:s3:::*"]}}"#, "yes"),
        (r#"{"ArnLike": {"aws:SourceArn": "arn:aws:s3:::bucket"}}"#, "no"),
        (r#"{"ArnLike": {"aws:SourceArn": "arn:aws:execute-api:eu-west-1:@AWS::AccountId|:api/*"}}"#, "no"),
        (r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}"#, "yes"),
        (r#"{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#, "no"),
        (r#"{"StringLike": {"aws:PrincipalOrgID": "o-*"}}"#, "yes"),
        (r#"{"StringEquals": {"aws:PrincipalOrgID": "*"}}"#, "no"),
        (r#"{"StringEquals": {"aws:PrincipalOrgID": ["*", "$Organisation"]}}"#, "unknown"),
        (r#"{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}}"#, "no"),
        (r#"{"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}}"#, "yes"),
        (r#"{"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}"#, "no"),
        (r#"{"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "0.0.0.0/0"]}}"#, "yes"),
        (r#"{"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}"#, "yes"),
        (r#"{"IpAddress": {"aws:SourceIp": "::/0"}}"#, "yes"),
        (r#"{"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}"#, "yes"),
        (r#"{"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}"#, "no"),
        (r#"{"StringLike": {"aws:SourceVpce": "vpce-*"}}"#, "yes"),
        (r#"{"StringEquals": {"sts:ExternalId": "secret"}}"#, "yes"),
        (r#"{"Bool": {"aws:SecureTransport": "true"}}"#, "yes"),
        (r#"{"Bool": {"aws:PrincipalIsAWSService": "true"}}"#, "no"),
        (r#"{"StringLike": {"aws:Referer": "https://example.org/*"}}"#, "yes"),
        (r#"{"StringLike": {"aws:userid": "AROAEXAMPLEID:*"}}"#, "no"),
        (r#"{"StringEquals": {"s3:DataAccessPointAccount": "123456789012"}}"#, "no"),
        (r#"{"Null": {"aws:SourceArn": "false"}}"#, "yes"),
    ] {
        let text = format!(
            r#"{{"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*", "Condition": {condition}}}"#
        );
        let document = policy(&text);
        assert_eq!(shown(lets_in_anyone(&document.statements[0], &document)), expected, "{condition}");
    }
}

#[test]
fn denials_that_shut_out_strangers() {
    let allow = r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#;
    for (deny, expected) in [
        (
            r#""Action": "s3:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#,
            "no",
        ),
        (
            r#""Action": "s3:*", "Resource": "arn:aws:s3:::b/*", "Condition": {"StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}"#,
            "no",
        ),
        (
            r#""Action": "s3:Put*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#,
            "yes",
        ),
        (
            r#""Action": "s3:*", "Resource": "arn:aws:s3:::b/x", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}"#,
            "yes",
        ),
        (r#""Action": "s3:*", "NotResource": "*""#, "yes"),
        (r#""Action": "s3:*", "NotResource": "arn:aws:s3:::b/open/*""#, "yes"),
        (r#""Action": "s3:*", "NotResource": "arn:aws:s3:::c/*""#, "no"),
        (r#""Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}"#, "yes"),
        (r#""Action": "s3:*", "Resource": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}}"#, "yes"),
        (
            r#""Action": "s3:*", "Resource": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}, "Bool": {"aws:ViaAWSService": "false"}}"#,
            "yes",
        ),
        (
            r#""Action": "s3:*", "Resource": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}, "BoolIfExists": {"aws:ViaAWSService": "false"}}"#,
            "no",
        ),
    ] {
        let document = policy(&format!(r#"[{allow}, {{"Effect": "Deny", "Principal": "*", {deny}}}]"#));
        assert_eq!(shown(lets_in_anyone(&document.statements[0], &document)), expected, "{deny}");
    }
}

#[test]
fn sources_of_services() {
    for (condition, expected) in [
        (r#"{"StringEquals": {"aws:SourceAccount": "123456789012"}}"#, "yes"),
        (r#"{"ArnLike": {"aws:SourceArn": "arn:aws:events:*:*:rule/*"}}"#, "no"),
        (r#"{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#, "no"),
        (r#"{"StringLike": {"aws:SourceAccount": "$Account"}}"#, "unknown"),
        (r#"{}"#, "no"),
    ] {
        let text = format!(
            r#"{{"Effect": "Allow", "Principal": {{"Service": "events.amazonaws.com"}}, "Action": "sts:AssumeRole", "Condition": {condition}}}"#
        );
        assert_eq!(shown(limits_source(&policy(&text).statements[0])), expected, "{condition}");
    }
}

#[test]
fn services_have_names_in_regions_and_partitions() {
    for (principal, expected) in [
        ("states.amazonaws.com", true),
        ("states.eu-west-1.amazonaws.com", true),
        ("states.cn-north-1.amazonaws.com.cn", true),
        ("states.workmail.amazonaws.com", false),
        ("statesman.amazonaws.com", false),
        ("lambda.amazonaws.com", false),
        ("$Service", false),
    ] {
        let text =
            format!(r#"{{"Effect": "Allow", "Principal": {{"Service": "{principal}"}}, "Action": "sts:AssumeRole"}}"#);
        let document = policy(&text);
        let found = services(&document.statements[0]).any(|text| is_service(text, "states"));
        assert_eq!(found, expected, "{principal}");
    }
}
