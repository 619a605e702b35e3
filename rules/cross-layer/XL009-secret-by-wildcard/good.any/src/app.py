import os

import boto3

secrets = boto3.client("secretsmanager")


def handler(event, context):
    secrets.get_secret_value(SecretId=event["other"])
    return secrets.get_secret_value(SecretId=event["secret"] or os.environ["DATABASE"])["ARN"]
