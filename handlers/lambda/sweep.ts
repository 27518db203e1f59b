import { setTimeout } from 'node:timers/promises';
import { stackRequestSchema } from '../../core/stack-request';
import { createAwsCloud } from '../adapters/aws-cloud';
import { s3Leftovers } from '../adapters/leftovers';
import { answerStack } from '../adapters/stack-answer';
import { sweepHandler } from '../sweep';
import { stackHandler } from '../tasks-close';

/** The schedule's events, and what CloudFormation asks of its custom resource. */
export const handler = createAwsCloud('sweep').wrap((plain, { s3, state, variables }) => {
  const buckets = [variables.STATE_BUCKET, variables.OUTBOX_BUCKET];
  const sweep = sweepHandler({ ...plain, leftovers: s3Leftovers({ s3, state, buckets }) });
  const answer = stackHandler({ ...plain, answerStack, pause: seconds => setTimeout(seconds * 1000) });
  return (event: object): Promise<void> =>
    'RequestType' in event ? answer(stackRequestSchema.parse(event)) : sweep();
});
