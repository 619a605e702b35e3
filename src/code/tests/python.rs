//! Python.

use super::check;

#[track_caller]
fn py(source: &str, expected: &[&str]) {
    check(&[("app.py", source)], expected);
}

#[test]
fn clients_are_followed_to_their_calls() {
    py(
        "import boto3\ns3 = boto3.client('s3', region_name='eu-west-1')\ns3.put_object(Bucket='b', Key='k', Body=x)\n",
        &["2 client s3 in eu-west-1", "3 s3:PutObject Bucket=b Key=k"],
    );
    py("from boto3 import client as c\nc('sqs').send_message(QueueUrl=u)\n", &["2 sqs:SendMessage QueueUrl=?"]);
    py(
        "import boto3\nclass A:\n  def __init__(self):\n    self.t = boto3.Session().client('ssm')\n  def f(self):\n    self.t.get_parameter(Name='/a')\n",
        &["6 ssm:GetParameter Name=/a"],
    );
    py(
        "import boto3\ndef put(client, name):\n  client.put_item(TableName=name, Item={})\nput(boto3.client('dynamodb'), 'T')\n",
        &["3 dynamodb:PutItem TableName=T"],
    );
    py(
        "import boto3\ndef make():\n  return boto3.client('sns')\nmake().publish(TopicArn='arn:x', Message='m')\n",
        &["4 sns:Publish TopicArn=arn:x"],
    );
    py("import boto3\ndef f(c=boto3.client('sts')):\n  c.get_caller_identity()\n", &["3 sts:GetCallerIdentity"]);
    py(
        "import boto3\nSERVICE='kms'\nk = boto3.client(service_name=SERVICE)\nk.decrypt(KeyId='x')\n",
        &["4 kms:Decrypt KeyId=x"],
    );
}

#[test]
fn names_come_from_the_environment_and_constants() {
    py(
        "import os, boto3\nT = os.environ['TABLE']\nboto3.client('dynamodb').get_item(TableName=T, Key={'a': 'b'})\n",
        &["3 dynamodb:GetItem TableName=$TABLE"],
    );
    py(
        "import os, boto3\ns = boto3.client('s3')\ns.get_object(Bucket=os.getenv('B', 'dflt'), Key=f'in/{name}')\n",
        &["3 s3:GetObject Bucket=$B Key=in/*"],
    );
    py(
        "import boto3\nfrom os import environ\nboto3.client('s3').get_object(Bucket=environ.get('B'), Key='a/%s' % x)\n",
        &["3 s3:GetObject Bucket=$B Key=a/*"],
    );
}

#[test]
fn the_resource_layer_is_known() {
    py(
        "import boto3\nt = boto3.resource('dynamodb').Table('T')\nt.put_item(Item={})\nwith t.batch_writer() as w:\n  w.put_item(Item={})\n",
        &["3 dynamodb:PutItem TableName=T", "4 dynamodb:BatchWriteItem TableName=T"],
    );
    py(
        "import boto3\ns3 = boto3.resource('s3')\ns3.Object('b', 'k').put(Body=1)\nfor o in s3.Bucket('b').objects.filter(Prefix='x'):\n  o.delete()\n",
        &["3 s3:PutObject Bucket=b Key=k", "4 s3:ListObjects Bucket=b", "5 s3:DeleteObject"],
    );
    py(
        "import boto3\nb = boto3.resource('s3').Bucket('b')\nb.download_file('k', '/tmp/x')\nboto3.resource('sqs').get_queue_by_name(QueueName='q').send_message(MessageBody='m')\n",
        &[
            "3 s3:HeadObject Bucket=b Key=k",
            "3 s3:GetObject Bucket=b Key=k",
            "4 sqs:GetQueueUrl QueueName=q",
            "4 sqs:SendMessage",
        ],
    );
    py("import boto3\nboto3.resource('s3').meta.client.head_bucket(Bucket='b')\n", &["2 s3:HeadBucket Bucket=b"]);
}

