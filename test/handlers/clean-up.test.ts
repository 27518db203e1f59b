import type { CleanUpNote } from '../../core/clean-up';
import { cleanUpNoteSchema } from '../../core/clean-up';
import type { JobRecord } from '../../core/job';
import { jobIdTime } from '../../core/job';
import type { Cloud, Leftovers, UnfinishedUpload } from '../../handlers/cloud';
import { sweepHandler } from '../../handlers/sweep';
import { acceptedJob, at } from '../support/builders';
import type { MemoryCloud } from '../support/memory-cloud';
import { memoryCloud } from '../support/memory-cloud';

const HOUR = 3600;
const OBJECT_BYTES = 100;

/** Leftovers in memory: how many objects there are of each job, and unfinished uploads by their ids. */
class Left implements Leftovers {
  readonly work = new Map<string, number>();
  readonly begun = new Map<string, Date>();
  kept: CleanUpNote | undefined;
  looks = 0;

  note = async (): Promise<CleanUpNote | undefined> => this.kept;
  keep = async (note: CleanUpNote): Promise<void> => {
    this.kept = cleanUpNoteSchema.parse(note);
  };
  async *uploads(): AsyncIterable<UnfinishedUpload> {
    this.looks += 1;
    for (const [uploadId, begunAt] of this.begun) yield { bucket: 'state', key: 'k', uploadId, begunAt };
  }
  abort = async ({ uploadId }: UnfinishedUpload): Promise<void> => void this.begun.delete(uploadId);
  async *jobsWithWork(after: string): AsyncIterable<string> {
    for (const jobId of [...this.work.keys()].sort()) if (jobId > after) yield jobId;
  }
  removeWork = async (jobId: string, most: number) => {
    const objects = Math.min(most, this.work.get(jobId) ?? 0);
    const left = (this.work.get(jobId) ?? 0) - objects;
    if (left === 0) this.work.delete(jobId);
    else this.work.set(jobId, left);
    return { objects, bytes: objects * OBJECT_BYTES };
  };
}

function idAt(seconds: number, digit = '0'): string {
  return `${jobIdTime(at(seconds))}-${digit.repeat(16)}`;
}

function record(cloud: MemoryCloud, jobId: string, changes: Partial<JobRecord>): void {
  cloud.state.records.set(jobId, { job: { ...acceptedJob(), pending: [], ...changes, jobId }, version: 1 });
}

/** A cloud ten hours on, with three objects of each of these jobs. */
function withWorkOf(...jobs: [jobId: string, changes: Partial<JobRecord>][]) {
  const cloud = memoryCloud();
  const left = new Left();
  cloud.state.now = at(10 * HOUR);
  for (const [jobId, changes] of jobs) {
    record(cloud, jobId, changes);
    left.work.set(jobId, 3);
  }
  const sweeping: Cloud = { ...cloud, leftovers: left };
  return { cloud, left, sweep: sweepHandler(sweeping) };
}

const ended = (status: JobRecord['status'], hours: number): Partial<JobRecord> => ({
  status,
  finishedAt: at(hours * HOUR).toISOString(),
});
const cut = { chunks: 2, chunkFiles: ['a.mkv'] };

