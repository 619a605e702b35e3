//! Rules of one's own on the provider's own attributes, in every format: violated, silent, or unable to tell.

use crate::scan::scan_with;
use leastwise::engine::{self, Rules};
use leastwise::fact;
use leastwise::finding::Status;
use leastwise::model::registry;
use leastwise::rule::{self, RuleSource};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The rules with one of one's own, `OWN1`, on a type.
pub fn load(kind: &str, conditions: &str) -> Result<Rules, String> {
    let cedar = format!(
        "@id(\"OWN1\") @name(\"own\") @severity(\"low\") @message(\"{{resource.name}}\")\n\
         forbid (principal, action == Action::\"deploy\", resource is {kind})\n{conditions};\n"
    );
    let mut sources = rule::built_in();
    let own = sources.len();
    let source = |path: &str, cedar: String| RuleSource {
        path: path.into(),
        category: "own".into(),
        cedar: cedar.into(),
        page: "".into(),
    };
    sources.push(source("own.cedar", cedar));
    let text = |errors: Vec<rule::RuleError>| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    engine::load(&sources, own, &fact::entity_types()).map_err(text)
}

/// Holds the findings of a rule to the marks: `# bad` on the line of a violation, `# unknown: reason` on the line of
/// what it cannot tell.
fn holds(kind: &str, conditions: &str, files: &[(&str, &str)]) {
    let rules = load(kind, conditions).unwrap();
    for file in files {
        let outcome = scan_with(&rules, &[*file]);
        let mut found = BTreeSet::new();
        for finding in outcome.findings.iter().filter(|finding| &*finding.rule == "OWN1") {
            let said = match finding.status {
                Status::Violated => "bad".to_owned(),
                _ => finding.message.split_once("own (").unwrap().1.trim_end_matches(')').to_owned(),
            };
            found.insert((finding.location.start_line, said));
        }
        let mut marked = BTreeSet::new();
        for (line, text) in (1..).zip(file.1.lines()) {
            if text.ends_with("# bad") {
                marked.insert((line, "bad".to_owned()));
            } else if let Some((_, reason)) = text.split_once("# unknown: ") {
                marked.insert((line, reason.to_owned()));
            }
        }
        let problems: Vec<&str> = outcome.problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(found, marked, "{conditions}\n{}\n{problems:?}", file.1);
    }
}

const TERRAFORM: &str = r#"
variable "size" {}
resource "aws_lambda_function" "bad" {
  function_name = "bad"
  role          = "arn:aws:iam::123456789012:role/r"
  memory_size   = 128 # bad
}
resource "aws_lambda_function" "good" {
  function_name = "good"
  role          = "arn:aws:iam::123456789012:role/r"
  memory_size   = 512
}
resource "aws_lambda_function" "none" { # bad
  function_name = "none"
  role          = "arn:aws:iam::123456789012:role/r"
}
resource "aws_lambda_function" "open" { # unknown: var.size has no default
  function_name = "open"
  role          = "arn:aws:iam::123456789012:role/r"
  memory_size   = var.size
}
resource "aws_lambda_function" "odd" { # unknown: aws_lambda_function.unheard_of is not mapped
  function_name = "odd"
  role          = "arn:aws:iam::123456789012:role/r"
  unheard_of    = 1
}
"#;

#[test]
fn a_number_is_judged_in_every_format() {
    let conditions = "unless { resource has MemorySize && resource.MemorySize >= 256 }";
    let cloudformation = r#"
Parameters:
  Size: {Type: Number}
Resources:
  Bad:
    Type: AWS::Lambda::Function
    Properties:
      Role: r
      Code: {S3Bucket: a, S3Key: b}
      MemorySize: 128 # bad
  Good:
    Type: AWS::Lambda::Function
    Properties:
      Role: r
      Code: {S3Bucket: a, S3Key: b}
      MemorySize: "256"
  None: # bad
    Type: AWS::Lambda::Function
    Properties:
      Role: r
      Code: {S3Bucket: a, S3Key: b}
  Open: # unknown: Size has no default
    Type: AWS::Lambda::Function
    Properties:
      Role: r
      Code: {S3Bucket: a, S3Key: b}
      MemorySize: !Ref Size
"#;
    let sam = r#"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Size: {Type: Number}
Globals:
  Function:
    MemorySize: 128 # bad
Resources:
  Bad:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: a.b, CodeUri: ./none}
  Good:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: a.b, CodeUri: ./none, MemorySize: 512}
  Open: # unknown: Size has no default
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: a.b, CodeUri: ./none, MemorySize: !Ref Size}
"#;
    let serverless = r#"
