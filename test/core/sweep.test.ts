import { decideReport, settlePublish } from '../../core/completion';
import type { JobRecord } from '../../core/job';
import type { SweepFacts, TaskSight } from '../../core/sweep';
import { decideSweep, isExpired, isOrphaned } from '../../core/sweep';
import {
  START,
  acceptedJob,
  at,
  launchedJob,
  makeReport,
  makeSettings,
  stopped,
  taskArn,
} from '../support/builders';

const settings = makeSettings({
  graceSeconds: 100,
  silenceSeconds: 200,
  jobExpiryMinutes: 90,
  maxFailedLaunches: 2,
});
const live = (task: number): TaskSight => ({
  kind: 'live',
  taskArn: taskArn(task),
  startedBy: 'job',
  createdAt: START,
});
const facts = (
  seconds: number,
  changes: { sights?: TaskSight[]; orderQueueIsEmpty?: boolean; tasksAreFull?: boolean } = {},
): SweepFacts => ({
  now: at(seconds),
  settings,
  tasks: new Map(
    (changes.sights ?? [live(1)]).map(sight => [
      sight.kind === 'stopped' ? sight.task.taskArn : sight.taskArn,
      sight,
    ]),
  ),
  orderQueueIsEmpty: changes.orderQueueIsEmpty ?? false,
  tasksAreFull: changes.tasksAreFull ?? false,
});

function running(): JobRecord {
  const decision = decideReport(launchedJob(), makeReport('started', { at: START.toISOString() }), {
    now: START,
    settings,
  });
  if (decision.kind !== 'changed') throw new Error(decision.reason);
  return decision.job;
}

function repaired(job: JobRecord, sweep: SweepFacts): JobRecord {
  const verdict = decideSweep(job, sweep);
  if (verdict.kind !== 'decided' || verdict.decision.kind !== 'changed')
    throw new Error(JSON.stringify(verdict));
  return verdict.decision.job;
}

const nothing = { kind: 'decided', decision: { kind: 'unchanged' } };

