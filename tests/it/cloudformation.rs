//! CloudFormation through the whole flow: what hangs on conditions, what a template demands, what must not be shown.

use crate::scan::{rules, scan};
use leastwise::finding::{Confidence, Finding, Status};
use leastwise::flow::Outcome;
use leastwise::report::{self, Format, Report};
use leastwise::source::Sources;
use std::fs;
use std::path::Path;
use std::process::Command;

pub(crate) fn scanned(files: &[(&str, &str)]) -> (Sources, Outcome) {
    let files: Vec<_> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    scan(&files)
}

/// Every report of an outcome, one after the other.
pub(crate) fn printed(outcome: Outcome, sources: &Sources) -> String {
    let report = Report { paths_base: ".".to_owned(), ..outcome.report(rules(), sources, 0, true) };
    let mut out = Vec::new();
    for format in Format::ALL {
        report::write(&report, sources, format, report::Options::default(), &mut out).unwrap();
    }
    String::from_utf8(out).unwrap()
}

/// Status and confidence of a rule's only finding.
fn status(rule: &str, findings: &[Finding]) -> Option<(Status, Confidence)> {
    let mut of_rule = findings.iter().filter(|finding| &*finding.rule == rule);
    let status = of_rule.next().map(|finding| (finding.status, finding.confidence));
    assert!(of_rule.next().is_none(), "{rule} more than once");
    status
}

#[test]
fn what_hangs_on_an_unknown_condition_has_the_status_of_its_branches() {
    use Confidence::{Definite, Possible};
    use Status::{Unknown, Violated};
    const HEAD: &str = "
Parameters: {Given: {Type: String}, Known: {Type: String, Default: x}}
Conditions:
  Maybe: !Equals [!Ref Given, x]
  MaybeNot: !Not [!Condition Maybe]
  Other: !Equals [!Ref Given, y]
  Holds: !Equals [!Ref Known, x]
Resources:
  Topic:
    Type: AWS::SNS::Topic
";
    // EN006: a topic without a key of its own.
    for (rest, expected) in [
        ("", Some((Violated, Definite))),
        ("    Properties: {KmsMasterKeyId: alias/own}\n", None),
        // The resource as a whole.
        ("    Condition: Maybe\n", Some((Violated, Possible))),
        ("    Condition: MaybeNot\n", Some((Violated, Possible))),
        ("    Condition: Holds\n", Some((Violated, Definite))),
        ("    Condition: Maybe\n    Properties: {KmsMasterKeyId: !If [Maybe, alias/own, !Ref AWS::NoValue]}\n", None),
        (
            "    Condition: MaybeNot\n    Properties: {KmsMasterKeyId: !If [Maybe, alias/own, !Ref AWS::NoValue]}\n",
            Some((Violated, Possible)),
        ),
        // One property: both branches, one of them, none.
        (
            "    Properties: {KmsMasterKeyId: !If [Maybe, !Ref AWS::NoValue, !Ref AWS::NoValue]}\n",
            Some((Violated, Definite)),
        ),
        ("    Properties: {KmsMasterKeyId: !If [Maybe, '', !Ref AWS::NoValue]}\n", Some((Violated, Definite))),
        ("    Properties: {KmsMasterKeyId: !If [Maybe, alias/own, !Ref AWS::NoValue]}\n", Some((Unknown, Possible))),
        ("    Properties: {KmsMasterKeyId: !If [Maybe, alias/own, alias/other]}\n", None),
        ("    Properties: {KmsMasterKeyId: !If [Holds, !Ref AWS::NoValue, alias/own]}\n", Some((Violated, Definite))),
        // Nested, and two that hang together.
        (
            "    Properties: {KmsMasterKeyId: !If [Maybe, !If [MaybeNot, !Ref AWS::NoValue, alias/own], alias/other]}\n",
            None,
        ),
        (
            "    Properties: {KmsMasterKeyId: !If [Maybe, !If [Other, !Ref AWS::NoValue, alias/own], alias/other]}\n",
            Some((Unknown, Possible)),
        ),
        // The properties as a whole.
        ("    Properties: !If [Maybe, {TopicName: a}, {TopicName: b}]\n", Some((Violated, Definite))),
        ("    Properties: !If [Maybe, {KmsMasterKeyId: alias/own}, {TopicName: b}]\n", Some((Unknown, Possible))),
    ] {
        let (_, outcome) = scanned(&[("t.yaml", &format!("{HEAD}{rest}"))]);
        assert_eq!(status("EN006", &outcome.findings), expected, "{rest}");
    }
}

