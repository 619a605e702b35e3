//! The smallest policy of a function: its shape, how a function is found, and that it is a fixed point: written back
//! into the project in its own format and scanned again, it has nothing unused and nothing missing.

use crate::files::{entries, name, root};
use crate::fixtures::{Files, files_of, fixtures, scan};
use leastwise::finding::{Finding, Status};
use leastwise::infra::{self, Options};
use leastwise::model::{Format, Project, Resource};
use leastwise::source::{Sources, collect};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[test]
fn json_is_a_policy_document_and_nothing_else() {
    let orders = root().join("fixtures/orders-sam");
    let printed: Value = serde_json::from_str(&stdout(&run(&orders, &["PlaceOrder", "-o", "json"]))).unwrap();
    let arn = |rest: &str| json!(format!("arn:aws:{rest}"));
    let statement = |sid: &str, action: &str, resource: Value| json!({"Sid": sid, "Effect": "Allow", "Action": [action], "Resource": resource});
    let here = "${AWS::Region}:${AWS::AccountId}";
    let expected = json!({"Version": "2012-10-17", "Statement": [
        statement("DynamodbOrders", "dynamodb:PutItem", arn(&format!("dynamodb:{here}:table/${{Orders}}"))),
        statement("SnsPlaced", "sns:Publish", arn(&format!("sns:{here}:${{Placed}}"))),
        statement("Sqs", "sqs:SendMessage", arn(&format!("sqs:{here}:*"))),
        statement("Key", "kms:Decrypt", arn(&format!("kms:{here}:key/*"))),
    ]});
    assert_eq!(printed, expected, "{printed:#}");
    let default = run(&orders, &["PlaceOrder"]);
    assert_eq!(serde_json::from_str::<Value>(&stdout(&default)).unwrap(), expected);
    assert_eq!(default.status.code(), Some(0));
}

#[test]
fn no_action_has_a_wildcard_and_sids_are_letters_and_digits() {
    let mut statements = 0;
    for fixture in fixtures() {
        for (_, function) in functions(&fixture) {
            let printed: Value = serde_json::from_str(&stdout(&run(&fixture, &[&function, "-o", "json"]))).unwrap();
            let mut sids = BTreeSet::new();
            for statement in printed["Statement"].as_array().unwrap() {
                statements += 1;
                let sid = statement["Sid"].as_str().unwrap();
                assert!(sid.chars().all(char::is_alphanumeric) && sids.insert(sid.to_owned()), "{printed:#}");
                for action in statement["Action"].as_array().unwrap() {
                    assert!(!action.as_str().unwrap().contains('*'), "{printed:#}");
                }
            }
        }
    }
    assert!(statements > 15, "{statements}");
}

