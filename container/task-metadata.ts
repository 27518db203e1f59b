import { z } from 'zod';
import type { TaskLimits } from '../core/delivery';
import type { WorkerEnvironment } from './environment';

const metadataSchema = z.object({
  TaskARN: z.string().min(1),
  /** vCPU and MiB of the whole task. */
  Limits: z.object({ CPU: z.number().optional(), Memory: z.number().optional() }).optional(),
  Containers: z
    .array(
      z.object({
        Networks: z.array(z.object({ IPv4Addresses: z.array(z.string()).default([]) })).default([]),
      }),
    )
    .default([]),
});

export interface TaskIdentity {
  readonly taskArn: string;
  /** Last part of the ARN. */
  readonly taskId: string;
  readonly limits: TaskLimits;
  /** Address of the task's network interface, where ECS tells it. */
  readonly address?: string;
}

const TIMEOUT_MS = 5000;

/** Who this worker is, and how large: from the metadata endpoint of ECS. */
export async function readTaskIdentity(environment: WorkerEnvironment): Promise<TaskIdentity> {
  if (environment.metadataUri === undefined) {
    return identity(environment.taskArn ?? '', { vcpu: undefined, memoryMiB: undefined });
  }
  const response = await fetch(`${environment.metadataUri}/task`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The task metadata endpoint answered ${response.status}`);
  const { TaskARN, Limits, Containers } = metadataSchema.parse(await response.json());
  const [address] = Containers.flatMap(({ Networks }) => Networks.flatMap(one => one.IPv4Addresses));
  return {
    ...identity(TaskARN, { vcpu: Limits?.CPU, memoryMiB: Limits?.Memory }),
    ...(address === undefined ? {} : { address }),
  };
}

function identity(taskArn: string, limits: TaskLimits): TaskIdentity {
  return { taskArn, taskId: taskArn.slice(taskArn.lastIndexOf('/') + 1), limits };
}
