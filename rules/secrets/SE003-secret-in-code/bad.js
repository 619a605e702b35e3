const { Client } = require('pg');

const apiKey = 'q7Zt42kf9Lmw0xRb83Va'; // leastwise: SE003

exports.handler = async () => {
  const client = new Client({
    host: 'db.shop.test',
    password: 'kV7!rum1nant-42', // leastwise: SE003
  });
  await client.connect();
  return fetch('https://rates.bank.test/eur', { headers: { 'x-api-key': apiKey } });
};
