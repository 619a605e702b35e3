//! The command line as a user meets it: exit codes, errors, rules of one's own.

use crate::files::{entries, name};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[allow(dead_code, reason = "the build script's own `main` is not called here")]
#[path = "../../build.rs"]
mod build;

const TOPIC: &str = "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      Tags: [{Key: DataClassification, Value: pii}]\n";

#[test]
fn exit_codes_are_the_same_in_every_format() {
    let folder = folder("exit", &[("t.yaml", TOPIC)]);
    for format in ["text", "concise", "json", "sarif"] {
        assert_eq!(code(&run(&folder, &["scan", ".", "-o", format])), 1, "{format}");
        assert_eq!(code(&run(&folder, &["scan", ".", "-o", format, "--fail-on", "critical"])), 0, "{format}");
        assert_eq!(code(&run(&folder, &["scan", ".", "-o", format, "--fail-on", "never"])), 0, "{format}");
    }
    assert_eq!(code(&run(&folder, &["scan", "missing.yaml"])), 2);
    assert_eq!(code(&run(&folder, &["scan", "--no-such-flag"])), 2);
    assert_eq!(code(&run(&folder, &["scan", "--profile", "nothing"])), 2);
    assert_eq!(code(&run(&folder, &["scan", "--fail-on", "bad"])), 2);
    assert_eq!(code(&run(&folder, &["scan", "--account", "missing.json"])), 2);
}

#[test]
fn nothing_to_scan_is_no_failure() {
    let folder = folder("nothing", &[("notes.md", "# notes\n")]);
    let output = run(&folder, &["scan"]);
    assert_eq!(code(&output), 0);
    assert!(stderr(&output).contains("nothing to scan"), "{}", stderr(&output));
}

#[test]
fn a_template_that_cannot_be_read_fails_alone_and_not_beside_another() {
    let alone =
        folder("broken", &[("t.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A: [AWS::S3::Bucket\n")]);
    assert_eq!(code(&run(&alone, &["scan"])), 2);
    let log: serde_json::Value = serde_json::from_str(&stdout(&run(&alone, &["scan", "-o", "sarif"]))).unwrap();
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let beside = folder(
        "beside",
        &[
            ("t.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A: [AWS::S3::Bucket\n"),
            ("u.yaml", "Resources:\n  T:\n    Type: AWS::KMS::Key\n    Properties: {EnableKeyRotation: true}\n"),
        ],
    );
    assert_eq!(code(&run(&beside, &["scan"])), 0);
    let log: serde_json::Value = serde_json::from_str(&stdout(&run(&beside, &["scan", "-o", "sarif"]))).unwrap();
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
    assert_eq!(code(&run(&beside, &["scan", "--strict"])), 2);
}

#[test]
fn a_template_beyond_a_limit_is_not_clean() {
    let nested = "[".repeat(100_000) + &"]".repeat(100_000);
    let deep = format!(r#"{{"Resources": {{"A": {{"Type": "AWS::S3::Bucket", "Properties": {nested}}}}}}}"#);
    let alone = folder("limit", &[("template.json", &deep)]);
    assert_eq!(code(&run(&alone, &["scan"])), 2);
}

#[test]
fn show_prints_no_credential_and_steers_no_terminal() {
    let template = "Conditions: {C: !Equals [!Ref AWS::Region, x]}
Resources:
  T: {Type: AWS::DynamoDB::Table}
  F:
    Type: AWS::Lambda::Function
    Properties:
      Description: \"\\e[2J\\u202e\"
      Environment:
        Variables:
          DATABASE: !Sub 'postgres://app:s3cr3tP4ss@${T}.internal/x'
          DB_PASSWORD: !If [C, Aa1234321Bb, !If [C, Zz9876543Qq, 'none']]
          LIST_PASSWORD: !If [C, [Cc1234321Dd], x]
";
    let folder = folder("show", &[("template.yaml", template)]);
    for view in ["text", "json", "cloudformation"] {
        let shown = stdout(&run(&folder, &["show", "-o", view]));
        assert!(shown.contains("DB_PASSWORD") && shown.contains("password, 11 characters"), "{view}: {shown}");
        for secret in ["s3cr3tP4ss", "Aa1234321Bb", "Zz9876543Qq", "Cc1234321Dd"] {
            assert!(!shown.contains(secret), "{view} prints {secret}: {shown}");
        }
    }
    let text = stdout(&run(&folder, &["show"]));
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
}

#[test]
fn show_says_what_is_not_understood_of_code() {
    let template = "Transform: AWS::Serverless-2016-10-31
Resources:
  Read:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src, Handler: app.handler, Runtime: python3.13}
  Gone:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src, Handler: gone.handler, Runtime: python3.13}
