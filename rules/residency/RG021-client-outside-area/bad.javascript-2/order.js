const AWS = require('aws-sdk');

AWS.config.region = 'us-east-1'; // leastwise: RG021
AWS.config.update({ region: 'us-west-2', maxRetries: 3 }); // leastwise: RG021
AWS.config.update({ region: 'eu-central-1' });

const s3 = new AWS.S3();

exports.handler = async (event) => {
  await s3.putObject({ Bucket: 'orders', Key: event.id, Body: event.body }).promise();
};
