//! What names what, in a template and in Terraform: each kind of link that `show` prints.

use leastwise::infra::{Options, read};
use leastwise::model::links::{Target, links};
use leastwise::source::Sources;
use std::collections::BTreeSet;

/// `type -> type` of each link of the only project, without what stands before the last `::`; managed policies by name.
fn linked(path: &str, text: &str) -> BTreeSet<String> {
    let sources = Sources::in_memory([(path, text)]);
    let (projects, problems) = read(&sources, &Options::default());
    assert_eq!(problems, []);
    let [project] = projects.as_slice() else { panic!("{} projects", projects.len()) };
    let short = |kind: &str| kind.rsplit("::").next().unwrap().to_owned();
    let found = links(project).into_iter().map(|link| {
        let end = match &link.to {
            Target::Resource(id) => short(&project.resource(id).unwrap().kind),
            Target::Managed(arn) => arn.rsplit('/').next().unwrap().to_owned(),
        };
        format!("{} {} {end}", short(&link.from.kind), link.path)
    });
    found.collect()
}

/// Fails where one of the links is missing.
fn expect(found: &BTreeSet<String>, expected: &[&str]) {
    let missing: Vec<_> = expected.iter().filter(|link| !found.contains(**link)).collect();
    assert!(missing.is_empty(), "missing {missing:#?} in {found:#?}");
}

