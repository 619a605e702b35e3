//! JavaScript and TypeScript.

use super::check;

#[track_caller]
fn js(source: &str, expected: &[&str]) {
    check(&[("app.js", source)], expected);
}

#[track_caller]
fn ts(source: &str, expected: &[&str]) {
    check(&[("app.ts", source)], expected);
}

#[test]
fn version_3_commands_clients_and_helpers() {
    ts(
        "import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({ region: 'eu-west-1' });\nawait s3.send(new PutObjectCommand({ Bucket: process.env.B, Key: `in/${x}`, Body: 'b' }));\n",
        &["2 client s3 in eu-west-1", "3 s3:PutObject Bucket=$B Key=in/*"],
    );
    js(
        "const { S3 } = require('@aws-sdk/client-s3');\nconst s3 = new S3({});\nawait s3.getObject({ Bucket: 'b', Key: 'k' });\n",
        &["3 s3:GetObject Bucket=b Key=k"],
    );
    ts(
        "import * as ddb from '@aws-sdk/client-dynamodb';\nimport { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';\nconst doc = DynamoDBDocumentClient.from(new ddb.DynamoDBClient({}));\nconst params = { TableName: process.env['T']!, Item: {} };\nawait doc.send(new PutCommand(params));\nawait doc.send(new QueryCommand({ TableName: 'U' }));\nfor await (const p of ddb.paginateScan({ client: doc }, { TableName: 'V' })) {}\n",
        &[
            "5 dynamodb:PutItem TableName=$T",
            "6 dynamodb:Query TableName=U Unfiltered=",
            "7 dynamodb:Scan TableName=V Unfiltered=",
        ],
    );
    js(
        "import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';\nimport { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';\nnew SFNClient().send(new StartExecutionCommand({ stateMachineArn: 'arn:x' }));\nnew EventBridgeClient().send(new PutEventsCommand({ Entries: [{ EventBusName: 'bus' }] }));\n",
        &["3 stepfunctions:StartExecution stateMachineArn=arn:x", "4 events:PutEvents EventBusName=bus"],
    );
    js(
        "import { Upload } from '@aws-sdk/lib-storage';\nnew Upload({ client, params: { Bucket: 'b', Key: 'k' } });\n",
        &[
            "2 s3:PutObject Bucket=b Key=k",
            "2 s3:CreateMultipartUpload Bucket=b Key=k",
            "2 s3:UploadPart Bucket=b Key=k",
            "2 s3:CompleteMultipartUpload Bucket=b Key=k",
            "2 s3:AbortMultipartUpload? Bucket=b Key=k",
        ],
    );
}

#[test]
fn version_2_clients_and_document_client() {
    js(
        "const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nconst d = new AWS.DynamoDB.DocumentClient({ region: 'us-east-1' });\nexports.handler = async (event) => {\n  const p = { TableName: process.env.T };\n  await d.put(p).promise();\n  await s3.listObjectsV2({ Bucket: 'b' }).promise();\n  s3.getSignedUrl('getObject', { Bucket: 'b', Key: 'k' });\n};\n",
        &[
            "2 client s3",
            "3 client dynamodb in us-east-1",
            "6 dynamodb:PutItem TableName=$T",
            "7 s3:ListObjectsV2 Bucket=b",
            "8 s3:GetObject Bucket=b Key=k",
        ],
    );
    js(
        "import SQS from 'aws-sdk/clients/sqs';\nconst x = require('aws-xray-sdk');\nconst AWS = x.captureAWS(require('aws-sdk'));\nnew SQS().sendMessage({ QueueUrl: 'q' });\nnew AWS.SNS().publish({ TopicArn: 't' });\n",
        &["4 sqs:SendMessage QueueUrl=q", "5 sns:Publish TopicArn=t"],
    );
}

#[test]
fn classes_parameters_and_types_are_followed() {
    ts(
        "import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';\nimport { SQSClient } from '@aws-sdk/client-sqs';\nclass Repo {\n  constructor(private readonly db: DynamoDBDocument, private t: string) {}\n  save() { return this.db.put({ TableName: this.t }); }\n}\nnew Repo(x, 'T').save();\nfunction go(c: SQSClient) { c.frob(); }\n",
        &["5 dynamodb:PutItem TableName=T"],
    );
    js(
        "const { SSM } = require('@aws-sdk/client-ssm');\nlet ssm;\nconst init = () => { ssm = new SSM(); };\nconst read = async ({ name }) => ssm.getParameter({ Name: name });\nread({ name: '/a' });\n",
        &["4 ssm:GetParameter Name=/a"],
    );
}

#[test]
fn clients_are_followed_across_modules() {
    check(
        &[
            (
                "app.ts",
                "import { db } from './lib/db';\nimport store from './lib/store.js';\nimport * as all from './lib';\nawait db.get({ TableName: 'T' });\nstore(db);\nall.db.scan({ TableName: 'S' });\n",
            ),
            (
                "lib/db.ts",
                "import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';\nexport const db = DynamoDBDocument.from(c);\n",
            ),
            ("lib/store.ts", "export default function store(c) { c.delete({ TableName: 'D' }); }\n"),
            ("lib/index.ts", "export * from './db';\n"),
        ],
        &["4 dynamodb:GetItem TableName=T", "6 dynamodb:Scan TableName=S Unfiltered="],
    );
    check(
        &[
            (
                "lib.js",
                "class A { constructor(c) { this.c = c; }\n go() { this.c.listBuckets(); } }\nmodule.exports = A;\n",
            ),
            ("app.js", "const A = require('./lib');\nconst { S3 } = require('aws-sdk');\nnew A(new S3()).go();\n"),
        ],
        &["2 s3:ListBuckets"],
    );
}

