"""Stores an order and tells the warehouse."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
sns = boto3.client("sns")


def handler(event, context):
    order = json.loads(event["body"])
    table.put_item(Item={"id": order["id"], "lines": order["lines"]})
    sns.publish(TopicArn=os.environ["TOPIC"], Message=order["id"])
    return {"statusCode": 201}
