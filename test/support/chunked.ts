import type { Decision } from '../../core/attempts';
import type { Chunk } from '../../core/chunk';
import { decideReport } from '../../core/completion';
import type { JobRecord } from '../../core/job';
import { jobRecordSchema } from '../../core/job';
import type { OrderReport, OutputFacts } from '../../core/report';
import { workPrefix } from '../../core/order';
import type { Settings } from '../../core/settings';
import { SOURCE_FACTS, at, launchedJob, makeOutput, makeReport, makeSettings } from './builders';

export const JOB_ID = '20260102T030405Z-0123456789abcdef';

/** Ten seconds each at 25 frames a second. */
export function chunks(count: number): Chunk[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    firstFrame: 250 * index,
    endFrame: 250 * (index + 1),
    startPts: 250 * index,
    endPts: 250 * (index + 1),
  }));
}

export const CHUNK_FILES = ['_picture-web.mp4'];

export function changedJob(decision: Decision): JobRecord {
  if (decision.kind !== 'changed') throw new Error(`unchanged: ${decision.reason}`);
  expect(jobRecordSchema.parse(decision.job)).toEqual(decision.job);
  return decision.job;
}

export function planned(count: number, changes: object = {}): OrderReport {
  const usage = { heldSeconds: 3, cpuSeconds: 2, bytesRead: 1000 };
  const plan = { source: SOURCE_FACTS, chunks: chunks(count), chunkFiles: CHUNK_FILES };
  return { ...makeReport('started'), ...usage, ...plan, ...changes, kind: 'planned' };
}

/** A part as the worker of that delivery stored it. */
export function part(orderId: string, deliveryId: string, changes: Partial<OutputFacts> = {}): OutputFacts {
  const fileName = changes.fileName ?? '_picture-web.mp4';
  const key = `${workPrefix(JOB_ID, orderId)}${deliveryId}/${fileName}`;
  return { ...makeOutput(deliveryId), fileName, key, isPart: true, frames: 250, ...changes };
}

/** What a worker reports of an order of a cut job that it finished. */
export function finished(
  orderId: string,
  changes: { task?: number | string; outputs?: OutputFacts[] } = {},
): OrderReport {
  const { task = 1, ...rest } = changes;
  const deliveryId = `${task}-1`;
  const output =
    orderId === 'assemble'
      ? makeOutput(deliveryId, { key: `${workPrefix(JOB_ID, orderId)}${deliveryId}/web.mp4` })
      : part(orderId, deliveryId, orderId === 'rest' ? { fileName: 'web.sound.mka' } : {});
  return { ...makeReport('finished', { task }), orderId, outputs: [output], ...rest };
}

/** A job whose source was cut a moment ago, its order and tasks still to be issued. */
export function cutJob(count: number, settings: Settings = makeSettings()): JobRecord {
  const context = { now: at(10), settings };
  const running = changedJob(decideReport({ ...launchedJob(), pending: [] }, makeReport('started'), context));
  return changedJob(decideReport(running, planned(count), context));
}
