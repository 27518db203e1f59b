import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CustomResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { makeNetworks } from './network/nat-permissions';
import { NETWORK_TIMEOUT_SECONDS } from './network/per-job-nat';
import type { QueueWithDlq } from './queue-with-dlq';
import type { StageProps } from './stage';
import { NETWORK_STAGE } from './stage';
import { StageFunction } from './stage-function';
import { carryOutJobs, seeTasks, startTasks, stateObjects, stopTasks } from './stage-permissions';

/** Jobs that wait are served one by one; a network is changed by one invocation at a time. */
const MOST_AT_ONCE = 4;

export interface NetworkStageProps extends StageProps {
  readonly requests: QueueWithDlq;
}

/**
 * What is asked of the network stage, to the function that makes networks, starts tasks in them and removes them. With
 * the stack goes what it has made: the networks are, to CloudFormation, a resource of which that function sees to the end.
 */
export class NetworkStage extends Construct {
  readonly handler: StageFunction;

  constructor(scope: Construct, id: string, props: NetworkStageProps) {
    super(scope, id);
    this.handler = new StageFunction(this, 'Function', {
      ...props,
      stage: NETWORK_STAGE,
      source: props.requests,
      timeoutSeconds: NETWORK_TIMEOUT_SECONDS,
      permissions: [
        ...carryOutJobs(props),
        ...startTasks(props),
        ...seeTasks(props),
        ...stopTasks(props),
        ...makeNetworks(this),
        stateObjects(props, {
          sid: 'KeepNetworks',
          prefix: 'networks/',
          actions: ['GetObject', 'PutObject', 'DeleteObject'],
        }),
        stateObjects(props, {
          sid: 'BookReceipts',
          prefix: 'network-receipts/',
          actions: ['PutObject'],
        }),
      ],
    });
    this.handler.addEventSource(
      new SqsEventSource(props.requests.queue, {
        batchSize: 1,
        maxConcurrency: MOST_AT_ONCE,
        reportBatchItemFailures: true,
      }),
    );
    const needed = [...this.node.children, props.requests, props.storage.state];
    const networks = new CustomResource(this, 'Networks', {
      serviceToken: this.handler.functionArn,
      resourceType: 'Custom::SpotreelNetworks',
    });
    // CloudFormation removes what depends on others first: as long as networks are there, so is all that removes them.
    networks.node.addDependency(...needed);
  }
}