#[test]
fn helpers_paginators_waiters_and_presigned_urls_name_their_operations() {
    py(
        "import boto3\ns3 = boto3.client('s3')\ns3.get_paginator('list_objects_v2').paginate(Bucket='b')\ns3.get_waiter('bucket_exists').wait(Bucket='b')\ns3.generate_presigned_url('get_object', Params={'Bucket': 'b', 'Key': 'k'})\ns3.download_file('b', 'k', '/tmp/x')\n",
        &[
            "3 s3:ListObjectsV2 Bucket=b",
            "4 s3:HeadBucket Bucket=b",
            "5 s3:GetObject Bucket=b Key=k",
            "6 s3:HeadObject Bucket=b Key=k",
            "6 s3:GetObject Bucket=b Key=k",
        ],
    );
    py(
        "import boto3\nboto3.client('s3').upload_file('/tmp/x', 'b', 'k')\n",
        &[
            "2 s3:PutObject Bucket=b Key=k",
            "2 s3:CreateMultipartUpload Bucket=b Key=k",
            "2 s3:UploadPart Bucket=b Key=k",
            "2 s3:CompleteMultipartUpload Bucket=b Key=k",
            "2 s3:AbortMultipartUpload? Bucket=b Key=k",
        ],
    );
    py(
        "from aws_lambda_powertools.utilities import parameters\nparameters.get_secret('db')\nparameters.get_parameter('/p')\n",
        &["2 secretsmanager:GetSecretValue SecretId=db", "3 ssm:GetParameter Name=/p"],
    );
}

#[test]
fn nested_requests_name_their_targets() {
    py(
        "import boto3\ne = boto3.client('events')\ne.put_events(Entries=[{'Source': 's', 'EventBusName': 'bus'}])\nd = boto3.client('dynamodb')\nd.transact_write_items(TransactItems=[{'Put': {'TableName': 'A', 'Item': {}}}])\nd.batch_get_item(RequestItems={'B': {}})\nparams = {'TableName': 'C'}\nd.scan(**params)\n",
        &[
            "3 events:PutEvents EventBusName=bus",
            "5 dynamodb:TransactWriteItems TableName=A",
            "6 dynamodb:BatchGetItem TableName=B",
            "8 dynamodb:Scan TableName=C",
        ],
    );
}

#[test]
fn what_is_no_client_gives_nothing() {
    py("class Foo:\n  def put_object(self): pass\nFoo().put_object(Bucket='b')\n{}.get('x')\nx.get('y')\n", &[]);
    py("def f(table):\n  table.put_item(Item={})\n", &[]);
    py(
        "def f(s3_client, client):\n  s3_client.put_object(Bucket='b')\n  client.frobnicate_it()\n",
        &["2 s3:PutObject?"],
    );
    py("import boto3\nc = boto3.client('s3')\nc.close()\nc.exceptions.NoSuchKey\nc.meta.region_name\n", &[]);
}

#[test]
fn what_is_dynamic_or_handed_away_is_opaque() {
    py("import boto3\nboto3.client(name).x()\n", &["2 opaque: the service of a client is not a literal"]);
    py(
        "import boto3\ns = boto3.client('s3')\ngetattr(s, op)(Bucket='b')\ngetattr(s, 'get_object')(Bucket='b')\n",
        &["4 s3:GetObject Bucket=b", "3 opaque: the method of a client is chosen at run time"],
    );
    py("import smartish\n", &["1 opaque: module smartish is not in the repository"]);
    check(
        &[
            (
                "app.py",
                "import boto3, json, smartish\ns = boto3.client('s3')\nprint(s)\njson.dumps(s)\nsmartish.go(s)\n",
            ),
            ("requirements.txt", "boto3\nsmartish==1.0\n"),
        ],
        &["5 opaque: a client is handed to smartish"],
    );
    py("import subprocess\nsubprocess.run(['aws', 's3', 'ls'])\n", &["2 opaque: the AWS command line is run"]);
    py(
        "import boto3\nfrom concurrent.futures import ThreadPoolExecutor\ns = boto3.client('s3')\nThreadPoolExecutor().submit(s.delete_bucket, Bucket='b')\n",
        &["4 s3:DeleteBucket"],
    );
}

