//! Findings on rights: the way from the call to the statement, and the help in the words of the project.

use crate::scan::scan;
use leastwise::finding::{Finding, Status};

const CODE: &str = r#"import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
sns = boto3.client("sns")


def handler(event, context):
    table.put_item(Item=event)
    sns.publish(TopicArn=os.environ["TOPIC"], Message="placed")
    boto3.client("s3").get_object(Bucket=os.environ["INBOX"], Key=event["id"])
"#;

const STATEMENTS: [(&str, &str); 4] =
    [("dynamodb:PutItem", "LP012"), ("sns:Publish", "LP003"), ("s3:GetObject", "LP009"), ("sqs:*", "LP002")];

const CLOUDFORMATION: &str = r#"Resources:
  Orders: { Type: "AWS::DynamoDB::Table", Properties: {} }
  Placed: { Type: "AWS::SNS::Topic", Properties: {} }
  Inbox: { Type: "AWS::S3::Bucket", Properties: {} }
"#;

/// The function with one statement on everything for each action, as SAM writes it.
fn sam() -> String {
    let statement = |(action, _): &(&str, &str)| {
        format!("            - Effect: Allow\n              Action: \"{action}\"\n              Resource: \"*\"\n")
    };
    format!(
        "Transform: AWS::Serverless-2016-10-31\n{CLOUDFORMATION}  Place:\n    Type: AWS::Serverless::Function\n    \
         Properties:\n      CodeUri: src/\n      Handler: app.handler\n      Runtime: python3.13\n      Environment:\n        \
         Variables: {{ TABLE: !Ref Orders, TOPIC: !Ref Placed, INBOX: !Ref Inbox }}\n      Policies:\n        \
         - Statement:\n{}",
        STATEMENTS.iter().map(statement).collect::<String>()
    )
}

const TERRAFORM: &str = r#"
resource "aws_dynamodb_table" "orders" { name = "orders" }
resource "aws_sns_topic" "placed" { name = "placed" }
resource "aws_s3_bucket" "inbox" {}

resource "aws_iam_role" "place" {
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" }
  }] })
}

resource "aws_iam_role_policy" "place" {
  role = aws_iam_role.place.id
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "dynamodb:PutItem", Resource = "*" },
    { Effect = "Allow", Action = "sns:Publish", Resource = "*" },
    { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
    { Effect = "Allow", Action = "sqs:*", Resource = "*" },
  ] })
}

data "archive_file" "place" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "place.zip"
}

resource "aws_lambda_function" "place" {
  function_name = "place"
  role          = aws_iam_role.place.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = data.archive_file.place.output_path
  environment {
    variables = { TABLE = aws_dynamodb_table.orders.name, TOPIC = aws_sns_topic.placed.arn, INBOX = aws_s3_bucket.inbox.id }
  }
}
"#;

fn findings(path: &str, template: &str) -> Vec<Finding> {
    let files = [(path.to_owned(), template.to_owned()), ("src/app.py".to_owned(), CODE.to_owned())];
    let (_, outcome) = scan(&files);
    outcome.findings.into_iter().filter(|finding| finding.status == Status::Violated).collect()
}

fn help(findings: &[Finding], rule: &str, about: &str) -> String {
    let one = findings.iter().find(|finding| &*finding.rule == rule && finding.message.contains(about));
    one.unwrap_or_else(|| panic!("no {rule} on {about}: {findings:#?}")).help.clone()
}

/// `line text` of each step.
fn way(findings: &[Finding], rule: &str, about: &str) -> Vec<String> {
    let one = findings.iter().find(|finding| &*finding.rule == rule && finding.message.contains(about));
    let steps = one.unwrap_or_else(|| panic!("no {rule} on {about}")).flow.iter();
    steps.map(|step| format!("{} {}", step.location.start_line, step.text)).collect()
}

