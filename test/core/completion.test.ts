import type { Decision } from '../../core/attempts';
import { decideReport, settlePublish } from '../../core/completion';
import type { JobRecord } from '../../core/job';
import { jobRecordSchema } from '../../core/job';
import {
  acceptedJob,
  at,
  launchedJob,
  makeOutput,
  makeReport,
  makeSettings,
  SOURCE_FACTS,
  taskArn,
} from '../support/builders';

const context = { now: at(60), settings: makeSettings() };

function after(decision: Decision): JobRecord {
  if (decision.kind !== 'changed') throw new Error(`unchanged: ${decision.reason}`);
  expect(jobRecordSchema.parse(decision.job)).toEqual(decision.job);
  return decision.job;
}

function running(): JobRecord {
  return after(decideReport(launchedJob(), makeReport('started'), context));
}

describe('a report of a worker', () => {
  it('that it started makes the job running and remembers what the task has in hand', () => {
    const decision = decideReport(launchedJob(), makeReport('started'), context);
    expect(after(decision)).toMatchObject({
      status: 'running',
      orders: [{ state: 'running', attempts: [{ deliveryId: '1-1', percent: 0 }] }],
    });
    expect(decision.acts).toEqual([
      {
        kind: 'noteTask',
        taskArn: expect.any(String) as string,
        inHand: expect.objectContaining({ deliveryId: '1-1' }) as object,
      },
    ]);
  });

  it('that ends an order says that the task has nothing more to do with this delivery', () => {
    const decision = decideReport(running(), makeReport('finished'), context);
    expect(decision.acts).toContainEqual({ kind: 'noteIdle', taskArn: taskArn(1), deliveryId: '1-1' });
  });

  it('of progress never takes percent back, in whatever order it comes', () => {
    const further = after(decideReport(running(), makeReport('progress', { percent: 80 }), context));
    expect(
      after(decideReport(further, makeReport('progress', { percent: 40 }), context)).orders[0]?.attempts[0]
        ?.percent,
    ).toBe(80);
  });

  it('that it finished has the result published, once', () => {
    const publishing = after(decideReport(running(), makeReport('finished'), context));
    expect(publishing).toMatchObject({
      status: 'publishing',
      pending: [{ kind: 'publish' }],
      orders: [{ state: 'finished' }],
    });
    expect(decideReport(publishing, makeReport('finished'), context).kind).toBe('unchanged');
  });

  it('that it finished counts even when no start was heard of', () => {
    expect(after(decideReport(launchedJob(), makeReport('finished'), context)).status).toBe('publishing');
  });

  it.each([
    ['half as long as its source', { durationSeconds: 5 }],
    ['without duration', { durationSeconds: undefined }],
    ['without a picture', { video: undefined }],
    ['under another delivery', { key: 'work/20260102T030405Z-0123456789abcdef/whole/9-1/web.mp4' }],
    ['outside of the work prefix', { key: 'jobs/20260102T030405Z-0123456789abcdef.json' }],
    ['of another name', { name: 'other' }],
  ])('of an output %s is not believed, and the order is tried again', (_what, changes) => {
    const output = JSON.parse(JSON.stringify(makeOutput('1-1', changes))) as ReturnType<typeof makeOutput>;
    const job = after(decideReport(running(), makeReport('finished', { outputs: [output] }), context));
    expect(job).toMatchObject({
      status: 'running',
      orders: [
        {
          state: 'queued',
          generation: 2,
          attempts: [{ outcome: 'failed', failure: { code: 'RESULT_NOT_VERIFIED' } }],
        },
      ],
      pending: [{ kind: 'issueOrder', generation: 2 }, { kind: 'launchTask' }],
    });
  });

  it('that a corrupt source cannot be read rejects the job at once, without another attempt', () => {
    const failure = {
      code: 'SOURCE_UNREADABLE',
      message: 'No streams.',
      fix: 'Upload again.',
      retryable: false,
      blame: 'source' as const,
    };
    expect(after(decideReport(running(), makeReport('failed', { failure }), context))).toMatchObject({
      status: 'rejected',
      failure: { code: 'SOURCE_UNREADABLE' },
      pending: [],
    });
  });

  it('of a failure of the surroundings is retried until the attempts are used up', () => {
    let job = running();
    const failure = { ...makeReport('failed').failure, code: 'UPLOAD_FAILED' };
    for (const [attempt, generation] of [
      [1, 2],
      [2, 3],
    ] as const) {
      job = after(
        decideReport(
          job,
          makeReport('failed', { task: attempt, generation: generation - 1, failure }),
          context,
        ),
      );
      expect(job.orders[0]).toMatchObject({ state: 'queued', generation });
    }
    job = after(decideReport(job, makeReport('failed', { task: 3, generation: 3, failure }), context));
    expect(job).toMatchObject({
      status: 'failed',
      failure: { code: 'UPLOAD_FAILED', message: expect.stringContaining('after 3 attempts') as string },
    });
  });

  it('that it gave the order back asks for another task and is not held against the order', () => {
    const job = after(decideReport(running(), makeReport('returned'), context));
    expect(job).toMatchObject({
      orders: [{ state: 'queued', generation: 1, attempts: [{ outcome: 'returned' }] }],
      pending: [{ kind: 'launchTask', launch: 2 }],
    });
    expect(job.usage).toMatchObject({ taskSeconds: 30, lostSeconds: 30 });
  });

  it('of an order that waited too long for its URLs has it issued anew, and is no attempt', () => {
    const job = after(decideReport(launchedJob(), makeReport('expired'), context));
    expect(job.orders[0]).toMatchObject({ generation: 2, attempts: [] });
    expect(job.pending).toContainEqual({ kind: 'issueOrder', orderId: 'whole', generation: 2, ahead: true });
  });

  it('of an older generation that expired changes nothing', () => {
    const reissued = after(decideReport(launchedJob(), makeReport('expired'), context));
    expect(decideReport(reissued, makeReport('expired'), context).kind).toBe('unchanged');
  });

  it('from a worker believed dead, on a job that is over, stops its task and changes nothing', () => {
    const done = settlePublish(after(decideReport(running(), makeReport('finished'), context)), 'whole', {
      result: { kind: 'published', outputs: [] },
      context,
    });
    const decision = decideReport(done, makeReport('progress', { task: 9 }), context);
    expect(decision).toMatchObject({ kind: 'unchanged', acts: [{ kind: 'stopTask' }] });
  });

  it('that was overtaken by the end of its attempt stops no task, which works for another job by now', () => {
    const done = settlePublish(after(decideReport(running(), makeReport('finished'), context)), 'whole', {
      result: { kind: 'published', outputs: [] },
      context,
    });
    expect(decideReport(done, makeReport('progress'), context)).toMatchObject({
      kind: 'unchanged',
      acts: [],
    });
  });

  it('with a good result from an attempt that was given up is taken: the first valid one wins', () => {
    const returned = after(decideReport(running(), makeReport('returned'), context));
    expect(after(decideReport(returned, makeReport('finished'), context)).status).toBe('publishing');
  });

  it('with a wrong result from an attempt that was given up is ignored', () => {
    const returned = after(decideReport(running(), makeReport('returned'), context));
    expect(
      decideReport(
        returned,
        makeReport('finished', { outputs: [makeOutput('1-1', { durationSeconds: 1 })] }),
        context,
      ).kind,
    ).toBe('unchanged');
  });

  it('that has cost more than the manifest allows ends the job and stops its task', () => {
    const job = acceptedJob();
    const limited = {
      ...job,
      pending: [],
      manifest: { preset: 'web', priority: 'standard' as const, costLimitUsd: 0.001 },
    };
    const decision = decideReport(limited, makeReport('progress', { heldSeconds: 3600 }), context);
    expect(after(decision)).toMatchObject({
      status: 'failed',
      failure: {
        code: 'COST_LIMIT_REACHED',
        message: expect.stringMatching(/used 0\.0\d{1,2} USD/) as string,
      },
    });
    expect(decision.acts).toMatchObject([{ kind: 'stopTask' }]);
  });

  it('that tells a source which must cost more than the manifest allows ends the job at once', () => {
    const job = running();
    const source = { ...SOURCE_FACTS, durationSeconds: 7200 };
    const told = (costLimitUsd: number, more: object): Decision =>
      decideReport(
        { ...job, manifest: { preset: 'web', priority: 'standard', costLimitUsd } },
        makeReport('progress', { heldSeconds: 2, ...more }),
        context,
      );
    const tooDear = told(0.001, { source });
    expect(after(tooDear)).toMatchObject({
      status: 'failed',
      failure: { code: 'COST_LIMIT_TOO_LOW' },
      source: { facts: source },
    });
    expect(tooDear.acts).toMatchObject([{ kind: 'stopTask' }]);
    expect(after(told(5, { source })).status).toBe('running');
    expect(after(told(0.001, {})).status).toBe('running');
  });

  it('asking for fresh URLs gets them', () => {
    expect(decideReport(running(), makeReport('renew'), context).acts).toEqual([
      { kind: 'renewAccess', orderId: 'whole', generation: 1 },
    ]);
  });
});

