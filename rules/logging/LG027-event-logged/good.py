import json
import logging

logger = logging.getLogger(__name__)


def schedule(calendar):
    for event in calendar:
        # An event of a calendar, not the one that the function was invoked with.
        logger.info("planned %s", event)


def handler(event, context):
    logger.info("order %s", event["id"])
    logger.info("keys: %s", list(event.keys()))
    print(event["requestContext"]["requestId"])
    print(len(event["Records"]))
    logger.info("request %s", context.aws_request_id)
    body = json.loads(event["body"])
    schedule(body["plan"])
    return {"statusCode": 200, "body": json.dumps(event["id"])}
