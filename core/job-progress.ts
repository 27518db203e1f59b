import { framesOf } from './chunk';
import type { JobRecord, OrderState } from './job';

/** Part of a cut job that the picture makes up; the rest is sound and stills, and the assembly. */
const PICTURE_SHARE = 0.9;
const REST_SHARE = 0.05;
const ASSEMBLY_SHARE = 0.05;

export interface JobProgress {
  /** 0 to 100, by seconds of picture. */
  readonly percent: number;
  /** Of a cut job: chunks that are done, of how many. */
  readonly chunks?: { readonly done: number; readonly of: number };
  /** Workers that have an order of the job in hand. */
  readonly working: number;
}

/** How far a job is, over all its orders. */
export function progressOf(job: Pick<JobRecord, 'status' | 'orders' | 'cut'>): JobProgress {
  const working = job.orders
    .flatMap(({ attempts }) => attempts)
    .filter(({ endedAt }) => endedAt === undefined).length;
  const isOver = job.status === 'done' || job.status === 'publishing';
  if (job.cut === undefined)
    return { percent: isOver ? 100 : Math.max(0, ...job.orders.map(percentOf)), working };
  const chunks = job.orders.filter(({ work }) => work.kind === 'encode-chunk');
  const frames = chunks.reduce((sum, order) => sum + weightOf(order), 0);
  const encoded = chunks.reduce((sum, order) => sum + (weightOf(order) * percentOf(order)) / 100, 0);
  const share = (kind: OrderState['work']['kind']): number =>
    Math.max(0, ...job.orders.filter(({ work }) => work.kind === kind).map(percentOf)) / 100;
  const done =
    PICTURE_SHARE * (frames === 0 ? 0 : encoded / frames) +
    REST_SHARE * share('encode-rest') +
    ASSEMBLY_SHARE * share('assemble');
  return {
    percent: isOver ? 100 : 100 * done,
    chunks: { done: chunks.filter(({ state }) => state === 'finished').length, of: chunks.length },
    working,
  };
}

/** An order that is tried again begins anew. */
function percentOf({ state, attempts }: OrderState): number {
  if (state === 'finished') return 100;
  return Math.max(
    0,
    ...attempts.filter(({ endedAt }) => endedAt === undefined).map(({ percent }) => percent),
  );
}

/** All frames of a source last about as long. */
function weightOf({ work }: OrderState): number {
  return work.kind === 'encode-chunk' ? framesOf(work.chunk) : 0;
}