describe('a failure of an attempt of an earlier generation', () => {
  const reissued = (): JobRecord => {
    const job = running();
    return { ...job, orders: job.orders.map(order => ({ ...order, generation: 2 })) };
  };
  const withSecond = (): JobRecord =>
    after(decideReport(reissued(), makeReport('started', { task: 2, generation: 2 }), context));

  it('leaves the present generation to whoever works on it, and counts for nothing', () => {
    const [order] = after(decideReport(withSecond(), makeReport('failed'), context)).orders;
    expect(order).toMatchObject({ generation: 2, state: 'running' });
    expect(order?.attempts.map(({ outcome }) => outcome)).toEqual(['superseded', undefined]);
  });

  it('leaves the order queued when nobody has the present generation yet', () => {
    const [order] = after(decideReport(reissued(), makeReport('failed'), context)).orders;
    expect(order).toMatchObject({ generation: 2, state: 'queued' });
  });

  it('ends the job all the same when the source is to blame', () => {
    const report = makeReport('failed');
    const failure = { ...report.failure, retryable: false, blame: 'source' as const };
    expect(after(decideReport(withSecond(), { ...report, failure }, context)).status).toBe('rejected');
  });
});

describe('publishing', () => {
  it('that was refused is another attempt, not done', () => {
    const publishing = after(decideReport(running(), makeReport('finished'), context));
    const job = settlePublish(publishing, 'whole', {
      result: { kind: 'refused', reason: 'its SHA-256 differs' },
      context,
    });
    expect(job).toMatchObject({
      status: 'running',
      orders: [{ state: 'queued', generation: 2, attempts: [{ outcome: 'failed' }] }],
    });
    expect(job.results).toBeUndefined();
    expect(jobRecordSchema.parse(job)).toEqual(job);
  });
});
