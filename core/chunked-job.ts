import type { Now } from './attempts';
import { ensureLaunch } from './attempts';
import type { Chunk } from './chunk';
import type { JobRecord, OrderState } from './job';
import type { Work } from './work';

export const REST_ORDER_ID = 'rest';
export const ASSEMBLE_ORDER_ID = 'assemble';

/** Id of the order of a chunk; sorts by the chunk's place. */
export function chunkOrderId({ index }: Pick<Chunk, 'index'>): string {
  return `chunk-${String(index).padStart(4, '0')}`;
}

/** The record with the orders of a source that is cut: the sound and pictures first, since they take longest. */
export function addChunkOrders(job: JobRecord, chunks: readonly Chunk[], context: Now): JobRecord {
  const orders = [
    newOrder(REST_ORDER_ID, { kind: 'encode-rest' }, context.now),
    ...chunks.map(chunk => newOrder(chunkOrderId(chunk), { kind: 'encode-chunk', chunk }, context.now)),
  ];
  const issues = orders.map(
    ({ orderId, generation }) => ({ kind: 'issueOrder', orderId, generation }) as const,
  );
  return ensureLaunch(
    { ...job, orders: [...job.orders, ...orders], pending: [...job.pending, ...issues] },
    { ...context, reason: 'planned' },
  );
}

/** An order that has not been issued yet. */
export function newOrder(orderId: string, work: Work, now: Date): OrderState {
  return {
    orderId,
    work,
    state: 'queued',
    generation: 1,
    issuedAt: now.toISOString(),
    attempts: [],
    multipart: {},
  };
}
