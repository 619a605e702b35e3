import os

import boto3

secrets = boto3.client("secretsmanager")


def handler(event, context):
    return secrets.get_secret_value(SecretId=os.environ["DATABASE"])["ARN"]
