import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    item = s3.get_object(Bucket=os.environ["BUCKET"], Key=event["key"])  # leastwise: XL002
    upload = s3.create_multipart_upload(Bucket=os.environ["BUCKET"], Key="copy")
    try:
        s3.upload_part(Bucket=os.environ["BUCKET"], Key="copy", Body=item["Body"].read(), PartNumber=1, UploadId=upload["UploadId"])
    except Exception:
        # Who began an upload may end it.
        s3.abort_multipart_upload(Bucket=os.environ["BUCKET"], Key="copy", UploadId=upload["UploadId"])
