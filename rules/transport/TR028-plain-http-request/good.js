const axios = require('axios');

const SVG = 'http://www.w3.org/2000/svg';

exports.handler = async () => {
  const rates = await axios.get('https://rates.bank.test/eur');
  await fetch('http://localhost:3000/health');
  await fetch(`http://${process.env.AWS_LAMBDA_RUNTIME_API}/2020-01-01/extension/register`);
  await fetch(process.env.PARTNER_URL);
  return { rates: rates.data, drawing: `<svg xmlns="${SVG}"/>` };
};
