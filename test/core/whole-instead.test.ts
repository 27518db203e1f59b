import { decideReport } from '../../core/completion';
import type { JobRecord } from '../../core/job';
import type { OrderReport } from '../../core/report';
import { at, makeOutput, makeReport, makeSettings } from '../support/builders';
import { changedJob, cutJob, finished } from '../support/chunked';

const context = { now: at(60), settings: makeSettings() };
const FAILURE = {
  code: 'CHUNK_INEXACT',
  message: 'Chunk 1 came out with 249 frames.',
  fix: 'Nothing: the source is encoded whole instead.',
  retryable: false,
  blame: 'service',
} as const;

const started = (orderId: string, task: number): OrderReport => ({
  ...makeReport('started', { task }),
  orderId,
});
const failed: OrderReport = { ...makeReport('failed', { task: 2, failure: FAILURE }), orderId: 'chunk-0001' };

describe('a job of which a chunk does not come out with its frames', () => {
  const working = [
    started('chunk-0000', 1),
    started('chunk-0001', 2),
    finished('rest', { task: 3 }),
  ].reduce<JobRecord>((job, report) => changedJob(decideReport(job, report, context)), cutJob(3));
  const decision = decideReport(working, failed, context);

  it('is encoded whole, and its record says why', () => {
    const job = changedJob(decision);
    expect(job).toMatchObject({ status: 'running', wholeBecause: FAILURE.message });
    expect(job.cut).toBeUndefined();
    expect(job.orders).toMatchObject([
      { orderId: 'whole', work: { kind: 'encode-whole' }, state: 'queued', generation: 2 },
      { orderId: 'rest', state: 'failed' },
      { orderId: 'chunk-0000', state: 'failed', attempts: [{ outcome: 'superseded' }] },
      { orderId: 'chunk-0001', state: 'failed', attempts: [{ outcome: 'failed' }] },
    ]);
    expect(job.orders[0]?.work).not.toHaveProperty('split');
    expect(job.pending.filter(({ kind }) => kind === 'issueOrder')).toEqual([
      { kind: 'issueOrder', orderId: 'whole', generation: 2 },
    ]);
  });

  it('withdraws the orders of its parts', () => {
    const acts = decision.kind === 'changed' ? decision.acts : [];
    expect(acts.flatMap(act => (act.kind === 'closeOrder' ? [act.orderId] : []))).toEqual([
      'rest',
      'chunk-0000',
      'chunk-0001',
      'chunk-0002',
    ]);
  });

  it('takes nothing more of its parts', () => {
    const job = changedJob(decision);
    for (const report of [finished('chunk-0000', { task: 1 }), started('chunk-0002', 4)])
      expect(decideReport(job, report, context).kind).toBe('unchanged');
  });

  it('is done when the whole is', () => {
    const whole = { generation: 2, task: 5 };
    const end = { ...makeReport('finished', whole), outputs: [makeOutput('5-1')] } as OrderReport;
    const job = [{ ...makeReport('started', whole) }, end].reduce<JobRecord>(
      (next, report) => changedJob(decideReport(next, report, context)),
      changedJob(decision),
    );
    expect(job).toMatchObject({ status: 'publishing', wholeBecause: FAILURE.message });
  });
});