";
    let app = "import boto3\n\n\ndef handler(event, context):\n    boto3.client(event['service']).run()\n";
    let folder = folder("doubts", &[("template.yaml", template), ("src/app.py", app)]);
    let text = stdout(&run(&folder, &["show"]));
    assert!(text.contains("    code understood in part: "), "{text}");
    assert!(text.contains("  src/app.py:5\n"), "{text}");
    assert!(text.contains("    code not understood: its handler gone.handler is not found in src\n"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&stdout(&run(&folder, &["show", "-o", "json"]))).unwrap();
    let resources = json["projects"][0]["resources"].as_array().unwrap();
    let of = |id: &str| resources.iter().find(|one| one["id"] == id).map(|one| one["doubt"]["understood"].clone());
    assert_eq!((of("Read"), of("Gone")), (Some("partly".into()), Some("not".into())));
}

#[test]
fn show_prints_who_may_become_whom() {
    let template = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]\n      Policies:\n        - PolicyName: p\n          PolicyDocument: {Statement: [{Effect: Allow, Action: iam:PutRolePolicy, Resource: \"*\"}]}\n";
    let folder = folder("principals", &[("template.yaml", template)]);
    let text = stdout(&run(&folder, &["show", "--principals"]));
    for line in [
        "role R  template.yaml:2",
        "-> every right",
        "template.yaml:9  iam:PutRolePolicy",
        "service lambda.amazonaws.com",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.contains("comes to everyone: lambda.amazonaws.com -> role R -> every right"), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&stdout(&run(&folder, &["show", "--principals", "-o", "json"]))).unwrap();
    let project = &json["projects"][0];
    assert_eq!(project["principals"][0]["name"], "role R");
    let by = &project["edges"][0]["by"][0];
    assert_eq!((&by["technique"], &by["certain"]), (&"iam:PutRolePolicy".into(), &true.into()));
    assert_eq!(by["statements"][0]["location"]["start_line"], 9);
    assert_eq!(code(&run(&folder, &["show", "--principals", "-o", "cloudformation"])), 2);
}

#[test]
fn show_prints_what_names_what() {
    let template = "Transform: AWS::Serverless-2016-10-31
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: python3.13
      Environment: {Variables: {TABLE: !Ref Table}}
";
    let folder = folder("links", &[("template.yaml", template)]);
    let text = stdout(&run(&folder, &["show"]));
    for line in [
        "    -> Table  by Environment.Variables.TABLE  :10\n",
        "    -> ReadRole  by Role  :4\n",
        "    <- Read  by Environment.Variables.TABLE\n",
        "AWSLambdaBasicExecutionRole (managed by AWS)  by ManagedPolicyArns  :4\n",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&stdout(&run(&folder, &["show", "-o", "json"]))).unwrap();
    let resources = json["projects"][0]["resources"].as_array().unwrap();
    let read = resources.iter().find(|one| one["id"] == "Read").unwrap();
    let table = read["links"].as_array().unwrap().iter().find(|link| link["to"] == "Table").unwrap();
    assert_eq!((&table["kind"], &table["path"]), (&"resource".into(), &"Environment.Variables.TABLE".into()));
    assert_eq!(table["location"]["start_line"], 10);
}

#[test]
fn an_export_that_ends_early_is_said_once_wherever_it_comes_from() {
    let export = r#"{"IsTruncated": true, "UserDetailList": [], "GroupDetailList": [], "Policies": [],
 "RoleDetailList": [{"RoleName": "r", "Arn": "arn:aws:iam::123456789012:role/r"}]}"#;
    let folder = folder("early", &[("iam.json", export)]);
    for line in [vec!["scan", "."], vec!["scan", "--account", "iam.json"], vec!["scan", ".", "--account", "iam.json"]] {
        let output = run(&folder, &[line.as_slice(), &["-o", "json"]].concat());
        let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        let problems = report["problems"].as_array().unwrap();
        let kinds: Vec<_> = problems.iter().map(|problem| (&problem["kind"], &problem["action"])).collect();
        let action = serde_json::json!("iam:GetAccountAuthorizationDetails");
        assert_eq!(kinds, [(&serde_json::json!("coverage"), &action)], "{line:?}: {problems:?}");
    }
}

#[test]
fn a_template_in_utf_16_that_is_cut_short_is_a_problem_under_every_name() {
    let folder = folder("utf16", &[("u.yaml", "Resources: {}\n")]);
    let bytes: Vec<u8> = [0xFEFF].into_iter().chain(TOPIC.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mut lone = bytes.clone();
    lone.extend([0x3D, 0xD8]);
    for (cut, said) in [(&bytes[..bytes.len() - 1], "odd number of bytes"), (&lone[..], "lone surrogate")] {
        fs::write(folder.join("infra.yml"), cut).unwrap();
        let output = run(&folder, &["scan", ".", "-o", "json"]);
        let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        let problem = &report["problems"][0];
        assert_eq!(problem["path"], "infra.yml");
        assert!(problem["message"].as_str().unwrap().contains(said), "{problem}");
    }
}

#[test]
fn findings_about_statements_point_at_the_text_that_decides() {
    let statement = |actions: &str, resources: &str| {
        format!(
            "        - PolicyName: p\n          PolicyDocument:\n            Statement:\n              - Effect: Allow\n                Action: [{actions}]\n                Resource: [{resources}]\n"
        )
    };
    let role = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}\n      Policies:\n";
    let (app, bucket) = ("arn:aws:iam::123456789012:role/app", "arn:aws:s3:::b");
    for (actions, resources, rule, text) in [
        ("'dynamodb:GetItem', 's3:**'", bucket, "LP002", "s3:**"),
        ("'dynamodb:GetItem', 's3:*'", bucket, "LP002", "s3:*"),
        ("iam:PassRole", &format!("{app}, 'arn:aws:iam::123456789012:ro*'"), "LP008", "arn:aws:iam::123456789012:ro*"),
        ("'s3:GetObject', 'iam:P*Role'", app, "LP008", "iam:P*Role"),
    ] {
        let template = format!("{role}{}", statement(actions, resources));
        let folder = folder("decides", &[("t.yaml", &template)]);
        let report: serde_json::Value =
            serde_json::from_str(&stdout(&run(&folder, &["scan", ".", "-o", "json"]))).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let place = &findings.iter().find(|finding| finding["rule"] == rule).unwrap()["location"];
        let at = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
        let line = template.lines().nth(at("start_line") - 1).unwrap();
        assert!(line[at("start_column") - 1..].trim_start_matches('\'').starts_with(text), "{rule} {text}: {place}");
    }
}

#[test]
fn a_whole_service_on_what_it_does_not_reach_is_not_reported() {
    let template = "Resources:
  Stream: {Type: AWS::KinesisFirehose::DeliveryStream}
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: [{Effect: Allow, Action: ACTIONS, Resource: RESOURCE}]}
";
    let table = "'arn:aws:dynamodb:eu-west-1:123456789012:table/t'";
    for (actions, resource, message) in [
        ("['cloudwatch:*', 'logs:*', 'firehose:PutRecord']", "!GetAtt Stream.Arn", None),
        ("['logs:*']", table, None),
        ("['logs:*', 'firehose:*']", "!GetAtt Stream.Arn", Some("firehose:*")),
        ("['logs:*']", "[!GetAtt Stream.Arn, '*']", Some("logs:*")),
        ("['logs:*']", "!Sub 'arn:${AWS::Partition}:logs:*:*:*'", Some("logs:*")),
        ("['dynamodb:*']", table, Some("dynamodb:*")),
    ] {
        let text = template.replace("ACTIONS", actions).replace("RESOURCE", resource);
        let folder = folder("reaches", &[("t.yaml", &text)]);
        let report: serde_json::Value =
            serde_json::from_str(&stdout(&run(&folder, &["scan", ".", "-o", "json"]))).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let found = findings.iter().find(|finding| finding["rule"] == "LP002");
        let told = found.map(|finding| finding["message"].as_str().unwrap().rsplit(' ').next().unwrap());
        assert_eq!(told, message, "{actions} on {resource}");
    }
}

