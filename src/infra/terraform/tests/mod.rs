//! Whole configurations to resources.

mod files;
mod tables;

use super::{read, roots};
use crate::infra::{Context, Options};
use crate::model::{CodeSource, Presence, Project};
use crate::source::Sources;
use crate::syntax::Node;

/// A project from the text of `main.tf`.
struct Read {
    sources: Sources,
    project: Project,
}

fn read_files(files: &[(&str, &str)]) -> Read {
    let sources = Sources::in_memory(files.iter().copied());
    let options = Options::default();
    let context = Context { sources: &sources, options: &options };
    let found = roots(&context);
    assert_eq!(found.len(), 1, "{found:?}");
    let (project, problems) = read(&context, &found[0]);
    assert!(problems.is_empty(), "{problems:?}");
    Read { project: project.unwrap(), sources }
}

fn read_text(text: &str) -> Read {
    read_files(&[("main.tf", text)])
}

impl Read {
    fn at(&self, id: &str, path: &str) -> Option<&Node> {
        let resource = self.project.resource(id).unwrap_or_else(|| panic!("{id} among {:?}", self.ids()));
        resource.property(path)
    }

    fn check(&self, id: &str, path: &str, expected: &str) {
        let found = self.at(id, path).map(ToString::to_string);
        assert_eq!(found.as_deref().unwrap_or("nothing"), expected, "{id} {path}");
    }

    fn line(&self, node: &Node) -> u32 {
        self.sources.location(node.span).start_line
    }

    fn ids(&self) -> Vec<&str> {
        self.project.resources.iter().map(|resource| &*resource.id).collect()
    }
}

#[test]
fn companions_fold_into_their_bucket() {
    let read = read_text(
        r#"
resource "aws_s3_bucket" "b" {
  bucket = "data-${data.aws_caller_identity.me.account_id}"
  tags   = { DataClassification = "pii" }
}
resource "aws_s3_bucket_versioning" "v" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "e" {
  bucket = aws_s3_bucket_versioning.v.bucket
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k.arn
    }
  }
}
resource "aws_s3_bucket_public_access_block" "p" {
  count               = var.block ? 1 : 0
  bucket              = aws_s3_bucket.b.bucket
  block_public_policy = true
}
resource "aws_s3_bucket_public_access_block" "other" {
  bucket              = "another"
  block_public_policy = false
}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Resource = "${aws_s3_bucket.b.arn}/*" }] })
}
resource "aws_kms_key" "k" {}
variable "block" {}
data "aws_caller_identity" "me" {}
"#,
    );
    let b = "aws_s3_bucket.b";
    read.check(b, "BucketName", "data-${AWS::AccountId}");
    read.check(b, "VersioningConfiguration.Status", "Enabled");
    let rules = read.at(b, "BucketEncryption.ServerSideEncryptionConfiguration").unwrap();
    let rule = rules.items()[0].at("ServerSideEncryptionByDefault").unwrap();
    assert_eq!(rule.get("SSEAlgorithm").unwrap().as_text(), Some("aws:kms"));
    assert_eq!(rule.get("KMSMasterKeyID").unwrap().to_string(), "${aws_kms_key.k.Arn}");
    read.check(b, "PublicAccessBlockConfiguration", "{…} or null");
    let alone = read.project.resource("aws_s3_bucket_public_access_block.other").unwrap();
    assert_eq!(&*alone.kind, "AWS::S3::PublicAccessBlock");
    read.check("aws_s3_bucket_public_access_block.other", "PublicAccessBlockConfiguration.BlockPublicPolicy", "false");
    read.check("aws_s3_bucket_policy.p", "Bucket", "${aws_s3_bucket.b}");
    let statement = &read.at("aws_s3_bucket_policy.p", "PolicyDocument.Statement").unwrap().items()[0];
    assert_eq!(statement.get("Resource").unwrap().to_string(), "${aws_s3_bucket.b.Arn}/*");
    assert_eq!(read.line(read.at(b, "VersioningConfiguration.Status").unwrap()), 9);
    assert_eq!(read.line(statement), 32);
    assert_eq!(read.ids().len(), 4);
}

