use super::{folders, read, roots};
use crate::infra::{Context, Options};
use crate::source::Sources;

const MANIFEST: &str = r#"{"version": "55.0.0", "artifacts": {
  "A.assets": {"type": "cdk:asset-manifest", "properties": {"file": "A.assets.json"}},
  "A": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-north-1",
    "properties": {"templateFile": "A.template.json", "stackName": "first", "parameters": {"Given": "g"}},
    "metadata": {"/A/Code/Resource": [{"type": "aws:cdk:logicalId", "data": "Code1"}]}},
  "B": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
    "properties": {"templateFile": "B.template.json"}, "additionalMetadataFile": "B.metadata.json"},
  "Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
}}"#;

const ASSETS: &str = r#"{"files": {"x": {"source": {"path": "asset.x"}, "destinations": {"d": {"objectKey": "x.zip"}}},
  "up": {"source": {"path": "../../../secret"}, "destinations": {"d": {"objectKey": "up.zip"}}}}}"#;

const FIRST: &str = r#"{"Parameters": {"Given": {"Type": "String"}}, "Resources": {
  "Code1": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Bucket": {"Fn::Sub": "b-${AWS::AccountId}"},
    "S3Key": "x.zip"}, "Description": {"Fn::Sub": "${AWS::StackName}/${AWS::Region}/${AWS::AccountId}/${Given}"}}},
  "Other": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Bucket": "b", "S3Key": "up.zip"}}}},
  "Outputs": {"O": {"Value": {"Ref": "Code1"}, "Export": {"Name": "first:Code"}}}}"#;

const SECOND: &str = r#"{"Resources": {"Code1": {"Type": "AWS::SNS::Topic", "Properties": {
  "TopicName": {"Fn::ImportValue": "first:Code"}, "DisplayName": {"Fn::Sub": ["x${v}", {"v": {"Fn::ImportValue": "first:Code"}}]}}}}}"#;

fn sources() -> Sources {
    Sources::in_memory([
        ("app/cdk.out/manifest.json", MANIFEST),
        ("app/cdk.out/A.assets.json", ASSETS),
        ("app/cdk.out/A.template.json", FIRST),
        ("app/cdk.out/B.template.json", SECOND),
        ("app/cdk.out/B.metadata.json", r#"{"/B/Topic/Resource": [{"type": "aws:cdk:logicalId", "data": "Code1"}]}"#),
        ("app/cdk.out/asset.x/template.yaml", "Resources: {T: {Type: AWS::SNS::Topic}}\n"),
        ("app/cdk.out/asset.x/main.tf", "resource \"aws_sns_topic\" \"t\" {}\n"),
        ("app/cdk.out/asset.x/serverless.yml", "service: s\nprovider: {name: aws}\n"),
        ("app/cdk.out/asset.x/cdk.out/manifest.json", MANIFEST),
        ("app/cdk.out/assembly-Prod/manifest.json", &MANIFEST.replace("111122223333", "999988887777")),
        ("app/cdk.out/assembly-Prod/A.template.json", FIRST),
        ("app/public/manifest.json", r#"{"name": "a web app", "artifacts": []}"#),
        ("app/template.yaml", "Resources: {T: {Type: AWS::SNS::Topic}}\n"),
    ])
}

#[test]
fn an_assembly_and_its_stages_are_projects_and_what_they_hold_is_not() {
    let sources = sources();
    let context = Context { sources: &sources, options: &Options::default() };
    let expected = ["app/cdk.out/assembly-Prod/manifest.json", "app/cdk.out/manifest.json"];
    assert_eq!(roots(&context), expected);
    assert_eq!(folders(&context).into_iter().collect::<Vec<_>>(), ["app/cdk.out/", "app/cdk.out/assembly-Prod/"]);
    let (projects, _) = crate::infra::read(&sources, &Options::default());
    let paths: Vec<&str> = projects.iter().map(|project| &*project.path).collect();
    assert_eq!(paths, [expected[0], expected[1], "app/template.yaml"]);
}

#[test]
fn stacks_know_their_environment_their_constructs_and_each_other() {
    let sources = sources();
    let options = Options { region: Some("us-east-1".into()), ..Options::default() };
    let (project, problems) = read(&Context { sources: &sources, options: &options }, "app/cdk.out/manifest.json");
    assert_eq!(problems, []);
    let project = project.unwrap();
    let ids: Vec<&str> = project.resources.iter().map(|resource| &*resource.id).collect();
    assert_eq!(ids, ["first/Code1", "first/Other", "B/Code1"]);
    let (first, second) = (project.resource("first/Code1").unwrap(), project.resource("B/Code1").unwrap());
    let shown = |id: &str, key: &str| project.resource(id).unwrap().property(key).unwrap().to_string();
    assert_eq!(shown("first/Code1", "Description"), "first/eu-north-1/111122223333/g");
    assert_eq!(shown("B/Code1", "TopicName"), "${first/Code1}");
    assert_eq!(shown("B/Code1", "DisplayName"), "x${first/Code1}");
    assert_eq!(
        (first.construct.as_deref(), second.construct.as_deref()),
        (Some("A/Code/Resource"), Some("B/Topic/Resource"))
    );
    assert_eq!((&*first.name, &*second.name), ("Code1", "Code1"));
    let region = |id: &str| project.resource(id).unwrap().region.as_ref().unwrap().to_string();
    // The command line speaks of stacks whose environment is not written down.
    assert_eq!((region("first/Code1"), region("B/Code1")), ("eu-north-1".into(), "us-east-1".into()));
    let code = |id: &str| format!("{:?}", project.resource(id).unwrap().code);
    assert!(code("first/Code1").contains("app/cdk.out/asset.x"), "{}", code("first/Code1"));
    assert!(code("first/Other").starts_with("Elsewhere"), "{}", code("first/Other"));
}

#[test]
fn what_is_missing_or_broken_is_said() {
    let sources = Sources::in_memory([
        ("cdk.out/manifest.json", MANIFEST),
        ("cdk.out/A.assets.json", "{"),
        ("cdk.out/A.template.json", "[]"),
    ]);
    let (project, problems) =
        read(&Context { sources: &sources, options: &Options::default() }, "cdk.out/manifest.json");
    assert!(project.is_none());
    let paths: Vec<&str> = problems.iter().filter_map(|problem| problem.path.as_deref()).collect();
    for path in
        ["cdk.out/A.assets.json", "cdk.out/A.template.json", "cdk.out/B.template.json", "cdk.out/B.metadata.json"]
    {
        assert!(paths.contains(&path), "{path}: {problems:?}");
    }
}
