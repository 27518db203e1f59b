import { createHash } from 'node:crypto';
import { z } from 'zod';
import { inputUseSchema } from './input-use';
import { manifestSchema } from './manifest';
import { multipartUploadSchema } from './order';
import { presetSchema } from './preset';
import { failureSchema, outputFactsSchema, sourceFactsSchema } from './report';
import { workSchema } from './work';

const isoTime = z.iso.datetime();
const seconds = z.number().min(0);

/** One delivery of an order to a worker. */
const attemptSchema = z.strictObject({
  deliveryId: z.string(),
  generation: z.int().min(1),
  taskArn: z.string(),
  startedAt: isoTime,
  lastReportAt: isoTime,
  percent: z.number().min(0).max(100),
  heldSeconds: seconds,
  cpuSeconds: seconds,
  bytesRead: z.int().min(0),
  /** Where the worker shows its progress, where it does (the setting statusPort). */
  statusUrl: z.url().optional(),
  endedAt: isoTime.optional(),
  outcome: z
    .enum(['finished', 'failed', 'returned', 'reclaimed', 'killed', 'crashed', 'stalled', 'superseded'])
    .optional(),
  failure: failureSchema.optional(),
});

/** Attempts that ended long ago, added up, so that the record of an order that is reclaimed again and again stays small. */
const earlierAttemptsSchema = z.strictObject({
  attempts: z.int().min(1),
  /** Of these, attempts whose worker was killed from outside. */
  killed: z.int().min(0),
  heldSeconds: seconds,
  cpuSeconds: seconds,
  usd: z.number().min(0),
});

const orderStateSchema = z.strictObject({
  orderId: z.string(),
  work: workSchema,
  /** `waiting`: not issued yet, since enough others of the job are. */
  state: z.enum(['waiting', 'queued', 'running', 'finished', 'failed']),
  generation: z.int().min(1),
  /** When this generation was asked for. */
  issuedAt: isoTime,
  attempts: z.array(attemptSchema),
  /** What came to nothing before these attempts. */
  earlier: earlierAttemptsSchema.optional(),
  /** What it made, kept for the order that puts the parts together. */
  results: z.array(outputFactsSchema).optional(),
  /** Multipart uploads begun for this generation, by file name. */
  multipart: z.record(z.string(), multipartUploadSchema.pick({ key: true }).extend({ uploadId: z.string() })),
});

/** One wish for a task, and what came of it. */
const launchSchema = z.strictObject({
  launch: z.int().min(1),
  /** Why a task was wanted: accepted, returned, reclaimed, crashed, … */
  reason: z.string(),
  requestedAt: isoTime,
  /** When ECS took the task on. */
  startedAt: isoTime.optional(),
  taskArn: z.string().optional(),
  capacityProvider: z.enum(['FARGATE_SPOT', 'FARGATE']).optional(),
  /** The network that was made for it, where networks are (perJobNat). */
  networkId: z.string().optional(),
  /** What keeps the task from being started, where something does: a network in the making, a quota. */
  waitingFor: z.string().optional(),
  /** When it is tried again; absent where it is told when it can be. */
  waitsUntil: isoTime.optional(),
  endedAt: isoTime.optional(),
  /** How the task ended, or why none could be started. */
  outcome: z
    .enum([
      'finished',
      'reclaimed',
      'killed',
      'crashed',
      'failedToStart',
      'noCapacity',
      'stopped',
      // Not needed any more before a task was asked for.
      'withdrawn',
    ])
    .optional(),
  detail: z.string().optional(),
});

export const publishedOutputSchema = outputFactsSchema
  .omit({ parts: true })
  .extend({ bucket: z.string(), versionId: z.string().optional() });

/** Work that the record promises and that may not have been done yet; each is safe to repeat. */
const pendingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('issueOrder'),
    orderId: z.string(),
    generation: z.int().min(1),
    /** It waited its turn already, and goes before those that have not. */
    ahead: z.literal(true).optional(),
  }),
  z.strictObject({ kind: z.literal('launchTask'), launch: z.int().min(1) }),
  z.strictObject({ kind: z.literal('publish'), orderId: z.string() }),
]);

