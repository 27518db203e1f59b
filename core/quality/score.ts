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
  /** Constant rate factor with which it was encoded, on the scale of H.264. */
  crf: z.int(),
  /** Of a picture that was cut into chunks: the lowest factor of any, where some were encoded again. */
  lowestCrf: z.int().optional(),
  /** How often it was encoded; of chunks, the one that was encoded most often. */
  rounds: z.int().min(1),
  /** Present when the floor was missed all the same: the cap on the bit rate, the lowest crf, or the limit of rounds. */
  missedBecause: z.enum(['maxBitrateKbps', 'lowestCrf', 'rounds']).optional(),
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
  const { metric, target, floor } = first;
  const value = roundScore(metric, meanScore(metric, known));
  const crf = Math.max(...known.map(part => part.crf));
  const lowestCrf = Math.min(...known.map(part => part.crf));
  // One chunk that misses the floor does not make the whole miss it.
  const missedBecause =
    value < floor ? known.find(part => part.missedBecause !== undefined)?.missedBecause : undefined;
  return {
    ...{ metric, value, target, floor, crf },
    ...(lowestCrf < crf ? { lowestCrf } : {}),
    rounds: Math.max(...known.map(({ rounds }) => rounds)),
    ...(missedBecause === undefined ? {} : { missedBecause }),
  };
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
