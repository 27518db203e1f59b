import { EC2Client } from '@aws-sdk/client-ec2';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { stackRequestSchema } from '../../core/stack-request';
import type { LambdaParts } from '../adapters/aws-cloud';
import { createAwsCloud } from '../adapters/aws-cloud';
import { ec2Networks } from '../adapters/ec2-networks';
import { s3Networks } from '../adapters/networks';
import { answerStack } from '../adapters/stack-answer';
import type { Cloud, NetworkCloud } from '../cloud';
import { networkHandler } from '../network';
import { stackHandler } from '../network-close';

/** Messages of its queue, and what CloudFormation asks of its custom resource. */
export const handler = createAwsCloud('network').wrap((plain, parts) => {
  const cloud = toNetworkCloud(plain, parts);
  return (event: SQSEvent | object): Promise<SQSBatchResponse | void> =>
    'Records' in event ? networkHandler(cloud)(event) : stackHandler(cloud)(stackRequestSchema.parse(event));
});

function toNetworkCloud(cloud: Cloud, { variables, state }: LambdaParts): NetworkCloud {
  const { AWS_REGION: region, NETWORK_ZONES: zones, DEPLOYMENT: deployment } = variables;
  const { networkRequests } = cloud;
  if (
    networkRequests === undefined ||
    region === undefined ||
    zones === undefined ||
    deployment === undefined
  )
    throw new Error('NETWORK_QUEUE_URL, AWS_REGION, NETWORK_ZONES and DEPLOYMENT must be set for this stage');
  return {
    ...cloud,
    networkRequests,
    networks: s3Networks(state, variables.STATE_BUCKET),
    ec2: ec2Networks({ ec2: new EC2Client({}), region, deployment, zones: zones.split(',') }),
    answerStack,
  };
}
