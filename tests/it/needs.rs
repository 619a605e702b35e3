//! Metamorphic on code: however one and the same need is written, it is the same need.

use crate::scan::scan;
use leastwise::finding::Status;

/// One way to write a function: what was changed, and its files.
type Way<'a> = (&'a str, &'a [(&'a str, &'a str)]);

const PYTHON: &[Way<'_>] = &[
    (
        "as it was written first",
        &[(
            "src/app.py",
            r#"import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")


def save(item):
    table.query(ExclusiveStartKey=item)
    s3.put_object(Bucket=os.environ["BUCKET"], Key=item["id"], Body=b"")


def handler(event, context):
    save({"id": event["id"]})
    return table.get_item(Key={"id": event["id"]})
"#,
        )],
    ),
    (
        "a helper moved to another file",
        &[
            (
                "src/app.py",
                r#"import stores


def handler(event, context):
    stores.save({"id": event["id"]})
    return stores.table.get_item(Key={"id": event["id"]})
"#,
            ),
            (
                "src/stores.py",
                r#"import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")


def save(item):
    table.query(ExclusiveStartKey=item)
    s3.put_object(Bucket=os.environ["BUCKET"], Key=item["id"], Body=b"")
"#,
            ),
        ],
    ),
    (
        "each call in a function of its own, clients handed in",
        &[(
            "src/app.py",
            r#"import os
import boto3


def connect():
    return boto3.resource("dynamodb").Table(os.environ["TABLE"])


def put(table, item):
    table.query(ExclusiveStartKey=item)


def upload(client, key):
    client.put_object(Bucket=os.environ["BUCKET"], Key=key, Body=b"")


def handler(event, context):
    table = connect()
    put(table, {"id": event["id"]})
    upload(boto3.client("s3"), event["id"])
    return table.get_item(Key={"id": event["id"]})
"#,
        )],
    ),
    (
        "clients as attributes of a class",
        &[(
            "src/app.py",
            r#"import os
import boto3


class Store:
    s3 = boto3.client("s3")

    def __init__(self):
        self.table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

    def save(self, item):
        self.table.query(ExclusiveStartKey=item)
        self.s3.put_object(Bucket=os.environ["BUCKET"], Key=item["id"], Body=b"")

    def load(self, key):
        return self.table.get_item(Key={"id": key})


store = Store()


def handler(event, context):
    store.save({"id": event["id"]})
    return store.load(event["id"])
"#,
        )],
    ),
];

const JAVASCRIPT: &[Way<'_>] = &[
    (
        "as it was written first",
        &[(
            "src/app.js",
            r#"const { DynamoDBClient, QueryCommand, GetItemCommand } = require("@aws-sdk/client-dynamodb");
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const db = new DynamoDBClient({});
const s3 = new S3Client({});
async function save(id) {
  await db.send(new QueryCommand({ TableName: process.env.TABLE, ExclusiveStartKey: { id: { S: id } } }));
  await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: id }));
}
exports.handler = async (event) => {
  await save(event.id);
  return db.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: event.id } } }));
};
"#,
        )],
    ),
    (
        "a helper as an arrow function, imports instead of require",
        &[(
            "src/app.js",
            r#"import { DynamoDBClient, QueryCommand, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { S3Client, PutObjectCommand } from "@aws-sdk/client-s3";
const db = new DynamoDBClient({});
const s3 = new S3Client({});
const save = async (id) => {
  await db.send(new QueryCommand({ TableName: process.env.TABLE, ExclusiveStartKey: { id: { S: id } } }));
  await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: id }));
};
export const handler = async (event) => {
  await save(event.id);
  return db.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: event.id } } }));
};
"#,
        )],
    ),
    (
        "helpers moved to another file",
        &[
            (
                "src/app.js",
                r#"const { save, load } = require("./stores");
exports.handler = async (event) => {
  await save(event.id);
  return load(event.id);
};
"#,
            ),
            (
                "src/stores.js",
                r#"const { DynamoDBClient, QueryCommand, GetItemCommand } = require("@aws-sdk/client-dynamodb");
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const db = new DynamoDBClient({});
const s3 = new S3Client({});
module.exports.save = async (id) => {
  await db.send(new QueryCommand({ TableName: process.env.TABLE, ExclusiveStartKey: { id: { S: id } } }));
  await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: id }));
};
module.exports.load = (id) => db.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: id } } }));
"#,
            ),
        ],
    ),
    (
        "the call in a function that is handed the command",
        &[(
            "src/app.js",
            r#"const { DynamoDBClient, QueryCommand, GetItemCommand } = require("@aws-sdk/client-dynamodb");
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const run = (client, command) => client.send(command);
exports.handler = async (event) => {
  const db = new DynamoDBClient({});
  await run(db, new QueryCommand({ TableName: process.env.TABLE, ExclusiveStartKey: { id: { S: event.id } } }));
  await run(new S3Client({}), new PutObjectCommand({ Bucket: process.env.BUCKET, Key: event.id }));
  return run(db, new GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: event.id } } }));
};
"#,
        )],
    ),
    (
        "clients as attributes of a class",
        &[(
            "src/app.js",
            r#"const { DynamoDBClient, QueryCommand, GetItemCommand } = require("@aws-sdk/client-dynamodb");
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
class Store {
  constructor() {
    this.db = new DynamoDBClient({});
    this.s3 = new S3Client({});
  }
  async save(id) {
    await this.db.send(new QueryCommand({ TableName: process.env.TABLE, ExclusiveStartKey: { id: { S: id } } }));
    await this.s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: id }));
  }
  load(id) {
    return this.db.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: id } } }));
  }
}
const store = new Store();
exports.handler = async (event) => {
  await store.save(event.id);
  return store.load(event.id);
};
"#,
        )],
    ),
];