#[test]
fn modules_counts_and_keys_are_addressed_as_terraform_does() {
    let module = r#"
variable "name" {}
variable "config" {
  type = object({ sse = optional(bool, false), retention = optional(number) })
}
resource "aws_sqs_queue" "q" {
  for_each                = toset(["a", "b"])
  name                    = "${var.name}-${each.key}"
  sqs_managed_sse_enabled = var.config.sse
}
resource "aws_sns_topic" "t" {
  count = length(var.name) > 3 ? 2 : 0
}
output "arns" {
  value = { for k, q in aws_sqs_queue.q : k => q.arn }
}
"#;
    let main = r#"
module "m" {
  for_each = { x = "orders" }
  source   = "./mod"
  name     = each.value
  config   = {}
}
module "gone" {
  count  = 0
  source = "./mod"
  name   = "n"
  config = {}
}
resource "aws_sns_topic_subscription" "s" {
  topic_arn = module.m["x"].arns["b"]
  endpoint  = "x"
}
resource "aws_sqs_queue" "many" {
  count = var.n
}
variable "n" {}
"#;
    let read = read_files(&[("main.tf", main), ("mod/main.tf", module)]);
    assert_eq!(
        read.ids(),
        [
            "aws_sns_topic_subscription.s",
            "aws_sqs_queue.many",
            "module.m[\"x\"].aws_sqs_queue.q[\"a\"]",
            "module.m[\"x\"].aws_sqs_queue.q[\"b\"]",
            "module.m[\"x\"].aws_sns_topic.t[0]",
            "module.m[\"x\"].aws_sns_topic.t[1]",
        ]
    );
    read.check("module.m[\"x\"].aws_sqs_queue.q[\"b\"]", "QueueName", "orders-b");
    read.check("module.m[\"x\"].aws_sqs_queue.q[\"b\"]", "SqsManagedSseEnabled", "false");
    read.check("aws_sns_topic_subscription.s", "TopicArn", "${module.m[\"x\"].aws_sqs_queue.q[\"b\"].Arn}");
    let many = read.project.resource("aws_sqs_queue.many").unwrap();
    assert_eq!(many.presence, Presence::Possible("var.n".into()));
    let queue = read.project.resource("module.m[\"x\"].aws_sqs_queue.q[\"a\"]").unwrap();
    assert_eq!(queue.calls[0].1, "called as module.m[\"x\"]");
    assert_eq!(read.sources.location(queue.calls[0].0).start_line, 2);
}

#[test]
fn policy_documents_become_documents_with_the_lines_of_their_blocks() {
    let read = read_text(
        r#"
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "A"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "p" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    effect  = "Deny"
    actions = ["s3:*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
  dynamic "statement" {
    for_each = var.more
    content {
      actions = [statement.value]
    }
  }
}
data "aws_caller_identity" "me" {}
variable "more" {}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = <<-EOF
    {
      "Version": "2012-10-17",
      "Statement": [{
        "Effect": "Allow",
        "Principal": { "AWS": "${var.more}" },
        "Action": "sts:AssumeRole"
      }]
    }
  EOF
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = data.aws_iam_policy_document.p.json
}
resource "aws_iam_role_policy_attachment" "a" {
  for_each   = { x = "arn:aws:iam::aws:policy/ReadOnlyAccess", y = aws_iam_policy.mine.arn }
  role       = aws_iam_role.r.name
  policy_arn = each.value
}
resource "aws_iam_policy" "mine" {
  policy = "{\"Statement\": []}"
}
"#,
    );
    let statements = read.at("aws_iam_role_policy.p", "PolicyDocument.Statement").unwrap().items();
    assert_eq!(statements.iter().map(|statement| read.line(statement)).collect::<Vec<_>>(), [3, 11, 24]);
    assert_eq!(statements[0].get("Effect").unwrap().as_text(), Some("Allow"));
    let principal = statements[1].at("Principal.AWS").unwrap();
    assert_eq!(principal.items()[0].to_string(), "arn:aws:iam::${AWS::AccountId}:root");
    assert_eq!(statements[1].at("Condition.Bool").unwrap().entries()[0].key.as_ref(), "aws:SecureTransport");
    read.check("aws_iam_role_policy.p", "Roles", "[${aws_iam_role.r}]");
    let trust = &read.at("aws_iam_role.r", "AssumeRolePolicyDocument.Statement").unwrap().items()[0];
    assert_eq!(read.line(trust.get("Action").unwrap()), 41);
    assert_eq!(trust.at("Principal.AWS").unwrap().to_string(), "${var.more}");
    assert_eq!(read.line(trust.at("Principal.AWS").unwrap()), 40);
    read.check(
        "aws_iam_role.r",
        "ManagedPolicyArns",
        "[arn:aws:iam::aws:policy/ReadOnlyAccess, ${aws_iam_policy.mine}]",
    );
    read.check("aws_iam_policy.mine", "PolicyDocument.Statement", "[]");
}

