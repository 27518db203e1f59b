import { decideReport } from '../../core/completion';
import { goesFirst, hurryIfLate, readDeadline, remainingSeconds } from '../../core/deadline';
import type { JobRecord } from '../../core/job';
import { acceptJob } from '../../core/intake';
import { chooseCapacity } from '../../core/launch';
import { manifestSchema } from '../../core/manifest';
import { decideTaskStopped } from '../../core/task-state';
import { START, acceptedJob, at, launchedJob, makeReport, makeSettings, stopped } from '../support/builders';
import { changedJob, cutJob, finished } from '../support/chunked';

const settings = makeSettings({ maxTasksPerJob: 2 });

/** Two of eight chunks are done, each of which took 30 seconds; two tasks are there or asked for. */
function underWay(deadlineSeconds?: number): JobRecord {
  const job = cutJob(8, settings);
  const dated =
    deadlineSeconds === undefined ? job : { ...job, deadlineAt: at(deadlineSeconds).toISOString() };
  return [finished('chunk-0000'), finished('chunk-0001', { task: 2 })].reduce(
    (next, report) => changedJob(decideReport(next, report, { now: at(100), settings })),
    dated,
  );
}

describe('a deadline', () => {
  it.each([
    [90, { kind: 'at', deadlineAt: '2026-01-02T04:34:05.000Z' }],
    ['2026-01-02T18:00:00+02:00', { kind: 'at', deadlineAt: '2026-01-02T16:00:00.000Z' }],
    [undefined, { kind: 'none' }],
  ])('of %p is understood', (deadline, meant) => {
    expect(readDeadline(manifestSchema.parse({ preset: 'web', deadline }), START)).toEqual(meant);
  });

  it('that is past is a problem of the manifest, with its fix', () => {
    const manifest = manifestSchema.parse({ preset: 'web', deadline: '2026-01-02T00:00:00Z' });
    expect(readDeadline(manifest, START)).toMatchObject({ problem: { pointer: '/deadline' } });
  });

  it.each(['soon', 0, -5, '2026-01-02'])('of %p is refused', deadline => {
    expect(manifestSchema.safeParse({ preset: 'web', deadline }).success).toBe(false);
  });
});

describe('a job that must be done by a time', () => {
  it('takes as long as its open chunks at the speed of those that are done', () => {
    // Six chunks of 30 s in two tasks, and a twentieth of the whole for the assembly.
    expect(remainingSeconds(underWay(), settings)).toBeCloseTo(90 + 12);
    expect(remainingSeconds(cutJob(8, settings), settings)).toBeUndefined();
  });

  it.each([
    ['has time enough', 300, false],
    ['would be late', 200, true],
  ])('that %s hurries or not', (_what, seconds, hurries) => {
    const job = underWay(seconds);
    expect(job.hurriedAt !== undefined).toBe(hurries);
    expect(goesFirst(job)).toBe(hurries);
    expect(chooseCapacity(job, settings)).toBe(hurries ? 'FARGATE' : 'FARGATE_SPOT');
  });

  it.each([
    [480, 'FARGATE_SPOT'],
    [479, 'FARGATE'],
  ])(
    'in %i s starts a source that may take up to 240 s, and twice that with a reclaim, on %s',
    (seconds, capacityProvider) => {
      const due = { ...acceptedJob(), launches: [], deadlineAt: at(seconds).toISOString() };
      const job = acceptJob(due, START, makeSettings());
      expect(job.launches).toMatchObject([{ capacityProvider }]);
    },
  );

  it.each([
    // 40 % after 40 s: 100 s for the whole, a minute to start, and all of that twice.
    ['goes on on Spot when it fits in twice', 50 + 320, 'FARGATE_SPOT'],
    ['goes on on-demand when it does not', 50 + 319, 'FARGATE'],
  ])('after a reclaim of a source that is encoded whole %s', (_what, seconds, capacityProvider) => {
    const due: JobRecord = { ...launchedJob(), deadlineAt: at(seconds).toISOString() };
    const job = [
      makeReport('started'),
      makeReport('progress', { percent: 40, heldSeconds: 40 }),
    ].reduce<JobRecord>(
      (next, report) => changedJob(decideReport(next, report, { now: at(45), settings })),
      due,
    );
    const reclaim = { ...stopped(1), stopCode: 'SpotInterruption' };
    const after = changedJob(decideTaskStopped(job, reclaim, { now: at(50), settings }));
    expect(after.launches.at(-1)).toMatchObject({ reason: 'reclaimed', capacityProvider });
    expect(goesFirst(after)).toBe(capacityProvider === 'FARGATE');
  });

  it('without a deadline never hurries', () => {
    const job = launchedJob();
    expect(hurryIfLate(job, { now: at(1e6), settings })).toBe(job);
  });
});
