import { METRICS } from '../../core/metrics';
import type { Cloud } from '../../handlers/cloud';
import { completionHandler } from '../../handlers/completion';
import { intakeHandler } from '../../handlers/intake';
import { sweepHandler } from '../../handlers/sweep';
import { at, makeOutput, makeReport, taskArn } from '../support/builders';
import { s3Event, sqsEvent } from '../support/events';
import { memoryCloud, upload } from '../support/memory-cloud';

describe('the sweep', () => {
  it('rejects a video whose manifest never came, and accepts it once it does', async () => {
    const cloud = memoryCloud({ pairingMinutes: 10 });
    upload(cloud, 'a.mp4');
    await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
    cloud.state.now = at(599);
    await sweepHandler(cloud)();
    expect(cloud.state.summaries.size).toBe(0);
    cloud.state.now = at(600);
    await sweepHandler(cloud)();
    await sweepHandler(cloud)();
    expect(cloud.state.summaries.get('a.mp4.rejected.json')?.problems?.[0]?.fix).toContain('a.mp4.json');
    expect(cloud.state.waiting.size).toBe(0);
    upload(cloud, 'a.mp4.json');
    await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4.json')));
    expect([...cloud.state.records.values()].map(({ job }) => job.status).sort()).toEqual([
      'accepted',
      'rejected',
    ]);
  });

  it('rejects a manifest whose video never came', async () => {
    const cloud = memoryCloud({ pairingMinutes: 10 });
    upload(cloud, 'a.mp4.json');
    await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4.json')));
    cloud.state.now = at(601);
    await sweepHandler(cloud)();
    expect(cloud.job()).toMatchObject({ status: 'rejected', videoKey: 'a.mp4' });
  });

  it('finds an upload of which no event told, once', async () => {
    const cloud = memoryCloud();
    upload(cloud, 'a.mp4');
    upload(cloud, 'a.mp4.json');
    cloud.state.now = at(cloud.settings.graceSeconds);
    await sweepHandler(cloud)();
    expect(cloud.job().status).toBe('accepted');
    cloud.state.now = at(3 * 3600);
    await sweepHandler(cloud)();
    expect(cloud.state.records.size).toBe(1);
  });

  it('stops a task that belongs to nothing, and none that is needed', async () => {
    const cloud = memoryCloud();
    upload(cloud, 'a.mp4', { metadata: { preset: 'web' } });
    await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
    cloud.state.tasks.set(taskArn('stray'), {
      kind: 'live',
      taskArn: taskArn('stray'),
      startedBy: 'gone',
      createdAt: at(0),
    });
    cloud.state.now = at(cloud.settings.graceSeconds);
    await sweepHandler(cloud)();
    expect(cloud.state.stopped).toEqual(['stray: orphaned']);
    expect(cloud.state.measured).toContainEqual({ name: 'OrphansStopped', value: 1 });
  });

  it('leaves a task alone that has nothing in hand since a moment only: it may have taken up the next order', async () => {
    const cloud = memoryCloud();
    const task = taskArn('idle');
    cloud.state.tasks.set(task, { kind: 'live', taskArn: task, startedBy: 'gone', createdAt: at(0) });
    cloud.state.now = at(1000);
    await cloud.tasks.note(task, null);
    cloud.state.now = at(999 + cloud.settings.graceSeconds);
    await sweepHandler(cloud)();
    expect(cloud.state.stopped).toEqual([]);
    cloud.state.now = at(1000 + cloud.settings.graceSeconds);
    await sweepHandler(cloud)();
    expect(cloud.state.stopped).toEqual(['idle: orphaned']);
  });

  it('leaves the marker of an upload that intake is about to write a record of', async () => {
    const cloud = memoryCloud();
    upload(cloud, 'a.mp4', { metadata: { preset: 'web' } });
    const sweptBetween: Cloud = {
      ...cloud,
      jobs: {
        ...cloud.jobs,
        markOpen: async jobId => {
          await cloud.jobs.markOpen(jobId);
          await sweepHandler(cloud)();
        },
      },
    };
    await intakeHandler(sweptBetween)(sqsEvent(s3Event('a.mp4')));
    expect([...cloud.state.open]).toEqual([cloud.job().jobId]);
  });

  it('clears an old marker without a record away', async () => {
    const cloud = memoryCloud();
    cloud.state.open.add('20260101T000000Z-0000000000000000');
    await sweepHandler(cloud)();
    expect(cloud.state.open.size).toBe(0);
  });

  it('goes on after a job that cannot be swept, and fails at the end so that the alarm sees it', async () => {
    const cloud = memoryCloud();
    for (const key of ['a.mp4', 'b.mp4']) upload(cloud, key, { metadata: { preset: 'web' } });
    cloud.state.launchResult = { kind: 'noCapacity', reasons: ['none'] };
    await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4'), s3Event('b.mp4')));
    cloud.state.launchResult = undefined;
    cloud.state.now = at(cloud.settings.graceSeconds);
    cloud.state.crash = { call: 'tasks.start', when: 'before' };
    await expect(sweepHandler(cloud)()).rejects.toThrow('1 steps of the sweep failed');
    expect(
      [...cloud.state.records.values()].filter(({ job }) => job.launches.at(-1)?.taskArn !== undefined),
    ).toHaveLength(1);
  });

  it('publishes last: copies that outlast it must not keep tasks from being stopped', async () => {
    const cloud = memoryCloud();
    upload(cloud, 'a.mp4', { metadata: { preset: 'web' } });
    await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
    const { jobId } = cloud.job();
    const outputs = [makeOutput('1-1', { key: `work/${jobId}/whole/1-1/web.mp4` })];
    cloud.state.crash = { call: 'work.publish', when: 'before' };
    await completionHandler(cloud)(sqsEvent(makeReport('finished', { jobId, outputs })));
    const stray = taskArn('stray');
    cloud.state.tasks.set(stray, { kind: 'live', taskArn: stray, startedBy: 'gone', createdAt: at(0) });
    cloud.state.now = at(2 * cloud.settings.graceSeconds);
    let stoppedBefore: string[] = [];
    const work: Cloud['work'] = {
      ...cloud.work,
      publish: job => {
        stoppedBefore = [...cloud.state.stopped];
        return cloud.work.publish(job);
      },
    };
    await sweepHandler({ ...cloud, work })();
    expect(stoppedBefore).toContain('stray: orphaned');
    expect(cloud.job().status).toBe('done');
  });

  it('measures that it ran and how old the oldest open job is, in metrics of the catalogue', async () => {
    const cloud = memoryCloud();
    upload(cloud, 'a.mp4', { metadata: { preset: 'web' } });
    await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
    cloud.state.now = at(50);
    await sweepHandler(cloud)();
    expect(cloud.state.measured).toContainEqual({ name: 'OldestOpenJobSeconds', value: 50 });
    expect(cloud.state.measured).toContainEqual({ name: 'SweepRuns', value: 1 });
    expect(cloud.state.measured.every(({ name }) => name in METRICS)).toBe(true);
  });
});