service: s
provider: {name: aws, runtime: python3.12}
functions:
  bad:
    handler: a.b
    memorySize: 128 # bad
  good:
    handler: a.b
    memorySize: 512
  open: # unknown: env:SIZE has no default
    handler: a.b
    memorySize: ${env:SIZE}
"#;
    holds(
        "AWS::Lambda::Function",
        conditions,
        &[("t.yaml", cloudformation), ("t.yaml", sam), ("main.tf", TERRAFORM), ("serverless.yml", serverless)],
    );
}

#[test]
fn records_sets_and_documents_are_judged_in_every_format() {
    let conditions = r#"when {
        resource has TracingConfig.Mode && resource.TracingConfig.Mode == "PassThrough"
        && resource has Architectures && resource.Architectures.contains("arm64")
        && resource has Environment.Variables && resource.Environment.Variables.hasTag("STAGE")
        && resource.Environment.Variables.getTag("STAGE") == "prod"
        && resource has Tags && resource.Tags.hasTag("team") && resource.Tags.getTag("team") like "pay*" }"#;
    let cloudformation = r#"
Parameters:
  Team: {Type: String}
Resources:
  Bad:
    Type: AWS::Lambda::Function
    Properties:
      Role: r
      Code: {S3Bucket: a, S3Key: b}
      TracingConfig: {Mode: PassThrough}
      Architectures: [arm64]
      Environment: {Variables: {STAGE: prod}}
      Tags: [{Key: team, Value: payments}] # bad
  Good:
    Type: AWS::Lambda::Function
    Properties:
      Role: r
      Code: {S3Bucket: a, S3Key: b}
      TracingConfig: {Mode: PassThrough}
      Architectures: [x86_64]
      Environment: {Variables: {STAGE: prod}}
      Tags: [{Key: team, Value: !Ref Team}]
  Open: # unknown: Team has no default
    Type: AWS::Lambda::Function
    Properties:
      Role: r
      Code: {S3Bucket: a, S3Key: b}
      TracingConfig: {Mode: PassThrough}
      Architectures: [arm64]
      Environment: {Variables: {STAGE: prod}}
      Tags: [{Key: team, Value: !Ref Team}]
  OpenSet: # unknown: Team has no default
    Type: AWS::Lambda::Function
    Properties:
      Role: r
      Code: {S3Bucket: a, S3Key: b}
      TracingConfig: {Mode: PassThrough}
      Architectures: [!Ref Team]
      Environment: {Variables: {STAGE: prod}}
      Tags: [{Key: team, Value: payments}]
"#;
    let sam = r#"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Team: {Type: String}
Globals:
  Function: {Runtime: python3.12, Handler: a.b, CodeUri: ./none, Tracing: PassThrough, Architectures: [arm64]}
Resources:
  Bad:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {STAGE: prod}}
      Tags: {team: payments} # bad
  Good:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {STAGE: test}}
      Tags: {team: payments}
  Open: # unknown: Team has no default
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {STAGE: prod}}
      Tags: {team: !Ref Team}
"#;
    let terraform = r#"
