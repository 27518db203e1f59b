import type { Now } from './attempts';
import type { Chunk } from './chunk';
import type { JobRecord, OrderState } from './job';
import { inputsOf } from './order-inputs';
import type { Order, OrderAccess } from './order';

/** The order that a worker is sent. */
export function makeOrder(job: JobRecord, order: OrderState, context: Now & { access: OrderAccess }): Order {
  const { source, preset } = job;
  if (source === undefined || preset === undefined)
    throw new Error(`Job ${job.jobId} was accepted without a source or preset`);
  return {
    schema: 'spotreel.order/1',
    jobId: job.jobId,
    orderId: order.orderId,
    generation: order.generation,
    work: order.work,
    issuedAt: context.now.toISOString(),
    source: {
      fileName: job.videoKey.split('/').at(-1) ?? job.videoKey,
      sizeBytes: source.sizeBytes,
      etag: source.etag,
    },
    inputs: inputsOf(job, order).map(({ input }) => input),
    ...(order.work.kind === 'assemble' ? { chunks: chunksOf(job) } : {}),
    outputs: preset.content.outputs,
    needs: preset.content.task,
    limits: {
      wallClockSeconds: Math.ceil(context.settings.taskExpiryMinutes * 60),
      stallSeconds: context.settings.stallSeconds,
    },
    access: context.access,
  };
}

/** How the source of a job was cut. */
function chunksOf({ orders }: JobRecord): Chunk[] {
  return orders.flatMap(({ work }) => (work.kind === 'encode-chunk' ? [work.chunk] : []));
}

/** Bytes of all that outputs are made of: the source, and what is shown before and after it. */
export function mediaBytes({ source, inputs = [] }: Pick<JobRecord, 'source' | 'inputs'>): number {
  return inputs
    .filter(({ use }) => use.kind === 'part')
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, source?.sizeBytes ?? 0);
}

/**
 * Files that may outgrow a single upload, so that parts are signed for them too: none of a small source,
 * since an output many times the size of its source is no sensible preset.
 */
export function needsMultipart(sourceBytes: number, singleUploadMaxBytes: number): boolean {
  return sourceBytes * 4 > singleUploadMaxBytes;
}
