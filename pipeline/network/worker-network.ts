import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { QueueWithDlq } from '../queue-with-dlq';
import type { networkVariablesSchema } from '../../handlers/adapters/environment';
import type { StatusAccess } from './status-access';

/** Where tasks run. Each mode of `NETWORK_MODES` has a file with a construct that is one. */
export interface WorkerNetwork {
  /** What a stage must know to start tasks in it, by the names of its environment. */
  readonly environment: z.input<typeof networkVariablesSchema>;
  /** The queue of the stage that makes networks for jobs, in the mode that has one. No other stage starts tasks then. */
  readonly requests?: QueueWithDlq;
}

/** A network that is there all the time, with subnets that tasks start in. */
export function standingNetwork(place: {
  readonly subnetIds: readonly string[];
  readonly securityGroup: ISecurityGroup;
  /** Without NAT and endpoints a task reaches AWS by a public address of its own, which is billed while it lives. */
  readonly publicAddress: boolean;
}): WorkerNetwork {
  return {
    environment: {
      SUBNET_IDS: place.subnetIds.join(','),
      SECURITY_GROUP_ID: place.securityGroup.securityGroupId,
      ASSIGN_PUBLIC_IP: place.publicAddress ? 'ENABLED' : 'DISABLED',
    },
  };
}

/** The group of the tasks: they get out by HTTPS only, and nobody gets in but to the status page, where there is one. */
export function workerSecurityGroup(
  scope: Construct,
  vpc: IVpc,
  status: StatusAccess | undefined,
): SecurityGroup {
  const group = new SecurityGroup(scope, 'WorkerSecurityGroup', {
    vpc,
    // It cannot be changed: another text would replace the group under the tasks that are in it.
    description: 'Workers',
    allowAllOutbound: false,
  });
  group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS APIs and signed URLs');
  if (status === undefined) return group;
  for (const cidr of status.cidrs)
    group.addIngressRule(Peer.ipv4(cidr), Port.tcp(status.port), 'Status page');
  return group;
}
