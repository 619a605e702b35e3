import { DynamoDBClient, QueryCommand, ScanCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});

export const handler = async (event) => {
  const tenant = event.requestContext.authorizer.iam.accountId;
  const found = await client.send(
    new QueryCommand({
      TableName: process.env.TABLE,
      KeyConditionExpression: "tenantId = :tenant",
      ExpressionAttributeValues: { ":tenant": { S: tenant } },
    }),
  );
  return found.Items.filter((item) => item.tenantId.S === tenant);
};
