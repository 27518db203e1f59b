import { ensureLaunch } from '../../core/attempts';
import { decideReport } from '../../core/completion';
import type { JobRecord } from '../../core/job';
import { jobRecordSchema } from '../../core/job';
import { settleLaunch } from '../../core/launch';
import { classifyStop, decideTaskStopped } from '../../core/task-state';
import { at, launchedJob, makeReport, makeSettings, stopped, taskArn } from '../support/builders';

const context = {
  now: at(60),
  settings: makeSettings({ maxAttempts: 2, maxFailedLaunches: 3, reclaimsBeforeOnDemand: 2 }),
};
type Stop = ReturnType<typeof stopped>;

function after(job: JobRecord, task: Stop): JobRecord {
  const decision = decideTaskStopped(job, task, context);
  if (decision.kind !== 'changed') throw new Error(decision.reason);
  expect(jobRecordSchema.parse(decision.job)).toEqual(decision.job);
  return decision.job;
}

function running(): JobRecord {
  const decision = decideReport(launchedJob(), makeReport('started'), context);
  if (decision.kind !== 'changed') throw new Error(decision.reason);
  return decision.job;
}

/** Carries out the newest launch and the order that goes with it. */
function relaunched(job: JobRecord, task: string | number): JobRecord {
  const launch = job.launches.length;
  const launched = settleLaunch(job, launch, {
    result: { kind: 'started', taskArn: taskArn(task), capacityProvider: 'FARGATE_SPOT' },
    now: context.now,
  });
  return { ...launched, pending: [] };
}

describe('how a task ended', () => {
  it.each([
    [{ stopCode: 'SpotInterruption', exitCode: 0 }, 'reclaimed'],
    [{ stopCode: 'SpotInterruption', exitCode: 137 }, 'reclaimed'],
    [{ stopCode: 'TaskFailedToStart', exitCode: undefined }, 'failedToStart'],
    [{ stopCode: 'EssentialContainerExited', exitCode: 0 }, 'finished'],
    [{ stopCode: 'EssentialContainerExited', exitCode: 1 }, 'crashed'],
    [{ stopCode: 'EssentialContainerExited', exitCode: 137 }, 'killed'],
    [
      { stopCode: 'EssentialContainerExited', exitCode: 137, containerReason: 'OutOfMemoryError: killed' },
      'crashed',
    ],
    [{ stopCode: 'UserInitiated', exitCode: 0 }, 'finished'],
    [{ stopCode: 'UserInitiated', exitCode: 143 }, 'stopped'],
  ])('%j is %s', (end, outcome) => {
    expect(classifyStop({ taskArn: 'arn', ...(JSON.parse(JSON.stringify(end)) as object) })).toBe(outcome);
  });
});

