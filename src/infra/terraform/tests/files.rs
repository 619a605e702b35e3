//! Configurations of several files: JSON, overrides, values, downloaded modules, state.

use super::super::read;
use super::read_files;
use crate::infra::{Context, Options};
use crate::source::Sources;

#[test]
fn json_override_files_and_values_are_read_as_terraform_reads_them() {
    let read = read_files(&[
        (
            "main.tf.json",
            r#"{
  "variable": { "name": { "type": "string" }, "on": { "type": "bool", "default": false } },
  "resource": {
    "aws_sqs_queue": { "q": { "name": "${var.name}-jobs", "sqs_managed_sse_enabled": "${var.on}" } },
    "aws_dynamodb_table": { "t": { "name": "t", "server_side_encryption": { "enabled": true } } }
  }
}"#,
        ),
        ("extra.tf", "resource \"aws_sns_topic\" \"t\" {\n  name = \"a\"\n  display_name = \"d\"\n}\n"),
        ("z_override.tf", "resource \"aws_sns_topic\" \"t\" {\n  name = \"b\"\n}\n"),
        ("old.tf", "resource \"aws_sns_topic\" \"never\" {}\n"),
        ("old.tofu", "resource \"aws_sns_topic\" \"tofu\" {}\n"),
        ("terraform.tfvars.json", r#"{"name": "early"}"#),
        ("b.auto.tfvars.json", r#"{"name": "late"}"#),
    ]);
    assert_eq!(read.ids(), ["aws_sns_topic.t", "aws_sqs_queue.q", "aws_dynamodb_table.t", "aws_sns_topic.tofu"]);
    read.check("aws_sqs_queue.q", "QueueName", "late-jobs");
    read.check("aws_sqs_queue.q", "SqsManagedSseEnabled", "false");
    read.check("aws_dynamodb_table.t", "SSESpecification.SSEEnabled", "true");
    read.check("aws_sns_topic.t", "TopicName", "b");
    read.check("aws_sns_topic.t", "DisplayName", "d");
}

#[test]
fn downloaded_modules_are_read() {
    let manifest = r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"jobs","Source":"registry.terraform.io/x/jobs/aws","Version":"1.0.0","Dir":".terraform/modules/jobs"},{"Key":"jobs.inner","Source":"git::https://example.com/inner","Dir":".terraform/modules/jobs.inner"}]}"#;
    let sources = Sources::in_memory([
        ("infra/main.tf", "module \"jobs\" {\n  source = \"x/jobs/aws\"\n  name = \"n\"\n}\n"),
        ("infra/.terraform/modules/modules.json", manifest),
        (
            "infra/.terraform/modules/jobs/main.tf",
            "variable \"name\" {}\nmodule \"inner\" {\n  source = \"git::https://example.com/inner\"\n  name = var.name\n}\n",
        ),
        (
            "infra/.terraform/modules/jobs.inner/main.tf",
            "variable \"name\" {}\nresource \"aws_sqs_queue\" \"q\" {\n  name = var.name\n}\n",
        ),
    ]);
    let options = Options::default();
    let (project, problems) = read(&Context { sources: &sources, options: &options }, "infra");
    assert!(problems.is_empty(), "{problems:?}");
    let project = project.unwrap();
    let queue = project.resource("module.jobs.module.inner.aws_sqs_queue.q").unwrap();
    assert_eq!(queue.property("QueueName").unwrap().as_text(), Some("n"));
    assert_eq!(queue.calls.len(), 2);
}

#[test]
fn values_on_the_command_line_take_the_variables_type() {
    let text = r#"
variable "names" { type = list(string) }
variable "count_of" { type = number }
variable "plain" {}
resource "aws_sqs_queue" "q" {
  for_each = toset(var.names)
  name = "${each.key}${var.plain}"
  delay_seconds = var.count_of
}
"#;
    let sources = Sources::in_memory([("main.tf", text)]);
    let given = [("names", "[\"a\", \"b\"]"), ("count_of", "3"), ("plain", "[]")];
    let parameters = given.map(|(key, value)| (key.into(), value.into())).into_iter().collect();
    let options = Options { parameters, ..Options::default() };
    let (project, problems) = read(&Context { sources: &sources, options: &options }, "");
    assert!(problems.is_empty(), "{problems:?}");
    let project = project.unwrap();
    let queue = project.resource("aws_sqs_queue.q[\"b\"]").unwrap();
    assert_eq!(queue.property("QueueName").unwrap().as_text(), Some("b[]"));
    assert_eq!(queue.property("DelaySeconds").unwrap().as_i64(), Some(3));
}

#[test]
fn bodies_of_apis_give_routes() {
    let openapi =
        "openapi: 3.0.1\npaths:\n  /pets:\n    get:\n      x-amazon-apigateway-integration: { uri: \"${arn}\" }\n";
    let read = read_files(&[
        (
            "main.tf",
            r#"
resource "aws_api_gateway_rest_api" "a" {
  name = "a"
  body = jsonencode({
    openapi = "3.0.1"
    paths = {
      "/pay" = {
        post = { security = [{ iam = [] }] }
      }
    }
    components = { securitySchemes = { iam = { type = "apiKey", "x-amazon-apigateway-authtype" = "awsSigv4" } } }
  })
}
resource "aws_apigatewayv2_api" "h" {
  name          = "h"
  protocol_type = "HTTP"
  body          = templatefile("${path.module}/api.yaml", { arn = aws_api_gateway_rest_api.a.arn })
}
"#,
        ),
        ("api.yaml", openapi),
    ]);
    read.check("aws_api_gateway_rest_api.a/POST//pay", "AuthorizationType", "AWS_IAM");
    read.check("aws_apigatewayv2_api.h/GET//pets", "RouteKey", "GET /pets");
    let route = read.project.resource("aws_apigatewayv2_api.h/GET//pets").unwrap();
    assert_eq!(read.sources.location(route.span).start_line, 4);
}

