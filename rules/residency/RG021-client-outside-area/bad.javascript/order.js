const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');

const s3 = new S3Client({ region: 'us-east-1' }); // leastwise: RG021

exports.handler = async (event) => {
  await s3.send(new PutObjectCommand({ Bucket: 'orders', Key: event.id, Body: event.body }));
};
