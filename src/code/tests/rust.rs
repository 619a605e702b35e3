//! Rust.

use super::check;
use crate::model::CodeState;

#[track_caller]
fn rs(source: &str, expected: &[&str]) {
    check(&[("src/main.rs", source)], expected);
}

#[test]
fn clients_are_followed_to_their_builders() {
    rs(
        "use aws_sdk_dynamodb::Client;\nasync fn f() {\n    let config = aws_config::from_env().region(\"eu-west-1\").load().await;\n    let client = Client::new(&config);\n    let t = std::env::var(\"TABLE\").unwrap();\n    client.get_item().table_name(&t).key(\"a\", x).send().await?;\n}\n",
        &["4 client dynamodb in eu-west-1", "6 dynamodb:GetItem TableName=$TABLE"],
    );
    rs(
        "struct Repo { client: aws_sdk_s3::Client, bucket: String }\nimpl Repo {\n    async fn put(&self) { self.client.put_object().bucket(\"b\").key(format!(\"in/{}\", x)).send().await; }\n}\nasync fn g(c: &aws_sdk_sqs::Client) { c.send_message().queue_url(\"q\").send().await; }\n",
        &["3 s3:PutObject Bucket=b Key=in/*", "5 sqs:SendMessage QueueUrl=q"],
    );
    rs(
        "use aws_sdk_sns as sns;\nuse std::sync::Arc;\nstruct App { c: Arc<sns::Client> }\nimpl App {\n    fn new(c: sns::Client) -> Self { Self { c: Arc::new(c) } }\n    async fn go(&self) -> Result<(), E> { self.c.publish().topic_arn(ARN).send().await?; Ok(()) }\n}\nconst ARN: &str = \"arn:x\";\n",
        &["6 sns:Publish TopicArn=arn:x"],
    );
}

#[test]
fn modules_are_followed() {
    check(
        &[
            (
                "src/db.rs",
                "use aws_sdk_dynamodb::Client;\npub async fn save(client: &Client, table: &str) {\n    client.put_item().table_name(table).send().await;\n}\n",
            ),
            (
                "src/main.rs",
                "mod db;\nasync fn f(c: aws_sdk_dynamodb::Client) { db::save(&c, \"T\").await; crate::db::save(&c, \"U\").await; }\n",
            ),
        ],
        &["3 dynamodb:PutItem TableName=T TableName=U"],
    );
}

#[test]
fn requests_checks_and_logs() {
    rs(
        "use reqwest::Client;\nuse lambda_runtime::LambdaEvent;\nasync fn f(event: LambdaEvent<Value>) {\n    reqwest::get(\"http://a\").await;\n    let c = Client::builder().danger_accept_invalid_certs(true).build();\n    c.get(\"https://b\").send();\n    info!(\"{:?}\", event);\n    println!(\"{event:?}\");\n    tracing::info!(payload = ?event.payload, \"got\");\n    println!(\"{}\", event.payload.name);\n}\n",
        &[
            "4 http http://a",
            "5 tls danger_accept_invalid_certs(true)",
            "6 http https://b",
            "7 logs event",
            "8 logs event",
            "9 logs event",
        ],
    );
}

#[test]
fn what_is_no_client_gives_nothing() {
    rs(
        "fn f(m: HashMap<String, String>) { m.get(\"x\"); store.put_item(); }\nfn g() { let password = \"hunter22!\"; }\n",
        &["2 credential password password"],
    );
}

#[test]
fn modules_that_pass_on_each_others_names_end() {
    let names: Vec<String> = (0..24).map(|number| format!("m{number}")).collect();
    let passed_on: String = names.iter().map(|name| format!("pub use crate::{name}::*;\n")).collect();
    let module = format!("{passed_on}pub fn own() {{ let a = Elsewhere::new(); a.go(); }}\n");
    let root: String = names.iter().map(|name| format!("mod {name};\n")).collect();
    let mut files: Vec<(String, String)> =
        names.iter().map(|name| (format!("src/{name}.rs"), module.clone())).collect();
    files
        .push(("src/main.rs".to_owned(), format!("{root}{passed_on}fn main() {{ own(); let b = Nowhere::new(); }}\n")));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    check(&files, &[]);
}