const GO: &[Way<'_>] = &[
    (
        "as it was written first",
        &[(
            "src/main.go",
            r#"package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

var cfg, _ = config.LoadDefaultConfig(context.Background())
var db = dynamodb.NewFromConfig(cfg)
var bucket = s3.NewFromConfig(cfg)

func save(ctx context.Context, id string) {
	db.Query(ctx, &dynamodb.QueryInput{TableName: aws.String(os.Getenv("TABLE"))})
	bucket.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(os.Getenv("BUCKET")), Key: &id})
}

func handler(ctx context.Context, event struct{ ID string }) error {
	save(ctx, event.ID)
	_, err := db.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(os.Getenv("TABLE"))})
	return err
}

func main() { lambda.Start(handler) }
"#,
        )],
    ),
    (
        "a helper moved to another file of the package, clients made by init",
        &[
            (
                "src/main.go",
                r#"package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

func handler(ctx context.Context, event struct{ ID string }) error {
	save(ctx, event.ID)
	_, err := db.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(os.Getenv("TABLE"))})
	return err
}

func main() { lambda.Start(handler) }
"#,
            ),
            (
                "src/stores.go",
                r#"package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

var (
	db     *ddb.Client
	bucket *s3.Client
)

func init() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	db, bucket = ddb.NewFromConfig(cfg), s3.NewFromConfig(cfg)
}

func save(ctx context.Context, id string) {
	db.Query(ctx, &ddb.QueryInput{TableName: aws.String(os.Getenv("TABLE"))})
	bucket.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(os.Getenv("BUCKET")), Key: &id})
}
"#,
            ),
        ],
    ),
    (
        "clients in fields of a struct of another package, behind an interface",
        &[
            ("src/go.mod", "module example.test/shop\n"),
            (
                "src/main.go",
                r#"package main

import (
	"context"

	"example.test/shop/stores"
	"github.com/aws/aws-lambda-go/lambda"
)

type keeper interface {
	save(ctx context.Context, id string)
	Load(ctx context.Context, id string) error
}

type wrapped struct{ *stores.Stores }

func (w wrapped) save(ctx context.Context, id string) { w.Keep(ctx, id) }

type app struct{ keeper keeper }

func (a app) handle(ctx context.Context, event struct{ ID string }) error {
	a.keeper.save(ctx, event.ID)
	return a.keeper.Load(ctx, event.ID)
}

func main() {
	a := app{keeper: wrapped{stores.New()}}
	lambda.Start(a.handle)
}
"#,
            ),
            (
                "src/stores/stores.go",
                r#"package stores

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

type Stores struct {
	db     *dynamodb.Client
	bucket *s3.Client
	table  string
}

func New() *Stores {
	cfg, _ := config.LoadDefaultConfig(context.Background())
	stores := &Stores{table: os.Getenv("TABLE")}
	stores.db = dynamodb.NewFromConfig(cfg)
	stores.bucket = s3.NewFromConfig(cfg)
	return stores
}
"#,
            ),
            (
                "src/stores/calls.go",
                r#"package stores

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func (s *Stores) Keep(ctx context.Context, id string) {
	s.db.Query(ctx, &dynamodb.QueryInput{TableName: &s.table})
	s.bucket.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(os.Getenv("BUCKET")), Key: &id})
}

func (s *Stores) Load(ctx context.Context, id string) error {
	_, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.table})
	return err
}

