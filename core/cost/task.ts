import type { Range } from './range';
import { scale } from './range';
import type { UsageLine } from './usage';

export type CapacityProvider = 'FARGATE_SPOT' | 'FARGATE';

/** CPU architecture of a task, in ECS's words of its task definition but in lower case. */
export type Architecture = 'x86_64' | 'arm64';

/** Disk that comes with a task; only more is billed. */
const FREE_STORAGE_GIB = 20;
const SECONDS_PER_HOUR = 3600;
/** A task is billed for one minute at least. */
export const MINIMUM_BILLED_SECONDS = 60;

/** As `TaskSize`, but as ECS reports it of a task, which may be of any size. */
export interface BilledSize {
  readonly vcpu: number;
  readonly memoryGiB: number;
  readonly ephemeralStorageGiB: number;
}

export interface TaskRun {
  readonly size: BilledSize;
  readonly architecture: Architecture;
  readonly capacityProvider: CapacityProvider;
  readonly seconds: Range;
  /** Whether the task has a public IPv4 address, as in public subnets. */
  readonly publicAddress: boolean;
}

/** What a task is billed for, from the pull of its image to its end. */
export function taskUsage(run: TaskRun): UsageLine[] {
  const hours = scale(run.seconds, 1 / SECONDS_PER_HOUR);
  const spot = run.capacityProvider === 'FARGATE_SPOT';
  const arm = run.architecture === 'arm64';
  const extraGib = Math.max(0, run.size.ephemeralStorageGiB - FREE_STORAGE_GIB);
  return [
    {
      what: 'Fargate vCPU',
      item: arm ? 'fargateArmVcpuHour' : 'fargateX86VcpuHour',
      quantity: scale(hours, run.size.vcpu),
      spot,
    },
    {
      what: 'Fargate memory',
      item: arm ? 'fargateArmGbHour' : 'fargateX86GbHour',
      quantity: scale(hours, run.size.memoryGiB),
      spot,
    },
    ...(extraGib === 0
      ? []
      : [
          {
            what: 'Fargate disk beyond 20 GB',
            item: 'fargateStorageGbHour' as const,
            quantity: scale(hours, extraGib),
          },
        ]),
    ...(run.publicAddress
      ? [{ what: 'Public IPv4 address', item: 'publicIpv4Hour' as const, quantity: hours }]
      : []),
  ];
}

/** Seconds that AWS bills for a task that ran from `from` to `to`. */
export function billedSeconds(from: Date, to: Date): number {
  return Math.max(MINIMUM_BILLED_SECONDS, Math.ceil((to.getTime() - from.getTime()) / 1000));
}
