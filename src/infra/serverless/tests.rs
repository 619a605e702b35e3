//! Services lowered, looked at through their resources.

use super::read;
use crate::infra::{Context, Options};
use crate::model::Project;
use crate::source::{Problem, Sources};

/// The service of the first file, with what was said of it.
fn project(files: &[(&str, &str)], options: &Options) -> (Project, Vec<Problem>, Sources) {
    let sources = Sources::in_memory(files.iter().copied());
    let (project, problems) = read(&Context { sources: &sources, options }, files[0].0);
    (project.unwrap(), problems, sources)
}

#[test]
fn a_function_and_its_role() {
    let text = "service: shop
provider:
  name: aws
  runtime: nodejs20.x
  stage: ${opt:stage, 'dev'}
  region: eu-central-1
  iam:
    role:
      statements:
        - Effect: Allow
          Action: dynamodb:*
          Resource: !GetAtt Orders.Arn
functions:
  hello:
    handler: src/hello.main
    events:
      - http: GET /users/{id}
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
";
    let (project, problems, sources) = project(&[("svc/serverless.yml", text)], &Options::default());
    assert_eq!(problems, []);
    let function = project.resource("HelloLambdaFunction").unwrap();
    assert_eq!(&*function.name, "hello");
    assert_eq!(function.property("FunctionName").unwrap().as_text(), Some("shop-dev-hello"));
    assert_eq!(&*function.property("Role").unwrap().as_reference().unwrap().resource, "IamRoleLambdaExecution");
    let role = project.resource("IamRoleLambdaExecution").unwrap();
    assert_eq!((&*role.name, role.generated_from.as_deref()), ("IamRoleLambdaExecution", Some("provider.iam")));
    let statements = role.property("Policies").unwrap().items()[0].at("PolicyDocument.Statement").unwrap();
    let written: Vec<_> = statements.items().iter().filter(|node| node.get("__Framework").is_none()).collect();
    assert_eq!(written.len(), 1);
    assert_eq!(sources.location(written[0].span).start_line, 10);
    assert_eq!(&*written[0].get("Resource").unwrap().as_reference().unwrap().resource, "Orders");
    assert_eq!(project.region.as_text(), Some("eu-central-1"));
}

/// The resolved environment variables of one function, as text.
fn environment(custom: &str, variables: &[(&str, &str)], options: &Options, files: &[(&str, &str)]) -> Vec<String> {
    let mut text =
        format!("service: s\nprovider:\n  name: aws\n{custom}\nfunctions:\n  f:\n    handler: a.b\n    environment:\n");
    for (name, value) in variables {
        text.push_str(&format!("      {name}: {value}\n"));
    }
    let mut all = vec![("a/serverless.yml", text.as_str())];
    all.extend(files);
    let (project, _, _) = project(&all, options);
    let function = project.resource("FLambdaFunction").unwrap();
    let all = function.property("Environment.Variables").unwrap();
    variables
        .iter()
        .map(|(name, _)| match all.get(name) {
            Some(node) => match node.as_unknown() {
                Some(unknown) => format!("{:?} {}", unknown.kind, unknown.what),
                None => node.to_string(),
            },
            None => "absent".into(),
        })
        .collect()
}