/// What the binary of src/main.rs reaches of the SDK, with its state.
#[track_caller]
fn reaches(files: &[(&str, &str)], expected: &[&str]) {
    let (state, calls) = super::projects::binary(files);
    assert_eq!((state, calls), (CodeState::Read, expected.iter().map(ToString::to_string).collect()));
}

const STORES: &str = "use aws_sdk_dynamodb::Client;\nuse async_trait::async_trait;\n#[async_trait]\npub trait Store {\n    async fn get(&self, id: &str);\n    async fn delete(&self, id: &str);\n    async fn both(&self) { self.get(\"a\").await; }\n}\npub struct Table { client: Client }\nimpl Table { pub fn new(client: Client) -> Self { Self { client } } }\n#[async_trait]\nimpl Store for Table {\n    async fn get(&self, id: &str) { self.client.get_item().table_name(\"T\").send().await; }\n    async fn delete(&self, id: &str) { self.client.delete_item().table_name(\"T\").send().await; }\n}\npub struct Bucket { client: aws_sdk_s3::Client }\nimpl Bucket { pub fn new(client: aws_sdk_s3::Client) -> Self { Self { client } } }\n#[async_trait]\nimpl Store for Bucket {\n    async fn get(&self, id: &str) { self.client.get_object().bucket(\"b\").send().await; }\n    async fn delete(&self, id: &str) { self.client.delete_object().bucket(\"b\").send().await; }\n}\n";

#[test]
fn methods_of_traits_are_those_of_what_is_made() {
    for main in [
        "mod stores;\nuse stores::{Store, Table};\nuse std::sync::Arc;\nstruct App { store: Arc<dyn Store> }\nasync fn run(app: &App) { app.store.get(\"x\").await; }\n#[tokio::main]\nasync fn main() { let app = App { store: Arc::new(Table::new(client())) }; run(&app).await; }\n",
        "mod stores;\nuse stores::{Store, Table};\nasync fn run<S: Store>(store: &S) { store.get(\"x\").await; }\nasync fn main() { let table = Table::new(client()); lambda_runtime::run(service_fn(|event| async { run(&table).await })).await; }\n",
        "mod stores;\nuse stores::{Store, Table};\nasync fn run(store: &impl Store) { store.both().await; }\nasync fn main() { run(&Table::new(client())).await; }\n",
        "mod stores;\nuse stores::{Store, Table};\nstruct Service<S> { inner: S }\nimpl<S> Service<S> where S: Store { async fn serve(&self) { self.inner.get(\"x\").await; } }\nfn build() -> Box<dyn Store> { Box::new(Table::new(client())) }\nasync fn main() { Service { inner: unknown(build()) }.serve().await; }\n",
    ] {
        reaches(&[("src/main.rs", main), ("src/stores.rs", STORES)], &["dynamodb:GetItem TableName=T"]);
    }
}

#[test]
fn a_name_that_many_types_have_leads_nowhere_from_something_unknown() {
    let main = "mod stores;\nuse stores::{Store, Table};\nuse std::collections::HashMap;\nasync fn main() { let table = Table::new(client()); table.get(\"x\").await; let cache: HashMap<String, String> = HashMap::new(); cache.delete(\"x\"); unknown().delete(\"x\"); }\n";
    let files = [("src/main.rs", main), ("src/stores.rs", STORES)];
    reaches(&files, &["dynamodb:GetItem TableName=T"]);
}

