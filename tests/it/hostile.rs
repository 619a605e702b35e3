//! Hostile input through the whole flow: it ends, says what was wrong, reads nothing above the root, prints no secret.

use crate::scan::{rules, today};
use leastwise::config::Config;
use leastwise::finding::Finding;
use leastwise::flow::{self, Setup};
use leastwise::infra::Options;
use leastwise::model::Project;
use leastwise::report::{self, Format, Report};
use leastwise::source::{Problem, Sources, collect};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// Far above what any of these takes in a debug build on a loaded machine, far below for ever.
const PATIENCE: Duration = Duration::from_secs(120);

/// The first line of a file that only a read above the root could bring.
const OUTSIDE: &str = "outside-marker-7f3a";

#[test]
fn an_alias_bomb_ends_in_a_problem() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let names = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{names}]");
    }
    let template = format!("{text}Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties: {{ Tags: *a11 }}\n");
    for path in ["template.yaml", "serverless.yml"] {
        let head = if path == "serverless.yml" { "service: s\nprovider: { name: aws }\nresources:\n" } else { "" };
        let body = if head.is_empty() { template.clone() } else { format!("{text}{head}  Resources: *a11\n") };
        said(&in_memory(&[(path, &body)]), path);
    }
}

#[test]
fn brackets_without_end_are_problems_in_every_language() {
    let open = "[".repeat(200_000);
    let nested = |unit: &str, count: usize| unit.repeat(count);
    let cases = [
        (
            "template.json",
            format!("{{\"Resources\": {{\"Jobs\": {{\"Type\": \"AWS::SQS::Queue\", \"Properties\": {open}"),
        ),
        ("template.yaml", format!("Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties: {open}")),
        (
            "template.yaml",
            format!("Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties: {}", nested("{a: ", 60_000)),
        ),
        ("serverless.yml", format!("service: s\nprovider:\n  name: aws\nfunctions: {open}")),
        ("main.tf", format!("resource \"aws_sqs_queue\" \"jobs\" {{\n  name = {open}\n}}\n")),
        ("main.tf", format!("resource \"aws_sqs_queue\" \"jobs\" {{\n  name = {}x\n}}\n", nested("!", 200_000))),
        ("app.py", format!("import boto3\nx = {open}\n")),
        ("app.py", format!("import boto3\nx = {}1{}\n", nested("(", 100_000), nested(")", 100_000))),
        ("app.js", format!("const {{ S3 }} = require(\"aws-sdk\");\nconst x = {open};\n")),
        ("app.js", format!("const {{ S3 }} = require(\"aws-sdk\");\nconst x = {}1;\n", nested("a =>\n", 3_000))),
        ("app.ts", format!("import {{ S3 }} from \"aws-sdk\";\nconst x = {open};\n")),
        ("app.rs", format!("use aws_sdk_s3::Client;\nfn main() {{ let x = {open}; }}\n")),
        ("app.go", format!("package main\nimport \"github.com/aws/aws-sdk-go-v2/service/s3\"\nvar x = {open}\n")),
        ("App.java", format!("import aws.X;\nclass App {{ int x = {open}; }}\n")),
        (
            "App.java",
            format!("import aws.X;\nclass App {{ int x = {}1{}; }}\n", nested("f(\n", 3_000), nested(")", 3_000)),
        ),
        ("app.go", format!("package main\nfunc aws() {{ {}\n", nested("if x { ", 60_000))),
        ("app.go", format!("package main\nvar aws = {}1{}\n", nested("f(\n", 3_000), nested(")", 3_000))),
        (
            "app.rs",
            format!(
                "use aws_sdk_s3::Client;\nfn main() {{ let x = {}1{}; }}\n",
                nested("(", 50_000),
                nested(")", 50_000)
            ),
        ),
    ];
    for (path, text) in cases {
        said(&in_memory(&[(path, &text)]), path);
    }
}