#[test]
fn providers_give_regions_and_tags() {
    let read = read_text(
        r#"
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Owner = "x", Stage = "dev" }
  }
}
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
resource "aws_sns_topic" "a" {
  tags = { Stage = "prod" }
}
resource "aws_sns_topic" "b" {
  provider = aws.us
}
resource "aws_sns_topic" "c" {
  region = "ap-south-1"
}
resource "aws_s3_bucket" "d" {}
resource "aws_s3_bucket_versioning" "d" {
  bucket = aws_s3_bucket.d.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_dynamodb_table" "e" {
  name = "e"
  replica {
    region_name = "eu-north-1"
  }
}
"#,
    );
    let own = &read.at("aws_dynamodb_table.e", "Replicas").unwrap().items()[0];
    assert_eq!(own.get("Tags").map_or(0, |tags| tags.items().len()), 2, "a table with replicas inherits as others do");
    assert_eq!(read.at("aws_s3_bucket.d", "Tags").unwrap().items().len(), 2, "each of the provider's tags once");
    assert_eq!(read.project.region.as_text(), Some("eu-west-1"));
    let region = |id: &str| read.project.resource(id).unwrap().region.as_ref().map(ToString::to_string);
    assert_eq!(region("aws_sns_topic.a"), None);
    assert_eq!(region("aws_sns_topic.b").as_deref(), Some("us-east-1"));
    assert_eq!(region("aws_sns_topic.c").as_deref(), Some("ap-south-1"));
    let tags = read.at("aws_sns_topic.a", "Tags").unwrap().items();
    let tags: Vec<String> =
        tags.iter().map(|tag| format!("{}={}", tag.get("Key").unwrap(), tag.get("Value").unwrap())).collect();
    assert_eq!(tags, ["Owner=x", "Stage=prod"]);
    assert!(read.at("aws_sns_topic.b", "Tags").is_none());
}

#[test]
fn code_is_found_through_archives() {
    let main = r#"
data "archive_file" "zip" {
  type        = "zip"
  source_dir  = "${path.module}/../src"
  output_path = "${path.module}/build/f.zip"
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  filename      = data.archive_file.zip.output_path
  handler       = "app.main"
  environment {
    variables = { TABLE = aws_dynamodb_table.t.name }
  }
  mystery = 1
}
resource "aws_lambda_function" "g" {
  function_name = "g"
  filename      = "gone.zip"
}
resource "aws_dynamodb_table" "t" {
  name     = "t"
  hash_key = "id"
  replica {
    region_name = "us-east-1"
    kms_key_arn = "k"
  }
  server_side_encryption {
    enabled = true
  }
}
"#;
    let read = read_files(&[("infra/main.tf", main), ("src/app.py", "x = 1\n")]);
    let code = &read.project.resource("aws_lambda_function.f").unwrap().code;
    assert!(matches!(code, CodeSource::Local { path, .. } if &**path == "src"), "{code:?}");
    assert!(matches!(&read.project.resource("aws_lambda_function.g").unwrap().code, CodeSource::Elsewhere(_)));
    read.check("aws_lambda_function.f", "Environment.Variables.TABLE", "${aws_dynamodb_table.t}");
    read.check("aws_lambda_function.f", "Mystery", "${aws_lambda_function.mystery}");
    assert_eq!(&*read.project.resource("aws_dynamodb_table.t").unwrap().kind, "AWS::DynamoDB::GlobalTable");
    let replica = &read.at("aws_dynamodb_table.t", "Replicas").unwrap().items()[1];
    assert_eq!(replica.get("Region").unwrap().as_text(), Some("us-east-1"));
    assert_eq!(replica.at("SSESpecification.KMSMasterKeyId").unwrap().as_text(), Some("k"));
    read.check("aws_dynamodb_table.t", "SSESpecification.SSEEnabled", "true");
}

#[test]
fn cycles_and_missing_things_are_unknown() {
    let read = read_text(
        r#"
locals {
  a = local.b
  b = local.a
  deep = { x = [var.none] }
}
variable "none" {}
variable "list" { default = ["a", "b"] }
resource "aws_sqs_queue" "q" {
  name                      = local.a
  message_retention_seconds = try(local.deep.x[0].y, local.deep.z, 60)
  delay_seconds             = var.none ? 1 : 2
  kms_master_key_id         = join(",", [for s in var.list : upper(s) if s != "a"])
}
"#,
    );
    assert!(read.at("aws_sqs_queue.q", "QueueName").unwrap().as_unknown().is_some());
    read.check("aws_sqs_queue.q", "MessageRetentionPeriod", "${var.none}");
    read.check("aws_sqs_queue.q", "DelaySeconds", "1 or 2");
    read.check("aws_sqs_queue.q", "KmsMasterKeyId", "B");
}

