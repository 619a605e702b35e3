//! Typical ways to structure functions in Python: what each reaches, and nothing else.

use super::projects::{reached, scan};
use std::collections::BTreeSet;

/// Files, the handler with its folder, and the operations that it reaches.
type Case<'a> = (&'a [(&'a str, &'a str)], (&'a str, &'a str), &'a [&'a str]);

#[track_caller]
fn check(cases: &[Case<'_>]) {
    for (files, (folder, handler), expected) in cases {
        let code = scan(files, &[("F", "python3.13", handler, folder)]);
        let calls = reached(&code, "F").2;
        let operations: BTreeSet<&str> = calls.iter().filter_map(|call| call.split(' ').next()).collect();
        let operations: Vec<&str> = operations.into_iter().filter(|one| one.contains(':')).collect();
        assert_eq!(operations, *expected, "{}", files[0].1);
    }
}

/// What a class inherits, asks of its heirs, or is handed by a constructor above it.
#[test]
fn classes_above_and_below_are_followed() {
    check(&[
        // abstract base with table in heir
        (
            &[
                (
                    "src/app.py",
                    "from repos import Users\ndef handler(event, context):\n    repo = Users()\n    return repo.find(event['id'])\n",
                ),
                (
                    "src/repos.py",
                    "import os, boto3\nclass Base:\n    def find(self, id):\n        return self.table().get_item(Key={'id': id})\n    def save(self, item):\n        self.table().put_item(Item=item)\nclass Users(Base):\n    def table(self):\n        return boto3.resource('dynamodb').Table(os.environ['USERS'])\n",
                ),
            ],
            ("src", "app.handler"),
            &["dynamodb:GetItem"],
        ),
        // mixins and super init
        (
            &[(
                "src/app.py",
                "import boto3\nclass Aws:\n    def __init__(self, session):\n        self.s3 = session.client('s3')\nclass Reader(Aws):\n    def __init__(self, session, bucket):\n        super().__init__(session)\n        self.bucket = bucket\n    def read(self, key):\n        return self.s3.get_object(Bucket=self.bucket, Key=key)\n    def write(self, key):\n        return self.s3.put_object(Bucket=self.bucket, Key=key)\ndef handler(event, context):\n    return Reader(boto3.Session(), 'b').read('k')\n",
            )],
            ("src", "app.handler"),
            &["s3:GetObject"],
        ),
        // old style base init
        (
            &[(
                "src/app.py",
                "import boto3\nclass Aws(object):\n    def __init__(self, client):\n        self.client = client\nclass Reader(Aws):\n    def __init__(self, client):\n        Aws.__init__(self, client)\n    def read(self):\n        return self.client.get_parameter(Name='x')\ndef handler(event, context):\n    return Reader(boto3.client('ssm')).read()\n",
            )],
            ("src", "app.handler"),
            &["ssm:GetParameter"],
        ),
        // classmethod handler assigned
        (
            &[(
                "src/app.py",
                "import boto3\nclass App:\n    client = boto3.client('sqs')\n    @classmethod\n    def run(cls, event, context):\n        return cls().work(event)\n    def work(self, event):\n        return self.client.receive_message(QueueUrl='q')\nhandler = App.run\n",
            )],
            ("src", "app.handler"),
            &["sqs:ReceiveMessage"],
        ),
        // class handler instance call
        (
            &[(
                "src/app.py",
                "import boto3\nclass Handler:\n    def __init__(self, sns): self.sns = sns\n    def __call__(self, event, context):\n        return self.sns.publish(TopicArn='t', Message='m')\nhandler = Handler(boto3.client('sns'))\n",
            )],
            ("src", "app.handler"),
            &["sns:Publish"],
        ),
        // abstract client per provider
        (
            &[(
                "src/app.py",
                "from abc import ABC, abstractmethod\nimport boto3\nclass Notifier(ABC):\n    @abstractmethod\n    def client(self): ...\n    def notify(self, text):\n        self.client().publish(TopicArn='t', Message=text)\nclass Sns(Notifier):\n    def client(self): return boto3.client('sns')\ndef handler(event, context):\n    Sns().notify('x')\n",
            )],
            ("src", "app.handler"),
            &["sns:Publish"],
        ),
        // wrapper class with __getattr__
        (
            &[(
                "src/app.py",
                "import boto3\nclass Retrying:\n    def __init__(self, client): self._client = client\n    def __getattr__(self, name): return getattr(self._client, name)\nsqs = Retrying(boto3.client('sqs'))\ndef handler(event, context):\n    sqs.delete_message(QueueUrl='q', ReceiptHandle='r')\n",
            )],
            ("src", "app.handler"),
            &["sqs:DeleteMessage"],
        ),
        // namedtuple deps and property client
        (
            &[
                (
                    "src/app.py",
                    "from service import Service\ndef handler(event, context):\n    return Service().go()\n",
                ),
                (
                    "src/service.py",
                    "import boto3\nclass Service:\n    def __init__(self):\n        self._client = None\n    @property\n    def client(self):\n        if self._client is None:\n            self._client = boto3.client('stepfunctions')\n        return self._client\n    def go(self):\n        return self.client.start_execution(stateMachineArn='a')\n",
                ),
            ],
            ("src", "app.handler"),
            &["stepfunctions:StartExecution"],
        ),
        // dependency container dataclass
        (
            &[(
                "src/app.py",
                "from dataclasses import dataclass\nimport boto3\n@dataclass\nclass Deps:\n    table: object\n    bus: object\ndef build():\n    return Deps(table=boto3.resource('dynamodb').Table('t'), bus=boto3.client('events'))\ndeps = build()\ndef handler(event, context):\n    deps.table.put_item(Item={})\n    deps.bus.put_events(Entries=[])\n",
            )],
            ("src", "app.handler"),
            &["dynamodb:PutItem", "events:PutEvents"],
        ),
        // kwargs through constructor
        (
            &[(
                "src/app.py",
                "import boto3\nclass Repo:\n    def __init__(self, **kwargs):\n        self.table = kwargs['table']\n    def put(self): self.table.put_item(Item={})\ndef handler(event, context):\n    Repo(table=boto3.resource('dynamodb').Table('t')).put()\n",
            )],
            ("src", "app.handler"),
            &["dynamodb:PutItem"],
        ),
    ]);
}

/// Classes and functions that are chosen by name when it runs.
#[test]
fn registries_give_what_was_put_in() {
    check(&[
        // plugin registry by decorator with name
        (
            &[
                (
                    "src/app.py",
                    "from registry import get\nimport plugins\ndef handler(event, context):\n    return get(event['kind'])().run(event)\n",
                ),
                (
                    "src/registry.py",
                    "_plugins = {}\ndef register(name):\n    def inner(cls):\n        _plugins[name] = cls\n        return cls\n    return inner\ndef get(name):\n    return _plugins[name]\n",
                ),
                ("src/plugins/__init__.py", "from . import a, b\n"),
                (
                    "src/plugins/a.py",
                    "import boto3\nfrom registry import register\n@register('a')\nclass A:\n    def run(self, event):\n        boto3.client('sns').publish(TopicArn='t', Message='m')\n",
                ),
                (
                    "src/plugins/b.py",
                    "import boto3\nfrom registry import register\n@register('b')\nclass B:\n    def run(self, event):\n        boto3.client('ses').send_email(Source='x', Destination={}, Message={})\n    def other(self):\n        boto3.client('ses').delete_identity(Identity='x')\n",
                ),
            ],
            ("src", "app.handler"),
            &["ses:SendEmail", "sns:Publish"],
        ),
        // dispatch table of functions
        (
            &[(
                "src/app.py",
                "import boto3\nddb = boto3.client('dynamodb')\ndef create(e): ddb.put_item(TableName='t', Item={})\ndef read(e): ddb.get_item(TableName='t', Key={})\nROUTES = {('GET', '/x'): read, ('POST', '/x'): create}\ndef handler(event, context):\n    return ROUTES[(event['httpMethod'], event['path'])](event)\n",
            )],
            ("src", "app.handler"),
            &["dynamodb:GetItem", "dynamodb:PutItem"],
        ),
        // dependency in list of steps
        (
            &[
                (
                    "src/app.py",
                    "from steps import Load, Save\nPIPELINE = [Load(), Save()]\ndef handler(event, context):\n    for step in PIPELINE:\n        step.execute(event)\n",
                ),
                (
                    "src/steps.py",
                    "import boto3\nclass Load:\n    def execute(self, event): boto3.client('s3').get_object(Bucket='b', Key='k')\nclass Save:\n    def execute(self, event): boto3.client('s3').put_object(Bucket='b', Key='k')\nclass Drop:\n    def execute(self, event): boto3.client('s3').delete_object(Bucket='b', Key='k')\n",
                ),
            ],
            ("src", "app.handler"),
            &["s3:GetObject", "s3:PutObject"],
        ),
        // enum strategy
        (
            &[(
                "src/app.py",
                "import boto3\ndef factory(kind):\n    if kind == 's3':\n        return S3Sink()\n    return SnsSink()\nclass S3Sink:\n    def emit(self, x): boto3.client('s3').put_object(Bucket='b', Key='k')\nclass SnsSink:\n    def emit(self, x): boto3.client('sns').publish(TopicArn='t', Message='m')\nclass Never:\n    def emit(self, x): boto3.client('iam').delete_role(RoleName='r')\ndef handler(event, context):\n    factory(event['k']).emit(event)\n",
            )],
            ("src", "app.handler"),
            &["s3:PutObject", "sns:Publish"],
        ),
        // neighbours by listdir
        (
            &[
                (
                    "src/app.py",
                    "from outputs.base import make\ndef handler(event, context):\n    make(event['kind']).send(event)\n",
                ),
                (
                    "src/outputs/__init__.py",
                    "import importlib, os\nfor name in os.listdir(os.path.dirname(__file__)):\n    if name.endswith('.py') and not name.startswith('__'):\n        importlib.import_module('.'.join(['outputs', name[:-3]]))\n",
                ),
                (
                    "src/outputs/base.py",
                    "class Output:\n    _known = {}\n    def __new__(cls, output):\n        Output._known[output.kind] = output\n        return output\n    @classmethod\n    def get(cls, kind):\n        return cls._known[kind]\nclass Base:\n    def send(self, x):\n        return self._send(x)\ndef make(kind):\n    found = Output.get(kind)\n    return found() if found else False\n",
                ),
                (
                    "src/outputs/aws.py",
                    "import boto3\nfrom outputs.base import Base, Output\n@Output\nclass Sns(Base):\n    kind = 'sns'\n    def _send(self, x):\n        boto3.client('sns').publish(TopicArn='t', Message='m')\n    def undo(self):\n        boto3.client('sns').delete_topic(TopicArn='t')\n",
                ),
            ],
            ("src", "app.handler"),
            &["sns:Publish"],
        ),
        // subclass registry
        (
            &[
                (
                    "src/app.py",
                    "import sinks\nfrom base import Sink\ndef handler(event, context):\n    for sink in Sink.known:\n        sink().emit(event)\n    for sink in Sink.__subclasses__():\n        sink().flush()\n",
                ),
                (
                    "src/base.py",
                    "class Sink:\n    known = []\n    def __init_subclass__(cls):\n        Sink.known.append(cls)\n",
                ),
                (
                    "src/sinks.py",
                    "import boto3\nfrom base import Sink\nclass A(Sink):\n    def emit(self, x): boto3.client('sns').publish(TopicArn='t', Message='m')\n    def other(self): boto3.client('sns').delete_topic(TopicArn='t')\n",
                ),
            ],
            ("src", "app.handler"),
            &["sns:Publish"],
        ),
        // celery like task map by name strings
        (
            &[
                (
                    "src/app.py",
                    "import tasks\ndef handler(event, context):\n    name = event['task']\n    return getattr(tasks, name)(event)\n",
                ),
                (
                    "src/tasks.py",
                    "import boto3\ndef one(e): return boto3.client('s3').get_object(Bucket='b', Key='k')\ndef two(e): return boto3.client('s3').put_object(Bucket='b', Key='k')\n",
                ),
            ],
            ("src", "app.handler"),
            &["s3:GetObject", "s3:PutObject"],
        ),
        // self method by prefix
        (
            &[(
                "src/app.py",
                "import boto3\nclass Resource:\n    def dispatch(self, event):\n        return getattr(self, 'on_' + event['RequestType'].lower())(event)\n    def on_create(self, e): boto3.client('ec2').create_tags(Resources=[], Tags=[])\n    def on_delete(self, e): boto3.client('ec2').delete_tags(Resources=[])\ndef handler(event, context):\n    return Resource().dispatch(event)\n",
            )],
            ("src", "app.handler"),
            &["ec2:CreateTags", "ec2:DeleteTags"],
        ),
        // globals by name
        (
            &[(
                "src/app.py",
                "import boto3\ndef do_a(e): boto3.client('sns').publish(TopicArn='t', Message='m')\ndef handler(event, context):\n    return globals()['do_' + event['x']](event)\n",
            )],
            ("src", "app.handler"),
            &["sns:Publish"],
        ),
    ]);
}

/// A helper that calls what it is told does that for whoever tells it, and nothing for others.
#[test]
fn functions_do_what_their_callers_say() {
    check(&[
        // getattr dispatch on client by args
        (
            &[
                (
                    "src/app.py",
                    "from aws import call\ndef handler(event, context):\n    call('s3', 'list_objects_v2', Bucket='b')\n    call('sqs', 'send_message', QueueUrl='q', MessageBody='m')\n",
                ),
                (
                    "src/aws.py",
                    "import boto3\ndef call(service, operation, **kwargs):\n    client = boto3.client(service)\n    return getattr(client, operation)(**kwargs)\n",
                ),
                (
                    "src/other.py",
                    "from aws import call\ndef handler(event, context):\n    call('ec2', 'terminate_instances', InstanceIds=['i'])\n",
                ),
            ],
            ("src", "app.handler"),
            &["s3:ListObjectsV2", "sqs:SendMessage"],
        ),
        // paginate helper
        (
            &[
                (
                    "src/app.py",
                    "from aws import paginate\ndef handler(event, context):\n    return list(paginate('ec2', 'describe_instances', 'Reservations'))\n",
                ),
                (
                    "src/aws.py",
                    "import boto3\ndef paginate(service, method, key, **kwargs):\n    client = boto3.client(service)\n    for page in client.get_paginator(method).paginate(**kwargs):\n        yield from page[key]\n",
                ),
                (
                    "src/other.py",
                    "from aws import paginate\ndef handler(event, context):\n    return list(paginate('iam', 'list_roles', 'Roles'))\n",
                ),
            ],
            ("src", "app.handler"),
            &["ec2:DescribeInstances"],
        ),
        // clients dict cache
        (
            &[(
                "src/app.py",
                "import boto3\n_clients = {}\ndef client(name):\n    if name not in _clients:\n        _clients[name] = boto3.client(name)\n    return _clients[name]\ndef handler(event, context):\n    client('sqs').send_message(QueueUrl='q', MessageBody='m')\n    client('kms').decrypt(CiphertextBlob=b'')\n",
            )],
            ("src", "app.handler"),
            &["kms:Decrypt", "sqs:SendMessage"],
        ),
        // decorator injects client
        (
            &[(
                "src/app.py",
                "import functools, boto3\ndef with_clients(func):\n    @functools.wraps(func)\n    def wrapper(event, context):\n        return func(event, context, boto3.client('sqs'), s3=boto3.client('s3'))\n    return wrapper\n@with_clients\ndef handler(event, context, sqs, s3):\n    sqs.send_message(QueueUrl='q', MessageBody='x')\n    s3.put_object(Bucket='b', Key='k', Body=b'')\n",
            )],
            ("src", "app.handler"),
            &["s3:PutObject", "sqs:SendMessage"],
        ),
        // context manager and exit stack
        (
            &[(
                "src/app.py",
                "import boto3\nfrom contextlib import contextmanager\n@contextmanager\ndef lock(table):\n    table.put_item(Item={})\n    try:\n        yield table\n    finally:\n        table.delete_item(Key={})\ndef handler(event, context):\n    with lock(boto3.resource('dynamodb').Table('l')) as t:\n        t.update_item(Key={})\n",
            )],
            ("src", "app.handler"),
            &["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        ),
        // tuple returned clients
        (
            &[(
                "src/app.py",
                "import boto3\ndef clients():\n    return boto3.client('s3'), boto3.client('sqs')\ns3, sqs = clients()\ndef handler(event, context):\n    s3.get_object(Bucket='b', Key='k')\n    sqs.send_message(QueueUrl='q', MessageBody='m')\n",
            )],
            ("src", "app.handler"),
            &["s3:GetObject", "sqs:SendMessage"],
        ),
        // aiobotocore async with
        (
            &[(
                "src/app.py",
                "import asyncio\nimport aioboto3\nsession = aioboto3.Session()\nasync def main():\n    async with session.client('s3') as s3:\n        await s3.put_object(Bucket='b', Key='k', Body=b'')\n    async with session.resource('dynamodb') as ddb:\n        table = await ddb.Table('t')\n        await table.put_item(Item={})\ndef handler(event, context):\n    asyncio.run(main())\n",
            )],
            ("src", "app.handler"),
            &["dynamodb:PutItem", "s3:PutObject"],
        ),
        // threads and executors
        (
            &[(
                "src/app.py",
                "import boto3\nfrom concurrent.futures import ThreadPoolExecutor\ns3 = boto3.client('s3')\ndef copy(key):\n    s3.delete_object(Bucket='b', Key=key)\ndef handler(event, context):\n    with ThreadPoolExecutor() as pool:\n        list(pool.map(copy, event['keys']))\n        pool.submit(s3.put_object, Bucket='b', Key='x', Body=b'')\n",
            )],
            ("src", "app.handler"),
            &["s3:DeleteObject", "s3:PutObject"],
        ),
        // global lazily made
        (
            &[(
                "src/app.py",
                "import boto3\n_client = None\ndef get_client():\n    global _client\n    if not _client:\n        _client = boto3.client('secretsmanager')\n    return _client\ndef handler(event, context):\n    return get_client().get_secret_value(SecretId='s')\n",
            )],
            ("src", "app.handler"),
            &["secretsmanager:GetSecretValue"],
        ),
        // session from helper with role
        (
            &[(
                "src/app.py",
                "import boto3\ndef session_for(account):\n    sts = boto3.client('sts')\n    creds = sts.assume_role(RoleArn=f'arn:aws:iam::{account}:role/x', RoleSessionName='s')['Credentials']\n    return boto3.Session(aws_access_key_id=creds['AccessKeyId'], aws_secret_access_key=creds['SecretAccessKey'], aws_session_token=creds['SessionToken'])\ndef handler(event, context):\n    session_for('1').client('ec2').describe_instances()\n",
            )],
            ("src", "app.handler"),
            &["sts:AssumeRole"],
        ),
    ]);
}

/// Modules beside, above and in layers; those named when it runs; those named like a public package.
#[test]
fn modules_are_found_in_other_layouts() {
    check(&[
        // import_module by prefix
        (
            &[
                (
                    "src/app.py",
                    "import importlib\ndef handler(event, context):\n    module = importlib.import_module(f\"handlers.{event['type']}\")\n    return module.handle(event)\n",
                ),
                ("src/handlers/__init__.py", ""),
                (
                    "src/handlers/order.py",
                    "import boto3\ndef handle(event):\n    boto3.client('sns').publish(TopicArn='t', Message='m')\n",
                ),
                (
                    "src/handlers/refund.py",
                    "import boto3\ndef handle(event):\n    boto3.client('sqs').send_message(QueueUrl='q', MessageBody='m')\ndef unused():\n    boto3.client('sqs').purge_queue(QueueUrl='q')\n",
                ),
            ],
            ("src", "app.handler"),
            &["sns:Publish", "sqs:SendMessage"],
        ),
        // layer in namespace package
        (
            &[
                (
                    "functions/a/app.py",
                    "from common.db.users import get_user\ndef handler(event, context):\n    return get_user('x')\n",
                ),
                (
                    "layers/shared/python/common/db/users.py",
                    "import boto3\ndef get_user(id):\n    return boto3.resource('dynamodb').Table('u').get_item(Key={'id': id})\n",
                ),
            ],
            ("functions/a", "app.handler"),
            &["dynamodb:GetItem"],
        ),
        // own module named as a public one
        (
            &[
                ("src/app.py", "from retry import store\ndef handler(event, context):\n    store(event)\n"),
                (
                    "src/retry/__init__.py",
                    "import boto3\ndef store(x):\n    boto3.client('sqs').send_message(QueueUrl='q', MessageBody='m')\n",
                ),
            ],
            ("src", "app.handler"),
            &["sqs:SendMessage"],
        ),
        // installed copy of a public one
        (
            &[
                ("src/app.py", "from retry import retry\ndef handler(event, context):\n    retry(event)\n"),
                (
                    "src/retry/__init__.py",
                    "import boto3\n__version__ = '1.0'\ndef retry(x):\n    boto3.client('sqs').send_message(QueueUrl='q', MessageBody='m')\n",
                ),
            ],
            ("src", "app.handler"),
            &[],
        ),
        // powertools router in module
        (
            &[
                (
                    "src/app.py",
                    "from aws_lambda_powertools.event_handler import APIGatewayRestResolver\nfrom routes import users\napp = APIGatewayRestResolver()\napp.include_router(users.router, prefix='/users')\ndef handler(event, context):\n    return app.resolve(event, context)\n",
                ),
                ("src/routes/__init__.py", ""),
                (
                    "src/routes/users.py",
                    "from aws_lambda_powertools.event_handler.router import Router\nimport boto3\nrouter = Router()\ntable = boto3.resource('dynamodb').Table('u')\n@router.get('/')\ndef list_users():\n    return table.scan()\n",
                ),
            ],
            ("src", "app.handler"),
            &["dynamodb:Scan"],
        ),
        // singleton module level instance attr
        (
            &[
                ("src/app.py", "from services import aws\ndef handler(event, context):\n    aws.queue.send('x')\n"),
                ("src/services/__init__.py", ""),
                (
                    "src/services/aws.py",
                    "import boto3\nclass Queue:\n    def __init__(self, client): self.client = client\n    def send(self, body): return self.client.send_message(QueueUrl='q', MessageBody=body)\n    def purge(self): return self.client.purge_queue(QueueUrl='q')\nqueue = Queue(client=boto3.client('sqs'))\n",
                ),
            ],
            ("src", "app.handler"),
            &["sqs:SendMessage"],
        ),
    ]);
}

/// `get` on something unknown is no call of a store that has such a method.
#[test]
fn everyday_names_say_little_of_the_object() {
    check(&[
        // dict get not a repository
        (
            &[
                (
                    "src/app.py",
                    "from store import SettingsStore\nstore = SettingsStore()\ndef handler(event, context):\n    config = event['config']\n    return store.all(), config.get('a'), context.get('b')\n",
                ),
                (
                    "src/store.py",
                    "import boto3\nclass SettingsStore:\n    table = boto3.resource('dynamodb').Table('t')\n    def get(self, key):\n        return self.table.get_item(Key={'k': key})\n    def all(self):\n        return self.table.scan()\n",
                ),
            ],
            ("src", "app.handler"),
            &["dynamodb:Scan"],
        ),
    ]);
}
