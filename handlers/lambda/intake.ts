import { createAwsCloud } from '../adapters/aws-cloud';
import { intakeHandler } from '../intake';

export const handler = createAwsCloud('intake').wrap(intakeHandler);