#[test]
fn settings_with_a_wrong_key_name_the_right_one() {
    let folder = folder("settings", &[("t.yaml", TOPIC), ("leastwise.toml", "fail_on = 'never'\n")]);
    let output = run(&folder, &["scan"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("leastwise.toml:1: unknown key `fail_on`; did you mean `fail-on`?"),
        "{}",
        stderr(&output)
    );
    fs::write(folder.join("leastwise.toml"), "fail-on = 'never'\n").unwrap();
    assert_eq!(code(&run(&folder, &["scan"])), 0);
}

#[test]
fn places_that_are_none_are_refused_wherever_they_are_given() {
    let folder = folder("places", &[("t.yaml", TOPIC), ("leastwise.toml", "[areas]\naccepted = ['XX']\n")]);
    let output = run(&folder, &["scan"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("leastwise.toml:2: accepted: `XX` is no country code"), "{}", stderr(&output));
    fs::write(folder.join("leastwise.toml"), "[deploy]\nregion = 'eu-west-9'\n").unwrap();
    assert_eq!(code(&run(&folder, &["scan", "--fail-on", "never"])), 0);
    for command in ["scan", "show"] {
        let output = run(&folder, &[command, "--region", "eu-wst-1"]);
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains("did you mean `eu-west-1`?"), "{}", stderr(&output));
    }
}

#[test]
fn an_app_whose_templates_are_not_written_is_told_what_to_run() {
    let app = [("app/cdk.json", "{\"app\": \"node bin.js\"}"), ("app/bin.js", "export const a = 1;\n")];
    let folder = folder("unbuilt", &app);
    for format in ["text", "concise", "json", "sarif"] {
        let output = run(&folder, &["scan", "-o", format]);
        assert_eq!(code(&output), 0);
        assert!(stderr(&output).starts_with("app/cdk.json: ") && stderr(&output).contains("`cdk synth`"), "{output:?}");
        assert!(stdout(&output).contains("run `cdk synth` and scan again"), "{output:?}");
    }
    assert!(stdout(&run(&folder, &["scan", "-o", "concise"])).contains("1 problem;"));
    assert_eq!(code(&run(&folder, &["scan", "--strict"])), 2);
}

#[test]
fn what_is_wrong_in_a_template_that_is_nested_twice_is_said_once() {
    let nests = "Resources:\n  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./inner.yaml}}\n  \
                 B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./inner.yaml}}\n";
    let role = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: \
                {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}\n      \
                Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}}]\n";
    let folder = folder("nested", &[("t.yaml", nests), ("inner.yaml", role)]);
    let found = || {
        let report = stdout(&run(&folder, &["scan", "-o", "json"]));
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        let all = report["findings"].as_array().unwrap().clone();
        let found: Vec<_> = all.into_iter().filter(|finding| finding["rule"] == "LP001").collect();
        assert_eq!(found.len(), 1, "{report:#}");
        (found[0]["fingerprint"].clone(), found[0]["related"].as_array().unwrap().len())
    };
    let (twice, parents) = found();
    assert_eq!(parents, 2);
    // However it is nested, it is the same weakness.
    fs::write(folder.join("t.yaml"), nests.split("  B:").next().unwrap().replace("A:", "Z:")).unwrap();
    assert_eq!(found(), (twice, 1));
}

