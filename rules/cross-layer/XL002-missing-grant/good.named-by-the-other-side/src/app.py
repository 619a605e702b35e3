import os

import boto3


def handler(event, context):
    sts = boto3.client("sts")
    return sts.assume_role(RoleArn=os.environ["ROLE"], RoleSessionName="tenant")["Credentials"]["Expiration"].isoformat()
