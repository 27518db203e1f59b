import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CONTROL_PREFIX, controlKey, parseControlKey } from '../../core/control';
import type { JobRecord } from '../../core/job';
import { OPEN_PREFIX, jobKey, jobRecordSchema, openKey } from '../../core/job';
import type { Jobs, StoredJob, WantedFile } from '../cloud';
import type { S3Objects } from './s3-objects';

const WAITING_PREFIX = 'waiting/';
const WANTED_PREFIX = 'wanted/';
const RECONCILED_KEY = 'sweep/reconciled.json';

const waitingSchema = z.object({ videoKey: z.string() });
const reconciledSchema = z.object({ at: z.iso.datetime() });

/** Job records and their markers as small JSON objects of the state bucket; there is no database. */
export function s3Jobs(state: S3Objects): Jobs {
  const write = async (
    job: JobRecord,
    condition: { ifMatch: string } | { ifNoneMatch: '*' },
  ): Promise<StoredJob | undefined> => {
    const etag = await state.putJson(jobKey(job.jobId), job, condition);
    return etag === undefined ? undefined : { job, etag };
  };
  return {
    async read(jobId) {
      const found = await state.text(jobKey(jobId));
      return found === undefined
        ? undefined
        : { job: jobRecordSchema.parse(JSON.parse(found.body)), etag: found.etag };
    },
    create: job => write(job, { ifNoneMatch: '*' }),
    replace: (job, etag) => write(job, { ifMatch: etag }),
    async markOpen(jobId) {
      await state.putJson(openKey(jobId), { jobId });
    },
    clearOpen: jobId => state.remove(openKey(jobId)),
    async *open() {
      for await (const key of state.keys({ prefix: OPEN_PREFIX })) yield key.slice(OPEN_PREFIX.length);
    },
    async *idsSince(jobIdTime) {
      for await (const key of state.keys({ prefix: 'jobs/', startAfter: `jobs/${jobIdTime}` })) {
        yield key.slice('jobs/'.length, -'.json'.length);
      }
    },
    async markWaiting(videoKey) {
      await state.putJson(waitingKey(videoKey), { videoKey });
    },
    clearWaiting: videoKey => state.remove(waitingKey(videoKey)),
    async *waiting() {
      for await (const key of state.keys({ prefix: WAITING_PREFIX })) {
        const found = await state.text(key);
        if (found !== undefined) yield waitingSchema.parse(JSON.parse(found.body)).videoKey;
      }
    },
    async markWanted({ fileKey, videoKey }) {
      await state.putJson(wantedKey({ fileKey, videoKey }), { videoKey });
    },
    clearWanted: wanted => state.remove(wantedKey(wanted)),
    async *wantedBy(fileKey) {
      for await (const key of state.keys({ prefix: wantedPrefix(fileKey) })) {
        const found = await state.text(key);
        if (found !== undefined) yield waitingSchema.parse(JSON.parse(found.body)).videoKey;
      }
    },
    async addReceipt(receipt) {
      const taskId = receipt.taskArn.split('/').at(-1) ?? receipt.taskArn;
      return (
        (await state.putJson(`receipts/${receipt.jobId}/${taskId}.json`, receipt, { ifNoneMatch: '*' })) !==
        undefined
      );
    },
    async *requests() {
      for await (const key of state.keys({ prefix: CONTROL_PREFIX })) {
        const request = parseControlKey(key);
        if (request !== undefined) yield request;
      }
    },
    clearRequest: request => state.remove(controlKey(request)),
    async lastReconciledAt() {
      const found = await state.text(RECONCILED_KEY);
      return found === undefined ? undefined : new Date(reconciledSchema.parse(JSON.parse(found.body)).at);
    },
    async noteReconciled(at) {
      await state.putJson(RECONCILED_KEY, { at: at.toISOString() });
    },
  };
}

/** Keys of uploads hold anything and may be as long as a key can be: markers are named by their hashes. */
function waitingKey(videoKey: string): string {
  return `${WAITING_PREFIX}${hash(videoKey)}.json`;
}

const wantedPrefix = (fileKey: string): string => `${WANTED_PREFIX}${hash(fileKey)}/`;

function wantedKey({ fileKey, videoKey }: WantedFile): string {
  return `${wantedPrefix(fileKey)}${hash(videoKey)}.json`;
}

function hash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
