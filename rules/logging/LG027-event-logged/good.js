exports.handler = async (event) => {
  console.log('order', event.id);
  console.log(`records: ${event.Records.length}`);
  console.log(Object.keys(event));
  const days = event.days.map((day) => day.date);
  days.forEach((event) => console.log('day', event));
  return { statusCode: 200 };
};
