import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { findJob, watchJob } from '../../cli/job-watch';
import type { LocalProcess } from '../../cli/local-process';
import { startLocalProcess } from '../../cli/local-process';
import type { JobRecord } from '../../core/job';

/** Timings of a deployment, shortened so that what heals in minutes heals in seconds. */
const QUICK = {
  'spotreel:graceSeconds': '3',
  'spotreel:reconcileMinutes': '0',
  'spotreel:lingerSeconds': '1',
  'spotreel:leaseSeconds': '20',
};

/** What some tests need otherwise; one for all of them, since a stack is synthesized for each context. */
export const OTHERWISE = {
  'spotreel:splitAboveSeconds': '3',
  'spotreel:chunkSeconds': '1',
  'spotreel:maxTasksPerJob': '2',
  'spotreel:singleUploadMaxMiB': '5',
  'spotreel:statusPort': '8099',
  'spotreel:statusCidrs': '127.0.0.0/8',
  'spotreel:lingerSeconds': '10',
};

/** The whole pipeline on the local cloud, in a folder of its own, with the few things that a user does to it. */
export class PipelineRun {
  private constructor(
    readonly dataDir: string,
    private readonly flags: readonly string[],
    public cloud: LocalProcess,
  ) {}

  static async start(
    options: { flags?: readonly string[]; context?: Record<string, string> } = {},
  ): Promise<PipelineRun> {
    const dataDir = await mkdtemp(join(tmpdir(), 'spotreel-run-'));
    const flags = options.flags ?? [];
    return new PipelineRun(
      dataDir,
      flags,
      await startLocalProcess({ dataDir, flags, context: { ...QUICK, ...options.context } }),
    );
  }

  /** Ends the cloud's process at once and starts it anew on the same data. */
  async crashAndRestart(): Promise<void> {
    await this.cloud.stop('SIGKILL');
    this.cloud = await startLocalProcess({ dataDir: this.dataDir, flags: this.flags, context: QUICK });
  }

  async end(): Promise<void> {
    await this.cloud.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  async put(key: string, body: Buffer | string, metadata: Record<string, string> = {}): Promise<void> {
    await this.cloud.s3.send(
      new PutObjectCommand({ Bucket: this.cloud.access.inbox, Key: key, Body: body, Metadata: metadata }),
    );
  }

  async putPreset(name: string, preset: object): Promise<void> {
    await this.cloud.s3.send(
      new PutObjectCommand({
        Bucket: this.cloud.access.state,
        Key: `presets/${name}.json`,
        Body: JSON.stringify(preset),
      }),
    );
  }

  /** Waits until the video's job has ended, having the sweep run again and again as its schedule would. */
  async finished(videoKey: string, timeoutMs = 60_000): Promise<JobRecord> {
    const sweeping = new AbortController();
    const sweeps = this.sweepUntil(sweeping.signal);
    try {
      return await watchJob({ s3: this.cloud.s3, stateBucket: this.cloud.access.state, videoKey, timeoutMs });
    } finally {
      sweeping.abort();
      await sweeps;
    }
  }

  async sweep(): Promise<void> {
    await this.cloud.control('schedule');
  }

  private async sweepUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await wait(1000, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await this.sweep();
    }
  }

  /** Waits until the newest record of the video fulfils a condition. */
  async job(videoKey: string, holds: (job: JobRecord) => boolean, timeoutMs = 60_000): Promise<JobRecord> {
    return this.until(async () => {
      const job = await findJob(this.cloud.s3, this.cloud.access.state, videoKey);
      return job !== undefined && holds(job) ? job : undefined;
    }, timeoutMs);
  }

  async until<T>(probe: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = await probe();
      if (found !== undefined) return found;
      if (Date.now() > deadline)
        throw new Error(`did not come true within ${timeoutMs} ms: ${probe.toString()}`);
      await wait(50);
    }
  }

  async keys(bucket: 'inbox' | 'outbox' | 'state', prefix = ''): Promise<string[]> {
    const { Contents } = await this.cloud.s3.send(
      new ListObjectsV2Command({ Bucket: this.cloud.access[bucket], Prefix: prefix }),
    );
    return (Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
  }

  async body(bucket: 'outbox' | 'state', key: string): Promise<Buffer> {
    const { Body } = await this.cloud.s3.send(
      new GetObjectCommand({ Bucket: this.cloud.access[bucket], Key: key }),
    );
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  async head(
    bucket: 'outbox' | 'state',
    key: string,
  ): Promise<{ contentType: string | undefined; cacheControl: string | undefined }> {
    const { ContentType: contentType, CacheControl: cacheControl } = await this.cloud.s3.send(
      new HeadObjectCommand({ Bucket: this.cloud.access[bucket], Key: key }),
    );
    return { contentType, cacheControl };
  }

  async exists(bucket: 'outbox' | 'state', key: string): Promise<boolean> {
    return this.cloud.s3.send(new HeadObjectCommand({ Bucket: this.cloud.access[bucket], Key: key })).then(
      () => true,
      () => false,
    );
  }

  /** Every line that any Lambda or task has logged, and every metric. */
  async logs(): Promise<string[]> {
    const folder = join(this.dataDir, 'logs');
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = files.filter(file => file.isFile()).map(file => join(file.parentPath, file.name));
    return Promise.all(
      [...paths, join(this.dataDir, 'metrics.jsonl')].map(path => readFile(path, 'utf8')),
    ).then(texts => texts.join('\n').split('\n'));
  }
}
