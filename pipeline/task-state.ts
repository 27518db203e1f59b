import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLetterQueue } from './queue-with-dlq';
import type { StageProps } from './stage';
import { StageFunction } from './stage-function';
import { carryOutJobs, publishOutputs, stateObjects } from './stage-permissions';

/** It may have to carry out what another stage left undone, publishing included. */
const TIMEOUT_SECONDS = 900;

/** The ends of tasks, as ECS tells of them, to the function that gives back what they had in hand. */
export class TaskState extends Construct {
  readonly handler: StageFunction;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    this.handler = new StageFunction(this, 'Function', {
      ...props,
      stage: 'task-state',
      timeoutSeconds: TIMEOUT_SECONDS,
      deadLetters: this.deadLetters,
      permissions: [
        ...carryOutJobs(props),
        ...publishOutputs(props),
        stateObjects(props, { sid: 'ReadNotes', prefix: 'tasks/', actions: ['GetObject', 'DeleteObject'] }),
        stateObjects(props, { sid: 'BookReceipts', prefix: 'receipts/', actions: ['PutObject'] }),
      ],
    });
    new Rule(this, 'TaskStopped', {
      description: 'A task of the pipeline has stopped',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [props.worker.cluster.clusterArn], lastStatus: ['STOPPED'] },
      },
      targets: [
        new LambdaFunction(this.handler, {
          deadLetterQueue: this.deadLetters,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
  }
}