describe('the sweep', () => {
  it.each<[string, JobRecord, SweepFacts]>([
    ['a job whose promises are young', acceptedJob(), facts(99)],
    ['a running job with a live task that reports', running(), facts(199)],
    ['a running job whose task just stopped', running(), facts(99, { sights: [] })],
    ['a queued order with a live task and messages in the queue', launchedJob(), facts(99)],
    ['a queued order, long ago, that others are served before', launchedJob(), facts(1000)],
  ])('leaves %s alone', (_what, job, sweep) => {
    expect(decideSweep(job, sweep)).toMatchObject(nothing);
  });

  it('has what a record promised done when nobody did it in time', () => {
    expect(decideSweep(acceptedJob(), facts(100))).toEqual({ kind: 'carryOut' });
  });

  it('closes what has ended', () => {
    const publishing = decideReport(running(), makeReport('finished'), { now: at(1), settings });
    if (publishing.kind !== 'changed') throw new Error(publishing.reason);
    const done = settlePublish(publishing.job, 'whole', {
      result: { kind: 'published', outputs: [] },
      context: { now: at(2), settings },
    });
    expect(decideSweep(done, facts(5))).toEqual({ kind: 'close' });
  });

  it('takes a worker that is silent for too long for hung: stops it and issues the order anew', () => {
    const verdict = decideSweep(running(), facts(200));
    expect(verdict).toMatchObject({
      kind: 'decided',
      decision: {
        kind: 'changed',
        acts: [{ kind: 'stopTask' }],
        job: { orders: [{ state: 'queued', generation: 2, attempts: [{ outcome: 'stalled' }] }] },
      },
    });
  });

  it('gives back the order of a task that stopped and whose event was lost', () => {
    const job = repaired(
      running(),
      facts(10, { sights: [{ kind: 'stopped', task: stopped(1, { stopCode: 'SpotInterruption' }) }] }),
    );
    expect(job).toMatchObject({
      launches: [{ outcome: 'reclaimed' }, {}],
      orders: [{ state: 'queued', generation: 2 }],
    });
  });

  it('gives back the order of a task that ECS has forgotten, without blame', () => {
    const job = repaired(running(), facts(10_00, { sights: [{ kind: 'unknown', taskArn: taskArn(1) }] }));
    expect(job.orders[0]).toMatchObject({ generation: 2, attempts: [{ outcome: 'reclaimed' }] });
  });

  it('issues an order anew whose last report was lost with a clean exit', () => {
    const job = repaired(
      running(),
      facts(100, { sights: [{ kind: 'stopped', task: stopped(1, { exitCode: 0 }) }] }),
    );
    expect(job.orders[0]).toMatchObject({
      state: 'queued',
      generation: 2,
      attempts: [{ outcome: 'returned' }],
    });
  });

  it('issues an order anew that waits while the queue is empty: its message was lost', () => {
    expect(repaired(launchedJob(), facts(100, { orderQueueIsEmpty: true })).pending).toMatchObject([
      { kind: 'issueOrder', generation: 2 },
      { kind: 'launchTask' },
    ]);
  });

  it.each([
    [149, false],
    [150, true],
  ])('counts the grace of an order from the start of its task: lost after %i s is %s', (seconds, lost) => {
    const job = launchedJob();
    const late = {
      ...job,
      launches: job.launches.map(launch => ({ ...launch, startedAt: at(50).toISOString() })),
    };
    const verdict = decideSweep(late, facts(seconds, { orderQueueIsEmpty: true }));
    expect(verdict.kind === 'decided' && verdict.decision.kind === 'changed').toBe(lost);
  });

  it.each([
    ['that tasks could come to', false, 2],
    ['while as many tasks run as may', true, 1],
  ])(
    'issues an order %s anew when its URLs have ended: its message may be dead while others keep the queue busy',
    (_what, tasksAreFull, generation) => {
      const verdict = decideSweep(launchedJob(), facts(settings.urlSeconds, { tasksAreFull }));
      const job =
        verdict.kind === 'decided' && verdict.decision.kind === 'changed'
          ? verdict.decision.job
          : launchedJob();
      expect(job.orders[0]?.generation).toBe(generation);
    },
  );

  it('moves an order that waits to the front, and its task to on-demand, when its deadline comes near', () => {
    const job = { ...launchedJob(), launches: [], deadlineAt: at(600).toISOString() };
    expect(decideSweep(job, facts(90))).toMatchObject(nothing);
    const hurried = repaired(job, facts(121, { sights: [] }));
    expect(hurried).toMatchObject({ hurriedAt: at(121).toISOString(), orders: [{ generation: 2 }] });
    expect(hurried.launches.at(-1)?.capacityProvider).toBe('FARGATE');
  });

  it('asks for no task while as many run as may: the order will have its turn', () => {
    const job = { ...launchedJob(), launches: [] };
    expect(decideSweep(job, facts(100, { sights: [], tasksAreFull: true }))).toMatchObject(nothing);
  });

  it('asks for a task for an order that waits without one', () => {
    const job = launchedJob();
    const ended = {
      ...job,
      launches: job.launches.map(launch => ({
        ...launch,
        endedAt: at(1).toISOString(),
        outcome: 'noCapacity' as const,
      })),
    };
    expect(repaired(ended, facts(100, { sights: [] })).pending).toEqual([{ kind: 'launchTask', launch: 2 }]);
  });

  it('fails a job for which no task starts, with the reason of the last', () => {
    const job = launchedJob();
    const [launch] = job.launches;
    if (launch === undefined) throw new Error('no launch');
    const failed = {
      ...launch,
      endedAt: at(1).toISOString(),
      outcome: 'noCapacity' as const,
      detail: 'Capacity is unavailable at this time',
    };
    const ended = { ...job, launches: [failed, { ...failed, launch: 2 }] };
    expect(repaired(ended, facts(100, { sights: [] }))).toMatchObject({
      status: 'failed',
      failure: {
        code: 'TASKS_DO_NOT_START',
        message: expect.stringContaining('Capacity is unavailable') as string,
      },
    });
  });

  it('ends a job that outlived its expiry and stops its task', () => {
    const verdict = decideSweep(running(), facts(5400));
    expect(verdict).toMatchObject({
      kind: 'decided',
      decision: {
        kind: 'changed',
        acts: [{ kind: 'stopTask' }],
        job: { status: 'failed', failure: { code: 'JOB_EXPIRED' } },
      },
    });
  });
});

describe('a live task', () => {
  const task = {
    kind: 'live' as const,
    taskArn: taskArn(1),
    startedBy: 'job',
    createdAt: START,
    expiresAt: at(500),
  };
  it.each([
    [499, false],
    [500, true],
  ])('after %i s has expired: %s', (seconds, expired) => {
    expect(isExpired(task, { now: at(seconds), settings })).toBe(expired);
  });

  it.each([
    [undefined, 99, false],
    [undefined, 100, true],
    [at(300), 399, false],
    [at(300), 400, true],
  ])('that ended its last order at %p is orphaned after %i s: %s', (notedAt, seconds, orphaned) => {
    const note = notedAt === undefined ? undefined : { at: notedAt };
    expect(isOrphaned(task, { now: at(seconds), settings, note })).toBe(orphaned);
  });
});