export const jobRecordSchema = z.strictObject({
  schema: z.literal('spotreel.job/1'),
  jobId: z.string(),
  /** Id of the job that ended without outputs and was asked for again. */
  retryOf: z.string().optional(),
  /** Id of the finished job to whose outputs this one adds captions that came later. */
  addsTo: z.string().optional(),
  status: z.enum(['accepted', 'running', 'publishing', 'done', 'failed', 'rejected', 'cancelled']),
  acceptedAt: isoTime,
  updatedAt: isoTime,
  finishedAt: isoTime.optional(),
  /** Manifest's user, else the identity that S3 named in its event. */
  requestedBy: z.string(),
  /** Key of the video, decoded; its manifest is `<videoKey>.json`. */
  videoKey: z.string(),
  source: z
    .strictObject({
      bucket: z.string(),
      versionId: z.string(),
      etag: z.string(),
      sizeBytes: z.int().min(0),
      uploadedAt: isoTime,
      /** As the worker's ffprobe found it. */
      facts: sourceFactsSchema.optional(),
    })
    .optional(),
  manifest: manifestSchema.extend({ versionId: z.string().optional() }).optional(),
  /** Files that it takes beside its source, in the version that was there when it was accepted. Absent: none. */
  inputs: z
    .array(
      z.strictObject({
        id: z.string(),
        bucket: z.enum(['inbox', 'state', 'outbox']),
        key: z.string(),
        /** Absent in a bucket that keeps no versions. */
        versionId: z.string().optional(),
        /** Absent where the SHA-256 is known. */
        etag: z.string().optional(),
        sha256: z.string().optional(),
        sizeBytes: z.int().min(1),
        uploadedAt: isoTime.optional(),
        use: inputUseSchema,
      }),
    )
    .optional(),
  /** The preset as it was when the job was accepted; later edits do not change a running job. */
  preset: z.strictObject({ name: z.string(), content: presetSchema }).optional(),
  outputPrefix: z.string(),
  /** Time by which its user wants it done. */
  deadlineAt: isoTime.optional(),
  /** When it was seen that Spot might not meet the deadline: from then on its tasks are on-demand and its orders go first. */
  hurriedAt: isoTime.optional(),
  /** How the source was cut; absent while it is not, and for one that is encoded whole. */
  cut: z
    .strictObject({
      chunks: z.int().min(2),
      /** Names of the files that each chunk makes. */
      chunkFiles: z.array(z.string()).min(1),
    })
    .optional(),
  /** Why a source that is long enough to be cut was encoded whole nevertheless. */
  wholeBecause: z.string().optional(),
  orders: z.array(orderStateSchema),
  launches: z.array(launchSchema),
  /** Results of the order being published; those of the finished job once it is done. */
  results: z.array(outputFactsSchema).optional(),
  outputs: z.array(publishedOutputSchema),
  /** Seconds that tasks held orders of this job, lost work included, and what that costs. */
  usage: z.strictObject({
    taskSeconds: seconds,
    lostSeconds: seconds,
    /** Share of the task seconds that was lost. */
    lostPercent: z.number().min(0).max(100).optional(),
    cpuSeconds: seconds,
    /** Fargate time and public address; Spot at its typical price. */
    estimatedUsd: z.number().min(0),
    /** The part of it that went into attempts that came to nothing, by reclaims above all. */
    lostUsd: z.number().min(0).optional(),
    /** Region whose prices were used. */
    priceRegion: z.string().optional(),
    /**
     * Where in the state bucket its share of the networks is told that were made for it and others (perJobNat), as
     * soon as they are gone: they outlive it, and a record that has ended never changes.
     */
    networkReceipts: z.string().optional(),
    /** Present when the deployment's own region is not in the price table. */
    pricesAssumed: z.literal(true).optional(),
  }),
  failure: failureSchema.optional(),
  problems: z
    .array(z.strictObject({ pointer: z.string(), value: z.string().optional(), fix: z.string() }))
    .optional(),
  pending: z.array(pendingSchema),
});

export type JobRecord = z.infer<typeof jobRecordSchema>;
export type Attempt = z.infer<typeof attemptSchema>;
export type OrderState = z.infer<typeof orderStateSchema>;
export type Launch = z.infer<typeof launchSchema>;
export type PublishedOutput = z.infer<typeof publishedOutputSchema>;
export type JobInput = NonNullable<JobRecord['inputs']>[number];
export type Pending = z.infer<typeof pendingSchema>;
export type JobStatus = JobRecord['status'];
export type TerminalStatus = Extract<JobStatus, 'done' | 'failed' | 'rejected' | 'cancelled'>;

export function isTerminal(status: JobStatus): status is TerminalStatus {
  return status === 'done' || status === 'failed' || status === 'rejected' || status === 'cancelled';
}

/** What an upload pair is known by: the same pair gives the same id, whichever event brings it. */
export interface JobIdentity {
  readonly bucket: string;
  readonly videoKey: string;
  /** Version of the video; absent when only a manifest is there. */
  readonly videoVersionId?: string;
  /** Version of the manifest; absent when there is none. */
  readonly manifestVersionId?: string;
  /** The later of the two uploads' LastModified. */
  readonly uploadedAt: Date;
}

/** `YYYYMMDDTHHMMSSZ-<16 hex>`: sorts by upload time, at most 33 characters. */
export function makeJobId(identity: JobIdentity): string {
  const hash = createHash('sha256')
    .update(
      JSON.stringify([
        identity.bucket,
        identity.videoKey,
        identity.videoVersionId ?? '',
        identity.manifestVersionId ?? '',
      ]),
    )
    .digest('hex')
    .slice(0, 16);
  return `${jobIdTime(identity.uploadedAt)}-${hash}`;
}

/** The part of a job id that tells the time; ids of later uploads sort after it. */
export function jobIdTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** The time that a job id tells, to the second. */
export function timeOfJobId(jobId: string): Date {
  const [, year, month, day, hours, minutes, seconds] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/.exec(jobId) ?? [];
  return new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
}

export const jobKey = (jobId: string): string => `jobs/${jobId}.json`;

/** Objects below this prefix name the jobs that are not closed yet. */
export const OPEN_PREFIX = 'open/';
export const openKey = (jobId: string): string => `${OPEN_PREFIX}${jobId}`;

/** Keys of what a user reads in the outbox: `<video key>.done.json`, `.failed.json`, `.rejected.json`, `.cancelled.json`. */
export function summaryKey(videoKey: string, status: TerminalStatus): string {
  return `${videoKey}.${status}.json`;
}
