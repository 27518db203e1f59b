import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { METRICS, METRIC_NAMESPACE } from '../../core/metrics';
import type { Cloud, Log } from '../cloud';
import type { LambdaEnvironment } from './environment';
import { readEnvironment } from './environment';
import { s3Inbox } from './inbox';
import { s3Jobs } from './jobs';
import { s3Outbox } from './outbox';
import { s3Presets } from './presets';
import { sqsNetworkRequests, sqsOrders, sqsSource } from './queues';
import type { S3Objects } from './s3-objects';
import { s3Objects } from './s3-objects';
import type { FindAddress } from './task-address';
import { ecsTasks } from './tasks';
import { s3Work } from './work';

/** One service for all Lambdas: a service each would multiply every metric, and each is billed. */
const SERVICE = 'spotreel';

/** What a stage that speaks to further services of AWS needs for that. */
export interface LambdaParts {
  readonly variables: LambdaEnvironment;
  readonly s3: S3Client;
  readonly state: S3Objects;
}

export interface LambdaCloud {
  /** Makes a Lambda handler that logs with the request's id and flushes metrics when it has ended, well or not. */
  wrap<Event, Result>(
    makeHandler: (cloud: Cloud, parts: LambdaParts) => (event: Event) => Promise<Result>,
  ): (event: Event, context: Context) => Promise<Result>;
}

/**
 * Everything of AWS that a Lambda uses, set up once at cold start.
 * @param findAddress given by the stage that needs it: the client for it makes every start longer
 */
export function createAwsCloud(
  stage: string,
  { findAddress }: { readonly findAddress?: FindAddress } = {},
): LambdaCloud {
  const { variables, settings } = readEnvironment(process.env);
  const logger = new Logger({ serviceName: SERVICE, persistentKeys: { stage } });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: SERVICE });
  const now = (): Date => new Date();
  const s3 = new S3Client({});
  const signer = new S3Client({
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const sqs = new SQSClient({});
  const ecs = new ECSClient({});
  const state = s3Objects(s3, variables.STATE_BUCKET);
  const cloud: Cloud = {
    settings,
    now,
    log: toLog(logger),
    measure: ({ name, value }) => {
      metrics.addMetric(name, METRICS[name], value);
    },
    source: sqsSource(sqs, variables.SOURCE_QUEUE_URL),
    inbox: s3Inbox(s3, variables.INBOX_BUCKET),
    presets: s3Presets(state),
    jobs: s3Jobs(state),
    orders: sqsOrders(sqs, {
      standardUrl: variables.ORDER_QUEUE_URL,
      urgentUrl: variables.URGENT_ORDER_QUEUE_URL,
    }),
    work: s3Work({
      s3,
      signer,
      inboxBucket: variables.INBOX_BUCKET,
      outboxBucket: variables.OUTBOX_BUCKET,
      stateBucket: variables.STATE_BUCKET,
      settings,
      now,
    }),
    outbox: s3Outbox(s3Objects(s3, variables.OUTBOX_BUCKET)),
    tasks: ecsTasks({ ecs, state, variables, settings, now }),
    ...(findAddress === undefined ? {} : { taskAddress: findAddress(ecs, variables.CLUSTER_ARN) }),
    ...(variables.NETWORK_QUEUE_URL === undefined
      ? {}
      : { networkRequests: sqsNetworkRequests(sqs, variables.NETWORK_QUEUE_URL) }),
  };
  return {
    wrap(makeHandler) {
      const handle = makeHandler(cloud, { variables, s3, state });
      return async (event, context) => {
        logger.addContext(context);
        try {
          return await handle(event);
        } finally {
          metrics.publishStoredMetrics();
        }
      };
    },
  };
}

function toLog(logger: Logger): Log {
  return {
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  };
}
