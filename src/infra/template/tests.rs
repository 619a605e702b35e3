//! Which templates of a project are read, and from which roots.

use super::{read, roots};
use crate::infra::{Context, Options};
use crate::model::{Format, Presence};
use crate::source::{ProblemKind, Sources};

const PLAIN: &str = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n";

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let sources = Sources::in_memory(files.iter().copied());
    roots(&Context { sources: &sources, options: &Options::default() })
}

#[test]
fn templates_are_known_by_their_content() {
    for (text, expected) in [
        (PLAIN, true),
        ("AWSTemplateFormatVersion: '2010-09-09'\nParameters: {}\n", true),
        ("# remark\n---\n'Resources' : {A: {Type: 'Custom::X'}}\n", true),
        ("  Resources:\n    A: {Type: AWS::SNS::Topic}\n", true),
        ("{\"Resources\" : {\"A\": {\"Type\": \"AWS::SNS::Topic\"}}}", true),
        ("{\"x\": \"\\\"\", \"AWSTemplateFormatVersion\": \"2010-09-09\"}", true),
        ("{\n  # remark\n  Resources: {A: {Type: AWS::SNS::Topic}}}", false),
        ("resources:\n  Resources:\n    A:\n      Type: AWS::SNS::Topic\n", false),
        ("{\"stack\": {\"Resources\": {\"A\": \"AWS::X::Y\"}}}", false),
        ("{\"note\": \"Resources\", \"t\": \"AWS::X::Y\"}", false),
        ("Resources:\n  - just text\n", false),
        ("ResourcesX: AWS::\n", false),
        ("", false),
    ] {
        assert_eq!(found(&[("t.yaml", text)]), if expected { vec!["t.yaml"] } else { vec![] }, "{text}");
    }
    assert!(found(&[("t.txt", PLAIN)]).is_empty());
    assert_eq!(
        found(&[
            ("a/t.template", PLAIN),
            ("b.yml", PLAIN),
            ("c.json", "{\"Resources\":{},\"AWSTemplateFormatVersion\":1}")
        ]),
        ["a/t.template", "b.yml", "c.json"]
    );
}

#[test]
fn pieces_of_a_serverless_service_are_no_templates() {
    let piece = "Resources:\n  B: {Type: AWS::S3::Bucket, X: '${self:stage}'}\n";
    assert!(found(&[("cf/stage.yml", piece)]).is_empty());
    let whole = format!("AWSTemplateFormatVersion: '2010-09-09'\n{piece}");
    assert_eq!(found(&[("cf/stage.yml", &whole)]), ["cf/stage.yml"]);
}

const PARENT: &str = "
Parameters: {Name: {Type: String, Default: n}}
Conditions: {Live: !Equals [!Ref 'AWS::AccountId', '1']}
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Net:
    Type: AWS::CloudFormation::Stack
    Condition: Live
    Properties:
      TemplateURL: ./nested/net.yaml
      Parameters: {Given: !Ref Topic, Text: !Sub '${Name}-x'}
  Away:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: 'https://s3.amazonaws.com/b/k.yaml'}
  User:
    Type: AWS::SQS::Queue
    Properties: {A: !GetAtt Net.Outputs.Arn, B: !Sub 'x/${Net.Outputs.Text}/${Net.Outputs.Arn}', C: !GetAtt Net.Outputs.Other}
";

const CHILD: &str = "
Parameters: {Given: {Type: String}, Text: {Type: String}, Free: {Type: String}}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {Topic: !Ref Given, Text: !Ref Text, Free: !Ref Free, Region: !Ref AWS::Region}
Outputs:
  Arn: {Value: !GetAtt Queue.Arn}
  Text: {Value: !Ref Text}
";

#[test]
fn nested_stacks_belong_to_their_parent() {
    let sources = Sources::in_memory([("a/main.yaml", PARENT), ("a/nested/net.yaml", CHILD)]);
    let options = Options { region: Some("eu-west-1".into()), ..Options::default() };
    let context = Context { sources: &sources, options: &options };
    assert_eq!(roots(&context), ["a/main.yaml"]);
    let (project, problems) = read(&context, "a/main.yaml");
    let said: Vec<_> = problems.iter().map(|problem| (problem.line, &*problem.message)).collect();
    let away = "the template https://s3.amazonaws.com/b/k.yaml that `Away` nests does not lie in the repository and is not \
                read: name its file, as before `aws cloudformation package`, or scan it by itself";
    assert_eq!(said, [(Some(14), away)]);
    let project = project.unwrap();
    let ids: Vec<&str> = project.resources.iter().map(|resource| &*resource.id).collect();
    assert_eq!(ids, ["Topic", "Net", "Away", "User", "Net/Queue"]);
    let queue = project.resource("Net/Queue").unwrap();
    let shown = |id: &str, key: &str| project.resource(id).unwrap().properties.get(key).unwrap().to_string();
    assert_eq!(shown("Net/Queue", "Topic"), "${Topic}");
    assert_eq!(shown("Net/Queue", "Text"), "n-x");
    assert_eq!(shown("Net/Queue", "Free"), "${Net/Free}");
    assert_eq!(shown("Net/Queue", "Region"), "eu-west-1");
    assert_eq!(shown("User", "A"), "${Net/Queue.Arn}");
    assert_eq!(shown("User", "B"), "x/n-x/${Net/Queue.Arn}");
    assert_eq!(shown("User", "C"), "${Net.Outputs.Other}");
    assert_eq!(&*queue.name, "Queue");
    assert_eq!(queue.presence, Presence::Possible("Live".into()));
    assert_eq!(queue.calls[0].1, "nested by `Net`");
    assert_eq!(sources.location(queue.calls[0].0).start_line, 6);
    assert_eq!(project.format, Format::CloudFormation);
}