#[test]
fn variables_are_looked_up_where_they_say() {
    let custom = "custom:\n  dev: {size: 5}\n  name: x-${self:service}\n  on: true\n  list: [a, b]\nparams:\n  default: {p: d}\n  qa: {p: q}";
    let files =
        [("a/conf.yml", "deep:\n  value: from-${self:service}\n"), ("a/c.json", "{\"k\": 7}"), ("a/t.txt", "text")];
    let cases = [
        ("A", "${self:custom.${sls:stage}.size}", "5"),
        ("B", "${self:custom.name}-${opt:stage, 'none'}", "x-s-none"),
        ("C", "${file(./conf.yml):deep.value}", "from-s"),
        ("D", "${file(c.json):k}", "7"),
        ("E", "${file(t.txt)}", "text"),
        ("F", "${param:p}", "d"),
        ("G", "${env:HOME, 'fallback'}", "fallback"),
        ("H", "${env:HOME}", "Parameter env:HOME"),
        ("I", "${ssm:/a/b}", "Dynamic ssm:/a/b"),
        ("J", "${cf:other.Out}", "Import cf:other.Out"),
        ("K", "${self:custom.list.1}", "b"),
        ("L", "${strToBool(${self:custom.on})}", "true"),
        ("M", "${self:custom.none, self:custom.name}", "x-s"),
        ("N", "${aws:region}", "us-east-1"),
        ("O", "${file(missing.yml):a, 'd'}", "d"),
        ("P", "${file(../../outside.yml):a, 'd'}", "File ../../outside.yml"),
        ("Q", "${file(./code.js):a}", "Parameter file(./code.js):a"),
        ("R", "pre-${env:HOME}", "pre-${env:HOME}"),
        ("S", "${self:provider.stage}", "dev"),
        ("T", "${foreach(${self:custom.list}, x)}", "Dynamic foreach(${self:custom.list}, x)"),
        ("U", "${self:custom.none}", "Parameter self:custom.none"),
    ];
    let variables: Vec<_> = cases.iter().map(|(name, value, _)| (*name, *value)).collect();
    let quoted: Vec<_> = variables.iter().map(|(name, value)| (*name, format!("\"{value}\""))).collect();
    let quoted: Vec<_> = quoted.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let found = environment(custom, &quoted, &Options::default(), &files);
    for ((name, value, expected), found) in cases.iter().zip(found) {
        assert_eq!(*expected, found, "{name} {value}");
    }
    let options = Options { stage: Some("qa".into()), ..Options::default() };
    assert_eq!(environment(custom, &[("A", "${param:p}-${opt:stage}-${sls:stage}")], &options, &[]), ["q-qa-qa"]);
}

#[test]
fn the_environment_is_what_is_committed_beside_the_service() {
    let files = [
        ("a/.env", "NAME=general\nURL=https://$NAME.example.com\nKEY=AKIAQ7NBV5TZK2MWX3YD\n"),
        ("a/.env.qa", "NAME=qa\n"),
        ("a/elsewhere/.env", "OTHER=x\n"),
    ];
    let of = |head: &str, stage: Option<&str>| {
        let options = Options { stage: stage.map(Into::into), ..Options::default() };
        let cases = ["NAME", "URL", "KEY", "OTHER"].map(|name| (name, format!("\"${{env:{name}, 'd'}}\"")));
        let variables: Vec<(&str, &str)> = cases.iter().map(|(name, value)| (*name, value.as_str())).collect();
        environment(head, &variables, &options, &files)
    };
    let general = ["general", "https://general.example.com", "Credential env:KEY", "d"];
    assert_eq!(of("useDotenv: true", None), general);
    assert_eq!(of("frameworkVersion: '^4.2'", None), general);
    assert_eq!(of("useDotenv: true", Some("qa")), ["qa", "d", "d", "d"]);
    for head in ["useDotenv: false", "frameworkVersion: '3'", "custom: {}"] {
        assert_eq!(of(head, None), ["d", "d", "d", "d"], "{head}");
    }
}

#[test]
fn the_stage_of_the_environment_is_found_before_it_is_read() {
    let text = "service: s\nuseDotenv: true\nprovider:\n  name: aws\n  runtime: python3.13\n  stage: ${opt:stage, 'qa'}\nfunctions:\n  f:\n    handler: a.b\n    environment: {A: '${env:NAME}'}\n";
    let files = [("serverless.yml", text), (".env", "NAME=general\n"), (".env.qa", "NAME=qa\n")];
    let (project, problems, _) = project(&files, &Options::default());
    let function = project.resource("FLambdaFunction").unwrap();
    let shown = function.property("Environment.Variables.A").map(ToString::to_string);
    assert_eq!((shown.as_deref(), problems), (Some("qa"), vec![]));
}

