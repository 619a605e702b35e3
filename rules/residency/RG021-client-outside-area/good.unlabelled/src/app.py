import boto3

s3 = boto3.client("s3", region_name="us-east-1")


def handler(event, context):
    s3.put_object(Bucket="catalogue", Key="all", Body=b"")
