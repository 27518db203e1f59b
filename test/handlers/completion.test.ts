import type { OrderReport } from '../../core/report';
import type { Cloud } from '../../handlers/cloud';
import { completionHandler } from '../../handlers/completion';
import { intakeHandler } from '../../handlers/intake';
import { sweepHandler } from '../../handlers/sweep';
import { at, makeOutput, makeReport, taskArn } from '../support/builders';
import { s3Event, sqsEvent } from '../support/events';
import type { MemoryCloud } from '../support/memory-cloud';
import { memoryCloud, upload } from '../support/memory-cloud';

async function withJob(): Promise<MemoryCloud> {
  const cloud = memoryCloud();
  upload(cloud, 'a.mp4', { metadata: { preset: 'web' } });
  await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
  return cloud;
}

function reportOf(cloud: MemoryCloud, report: OrderReport): object {
  const { jobId } = cloud.job();
  const outputs = [makeOutput('1-1', { key: `work/${jobId}/whole/1-1/web.mp4` })];
  return { ...report, jobId, ...(report.kind === 'finished' ? { outputs } : {}) };
}

async function report(cloud: MemoryCloud, ...reports: OrderReport[]): Promise<void> {
  await completionHandler(cloud)(sqsEvent(...reports.map(one => reportOf(cloud, one))));
}