#[test]
fn templates_and_modules_that_hold_themselves_end() {
    let nested = "Resources:\n  Again:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ./template.yaml\n  Jobs:\n    Type: AWS::SQS::Queue\n";
    said(&in_memory(&[("template.yaml", nested)]), "template.yaml");
    let pair = |other: &str| {
        format!(
            "Resources:\n  Other:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: {other}\n  Jobs:\n    Type: AWS::SQS::Queue\n"
        )
    };
    said(&in_memory(&[("a.yaml", &pair("./b.yaml")), ("b.yaml", &pair("./a.yaml"))]), "a.yaml and b.yaml");
    let module = "resource \"aws_sqs_queue\" \"jobs\" {}\nmodule \"again\" {\n  source = \"./\"\n}\n";
    said(&in_memory(&[("main.tf", module)]), "main.tf");
    let root = "module \"a\" {\n  source = \"./a\"\n}\n";
    let a = "module \"b\" {\n  source = \"../b\"\n  count  = 9\n}\nmodule \"c\" {\n  source = \"../b\"\n}\n";
    let b = "resource \"aws_sqs_queue\" \"jobs\" {}\nmodule \"a\" {\n  source   = \"../a\"\n  for_each = toset([\"x\", \"y\"])\n}\n";
    said(&in_memory(&[("main.tf", root), ("a/main.tf", a), ("b/main.tf", b)]), "two modules");
    let many = "resource \"aws_sqs_queue\" \"jobs\" {\n  count = 2000000000\n}\n";
    drop(in_memory(&[("main.tf", many)]));
    let long = "locals {\n  a = range(100000000)\n  b = [for x in local.a : [for y in local.a : x]]\n  c = local.d\n  d = local.c\n}\nresource \"aws_sqs_queue\" \"jobs\" {\n  name = join(\",\", flatten(local.b), [local.c])\n}\n";
    drop(in_memory(&[("main.tf", long)]));
    let service = "service: s\nprovider:\n  name: aws\ncustom:\n  a: ${self:custom.b}${self:custom.b}\n  b: ${self:custom.a}${self:custom.a}\nresources:\n  Resources:\n    Jobs:\n      Type: AWS::SQS::Queue\n      Properties:\n        QueueName: ${self:custom.a}\n";
    drop(in_memory(&[("serverless.yml", service)]));
    let yaml = "Resources:\n  Jobs: &jobs\n    Type: AWS::SQS::Queue\n    Properties:\n      Again: *jobs\n";
    said(&in_memory(&[("template.yaml", yaml)]), "template.yaml");
}

/// A template with one topic, whose property is given.
fn topic(head: &str, property: &str) -> String {
    format!("{head}\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: {property}\n")
}

#[test]
fn functions_that_grow_with_every_level_are_cut() {
    let mut looped = "{'T${L0}': {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref L0}}}".to_owned();
    for level in 0..9 {
        let values: Vec<String> = (0..40).map(|value| format!("v{level}x{value}")).collect();
        looped = format!("{{'Fn::ForEach::N{level}': [L{level}, [{}], {looped}]}}", values.join(", "));
    }
    let bomb = format!("Transform: AWS::LanguageExtensions\nResources: {looped}\n");
    said(&in_memory(&[("template.yaml", &bomb)]), "a bomb of loops");

    let mut nested = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned();
    for _ in 0..60 {
        nested = format!("{{'Fn::Sub': ['${{a}}${{a}}', {{a: {nested}}}]}}");
    }
    said(&in_memory(&[("template.yaml", &topic("", &nested))]), "text that doubles");
    let references = nested.replace(&"x".repeat(32), "!Sub '${AWS::AccountId}${AWS::StackName}'");
    said(&in_memory(&[("template.yaml", &topic("", &references))]), "references that double");
    let mut joined = "[x, y]".to_owned();
    for _ in 0..14 {
        joined = format!("[{{'Fn::Join': ['{}', {joined}]}}, {{'Fn::Join': ['-', {joined}]}}]", "d".repeat(64));
    }
    drop(in_memory(&[("template.yaml", &topic("", &joined))]));
    let mut quoted = "['\"\\\\']".to_owned();
    for _ in 0..100 {
        quoted = format!("{{'Fn::ToJsonString': [{quoted}]}}");
    }
    said(&in_memory(&[("template.yaml", &topic("", &quoted))]), "quotes that double");
    let list = format!("Parameters: {{L: {{Type: CommaDelimitedList, Default: '{}'}}}}", ",".repeat(90_000));
    let many: String =
        (0..500).map(|at| format!("  T{at}: {{Type: AWS::SNS::Topic, Properties: {{Tags: !Ref L}}}}\n")).collect();
    said(&in_memory(&[("template.yaml", &format!("{list}\nResources:\n{many}"))]), "a list that is used often");
}

