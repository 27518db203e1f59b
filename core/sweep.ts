import type { Act, Now, TaskNote } from './attempts';
import {
  changed,
  endAttempt,
  endJob,
  ensureLaunch,
  isRunning,
  leaveToLaterGeneration,
  reissue,
  retryOrFail,
  sealed,
  unchanged,
  withOrder,
} from './attempts';
import type { Decision } from './attempts';
import { stopAllStarted } from './completion';
import { hurryIfLate } from './deadline';
import type { JobRecord, OrderState, Pending } from './job';
import { isTerminal } from './job';
import { isLive } from './launch';
import { promisedAtMs } from './pending';
import type { Failure } from './report';
import type { StoppedTask } from './task-state';
import { decideTaskStopped, launchFailure, launchesThatNeverServed, needsLaunch } from './task-state';

/** What ECS says of one task. */
export type TaskSight =
  | {
      readonly kind: 'live';
      readonly taskArn: string;
      readonly startedBy: string;
      readonly createdAt: Date;
      readonly expiresAt?: Date;
      /** The network that was made for it, where networks are. */
      readonly networkId?: string;
    }
  | { readonly kind: 'stopped'; readonly task: StoppedTask }
  /** Stopped more than an hour ago, or never there. */
  | { readonly kind: 'unknown'; readonly taskArn: string };

export interface SweepFacts extends Now {
  /** By task ARN: every task that a launch or a running attempt of the job names. */
  readonly tasks: ReadonlyMap<string, TaskSight>;
  /** No message is visible, in flight or delayed in the order queue. */
  readonly orderQueueIsEmpty: boolean;
  /** As many tasks run as may: an order that waits will have its turn. */
  readonly tasksAreFull: boolean;
}

export type SweepVerdict =
  /** The job has ended: its marker and work objects are left to clear away. */
  | { readonly kind: 'close' }
  /** What the record promises was not done in time. */
  | { readonly kind: 'carryOut' }
  | { readonly kind: 'decided'; readonly decision: Decision };

/** Looks at one open job and repairs what lost events, crashes and restarts left undone. */
export function decideSweep(job: JobRecord, facts: SweepFacts): SweepVerdict {
  if (isTerminal(job.status)) return { kind: 'close' };
  const expired = checkExpiry(job, facts);
  if (expired !== undefined) return { kind: 'decided', decision: expired };
  const waited = (item: Pending): number => facts.now.getTime() - promisedAtMs(job, item);
  if (job.pending.some(item => waited(item) >= facts.settings.graceSeconds * 1000))
    return { kind: 'carryOut' };
  const acts: Act[] = [];
  let next = settleStoppedTasks(job, facts);
  next = settleSilentAttempts(next, { facts, acts });
  next = hurryQueuedOrders(next, facts);
  next = reviveQueuedOrders(next, facts);
  return {
    kind: 'decided',
    decision: next === job ? unchanged('nothing to repair') : changed(sealed(next, facts), acts),
  };
}

function checkExpiry(job: JobRecord, { now, settings }: SweepFacts): Decision | undefined {
  const age = now.getTime() - new Date(job.acceptedAt).getTime();
  if (age < settings.jobExpiryMinutes * 60_000) return undefined;
  const failure: Failure = {
    code: 'JOB_EXPIRED',
    message: `The job was not done within ${settings.jobExpiryMinutes} minutes.`,
    fix: 'Its launches and attempts in this record show what held it up. Deploy with a larger jobExpiryMinutes if the video simply needs longer.',
    retryable: false,
    blame: 'limit',
  };
  return changed(
    sealed(endJob(job, { failure, now }), { now, settings }),
    stopAllStarted(job, 'job expired'),
  );
}

/** The end of tasks whose state-change event never came. */
function settleStoppedTasks(job: JobRecord, facts: SweepFacts): JobRecord {
  let next = job;
  for (const sight of facts.tasks.values()) {
    if (isTerminal(next.status)) return next;
    const stopped = stoppedTask(sight);
    if (stopped === undefined || !concerns(next, stopped.taskArn)) continue;
    const decision = decideTaskStopped(next, stopped, facts);
    if (decision.kind === 'changed') next = decision.job;
  }
  return next;
}

function concerns(job: JobRecord, taskArn: string): boolean {
  return (
    job.launches.some(launch => launch.taskArn === taskArn && isLive(launch)) ||
    job.orders.some(order =>
      order.attempts.some(attempt => isRunning(attempt) && attempt.taskArn === taskArn),
    )
  );
}

function stoppedTask(sight: TaskSight): StoppedTask | undefined {
  switch (sight.kind) {
    case 'live':
      return undefined;
    case 'stopped':
      return sight.task;
    case 'unknown':
      // ECS forgets after an hour: no cause is known, so none is held against the order.
      return {
        taskArn: sight.taskArn,
        stopCode: 'SpotInterruption',
        stoppedReason: 'ECS no longer knows the task',
      };
  }
}