#[test]
fn a_function_is_found_by_any_of_its_names() {
    let serverless = root().join("fixtures/orders-serverless");
    let by = |name: &str| stdout(&run(&serverless, &[name, "-o", "json"]));
    assert!(by("place").contains("dynamodb:PutItem"));
    for name in ["PlaceLambdaFunction", "orders-dev-place"] {
        assert_eq!(by(name), by("place"), "{name}");
    }
    let terraform = root().join("fixtures/orders-terraform");
    let by = |name: &str| stdout(&run(&terraform, &[name, "-o", "terraform"]));
    assert_eq!(by("aws_lambda_function.place"), by("place"));
    let unknown = run(&serverless, &["plce"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("did you mean `place`"), "{}", stderr(&unknown));
    let both = run(&root().join("fixtures"), &["Place7A6A35E8"]);
    assert_eq!(both.status.code(), Some(2), "{}", stderr(&both));
    assert!(stderr(&both).contains("cdk-orders") && stderr(&both).contains("cdk-stages"), "{}", stderr(&both));
    let below = run(&root(), &["ReadOrder", "--path", "fixtures/orders-sam"]);
    assert_eq!(below.status.code(), Some(0), "{}", stderr(&below));
    assert_eq!(run(&serverless, &["place", "--path", "nowhere"]).status.code(), Some(2));
}

#[test]
fn code_that_is_not_there_is_an_error_and_code_that_is_not_understood_a_warning() {
    let template = |code: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    \
             Properties: {{Runtime: python3.13, Handler: app.handler, {code}}}\n"
        )
    };
    let gone = folder("gone", &[("template.yaml", &template("CodeUri: s3://bucket/code.zip"))]);
    let output = run(&gone, &["F"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the code of F was not read: "), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    let code = "import boto3\n\ndef handler(event, context):\n    boto3.client(event['service']).list_things()\n    \
                boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/111122223333/q', MessageBody='')\n";
    let vague = folder("vague", &[("template.yaml", &template("CodeUri: src")), ("src/app.py", code)]);
    let output = run(&vague, &["F"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("warning: the code is not fully understood"), "{}", stderr(&output));
    assert!(stdout(&output).contains("\"arn:aws:sqs:eu-west-1:111122223333:q\""), "{}", stdout(&output));
}

const QUEUE: &str = "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q";

/// A function that sends to a queue, and statements of its role, in CloudFormation.
fn sender(statements: &str) -> String {
    format!(
        r#"Parameters: {{P: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref P, x]}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
{statements}
  F:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Runtime: python3.12
      Handler: index.handler
      Code:
        ZipFile: |
          import boto3
          sqs = boto3.client('sqs')
          def handler(e, c):
              sqs.send_message(QueueUrl='{QUEUE}', MessageBody='x')
"#
    )
}

/// The statement on queues of the printed policy, and what is said beside it.
fn on_queues(name: &str, files: &[(&str, &str)], function: &str) -> (Value, String) {
    let output = run(&folder(name, files), &[function, "-o", "json"]);
    let printed: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let statements = printed["Statement"].as_array().unwrap().clone();
    let own = statements.into_iter().find(|statement| statement["Action"][0] == "sqs:SendMessage").unwrap();
    (own, stderr(&output))
}

#[test]
fn the_condition_of_the_existing_statement_is_kept_in_every_format() {
    let block = "              - Effect: Allow\n                Action: sqs:SendMessage\n                Resource: '*'\n                Condition:\n                  StringEquals:\n                    aws:PrincipalTag/x: A\n                    s3:prefix: b\n                  StringLikeIfExists: {aws:PrincipalTag/y: [a*, b*]}\n";
    let kept = json!({"StringEquals": {"aws:PrincipalTag/x": "A"}, "StringLikeIfExists": {"aws:PrincipalTag/y": ["a*", "b*"]}});
    let (statement, _) = on_queues("kept-yaml", &[("template.yaml", &sender(block))], "F");
    assert_eq!(statement["Condition"], kept, "{statement:#}");
    assert_eq!(statement["Resource"], json!("arn:aws-cn:sqs:cn-north-1:123456789012:q"));
    let terraform = r#"
data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/x"
      values   = ["A"]
    }
  }
}
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({Statement=[{Effect="Allow", Action="sts:AssumeRole", Principal={Service="lambda.amazonaws.com"}}]})
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = data.aws_iam_policy_document.p.json
}
data "archive_file" "z" {
  type        = "zip"
  source_file = "${path.module}/index.py"
  output_path = "z.zip"
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.r.arn
  runtime       = "python3.12"
  handler       = "index.handler"
  filename      = data.archive_file.z.output_path
}
"#;
    let code = format!(
        "import boto3\nsqs = boto3.client('sqs')\ndef handler(e, c):\n    sqs.send_message(QueueUrl='{QUEUE}', MessageBody='x')\n"
    );
    let (statement, _) = on_queues("kept-terraform", &[("main.tf", terraform), ("index.py", &code)], "f");
    assert_eq!(statement["Condition"], json!({"StringEquals": {"aws:PrincipalTag/x": "A"}}), "{statement:#}");
}

