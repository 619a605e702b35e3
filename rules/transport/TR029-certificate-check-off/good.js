const axios = require('axios');
const fs = require('fs');
const https = require('https');

const agent = new https.Agent({ ca: fs.readFileSync('partner-ca.pem'), rejectUnauthorized: true });

exports.handler = async () => axios.get('https://erp.partner.test/orders', { httpsAgent: agent });
