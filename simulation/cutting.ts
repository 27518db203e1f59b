import { createHash } from 'node:crypto';
import type { Chunk } from '../core/chunk';
import type { Order } from '../core/order';
import type { Split } from '../core/work';
import type { Source } from './storage';

/** Frames per second of everything here. */
export const FRAME_RATE = 25;
/** Name of the one file that each chunk makes. */
export const CHUNK_FILE = 'web.mkv';
/** Name of the sound of a source that is cut. */
export const SOUND_FILE = 'web.sound.mka';

/** How a source is cut; undefined when it is short enough to be encoded whole. */
export function cutSource({ durationSeconds }: Source, split: Split | undefined): Chunk[] | undefined {
  if (split === undefined || durationSeconds <= split.aboveSeconds) return undefined;
  const count = Math.max(2, Math.ceil(durationSeconds / split.chunkSeconds));
  const frames = Math.round(durationSeconds * FRAME_RATE);
  const start = (index: number): number => Math.floor((frames * index) / count);
  return Array.from({ length: count }, (_, index) => ({
    index,
    firstFrame: start(index),
    endFrame: start(index + 1),
    startPts: start(index),
    endPts: start(index + 1),
  }));
}

/** SHA-256 of a part of what a right encode of a source gives. */
export function partSha256({ resultSha256 }: Source, part: string): string {
  return createHash('sha256').update(`${resultSha256} ${part}`).digest('hex');
}

/** What the orders of a source that is cut make, by the ids of their inputs to the assembly. */
export function rightInputs(source: Source, chunks: number): Map<string, string> {
  const inputs = new Map([[`rest/${SOUND_FILE}`, partSha256(source, SOUND_FILE)]]);
  for (let index = 0; index < chunks; index += 1) {
    const id = `chunk-${String(index).padStart(4, '0')}/${CHUNK_FILE}`;
    inputs.set(id, partSha256(source, `${CHUNK_FILE} ${index}`));
  }
  return inputs;
}

/** Whether an assembly was given each part once, and no other. */
export function hasEachPartOnce(order: Pick<Order, 'inputs'>, source: Source): boolean {
  const chunks = order.inputs.filter(({ fileName }) => fileName === CHUNK_FILE).length;
  const right = rightInputs(source, Math.max(chunks, source.chunks ?? 0));
  return (
    order.inputs.length === right.size && order.inputs.every(({ id, sha256 }) => right.get(id) === sha256)
  );
}
