//! Rust.

use super::check;

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
