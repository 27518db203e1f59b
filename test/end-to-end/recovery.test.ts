import type { JobRecord } from '../../core/job';
import { makeClip } from '../container/support/clips';
import { PipelineRun } from '../support/pipeline-run';

/** Takes some seconds to encode, so that there is a middle in which things can go wrong. */
const SLOW = {
  outputs: [{ kind: 'video', name: 'slow', video: { speed: 'slower', quality: { crf: 18 } }, audio: {} }],
};

/** Noise, and so flat that x264 takes one thread: it lasts about as long on many cores, and costs no more than that. */
function longClip(): Buffer {
  return makeClip('long.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=512x48:rate=25:duration=13,noise=alls=20:allf=t'],
    ...['-f', 'lavfi', '-i', 'sine=duration=13'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  ]);
}

const percent = (job: JobRecord): number => job.orders.flatMap(order => order.attempts).at(-1)?.percent ?? 0;
/** The task that has the job's order in hand, else the one that was started for it. */
function taskOf(job: JobRecord): string | undefined {
  const working = job.orders
    .flatMap(order => order.attempts)
    .findLast(({ endedAt }) => endedAt === undefined);
  return (working?.taskArn ?? job.launches.at(-1)?.taskArn)?.split('/').at(-1);
}

/** Moments at which something is done to a job. */
const MOMENTS: [string, (job: JobRecord) => boolean][] = [
  ['as soon as the job is accepted', job => taskOf(job) !== undefined],
  ['when the worker has just begun', job => job.status === 'running'],
  ['in the middle of the encode', job => percent(job) >= 30],
];

describe('a job', () => {
  let run: PipelineRun;
  const clip = longClip();
  let number = 0;

  async function begin(): Promise<string> {
    number += 1;
    const key = `clip-${number}.mp4`;
    await run.put(key, clip, { preset: 'slow' });
    return key;
  }

  /** There is nothing to strike until the container runs, and another job's task may have taken the order up. */
  async function strike(action: 'kill' | 'reclaim', key: string): Promise<void> {
    await run.until(async () => {
      const taskId = taskOf(await run.job(key, () => true));
      return run.cloud.control(action, { taskId }).catch(() => undefined);
    });
  }

  async function expectDoneOnce(key: string): Promise<JobRecord> {
    const job = await run.finished(key, 90_000);
    expect({ status: job.status, failure: job.failure }).toEqual({ status: 'done', failure: undefined });
    expect(Math.abs((job.outputs[0]?.durationSeconds ?? 0) - 13)).toBeLessThan(0.5);
    expect((await run.keys('state', 'jobs/')).length).toBe(number);
    expect((await run.body('outbox', `${key}/slow.mp4`)).length).toBe(job.outputs[0]?.sizeBytes);
    return job;
  }

  beforeAll(async () => {
    run = await PipelineRun.start();
    await run.putPreset('slow', SLOW);
  }, 120_000);
  afterAll(async () => run.end());

  it.each(MOMENTS)(
    'whose worker is killed %s ends done',
    async (_when, holds) => {
      const key = await begin();
      await run.job(key, holds);
      await strike('kill', key);
      const done = await expectDoneOnce(key);
      expect(done.launches.length).toBeGreaterThanOrEqual(2);
    },
    120_000,
  );

  it('whose Spot task is reclaimed gives its order back and ends done, the loss on record', async () => {
    const key = await begin();
    await run.job(key, job => percent(job) >= 30);
    await strike('reclaim', key);
    const done = await expectDoneOnce(key);
    expect(done.orders[0]?.attempts.map(({ outcome }) => outcome)).toEqual([
      expect.stringMatching(/^(returned|reclaimed)$/),
      'finished',
    ]);
    expect(done.usage.lostSeconds).toBeGreaterThan(0);
    const state = (await run.cloud.control('state')) as { metrics: Record<string, { sum: number }> };
    expect(state.metrics['SpotReclaims']?.sum).toBe(1);
  }, 120_000);

  it.each(MOMENTS)(
    'during which the local cloud is killed and started anew, %s, ends done',
    async (_when, holds) => {
      const key = await begin();
      await run.job(key, holds);
      await run.crashAndRestart();
      await expectDoneOnce(key);
    },
    120_000,
  );

  it('during which the local cloud is killed right after the upload ends done', async () => {
    const key = await begin();
    await run.crashAndRestart();
    await expectDoneOnce(key);
  }, 120_000);
});

describe('with every event delivered twice, in random order', () => {
  it('each upload still ends in one done job', async () => {
    const run = await PipelineRun.start({ flags: ['--duplicate-events', '7'] });
    try {
      await run.putPreset('slow', {
        ...SLOW,
        outputs: [{ ...SLOW.outputs[0], video: { speed: 'ultrafast' } }],
      });
      const clip = longClip();
      const keys = ['a.mp4', 'b.mp4', 'c.mp4'];
      for (const key of keys) {
        await run.put(`${key}.json`, '{"preset":"slow"}');
        await run.put(key, clip);
      }
      for (const key of keys) expect((await run.finished(key)).status).toBe('done');
      expect((await run.keys('state', 'jobs/')).length).toBe(keys.length);
      expect((await run.keys('outbox')).filter(key => key.endsWith('.mp4')).sort()).toEqual(
        keys.map(key => `${key}/slow.mp4`),
      );
    } finally {
      await run.end();
    }
  }, 180_000);
});
