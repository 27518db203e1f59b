import { EC2Client } from '@aws-sdk/client-ec2';
import type { NetworkRecord } from '../../core/nat-network-record';
import { ec2Networks } from '../../handlers/adapters/ec2-networks';
import { makeClip } from '../container/support/clips';
import { PipelineRun } from '../support/pipeline-run';

const clip = makeClip('tiny.mp4', [
  ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=1'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
]);

/** Times of minutes as seconds. */
const QUICK = {
  'spotreel:network': 'perJobNat',
  'spotreel:networkPollSeconds': '1',
  'spotreel:networkLingerSeconds': '0',
  'spotreel:networkSettleSeconds': '1',
};

describe('in the network perJobNat', () => {
  it('a network is made for a job, its task runs in it, and all of it is taken down', async () => {
    const run = await PipelineRun.start({ context: QUICK });
    try {
      await run.put('tiny.mp4', clip, { preset: 'poster' });
      const job = await run.finished('tiny.mp4', 120_000);
      expect({ status: job.status, failure: job.failure }).toEqual({ status: 'done', failure: undefined });
      expect(job.launches).toHaveLength(1);
      const networkId = job.launches[0]?.networkId ?? '';
      const key = `networks/${networkId}.json`;
      const network = async (): Promise<NetworkRecord> =>
        JSON.parse((await run.body('state', key)).toString()) as NetworkRecord;
      const gone = await run.until(async () => {
        const record = await network();
        return record.status === 'gone' ? record : undefined;
      }, 120_000);
      expect(gone).toMatchObject({ served: [job.jobId], cost: { natHours: 1 } });
      await run.until(async () =>
        (await run.keys('state', 'networks/open/')).length === 0 ? true : undefined,
      );
      const { endpoint, region, accessKeyId, secretAccessKey } = run.cloud.access;
      const credentials = { accessKeyId, secretAccessKey };
      const ec2 = ec2Networks({
        ...{
          ec2: new EC2Client({ endpoint, region, credentials }),
          region,
          zones: [],
          deployment: 'Spotreel',
        },
      });
      expect((await ec2.observe()).filter(({ state }) => state !== 'deleted')).toEqual([]);
      const errors = (await run.logs()).filter(line =>
        /A call of EC2 failed|A step of the sweep failed/.test(line),
      );
      expect(errors).toEqual([]);
      expect(await run.exists('state', `network-receipts/${job.jobId}/${networkId}.json`)).toBe(true);
    } finally {
      await run.end();
    }
  }, 300_000);
});
