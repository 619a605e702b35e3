//! Plans alone, and beside the configuration that they were made from.

use super::super::{read, roots};
use super::{read as read_plan, roots as plans};
use crate::infra::{Context, Options};
use crate::model::Project;
use crate::source::{Problem, Sources};

const CONFIGURATION: &str = r#"
provider "aws" {
  region = var.region
}
variable "region" {
  default = "us-east-1"
}
module "store" {
  source = "./store"
  key    = aws_kms_key.k.arn
}
resource "aws_kms_key" "k" {
  enable_key_rotation = var.region != ""
}
"#;

const STORE: &str = r#"
variable "key" {}
resource "aws_s3_bucket" "b" {
  count = 1
}
resource "aws_s3_bucket_server_side_encryption_configuration" "e" {
  bucket = aws_s3_bucket.b[0].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.key
    }
  }
}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "*"
    }]
  })
}
"#;

const PLAN: &str = r#"{
 "format_version": "1.2",
 "terraform_version": "1.11.4",
 "variables": {"region": {"value": "eu-west-1"}},
 "planned_values": {"root_module": {
  "resources": [{"address": "aws_kms_key.k", "mode": "managed", "type": "aws_kms_key", "name": "k",
    "values": {"enable_key_rotation": true, "description": null, "tags_all": {"Stage": "x"}}}],
  "child_modules": [{"address": "module.store", "resources": [
   {"address": "module.store.aws_s3_bucket.b[0]", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "index": 0,
    "values": {"force_destroy": false, "tags": null, "region": "eu-west-1"}},
   {"address": "module.store.aws_s3_bucket_server_side_encryption_configuration.e", "mode": "managed",
    "type": "aws_s3_bucket_server_side_encryption_configuration", "name": "e",
    "values": {"expected_bucket_owner": null, "rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}], "bucket_key_enabled": null}]}},
   {"address": "module.store.aws_s3_bucket_policy.p", "mode": "managed", "type": "aws_s3_bucket_policy", "name": "p",
    "values": {"policy": "{\"Statement\":[{\"Action\":\"s3:GetObject\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Resource\":\"*\"}],\"Version\":\"2012-10-17\"}"}}]}]}},
 "resource_changes": [
  {"address": "module.store.aws_s3_bucket_server_side_encryption_configuration.e",
   "change": {"actions": ["create"], "after_unknown": {"bucket": true, "id": true, "rule": [{"apply_server_side_encryption_by_default": [{"kms_master_key_id": true}]}]}}},
  {"address": "module.store.aws_s3_bucket_policy.p", "change": {"actions": ["create"], "after_unknown": {"bucket": true, "id": true}}}],
 "configuration": {
  "provider_config": {"aws": {"name": "aws", "expressions": {"region": {"references": ["var.region"]}}}},
  "root_module": {
   "resources": [{"address": "aws_kms_key.k", "mode": "managed", "type": "aws_kms_key", "name": "k", "provider_config_key": "aws",
     "expressions": {"enable_key_rotation": {"references": ["var.region"]}}}],
   "module_calls": {"store": {"source": "./store", "expressions": {"key": {"references": ["aws_kms_key.k.arn", "aws_kms_key.k"]}},
    "module": {"resources": [
     {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "provider_config_key": "aws", "count_expression": {"constant_value": 1}},
     {"address": "aws_s3_bucket_server_side_encryption_configuration.e", "mode": "managed", "type": "aws_s3_bucket_server_side_encryption_configuration", "name": "e",
      "expressions": {"bucket": {"references": ["aws_s3_bucket.b[0].id", "aws_s3_bucket.b[0]", "aws_s3_bucket.b"]},
       "rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": {"constant_value": "aws:kms"}, "kms_master_key_id": {"references": ["var.key"]}}]}]}},
     {"address": "aws_s3_bucket_policy.p", "mode": "managed", "type": "aws_s3_bucket_policy", "name": "p",
      "expressions": {"bucket": {"references": ["aws_s3_bucket.b[0].id", "aws_s3_bucket.b[0]", "aws_s3_bucket.b"]}, "policy": {}}}]}}}}}
}"#;

struct Read {
    sources: Sources,
    project: Project,
    problems: Vec<Problem>,
}

fn planned(files: &[(&str, &str)]) -> Read {
    let sources = Sources::in_memory(files.iter().copied());
    let options = Options::default();
    let context = Context { sources: &sources, options: &options };
    let paths = plans(&context);
    assert_eq!(paths.len(), 1, "{paths:?}");
    let (project, problems) = read_plan(&context, &paths[0]);
    Read { project: project.unwrap(), problems, sources }
}

