/** How alike an encoded picture and its original are. */
export type Metric = 'ssim' | 'psnr' | 'vmaf';

interface MetricFacts {
  /** Scores that can be asked for. */
  readonly least: number;
  readonly most: number;
  /** Score that nothing exceeds, for pictures that are the same. */
  readonly perfect: number;
  /** Digits after the point that tell something. */
  readonly digits: number;
}

export const METRICS: Readonly<Record<Metric, MetricFacts>> = {
  ssim: { least: 0.8, most: 0.999, perfect: 1, digits: 4 },
  psnr: { least: 25, most: 60, perfect: 100, digits: 2 },
  vmaf: { least: 40, most: 99, perfect: 100, digits: 2 },
};

/** Decibels of a score that is as good as perfect. */
const MOST_DECIBELS = 60;

/** A score on a scale on which steps of crf are about alike: decibels; VMAF as it is. */
export function toLinear(metric: Metric, score: number): number {
  return metric === 'ssim' ? Math.min(MOST_DECIBELS, -10 * Math.log10(Math.max(1e-6, 1 - score))) : score;
}

/** Score of several parts together. PSNR goes by the error, of which it is the logarithm. */
export function meanScore(
  metric: Metric,
  parts: readonly { readonly score: number; readonly frames: number }[],
): number {
  const frames = parts.reduce((sum, part) => sum + part.frames, 0);
  const mean = (value: (score: number) => number): number =>
    parts.reduce((sum, part) => sum + value(part.score) * part.frames, 0) / frames;
  return metric === 'psnr' ? -10 * Math.log10(mean(score => 10 ** (-score / 10))) : mean(score => score);
}

export function roundScore(metric: Metric, score: number): number {
  return Number(score.toFixed(METRICS[metric].digits));
}
