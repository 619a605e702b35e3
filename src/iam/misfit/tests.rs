//! Tables of actions and resources that do not go together, and AWS's own policies, which are almost free of them.

use super::of;
use crate::iam::document;
use crate::iam::managed;
use crate::iam::public::tests::policy;
use crate::iam::text::Text;
use crate::source::{FileId, Span};
use crate::syntax::Node;

/// The actions that come to nothing, with what is wrong.
fn found(action: &str, resource: &str) -> String {
    let text = format!(r#"{{"Effect": "Allow", "Action": {action}, "Resource": {resource}}}"#);
    let misfits = of(&policy(&text).statements[0], &Text::upper);
    let names = |word: &str, list: &[(String, _)]| {
        list.iter().map(|(name, _)| format!("{word} {name}")).collect::<Vec<String>>()
    };
    [names("unknown", &misfits.unknown), names("idle", &misfits.idle)].concat().join(", ")
}

#[test]
fn actions_and_resources() {
    for (action, resource, expected) in [
        (r#""s3:GetObject""#, r#""arn:aws:s3:::b/*""#, ""),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::b""#, "idle s3:GetObject"),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::b*""#, ""),
        (r#""s3:ListBucket""#, r#""arn:aws:s3:::b/*""#, "idle s3:ListBucket"),
        (r#"["s3:ListBucket", "s3:GetObject"]"#, r#"["arn:aws:s3:::b", "arn:aws:s3:::b/*"]"#, ""),
        (r#""s3:Get*""#, r#""arn:aws:s3:::b""#, ""),
        (r#""s3:GetObjec""#, r#""*""#, "unknown s3:GetObjec"),
        (r#""dynamo:GetItem""#, r#""*""#, "unknown dynamo:GetItem"),
        (r#""s3:Fetch*""#, r#""*""#, ""),
        (r#""dynamo:Get*""#, r#""*""#, "unknown dynamo:Get*"),
        (r#""sns:Receive""#, r#""*""#, ""),
        (r#""logs:PutLogEvents""#, r#""arn:aws:logs:*:*:/aws-glue/*""#, ""),
        (r#""secretsmanager:GetSecretValue""#, r#""YOUR_SECRET_ARN""#, ""),
        (r#""getObject""#, r#""*""#, "unknown getObject"),
        (r#""sqs:SendMessage""#, r#""arn:aws:sqs:*:queue""#, ""),
        (r#""iam:PassRole""#, r#""arn:aws:iam:eu-west-1:111122223333:role/r""#, "idle iam:PassRole"),
        (r#""DYNAMODB:getitem""#, r#""*""#, ""),
        (r#""dynamodb:GetItem""#, r#""arn:aws:s3:::b/*""#, "idle dynamodb:GetItem"),
        (r#""dynamodb:GetItem""#, r#""$Table""#, ""),
        (r#""dynamodb:GetItem""#, r#""arn:aws:dynamodb:eu-west-1:$Account|:table/t""#, ""),
        (
            r#""dynamodb:GetRecords""#,
            r#""arn:aws:dynamodb:eu-west-1:111122223333:table/t""#,
            "idle dynamodb:GetRecords",
        ),
        (
            r#""logs:PutLogEvents""#,
            r#""arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f""#,
            "idle logs:PutLogEvents",
        ),
        (r#""logs:PutLogEvents""#, r#""arn:aws:logs:*:*:log-group:/aws/lambda/f:*""#, ""),
        (r#""ecr:GetAuthorizationToken""#, r#""arn:aws:ecr:*:*:repository/r""#, "idle ecr:GetAuthorizationToken"),
        (r#""ecr:GetAuthorizationToken""#, r#""*""#, ""),
        (r#""kms:Decrypt""#, r#""arn:aws:kms:eu-west-1:111122223333:alias/a""#, "idle kms:Decrypt"),
        (r#""ssmmessages:OpenDataChannel""#, r#""arn:aws:ssm:*:*:session/*""#, ""),
        (r#""execute-api:ManageConnections""#, r#""arn:aws:execute-api:*:*:a/prod/POST/@connections/*""#, ""),
        (r#""*""#, r#""arn:aws:s3:::b""#, ""),
    ] {
        assert_eq!(found(action, resource), expected, "{action} on {resource}");
    }
}

#[test]
fn policies_of_aws_name_what_their_actions_work_on() {
    let mut idle = Vec::new();
    for path in managed::paths() {
        let text = managed::document(path).unwrap();
        let (document, _) = document::read(&Node::string(text, Span::start_of(FileId(0))));
        for statement in &document.statements {
            let misfits = of(statement, &Text::upper);
            assert!(misfits.unknown.is_empty(), "{path}: {misfits:?}");
            idle.extend(misfits.idle.into_iter().map(|(name, _)| format!("{path} {name}")));
        }
    }
    // Slips of AWS's own, such as a bucket's action on objects, among 20,000 names.
    assert!(idle.len() < 30, "{idle:#?}");
}
