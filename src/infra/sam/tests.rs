//! What the transform keeps that its authors' translator does not have: lines, origins, records of routes.

use crate::infra::{Context, Options, template};
use crate::model::{CodeSource, Presence, Resource};
use crate::source::Sources;
use crate::syntax::{Node, Value};

const HEAD: &str = "Transform: AWS::Serverless-2016-10-31\nResources:\n";

/// The resources of a template below the header, and the line that each starts at.
fn read(text: &str) -> Vec<(Resource, u32)> {
    let text = format!("{HEAD}{text}");
    let sources = Sources::in_memory([("app/template.yaml", text.as_str())]);
    let options = Options::default();
    let (project, problems) = template::read(&Context { sources: &sources, options: &options }, "app/template.yaml");
    assert!(problems.is_empty(), "{problems:?}");
    let line = |resource: &Resource| sources.location(resource.span).start_line;
    project.unwrap().resources.into_iter().map(|resource| (resource.clone(), line(&resource))).collect()
}

fn find<'a>(resources: &'a [(Resource, u32)], id: &str) -> &'a (Resource, u32) {
    let ids: Vec<_> = resources.iter().map(|(resource, _)| resource.id.to_string()).collect();
    resources.iter().find(|(resource, _)| &*resource.id == id).unwrap_or_else(|| panic!("no {id} in {ids:?}"))
}

const FUNCTION: &str = "
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.main
      Runtime: python3.13
      CodeUri: src/reader
      Policies:
        - AmazonSSMReadOnlyAccess
        - S3ReadPolicy:
            BucketName: !Ref Store
        - Statement: {Effect: Allow, Action: 's3:*', Resource: '*'}
";

#[test]
fn a_function_gets_its_role_and_finds_its_code() {
    let resources = read(FUNCTION);
    let (function, line) = find(&resources, "Reader");
    assert_eq!((&*function.kind, *line), ("AWS::Lambda::Function", 4));
    assert!(matches!(&function.code, CodeSource::Local { path, .. } if &**path == "app/src/reader"));
    assert_eq!(function.property("Role").unwrap().to_string(), "${ReaderRole.Arn}");
    let (role, _) = find(&resources, "ReaderRole");
    assert_eq!((role.generated_from.as_deref(), &*role.name), (Some("Reader"), "Reader"));
    let managed: Vec<_> = role.property("ManagedPolicyArns").unwrap().items().iter().map(Node::to_string).collect();
    assert!(managed[0].ends_with("service-role/AWSLambdaBasicExecutionRole"));
    assert_eq!(managed[1], "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess");
}

#[test]
fn a_policy_template_leaves_its_name_and_line() {
    let text = format!("{HEAD}{FUNCTION}");
    let sources = Sources::in_memory([("t.yaml", text.as_str())]);
    let (project, _) = template::read(&Context { sources: &sources, options: &Options::default() }, "t.yaml");
    let project = project.unwrap();
    let policies = project.resource("ReaderRole").unwrap().property("Policies").unwrap();
    let [template, written] = policies.items() else { panic!("{policies}") };
    assert_eq!(template.get(super::POLICY_TEMPLATE).unwrap().as_text(), Some("S3ReadPolicy"));
    assert_eq!(template.get("PolicyName").unwrap().as_text(), Some("ReaderRolePolicy1"));
    let statement = &template.at("PolicyDocument.Statement").unwrap().items()[0];
    assert_eq!(sources.location(statement.span).start_line, 12);
    let resource = &statement.get("Resource").unwrap().items()[0];
    assert_eq!(resource.to_string(), "arn:aws:s3:::${Store}");
    assert_eq!(sources.location(resource.span).start_line, 12);
    assert!(written.get(super::POLICY_TEMPLATE).is_none());
    assert_eq!(sources.location(written.at("PolicyDocument.Statement").unwrap().span).start_line, 14);
}

const ROUTES: &str = "
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Cors: \"'*'\"
      Auth:
        DefaultAuthorizer: Pool
        AddDefaultAuthorizerToCorsPreflight: false
        Authorizers:
          Pool: {UserPoolArn: !GetAtt Users.Arn}
          Own: {FunctionArn: !GetAtt Checker.Arn}
  Shop:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.main
      Runtime: python3.13
      CodeUri: .
      Events:
        Inherits:
          Type: Api
          Properties: {Path: /orders, Method: get, RestApiId: !Ref Api}
        Opens:
          Type: Api
          Properties: {Path: /open, Method: any, RestApiId: !Ref Api, Auth: {Authorizer: NONE}}
        Signs:
          Type: Api
          Properties: {Path: /admin, Method: post, RestApiId: !Ref Api, Auth: {Authorizer: AWS_IAM, ApiKeyRequired: true}}
        Asks:
          Type: Api
          Properties: {Path: /own, Method: get, RestApiId: !Ref Api, Auth: {Authorizer: Own}}
        Free:
          Type: Api
          Properties: {Path: /free, Method: get}
