exports.handler = async (event) => {
  console.log('Received event:', JSON.stringify(event, null, 2)); // leastwise: LG027
  console.log(event); // leastwise: LG027
  console.info(`event: ${JSON.stringify(event)}`); // leastwise: LG027
  return { statusCode: 200 };
};
