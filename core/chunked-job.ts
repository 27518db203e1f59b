import type { Now } from './attempts';
import { ensureLaunch } from './attempts';
import { issueWindow } from './backlog';
import type { Chunk } from './chunk';
import type { JobRecord, OrderState } from './job';
import { isPartFileOf } from './cut-part';
import { scoreOfChunks } from './quality/score';
import { withScores } from './quality/scored';
import type { OrderReport, OutputFacts } from './report';
import type { Work } from './work';

export const REST_ORDER_ID = 'rest';
export const ASSEMBLE_ORDER_ID = 'assemble';

/** Id of the order of a chunk; sorts by the chunk's place. */
export function chunkOrderId({ index }: Pick<Chunk, 'index'>): string {
  return `chunk-${String(index).padStart(4, '0')}`;
}

/** An order that is on its way to the queue. */
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

/** The record with the orders of a source that is cut: the sound and pictures first, since they take longest. */
export function addChunkOrders(
  job: JobRecord,
  { chunks, chunkFiles }: Pick<Extract<OrderReport, { kind: 'planned' }>, 'chunks' | 'chunkFiles'>,
  context: Now,
): JobRecord {
  const waiting = (orderId: string, work: Work): OrderState => ({
    ...newOrder(orderId, work, context.now),
    state: 'waiting',
  });
  const orders = [
    waiting(REST_ORDER_ID, { kind: 'encode-rest' }),
    ...chunks.map(chunk => waiting(chunkOrderId(chunk), { kind: 'encode-chunk', chunk })),
  ];
  const cut: JobRecord['cut'] = { chunks: chunks.length, chunkFiles };
  return advance({ ...job, cut, orders: [...job.orders, ...orders] }, context);
}

/** What comes next for a cut job: further orders as others are done, then the assembly, then its outputs to be published. */
export function advance(job: JobRecord, context: Now): JobRecord {
  const parts = job.orders.filter(({ work }) => work.kind === 'encode-chunk' || work.kind === 'encode-rest');
  if (parts.some(({ state }) => state !== 'finished')) return issueWaiting(job, context);
  const assembly = job.orders.find(({ work }) => work.kind === 'assemble');
  if (assembly === undefined) return addAssembly(job, context);
  if (assembly.state !== 'finished') return job;
  return {
    ...job,
    status: 'publishing',
    results: [...finishedFiles(job), ...(assembly.results ?? []).map(made => withChunkScores(job, made))],
    pending: [{ kind: 'publish', orderId: assembly.orderId }],
  };
}

/** With the scores of the chunks that its pictures were put together from. */
function withChunkScores(job: Pick<JobRecord, 'orders'>, made: OutputFacts): OutputFacts {
  const parts = job.orders
    .filter(({ work }) => work.kind === 'encode-chunk')
    .flatMap(({ results }) => results ?? []);
  return withScores(made, made.name, id =>
    scoreOfChunks(parts.filter(({ fileName }) => isPartFileOf(id, fileName))),
  );
}

/** Files that are ready for users although the picture is still in parts: sound and pictures of their own. */
export function finishedFiles(job: Pick<JobRecord, 'orders'>): OutputFacts[] {
  return job.orders
    .filter(({ work }) => work.kind === 'encode-rest')
    .flatMap(({ results }) => results ?? [])
    .filter(({ isPart }) => isPart !== true);
}

/** Issues orders that wait, as many as others of the job are done; a task for them is asked for too. */
function issueWaiting(job: JobRecord, context: Now): JobRecord {
  const out = job.orders.filter(({ state }) => state === 'queued' || state === 'running').length;
  const next = job.orders
    .filter(({ state }) => state === 'waiting')
    .slice(0, Math.max(0, issueWindow(context.settings) - out));
  const ids = new Set(next.map(({ orderId }) => orderId));
  const issuedAt = context.now.toISOString();
  const issued: JobRecord = {
    ...job,
    orders: job.orders.map(order =>
      ids.has(order.orderId) ? { ...order, state: 'queued', issuedAt } : order,
    ),
    pending: [
      ...job.pending,
      ...next.map(({ orderId, generation }) => ({ kind: 'issueOrder', orderId, generation }) as const),
    ],
  };
  return ensureLaunch(issued, { ...context, reason: 'backlog' });
}

function addAssembly(job: JobRecord, context: Now): JobRecord {
  const order = newOrder(ASSEMBLE_ORDER_ID, { kind: 'assemble' }, context.now);
  const { orderId, generation } = order;
  return ensureLaunch(
    {
      ...job,
      orders: [...job.orders, order],
      pending: [...job.pending, { kind: 'issueOrder', orderId, generation }],
    },
    { ...context, reason: 'assembly' },
  );
}
