import { controlKey } from '../../core/control';
import { completionHandler } from '../../handlers/completion';
import { intakeHandler } from '../../handlers/intake';
import { sweepHandler } from '../../handlers/sweep';
import { at, makeReport, taskArn } from '../support/builders';
import { s3Event, sqsEvent } from '../support/events';
import type { MemoryCloud } from '../support/memory-cloud';
import { memoryCloud, upload } from '../support/memory-cloud';

/** A cloud with one job whose order is in hand. */
async function withRunningJob(): Promise<{ cloud: MemoryCloud; jobId: string }> {
  const cloud = memoryCloud();
  upload(cloud, 'a.mp4', { metadata: { preset: 'web' } });
  await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
  const { jobId } = cloud.job();
  await completionHandler(cloud)(sqsEvent(makeReport('progress', { jobId })));
  return { cloud, jobId };
}

function ask(cloud: MemoryCloud, action: 'cancel' | 'retry', jobId: string): void {
  cloud.state.control.add(controlKey({ jobId, action }));
}

const statuses = (cloud: MemoryCloud): string[] =>
  [...cloud.state.records.values()].map(({ job }) => job.status);

describe('a user who asks by an object in the state bucket', () => {
  it('cancels a running job: its task is stopped, its work cleared, the end told', async () => {
    const { cloud, jobId } = await withRunningJob();
    ask(cloud, 'cancel', jobId);
    await sweepHandler(cloud)();
    expect(cloud.job().status).toBe('cancelled');
    expect(cloud.state.stopped).toContain('1: job cancelled');
    expect(cloud.state.cleared).toContain(jobId);
    expect(cloud.state.summaries.has('a.mp4.cancelled.json')).toBe(true);
    expect(cloud.state.open.size).toBe(0);
    expect(cloud.state.control.size).toBe(0);
  });

  it('stops a task that was started for the job and has nothing in hand, and none that works for another', async () => {
    for (const inHand of [undefined, { jobId: 'other', orderId: 'whole', deliveryId: '1-1' }]) {
      const cloud = memoryCloud();
      upload(cloud, 'a.mp4', { metadata: { preset: 'web' } });
      await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
      if (inHand !== undefined) await cloud.tasks.note(taskArn(1), inHand);
      ask(cloud, 'cancel', cloud.job().jobId);
      await sweepHandler(cloud)();
      expect(cloud.state.stopped).toEqual(inHand === undefined ? ['1: job cancelled'] : []);
    }
  });

  it('has the orders of a cancelled job removed when no task is left, and no task started for them', async () => {
    const cloud = memoryCloud();
    for (const key of ['a.mp4', 'b.mp4']) upload(cloud, key, { metadata: { preset: 'web' } });
    await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
    ask(cloud, 'cancel', cloud.job().jobId);
    await sweepHandler(cloud)();
    cloud.state.tasks.clear();
    const launches = [...cloud.state.launches];
    // Another waits for its turn.
    cloud.state.launchResult = { kind: 'deferred', reason: 'a quota' };
    await intakeHandler(cloud)(sqsEvent(s3Event('b.mp4')));
    const [, b] = cloud.state.queue.map(({ jobId }) => jobId);
    await sweepHandler(cloud)();
    expect(cloud.state.queue.map(({ jobId }) => jobId)).toEqual([b]);
    expect([...cloud.state.records.values()][0]?.job.launches).toHaveLength(1);
    expect(launches).toHaveLength(1);
  });

  it.each(['jobs.replace', 'tasks.stop', 'work.clear', 'jobs.clearOpen'])(
    'cancels it although the sweep dies around %s',
    async call => {
      for (const when of ['before', 'after'] as const) {
        const { cloud, jobId } = await withRunningJob();
        ask(cloud, 'cancel', jobId);
        cloud.state.crash = { call, when };
        await sweepHandler(cloud)().catch(() => undefined);
        await sweepHandler(cloud)();
        expect(cloud.job().status).toBe('cancelled');
        expect([cloud.state.control.size, cloud.state.open.size]).toEqual([0, 0]);
      }
    },
  );

  it('finds a late report of a cancelled job without effect', async () => {
    const { cloud, jobId } = await withRunningJob();
    ask(cloud, 'cancel', jobId);
    await sweepHandler(cloud)();
    await completionHandler(cloud)(sqsEvent(makeReport('finished', { jobId })));
    expect(cloud.job()).toMatchObject({ status: 'cancelled', outputs: [] });
    expect(cloud.state.published).toEqual([]);
  });

  it('gets one new job for a retry, however often it is asked for and wherever the sweep dies', async () => {
    for (const call of ['jobs.markOpen', 'jobs.create', 'orders.send', 'tasks.start']) {
      const { cloud, jobId } = await withRunningJob();
      ask(cloud, 'cancel', jobId);
      await sweepHandler(cloud)();
      cloud.state.tasks.delete(taskArn(1));
      cloud.state.now = at(100);
      ask(cloud, 'retry', jobId);
      cloud.state.crash = { call, when: 'after' };
      await sweepHandler(cloud)().catch(() => undefined);
      ask(cloud, 'retry', jobId);
      cloud.state.now = at(1000);
      await sweepHandler(cloud)();
      expect({ call, statuses: statuses(cloud) }).toEqual({ call, statuses: ['cancelled', 'accepted'] });
      expect(cloud.state.queue.filter(order => order.jobId !== jobId).length).toBeGreaterThan(0);
      expect(cloud.state.control.size).toBe(0);
    }
  });

  it('is not obeyed where it makes no sense, and the request does not stay', async () => {
    const { cloud, jobId } = await withRunningJob();
    ask(cloud, 'retry', jobId);
    ask(cloud, 'cancel', 'unknown');
    ask(cloud, 'retry', 'unknown');
    await sweepHandler(cloud)();
    expect(statuses(cloud)).toEqual(['running']);
    expect(cloud.state.control.size).toBe(0);
  });
});