#[test]
fn types_are_told_by_files_variants_tuples_parameters_and_closures() {
    let repo = "pub struct Repo(aws_sdk_sns::Client, String);\npub enum Sink { One(Repo), Two { repo: Repo } }\npub struct Wrapped<T> { pub data: Option<T> }\n#[derive(serde::Deserialize)]\npub struct Order { id: String }\nimpl Order { pub async fn place(&self, c: &aws_sdk_sqs::Client) { c.send_message().send().await; } }\n#[derive(Default)]\npub struct Builder { repo: Option<Repo> }\nimpl Builder {\n    pub fn with(mut self, repo: Repo) -> Self { self.repo = Some(repo); self }\n    pub fn build(self) -> Repo { self.repo.unwrap() }\n}\npub type Shared = std::sync::Arc<Repo>;\n";
    let methods = "use crate::repo::Repo;\nimpl Repo {\n    pub fn new() -> Self { Repo(aws_sdk_sns::Client::new(&config()), String::new()) }\n    pub async fn tell(&self) { self.0.publish().send().await; }\n    pub async fn list(&self) { self.0.list_topics().send().await; }\n}\n";
    for body in [
        "Repo::new().tell().await;",
        "match sink() { Sink::One(one) => one.tell().await, Sink::Two { repo } => {} }",
        "match sink() { Sink::Two { repo } => repo.tell().await, _ => {} }",
        "let all: Vec<Repo> = load(); for one in all { one.tell().await; }",
        "let all: Vec<Repo> = load(); all.iter().map(|one| async move { one.tell().await }).collect::<Vec<_>>();",
        "let shared: Shared = load(); shared.tell().await;",
        "let (repo, name): (Repo, String) = load(); repo.tell().await;",
        "load::<Repo>().unwrap().tell().await;",
        "Builder::default().with(Repo::new()).build().tell().await;",
        "let wrapped: Wrapped<Repo> = load(); if let Some(one) = wrapped.data { one.tell().await; }",
        "let methods = Repo::new(); methods.tell().await; let tell = methods::nothing();",
    ] {
        let main = format!(
            "mod repo;\nmod methods;\nuse repo::*;\nfn sink() -> Sink {{ unknown() }}\nasync fn main() {{ {body} }}\n"
        );
        let files = [("src/main.rs", main.as_str()), ("src/repo.rs", repo), ("src/methods.rs", methods)];
        reaches(&files, &["sns:Publish"]);
    }
}

#[test]
fn what_outside_traits_and_macros_call_is_reached() {
    for main in [
        "struct App { c: aws_sdk_sns::Client }\nimpl tower::Service<Request> for App { fn call(&mut self, r: Request) { self.c.publish().send(); } }\nimpl App { fn unused(&self) { self.c.list_topics().send(); } }\nfn main() { lambda_http::run(App { c: client() }); }\n",
        "framework::serve!(run, sns = aws_sdk_sns::Client);\nasync fn run() { sns().publish().send().await; }\n",
        "framework::serve!(async run, sns() -> aws_sdk_sns::Client);\nasync fn run() { sns().publish().send().await; }\n",
        "lazy_static! { static ref SNS: aws_sdk_sns::Client = make(); }\nasync fn main() { SNS.publish().send().await; }\n",
        "cfg_if! { if #[cfg(unix)] { fn go(c: aws_sdk_sns::Client) { c.publish().send(); } } else { fn go() {} } }\nfn main() { go(client()); }\n",
        "#[graph::operation(mutation)]\nasync fn tell(c: aws_sdk_sns::Client) { c.publish().send().await; }\n#[tracing::instrument]\nasync fn unused(c: aws_sdk_sns::Client) { c.list_topics().send().await; }\nfn main() {}\n",
        "async fn tell(c: aws_sdk_sns::Client) { c.publish().send().await; }\nasync fn main() { tokio::select! { a = tell(c) => { done(); } _ = stop() => {} } }\n",
        "trait Tell { async fn tell_all(&self); }\nimpl Tell for aws_sdk_sns::Client { async fn tell_all(&self) { self.publish().send().await; } }\nasync fn main() { aws_sdk_sns::Client::new(&c).tell_all().await; }\n",
    ] {
        reaches(&[("src/main.rs", main)], &["sns:Publish"]);
    }
}

#[test]
fn a_module_is_not_the_variable_of_its_name() {
    let main = "mod notifier;\nasync fn main() { let notifier = notifier::get().await; notifier.tell().await; }\n";
    let notifier = "use tokio::sync::OnceCell;\npub struct Notifier { client: aws_sdk_sns::Client }\nstatic ONE: OnceCell<Notifier> = OnceCell::const_new();\npub async fn get() -> &'static Notifier { ONE.get_or_init(make).await }\nasync fn make() -> Notifier { Notifier { client: aws_sdk_sns::Client::new(&config()) } }\nimpl Notifier {\n    pub async fn tell(&self) { self.write().await; }\n    async fn write(&self) { self.client.publish().send().await; }\n}\n";
    reaches(&[("src/main.rs", main), ("src/notifier.rs", notifier)], &["sns:Publish"]);
}

