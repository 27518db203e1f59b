import type { S3Client } from '@aws-sdk/client-s3';
import { cleanUpNoteSchema } from '../../core/clean-up';
import { WORK_PREFIX, workOfJob } from '../../core/order';
import type { Leftovers } from '../cloud';
import { abortUpload, unfinishedUploads } from './multipart-uploads';
import type { S3Objects } from './s3-objects';

const NOTE_KEY = 'sweep/cleaned.json';

export interface LeftoversOptions {
  readonly s3: S3Client;
  readonly state: S3Objects;
  /** Where uploads in parts are begun: results of workers in the state bucket, large copies in the outbox. */
  readonly buckets: readonly string[];
}

/** What jobs that have ended left in the buckets. */
export function s3Leftovers({ s3, state, buckets }: LeftoversOptions): Leftovers {
  return {
    async note() {
      const found = await state.text(NOTE_KEY);
      return found === undefined ? undefined : cleanUpNoteSchema.parse(JSON.parse(found.body));
    },
    async keep(note) {
      await state.putJson(NOTE_KEY, note);
    },
    async *uploads() {
      for (const bucket of buckets) yield* unfinishedUploads(s3, bucket);
    },
    abort: upload => abortUpload(s3, upload),
    jobsWithWork: after =>
      state.folders({ prefix: WORK_PREFIX, ...(after === '' ? {} : { startAfter: after }) }),
    removeWork: (jobId, most) => state.removeAll(workOfJob(jobId), most),
  };
}
