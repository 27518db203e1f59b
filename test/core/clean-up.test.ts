import {
  firstJobTooYoung,
  isCleanUpDue,
  isWorkExpired,
  jobOfWork,
  uploadsNeededSince,
  workNeededBy,
} from '../../core/clean-up';
import type { JobRecord } from '../../core/job';
import { START, acceptedJob, at, makeOutput, makeSettings } from '../support/builders';

const settings = makeSettings({
  urlSeconds: 1000,
  graceSeconds: 100,
  jobExpiryMinutes: 60,
  cleanUpMinutes: 10,
});
const ended = (status: JobRecord['status'], changes: Partial<JobRecord> = {}): JobRecord => ({
  ...acceptedJob(),
  status,
  finishedAt: START.toISOString(),
  ...changes,
});
const cut = { chunks: 2, chunkFiles: ['a.mkv'] };

describe('a look for leftovers', () => {
  it.each([
    ['never was', undefined, 0, true],
    ['was a second short of its time ago', { at: START.toISOString() }, 599, false],
    ['was its time ago', { at: START.toISOString() }, 600, true],
    ['has not seen everything', { at: START.toISOString(), after: 'j' }, 1, true],
    ['has seen nothing', { at: START.toISOString(), after: '' }, 1, true],
  ])('that %s is due (%#)', (...[, note, seconds, isDue]) => {
    expect(isCleanUpDue(note, { now: at(seconds), settings })).toBe(isDue);
  });
});

describe('what is left of a job', () => {
  it.each([
    ['done', ended('done'), 1100, true],
    ['done a second too short ago', ended('done'), 1099, false],
    ['cancelled', ended('cancelled'), 1100, true],
    ['rejected', ended('rejected'), 1100, true],
    ['failed and whole, of which a retry takes nothing over', ended('failed'), 1100, true],
    ['failed and cut, of which a retry takes the chunks over', ended('failed', { cut }), 1e6, false],
    ['running, for however long', acceptedJob(), 1e6, false],
    ['without a record', undefined, 1e6, false],
  ])('that is %s expires: %#', (...[, job, seconds, isExpired]) => {
    expect(isWorkExpired(job, { now: at(seconds), settings })).toBe(isExpired);
  });

  it('is not asked about while its upload is too new for that', () => {
    expect(firstJobTooYoung({ now: at(1100), settings })).toBe('20260102T030405Z');
  });
});

describe('an open job', () => {
  it('needs its own work, that of the job it retries, and whatever finished parts it took over', () => {
    const key = 'work/20260101T000000Z-aaaaaaaaaaaaaaaa/chunk-0/d/chunk.mkv';
    const job: JobRecord = { ...acceptedJob(), retryOf: 'before' };
    const orders = job.orders.map(order => ({ ...order, results: [makeOutput('d', { key })] }));
    expect(workNeededBy({ ...job, orders })).toEqual([
      job.jobId,
      'before',
      '20260101T000000Z-aaaaaaaaaaaaaaaa',
    ]);
    expect(workNeededBy(acceptedJob())).toEqual([job.jobId]);
  });

  it('can need no upload in parts that was begun longer ago than a job may live', () => {
    expect(uploadsNeededSince({ now: at(3700), settings })).toEqual(START);
  });
});

describe('the job of an object', () => {
  it.each([
    ['work/j/o/d/a.mp4', 'j'],
    ['work/j', undefined],
    ['work//a', undefined],
    ['jobs/j.json', undefined],
  ])('%s is %s', (key, jobId) => {
    expect(jobOfWork(key)).toBe(jobId);
  });
});