#[test]
fn the_help_names_what_the_code_calls_in_the_words_of_the_project() {
    let json = r#"{"Resources": {
        "Placed": {"Type": "AWS::SNS::Topic"},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": {"Service": "lambda.amazonaws.com"}}]},
            "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [
                {"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}]}}]}},
        "Place": {"Type": "AWS::Lambda::Function", "Properties": {"Code": "src/", "Handler": "app.handler",
            "Runtime": "python3.13", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Environment": {"Variables": {"TOPIC": {"Ref": "Placed"}}}}}}}"#;
    let shapes = [
        ("template.yaml", sam(), ["!GetAtt Orders.Arn", "!Ref Placed", "!Sub \"${Inbox.Arn}/*\""]),
        (
            "main.tf",
            TERRAFORM.to_owned(),
            ["aws_dynamodb_table.orders.arn", "aws_sns_topic.placed.arn", "\"${aws_s3_bucket.inbox.arn}/*\""],
        ),
        ("template.json", json.to_owned(), ["", r#"{"Ref":"Placed"}"#, ""]),
    ];
    for (path, text, names) in shapes {
        let found = findings(path, &text);
        for ((action, rule), name) in STATEMENTS.iter().zip(names).filter(|(_, name)| !name.is_empty()) {
            assert!(help(&found, rule, action).starts_with(&format!("Write {name} instead of *")), "{path} {found:#?}");
        }
    }
}

#[test]
fn the_way_leads_from_the_call_to_the_statement() {
    let found = findings("main.tf", TERRAFORM);
    let expected = [
        "9 table.put_item needs dynamodb:PutItem",
        "28 function aws_lambda_function.place",
        "2 table aws_dynamodb_table.orders",
        "6 role aws_iam_role.place",
        "15 the statement allows dynamodb:PutItem",
    ];
    assert_eq!(way(&found, "LP012", "dynamodb:PutItem"), expected);
    // Without a call there is no more to say than whose role it is.
    let unused =
        ["28 function aws_lambda_function.place", "6 role aws_iam_role.place", "18 the statement allows sqs:*"];
    assert_eq!(way(&found, "LP002", "sqs:*"), unused);
    assert_eq!(help(&found, "LP002", "sqs:*"), "Replace the wildcard by the actions that the code calls.");
    let one = way(&found, "XL001", "sqs:*");
    assert_eq!(one.last().map(String::as_str), Some("18 the statement allows sqs:*; no call needs any of it"));
    assert_eq!(help(&found, "XL001", "sqs:*"), "Remove the statement: the code uses nothing that it allows.");
}

#[test]
fn what_is_called_on_something_unknown_leaves_the_help_general() {
    let code = CODE.replace("os.environ[\"TOPIC\"]", "event[\"topic\"]");
    let files = [("template.yaml".to_owned(), sam()), ("src/app.py".to_owned(), code)];
    let (_, outcome) = scan(&files);
    let text = help(&outcome.findings, "LP003", "sns:Publish");
    assert!(text.starts_with("Write the ARNs of the resources that the statement is for instead of *"), "{text}");
}

#[test]
fn a_missing_right_names_the_resource_and_the_statements_that_come_closest() {
    let found = findings("main.tf", &TERRAFORM.replace("\"sns:Publish\"", "\"sns:Subscribe\""));
    assert_eq!(
        help(&found, "XL002", "sns:Publish"),
        "Allow sns:Publish on aws_sns_topic.placed.arn, or remove the call."
    );
    let expected = [
        "10 sns.publish needs sns:Publish",
        "28 function aws_lambda_function.place",
        "3 topic aws_sns_topic.placed",
        "6 role aws_iam_role.place does not allow it",
        "16 the statement allows sns:Subscribe",
    ];
    assert_eq!(way(&found, "XL002", "sns:Publish"), expected);
}

#[test]
fn a_weakness_of_a_call_on_one_store_is_told_once() {
    let template = include_str!("../../rules/cross-layer/XL006-encryption-gap/bad.cfn/template.yaml");
    let code = include_str!("../../rules/cross-layer/XL006-encryption-gap/bad.cfn/src/app.mjs");
    let files = [("template.yaml".to_owned(), template.to_owned()), ("src/app.mjs".to_owned(), code.to_owned())];
    let (_, outcome) = scan(&files);
    let found: Vec<&Finding> = outcome.findings.iter().filter(|finding| &*finding.rule == "XL006").collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].help, "Allow kms:Decrypt on !GetAtt Key.Arn, and on nothing else.");
}