describe('the end of a task', () => {
  it.each([
    ['reclaimed before it could say so', stopped(1, { stopCode: 'SpotInterruption' }), 'reclaimed'],
    ['killed', stopped(1), 'killed'],
    ['crashed', stopped(1, { exitCode: 1 }), 'crashed'],
    ['stopped by somebody', stopped(1, { stopCode: 'UserInitiated' }), 'returned'],
  ])('%s, with an order in hand, has the order issued anew and a task asked for', (_what, task, outcome) => {
    const job = after(running(), task);
    expect(job.orders[0]).toMatchObject({ state: 'queued', generation: 2, attempts: [{ outcome }] });
    expect(job.pending).toMatchObject([
      { kind: 'issueOrder', generation: 2 },
      { kind: 'launchTask', launch: 2 },
    ]);
  });

  it('told twice is booked once', () => {
    const once = { ...after(running(), stopped(1)), pending: [] };
    const again = decideTaskStopped(once, stopped(1), context);
    expect(again.kind === 'changed' ? again.job.orders : once.orders).toEqual(once.orders);
  });

  it('after it gave the order back asks for no second task', () => {
    const returned = decideReport(running(), makeReport('returned'), context);
    if (returned.kind !== 'changed') throw new Error(returned.reason);
    const job = after(relaunched(returned.job, 2), stopped(1, { stopCode: 'SpotInterruption', exitCode: 0 }));
    expect(job.launches).toHaveLength(2);
    expect(job.launches[0]).toMatchObject({ outcome: 'reclaimed' });
    expect(job.pending).toEqual([]);
  });

  it('with exit code 0 leaves the order alone: the last report is still on its way', () => {
    expect(after(running(), stopped(1, { exitCode: 0 })).orders[0]).toMatchObject({
      state: 'running',
      generation: 1,
    });
  });

  it('by crash counts against the order; at the limit the job fails with the reason', () => {
    const first = relaunched(after(running(), stopped(1, { exitCode: 1 })), 2);
    const second = decideReport(first, makeReport('started', { task: 2, generation: 2 }), context);
    if (second.kind !== 'changed') throw new Error(second.reason);
    const job = after(
      second.job,
      stopped(2, { containerReason: 'OutOfMemoryError: Container killed due to memory usage' }),
    );
    expect(job).toMatchObject({
      status: 'failed',
      failure: { code: 'OUT_OF_MEMORY', fix: expect.stringContaining('memoryGiB') as string },
    });
  });

  it('by reclaim never fails the job and moves to on-demand after enough of them', () => {
    let job = running();
    for (let task = 1; task <= 5; task += 1) {
      job = relaunched(after(job, stopped(task, { stopCode: 'SpotInterruption' })), task + 1);
      const decision = decideReport(
        job,
        makeReport('started', { task: task + 1, generation: task + 1 }),
        context,
      );
      if (decision.kind !== 'changed') throw new Error(decision.reason);
      job = decision.job;
    }
    expect(job.status).toBe('running');
    const wished = after(running(), stopped(1, { stopCode: 'SpotInterruption' }));
    expect(wished.launches[1]?.capacityProvider).toBe('FARGATE_SPOT');
    const again = after(
      {
        ...wished,
        launches: wished.launches.map(launch => ({
          ...launch,
          outcome: 'reclaimed' as const,
          endedAt: at(1).toISOString(),
        })),
        pending: [],
        orders: running().orders,
      },
      stopped(1, { stopCode: 'SpotInterruption' }),
    );
    expect(again.launches.at(-1)?.capacityProvider).toBe('FARGATE');
  });

  it('before it started is tried again once at once, then left to the sweep, then fails the job', () => {
    const failedStart = (task: number): Stop => ({
      taskArn: taskArn(task),
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError',
    });
    const first = after(launchedJob(), failedStart(1));
    expect(first.pending).toEqual([{ kind: 'launchTask', launch: 2 }]);
    const second = after(relaunched(first, 2), failedStart(2));
    expect(second.pending).toEqual([]);
    const third = after(
      {
        ...second,
        launches: [
          ...second.launches,
          { launch: 3, reason: 'x', requestedAt: at(0).toISOString(), taskArn: taskArn(3) },
        ],
      },
      failedStart(3),
    );
    expect(third).toMatchObject({
      status: 'failed',
      failure: {
        code: 'TASKS_DO_NOT_START',
        message: expect.stringContaining('CannotPullContainerError') as string,
      },
    });
  });

  it('that left while the order still waits asks for another', () => {
    expect(after(launchedJob(), stopped(1, { exitCode: 0 })).pending).toEqual([
      { kind: 'launchTask', launch: 2 },
    ]);
  });

  it('that left while the order was in other hands is followed by one more, then by those of the sweep, and never fails the job', () => {
    let job = after(launchedJob(), stopped(1, { exitCode: 0 }));
    for (let task = 2; task <= 2 * context.settings.maxFailedLaunches; task += 1) {
      job = after(relaunched(job, task), stopped(task, { exitCode: 0 }));
      expect(job).toMatchObject({ status: 'accepted', pending: [] });
      job = ensureLaunch(job, { ...context, reason: 'queued without a task' });
    }
  });

  it('whose attempt is of an earlier generation leaves the order to whoever has the present one', () => {
    const lost = running();
    const job: JobRecord = { ...lost, orders: lost.orders.map(order => ({ ...order, generation: 2 })) };
    for (const stop of [stopped(1), stopped(1, { stopCode: 'SpotInterruption' })]) {
      const [order] = after(job, stop).orders;
      expect(order).toMatchObject({ generation: 2, state: 'queued', attempts: [{ outcome: 'superseded' }] });
    }
  });
});