#[test]
fn rules_of_a_template_are_checked_with_what_is_known() {
    let rule = |body: &str| {
        let text = format!(
            "Parameters:
  Stage: {{Type: String, Default: dev}}
  Zones: {{Type: CommaDelimitedList, Default: 'a,b'}}
  Key: {{Type: String}}
Rules:
  Fits:
{body}
Resources:
  Jobs: {{Type: AWS::SQS::Queue}}
"
        );
        let (_, outcome) = scanned(&[("t.yaml", &text)]);
        outcome.problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>()
    };
    let broken = |body: &str| {
        let said = rule(body);
        assert!(said.iter().all(|said| said.contains("break the template's rule `Fits`")), "{said:?}");
        said.len()
    };
    for (body, expected) in [
        ("    Assertions: [{Assert: !Equals [!Ref Stage, dev]}]", 0),
        ("    Assertions: [{Assert: {Fn::Contains: [[dev, prod], !Ref Stage]}}]", 0),
        ("    Assertions: [{Assert: {Fn::Contains: [[prod, test], !Ref Stage]}, AssertDescription: no}]", 1),
        ("    Assertions: [{Assert: {Fn::Contains: [[prod], !Ref Key]}}]", 0),
        ("    Assertions: [{Assert: {Fn::EachMemberIn: [!Ref Zones, [a, b, c]]}}]", 0),
        ("    Assertions: [{Assert: {Fn::EachMemberIn: [!Ref Zones, [a, c]]}}]", 1),
        ("    Assertions: [{Assert: {Fn::EachMemberEquals: [!Ref Zones, a]}}]", 1),
        ("    Assertions: [{Assert: {Fn::EachMemberEquals: [[a, !Ref Key], a]}}]", 0),
        ("    Assertions: [{Assert: {Fn::Contains: [{Fn::RefAll: 'AWS::EC2::VPC::Id'}, x]}}]", 0),
        ("    Assertions: [{Assert: {Fn::Contains: [{Fn::ValueOfAll: ['AWS::EC2::VPC::Id', Tags.D]}, x]}}]", 0),
        ("    RuleCondition: !Equals [!Ref Stage, prod]\n    Assertions: [{Assert: !Equals [!Ref Stage, dev1]}]", 0),
        ("    RuleCondition: !Equals [!Ref Key, k]\n    Assertions: [{Assert: !Equals [!Ref Stage, dev1]}]", 0),
        ("    RuleCondition: !Equals [!Ref Stage, dev]\n    Assertions: [{Assert: !Equals [!Ref Stage, dev1]}]", 1),
    ] {
        assert_eq!(broken(body), expected, "{body}");
    }
    assert!(rule("    Assertions: [{Assert: !Equals [!Ref Stage, x], AssertDescription: no x}]")[0].contains("(no x)"));
}

#[test]
fn values_of_noecho_parameters_are_printed_nowhere() {
    const SECRET: &str = "Fw9mQ2xT7vLp4KzR8sNd";
    let text = format!(
        "
Parameters:
  Password: {{Type: String, NoEcho: true, Default: {SECRET}}}
Conditions: {{Given: !Equals [!Ref Password, {SECRET}]}}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {{TopicName: !Ref Password, KmsMasterKeyId: !If [Given, !Ref AWS::NoValue, alias/own]}}
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: nested.yaml, Parameters: {{Handed: !Ref Password}}}}
  Place:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !Sub 'arn:aws:iam::1:role/${{Password}}'
      Code: {{ZipFile: 'def handler(event, context): pass'}}
      Environment: {{Variables: {{DB_PASSWORD: !Ref Password}}}}
"
    );
    let nested = "
Parameters: {Handed: {Type: String}}
Resources:
  Other: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub 'x-${Handed}'}}
";
    let (sources, outcome) = scanned(&[("t.yaml", &text), ("nested.yaml", nested)]);
    assert_eq!(outcome.problems, []);
    let found: Vec<&str> = outcome.findings.iter().map(|finding| &*finding.rule).collect();
    // The condition is decided with the value, and the credential in the environment is found.
    assert_eq!(found.iter().filter(|rule| **rule == "EN006").count(), 2, "{found:?}");
    let secret = outcome.findings.iter().find(|finding| finding.message.contains("credential")).unwrap();
    assert_eq!((secret.status, secret.location.start_line), (Status::Violated, 19), "{secret:?}");
    let projects = format!("{:?}", outcome.projects);
    let printed = printed(outcome, &sources);
    assert!(!printed.contains(&SECRET[..4]), "{printed}");
    assert!(!projects.contains(SECRET));
}

