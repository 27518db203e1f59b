import { CustomResource, Duration } from 'aws-cdk-lib';
import { CfnRule, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLetterQueue } from './queue-with-dlq';
import type { StageProps } from './stage';
import { StageFunction } from './stage-function';
import type { Permission } from './permissions';
import {
  carryOutJobs,
  countTasks,
  endUploads,
  publishOutputs,
  seeTasks,
  stateObjects,
  stopTasks,
  takeInUploads,
} from './stage-permissions';

/** It looks at every open job, and may have to publish for one whose publisher died. */
const TIMEOUT_SECONDS = 900;

/** Every few minutes, the function that repairs whatever an event or another stage has lost. */
export class Sweep extends Construct {
  readonly handler: StageFunction;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    this.handler = new StageFunction(this, 'Function', {
      ...props,
      stage: 'sweep',
      timeoutSeconds: TIMEOUT_SECONDS,
      deadLetters: this.deadLetters,
      permissions: [
        ...takeInUploads(props),
        ...carryOutJobs(props),
        ...publishOutputs(props),
        ...seeTasks(props),
        countTasks(props),
        ...stopTasks(props),
        ...reconcile(props),
      ],
    });
    const every = Duration.minutes(props.config.sweepMinutes);
    new Rule(this, 'Schedule', {
      description: 'Time for a sweep',
      schedule: Schedule.rate(every),
      targets: [
        new LambdaFunction(this.handler, {
          deadLetterQueue: this.deadLetters,
          retryAttempts: 2,
          // The next sweep sees everything that a late one would.
          maxEventAge: every,
        }),
      ],
    });
  }
}

/**
 * Tasks, to CloudFormation a resource of the stack: when it goes they are stopped first, since no cluster is removed in
 * which one runs. Where networks are made for jobs, these take their tasks along.
 */
export function removeTasksWith(pipeline: Construct, sweep: Sweep): void {
  const invokers = pipeline.node
    .findAll()
    .filter(child => child instanceof CfnEventSourceMapping || child instanceof CfnRule);
  const tasks = new CustomResource(sweep, 'Tasks', {
    serviceToken: sweep.handler.functionArn,
    resourceType: 'Custom::SpotreelTasks',
  });
  // What depends on others goes first: all that would start another task, then the tasks, then what stops them.
  for (const { node } of invokers) node.addDependency(tasks);
  tasks.node.addDependency(sweep.handler);
}

function reconcile(props: StageProps): Permission[] {
  const { inbox, outbox } = props.storage;
  return [
    {
      sid: 'ListUploads',
      actions: ['s3:ListBucketVersions'],
      resources: [inbox.bucketArn],
      why: 'Finds uploads that no event told of.',
    },
    ...endUploads(outbox, {
      what: 'UnfinishedCopies',
      below: '*',
      why: 'Large outputs are copied in parts, and named after uploads or by the prefix that a manifest asks for.',
    }),
    {
      sid: 'CountOrders',
      actions: ['sqs:GetQueueAttributes'],
      resources: [props.orders.queue.queueArn, props.urgentOrders.queue.queueArn],
      why: 'An order that is on record but not on the queue is lost.',
    },
    {
      sid: 'RemoveStaleOrders',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      resources: [props.orders.queue.queueArn, props.urgentOrders.queue.queueArn],
      why: 'Orders of jobs that were cancelled are on the queue still; no task is started for them.',
    },
    stateObjects(props, { sid: 'ReadMarkers', prefix: 'waiting/', actions: ['GetObject'] }),
    stateObjects(props, { sid: 'ReadNotes', prefix: 'tasks/', actions: ['GetObject'] }),
    stateObjects(props, { sid: 'ClearRequests', prefix: 'control/', actions: ['DeleteObject'] }),
    stateObjects(props, { sid: 'KeepTime', prefix: 'sweep/', actions: ['GetObject', 'PutObject'] }),
  ];
}
