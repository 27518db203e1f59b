import type { BadNetwork, Spoilt } from './bad-network';
import type { LocalEcs, Task } from './ecs/service';
import type { EventBus } from './events/bus';
import type { TargetOutcome } from './events/target';
import type { LambdaHost } from './lambda/host';
import type { FunctionCounts } from './lambda/local-function';
import type { Metrics, MetricTotal } from './metrics';
import type { LocalSqs, QueueDepth } from './sqs/service';
import type { CloudModel } from './template';

/** What is going on in the cloud. Functions, queues and metrics are listed by their names. */
export interface CloudState {
  readonly functions: Readonly<Record<string, FunctionCounts>>;
  readonly tasks: readonly Task[];
  readonly queues: Readonly<Record<string, QueueDepth>>;
  readonly metrics: Readonly<Record<string, MetricTotal>>;
  /** Of the stack, by name: its buckets, for one. */
  readonly outputs: Readonly<Record<string, string>>;
  /** With a bad network: what that spoilt, by service. */
  readonly spoilt?: Readonly<Record<string, Spoilt>>;
}

/** Looks into the cloud, and does what AWS or bad luck would do to it. */
export interface CloudControl {
  state(): Promise<CloudState>;
  /** Takes back the Spot capacity of one task or of all; answers the ids of the tasks that were warned. */
  reclaim(taskId?: string): Promise<string[]>;
  /** Kills a task's container as a crash would; resolves when the task is STOPPED. */
  kill(taskId: string): Promise<void>;
  /** Fires the schedules now, or the one of a rule; resolves when the invocations have ended. */
  schedule(ruleName?: string): Promise<TargetOutcome[]>;
}

export interface CloudParts {
  readonly ecs: LocalEcs;
  readonly lambda: LambdaHost;
  readonly sqs: LocalSqs;
  readonly bus: EventBus;
  readonly metrics: Metrics;
  readonly model: Pick<CloudModel, 'outputs'>;
  readonly network?: BadNetwork | undefined;
}

export function createControl({ ecs, lambda, sqs, bus, metrics, model, network }: CloudParts): CloudControl {
  return {
    state: async () => ({
      functions: lambda.counts(),
      tasks: ecs.tasks(),
      queues: await sqs.depths(),
      metrics: metrics.totals(),
      outputs: model.outputs,
      ...(network === undefined ? {} : { spoilt: network.spoilt }),
    }),
    reclaim: taskId => ecs.reclaim(taskId),
    kill: taskId => ecs.kill(taskId),
    schedule: ruleName => bus.fire(ruleName),
  };
}
