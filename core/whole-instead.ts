import type { Act, Now } from './attempts';
import { reissue, supersedeRunning } from './attempts';
import type { JobRecord, OrderState } from './job';

/** A chunk did not come out with the frames that it was planned with. */
export const CHUNK_INEXACT = 'CHUNK_INEXACT';
/** The parts are what they should be each, but do not make one picture. */
export const ASSEMBLY_INEXACT = 'ASSEMBLY_INEXACT';

/** Whether a failure tells that the source can't be encoded in chunks, however often that is tried. */
export function forbidsCutting({ code }: { readonly code: string }): boolean {
  return code === CHUNK_INEXACT || code === ASSEMBLY_INEXACT;
}

/** Whether an order is about a part of a source that is not cut any more. */
export function isOfCutGivenUp(job: Pick<JobRecord, 'cut'>, { work }: Pick<OrderState, 'work'>): boolean {
  return job.cut === undefined && work.kind !== 'encode-whole' && work.kind !== 'add-captions';
}

/** The job with its source encoded whole after all: what was made of it in parts is of no use. */
export function encodeWholeInstead(
  job: JobRecord,
  reason: string,
  context: Now,
): { readonly job: JobRecord; readonly acts: Act[] } {
  const whole = job.orders.find(({ work }) => work.kind === 'encode-whole');
  if (whole === undefined) throw new Error(`Job ${job.jobId} was cut without an order that planned it`);
  const { cut: _cut, ...rest } = job;
  const parts = job.orders.filter(order => order !== whole);
  const partIds = new Set(parts.map(({ orderId }) => orderId));
  const orders: OrderState[] = [
    { ...whole, work: { kind: 'encode-whole' } },
    // What they took is paid for, and stays in the record.
    ...parts.filter(({ attempts }) => attempts.length > 0).map(order => giveUp(order, context)),
  ];
  const pending = job.pending.filter(item => !('orderId' in item && partIds.has(item.orderId)));
  const uncut: JobRecord = { ...rest, orders, pending, status: 'running', wholeBecause: reason };
  return {
    job: reissue(uncut, whole.orderId, { ...context, reason: 'not cut' }),
    acts: [...partIds].map(orderId => ({ kind: 'closeOrder', orderId }) as const),
  };
}

function giveUp(order: OrderState, { now }: Now): OrderState {
  const { results: _results, ...rest } = supersedeRunning(order, now);
  return { ...rest, state: 'failed' };
}
