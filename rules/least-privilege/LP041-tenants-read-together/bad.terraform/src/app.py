import os

import boto3
from boto3.dynamodb.conditions import Attr, Key

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    tenant = event["requestContext"]["authorizer"]["jwt"]["claims"]["tenant"]
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=os.environ["TABLE"])  # leastwise: LP041
    return [item for page in pages for item in page["Items"] if item["tenant_id"]["S"] == tenant]
