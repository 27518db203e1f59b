import type { VideoSettings } from '../preset';
import type { Metric } from './metric';
import { METRICS } from './metric';

type Settings = Pick<VideoSettings, 'codec' | 'quality'>;

/** Measure that a preset asks for; it counts only where there is a target. */
export function metricOf({ quality }: Pick<Settings, 'quality'>): Metric {
  return quality.target?.metric ?? 'ssim';
}

interface OwnMeasure {
  readonly metric: Metric;
  /** What the encoder prints of one encode. */
  readonly line: RegExp;
}

const OWN_MEASURES = {
  x264Ssim: { metric: 'ssim', line: /^\[libx264 @ \w+\] SSIM Mean Y:([\d.]+)/ },
  x264Psnr: { metric: 'psnr', line: /^\[libx264 @ \w+\] PSNR Mean .* Global:(inf|[\d.]+) kb\/s/ },
  // The PSNR that x265 prints is a mean of decibels: not what is measured elsewhere.
  x265Ssim: { metric: 'ssim', line: /^encoded \d+ frames in .* SSIM Mean Y: ([\d.]+)/ },
} as const satisfies Record<string, OwnMeasure>;

type OwnMeasureName = keyof typeof OWN_MEASURES;

/** How the encoder measures its own picture while it makes it, which costs next to nothing; undefined where it doesn't. */
function ownMeasure({ codec, quality }: Settings): OwnMeasureName | undefined {
  const metric = quality.target?.metric;
  if (codec === 'h264') return metric === 'ssim' ? 'x264Ssim' : metric === 'psnr' ? 'x264Psnr' : undefined;
  return codec === 'hevc' && metric === 'ssim' ? 'x265Ssim' : undefined;
}

export function isMeasuredByEncoder(wanted: Settings): boolean {
  return ownMeasure(wanted) !== undefined;
}

/** Options that make x264 measure. */
export function x264MeasuringOptions(wanted: Settings): string[] {
  const own = ownMeasure(wanted);
  return own === 'x264Psnr' ? ['-flags', '+psnr'] : own === 'x264Ssim' ? ['-ssim', '1'] : [];
}

/** Parameters that make x265 measure, and print it. */
export function x265MeasuringParameters(wanted: Settings): string[] {
  return ownMeasure(wanted) === 'x265Ssim' ? ['log-level=info', 'ssim=1'] : ['log-level=warning'];
}

/**
 * Reads the scores that encoders printed.
 * @param wanted the encodes in the order in which they stand on the command line, which is that of the lines of each encoder
 * @returns one for each; undefined when there is not a line for each
 */
export function parseEncoderScores(
  lines: readonly string[],
  wanted: readonly Settings[],
): number[] | undefined {
  const found = new Map<OwnMeasureName | undefined, number[]>(
    (Object.keys(OWN_MEASURES) as OwnMeasureName[]).map(name => [name, scoresIn(lines, OWN_MEASURES[name])]),
  );
  const scores = wanted.map(settings => found.get(ownMeasure(settings))?.shift());
  if ([...found.values()].some(({ length }) => length > 0)) return undefined;
  return scores.includes(undefined) ? undefined : scores.filter(score => score !== undefined);
}

function scoresIn(lines: readonly string[], { line, metric }: OwnMeasure): number[] {
  return lines.flatMap(text => {
    const score = line.exec(text)?.[1];
    return score === undefined ? [] : [score === 'inf' ? METRICS[metric].perfect : Number(score)];
  });
}
