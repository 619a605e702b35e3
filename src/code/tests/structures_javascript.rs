//! Typical ways to structure functions in JavaScript: what each reaches, and nothing else.

use super::projects::{reached, scan};
use std::collections::BTreeSet;

/// Files, the handler with its folder, and the operations that it reaches.
type Case<'a> = (&'a [(&'a str, &'a str)], (&'a str, &'a str), &'a [&'a str]);

#[track_caller]
fn check(cases: &[Case<'_>]) {
    for (files, (folder, handler), expected) in cases {
        let code = scan(files, &[("F", "nodejs22.x", handler, folder)]);
        let calls = reached(&code, "F").2;
        let operations: BTreeSet<&str> = calls.iter().filter_map(|call| call.split(' ').next()).collect();
        let operations: Vec<&str> = operations.into_iter().filter(|one| one.contains(':')).collect();
        assert_eq!(operations, *expected, "{}", files[0].1);
    }
}

/// Classes, functions with prototypes, literals with `this`, closures.
#[test]
fn objects_are_followed_in_every_spelling() {
    check(&[
        // class inheritance
        (
            &[
                (
                    "a.js",
                    "const { Users } = require('./users');\nconst users = new Users();\nexports.handler = async (e) => users.find(e.id);\n",
                ),
                (
                    "base.js",
                    "class Base {\n  constructor(client, table) { this.client = client; this.table = table; }\n  find(id) { return this.client.get({ TableName: this.table, Key: { id } }).promise(); }\n  drop(id) { return this.client.delete({ TableName: this.table, Key: { id } }).promise(); }\n}\nmodule.exports = { Base };\n",
                ),
                (
                    "users.js",
                    "const AWS = require('aws-sdk');\nconst { Base } = require('./base');\nclass Users extends Base {\n  constructor() { super(new AWS.DynamoDB.DocumentClient(), process.env.USERS); }\n}\nmodule.exports = { Users };\n",
                ),
            ],
            ("", "a.handler"),
            &["dynamodb:GetItem"],
        ),
        // this in object literal
        (
            &[
                ("a.js", "const repo = require('./repo');\nexports.handler = async (e) => repo.save(e);\n"),
                (
                    "repo.js",
                    "const AWS = require('aws-sdk');\nconst repo = {\n  client: null,\n  init() { this.client = new AWS.S3(); return this; },\n  save(x) { return this.write(x); },\n  write(x) { this.init(); return this.client.putObject({ Bucket: 'b', Key: 'k' }).promise(); },\n  drop(x) { return this.client.deleteObject({ Bucket: 'b', Key: 'k' }).promise(); },\n};\nmodule.exports = repo;\n",
                ),
            ],
            ("", "a.handler"),
            &["s3:PutObject"],
        ),
        // prototype inherits
        (
            &[
                (
                    "a.js",
                    "const Store = require('./store');\nconst store = new Store(new (require('aws-sdk')).DynamoDB.DocumentClient());\nexports.handler = (e, c, cb) => store.list(cb);\n",
                ),
                (
                    "store.js",
                    "const util = require('util');\nfunction Base(db) { this.db = db; }\nBase.prototype.scan = function (p, cb) { return this.db.scan(p, cb); };\nfunction Store(db) { Base.call(this, db); }\nutil.inherits(Store, Base);\nStore.prototype.list = function (cb) { this.scan({ TableName: 't' }, cb); };\nStore.prototype.remove = function (cb) { this.db.delete({ TableName: 't' }, cb); };\nmodule.exports = Store;\n",
                ),
            ],
            ("", "a.handler"),
            &["dynamodb:Scan"],
        ),
        // closures factory deps
        (
            &[
                (
                    "a.js",
                    "const makeRepo = require('./repo');\nconst { S3Client } = require('@aws-sdk/client-s3');\nconst repo = makeRepo({ client: new S3Client({}), bucket: process.env.B });\nexports.handler = async (e) => repo.put(e.k);\n",
                ),
                (
                    "repo.js",
                    "const { PutObjectCommand, GetObjectCommand } = require('@aws-sdk/client-s3');\nmodule.exports = ({ client, bucket }) => ({\n  put: (k) => client.send(new PutObjectCommand({ Bucket: bucket, Key: k })),\n  get: (k) => client.send(new GetObjectCommand({ Bucket: bucket, Key: k })),\n});\n",
                ),
            ],
            ("", "a.handler"),
            &["s3:PutObject"],
        ),
        // singleton static getInstance
        (
            &[
                ("a.js", "const Db = require('./db');\nexports.handler = async (e) => Db.getInstance().fetch(e.id);\n"),
                (
                    "db.js",
                    "const { DynamoDBClient, GetItemCommand, PutItemCommand } = require('@aws-sdk/client-dynamodb');\nclass Db {\n  static instance;\n  static getInstance() { if (!Db.instance) { Db.instance = new Db(); } return Db.instance; }\n  constructor() { this.client = new DynamoDBClient({}); }\n  async fetch(id) { return this.client.send(new GetItemCommand({ TableName: 't', Key: {} })); }\n  async store(id) { return this.client.send(new PutItemCommand({ TableName: 't', Item: {} })); }\n}\nmodule.exports = Db;\n",
                ),
            ],
            ("", "a.handler"),
            &["dynamodb:GetItem"],
        ),
        // object assign mixins
        (
            &[
                (
                    "a.js",
                    "const read = require('./read');\nconst write = require('./write');\nconst api = Object.assign({}, read, write);\nexports.handler = async () => api.put('x');\n",
                ),
                (
                    "read.js",
                    "const { S3 } = require('@aws-sdk/client-s3');\nexports.get = (k) => new S3({}).getObject({ Bucket: 'b', Key: k });\n",
                ),
                (
                    "write.js",
                    "const { S3 } = require('@aws-sdk/client-s3');\nexports.put = (k) => new S3({}).putObject({ Bucket: 'b', Key: k });\n",
                ),
            ],
            ("", "a.handler"),
            &["s3:PutObject"],
        ),
        // spread reexport barrel
        (
            &[
                (
                    "a.js",
                    "import { services } from './services/index.js';\nexport const handler = async () => services.users.find('x');\n",
                ),
                (
                    "services/index.js",
                    "import * as users from './users.js';\nimport * as orders from './orders.js';\nexport const services = { users, orders };\n",
                ),
                (
                    "services/users.js",
                    "import { DynamoDB } from '@aws-sdk/client-dynamodb';\nconst db = new DynamoDB({});\nexport const find = (id) => db.getItem({ TableName: 't', Key: {} });\nexport const drop = (id) => db.deleteItem({ TableName: 't', Key: {} });\n",
                ),
                (
                    "services/orders.js",
                    "import { SQS } from '@aws-sdk/client-sqs';\nexport const send = () => new SQS({}).sendMessage({ QueueUrl: 'q' });\n",
                ),
            ],
            ("", "a.handler"),
            &["dynamodb:GetItem"],
        ),
        // event emitter
        (
            &[(
                "a.js",
                "const EventEmitter = require('events');\nconst AWS = require('aws-sdk');\nclass Job extends EventEmitter {\n  constructor() { super(); this.sqs = new AWS.SQS(); this.on('done', (m) => this.ack(m)); }\n  ack(m) { return this.sqs.deleteMessage({ QueueUrl: 'q', ReceiptHandle: m }).promise(); }\n}\nexports.handler = async (e) => { const job = new Job(); job.emit('done', e.m); };\n",
            )],
            ("", "a.handler"),
            &["sqs:DeleteMessage"],
        ),
        // ts-like destructured params default
        (
            &[(
                "a.js",
                "const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');\nconst defaults = { sns: new SNSClient({}) };\nconst createHandler = ({ sns } = defaults) => async (event) => sns.send(new PublishCommand({ TopicArn: 't' }));\nmodule.exports.handler = createHandler();\n",
            )],
            ("", "a.handler"),
            &["sns:Publish"],
        ),
    ]);
}

/// A helper that calls what it is told does that for whoever tells it.
#[test]
fn functions_do_what_their_callers_say() {
    check(&[
        // dynamo lib call(action)
        (
            &[
                (
                    "create.js",
                    "import * as dynamoDbLib from \"./libs/dynamodb-lib\";\nexport async function main(event) {\n  await dynamoDbLib.call(\"put\", { TableName: process.env.T, Item: {} });\n}\n",
                ),
                (
                    "get.js",
                    "import * as dynamoDbLib from \"./libs/dynamodb-lib\";\nexport async function main(event) {\n  await dynamoDbLib.call(\"get\", { TableName: process.env.T, Key: {} });\n  await dynamoDbLib.call(\"query\", { TableName: process.env.T });\n}\n",
                ),
                (
                    "libs/dynamodb-lib.js",
                    "import AWS from \"aws-sdk\";\nexport function call(action, params) {\n  const dynamoDb = new AWS.DynamoDB.DocumentClient();\n  return dynamoDb[action](params).promise();\n}\n",
                ),
            ],
            ("", "create.main"),
            &["dynamodb:PutItem"],
        ),
        // send command class param
        (
            &[
                (
                    "a.js",
                    "const { run } = require('./aws');\nconst { GetItemCommand } = require('@aws-sdk/client-dynamodb');\nexports.handler = async (e) => run(GetItemCommand, { TableName: 't', Key: {} });\n",
                ),
                (
                    "b.js",
                    "const { run } = require('./aws');\nconst { DeleteItemCommand } = require('@aws-sdk/client-dynamodb');\nexports.handler = async (e) => run(DeleteItemCommand, { TableName: 't', Key: {} });\n",
                ),
                (
                    "aws.js",
                    "const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');\nconst client = new DynamoDBClient({});\nexports.run = (Command, params) => client.send(new Command(params));\n",
                ),
            ],
            ("", "a.handler"),
            &["dynamodb:GetItem"],
        ),
        // promisified methods
        (
            &[(
                "a.js",
                "const AWS = require('aws-sdk');\nconst { promisify } = require('util');\nconst s3 = new AWS.S3();\nconst getObject = promisify(s3.getObject).bind(s3);\nconst put = promisify(s3.putObject.bind(s3));\nexports.handler = async (e) => { await getObject({ Bucket: 'b', Key: 'k' }); await put({ Bucket: 'b', Key: 'k' }); };\n",
            )],
            ("", "a.handler"),
            &["s3:GetObject", "s3:PutObject"],
        ),
        // curried
        (
            &[(
                "a.js",
                "import * as R from 'ramda';\nimport { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';\nimport { DynamoDB } from '@aws-sdk/client-dynamodb';\nconst doc = DynamoDBDocument.from(new DynamoDB({}));\nconst query = R.curry(async (doc, table, q) => doc.query({ TableName: table, ...q }));\nexport const _handler = (doc, env) => async (event) => query(doc, env.TABLE, { IndexName: 'i' });\nexport const handler = _handler(doc, process.env);\n",
            )],
            ("", "a.handler"),
            &["dynamodb:Query"],
        ),
        // retry helper with thunks
        (
            &[
                (
                    "a.js",
                    "const { retry } = require('./retry');\nconst { KMS } = require('@aws-sdk/client-kms');\nconst kms = new KMS({});\nexports.handler = async (e) => retry(() => kms.decrypt({ CiphertextBlob: e.b }), 3);\n",
                ),
                (
                    "retry.js",
                    "const retry = async (fn, times) => { try { return await fn(); } catch (e) { return retry(fn, times - 1); } };\nmodule.exports = { retry };\n",
                ),
            ],
            ("", "a.handler"),
            &["kms:Decrypt"],
        ),
        // callback style async waterfall
        (
            &[(
                "a.js",
                "const async = require('async');\nconst AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nfunction download(next) { s3.getObject({ Bucket: 'b', Key: 'k' }, next); }\nfunction upload(data, next) { s3.putObject({ Bucket: 'b', Key: 'k' }, next); }\nexports.handler = (event, context, cb) => async.waterfall([download, upload], cb);\n",
            )],
            ("", "a.handler"),
            &["s3:GetObject", "s3:PutObject"],
        ),
        // switch with lambdas map
        (
            &[(
                "a.js",
                "const AWS = require('aws-sdk');\nconst sns = new AWS.SNS();\nconst handlers = {\n  a: async (e) => sns.publish({ TopicArn: 't' }).promise(),\n  b: async (e) => sns.createTopic({ Name: 't' }).promise(),\n};\nexports.handler = async (e) => { const h = handlers[e.type]; if (!h) throw new Error(); return h(e); };\n",
            )],
            ("", "a.handler"),
            &["sns:CreateTopic", "sns:Publish"],
        ),
        // map of handlers by Map
        (
            &[(
                "a.js",
                "const AWS = require('aws-sdk');\nconst sqs = new AWS.SQS();\nconst routes = new Map([['x', (e) => sqs.sendMessage({ QueueUrl: 'q' }).promise()]]);\nexports.handler = async (e) => routes.get(e.path)(e);\n",
            )],
            ("", "a.handler"),
            &["sqs:SendMessage"],
        ),
        // waiter and paginator v3
        (
            &[(
                "a.mjs",
                "import { ECSClient, paginateListTasks, waitUntilTasksRunning, RunTaskCommand } from '@aws-sdk/client-ecs';\nconst client = new ECSClient({});\nexport const handler = async () => {\n  for await (const page of paginateListTasks({ client }, { cluster: 'c' })) {}\n  await waitUntilTasksRunning({ client, maxWaitTime: 5 }, { cluster: 'c', tasks: [] });\n};\n",
            )],
            ("", "a.handler"),
            &["ecs:DescribeTasks", "ecs:ListTasks"],
        ),
    ]);
}

/// Files that are asked for by a part of their name, local dependencies, aliases, routes.
#[test]
fn modules_are_found_where_the_project_says() {
    check(&[
        // require by template
        (
            &[
                (
                    "index.js",
                    "exports.handler = async (event) => {\n  const action = require(`./actions/${event.action}`);\n  return action.run(event);\n};\n",
                ),
                (
                    "actions/start.js",
                    "const { EC2 } = require('@aws-sdk/client-ec2');\nexports.run = () => new EC2({}).startInstances({ InstanceIds: [] });\n",
                ),
                (
                    "actions/stop.js",
                    "const { EC2 } = require('@aws-sdk/client-ec2');\nexports.run = () => new EC2({}).stopInstances({ InstanceIds: [] });\n",
                ),
            ],
            ("", "index.handler"),
            &["ec2:StartInstances", "ec2:StopInstances"],
        ),
        // all beside by readdir
        (
            &[
                (
                    "index.js",
                    "const models = require('./models');\nexports.handler = async (event) => models.user.save(event);\n",
                ),
                (
                    "models/index.js",
                    "const fs = require('fs');\nconst path = require('path');\nconst out = {};\nfs.readdirSync(__dirname).filter((f) => f !== 'index.js').forEach((f) => { out[path.basename(f, '.js')] = require(path.join(__dirname, f)); });\nmodule.exports = out;\n",
                ),
                (
                    "models/user.js",
                    "const AWS = require('aws-sdk');\nconst db = new AWS.DynamoDB.DocumentClient();\nexports.save = (x) => db.put({ TableName: 'u', Item: x }).promise();\nexports.drop = (x) => db.delete({ TableName: 'u' }).promise();\n",
                ),
            ],
            ("", "index.handler"),
            &["dynamodb:PutItem"],
        ),
        // util file deps
        (
            &[
                (
                    "functions/a/index.js",
                    "const { save } = require('shared-db');\nexports.handler = async (e) => save(e);\n",
                ),
                ("functions/a/package.json", "{\"dependencies\": {\"shared-db\": \"file:../../libs/db\"}}\n"),
                ("libs/db/package.json", "{\"name\": \"@shop/db\", \"main\": \"lib/main.js\"}\n"),
                (
                    "libs/db/lib/main.js",
                    "const { S3 } = require('@aws-sdk/client-s3');\nconst s3 = new S3({});\nexports.save = (e) => s3.putObject({ Bucket: 'b', Key: 'k' });\n",
                ),
            ],
            ("functions/a", "index.handler"),
            &["s3:PutObject"],
        ),
        // module alias
        (
            &[
                (
                    "functions/a/index.js",
                    "require('module-alias/register');\nconst { save } = require('@libs/db');\nexports.handler = async (e) => save(e);\n",
                ),
                (
                    "package.json",
                    "{\"dependencies\": {\"module-alias\": \"2\"}, \"_moduleAliases\": {\"@libs\": \"libs\"}}\n",
                ),
                (
                    "libs/db.js",
                    "const { S3 } = require('@aws-sdk/client-s3');\nconst s3 = new S3({});\nexports.save = (e) => s3.putObject({ Bucket: 'b', Key: 'k' });\n",
                ),
            ],
            ("functions", "a/index.handler"),
            &["s3:PutObject"],
        ),
        // express app
        (
            &[
                (
                    "app.js",
                    "const express = require('express');\nconst serverless = require('serverless-http');\nconst users = require('./routes/users');\nconst app = express();\napp.use('/users', users);\nmodule.exports.handler = serverless(app);\n",
                ),
                (
                    "routes/users.js",
                    "const router = require('express').Router();\nconst ctrl = require('../controllers/users');\nrouter.get('/', ctrl.list);\nrouter.post('/', ctrl.create);\nmodule.exports = router;\n",
                ),
                (
                    "controllers/users.js",
                    "const { DynamoDBDocument } = require('@aws-sdk/lib-dynamodb');\nconst { DynamoDB } = require('@aws-sdk/client-dynamodb');\nconst doc = DynamoDBDocument.from(new DynamoDB({}));\nexports.list = async (req, res) => res.json(await doc.scan({ TableName: 't' }));\nexports.create = async (req, res) => res.json(await doc.put({ TableName: 't', Item: req.body }));\nexports.remove = async (req, res) => res.json(await doc.delete({ TableName: 't' }));\n",
                ),
            ],
            ("", "app.handler"),
            &["dynamodb:PutItem", "dynamodb:Scan"],
        ),
    ]);
}

/// Keys of a developer's machine, and roles that are assumed.
#[test]
fn credentials_say_whose_calls_they_are() {
    check(&[
        // local keys only offline
        (
            &[(
                "a.js",
                "const { DynamoDBClient, ScanCommand } = require('@aws-sdk/client-dynamodb');\nconst options = process.env.IS_OFFLINE ? { endpoint: 'http://localhost:8000', credentials: { accessKeyId: 'x', secretAccessKey: 'y' } } : {};\nconst client = new DynamoDBClient(options);\nexports.handler = async () => client.send(new ScanCommand({ TableName: 't' }));\n",
            )],
            ("", "a.handler"),
            &["dynamodb:Scan"],
        ),
        // assumed role client
        (
            &[(
                "a.js",
                "const AWS = require('aws-sdk');\nconst sts = new AWS.STS();\nexports.handler = async () => {\n  const { Credentials } = await sts.assumeRole({ RoleArn: 'r', RoleSessionName: 's' }).promise();\n  const ec2 = new AWS.EC2({ accessKeyId: Credentials.AccessKeyId, secretAccessKey: Credentials.SecretAccessKey, sessionToken: Credentials.SessionToken });\n  return ec2.describeInstances().promise();\n};\n",
            )],
            ("", "a.handler"),
            &["sts:AssumeRole"],
        ),
        // provider of a role as a parameter
        (
            &[(
                "a.js",
                "import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';\nimport { EC2 } from '@aws-sdk/client-ec2';\nconst wrap = (provide, role) => () => { const provider = provide({ params: { RoleArn: role } }); return provider().catch(() => null); };\nconst run = ({ EC2, credentials }) => async (event) => new EC2({ credentials: credentials(event.role) }).describeInstances({});\nexport const handler = run({ EC2, credentials: (role) => wrap(fromTemporaryCredentials, role) });\n",
            )],
            ("", "a.handler"),
            &["sts:AssumeRole"],
        ),
    ]);
}
