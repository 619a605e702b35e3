//! Functions that functions give back: they are called where what is given back is.

use super::projects::{reached, scan};

const HEAD: &str = "import { SQS } from '@aws-sdk/client-sqs';\nconst sqs = new SQS();\nconst send = () => sqs.sendMessage({ QueueUrl: 'q' });\nconst purge = () => sqs.purgeQueue({ QueueUrl: 'q' });\n";
const SEND: &str = "sqs:SendMessage QueueUrl=q";
const PURGE: &str = "sqs:PurgeQueue QueueUrl=q";

/// What the handler `app.handler` of a file calls, where another file has factories.
#[track_caller]
fn calls(language: &str, file: &str, other: &str, expected: &[&str]) {
    let (name, runtime) = match language {
        "py" => ("other.py", "python3.13"),
        _ => ("other.ts", "nodejs22.x"),
    };
    let app = format!("app.{language}");
    let code = scan(&[(&app, file), (name, other)], &[("F", runtime, "app.handler", "")]);
    assert_eq!(reached(&code, "F").2, expected, "{file}");
}

fn ts(file: &str, expected: &[&str]) {
    calls("ts", &format!("{HEAD}{file}"), "export const nothing = 1;\n", expected);
}

#[test]
fn what_a_factory_gives_back_is_called_where_that_is_called() {
    // Made and never called.
    for making in [
        "const make = () => async () => purge();\n",
        "function make() { return async () => purge(); }\n",
        "function make() { async function run() { return purge(); }\n return run; }\n",
        "const make = (c) => { const run = async () => purge(); return c ? run : run; };\n",
        "class F { make() { return () => purge(); } }\nconst make = (c) => new F().make();\n",
    ] {
        ts(
            &format!("{making}const unused = make(1);\nexport const other = make(2);\nexport const handler = send;\n"),
            &[SEND],
        );
        ts(&format!("{making}export const handler = make(1);\n"), &[PURGE]);
        ts(&format!("{making}const run = make(1);\nexport const handler = async (e) => run(e);\n"), &[PURGE]);
        ts(&format!("{making}export const handler = async (e) => make(1)(e);\n"), &[PURGE]);
        ts(&format!("{making}export const handler = async (e) => (await make(1))(e);\n"), &[PURGE]);
        ts(&format!("{making}export const handler = async (e) => Promise.all(e.map(make(1)));\n"), &[PURGE]);
        ts(
            &format!("{making}let run;\nexport const handler = async (e) => {{ run ??= make(1); return run(e); }};\n"),
            &[PURGE],
        );
        ts(
            &format!("{making}const api = {{ run: make(1) }};\nexport const handler = async (e) => api.run(e);\n"),
            &[PURGE],
        );
        ts(&format!("{making}const api = {{ run: make(1) }};\nexport const handler = async (e) => send();\n"), &[SEND]);
        ts(
            &format!("{making}const all = [make(1)];\nexport const handler = async (e) => all.forEach((f) => f(e));\n"),
            &[PURGE],
        );
        ts(
            &format!(
                "{making}class S {{ private run = make(1);\n go() {{ return this.run(); }} }}\nexport const handler = async (e) => new S().go();\n"
            ),
            &[PURGE],
        );
        ts(&format!("{making}export const handler = async (e) => make(1).then((f) => f(e));\n"), &[PURGE]);
        ts(
            &format!("import hooks from 'hooks';\n{making}hooks.on('x', make);\nexport const handler = send;\n"),
            &[SEND, PURGE],
        );
    }
}

#[test]
fn objects_of_functions_are_asked_by_name() {
    let repo = "const repo = (table) => ({ save: () => send(), async wipe() { return purge(); } });\n";
    ts(&format!("{repo}const r = repo('t');\nexport const handler = async () => r.save();\n"), &[SEND]);
    ts(&format!("{repo}const {{ wipe }} = repo('t');\nexport const handler = async () => wipe();\n"), &[PURGE]);
    ts(
        &format!(
            "{repo}const run = (deps) => deps.repo.wipe();\nexport const handler = async () => run({{ repo: repo('t') }});\n"
        ),
        &[PURGE],
    );
    ts(
        &format!("import lib from 'lib';\n{repo}export const handler = async () => lib.serve(repo('t'));\n"),
        &[SEND, PURGE],
    );
}

#[test]
fn what_is_handed_to_a_helper_counts_where_that_is_done() {
    let each = "const each = async (page) => { for (;;) { await page(); } };\n";
    let users = "const a = async () => each(() => send());\nconst b = async () => each(() => purge());\n";
    ts(&format!("{each}{users}export const handler = async () => a();\n"), &[SEND]);
    let named = "const a = async () => each(send);\nconst b = async () => each(purge);\n";
    ts(&format!("{each}{named}export const handler = async () => a();\n"), &[SEND]);
    let options = "const each = async ({ page }) => { await page(); };\nconst a = async () => each({ page: send });\nconst b = async () => each({ page: purge });\n";
    ts(&format!("{options}export const handler = async () => a();\n"), &[SEND]);
    let member = "const each = async (deps) => { await deps.page(); };\nconst a = async () => each({ page: send });\nconst b = async () => each({ page: () => purge() });\n";
    ts(&format!("{member}export const handler = async () => b();\n"), &[PURGE]);
}