func (s *Stores) Clear(ctx context.Context) {
	s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.table})
}
"#,
            ),
        ],
    ),
    (
        "each call wrapped in a function that is handed the client, version 1 of the SDK",
        &[(
            "src/main.go",
            r#"package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/dynamodb"
	"github.com/aws/aws-sdk-go/service/dynamodb/dynamodbiface"
	"github.com/aws/aws-sdk-go/service/s3"
)

func retried(try func() error) error {
	if err := try(); err != nil {
		return try()
	}
	return nil
}

func query(db dynamodbiface.DynamoDBAPI) error {
	return db.QueryPages(&dynamodb.QueryInput{TableName: aws.String(os.Getenv("TABLE"))}, nil)
}

func save(db dynamodbiface.DynamoDBAPI, bucket *s3.S3, id string) error {
	retried(func() error { return query(db) })
	_, err := bucket.PutObject(&s3.PutObjectInput{Bucket: aws.String(os.Getenv("BUCKET")), Key: &id})
	return err
}

func main() {
	sess := session.Must(session.NewSession())
	db := dynamodb.New(sess)
	lambda.Start(func(event struct{ ID string }) error {
		save(db, s3.New(sess), event.ID)
		_, err := db.GetItem(&dynamodb.GetItemInput{TableName: aws.String(os.Getenv("TABLE"))})
		return err
	})
}
"#,
        )],
    ),
];

const JAVA: &[Way<'_>] = &[
    (
        "as it was written first",
        &[(
            "src/src/main/java/app.java",
            r#"import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.s3.S3Client;

public class app {
  private final DynamoDbClient db = DynamoDbClient.create();
  private final S3Client s3 = S3Client.create();

  private void save(String id) {
    db.query(q -> q.tableName(System.getenv("TABLE")));
    s3.putObject(p -> p.bucket(System.getenv("BUCKET")).key(id), null);
  }

  public Object handler(java.util.Map<String, String> event) {
    save(event.get("id"));
    return db.getItem(GetItemRequest.builder().tableName(System.getenv("TABLE")).build());
  }
}
"#,
        )],
    ),
    (
        "clients in fields of another class behind an interface, handed to its constructor",
        &[
            (
                "src/src/main/java/app.java",
                r#"import stores.*;

public class app {
  private final Stores stores;

  public app() {
    this.stores = Tables.connect();
  }

  public Object handler(java.util.Map<String, String> event) {
    stores.save(event.get("id"));
    return stores.load();
  }
}
"#,
            ),
            (
                "src/src/main/java/stores/Stores.java",
                "package stores;\n\npublic interface Stores {\n  void save(String id);\n\n  Object load();\n}\n",
            ),
            (
                "src/src/main/java/stores/Tables.java",
                r#"package stores;

import com.amazonaws.services.dynamodbv2.AmazonDynamoDB;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDBClientBuilder;
import com.amazonaws.services.dynamodbv2.model.*;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;

public class Tables extends Base implements Stores {
  private Tables(AmazonDynamoDB db, AmazonS3 s3) {
    super(db);
    this.s3 = s3;
  }

  private final AmazonS3 s3;

  public static Stores connect() {
    return new Tables(AmazonDynamoDBClientBuilder.defaultClient(), AmazonS3ClientBuilder.standard().build());
  }

  @Override
  public void save(String id) {
    db.query(new QueryRequest().withTableName(System.getenv("TABLE")));
    s3.putObject(System.getenv("BUCKET"), id, "");
  }

  @Override
  public Object load() {
    return retried(() -> db.getItem(new GetItemRequest().withTableName(System.getenv("TABLE"))));
  }

  public void clear() {
    db.deleteItem(new DeleteItemRequest().withTableName(System.getenv("TABLE")));
  }
}
"#,
            ),
            (
                "src/src/main/java/stores/Base.java",
                r#"package stores;

import com.amazonaws.services.dynamodbv2.AmazonDynamoDB;
import java.util.function.Supplier;

abstract class Base {
  protected final AmazonDynamoDB db;

  Base(AmazonDynamoDB db) {
    this.db = db;
  }

  protected Object retried(Supplier<Object> call) {
    return call.get();
  }
}
"#,
            ),
        ],
    ),
];

