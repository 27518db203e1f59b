import type { Attempt, JobRecord, OrderState } from './job';
import { usageOf } from './job-usage';
import { missingTasks } from './backlog';
import { hurryIfLate } from './deadline';
import { addLaunch, withdrawForgotten } from './launch';
import type { Failure, OrderReport } from './report';
import { judgeFailure } from './retry-rule';
import type { Settings } from './settings';
import { trimmed } from './trim';

/** What every decision about a job may take into account beside the job itself. */
export interface Now {
  readonly now: Date;
  readonly settings: Settings;
}

/** What is done beside the record. Losing one of these does no harm that the sweep does not repair. */
export type Act =
  /** Remembers what a task has in hand, for the day it stops. */
  | { readonly kind: 'noteTask'; readonly taskArn: string; readonly inHand: InHand }
  /** It has nothing more to do with this delivery. */
  | { readonly kind: 'noteIdle'; readonly taskArn: string; readonly deliveryId: string }
  | { readonly kind: 'stopTask'; readonly taskArn: string; readonly reason: string }
  /** For a task that was started for a job which needs it no more, unless it has taken up an order of another. */
  | { readonly kind: 'stopUnused'; readonly taskArn: string; readonly reason: string }
  /** The order is over: whoever else has a message of it steps back. */
  | { readonly kind: 'closeOrder'; readonly orderId: string }
  | { readonly kind: 'renewAccess'; readonly orderId: string; readonly generation: number };

export interface InHand {
  readonly jobId: string;
  readonly orderId: string;
  readonly deliveryId: string;
}

export type Decision =
  | { readonly kind: 'unchanged'; readonly reason: string; readonly acts: readonly Act[] }
  | { readonly kind: 'changed'; readonly job: JobRecord; readonly acts: readonly Act[] };

/** What is known of a task beside what ECS says. */
export interface TaskNote {
  /** Since when it is so. */
  readonly at: Date;
  /** Absent: it has finished what it had. */
  readonly inHand?: InHand;
}

export const unchanged = (reason: string, acts: readonly Act[] = []): Decision => ({
  kind: 'unchanged',
  reason,
  acts,
});
export const changed = (job: JobRecord, acts: readonly Act[] = []): Decision => ({
  kind: 'changed',
  job,
  acts,
});

export function findOrder(job: JobRecord, orderId: string): OrderState | undefined {
  return job.orders.find(order => order.orderId === orderId);
}

export const isRunning = (attempt: Attempt): boolean => attempt.endedAt === undefined;

/** Replaces one order of the record. */
export function withOrder(job: JobRecord, order: OrderState): JobRecord {
  return { ...job, orders: job.orders.map(other => (other.orderId === order.orderId ? order : other)) };
}

/** Takes what a report says of its attempt into the record; an attempt first heard of is added. */
export function noteAttempt(order: OrderState, report: OrderReport): OrderState {
  const known = order.attempts.find(({ deliveryId }) => deliveryId === report.deliveryId);
  const base: Attempt = known ?? {
    deliveryId: report.deliveryId,
    generation: report.generation,
    taskArn: report.worker.taskArn,
    startedAt: report.at,
    lastReportAt: report.at,
    percent: 0,
    heldSeconds: 0,
    cpuSeconds: 0,
    bytesRead: 0,
  };
  // Reports come in any order: what only grows keeps its largest value.
  const noted: Attempt = {
    ...base,
    startedAt: report.at < base.startedAt ? report.at : base.startedAt,
    lastReportAt: report.at > base.lastReportAt ? report.at : base.lastReportAt,
    percent: Math.max(base.percent, report.kind === 'progress' ? report.percent : 0),
    ...('heldSeconds' in report
      ? {
          heldSeconds: Math.max(base.heldSeconds, report.heldSeconds),
          cpuSeconds: Math.max(base.cpuSeconds, report.cpuSeconds),
          bytesRead: Math.max(base.bytesRead, report.bytesRead),
        }
      : {}),
  };
  const others = order.attempts.filter(({ deliveryId }) => deliveryId !== report.deliveryId);
  return {
    ...order,
    attempts:
      known === undefined
        ? [...others, noted]
        : order.attempts.map(attempt => (attempt === known ? noted : attempt)),
  };
}