#[test]
fn secrets_tokens_and_parts_of_transactions() {
    rs(
        "use aws_secretsmanager_caching::SecretsManagerCachingClient as Cache;\nuse aws_sdk_dynamodb::types::{Delete, Put};\nasync fn f() {\n    let cache = Cache::default().await?;\n    cache.get_secret_value(\"s\", None, None, false).await;\n    Put::builder().table_name(\"T\").build();\n    Delete::builder().build();\n    let input = aws_sdk_s3::operation::get_object::GetObjectInput::builder().bucket(\"b\");\n    input.send_with(&client).await;\n}\n",
        &[
            "5 secretsmanager:DescribeSecret SecretId=s",
            "5 secretsmanager:GetSecretValue SecretId=s",
            "6 dynamodb:PutItem",
            "7 dynamodb:DeleteItem",
            "9 s3:GetObject",
        ],
    );
    rs(
        "use aws_sigv4::sign::v4;\nfn f() {\n    v4::SigningParams::builder().identity(&i).name(\"rds-db\").build();\n    v4::SigningParams::builder().name(\"es\").build();\n}\n",
        &["3 rds:GenerateDBAuthToken"],
    );
}

#[test]
fn associated_functions_of_several_types_and_default_methods_are_reached() {
    use super::projects::{reached, scan};
    let toml = "[package]\nname = \"app\"\n[dependencies]\n";
    let run = |main: &str| {
        let code = scan(&[("Cargo.toml", toml), ("src/main.rs", main)], &[("F", "provided.al2023", "bootstrap", "")]);
        reached(&code, "F").2
    };
    let variants = "mod cloud { pub struct Sender { c: aws_sdk_sqs::Client }\nimpl Sender { pub async fn new() -> Self { Sender { c: make() } }\npub async fn go(&self) { self.c.send_message().send().await; } } }\nmod local { pub struct Sender {}\nimpl Sender { pub async fn new() -> Self { Sender {} }\npub async fn go(&self) {} } }\npub use cloud::*;\npub use local::*;\n#[tokio::main]\nasync fn main() { lambda_runtime::run(service_fn(handle)).await; }\nasync fn handle(e: LambdaEvent<Value>) { let s = Sender::new().await; s.go().await; }\n";
    assert_eq!(run(variants), ["sqs:SendMessage"]);
    let defaults = "trait Table { fn name() -> String;\nasync fn get(c: &aws_sdk_dynamodb::Client) { c.get_item().send().await; }\nasync fn wipe(c: &aws_sdk_dynamodb::Client) { c.delete_item().send().await; } }\nstruct Users;\nstruct Orders;\nimpl Table for Users { fn name() -> String { one() } }\nimpl Table for Orders { fn name() -> String { two() } }\nasync fn get<T: Table>(c: &aws_sdk_dynamodb::Client) { <T as Table>::get(c).await }\nasync fn main() { lambda_runtime::run(service_fn(handle)).await; }\nasync fn handle(e: LambdaEvent<Value>) { get::<Users>(&client).await; get::<Orders>(&client).await; }\n";
    assert_eq!(run(defaults), ["dynamodb:GetItem"]);
}

/// A binary whose handler is `handler(c: &Client)`, with what stands beside it.
#[track_caller]
fn handles(body: &str, expected: &[&str]) {
    let text = format!(
        "use lambda_runtime::{{run, service_fn, Error, LambdaEvent}};\nuse aws_sdk_dynamodb::Client;\n#[tokio::main]\nasync fn main() -> Result<(), Error> {{ let c = Client::new(&aws_config::load_from_env().await); run(service_fn(|e: LambdaEvent<Value>| handler(&c, e))).await }}\nasync fn put(c: &Client) -> bool {{ c.put_item().table_name(\"t\").send().await.is_ok() }}\n{body}\n"
    );
    let (state, calls) = super::projects::binary(&[("src/main.rs", &text)]);
    assert_eq!((state, calls), (CodeState::Read, expected.iter().map(ToString::to_string).collect()), "{body}");
}

