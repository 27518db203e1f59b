import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EC2Client } from '@aws-sdk/client-ec2';
import { SQSClient, GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
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

/** Asks as the stage does when CloudFormation removes it; resolves with what CloudFormation is told. */
async function removeStack(run: PipelineRun): Promise<unknown> {
  const { endpoint, region, accessKeyId, secretAccessKey } = run.cloud.access;
  const { queues } = (await run.cloud.control('state')) as { queues: Record<string, unknown> };
  const QueueName = Object.keys(queues).find(name => name.endsWith('Requests'));
  const sqs = new SQSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  const cloudFormation = createServer().listen(0, '127.0.0.1');
  try {
    await once(cloudFormation, 'listening');
    const answered = new Promise<unknown>((resolve, reject) => {
      cloudFormation.once('request', (request, response) => {
        request.toArray().then(chunks => {
          response.end();
          resolve(JSON.parse(Buffer.concat(chunks as Buffer[]).toString()));
        }, reject);
      });
    });
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const { port } = cloudFormation.address() as AddressInfo;
    const request = {
      ...{ RequestType: 'Delete', ResponseURL: `http://127.0.0.1:${port}/` },
      ...{ StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Networks' },
    };
    const message = { kind: 'close', since: new Date().toISOString(), request };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
    return await answered;
  } finally {
    cloudFormation.close();
    sqs.destroy();
  }
}

describe('in the network perJobNat', () => {
  it('a network is made for a job, its task runs in it, and all of it is taken down, when the stack is removed too', async () => {
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
      const left = async () => (await ec2.observe()).filter(({ state }) => state !== 'deleted');
      expect(await left()).toEqual([]);

      // Removed while there is a network, the deployment takes it along.
      await run.put('next.mp4', clip, { preset: 'poster' });
      await run.until(async () => ((await left()).length === 11 ? true : undefined));
      expect(await removeStack(run)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Networks' });
      expect(await left()).toEqual([]);
      const errors = (await run.logs()).filter(line =>
        /A call of EC2 failed|A step of the sweep failed/.test(line),
      );
      expect(errors).toEqual([]);
      expect(job.usage.networkReceipts).toBe(`network-receipts/${job.jobId}/`);
      const receipt = await run.body('state', `${job.usage.networkReceipts}${networkId}.json`);
      expect(JSON.parse(receipt.toString())).toMatchObject({ usd: gone.cost?.usd, sharedBy: 1 });
    } finally {
      await run.end();
    }
  }, 300_000);
});