#[test]
fn circles_and_missing_templates_are_said() {
    let nests = |path: &str| {
        format!("Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: {path}}}\n")
    };
    let (a, b, c) = (nests("b.yaml"), nests("a.yaml"), nests("gone.yaml"));
    let sources = Sources::in_memory([("a.yaml", a.as_str()), ("b.yaml", b.as_str()), ("c.yaml", c.as_str())]);
    let context = Context { sources: &sources, options: &Options::default() };
    assert_eq!(roots(&context), ["a.yaml", "c.yaml"]);
    let (project, problems) = read(&context, "a.yaml");
    assert_eq!(project.unwrap().resources.len(), 2);
    assert_eq!(problems[0].message, "the nested template a.yaml nests this one in turn");
    let (_, problems) = read(&context, "c.yaml");
    assert_eq!((problems[0].line, &*problems[0].message), (Some(2), "the nested template gone.yaml does not exist"));
}

#[test]
fn a_template_nested_twice_is_read_for_each_and_says_its_problems_once() {
    let parent = "Resources:\n  A: &s {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: c.yaml}}\n  B: *s\n";
    let child = "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  Q: {Type: AWS::SQS::Queue}\n";
    let sources = Sources::in_memory([("p.yaml", parent), ("c.yaml", child)]);
    let context = Context { sources: &sources, options: &Options::default() };
    let (project, problems) = read(&context, "p.yaml");
    let project = project.unwrap();
    assert!(project.resource("A/Q").is_some() && project.resource("B/Q").is_some());
    assert_eq!(problems.len(), 1, "{problems:?}");
}

#[test]
fn samconfig_says_region_and_parameters() {
    let template = "
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String}, Note: {Type: String, Default: d}}
Resources:
  Q: {Type: AWS::SQS::Queue, Properties: {S: !Sub '${Stage}/${Note}/${AWS::Region}'}}
";
    let read_with = |config: &str, name: &str| {
        let sources = Sources::in_memory([(name, template), ("app/samconfig.toml", config)]);
        let context = Context { sources: &sources, options: &Options::default() };
        let (project, problems) = read(&context, name);
        let project = project.unwrap();
        assert_eq!(project.format, Format::Sam);
        (project.resources[0].properties.get("S").unwrap().to_string(), problems)
    };
    for (config, expected) in [
        (
            "[default.deploy.parameters]\nregion = 'eu-north-1'\nparameter_overrides = 'Stage=prod Note=\"a b\"'\n",
            "prod/a b/eu-north-1",
        ),
        (
            "[default.global.parameters]\nregion = 'eu-north-1'\n[default.deploy.parameters]\nparameter_overrides = ['Stage=x', 'Note=']\n",
            "x//eu-north-1",
        ),
        (
            "[default.deploy.parameters]\nparameter_overrides = 'ParameterKey=Stage,ParameterValue=y'\n",
            "y/d/${AWS::Region}",
        ),
        (
            "[default.deploy.parameters]\ntemplate_file = 'other.yaml'\nregion = 'eu-north-1'\n",
            "${Stage}/d/${AWS::Region}",
        ),
        ("[other.deploy.parameters]\nregion = 'eu-north-1'\n", "${Stage}/d/${AWS::Region}"),
    ] {
        assert_eq!(read_with(config, "app/template.yaml").0, expected, "{config}");
    }
    assert_eq!(
        read_with("[default.deploy.parameters]\nregion = 'eu-north-1'\n", "app/other.yaml").0,
        "${Stage}/d/${AWS::Region}"
    );
    // A file above that names the template, one that names none, and an environment of the stage's name.
    let above = |config: &str, stage: Option<&str>| {
        let sources = Sources::in_memory([("app/infra/template.yaml", template), ("app/samconfig.toml", config)]);
        let options = Options { stage: stage.map(Into::into), ..Options::default() };
        let (project, _) = read(&Context { sources: &sources, options: &options }, "app/infra/template.yaml");
        project.unwrap().resources[0].properties.get("S").unwrap().to_string()
    };
    let named = "[default.deploy.parameters]\ntemplate_file = './infra/template.yaml'\nparameter_overrides = 'Stage=d'\n\
                 [prod.deploy.parameters]\ntemplate_file = 'infra/template.yaml'\nparameter_overrides = 'Stage=p'\n";
    assert_eq!(above(named, None), "d/d/${AWS::Region}");
    assert_eq!(above(named, Some("prod")), "p/d/${AWS::Region}");
    assert_eq!(above(named, Some("other")), "d/d/${AWS::Region}");
    assert_eq!(above("[default.deploy.parameters]\nregion = 'eu-north-1'\n", None), "${Stage}/d/${AWS::Region}");
    let (_, problems) = read_with("[default", "app/template.yaml");
    assert!(problems[0].message.starts_with("not valid TOML"), "{problems:?}");
}

