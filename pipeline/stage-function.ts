import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { environmentSchema } from '../handlers/adapters/environment';
import { keptLogs } from './logs';
import type { Permission } from './permissions';
import { allow } from './permissions';
import type { QueueWithDlq } from './queue-with-dlq';
import type { StageName, StageProps } from './stage';

/** Memory of every stage. They wait for AWS most of the time; more is only a faster cold start. */
const MEMORY_MIB = 512;

/** Times that Lambda itself repeats an invocation that failed, where nobody waits for an answer. */
const ASYNC_RETRIES = 2;

export interface StageFunctionProps extends StageProps {
  readonly stage: StageName;
  readonly timeoutSeconds: number;
  readonly permissions: readonly Permission[];
  /** Queue whose messages invoke the function. */
  readonly source?: QueueWithDlq;
  /** Where events go that failed every time. Only for functions that are invoked asynchronously. */
  readonly deadLetters?: Queue;
}

/** The function of a stage: all are made alike and differ in code, time limit and permissions only. */
export class StageFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: StageFunctionProps) {
    const logGroup = keptLogs(scope, 'Logs', props.config.logRetentionDays);
    const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    super(scope, id, {
      description: `Spotreel ${props.stage}`,
      code: props.code(props.stage),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: MEMORY_MIB,
      timeout: Duration.seconds(props.timeoutSeconds),
      logGroup,
      role,
      environment: stageEnvironment(props),
      ...(props.deadLetters === undefined
        ? {}
        : { deadLetterQueue: props.deadLetters, retryAttempts: ASYNC_RETRIES }),
    });
    allow(role, [
      {
        sid: 'WriteLogs',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
        why: 'The streams of its own log group.',
      },
      ...props.permissions,
    ]);
  }
}

function stageEnvironment(props: StageFunctionProps): z.input<typeof environmentSchema> {
  return {
    INBOX_BUCKET: props.storage.inbox.bucketName,
    OUTBOX_BUCKET: props.storage.outbox.bucketName,
    STATE_BUCKET: props.storage.state.bucketName,
    ORDER_QUEUE_URL: props.orders.queue.queueUrl,
    URGENT_ORDER_QUEUE_URL: props.urgentOrders.queue.queueUrl,
    ...(props.source === undefined ? {} : { SOURCE_QUEUE_URL: props.source.queue.queueUrl }),
    CLUSTER_ARN: props.worker.cluster.clusterArn,
    TASK_FAMILY: props.worker.family,
    ...props.network.environment,
    SETTINGS: JSON.stringify(props.config.settings),
  };
}
