import os

import boto3

PASSWORD = os.environ["DB_PASSWORD"]
SECRET_NAME = "shop/db/password-1"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf"
TOKEN_URL = "https://login.shop.test/oauth2/token"
PASSWORD_PATTERN = r"^(?=.*[a-z])(?=.*\d).{8,}$"
DEFAULT_PASSWORD = "changeme"
API_KEY_HEADER = "x-api-key"
password = "<your password>"
access_key = "AKIAIOSFODNN7EXAMPLE"


def handler(event, context):
    token = event["headers"]["authorization"]
    key = boto3.client("secretsmanager").get_secret_value(SecretId=SECRET_NAME)["SecretString"]
    error = {"password": "must have 8 characters or more"}
    return token, key, error, f"postgres://app:{PASSWORD}@db.shop.test/orders"
