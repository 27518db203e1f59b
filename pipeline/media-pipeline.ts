import type { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { COMPLETION_TIMEOUT_SECONDS, Completion } from './completion';
import type { PipelineConfigInput } from './config';
import { resolveConfig } from './config';
import { Intake } from './intake';
import { bundledStages } from './lambda-code';
import type { ExistingVpc } from './network/existing-vpc';
import { makeNetwork } from './network/make-network';
import { statusAccess } from './network/status-access';
import { Observability } from './observability';
import { Presets } from './presets';
import { QueueWithDlq, visibilityFor } from './queue-with-dlq';
import { NetworkStage } from './network-stage';
import type { StageName } from './stage';
import { NETWORK_STAGE, STAGES } from './stage';
import { Storage } from './storage';
import { Sweep, removeTasksWith } from './sweep';
import { TaskState } from './task-state';
import { Worker } from './worker';

export interface MediaPipelineProps {
  /** Knobs, each with a default that works; see `configSchema`. */
  readonly config?: PipelineConfigInput;
  /** A VPC of the app that tasks run in; `config.network` is then left out. */
  readonly existingVpc?: ExistingVpc;
  /** Image of the worker. */
  readonly workerImage: ContainerImage;
  /** Code of each Lambda stage. Default: bundled from handlers/lambda/. */
  readonly code?: (stage: StageName) => Code;
}

/**
 * The whole pipeline: videos put into the inbox come out of the outbox.
 *
 *     inbox ─> intake ─> orders ─> worker ─> reports ─> completion ─> outbox
 *
 * with task state and sweep beside it, which repair what gets lost. Throws a ConfigError for a knob out of range.
 */
export class MediaPipeline extends Construct {
  readonly storage: Storage;
  readonly observability: Observability;

  constructor(scope: Construct, id: string, props: MediaPipelineProps) {
    super(scope, id);
    const config = resolveConfig(props.config ?? {});
    const storage = new Storage(this, 'Storage', { config });
    new Presets(this, 'Presets', { bucket: storage.state, logRetentionDays: config.logRetentionDays });
    const network = makeNetwork(this, 'Network', {
      config: config.network,
      storage,
      status: statusAccess(config),
      ...(props.existingVpc === undefined ? {} : { existingVpc: props.existingVpc }),
    });

    const orders = new QueueWithDlq(this, 'Orders', {
      visibilitySeconds: config.leaseSeconds,
      // Every reclaim and every order handed back counts here; how often an order is tried is the records' business.
      maxReceiveCount: 20,
    });
    const urgentOrders = new QueueWithDlq(this, 'UrgentOrders', {
      visibilitySeconds: config.leaseSeconds,
      maxReceiveCount: 20,
      deadLetters: orders.deadLetters,
    });
    const reports = new QueueWithDlq(this, 'Reports', {
      visibilitySeconds: visibilityFor(COMPLETION_TIMEOUT_SECONDS),
      maxReceiveCount: 5,
    });
    const worker = new Worker(this, 'Worker', {
      config,
      image: props.workerImage,
      orders,
      urgentOrders,
      reports,
    });

    const { requests } = network;
    const code = props.code ?? bundledStages(requests === undefined ? STAGES : [...STAGES, NETWORK_STAGE]);
    const wiring = { config, storage, network, orders, urgentOrders, worker, code };
    const intake = new Intake(this, 'Intake', wiring);
    new Completion(this, 'Completion', { ...wiring, reports });
    const taskState = new TaskState(this, 'TaskState', wiring);
    const sweep = new Sweep(this, 'Sweep', wiring);
    if (requests === undefined) removeTasksWith(this, sweep);
    else new NetworkStage(this, 'NetworkStage', { ...wiring, requests });

    this.storage = storage;
    this.observability = new Observability(this, 'Observability', {
      config,
      orders,
      urgentOrders,
      reports,
      uploads: intake.queue,
      taskStateDeadLetters: taskState.deadLetters,
      sweepDeadLetters: sweep.deadLetters,
      ...(requests === undefined ? {} : { networkRequests: requests }),
    });
  }
}
