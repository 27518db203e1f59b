import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { PipelineConfig } from './config';
import type { WorkerNetwork } from './network/worker-network';
import type { QueueWithDlq } from './queue-with-dlq';
import type { Storage } from './storage';
import type { Worker } from './worker';

/** The stages that are Lambda functions; each has its entry in handlers/lambda/. */
export const STAGES = ['intake', 'completion', 'task-state', 'sweep'] as const;

/** A further one, where networks are made for jobs. */
export const NETWORK_STAGE = 'network';

export type StageName = (typeof STAGES)[number] | typeof NETWORK_STAGE;

/** What every stage is wired to. */
export interface StageProps {
  readonly config: PipelineConfig;
  readonly storage: Storage;
  readonly network: WorkerNetwork;
  readonly orders: QueueWithDlq;
  /** Orders that workers take before those of the other queue. */
  readonly urgentOrders: QueueWithDlq;
  readonly worker: Worker;
  readonly code: (stage: StageName) => Code;
}
