//! What a document says of an API, in CloudFormation's shape.

use crate::infra::{Context, Options, template};
use crate::model::Project;
use crate::model::links::{Target, links};
use crate::source::{Problem, Sources};

fn read(files: &[(&str, &str)], root: &str) -> (Project, Vec<Problem>) {
    let sources = Sources::in_memory(files.iter().copied());
    let context = Context { sources: &sources, options: &Options::default() };
    let (project, problems) = template::read(&context, root);
    (project.unwrap(), problems)
}

fn shown(project: &Project, id: &str, path: &str) -> String {
    let resource = project.resource(id).unwrap_or_else(|| panic!("no {id}"));
    resource.property(path).map_or_else(|| "-".into(), ToString::to_string)
}

/// The ends of the links that lead from a resource.
fn linked<'a>(project: &'a Project, id: &str) -> Vec<(String, &'a str)> {
    let end = |to: &Target<'a>| match to {
        Target::Resource(id) => Some(&***id),
        Target::Managed(_) => None,
    };
    links(project)
        .into_iter()
        .filter(|link| &*link.from.id == id)
        .filter_map(|link| Some((link.path.clone(), end(&link.to)?)))
        .collect()
}

const REST: &str = "
Resources:
  Handler: {Type: AWS::Lambda::Function, Properties: {Handler: a.b}}
  Guard: {Type: AWS::Lambda::Function, Properties: {Handler: a.c}}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Description: mine
      Body:
        openapi: 3.0.1
        info: {title: orders, description: theirs}
        servers:
          - url: https://{id}.execute-api.eu-west-1.amazonaws.com
            x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true, vpcEndpointIds: [vpce-1]}
        x-amazon-apigateway-policy: {Statement: {Effect: Allow, Principal: '*', Action: execute-api:Invoke, Resource: '*'}}
        x-amazon-apigateway-binary-media-types: ['image/*']
        x-amazon-apigateway-request-validator: all
        x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: false}}
        x-amazon-apigateway-gateway-responses:
          DEFAULT_4XX: {responseParameters: {gatewayresponse.header.Access-Control-Allow-Origin: \"'*'\"}}
        paths:
          /orders:
            $ref: '#/components/x-items/orders~1all'
          /away:
            get:
              operationId: away
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: get
                uri: http://example.com
                connectionType: VPC_LINK
                connectionId: l
                tlsConfig: {insecureSkipVerification: true}
                requestParameters: {integration.request.path.a: method.request.path.a}
                responses: {default: {statusCode: '200'}, '5..': {statusCode: '502'}}
        components:
          x-items:
            orders/all:
              post:
                security: [{guard: [read]}]
                x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/call'}
          x-amazon-apigateway-integrations:
            call:
              type: aws_proxy
              httpMethod: POST
              credentials: arn:aws:iam::111122223333:role/api
              uri: !Sub arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Handler.Arn}/invocations
          securitySchemes:
            guard:
              type: apiKey
              name: X-Token
              in: header
              x-amazon-apigateway-authtype: custom
              x-amazon-apigateway-authorizer:
                type: token
                authorizerResultTtlInSeconds: 0
                authorizerUri: !Sub arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Guard.Arn}/invocations
";