variable "team" {}
resource "aws_lambda_function" "bad" {
  function_name = "bad"
  role          = "arn:aws:iam::123456789012:role/r"
  architectures = ["arm64"]
  tracing_config { mode = "PassThrough" }
  environment { variables = { STAGE = "prod" } }
  tags          = { team = "payments" } # bad
}
resource "aws_lambda_function" "good" {
  function_name = "good"
  role          = "arn:aws:iam::123456789012:role/r"
  architectures = ["arm64"]
  tracing_config { mode = "Active" }
  environment { variables = { STAGE = "prod" } }
  tags          = { team = var.team }
}
resource "aws_lambda_function" "open" { # unknown: var.team has no default
  function_name = "open"
  role          = "arn:aws:iam::123456789012:role/r"
  architectures = ["arm64"]
  tracing_config { mode = "PassThrough" }
  environment { variables = { STAGE = "prod" } }
  tags          = { team = var.team }
}
"#;
    let serverless = r#"
service: s
provider: {name: aws, runtime: python3.12, architecture: arm64}
functions:
  bad:
    handler: a.b
    tracing: PassThrough
    environment: {STAGE: prod}
    tags: {team: payments} # bad
  good:
    handler: a.b
    tracing: PassThrough
    environment: {STAGE: prod}
    tags: {team: shipping}
  open: # unknown: env:TEAM has no default
    handler: a.b
    tracing: PassThrough
    environment: {STAGE: prod}
    tags: {team: '${env:TEAM}'}
"#;
    holds(
        "AWS::Lambda::Function",
        conditions,
        &[("t.yaml", cloudformation), ("t.yaml", sam), ("main.tf", terraform), ("serverless.yml", serverless)],
    );
}

#[test]
fn records_of_lists_are_asked_one_by_one_in_every_format() {
    let conditions = r#"when { resource.AllowedOrigins.contains("*") && resource.of has BucketName
        && resource.of.BucketName like "pub*" && resource.property == "CorsConfiguration.CorsRules" }"#;
    let resources = |indent: &str| {
        let text = r#"
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: public
      CorsConfiguration:
        CorsRules:
          - AllowedMethods: [GET]
            AllowedOrigins: ['https://example.com']
          - AllowedMethods: [GET] # bad
            AllowedOrigins: ['*']
  Other:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: other
      CorsConfiguration:
        CorsRules:
          - {AllowedMethods: [GET], AllowedOrigins: ['*']}
  Open:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: public-too
      CorsConfiguration:
        CorsRules: !Ref Rules # unknown: Rules has no default
  OpenAbove:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: public-three
      CorsConfiguration: !Ref Rules # unknown: Rules has no default
"#;
        text.replace('\n', &format!("\n{indent}"))
    };
    let parameters = "Parameters:\n  Rules: {Type: String}\n";
    let cloudformation = format!("{parameters}{}", resources(""));
    let sam = format!("Transform: AWS::Serverless-2016-10-31\n{parameters}{}", resources(""));
    let below = resources("  ").replace("Resources:", "Parameters:\n    Rules: {Type: String}\n  Resources:");
    let serverless = format!("service: s\nprovider: {{name: aws, runtime: python3.12}}\nresources:{below}");
    let terraform = r#"
variable "origins" {}
resource "aws_s3_bucket" "none" {
  bucket = "public-none"
}
resource "aws_s3_bucket" "measured" {
  bucket = "public-measured"
}
resource "aws_s3_bucket_metric" "measured" {
  bucket = aws_s3_bucket.measured.id
  name   = "all"
}
resource "aws_s3_bucket" "odd" { # unknown: aws_s3_bucket_unheard_of is not mapped
  bucket = "public-odd"
}
resource "aws_s3_bucket_unheard_of" "odd" {
  bucket = aws_s3_bucket.odd.id
}
resource "aws_s3_bucket" "b" {
  bucket = "public"
  cors_rule { # bad
    allowed_methods = ["GET"]
    allowed_origins = ["*"]
  }
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["https://example.com"]
  }
  cors_rule { # unknown: var.origins has no default
    allowed_methods = ["GET"]
    allowed_origins = var.origins
  }
}
"#;
    holds(
        "AWS::S3::Bucket::CorsRule",
        conditions,
        &[("t.yaml", &cloudformation), ("t.yaml", &sam), ("serverless.yml", &serverless), ("main.tf", terraform)],
    );
}

