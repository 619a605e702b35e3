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

#[test]
fn however_python_is_written_its_needs_are_the_same() {
    same("python3.13", PYTHON);
}

#[test]
fn however_javascript_is_written_its_needs_are_the_same() {
    same("nodejs22.x", JAVASCRIPT);
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
      Handler: app.handler
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
