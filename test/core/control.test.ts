import { controlKey, decideCancel, decideRetry, parseControlKey } from '../../core/control';
import { decideReport } from '../../core/completion';
import type { JobRecord } from '../../core/job';
import { jobRecordSchema } from '../../core/job';
import { acceptedJob, at, launchedJob, makeReport, makeSettings, taskArn } from '../support/builders';
import { changedJob, cutJob, finished } from '../support/chunked';

const settings = makeSettings();

function runningJob(): JobRecord {
  const decision = decideReport(launchedJob(), makeReport('progress'), { now: at(30), settings });
  if (decision.kind === 'unchanged') throw new Error(decision.reason);
  return decision.job;
}

function cancelled(job: JobRecord): JobRecord {
  const decision = decideCancel(job, { now: at(40), settings });
  if (decision.kind === 'unchanged') throw new Error(decision.reason);
  return decision.job;
}

describe('requests of users', () => {
  it.each(['cancel', 'retry'] as const)('are keys that are read as they are written: %s', action => {
    const request = { jobId: '20260102T030405Z-0123456789abcdef', action };
    expect(parseControlKey(controlKey(request))).toEqual(request);
  });

  it.each([
    'control/',
    'control/j',
    'control/j/stop',
    'control/j/cancel/x',
    'control//cancel',
    'open/j/cancel',
  ])('are not read out of %s', key => expect(parseControlKey(key)).toBeUndefined());
});

describe('a cancel', () => {
  it('ends a job before its first task with nothing left to do', () => {
    expect(cancelled(acceptedJob())).toMatchObject({
      status: 'cancelled',
      finishedAt: at(40).toISOString(),
      failure: { code: 'CANCELLED_BY_USER', retryable: false },
      pending: [],
    });
  });

  it('stops the task that has the order, and books its time', () => {
    const decision = decideCancel(runningJob(), { now: at(40), settings });
    expect(decision.acts).toEqual([{ kind: 'stopTask', taskArn: taskArn(1), reason: 'job cancelled' }]);
    expect(cancelled(runningJob())).toMatchObject({
      orders: [{ state: 'failed', attempts: [{ outcome: 'superseded' }] }],
      usage: { lostSeconds: 30 },
    });
  });

  it.each(['publishing', 'done', 'failed', 'rejected', 'cancelled'] as const)(
    'changes nothing of a job that is %s',
    status =>
      expect(decideCancel({ ...runningJob(), status }, { now: at(40), settings }).kind).toBe('unchanged'),
  );
});

describe('a retry', () => {
  it('is a new job of the same upload, manifest and preset, with its order and task pending', () => {
    const ended = cancelled(runningJob());
    const decision = decideRetry(ended, { now: at(50), settings });
    if (decision.kind === 'refuse') throw new Error(decision.reason);
    const { job } = decision;
    expect(job).toMatchObject({
      retryOf: ended.jobId,
      status: 'accepted',
      acceptedAt: at(50).toISOString(),
      source: { versionId: 'v1' },
      preset: ended.preset,
      manifest: ended.manifest,
      usage: { taskSeconds: 0 },
    });
    expect(job.pending.map(({ kind }) => kind)).toEqual(['issueOrder', 'launchTask']);
    expect(job).not.toHaveProperty('failure');
    expect(jobRecordSchema.parse(job)).toEqual(job);
    expect(job.jobId > ended.jobId).toBe(true);
  });

  it.each([0, 0.4, 1, 40])(
    'of a job that ended %d s after its upload sorts after it, and so does its own retry',
    seconds => {
      const retryOf = (job: JobRecord): JobRecord => {
        const decision = decideRetry(job, { now: at(50), settings });
        if (decision.kind === 'refuse') throw new Error(decision.reason);
        return decision.job;
      };
      const ended = { ...cancelled(runningJob()), finishedAt: at(seconds).toISOString() };
      const second = retryOf(ended);
      const third = retryOf({ ...second, status: 'failed', finishedAt: ended.finishedAt });
      expect(second.jobId.slice(0, 16) > ended.jobId.slice(0, 16)).toBe(true);
      expect(third.jobId.slice(0, 16) > second.jobId.slice(0, 16)).toBe(true);
    },
  );

  it('is the same job, whenever and however often it is asked for', () => {
    const ended = cancelled(runningJob());
    const ids = [50, 5000].map(seconds => {
      const decision = decideRetry(ended, { now: at(seconds), settings });
      return decision.kind === 'retry' ? decision.job.jobId : decision.reason;
    });
    expect(ids[0]).toBe(ids[1]);
  });

  it.each(['accepted', 'running', 'publishing', 'done', 'rejected'] as const)(
    'is refused for a job that is %s',
    status => {
      const job = { ...cancelled(runningJob()), status };
      expect(decideRetry(job, { now: at(50), settings }).kind).toBe('refuse');
    },
  );
});

describe('a retry of a job whose source was cut', () => {
  const context = { now: at(60), settings };
  const failed = (): JobRecord => {
    const cut = { ...cutJob(3), pending: [] };
    const done = changedJob(decideReport(cut, finished('chunk-0001'), context));
    const failure = { ...makeReport('failed').failure, retryable: false };
    const report = { ...makeReport('failed', { task: 2, failure }), orderId: 'chunk-0002' };
    return changedJob(decideReport({ ...done, pending: [] }, report, context));
  };
  const retried = (lost?: ReadonlySet<string>): JobRecord => {
    const decision = decideRetry(failed(), { ...context, ...(lost === undefined ? {} : { lost }) });
    if (decision.kind !== 'retry') throw new Error(decision.reason);
    expect(jobRecordSchema.parse(decision.job)).toEqual(decision.job);
    return decision.job;
  };
  const states = (job: JobRecord): string[] => job.orders.map(({ orderId, state }) => `${orderId} ${state}`);

  it('begins with the chunks that are done, and does the rest anew', () => {
    expect(failed().status).toBe('failed');
    const job = retried();
    expect(states(job)).toEqual([
      'whole finished',
      'rest queued',
      'chunk-0000 queued',
      'chunk-0001 finished',
      'chunk-0002 queued',
    ]);
    expect(job.orders[3]?.results).toMatchObject([{ fileName: '_picture-web.mp4', frames: 250 }]);
    expect(job).toMatchObject({ status: 'running', cut: { chunks: 3 }, usage: { taskSeconds: 0 } });
    expect(job.pending.map(({ kind }) => kind)).toEqual([
      'issueOrder',
      'issueOrder',
      'issueOrder',
      'launchTask',
      'launchTask',
    ]);
  });

  it('of one that was cancelled encodes all of it again: its record keeps nothing of what was made', () => {
    const cut = { ...cutJob(3), pending: [] };
    const done = changedJob(decideReport(cut, finished('chunk-0001'), context));
    const decision = decideRetry(changedJob(decideCancel(done, context)), context);
    expect(decision.kind === 'retry' && states(decision.job)).toEqual([
      'whole finished',
      ...['rest', 'chunk-0000', 'chunk-0001', 'chunk-0002'].map(id => `${id} queued`),
    ]);
  });

  it('encodes again what is not in S3 any more', () => {
    expect(states(retried(new Set(['chunk-0001'])))).toContain('chunk-0001 queued');
  });
});
