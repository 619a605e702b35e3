import json
import logging

from aws_lambda_powertools import Logger

logging.getLogger().setLevel(logging.INFO)
logger = logging.getLogger(__name__)
tools = Logger()


@tools.inject_lambda_context(log_event=True)  # leastwise: LG027
def handler(event, context):
    print(event)  # leastwise: LG027
    print("Received event: " + json.dumps(event, indent=2))  # leastwise: LG027
    logger.info(f"got {event}")  # leastwise: LG027
    logger.info("got %s", event)  # leastwise: LG027
    logging.info({"request": event})  # leastwise: LG027
    return {"statusCode": 200}
