import middy from '@middy/core';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';

const logger = new Logger({ serviceName: 'orders' });

const work = async (event) => {
  logger.info('order', { id: event.id });
};

export const handler = middy(work).use(injectLambdaContext(logger));
