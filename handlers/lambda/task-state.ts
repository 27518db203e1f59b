import { createAwsCloud } from '../adapters/aws-cloud';
import { taskStateHandler } from '../task-state';

export const handler = createAwsCloud('task-state').wrap(taskStateHandler);
