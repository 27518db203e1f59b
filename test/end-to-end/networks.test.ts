import type { JobRecord } from '../../core/job';
import { taskCostUsd } from '../../core/cost/receipt';
import { makeClip } from '../container/support/clips';
import { OTHERWISE, PipelineRun } from '../support/pipeline-run';

const MODES: readonly [string, string][] = [
  [
    'existingVpc',
    '{"mode":"existingVpc","vpcId":"vpc-01234567","subnetIds":["subnet-01234567"],"wayOut":"nat"}',
  ],
  ['privateEndpoints', 'privateEndpoints'],
];

const clip = makeClip('tiny.mp4', [
  ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=1'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
]);

/** What the attempts of the job cost with or without a public address. */
function costUsd(job: JobRecord, publicAddress: boolean): number {
  const size = job.preset?.content.task;
  if (size === undefined) throw new Error('The job has no preset');
  return taskCostUsd(
    { size, seconds: job.usage.taskSeconds, capacityProvider: 'FARGATE_SPOT' },
    { region: 'us-east-1', architecture: 'x86_64', publicAddress },
  );
}

describe('a worker with a status page', () => {
  it('shows its progress at the address that the record has, and nothing that is signed', async () => {
    const run = await PipelineRun.start({ context: OTHERWISE });
    try {
      await run.put('tiny.mp4', clip, { preset: 'poster' });
      const urlOf = (job: JobRecord): string | undefined => job.orders[0]?.attempts[0]?.statusUrl;
      const job = await run.job('tiny.mp4', found => urlOf(found) !== undefined);
      const url = urlOf(job) ?? '';
      expect(url).toMatch(/^http:\/\/127\.\d+\.\d+\.\d+:8099\/$/);
      const page = await (await fetch(url)).text();
      const data = await (await fetch(`${url}status.json`)).text();
      expect(page).toContain('Spotreel worker');
      expect(JSON.parse(data)).toMatchObject({ schema: 'spotreel.status/1' });
      expect(data).toContain(job.jobId);
      expect(data).not.toMatch(/X-Amz|Signature|Credential|https?:/i);
      expect((await run.finished('tiny.mp4')).status).toBe('done');
    } finally {
      await run.end();
    }
  }, 120_000);
});

describe.each(MODES)('in the network %s', (_mode, network) => {
  it('a job ends done, and its cost has no public address in it', async () => {
    const run = await PipelineRun.start({ context: { 'spotreel:network': network } });
    try {
      await run.put('tiny.mp4', clip, { preset: 'poster' });
      const job = await run.finished('tiny.mp4');
      expect({ status: job.status, failure: job.failure }).toEqual({ status: 'done', failure: undefined });
      expect(job.launches.map(({ outcome }) => outcome)).not.toContain('failedToStart');
      expect(job.usage.estimatedUsd).toBeCloseTo(costUsd(job, false), 6);
      expect(await run.exists('outbox', 'tiny.mp4/poster.jpg')).toBe(true);
    } finally {
      await run.end();
    }
  }, 120_000);
});