export function endAttempt(
  order: OrderState,
  deliveryId: string,
  end: { outcome: NonNullable<Attempt['outcome']>; now: Date; failure?: Failure },
): OrderState {
  const { now, ...rest } = end;
  return {
    ...order,
    attempts: order.attempts.map(attempt =>
      attempt.deliveryId === deliveryId ? { ...attempt, ...rest, endedAt: now.toISOString() } : attempt,
    ),
  };
}

/** Ends the attempts that still run and whose result nobody waits for any more. */
export function supersedeRunning(order: OrderState, now: Date): OrderState {
  return {
    ...order,
    attempts: order.attempts.map(attempt =>
      isRunning(attempt) ? { ...attempt, endedAt: now.toISOString(), outcome: 'superseded' } : attempt,
    ),
  };
}

/** After an attempt came to nothing: the order once more, or the end of the job when it has failed too often. */
export function retryOrFail(
  job: JobRecord,
  orderId: string,
  options: Now & { reason: string; failure: Failure },
): JobRecord {
  const order = findOrder(job, orderId);
  if (order === undefined) return job;
  const verdict = judgeFailure(order, options.failure, options.settings);
  if (verdict.kind === 'over') {
    return endJob(withOrder(job, { ...order, state: 'failed' }), {
      failure: { ...options.failure, message: `${options.failure.message}${verdict.why}` },
      now: options.now,
    });
  }
  return reissue(job, orderId, options);
}

/**
 * The end of an attempt of an earlier generation: nobody waits for it, so it counts as no failure, and its order is out
 * again already. Issued once more, the present generation would go stale in the hands of whoever works on it.
 * @returns undefined when the attempt is of the present generation
 */
export function leaveToLaterGeneration(
  job: JobRecord,
  order: OrderState,
  end: { deliveryId: string; now: Date },
): JobRecord | undefined {
  const attempt = order.attempts.find(({ deliveryId }) => deliveryId === end.deliveryId);
  if (attempt === undefined || attempt.generation >= order.generation || order.state === 'finished')
    return undefined;
  const ended = endAttempt(order, end.deliveryId, { outcome: 'superseded', now: end.now });
  return withOrder(job, { ...ended, state: ended.attempts.some(isRunning) ? ended.state : 'queued' });
}

/** The order as a new generation with fresh URLs; deliveries of older generations become stale. A task is asked for too. */
export function reissue(
  job: JobRecord,
  orderId: string,
  options: Now & { reason: string; ahead?: true },
): JobRecord {
  const order = findOrder(job, orderId);
  if (order === undefined) return job;
  const generation = order.generation + 1;
  const queued = withOrder(job, {
    ...order,
    state: 'queued',
    generation,
    issuedAt: options.now.toISOString(),
    multipart: {},
  });
  const pending = job.pending.filter(item => !('orderId' in item && item.orderId === orderId));
  return ensureLaunch(
    {
      ...queued,
      pending: [
        ...pending,
        {
          ...{ kind: 'issueOrder', orderId, generation },
          ...(options.ahead === undefined ? {} : { ahead: options.ahead }),
        },
      ],
    },
    options,
  );
}

/** Adds a launch unless one that has not been carried out yet will serve; of a cut job, as many as its backlog is worth. */
export function ensureLaunch(job: JobRecord, options: Now & { reason: string }): JobRecord {
  const timely = hurryIfLate(job, options);
  if (timely.cut === undefined)
    return timely.pending.some(({ kind }) => kind === 'launchTask') ? timely : addLaunch(timely, options);
  const missing = missingTasks(timely, options.settings);
  return Array.from({ length: missing }).reduce<JobRecord>(next => addLaunch(next, options), timely);
}

/** Ends a job unsuccessfully: rejected when the user's file or preset is the cause, else failed. */
export function endJob(job: JobRecord, end: { failure: Failure; now: Date }): JobRecord {
  const byUser = end.failure.blame === 'source' || end.failure.blame === 'preset';
  const finishedAt = end.now.toISOString();
  return {
    ...job,
    status: byUser ? 'rejected' : 'failed',
    finishedAt,
    failure: end.failure,
    orders: job.orders.map(order =>
      supersedeRunning({ ...order, state: order.state === 'finished' ? 'finished' : 'failed' }, end.now),
    ),
    pending: [],
  };
}

/** The record as it is written: with its time and the usage that its attempts add up to. */
export function sealed(job: JobRecord, { now, settings }: Now): JobRecord {
  const kept = trimmed(withdrawForgotten(job, now), settings);
  return { ...kept, updatedAt: now.toISOString(), usage: usageOf(kept, settings) };
}