#[test]
fn a_condition_that_cannot_be_kept_is_said() {
    let allow = |condition: &str| {
        format!("              - {{Effect: Allow, Action: sqs:SendMessage, Resource: '*', Condition: {condition}}}\n")
    };
    let (one, other) =
        (allow("{StringEquals: {aws:PrincipalTag/x: A}}"), allow("{StringEquals: {aws:PrincipalTag/x: B}}"));
    for (number, (statements, said)) in [
        (format!("{one}{one}"), None),
        (format!("{one}{other}"), Some("statements that allow it have different ones")),
        (allow("!If [C, {StringEquals: {aws:PrincipalTag/x: A}}, !Ref AWS::NoValue]"), Some("it is not known in full")),
        (format!("{one}              - {{Effect: Allow, Action: 'sqs:*', Resource: '*'}}\n"), Some("")),
    ]
    .into_iter()
    .enumerate()
    {
        let (statement, beside) = on_queues(&format!("kept-{number}"), &[("template.yaml", &sender(&statements))], "F");
        assert_eq!(statement.get("Condition").is_some(), said.is_none(), "{statements}");
        assert!(said.is_none_or(|said| beside.contains(said)), "{beside}");
    }
}

#[test]
fn every_fixture_is_at_rest_with_the_policy_written_back() {
    let (mut tried, mut faults) = (0, Vec::new());
    for fixture in fixtures().into_iter().filter(|fixture| name(fixture) != "account") {
        let files = files_of(&fixture);
        for (index, function) in functions(&fixture) {
            let place = format!("{} {function}", name(&fixture));
            let Some(policy) = written(&fixture, &files, index, &function) else {
                faults.push(format!("{place}: cannot be written back"));
                continue;
            };
            tried += 1;
            let changed = replaced(&files, index, &function, &policy).unwrap();
            let told = about(&changed, index, &function);
            faults.extend(told.iter().map(|finding| format!("{place}: {} {}", finding.rule, finding.message)));
            // The same with a right too many and one too few is not at rest: the scan did see the policy.
            if let Some(action) = ["dynamodb:PutItem", "dynamodb:GetItem", "s3:GetObject", "s3:PutObject"]
                .into_iter()
                .find(|action| policy.contains(action))
            {
                let wrong = replaced(&files, index, &function, &policy.replace(action, "iam:CreateUser")).unwrap();
                let rules: BTreeSet<String> =
                    about(&wrong, index, &function).iter().map(|finding| finding.rule.to_string()).collect();
                if !(rules.contains("XL001") && rules.contains("XL002")) {
                    faults.push(format!("{place}: a wrong policy gives only {rules:?}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried >= 9, "only {tried} functions were tried");
}

/// Public functions that are tried at most.
const PUBLIC: usize = 40;

#[test]
fn public_functions_are_at_rest_with_the_policy_written_back() {
    let Some(folder) = std::env::var_os("LEASTWISE_PUBLIC").map(PathBuf::from) else {
        eprintln!("LEASTWISE_PUBLIC names no folder of checkouts: not tried");
        return;
    };
    let (mut tried, mut unread, mut left, mut faults) = (0, 0, Vec::new(), Vec::new());
    for (checkout, below) in chosen(&folder) {
        let place = checkout.join(&below);
        let files = files_below(&place);
        for (index, function) in functions(&place) {
            let shown = format!("{}/{below} {function}", name(&checkout));
            let output = run(&place, &[&function, "-o", "json"]);
            if output.status.code() != Some(0) {
                unread += 1;
                continue;
            }
            let policy = written(&place, &files, index, &function);
            let Some(changed) = policy.and_then(|policy| replaced(&files, index, &function, &policy)) else {
                left.push(shown);
                continue;
            };
            tried += 1;
            let told = about(&changed, index, &function).into_iter();
            let violated = told.filter(|finding| finding.status == Status::Violated);
            faults.extend(violated.map(|finding| format!("{shown}: {} {}", finding.rule, finding.message)));
        }
        if tried >= PUBLIC {
            break;
        }
    }
    eprintln!("{tried} functions tried, {unread} not read, not written back: {left:?}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried >= 20, "only {tried} functions were tried");
}

/// Folders of small projects, drawn by a fixed hash of their path, the formats in turn.
fn chosen(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found: Vec<BTreeSet<(u64, PathBuf, String)>> = vec![BTreeSet::new(); 4];
    for checkout in entries(folder) {
        let (collected, _) = collect(&checkout, std::slice::from_ref(&checkout), &[]);
        let (projects, _) = infra::read(&collected.sources, &Options::default());
        for project in &projects {
            let at = match project.format {
                Format::CloudFormation => 0,
                Format::Sam => 1,
                Format::Serverless => 2,
                Format::Terraform => 3,
                Format::Account | Format::OpenApi => continue,
            };
            let below = project.folder();
            let alone = projects.iter().filter(|other| other.folder().starts_with(below)).count() == 1;
            let functions = project.of_kind("AWS::Lambda::Function").count();
            if alone && functions > 0 && functions < 4 && !below.is_empty() {
                let mut hasher = DefaultHasher::new();
                (20_261_201_u32, name(&checkout), &project.path).hash(&mut hasher);
                found[at].insert((hasher.finish(), checkout.clone(), below.to_owned()));
            }
        }
    }
    let most = found.iter().map(BTreeSet::len).max().unwrap_or_default();
    let lists: Vec<Vec<_>> = found.into_iter().map(|set| set.into_iter().collect()).collect();
    let turns = (0..most).flat_map(|at| lists.iter().filter_map(move |list| list.get(at).cloned()));
    turns.map(|(_, checkout, below)| (checkout, below)).collect()
}

fn files_below(folder: &Path) -> Files {
    let (collected, _) = collect(folder, &[folder.to_path_buf()], &[]);
    let paths = collected.sources.walked_under("");
    paths
        .iter()
        .filter_map(|(path, _)| Some((path.to_string(), fs::read_to_string(folder.join(&**path)).ok()?)))
        .collect()
}

/// The functions of a folder: index of the project, id.
fn functions(folder: &Path) -> Vec<(usize, String)> {
    let (projects, _) = projects(&files_below(folder));
    let all = projects.iter().enumerate().flat_map(|(index, project)| {
        project.of_kind("AWS::Lambda::Function").map(move |function| (index, function.id.to_string()))
    });
    // Functions of the same id in two assemblies cannot be told apart by it.
    let all: Vec<(usize, String)> = all.collect();
    let single = |id: &str| all.iter().filter(|(_, other)| other == id).count() == 1;
    all.iter().filter(|(_, id)| single(id)).cloned().collect()
}

fn projects(files: &Files) -> (Vec<Project>, Sources) {
    let sources = Sources::in_memory(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let (projects, _) = infra::read(&sources, &Options::default());
    (projects, sources)
}

/// The policy in the words of the project's own format.
fn written(folder: &Path, files: &Files, index: usize, function: &str) -> Option<String> {
    let (projects, _) = projects(files);
    let view = match projects[index].format {
        Format::Sam if role_of(&projects[index], function)?.generated_from.is_some() => "sam",
        Format::Terraform => "terraform",
        _ => "cloudformation",
    };
    let output = run(folder, &[function, "-o", view]);
    assert_eq!(output.status.code(), Some(0), "{function}: {}", stderr(&output));
    Some(stdout(&output))
}

fn role_of<'a>(project: &'a Project, function: &str) -> Option<&'a Resource> {
    let role = project.resource(function)?.property("Role")?;
    project.named_of(role, |kind| kind == "AWS::IAM::Role")
}

/// The findings about unused and missing rights of a function and its role.
fn about(files: &Files, index: usize, function: &str) -> Vec<Finding> {
    let (_, outcome) = scan(files);
    let project = &outcome.projects[index];
    let role = role_of(project, function).map(|role| role.name.clone());
    let own = &project.resource(function).unwrap().name;
    let findings = outcome.findings.into_iter().filter(|finding| matches!(&*finding.rule, "XL001" | "XL002"));
    findings.filter(|finding| finding.resource.name == *own || Some(&finding.resource.name) == role.as_ref()).collect()
}

/// The files with the policy in the place of those that the role has; `None` where the text is too unusual to edit.
fn replaced(files: &Files, index: usize, function: &str, policy: &str) -> Option<Files> {
    let (projects, sources) = projects(files);
    let project = &projects[index];
    let role = role_of(project, function)?;
    let file = |resource: &Resource| {
        let place = sources.location(resource.span);
        (place.path.to_string(), place.start_line as usize - 1)
    };
    let held: Vec<&Resource> = project
        .resources
        .iter()
        .filter(|one| matches!(&*one.kind, "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" | "AWS::IAM::RolePolicy"))
        .filter(|one| {
            let names = one.properties.references().into_iter().any(|reference| reference.resource == role.id);
            names || role.properties.references().into_iter().any(|reference| reference.resource == one.id)
        })
        .collect();
    let mut files = files.clone();
    match project.format {
        Format::Terraform => {
            let mut removed: Vec<&str> = held.iter().map(|one| &*one.id).collect();
            removed.sort_unstable();
            for text in files.iter_mut().filter(|(path, _)| path.ends_with(".tf")).map(|(_, text)| text) {
                *text = without_blocks(text, &removed, &role.id)?;
            }
            let (path, _) = file(project.resource(function)?);
            let label = policy.split('"').nth(3)?;
            let attached = format!(
                "\n{policy}\nresource \"aws_iam_role_policy\" \"written_back\" {{\n  role   = {}.id\n  policy = \
                 data.aws_iam_policy_document.{label}.json\n}}\n",
                role.id
            );
            (!role.id.starts_with("module.")).then_some(())?;
            files.get_mut(&path)?.push_str(&attached);
        }
        Format::Serverless => {
            let text = files.get_mut(&*project.path)?;
            let lines: Vec<&str> = text.lines().collect();
            let provider = lines.iter().position(|line| line.starts_with("provider:"))?;
            let end = end_of(&lines, provider);
            let named = |line: &str| matches!(line.trim(), "statements:" | "iamRoleStatements:");
            let at = lines[provider..end].iter().position(|line| named(line));
            *text = match at.map(|at| at + provider) {
                Some(at) => with_list(&lines, at, policy),
                None if lines[provider..end].iter().any(|line| line.trim() == "iam:" || line.contains("iam")) => None?,
                None => {
                    let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
                    let indent = lines.get(provider + 1)?.chars().take_while(|c| *c == ' ').count();
                    lines.insert(provider + 1, format!("{}iamRoleStatements:", " ".repeat(indent)));
                    let borrowed: Vec<&str> = lines.iter().map(String::as_str).collect();
                    with_list(&borrowed, provider + 1, policy)
                }
            };
        }
        _ => {
            let own = if role.generated_from.is_some() { project.resource(function)? } else { role };
            let (path, _) = file(own);
            if path.ends_with(".json") {
                let mut template: Value = serde_json::from_str(&files[&path]).ok()?;
                let items: Value = serde_json::from_str(policy).ok()?;
                let id = |resource: &Resource| resource.id.rsplit('/').next().unwrap().to_owned();
                match held.split_first() {
                    Some((first, rest)) => {
                        let resources = &mut template["Resources"];
                        resources[id(first)]["Properties"]["PolicyDocument"] = items[0]["PolicyDocument"].clone();
                        rest.is_empty().then_some(())?;
                    }
                    None => template["Resources"][id(role)]["Properties"]["Policies"] = items,
                }
                files.insert(path, template.to_string());
            } else {
                // From the end, so that lines stay where they are.
                let mut places: Vec<(String, usize, bool)> =
                    held.iter().map(|one| (file(one).0, file(one).1, true)).collect();
                places.push((path, file(own).1, false));
                places.sort_by_key(|(_, line, _)| std::cmp::Reverse(*line));
                for (path, line, remove) in places {
                    let text = files.get(&path)?.clone();
                    let lines: Vec<&str> = text.lines().collect();
                    let changed = if remove { without(&lines, line) } else { with_policies(&lines, line, policy)? };
                    files.insert(path, changed);
                }
            }
        }
    }
    Some(files)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The first line behind the block that a line begins.
fn end_of(lines: &[&str], at: usize) -> usize {
    let inside = |line: &&str| {
        let text = line.trim();
        text.is_empty()
            || text.starts_with('#')
            || indent(line) > indent(lines[at])
            || indent(line) == indent(lines[at]) && text.starts_with("- ") && lines[at].trim_end().ends_with(':')
    };
    lines[at + 1..].iter().position(|line| !inside(line)).map_or(lines.len(), |more| at + 1 + more)
}

fn without(lines: &[&str], at: usize) -> String {
    let kept = lines[..at].iter().chain(&lines[end_of(lines, at)..]);
    kept.map(|line| format!("{line}\n")).collect()
}

/// The list below a key replaced by another.
fn with_list(lines: &[&str], at: usize, items: &str) -> String {
    let deeper = " ".repeat(indent(lines[at]) + 2);
    let items: String = items.lines().map(|line| format!("{deeper}{line}\n")).collect();
    let key = lines[at].split(':').next().unwrap();
    // None is a list too.
    let key = if items.is_empty() { format!("{key}: []\n") } else { format!("{key}:\n") };
    let line = |line: &&str| format!("{line}\n");
    let before: String = lines[..at].iter().map(line).collect();
    before + &key + &items + &lines[end_of(lines, at)..].iter().map(line).collect::<String>()
}

/// The resource that begins at a line with `Policies` among its properties.
fn with_policies(lines: &[&str], at: usize, items: &str) -> Option<String> {
    let end = end_of(lines, at);
    let properties = (at..end).find(|line| lines[*line].trim_end().ends_with("Properties:"))?;
    let depth = indent(
        lines[(properties + 1..end)
            .find(|line| !lines[*line].trim().is_empty() && !lines[*line].trim().starts_with('#'))?],
    );
    let own =
        (properties..end).find(|line| indent(lines[*line]) == depth && lines[*line].trim().starts_with("Policies:"));
    Some(match own {
        Some(policies) => with_list(lines, policies, items),
        None => {
            let key = format!("{}Policies:", " ".repeat(depth));
            let mut lines = lines.to_vec();
            lines.insert(properties + 1, &key);
            with_list(&lines, properties + 1, items)
        }
    })
}

/// The text without the blocks of some addresses, and without what attaches them to the role.
fn without_blocks(text: &str, addresses: &[&str], role: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < lines.len() {
        let words: Vec<&str> = lines[at].split('"').collect();
        let end = (at..lines.len()).find(|line| lines[*line].starts_with('}')).unwrap_or(at);
        let block = lines[at..=end].join("\n");
        let gone = match words.as_slice() {
            ["resource ", kind, _, name, ..] => {
                let address = format!("{kind}.{name}");
                let attaches =
                    *kind == "aws_iam_role_policy_attachment" && addresses.iter().any(|one| block.contains(one));
                addresses.iter().any(|one| one.split('[').next() == Some(address.as_str())) || attaches
            }
            _ => false,
        };
        if lines[at].starts_with("resource \"aws_iam_role\"")
            && block.contains(role.rsplit('.').next()?)
            && block.contains("inline_policy")
        {
            return None;
        }
        if gone {
            at = end + 1;
        } else {
            out += lines[at];
            out.push('\n');
            at += 1;
        }
    }
    Some(out)
}

/// A folder of its own for a test, with files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("policy").join(name);
    let _ = fs::remove_dir_all(&folder);
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::create_dir_all(folder.join(".git")).unwrap();
    folder
}

fn run(folder: &Path, line: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leastwise")).arg("policy").args(line).current_dir(folder).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
