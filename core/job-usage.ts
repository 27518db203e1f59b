import { priceBasis, taskCostUsd } from './cost/receipt';
import type { CapacityProvider } from './cost/task';
import type { Attempt, JobRecord } from './job';
import { networkReceiptsOf } from './nat-network-stays';
import type { Settings } from './settings';
import type { TaskSize } from './task-size';

/** What the attempts of a job add up to, lost work apart. */
export function usageOf(job: JobRecord, settings: Settings): JobRecord['usage'] {
  const attempts = job.orders.flatMap(order => order.attempts);
  const earlier = job.orders.flatMap(order => (order.earlier === undefined ? [] : [order.earlier]));
  const lost = attempts.filter(({ outcome }) => outcome !== undefined && outcome !== 'finished');
  const costUsd = (attempt: Attempt): number => attemptCostUsd(job, attempt, settings);
  const earlierSeconds = sum(earlier, ({ heldSeconds }) => heldSeconds);
  const earlierUsd = sum(earlier, ({ usd }) => usd);
  const taskSeconds = sum(attempts, ({ heldSeconds }) => heldSeconds) + earlierSeconds;
  const lostSeconds = sum(lost, ({ heldSeconds }) => heldSeconds) + earlierSeconds;
  return {
    taskSeconds: round(taskSeconds, 3),
    lostSeconds: round(lostSeconds, 3),
    lostPercent: taskSeconds === 0 ? 0 : round((100 * lostSeconds) / taskSeconds, 2),
    cpuSeconds: round(
      sum(attempts, ({ cpuSeconds }) => cpuSeconds) + sum(earlier, ({ cpuSeconds }) => cpuSeconds),
      3,
    ),
    estimatedUsd: round(sum(attempts, costUsd) + earlierUsd, 6),
    lostUsd: round(sum(lost, costUsd) + earlierUsd, 6),
    ...priceBasis(settings),
    ...(job.launches.some(({ networkId }) => networkId !== undefined)
      ? { networkReceipts: networkReceiptsOf(job.jobId) }
      : {}),
  };
}

/** What an attempt cost so far. */
export function attemptCostUsd(
  job: Pick<JobRecord, 'preset' | 'launches'>,
  attempt: Attempt,
  settings: Settings,
): number {
  const size = job.preset?.content.task;
  if (size === undefined || attempt.heldSeconds === 0) return 0;
  const launch = job.launches.find(({ taskArn }) => taskArn === attempt.taskArn);
  return (attempt.heldSeconds * hourUsd(size, launch?.capacityProvider ?? 'FARGATE_SPOT', settings)) / 3600;
}

/** Prices of hours that were asked for: a record is priced after every report, and prices do not change while this runs. */
const knownPrices = new WeakMap<Settings, Map<string, number>>();

function hourUsd(size: TaskSize, capacityProvider: CapacityProvider, settings: Settings): number {
  const known = knownPrices.get(settings) ?? new Map<string, number>();
  knownPrices.set(settings, known);
  const key = `${size.vcpu} ${size.memoryGiB} ${size.ephemeralStorageGiB} ${capacityProvider}`;
  const usd = known.get(key) ?? taskCostUsd({ size, seconds: 3600, capacityProvider }, settings);
  known.set(key, usd);
  return usd;
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((sofar, item) => sofar + pick(item), 0);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
