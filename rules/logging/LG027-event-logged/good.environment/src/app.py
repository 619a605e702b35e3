from aws_lambda_powertools import Logger

logger = Logger()


@logger.inject_lambda_context(correlation_id_path="id")
def handler(event, context):
    logger.info("order %s", event["id"])
