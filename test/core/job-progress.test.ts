import { decideReport } from '../../core/completion';
import { progressOf } from '../../core/job-progress';
import type { JobRecord } from '../../core/job';
import { launchedJob, makeReport, at, makeSettings } from '../support/builders';
import { changedJob, cutJob, finished } from '../support/chunked';

const context = { now: at(60), settings: makeSettings() };

describe('the progress of a job', () => {
  it('of one order is that of the attempt under way', () => {
    const job = changedJob(decideReport(launchedJob(), makeReport('progress', { percent: 40 }), context));
    expect(progressOf(job)).toEqual({ percent: 40, working: 1 });
  });

  it('begins anew when the attempt is lost', () => {
    const job = changedJob(decideReport(launchedJob(), makeReport('progress', { percent: 40 }), context));
    expect(progressOf(changedJob(decideReport(job, makeReport('returned'), context)))).toMatchObject({
      percent: 0,
    });
  });

  it('of a cut source counts the seconds of each chunk', () => {
    const after = (job: JobRecord, ...reports: Parameters<typeof decideReport>[1][]): JobRecord =>
      reports.reduce((next, one) => changedJob(decideReport(next, one, context)), job);
    const half = { ...makeReport('progress', { percent: 50, task: 2 }), orderId: 'chunk-0001' };
    const job = after(cutJob(4), finished('chunk-0000'), half);
    expect(progressOf(job)).toEqual({
      percent: expect.closeTo(33.75, 5) as number,
      chunks: { done: 1, of: 4 },
      working: 1,
    });
    expect(progressOf({ ...job, status: 'publishing' }).percent).toBe(100);
  });
});
