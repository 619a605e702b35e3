const axios = require('axios');
const http = require('http');

exports.handler = async (event) => {
  const rates = await axios.get('http://rates.bank.test/eur'); // leastwise: TR028
  const order = await fetch(`http://shop.partner.test/orders/${event.id}`); // leastwise: TR028
  http.get('http://feeds.partner.test/all', () => {}); // leastwise: TR028
  return { rates: rates.data, order: await order.json() };
};
