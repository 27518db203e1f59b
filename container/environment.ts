import { tmpdir } from 'node:os';
import { z } from 'zod';
import { parseValue } from '../core/problem';

const environmentSchema = z.object({
  ORDER_QUEUE_URL: z.url(),
  /** Looked into before the other. */
  URGENT_ORDER_QUEUE_URL: z.url(),
  REPORT_QUEUE_URL: z.url(),
  /** Seconds for which an order is hidden from others; renewed every third of it. Default 120. */
  LEASE_SECONDS: z.coerce.number().int().min(3).max(3600).default(120),
  /** Seconds without any order after which the worker ends. Default 5. */
  LINGER_SECONDS: z.coerce.number().int().min(0).max(3600).default(5),
  /** Port of the status page. Default none: there is no page. */
  STATUS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  /** Set by ECS. */
  ECS_CONTAINER_METADATA_URI_V4: z.url().optional(),
  /** Stands in for what ECS tells, where there is no ECS. */
  TASK_ARN: z.string().min(1).optional(),
});

/** What the worker is told by its container. */
export interface WorkerEnvironment {
  readonly orderQueueUrl: string;
  readonly urgentOrderQueueUrl: string;
  readonly reportQueueUrl: string;
  readonly leaseSeconds: number;
  readonly lingerSeconds: number;
  readonly workFolder: string;
  readonly statusPort: number | undefined;
  readonly metadataUri: string | undefined;
  readonly taskArn: string | undefined;
}

/** Reads the environment once; throws one error that names every fault. */
export function readEnvironment(env: NodeJS.ProcessEnv): WorkerEnvironment {
  const parsed = parseValue(env, environmentSchema);
  const faults =
    parsed.kind === 'invalid' ? parsed.problems.map(({ pointer, fix }) => `${pointer.slice(1)}: ${fix}`) : [];
  if (env['ECS_CONTAINER_METADATA_URI_V4'] === undefined && env['TASK_ARN'] === undefined) {
    faults.push('ECS_CONTAINER_METADATA_URI_V4: Run in an ECS task, or set TASK_ARN outside of one.');
  }
  if (parsed.kind === 'invalid' || faults.length > 0) {
    throw new Error(`The environment of the worker is not complete. ${faults.join(' ')}`);
  }
  const { value } = parsed;
  return {
    orderQueueUrl: value.ORDER_QUEUE_URL,
    urgentOrderQueueUrl: value.URGENT_ORDER_QUEUE_URL,
    reportQueueUrl: value.REPORT_QUEUE_URL,
    leaseSeconds: value.LEASE_SECONDS,
    lingerSeconds: value.LINGER_SECONDS,
    workFolder: tmpdir(),
    statusPort: value.STATUS_PORT,
    metadataUri: value.ECS_CONTAINER_METADATA_URI_V4,
    taskArn: value.TASK_ARN,
  };
}
