import { z } from 'zod';
import { meanScore, roundScore } from './metric';
import type { QualityTarget } from './target';
import { floorOf } from './target';

/** How good the picture of an output came out, measured against the source at its size. */
export const scoreSchema = z.strictObject({
  metric: z.enum(['ssim', 'psnr', 'vmaf']),
  value: z.number(),
  /** What was aimed at, and the least that is accepted. */
  target: z.number(),
  floor: z.number(),
  /** Constant rate factor that was chosen, on the scale of H.264. */
  crf: z.int(),
  /** How often it was encoded whole. */
  rounds: z.int().min(1),
  /** Present when the floor was missed all the same: the cap on the bit rate, the lowest crf, the limit of rounds, or that chunks and segments are encoded once only. */
  missedBecause: z.enum(['maxBitrateKbps', 'lowestCrf', 'rounds', 'chunks', 'segments']).optional(),
});

export type Score = z.infer<typeof scoreSchema>;

/** Score of an output that is put together from chunks, each of which was measured. */
export function scoreOfChunks(
  parts: readonly { readonly score?: Score | undefined; readonly frames?: number | undefined }[],
): Score | undefined {
  const known = parts.flatMap(({ score, frames }) =>
    score === undefined || frames === undefined ? [] : [{ ...score, score: score.value, frames }],
  );
  const [first] = known;
  if (first === undefined || known.length < parts.length) return undefined;
  const { score: _score, frames: _frames, ...rest } = first;
  const value = roundScore(first.metric, meanScore(first.metric, known));
  return { ...rest, value, ...(value < first.floor ? { missedBecause: 'chunks' } : {}) };
}

/** What is told of a measurement. */
export function toScore(
  target: QualityTarget,
  measured: Pick<Score, 'value' | 'crf' | 'rounds' | 'missedBecause'>,
): Score {
  const { metric, score } = target;
  const { missedBecause, value, ...rest } = measured;
  return {
    metric,
    value: roundScore(metric, value),
    target: score,
    floor: floorOf(target),
    ...rest,
    ...(missedBecause === undefined ? {} : { missedBecause }),
  };
}
