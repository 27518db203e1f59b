import { createHash } from 'node:crypto';
import type { Decision, Now } from './attempts';
import { changed, endJob, sealed, unchanged } from './attempts';
import { stopAll } from './completion';
import { acceptJob } from './intake';
import type { JobRecord } from './job';
import { isTerminal, jobIdTime, timeOfJobId } from './job';
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

/** Ends a job because its user asks for it. Its tasks are stopped, and orders that are still queued go stale. */
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
  return changed(sealed(ended, context), stopAll(job, 'job cancelled'));
}

export type RetryDecision =
  { readonly kind: 'retry'; readonly job: JobRecord } | { readonly kind: 'refuse'; readonly reason: string };

/**
 * A new job of the same upload, manifest and preset as one that failed or was cancelled: records that have ended
 * never change. The same job gives the same new one, however often it is asked for.
 */
export function decideRetry(job: JobRecord, context: { now: Date; settings: Settings }): RetryDecision {
  const { source, finishedAt } = job;
  if (!isTerminal(job.status) || finishedAt === undefined) return refuse(`it is still ${job.status}`);
  if (job.status === 'done') return refuse('it is done');
  if (job.status === 'rejected' || source === undefined)
    return refuse('it was rejected: mend what its summary names, and upload again');
  if (job.addsTo !== undefined) return refuse('it was to add captions: upload the caption file again');
  const now = context.now.toISOString();
  const { facts: _facts, ...uploaded } = source;
  const record: JobRecord = {
    schema: job.schema,
    jobId: retryId(job.jobId, new Date(finishedAt)),
    retryOf: job.jobId,
    status: 'accepted',
    acceptedAt: now,
    updatedAt: now,
    requestedBy: job.requestedBy,
    videoKey: job.videoKey,
    source: uploaded,
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
  return { kind: 'retry', job: acceptJob(record, context.now, context.settings) };
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
