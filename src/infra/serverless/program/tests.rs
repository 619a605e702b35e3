//! Configurations that are code, read without running them.

use super::read;
use crate::infra::{Context, Options, serverless};
use crate::source::{Problem, Sources};
use crate::syntax::Node;

fn service(files: &[(&str, &str)]) -> (crate::model::Project, Vec<Problem>) {
    let sources = Sources::in_memory(files.iter().copied());
    let options = Options::default();
    let (project, problems) = serverless::read(&Context { sources: &sources, options: &options }, files[0].0);
    (project.unwrap(), problems)
}

#[test]
fn a_service_of_the_framework_s_typescript_template_is_read() {
    let files = [
        (
            "serverless.ts",
            "import type { AWS } from '@serverless/typescript';
import hello from '@functions/hello';
import * as tables from './tables';
const config: AWS = {
  service: 'shop',
  provider: {
    name: 'aws',
    runtime: 'nodejs20.x',
    stage: \"${opt:stage, 'dev'}\",
    environment: { TABLE: tables.ORDERS, REGION: process.env.REGION || 'here', NAME: `\\${self:service}-x` },
    iam: { role: { statements: [{ Effect: 'Allow', Action: ['s3:*'], Resource: '*' } as const] } },
  },
  functions: { hello, ...tables.more },
  resources: { Resources: { ...tables.resources } },
};
module.exports = config;
",
        ),
        (
            "tsconfig.json",
            r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@functions/*": ["src/functions/*"], "@libs/*": ["src/libs/*"]}}}"#,
        ),
        (
            "src/functions/hello/index.ts",
            "import { handlerPath } from '@libs/handler-resolver';
export default {
  handler: `${handlerPath(__dirname)}/handler.main`,
  events: [{ http: { method: 'post', path: 'hello' } }],
};
",
        ),
        (
            "tables.ts",
            "export const ORDERS = 'orders';
export const resources = { Orders: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: ORDERS } } };
export const more = { sweep: { handler: 'src/sweep.run', timeout: 2 * 30 } } satisfies object;
",
        ),
    ];
    let (project, problems) = service(&files);
    let handler = |id: &str| project.resource(id).and_then(|one| one.property("Handler")).map(Node::to_string);
    assert_eq!(handler("HelloLambdaFunction").as_deref(), Some("src/functions/hello/handler.main"));
    assert_eq!(handler("SweepLambdaFunction").as_deref(), Some("src/sweep.run"));
    let variables = project.resource("HelloLambdaFunction").unwrap().property("Environment.Variables").unwrap();
    let shown: Vec<String> = variables.entries().iter().map(|entry| entry.value.to_string()).collect();
    assert_eq!(shown, ["orders", "here", "shop-x"]);
    assert!(project.resource("ApiGatewayMethodHelloPost").is_some());
    assert_eq!(project.resource("Orders").unwrap().property("TableName").unwrap().as_text(), Some("orders"));
    let timeout = project.resource("SweepLambdaFunction").unwrap().property("Timeout").unwrap();
    assert!(timeout.as_unknown().is_some());
    // One problem for the one file with an expression that is not evaluated.
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!((problems[0].path.as_deref(), problems[0].line), (Some("tables.ts"), Some(3)));
}

#[test]
fn what_cannot_be_known_is_unknown_and_said_once() {
    let text = "const build = require('./build');
const stage = process.argv[2];
module.exports = {
  service: 's',
  provider: { name: 'aws', runtime: 'nodejs20.x', environment: { A: build.a, B: compute(1), C: compute(2) } },
  functions: { f: { handler: 'a.b' } },
};
";
    let (project, problems) = service(&[("serverless.js", text), ("build.js", "exports.a = 'known';")]);
    let variables = project.resource("FLambdaFunction").unwrap().property("Environment.Variables").unwrap();
    assert_eq!(variables.get("A").unwrap().as_text(), Some("known"));
    assert!(variables.get("B").unwrap().as_unknown().is_some());
    assert_eq!(problems.len(), 1, "{problems:?}");
}

#[test]
fn scripts_of_file_variables_are_read() {
    let text = "service: s
provider:
  name: aws
  runtime: nodejs20.x
  environment: { A: '${file(conf.js):a}', B: '${file(conf.js):made.b}', C: '${file(conf.js):run}' }
functions: { f: { handler: a.b } }
";
    let script = "module.exports.a = 'x';
module.exports.made = async ({ options }) => ({ b: 'y' });
module.exports.run = () => { const z = Math.random(); return z; };
";
    let (project, _) = service(&[("serverless.yml", text), ("conf.js", script)]);
    let variables = project.resource("FLambdaFunction").unwrap().property("Environment.Variables").unwrap();
    let shown: Vec<String> = variables.entries().iter().take(2).map(|entry| entry.value.to_string()).collect();
    assert_eq!(shown, ["x", "y"]);
    assert!(variables.get("C").unwrap().as_unknown().is_some());
}

#[test]
fn circles_and_deep_nesting_end() {
    let deep = format!("module.exports = {{ a: {}1{} }};", "[".repeat(5_000), "]".repeat(5_000));
    let wide: String = (1..40).map(|n| format!("const v{n} = [v{}, v{}];\n", n - 1, n - 1)).collect();
    let wide = format!("const v0 = 1;\n{wide}module.exports = {{ a: v39 }};");
    let circle = "const a = b; const b = a; module.exports = { a, self: require('./circle') };";
    for (name, text) in [("deep.js", deep.as_str()), ("wide.js", &wide), ("circle.js", circle)] {
        let sources = Sources::in_memory([(name, text)]);
        let options = Options::default();
        let (value, problems) = read(&Context { sources: &sources, options: &options }, name);
        assert!(value.is_some() && problems.len() <= 1, "{name}: {problems:?}");
    }
}
