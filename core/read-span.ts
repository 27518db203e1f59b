import { z } from 'zod';
import type { KeyFrame } from './packet-table';

/** Where in the source lies what a chunk is decoded from. It says how far to read ahead, and never what may be read. */
export const readSpanSchema = z.strictObject({
  /** Byte at which the first frame of the source lies; before it, in most files, there is the index. */
  head: z.int().min(0),
  /** Byte of the key frame at which decoding begins. */
  first: z.int().min(0),
  /** Byte of the first key frame that is not needed. Absent: the source is read to its end. */
  end: z.int().min(1).optional(),
});

export type ReadSpan = z.infer<typeof readSpanSchema>;

/** Bytes that are asked for at first where no span tells what a reader wants; each further request is twice as large. */
const FIRST_PIECE_BYTES = 256 * 1024;
const LARGEST_PIECE_BYTES = 8 * 1024 ** 2;

/**
 * The span of a chunk; undefined where the source does not tell, or not in the order in which it is shown.
 * @param keys in ascending order of their time
 */
export function readSpanOf(
  { seekPts, endPts }: { readonly seekPts?: number | undefined; readonly endPts: number },
  keys: readonly KeyFrame[],
): ReadSpan | undefined {
  const from = seekPts === undefined ? keys[0] : keys.findLast(({ pts }) => pts <= seekPts);
  const to = keys.find(({ pts }) => pts >= endPts);
  const [head, first, end] = [keys[0]?.position, from?.position, to?.position];
  if (head === undefined || first === undefined || head > first) return undefined;
  if (to === undefined) return { head, first };
  return end === undefined || end <= first ? undefined : { head, first, end };
}

/**
 * Last byte that is asked for in one request, for a reader that may leave before: what was asked for beyond that would
 * be sent in vain.
 * @param pieces requests that this reader's was answered by before
 */
export function lastOfPiece(
  wanted: { readonly next: number; readonly last: number },
  { span, pieces }: { readonly span: ReadSpan | undefined; readonly pieces: number },
): number {
  if (span === undefined) return wanted.last;
  const { head, first, end = Number.POSITIVE_INFINITY } = span;
  const { next, last } = wanted;
  if (next >= first && next < end) return Math.min(last, end - 1);
  if (next < head) return Math.min(last, head - 1);
  const piece = Math.min(LARGEST_PIECE_BYTES, FIRST_PIECE_BYTES * 2 ** pieces);
  return Math.min(last, next + piece - 1, next < first ? first - 1 : last);
}
