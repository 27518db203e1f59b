import { createAwsCloud } from '../adapters/aws-cloud';
import { completionHandler } from '../completion';

export const handler = createAwsCloud('completion').wrap(completionHandler);