describe('completion', () => {
  it('publishes, writes the record last, tells the user and closes the job', async () => {
    const cloud = await withJob();
    await report(cloud, makeReport('started'), makeReport('finished'));
    const job = cloud.job();
    expect(job).toMatchObject({
      status: 'done',
      outputs: [{ bucket: 'outbox', key: 'a.mp4/web.mp4', sha256: 'a'.repeat(64) }],
      pending: [],
    });
    expect(cloud.state.summaries.get('a.mp4.done.json')?.status).toBe('done');
    expect(cloud.state.cleared).toEqual([job.jobId]);
    expect(cloud.state.open.size).toBe(0);
    expect(cloud.state.measured.map(({ name }) => name)).toEqual([
      'JobsAccepted',
      'TaskLaunches',
      'QueueWaitSeconds',
      'JobsDone',
      'UploadToDoneSeconds',
    ]);
  });

  it('keeps the note of what a task has in hand when the end of what it had before comes late', async () => {
    const cloud = await withJob();
    await report(cloud, makeReport('started'));
    const next = { jobId: 'another', orderId: 'whole', deliveryId: '1-2' };
    await cloud.tasks.note(taskArn(1), next);
    await report(cloud, makeReport('finished'));
    expect(cloud.state.notes.get(taskArn(1))?.inHand).toEqual(next);
    await cloud.tasks.note(taskArn(1), { ...next, deliveryId: '1-1' });
    await report(cloud, makeReport('finished'));
    expect(cloud.state.notes.get(taskArn(1))).toEqual({ at: cloud.state.now });
  });

  it('notes where a worker shows its progress, where workers do', async () => {
    const cloud = await withJob();
    const shown = { ...cloud, settings: { ...cloud.settings, statusPort: 8080 } };
    const started = sqsEvent(reportOf(cloud, makeReport('started')));
    await completionHandler({ ...shown, taskAddress: async () => ({ publicIp: '203.0.113.7' }) })(started);
    expect(cloud.job().orders[0]?.attempts[0]?.statusUrl).toBe('http://203.0.113.7:8080/');
  });

  it('goes on without that where nobody can tell', async () => {
    const cloud = await withJob();
    const shown = { ...cloud, settings: { ...cloud.settings, statusPort: 8080 } };
    const started = sqsEvent(reportOf(cloud, makeReport('started')));
    await completionHandler({ ...shown, taskAddress: () => Promise.reject(new Error('denied')) })(started);
    expect(cloud.job()).toMatchObject({ status: 'running' });
    expect(cloud.job().orders[0]?.attempts[0]).not.toHaveProperty('statusUrl');
  });

  it('ends in the same record when every report comes twice and in the wrong order', async () => {
    const cloud = await withJob();
    await report(
      cloud,
      makeReport('finished'),
      makeReport('progress'),
      makeReport('started'),
      makeReport('finished'),
      makeReport('started'),
    );
    expect(cloud.job()).toMatchObject({ status: 'done', orders: [{ attempts: [{ outcome: 'finished' }] }] });
    expect(cloud.state.published).toHaveLength(1);
    expect(cloud.state.measured.filter(({ name }) => name === 'JobsDone')).toHaveLength(1);
  });

  it('publishes nothing that S3 does not confirm', async () => {
    const cloud = await withJob();
    cloud.state.publishResult = { kind: 'refused', reason: 'its SHA-256 differs' };
    await report(cloud, makeReport('finished'));
    expect(cloud.job()).toMatchObject({ status: 'running', outputs: [], orders: [{ generation: 2 }] });
    expect(cloud.state.summaries.size).toBe(0);
  });

  it('does not replace what came of a later upload of the same video', async () => {
    const cloud = await withJob();
    const later = { ...cloud.job(), jobId: '20990101T000000Z-0000000000000000', status: 'done' as const };
    cloud.state.summaries.set('a.mp4.done.json', later);
    await report(cloud, makeReport('finished'));
    expect(cloud.job()).toMatchObject({ status: 'cancelled', failure: { code: 'SUPERSEDED' }, outputs: [] });
    expect(cloud.state.published).toEqual([]);
    expect([...cloud.state.summaries.values()]).toEqual([later]);
    expect(cloud.state.open.size).toBe(0);
  });

  it('stops a worker that says that it is idle', async () => {
    const cloud = await withJob();
    const idle = {
      schema: 'spotreel.report/1',
      at: at(9).toISOString(),
      worker: { taskArn: 'arn:x/1' },
      kind: 'idle',
      ordersDone: 1,
    };
    await completionHandler(cloud)(sqsEvent(idle));
    expect(cloud.state.stopped).toEqual(['1: idle: its work is done']);
  });

  it('leaves a message that is no report to the dead-letter queue', async () => {
    const cloud = await withJob();
    expect((await completionHandler(cloud)(sqsEvent({ kind: 'finished' }))).batchItemFailures).toHaveLength(
      1,
    );
  });

  it('puts fresh URLs into the ticket when a worker asks, and into nothing that is kept or logged', async () => {
    const cloud = await withJob();
    await report(cloud, makeReport('started'), makeReport('renew'));
    expect([...cloud.state.tickets.values()][0]?.access?.sourceUrl).toContain('X-Amz-Signature');
    expect(JSON.stringify([cloud.job(), cloud.state.logged, cloud.state.measured])).not.toContain('X-Amz');
  });

  it('takes its messages in hand for a minute first, so that they come again soon should it die', async () => {
    const cloud = await withJob();
    cloud.state.held = [];
    const event = sqsEvent(reportOf(cloud, makeReport('started')), reportOf(cloud, makeReport('progress')));
    const dying: MemoryCloud = {
      ...cloud,
      jobs: { ...cloud.jobs, read: () => Promise.reject(new Error('died')) },
    };
    await completionHandler(dying)(event);
    expect(cloud.state.held).toEqual(['receipt-0: 60', 'receipt-1: 60']);
  });

  it('goes on when they cannot be held', async () => {
    const cloud = await withJob();
    const source = { ...cloud.source, hold: () => Promise.reject(new Error('throttled')) };
    await completionHandler({ ...cloud, source })(sqsEvent(reportOf(cloud, makeReport('started'))));
    expect(cloud.job().status).toBe('running');
  });

  it('publishes when all else in the batch is done, and leaves what cannot be published to the sweep', async () => {
    const cloud = await withJob();
    await report(cloud, makeReport('started'));
    let seen: string | undefined;
    const work: Cloud['work'] = {
      ...cloud.work,
      publish: async () => {
        seen = cloud.state.stopped.join();
        throw new Error('slow down');
      },
    };
    const idle = { schema: 'spotreel.report/1', at: at(9).toISOString(), worker: { taskArn: taskArn(7) } };
    const event = sqsEvent(reportOf(cloud, makeReport('finished')), { ...idle, kind: 'idle', ordersDone: 1 });
    const { batchItemFailures } = await completionHandler({ ...cloud, work })(event);
    expect([seen, batchItemFailures]).toEqual(['7: idle: its work is done', []]);
    expect(cloud.job().status).toBe('publishing');
    cloud.state.now = at(cloud.settings.graceSeconds + 60);
    await sweepHandler(cloud)();
    expect(cloud.job().status).toBe('done');
  });

  it.each(
    ['jobs.replace', 'work.publish', 'outbox.putSummary', 'work.clear', 'jobs.clearOpen'].flatMap(call =>
      (['before', 'after'] as const).map(when => [when, call] as const),
    ),
  )(
    'that dies %s %s ends in one done job after the report comes again or the sweep has run',
    async (when, call) => {
      const cloud = await withJob();
      await report(cloud, makeReport('started'));
      cloud.state.crash = { call, when };
      await report(cloud, makeReport('finished'));
      expect(cloud.state.crash).toBeUndefined();
      await report(cloud, makeReport('finished'));
      cloud.state.now = at(cloud.settings.graceSeconds + 60);
      await sweepHandler(cloud)();
      expect(cloud.job()).toMatchObject({ status: 'done', outputs: [{ key: 'a.mp4/web.mp4' }] });
      expect(cloud.state.open.size).toBe(0);
      expect(cloud.state.summaries.has('a.mp4.done.json')).toBe(true);
    },
  );
});