#[test]
fn a_rule_folder_of_ones_own_is_asked() {
    let rule = r#"@id("OWN1") @name("topic-without-name") @severity("medium")
@message("topic {resource.name} is one of ours") @help("Nothing.")
forbid (principal, action == Action::"deploy", resource is AWS::SNS::Topic)
when { resource in Leastwise::DataClass::"sensitive" };
"#;
    let folder = folder("own", &[("t.yaml", TOPIC), ("own/team/OWN1-x/rule.cedar", rule)]);
    let output = run(&folder, &["scan", "t.yaml", "--rules", "own", "-o", "concise"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stdout(&output).contains("t.yaml:2:3: medium OWN1 topic T is one of ours"), "{}", stdout(&output));
    let listed = run(&folder, &["rules", "list", "--rules", "own", "-o", "json"]);
    assert!(stdout(&listed).contains("\"OWN1\""));
    assert_eq!(code(&run(&folder, &["rules", "check", "own"])), 0);
}

#[test]
fn what_rules_can_read_of_a_type_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shown = run(root, &["rules", "show", "AWS::EC2::SecurityGroup"]);
    let text = stdout(&shown);
    for part in ["entity SecurityGroup", "entity Ingress", "IpProtocol", "label"] {
        assert!(text.contains(part), "{part}: {text}{}", stderr(&shown));
    }
    assert_eq!(code(&run(root, &["rules", "show", "AWS::EC2::SecurityGrup"])), 2);
}