#[test]
fn names_made_of_arns_are_put_out_within_bounds() {
    let role = |name: &str, parts: &str| {
        format!(
            "  {name}:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: !Sub \"{parts}\"\n      AssumeRolePolicyDocument:\n        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}]\n"
        )
    };
    let own = role("R", &"${R.Arn}".repeat(400));
    drop(in_memory(&[("template.yaml", &format!("Resources:\n{own}"))]));
    let chain: String =
        (0..6).map(|level| role(&format!("R{level}"), &format!("${{R{}.Arn}}", level + 1).repeat(60))).collect();
    let last = role("R6", "last");
    drop(in_memory(&[("template.yaml", &format!("Resources:\n{chain}{last}"))]));
    let long = role("R1", &"a".repeat(100_000));
    let many = role("R0", &"${R1.Arn}".repeat(5_000));
    drop(in_memory(&[("template.yaml", &format!("Resources:\n{many}{long}"))]));
}

#[test]
fn large_mappings_are_looked_up_at_once() {
    let rows: String = (0..100_000).map(|at| format!("    k{at}: {{v: n{at}}}\n")).collect();
    let columns: String = (0..100_000).map(|at| format!("      c{at}: n{at}\n")).collect();
    let topics: String = (0..1_000)
        .map(|at| {
            format!("  T{at}: {{Type: AWS::SNS::Topic, Properties: {{TopicName: !FindInMap [Rows, k{at}, v], DisplayName: !FindInMap [Columns, k, c{at}]}}}}\n")
        })
        .collect();
    let text = format!("Mappings:\n  Rows:\n{rows}  Columns:\n    k:\n{columns}Resources:\n{topics}");
    let judged = in_memory(&[("template.yaml", &text)]);
    assert_eq!(judged.0.problems, []);
    let last = judged.0.projects[0].resource("T999").unwrap();
    assert_eq!(last.property("TopicName").unwrap().to_string(), "n999");
    assert_eq!(last.property("DisplayName").unwrap().to_string(), "n999");
}

