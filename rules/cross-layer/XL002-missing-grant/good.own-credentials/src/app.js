const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");

// The authorizer hands out credentials of the tenant; the function's own role reads nothing.
exports.handler = async (event) => {
  const { accessKeyId, secretAccessKey, sessionToken } = event.requestContext.authorizer;
  const client = new DynamoDBClient({ credentials: { accessKeyId, secretAccessKey, sessionToken } });
  return client.send(new GetItemCommand({ TableName: "orders", Key: { id: { S: "1" } } }));
};
