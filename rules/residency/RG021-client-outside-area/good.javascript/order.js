const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');

const s3 = new S3Client({ region: process.env.AWS_REGION });
const archive = new S3Client({ region: 'eu-west-3' });

exports.handler = async (event) => {
  await s3.send(new PutObjectCommand({ Bucket: 'orders', Key: event.id, Body: event.body }));
  await archive.send(new PutObjectCommand({ Bucket: 'archive', Key: event.id, Body: event.body }));
};