impl Read {
    fn check(&self, id: &str, path: &str, expected: &str) {
        let resource = self.project.resource(id).unwrap_or_else(|| panic!("{id}"));
        let found = resource.property(path).map(ToString::to_string);
        assert_eq!(found.as_deref().unwrap_or("nothing"), expected, "{id} {path}");
    }

    fn place(&self, id: &str, path: &str) -> String {
        let node = self.project.resource(id).unwrap().property(path).unwrap();
        let location = self.sources.location(node.span);
        format!("{}:{}", location.path, location.start_line)
    }
}

const BUCKET: &str = "module.store.aws_s3_bucket.b[0]";
const POLICY: &str = "module.store.aws_s3_bucket_policy.p";

#[test]
fn a_plan_alone_tells_values_and_references() {
    let read = planned(&[("plan.json", PLAN)]);
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    assert_eq!(read.project.region.as_text(), Some("eu-west-1"));
    assert_eq!(read.project.resources.len(), 3);
    read.check(POLICY, "Bucket", "${module.store.aws_s3_bucket.b[0]}");
    read.check("aws_kms_key.k", "EnableKeyRotation", "true");
    let rules = "BucketEncryption.ServerSideEncryptionConfiguration";
    let resource = read.project.resource(BUCKET).unwrap();
    let rule = resource.property(rules).unwrap().items()[0].at("ServerSideEncryptionByDefault").unwrap();
    assert_eq!(rule.get("KMSMasterKeyID").unwrap().to_string(), "${aws_kms_key.k.Arn}");
    assert_eq!(resource.calls[0].1, "called as module.store");
    assert!(resource.region.is_none(), "the project's");
}

#[test]
fn a_plan_beside_its_configuration_points_at_what_is_written() {
    let files = [("infra/main.tf", CONFIGURATION), ("infra/store/main.tf", STORE), ("infra/plan.json", PLAN)];
    let read = planned(&files);
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    assert_eq!(&*read.project.path, "infra");
    read.check(POLICY, "Bucket", "${module.store.aws_s3_bucket.b[0]}");
    let statement = &read.project.resource(POLICY).unwrap().property("PolicyDocument.Statement").unwrap().items()[0];
    let line = |span| read.sources.location(span).start_line;
    assert_eq!(line(statement.get("Principal").unwrap().span), 21);
    assert_eq!(read.place("aws_kms_key.k", "EnableKeyRotation"), "infra/main.tf:13");
    let bucket = read.project.resource(BUCKET).unwrap();
    assert_eq!(line(bucket.span), 3);
    assert_eq!(line(bucket.calls[0].0), 8);
    let rule = bucket.property("BucketEncryption.ServerSideEncryptionConfiguration").unwrap().items()[0].clone();
    assert_eq!(rule.at("ServerSideEncryptionByDefault.KMSMasterKeyID").unwrap().to_string(), "${aws_kms_key.k.Arn}");
    // The plan is judged for the folder that it was made from.
    let options = Options::default();
    let context = Context { sources: &read.sources, options: &options };
    assert!(roots(&context).is_empty());
}

#[test]
fn a_plan_that_is_out_of_date_says_so_and_hides_nothing() {
    let newer = format!("{CONFIGURATION}resource \"aws_sns_topic\" \"new\" {{}}\n");
    let files = [("infra/main.tf", newer.as_str()), ("infra/store/main.tf", STORE), ("infra/plan.json", PLAN)];
    let planned = planned(&files);
    assert_eq!(planned.problems.len(), 1, "{:?}", planned.problems);
    assert!(planned.problems[0].message.contains("aws_sns_topic.new"));
    let options = Options::default();
    let context = Context { sources: &planned.sources, options: &options };
    assert_eq!(roots(&context), ["infra"]);
    let (project, _) = read(&context, "infra");
    assert!(project.unwrap().resource("aws_sns_topic.new").is_some());
}

#[test]
fn what_is_sensitive_is_not_taken_from_a_plan() {
    let text = PLAN
        .replace(r#""description": null"#, r#""description": "hush""#)
        .replace(r#""values": {"enable"#, r#""sensitive_values": {"description": true}, "values": {"enable"#);
    let read = planned(&[("plan.json", &text)]);
    let key = read.project.resource("aws_kms_key.k").unwrap();
    assert!(key.property("Description").unwrap().as_unknown().is_some());
    assert!(!format!("{key:?}").contains("hush"));
}