const RUST: &[Way<'_>] = &[
    (
        "as it was written first",
        &[
            ("src/Cargo.toml", "[package]\nname = \"shop\"\n"),
            (
                "src/src/main.rs",
                r#"use aws_sdk_dynamodb::Client;
use lambda_runtime::{run, service_fn, Error, LambdaEvent};
use serde_json::Value;

async fn save(db: &Client, s3: &aws_sdk_s3::Client, id: &str) -> Result<(), Error> {
    db.query().table_name(std::env::var("TABLE")?).send().await?;
    s3.put_object().bucket(std::env::var("BUCKET")?).key(id).send().await?;
    Ok(())
}

async fn handler(db: &Client, s3: &aws_sdk_s3::Client, event: LambdaEvent<Value>) -> Result<Value, Error> {
    save(db, s3, "a").await?;
    db.get_item().table_name(std::env::var("TABLE")?).send().await?;
    Ok(event.payload["id"].clone())
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let config = aws_config::load_from_env().await;
    let (db, s3) = (Client::new(&config), aws_sdk_s3::Client::new(&config));
    run(service_fn(|event| handler(&db, &s3, event))).await
}
"#,
            ),
        ],
    ),
    (
        "clients in fields of a struct in another file",
        &[
            ("src/Cargo.toml", "[package]\nname = \"shop\"\n"),
            (
                "src/src/main.rs",
                r#"mod stores;
use lambda_runtime::{run, service_fn, Error, LambdaEvent};
use serde_json::Value;
use stores::Stores;

async fn handler(stores: &Stores, _event: LambdaEvent<Value>) -> Result<Value, Error> {
    stores.save("a").await?;
    stores.load().await
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let stores = Stores::new(&aws_config::load_from_env().await);
    run(service_fn(|event| handler(&stores, event))).await
}
"#,
            ),
            (
                "src/src/stores.rs",
                r#"use lambda_runtime::Error;
use serde_json::Value;

pub struct Stores {
    db: aws_sdk_dynamodb::Client,
    s3: aws_sdk_s3::Client,
}

impl Stores {
    pub fn new(config: &aws_config::SdkConfig) -> Self {
        Self { db: aws_sdk_dynamodb::Client::new(config), s3: aws_sdk_s3::Client::new(config) }
    }

    pub async fn save(&self, id: &str) -> Result<(), Error> {
        self.db.query().table_name(std::env::var("TABLE")?).send().await?;
        self.s3.put_object().bucket(std::env::var("BUCKET")?).key(id).send().await?;
        Ok(())
    }

    pub async fn load(&self) -> Result<Value, Error> {
        self.db.get_item().table_name(std::env::var("TABLE")?).send().await?;
        Ok(Value::Null)
    }
}
"#,
            ),
        ],
    ),
];