#[test]
fn faults_of_rules_point_into_the_file() {
    let rule = |condition: &str| {
        format!(
            "@id(\"OWN1\") @name(\"x\") @severity(\"low\") @message(\"m\")\nforbid (principal, action == Action::\"deploy\", resource is AWS::SNS::Topic)\nwhen {{ {condition} }};\n"
        )
    };
    for (condition, position, part) in [
        ("resource.encrypton.manager == \"none\"", "3:", "did you mean"),
        ("resource.encryption.manager == 3", "3:", "type"),
        ("resource has label", "3:21", "`has` cannot be asked"),
        ("resource.label == \"phi\" &&", "3:", "unexpected"),
    ] {
        let folder = folder("faults", &[("t.yaml", TOPIC), ("own/rule.cedar", &rule(condition))]);
        for line in [vec!["rules", "check", "own"], vec!["scan", "t.yaml", "--rules", "own"]] {
            let output = run(&folder, &line);
            assert_eq!(code(&output), 2);
            let text = stderr(&output);
            assert!(text.contains(&format!("own/rule.cedar:{position}")) && text.contains(part), "{condition}: {text}");
        }
    }
}

#[test]
fn every_rule_folder_is_listed_and_a_new_one_is_embedded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = stdout(&run(root, &["rules", "list", "-o", "json"]));
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let ids: Vec<&str> = listed.as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    let mut folders = 0;
    for category in entries(&root.join("rules")) {
        for name in entries(&category).iter().filter(|path| path.is_dir()).map(|path| name(path)) {
            assert!(ids.contains(&name.split('-').next().unwrap()), "{name} is not listed");
            folders += 1;
        }
    }
    assert_eq!(folders, ids.len());
    let fresh = folder("embed", &[("rules/team/NEW1-fresh/rule.cedar", ""), ("rules/team/NEW1-fresh/rule.md", "")]);
    let table = build::table(&fresh).unwrap();
    assert!(table.contains("\"rules/team/NEW1-fresh\", \"team\", include_str!("), "{table}");
}

#[test]
fn a_rule_is_explained_and_a_wrong_name_is_mended() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = stdout(&run(root, &["explain", "EN006"]));
    assert!(page.contains("## Why it matters") && page.contains("topic-without-kms"), "{page}");
    let output = run(root, &["explain", "topic-without-kmss"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("did you mean EN006"), "{}", stderr(&output));
    assert!(stderr(&run(root, &["explain", "ex1"])).contains("did you mean EX001"));
}

#[test]
fn the_same_project_scanned_from_elsewhere_has_the_same_fingerprints() {
    let folder = folder("where", &[("stack/t.yaml", TOPIC), ("stack/deep/notes.md", ".")]);
    let prints = |from: &Path, path: &str| {
        let report: serde_json::Value =
            serde_json::from_str(&stdout(&run(from, &["scan", path, "-o", "json"]))).unwrap();
        let findings = report["findings"].as_array().unwrap().clone();
        assert!(!findings.is_empty());
        findings.iter().map(|finding| finding["fingerprint"].clone()).collect::<Vec<_>>()
    };
    let from_root = prints(&folder, "stack");
    assert_eq!(from_root, prints(&folder.join("stack"), "."));
    assert_eq!(from_root, prints(&folder.join("stack/deep"), "../t.yaml"));
}

#[test]
fn lines_are_as_wide_as_columns_says_off_a_terminal_too() {
    let folder = folder("columns", &[("t.yaml", TOPIC)]);
    let widest = |columns: Option<&str>| {
        let mut command = command(&folder, &["scan"]);
        if let Some(columns) = columns {
            command.env("COLUMNS", columns);
        }
        stdout(&command.output().unwrap()).lines().map(|line| line.chars().count()).max().unwrap()
    };
    assert!(widest(Some("50")) <= 50, "{}", widest(Some("50")));
    assert!(widest(None) > 80, "{}", widest(None));
}