#[test]
fn wrappers_of_packages_call_later_what_stands_behind_other_handlers() {
    let make = "import { metricScope } from 'aws-embedded-metrics';\nconst make = (run) => metricScope((metrics) => async (event) => run(event));\n";
    ts(&format!("{make}export const handler = make(send);\nexport const other = make(purge);\n"), &[SEND]);
    let inline = "import { metricScope } from 'aws-embedded-metrics';\nconst makeA = (deps) => metricScope((m) => async (e) => send());\nfunction makeB(deps) { return metricScope((m) => async (e) => purge()); }\n";
    let files = format!("{HEAD}{inline}export const handler = makeA(1);\nexport const other = makeB(1);\n");
    let rows = [("F", "nodejs22.x", "app.handler", ""), ("G", "nodejs22.x", "app.other", "")];
    let code = scan(&[("app.ts", &files)], &rows);
    assert_eq!(reached(&code, "F").2, [SEND]);
    assert_eq!(reached(&code, "G").2, [PURGE]);
}

#[test]
fn what_a_module_passes_on_is_not_called_by_that() {
    let index =
        "export { send, purge } from './lib';\nexport { default } from './lib';\nexport * as all from './lib';\n";
    let lib = "import { SQS } from '@aws-sdk/client-sqs';\nconst sqs = new SQS();\nexport const send = () => sqs.sendMessage({ QueueUrl: 'q' });\nexport const purge = () => sqs.purgeQueue({ QueueUrl: 'q' });\nexport default purge;\n";
    let app = "import { send } from './other';\nexport const handler = async () => send();\n";
    let code =
        scan(&[("app.ts", app), ("other.ts", index), ("lib.ts", lib)], &[("F", "nodejs22.x", "app.handler", "")]);
    assert_eq!(reached(&code, "F").2, [SEND]);
}

#[test]
fn decorators_and_closures_of_python_run_with_what_they_wrap() {
    let head = "import boto3\nimport functools\nsqs = boto3.client('sqs')\ndef send(): sqs.send_message(QueueUrl='q')\ndef purge(): sqs.purge_queue(QueueUrl='q')\n";
    let plain = "def audited(f):\n    @functools.wraps(f)\n    def inner(*args):\n        purge()\n        return f(*args)\n    return inner\n";
    let with = "def audited(name):\n    def outer(f):\n        def inner(*args):\n            purge()\n            return f(*args)\n        return inner\n    return outer\n";
    for (make, by) in [(plain, "@audited"), (with, "@audited('x')")] {
        let py = |rest: &str, expected: &[&str]| calls("py", &format!("{head}{make}{rest}"), "", expected);
        py(&format!("{by}\ndef handler(event, context):\n    send()\n"), &[SEND, PURGE]);
        py(&format!("{by}\ndef job():\n    send()\ndef handler(event, context):\n    send()\n"), &[SEND]);
        py(&format!("{by}\ndef job():\n    pass\ndef handler(event, context):\n    job()\n"), &[PURGE]);
    }
    let kept = "jobs = {}\ndef audited(f):\n    jobs['x'] = f\n    def inner(*args):\n        return f(*args)\n    return inner\n@audited\ndef job():\n    purge()\ndef handler(event, context):\n    send()\n    jobs[event]()\n";
    let py = |rest: &str, expected: &[&str]| calls("py", &format!("{head}{rest}"), "", expected);
    py(kept, &[SEND, PURGE]);
    py(
        "def make():\n    def run(e, c):\n        purge()\n    return run\nunused = make()\ndef handler(e, c):\n    send()\n",
        &[SEND],
    );
    py("def make():\n    return lambda e, c: purge()\nhandler = make()\n", &[PURGE]);
    py(
        "def make():\n    def run(e):\n        purge()\n    return run\ndef handler(e, c):\n    list(map(make(), e))\n",
        &[PURGE],
    );
    py(
        "class A:\n    def make(self):\n        def run():\n            purge()\n        return run\n    def go(self):\n        return self.make()()\ndef handler(e, c):\n    A().go()\n",
        &[PURGE],
    );
}

#[test]
fn functions_that_go_functions_give_back() {
    let head = "package main\nimport (\n\"context\"\n\"github.com/aws/aws-lambda-go/lambda\"\n\"github.com/aws/aws-sdk-go-v2/service/sqs\"\n)\nfunc send(c *sqs.Client) { c.SendMessage(context.TODO(), &sqs.SendMessageInput{}) }\nfunc purge(c *sqs.Client) { c.PurgeQueue(context.TODO(), &sqs.PurgeQueueInput{}) }\nfunc makeSend(c *sqs.Client) func(context.Context) error { return func(ctx context.Context) error { send(c); return nil } }\nfunc makePurge(c *sqs.Client) (func(context.Context) error, error) { return func(ctx context.Context) error { purge(c); return nil }, nil }\n";
    let go = |rest: &str, expected: &[&str]| {
        let file = format!("{head}{rest}");
        let code = scan(&[("main.go", &file)], &[("F", "provided.al2023", "bootstrap", "")]);
        assert_eq!(reached(&code, "F").2, expected, "{file}");
    };
    go("func main() { c := &sqs.Client{}; _, _ = makePurge(c); lambda.Start(makeSend(c)) }\n", &["sqs:SendMessage"]);
    go("func main() { c := &sqs.Client{}; h, _ := makePurge(c); lambda.Start(h) }\n", &["sqs:PurgeQueue"]);
    go(
        "type app struct { run func(context.Context) error }\nfunc main() { c := &sqs.Client{}; a := app{run: makeSend(c)}; lambda.Start(func(ctx context.Context) error { return a.run(ctx) }) }\n",
        &["sqs:SendMessage"],
    );
}