#[test]
fn files_that_cannot_be_read_are_problems() {
    let sources = Sources::in_memory([
        ("a.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources: {{ jinja }}\nA: [\n"),
        ("b.yaml", "AWSTemplateFormatVersion: '2010-09-09'\n"),
    ]);
    let context = Context { sources: &sources, options: &Options::default() };
    let (project, problems) = read(&context, "a.yaml");
    assert!(project.is_none() && problems[0].line.is_some());
    assert!(read(&context, "b.yaml").0.is_some_and(|project| project.resources.is_empty()));
    assert!(read(&context, "gone.yaml").1[0].message.contains("does not exist"));
}

#[test]
fn templates_that_lie_elsewhere_are_said() {
    let template = "
Parameters: {Url: {Type: String}}
Resources:
  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: !Ref Url}}
  B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: !Sub 'https://${Url}/b.yaml'}}
  C:
    Type: AWS::Serverless::Application
    Properties:
      Location: {ApplicationId: 'arn:aws:serverlessrepo:us-east-1:111122223333:applications/x', SemanticVersion: 1.0.0}
  D: {Type: AWS::CloudFormation::StackSet, Properties: {TemplateBody: '{}'}}
  E: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: e.yaml}}
";
    let sources = Sources::in_memory([("t.yaml", template), ("e.yaml", PLAIN)]);
    let (_, problems) = read(&Context { sources: &sources, options: &Options::default() }, "t.yaml");
    let said: Vec<_> = problems.iter().map(|problem| (problem.line.unwrap(), problem.kind)).collect();
    assert_eq!(said, [4, 5, 9, 10].map(|line| (line, ProblemKind::Coverage)), "{problems:?}");
}

#[test]
fn a_nested_template_above_the_root_is_said() {
    let template = "Resources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../../n.yaml}}\n";
    let sources = Sources::in_memory([("deep/template.yaml", template)]);
    let (_, problems) = read(&Context { sources: &sources, options: &Options::default() }, "deep/template.yaml");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].message, "../../n.yaml lies outside the repository and is not read");
}

#[test]
fn a_document_of_its_own_gives_the_routes_of_an_inline_body() {
    let template = "Transform: AWS::Serverless-2016-10-31
Resources:
  Sam: { Type: AWS::Serverless::Api, Properties: { StageName: x, DefinitionUri: ./docs/api.yaml } }
  Fast: { Type: AWS::Serverless::HttpApi, Properties: { DefinitionUri: docs/api.json } }
  Plain: { Type: AWS::ApiGateway::RestApi, Properties: { BodyS3Location: docs/api.yaml } }
  Part:
    Type: AWS::Serverless::Api
    Properties:
      StageName: x
      DefinitionBody: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: docs/api.yaml } } }
  Lost: { Type: AWS::Serverless::Api, Properties: { StageName: x, DefinitionUri: ../docs/none.yaml } }
  Far: { Type: AWS::Serverless::Api, Properties: { StageName: x, DefinitionUri: s3://bucket/api.yaml } }
";
    let yaml = "openapi: 3.0.1
paths:
  /pets:
    get:
      security: [{ gate: [] }]
components:
  securitySchemes:
    gate: { type: apiKey, x-amazon-apigateway-authtype: awsSigv4 }
";
    let json = r#"{"openapi": "3.0.1", "paths": {"/pets": {"get": {}}}}"#;
    let sources = Sources::in_memory([("a/t.yaml", template), ("a/docs/api.yaml", yaml), ("a/docs/api.json", json)]);
    let context = Context { sources: &sources, options: &Options::default() };
    let (project, problems) = read(&context, "a/t.yaml");
    let project = project.unwrap();
    for id in ["Sam/GET//pets", "Plain/GET//pets", "Part/GET//pets"] {
        let method = project.resource(id).unwrap_or_else(|| panic!("{id}: {problems:?}"));
        assert_eq!(method.property("AuthorizationType").unwrap().as_text(), Some("AWS_IAM"), "{id}");
        let place = sources.location(method.span);
        assert_eq!((&*place.path, place.start_line), ("a/docs/api.yaml", 4), "{id}");
    }
    let route = project.resource("Fast/GET//pets").unwrap();
    assert_eq!(route.property("AuthorizationType").unwrap().as_text(), Some("NONE"));
    let messages: Vec<&str> = problems.iter().map(|problem| &*problem.message).collect();
    assert_eq!(messages, ["the API's document docs/none.yaml does not exist; its routes were not read"]);
}
