"""Makes an account at the endpoint given, and prints what GetAccountAuthorizationDetails says of it, as the AWS CLI does."""

import json
import sys

import boto3

ENDPOINT = sys.argv[1]


def client(service):
    return boto3.client(
        service,
        endpoint_url=ENDPOINT,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(service):
    return document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def make(iam):
    own = iam.create_policy(
        PolicyName="read-orders",
        Path="/team/",
        Description="Orders, \u00fcber alles: 100 %",
        PolicyDocument=document(allow(["dynamodb:GetItem", "dynamodb:Query"])),
    )["Policy"]["Arn"]
    iam.create_policy_version(
        PolicyArn=own, PolicyDocument=document(allow("dynamodb:*", Sid="All")), SetAsDefault=True
    )
    boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
    iam.create_group(GroupName="developers")
    iam.put_group_policy(GroupName="developers", PolicyName="inline", PolicyDocument=document(allow("logs:*")))
    iam.attach_group_policy(GroupName="developers", PolicyArn=own)
    for number in range(5):
        name = f"user-{number}"
        iam.create_user(UserName=name, Tags=[{"Key": "team", "Value": f"a b+{number}"}])
        iam.add_user_to_group(UserName=name, GroupName="developers")
        iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=document(allow("sts:AssumeRole")))
        iam.attach_user_policy(UserName=name, PolicyArn=own)
    for number in range(100):
        name = f"role-{number:03}"
        more = {"PermissionsBoundary": boundary} if number % 7 == 0 else {}
        iam.create_role(RoleName=name, Path="/app/", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"), **more)
        if number % 2 == 0:
            condition = {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}, "Bool": {"aws:SecureTransport": True}}
            statement = allow("s3:GetObject", f"arn:aws:s3:::bucket-{number}/*", Condition=condition)
            iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document(statement))
        if number % 3 == 0:
            iam.attach_role_policy(RoleName=name, PolicyArn=own)
        if number % 5 == 0:
            iam.tag_role(RoleName=name, Tags=[{"Key": "number", "Value": str(number)}])
    iam.create_instance_profile(InstanceProfileName="worker")
    iam.add_role_to_instance_profile(InstanceProfileName="worker", RoleName="role-000")


def main():
    iam = client("iam")
    make(iam)
    details = iam.get_account_authorization_details()
    lists = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"]
    details = {name: details[name] for name in lists}
    text = json.dumps(details, indent=4, ensure_ascii=False, default=lambda time: time.isoformat())
    sys.stdout.buffer.write((text + "\n").encode())


main()