#[test]
fn the_state_names_what_the_configuration_leaves_open() {
    let main = r#"
module "files" {
  source = "./files"
}
moved {
  from = module.old
  to   = module.files
}
resource "aws_sqs_queue" "jobs" {
  name = "written"
}
"#;
    let files = r#"
variable "name" {}
resource "aws_s3_bucket" "b" {
  bucket_prefix = "files-"
}
resource "aws_sns_topic" "t" {
  count = 1
  name  = var.name
}
moved {
  from = aws_sns_topic.before
  to   = aws_sns_topic.t[0]
}
"#;
    let state = r#"{"version": 4, "resources": [
  {"module": "module.old", "mode": "managed", "type": "aws_s3_bucket", "name": "b",
   "instances": [{"attributes": {"bucket": "files-2026", "bucket_prefix": "files-", "arn": "arn:aws:s3:::files-2026"}}]},
  {"module": "module.files", "mode": "managed", "type": "aws_sns_topic", "name": "before",
   "instances": [{"attributes": {"name": "alarms", "arn": "arn:aws:sns:eu-north-1:123456789012:alarms", "secret": "hush"}}]},
  {"mode": "managed", "type": "aws_sqs_queue", "name": "jobs",
   "instances": [{"attributes": {"name": "other", "arn": "arn:aws:sqs:eu-north-1:123456789012:other"}}]}]}"#;
    let read = read_files(&[("main.tf", main), ("files/main.tf", files), ("terraform.tfstate", state)]);
    read.check("module.files.aws_s3_bucket.b", "BucketName", "files-2026");
    read.check("module.files.aws_sns_topic.t[0]", "TopicName", "alarms");
    read.check("aws_sqs_queue.jobs", "QueueName", "written");
    assert_eq!(read.project.region.as_text(), Some("eu-north-1"));
}

#[test]
fn a_printed_state_says_names_as_the_stored_one_does() {
    let main = "module \"files\" {\n  source = \"./files\"\n}\n";
    let files = "resource \"aws_s3_bucket\" \"b\" {\n  bucket_prefix = \"files-\"\n}\n";
    let state = r#"{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {"child_modules": [
  {"address": "module.files", "resources": [
    {"address": "module.files.aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b",
     "values": {"bucket": "files-2026", "arn": "arn:aws:s3:::files-2026"}},
    {"address": "module.files.data.aws_sns_topic.t", "mode": "data", "values": {"arn": "arn:aws:sns:eu-west-1:1:t"}},
    {"address": "module.files.aws_sns_topic.t", "mode": "managed", "values": {"arn": "arn:aws:sns:eu-north-1:1:t"}}]}]}}}"#;
    let read = read_files(&[("main.tf", main), ("files/main.tf", files), ("state.json", state)]);
    read.check("module.files.aws_s3_bucket.b", "BucketName", "files-2026");
    assert_eq!(read.project.region.as_text(), Some("eu-north-1"));
    // It is no project by itself.
    let sources = Sources::in_memory([("state.json", state)]);
    let (projects, problems) = crate::infra::read(&sources, &Options::default());
    assert!(projects.is_empty() && problems.is_empty(), "{projects:?} {problems:?}");
}

#[test]
fn import_blocks_say_names() {
    let main = r#"
variable "account" { default = "111122223333" }
resource "aws_sqs_queue" "q" {}
resource "aws_s3_bucket" "b" {}
resource "aws_sns_topic" "t" { name = "written" }
resource "aws_lambda_function" "f" {
  for_each = toset(["a"])
  package_type = "Image"
}
import {
  to = aws_sqs_queue.q
  id = "https://sqs.eu-north-1.amazonaws.com/${var.account}/jobs"
}
import {
  to = aws_s3_bucket.b
  id = "files"
}
import {
  to = aws_sns_topic.t
  id = "arn:aws:sns:eu-north-1:${var.account}:other"
}
import {
  to = aws_lambda_function.f["a"]
  id = "place"
}
"#;
    let read = read_files(&[("main.tf", main)]);
    read.check("aws_sqs_queue.q", "QueueName", "jobs");
    read.check("aws_s3_bucket.b", "BucketName", "files");
    read.check("aws_sns_topic.t", "TopicName", "written");
    read.check("aws_lambda_function.f[\"a\"]", "FunctionName", "place");
    assert_eq!(read.project.region.as_text(), Some("eu-north-1"));
}

#[test]
fn modules_stand_in_each_other_as_deep_as_they_are_written() {
    let mut files =
        vec![("main.tf".to_owned(), "module \"m\" {\n  source = \"./m0\"\n  name = \"deep\"\n}\n".to_owned())];
    for level in 0..25 {
        let inner = format!(
            "variable \"name\" {{}}\nmodule \"m\" {{\n  source = \"../m{}\"\n  name = \"${{var.name}}{level}\"\n}}\n",
            level + 1
        );
        files.push((format!("m{level}/main.tf"), inner));
    }
    let last = "variable \"name\" {}\nresource \"aws_sqs_queue\" \"q\" {\n  name = var.name\n}\n";
    files.push(("m25/main.tf".to_owned(), last.to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let read = read_files(&files);
    let queue = format!("{}aws_sqs_queue.q", "module.m.".repeat(26));
    let name: String = (0..25).map(|level| level.to_string()).collect();
    read.check(&queue, "QueueName", &format!("deep{name}"));
    assert_eq!(read.project.resource(&queue).unwrap().calls.len(), 26);
}
