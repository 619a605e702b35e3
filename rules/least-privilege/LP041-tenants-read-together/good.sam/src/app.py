import os

import boto3
from boto3.dynamodb.conditions import Attr, Key

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    tenant = event["requestContext"]["authorizer"]["jwt"]["claims"]["tenant"]
    condition = Key("status").eq("open")
    late = table.query(
        IndexName="by-status", KeyConditionExpression=condition, FilterExpression=Attr("tenantId").eq(tenant)
    )
    mine = table.query(KeyConditionExpression=Key("tenantId").eq(tenant))
    some = table.scan(FilterExpression=Attr("tenantId").eq(tenant))
    return late["Items"] + mine["Items"] + some["Items"]
