import { S3Client } from '@aws-sdk/client-s3';
import type { JobRecord } from '../../core/job';
import { jobKey, jobRecordSchema } from '../../core/job';
import { findJob, keysBelow, readJson } from '../job-watch';
import type { CloudPlace } from '../local/find-cloud';
import { findCloud } from '../local/find-cloud';
import { explainAwsFault } from './aws-fault';
import { UsageError } from '../usage-error';

// The SDK asks for a newer Node than the oldest that is supported here; users of the command can do without the notice.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** Flags by which the state bucket is found. */
export const STORE_FLAGS = {
  state: { type: 'string' },
  endpoint: { type: 'string' },
  data: { type: 'string' },
} as const;

export const STORE_FLAGS_USAGE = `  --state BUCKET   the stack's state bucket, reached as the aws command would reach it
                   (default: SPOTREEL_STATE_BUCKET, else that of the local cloud that runs here)
  --endpoint URL   of the local cloud (default: AWS_ENDPOINT_URL, else the one that runs on --data)
  --data DIR       data directory of the local cloud (default .spotreel/data of the clone)
`;

export interface JobStore {
  readonly s3: S3Client;
  readonly stateBucket: string;
  /** Runs the sweep at once; only in a local cloud. */
  readonly sweep?: () => Promise<unknown>;
}

export interface StorePlace extends CloudPlace {
  readonly state?: string | undefined;
}

/**
 * Opens the job records for one use.
 * @throws UsageError when no state bucket is named and no local cloud runs
 */
export async function withJobStore<T>(place: StorePlace, use: (store: JobStore) => Promise<T>): Promise<T> {
  const store = await openJobStore(place);
  try {
    return await use(store);
  } catch (error) {
    throw explainAwsFault(error);
  } finally {
    // Its open connections would keep the command from ending.
    store.s3.destroy();
  }
}

async function openJobStore(place: StorePlace): Promise<JobStore> {
  const stateBucket = place.state ?? process.env['SPOTREEL_STATE_BUCKET'];
  // The SDK does not read the name that the aws command also knows.
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (stateBucket !== undefined) {
    const { endpoint } = place;
    return {
      s3: new S3Client({
        ...(region === undefined ? {} : { region }),
        ...(endpoint === undefined ? {} : { endpoint }),
      }),
      stateBucket,
    };
  }
  const cloud = await findCloud(place).catch((error: unknown) => {
    throw error instanceof UsageError
      ? new UsageError(
          `${error.message} For a stack on AWS, name its state bucket with --state BUCKET or SPOTREEL_STATE_BUCKET.`,
        )
      : error;
  });
  const { outputs } = await cloud.state();
  return {
    s3: new S3Client({
      region: region ?? 'us-east-1',
      endpoint: cloud.endpoint,
      ...(cloud.credentials === undefined ? {} : { credentials: cloud.credentials }),
    }),
    stateBucket: outputs['StateBucket'] ?? '',
    sweep: () => cloud.control('schedule'),
  };
}

/** Records of the newest jobs, newest first. */
export async function newestJobs({ s3, stateBucket }: JobStore, limit: number): Promise<JobRecord[]> {
  const keys = (await keysBelow(s3, stateBucket, 'jobs/')).slice(-limit).reverse();
  return Promise.all(keys.map(async key => jobRecordSchema.parse(await readJson(s3, stateBucket, key))));
}

/**
 * A job by its id, or the newest of a video.
 * @throws when there is none
 */
export async function requireJob({ s3, stateBucket }: JobStore, idOrVideoKey: string): Promise<JobRecord> {
  const isId = /^\d{8}T\d{6}Z-[0-9a-f]{16}$/.test(idOrVideoKey);
  const keys = isId ? await keysBelow(s3, stateBucket, jobKey(idOrVideoKey)) : [];
  const [key] = keys;
  const job =
    key === undefined
      ? await findJob(s3, stateBucket, idOrVideoKey)
      : jobRecordSchema.parse(await readJson(s3, stateBucket, key));
  if (job !== undefined) return job;
  throw new Error(
    `There is no job "${idOrVideoKey}" in ${stateBucket}. Give the id of a job or the key of its video in the inbox; "spotreel job list" shows both.`,
  );
}
