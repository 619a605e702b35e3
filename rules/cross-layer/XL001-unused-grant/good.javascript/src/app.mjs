import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});

export const handler = async (event) => {
  const answer = await client.send(
    new GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: event.id } } }),
  );
  return answer.Item;
};
