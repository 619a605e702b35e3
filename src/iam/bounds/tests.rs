//! Tables of statements and what they give without bounds.

use super::of;
use crate::iam::public::tests::policy;

/// `class action…` for each class, then what is left on `*`.
fn found(action: &str, resource: &str, condition: &str, orchestrates: bool) -> String {
    let text =
        format!(r#"{{"Effect": "Allow", "Action": {action}, "Resource": {resource}, "Condition": {condition}}}"#);
    let bounds = of(&policy(&text).statements[0], orchestrates);
    let mut shown: Vec<String> = Vec::new();
    for class in &bounds.classes {
        let doubt = if class.answer == Ok(true) { "" } else { "?" };
        let through = if class.through_service { " through a service" } else { "" };
        shown.push(format!("{}{doubt} {}{through}", class.class.as_str(), class.actions.join(" ")));
    }
    match bounds.rest {
        Ok(rest) if rest.actions.is_empty() => {}
        Ok(rest) => {
            let word = match (rest.beyond_plumbing, rest.acts) {
                (false, _) => "plumbing",
                (true, true) => "acts",
                (true, false) => "rest",
            };
            shown.push(format!("{word} {}", rest.actions.join(" ")));
        }
        Err(_) => shown.push("rest?".to_owned()),
    }
    shown.join("; ")
}

#[test]
fn classes_and_what_is_left() {
    let star = r#""*""#;
    for (action, resource, expected) in [
        (r#""s3:GetObject""#, star, "bulk-read s3:GetObject"),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::*/*""#, "bulk-read s3:GetObject"),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::b*/*""#, ""),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::b/*""#, ""),
        (r#"["s3:GetObject", "s3:PutObject"]"#, star, "bulk-read s3:GetObject; write s3:PutObject"),
        (r#"["s3:GetObject", "s3:PutObject", "sns:Publish"]"#, star, "bulk-read s3:GetObject; acts sns:Publish"),
        (r#"["s3:GetObject", "sqs:GetQueueUrl"]"#, star, "bulk-read s3:GetObject"),
        (
            r#"["s3:PutObject", "kms:Decrypt", "iam:PutRolePolicy", "sts:AssumeRole"]"#,
            star,
            "permissions iam:PutRolePolicy; credentials sts:AssumeRole",
        ),
        (r#""sqs:GetQueueUrl""#, star, "rest sqs:GetQueueUrl"),
        (r#""sns:Publish""#, star, "acts sns:Publish"),
        (r#""s3:*""#, star, "acts s3:*"),
        (r#"["s3:*", "dynamodb:Scan"]"#, star, "bulk-read dynamodb:Scan; acts s3:*"),
        (r#""*""#, r#""arn:aws:dynamodb:*:*:table/*""#, ""),
        (r#""dynamodb:PutItem""#, r#""arn:aws:dynamodb:eu-west-1:111122223333:table/*""#, "write dynamodb:PutItem"),
        (r#""dynamodb:PutItem""#, r#""arn:aws:dynamodb:eu-west-1:111122223333:table/orders*""#, ""),
        (r#""dynamodb:CreateTable""#, r#""arn:aws:dynamodb:eu-west-1:111122223333:table/*""#, ""),
        (r#""kms:Decrypt""#, r#""arn:aws:kms:*:111122223333:key/*""#, "decrypt kms:Decrypt"),
        (r#""kms:Decrypt""#, r#""arn:aws:kms::111122223333:key/*""#, ""),
        (r#""kms:ReEncrypt*""#, star, "decrypt kms:ReEncrypt*"),
        (r#"["ecr:GetAuthorizationToken", "sts:GetCallerIdentity", "s3:ListAllMyBuckets"]"#, star, ""),
        (r#"["logs:CreateLogGroup", "logs:PutLogEvents"]"#, star, "plumbing logs:CreateLogGroup logs:PutLogEvents"),
        (r#"["logs:PutLogEvents", "logs:GetLogEvents"]"#, star, "bulk-read logs:GetLogEvents"),
        (r#""iam:PassRole""#, star, ""),
        (r#""ssm:GetParameter""#, r#""$Parameter""#, "bulk-read? ssm:GetParameter; rest?"),
        (r#""ssm:GetParameter""#, r#""arn:aws:ssm:*:*:parameter/$Name""#, ""),
        (r#""ec2:Describe*""#, star, ""),
        (r#""s3:Put*""#, star, "permissions s3:Put*; write s3:Put*"),
    ] {
        assert_eq!(found(action, resource, "{}", false), expected, "{action} on {resource}");
    }
}

#[test]
fn conditions_that_bound() {
    for (action, condition, expected) in [
        ("s3:GetObject", r#"{"StringEquals": {"aws:ResourceTag/team": "a"}}"#, ""),
        ("dynamodb:Scan", r#"{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "a"}}"#, "bulk-read dynamodb:Scan"),
        ("dynamodb:Query", r#"{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "a"}}"#, ""),
        (
            "dynamodb:DeleteTable",
            r#"{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "a"}}"#,
            "write dynamodb:DeleteTable",
        ),
        ("dynamodb:Scan", r#"{"StringEquals": {"dynamodb:LeadingKeys": "a"}}"#, ""),
        ("s3:GetObject", r#"{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#, "bulk-read s3:GetObject"),
        (
            "kms:Decrypt",
            r#"{"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}"#,
            "decrypt kms:Decrypt through a service",
        ),
        ("kms:CreateGrant", r#"{"Bool": {"kms:GrantIsForAWSResource": "true"}}"#, ""),
        ("iam:AttachRolePolicy", r#"{"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}"#, ""),
        (
            "iam:AttachRolePolicy",
            r#"{"ArnNotEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/a"}}"#,
            "permissions iam:AttachRolePolicy",
        ),
        ("ec2:DeleteSecurityGroup", r#"{"Bool": {"aws:ViaAWSService": "true"}}"#, ""),
        ("ec2:CreateVolume", r#"{"StringEquals": {"aws:RequestTag/team": "a"}}"#, ""),
        ("s3:GetObject", r#"{"StringEquals": {"aws:ResourceTag/team": "$Team"}}"#, ""),
        ("s3:GetObject", r#"{"StringLike": {"aws:ResourceTag/team": "$Team"}}"#, "bulk-read? s3:GetObject; rest?"),
    ] {
        let found = found(&format!("\"{action}\""), "\"*\"", condition, false);
        assert_eq!(found, expected, "{action} if {condition}");
    }
}

#[test]
fn roles_that_run_other_resources() {
    for (action, resource, expected) in [
        (r#""lambda:InvokeFunction""#, r#""*""#, "orchestration lambda:InvokeFunction"),
        (
            r#""lambda:InvokeFunction""#,
            r#""arn:aws:lambda:eu-west-1:111122223333:function:*""#,
            "orchestration lambda:InvokeFunction",
        ),
        (r#""lambda:InvokeFunction""#, r#""arn:aws:lambda:eu-west-1:111122223333:function:f""#, ""),
        (r#""lambda:*""#, r#""arn:aws:lambda:eu-west-1:111122223333:function:f""#, "orchestration lambda:*"),
        (r#""lambda:*""#, r#""*""#, "orchestration lambda:*"),
        (
            r#"["s3:GetObject", "lambda:InvokeFunction"]"#,
            r#""*""#,
            "bulk-read s3:GetObject; orchestration lambda:InvokeFunction",
        ),
        (r#"["xray:PutTraceSegments", "logs:CreateLogDelivery"]"#, r#""*""#, ""),
    ] {
        assert_eq!(found(action, resource, "{}", true), expected, "{action} on {resource}");
    }
}
