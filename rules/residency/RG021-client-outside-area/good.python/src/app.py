import os

import boto3

s3 = boto3.client("s3")
archive = boto3.client("s3", region_name="eu-west-1")
configured = boto3.client("sqs", region_name=os.environ["AWS_REGION"])
# Its endpoint lies there and nowhere else; no data of customers goes to it.
certificates = boto3.client("acm", region_name="us-east-1")


def handler(event, context):
    archive.put_object(Bucket="exports", Key="all", Body=b"")
    certificates.list_certificates()