#[test]
fn a_circle_of_variables_is_said_once() {
    let text = "service: s\nprovider: {name: aws, runtime: python3.13}\ncustom:\n  b: ${self:custom.a}\n  a: ${self:custom.b, 'x'}\n  c: ${self:custom.d}\n  d: 1\nfunctions:\n  f:\n    handler: a.b\n    environment: {A: '${self:custom.b}', B: '${self:custom.a}', C: '${self:custom.c}'}\n";
    let (_, problems, _) = project(&[("serverless.yml", text)], &Options::default());
    let said: Vec<(Option<u32>, &str)> = problems.iter().map(|problem| (problem.line, &*problem.message)).collect();
    let message = "variables lead back to themselves: custom.a -> custom.b -> custom.a";
    assert_eq!(said, [(Some(5), message)]);
    // A file that is taken in whole and speaks of its own values is no circle.
    let text = "service: s\nprovider: {name: aws, runtime: python3.13}\ncustom: ${file(c.yml)}\nfunctions:\n  f:\n    handler: a.b\n    environment: {A: '${self:custom.y}'}\n";
    let files = [("serverless.yml", text), ("c.yml", "y: ${self:custom.z}\nz: 1\n")];
    assert_eq!(project(&files, &Options::default()).1, []);
}

#[test]
fn cycles_and_bombs_end() {
    let custom = "custom:\n  a: ${self:custom.b}\n  b: ${self:custom.a}";
    let found = environment(custom, &[("A", "${self:custom.a}")], &Options::default(), &[]);
    assert!(found[0].starts_with("Cycle"), "{found:?}");
    let mut bomb = "custom:\n  x0: [a, a, a, a, a, a, a, a, a, a]\n".to_owned();
    let mut text = "custom:\n  x0: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n".to_owned();
    for level in 1..40 {
        let below = format!("${{self:custom.x{}}}", level - 1);
        bomb.push_str(&format!("  x{level}: [{}]\n", vec![format!("'{below}'"); 10].join(", ")));
        text.push_str(&format!("  x{level}: '{}'\n", below.repeat(10)));
    }
    for custom in [bomb, text] {
        let started = std::time::Instant::now();
        environment(&custom, &[("A", "\"${self:custom.x39}\"")], &Options::default(), &[]);
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
    let deep = format!("custom:\n  a: {}x{}", "[".repeat(60), "]".repeat(60));
    environment(&deep, &[("A", "${self:custom.a}")], &Options::default(), &[]);
}

#[test]
fn unknown_parts_stay_unknown_inside_sub() {
    let text = "service: s
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: s3:*
          Resource: !Sub arn:${AWS::Partition}:s3:::${env:BUCKET}/${Topic}
functions:
  f: {handler: a.b}
resources:
  Resources:
    Topic: {Type: AWS::SNS::Topic}
";
    let (project, problems, _) = project(&[("serverless.yml", text)], &Options::default());
    assert_eq!(problems, []);
    let role = project.resource("IamRoleLambdaExecution").unwrap();
    let statements = role.property("Policies").unwrap().items()[0].at("PolicyDocument.Statement").unwrap().items();
    let resource = statements.last().unwrap().get("Resource").unwrap();
    assert_eq!(resource.to_string(), "arn:aws:s3:::${env:BUCKET}/${Topic}");
    assert_eq!(resource.references().len(), 1);
}

#[test]
fn files_that_are_no_services_say_so() {
    let files = [
        ("a/serverless.yml", "service: x\nprovider:\n  name: google\n"),
        ("b/serverless.ts", "export default build({ service: 'x', provider: { name: 'aws' } })"),
        ("c/prod.yml", "service: x\nprovider:\n  stage: prod\n  name: aws\nfunctions:\n  f:\n    handler: a.b\n"),
        ("d/other.yml", "service: x\nprovider:\n  name: azure\n"),
        ("e/serverless.yml", "component: express\nname: x\n"),
    ];
    let sources = Sources::in_memory(files);
    let options = Options::default();
    let context = Context { sources: &sources, options: &options };
    assert_eq!(super::roots(&context), ["a/serverless.yml", "b/serverless.ts", "c/prod.yml", "e/serverless.yml"]);
    for (root, expected) in
        [("a/serverless.yml", "google"), ("b/serverless.ts", "program"), ("e/serverless.yml", "provider")]
    {
        let (project, problems) = read(&context, root);
        assert!(project.is_none());
        assert!(problems.len() == 1 && problems[0].message.contains(expected), "{problems:?}");
    }
    assert!(read(&context, "c/prod.yml").0.is_some());
}

#[test]
fn files_of_resources_belong_to_the_service() {
    let text = "service: s\nprovider: aws\nresources:\n  - ${file(res/a.yml)}\n  - Resources: ${file(res/b.yml):Resources}\n  - ${file(res/c.js)}\n";
    let template = |id: &str| {
        format!("Resources:\n  {id}:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: !Foo x\n")
    };
    let (a, b) = (template("A"), template("B"));
    let files = [("svc/serverless.yml", text), ("svc/res/a.yml", a.as_str()), ("svc/res/b.yml", b.as_str())];
    let (project, problems, sources) = project(&files, &Options::default());
    let place = |id: &str| sources.location(project.resource(id).unwrap().span);
    assert_eq!((&*place("A").path, place("A").start_line), ("svc/res/a.yml", 2));
    assert_eq!(&*place("B").path, "svc/res/b.yml");
    assert!(
        problems.iter().any(|problem| problem.message.contains("./res/c.js") || problem.message.contains("res/c.js"))
    );
    let options = Options::default();
    let context = Context { sources: &sources, options: &options };
    assert_eq!(super::claimed(&context, "svc/serverless.yml"), ["svc/res/a.yml", "svc/res/b.yml", "svc/res/c.js"]);
    let (projects, _) = crate::infra::read(&sources, &options);
    assert_eq!(projects.len(), 1, "the parts are no templates of their own");
}

#[test]
fn version_4_gives_functions_roles_of_their_own() {
    let text = "service: s
provider:
  name: aws
  iam:
    role:
      mode: perFunction
      statements: [{Effect: Allow, Action: sqs:*, Resource: '*'}]
functions:
  one:
    handler: a.b
    iam:
      inheritStatements: false
      role:
        statements: [{Effect: Allow, Action: s3:Get*, Resource: '*'}]
  two: {handler: a.c, logs: {logGroup: /mine}}
";
    let (project, problems, _) = project(&[("serverless.yml", text)], &Options::default());
    assert_eq!(problems, []);
    assert!(project.resource("IamRoleLambdaExecution").is_none());
    let actions = |id: &str| {
        let role = project.resource(id).unwrap();
        let statements = role.property("Policies").unwrap().items()[0].at("PolicyDocument.Statement").unwrap();
        let own = statements.items().iter().filter(|node| node.get("__Framework").is_none());
        own.map(|node| node.get("Action").unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(actions("OneIamRoleLambdaExecution"), ["s3:Get*"]);
    assert_eq!(actions("TwoIamRoleLambdaExecution"), ["sqs:*"]);
    assert!(project.resource("TwoLogGroup").is_none());
    let two = project.resource("TwoLambdaFunction").unwrap();
    assert_eq!(two.property("LoggingConfig.LogGroup").unwrap().as_text(), Some("/mine"));
}

#[test]
fn constructs_leave_the_role_open() {
    let text = "service: s
provider: {name: aws}
constructs:
  jobs: {type: queue}
functions:
  one: {handler: a.b}
";
    let (project, _, _) = project(&[("serverless.yml", text)], &Options::default());
    let role = project.resource("IamRoleLambdaExecution").unwrap();
    let statements = role.property("Policies").unwrap().items()[0].at("PolicyDocument.Statement").unwrap();
    assert!(statements.items().iter().any(|statement| statement.as_unknown().is_some()));
}

#[test]
fn a_store_of_an_event_is_called_by_its_own_name() {
    let text = "service: s
provider: {name: aws}
functions:
  one:
    handler: a.b
    events:
      - s3: photo-uploads
      - sns: dispatches
      - cognitoUserPool: {pool: members, trigger: PreSignUp}
";
    let (project, _, _) = project(&[("serverless.yml", text)], &Options::default());
    for (id, name) in [
        ("S3BucketPhotouploads", "photo-uploads"),
        ("SNSTopicDispatches", "dispatches"),
        ("CognitoUserPoolMembers", "members"),
        ("OneLambdaPermissionPhotouploadsS3", "one"),
    ] {
        assert_eq!(project.resource(id).map(|resource| &*resource.name), Some(name), "{id}");
    }
}

#[test]
fn a_compose_file_hands_parameters_to_its_services() {
    let compose = "services:
  other: { path: other }
  a:
    path: a
    params:
      table: orders
      url: ${other.url}
stages:
  default: { params: { team: shop } }
";
    let variables = [("TABLE", "${param:table}"), ("URL", "${param:url, 'none'}"), ("TEAM", "${param:team}")];
    let files = [("serverless-compose.yml", compose)];
    let found = environment("  stage: dev", &variables, &Options::default(), &files);
    assert_eq!(found, ["orders", "Import param:url", "shop"]);
}

#[test]
fn nothing_above_the_repository_is_read_and_files_in_a_circle_end() {
    let text = "service: s
provider: { name: aws }
custom: ${file(../../etc/passwd)}
functions: ${file(serverless.yml):functions}
resources: ${file(circle.yml)}
";
    let circle = ("a/circle.yml", "Resources: ${file(circle.yml):Resources}\nMore: ${file(circle.yml)}\n");
    let (project, problems, _) = project(&[("a/serverless.yml", text), circle], &Options::default());
    assert_eq!(project.resources.len(), 0);
    let messages: Vec<&str> = problems.iter().map(|problem| &*problem.message).collect();
    assert!(messages.iter().any(|message| message.contains("../../etc/passwd lies outside")), "{messages:?}");
    assert!(messages.iter().any(|message| message.contains("circle.yml includes itself")), "{messages:?}");
}

#[test]
fn pseudo_parameters_of_the_plugin_are_substituted() {
    let text = "service: s
provider: { name: aws, runtime: nodejs20.x }
plugins: [serverless-pseudo-parameters]
functions:
  f: { handler: a.b, environment: { ARN: 'arn:aws:sns:#{AWS::Region}:1:#{Topic.TopicName}' } }
resources:
  Resources:
    Topic: { Type: 'AWS::SNS::Topic' }
";
    let (project, _, _) = project(&[("serverless.yml", text)], &Options::default());
    let value = project.resource("FLambdaFunction").unwrap().property("Environment.Variables.ARN").unwrap();
    assert_eq!(value.references().len(), 1);
    assert!(value.to_string().starts_with("arn:aws:sns:us-east-1:1:"), "{value}");
}

#[test]
fn routes_of_an_api_among_the_resources_are_there() {
    let text = "service: s
provider: { name: aws }
resources:
  Resources:
    Api:
      Type: AWS::ApiGateway::RestApi
      Properties:
        Body: ${file(api.yml)}
";
    let api = "openapi: 3.0.1\npaths:\n  /pets:\n    get: {}\n";
    let (project, _, sources) = project(&[("serverless.yml", text), ("api.yml", api)], &Options::default());
    let method = project.resource("Api/GET//pets").unwrap();
    assert_eq!(sources.location(method.span).path.as_ref(), "api.yml");
}