#[test]
fn settings_hold_for_the_projects_that_they_are_the_nearest_above() {
    let rule = r#"@id("OWN1") @name("x") @severity("high") @message("m") @help("h")
forbid (principal, action == Action::"deploy", resource is AWS::SNS::Topic);
"#;
    let own = "fail-on = 'never'\nexclude = ['left/**']\nrules = ['rules']\nprofiles = ['gdpr']\n\
               [labels]\nkeys = ['class']\n[deploy]\nregion = 'us-east-1'\n";
    let topic = TOPIC.replace("DataClassification", "class");
    let folder = folder(
        "nearest",
        &[
            ("a/leastwise.toml", own),
            ("a/t.yaml", &topic),
            ("a/deep/t.yaml", &topic),
            ("a/left/t.yaml", &topic),
            ("a/rules/o/rule.cedar", rule),
            ("b/t.yaml", &topic),
            ("b/left/t.yaml", &topic),
            ("leastwise.toml", "exclude = ['b/left']\n"),
        ],
    );
    let output = run(&folder, &["scan", "-o", "json"]);
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut told: Vec<_> = findings
        .map(|finding| {
            let path = text(&finding["location"]["path"]);
            (path, text(&finding["rule"]), finding["profiles"].as_array().unwrap().len())
        })
        .collect();
    told.sort();
    let of = |path: &str| {
        let of_path = told.iter().filter(|(at, ..)| at == path);
        of_path.map(|(_, rule, profiles)| (rule.as_str(), *profiles)).collect::<Vec<_>>()
    };
    for path in ["a/t.yaml", "a/deep/t.yaml"] {
        let rules: Vec<&str> = of(path).iter().map(|(rule, _)| *rule).collect();
        assert_eq!(rules, ["EN006", "OWN1", "RG001"], "{path}: {told:?}");
        assert!(of(path).contains(&("RG001", 1)), "{told:?}");
    }
    assert_eq!(of("b/t.yaml"), [("EN006", 0)], "an unlabelled topic is a low finding: {told:?}");
    assert!(told.iter().all(|(path, ..)| !path.contains("left")), "{told:?}");
    assert_eq!(code(&output), 0, "what is severe is in a, which never fails");
    assert_eq!(code(&run(&folder, &["scan", "--fail-on", "high"])), 1);
    fs::write(folder.join("leastwise.toml"), "fail-on = 'low'\n").unwrap();
    assert_eq!(code(&run(&folder, &["scan"])), 1, "the topic of b fails by the settings of the root");
    let shown = stdout(&run(&folder, &["show", "-o", "json"]));
    assert_eq!(shown.matches("us-east-1").count(), 2, "{shown}");
}

#[test]
fn settings_name_nothing_outside_the_repository() {
    let rule = "@id(\"OWN1\") @name(\"x\") @severity(\"low\") @message(\"m\") @help(\"h\")\n\
                forbid (principal, action == Action::\"deploy\", resource is AWS::SNS::Topic);\n";
    let beside = folder("beside-rules", &[("rules/x/rule.cedar", rule), ("own.toml", "name = 'own'\n")]);
    let settings = |text: &str| {
        let folder = folder("outside", &[("a/t.yaml", TOPIC), ("a/leastwise.toml", text)]);
        let output = run(&folder, &["scan"]);
        (code(&output), stderr(&output))
    };
    let rules = format!("rules = ['{}']\n", beside.join("rules").display());
    for text in [&rules, "rules = ['../../beside-rules/rules']\n", "profiles = ['../../beside-rules/own.toml']\n"] {
        let (code, said) = settings(text);
        assert_eq!(code, 2, "{text}: {said}");
        assert!(said.contains("lies outside the repository and is not read"), "{text}: {said}");
    }
    let (code, said) = settings("profiles = ['nothing']\n");
    assert!(code == 2 && said.contains("there is no profile `nothing`"), "{said}");
}

#[cfg(unix)]
#[test]
fn rule_folders_that_link_to_each_other_come_to_an_end() {
    let rule = "@id(\"OWN1\") @name(\"x\") @severity(\"low\") @message(\"m\") @help(\"h\")\n\
                forbid (principal, action == Action::\"deploy\", resource is AWS::SNS::Topic);\n";
    let folder = folder("links-in-rules", &[("own/team/rule.cedar", rule), ("t.yaml", TOPIC)]);
    for link in ["own/up", "own/team/up"] {
        std::os::unix::fs::symlink(folder.join("own"), folder.join(link)).unwrap();
    }
    let output = run(&folder, &["rules", "check", "own"]);
    assert!(stdout(&output).starts_with("1 rule file checked"), "{}{}", stdout(&output), stderr(&output));
    std::os::unix::fs::symlink("/usr", folder.join("own/out")).unwrap();
    fs::write(folder.join("leastwise.toml"), "rules = ['own']\n").unwrap();
    let output = run(&folder, &["scan"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("lies outside the repository"), "{}", stderr(&output));
}

/// A folder of its own for a test, with files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = fs::remove_dir_all(&folder);
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    // So that the repository that the tests run in is not taken for the root.
    fs::create_dir_all(folder.join(".git")).unwrap();
    folder
}

fn run(folder: &Path, line: &[&str]) -> Output {
    command(folder, line).output().unwrap()
}

fn command(folder: &Path, line: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leastwise"));
    command.args(line).current_dir(folder).env("SOURCE_DATE_EPOCH", "1795219200").env_remove("COLUMNS");
    command
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
