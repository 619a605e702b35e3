//! Tables of conditions and what is wrong with them, and AWS's own policies, which have none.

use super::faults;
use crate::iam::document;
use crate::iam::managed;
use crate::iam::public::tests::read;
use crate::source::{FileId, Span};
use crate::syntax::Node;

/// For each fault `opens` or `closes`, and the beginning of what is wrong.
fn found(effect: &str, action: &str, condition: &str) -> String {
    let text = format!(r#"{{"Effect": "{effect}", "Action": "{action}", "Resource": "*", "Condition": {condition}}}"#);
    let shown = |fault: super::Fault| {
        let words: Vec<&str> = fault.what.split(' ').take(3).collect();
        format!("{} {}", if fault.opens { "opens" } else { "closes" }, words.join(" "))
    };
    faults(&read(&text).0.statements[0]).into_iter().map(shown).collect::<Vec<_>>().join("; ")
}

#[test]
fn conditions() {
    for (effect, action, condition, expected) in [
        ("Allow", "s3:GetObject", r#"{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#, ""),
        (
            "Allow",
            "s3:GetObject",
            r#"{"StringEquals": {"aws:SourceArn": "arn:aws:sns:*"}}"#,
            "closes takes * literally,",
        ),
        ("Deny", "s3:GetObject", r#"{"StringEquals": {"aws:SourceArn": "arn:aws:sns:*"}}"#, "opens takes * literally,"),
        ("Allow", "s3:*", r#"{"StringNotEquals": {"aws:SourceVpce": "vpce-*"}}"#, "opens takes * literally,"),
        ("Deny", "s3:*", r#"{"StringNotEquals": {"aws:SourceVpce": "vpce-*"}}"#, "closes takes * literally,"),
        ("Allow", "s3:*", r#"{"StringEquals": {"aws:SourceVpce": ["vpce-*", "vpce-1"]}}"#, ""),
        ("Allow", "s3:*", r#"{"StringEquals": {"aws:SourceVpce": "$Endpoint"}}"#, ""),
        ("Allow", "s3:*", r#"{"StringLike": {"aws:SourceVpce": "vpce-*"}}"#, ""),
        (
            "Allow",
            "s3:*",
            r#"{"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.168.1.0/24"]}}"#,
            "closes names private addresses,",
        ),
        ("Deny", "s3:*", r#"{"NotIpAddress": {"aws:SourceIp": "10.1.0.0/16"}}"#, "closes names private addresses,"),
        ("Allow", "s3:*", r#"{"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"]}}"#, ""),
        ("Allow", "s3:*", r#"{"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}"#, ""),
        ("Allow", "s3:*", r#"{"StringEquals": {"aws:SourceIp": "203.0.113.0/24"}}"#, "closes compares an address"),
        ("Allow", "s3:*", r#"{"Bool": {"aws:SecureTransport": "yes"}}"#, "closes compares with neither"),
        ("Allow", "s3:*", r#"{"ArnLike": {"aws:SourceArn": "111122223333"}}"#, "closes compares with what"),
        ("Allow", "s3:*", r#"{"StringMatches": {"aws:SourceArn": "a"}}"#, "closes has an operator"),
        ("Allow", "s3:*", r#"{"StringEquals": {"aws:PrincipleArn": "a"}}"#, "closes is on a"),
        ("Allow", "s3:ListBucket", r#"{"StringEquals": {"s3:prefx": "a"}}"#, "closes is on a"),
        ("Allow", "s3:ListBucket", r#"{"StringEquals": {"s3:prefix": "a"}}"#, ""),
        ("Allow", "s3:GetObject", r#"{"StringEquals": {"s3:prefix": "a"}}"#, "closes is on a"),
        ("Allow", "dynamodb:GetItem", r#"{"StringEquals": {"s3:prefix": "a"}}"#, "closes is on a"),
        ("Allow", "dynamodb:GetItem", r#"{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "a"}}"#, ""),
        ("Allow", "s3:*", r#"{"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}"#, "opens holds for a"),
        (
            "Allow",
            "s3:*",
            r#"{"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}, "Null": {"aws:PrincipalOrgPaths": "false"}}"#,
            "",
        ),
        ("Allow", "ec2:CreateTags", r#"{"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}"#, ""),
        ("Deny", "*", r#"{"Bool": {"aws:MultiFactorAuthPresent": "false"}}"#, "opens does not meet"),
        ("Deny", "*", r#"{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}"#, ""),
        ("Allow", "*", r#"{"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#, ""),
        ("Allow", "*", r#"{"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}"#, "opens lets in access"),
        ("Allow", "kms:Decrypt", r#"{"StringEquals": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::b/*"}}"#, ""),
        ("Allow", "iam:PassRole", r#"{"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}"#, ""),
        ("Allow", "sts:AssumeRole", r#"{"StringEquals": {"sts:ExternalId": "a"}}"#, ""),
        ("Allow", "s3:GetObject", r#"{"StringEquals": {"s3:ExistingObjectTag/team": "a"}}"#, ""),
        ("Allow", "s3:PutObject", r#"{"NumericLessThan": {"s3:TlsVersion": "one"}}"#, "closes compares with what"),
        ("Allow", "s3:PutObject", r#"{"NumericLessThan": {"s3:TlsVersion": ["one", "1.2"]}}"#, ""),
        ("Deny", "*", r#"{"NumericGreaterThan": {"aws:MultiFactorAuthAge": "1h"}}"#, "opens compares with what"),
        ("Deny", "*", r#"{"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": "1h"}}"#, ""),
        ("Allow", "*", r#"{"DateLessThan": {"aws:CurrentTime": "31.12.2027"}}"#, "closes compares with what"),
        ("Allow", "*", r#"{"DateLessThan": {"aws:CurrentTime": "2027-12-31T23:59:59Z"}}"#, ""),
        ("Allow", "*", r#"{"DateLessThan": {"aws:CurrentTime": "$End"}}"#, ""),
        ("Allow", "*", r#"{"NumericLessThan": {"aws:SourceIp": "10"}}"#, "closes compares what is"),
        (
            "Allow",
            "*",
            r#"{"DateGreaterThan": {"aws:CurrentTime": "2028-01-01"}, "DateLessThan": {"aws:CurrentTime": "2027-01-01"}}"#,
            "closes leaves no date",
        ),
        (
            "Deny",
            "*",
            r#"{"DateGreaterThan": {"aws:CurrentTime": "2027-01-01"}, "DateLessThan": {"aws:CurrentTime": "2028-01-01"}}"#,
            "",
        ),
        (
            "Allow",
            "s3:PutObject",
            r#"{"NumericGreaterThanEquals": {"s3:TlsVersion": 1.2}, "NumericLessThan": {"s3:TlsVersion": 1.2}}"#,
            "closes leaves no number",
        ),
        (
            "Allow",
            "s3:PutObject",
            r#"{"NumericGreaterThanEquals": {"s3:TlsVersion": 1.2}, "NumericLessThanEquals": {"s3:TlsVersion": 1.2}}"#,
            "",
        ),
    ] {
        assert_eq!(found(effect, action, condition), expected, "{effect} {action} if {condition}");
    }
}

#[test]
fn policies_of_aws_have_conditions_that_can_hold() {
    for path in managed::paths() {
        let text = managed::document(path).unwrap();
        let (document, _) = document::read(&Node::string(text, Span::start_of(FileId(0))));
        for statement in &document.statements {
            assert_eq!(faults(statement), [], "{path}");
        }
    }
}
