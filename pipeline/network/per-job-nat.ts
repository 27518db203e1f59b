import { Fn, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { QueueWithDlq, visibilityFor } from '../queue-with-dlq';
import type { WorkerNetwork } from './worker-network';

/** A step makes a few dozen calls of EC2 at most, and starts the tasks that waited. */
export const NETWORK_TIMEOUT_SECONDS = 120;

/**
 * No network at all while no job needs one. What is there all the time is the queue by which the network stage is asked
 * for what is needed, and by whose delays it waits.
 */
export class PerJobNatNetwork extends Construct implements WorkerNetwork {
  readonly environment: WorkerNetwork['environment'];
  readonly requests: QueueWithDlq;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.requests = new QueueWithDlq(this, 'Requests', {
      visibilitySeconds: visibilityFor(NETWORK_TIMEOUT_SECONDS),
      maxReceiveCount: 5,
    });
    this.environment = {
      // Tasks leave by the NAT gateway.
      ASSIGN_PUBLIC_IP: 'DISABLED',
      NETWORK_QUEUE_URL: this.requests.queue.queueUrl,
      NETWORK_ZONES: [0, 1].map(index => Fn.select(index, Fn.getAzs())).join(','),
      DEPLOYMENT: Stack.of(this).stackName,
    };
  }
}
