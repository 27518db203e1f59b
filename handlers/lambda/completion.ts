import { createAwsCloud } from '../adapters/aws-cloud';
import { ecsTaskAddress } from '../adapters/task-address';
import { completionHandler } from '../completion';

export const handler = createAwsCloud('completion', { findAddress: ecsTaskAddress }).wrap(completionHandler);
