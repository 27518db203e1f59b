import { EC2Client } from '@aws-sdk/client-ec2';
import type { LambdaParts } from '../adapters/aws-cloud';
import { createAwsCloud } from '../adapters/aws-cloud';
import { ec2Networks } from '../adapters/ec2-networks';
import { s3Networks } from '../adapters/networks';
import type { Cloud, NetworkCloud } from '../cloud';
import { networkHandler } from '../network';

export const handler = createAwsCloud('network').wrap((cloud, parts) =>
  networkHandler(toNetworkCloud(cloud, parts)),
);

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
  };
}