#[test]
fn included_files_bring_sections_resources_and_parts_of_them() {
    let template = "
Transform: [{Name: AWS::Include, Parameters: {Location: parts/top.yaml}}]
Mappings:
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/mappings.yaml}}
Resources:
  Own: {Type: AWS::SNS::Topic}
  Part:
    Type: AWS::SNS::Topic
    Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/topic.yaml}}
";
    let files = [
        ("template.yaml", template),
        (
            "parts/top.yaml",
            "Parameters: {Name: {Type: String, Default: n}}\nResources: {Own: {}, More: {Type: AWS::SNS::Topic}}\n",
        ),
        ("parts/mappings.yaml", "Keys: {all: {key: alias/own}}\n"),
        (
            "parts/topic.yaml",
            "Properties:\n  TopicName: {Ref: Name}\n  KmsMasterKeyId: {Fn::FindInMap: [Keys, all, key]}\n",
        ),
    ];
    let (sources, outcome) = scanned(&files);
    assert_eq!(outcome.problems, []);
    let project = &outcome.projects[0];
    let names: Vec<&str> = project.resources.iter().map(|resource| &*resource.id).collect();
    assert_eq!(names, ["Own", "Part", "More"]);
    let part = project.resource("Part").unwrap();
    assert_eq!(part.property("TopicName").unwrap().to_string(), "n");
    assert_eq!(part.property("KmsMasterKeyId").unwrap().to_string(), "alias/own");
    assert_eq!(&*sources.location(project.resource("More").unwrap().span).path, "parts/top.yaml");
    let unkeyed: Vec<&str> = outcome
        .findings
        .iter()
        .filter(|finding| &*finding.rule == "EN006")
        .map(|finding| &*finding.resource.name)
        .collect();
    assert_eq!(unkeyed, ["More", "Own"]);
}

#[test]
fn findings_in_a_nested_stack_point_into_it_and_name_what_nests_it() {
    let parent = "
Resources:
  First:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./child.yaml, Parameters: {Name: one}}
  Second:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yaml, Parameters: {Name: !GetAtt First.Outputs.Name, Key: alias/own}}
  Third:
    Type: AWS::Serverless::Application
    Properties: {Location: child.yaml, Parameters: {Key: !Ref AWS::NoValue}}
  Mine:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !GetAtt Second.Outputs.Name, KmsMasterKeyId: !GetAtt Second.Outputs.Key}
";
    let child = "
Parameters: {Name: {Type: String, Default: d}, Key: {Type: String, Default: ''}}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !Sub '${Name}-x', KmsMasterKeyId: !Ref Key}
Outputs:
  Name: {Value: !Sub '${Name}-out'}
  Key: {Value: !Ref Key}
";
    let (_, outcome) = scanned(&[("infra/parent.yaml", parent), ("infra/child.yaml", child)]);
    assert_eq!(outcome.problems, []);
    let project = &outcome.projects[0];
    let shown = |id: &str, key: &str| project.resource(id).unwrap().property(key).unwrap().to_string();
    assert_eq!(shown("Second/Topic", "TopicName"), "one-out-x");
    assert_eq!(
        (shown("Mine", "TopicName"), shown("Mine", "KmsMasterKeyId")),
        ("one-out-out".into(), "alias/own".into())
    );
    let found: Vec<&Finding> = outcome.findings.iter().filter(|finding| &*finding.rule == "EN006").collect();
    let [only] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((&*only.location.path, only.location.start_line), ("infra/child.yaml", 6));
    let related: Vec<_> =
        only.related.iter().map(|place| (&*place.location.path, place.location.start_line, &*place.text)).collect();
    assert_eq!(related, [("infra/parent.yaml", 3, "nested by `First`"), ("infra/parent.yaml", 9, "nested by `Third`")]);
}