#[test]
fn documents_of_any_shape_are_judged() {
    let conditions = r#"when { resource has RedriveAllowPolicy
        && resource.RedriveAllowPolicy.hasTag("redrivePermission")
        && resource.RedriveAllowPolicy.getTag("redrivePermission") == "allowAll" }"#;
    let cloudformation = r#"
Resources:
  Bad:
    Type: AWS::SQS::Queue
    Properties:
      RedriveAllowPolicy: {redrivePermission: allowAll} # bad
  Good:
    Type: AWS::SQS::Queue
    Properties:
      RedriveAllowPolicy: {redrivePermission: denyAll}
  None:
    Type: AWS::SQS::Queue
"#;
    let terraform = r#"
resource "aws_sqs_queue" "bad" {
  redrive_allow_policy = jsonencode({ redrivePermission = "allowAll" }) # bad
}
resource "aws_sqs_queue" "good" {
  name = "good"
}
"#;
    holds("AWS::SQS::Queue", conditions, &[("t.yaml", cloudformation), ("main.tf", terraform)]);
}

#[test]
fn fractions_records_that_hold_themselves_and_maps_of_records_are_judged() {
    let alarm = r#"
Parameters:
  Limit: {Type: Number}
Resources:
  Bad:
    Type: AWS::CloudWatch::Alarm
    Properties: {ComparisonOperator: x, EvaluationPeriods: 1, Threshold: .75} # bad
  Good:
    Type: AWS::CloudWatch::Alarm
    Properties: {ComparisonOperator: x, EvaluationPeriods: 1, Threshold: "0.25"}
  Fine: # unknown: a value is of another type than its property
    Type: AWS::CloudWatch::Alarm
    Properties: {ComparisonOperator: x, EvaluationPeriods: 1, Threshold: 0.123456}
  Open: # unknown: Limit has no default
    Type: AWS::CloudWatch::Alarm
    Properties: {ComparisonOperator: x, EvaluationPeriods: 1, Threshold: !Ref Limit}
"#;
    let above = "when { resource has Threshold && resource.Threshold.greaterThan(decimal(\"0.5\")) }";
    holds("AWS::CloudWatch::Alarm", above, &[("t.yaml", alarm)]);
    let firewall = r#"
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: m, SampledRequestsEnabled: true}
      Rules:
        - Name: bad # bad
          Priority: 1
          VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: m, SampledRequestsEnabled: true}
          Statement: {NotStatement: {Statement: {GeoMatchStatement: {CountryCodes: [US]}}}}
        - Name: good
          Priority: 2
          VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: m, SampledRequestsEnabled: true}
          Statement: {GeoMatchStatement: {CountryCodes: [US]}}
"#;
    let inner = r#"when { resource.Statement has NotStatement && resource.Statement.NotStatement.Statement has GeoMatchStatement
        && resource.Statement.NotStatement.Statement.GeoMatchStatement has CountryCodes
        && resource.Statement.NotStatement.Statement.GeoMatchStatement.CountryCodes.contains("US") }"#;
    holds(
        "AWS::WAFv2::WebACL::Rule",
        &format!("{inner} unless {{ resource.Name == \"good\" }}"),
        &[("t.yaml", firewall)],
    );
    let pool = r#"
Resources:
  Attachment:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: x
      RoleMappings:
        graph: {Type: Token, AmbiguousRoleResolution: AuthenticatedRole} # bad
        other: {Type: Rules}
"#;
    holds(
        "AWS::Cognito::IdentityPoolRoleAttachment::RoleMapping",
        "when { resource.key == \"graph\" && resource.Type == \"Token\" }",
        &[("t.yaml", pool)],
    );
}

