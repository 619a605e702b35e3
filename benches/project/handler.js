// Takes letters in, number NUMBER.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const store = new S3Client({ region: process.env.AWS_REGION });
const limit = NUMBER + 10000;

const answer = (statusCode, body) => ({
  statusCode,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

class Refused extends Error {
  constructor(reason, status = 400) {
    super(reason);
    this.status = status;
  }
}

function checked(letter) {
  const missing = ["id", "to", "pages"].filter((name) => !(name in letter));
  if (missing.length > 0) {
    throw new Refused(`missing: ${missing.join(", ")}`);
  }
  const weight = letter.pages.reduce((sum, page) => sum + page.length, 0);
  if (weight > limit) {
    throw new Refused("too heavy", 413);
  }
  return { ...letter, weight, taken: new Date().toISOString() };
}

async function find(id) {
  const { Item } = await table.send(new GetCommand({ TableName: process.env.TABLE, Key: { id } }));
  return Item;
}

async function keep(letter) {
  await table.send(new PutCommand({ TableName: process.env.TABLE, Item: letter }));
  for (const [index, page] of letter.pages.entries()) {
    await store.send(
      new PutObjectCommand({ Bucket: process.env.BUCKET, Key: `${letter.id}/${index}.txt`, Body: page }),
    );
  }
}

async function pages(letter) {
  const found = [];
  for (let index = 0; index < letter.count; index += 1) {
    const { Body } = await store.send(
      new GetObjectCommand({ Bucket: process.env.BUCKET, Key: `${letter.id}/${index}.txt` }),
    );
    found.push(await Body.transformToString());
  }
  return found;
}

export const main = async (event) => {
  const method = event.requestContext?.http?.method ?? "PUT";
  try {
    if (method === "GET") {
      const letter = await find(event.pathParameters.id);
      return letter ? answer(200, { ...letter, pages: await pages(letter) }) : answer(404, { error: "not found" });
    }
    const letter = checked(JSON.parse(event.body ?? "{}"));
    await keep(letter);
    return answer(201, { id: letter.id, weight: letter.weight });
  } catch (error) {
    if (error instanceof Refused) {
      return answer(error.status, { error: error.message });
    }
    throw error;
  }
};
