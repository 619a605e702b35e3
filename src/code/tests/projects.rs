//! Functions of projects: where their handlers lie, and what each reaches.

use super::show;
use crate::code::read;
use crate::model::{Code, CodeSource, CodeState, Format, Project, Resource};
use crate::source::{Problem, Sources, Span};
use crate::syntax::{Node, UnknownKind, yaml};

/// A function: id, runtime, handler, code folder or file.
pub(super) type Row<'a> = (&'a str, &'a str, &'a str, &'a str);

fn project(sources: &Sources, rows: &[Row<'_>]) -> Project {
    let span = Span::start_of(sources.open("template.yaml").unwrap().id);
    let resource = |(id, runtime, handler, path): &Row<'_>| {
        let properties =
            Node::map([("Runtime", Node::string(*runtime, span)), ("Handler", Node::string(*handler, span))], span);
        let mut resource = Resource::new("AWS::Lambda::Function", *id, properties, span);
        resource.code = CodeSource::Local { path: (*path).into(), span };
        resource
    };
    let region = Node::unknown(UnknownKind::Parameter, "region", span);
    Project::new("template.yaml".into(), Format::Sam, rows.iter().map(resource).collect(), region)
}

fn with_problems(files: &[(&str, &str)], rows: &[Row<'_>]) -> (Code, Vec<Problem>) {
    let sources = Sources::in_memory(files.iter().copied().chain([("template.yaml", "")]));
    read(&sources, &[project(&sources, rows)])
}

pub(super) fn scan(files: &[(&str, &str)], rows: &[Row<'_>]) -> Code {
    let (code, problems) = with_problems(files, rows);
    assert!(problems.is_empty(), "{problems:?}");
    code
}

/// What one function reaches: its state, files and calls.
pub(super) fn reached(code: &Code, id: &str) -> (CodeState, Vec<String>, Vec<String>) {
    let function = &code.functions[&(0, id.into())];
    let calls = function.calls.iter().map(|(path, at)| show(&code.files[path].calls[*at as usize].kind));
    let calls = calls.filter(|line| !line.starts_with("client ")).collect();
    (function.state.clone(), function.files.iter().map(ToString::to_string).collect(), calls)
}

/// What the only binary of a crate reaches: its state and its calls of SDKs, each once.
pub(super) fn binary(files: &[(&str, &str)]) -> (CodeState, Vec<String>) {
    let files: Vec<(&str, &str)> = files.iter().copied().chain([("Cargo.toml", "[package]\nname = 'app'\n")]).collect();
    let (state, _, mut calls) = reached(&scan(&files, &[("F", "provided.al2023", "bootstrap", "")]), "F");
    calls.dedup();
    (state, calls)
}

#[test]
fn handlers_that_share_a_file_keep_their_own_needs() {
    let python = "import boto3\nt = boto3.resource('dynamodb').Table('T')\ndef create(event, context):\n  save(event['x'])\ndef save(x):\n  t.put_item(Item=x)\ndef fetch(event, context):\n  return t.get_item(Key={})\nif __name__ == '__main__':\n  t.delete()\n";
    let node = "const { S3 } = require('aws-sdk');\nconst s3 = new S3();\nconst put = async (e) => s3.putObject({ Bucket: 'b' }).promise();\nmodule.exports.up = async (e) => { const sent = [1].map((x) => put(x)); await Promise.all(sent); };\nmodule.exports.down = async (e) => s3.getObject({ Bucket: 'b' }).promise();\n";
    let code = scan(
        &[("src/app.py", python), ("js/h.js", node)],
        &[
            ("Create", "python3.12", "app.create", "src"),
            ("Fetch", "python3.12", "app.fetch", "src/"),
            ("Up", "nodejs22.x", "h.up", "js"),
            ("Down", "nodejs22.x", "h.down", "js"),
        ],
    );
    for (id, call) in [
        ("Create", "dynamodb:PutItem TableName=T"),
        ("Fetch", "dynamodb:GetItem TableName=T"),
        ("Up", "s3:PutObject Bucket=b"),
        ("Down", "s3:GetObject Bucket=b"),
    ] {
        let (state, _, calls) = reached(&code, id);
        assert_eq!((state, calls), (CodeState::Read, vec![call.to_owned()]), "{id}");
    }
}

#[test]
fn handlers_are_found_where_runtimes_look() {
    let py = "def handler(e, c): pass\n";
    let js = "export const handler = async () => {};\n";
    let code = scan(
        &[
            ("a/pkg/h.py", py),
            ("b/src/x.ts", js),
            ("c/one.py", py),
            ("d/index.mjs", js),
            ("e/Cargo.toml", "[package]\nname='e'\n"),
            ("e/src/main.rs", "mod other;\nfn main() { other::go(); }\n"),
            ("e/src/other.rs", "pub fn go() {}\n"),
        ],
        &[
            ("Package", "python3.12", "pkg/h.handler", "a"),
            ("Dots", "python3.12", "pkg.h.handler", "a"),
            ("Built", "nodejs22.x", "x.handler", "b/dist"),
            ("File", "python3.12", "one.handler", "c/one.py"),
            ("Module", "nodejs22.x", "index.handler", "./d/"),
            ("Crate", "provided.al2023", "bootstrap", "e"),
            ("Java", "java21", "x.Y::z", "a"),
            ("Ruby", "ruby3.3", "x.y", "a"),
            ("Gone", "python3.12", "gone.handler", "a"),
            ("NoName", "python3.12", "pkg/h.other", "a"),
        ],
    );
    for (id, file) in [
        ("Package", "a/pkg/h.py"),
        ("Dots", "a/pkg/h.py"),
        ("Built", "b/src/x.ts"),
        ("File", "c/one.py"),
        ("Module", "d/index.mjs"),
        ("Crate", "e/src/main.rs"),
    ] {
        let (state, files, _) = reached(&code, id);
        assert_eq!((state, files[0].as_str()), (CodeState::Read, file), "{id}");
    }
    assert_eq!(reached(&code, "Crate").1, ["e/src/main.rs", "e/src/other.rs"]);
    assert_eq!(reached(&code, "Java").0, CodeState::Unread("its handler x.Y::z is not found in the repository".into()));
    assert_eq!(reached(&code, "Ruby").0, CodeState::Unread("code in Ruby is not read yet".into()));
    assert_eq!(reached(&code, "Gone").0, CodeState::Unread("its handler gone.handler is not found in a".into()));
    assert!(matches!(reached(&code, "NoName").0, CodeState::Partly(_)));
}

#[test]
fn a_module_that_is_not_found_may_call_anything() {
    let code = scan(
        &[
            (
                "a/app.mjs",
                "import { config } from '/opt/nodejs/config.mjs';\nexport const handler = async () => config;\n",
            ),
            ("b/app.py", "from shared import save\ndef handler(event, context):\n  save(event)\n"),
        ],
        &[("Opt", "nodejs22.x", "app.handler", "a"), ("Bare", "python3.12", "app.handler", "b")],
    );
    for (id, module) in [("Opt", "/opt/nodejs/config.mjs"), ("Bare", "shared")] {
        let reason = format!("module {module} is not in the repository");
        assert_eq!(reached(&code, id).0, CodeState::Open(reason.into()), "{id}");
    }
}

#[test]
fn only_code_of_functions_is_judged_and_no_tests() {
    let code = scan(
        &[
            ("fn/app.py", "def handler(e, c): pass\n"),
            ("fn/tests/test_app.py", "x = 1\n"),
            ("fn/helper.py", "x = 1\n"),
            ("scripts/deploy.py", "import boto3\n"),
        ],
        &[("F", "python3.12", "app.handler", "fn")],
    );
    let judged: Vec<&str> = code.judged.iter().map(|path| &**path).collect();
    assert_eq!(judged, ["fn/app.py", "fn/helper.py"]);
}

#[test]
fn inline_code_points_into_the_template() {
    let text = "Resources:\n  F:\n    Code: |\n      import boto3\n      def handler(event, context):\n          print(event)\n          boto3.client('s3').list_buckets()\n";
    let sources = Sources::in_memory([("template.yaml", text)]);
    let file = sources.open("template.yaml").unwrap();
    let (document, _) = yaml::parse(&file);
    let code = document.as_ref().and_then(|document| document.at("Resources.F.Code")).unwrap().clone();
    let span = code.span;
    let properties = Node::map(
        [("Runtime", Node::string("python3.12", span)), ("Handler", Node::string("index.handler", span))],
        span,
    );
    let mut resource = Resource::new("AWS::Lambda::Function", "F", properties, span);
    resource.code = CodeSource::Inline(code);
    let region = Node::unknown(UnknownKind::Parameter, "region", span);
    let project = Project::new("template.yaml".into(), Format::CloudFormation, vec![resource], region);
    let (code, problems) = read(&sources, &[project]);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(super::facts(&code, &sources, "template.yaml#F"), ["6 logs event", "7 client s3", "7 s3:ListBuckets"]);
    assert_eq!(reached(&code, "F").0, CodeState::Read);
}

#[test]
fn hostile_text_is_a_problem_and_no_panic() {
    let deep = "(".repeat(3_000);
    let chain = format!("x{}", ".a()".repeat(3_000));
    let run = move || {
        let files = [
            ("a.py", deep.as_str()),
            ("b.js", deep.as_str()),
            ("c.rs", deep.as_str()),
            ("d.ts", &chain),
            ("e.py", &chain),
        ];
        let sources = Sources::in_memory(files);
        let (code, _) = read(&sources, &[]);
        assert!(code.files.len() >= 4);
    };
    std::thread::Builder::new().stack_size(64 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn inline_code_under_another_name_stands_in_for_later_code() {
    let sources = Sources::in_memory([("template.yaml", "")]);
    let mut project = project(&sources, &[("F", "python3.12", "agent.app.handler", "src")]);
    let span = project.resources[0].span;
    project.resources[0].code = CodeSource::Inline(Node::string("def handler(event, context): pass", span));
    let (code, _) = read(&sources, &[project]);
    assert!(matches!(&code.functions[&(0, "F".into())].state, CodeState::Unread(reason) if reason.contains("inline")));
}

/// A function whose handler imports a file of this text: what is understood of it, and what is said.
fn with_import(text: &str) -> (CodeState, Vec<String>) {
    let app = "import store\ndef handler(event, context):\n    store.put()\n";
    let (code, problems) =
        with_problems(&[("a/app.py", app), ("a/store.py", text)], &[("F", "python3.13", "app.handler", "a")]);
    let said = problems.iter().map(|problem| {
        format!(
            "{} {}:{}",
            problem.kind.as_str(),
            problem.path.as_deref().unwrap_or_default(),
            problem.line.unwrap_or(0)
        )
    });
    (code.functions[&(0, "F".into())].state.clone(), said.collect())
}

#[test]
fn what_is_not_parsed_is_said_and_its_function_is_not_understood() {
    let deep = format!("x = {}1{}\n", "[".repeat(900), "]".repeat(900));
    for (text, said, reason) in [
        ("#".repeat(2_000_001), "limit a/store.py:0", "larger than 2 MB"),
        (format!("import boto3\nx = {}\n", "[".repeat(20_000)), "limit a/store.py:2", "nested too deeply"),
        (format!("import boto3\nx = {}\n", "[\n".repeat(20_000)), "parse a/store.py:", "does not parse"),
        ("import boto3\n\ndef put(:\n    pass\n".to_owned(), "parse a/store.py:3", "does not parse"),
        (deep, "limit a/store.py:1", "nested too deeply"),
    ] {
        let (state, problems) = with_import(&text);
        assert_eq!(problems.len(), 1, "{said}: {problems:?}");
        assert!(problems[0].starts_with(said), "{said}: {problems:?}");
        assert!(matches!(&state, CodeState::Partly(why) if why.contains(reason)), "{state:?}");
    }
    assert_eq!(with_import("def put(): pass\n"), (CodeState::Read, Vec::new()));
}

#[test]
fn a_handler_that_is_not_parsed_at_all_is_unread() {
    let large = format!("exports.handler = 1;\n{}", "//\n".repeat(700_000));
    let (code, problems) = with_problems(&[("a/app.js", &large)], &[("F", "nodejs22.x", "app.handler", "a")]);
    assert_eq!(problems.iter().map(|problem| problem.kind.as_str()).collect::<Vec<_>>(), ["limit"]);
    let state = &code.functions[&(0, "F".into())].state;
    assert!(matches!(state, CodeState::Unread(reason) if reason.contains("2 MB")), "{state:?}");
}

/// A program that hands a function to Lambda's runtime.
const GO: &str =
    "package main\nimport \"github.com/aws/aws-lambda-go/lambda\"\nfunc main() { lambda.Start(run) }\nfunc run() {}\n";

#[test]
fn main_packages_of_go_are_found_where_builds_take_them_from() {
    let code = scan(
        &[
            ("a/main.go", GO),
            ("go.mod", "module example.com/x\n"),
            ("svc/hello/main.go", GO),
            ("svc/cmd/world/main.go", GO),
            (
                "svc/Makefile",
                "plain:\n\tgo build hello/main.go\nbuild:\n\tgo build -o out/odd ./elsewhere\nbuild-Made:\n\tcd cmd/world && go build -o $(ARTIFACTS_DIR)/bootstrap .\n",
            ),
            ("svc/elsewhere/start.go", GO),
            ("many/todos/create.go", GO),
            ("many/todos/list.go", GO),
            ("many/todos/shared.go", "package main\n"),
            ("lib/only.go", "package lib\n"),
            ("x/Cargo.toml", "[package]\n"),
            ("x/src/main.rs", "fn main() {}\n"),
        ],
        &[
            ("Folder", "provided.al2023", "bootstrap", "a"),
            ("Old", "go1.x", "hello", "svc"),
            ("Bin", "provided.al2", "bin/hello", "svc"),
            ("Binary", "provided.al2023", "bootstrap", "svc/build/world/bootstrap"),
            ("Odd", "provided.al2023", "out/odd", "svc"),
            ("Made", "provided.al2023", "bootstrap", "svc"),
            ("File", "go1.x", "main", "a/main.go"),
            ("List", "go1.x", "todos/list", "many"),
            ("Open", "provided.al2023", "bootstrap", "svc"),
            ("Crate", "provided.al2023", "bootstrap", "x"),
        ],
    );
    for (id, file) in [
        ("Folder", "a/main.go"),
        ("Old", "svc/hello/main.go"),
        ("Bin", "svc/hello/main.go"),
        ("Binary", "svc/cmd/world/main.go"),
        ("Odd", "svc/elsewhere/start.go"),
        ("Made", "svc/cmd/world/main.go"),
        ("File", "a/main.go"),
        ("Crate", "x/src/main.rs"),
        ("List", "many/todos/list.go"),
    ] {
        let (state, files, _) = reached(&code, id);
        assert_eq!((state, files.first().map(String::as_str)), (CodeState::Read, Some(file)), "{id}");
    }
    assert_eq!(reached(&code, "List").1, ["many/todos/list.go", "many/todos/shared.go"]);
    let reason = "which main package of the repository it is built from is not known";
    assert_eq!(reached(&code, "Open").0, CodeState::Unread(reason.into()));
}

#[test]
fn functions_of_one_go_module_keep_their_own_needs() {
    let store = "package store\nimport (\"github.com/aws/aws-sdk-go-v2/service/dynamodb\")\ntype Store struct { client *dynamodb.Client }\nfunc New(cfg aws.Config) *Store { return &Store{client: dynamodb.NewFromConfig(cfg)} }\nfunc (s *Store) Put() { s.client.PutItem(nil, &dynamodb.PutItemInput{}) }\nfunc (s *Store) Get() { s.client.GetItem(nil, &dynamodb.GetItemInput{}) }\n";
    let domain = "package domain\ntype Store interface { Put(); Get() }\ntype Orders struct { store Store }\nfunc New(s Store) *Orders { return &Orders{store: s} }\nfunc (o *Orders) Place() { o.store.Put() }\nfunc (o *Orders) Show() { o.store.Get() }\n";
    let main = |method: &str| {
        format!(
            "package main\nimport (\n\"example.com/x/domain\"\n\"example.com/x/store\"\n\"github.com/aws/aws-lambda-go/lambda\"\n)\nfunc main() {{\n  orders := domain.New(store.New(cfg))\n  lambda.Start(orders.{method})\n}}\n"
        )
    };
    let (place, show) = (main("Place"), main("Show"));
    let code = scan(
        &[
            ("go.mod", "module example.com/x\n"),
            ("place/main.go", &place),
            ("show/main.go", &show),
            ("store/store.go", store),
            ("store/fake_test.go", "package store\n"),
            ("domain/orders.go", domain),
        ],
        &[("Place", "provided.al2023", "bootstrap", "place/"), ("Show", "provided.al2023", "bootstrap", "show/")],
    );
    for (id, call) in [("Place", "dynamodb:PutItem"), ("Show", "dynamodb:GetItem")] {
        let (state, files, calls) = reached(&code, id);
        assert_eq!((state, calls), (CodeState::Read, vec![call.to_owned()]), "{id}");
        assert_eq!(files.len(), 3, "{files:?}");
    }
}

#[test]
fn what_may_stand_behind_an_interface_is_not_guessed() {
    let store = "package main\nimport \"github.com/aws/aws-sdk-go-v2/service/s3\"\ntype A struct { c *s3.Client }\nfunc (a A) Keep() { a.c.PutObject(nil, nil) }\ntype B struct {}\nfunc (b B) Keep() {}\n";
    let main = "package main\nimport \"github.com/aws/aws-lambda-go/lambda\"\ntype Keeper interface { Keep() }\nfunc run(k Keeper) { k.Keep() }\nfunc main() { run(choose()); lambda.Start(main) }\nfunc choose() Keeper { return nil }\n";
    let rows = [("F", "provided.al2023", "bootstrap", "a")];
    let code = scan(&[("a/main.go", main), ("a/store.go", store)], &rows);
    let (state, _, calls) = reached(&code, "F");
    assert_eq!((state, calls), (CodeState::Read, Vec::new()));
    assert_eq!(code.functions[&(0, "F".into())].perhaps.len(), 1);
    let none = main.replace("run(choose())", "run(nil)");
    let (state, _, _) = reached(&scan(&[("a/main.go", &none)], &rows), "F");
    assert!(matches!(&state, CodeState::Partly(reason) if reason.contains("Keeper")), "{state:?}");
    let one = store.replace("func (b B) Keep() {}", "");
    let (state, _, calls) = reached(&scan(&[("a/main.go", main), ("a/store.go", &one)], &rows), "F");
    assert_eq!((state, calls), (CodeState::Read, vec!["s3:PutObject".to_owned()]));
}

#[test]
fn handlers_of_java_are_found_beside_what_is_built() {
    let class = |package: &str, name: &str, call: &str| {
        format!(
            "package {package};\nimport software.amazon.awssdk.services.s3.S3Client;\npublic class {name} {{\n  private final S3Client s3 = S3Client.create();\n  public String handleRequest(Object event, Object context) {{ s3.{call}(b -> b.bucket(\"b\")); return null; }}\n  public void find() {{ s3.headBucket(b -> b.bucket(\"b\")); }}\n}}\n"
        )
    };
    let (orders, returns) = (class("com.example", "Orders", "getObject"), class("com.example", "Returns", "putObject"));
    let code = scan(
        &[
            ("shop/pom.xml", ""),
            ("shop/src/main/java/com/example/Orders.java", &orders),
            ("shop/src/main/java/com/example/Returns.java", &returns),
            ("shop/src/test/java/com/example/OrdersTest.java", "class OrdersTest {}"),
            ("old/src/main/kotlin/com/example/App.kt", ""),
        ],
        &[
            ("Folder", "java21", "com.example.Orders::handleRequest", "shop"),
            ("Jar", "java17", "com.example.Returns", "shop/target/shop.jar"),
            ("Zip", "java11", "com.example.Orders::find", "shop/build/distributions/shop.zip"),
            ("Above", "java21", "com.example.Returns::handleRequest", ""),
            ("Kotlin", "java21", "com.example.App::handle", "old"),
            ("NoName", "java21", "com.example.Orders::other", "shop"),
        ],
    );
    for (id, call) in [
        ("Folder", "s3:GetObject Bucket=b"),
        ("Jar", "s3:PutObject Bucket=b"),
        ("Zip", "s3:HeadBucket Bucket=b"),
        ("Above", "s3:PutObject Bucket=b"),
    ] {
        let (state, files, calls) = reached(&code, id);
        assert_eq!((state, calls), (CodeState::Read, vec![call.to_owned()]), "{id}");
        assert_eq!(files.len(), 1, "{id}: {files:?}");
    }
    assert_eq!(reached(&code, "Kotlin").0, CodeState::Unread("code in Kotlin is not read".into()));
    assert!(matches!(reached(&code, "NoName").0, CodeState::Partly(_)));
    assert!(!code.judged.iter().any(|path| path.contains("test")), "{:?}", code.judged);
}

/// A wrapper that several files use is handed the handlers of all of them; each handler's own file is what runs.
#[test]
fn what_other_files_hand_to_a_wrapper_is_theirs() {
    let wrap = "module.exports = (run) => async (event) => ({ body: await run(event) });\n";
    let store = "const { DynamoDB } = require('@aws-sdk/client-dynamodb');\nconst db = new DynamoDB();\nmodule.exports = { get: (p) => db.getItem(p), put: (p) => db.putItem(p) };\n";
    let handler = |method: &str| {
        format!(
            "const wrap = require('./wrap');\nconst store = require('./store');\nexports.main = wrap(async (event) => store.{method}({{ TableName: 'T' }}));\n"
        )
    };
    let code = scan(
        &[("get.js", &handler("get")), ("put.js", &handler("put")), ("wrap.js", wrap), ("store.js", store)],
        &[("Get", "nodejs22.x", "get.main", ""), ("Put", "nodejs22.x", "put.main", "")],
    );
    for (id, call) in [("Get", "dynamodb:GetItem TableName=T"), ("Put", "dynamodb:PutItem TableName=T")] {
        assert_eq!(reached(&code, id).2, [call], "{id}");
    }
}
/// Wrapped handlers of one file are each other's neighbours: only the one that is named runs.
#[test]
fn neighbours_in_a_file_are_not_reached_by_their_wrapper() {
    let head = "const { SQS } = require('@aws-sdk/client-sqs');\nconst sqs = new SQS();\n";
    let own = "const wrap = (run) => async (event) => { try { return await run(event); } catch (e) { return 0; } };\n";
    let bodies = "const a = async () => sqs.sendMessage({ QueueUrl: 'q' });\nconst b = async () => sqs.purgeQueue({ QueueUrl: 'q' });\n";
    let files = [
        format!("{head}{own}{bodies}exports.first = wrap(a);\nexports.second = wrap(b);\n"),
        format!("{head}{own}{bodies}export const first = wrap(a);\nexport const second = wrap(b);\n"),
        format!(
            "import middy from '@middy/core';\n{head}{bodies}const first = middy(a).use(x);\nconst second = middy(b);\nexport {{ first, second }};\n"
        ),
        format!(
            "{head}const {{ all }} = require('./wrap');\n{bodies}module.exports = all({{ first: a, second: b }});\n"
        ),
        format!(
            "{head}const {{ all }} = require('./wrap');\nmodule.exports = all({{ first: async () => sqs.sendMessage({{ QueueUrl: 'q' }}), second: async () => sqs.purgeQueue({{ QueueUrl: 'q' }}) }});\n"
        ),
    ];
    let wrap = "const each = (run) => async (event) => run(event);\nexports.all = (them) => Object.entries(them).reduce((made, [key, run]) => { made[key] = each(run); return made; }, {});\n";
    for file in files {
        let rows = [("First", "nodejs22.x", "app.first", ""), ("Second", "nodejs22.x", "app.second", "")];
        let code = scan(&[("app.js", &file), ("wrap.js", wrap)], &rows);
        for (id, call) in [("First", "sqs:SendMessage QueueUrl=q"), ("Second", "sqs:PurgeQueue QueueUrl=q")] {
            assert_eq!(reached(&code, id).2, [call], "{id} of {file}");
        }
    }
}

/// Modules that a layer or a packaging step puts beside a function lie elsewhere in the repository.
#[test]
fn modules_that_lie_elsewhere_are_found_by_their_name() {
    let store = "import boto3\ns3 = boto3.client('s3')\ndef save(): s3.put_object(Bucket='b')\n";
    let node = "const { S3 } = require('@aws-sdk/client-s3');\nconst s3 = new S3();\nexports.save = () => s3.putObject({ Bucket: 'b' });\n";
    let app = "from store import save\ndef handler(event, context): save()\n";
    let layered = "const { save } = require('/opt/nodejs/shared/save');\nexports.handler = () => save();\n";
    let rooted = "const rfr = require('rfr');\nconst data = rfr('lib/save');\nexports.handler = () => data.save();\n";
    let cased = "import { save } from '../lib/Save';\nexport const handler = () => save();\n";
    let code = scan(
        &[
            ("fn/py/app.py", app),
            ("layers/common/python/store/__init__.py", store),
            ("fn/py/store/readme.txt", ""),
            ("fn/layered/app.js", layered),
            ("layers/node/shared/save.js", node),
            ("web/rooted/app.js", rooted),
            ("web/cased/app.js", cased),
            ("web/lib/save.js", node),
            ("web/rooted/test/lib/save.js", "exports.save = () => 0;\n"),
        ],
        &[
            ("Py", "python3.13", "app.handler", "fn/py"),
            ("Layered", "nodejs22.x", "app.handler", "fn/layered"),
            ("Rooted", "nodejs22.x", "app.handler", "web/rooted"),
            ("Cased", "nodejs22.x", "app.handler", "web/cased"),
        ],
    );
    for id in ["Py", "Layered", "Rooted", "Cased"] {
        assert_eq!(reached(&code, id).2, ["s3:PutObject Bucket=b"], "{id}");
    }
}

/// Which entry of a registry runs is known only then; all may.
#[test]
fn a_module_that_is_asked_for_a_name_at_run_time_may_give_any() {
    let actions = "exports.save = require('./save');\nexports.none = () => 0;\n";
    let save = "const { S3 } = require('@aws-sdk/client-s3');\nmodule.exports = (event) => new S3().putObject({ Bucket: 'b' });\n";
    let app = "const actions = require('./actions');\nexports.handler = (event) => actions[event.action](event);\n";
    let files = [("app.js", app), ("actions.js", actions), ("save.js", save)];
    let code = scan(&files, &[("F", "nodejs22.x", "app.handler", "")]);
    assert_eq!(reached(&code, "F").2, ["s3:PutObject Bucket=b"]);
}

/// Credentials that the SDK fetches for a role: the function assumes it, and what is called then is the role's.
#[test]
fn commands_that_another_identity_sends_are_its_own() {
    let app = "import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';\nimport { EC2Client, DescribeInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';\nconst other = new EC2Client({ credentials: fromTemporaryCredentials({ params: { RoleArn: process.env.ROLE } }) });\nconst own = new EC2Client({});\nexport const handler = async () => {\n  await other.send(new StopInstancesCommand({}));\n  await own.send(new DescribeInstancesCommand({}));\n};\n";
    let code = scan(&[("app.mjs", app)], &[("F", "nodejs22.x", "app.handler", "")]);
    assert_eq!(reached(&code, "F").2, ["sts:AssumeRole RoleArn=$ROLE", "ec2:DescribeInstances"]);
}

/// A factory that makes clients and resources of any service is asked for several.
#[test]
fn factories_of_clients_give_what_their_callers_ask_for() {
    let make = "import boto3\nclass Aws:\n  def client(self, name, region=None): return boto3.client(name, region_name=region) if region else boto3.client(name)\n  def resource(self, name): return boto3.resource(name)\n";
    let app = "from make import Aws\ndef save(event, context):\n  Aws().resource('dynamodb').Table('T').put_item(Item={})\n  Aws().resource('s3').Object('b', 'k').put(Body=b'')\n  Aws().client('sqs').send_message(QueueUrl='q')\n";
    let code = scan(&[("app.py", app), ("make.py", make)], &[("F", "python3.13", "app.save", "")]);
    let expected = ["dynamodb:PutItem TableName=T", "s3:PutObject Bucket=b Key=k", "sqs:SendMessage QueueUrl=q"];
    assert_eq!(reached(&code, "F").2, expected);
}

/// Tasks that a list or map holds are called by the library that is given it; so are functions that are bound first.
#[test]
fn functions_that_libraries_are_given_in_a_map_are_called() {
    let head = "const async = require('async');\nconst { S3 } = require('@aws-sdk/client-s3');\nconst s3 = new S3();\n";
    let tasks = format!(
        "{head}exports.handler = (event, context, done) => async.parallel({{ one: (cb) => s3.putObject({{ Bucket: 'b' }}, cb), two: [(cb) => s3.getObject({{ Bucket: 'b' }}, cb)] }}, done);\n"
    );
    let bound = format!(
        "{head}function move(store, event, cb) {{ store.putObject({{ Bucket: 'b' }}); store.getObject({{ Bucket: 'b' }}, cb); }}\nexports.handler = (event, context, done) => async.map(event.Records, move.bind(undefined, s3), done);\n"
    );
    let partial = "import boto3\nfrom functools import partial\ndef move(store, key):\n  store.put_object(Bucket='b')\n  store.get_object(Bucket='b')\ndef handler(event, context):\n  list(map(partial(move, boto3.client('s3')), event['keys']))\n";
    for (path, text, runtime) in
        [("app.js", &*tasks, "nodejs22.x"), ("app.js", &bound, "nodejs22.x"), ("app.py", partial, "python3.13")]
    {
        let code = scan(&[(path, text)], &[("F", runtime, "app.handler", "")]);
        assert_eq!(reached(&code, "F").2, ["s3:PutObject Bucket=b", "s3:GetObject Bucket=b"], "{text}");
    }
}

/// Functions that objects hold: those that are asked for are called, also where what holds them is not seen.
#[test]
fn functions_of_objects_are_called_by_their_names() {
    let head = "const { SQS } = require('@aws-sdk/client-sqs');\nconst sqs = new SQS();\nconst send = () => sqs.sendMessage({ QueueUrl: 'q' });\nconst purge = () => sqs.purgeQueue({ QueueUrl: 'q' });\n";
    for body in [
        "const make = () => ({ send, purge });\nexports.handler = () => make().send();\n",
        "const make = () => ({ send, purge });\nexports.handler = (event) => { const all = new Map([['a', make()]]); return all.get(event.x).send(); };\n",
        "const make = () => ({ send, purge });\nconst all = new Map(Object.entries(make()));\nexports.handler = (event) => all.pick('x', 'send')();\n",
        "const make = () => ({ send, purge });\nmake();\nexports.handler = (event) => { const own = { ...event.tool(), x: 1 }; return own.send(); };\n",
        "class Tool { send() { return send(); } }\nconst tool = new Tool();\nexports.handler = (event) => tool[event.x]();\n",
    ] {
        let text = format!("{head}{body}");
        let code = scan(&[("app.js", &text)], &[("F", "nodejs22.x", "app.handler", "")]);
        let calls = reached(&code, "F").2;
        let expected: &[&str] = match body.contains("Object.entries") {
            // Whoever is given the object may call all that it holds.
            true => &["sqs:SendMessage QueueUrl=q", "sqs:PurgeQueue QueueUrl=q"],
            false => &["sqs:SendMessage QueueUrl=q"],
        };
        assert_eq!(calls, expected, "{text}");
    }
}

/// boto3's resources act on a whole collection at once, and fetch themselves when an attribute is read.
#[test]
fn collections_and_attributes_of_resources_are_calls() {
    let app = "import boto3\ns3 = boto3.resource('s3')\nqueue = boto3.resource('sqs').Queue('https://q')\ndef handler(event, context):\n  bucket = s3.Bucket('b')\n  bucket.object_versions.all().delete()\n  print(bucket.name, queue.url)\n  return queue.attributes['ApproximateNumberOfMessages'], s3.BucketVersioning('b').status\n";
    let code = scan(&[("app.py", app)], &[("F", "python3.13", "app.handler", "")]);
    let expected = [
        "s3:ListObjectVersions Bucket=b",
        "s3:ListObjectVersions Bucket=b",
        "s3:DeleteObjects Bucket=b",
        "sqs:GetQueueAttributes QueueUrl=https://q",
        "s3:GetBucketVersioning Bucket=b",
    ];
    assert_eq!(reached(&code, "F").2, expected);
}

/// A file whose text is run in another one's scope has that one's names, and gives it its own.
#[test]
fn a_file_that_is_run_in_place_is_part_of_its_caller() {
    let app =
        "import boto3\nexec(open('./services/ec2.py').read())\ndef handler(event, context):\n  return running()\n";
    let run = "def running():\n  return boto3.client('ec2').describe_instances()\n";
    let code = scan(&[("app.py", app), ("services/ec2.py", run)], &[("F", "python3.13", "app.handler", "")]);
    assert_eq!(reached(&code, "F").2, ["ec2:DescribeInstances"]);
}

/// What is called with keys that were handed over, or as another role, is not the function's to be granted.
#[test]
fn calls_of_a_role_that_is_assumed_are_not_the_functions() {
    let app = "import boto3, os\ndef assumed(arn):\n  c = boto3.client('sts').assume_role(RoleArn=arn)['Credentials']\n  return boto3.Session(aws_access_key_id=c['AccessKeyId'], aws_secret_access_key=c['SecretAccessKey'])\ndef handler(event, context):\n  other = assumed('a')\n  for page in other.client('ec2').get_paginator('describe_instances').paginate(): pass\n  other.resource('s3').Bucket('b').objects.all().delete()\n  boto3.client('s3', aws_access_key_id=os.environ['AWS_ACCESS_KEY_ID']).put_object(Bucket='b')\n";
    let code = scan(&[("app.py", app)], &[("F", "python3.13", "app.handler", "")]);
    assert_eq!(reached(&code, "F").2, ["sts:AssumeRole RoleArn=a", "s3:PutObject Bucket=b"]);
}