#[test]
fn what_is_given_with_a_value_that_is_not_known_is_given() {
    let template = r#"
Parameters:
  Key: {Type: String}
Conditions:
  Own: !Equals [!Ref Key, x]
Resources:
  Master: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
  Given:
    Type: AWS::RDS::DBInstance
    Properties: {KmsKeyId: !GetAtt Master.Arn} # given
  Imported:
    Type: AWS::RDS::DBInstance
    Properties: {KmsKeyId: !ImportValue key} # given
  Perhaps:
    Type: AWS::RDS::DBInstance
    Properties: {KmsKeyId: !If [Own, !Ref Key, !Ref AWS::NoValue]}
  Open: # unknown: Key has no default
    Type: AWS::RDS::DBInstance
    Properties: {KmsKeyId: !Ref Key}
  None: # none
    Type: AWS::RDS::DBInstance
"#;
    let given = template.replace("# given", "# bad");
    let given = given.replace("  Perhaps:", "  Perhaps: # unknown: Key has no default");
    holds("AWS::RDS::DBInstance", "when { resource has KmsKeyId }", &[("t.yaml", &given)]);
    let none = template.replace("# none", "# bad");
    let none = none.replace("  Perhaps:", "  Perhaps: # unknown: Key has no default");
    holds("AWS::RDS::DBInstance", "unless { resource has KmsKeyId }", &[("t.yaml", &none)]);
    // The known part decides: no key has two names.
    holds(
        "AWS::RDS::DBInstance",
        "when { resource has KmsKeyId && resource.name == \"Nobody\" && resource.KmsKeyId == \"x\" }",
        &[("t.yaml", template.split("  Open").next().unwrap())],
    );
    // What is known only after deployment is there by then.
    let all = "when { resource has DBInstanceArn && resource.DBInstanceArn like \"arn:*\" }";
    let one =
        "Resources:\n  Db: # unknown: DBInstanceArn is known only after deployment\n    Type: AWS::RDS::DBInstance\n";
    holds("AWS::RDS::DBInstance", all, &[("t.yaml", one)]);
}

#[test]
fn an_item_that_is_known_to_be_in_a_set_decides() {
    let template = r#"
Parameters:
  Other: {Type: String}
Resources:
  Bad:
    Type: AWS::Lambda::Function
    Properties:
      Role: r
      Code: {S3Bucket: a, S3Key: b}
      Architectures: [arm64, !Ref Other] # bad
  Open: # unknown: Other has no default
    Type: AWS::Lambda::Function
    Properties:
      Role: r
      Code: {S3Bucket: a, S3Key: b}
      Architectures: [x86_64, !Ref Other]
  Good:
    Type: AWS::Lambda::Function
    Properties:
      Role: r
      Code: {S3Bucket: a, S3Key: b}
      Architectures: [x86_64]
"#;
    let conditions = "when { resource has Architectures && resource.Architectures.contains(\"arm64\") }";
    holds("AWS::Lambda::Function", conditions, &[("t.yaml", template)]);
}

#[test]
fn a_record_and_its_owner_keep_apart_what_they_call_the_same() {
    let template = r#"
Resources:
  Asset:
    Type: AWS::DevOpsAgent::Asset
    Properties:
      Metadata: {team: a}
      Files:
        - Metadata: {team: b} # bad
        - Metadata: {team: a}
"#;
    let conditions = r#"when { resource has Metadata && resource.Metadata.hasTag("team")
        && resource.of has Metadata && resource.of.Metadata.hasTag("team")
        && resource.Metadata.getTag("team") != resource.of.Metadata.getTag("team") }"#;
    holds("AWS::DevOpsAgent::Asset::AssetFile", conditions, &[("t.yaml", template)]);
}

#[test]
fn a_terraform_type_without_a_mapping_is_asked_about() {
    let terraform = r#"
resource "aws_timestream_database" "b" { # unknown: aws_timestream_database is not mapped
  database_name = "b"
}
resource "aws_timestreamwrite_table" "t" {
  table_name = "t"
}
"#;
    for conditions in ["unless { resource has KmsKeyId }", "when { resource has KmsKeyId }"] {
        holds("AWS::Timestream::Database", conditions, &[("main.tf", terraform)]);
    }
}