const TEMPLATE: &str = r"
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/orders, TargetKeyId: !Ref Key}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: orders, SSESpecification: {SSEEnabled: true, KMSMasterKeyId: alias/orders}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: orders, KmsMasterKeyId: !GetAtt Key.Arn}}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: orders
      BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {KMSMasterKeyID: !Ref Key}}]}
      ReplicationConfiguration:
        Role: !GetAtt Role.Arn
        Rules: [{Destination: {Bucket: 'arn:aws:s3:::orders-copy'}}]
      NotificationConfiguration:
        LambdaConfigurations: [{Event: 's3:*', Function: 'arn:aws:lambda:eu-west-1:111122223333:function:orders'}]
  Copy: {Type: AWS::S3::Bucket, Properties: {BucketName: orders-copy}}
  BucketPolicy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: orders, PolicyDocument: {}}}
  Role:
    Type: AWS::IAM::Role
    Properties: {ManagedPolicyArns: [!Ref Managed, 'arn:aws:iam::aws:policy/ReadOnlyAccess'], AssumeRolePolicyDocument: {}}
  Managed: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {}}}
  Policy: {Type: AWS::IAM::Policy, Properties: {PolicyName: p, PolicyDocument: {}, Roles: [!Ref Role]}}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: orders
      Role: !GetAtt Role.Arn
      LoggingConfig: {LogGroup: /orders}
      Environment:
        Variables: {TABLE: !Ref Table, URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/orders'}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /orders}}
  Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: orders, EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:orders'}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  FunctionAlarm: {Type: AWS::CloudWatch::Alarm, Properties: {Dimensions: [{Name: FunctionName, Value: orders}]}}
  TableAlarm: {Type: AWS::CloudWatch::Alarm, Properties: {Dimensions: [{Name: TableName, Value: !Ref Table}]}}
  ApiAlarm: {Type: AWS::CloudWatch::Alarm, Properties: {Dimensions: [{Name: ApiName, Value: orders}]}}
  QueueAlarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Metrics: [{Id: m, MetricStat: {Metric: {Dimensions: [{Name: QueueName, Value: orders}]}}}]
";

#[test]
fn a_template_names_its_own_resources() {
    expect(
        &linked("t.yaml", TEMPLATE),
        &[
            "Alias TargetKeyId Key",
            "Table SSESpecification.KMSMasterKeyId Alias",
            "Queue KmsMasterKeyId Key",
            "Bucket BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault.KMSMasterKeyID Key",
            "Bucket ReplicationConfiguration.Role Role",
            "Bucket ReplicationConfiguration.Rules.Destination.Bucket Bucket",
            "Bucket NotificationConfiguration.LambdaConfigurations.Function Function",
            "BucketPolicy Bucket Bucket",
            "Role ManagedPolicyArns ManagedPolicy",
            "Role ManagedPolicyArns ReadOnlyAccess",
            "Policy Roles Role",
            "Function Role Role",
            "Function LoggingConfig.LogGroup LogGroup",
            "Function Environment.Variables.TABLE Table",
            "Function Environment.Variables.URL Queue",
            "EventSourceMapping FunctionName Function",
            "EventSourceMapping EventSourceArn Queue",
            "Alarm Dimensions.Value Function",
            "Alarm Dimensions.Value Table",
            "Alarm Dimensions.Value RestApi",
            "Alarm Metrics.MetricStat.Metric.Dimensions.Value Queue",
        ],
    );
}

#[test]
fn what_has_the_same_name_is_told_apart() {
    let found = linked("t.yaml", TEMPLATE);
    let wrong = ["BucketPolicy Bucket Table", "EventSourceMapping EventSourceArn Table", "RestApi Name Table"];
    assert_eq!(wrong.iter().filter(|link| found.contains(**link)).count(), 0, "{found:#?}");
}

const TERRAFORM: &str = r#"
resource "aws_kms_key" "k" {}
resource "aws_kms_alias" "a" {
  name          = "alias/orders"
  target_key_id = aws_kms_key.k.key_id
}
resource "aws_dynamodb_table" "t" {
  name     = "orders"
  hash_key = "id"
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.k.arn
  }
}
resource "aws_sqs_queue" "q" {
  name              = "orders"
  kms_master_key_id = "alias/orders"
}
resource "aws_s3_bucket" "b" { bucket = "orders" }
resource "aws_s3_bucket" "copy" { bucket = "orders-copy" }
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Statement = [] })
}
resource "aws_s3_bucket_server_side_encryption_configuration" "e" {
  bucket = aws_s3_bucket.b.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k.arn
    }
  }
}
resource "aws_s3_bucket_replication_configuration" "r" {
  bucket = aws_s3_bucket.b.id
  role   = aws_iam_role.r.arn
  rule {
    status = "Enabled"
    destination { bucket = aws_s3_bucket.copy.arn }
  }
}
resource "aws_iam_policy" "m" { policy = jsonencode({ Statement = [] }) }
resource "aws_iam_role" "r" { assume_role_policy = jsonencode({ Statement = [] }) }
resource "aws_iam_role_policy_attachment" "own" {
  role       = aws_iam_role.r.name
  policy_arn = aws_iam_policy.m.arn
}
resource "aws_iam_role_policy_attachment" "aws" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
resource "aws_lambda_function" "f" {
  function_name = "orders"
  role          = aws_iam_role.r.arn
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/f:1"
  package_type  = "Image"
  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.l.name
  }
  environment { variables = { TABLE = aws_dynamodb_table.t.name, QUEUE = aws_sqs_queue.q.url } }
}
resource "aws_cloudwatch_log_group" "l" { name = "/orders" }
resource "aws_lambda_event_source_mapping" "s" {
  function_name    = aws_lambda_function.f.arn
  event_source_arn = aws_sqs_queue.q.arn
}
resource "aws_api_gateway_rest_api" "api" {
  name = "orders"
  body = jsonencode({
    swagger = "2.0"
    paths = { "/a" = { get = {
      security                        = [{ guard = [] }]
      x-amazon-apigateway-integration = { type = "aws_proxy", uri = aws_lambda_function.f.invoke_arn }
    } } }
    securityDefinitions = { guard = {
      type = "apiKey", name = "X", in = "header"
      x-amazon-apigateway-authtype   = "custom"
      x-amazon-apigateway-authorizer = { type = "token", authorizerUri = aws_lambda_function.f.invoke_arn }
    } }
  })
}
resource "aws_cloudwatch_metric_alarm" "f" {
  alarm_name = "a"
  dimensions = { FunctionName = "orders" }
}
resource "aws_cloudwatch_metric_alarm" "q" {
  alarm_name = "b"
  dimensions = { QueueName = aws_sqs_queue.q.name }
}
"#;

#[test]
fn a_configuration_names_its_own_resources() {
    expect(
        &linked("main.tf", TERRAFORM),
        &[
            "Alias TargetKeyId Key",
            "Table SSESpecification.KMSMasterKeyId Key",
            "Queue KmsMasterKeyId Alias",
            "BucketPolicy Bucket Bucket",
            "Bucket BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault.KMSMasterKeyID Key",
            "Bucket ReplicationConfiguration.Role Role",
            "Bucket ReplicationConfiguration.Rules.Destination.Bucket Bucket",
            "Role ManagedPolicyArns ManagedPolicy",
            "Role ManagedPolicyArns ReadOnlyAccess",
            "Function Role Role",
            "Function LoggingConfig.LogGroup LogGroup",
            "Function Environment.Variables.TABLE Table",
            "Function Environment.Variables.QUEUE Queue",
            "EventSourceMapping FunctionName Function",
            "EventSourceMapping EventSourceArn Queue",
            "Method RestApiId RestApi",
            "Method AuthorizerId Authorizer",
            "Method Integration.Uri Function",
            "Authorizer AuthorizerUri Function",
            "Alarm Dimensions.Value Function",
            "Alarm Dimensions.Value Queue",
        ],
    );
}