#[test]
fn includes_of_themselves_and_from_above_are_problems() {
    let include =
        |location: &str| format!("{{'Fn::Transform': {{Name: AWS::Include, Parameters: {{Location: {location}}}}}}}");
    for location in ["template.yaml", "../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "gone.yaml", "part.yaml"]
    {
        let text = topic("", &include(location));
        // The included file leads back, by another one.
        let part = format!("A: {}\n", include("other.yaml"));
        let other = format!("B: {}\nC: {}\n", include("part.yaml"), include("template.yaml"));
        let judged = in_memory(&[("template.yaml", &text), ("part.yaml", &part), ("other.yaml", &other)]);
        said(&judged, location);
        let printed = format!("{:?}", judged.0.projects);
        assert!(!printed.contains("root:"), "{location}");
    }
    let top = "Transform: {Name: AWS::Include, Parameters: {Location: ../../../etc/passwd}}\nResources: {T: {Type: AWS::SNS::Topic}}\n";
    said(&in_memory(&[("template.yaml", top)]), "an include at the top");
}

#[test]
fn nested_templates_share_one_budget() {
    let parent: String = (0..30)
        .map(|at| format!("  N{at}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: child.yaml}}}}\n"))
        .collect();
    let values: Vec<String> = (0..600).map(|at| format!("v{at}")).collect();
    let child = format!(
        "Resources:\n  Fn::ForEach::T: [X, [{}], {{'T${{X}}': {{Type: AWS::SNS::Topic, Properties: {{TopicName: !Ref X}}}}}}]\n",
        values.join(",")
    );
    let judged = in_memory(&[("parent.yaml", &format!("Resources:\n{parent}")), ("child.yaml", &child)]);
    said(&judged, "nested loops");
    assert!(judged.0.projects[0].resources.len() < 12_000);
}

#[test]
fn terraform_that_never_ends_is_bounded_and_said() {
    let own = "module \"again\" {\n  source   = \"./\"\n  for_each = toset([\"a\", \"b\"])\n}\nresource \"aws_sqs_queue\" \"jobs\" {}\n";
    said_in(&in_memory(&[("main.tf", own)]), "calls itself");
    let wide = "locals {\n  a = range(1000)\n  b = flatten([for x in local.a : [for y in local.a : [for z in range(10) : x * y * z]]])\n}\nresource \"aws_sqs_queue\" \"jobs\" {\n  name = join(\",\", local.b)\n}\n";
    said_in(&in_memory(&[("main.tf", wide)]), "evaluation stopped");
    let above = "resource \"aws_sqs_queue\" \"jobs\" {\n  name   = file(\"../../etc/passwd\")\n  policy = file(\"/etc/passwd\")\n  tags   = { a = templatefile(\"../x.tpl\", {}) }\n}\n";
    let judged = in_memory(&[("infra/main.tf", above)]);
    said_in(&judged, "`../../etc/passwd` lies outside the repository");
    said_in(&judged, "`/etc/passwd` lies outside the repository");
    // The folder above the module's is still inside.
    assert!(!judged.0.problems.iter().any(|problem| problem.message.contains("x.tpl")), "{:?}", judged.0.problems);
    let call = "resource \"aws_sqs_queue\" \"jobs\" {\n  name = templatefile(\"a.tpl\", { x = 1 })\n}\n";
    let template = "${templatefile(\"a.tpl\", { x = x })}${templatefile(\"a.tpl\", { x = x })}";
    said_in(&in_memory(&[("main.tf", call), ("a.tpl", template)]), "inside a template");
    let many = "resource \"aws_sqs_queue\" \"jobs\" {\n  count = 2000000000\n}\n";
    said_in(&in_memory(&[("main.tf", many)]), "more than");
    let text = format!("{{\"resource\": {{\"aws_sqs_queue\": {}", "{\"a\": [".repeat(100_000));
    said(&in_memory(&[("main.tf.json", &text)]), "main.tf.json");
    let value = format!("${{{}1{}}}", "(".repeat(20_000), ")".repeat(20_000));
    let text = format!("{{\"resource\": {{\"aws_sqs_queue\": {{\"q\": {{\"name\": \"{value}\"}}}}}}}}");
    drop(in_memory(&[("main.tf.json", &text)]));
}

#[test]
fn nothing_above_the_root_is_read() {
    let root = folder("above");
    let project = root.join("project");
    fs::create_dir_all(project.join("src")).unwrap();
    fs::create_dir_all(project.join(".git")).unwrap();
    // Whatever is read from here shows: a policy that every rule about it would report, named by the marker.
    let role = format!("resource \"aws_iam_role\" \"{OUTSIDE}\" {{}}\n");
    fs::create_dir_all(root.join("modules")).unwrap();
    fs::write(root.join("modules/main.tf"), role).unwrap();
    fs::write(root.join("secret.txt"), OUTSIDE).unwrap();
    let stack =
        format!("Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: {OUTSIDE}\n");
    fs::write(root.join("nested.yaml"), stack).unwrap();
    fs::write(
        root.join("app.py"),
        format!("import boto3\nprint('{OUTSIDE}')\ndef handler(event, context):\n  print(event)\n"),
    )
    .unwrap();
    let write = |path: &str, text: &str| fs::write(project.join(path), text).unwrap();
    write(
        "main.tf",
        "resource \"aws_sns_topic\" \"a\" {\n  name         = file(\"../secret.txt\")\n  display_name = file(\"../../../../../../../../etc/passwd\")\n}\nresource \"aws_sns_topic\" \"b\" {\n  name = file(\"src/link.txt\")\n}\nmodule \"m\" {\n  source = \"../modules\"\n}\nresource \"aws_lambda_function\" \"f\" {\n  function_name = \"f\"\n  runtime       = \"python3.13\"\n  handler       = \"app.handler\"\n  filename      = \"../\"\n}\n",
    );
    write(
        "template.yaml",
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Place:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n      Handler: app.handler\n      CodeUri: ../../..\n  Read:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n      Handler: app.handler\n      CodeUri: ..\n  Linked:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n      Handler: app.handler\n      CodeUri: src/linked\n  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ../nested.yaml\n",
    );
    write(
        "serverless.yml",
        "service: ${file(../secret.txt)}\nprovider:\n  name: aws\n  runtime: python3.13\ncustom: ${file(../../../../../../etc/passwd)}\nfunctions:\n  place:\n    handler: ../app.handler\n  read:\n    handler: src/linked/app.handler\n    description: ${file(src/link.txt)}\n",
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(root.join("secret.txt"), project.join("src/link.txt")).unwrap();
        std::os::unix::fs::symlink(&root, project.join("src/linked")).unwrap();
        std::os::unix::fs::symlink(root.join("nested.yaml"), project.join("linked.yaml")).unwrap();
    }
    let (collected, problems) = collect(&project, std::slice::from_ref(&project), &[]);
    assert!(problems.is_empty(), "{problems:?}");
    let sources = Arc::new(collected.sources);
    let (outcome, reports) = judged(sources.clone());
    let resources = outcome.projects.iter().flat_map(|project| &project.resources);
    let understood: String = resources.map(|resource| format!("{resource:?}")).collect();
    for text in reports.iter().map(|(_, text)| text).chain([&understood]) {
        assert!(!text.contains(OUTSIDE), "what lies above the root is shown:\n{text}");
        assert!(!text.contains("root:x:0"), "/etc/passwd is shown:\n{text}");
    }
    let shown: Vec<&str> = outcome.problems.iter().map(|problem| problem.message.as_str()).collect();
    for named in ["../secret.txt", "../modules", "../nested.yaml"] {
        let bare = named.trim_start_matches("../");
        assert!(shown.iter().any(|message| message.contains(bare)), "nothing is said of {named}: {shown:#?}");
    }
    for (path, _) in sources.walked_under("") {
        if let Ok(file) = sources.open(&path) {
            assert!(!file.text.contains(OUTSIDE), "{path} was read");
        }
    }
}

#[test]
fn minified_code_is_read_within_bounds() {
    let unit = "function a(b){return b.c(function(d){return d?a(d):new b(d)})}var e=a({f:[1,2,3],g:\"h\"});";
    let text = format!("var s=require(\"@aws-sdk/client-s3\");{}", unit.repeat(3_000_000 / unit.len()));
    // A bundle is not understood, which a rule about it says as "cannot tell"; it is no problem and no finding.
    let (brought, _) = in_memory(&[("bundle.js", &text)]);
    assert!(brought.findings.is_empty(), "{:?}", brought.findings);
}

#[test]
fn files_that_are_no_text_are_problems_and_utf16_is_read() {
    let root = folder("encodings");
    fs::create_dir_all(root.join(".git")).unwrap();
    for path in ["template.yaml", "serverless.yml", "main.tf"] {
        fs::write(root.join(path), b"Resources: boto3 aws-sdk aws_sdk_s3 \xff\xfe\x80\n").unwrap();
    }
    let queue = "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false\n";
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(queue.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    fs::write(root.join("wide.yaml"), &wide).unwrap();
    fs::write(root.join("marked.yaml"), format!("\u{feff}{queue}")).unwrap();
    let (collected, _) = collect(&root, std::slice::from_ref(&root), &[]);
    let (outcome, _) = judged(Arc::new(collected.sources));
    let found: Vec<String> = crate::scan::lines(&outcome.findings);
    for line in ["wide.yaml:5 EN005", "marked.yaml:5 EN005"] {
        assert!(found.iter().any(|found| found == line), "no {line} in {found:?}");
    }
    for path in ["template.yaml", "serverless.yml", "main.tf"] {
        let named = outcome.problems.iter().filter(|problem| problem.path.as_deref() == Some(path));
        assert!(named.count() > 0, "no problem for {path}: {:#?}", outcome.problems);
    }
}

#[test]
fn code_that_is_no_text_is_a_problem() {
    let root = folder("code");
    fs::create_dir_all(root.join(".git")).unwrap();
    for path in ["app.py", "app.js", "app.rs"] {
        fs::write(root.join(path), b"boto3 aws-sdk aws_sdk_s3 \xff\xfe\x80\n").unwrap();
    }
    let (collected, _) = collect(&root, std::slice::from_ref(&root), &[]);
    let (outcome, _) = judged(Arc::new(collected.sources));
    let named: Vec<&str> = outcome.problems.iter().filter_map(|problem| problem.path.as_deref()).collect();
    assert_eq!(named, ["app.js", "app.py", "app.rs"]);
}

#[test]
fn an_account_cut_short_is_a_problem() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/account/authorization-details.json");
    let whole = fs::read_to_string(path).unwrap();
    for part in [3, 7, 9] {
        let mut end = whole.len() * part / 10;
        while !whole.is_char_boundary(end) {
            end -= 1;
        }
        said(&in_memory(&[("authorization-details.json", &whole[..end])]), "authorization-details.json");
    }
}

#[test]
fn control_characters_and_secrets_are_not_printed() {
    // Joined at run time, so that no scanner takes this file for a leak.
    let key = ["AKIA", "QYLPMN5HHHFPZAM2"].concat();
    let escape = "\\u001b[2J\\u001b]0;owned\\u0007\\u202e\\n::error::x";
    let template = format!(
        r#"{{"Resources": {{
"Jobs{escape}": {{"Type": "AWS::SQS::Queue", "Properties": {{"SqsManagedSseEnabled": false, "QueueName": "x{escape}"}}}},
"Sync{escape}": {{"Type": "AWS::Lambda::Function", "Properties": {{"Runtime": "nodejs22.x{escape}", "Handler": "x.y", "Code": {{"ZipFile": "const k = '{key}';"}},
  "Environment": {{"Variables": {{"DB_PASSWORD": "{key}", "NODE_TLS_REJECT_UNAUTHORIZED": "0"}}}}}}}}}}}}"#
    );
    let python =
        format!("import boto3\nAPI_KEY = \"{key}\"\n\ndef handler(event, context):\n    print(event)\n    )\n");
    let broken = format!("Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Password: \"{key}\n   bad: [\n");
    let terraform = format!("resource \"aws_sqs_queue\" \"jobs\" {{\n  name = \"{key}\" \"{key}\n");
    let files = [("template.json", &*template), ("app.py", &python), ("broken.yaml", &broken), ("main.tf", &terraform)];
    let (outcome, reports) = in_memory(&files);
    assert!(outcome.findings.iter().any(|finding| &*finding.rule == "SE001"), "{:?}", outcome.findings);
    for (format, text) in &reports {
        assert!(!text.contains(&key), "{format:?} shows the key");
        // JSON escapes what a terminal obeys; the mark that turns the direction is left to who shows the string.
        let is_json = matches!(format, Format::Json | Format::Sarif);
        for control in ['\u{1b}', '\u{7}', '\u{202e}'] {
            assert!((is_json && control == '\u{202e}') || !text.contains(control), "{format:?} has {control:?}");
        }
        assert!(!text.lines().any(|line| line.starts_with("::error")), "{format:?} has a line that a runner obeys");
    }
}

