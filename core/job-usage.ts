import { priceBasis, taskCostUsd } from './cost/receipt';
import type { Attempt, JobRecord } from './job';
import type { Settings } from './settings';

/** What the attempts of a job add up to, lost work apart. */
export function usageOf(
  job: JobRecord,
  attempts: readonly Attempt[],
  settings: Settings,
): JobRecord['usage'] {
  const lost = attempts.filter(({ outcome }) => outcome !== undefined && outcome !== 'finished');
  const costUsd = (attempt: Attempt): number => attemptCost(job, attempt, settings);
  return {
    taskSeconds: sum(attempts, ({ heldSeconds }) => heldSeconds, 3),
    lostSeconds: sum(lost, ({ heldSeconds }) => heldSeconds, 3),
    cpuSeconds: sum(attempts, ({ cpuSeconds }) => cpuSeconds, 3),
    estimatedUsd: sum(attempts, costUsd, 6),
    lostUsd: sum(lost, costUsd, 6),
    ...priceBasis(settings),
  };
}

function attemptCost(job: JobRecord, attempt: Attempt, settings: Settings): number {
  const size = job.preset?.content.task;
  if (size === undefined) return 0;
  const launch = job.launches.find(({ taskArn }) => taskArn === attempt.taskArn);
  return taskCostUsd(
    { size, seconds: attempt.heldSeconds, capacityProvider: launch?.capacityProvider ?? 'FARGATE_SPOT' },
    settings,
  );
}

function sum(attempts: readonly Attempt[], pick: (attempt: Attempt) => number, digits: number): number {
  const total = attempts.reduce((sofar, attempt) => sofar + pick(attempt), 0);
  return Number(total.toFixed(digits));
}
