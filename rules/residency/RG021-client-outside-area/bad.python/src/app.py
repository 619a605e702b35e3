import boto3

dynamodb = boto3.resource("dynamodb")
s3 = boto3.client("s3", region_name="us-east-1")  # leastwise: RG021
REGION = "ap-southeast-2"
queue = boto3.client(
    "sqs",
    region_name=REGION,  # leastwise: RG021
)


def handler(event, context):
    rows = dynamodb.Table("customers").scan()["Items"]
    s3.put_object(Bucket="exports", Key="all", Body=str(rows))
    queue.send_message(QueueUrl="https://sqs.test/q", MessageBody="done")
