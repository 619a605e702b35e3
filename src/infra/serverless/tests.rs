//! Services lowered, looked at through their resources.

use super::read;
use crate::infra::{Context, Options};
use crate::model::Project;
use crate::source::{Problem, Sources};

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
    let ids: Vec<&str> = project.resources.iter().map(|resource| &*resource.id).collect();
    println!("{ids:#?}");
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
