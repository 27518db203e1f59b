import type { Decision, Now } from './attempts';
import {
  changed,
  endAttempt,
  endJob,
  ensureLaunch,
  findOrder,
  isRunning,
  leaveToLaterGeneration,
  reissue,
  retryOrFail,
  sealed,
  unchanged,
  withOrder,
} from './attempts';
import { missingTasks } from './backlog';
import type { Attempt, JobRecord, Launch, OrderState } from './job';
import { isTerminal } from './job';
import { isLive } from './launch';
import type { Failure } from './report';
import { killedTooOften } from './retry-rule';
import type { Settings } from './settings';

/** How a task ended, from ECS. */
export interface StoppedTask {
  readonly taskArn: string;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  /** Exit code of the worker's container; absent when it never ran. */
  readonly exitCode?: number;
  /** ISO 8601. */
  readonly stoppedAt?: string;
  /** Why the container ended, such as `OutOfMemoryError: …`. */
  readonly containerReason?: string;
}

/** Exit code of a process that was ended by SIGKILL. */
const SIGKILLED = 137;

type TaskOutcome = Exclude<NonNullable<Launch['outcome']>, 'noCapacity' | 'withdrawn'>;

export function classifyStop(task: StoppedTask): TaskOutcome {
  if (task.stopCode === 'SpotInterruption' || task.stopCode === 'TerminationNotice') return 'reclaimed';
  if (task.stopCode === 'TaskFailedToStart' || task.exitCode === undefined) return 'failedToStart';
  if (task.exitCode === 0) return 'finished';
  // From outside: a worker does not kill itself, and where its memory is to blame ECS says so.
  if (task.exitCode === SIGKILLED && task.stopCode !== 'UserInitiated' && !isOutOfMemory(task))
    return 'killed';
  return task.stopCode === 'UserInitiated' ? 'stopped' : 'crashed';
}

/** What the end of a task means for a job that it was started for or whose order it had in hand. */
export function decideTaskStopped(job: JobRecord, task: StoppedTask, context: Now): Decision {
  if (isTerminal(job.status)) return unchanged(`the job is ${job.status}`);
  const outcome = classifyStop(task);
  const booked = bookLaunch(job, { task, outcome, now: context.now });
  const next = settleAttempts(booked, { task, outcome, context });
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

function settleAttempts(
  job: JobRecord,
  end: { task: StoppedTask; outcome: TaskOutcome; context: Now },
): JobRecord {
  // A worker exits with 0 only after SQS has taken its last report: that report decides, it may just not be here yet.
  if (end.outcome === 'finished') return job;
  // More than one where the report that ended the first is late.
  return job.orders.reduce(
    (next, { orderId }) => (isTerminal(next.status) ? next : settleAttempt(next, orderId, end)),
    job,
  );
}

function settleAttempt(
  job: JobRecord,
  orderId: string,
  { task, outcome, context }: { task: StoppedTask; outcome: TaskOutcome; context: Now },
): JobRecord {
  const order = findOrder(job, orderId);
  const attempt = order?.attempts.find(
    ({ taskArn, endedAt }) => taskArn === task.taskArn && endedAt === undefined,
  );
  if (order === undefined || attempt === undefined) return job;
  return settleLost(job, heldUntil(order, attempt, task.stoppedAt), {
    attempt,
    end: { task, outcome, context },
  });
}

/** What was done since the last report is lost as well. */
function heldUntil(order: OrderState, attempt: Attempt, stoppedAt: string | undefined): OrderState {
  if (stoppedAt === undefined) return order;
  const seconds = (Date.parse(stoppedAt) - Date.parse(attempt.startedAt)) / 1000;
  const heldSeconds = Math.max(attempt.heldSeconds, seconds);
  return {
    ...order,
    attempts: order.attempts.map(other => (other === attempt ? { ...attempt, heldSeconds } : other)),
  };
}

function settleLost(
  job: JobRecord,
  order: OrderState,
  {
    attempt: { deliveryId },
    end: { task, outcome, context },
  }: { attempt: Attempt; end: { task: StoppedTask; outcome: TaskOutcome; context: Now } },
): JobRecord {
  const { orderId } = order;
  const left = leaveToLaterGeneration(job, order, { deliveryId, now: context.now });
  if (left !== undefined) return left;
  if (outcome === 'crashed') {
    const failure = crashFailure(task);
    const ended = endAttempt(order, deliveryId, { outcome: 'crashed', now: context.now, failure });
    return retryOrFail(withOrder(job, ended), orderId, { ...context, reason: 'crashed', failure });
  }
  const kind = outcome === 'reclaimed' || outcome === 'killed' ? outcome : 'returned';
  const ended = endAttempt(order, deliveryId, { outcome: kind, now: context.now });
  if (order.state === 'finished') return withOrder(job, ended);
  const killed = killedTooOften(ended);
  return killed === undefined
    ? reissue(withOrder(job, ended), orderId, { ...context, reason: kind })
    : endJob(withOrder(job, ended), { failure: killed, now: context.now });
}

/** An order that waits needs a task that is alive or asked for. */
function relaunchIfNeeded(
  job: JobRecord,
  { outcome, task, context }: { outcome: TaskOutcome; task: StoppedTask; context: Now },
): JobRecord {
  if (isTerminal(job.status) || !needsLaunch(job, context.settings)) return job;
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

/** Whether an order waits in the queue while fewer tasks are there or asked for than could take it. */
export function needsLaunch(job: JobRecord, settings: Settings): boolean {
  return (
    job.orders.some(({ state, attempts }) => state === 'queued' && !attempts.some(isRunning)) &&
    (job.cut === undefined ? !job.launches.some(isLive) : missingTasks(job, settings) > 0)
  );
}

/**
 * Launches that speak against the tasks: none could be had, or it ended badly without taking up an order of this job.
 * One whose worker left in peace does not: the order was in other hands, or its message still hidden.
 */
export function launchesThatNeverServed(job: JobRecord): readonly Launch[] {
  return unserved(job).filter(
    ({ outcome }) =>
      outcome !== 'reclaimed' && outcome !== 'killed' && outcome !== 'finished' && outcome !== 'withdrawn',
  );
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
  const detail =
    [task.containerReason, task.stoppedReason].filter(Boolean).join('; ') ||
    `exit code ${task.exitCode ?? 'unknown'}`;
  return isOutOfMemory(task)
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

function isOutOfMemory({ containerReason = '', stoppedReason = '' }: StoppedTask): boolean {
  return /OutOfMemory/i.test(`${containerReason} ${stoppedReason}`);
}
