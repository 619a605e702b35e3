import os

import boto3
from boto3.dynamodb.conditions import Attr, Key

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    tenant = event["requestContext"]["authorizer"]["jwt"]["claims"]["tenant"]
    request = {"Limit": 10}
    request["FilterExpression"] = Attr("tenantId").eq(tenant)
    return table.scan(**request)["Items"]
