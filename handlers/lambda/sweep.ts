import { createAwsCloud } from '../adapters/aws-cloud';
import { s3Leftovers } from '../adapters/leftovers';
import { sweepHandler } from '../sweep';

export const handler = createAwsCloud('sweep').wrap((cloud, { s3, state, variables }) =>
  sweepHandler({
    ...cloud,
    leftovers: s3Leftovers({ s3, state, buckets: [variables.STATE_BUCKET, variables.OUTBOX_BUCKET] }),
  }),
);
