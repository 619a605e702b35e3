const { Client } = require('pg');

const SECRET_NAME = 'shop/db/password-1';
const nextToken = 'a1b2c3d4e5f6g7h8i9j0k1';

exports.handler = async (event) => {
  const client = new Client({ host: 'db.shop.test', password: process.env.DB_PASSWORD });
  const token = event.headers.authorization;
  const form = { password: 'Enter your password', secret: 'your-secret-here-1' };
  await client.connect();
  return { token, form, nextToken, secret: SECRET_NAME };
};
