import type { VideoSettings } from '../preset';
import type { Metric } from './metric';
import { METRICS } from './metric';

type Settings = Pick<VideoSettings, 'codec' | 'quality'>;

/** Measure that a preset asks for; it counts only where there is a target. */
export function metricOf({ quality }: Pick<Settings, 'quality'>): Metric {
  return quality.target?.metric ?? 'ssim';
}

/** Whether the encoder measures its own picture while it makes it, which costs next to nothing. */
export function isMeasuredByEncoder({ codec, quality }: Settings): boolean {
  return codec === 'h264' && (quality.target?.metric === 'ssim' || quality.target?.metric === 'psnr');
}

/** Options that make it so. */
export function measuringOptions(wanted: Settings): string[] {
  if (!isMeasuredByEncoder(wanted)) return [];
  return wanted.quality.target?.metric === 'psnr' ? ['-flags', '+psnr'] : ['-ssim', '1'];
}

const LINES = {
  ssim: /^\[libx264 @ \w+\] SSIM Mean Y:([\d.]+)/,
  psnr: /^\[libx264 @ \w+\] PSNR Mean .* Global:(inf|[\d.]+) kb\/s/,
} as const;

/**
 * Reads the scores that x264 printed of encodes with `measuringOptions`.
 * @param wanted the encodes in the order in which they stand on the command line, which is that of the lines
 * @returns one for each; undefined when there is not a line for each
 */
export function parseEncoderScores(
  lines: readonly string[],
  wanted: readonly Settings[],
): number[] | undefined {
  const found = {
    ssim: scoresIn(lines, 'ssim'),
    psnr: scoresIn(lines, 'psnr'),
  };
  const scores = wanted.map(({ quality }) =>
    found[quality.target?.metric === 'psnr' ? 'psnr' : 'ssim'].shift(),
  );
  if (found.ssim.length > 0 || found.psnr.length > 0) return undefined;
  return scores.includes(undefined) ? undefined : scores.filter(score => score !== undefined);
}

function scoresIn(lines: readonly string[], metric: 'ssim' | 'psnr'): number[] {
  return lines.flatMap(line => {
    const text = LINES[metric].exec(line)?.[1];
    return text === undefined ? [] : [text === 'inf' ? METRICS[metric].perfect : Number(text)];
  });
}