#[test]
fn clients_are_followed_across_files() {
    check(
        &[
            ("lib/store.py", "def save(client, name):\n  client.put_item(TableName=name)\n"),
            ("lib/__init__.py", ""),
            ("app.py", "from lib.store import save\nfrom clients import ddb\nsave(ddb, 'T')\n"),
            ("clients.py", "import boto3\nddb = boto3.client('dynamodb')\n"),
        ],
        &["2 dynamodb:PutItem TableName=T"],
    );
    check(
        &[
            ("app.py", "from repo import Repo\nimport pkg.util\nRepo().table.scan()\npkg.util.s3.list_buckets()\n"),
            (
                "repo.py",
                "import boto3\nclass Base:\n  def __init__(self):\n    self.table = boto3.resource('dynamodb').Table('T')\nclass Repo(Base):\n  pass\n",
            ),
            ("pkg/util.py", "import boto3\ns3 = boto3.client('s3')\n"),
        ],
        &["3 dynamodb:Scan TableName=T Unfiltered=", "4 s3:ListBuckets"],
    );
}

#[test]
fn requests_and_their_urls() {
    py(
        "import requests, httpx, urllib.request, urllib3\nURL = 'http://a.example/'\nrequests.get(URL + 'x')\nhttpx.post('https://b')\nurllib.request.urlopen('http://c')\ns = requests.Session()\ns.get('http://d')\nurllib3.PoolManager().request('GET', 'http://e')\n{'a': 1}.get('http://f')\n",
        &["3 http http://a.example/x", "4 http https://b", "5 http http://c", "7 http http://d", "8 http http://e"],
    );
    py("import http.client\nc = http.client.HTTPConnection('plain.example')\n", &["2 http http://plain.example"]);
}

#[test]
fn switched_off_certificate_checks() {
    py(
        "import requests, ssl, urllib3, jwt\nrequests.get('https://a', verify=False)\njwt.decode(t, verify=False)\nctx = ssl._create_unverified_context()\nurllib3.PoolManager(cert_reqs='CERT_NONE')\nctx.verify_mode = ssl.CERT_NONE\ns = requests.Session()\ns.verify = False\nssl._create_default_https_context = ssl._create_unverified_context\n",
        &[
            "2 http https://a",
            "2 tls verify=False",
            "4 tls _create_unverified_context",
            "5 tls cert_reqs=CERT_NONE",
            "6 tls verify_mode = ssl.CERT_NONE",
            "8 tls verify = False",
            "9 tls _create_default_https_context = ssl._create_unverified_context",
        ],
    );
}

#[test]
fn the_whole_event_in_a_log() {
    py(
        "import json, logging\nlogger = logging.getLogger()\ndef lambda_handler(event, context):\n  print(event)\n  logger.info('Event: %s', json.dumps(event))\n  logging.info(f'got {event}')\n  print('x' + str(event))\n  print(event['x'], len(event))\n  logger.setLevel(event)\n  helper(event)\n  other(event['y'])\ndef helper(e):\n  logger.debug({'e': e})\ndef other(e):\n  print(e)\n",
        &["4 logs event", "5 logs event", "6 logs event", "7 logs event", "13 logs e"],
    );
    py(
        "from aws_lambda_powertools import Logger\nlogger = Logger()\n@logger.inject_lambda_context(log_event=True)\ndef handler(event, context):\n  logger.info(event)\n",
        &["3 logs event", "5 logs event"],
    );
}

#[test]
fn credentials_in_literals() {
    let key = ["AKIA", "QYLPMN5HHHFPZAM2"].concat();
    py(
        &format!(
            "import os\nkey = '{key}'\nconnect(password='hunter22!')\nconf = {{'api_key': '9f8b7c6d5e4f3a2b1c0d'}}\npw = os.getenv('DB_PASSWORD', 'x')\n"
        ),
        &["2 credential AWS access key key", "3 credential password password", "4 credential API key api_key"],
    );
}
