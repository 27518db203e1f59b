import { createAwsCloud } from '../adapters/aws-cloud';
import { sweepHandler } from '../sweep';

export const handler = createAwsCloud('sweep').wrap(sweepHandler);
