const AWS = require("aws-sdk");

const transcribe = new AWS.TranscribeService();

// The service reads the recording and writes its text with the rights of who calls it.
module.exports.handler = async (event) => {
  const jobs = event.Records.map((record) =>
    transcribe
      .startTranscriptionJob({
        TranscriptionJobName: record.messageId,
        LanguageCode: "en-US",
        Media: { MediaFileUri: record.body },
        OutputBucketName: "minutes",
      })
      .promise(),
  );
  await Promise.all(jobs);
};
