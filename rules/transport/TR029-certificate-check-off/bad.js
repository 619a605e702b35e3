const axios = require('axios');
const https = require('https');

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; // leastwise: TR029

const agent = new https.Agent({ rejectUnauthorized: false }); // leastwise: TR029

exports.handler = async () => axios.get('https://erp.partner.test/orders', { httpsAgent: agent });