#[test]
fn modules_inside_a_file_have_names_of_their_own() {
    let put = "dynamodb:PutItem TableName=t";
    let store = "mod db {\n  use aws_sdk_dynamodb::Client;\n  pub async fn save(c: &Client) { c.put_item().table_name(\"t\").send().await.unwrap(); }\n  pub struct Store { c: Client }\n  impl Store {\n    pub fn new(c: Client) -> Self { Self { c } }\n    pub async fn save(&self) { self.c.put_item().table_name(\"t\").send().await.unwrap(); }\n  }\n  pub mod deep { pub async fn save(c: &super::Client) { super::save(c).await; } }\n}\n";
    for body in [
        "async fn handler(c: &Client, e: E) { db::save(c).await; }",
        "use db::save;\nasync fn handler(c: &Client, e: E) { save(c).await; }",
        "use db::save as store;\nasync fn handler(c: &Client, e: E) { store(c).await; }",
        "use self::db::{self, Store};\nasync fn handler(c: &Client, e: E) { Store::new(c.clone()).save().await; }",
        "use crate::db as d;\nasync fn handler(c: &Client, e: E) { d::save(c).await; }",
        "use db::*;\nasync fn handler(c: &Client, e: E) { save(c).await; }",
        "async fn handler(c: &Client, e: E) { crate::db::save(c).await; }",
        "async fn handler(c: &Client, e: E) { db::Store::new(c.clone()).save().await; }",
        "async fn handler(c: &Client, e: E) { db::deep::save(c).await; }",
        "mod api { use super::*; pub async fn go(c: &Client) { put(c).await; } }\nasync fn handler(c: &Client, e: E) { api::go(c).await; }",
        "mod api { use super::db; pub async fn go(c: &super::Client) { db::save(c).await; } }\nasync fn handler(c: &Client, e: E) { api::go(c).await; }",
    ] {
        handles(&format!("{store}{body}"), &[put]);
    }
    handles(&format!("{store}async fn handler(c: &Client, e: E) {{}}"), &[]);
    // Names of one module are not those of another, nor of the file.
    handles(
        "mod a { pub async fn run(c: &super::Client) { c.get_item().table_name(\"t\").send().await.unwrap(); } }\nmod b { pub async fn run(c: &super::Client) { c.delete_item().table_name(\"t\").send().await.unwrap(); } }\nasync fn handler(c: &Client, e: E) { a::run(c).await; }",
        &["dynamodb:GetItem TableName=t"],
    );
    handles(
        "mod a { pub struct Repo { pub c: super::Client } impl Repo { pub async fn go(&self) { self.c.get_item().table_name(\"t\").send().await; } } }\nmod b { pub struct Repo { pub c: super::Client } impl Repo { pub async fn go(&self) { self.c.delete_item().table_name(\"t\").send().await; } } }\nasync fn handler(c: &Client, e: E) { let r = b::Repo { c: c.clone() }; r.go().await; }",
        &["dynamodb:DeleteItem TableName=t"],
    );
}

#[test]
fn guards_ranges_and_repeats_are_run() {
    for body in [
        "async fn handler(c: &Client, e: E) { match e.payload.as_str() { Some(x) if put(c).await => {}, _ => {} } }",
        "async fn handler(c: &Client, e: E) { for i in 0..count(put(c).await) {} }",
        "async fn handler(c: &Client, e: E) { let x = [put(c).await; 3]; }",
        "async fn handler(c: &Client, e: E) { let x = const { 1 }; let y = &items[..len(put(c).await)]; }",
    ] {
        handles(body, &["dynamodb:PutItem TableName=t"]);
    }
}

#[test]
fn macros_of_the_project_do_what_they_are_made_of() {
    for body in [
        "macro_rules! save { ($c:expr) => { $c.put_item().table_name(\"t\").send().await } }\nasync fn handler(c: &Client, e: E) { save!(c).unwrap(); }",
        "macro_rules! save { ($c:expr, $t:expr) => {{ let made = $c.put_item().table_name($t); made.send().await }}; }\nasync fn handler(c: &Client, e: E) { save!(c, \"t\").unwrap(); }",
        "macro_rules! each { ($($c:expr),* $(,)?) => { $( put($c).await; )* } }\nasync fn handler(c: &Client, e: E) { each!(c, c); }",
    ] {
        handles(body, &["dynamodb:PutItem TableName=t"]);
    }
    handles(
        "macro_rules! save { ($c:expr) => { $c.put_item().table_name(\"t\").send().await } }\nasync fn handler(c: &Client, e: E) {}",
        &[],
    );
    // Whose method an argument names may call anything.
    let text = "macro_rules! call { ($c:expr, $op:ident) => { $c.$op().table_name(\"t\").send().await } }\nasync fn main() { call!(client, put_item); }\n";
    let (state, _) = super::projects::binary(&[("src/main.rs", text)]);
    assert_eq!(state, CodeState::Partly("the macro call is not understood".into()));
}
