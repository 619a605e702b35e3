import { DynamoDBClient, QueryCommand, ScanCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});

export const handler = async (event) => {
  const tenant = event.requestContext.authorizer.iam.accountId;
  const found = await client.send(new ScanCommand({ TableName: process.env.TABLE })); // leastwise: LP041
  return found.Items.filter((item) => item.tenantId.S === tenant);
};
