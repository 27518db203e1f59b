import type { OrderReport } from '../../core/report';
import { completionHandler } from '../../handlers/completion';
import { intakeHandler } from '../../handlers/intake';
import { taskStateHandler } from '../../handlers/task-state';
import { makeOutput, makeReport, taskArn } from '../support/builders';
import { finished, part, planned } from '../support/chunked';
import { s3Event, sqsEvent, taskStoppedEvent } from '../support/events';
import type { MemoryCloud } from '../support/memory-cloud';
import { memoryCloud, upload } from '../support/memory-cloud';

async function withJob(): Promise<MemoryCloud> {
  const cloud = memoryCloud({ maxTasksPerJob: 1 });
  upload(cloud, 'a.mp4', { metadata: { preset: 'web' } });
  await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
  return cloud;
}

/** A report as if it were of this cloud's job. */
function ofJob<T extends OrderReport>(cloud: MemoryCloud, report: T): T {
  const { jobId } = cloud.job();
  return JSON.parse(JSON.stringify({ ...report, jobId }).replaceAll(report.jobId, jobId)) as T;
}

async function send(cloud: MemoryCloud, ...reports: OrderReport[]): Promise<void> {
  await completionHandler(cloud)(sqsEvent(...reports.map(report => ofJob(cloud, report))));
}

async function kill(cloud: MemoryCloud, task: number): Promise<void> {
  const { jobId } = cloud.job();
  await taskStateHandler(cloud)(
    taskStoppedEvent({ taskArn: taskArn(task), startedBy: jobId, exitCode: 137 }),
  );
}

const orders = (cloud: MemoryCloud): string[] =>
  cloud.state.queue.map(({ orderId, generation }) => `${orderId} ${generation}`);

describe('the result of an order that lies in S3', () => {
  it('is taken instead of issuing the order again, when the worker died before it could report', async () => {
    const cloud = await withJob();
    await send(cloud, makeReport('started'));
    const report = ofJob(cloud, makeReport('finished'));
    cloud.state.results.set(`${report.jobId}/whole`, report);
    await kill(cloud, 1);
    expect(cloud.job()).toMatchObject({ status: 'done', orders: [{ attempts: [{ outcome: 'finished' }] }] });
    expect(orders(cloud)).toEqual(['whole 1']);
  });

  it('counts when it is a plan, too', async () => {
    const cloud = await withJob();
    await send(cloud, makeReport('started'));
    const report = ofJob(cloud, planned(3));
    cloud.state.results.set(`${report.jobId}/whole`, report);
    await kill(cloud, 1);
    expect(cloud.job().cut).toMatchObject({ chunks: 3 });
    expect(orders(cloud)).toEqual(['whole 1', 'rest 1', 'chunk-0000 1', 'chunk-0001 1']);
  });

  it.each<[string, (report: OrderReport) => OrderReport, string | undefined]>([
    [
      'is not what the preset asks for',
      report => ({ ...report, outputs: [makeOutput('1-1', { durationSeconds: 1 })] }) as OrderReport,
      undefined,
    ],
    ['is of another order', report => ({ ...report, orderId: 'rest' }), undefined],
    ['tells of files that are not there', report => report, 'web.mp4 is not there'],
  ])('counts for nothing when it %s', async (_what, change, lacking) => {
    const cloud = await withJob();
    await send(cloud, makeReport('started'));
    const report = ofJob(cloud, makeReport('finished'));
    cloud.state.results.set(`${report.jobId}/whole`, change(report));
    cloud.state.lacking = lacking;
    await kill(cloud, 1);
    expect(cloud.job()).toMatchObject({ status: 'running', orders: [{ state: 'queued', generation: 2 }] });
    expect(orders(cloud)).toEqual(['whole 1', 'whole 2']);
  });

  it('that was refused when it was published is not taken again', async () => {
    const cloud = await withJob();
    const report = ofJob(cloud, makeReport('finished'));
    cloud.state.results.set(`${report.jobId}/whole`, report);
    cloud.state.publishResult = { kind: 'refused', reason: 'its SHA-256 differs' };
    await send(cloud, makeReport('finished'));
    expect(cloud.job()).toMatchObject({ status: 'running', orders: [{ state: 'queued', generation: 2 }] });
    expect(cloud.state.published).toHaveLength(1);
  });
});

describe('a chunk', () => {
  it('whose parts are not in S3 is no result, whatever the report says', async () => {
    const cloud = await withJob();
    await send(cloud, planned(3));
    cloud.state.lacking = '_picture-web.mp4 has no bytes in S3, not 500';
    await send(cloud, finished('chunk-0000'));
    expect(cloud.job().orders.find(({ orderId }) => orderId === 'chunk-0000')).toMatchObject({
      generation: 2,
      attempts: [
        {
          failure: {
            code: 'RESULT_NOT_VERIFIED',
            message: expect.stringContaining('_picture-web.mp4') as string,
          },
        },
      ],
    });
  });

  it('that is done has no ticket any more, and its job ends when the assembly does', async () => {
    const cloud = await withJob();
    await send(cloud, planned(2));
    const { jobId } = cloud.job();
    expect([...cloud.state.tickets.keys()]).toContain(`${jobId}/chunk-0000`);
    await send(cloud, finished('chunk-0000'), finished('chunk-0001'), finished('rest'));
    expect([...cloud.state.tickets.keys()]).toEqual([`${jobId}/assemble`]);
    const assembly = cloud.state.queue.find(({ orderId }) => orderId === 'assemble');
    expect(assembly?.inputs.map(({ id }) => id)).toEqual([
      'rest/web.sound.mka',
      'chunk-0000/_picture-web.mp4',
      'chunk-0001/_picture-web.mp4',
    ]);
    await send(cloud, finished('assemble'));
    expect(cloud.job()).toMatchObject({ status: 'done', outputs: [{ key: 'a.mp4/web.mp4' }] });
    expect(cloud.state.cleared).toEqual([jobId]);
  });

  it('of more than the record says is refused', async () => {
    const cloud = await withJob();
    await send(cloud, planned(2));
    await send(
      cloud,
      finished('chunk-0000', { outputs: [part('chunk-0000', '1-1'), part('chunk-0000', '1-1')] }),
    );
    expect(cloud.job().orders[2]).toMatchObject({ generation: 2 });
  });
});
