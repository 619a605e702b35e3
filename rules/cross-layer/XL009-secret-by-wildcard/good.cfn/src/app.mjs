import { SSMClient, GetParameterCommand } from "@aws-sdk/client-ssm";

const ssm = new SSMClient({});

export const handler = async () =>
  (await ssm.send(new GetParameterCommand({ Name: "/orders/url", WithDecryption: true }))).Parameter?.Version;