#[test]
fn a_rest_document_is_read_whole() {
    let (project, problems) = read(&[("t.yaml", REST)], "t.yaml");
    assert_eq!(problems, []);
    for (id, path, expected) in [
        ("Api", "Name", "orders"),
        ("Api", "Description", "mine"),
        ("Api", "DisableExecuteApiEndpoint", "true"),
        ("Api", "EndpointConfiguration.VpcEndpointIds", "[vpce-1]"),
        ("Api", "BinaryMediaTypes", "[image/*]"),
        ("Api", "Policy.Statement.Effect", "Allow"),
        ("Api/validators/all", "ValidateRequestBody", "true"),
        ("Api/responses/DEFAULT_4XX", "ResponseType", "DEFAULT_4XX"),
        ("Api/authorizers/guard", "Type", "TOKEN"),
        ("Api/authorizers/guard", "IdentitySource", "method.request.header.X-Token"),
        ("Api/authorizers/guard", "AuthorizerResultTtlInSeconds", "0"),
        ("Api/POST//orders", "AuthorizationType", "CUSTOM"),
        ("Api/POST//orders", "AuthorizationScopes", "[read]"),
        ("Api/POST//orders", "Integration.Type", "AWS_PROXY"),
        ("Api/POST//orders", "Integration.Credentials", "arn:aws:iam::111122223333:role/api"),
        ("Api/GET//away", "OperationName", "away"),
        ("Api/GET//away", "AuthorizationType", "NONE"),
        ("Api/GET//away", "Integration.Type", "HTTP_PROXY"),
        ("Api/GET//away", "Integration.IntegrationHttpMethod", "GET"),
        ("Api/GET//away", "Integration.Uri", "http://example.com"),
        ("Api/GET//away", "Integration.ConnectionType", "VPC_LINK"),
        ("Api/GET//away", "Integration.TlsConfig.InsecureSkipVerification", "true"),
    ] {
        assert_eq!(shown(&project, id, path), expected, "{id} {path}");
    }
    let answers = project.resource("Api/GET//away").unwrap().property("Integration.IntegrationResponses").unwrap();
    assert_eq!(answers.items()[1].get("SelectionPattern").unwrap().to_string(), "5..");
}

/// The examples of the Developer Guide: `/a/b/c` before `/e` is left out, put before it, or loses its topmost part.
#[test]
fn servers_say_what_stands_before_a_path() {
    let two = "swagger: '2.0', host: api.example.com, schemes: [http], basePath: /a/b/c";
    let three = "openapi: 3.0.1, servers: [{url: 'https://api.example.com/a/b/c'}, {url: 'https://api.example.com/d'}]";
    let variable = "openapi: 3.0.1, servers: [{url: 'https://api.example.com/{basePath}', variables: {basePath: \
                    {default: a/b/c}}}]";
    let none = "openapi: 3.0.1, servers: [{url: 'https://api.example.com/'}]";
    for (head, mode, expected) in [
        (two, "ignore", "/e"),
        (two, "prepend", "/a/b/c/e"),
        (two, "split", "/b/c/e"),
        (three, "", "/e"),
        (three, "prepend", "/a/b/c/e"),
        (three, "split", "/b/c/e"),
        (variable, "prepend", "/a/b/c/e"),
        (none, "prepend", "/e"),
        (none, "split", "/e"),
    ] {
        let body = format!("{{{head}, info: {{title: t}}, paths: {{/e: {{get: {{}}}}}}}}");
        let rest = if mode.is_empty() { String::new() } else { format!("Parameters: {{basepath: {mode}}}, ") };
        let http = if mode.is_empty() { String::new() } else { format!("BasePath: {mode}, ") };
        let text = format!(
            "Resources:\n  R: {{Type: AWS::ApiGateway::RestApi, Properties: {{{rest}Body: {body}}}}}\n  H: {{Type: \
             AWS::ApiGatewayV2::Api, Properties: {{{http}Body: {body}}}}}\n"
        );
        let (project, problems) = read(&[("t.yaml", &text)], "t.yaml");
        assert_eq!(problems, [], "{text}");
        assert_eq!(shown(&project, &format!("R/GET/{expected}"), "__Path"), expected, "{head} {mode}");
        assert_eq!(
            shown(&project, &format!("H/GET/{expected}"), "RouteKey"),
            format!("GET {expected}"),
            "{head} {mode}"
        );
    }
}

#[test]
fn a_route_leads_to_its_authorizer_and_its_function() {
    let (project, _) = read(&[("t.yaml", REST)], "t.yaml");
    let of = |id| linked(&project, id);
    for (path, end) in [
        ("AuthorizerId", "Api/authorizers/guard"),
        ("RequestValidatorId", "Api/validators/all"),
        ("Integration.Uri", "Handler"),
        ("RestApiId", "Api"),
    ] {
        assert!(of("Api/POST//orders").contains(&(path.into(), end)), "{path}: {:?}", of("Api/POST//orders"));
    }
    assert!(of("Api/authorizers/guard").contains(&("AuthorizerUri".into(), "Guard")));
}

