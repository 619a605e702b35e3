import { Client } from 'pg';

export const handler = async (): Promise<number> => {
  const client = new Client({
    host: process.env.DB_HOST,
    ssl: {
      rejectUnauthorized: false, // leastwise: TR029
    },
  });
  await client.connect();
  return (await client.query('select 1')).rowCount ?? 0;
};
