import { priceBasis, taskCostUsd } from './cost/receipt';
import type { Attempt, JobRecord } from './job';
import type { Settings } from './settings';

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
  };
}

/** What an attempt cost so far. */
export function attemptCostUsd(
  job: Pick<JobRecord, 'preset' | 'launches'>,
  attempt: Attempt,
  settings: Settings,
): number {
  const size = job.preset?.content.task;
  if (size === undefined) return 0;
  const launch = job.launches.find(({ taskArn }) => taskArn === attempt.taskArn);
  return taskCostUsd(
    { size, seconds: attempt.heldSeconds, capacityProvider: launch?.capacityProvider ?? 'FARGATE_SPOT' },
    settings,
  );
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((sofar, item) => sofar + pick(item), 0);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