/** Attempts of which nothing is heard: hung with a live task, or gone with one that has stopped. */
function settleSilentAttempts(
  job: JobRecord,
  { facts, acts }: { facts: SweepFacts; acts: Act[] },
): JobRecord {
  let next = job;
  for (const order of job.orders) {
    for (const attempt of order.attempts.filter(isRunning)) {
      if (isTerminal(next.status)) return next;
      const silentSeconds = secondsSince(attempt.lastReportAt, facts);
      const isTaskLive = facts.tasks.get(attempt.taskArn)?.kind === 'live';
      const current = next.orders.find(({ orderId }) => orderId === order.orderId);
      if (
        current === undefined ||
        !current.attempts.some(other => other.deliveryId === attempt.deliveryId && isRunning(other))
      )
        continue;
      const end = { deliveryId: attempt.deliveryId, now: facts.now };
      if (isTaskLive && silentSeconds >= facts.settings.silenceSeconds) {
        const failure = silenceFailure(facts.settings.silenceSeconds);
        const ended = endAttempt(current, attempt.deliveryId, {
          outcome: 'stalled',
          now: facts.now,
          failure,
        });
        acts.push({ kind: 'stopTask', taskArn: attempt.taskArn, reason: 'no report from the worker' });
        next =
          leaveToLaterGeneration(next, current, end) ??
          retryOrFail(withOrder(next, ended), order.orderId, { ...facts, reason: 'stalled', failure });
      } else if (!isTaskLive && silentSeconds >= facts.settings.graceSeconds) {
        const ended = endAttempt(current, attempt.deliveryId, { outcome: 'returned', now: facts.now });
        next =
          leaveToLaterGeneration(next, current, end) ??
          reissue(withOrder(next, ended), order.orderId, { ...facts, reason: 'lost' });
      }
    }
  }
  return next;
}

/** Orders that wait for a worker, as far as the record knows. */
function waitingOrders(job: JobRecord): OrderState[] {
  const promised = new Set(job.pending.map(item => ('orderId' in item ? item.orderId : '')));
  return job.orders.filter(
    ({ orderId, state, attempts }) =>
      state === 'queued' && !promised.has(orderId) && !attempts.some(isRunning),
  );
}

/** Orders that nobody will take up: their message is lost, or no task is there for it. */
function reviveQueuedOrders(job: JobRecord, facts: SweepFacts): JobRecord {
  if (isTerminal(job.status)) return job;
  let next = job;
  for (const order of waitingOrders(job)) {
    if (secondsSince(reachableAt(next, order), facts) < facts.settings.graceSeconds) continue;
    const failed = launchesThatNeverServed(next);
    if (failed.length >= facts.settings.maxFailedLaunches)
      return endJob(next, { failure: launchFailure(failed), now: facts.now });
    if (isLost(order, facts)) next = reissue(next, order.orderId, { ...facts, reason: 'lost' });
    else if (!facts.tasksAreFull && needsLaunch(next, facts.settings))
      next = ensureLaunch(next, { ...facts, reason: 'queued without a task' });
  }
  return next;
}

/** Since when somebody could have taken the order up: its task may have been started long after it was issued. */
function reachableAt({ launches }: JobRecord, { issuedAt }: OrderState): string {
  const starts = launches.flatMap(({ startedAt, endedAt }) =>
    startedAt === undefined || (endedAt !== undefined && endedAt < issuedAt) ? [] : [startedAt],
  );
  const first = starts.sort()[0] ?? issuedAt;
  return first > issuedAt ? first : issuedAt;
}

/** An order whose URLs have ended is of no use to whoever still comes to it: issued anew, it cannot be done twice. */
function isLost({ issuedAt }: OrderState, facts: SweepFacts): boolean {
  const isOld = secondsSince(issuedAt, facts) >= facts.settings.urlSeconds;
  return facts.orderQueueIsEmpty || (isOld && !facts.tasksAreFull);
}

/** Orders that wait for their turn at the end of a queue, although their job must be done soon. */
function hurryQueuedOrders(job: JobRecord, facts: SweepFacts): JobRecord {
  if (isTerminal(job.status)) return job;
  const hurried = hurryIfLate(job, facts);
  if (hurried === job) return job;
  return waitingOrders(hurried).reduce(
    (next, { orderId }) => reissue(next, orderId, { ...facts, reason: 'late' }),
    hurried,
  );
}

function secondsSince(time: string, { now }: Now): number {
  return (now.getTime() - Date.parse(time)) / 1000;
}

function silenceFailure(silenceSeconds: number): Failure {
  return {
    code: 'WORKER_SILENT',
    message: `The worker sent no report for ${silenceSeconds} seconds.`,
    fix: "Read the task's log stream; the runbook says where.",
    retryable: true,
    blame: 'service',
  };
}

export type LiveTask = Extract<TaskSight, { kind: 'live' }>;

/** Whether a live task must be stopped whatever it does. */
export function isExpired({ expiresAt }: LiveTask, { now }: Now): boolean {
  // Equal counts as expired: the expiry excludes its last second.
  return expiresAt !== undefined && now >= expiresAt;
}

/**
 * Whether a task that no open job names has been of no use for long enough to be stopped. A worker leaves by itself
 * within seconds of its last order. One that has taken up another a moment ago looks the same until its report is
 * here, which is why the time counts from what was last heard of it.
 */
export function isOrphaned(
  { createdAt }: LiveTask,
  { note, now, settings }: Now & { note: TaskNote | undefined },
): boolean {
  const since = note?.at ?? createdAt;
  return now.getTime() - since.getTime() >= settings.graceSeconds * 1000;
}
