import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { QueueWithDlq, visibilityFor } from './queue-with-dlq';
import type { StageProps } from './stage';
import { StageFunction } from './stage-function';
import { carryOutJobs, takeInUploads } from './stage-permissions';

/** A batch of ten uploads, each with a task to start that several zones may be asked for. */
const TIMEOUT_SECONDS = 120;

/** S3 events of the inbox, through a queue, to the function that makes jobs of uploads. */
export class Intake extends Construct {
  readonly queue: QueueWithDlq;
  readonly handler: StageFunction;

  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id);
    this.queue = new QueueWithDlq(this, 'Events', {
      visibilitySeconds: visibilityFor(TIMEOUT_SECONDS),
      maxReceiveCount: 5,
    });
    this.listenTo(props.storage.inbox.node.defaultChild);
    this.handler = new StageFunction(this, 'Function', {
      ...props,
      stage: 'intake',
      source: this.queue,
      timeoutSeconds: TIMEOUT_SECONDS,
      permissions: [...takeInUploads(props), ...carryOutJobs(props)],
    });
    this.handler.addEventSource(
      new SqsEventSource(this.queue.queue, {
        batchSize: 10,
        maxConcurrency: props.config.functionsAtOnce,
        reportBatchItemFailures: true,
      }),
    );
  }

  /** On the bucket itself: CDK's addEventNotification would add a helper Lambda. */
  private listenTo(inbox: unknown): void {
    if (!(inbox instanceof CfnBucket)) throw new Error('The inbox is not a bucket of this stack');
    const { queue } = this.queue;
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowEventsOfThisAccount',
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: {
          // The name of the inbox cannot be given: it waits for this policy, since S3 tries the queue when it is made.
          ArnLike: { 'aws:SourceArn': `arn:${Stack.of(this).partition}:s3:::*` },
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
        },
      }),
    );
    inbox.notificationConfiguration = {
      queueConfigurations: [{ event: 's3:ObjectCreated:*', queue: queue.queueArn }],
    };
    inbox.node.addDependency(queue.node.findChild('Policy'));
  }
}
