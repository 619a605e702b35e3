"""Takes orders in, number NUMBER."""

import json
import logging
import os
from datetime import datetime, timezone

import boto3
from botocore.exceptions import ClientError

LOG = logging.getLogger(__name__)
LOG.setLevel(logging.INFO)

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE"])
STORE = boto3.client("s3")
TOPIC = os.environ.get("TOPIC")


class Refused(Exception):
    """The order cannot be taken."""

    def __init__(self, reason, status=400):
        super().__init__(reason)
        self.reason = reason
        self.status = status


def answer(status, body):
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(body, default=str),
    }


def checked(order):
    missing = [name for name in ("id", "customer", "lines") if name not in order]
    if missing:
        raise Refused(f"missing: {', '.join(missing)}")
    total = sum(line["price"] * line.get("count", 1) for line in order["lines"])
    if total <= 0 or total > NUMBER + 10_000:
        raise Refused("the total is out of range")
    return {**order, "total": total, "taken": datetime.now(timezone.utc).isoformat()}


def find(identifier):
    try:
        found = TABLE.get_item(Key={"id": identifier})
    except ClientError as error:
        LOG.error("cannot read: %s", error.response["Error"]["Code"])
        raise
    return found.get("Item")


def keep(order):
    TABLE.put_item(Item=order, ConditionExpression="attribute_not_exists(id)")
    STORE.put_object(
        Bucket=os.environ["BUCKET"],
        Key=f"orders/{order['id']}.json",
        Body=json.dumps(order, default=str).encode(),
    )
    if TOPIC:
        boto3.client("sns").publish(TopicArn=TOPIC, Message=json.dumps({"id": order["id"]}))


def main(event, context):
    LOG.info("request %s", context.aws_request_id)
    method = event.get("requestContext", {}).get("http", {}).get("method", "PUT")
    try:
        if method == "GET":
            order = find(event["pathParameters"]["id"])
            return answer(200, order) if order else answer(404, {"error": "not found"})
        order = checked(json.loads(event.get("body") or "{}"))
        keep(order)
        return answer(201, {"id": order["id"], "total": order["total"]})
    except Refused as refused:
        return answer(refused.status, {"error": refused.reason})
