import { openOrders, servingLaunches, wantedTasks } from './backlog';
import { framesOf } from './chunk';
import type { JobRecord, OrderState } from './job';
import type { Manifest } from './manifest';
import type { Problem } from './problem';
import type { Settings } from './settings';

/** Orders measured before a speed is believed. */
const LEAST_MEASURED = 2;
/** Seconds that a task takes from the wish for it to its first order. */
const START_SECONDS = 60;
/** Time that the assembly takes, over that of the picture in one task. */
const ASSEMBLY_SHARE = 0.05;
/** Time left over at which Spot is given up for a source that is cut: a reclaim or two must still fit in. */
const MARGIN = 1.25;
/** The same for one that is encoded whole: a reclaim loses all of it, so that it must fit in twice. */
const WHOLE_MARGIN = 2;
/** Share of an encode in per cent from which on its length is told by it. */
const LEAST_PERCENT = 5;

export type Deadline =
  | { readonly kind: 'none' }
  | { readonly kind: 'at'; readonly deadlineAt: string }
  | { readonly kind: 'invalid'; readonly problem: Problem };

/** The time that a manifest means: so many minutes from acceptance, or a time of its own. */
export function readDeadline({ deadline }: Manifest, now: Date): Deadline {
  if (deadline === undefined) return { kind: 'none' };
  const at = typeof deadline === 'number' ? new Date(now.getTime() + deadline * 60_000) : new Date(deadline);
  if (at > now) return { kind: 'at', deadlineAt: at.toISOString() };
  return {
    kind: 'invalid',
    problem: {
      pointer: '/deadline',
      value: String(deadline),
      fix: `It is past already: it is ${now.toISOString()}. Give a later time, or minutes from now, such as 90.`,
    },
  };
}

/** Whether the orders of a job go before those of others. */
export function goesFirst(job: Pick<JobRecord, 'manifest' | 'hurriedAt'>): boolean {
  return job.manifest?.priority === 'urgent' || job.hurriedAt !== undefined;
}

/** The job, marked to hurry when Spot, with its reclaims, might not meet its deadline. */
export function hurryIfLate(job: JobRecord, { now, settings }: { now: Date; settings: Settings }): JobRecord {
  if (job.deadlineAt === undefined || job.hurriedAt !== undefined) return job;
  const whole = wholeSeconds(job, settings);
  const remaining = whole ?? remainingSeconds(job, settings);
  if (remaining === undefined) return job;
  const leftSeconds = (Date.parse(job.deadlineAt) - now.getTime()) / 1000;
  const margin = whole === undefined ? MARGIN : WHOLE_MARGIN;
  return remaining * margin <= leftSeconds ? job : { ...job, hurriedAt: now.toISOString() };
}

/**
 * Seconds that a source takes that is encoded whole, from the start of a task; undefined for others. As long as no
 * encode of it has come far enough to tell, it is taken for one that is just not cut, and encoded as fast as it plays.
 */
function wholeSeconds(
  { orders, cut }: JobRecord,
  { splitAboveSeconds }: Pick<Settings, 'splitAboveSeconds'>,
): number | undefined {
  const order = orders.find(({ work }) => work.kind === 'encode-whole');
  if (order === undefined || cut !== undefined) return undefined;
  const told = order.attempts
    .filter(({ percent }) => percent >= LEAST_PERCENT)
    .map(attempt => (attempt.heldSeconds * 100) / attempt.percent);
  return START_SECONDS + (told.length === 0 ? splitAboveSeconds : Math.max(...told));
}

/** Seconds that a cut job still takes, at the speed of the chunks that are done; undefined while that is not known. */
export function remainingSeconds(
  job: JobRecord,
  settings: Pick<Settings, 'maxTasksPerJob'>,
): number | undefined {
  const measured = job.orders.filter(
    ({ state, work }) => state === 'finished' && work.kind === 'encode-chunk',
  );
  if (measured.length < LEAST_MEASURED) return undefined;
  const secondsPerFrame = sum(measured, heldSeconds) / Math.max(1, sum(measured, frames));
  const open = openOrders(job);
  const tasks = Math.max(1, Math.min(wantedTasks(job, settings), servingLaunches(job).length));
  const all = sum(job.orders, frames) * secondsPerFrame;
  return (
    (sum(open, frames) * secondsPerFrame) / tasks +
    (servingLaunches(job).length === 0 ? START_SECONDS : 0) +
    all * ASSEMBLY_SHARE
  );
}

function frames({ work }: OrderState): number {
  return work.kind === 'encode-chunk' ? framesOf(work.chunk) : 0;
}

function heldSeconds({ attempts }: OrderState): number {
  return attempts.find(({ outcome }) => outcome === 'finished')?.heldSeconds ?? 0;
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}