";

#[test]
fn each_route_is_judged_with_its_own_authorization_at_its_event() {
    let resources = read(ROUTES);
    let shape = |id: &str| {
        let (route, line) = find(&resources, id);
        let text = |key: &str| route.property(key).map(Node::to_string).unwrap_or_default();
        (text("AuthorizationType"), text("ApiKeyRequired"), *line, route.generated_from.clone())
    };
    let at = |event: &str| Some(std::sync::Arc::from(format!("Shop.{event}")));
    let of = |kind: &str, key: &str, line, event| (kind.to_owned(), key.to_owned(), line, at(event));
    assert_eq!(shape("Api/GET//orders"), of("COGNITO_USER_POOLS", "false", 22, "Inherits"));
    assert_eq!(shape("Api/ANY//open"), of("NONE", "false", 25, "Opens"));
    assert_eq!(shape("Api/POST//admin"), of("AWS_IAM", "true", 28, "Signs"));
    assert_eq!(shape("Api/GET//own"), of("CUSTOM", "false", 31, "Asks"));
    assert_eq!(shape("ServerlessRestApi/GET//free"), of("NONE", "false", 34, "Free"));
    let (preflight, _) = find(&resources, "Api/OPTIONS//orders");
    assert_eq!(preflight.property("AuthorizationType").unwrap().as_text(), Some("NONE"));
    find(&resources, "ShopInheritsPermissionlive");
    find(&resources, "ShopFreePermissionProd");
    find(&resources, "ApiOwnAuthorizerPermission");
}

#[test]
fn http_routes_know_tokens_and_what_cannot_be_told() {
    let resources = read(
        "
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: !ImportValue Which
  Tokens:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Jwt
        Authorizers:
          Jwt: {IdentitySource: $request.header.Authorization, JwtConfiguration: {issuer: x, audience: [y]}}
  Shop:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.main
      Runtime: python3.13
      CodeUri: .
      Events:
        One: {Type: HttpApi, Properties: {Path: /one, Method: get, ApiId: !Ref Api}}
        Two: {Type: HttpApi, Properties: {Path: /two, Method: get, ApiId: !Ref Tokens}}
        Rest: {Type: HttpApi}
",
    );
    let auth = |id: &str| find(&resources, id).0.property("AuthorizationType").unwrap().clone();
    assert!(auth("Api/GET//one").as_unknown().is_some());
    assert_eq!(auth("Tokens/GET//two").as_text(), Some("JWT"));
    let (rest, _) = find(&resources, "ServerlessHttpApi/ANY/$default");
    assert_eq!(rest.property("RouteKey").unwrap().as_text(), Some("$default"));
    assert_eq!(rest.property("AuthorizationType").unwrap().as_text(), Some("NONE"));
}

#[test]
fn conditions_reach_what_is_generated() {
    let resources = read(
        "
  Shop:
    Type: AWS::Serverless::Function
    Condition: Wanted
    Properties:
      Handler: app.main
      Runtime: python3.13
      CodeUri: .
      Role: !If [Own, !GetAtt Mine.Arn, !Ref AWS::NoValue]
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
Parameters:
  A: {Type: String}
Conditions:
  Wanted: !Equals [!Ref A, x]
  Own: !Equals [!Ref A, y]
",
    );
    for id in ["Shop", "ShopRole", "ShopGetPermissionProd", "ServerlessRestApi", "ServerlessRestApi/GET//"] {
        assert!(matches!(find(&resources, id).0.presence, Presence::Possible(_)), "{id}");
    }
    let role = find(&resources, "Shop").0.property("Role").unwrap();
    let Value::Either { otherwise, .. } = &role.value else { panic!("{role}") };
    assert_eq!(otherwise.to_string(), "${ShopRole.Arn}");
}

#[test]
fn names_of_generated_parts_are_references_to_them() {
    let resources = read(
        "
  Shop:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, Runtime: python3.13, CodeUri: ., AutoPublishAlias: live, Layers: [!Ref Common]}
  Common:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: layer/}
  Note:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Ref Shop.Alias}
",
    );
    let (note, _) = find(&resources, "Note");
    assert_eq!(note.property("Value").unwrap().to_string(), "${ShopAliaslive}");
    let layer = find(&resources, "Shop").0.property("Layers").unwrap().items()[0].as_reference().unwrap().clone();
    let (layer, _) = find(&resources, &layer.resource);
    assert_eq!((&*layer.kind, &*layer.name), ("AWS::Lambda::LayerVersion", "Common"));
    assert!(matches!(&layer.code, CodeSource::Local { path, .. } if &**path == "app/layer"));
}
