import os
import urllib.request

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    urllib.request.urlopen("http://localhost:2773/systemsmanager/parameters/get?name=limit")
    return table.get_item(Key={"id": event["id"]})["Item"]
