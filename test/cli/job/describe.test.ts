import { describeJobs } from '../../../cli/job/list';
import { describeJob } from '../../../cli/job/show';
import { timelineOf } from '../../../cli/job/timeline';
import { decideReport } from '../../../core/completion';
import type { JobRecord } from '../../../core/job';
import { decideTaskStopped } from '../../../core/task-state';
import { at, launchedJob, makeReport, makeSettings, SOURCE_FACTS, stopped } from '../../support/builders';

/** A job whose first task was reclaimed at 40 %. */
function reclaimedJob(): JobRecord {
  const settings = makeSettings();
  let job = launchedJob();
  for (const report of [makeReport('started', { at: at(20).toISOString() }), makeReport('progress')]) {
    const decision = decideReport(job, report, { now: at(30), settings });
    if (decision.kind === 'changed') job = decision.job;
  }
  const lost = decideTaskStopped(job, stopped(1, { stopCode: 'SpotInterruption' }), {
    now: at(40),
    settings,
  });
  if (lost.kind === 'unchanged') throw new Error(lost.reason);
  return lost.job;
}

describe('the timeline of a job', () => {
  it('tells in the order of time what was asked for, taken up and lost', () => {
    expect(timelineOf(reclaimedJob()).map(({ text }) => text)).toEqual([
      'video uploaded',
      'accepted',
      'task 1 asked for on Spot: 1',
      'order whole taken up by 1',
      'order whole reclaimed after 30 s, 50 s of CPU time',
      expect.stringMatching(/^task 1 ended: reclaimed/) as string,
      'task 2 asked for on Spot (reason: reclaimed)',
    ]);
  });

  it('says in which network a task runs, or why it waits for one', () => {
    const [launch] = launchedJob().launches;
    const first = (change: object): string | undefined =>
      timelineOf({ ...launchedJob(), launches: launch === undefined ? [] : [{ ...launch, ...change }] })[2]
        ?.text;
    expect(first({ networkId: 'net-00000001-abcd' })).toBe(
      'task 1 asked for on Spot: 1 in net-00000001-abcd',
    );
    expect(first({ taskArn: undefined, waitingFor: 'VpcLimitExceeded: Too many.' })).toBe(
      'task 1 asked for on Spot, waits: VpcLimitExceeded: Too many.',
    );
  });

  it('says where a worker shows its progress, where it does', () => {
    const statusUrl = 'http://203.0.113.9:8080/';
    const job = reclaimedJob();
    const orders = job.orders.map(order => ({
      ...order,
      attempts: order.attempts.map(attempt => ({ ...attempt, statusUrl })),
    }));
    expect(timelineOf({ ...job, orders }).map(({ text }) => text)).toContain(
      `order whole taken up by 1, which shows its progress at ${statusUrl}`,
    );
  });

  it('ends with where the order is, while it runs', () => {
    const decision = decideReport(launchedJob(), makeReport('progress'), {
      now: at(30),
      settings: makeSettings(),
    });
    if (decision.kind === 'unchanged') throw new Error(decision.reason);
    expect(timelineOf(decision.job).at(-1)?.text).toBe('order whole at 40 % after 30 s, 50 s of CPU time');
  });
});

describe('a job in words', () => {
  it('tells what was used and lost', () => {
    const job = reclaimedJob();
    expect(describeJob(job)).toMatch(
      /^job 20260102T030405Z-0123456789abcdef: running\nvideo clips\/cat.mp4 \(1000 B\), preset web/,
    );
    expect(describeJob(job)).toContain('Used: 30 s of task time, 30 s of it lost (100 %)');
  });

  it('names what is shown before and after the video', () => {
    const job = reclaimedJob();
    const parts = [
      { fileName: 'intro.mp4', place: 'intro', durationSeconds: 2.5 },
      { fileName: 'credits.mov', place: 'outro', durationSeconds: 4 },
    ] as const;
    const facts = { ...SOURCE_FACTS, parts: [...parts] };
    expect(describeJob({ ...job, source: job.source && { ...job.source, facts } })).toMatch(
      /^source .*; 10 s\n {2}with intro intro\.mp4 \(2\.5 s\), outro credits\.mov \(4 s\)$/m,
    );
  });

  it('shows source and outputs of one that is done', () => {
    const job = reclaimedJob();
    const text = describeJob({
      ...job,
      status: 'done',
      finishedAt: at(60).toISOString(),
      source: job.source && { ...job.source, facts: SOURCE_FACTS },
      outputs: [
        {
          name: 'web',
          fileName: 'web.mp4',
          bucket: 'outbox',
          key: 'clips/cat.mp4/web.mp4',
          contentType: 'video/mp4',
          sizeBytes: 2048,
          sha256: 'a'.repeat(64),
          durationSeconds: 10,
          video: { codec: 'h264', width: 1280, height: 720 },
        },
      ],
    });
    expect(text).toContain('source 1920×1080 h264, 25 fps; aac, 2 ch; 10 s');
    expect(text).toMatch(
      /^web\.mp4 +h264 +1280×720 +10\.00 s +2\.0 KiB +s3:\/\/outbox\/clips\/cat\.mp4\/web\.mp4$/m,
    );
    expect(text).toMatch(/^2026-01-02 03:05:05 {2}done$/m);
  });

  it('gives the reason and the fix of one that failed', () => {
    const failure = {
      code: 'TIME_LIMIT',
      message: 'It took too long.',
      fix: 'Use a larger task.',
      retryable: false,
      blame: 'limit',
    } as const;
    expect(describeJob({ ...launchedJob(), status: 'failed', failure })).toContain(
      'The job failed: It took too long.\n  Use a larger task.',
    );
  });
});

describe('a list of jobs', () => {
  it('has a line for each, with how long the ended ones took', () => {
    const running = launchedJob();
    const done: JobRecord = { ...running, status: 'done', finishedAt: at(125).toISOString() };
    const [, , first, second] = describeJobs([running, done]).split('\n');
    expect(first).toMatch(
      /^20260102T030405Z-0123456789abcdef +accepted +2026-01-02 03:04:05 +web +clips\/cat\.mp4$/,
    );
    expect(second).toMatch(/ done +2026-01-02 03:04:05 +2 min 05 s /);
  });
});

describe('what a job has cost', () => {
  const inNetwork = (): JobRecord => {
    const job = reclaimedJob();
    return { ...job, launches: job.launches.map(launch => ({ ...launch, networkId: 'net-1' })) };
  };
  const receipt = {
    ...{ jobId: 'j', networkId: 'net-1', staySeconds: 600, sharePercent: 25, usd: 0.015 },
    ...{ sharedBy: 2, networkUsd: 0.06, priceRegion: 'us-east-1' },
  };

  it('has its share of the network that was made for it and others', () => {
    expect(describeJob(inNetwork(), [receipt])).toContain(
      '\nNetwork net-1: 0.015 USD, for 10 min 00 s in it; 2 jobs pay its 0.06 USD by their time.',
    );
    expect(describeJob(inNetwork(), [{ ...receipt, sharedBy: 1 }])).toContain(
      '\nNetwork net-1: 0.06 USD, which was there for this job alone.',
    );
  });

  it('says while the network is there when that is known', () => {
    expect(describeJob(inNetwork())).toContain(
      '\nNetwork net-1: its share is known once the network is gone.',
    );
    expect(describeJob(reclaimedJob())).not.toContain('Network');
  });
});
