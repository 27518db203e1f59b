import type { Decision, Now } from './attempts';
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
import type { JobRecord, Launch } from './job';
import { isTerminal } from './job';
import { isLive } from './launch';
import type { Failure } from './report';

/** How a task ended, from ECS. */
export interface StoppedTask {
  readonly taskArn: string;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  /** Exit code of the worker's container; absent when it never ran. */
  readonly exitCode?: number;
  /** Why the container ended, such as `OutOfMemoryError: …`. */
  readonly containerReason?: string;
}

type TaskOutcome = Exclude<NonNullable<Launch['outcome']>, 'noCapacity'>;

export function classifyStop(task: StoppedTask): TaskOutcome {
  if (task.stopCode === 'SpotInterruption' || task.stopCode === 'TerminationNotice') return 'reclaimed';
  if (task.stopCode === 'TaskFailedToStart' || task.exitCode === undefined) return 'failedToStart';
  if (task.exitCode === 0) return 'finished';
  return task.stopCode === 'UserInitiated' ? 'stopped' : 'crashed';
}

/** What the end of a task means for a job that it was started for or whose order it had in hand. */
export function decideTaskStopped(job: JobRecord, task: StoppedTask, context: Now): Decision {
  if (isTerminal(job.status)) return unchanged(`the job is ${job.status}`);
  const outcome = classifyStop(task);
  const booked = bookLaunch(job, { task, outcome, now: context.now });
  const next = settleAttempt(booked, { task, outcome, context });
  const served = relaunchIfNeeded(next, { outcome, task, context });
  return served === job
    ? unchanged('the task is not known to the job, or its end is booked')
    : changed(sealed(served, context));
}

function bookLaunch(
  job: JobRecord,
  { task, outcome, now }: { task: StoppedTask; outcome: TaskOutcome; now: Date },
): JobRecord {
  const launch = job.launches.find(({ taskArn }) => taskArn === task.taskArn);
  if (launch === undefined || !isLive(launch)) return job;
  const detail = [task.stoppedReason, task.containerReason].filter(Boolean).join('; ');
  const ended: Launch = {
    ...launch,
    endedAt: now.toISOString(),
    outcome,
    ...(detail === '' ? {} : { detail }),
  };
  return { ...job, launches: job.launches.map(other => (other === launch ? ended : other)) };
}

function settleAttempt(
  job: JobRecord,
  { task, outcome, context }: { task: StoppedTask; outcome: TaskOutcome; context: Now },
): JobRecord {
  // A worker exits with 0 only after SQS has taken its last report: that report decides, it may just not be here yet.
  if (outcome === 'finished') return job;
  for (const order of job.orders) {
    const attempt = order.attempts.find(
      ({ taskArn, endedAt }) => taskArn === task.taskArn && endedAt === undefined,
    );
    if (attempt === undefined) continue;
    const { deliveryId } = attempt;
    const left = leaveToLaterGeneration(job, order, { deliveryId, now: context.now });
    if (left !== undefined) return left;
    if (outcome === 'crashed') {
      const failure = crashFailure(task);
      const ended = endAttempt(order, deliveryId, { outcome: 'crashed', now: context.now, failure });
      return retryOrFail(withOrder(job, ended), order.orderId, { ...context, reason: 'crashed', failure });
    }
    const kind = outcome === 'reclaimed' ? 'reclaimed' : 'returned';
    const ended = endAttempt(order, deliveryId, { outcome: kind, now: context.now });
    return order.state === 'finished'
      ? withOrder(job, ended)
      : reissue(withOrder(job, ended), order.orderId, { ...context, reason: kind });
  }
  return job;
}

/** An order that waits needs a task that is alive or asked for. */
function relaunchIfNeeded(
  job: JobRecord,
  { outcome, task, context }: { outcome: TaskOutcome; task: StoppedTask; context: Now },
): JobRecord {
  if (isTerminal(job.status) || !needsLaunch(job)) return job;
  const failed = launchesThatNeverServed(job);
  if (failed.length >= context.settings.maxFailedLaunches)
    return endJob(job, { failure: launchFailure(failed), now: context.now });
  // Once at once; a second in a row is left to the sweep, whose interval is the back-off.
  if (outcome === 'failedToStart' && failed.length > 1) return job;
  if (outcome === 'finished' && leftEmptyHanded(job) > 1) return job;
  return ensureLaunch(job, {
    ...context,
    reason: outcome === 'finished' ? `${task.taskArn.split('/').at(-1) ?? 'task'} left` : outcome,
  });
}

/** Whether an order waits in the queue while no task is there or asked for that could take it. */
export function needsLaunch(job: JobRecord): boolean {
  return (
    job.orders.some(({ state, attempts }) => state === 'queued' && !attempts.some(isRunning)) &&
    !job.launches.some(isLive)
  );
}

/**
 * Launches that speak against the tasks: none could be had, or it ended badly without taking up an order of this job.
 * One whose worker left in peace does not: the order was in other hands, or its message still hidden.
 */
export function launchesThatNeverServed(job: JobRecord): readonly Launch[] {
  return unserved(job).filter(({ outcome }) => outcome !== 'reclaimed' && outcome !== 'finished');
}

/** Tasks asked for since the order that waits was issued whose workers found nothing to do. */
function leftEmptyHanded(job: JobRecord): number {
  const issuedAt = job.orders.find(({ state }) => state === 'queued')?.issuedAt ?? '';
  return unserved(job).filter(({ outcome, requestedAt }) => outcome === 'finished' && requestedAt >= issuedAt)
    .length;
}

function unserved(job: JobRecord): readonly Launch[] {
  const served = new Set(job.orders.flatMap(order => order.attempts.map(({ taskArn }) => taskArn)));
  return job.launches.filter(
    launch => !isLive(launch) && !(launch.taskArn !== undefined && served.has(launch.taskArn)),
  );
}

export function launchFailure(failed: readonly Launch[]): Failure {
  const last = failed.at(-1);
  return {
    code: 'TASKS_DO_NOT_START',
    message: `${failed.length} tasks were asked for and none took up the work. The last: ${last?.outcome ?? 'unknown'}${last?.detail === undefined ? '' : `, ${last.detail}`}.`,
    fix: 'See "Tasks do not start" in docs/runbook.md: image, subnets, quotas and capacity are the usual causes. Then upload the manifest again.',
    retryable: false,
    blame: 'service',
  };
}

function crashFailure(task: StoppedTask): Failure {
  const memory = /OutOfMemory/i.test(`${task.containerReason ?? ''} ${task.stoppedReason ?? ''}`);
  const detail =
    [task.containerReason, task.stoppedReason].filter(Boolean).join('; ') ||
    `exit code ${task.exitCode ?? 'unknown'}`;
  return memory
    ? {
        code: 'OUT_OF_MEMORY',
        message: `The task ran out of memory: ${detail}.`,
        fix: 'Raise task.memoryGiB in the preset and upload the manifest again.',
        retryable: true,
        blame: 'service',
      }
    : {
        code: 'WORKER_CRASHED',
        message: `The worker's container ended: ${detail}.`,
        fix: "Read the task's log stream. Upload the manifest again to start anew.",
        retryable: true,
        blame: 'service',
      };
}
