import type { PresetOutput } from './preset';

/** The part of the source that an output shows, in seconds of the source. */
export interface Excerpt {
  readonly startSeconds: number;
  /** Absent: to the end. */
  readonly endSeconds?: number | undefined;
}

/** All of it. */
export const WHOLE: Excerpt = { startSeconds: 0 };

/** What an output takes of the source. */
export function excerptOf(output: PresetOutput): Excerpt {
  return 'trim' in output && output.trim !== undefined ? output.trim : WHOLE;
}

export function isWhole({ startSeconds, endSeconds }: Excerpt): boolean {
  return startSeconds === 0 && endSeconds === undefined;
}

/** Seconds that an excerpt of a stream lasts. */
export function excerptSeconds({ startSeconds, endSeconds }: Excerpt, streamSeconds: number): number {
  return Math.max(0, Math.min(endSeconds ?? streamSeconds, streamSeconds) - startSeconds);
}

/**
 * Second of the source at which reading may begin for all of these excerpts. It ends by itself when all have theirs:
 * cut off at the input, a frame that is held beyond the end would not be known to be.
 * @param canSeek false for formats in which a seek loses frames: there all is read and cut off later
 */
export function readFromSeconds(excerpts: readonly Excerpt[], canSeek: boolean): number {
  return canSeek ? Math.min(...excerpts.map(({ startSeconds }) => startSeconds)) : 0;
}

/** Options before the input that begin there. */
export function seekOptions(fromSeconds: number): string[] {
  return fromSeconds > 0 ? ['-ss', seconds(fromSeconds)] : [];
}

/** Filters that cut an excerpt out of what is read from `fromSeconds` on. */
export function cutFilters(kind: 'video' | 'audio', excerpt: Excerpt, fromSeconds: number): string[] {
  if (isWhole(excerpt)) return [];
  const prefix = kind === 'audio' ? 'a' : '';
  const start = seconds(excerpt.startSeconds - fromSeconds);
  const end = excerpt.endSeconds === undefined ? '' : `:end=${seconds(excerpt.endSeconds - fromSeconds)}`;
  // By the wanted start, not by the first frame: picture and sound stay together. Cut off instead of rounded,
  // two frames could get the same time.
  return [`${prefix}trim=start=${start}${end}`, `${prefix}setpts=round(PTS-${start}/TB)`];
}

function seconds(value: number): string {
  return value.toFixed(6);
}