const HTTP: &str = "
Resources:
  Handler: {Type: AWS::Lambda::Function, Properties: {Handler: a.b}}
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Body:
        openapi: 3.0.1
        info: {title: orders}
        x-amazon-apigateway-cors: {allowOrigins: ['*'], allowCredentials: true}
        paths:
          /$default:
            x-amazon-apigateway-any-method:
              security: [{jwt: [read]}]
              x-amazon-apigateway-integration:
                type: aws_proxy
                payloadFormatVersion: '2.0'
                uri: !GetAtt Handler.Arn
          /back:
            get:
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: GET
                uri: https://example.com
                tlsConfig: {serverNameToVerify: example.com}
        components:
          securitySchemes:
            jwt:
              type: oauth2
              x-amazon-apigateway-authorizer:
                type: jwt
                identitySource: '$request.header.Authorization, $request.querystring.token'
                jwtConfiguration: {issuer: 'https://example.com', audience: [a, b]}
";

#[test]
fn an_http_document_is_read_whole() {
    let (project, problems) = read(&[("t.yaml", HTTP)], "t.yaml");
    assert_eq!(problems, []);
    for (id, path, expected) in [
        ("Api", "ProtocolType", "HTTP"),
        ("Api", "CorsConfiguration.AllowOrigins", "[*]"),
        ("Api", "CorsConfiguration.AllowCredentials", "true"),
        ("Api/ANY//$default", "RouteKey", "$default"),
        ("Api/ANY//$default", "AuthorizationType", "JWT"),
        ("Api/integrations/ANY//$default", "PayloadFormatVersion", "2.0"),
        ("Api/integrations/GET//back", "IntegrationType", "HTTP_PROXY"),
        ("Api/integrations/GET//back", "TlsConfig.ServerNameToVerify", "example.com"),
        ("Api/authorizers/jwt", "JwtConfiguration.Issuer", "https://example.com"),
        ("Api/authorizers/jwt", "IdentitySource", "[$request.header.Authorization, $request.querystring.token]"),
    ] {
        assert_eq!(shown(&project, id, path), expected, "{id} {path}");
    }
    let of = |id| linked(&project, id);
    assert!(of("Api/ANY//$default").contains(&("Target".into(), "Api/integrations/ANY//$default")));
    assert!(of("Api/ANY//$default").contains(&("AuthorizerId".into(), "Api/authorizers/jwt")));
    assert!(of("Api/integrations/ANY//$default").contains(&("IntegrationUri".into(), "Handler")));
}

#[test]
fn references_lead_through_files_of_the_repository() {
    let template = "
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {BodyS3Location: api/main.yaml}
";
    let main = "
swagger: '2.0'
paths:
  /a: {$ref: 'paths/a.json#/item%20one'}
  /b: {get: {$ref: '#/x-b/0'}}
  /gone: {$ref: 'paths/gone.json'}
  /round: {$ref: '#/x-round'}
x-b: [{x-amazon-apigateway-integration: {type: mock}}]
x-round: {$ref: '#/x-round'}
";
    let a = r##"{"item one": {"get": {"$ref": "#/op"}}, "op": {"x-amazon-apigateway-integration": {"type": "mock"}}}"##;
    let (project, problems) = read(&[("t.yaml", template), ("api/main.yaml", main), ("api/paths/a.json", a)], "t.yaml");
    assert_eq!(shown(&project, "Api/GET//a", "Integration.Type"), "MOCK");
    assert_eq!(shown(&project, "Api/GET//b", "Integration.Type"), "MOCK");
    let messages: Vec<&str> = problems.iter().map(|problem| &*problem.message).collect();
    assert_eq!(messages, ["the API's document names paths/gone.json, which is not there or is not read"]);
}

