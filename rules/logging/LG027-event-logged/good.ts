import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

const logger = new Logger();

export const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  logger.info('order', { path: event.path, requestId: event.requestContext.requestId });
  return { statusCode: 200, body: JSON.stringify(event.pathParameters) };
};
