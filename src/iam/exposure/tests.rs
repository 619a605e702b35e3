//! Policies of resources and trust policies, and whether they are public.

use super::{Exposure, TRUST, of};
use crate::iam::document;
use crate::source::FileId;
use crate::syntax::json;

#[test]
fn policies_and_whom_they_let_in() {
    let open = r#""Principal": "*", "Action": "s3:GetObject", "Resource": "*""#;
    let federated = |provider: &str, condition: &str| {
        format!(
            r#"{{"Effect": "Allow", "Principal": {{"Federated": "{provider}"}}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {{{condition}}}}}"#
        )
    };
    let github = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    let aud = r#""StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}"#;
    let pool = r#""StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:1"}"#;
    let cases = [
        (format!(r#"{{"Effect": "Allow", {open}}}"#), "*"),
        (format!(r#"{{"Effect": "Deny", {open}}}"#), "no"),
        (format!(r#"{{"Effect": "Allow", {open}, "Condition": {{"StringEquals": {{"aws:PrincipalOrgID": "o-1"}}}}}}"#), "no"),
        (format!(r#"{{"Effect": "Allow", {open}, "Condition": {{"IpAddress": {{"aws:SourceIp": "203.0.113.0/24"}}}}}}"#), "no"),
        (format!(r#"{{"Effect": "Allow", {open}, "Condition": {{"IpAddress": {{"aws:SourceIp": "0.0.0.0/0"}}}}}}"#), "*"),
        (format!(r#"{{"Effect": "Allow", {open}, "Condition": {{"StringLike": {{"aws:Referer": "https://x/*"}}}}}}"#), "*"),
        (format!(r#"{{"Effect": "Allow", {open}}}, {{"Effect": "Deny", {open}}}"#), "no"),
        (r#"{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "s3:*", "Resource": "*"}"#.to_owned(), "no"),
        (r#"{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:*", "Resource": "*"}"#.to_owned(), "no"),
        (r#"{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "x"}}}"#.to_owned(), "*"),
        (federated(github, aud), "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"),
        (federated(github, &format!(r#"{aud}, "StringLike": {{"token.actions.githubusercontent.com:sub": "repo:o/r:*"}}"#)), "no"),
        (federated(github, &format!(r#"{aud}, "StringLike": {{"token.actions.githubusercontent.com:sub": "repo:*"}}"#)), "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"),
        (federated("cognito-identity.amazonaws.com", ""), "cognito-identity.amazonaws.com"),
        (federated("cognito-identity.amazonaws.com", pool), "no"),
        (federated("arn:aws:iam::123456789012:saml-provider/idp", ""), "no"),
    ];
    for (statements, expected) in cases {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        let (document, faults) = document::read(&json::parse_text(FileId(0), &text, 0).0.unwrap());
        assert_eq!(faults, [], "{text}");
        let found = match of(&document, None) {
            Exposure::None => "no".to_owned(),
            Exposure::Public { principal, .. } => principal,
            Exposure::Unknown(reason) => reason.to_string(),
        };
        assert_eq!(found, expected, "{statements}");
        if statements.contains("sts:") {
            assert_eq!(of(&document, Some(TRUST)), of(&document, None), "{statements}");
        }
    }
}
