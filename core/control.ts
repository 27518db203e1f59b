import { createHash } from 'node:crypto';
import type { Decision, Now } from './attempts';
import { changed, endJob, sealed, unchanged } from './attempts';
import { stopAllStarted } from './completion';
import { advance } from './chunked-job';
import { acceptJob } from './intake';
import type { JobRecord, OrderState } from './job';
import { isTerminal, jobIdTime, timeOfJobId } from './job';
import type { OutputFacts } from './report';
import type { Settings } from './settings';

/** What a user can ask of a job by an object in the state bucket; its content counts for nothing. */
export interface JobRequest {
  readonly jobId: string;
  readonly action: 'cancel' | 'retry';
}

export const CONTROL_PREFIX = 'control/';

export function controlKey({ jobId, action }: JobRequest): string {
  return `${CONTROL_PREFIX}${jobId}/${action}`;
}

/** Undefined when the key asks for nothing that is known. */
export function parseControlKey(key: string): JobRequest | undefined {
  const [jobId, action, ...rest] = key.slice(CONTROL_PREFIX.length).split('/');
  if (!key.startsWith(CONTROL_PREFIX) || jobId === undefined || jobId === '' || rest.length > 0)
    return undefined;
  return action === 'cancel' || action === 'retry' ? { jobId, action } : undefined;
}

/** Ends a job because its user asks for it. Its tasks are stopped; orders that are still queued are stale, and removed by the next sweep or by whoever comes to them. */
export function decideCancel(job: JobRecord, context: Now): Decision {
  if (isTerminal(job.status)) return unchanged(`it is ${job.status} already`);
  // Its outputs are being copied at this moment: cancelled, it would leave some of them behind.
  if (job.status === 'publishing') return unchanged('its outputs are being published');
  const failure = {
    code: 'CANCELLED_BY_USER',
    message: 'It was asked for.',
    fix: `To have it made after all, add ${controlKey({ jobId: job.jobId, action: 'retry' })} to the state bucket.`,
    retryable: false,
    blame: 'limit',
  } as const;
  const ended: JobRecord = { ...endJob(job, { failure, now: context.now }), status: 'cancelled' };
  return changed(sealed(ended, context), stopAllStarted(job, 'job cancelled'));
}

export type RetryDecision =
  { readonly kind: 'retry'; readonly job: JobRecord } | { readonly kind: 'refuse'; readonly reason: string };

/** Whether what the workers of an ended job stored is kept for a retry, until the bucket's lifecycle removes it. */
export function keepsResults({ status, cut }: Pick<JobRecord, 'status' | 'cut'>): boolean {
  return status === 'failed' && cut !== undefined;
}

/** What a job that ended without outputs made all the same, by order. */
export function resultsToKeep(
  job: JobRecord,
): readonly (readonly [orderId: string, files: readonly OutputFacts[]])[] {
  return job.orders.flatMap(({ orderId, results }) =>
    results === undefined ? [] : [[orderId, results] as const],
  );
}

/**
 * A new job of the same upload, manifest and preset as one that failed or was cancelled: records that have ended
 * never change. The same job gives the same new one, however often it is asked for. Of a cut source, it begins with
 * the chunks that are done.
 * @param context.lost ids of orders whose results are not in S3 any more. Default: none
 */
export function decideRetry(
  job: JobRecord,
  context: { now: Date; settings: Settings; lost?: ReadonlySet<string> },
): RetryDecision {
  const { source, finishedAt } = job;
  if (!isTerminal(job.status) || finishedAt === undefined) return refuse(`it is still ${job.status}`);
  if (job.status === 'done') return refuse('it is done');
  if (job.status === 'rejected' || source === undefined)
    return refuse('it was rejected: mend what its summary names, and upload again');
  if (job.addsTo !== undefined) return refuse('it was to add captions: upload the caption file again');
  const now = context.now.toISOString();
  const { facts: _facts, ...uploaded } = source;
  const kept = job.cut === undefined ? [] : carriedOver(job.orders, context.lost ?? new Set());
  const record: JobRecord = {
    schema: job.schema,
    jobId: retryId(job.jobId, new Date(finishedAt)),
    retryOf: job.jobId,
    status: 'accepted',
    acceptedAt: now,
    updatedAt: now,
    requestedBy: job.requestedBy,
    videoKey: job.videoKey,
    source: kept.length === 0 ? uploaded : source,
    ...(job.manifest === undefined ? {} : { manifest: job.manifest }),
    ...(job.inputs === undefined ? {} : { inputs: job.inputs }),
    ...(job.preset === undefined ? {} : { preset: job.preset }),
    outputPrefix: job.outputPrefix,
    orders: [],
    launches: [],
    outputs: [],
    usage: { taskSeconds: 0, lostSeconds: 0, cpuSeconds: 0, estimatedUsd: 0 },
    pending: [],
  };
  if (kept.length === 0) return { kind: 'retry', job: acceptJob(record, context.now, context.settings) };
  const going: JobRecord = { ...record, status: 'running', ...(job.cut && { cut: job.cut }), orders: kept };
  return { kind: 'retry', job: sealed(advance(going, context), context) };
}

/** The orders of a cut job as another begins with them: what is done stays done, the rest is to be issued. */
function carriedOver(orders: readonly OrderState[], lost: ReadonlySet<string>): OrderState[] {
  return orders
    .filter(({ work }) => work.kind !== 'assemble')
    .map(({ orderId, work, issuedAt, state, results }) => {
      // The record of a cancelled job keeps nothing of what its chunks made. The plan made nothing but them.
      const isKept = results !== undefined || work.kind === 'encode-whole';
      const isDone = state === 'finished' && isKept && !lost.has(orderId);
      return {
        ...{ orderId, work, issuedAt, generation: 1, attempts: [], multipart: {} },
        state: isDone ? ('finished' as const) : ('waiting' as const),
        ...(isDone && results !== undefined ? { results } : {}),
      };
    });
}

/**
 * Sorts after the job that ended, so that what it comes to stands in the outbox. Ids tell seconds, and within one the
 * hash would decide: a second later than both the old id and the end.
 */
function retryId(jobId: string, finishedAt: Date): string {
  const hash = createHash('sha256').update(`retry of ${jobId}`).digest('hex').slice(0, 16);
  const ended = new Date(Math.max(finishedAt.getTime(), timeOfJobId(jobId).getTime()));
  return `${jobIdTime(new Date(ended.getTime() + 1000))}-${hash}`;
}

const refuse = (reason: string): RetryDecision => ({ kind: 'refuse', reason });