#[test]
fn a_choice_is_bounded_both_ways() {
    let template = r#"
Parameters:
  Name: {Type: String}
Resources:
  Bad: # bad
    Type: AWS::Timestream::Database
    Properties: {DatabaseName: !Ref Name}
  Open: # unknown: Name has no default
    Type: AWS::Timestream::Database
    Properties: {DatabaseName: !Ref Name, KmsKeyId: k}
  Good:
    Type: AWS::Timestream::Database
    Properties: {DatabaseName: b, KmsKeyId: k}
"#;
    let either = "when { if resource has DatabaseName && resource.DatabaseName == \"a\" then true else !(resource has KmsKeyId) }";
    holds("AWS::Timestream::Database", either, &[("t.yaml", template)]);
}

#[test]
fn ancestry_that_is_not_known_stays_open() {
    let template = r#"
Parameters:
  Label: {Type: String}
Resources:
  Bad: # bad
    Type: AWS::RDS::DBInstance
    Properties: {Tags: [{Key: DataClassification, Value: phi}]}
  Good:
    Type: AWS::RDS::DBInstance
    Properties: {Tags: [{Key: DataClassification, Value: none}], StorageEncrypted: false}
  Open: # unknown: Label has no default
    Type: AWS::RDS::DBInstance
    Properties: {Tags: [{Key: DataClassification, Value: !Ref Label}]}
"#;
    let conditions = r#"when { resource in Leastwise::DataClass::"sensitive" && !(resource has StorageEncrypted) }"#;
    holds("AWS::RDS::DBInstance", conditions, &[("t.yaml", template)]);
}

#[test]
fn faults_of_a_rule_are_named_at_their_place() {
    for (kind, conditions, position, part) in [
        ("AWS::RDS::DBInstance", "when { resource has StorageEncrypte }", "3:21", "did you mean `StorageEncrypted`?"),
        (
            "AWS::RDS::DBInstance",
            "when { resource has StorageEncrypted && resource.StorageEncryptd }",
            "3:41",
            "did you mean `StorageEncrypted`?",
        ),
        ("AWS::S3::Bucket", "when { resource has VersioningConfiguration.Statu }", "3:45", "did you mean `Status`?"),
        ("AWS::S3::Bucket", "when { resource has label }", "3:21", "always there"),
        ("AWS::EC2::SecurityGroup::Ingress", "when { resource.of has VpcIdd }", "3:24", "did you mean `VpcId`?"),
        ("AWS::RDS::DBInstance", "when { resource.StorageEncrypted }", "3:8", "has StorageEncrypted"),
        ("AWS::RDS::DBInstance", "when { resource has Engine && !(resource has Engine) }", "1:1", "impossible"),
        ("AWS::EC2::SecurityGroup::Tag", "when { true }", "2:60", "is not an entity type"),
        ("AWS::Serverless::Function", "when { true }", "2:60", "such as `AWS::Lambda::Function`"),
        ("AWS::RDS::DBInstnce", "when { true }", "2:60", "did you mean `AWS::RDS::DBInstance`?"),
        (
            "AWS::EC2::SecurityGroup::Ingres",
            "when { true }",
            "2:60",
            "did you mean `AWS::EC2::SecurityGroup::Ingress`?",
        ),
        ("AWS::CloudWatch::Alarm", "when { resource has Threshold && resource.Threshold > 3 }", "3:34", "decimal"),
    ] {
        let error = load(kind, conditions).err().unwrap_or_default();
        assert!(error.contains(&format!("own.cedar:{position}: ")) && error.contains(part), "{conditions}: {error}");
    }
}

#[test]
fn every_published_type_is_a_schema_that_cedar_loads() {
    let kinds: Vec<&str> = registry::kinds().collect();
    // One rule names many types, so that the schema of our own is loaded a few times only.
    let check = |kinds: &[&str]| {
        let name = |kind: &&str| registry::schema(kind).unwrap().record("").unwrap().entity.clone();
        let others: String = kinds.iter().map(|kind| format!(" || resource is {}", name(kind))).collect();
        load(&name(&kinds[0]), &format!("when {{ resource.sensitive{others} }}")).err()
    };
    // Cedar reads nested conditions by recursion.
    let pool = rayon::ThreadPoolBuilder::new().stack_size(64 << 20).build().unwrap();
    let faults: Vec<String> = pool.install(|| kinds.par_chunks(60).filter_map(check).collect());
    assert!(kinds.len() > 1_600 && faults.is_empty(), "{faults:#?}");
}