const TYPESCRIPT: &[Way<'_>] = &[
    (
        "as it was written first",
        &[(
            "src/app.ts",
            r#"import { DynamoDBClient, QueryCommand, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { S3Client, PutObjectCommand } from "@aws-sdk/client-s3";
const db: DynamoDBClient = new DynamoDBClient({});
const s3 = new S3Client({});
async function save(id: string): Promise<void> {
  await db.send(new QueryCommand({ TableName: process.env.TABLE!, ExclusiveStartKey: { id: { S: id } } }));
  await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET!, Key: id }));
}
export const handler = async (event: { id: string }) => {
  await save(event.id);
  return db.send(new GetItemCommand({ TableName: process.env.TABLE!, Key: { id: { S: event.id } } }));
};
"#,
        )],
    ),
    (
        "clients as typed attributes of a class in another file",
        &[
            (
                "src/app.ts",
                r#"import { Stores } from "./stores";
const stores = new Stores();
export const handler = async (event: { id: string }) => {
  await stores.save(event.id);
  return stores.load(event.id);
};
"#,
            ),
            (
                "src/stores.ts",
                r#"import { DynamoDBClient, QueryCommand, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { S3Client, PutObjectCommand } from "@aws-sdk/client-s3";
export class Stores {
  private readonly db: DynamoDBClient = new DynamoDBClient({});
  private s3?: S3Client;
  async save(id: string): Promise<void> {
    this.s3 = this.s3 ?? new S3Client({});
    await this.db.send(new QueryCommand({ TableName: process.env.TABLE!, ExclusiveStartKey: { id: { S: id } } }));
    await this.s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET!, Key: id }));
  }
  load(id: string) {
    return this.db.send(new GetItemCommand({ TableName: process.env.TABLE!, Key: { id: { S: id } } }));
  }
}
"#,
            ),
        ],
    ),
];

#[test]
fn however_python_is_written_its_needs_are_the_same() {
    same("python3.13", PYTHON);
}

#[test]
fn however_javascript_is_written_its_needs_are_the_same() {
    same("nodejs22.x", JAVASCRIPT);
}

#[test]
fn however_typescript_is_written_its_needs_are_the_same() {
    same("nodejs22.x", TYPESCRIPT);
}

#[test]
fn however_rust_is_written_its_needs_are_the_same() {
    same("provided.al2023", RUST);
}

#[test]
fn however_java_is_written_its_needs_are_the_same() {
    same("java21", JAVA);
}

#[test]
fn however_go_is_written_its_needs_are_the_same() {
    same("provided.al2023", GO);
}

/// The findings about rights are those of the first way in every other, line apart.
fn same(runtime: &str, ways: &[Way<'_>]) {
    let mut faults = Vec::new();
    let first = told(runtime, ways[0].1);
    for rule in ["XL001", "XL002", "LP027"] {
        assert!(first.iter().any(|line| line.starts_with(rule)), "no {rule}: {first:#?}");
    }
    for (what, files) in ways {
        let renamed: Vec<_> =
            files.iter().map(|(path, text)| (*path, text.replace("save", "keep_for_later"))).collect();
        let renamed: Vec<_> = renamed.iter().map(|(path, text)| (*path, text.as_str())).collect();
        for (how, files) in [("", *files), (", its helper renamed", &renamed)] {
            let other = told(runtime, files);
            if other != first {
                faults.push(format!("{what}{how}: {other:#?}"));
            }
        }
    }
    assert!(faults.is_empty(), "first {first:#?}\n{}", faults.join("\n"));
}

fn told(runtime: &str, files: &[(&str, &str)]) -> Vec<String> {
    let handler = if runtime.starts_with("java") { "app::handler" } else { "app.handler" };
    let template = format!(
        r"Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
  Receipts:
    Type: AWS::S3::Bucket
  Place:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: {runtime}
      Handler: {handler}
      CodeUri: src/
      Environment:
        Variables:
          TABLE: !Ref Orders
          BUCKET: !Ref Receipts
      Policies:
        - DynamoDBCrudPolicy:
            TableName: !Ref Orders
        - Statement:
            - Effect: Allow
              Action: sqs:PurgeQueue
              Resource: arn:aws:sqs:eu-central-1:111122223333:jobs
"
    );
    let mut all = vec![("template.yaml".to_owned(), template)];
    all.extend(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let (_, outcome) = scan(&all);
    assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
    let of_rights = outcome.findings.iter().filter(|finding| matches!(&*finding.rule, "XL001" | "XL002" | "LP027"));
    let known = of_rights.filter(|finding| finding.status != Status::Unknown);
    let line = |finding: &leastwise::finding::Finding| {
        format!("{} {:?} {:?} {}", finding.rule, finding.status, finding.confidence, finding.message)
    };
    let mut lines: Vec<String> = known.map(line).collect();
    lines.sort();
    lines
}
