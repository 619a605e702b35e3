import axios from 'axios';

const client = axios.create({
  baseURL: 'http://shop.partner.test/v1', // leastwise: TR028
});

export const handler = async (event: { id: string }): Promise<unknown> => {
  const order = await client.get(`/orders/${event.id}`);
  return order.data;
};