#[test]
fn what_is_no_client_gives_nothing() {
    js("new Map().get('x');\ncache.put({ TableName: 'x' });\nfoo.query();\nclient.send(cmd);\n", &[]);
    js("import { Missing } from './gone';\n", &["1 opaque: module ./gone is not in the repository"]);
}

#[test]
fn requests_and_their_urls() {
    js(
        "import axios from 'axios';\nimport https from 'https';\nconst BASE = 'http://a.example';\nfetch(`${BASE}/x`);\naxios.get('https://b');\naxios({ url: 'http://c' });\nhttps.request({ hostname: 'd', path: '/' });\nhttps.get('https://e');\ncache.get('http://f');\n",
        &["4 http http://a.example/x", "5 http https://b", "6 http http://c", "7 http https://d", "8 http https://e"],
    );
}

#[test]
fn switched_off_certificate_checks() {
    js(
        "const https = require('https');\nconst agent = new https.Agent({ rejectUnauthorized: false });\nprocess.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\nprocess.env['NODE_TLS_REJECT_UNAUTHORIZED'] = 0;\nconst a = { rejectUnauthorized: true };\n",
        &[
            "2 tls rejectUnauthorized: false",
            "3 tls NODE_TLS_REJECT_UNAUTHORIZED = '0'",
            "4 tls NODE_TLS_REJECT_UNAUTHORIZED = 0",
        ],
    );
}

#[test]
fn the_whole_event_in_a_log() {
    js(
        "exports.handler = async (event) => {\n  console.log('got', JSON.stringify(event, null, 2));\n  console.log(`${JSON.stringify(event)}`);\n  console.log({ event });\n  console.log(event.body, event['x']);\n  await go(event);\n};\nconst go = async (e) => { console.info(e); };\n",
        &["2 logs event", "3 logs event", "4 logs event", "8 logs e"],
    );
    ts(
        "import middy from '@middy/core';\nimport { Logger } from '@aws-lambda-powertools/logger';\nconst logger = new Logger();\nconst base = async (event: X, context: Y): Promise<Z> => {\n  logger.info('x', { event });\n};\nexport const handler = middy(base).use(injectLambdaContext(logger, { logEvent: true }));\n",
        &["5 logs event", "7 logs event"],
    );
}

#[test]
fn credentials_in_literals() {
    js(
        "const apiKey = '9f8b7c6d5e4f3a2b1c0d';\nconnect({ password: 'hunter22!', user: 'x' });\nconst k = process.env.KEY || 'x';\n",
        &["1 credential API key apiKey", "2 credential password password"],
    );
}

/// Each state is made from the one before twice: followed without remembering, that is 2^60 ways.
#[test]
fn literals_spread_into_each_other_are_followed_once() {
    let mut source = String::from("import { S3 } from '@aws-sdk/client-s3';\nconst s0 = { client: new S3({}) };\n");
    for state in 1..40 {
        source.push_str(&format!("const s{state} = {{ ...s{before}, ...s{before}, a: 1 }};\n", before = state - 1));
    }
    source.push_str("s39.client.getObject({ Bucket: 'b' });\n");
    js(&source, &["42 s3:GetObject Bucket=b"]);
    let around = "const f = (s) => ({ ...s, ...f(s), x: f({ ...s }) });\nfetch(f({ url: 'http://a' }).url);\n";
    js(around, &["2 http http://a"]);
}

#[test]
fn containers_give_objects_and_call_none_of_their_methods() {
    use super::projects::{reached, scan};
    let service = "import { injectable } from 'tsyringe';\nimport { SQS } from '@aws-sdk/client-sqs';\n@injectable()\nexport class Queue {\n  private sqs = new SQS();\n  send() { return this.sqs.sendMessage({ QueueUrl: 'q' }); }\n  purge() { return this.sqs.purgeQueue({ QueueUrl: 'q' }); }\n}\n@injectable()\nexport class Service {\n  constructor(private queue: Queue) {}\n  go() { return this.queue.send(); }\n  stop() { return this.queue.purge(); }\n}\n";
    for (get, from) in [
        ("container.resolve(Service)", "import { container } from 'tsyringe';"),
        ("Container.get(Service)", "import { Container } from 'typedi';"),
        ("box.get(Service)", "import { Container } from 'inversify';\nconst box = new Container();"),
        (
            "(await app).get(Service)",
            "import { NestFactory } from '@nestjs/core';\nconst app = NestFactory.createApplicationContext(null);",
        ),
    ] {
        let app = format!(
            "{from}\nimport {{ Service }} from './service';\nexport const handler = async () => {{ const s = {get}; return s.go(); }};\n"
        );
        let package = "{\"dependencies\": {\"tsyringe\": \"4\", \"typedi\": \"0.10\", \"inversify\": \"6\", \"@nestjs/core\": \"11\"}}";
        let files = [("app.ts", &*app), ("service.ts", service), ("package.json", package)];
        let code = scan(&files, &[("F", "nodejs22.x", "app.handler", "")]);
        assert_eq!(reached(&code, "F").2, ["sqs:SendMessage QueueUrl=q"], "{app}");
    }
}
