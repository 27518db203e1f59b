import { z } from 'zod';
import type { Metric } from './metric';
import { METRICS } from './metric';

export const targetSchema = z
  .strictObject({
    metric: z
      .enum(['ssim', 'psnr', 'vmaf'])
      .default('ssim')
      .describe(
        'Measure of how alike the output and the source, scaled to its size, are. ssim (0.8 to 0.999) goes by structure, psnr (25 to 60 dB) by error, vmaf (40 to 99) by what viewers notice; vmaf needs an ffmpeg with libvmaf. Default ssim.',
      ),
    score: z
      .number()
      .describe(
        'Score that is aimed at: 0.95 in ssim is good, 0.98 very good. The highest crf that reaches it is taken.',
      ),
    floor: z
      .number()
      .optional()
      .describe(
        'Score below which the output is encoded again with a lower crf. Default: a little below score (a fifth of what it lacks in ssim, 0.5 dB, 2 points of vmaf).',
      ),
  })
  .describe(
    'Quality that the output should have, whatever the source: seconds of it are encoded beforehand to choose the crf, and the result is measured. quality.crf is where the search begins; maxBitrateKbps still holds.',
  );

export type QualityTarget = z.infer<typeof targetSchema>;

/** How far below the score the floor is by default. */
const FLOOR_BELOW: Readonly<Record<Metric, (score: number) => number>> = {
  ssim: score => (1 - score) / 5,
  psnr: () => 0.5,
  vmaf: () => 2,
};

/** Score below which an output is encoded again. */
export function floorOf({ metric, score, floor }: QualityTarget): number {
  return floor ?? Number((score - FLOOR_BELOW[metric](score)).toFixed(METRICS[metric].digits));
}

/** What is wrong with a target that no single field can tell; the path is within it. */
export function targetProblems({
  metric,
  score,
  floor,
}: QualityTarget): { path: readonly string[]; message: string }[] {
  const { least, most } = METRICS[metric];
  if (score < least || score > most)
    return [{ path: ['score'], message: `With metric ${metric}, use ${least} to ${most}.` }];
  if (floor !== undefined && (floor < least || floor > score))
    return [{ path: ['floor'], message: `Use ${least} to ${score}, which is the score that is aimed at.` }];
  return [];
}