#[test]
fn values_that_terraform_takes_for_unset_are_absent() {
    let read = read_text(
        r#"
variable "key" {
  default = ""
}
resource "aws_sns_topic" "t" {
  kms_master_key_id = var.key
  display_name      = null
}
resource "aws_cloudwatch_log_group" "g" {
  retention_in_days = 0
}
"#,
    );
    assert!(read.at("aws_sns_topic.t", "KmsMasterKeyId").is_none());
    assert!(read.at("aws_sns_topic.t", "DisplayName").is_none());
    assert!(read.at("aws_cloudwatch_log_group.g", "RetentionInDays").is_none());
}

#[test]
fn blocks_behind_unknown_conditions_are_one_of_two() {
    let read = read_text(
        r#"
variable "key" {}
variable "on" {}
resource "aws_dynamodb_table" "t" {
  dynamic "server_side_encryption" {
    for_each = var.on ? [1] : []
    content {
      enabled     = true
      kms_key_arn = var.key
    }
  }
  dynamic "replica" {
    for_each = []
    content {
      region_name = replica.value
    }
  }
  tags = merge({ Team = "a" }, var.key)
}
resource "aws_iam_role_policy" "p" {
  role   = "x"
  policy = replace(jsonencode({ Statement = [{ Resource = "HERE/*" }] }), "HERE", aws_dynamodb_table.t.arn)
}
"#,
    );
    assert_eq!(&*read.project.resource("aws_dynamodb_table.t").unwrap().kind, "AWS::DynamoDB::Table");
    read.check("aws_dynamodb_table.t", "SSESpecification", "{…} or null");
    let tags = read.at("aws_dynamodb_table.t", "Tags").unwrap().items();
    assert_eq!(tags[0].get("Value").unwrap().to_string(), "${var.key} or a");
    assert!(tags[1].as_unknown().is_some());
    let statement = &read.at("aws_iam_role_policy.p", "PolicyDocument.Statement").unwrap().items()[0];
    assert_eq!(statement.get("Resource").unwrap().to_string(), "${aws_dynamodb_table.t.Arn}/*");
}

#[test]
fn hostile_configurations_end() {
    let double = |first: &str, next: &dyn Fn(usize) -> String| {
        let lines: Vec<String> = (1..60).map(|at| format!("  x{at} = {}\n", next(at - 1))).collect();
        format!(
            "locals {{\n  x0 = {first}\n{}}}\nresource \"aws_sns_topic\" \"t\" {{\n  name = local.x59\n}}\n",
            lines.concat()
        )
    };
    let texts = [
        double("\"0123456789\"", &|at| format!("\"${{local.x{at}}}${{local.x{at}}}\"")),
        double("[1]", &|at| format!("[local.x{at}, local.x{at}]")),
        double("{}", &|at| format!("{{ a = local.x{at}, b = local.x{at} }}")),
        double("[1]", &|at| format!("concat(local.x{at}, local.x{at})")),
        double("\"a\"", &|at| format!("var.c ? [local.x{at}] : {{ a = local.x{at} }}")),
        "resource \"aws_sns_topic\" \"t\" {\n  name = [for a in range(1024) : [for b in range(1024) : [for c in range(1024) : a]]]\n}\n".into(),
        "module \"m\" {\n  count  = 3\n  source = \"./\"\n}\nresource \"aws_sns_topic\" \"t\" {\n  count = 1000000\n}\n".into(),
    ];
    for text in texts {
        let sources = Sources::in_memory([("a/main.tf", text.as_str())]);
        let options = Options::default();
        let (project, _) = read(&Context { sources: &sources, options: &options }, "a");
        assert!(!project.unwrap().resources.is_empty(), "{text}");
    }
}

#[test]
fn modules_that_call_each_other_are_read_all_the_same() {
    let module =
        |source: &str| format!("resource \"aws_sqs_queue\" \"q\" {{}}\nmodule \"m\" {{\n  source = \"{source}\"\n}}\n");
    let (own, a, b) = (module("./"), module("../b"), module("../a"));
    let sources = Sources::in_memory([("own/main.tf", &*own), ("a/main.tf", &a), ("b/main.tf", &b)]);
    let context = Context { sources: &sources, options: &Options::default() };
    assert_eq!(super::roots(&context), ["a", "own"]);
    let (project, problems) = super::read(&context, "own");
    assert_eq!(&*project.unwrap().resources[0].id, "aws_sqs_queue.q");
    assert!(!problems.is_empty(), "that it calls itself is said");
}
