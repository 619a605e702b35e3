import logging

logger = logging.getLogger()


def handler(event, context):
    logger.info("order %s", event["id"])