/// Properties of a function that the rules below speak of.
const PROPERTIES: &[(&str, &str)] = &[
    ("MemorySize", "128"),
    ("Architectures", "[arm64]"),
    ("TracingConfig", "{Mode: PassThrough}"),
    ("KmsKeyArn", "k"),
    ("Tags", "[{Key: team, Value: a}]"),
];

const CONDITIONS: &[&str] = &[
    "when { resource has MemorySize }",
    "unless { resource has MemorySize && resource.MemorySize >= 256 }",
    "unless { resource has KmsKeyArn && resource.KmsKeyArn != \"k\" }",
    "unless { resource has KmsKeyArn && resource has MemorySize && resource.MemorySize == 128 }",
    "when { resource has Architectures && !resource.Architectures.contains(\"x86_64\") }",
    "when { resource has TracingConfig.Mode && resource.TracingConfig.Mode != \"Active\" } unless { resource has Tags }",
    "when { if resource has KmsKeyArn then resource.KmsKeyArn like \"k*\" else resource has Tags }",
    "when { resource has Tags && resource.Tags.hasTag(\"team\") && !(resource.Tags.getTag(\"team\") == \"b\") }",
    "unless { (resource has TracingConfig.Mode && resource.TracingConfig.Mode == \"Active\") || resource has Architectures }",
    "when { (if resource has MemorySize then resource.MemorySize else 0) < 200 && !(resource has KmsKeyArn) }",
];

#[test]
fn what_is_made_unknown_turns_no_answer_round() {
    let mut template = String::from("Parameters: {P: {Type: String}}\nResources:\n");
    for mask in 0..1_u32 << PROPERTIES.len() {
        for hidden in 0..=PROPERTIES.len() {
            let given = |at: usize| mask >> at & 1 == 1;
            if hidden < PROPERTIES.len() && !given(hidden) {
                continue;
            }
            template += &format!("  M{mask}H{hidden}:\n    Type: AWS::Lambda::Function\n    Properties:\n");
            template += "      Role: r\n      Code: {S3Bucket: a, S3Key: b}\n";
            for (at, (name, value)) in PROPERTIES.iter().enumerate().filter(|(at, _)| given(*at)) {
                template += &format!("      {name}: {}\n", if at == hidden { "!Ref P" } else { value });
            }
        }
    }
    for conditions in CONDITIONS {
        let rules = load("AWS::Lambda::Function", conditions).unwrap();
        let outcome = scan_with(&rules, &[("t.yaml", &template)]);
        let own = outcome.findings.iter().filter(|finding| &*finding.rule == "OWN1");
        let said: BTreeMap<&str, Status> = own.map(|finding| (&*finding.resource.name, finding.status)).collect();
        let mut unknown = 0;
        for (name, whole) in said.keys().map(|name| (*name, format!("{}H5", name.split('H').next().unwrap()))) {
            unknown += usize::from(said[name] == Status::Unknown);
            assert!(
                said[name] == Status::Unknown || said.contains_key(&*whole),
                "{conditions}: {name} is found wrongly"
            );
        }
        for whole in said.keys().filter(|name| name.ends_with("H5")) {
            for hidden in 0..PROPERTIES.len() {
                let name = format!("{}H{hidden}", whole.split('H').next().unwrap());
                let asked = template.contains(&format!("  {name}:\n"));
                assert!(!asked || said.contains_key(&*name), "{conditions}: {name} is lost");
            }
        }
        assert!(unknown > 0 && said.len() > unknown, "{conditions}: {unknown} of {}", said.len());
    }
}
