import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { setTimeout as wait } from 'node:timers/promises';
import type { JobRecord } from '../core/job';
import { isTerminal, jobKey, jobRecordSchema } from '../core/job';
import type { Receipt } from '../handlers/cloud';

/** How often the record is looked at, in milliseconds: often enough to watch, and not felt by the encoder. */
const POLL_MS = 1000;

/** Reads a small JSON object. */
export async function readJson(s3: S3Client, bucket: string, key: string): Promise<unknown> {
  const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return JSON.parse((await answer.Body?.transformToString()) ?? 'null');
}

/** Keys below a prefix, in their order. */
export async function keysBelow(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucket, Prefix: prefix },
  )) {
    keys.push(...(Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
  }
  return keys;
}

/** Newest record of a video; undefined while there is none. */
export async function findJob(
  s3: S3Client,
  stateBucket: string,
  videoKey: string,
): Promise<JobRecord | undefined> {
  const keys = await keysBelow(s3, stateBucket, 'jobs/');
  for (const key of keys.reverse()) {
    const job = jobRecordSchema.parse(await readJson(s3, stateBucket, key));
    if (job.videoKey === videoKey) return job;
  }
  return undefined;
}

export interface WatchOptions {
  readonly s3: S3Client;
  readonly stateBucket: string;
  readonly videoKey: string;
  readonly timeoutMs: number;
  /** Called with each state of the record that is seen. */
  readonly onChange?: (job: JobRecord) => void;
}

/** Waits until the job of a video has ended. */
export async function watchJob(options: WatchOptions): Promise<JobRecord> {
  const { s3, stateBucket, videoKey } = options;
  const deadline = Date.now() + options.timeoutMs;
  let last: JobRecord | undefined;
  while (Date.now() < deadline) {
    const job =
      last === undefined
        ? await findJob(s3, stateBucket, videoKey)
        : jobRecordSchema.parse(await readJson(s3, stateBucket, jobKey(last.jobId)));
    if (job !== undefined && job.updatedAt !== last?.updatedAt) options.onChange?.(job);
    if (job !== undefined && isTerminal(job.status)) return job;
    last = job;
    await wait(POLL_MS);
  }
  throw new Error(
    `The job of ${options.videoKey} has not ended after ${options.timeoutMs / 1000} s; it is ${last?.status ?? 'not there'}: ${JSON.stringify(last)}`,
  );
}

/** Waits until each task of the job has stopped and its receipt is there. */
export async function awaitReceipts(options: WatchOptions, job: JobRecord): Promise<Receipt[]> {
  const tasks = job.launches.filter(({ taskArn }) => taskArn !== undefined).length;
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const keys = await keysBelow(options.s3, options.stateBucket, `receipts/${job.jobId}/`);
    if (keys.length >= tasks || Date.now() >= deadline) {
      return Promise.all(
        keys.map(async key => (await readJson(options.s3, options.stateBucket, key)) as Receipt),
      );
    }
    await wait(POLL_MS);
  }
}
