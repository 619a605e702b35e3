import axios from 'axios';

const client = axios.create({ baseURL: 'https://shop.partner.test/v1' });

export const handler = async (event: { id: string }): Promise<unknown> => {
  const order = await client.get(`/orders/${event.id}`);
  return order.data;
};
