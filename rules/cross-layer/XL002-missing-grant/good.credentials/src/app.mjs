import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({
  // The caller's credentials decide here, not the role.
  credentials: { accessKeyId: process.env.CALLER_ID, secretAccessKey: process.env.CALLER_KEY },
});

export const handler = async (event) => {
  const answer = await client.send(
    new GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: event.id } } }),
  );
  return answer.Item;
};