#[test]
fn what_a_document_sets_is_not_known_where_it_is_not_known() {
    let template = "
Parameters: {Doc: {Type: String}}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: mine, Body: !Ref Doc}}
";
    let (project, _) = read(&[("t.yaml", template)], "t.yaml");
    assert_eq!(shown(&project, "Api", "Policy"), "${Doc}");
    assert_eq!(shown(&project, "Api", "Name"), "mine");
}

/// The projects of some files, by path and the types of their APIs.
fn projects(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let sources = Sources::in_memory(files.iter().copied());
    let (projects, problems) = crate::infra::read(&sources, &Options::default());
    assert_eq!(problems, []);
    let kind = |project: &Project| project.resources.first().map(|api| api.kind.to_string()).unwrap_or_default();
    projects.iter().map(|project| (project.path.to_string(), kind(project))).collect()
}

#[test]
fn documents_that_no_template_takes_in_are_projects() {
    let paths = |version: &str, more: &str| {
        format!(
            "{version}\ninfo: {{title: t}}\npaths:\n  /a:\n    get:\n      x-amazon-apigateway-integration: {{type: aws_proxy{more}}}\n"
        )
    };
    let rest = paths("swagger: '2.0'", "");
    let three = paths("openapi: 3.0.1", "");
    let http = paths("openapi: 3.0.1", ", payloadFormatVersion: '1.0'");
    let plain = "openapi: 3.0.1\npaths: {/a: {get: {responses: {}}}}\n";
    let json = r#"{"openapi":"3.0.1","paths":{"/$default":{"x-amazon-apigateway-any-method":{}}}}"#;
    let template = "
Resources:
  A: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: ../spec/taken.yaml}}
";
    let found = projects(&[
        ("spec/rest.yaml", &rest),
        ("spec/three.yml", &three),
        ("spec/http.yaml", &http),
        ("spec/plain.yaml", plain),
        ("spec/default.json", json),
        ("spec/taken.yaml", &rest),
        ("spec/named.yaml", &rest),
        ("infra/t.yaml", template),
        ("infra/main.tf", "locals { x = templatefile(\"${path.module}/../spec/named.yaml\", {}) }\n"),
    ]);
    let alone: Vec<(&str, &str)> =
        found.iter().filter(|(path, _)| path.starts_with("spec/")).map(|(path, kind)| (&**path, &**kind)).collect();
    assert_eq!(
        alone,
        [
            ("spec/default.json", "AWS::ApiGatewayV2::Api"),
            ("spec/http.yaml", "AWS::ApiGatewayV2::Api"),
            ("spec/rest.yaml", "AWS::ApiGateway::RestApi"),
            ("spec/three.yml", "AWS::ApiGateway::RestApi"),
        ]
    );
}

#[test]
fn documents_are_taken_in_from_files_by_every_format() {
    let document = "openapi: 3.0.1\npaths:\n  /a:\n    get:\n      x-amazon-apigateway-integration: {type: http_proxy, uri: 'http://${host}/a'}\n";
    let plain = document.replace("${host}", "h");
    let terraform = "resource \"aws_api_gateway_rest_api\" \"a\" {\n  name = \"a\"\n  body = templatefile(\"${path.module}/../api/doc.yaml\", { host = \"h\" })\n}\n";
    let sam = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1, DefinitionUri: ../api/doc.yaml}}
";
    let include = "
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Body: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: ../api/doc.yaml}}}}
";
    let cases =
        [("infra/main.tf", terraform, document), ("infra/t.yaml", sam, &plain), ("infra/t.yaml", include, &plain)];
    for (path, text, document) in cases {
        let sources = Sources::in_memory([(path, text), ("api/doc.yaml", document)]);
        let (projects, problems) = crate::infra::read(&sources, &Options::default());
        assert_eq!((projects.len(), problems), (1, vec![]), "{path}");
        let method = projects[0].of_kind("AWS::ApiGateway::Method").next().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(method.property("Integration.Uri").unwrap().to_string(), "http://h/a", "{text}");
    }
}