describe('what a sweep finds in the buckets', () => {
  it('goes where its job ended long ago, and stays where it may still be needed', async () => {
    const { left, sweep } = withWorkOf(
      [idAt(0, '1'), ended('done', 1)],
      [idAt(0, '2'), ended('done', 9.9)],
      [idAt(0, '3'), { ...ended('failed', 1), cut }],
      [idAt(9.9 * HOUR, '4'), ended('done', 1)],
      [idAt(0, '5'), { status: 'running' }],
      [idAt(0, '6'), ended('cancelled', 1)],
    );
    await sweep();
    expect([...left.work.keys()].map(id => id.at(-1))).toEqual(['2', '3', '4', '5']);
  });

  it('stays when an open job is a retry of its job, until that has ended too', async () => {
    const [old, again] = [idAt(0, '1'), idAt(9.9 * HOUR, '2')];
    const { cloud, left, sweep } = withWorkOf([old, ended('cancelled', 1)], [again, {}]);
    record(cloud, again, { retryOf: old, acceptedAt: at(9.9 * HOUR).toISOString() });
    cloud.state.open.add(again);
    await sweep();
    expect(left.work.has(old)).toBe(true);
    cloud.state.open.clear();
    cloud.state.now = at(11 * HOUR);
    await sweep();
    expect(left.work.has(old)).toBe(false);
  });

  it('is not touched by a sweep that could not read what an open job needs, and is by the next', async () => {
    const { cloud, left, sweep } = withWorkOf([idAt(0), ended('done', 1)]);
    record(cloud, idAt(9 * HOUR), { ...acceptedJob(), acceptedAt: at(0).toISOString() });
    cloud.state.open.add(idAt(9 * HOUR));
    cloud.state.crash = { call: 'jobs.replace', when: 'before' };
    await expect(sweep()).rejects.toThrow('1 steps of the sweep failed');
    expect(left.work.size).toBe(1);
    await sweep();
    expect(left.work.size).toBe(0);
  });

  it('is aborted where it is an upload in parts that no open job can need', async () => {
    const { cloud, left, sweep } = withWorkOf();
    cloud.state.now = at(24 * HOUR + cloud.settings.graceSeconds + 1);
    left.begun.set('old', at(0));
    left.begun.set('young', at(2));
    await sweep();
    expect([...left.begun.keys()]).toEqual(['young']);
  });

  it('is looked for once an hour', async () => {
    const { cloud, left, sweep } = withWorkOf();
    for (const minutes of [0, 5, 55, 60, 65]) {
      cloud.state.now = at(10 * HOUR + minutes * 60);
      await sweep();
    }
    expect(left.looks).toBe(2);
  });

  it('goes over several sweeps where there is much of it', async () => {
    const ids = Array.from({ length: 7 }, (_, index) => idAt(index));
    const { cloud, left, sweep } = withWorkOf(
      ...ids.map((id): [string, Partial<JobRecord>] => [id, ended('done', 1)]),
    );
    for (const id of ids) left.work.set(id, 8000);
    for (let number = 0; number < 1100; number += 1) left.begun.set(String(number), at(-48 * HOUR));
    await sweep();
    expect([left.work.get(ids[2] ?? ''), left.begun.size]).toEqual([4000, 100]);
    expect(left.kept).toEqual({ at: cloud.state.now.toISOString(), after: ids[1] });
    const began = left.kept?.at;
    for (let sweeps = 0; left.kept?.after !== undefined; sweeps += 1) {
      expect(sweeps).toBeLessThan(4);
      cloud.state.now = new Date(cloud.state.now.getTime() + 300_000);
      await sweep();
    }
    expect([left.work.size, left.begun.size, left.kept]).toEqual([0, 0, { at: began }]);
  });

  it('is told in one line and in metrics, together with all else that the sweep did', async () => {
    const { cloud, left, sweep } = withWorkOf([idAt(0), ended('done', 1)]);
    left.begun.set('old', at(-48 * HOUR));
    cloud.state.tasks.set('arn:task/stray', {
      ...{ kind: 'live', taskArn: 'arn:task/stray', startedBy: 'gone', createdAt: at(0) },
    });
    await sweep();
    const lines = cloud.state.logged.filter(line => line.startsWith('Sweep done'));
    expect(lines).toEqual([
      `Sweep done ${JSON.stringify({
        sweep: {
          ...{ jobsMade: 0, jobsRepaired: 0, ordersReissued: 0, tasksStarted: 0, tasksStopped: 1 },
          ...{ uploadsAborted: 1, objectsRemoved: 3, bytesRemoved: 300, seconds: 0 },
        },
      })}`,
    ]);
    for (const [name, value] of [
      ['UploadsAborted', 1],
      ['ObjectsRemoved', 3],
      ['BytesRemoved', 300],
      ['OrphansStopped', 1],
    ])
      expect(cloud.state.measured).toContainEqual({ name, value });
    cloud.state.tasks.clear();
    await sweep();
    expect(cloud.state.logged.filter(line => line.startsWith('Sweep done'))).toHaveLength(1);
  });

  it('counts orders that it sends again and tasks that it starts', async () => {
    const { cloud, sweep } = withWorkOf();
    const lost = acceptedJob();
    cloud.state.records.set(lost.jobId, { job: lost, version: 1 });
    cloud.state.open.add(lost.jobId);
    cloud.state.now = at(cloud.settings.graceSeconds);
    await sweep();
    expect(cloud.state.logged.find(line => line.startsWith('Sweep done'))).toContain(
      '"jobsRepaired":1,"ordersReissued":1,"tasksStarted":1',
    );
    expect(cloud.state.measured).toContainEqual({ name: 'OrdersReissued', value: 1 });
  });
});