#[test]
fn the_nearest_word_on_a_parameter_wins() {
    const TEMPLATE: &str = "
Parameters: {A: {Type: String, Default: default}, B: {Type: String, Default: default}, C: {Type: String, Default: default},
  D: {Type: String, Default: default}, E: {Type: String, Default: default}}
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${A}/${B}/${C}/${D}/${E}/${AWS::Region}'}}
";
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parameters");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join(".git")).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("template.yaml", TEMPLATE);
    let shown = |line: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leastwise"));
        let output = command.args(["show", "-o", "json"]).args(line).current_dir(&folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let name = &json["projects"][0]["resources"][0]["properties"]["QueueName"];
        name.as_str().map_or_else(|| name.to_string(), str::to_owned)
    };
    assert!(shown(&["--region", "eu-west-1"]).starts_with("default/default/default/default/default/eu-west-1"));
    write(
        "samconfig.toml",
        "[default.deploy.parameters]\nregion = 'eu-north-1'\nparameter_overrides = 'B=sam C=sam D=sam E=sam'\n",
    );
    assert_eq!(shown(&[]), "default/sam/sam/sam/sam/eu-north-1");
    write("prod.json", "[{\"ParameterKey\": \"C\", \"ParameterValue\": \"file\"}]");
    write("leastwise.toml", "[deploy]\nregion = 'eu-south-1'\nparameters = 'file://prod.json'\n");
    assert_eq!(shown(&[]), "default/sam/file/sam/sam/eu-south-1");
    write("leastwise.toml", "[deploy]\nregion = 'eu-south-1'\nparameters = {C = 'toml', D = 'toml', E = 'toml'}\n");
    assert_eq!(shown(&[]), "default/sam/toml/toml/toml/eu-south-1");
    write("more.json", "[\"D=list\", \"E=list\"]");
    assert_eq!(shown(&["--parameter", "file://more.json"]), "default/sam/toml/list/list/eu-south-1");
    let line = ["--parameter", "file://more.json", "--parameter", "E=a=b", "--region", "us-east-2"];
    assert_eq!(shown(&line), "default/sam/toml/list/a=b/us-east-2");
    for (line, said) in [("file://gone.json", "gone.json cannot be read"), ("E", "KEY=VALUE or file://PATH")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leastwise"));
        let output = command.args(["scan", "--parameter", line]).current_dir(&folder).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{output:?}");
    }
}

#[test]
fn a_stack_set_is_judged_in_each_of_its_regions() {
    let parent = "
Resources:
  Logs:
    Type: AWS::CloudFormation::StackSet
    Properties:
      TemplateURL: ./logs.yaml
      Parameters: [{ParameterKey: Name, ParameterValue: kept}]
      StackInstancesGroup:
        - {DeploymentTargets: {OrganizationalUnitIds: [ou-1]}, Regions: [eu-west-1, us-east-1]}
        - {DeploymentTargets: {OrganizationalUnitIds: [ou-2]}, Regions: [eu-west-1]}
";
    let child = "
Parameters: {Name: {Type: String}}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Properties:
      BucketName: !Sub '${Name}-${AWS::Region}-${AWS::AccountId}'
      Tags: [{Key: DataClassification, Value: pii}]
";
    let config = "profiles = ['gdpr']\n[deploy]\nregion = 'eu-central-1'\n";
    let (_, outcome) = scanned(&[("set.yaml", parent), ("logs.yaml", child), ("leastwise.toml", config)]);
    assert_eq!(outcome.problems, []);
    let project = &outcome.projects[0];
    let ids: Vec<&str> = project.resources.iter().map(|resource| &*resource.id).collect();
    assert_eq!(ids, ["Logs", "Logs/eu-west-1/Bucket", "Logs/us-east-1/Bucket"]);
    let bucket = project.resource("Logs/us-east-1/Bucket").unwrap();
    assert_eq!(bucket.property("BucketName").unwrap().to_string(), "kept-us-east-1-${AWS::AccountId}");
    assert_eq!(bucket.attributes.as_ref().unwrap().get("DeletionPolicy").unwrap().to_string(), "Retain");
    // Only the region outside the area breaks the rule, though the project itself lies inside.
    let placed: Vec<&Finding> = outcome.findings.iter().filter(|finding| &*finding.rule == "RG001").collect();
    let [only] = placed.as_slice() else { panic!("{placed:?}") };
    assert!(only.message.contains("us-east-1"), "{}", only.message);
    // The line that names the region says the wrong thing.
    assert_eq!((&*only.location.path, only.location.start_line), ("set.yaml", 9));
    assert_eq!(&*only.related[0].text, "nested by `Logs`");
    assert!(only.related.iter().any(|place| &*place.location.path == "logs.yaml"), "{:?}", only.related);
}
