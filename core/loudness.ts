import type { AudioSettings } from './preset';

/** What EBU R128 measures of a sound. */
export interface Loudness {
  readonly integratedLufs: number;
  readonly truePeakDbtp: number;
  readonly rangeLu: number;
  readonly thresholdLufs: number;
}

type LoudnessTarget = NonNullable<AudioSettings['loudness']>;

/** The filter that measures and prints what `parseLoudness` reads. */
export const MEASURING_FILTER = 'loudnorm=print_format=json';

/** Ranges that the filter takes for granted, in LU. */
const LEAST_RANGE_LU = 1;
const MOST_RANGE_LU = 20;

/**
 * Reads what the measuring filter printed.
 * @returns undefined for silence, which has no loudness that could be changed
 * @throws when it printed nothing of the kind
 */
export function parseLoudness(lines: readonly string[]): Loudness | undefined {
  const values = new Map(
    lines.flatMap(line => {
      const [, name, value] = /^\s*"(input_\w+)"\s*:\s*"(\S+)"/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, Number(value)] as const];
    }),
  );
  const [integratedLufs, truePeakDbtp, rangeLu, thresholdLufs] = [
    'input_i',
    'input_tp',
    'input_lra',
    'input_thresh',
  ].map(name => values.get(name));
  if (
    integratedLufs === undefined ||
    truePeakDbtp === undefined ||
    rangeLu === undefined ||
    thresholdLufs === undefined
  )
    throw new Error('ffmpeg printed no loudness');
  const measured = { integratedLufs, truePeakDbtp, rangeLu, thresholdLufs };
  return Object.values(measured).every(Number.isFinite) ? measured : undefined;
}

/** Brings a sound to its target: by one change of volume where the peaks allow it, else with a limiter. */
export function loudnessFilters(
  target: LoudnessTarget | undefined,
  measured: Loudness | undefined,
): string[] {
  if (target === undefined || measured === undefined) return [];
  const gainDb = target.targetLufs - measured.integratedLufs;
  if (measured.truePeakDbtp + gainDb <= target.truePeakDbtp) return [`volume=volume=${gainDb.toFixed(2)}dB`];
  const range = Math.min(MOST_RANGE_LU, Math.max(LEAST_RANGE_LU, measured.rangeLu));
  return [
    [
      `loudnorm=I=${target.targetLufs}:TP=${target.truePeakDbtp}:LRA=${range}`,
      `measured_I=${measured.integratedLufs}:measured_TP=${measured.truePeakDbtp}`,
      `measured_LRA=${measured.rangeLu}:measured_thresh=${measured.thresholdLufs}`,
      'linear=false',
    ].join(':'),
  ];
}