/// What a scan brought, and its reports by format.
type Judged = (Brought, Vec<(Format, String)>);

/// What is left of a scan once its report is made.
struct Brought {
    projects: Vec<Project>,
    findings: Vec<Finding>,
    problems: Vec<Problem>,
}

fn in_memory(files: &[(&str, &str)]) -> Judged {
    judged(Arc::new(Sources::in_memory(files.iter().copied())))
}

/// Judges and reports with the stack that the command line gives its threads, and not for ever.
fn judged(sources: Arc<Sources>) -> Judged {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).stack_size(64 << 20).build().unwrap();
        let judged = pool.install(|| {
            let config = Config::default();
            let setup = Setup::new(rules(), &config, &[], Options::default(), today());
            let outcome = flow::judge(&sources, &setup, &mut |_| {});
            let brought = Brought {
                projects: outcome.projects.clone(),
                findings: outcome.findings.clone(),
                problems: outcome.problems.clone(),
            };
            let report = Report { paths_base: ".".to_owned(), ..outcome.report(rules(), &sources, 0, true) };
            let reports = Format::ALL.map(|format| {
                let mut out = Vec::new();
                report::write(&report, &sources, format, report::Options::default(), &mut out).unwrap();
                (format, String::from_utf8(out).unwrap())
            });
            (brought, reports.to_vec())
        });
        let _ = sender.send(judged);
    });
    let (outcome, reports) = receiver.recv_timeout(PATIENCE).expect("it does not end, or it panicked");
    let panicked: Vec<_> = outcome.problems.iter().filter(|problem| problem.message.contains("a bug in")).collect();
    assert!(panicked.is_empty(), "{panicked:?}");
    (outcome, reports)
}

/// It is said that something was not judged.
fn said(judged: &Judged, what: &str) {
    assert!(!judged.0.problems.is_empty(), "nothing is said of {what}");
}

/// It is said in these words.
fn said_in(judged: &Judged, words: &str) {
    let problems = &judged.0.problems;
    assert!(problems.iter().any(|problem| problem.message.contains(words)), "nothing of `{words}` in {problems:#?}");
}

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile").join(name);
    if path.exists() {
        fs::remove_dir_all(&path).unwrap();
    }
    fs::create_dir_all(&path).unwrap();
    path
}
