//! Code that is made to keep the reader busy for ever, and what bounds must not cut off.

use super::check;
use super::projects::{reached, scan};
use std::fmt::Write;
use std::sync::mpsc;
use std::time::Duration;

/// Far above what any of these takes in a debug build on a loaded machine, far below for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reads one file of one function, and not for ever.
fn ends(path: &'static str, runtime: &'static str, handler: &'static str, text: String) {
    let (sender, receiver) = mpsc::channel();
    let read = move || {
        let code = scan(&[(path, &text), ("fn/go.mod", "module shop\n")], &[("Fn", runtime, handler, "fn")]);
        let _ = sender.send(code.files.len());
    };
    std::thread::Builder::new().stack_size(64 << 20).spawn(read).unwrap();
    assert!(receiver.recv_timeout(PATIENCE).is_ok(), "{path} does not end");
}

/// Layers of types, each below all of the next layer.
fn layers(declare: impl Fn(&str, &[String]) -> String) -> String {
    let mut text = String::new();
    for layer in (0..9).rev() {
        let above: Vec<String> = (0..12).map(|at| format!("L{}x{at}", layer + 1)).collect();
        for at in 0..12 {
            let above = if layer == 8 { &[][..] } else { &above };
            let _ = writeln!(text, "{}", declare(&format!("L{layer}x{at}"), above));
        }
    }
    text
}

#[test]
fn layers_of_bases_are_climbed_once() {
    let python = layers(|name, above| format!("class {name}({}): pass", above.join(", ")));
    ends(
        "fn/app.py",
        "python3.12",
        "app.handler",
        format!("import boto3\n{python}def handler(event, context):\n  L0x0().nothing()\n  return L0x0.none\n"),
    );
    let java = layers(|name, above| {
        let above = if above.is_empty() { String::new() } else { format!(" extends {}", above.join(", ")) };
        format!("interface {name}{above} {{}}")
    });
    ends(
        "fn/App.java",
        "java21",
        "App::handle",
        format!(
            "{java}class App implements L0x0 {{\n  public void handle(L0x0 event) {{ event.nothing(); this.none(); }}\n}}\n"
        ),
    );
    let go = layers(|name, above| format!("type {name} struct {{ {} }}", above.join("; ")));
    ends(
        "fn/main.go",
        "provided.al2023",
        "bootstrap",
        format!("package main\n{go}type I interface {{ Nothing() }}\nfunc main() {{ L0x0{{}}.Nothing() }}\n"),
    );
}

#[test]
fn names_that_are_declared_anew_thousands_of_times_are_looked_up() {
    for line in ["a := xa\n", "a, b := f(a)\n"] {
        let lines = line.repeat(20_000);
        let text = format!(
            "package main\nimport \"github.com/aws/aws-lambda-go/lambda\"\nfunc h() {{\n{lines}}}\nfunc main() {{ lambda.Start(h) }}\n"
        );
        ends("fn/main.go", "provided.al2023", "bootstrap", text);
    }
}

#[test]
fn a_circle_of_thousands_of_names_ends() {
    let mut text = "import boto3\n".to_owned();
    for at in 0..8_000 {
        let _ = writeln!(text, "def f{at}(): return f{}() or f{}()", (at * 7 + 1) % 8_000, (at * 13 + 5) % 8_000);
    }
    ends("fn/app.py", "python3.12", "app.handler", format!("{text}def handler(event, context): return f0().get()\n"));
}

#[test]
fn what_hangs_on_an_open_circle_is_asked_again() {
    check(
        &[(
            "app.py",
            "import boto3\ndynamodb = boto3.resource('dynamodb')\ndynamodb = dynamodb.Table('t')\ns = boto3.Session()\ns = s.client('sns')\ndef handler(e, c):\n  dynamodb.put_item(Item={})\n  s.publish(TopicArn='a')\n",
        )],
        &["7 dynamodb:PutItem TableName=t", "8 sns:Publish TopicArn=a"],
    );
    check(
        &[(
            "app.js",
            "const { DynamoDB } = require('aws-sdk');\nlet db = new DynamoDB();\nconst wrap = (x) => ({ inner: x });\ndb = wrap(db);\nexports.handler = async () => db.inner.getItem({ TableName: 't' }).promise();\n",
        )],
        &["5 dynamodb:GetItem TableName=t"],
    );
}

/// What the only function of a folder reaches.
fn reaches(path: &str, runtime: &str, handler: &str, text: &str) -> Vec<String> {
    reached(&scan(&[(path, text), ("fn/go.mod", "module shop\n")], &[("Fn", runtime, handler, "fn")]), "Fn").2
}

#[test]
fn long_tables_of_handlers_are_followed_to_their_end() {
    let mut types = String::new();
    let mut all = Vec::new();
    for at in 0..60 {
        let body = if at == 59 { "client.Publish(ctx, &sns.PublishInput{})" } else { "" };
        let _ = writeln!(types, "type H{at} struct{{}}\nfunc (h H{at}) Handle() {{ {body} }}");
        all.push(format!("H{at}{{}}"));
    }
    let go = format!(
        "package main\nimport (\n\t\"github.com/aws/aws-sdk-go-v2/service/sns\"\n\t\"github.com/aws/aws-lambda-go/lambda\"\n)\nvar client = sns.NewFromConfig(cfg)\n{types}type Handler interface {{ Handle() }}\nvar hs = []Handler{{{}}}\nfunc handle() {{ for _, h := range hs {{ h.Handle() }} }}\nfunc main() {{ lambda.Start(handle) }}\n",
        all.join(", ")
    );
    assert_eq!(reaches("fn/main.go", "provided.al2023", "bootstrap", &go), ["sns:Publish"]);
    let mut functions = String::new();
    for at in 0..60 {
        let body = if at == 59 { "sns.publish({ TopicArn: 't' }).promise()" } else { "null" };
        let _ = writeln!(functions, "const f{at} = async () => {body};");
    }
    let table: Vec<String> = (0..60).map(|at| format!("o{at}: f{at}")).collect();
    let js = format!(
        "const {{ SNS }} = require('aws-sdk');\nconst sns = new SNS();\n{functions}const ops = {{ {} }};\nexports.handler = async (event) => ops[event.x]();\n",
        table.join(", ")
    );
    assert_eq!(reaches("fn/app.js", "nodejs22.x", "app.handler", &js), ["sns:Publish TopicArn=t"]);
}

#[test]
fn tables_behind_the_twentieth_of_a_transaction_are_seen() {
    let put = |table: &str| format!("{{ Put: {{ TableName: '{table}' }} }}");
    let mut puts = vec![put("many"); 40];
    puts.push(put("last"));
    let js = format!(
        "const {{ DynamoDB }} = require('aws-sdk');\nconst db = new DynamoDB.DocumentClient();\ndb.transactWrite({{ TransactItems: [{}] }});\n",
        puts.join(", ")
    );
    let sources = crate::source::Sources::in_memory([("app.js", js.as_str())]);
    let (code, _) = crate::code::read(&sources, &[]);
    let facts = super::facts(&code, &sources, "app.js").join("\n");
    assert!(facts.contains("TableName=many"), "{facts}");
    assert!(facts.contains("TableName=last") || facts.contains("TableName=?"), "{facts}");
}
