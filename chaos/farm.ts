import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { findJob, keysBelow } from '../cli/job-watch';
import type { LocalProcess } from '../cli/local-process';
import { startLocalProcess } from '../cli/local-process';
import type { JobRecord } from '../core/job';
import { isTerminal } from '../core/job';
import type { CloudState } from '../local/cloud';

/** Timings of a deployment, shortened so that what heals in minutes heals in seconds. */
const QUICK = {
  'spotreel:graceSeconds': '4',
  'spotreel:silenceSeconds': '60',
  'spotreel:reconcileMinutes': '0',
  'spotreel:lingerSeconds': '2',
  'spotreel:leaseSeconds': '15',
};

const POLL_MS = 500;

/** A local cloud in a folder of its own, and the bad luck that befalls it. */
export class Farm {
  private constructor(
    private readonly dataDir: string,
    private readonly context: Readonly<Record<string, string>>,
    private cloud: LocalProcess,
  ) {}

  static async start(context: Readonly<Record<string, string>>): Promise<Farm> {
    const dataDir = await mkdtemp(join(tmpdir(), 'spotreel-farm-'));
    const all = { ...QUICK, ...context };
    return new Farm(dataDir, all, await startLocalProcess({ dataDir, context: all }));
  }

  /** Ends the cloud at once, as if the power failed, and starts it anew on the same data. */
  async restart(flags: readonly string[] = []): Promise<void> {
    await this.cloud.stop('SIGKILL');
    const { dataDir, context } = this;
    this.cloud = await startLocalProcess({ dataDir, context, flags });
  }

  async end(): Promise<void> {
    await this.cloud.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  async putPreset(name: string, preset: object): Promise<void> {
    const Key = `presets/${name}.json`;
    await this.put({ Bucket: this.cloud.access.state, Key, Body: JSON.stringify(preset) });
  }

  async upload(key: string, path: string, preset: string): Promise<void> {
    const { inbox } = this.cloud.access;
    await this.put({ Bucket: inbox, Key: key, Body: readFileSync(path), Metadata: { preset } });
  }

  async job(videoKey: string): Promise<JobRecord | undefined> {
    return findJob(this.cloud.s3, this.cloud.access.state, videoKey);
  }

  /** All that lies below a prefix of the outbox, by its name there. */
  async outputs(prefix: string): Promise<Map<string, Buffer>> {
    const { s3, access } = this.cloud;
    const files = new Map<string, Buffer>();
    for (const key of await keysBelow(s3, access.outbox, `${prefix}/`)) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: access.outbox, Key: key }));
      files.set(key.slice(prefix.length + 1), Buffer.from((await Body?.transformToByteArray()) ?? []));
    }
    return files;
  }

  /** What a bad network has spoilt since the cloud was started, by service. */
  async spoilt(): Promise<NonNullable<CloudState['spoilt']>> {
    return ((await this.cloud.control('state')) as CloudState).spoilt ?? {};
  }

  /** Has the sweep run, as its schedule would. */
  async sweep(): Promise<void> {
    await this.cloud.control('schedule').catch(() => undefined);
  }

  /** Kills a worker, or has its task reclaimed; false when it was gone by then. */
  async strike(action: 'kill' | 'reclaim', taskArn: string): Promise<boolean> {
    const taskId = taskArn.split('/').at(-1);
    return this.cloud.control(action, { taskId }).then(
      () => true,
      () => false,
    );
  }

  /** Sweeps until each job has ended, or the time is over. */
  async finish(videoKeys: readonly string[], seconds: number): Promise<(JobRecord | undefined)[]> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const jobs = await Promise.all(videoKeys.map(key => this.job(key)));
      const areOver = jobs.every(job => job !== undefined && isTerminal(job.status));
      if (areOver || Date.now() > deadline) return jobs;
      await this.sweep();
      await sleep(POLL_MS);
    }
  }

  private async put(object: {
    Bucket: string;
    Key: string;
    Body: string | Buffer;
    Metadata?: Record<string, string>;
  }): Promise<void> {
    await this.cloud.s3.send(new PutObjectCommand(object));
  }
}

/** Tasks that have an order of the job in hand. */
export function workingTasks(job: JobRecord | undefined): string[] {
  const attempts = job?.orders.flatMap(order => order.attempts) ?? [];
  return [...new Set(attempts.filter(({ endedAt }) => endedAt === undefined).map(({ taskArn }) => taskArn))];
}
